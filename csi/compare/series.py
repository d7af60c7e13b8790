"""The levels of one construct and group over periods, with marks where they are not comparable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from csi.arrays import Array, readonly
from csi.compare.measured import Row, errors, freedom_of, no_margin
from csi.index.cells import Units
from csi.moments.replication import Replication
from csi.tabular import Brief, Summarised, Summary, Told, summarised, tabled
from csi.text import Language

SEGMENTS = (
    "year", "group", "index", "se", "lower", "upper", "n", "segment", "linked", "break", "note",
)  # fmt: skip
"""Columns of a series, in order."""

CHANGES = (
    "year", "compared_with", "group", "change", "se", "lower", "upper", "p_value", "linked", "note",
)  # fmt: skip
"""Columns of the changes of a series, in order."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Break(Brief):
    """A mark: from this period on, levels cannot be compared with those before.

    Attributes
    ----------
    period : str
    reason : str
    overlap : (1 + R) or None
        What the series as it was before would have shown in this period, and its replicates:
        where only items changed, the level before plus the change of the common items.
    """

    period: str
    reason: str
    overlap: Array | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Link(Brief):
    """A break that was linked on request.

    Attributes
    ----------
    period : str
    method : {"level", "ratio", "overlap"}
    constant, se : float
        Points added to the levels before (a factor for ``ratio``), with its standard error.
    reason : str
        Why there was a break.
    """

    period: str
    method: str
    constant: float
    se: float
    reason: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Series(Summarised):
    """The levels of one construct in one group over periods.

    Attributes
    ----------
    construct, group : str
    periods : tuple of str, T of them
    values : (T, 1 + R)
        The level and its replicates, in index points; NaN where there is none.
    n : (T) respondents
    notes : tuple of str, T
        Why there is no figure, or nothing.
    units : tuple of tuple of Units, T
        The sampled units behind each level.
    carried : tuple of tuple of Units, T
        Those behind the linking constants in it.
    breaks : tuple of Break
        Those that are not linked, in the order of periods.
    links : tuple of Link
    moved : tuple of bool, T
        Whether the level was moved by a link.
    extra : (T)
        Variance of linking constants that are not in the replicates.
    replication : Replication
    level : float
        Confidence level.
    """

    construct: str
    group: str
    periods: tuple[str, ...]
    values: Array
    n: Array
    notes: tuple[str, ...]
    units: tuple[tuple[Units, ...], ...]
    carried: tuple[tuple[Units, ...], ...]
    breaks: tuple[Break, ...]
    links: tuple[Link, ...]
    moved: tuple[bool, ...]
    extra: Array
    replication: Replication
    level: float

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for name in ("values", "n", "extra"):
            object.__setattr__(self, name, readonly(getattr(self, name)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The segment of each period, from 1: a new one begins at every break."""
        at = [self.periods.index(mark.period) for mark in self.breaks]
        return tuple(1 + sum(start <= t for start in at) for t in range(len(self.periods)))

    def segments(self) -> pd.DataFrame:
        """Return the levels for tables and charts; draw no line from one segment to the next.

        Returns
        -------
        DataFrame
            ``year, group, index, se, lower, upper, n, segment, linked, break, note``. ``linked``
            marks levels that a link has moved, ``break`` says why a segment begins.
        """
        reasons = {mark.period: mark.reason for mark in self.breaks}
        rows = []
        for t, (period, number) in enumerate(zip(self.periods, self.numbers, strict=True)):
            row: Row = {"year": period, "group": self.group, "index": float(self.values[t, 0])}
            units = (*self.units[t], *self.carried[t])
            row |= self._errors(self.values[t], units, float(self.extra[t]))
            note = no_margin(self.values[t], row)
            row |= {
                "n": int(self.n[t]),
                "segment": number,
                "linked": self.moved[t],
                "break": reasons.get(period, ""),
                "note": self.notes[t] or note,
            }
            rows.append(row)
        return pd.DataFrame(rows, columns=list(SEGMENTS))

    def changes(self) -> pd.DataFrame:
        """Return the change of each period from the one before; none across a break.

        Returns
        -------
        DataFrame
            ``year, compared_with, group, change, se, lower, upper, p_value, linked, note``.
            ``linked`` marks a change across a break that was linked by overlap; a link that
            assumes no change gives none.
        """
        rows = []
        for old, new in pairwise(range(len(self.periods))):
            row: Row = {
                "year": self.periods[new],
                "compared_with": self.periods[old],
                "group": self.group,
                "change": np.nan,
                "linked": any(link.period == self.periods[new] for link in self.links),
                "note": self._no_change(old, new),
            }
            if not row["note"]:
                values = self.values[new] - self.values[old]
                units = (*self.units[old], *self.units[new])
                if row["linked"] or any(link.method == "ratio" for link in self.links):
                    units += (*self.carried[old], *self.carried[new])  # they do not cancel
                extra = float(self.extra[old] - self.extra[new])
                row |= {"change": float(values[0])} | self._errors(values, units, extra)
                row["note"] = no_margin(values, row)
            rows.append(row)
        return pd.DataFrame(rows, columns=list(CHANGES))

    def _no_change(self, old: int, new: int) -> str:
        """Say why a change is not given, or nothing."""
        for mark in self.breaks:
            if mark.period == self.periods[new]:
                return f"no change: break ({mark.reason})"
        for t in (old, new):
            if not np.isfinite(self.values[t, 0]):
                return f"no change: {self.notes[t]}"
        for link in self.links:
            if link.period == self.periods[new] and link.method != "overlap":
                return f"no change: the link ({link.method}) assumes none"
        return ""

    def _errors(self, values: Array, units: Iterable[Units], extra: float) -> Row:
        """Return the errors of a figure of this series."""
        return errors(
            values,
            self.replication,
            level=self.level,
            freedom=freedom_of(units),
            extra_variance=extra,
        )

    def __repr__(self) -> str:
        """Say in one line what the series is of."""
        figures = int(np.isfinite(self.values[:, 0]).sum())
        return (
            f"Series of {self.construct}, {self.group}: {self.periods[0]} to {self.periods[-1]}, "
            f"{figures} of {len(self.periods)} figures, {len(self.breaks)} breaks, "
            f"{len(self.links)} linked"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Construct": self.construct,
            "Group": self.group,
            "Periods": len(self.periods),
            "Figures": f"{int(np.isfinite(self.values[:, 0]).sum())} / {len(self.periods)}",
            "Breaks": len(self.breaks),
            "Links": len(self.links),
            "Confidence level": self.level,
            "Replication": self.replication.words,
        }
        tables = (
            tabled("Levels, 0 to 100", self.segments(), language, digits=2),
            tabled("Changes", self.changes(), language, digits=2),
        )
        return summarised("Series", language, facts, tables)
