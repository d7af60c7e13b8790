"""How the answers to each item are distributed over its scale, with design-based errors."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.errors import Fault, MomentsError, OptionError
from csi.index.share_table import Classed, Division, share_table
from csi.moments.groups import require_names
from csi.moments.means import Names
from csi.survey.cells import nearest
from csi.survey.survey import Survey

MOST_POINTS = 101
"""Largest number of points of a scale that is tabulated point by point."""

CUTS = (0.4, 0.7)
"""Low answers lie below the first, high answers above the second of these parts of the way from
the low to the high end of a scale: 1-4, 5-7, 8-10 of ten points; 1-2, 3, 4-5 of five."""

PARTS = ("low", "middle", "high")
"""Parts of a scale, from its low end."""

_FIGURES = (
    "share", "se", "lower", "upper", "count", "n", "n_effective", "asked", "missing", "not_asked",
    "missing_share", "note",
)  # fmt: skip
ANSWERS = ("year", "group", "item", "answer", *_FIGURES)
"""Columns of the table of answers, in order."""
ANSWER_PARTS = ("year", "group", "item", "part", "least", "most", *_FIGURES)
"""Columns of the table of parts of the scale, in order."""


def answer_shares(
    survey: Survey,
    items: Names | None = None,
    *,
    by: Names = (),
    level: float = 0.95,
    domain: bool = True,
    min_n: int = 0,
) -> pd.DataFrame:
    """Return the weighted share of each point of the answer scale with its error.

    Parameters
    ----------
    survey : Survey
    items : str or sequence of str, optional
        All items of the codebook where not given.
    by : str or sequence of str
        The time of the codebook, one other key, or both; none for all together.
    level : float
        Confidence level of the intervals.
    domain : bool
        Whether groups are domains of one sample or samples of their own, see
        `csi.moments.means.survey_means`.
    min_n : int
        Shares of fewer answers are not given, and the note says so.

    Returns
    -------
    DataFrame
        One row a year, group, item and point: ``year, group, item, answer, share, se, lower,
        upper, count, n, n_effective, asked, missing, not_asked, missing_share, note``; ``all``
        where there is no year or group. Shares are from 0 to 1 and add up to one; points that
        nobody chose are there with zero. Answers to reversed items are turned round, as in the
        survey. ``count`` respondents chose the point and ``n`` any point; of ``asked`` to whom the
        question was put ``missing`` did not answer, ``missing_share`` of them by weight;
        to ``not_asked`` it was not put or did not apply.

    Raises
    ------
    MomentsError
        For items or keys that the survey does not have.
    OptionError
        For an impossible level or `by`, and for items with more than 101 points.

    Notes
    -----
    Ratios of weighted sums with Taylor-linearised errors that take strata, clusters, weights and
    population sizes into account [sarndal1992model], as in `survey_shares`. The limits are
    binomial ones for the effective sample size and lie within 0 and 1 [korn1998confidence].
    Respondents of weight zero stand for nobody and are passed over.

    Examples
    --------
    >>> from csi.model import models
    >>> from csi.simulation import simulate
    >>> from csi.survey.read import read_survey
    >>> told = simulate(models.load("ecsi"), years=[2025], n=250, seed=1)
    >>> survey = read_survey(told.answers, told.codebook)
    >>> found = answer_shares(survey, "IMAG1")
    >>> found[["answer", "share", "lower", "upper", "count"]].tail(3).round(3)
       answer  share  lower  upper  count
    7     8.0  0.172  0.127  0.225   43.0
    8     9.0  0.232  0.181  0.289   58.0
    9    10.0  0.136  0.096  0.185   34.0
    """
    names, division = checked(survey, items, by, level, domain, min_n)
    return answers_of(survey, names, division)


def answer_parts(
    survey: Survey,
    items: Names | None = None,
    *,
    by: Names = (),
    cuts: tuple[float, float] = CUTS,
    level: float = 0.95,
    domain: bool = True,
    min_n: int = 0,
) -> pd.DataFrame:
    """Return the weighted shares of low, middle and high answers with their errors.

    Parameters
    ----------
    survey : Survey
    items, by, level, domain, min_n
        As in `answer_shares`.
    cuts : tuple of float
        An answer is low where it lies below the first of these parts of the way from the low to
        the high end of the scale, high where it lies above the second, else middle. The
        standard ones make 1-4, 5-7, 8-10 of ten points (0-3, 4-7, 8-10 of eleven), 1-3, 4-5, 6-7
        of seven and 1-2, 3, 4-5 of five.

    Returns
    -------
    DataFrame
        One row a year, group, item and part: as from `answer_shares`, with ``part, least, most``
        (low, middle or high, and the points that it holds) for ``answer``.

    Raises
    ------
    MomentsError, OptionError
        As in `answer_shares`; also for cuts that are not ``0 < first <= second < 1``.
    """
    names, division = checked(survey, items, by, level, domain, min_n)
    if not (len(cuts) == 2 and 0 < cuts[0] <= cuts[1] < 1):
        fix = f"give two parts of the way, such as {CUTS}"
        raise OptionError(Fault("option cuts", f"{cuts!r} is not possible", fix))
    return parts_of(survey, names, division, cuts)


def answers_of(survey: Survey, items: tuple[str, ...], division: Division) -> pd.DataFrame:
    """Return the table of `answer_shares` of checked items."""
    points = {item: points_of(survey, item) for item in items}
    table = share_table(survey, [_by_point(survey, item, points[item]) for item in items], division)
    places = zip(table["name"], table["place"], strict=True)
    table["answer"] = [float(points[name][place]) for name, place in places]
    return table.rename(columns={"name": "item"})[list(ANSWERS)]


def parts_of(
    survey: Survey,
    items: tuple[str, ...],
    division: Division,
    cuts: tuple[float, float] = CUTS,
) -> pd.DataFrame:
    """Return the table of `answer_parts` of checked items."""
    known = {item.name: item for item in survey.codebook.items}
    sorted_points = {}
    classed = []
    for item in items:
        points = points_of(survey, item)
        way = (points - known[item].low) / (known[item].high - known[item].low)
        part = (way >= cuts[0] - 1e-9).astype(np.int64) + (way > cuts[1] + 1e-9)
        sorted_points[item] = [points[part == number] for number in range(len(PARTS))]
        one = _by_point(survey, item, points)
        of = np.where(one.of >= 0, part[one.of], -1)
        classed.append(Classed(item, of, len(PARTS), one.put))
    table = share_table(survey, classed, division).rename(columns={"name": "item"})
    held = [
        sorted_points[name][place]
        for name, place in zip(table["item"], table["place"], strict=True)
    ]
    table["part"] = [PARTS[place] for place in table["place"]]
    table["least"] = [float(points[0]) if len(points) else np.nan for points in held]
    table["most"] = [float(points[-1]) if len(points) else np.nan for points in held]
    there = table["least"].notna()
    return table.loc[there, list(ANSWER_PARTS)].reset_index(drop=True)


def points_of(survey: Survey, item: str) -> Array:
    """Return the points of an item's scale in order: the whole numbers, and answers between them.

    Raises
    ------
    OptionError
        Where there are more than 101.
    """
    known = survey.codebook.item(item)
    given = survey.columns((item,))[:, 0]
    given = np.unique(given[np.isfinite(given)])
    whole = np.arange(np.ceil(known.low), np.floor(known.high) + 1)[: MOST_POINTS + 1]
    points = np.unique(np.concatenate([whole, given, [known.low, known.high]]))
    if len(points) > MOST_POINTS:
        what = f"its scale has more than {MOST_POINTS} points"
        fix = "leave it out, or group its answers in the file"
        raise OptionError(Fault(f"item {item}", what, fix))
    return np.asarray(points)


def checked(
    survey: Survey, items: Names | None, by: Names, level: float, domain: bool, min_n: int
) -> tuple[tuple[str, ...], Division]:
    """Return items and division once everything that was asked for is possible."""
    names = survey.items if items is None else (items,) if isinstance(items, str) else tuple(items)
    keys = (by,) if isinstance(by, str) else tuple(by)
    if not names:
        raise MomentsError(Fault("items", "none is named", nearest("", survey.items)))
    require_names(survey, names, keys)
    time = survey.codebook.time.name if survey.codebook.time else ""
    groups = [key for key in keys if key != time]
    faults = []
    if len(groups) > 1 or len(set(keys)) < len(keys):
        what = f"{', '.join(keys)} cannot be used together"
        faults.append(Fault("option by", what, "name the time, one other key, or both"))
    if not 0.5 <= level < 1:
        faults.append(Fault("option level", f"{level!r} is not a level", "try 0.95"))
    if min_n < 0:
        faults.append(Fault("option min_n", f"{min_n!r} is not possible", "use 0 or more"))
    if faults:
        raise OptionError(faults)
    return tuple(dict.fromkeys(names)), Division(
        time=time if time in keys else "",
        group=groups[0] if groups else "",
        level=level,
        domain=domain,
        min_n=min_n,
    )


def _by_point(survey: Survey, item: str, points: Array) -> Classed:
    """Return the respondents by the point that they chose."""
    given = survey.columns((item,))[:, 0]
    of = np.where(np.isfinite(given), np.searchsorted(points, given), -1)
    at = survey.items.index(survey.codebook.item(item).name)
    return Classed(item, of.astype(np.int64), len(points), survey.put[:, at])
