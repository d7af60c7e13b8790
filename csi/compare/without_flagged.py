"""The index with all respondents and without those flagged, and the error of the difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csi.arrays import Array, BoolArray
from csi.compare.measured import errors_at, level_of, no_margin
from csi.compare.overlapping import ALL, BOTH, KEPT, listed, stacked
from csi.errors import Fault, OptionError
from csi.index.joint import Joint
from csi.index.options import IndexOptions
from csi.index.yearly import yearly
from csi.model.model import Model
from csi.survey.cells import nearest
from csi.survey.frozen import Portable, frozen_map
from csi.survey.quality import AnswerQuality
from csi.survey.survey import Survey
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language, Text

NOBODY = "nobody is flagged"
"""Note of a group that is the same with and without."""

FIGURES = (
    "year", "group", "construct", "index", "index_without", "difference", "se", "lower", "upper",
    "p_value", "n", "n_flagged", "share_flagged", "note",
)  # fmt: skip
"""Columns of the comparison of levels, in order."""

PATHS = (
    "year", "group", "from", "to", "slope", "slope_without", "difference", "se", "lower", "upper",
    "p_value", "note",
)  # fmt: skip
"""Columns of the comparison of paths, in order."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class WithoutFlagged(Summarised, Portable):
    """Figures with all respondents and without those flagged.

    Attributes
    ----------
    figures : DataFrame
        One row a year, group and construct: ``year, group, construct, index, index_without,
        difference, se, lower, upper, p_value, n, n_flagged, share_flagged, note``. The difference
        is that of the level without from the level with them, in index points; `share_flagged`
        is weighted.
    paths : DataFrame
        One row a year, group and path: ``year, group, from, to, slope, slope_without, difference,
        se, lower, upper, p_value, note``. A slope is the points by which the target moves with
        one point of the source.
    model : Model
    flagged, n : int
        Respondents flagged, and all.
    level : float
        Confidence level.
    labels : mapping of str to Text
        Labels of the groups.
    """

    figures: pd.DataFrame
    paths: pd.DataFrame
    model: Model
    flagged: int
    n: int
    level: float
    labels: Mapping[str, Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lock the mapping."""
        object.__setattr__(self, "labels", frozen_map(self.labels))

    def __repr__(self) -> str:
        """Say in one line how far the index moves."""
        own = self.figures[self.figures["construct"] == self.model.index]
        moves = own["difference"].abs()
        far = f"by up to {moves.max():.2f} points" if moves.notna().any() else "nowhere known"
        return (
            f"WithoutFlagged: {self.model.index} of {len(own)} groups moves {far} without "
            f"{self.flagged} of {self.n} respondents"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Model": self.model.name,
            "Respondents": self.n,
            "Flagged": self.flagged,
            "Confidence level": self.level,
        }
        own = self.figures[self.figures["construct"] == self.model.index]
        tables = (
            tabled("Index, 0 to 100", own.drop(columns="construct"), language, digits=2),
            tabled("Paths", self.paths, language),
        )
        return summarised("Without flagged respondents", language, facts, tables)


def without_flagged(
    survey: Survey,
    model: Model,
    flagged: AnswerQuality | NDArray[np.bool_],
    *,
    by: str | None = None,
    group: str | None = None,
    options: IndexOptions | None = None,
) -> WithoutFlagged:
    """Return index and paths with all respondents and without some, and how they differ.

    Parameters
    ----------
    survey : Survey
    model : Model
    flagged : AnswerQuality or (n,) of bool
        The respondents to do without.
    by, group, options
        As for `yearly`; ``weights="pooled"`` is refused.

    Returns
    -------
    WithoutFlagged

    Raises
    ------
    OptionError
        For flags of another length, or pooled weights.
    IndexFigureError
        As for `yearly`.

    Notes
    -----
    The two samples overlap, so that their difference is far more certain than either level. Both
    are fitted to the same replicates, as two groups of respondents that share sampled units: in
    each replicate a sampled unit counts alike in both, and the error is that of the difference
    replicate by replicate. Respondents left out are a domain of the sample: their number is chance.

    Flags are taken as given: the error is that of a rule that would flag the same respondents in
    every sample, and does not have what medians and covariances behind the flags add to it.
    """
    options = options or IndexOptions()
    out = np.asarray(flagged.flagged if isinstance(flagged, AnswerQuality) else flagged)
    _check(survey, out, group, options)
    if options.design == "simple":
        survey = survey.as_simple()
    both = stacked(survey, out, group)
    own = replace(options, design="codebook", rebase=False)
    found = yearly(both, model, by=by, group=BOTH, options=own)
    joint = found.joint
    if joint is None:
        raise AssertionError("yearly figures come with their joint levels")
    pairs = _pairs(joint)
    return WithoutFlagged(
        figures=pd.DataFrame(_figures(joint, pairs), columns=list(FIGURES)),
        paths=pd.DataFrame(_paths(joint, pairs), columns=list(PATHS)),
        model=model,
        flagged=int(out.sum()),
        n=len(survey),
        level=options.level,
        labels=listed(survey, group),
    )


def _check(survey: Survey, out: BoolArray, group: str | None, options: IndexOptions) -> None:
    """Raise for flags that do not fit the survey, and weights that mix the two samples."""
    faults = []
    if group and group not in survey.keys:
        fix = nearest(group, survey.keys)
        faults.append(Fault(f"group {group!r}", "is not a key of the codebook", fix))
    if out.shape != (len(survey),) or out.dtype != np.bool_:
        what = f"they are {out.dtype} of shape {out.shape}, the survey has {len(survey)}"
        fix = "give one true or false a respondent, of the same survey"
        faults.append(Fault("flagged", what, fix))
    if options.weights == "pooled":
        what, fix = "would be of both samples together", "use own, equal or frozen:YEAR"
        faults.append(Fault("option weights pooled", what, fix))
    if faults:
        raise OptionError(faults)


_Pair = tuple[str, str, int, int | None]


def _pairs(joint: Joint) -> list[_Pair]:
    """Return period, group and the numbers of its two samples; the second None where empty."""
    return [
        (period, name.removesuffix(ALL), at, joint.at(period, name.removesuffix(ALL) + KEPT))
        for at, (period, name) in enumerate(joint.labels)
        if name.endswith(ALL)
    ]


def _figures(joint: Joint, pairs: list[_Pair]) -> list[dict[str, Any]]:
    """Compare the levels of every construct."""
    rows = []
    for period, name, at, kept in pairs:
        for j, construct in enumerate(joint.constructs):
            n = joint.base[at, j]
            left = 0.0 if kept is None else joint.base[kept, j]
            weight, rest = joint.total_weight[at, j], 0.0
            if kept is not None:
                rest = joint.total_weight[kept, j]
            share = 1.0 - rest / weight if weight > 0 else np.nan
            row: dict[str, Any] = {"year": period, "group": name, "construct": construct}
            row |= {"n": int(n), "n_flagged": int(n - left), "share_flagged": share}
            small = min(int(n), int(left)) < joint.min_n
            if kept is None or small:
                words = f"suppressed: n = {int(left)} without flagged is below {joint.min_n}"
                rows.append(row | {"note": words})
                continue
            levels = level_of(joint, at, j), level_of(joint, kept, j)
            row |= {"index": levels[0][0], "index_without": levels[1][0]}
            rows.append(row | _difference(joint, levels, (at, kept)))
    return rows


def _paths(joint: Joint, pairs: list[_Pair]) -> list[dict[str, Any]]:
    """Compare the slopes of every path."""
    rows = []
    for period, name, at, kept in pairs:
        for e, (source, target) in enumerate(joint.paths):
            row: dict[str, Any] = {"year": period, "group": name, "from": source, "to": target}
            j = joint.column(target)
            if kept is None or min(joint.base[at, j], joint.base[kept, j]) < joint.min_n:
                rows.append(row | {"note": f"suppressed: n is below {joint.min_n}"})
                continue
            slopes = _slope(joint, at, e), _slope(joint, kept, e)
            row |= {"slope": slopes[0][0], "slope_without": slopes[1][0]}
            rows.append(row | _difference(joint, slopes, (at, kept)))
    return rows


def _slope(joint: Joint, at: int, e: int) -> Array:
    """Return a slope and its replicates, (1 + R)."""
    drawn = joint.slope_draws[at]
    count = joint.draws.shape[-1]
    own = np.full(count, np.nan) if drawn is None else drawn[e]
    return np.concatenate([joint.slopes[at, e][None], own])


def _difference(
    joint: Joint, values: tuple[Array, Array], numbers: tuple[int, int]
) -> dict[str, Any]:
    """Return the difference of two figures (1 + R) with its errors."""
    if (joint.base[numbers[0]] == joint.base[numbers[1]]).all():
        none: dict[str, Any] = dict.fromkeys(("difference", "se", "lower", "upper"), 0.0)
        return none | {"p_value": np.nan, "note": NOBODY}
    away = values[1] - values[0]
    if not np.isfinite(away[0]):
        return {"note": "no figure with or without"}
    found = errors_at(joint, away, numbers)
    return {"difference": away[0], **found, "note": no_margin(away, found)}
