"""Weighted shares of classes of respondents, by year and group, with design-based errors.

Letters: n respondents, k classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray, IntArray
from csi.index.figures import too_few
from csi.moments.kernel_share_limits import share_limits
from csi.moments.means import notes_of
from csi.moments.ratios import RatioFigures, ratio_figures
from csi.moments.sampled_cells import SampledCell, sampled_cells
from csi.survey.survey import Survey

MOST_CELLS = 4_000_000
"""Respondents times classes that are held in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """Who is tabulated apart from whom, and with which limits.

    Attributes
    ----------
    time, group : str
        Keys of the codebook; empty for none.
    level : float
        Confidence level of the intervals.
    domain : bool
        Whether groups are domains of one sample, see `csi.moments.means.survey_means`.
    min_n : int
        Shares of fewer answers are not given.
    """

    time: str = ""
    group: str = ""
    level: float = 0.95
    domain: bool = True
    min_n: int = 0


@dataclass(frozen=True, slots=True)
class Classed:
    """Respondents sorted into classes by one question or score.

    Attributes
    ----------
    name : str
        Item or construct.
    of : (n) class of each respondent from 0, -1 where there is none
    count : int
        Number of classes.
    put : (n) whether the question was put to the respondent
    """

    name: str
    of: IntArray
    count: int
    put: BoolArray


def cells_of_division(survey: Survey, division: Division) -> Iterator[tuple[str, str, SampledCell]]:
    """Yield year, group and respondents of each cell; ``all`` where a key is not used."""
    keys = tuple(key for key in (division.time, division.group) if key)
    for cell in sampled_cells(survey, keys, domain=division.domain):
        label = dict(zip(keys, cell.label, strict=True))
        yield label.get(division.time, "all"), label.get(division.group, "all"), cell


def share_table(survey: Survey, classed: Sequence[Classed], division: Division) -> pd.DataFrame:
    """Return the share of each class of each question in each year and group.

    Parameters
    ----------
    survey : Survey
    classed : sequence of Classed
    division : Division

    Returns
    -------
    DataFrame
        One row a year, group, question and class: ``year, group, name, place`` (number of the
        class), ``share, se, lower, upper, count, n, n_effective, asked, missing, not_asked,
        missing_share, note``.

    Notes
    -----
    The share is the ratio of two weighted sums with a Taylor-linearised error
    [sarndal1992model] and limits that stay within 0 and 1 [korn1998confidence]. Where nobody or
    everybody is in a class the error is zero, and the limits are those of as many respondents as
    Kish's effective number.
    """
    parts = []
    for year, group, cell in cells_of_division(survey, division):
        for batch in _batches(classed, len(cell.rows)):
            part = _cell(survey, batch, cell, division)
            part.insert(0, "year", year)
            part.insert(1, "group", group)
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _batches(classed: Sequence[Classed], n: int) -> Iterator[list[Classed]]:
    """Yield questions together as long as their classes fit into memory."""
    batch: list[Classed] = []
    for one in classed:
        if batch and n * (one.count + sum(other.count for other in batch)) > MOST_CELLS:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def _cell(
    survey: Survey, classed: list[Classed], cell: SampledCell, division: Division
) -> pd.DataFrame:
    """Return the rows of one year and group."""
    rows, counts = cell.rows, [one.count for one in classed]
    weights = survey.design.weights[rows]
    of = np.stack([one.of[rows] for one in classed], axis=1)
    put = np.stack([one.put[rows] for one in classed], axis=1) | (of >= 0)
    whose = np.repeat(np.arange(len(classed)), counts)
    place = np.concatenate([np.arange(count) for count in counts])
    hits = of[:, whose] == place
    there = of[:, whose] >= 0
    y = np.where(there, hits, np.nan)
    found = ratio_figures(y, np.where(there, 1.0, np.nan), weights, cell.units, division.level)
    lower, upper = _limits(found, cell, division.level)
    asked, answered = put.sum(axis=0), (of >= 0).sum(axis=0)
    table = pd.DataFrame(
        {
            "name": [classed[number].name for number in whose],
            "place": place,
            "share": found.value,
            "se": found.se,
            "lower": lower,
            "upper": upper,
            "count": hits.sum(axis=0).astype(float),
            "n": found.n,
            "n_effective": found.n_effective,
            "asked": asked[whose],
            "missing": (asked - answered)[whose],
            "not_asked": (len(rows) - asked)[whose],
            "missing_share": _missing_share(of, put, weights)[whose],
            "note": _notes(found, cell, asked[whose], division.min_n),
        }
    )
    small = ((table["n"] > 0) & (table["n"] < division.min_n)).to_numpy()
    table.loc[small, ["share", "se", "lower", "upper", "count", "missing_share"]] = np.nan
    return table


def _limits(found: RatioFigures, cell: SampledCell, level: float) -> tuple[Array, Array]:
    """Return limits of shares; a population that was taken whole has no error."""
    fractions = cell.units.fractions
    if fractions is not None and bool((fractions >= 1).all()):
        return found.value, found.value
    return share_limits(
        found.value, found.se, found.n, found.freedom, level, unspread=found.n_effective
    )


def _missing_share(of: IntArray, put: BoolArray, weights: Array) -> Array:
    """Return the weighted share without an answer among those who were asked."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weights @ (put & (of < 0))) / (weights @ put))


def _notes(found: RatioFigures, cell: SampledCell, asked: IntArray, min_n: int) -> list[str]:
    notes = []
    for note, n, put in zip(
        notes_of(found, cell.units.lonely), found.n.tolist(), asked.tolist(), strict=True
    ):
        if put == 0:
            notes.append("not asked")
        else:
            notes.append((too_few(n, min_n) if n else "") or note)
    return notes
