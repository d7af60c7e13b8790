"""The league table as a chart: dots with margins of error, rank sets, and who may be first."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.canvas import canvas_of
from csi.report.captions import foot_axis, joined
from csi.report.chart_tips import figure_tip
from csi.report.league_sheets import rank_set
from csi.report.lettering import wrap
from csi.report.numbers import count, percent, with_margin
from csi.report.row_marks import HEAD, SHADED, Marks, columns_right, draw_marks, frame_rows
from csi.report.style import FEW, PALETTE, check_axis, drawing, fitted_limits
from csi.report.view import Row, View, rows_of
from csi.text import Language


def league(
    yearly: YearlyIndex,
    *,
    year: str | None = None,
    language: Language = "en",
    axis: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the groups of a year from the first to the last, with how sure their ranks are.

    Each has its index with margin of error and its rank set, the ranks that it may hold. Groups
    that may be first are shaded.

    Parameters
    ----------
    yearly : YearlyIndex
        With the table ``ranks``, see `csi.compare.league.league_table`.
    year : str, optional
        The last year of the table where not given.
    language : Language
    axis : (low, high), optional
        Ends of the index axis on the 0-100 scale; fitted to the figures where not given.
    ax : Axes, optional
        Where to draw; a figure of its own where not given.

    Returns
    -------
    Figure
        That of `ax` where it is given.

    Raises
    ------
    ReportError
        No table of ranks; unknown year; Chinese text and no font for it.
    OptionError
        Unknown language or axis.
    """
    view = View(yearly, language)
    check_axis(axis)
    frame = view.table("ranks")
    when = view.latest(frame) if year is None else view.require("year", year, view.years)
    rows = rows_of(frame[frame["year"].astype(str) == when])
    with drawing(language):
        return _drawn(view, rows, when, axis, ax)


def ranked(rows: list[Row]) -> list[Row]:
    """Return the rows of a league table that have a rank."""
    return [row for row in rows if math.isfinite(row["rank"])]


def _drawn(
    view: View, rows: list[Row], year: str, axis: tuple[float, float] | None, ax: Axes | None
) -> Figure:
    shown = ranked(rows)
    labels = [f"{count(row['rank'])}  {wrap(view.group(row['group']), 40)}" for row in shown]
    labels = [label.replace("\n", "\n     ") for label in labels]
    lines = sum(label.count("\n") + 1 for label in labels)
    canvas = canvas_of(ax, 9.0, 2.1 + 0.14 * max(lines, 2) + 0.14 * max(len(shown), 2))
    axes = canvas.panel()
    index, moe = (np.array([float(row[name]) for row in shown]) for name in ("index", "moe"))
    limits = axis or fitted_limits(np.concatenate([index - moe, index, index + moe]))
    for place, row in enumerate(shown):
        if row["may_be_first"] is True or row["may_be_first"] == 1:
            axes.axhspan(place - 0.5, place + 0.5, color=SHADED, zorder=0, linewidth=0)
    tips = tuple(_tip(view, row, year) for row in shown)
    draw_marks(
        axes, np.arange(len(shown), dtype=float),
        Marks(index, index - moe, index + moe, PALETTE[0], tips),
    )  # fmt: skip
    frame_rows(axes, labels)
    columns = (
        (view.say("index_moe"), [with_margin(row["index"], row["moe"]) for row in shown]),
        (view.say("rank_set"), [rank_set(row) for row in shown]),
    )
    columns_right(axes, limits, columns, (1.25, 0.75), 6.5)
    axes.set_xlabel(view.say("axis_index"), loc="left")
    words = {"index": view.construct(view.index_name), "year": view.year_in_words(year)}
    canvas.titled(
        view.say("chart_league", **words), joined(view, _feet(view, rows, limits)), above=HEAD
    )
    return canvas.done()


def _tip(view: View, row: Row, year: str) -> str:
    """Return what a dot says: ``Norvane, 2025: 69.2 ± 2.2 (n 250); rank 2, may be 1–3``."""
    ranks = view.say("tip_rank", rank=count(row["rank"]), ranks=rank_set(row))
    parts = (figure_tip(view, row, str(row["group"]), year), ranks, view.told(row["note"]))
    return ("；" if view.language == "zh" else "; ").join(part for part in parts if part)


def _feet(view: View, rows: list[Row], limits: tuple[float, float]) -> tuple[str, ...]:
    level = percent(view.yearly.metric.level)
    gone = [str(row["group"]) for row in rows if not math.isfinite(row["rank"])]
    mark = "、" if view.language == "zh" else ", "
    names = mark.join(view.group(group) for group in gone)
    left_out = view.say("foot_without_rank", groups=names) if gone else ""
    if len(gone) > FEW:
        left_out = view.say("foot_without_rank_many", count=len(gone))
    return (
        view.say("foot_league_first"),
        view.say("foot_league", level=level),
        foot_axis(view, limits, "foot_axis_across"),
        left_out,
    )
