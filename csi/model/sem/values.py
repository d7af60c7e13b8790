"""A structural equation model as a list of parameters: what covariance estimators fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operator = Literal["=~", "~", "~~", "~1", "|"]
"""Loading, regression, (co)variance, intercept or mean, threshold."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One coefficient of a model in one group.

    Attributes
    ----------
    lhs, op, rhs : str
        As in lavaan-style text: ``construct =~ item``, ``target ~ source``, ``a ~~ b``,
        ``item ~1`` (empty `rhs`), ``item | t1``.
    group : int
        Number of the group, 0 where there is one.
    fixed : float or None
        The value of a fixed parameter; None for a free one.
    label : str
        Free parameters with the same label are equal.
    start : float or None
        Where the iteration begins; found from the data where None.
    lower, upper : float or None
        Bounds of a free parameter.
    share : float or None
        A fixed variance as a share of the item's sample variance: one less the reliability of a
        single item. `fixed` is 0 then.
    """

    lhs: str
    op: Operator
    rhs: str
    group: int = 0
    fixed: float | None = None
    label: str = ""
    start: float | None = None
    lower: float | None = None
    upper: float | None = None
    share: float | None = None

    @property
    def name(self) -> str:
        """The parameter in words, such as ``Quality =~ PERQ1``."""
        return f"{self.lhs} {self.op} {self.rhs}".strip()


@dataclass(frozen=True, slots=True)
class Defined:
    """A function of labelled parameters, ``name := expression``."""

    name: str
    expression: str


@dataclass(frozen=True, slots=True)
class Equality:
    """A linear equation between labelled parameters, ``left == right``, as texts."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class SemModel:
    """A structural equation model ready to be fitted.

    Attributes
    ----------
    name : str
    constructs : tuple of str
        Latent variables, first- and second-order.
    items : tuple of str
        Observed variables, in the order of the moments.
    parameters : tuple of Parameter
        All that is free or fixed at a value other than 0, group by group in the same order.
    groups : tuple of str
        Labels of the groups; one empty label where there is one group.
    defined : tuple of Defined
    equalities : tuple of Equality
    means : bool
        Whether intercepts and means are part of the model.
    ordinal : tuple of str
        Items whose answers are ordered categories.
    index : str
        The construct that an index is made of; empty where none is named.
    """

    name: str
    constructs: tuple[str, ...]
    items: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    groups: tuple[str, ...] = ("",)
    defined: tuple[Defined, ...] = ()
    equalities: tuple[Equality, ...] = ()
    means: bool = False
    ordinal: tuple[str, ...] = ()
    index: str = ""

    @property
    def observed(self) -> tuple[str, ...]:
        """Observed variables that count as constructs of one item.

        Those that send or receive paths, measure or are measured beside them, or covary with a
        construct.
        """
        items = set(self.items)
        ends = {end for p in self.parameters if p.op == "~" for end in (p.lhs, p.rhs)}
        ends |= {p.rhs for p in self.parameters if p.op == "=~" and p.lhs in items}
        found = ends & items
        pairs = [(p.lhs, p.rhs) for p in self.parameters if p.op == "~~" and p.lhs != p.rhs]
        latent, grown = set(self.constructs), True
        while grown:  # an item whose error covaries with one of them has to be one too
            joined = {
                b
                for pair in pairs
                for a, b in (pair, pair[::-1])
                if b in items and (a in found or a in latent)
            }
            grown = not joined <= found
            found |= joined
        return tuple(item for item in self.items if item in found)
