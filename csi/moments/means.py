"""Tables of survey means, ratios and shares with linearised errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.errors import Fault, MomentsError, OptionError
from csi.moments.groups import require_names, ungrouped
from csi.moments.ratios import RatioFigures, ratio_figures
from csi.moments.sampled_cells import sampled_cells
from csi.survey.cells import nearest
from csi.survey.survey import Survey

Scale = Literal["points", "100"]
"""Points of the answer scale, or 0 to 100 between its ends."""

Names = str | Sequence[str]


def survey_means(
    survey: Survey,
    items: Names,
    *,
    by: Names = (),
    level: float = 0.95,
    scale: Scale = "points",
    domain: bool = True,
) -> pd.DataFrame:
    """Return weighted item means with their errors under the design.

    Parameters
    ----------
    survey : Survey
    items : str or sequence of str
    by : str or sequence of str
        Keys of the codebook that sort the respondents; none for all together.
    level : float
        Confidence level of margins and intervals.
    scale : {"points", "100"}
        Points of the answer scale, or 0 to 100 between its ends.
    domain : bool
        True: groups are domains of the sample, as in ``svyby`` of R's survey package. Sampled
        units and strata without a respondent of the group count, with nothing to add: how many
        respondents a group has is chance, too. False: each group is a sample of its own, as in
        `csi.index.yearly.yearly`, right where companies were sampled one by one. Periods are
        samples of their own in either case when they are among the keys.

    Returns
    -------
    DataFrame
        One row a group and item: the keys, ``item, mean, se, margin, lower, upper, n, missing,
        sum_weights, n_effective, freedom, design_effect, ungrouped, note``. ``n`` respondents gave
        an answer, ``missing`` gave none; ``n_effective`` is Kish's, ``(sum w)**2 / sum w**2``;
        ``freedom`` the sampled units with an answer less their strata; ``design_effect`` the
        variance over that of a simple random sample with replacement of n answers; ``ungrouped``
        counts respondents of the survey without a value of a key, who are in no row.

    Raises
    ------
    MomentsError
        For items or keys that the survey does not have.
    OptionError
        For an impossible level or scale.

    Notes
    -----
    Taylor linearisation [sarndal1992model], with finite-population correction where the codebook
    names population sizes. Strata with a single unit are merged, as in `replicate_moments`, and
    the note says so. Supplied replicate weights are not used. Respondents of weight zero stand
    for nobody and are passed over.

    Examples
    --------
    >>> from csi.model import models
    >>> from csi.simulation import simulate
    >>> from csi.survey.read import read_survey
    >>> ecsi = models.load("ecsi")
    >>> told = simulate(ecsi, years=[2025], n=250, seed=1)
    >>> survey = read_survey(told.answers, told.codebook)
    >>> found = survey_means(survey, survey.items[:2])
    >>> found[["item", "mean", "margin", "n"]].round(2)
        item  mean  margin    n
    0  IMAG1  7.52    0.23  250
    1  IMAG2  7.48    0.23  250
    """
    names = (items,) if isinstance(items, str) else tuple(items)
    keys = _checked(survey, names, by, level, scale)
    y = _on_scale(survey, names, scale)
    x = np.where(np.isnan(y), np.nan, 1.0)
    return _table(survey, "mean", {"item": names}, y, x, keys, level, domain)


def survey_ratios(
    survey: Survey,
    numerator: Names,
    denominator: Names,
    *,
    by: Names = (),
    level: float = 0.95,
    scale: Scale = "points",
    domain: bool = True,
) -> pd.DataFrame:
    """Return ratios of weighted sums of two items with their errors under the design.

    Parameters
    ----------
    survey : Survey
    numerator, denominator : str or sequence of str
        Items, pair by pair. Respondents who answered both are counted.
    by, level, scale, domain
        As in `survey_means`.

    Returns
    -------
    DataFrame
        As from `survey_means`, with ``numerator, denominator, ratio`` for ``item, mean``.

    Raises
    ------
    MomentsError, OptionError
        As in `survey_means`; also for lists of different lengths.
    """
    above = (numerator,) if isinstance(numerator, str) else tuple(numerator)
    below = (denominator,) if isinstance(denominator, str) else tuple(denominator)
    if len(above) != len(below):
        raise OptionError(
            Fault(
                "option denominator",
                f"names {len(below)} items for {len(above)} numerators",
                "name one for each",
            )
        )
    keys = _checked(survey, above + below, by, level, scale)
    y, x = _on_scale(survey, above, scale), _on_scale(survey, below, scale)
    names = {"numerator": above, "denominator": below}
    return _table(survey, "ratio", names, y, x, keys, level, domain)


def survey_shares(
    survey: Survey,
    items: Names,
    *,
    least: float | None = None,
    most: float | None = None,
    by: Names = (),
    level: float = 0.95,
    domain: bool = True,
) -> pd.DataFrame:
    """Return shares of answers between two points of the scale, in percent, with their errors.

    Parameters
    ----------
    survey : Survey
    items : str or sequence of str
    least, most : float, optional
        Answers of `least` points and more, of `most` and less, or both: ``least=9`` is the
        top-two box of a 1-10 scale. One of them at least.
    by, level, domain
        As in `survey_means`.

    Returns
    -------
    DataFrame
        As from `survey_means`, with ``share`` for ``mean``.

    Raises
    ------
    MomentsError, OptionError
        As in `survey_means`; also where neither end is given, or no answer can lie between them.
    """
    names = (items,) if isinstance(items, str) else tuple(items)
    if least is None and most is None:
        raise OptionError(Fault("options least and most", "neither is given", "give one of them"))
    keys = _checked(survey, names, by, level, "points")
    answers = survey.columns(names)
    low, high = -np.inf if least is None else least, np.inf if most is None else most
    if faults := _range_faults(survey, names, low, high):
        raise OptionError(faults)
    y = np.where(np.isnan(answers), np.nan, 100.0 * ((answers >= low) & (answers <= high)))
    x = np.where(np.isnan(y), np.nan, 1.0)
    return _table(survey, "share", {"item": names}, y, x, keys, level, domain)


def _range_faults(survey: Survey, items: tuple[str, ...], low: float, high: float) -> list[Fault]:
    """Return the items on whose scale no answer can be in the range."""
    if not low <= high:
        what = f"no answer is {low:g} or more and {high:g} or less"
        return [Fault("options least and most", what, "correct them")]
    scales = {item.name: (item.low, item.high) for item in survey.codebook.items}
    return [
        Fault(
            f"options least and most, item {name}",
            f"its scale from {scales[name][0]:g} to {scales[name][1]:g} lies outside",
            "correct them",
        )
        for name in items
        if low > scales[name][1] or high < scales[name][0]
    ]


def _checked(
    survey: Survey, items: tuple[str, ...], by: Names, level: float, scale: str
) -> tuple[str, ...]:
    """Return the keys as a tuple once everything that was asked for is possible."""
    keys = (by,) if isinstance(by, str) else tuple(by)
    faults = []
    if not 0.5 <= level < 1:
        faults.append(Fault("option level", f"{level!r} is not a level", "try 0.95"))
    if scale not in get_args(Scale):
        faults.append(
            Fault("option scale", f"{scale!r} is not possible", nearest(scale, get_args(Scale)))
        )
    if faults:
        raise OptionError(faults)
    if not items:
        raise MomentsError(Fault("items", "none is named", nearest("", survey.items)))
    require_names(survey, items, keys)
    return keys


def _on_scale(survey: Survey, items: tuple[str, ...], scale: Scale) -> Array:
    """Return the answers (n, k) in points or from 0 to 100."""
    answers = survey.columns(items)
    if scale == "points":
        return answers
    ends = {item.name: (item.low, item.high) for item in survey.codebook.items}
    low, high = np.array([ends[name] for name in items]).T
    return np.asarray(100.0 * (answers - low) / (high - low))


def _table(
    survey: Survey,
    figure: str,
    names: dict[str, tuple[str, ...]],
    y: Array,
    x: Array,
    keys: tuple[str, ...],
    level: float,
    domain: bool,
) -> pd.DataFrame:
    """Return the rows of all groups."""
    weights = survey.design.weights
    away = int(np.sum(ungrouped(survey, keys) & (weights > 0)))
    parts = []
    for cell in sampled_cells(survey, keys, domain=domain):
        rows, units = cell.rows, cell.units
        found = ratio_figures(y[rows], x[rows], weights[rows], units, level)
        label = dict(zip(keys, cell.label, strict=True))
        parts.append(_rows(label, names, figure, found, len(rows), units.lonely, away))
    return pd.concat(parts, ignore_index=True)


def _rows(
    label: dict[str, str],
    names: dict[str, tuple[str, ...]],
    figure: str,
    found: RatioFigures,
    respondents: int,
    lonely: int,
    away: int,
) -> pd.DataFrame:
    """Return the rows of one group."""
    notes = notes_of(found, lonely)
    return pd.DataFrame(
        {
            **{key: [value] * len(notes) for key, value in label.items()},
            **{name: list(values) for name, values in names.items()},
            figure: found.value,
            "se": found.se,
            "margin": found.margin,
            "lower": found.lower,
            "upper": found.upper,
            "n": found.n,
            "missing": respondents - found.n,
            "sum_weights": found.sum_weights,
            "n_effective": found.n_effective,
            "freedom": found.freedom,
            "design_effect": found.design_effect,
            "ungrouped": away,
            "note": notes,
        }
    )


def notes_of(found: RatioFigures, lonely: int) -> list[str]:
    """Return what is to be known of each figure of a group.

    Parameters
    ----------
    found : RatioFigures
    lonely : int
        Strata of a single sampled unit that were merged.
    """
    merged = f"{lonely} strata of a single sampled unit merged" if lonely else ""
    if lonely == 1:
        merged = "a stratum of a single sampled unit merged with another"
    notes = []
    for value, n, freedom in zip(
        found.value.tolist(), found.n.tolist(), found.freedom.tolist(), strict=True
    ):
        why = "" if freedom > 0 else "no margin of error: one sampled unit"
        if np.isnan(value):
            why = "no ratio: the denominator is zero" if n else "no answers"
        notes.append("; ".join(part for part in (why, merged) if part))
    return notes
