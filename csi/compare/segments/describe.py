"""Who is in the hidden groups: group columns, item means, index levels and paths of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csi.arrays import Array, IntArray
from csi.compare.segments.keyed import with_segments
from csi.compare.segments.rao_scott import rao_scott, shares_of
from csi.compare.segments.values import Segmentation
from csi.compare.segments.verdicts import description_verdicts
from csi.estimate.multiple import adjusted
from csi.index.options import IndexOptions
from csi.index.values import YearlyIndex
from csi.index.yearly import yearly
from csi.moments.groups import Cell, cells_of
from csi.moments.means import survey_means
from csi.moments.ratios import ratio_figures
from csi.moments.units import SampleUnits, sample_units
from csi.survey.survey import Survey
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language
from csi.verdict import Verdict

MOST_VALUES = 50
"""A key with more values than this names respondents rather than groups."""

LEAST_EXPECTED = 5.0
"""A cell of the table with fewer respondents expected in it is thin [cochran1954some]."""

KEY = "segment"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Described(Summarised):
    """What is known of the hidden groups.

    Attributes
    ----------
    segments : int
    keys : DataFrame
        ``key, value, segment, n`` respondents of the value in the segment, ``share`` (percent of
        the value's respondents who are in the segment, weighted) with ``se, lower, upper`` and
        ``share_in_segment`` (percent of the segment who have the value).
    association : DataFrame
        One row a key, the strongest first: ``key, values, n, cramers_v, design_effect, f, df1, df2,
        p_value, p_adjusted, note``.
    items : DataFrame
        ``segment, item, mean, se, lower, upper, n, note``, in points.
    index : DataFrame
        ``segment, construct, index, se, moe, lower, upper, n, note``, 0 to 100.
    paths : DataFrame
        ``segment, from, to, estimate, se, lower, upper``: each segment's own fit.
    yearly : YearlyIndex
        All figures by segment.
    verdicts : tuple of Verdict
    """

    segments: int
    keys: pd.DataFrame
    association: pd.DataFrame
    items: pd.DataFrame
    index: pd.DataFrame
    paths: pd.DataFrame
    yearly: YearlyIndex
    verdicts: tuple[Verdict, ...]

    def __repr__(self) -> str:
        """Say in one line what is described."""
        keys = ", ".join(self.association["key"]) or "no keys"
        return f"Described {self.segments} segments by {keys}"

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Segments": self.segments,
            "Keys": ", ".join(self.association["key"]) or None,
        }
        tables = (
            tabled("Association with the keys", self.association, language),
            tabled("Index, 0 to 100", self.index, language, digits=2),
            tabled("Paths of the segments", self.paths, language),
            tabled("Who is in the segments", self.keys, language, digits=1),
        )
        return summarised("Segments described", language, facts, tables, verdicts=self.verdicts)


def describe_segments(
    segmentation: Segmentation,
    survey: Survey,
    *,
    segments: int | None = None,
    options: IndexOptions | None = None,
) -> Described:
    """Describe hidden groups by the keys of the codebook, item means, index levels and paths.

    Parameters
    ----------
    segmentation : Segmentation
    survey : Survey
        The survey that was segmented.
    segments : int, optional
        Number of segments; that of the rule where None.
    options : IndexOptions, optional
        Of the index levels and paths by segment.

    Returns
    -------
    Described

    Raises
    ------
    OptionError
        Another survey, or a number of segments without a solution.

    Notes
    -----
    Respondents count for their likeliest segment. The keys had no part in finding the segments, so
    that a test of independence is fair: Pearson's statistic with the correction of Rao and Scott
    for weights, strata and clusters [rao1984chi], p values adjusted over the keys [holm1979simple].

    Item means, index levels and paths are of the answers that the segments were found in. Their
    intervals take the segments as given and are too narrow; differences between segments in what
    they were sorted by are no evidence.

    Examples
    --------
    >>> from csi.compare.segments.fimix import fimix
    >>> from csi.compare.segments.options import FimixOptions
    >>> from csi.model import models
    >>> from csi.simulation import simulate
    >>> from csi.survey.read import read_survey
    >>> ecsi = models.load("ecsi")
    >>> told = simulate(ecsi, years=[2025], groups=["A", "B"], n=150, seed=1)
    >>> survey = read_survey(told.answers, told.codebook)
    >>> found = fimix(survey, ecsi, FimixOptions(most=2, starts=4))
    >>> who = describe_segments(found, survey, segments=2, options=IndexOptions(draws=100))
    >>> sorted(who.association["key"])
    ['group', 'year']
    """
    options = options or IndexOptions()
    marked = with_segments(survey, segmentation, segments=segments, name=_name(survey))
    name = marked.codebook.groups[-1].name
    rows = np.sort(segmentation.scored.sample.numbers)
    here = np.zeros(len(survey), dtype=bool)
    here[rows] = True
    segment = marked.keys[name][rows].astype(np.int64) - 1
    many = len(segmentation.solution(segments).share)
    units = sample_units(survey, rows)
    keys = tuple(survey.keys) if many > 1 else ()
    tables, tests = [], []
    for key in keys:
        cells = cells_of(survey, (key,), here)
        place = _places(cells, rows)
        tests.append(_association(key, place, segment, survey, rows, units))
        if len(cells) <= MOST_VALUES:
            names = [cell.label[0] for cell in cells]
            tables.append(
                _shares(key, names, place, segment, many, survey, rows, units, options.level)
            )
    association = _sorted(tests)
    found = yearly(marked, segmentation.model, by="", group=name, options=options)
    means = survey_means(marked, segmentation.model.items, by=name, level=options.level)
    columns = ["mean", "se", "lower", "upper", "n", "note"]
    return Described(
        segments=many,
        keys=pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=SHARES),
        association=association,
        items=means.rename(columns={name: KEY})[[KEY, "item", *columns]],
        index=_of(found.figures, ["construct", "index", "se", "moe", *columns[2:]]),
        paths=_of(found.paths, ["from", "to", "estimate", "se", "lower", "upper"]),
        yearly=found,
        verdicts=description_verdicts(association, survey.codebook) if many > 1 else (),
    )


SHARES = ["key", "value", "segment", "n", "share", "se", "lower", "upper", "share_in_segment"]
"""Columns of the table of keys."""

TESTS = [
    "key", "values", "n", "cramers_v", "design_effect", "f", "df1", "df2", "p_value",
    "p_adjusted", "note",
]  # fmt: skip
"""Columns of the table of associations."""


def _name(survey: Survey) -> str:
    """Return a name for the segments that the survey does not have."""
    taken = {*survey.keys, *survey.items, *(item.column for item in survey.codebook.items)}
    name = KEY
    while name in taken:
        name = f"hidden_{name}"
    return name


def _places(cells: list[Cell], rows: IntArray) -> IntArray:
    """Return the number of each respondent's value of a key, -1 where there is none."""
    place = np.full(int(rows.max()) + 1, -1, dtype=np.int64)
    for number, cell in enumerate(cells):
        place[cell.rows] = number
    return place[rows]


def _association(
    key: str, place: IntArray, segment: IntArray, survey: Survey, rows: IntArray, units: SampleUnits
) -> dict[str, object]:
    """Return the test of one key."""
    told = place >= 0
    values = int(place.max(initial=-1)) + 1
    row: dict[str, object] = {"key": key, "values": values, "n": int(told.sum()), "note": ""}
    present = np.unique(segment[told], return_inverse=True)
    if values < 2 or len(present[0]) < 2:
        return row | {"note": "a single value"}
    if values > MOST_VALUES:
        return row | {"note": f"more than {MOST_VALUES} values"}
    weights = survey.design.weights[rows]
    column = present[1].reshape(-1)
    found = rao_scott(
        place[told], column, weights[told], units.of[told], units.strata, units.fractions
    )
    counts = len(column) * shares_of(place[told], column, np.ones(len(column)))
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    thin = int(np.sum(expected < LEAST_EXPECTED))
    figures = {name: getattr(found, name) for name in ("cramers_v", "design_effect", "f")}
    figures |= {name: getattr(found, name) for name in ("df1", "df2", "p_value")}
    note = f"{thin} of {expected.size} cells with fewer than 5 expected" if thin else ""
    return row | figures | {"note": note}


def _sorted(tests: list[dict[str, object]]) -> pd.DataFrame:
    """Return the tests with adjusted p values, the strongest association first."""
    frame = pd.DataFrame(tests, columns=TESTS)
    numbers = [name for name in TESTS if name not in ("key", "values", "n", "note")]
    frame[numbers] = frame[numbers].astype(float)
    frame["p_adjusted"] = adjusted(frame["p_value"].to_numpy(dtype=np.float64), "holm")
    return frame.sort_values("cramers_v", ascending=False, kind="stable", ignore_index=True)


def _shares(
    key: str, names: list[str], place: IntArray, segment: IntArray, many: int,
    survey: Survey, rows: IntArray, units: SampleUnits, level: float,
) -> pd.DataFrame:  # fmt: skip
    """Return how the respondents of each value are spread over the segments."""
    weights = survey.design.weights[rows]
    member = 100.0 * np.asarray(segment[:, None] == np.arange(many), dtype=np.float64)
    totals: Array = weights @ (member * (place >= 0)[:, None])
    parts = []
    for number, value in enumerate(names):
        own = place == number
        domain = SampleUnits(
            units.of[own], units.strata, units.sizes, units.fractions, units.lonely
        )
        found = ratio_figures(
            member[own], np.ones((int(own.sum()), many)), weights[own], domain, level
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = 100.0 * (weights[own] @ member[own]) / totals
        parts.append(
            pd.DataFrame(
                {
                    "key": key,
                    "value": value,
                    "segment": np.arange(1, many + 1),
                    "n": [int(np.sum(segment[own] == k)) for k in range(many)],
                    "share": found.value,
                    "se": found.se,
                    "lower": found.lower,
                    "upper": found.upper,
                    "share_in_segment": inside,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)[SHARES]


def _of(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return figures by segment."""
    here = frame.rename(columns={"group": KEY})
    return here[[KEY, *columns]].reset_index(drop=True)
