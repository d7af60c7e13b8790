"""One row of a table of weights: a member, the node above it and what it counts."""

from __future__ import annotations

from dataclasses import dataclass

NONE = float("nan")


@dataclass(frozen=True, slots=True)
class Member:
    """A company, or a node such as an industry, under the node above it.

    Attributes
    ----------
    name : str
        A group of the survey, or a node.
    parent : str
        The node above; empty for the top.
    weight : float
        Sales, share, expenditure: any positive number, comparable among members of one parent.
        NaN for the top and for the rest.
    rest : bool
        The weight is one less the shares of the other members of the parent.
    year : str
        The period the weight is of; empty where it holds for all.
    index, se : float
        A figure from elsewhere, 0 to 100, for a member the survey does not measure, and its
        standard error; NaN where there is none.
    weight_se : float
        Standard error of the weight; NaN where it is taken as exact.
    kind : str
        What it is, in the words of the table: company, industry, sector.
    place : str
        Where the row stands, such as ``line 7``.

    Examples
    --------
    >>> Member("Alpha", "Mobile phones", 0.4).given
    False
    """

    name: str
    parent: str = ""
    weight: float = NONE
    rest: bool = False
    year: str = ""
    index: float = NONE
    se: float = NONE
    weight_se: float = NONE
    kind: str = ""
    place: str = ""

    @property
    def given(self) -> bool:
        """Whether the row brings a figure from elsewhere."""
        return self.index == self.index

    @property
    def where(self) -> str:
        """The row in words, for messages."""
        named = f"{self.name} {self.year}".strip()
        return ", ".join(part for part in (self.place, named) if part)
