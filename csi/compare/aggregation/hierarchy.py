"""Who belongs to whom, and with which weight: company, industry, sector, nation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from csi.arrays import Array, readonly
from csi.compare.aggregation.checks import parents_of, rows_of, structure_faults
from csi.compare.aggregation.members import Member
from csi.errors import IndexFigureError
from csi.survey.cells import natural_key
from csi.survey.frozen import frozen_map
from csi.tabular import Summarised, Summary, Told, listed, summarised
from csi.text import Language


@dataclass(frozen=True, slots=True)
class Siblings:
    """The members of one node in one period.

    Attributes
    ----------
    rows : tuple of Member
    weights : (k) as given; the rest worked out
    year : str
        The period the weights are of; empty where they hold for all.
    """

    rows: tuple[Member, ...]
    weights: Array
    year: str

    @property
    def shares(self) -> Array:
        """(k) weights that add up to one."""
        return np.asarray(self.weights / self.weights.sum())


@dataclass(frozen=True, slots=True, repr=False)
class Hierarchy(Summarised):
    """A checked table of weights.

    Parameters
    ----------
    members : tuple of Member
        One row a member, in any order; several tops are possible.
    source : str
        Name of the file.
    partial : bool
        Groups of the survey may be absent from the table; they are counted and told.
    carry : bool
        A period without weights of its own takes the latest earlier ones, which is told.
    notes : tuple of str
        What the reader of the file must know.

    Attributes
    ----------
    order : tuple of str
        All names, each node followed by its members.
    parents : mapping of str to str
    below : mapping of str to tuple of str
        Names of the members of each node.
    levels : mapping of str to int
        0 for a company, one more than its highest member for a node.

    Raises
    ------
    IndexFigureError
        With all faults of the table: cycles, two parents, parents without a row, members that
        stand twice, impossible weights.

    Examples
    --------
    >>> table = Hierarchy((Member("Cars"), Member("A", "Cars", 3), Member("B", "Cars", 1)))
    >>> table
    Hierarchy of table: 2 companies, 1 node, top Cars
    >>> table.siblings("Cars", "2024").shares.tolist()
    [0.75, 0.25]
    """

    members: tuple[Member, ...]
    source: str = "table"
    partial: bool = False
    carry: bool = False
    notes: tuple[str, ...] = ()
    order: tuple[str, ...] = field(init=False, compare=False)
    parents: Mapping[str, str] = field(init=False, compare=False)
    below: Mapping[str, tuple[str, ...]] = field(init=False, compare=False)
    levels: Mapping[str, int] = field(init=False, compare=False)
    _rows: Mapping[str, tuple[Member, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Check the table and sort it."""
        object.__setattr__(self, "members", tuple(self.members))
        if faults := structure_faults(self.members):
            raise IndexFigureError(faults)
        rows = rows_of(self.members)
        below = {parent: tuple(dict.fromkeys(row.name for row in under))
                 for parent, under in rows.items()}  # fmt: skip
        order: list[str] = []
        levels: dict[str, int] = {}
        for top in below.get("", ()):
            _sort(top, below, order, levels)
        for name, value in (
            ("order", tuple(order)),
            ("parents", frozen_map(parents_of(self.members))),
            ("below", frozen_map(below)),
            ("levels", frozen_map(levels)),
            ("_rows", frozen_map({parent: tuple(under) for parent, under in rows.items()})),
        ):
            object.__setattr__(self, name, value)

    @property
    def tops(self) -> tuple[str, ...]:
        """Names without a node above."""
        return self.below.get("", ())

    @property
    def leaves(self) -> tuple[str, ...]:
        """Names without members: companies."""
        return tuple(name for name in self.order if not self.levels[name])

    def siblings(self, node: str, period: str) -> Siblings | None:
        """Return the members of a node in a period; None where the table has none for it.

        Parameters
        ----------
        node : str
            Empty for the tops, which need no weights.
        period : str
        """
        under = self._rows.get(node, ())
        year = self._year([row.year for row in under], period)
        if year is None:
            return None
        rows = tuple(row for row in under if row.year in {"", year})
        weights = np.array([row.weight for row in rows])
        for place, row in enumerate(rows):
            if row.rest:
                weights[place] = 1.0 - np.delete(weights, place).sum()
        return Siblings(rows, readonly(weights), year)

    def _year(self, years: Sequence[str], period: str) -> str | None:
        """Return the year of the rows to use: the period itself, none, or an earlier one."""
        if period in years:
            return period
        if "" in years:
            return ""
        at = natural_key(period)
        earlier = sorted((year for year in set(years) if natural_key(year) < at), key=natural_key)
        return earlier[-1] if self.carry and earlier else None

    def active(self, period: str) -> tuple[str, ...]:
        """Return the names that the table has in a period, each node followed by its members."""
        found: list[str] = []
        self._visit("", period, found)
        return tuple(found)

    def _visit(self, node: str, period: str, found: list[str]) -> None:
        siblings = self.siblings(node, period)
        for row in siblings.rows if siblings else ():
            found.append(row.name)
            self._visit(row.name, period, found)

    def __repr__(self) -> str:
        """Say in one line what the table holds."""
        companies, nodes = len(self.leaves), len(self.order) - len(self.leaves)
        tops = ", ".join(self.tops[:3]) + (", ..." if len(self.tops) > 3 else "")
        word = "company" if companies == 1 else "companies"
        return (
            f"Hierarchy of {self.source}: {companies} {word}, "
            f"{nodes} node{'s' * (nodes != 1)}, top{'s' * (len(self.tops) > 1)} {tops}"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Source": self.source,
            "Companies": len(self.leaves),
            "Nodes": len(self.order) - len(self.leaves),
            "Tops": ", ".join(self.tops),
        }
        rows = [(m.year, m.parent, m.name, m.weight, m.rest) for m in self.members]
        columns = ["year", "parent", "name", "weight", "rest"]
        members = listed("Members", columns, rows, language)
        return summarised("Hierarchy", language, facts, [members], notes=self.notes)


def _sort(
    node: str, below: Mapping[str, tuple[str, ...]], order: list[str], levels: dict[str, int]
) -> None:
    """Put a node and its members in order, with their levels."""
    order.append(node)
    for name in below.get(node, ()):
        _sort(name, below, order, levels)
    levels[node] = 1 + max((levels[name] for name in below.get(node, ())), default=-1)
