"""Figures of nodes from figures of their members, one period at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from csi.arrays import Array
from csi.compare.aggregation.combine import Combination, Sources, added
from csi.compare.aggregation.hierarchy import Hierarchy, Siblings
from csi.compare.aggregation.kernel import weight_gradient
from csi.compare.aggregation.members import Member

Pick = Callable[[Member], int | None]
"""The number of the source behind a company in a period, None where it has no figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One name of the table in one period.

    Attributes
    ----------
    combination : Combination or None
        None where there is no figure.
    sources : mapping of str to int
        The companies behind the figure, and the source of each.
    share : float
        Share in the node above, as in the table; NaN for a top.
    members : tuple of str
        Direct members.
    shares : (k) shares of the direct members as used, 0 for a member without a figure
    missing : tuple of str
        Direct members without a figure.
    missing_share : float
        Their share.
    year : str
        The period of the weights of the members; empty where they hold for all.
    """

    combination: Combination | None
    sources: Mapping[str, int]
    share: float
    members: tuple[str, ...] = ()
    shares: Array = field(default_factory=lambda: np.zeros(0))
    missing: tuple[str, ...] = ()
    missing_share: float = 0.0
    year: str = ""


def roll_up(
    table: Hierarchy,
    period: str,
    sources: Sources,
    pick: Pick,
    *,
    renormalise: bool,
    top: str = "",
) -> dict[str, Figure]:
    """Return the figures of all names that the table has in a period, in its order.

    Parameters
    ----------
    table : Hierarchy
    period : str
    sources : Sources
    pick : function of a company's row that returns the number of its source, or None
    renormalise : bool
        Whether a node with members without a figure is the mean of the others; it has no
        figure otherwise.
    top : str
        Only this name and those below it; all where it is empty.
    """
    walk = _Walk(table, period, sources, pick, renormalise)
    tops = table.siblings(table.parents[top] if top else "", period)
    for row in tops.rows if tops else ():
        if top in {"", row.name}:
            walk.visit(row, float("nan"))
    return {name: walk.found[name] for name in table.order if name in walk.found}


class _Walk:
    """One walk through the table, from the tops to the companies and back."""

    def __init__(
        self, table: Hierarchy, period: str, sources: Sources, pick: Pick, renormalise: bool
    ) -> None:
        self.table, self.period, self.sources = table, period, sources
        self.pick, self.renormalise = pick, renormalise
        self.numbers = {id(row): number for number, row in enumerate(table.members)}
        self.found: dict[str, Figure] = {}

    def visit(self, row: Member, share: float) -> Figure:
        """Work out a name and everything below it."""
        siblings = self.table.siblings(row.name, self.period)
        if not self.table.levels[row.name]:
            figure = self._company(row, share)
        elif siblings is None:
            figure = Figure(None, {}, share)
        else:
            figure = self._node(siblings, share)
        self.found[row.name] = figure
        return figure

    def _company(self, row: Member, share: float) -> Figure:
        source = self.pick(row)
        if source is None:
            return Figure(None, {}, share)
        return Figure(Combination({source: 1.0}), {row.name: source}, share)

    def _node(self, siblings: Siblings, share: float) -> Figure:
        figures = [
            self.visit(row, part)
            for row, part in zip(siblings.rows, siblings.shares.tolist(), strict=True)
        ]
        names = tuple(row.name for row in siblings.rows)
        here = np.array([figure.combination is not None for figure in figures])
        kept = bool(here.any() and (self.renormalise or here.all()))
        used = np.where(here, siblings.weights, 0.0)
        below: dict[str, int] = {}
        for figure in figures if kept else ():
            below |= figure.sources
        return Figure(
            self._mean(siblings, [figure.combination for figure in figures]) if kept else None,
            below,
            share,
            members=names,
            shares=used / used.sum() if kept else np.zeros(len(names)),
            missing=tuple(name for name, has in zip(names, here, strict=True) if not has),
            missing_share=float(siblings.shares[~here].sum()),
            year=siblings.year,
        )

    def _mean(self, siblings: Siblings, parts: list[Combination | None]) -> Combination:
        """Return the mean of the members with a figure, with its derivatives by the weights."""
        there = [(place, part) for place, part in enumerate(parts) if part is not None]
        places = [place for place, _ in there]
        weights = siblings.weights[places]
        slopes = np.zeros(len(siblings.rows))
        slopes[places] = weight_gradient(
            np.array([self.sources.estimate(part) for _, part in there]), weights
        )
        shares = (weights / weights.sum()).tolist()
        parts_by_share = [(own, part) for own, (_, part) in zip(shares, there, strict=True)]
        return added([*parts_by_share, (1.0, Combination({}, self._by_row(siblings, slopes)))])

    def _by_row(self, siblings: Siblings, slopes: Array) -> dict[int, float]:
        """Return derivatives by weights, by row of the table; the rest moves against the others."""
        rest = [float(slopes[place]) for place, row in enumerate(siblings.rows) if row.rest]
        against = rest[0] if rest else 0.0
        return {
            self.numbers[id(row)]: slope - against
            for slope, row in zip(slopes.tolist(), siblings.rows, strict=True)
            if row.weight_se > 0
        }
