"""What weighting did, in two tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.survey.frozen import Portable
from csi.survey.kernel_raking import kish_effect, margin_shares
from csi.survey.weighting_parts import Part
from csi.tabular import Shown, Summary, Table, Told, summarised, tabled
from csi.text import Language

Trim = tuple[float, float]
_AT = 1e-12  # a weight this near to a bound, relatively, was moved to it

PART_COLUMNS = (
    "part",
    "respondents",
    "total",
    "steps",
    "error_before",
    "error_after",
    "deff_before",
    "deff_after",
    "n_effective",
    "smallest",
    "largest",
    "trimmed",
)
MARGIN_COLUMNS = ("part", "margin", "value", "respondents", "before", "target", "after")
PartRow = tuple[object, ...]
MarginRow = tuple[object, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Raking(Shown, Portable):
    """What weighting did.

    Attributes
    ----------
    parts : DataFrame
        One row a part: respondents, sum of the weights, rounds, largest difference of a share
        from its target before and after, design effect of the weights (Kish) before and after,
        effective n, smallest and largest weight as ratio to the mean (positive weights only),
        number of weights at a bound.
    margins : DataFrame
        One row a value of a margin: respondents, weighted share before, target, share after.
    trim : (low, high) or None
        The bounds, as ratios to the mean.
    """

    parts: pd.DataFrame
    margins: pd.DataFrame
    trim: Trim | None = None

    def summary(self, *, digits: int = 3) -> Table:
        """Return the table of parts for printing."""
        return Table.of("Weighting to margins", self.parts, digits=digits)

    def __repr__(self) -> str:
        """Say in one line what weighting did."""
        worst = float(self.parts["deff_after"].max()) if len(self.parts) else float("nan")
        return (
            f"Raking of {len(self.parts)} parts to {self.margins['margin'].nunique()} margins: "
            f"design effect of the weights up to {worst:.2f}"
        )

    def _summary(self, language: Language) -> Summary:
        bounds = None if self.trim is None else f"{self.trim[0]:g} - {self.trim[1]:g}"
        facts: Told = {"Parts": len(self.parts), "Bounds of the weights": bounds}
        tables = (
            tabled("Parts", self.parts, language),
            tabled("Margins", self.margins, language),
        )
        return summarised("Weighting to margins", language, facts, tables)


def raking_of(rows: Sequence[PartRow], margins: Sequence[MarginRow], trim: Trim | None) -> Raking:
    """Return the diagnostics made of their rows."""
    parts = pd.DataFrame(rows, columns=list(PART_COLUMNS))
    return Raking(parts, pd.DataFrame(margins, columns=list(MARGIN_COLUMNS)), trim)


def part_row(
    part: Part, before: Array, after: Array, total: float, steps: int, trim: Trim | None
) -> PartRow:
    """Return one row of the table of parts, from the weights before and after."""
    there = after > 0
    ratios = after[there] * (int(there.sum()) / total)
    trimmed = 0
    if trim is not None:
        low, high = trim
        at = (ratios <= low * (1 + _AT)) | (ratios >= high * (1 - _AT))
        trimmed = int(at.sum())
    shares = [one.shares for one in part.margins]
    gaps = [
        max(
            float(np.abs(margin_shares(w[None], codes, len(s))[0] - s).max())
            for codes, s in zip(part.codes, shares, strict=True)
        )
        for w in (before, after)
    ]
    effect = kish_effect(after)
    n = len(after)
    span = (float(ratios.min()), float(ratios.max()))
    effects = (kish_effect(before), effect, n / effect)
    return (part.label, n, float(after.sum()), steps, *gaps, *effects, *span, trimmed)


def margin_rows(part: Part, before: Array, after: Array) -> list[MarginRow]:
    """Return the rows of the table of margins of one part."""
    rows: list[MarginRow] = []
    for margin, codes in zip(part.margins, part.codes, strict=True):
        k = len(margin.values)
        counts = np.bincount(codes, minlength=k).tolist()
        old, new = (margin_shares(w[None], codes, k)[0].tolist() for w in (before, after))
        whole = zip(margin.values, counts, old, margin.shares.tolist(), new, strict=True)
        rows += [(part.label, margin.name, *one) for one in whole]
    return rows
