"""How the scores of respondents are distributed, with design-based errors."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.errors import Fault, IndexFigureError
from csi.index.figures import too_few
from csi.index.scores import score_matrix
from csi.index.share_table import Classed, Division, cells_of_division, share_table
from csi.index.values import YearlyIndex
from csi.moments.ratios import ratio_figures
from csi.moments.sampled_cells import SampledCell
from csi.survey.survey import Survey

EDGES = tuple(float(edge) for edge in range(0, 101, 10))
"""Edges of the bins: each holds its lower edge, and the last one 100 as well."""

QUARTILES = (0.25, 0.5, 0.75)

SCORE_SHARES = (
    "year", "group", "construct", "least", "below", "share", "se", "lower", "upper", "count", "n",
    "n_effective", "without_score", "note",
)  # fmt: skip
"""Columns of the table of bins, in order."""
SCORE_SUMMARY = (
    "year", "group", "construct", "mean", "se", "moe", "lower", "upper", "sd", "q1", "median",
    "q3", "n", "n_effective", "without_score", "without_share", "note",
)  # fmt: skip
"""Columns of the table of means and quartiles, in order."""


def score_shares(survey: Survey, yearly: YearlyIndex) -> pd.DataFrame:
    """Return the share of respondents in each band of ten points, by construct.

    Parameters
    ----------
    survey : Survey
        The survey the figures were made from.
    yearly : YearlyIndex

    Returns
    -------
    DataFrame
        One row a year, group, construct and band: ``year, group, construct, least, below, share,
        se, lower, upper, count, n, n_effective, without_score, note``. A score from `least` up to
        but without `below` lies in the band; a score of 100 lies in the last. Shares are from 0 to
        1. ``n`` respondents have a score (see `csi.index.scores.scores`); ``without_score`` have
        none, because of an unanswered item or because their group has no weights.
        Below the smallest base of the figures nothing is given.

    Raises
    ------
    IndexFigureError
        Where the survey is not that of the figures.

    Notes
    -----
    Weighted shares with Taylor-linearised errors [sarndal1992model] and limits within 0 and 1
    [korn1998confidence]. Each year and group is a sample of its own, as in the figures;
    item weights count as known.
    """
    survey = measured_survey(survey, yearly)
    found = score_matrix(survey, yearly)
    everybody = np.ones(len(survey), dtype=bool)
    classed = [
        Classed(name, _band(column), len(EDGES) - 1, everybody)
        for name, column in zip(yearly.model.names, found.T, strict=True)
    ]
    table = share_table(survey, classed, division_of(yearly))
    table["least"] = [EDGES[place] for place in table["place"]]
    table["below"] = [EDGES[place + 1] for place in table["place"]]
    table["note"] = [
        _why(int(without), yearly.metric.min_n) if note == "no answers" else note
        for note, without in zip(table["note"], table["missing"], strict=True)
    ]
    names = {"name": "construct", "missing": "without_score"}
    return table.rename(columns=names)[list(SCORE_SHARES)]


def score_summary(survey: Survey, yearly: YearlyIndex) -> pd.DataFrame:
    """Return mean, spread and quartiles of the scores of respondents, by construct.

    Parameters
    ----------
    survey, yearly
        As in `score_shares`.

    Returns
    -------
    DataFrame
        One row a year, group and construct: ``year, group, construct, mean, se, moe, lower, upper,
        sd, q1, median, q3, n, n_effective, without_score, without_share, note``, on the 0-100
        scale. A quartile is the lowest score that has at least so much weight at or below
        it. The mean differs from the index where answers are missing: the index takes every
        answer, a score needs all items of the construct.

    Raises
    ------
    IndexFigureError
        Where the survey is not that of the figures.
    """
    survey = measured_survey(survey, yearly)
    values, names = score_matrix(survey, yearly), yearly.model.names
    division = division_of(yearly)
    parts = []
    for year, group, cell in cells_of_division(survey, division):
        part = _summary(values[cell.rows], survey.design.weights[cell.rows], cell, division)
        part.insert(0, "year", year)
        part.insert(1, "group", group)
        part.insert(2, "construct", names)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)[list(SCORE_SUMMARY)]


def weighted_quantile(values: Array, weights: Array, share: float) -> float:
    """Return the lowest value with at least `share` of the weight at or below it.

    Parameters
    ----------
    values, weights : (n) with weights above zero
    share : float

    Examples
    --------
    >>> weighted_quantile(np.array([30.0, 10.0, 20.0]), np.array([1.0, 2.0, 1.0]), 0.5)
    10.0
    """
    if not len(values):
        return float("nan")
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
    return float(values[order][place])


def division_of(yearly: YearlyIndex) -> Division:
    """Return who is tabulated apart from whom: as in the figures."""
    metric = yearly.metric
    return Division(
        time=metric.time, group=metric.group, level=metric.level, domain=False, min_n=metric.min_n
    )


def measured_survey(survey: Survey, yearly: YearlyIndex) -> Survey:
    """Return the survey with the design that the figures went by."""
    metric = yearly.metric
    gone = [
        Fault(f"key {key}", "the survey has no such key", "give the survey of the figures")
        for key in (metric.time, metric.group)
        if key and key not in survey.keys
    ]
    gone += [
        Fault(f"item {item}", "the survey has no such item", "give the survey of the figures")
        for item in survey.lacking(yearly.model.items)
    ]
    if gone:
        raise IndexFigureError(gone)
    return survey.as_simple() if metric.design == "simple" else survey


def _band(score: Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the band of each score, -1 where there is none; noise of arithmetic is rounded off."""
    whole = np.round(np.where(np.isfinite(score), score, 0.0), 9)
    band = np.clip(np.searchsorted(EDGES, whole, side="right") - 1, 0, len(EDGES) - 2)
    return np.where(np.isfinite(score), band, -1).astype(np.int64)


def _summary(values: Array, weights: Array, cell: SampledCell, division: Division) -> pd.DataFrame:
    """Return one row a construct from the scores (n, k) of one year and group."""
    there = np.isfinite(values)
    total = weights.sum() if len(weights) else np.nan
    found = ratio_figures(values, np.where(there, 1.0, np.nan), weights, cell.units, division.level)
    rows = []
    for column, known in zip(values.T, there.T, strict=True):
        v, w = column[known], weights[known]
        mean = float(w @ v / w.sum()) if len(v) else np.nan
        spread = float(np.sqrt(w @ (v - mean) ** 2 / w.sum())) if len(v) else np.nan
        rows.append([spread, *(weighted_quantile(v, w, share) for share in QUARTILES)])
    sd, q1, median, q3 = np.array(rows).T
    table = pd.DataFrame(
        {
            "mean": found.value, "se": found.se, "moe": found.margin, "lower": found.lower,
            "upper": found.upper, "sd": sd, "q1": q1, "median": median, "q3": q3, "n": found.n,
            "n_effective": found.n_effective, "without_score": len(values) - found.n,
            "without_share": weights @ ~there / total,
        }
    )  # fmt: skip
    table["note"] = [
        too_few(n, division.min_n) if n else _why(len(values), division.min_n)
        for n in found.n.tolist()
    ]
    small = ((table["n"] > 0) & (table["n"] < division.min_n)).to_numpy()
    figures = ["mean", "se", "moe", "lower", "upper", "sd", "q1", "median", "q3", "without_share"]
    table.loc[small, figures] = np.nan
    return table


def _why(respondents: int, min_n: int) -> str:
    """Return why nobody has a score: the group is too small for figures, or an answer lacks."""
    return too_few(respondents, min_n) or "no scores"
