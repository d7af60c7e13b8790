"""Planning from present figures: the margin of each company, and what another sample would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from csi.arrays import Array
from csi.errors import Fault, IndexFigureError
from csi.index.values import YearlyIndex
from csi.planning.checks import faults_of, require
from csi.planning.kernel import rounded_up
from csi.survey.cells import nearest
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language

NUMBERS = ("index", "se", "moe", "n", "sd", "design_effect")
NEEDED = ("year", "group", "construct", *NUMBERS)
"""Columns that figures must have; ``change_se`` and ``note`` are used where they are there."""
USUAL = "Satisfaction"
"""Construct that is taken from figures that have several and do not say which is the index."""
LEVEL = 0.95
"""Level of a plan where neither caller nor figures say one."""
NO_MARGIN = "no margin of error"
COLUMNS = (
    "year", "group", "construct", "index", "n", "sd", "design_effect", "margin", "n_for_margin",
    "critical_change", "detectable_change", "n_for_change", "change_from", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class PresentPlan(Summarised):
    """What the design of present figures gives, and what another sample size would.

    Attributes
    ----------
    table : DataFrame
        One row a group: ``year, group, construct, index, n, sd, design_effect, margin`` (now),
        ``n_for_margin`` (for the wanted margin), ``critical_change`` (just significant),
        ``detectable_change`` (found with the power), ``n_for_change`` (for the wanted change),
        ``change_from`` (``measured``: the error of the change in the figures; ``assumed``: two
        independent surveys like this one) and ``note`` (why there is no plan).
    construct : str
    level, power : float
    margin, change : float or None
        What is wanted.
    """

    table: pd.DataFrame
    construct: str
    level: float
    power: float
    margin: float | None
    change: float | None

    @property
    def planned(self) -> int:
        """Number of groups that have a margin of error; the others have a note."""
        return int(self.table["margin"].notna().sum())

    def __repr__(self) -> str:
        """Say in one line what the plan is of."""
        return (
            f"PresentPlan of {self.construct}: {self.planned} of {len(self.table)} groups, "
            f"level {self.level:g}, power {self.power:g}"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Construct": self.construct,
            "Groups planned": f"{self.planned} / {len(self.table)}",
            "Confidence level": self.level,
            "Power": self.power,
            "Margin wanted": self.margin,
            "Change wanted": self.change,
        }
        columns = [str(name) for name in self.table if name != "construct"]
        table = tabled("Groups", self.table, language, columns, digits=2)
        return summarised("Plan from figures", language, facts, [table])


def plan_from(
    figures: YearlyIndex | pd.DataFrame,
    *,
    margin: float | None = None,
    change: float | None = None,
    construct: str | None = None,
    year: str | None = None,
    level: float | None = None,
    power: float = 0.8,
    figures_level: float | None = None,
) -> PresentPlan:
    """Plan from the figures of an earlier survey, group by group.

    Errors shrink with the square root of the number of respondents, so a sample for a wanted
    margin is ``n (margin now / wanted)²``; the design, its design effect and the spread of the
    answers stay as they are. The change between two surveys has the standard error of the change
    in the figures, which knows of shared respondents; where there is none, that of two independent
    surveys like this one.

    Parameters
    ----------
    figures : YearlyIndex or DataFrame
        The figures, or their table (`YearlyIndex.figures`).
    margin : float, optional
        Wanted margin of error, in points.
    change : float, optional
        True change to be found, in points.
    construct : str, optional
        The index of the model, or, of a table, the only construct or Satisfaction.
    year : str, optional
        The last one in the table if not given.
    level : float, optional
        Confidence level; that of the figures if not given, 0.95 if theirs is not known.
    power : float
    figures_level : float, optional
        Level of the margins in a table; a YearlyIndex knows its own. At the same level margins
        are those of the figures, by t of their design; else the normal quantile is taken.

    Returns
    -------
    PresentPlan

    Raises
    ------
    OptionError
        All impossible values at once.
    IndexFigureError
        Columns, a construct or a year that the figures do not have.
    """
    own = figures_level
    table = figures
    if isinstance(figures, YearlyIndex):
        own, table = figures.metric.level, figures.figures
        construct = construct or figures.model.index
    if level is None:
        level = LEVEL if own is None else own
    require(
        faults_of(margin=margin, change=change, level=level, power=power)
        + faults_of("figures_", level=own)
    )
    assert isinstance(table, pd.DataFrame)
    name, rows = _chosen(table, construct, year)
    se, moe = _column(rows, "se"), _column(rows, "moe")
    z = float(ndtri((1.0 + level) / 2.0))
    q = np.where(np.isfinite(moe / se), moe / se, z) if level == own else np.full(len(rows), z)
    measured = np.isfinite(_column(rows, "change_se"))
    change_se = np.where(measured, _column(rows, "change_se"), np.sqrt(2.0) * se)
    n = _column(rows, "n")
    found = (q + float(ndtri(power))) * change_se
    usable = np.isfinite(se)
    made = rows[["year", "group", "construct", "index", "n", "sd", "design_effect"]].assign(
        margin=q * se,
        n_for_margin=_size(n * (q * se) ** 2, margin),
        critical_change=q * change_se,
        detectable_change=np.where(usable, found, np.nan),
        n_for_change=_size(n * found**2, change),
        change_from=np.where(usable, np.where(measured, "measured", "assumed"), ""),
        note=_notes(rows, usable),
    )
    return PresentPlan(made[list(COLUMNS)], name, level, power, margin, change)


def _size(base: Array, wanted: float | None) -> pd.arrays.IntegerArray:
    """Return whole sample sizes, missing where nothing is wanted or known."""
    sizes = np.full(len(base), np.nan)
    if wanted is not None:
        sizes = np.maximum(rounded_up(base / wanted**2), 2.0)
    return pd.array(sizes, dtype="Int64")


def _column(rows: pd.DataFrame, name: str) -> Array:
    if name not in rows:
        return np.full(len(rows), np.nan)
    return rows[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _notes(rows: pd.DataFrame, usable: Array) -> list[str]:
    """Return why a group has no plan: the note of its figure."""
    notes = rows["note"] if "note" in rows else [""] * len(rows)
    return [
        "" if fine else (note if isinstance(note, str) and note else NO_MARGIN)
        for note, fine in zip(notes, usable, strict=True)
    ]


def _chosen(
    table: pd.DataFrame, construct: str | None, year: str | None
) -> tuple[str, pd.DataFrame]:
    """Return the construct and the rows that are planned from; all that is absent at once."""
    absent = [column for column in NEEDED if column not in table]
    fix = "use the table index.csv or index.json that csi index wrote"
    if absent:
        raise IndexFigureError([Fault(f"column {c}", "the figures lack it", fix) for c in absent])
    if table.empty:
        raise IndexFigureError([Fault("figures", "there is no row", fix)])
    names = [str(name) for name in table["construct"].unique()]
    years = [str(name) for name in table["year"].unique()]
    faults = []
    if construct is None:
        construct = names[0] if len(names) == 1 else USUAL
        if construct not in names:
            what = f"there are several: {', '.join(names)}"
            faults.append(Fault("construct", what, "say which one is the index"))
    elif construct not in names:
        faults.append(_unknown("construct", construct, names))
    year = years[-1] if year is None else str(year)
    if year not in years:
        faults.append(_unknown("year", year, years))
    faults += [
        Fault(f"column {name}", "it has words among its numbers", fix)
        for name in (*NUMBERS, "change_se")
        if name in table and _has_words(table[name])
    ]
    if faults:
        raise IndexFigureError(faults)
    wanted = (table["construct"].astype(str) == construct) & (table["year"].astype(str) == year)
    rows = table[wanted].reset_index(drop=True)
    if rows.empty:
        raise IndexFigureError([Fault("figures", f"{construct} has none in {year}", fix)])
    return construct, rows


def _has_words(column: pd.Series) -> bool:
    numbers = pd.to_numeric(column, errors="coerce")
    return bool((numbers.isna() & column.notna()).any())


def _unknown(where: str, name: str, known: list[str]) -> Fault:
    return Fault(where, f"the figures have no {name!r}", nearest(name, known))
