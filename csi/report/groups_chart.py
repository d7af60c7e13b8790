"""Groups side by side: the index of every construct in one year."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from csi.index.values import YearlyIndex
from csi.report.canvas import canvas_of
from csi.report.captions import foot_axis, foot_moe, joined
from csi.report.chart_tips import figure_tip
from csi.report.lettering import wrap
from csi.report.row_marks import Marks, dodged, draw_marks, frame_rows
from csi.report.style import FEW, PALETTE, Shade, check_axis, drawing, fitted_limits, round_ticks
from csi.report.view import Row, View
from csi.text import Language

MOST_ROWS = 60
"""Groups that are drawn; the others are in the tables."""

Cells = dict[str, dict[str, Row]]


def groups(
    yearly: YearlyIndex,
    *,
    year: str | None = None,
    constructs: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    language: Language = "en",
    axis: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the index of each construct for all groups of a year, with margins of error.

    Up to six groups stand side by side in the row of a construct; of more, each construct has a
    panel with a row for each group, in the order of the index.

    Parameters
    ----------
    yearly : YearlyIndex
    year : str, optional
        The last year where not given.
    constructs, groups : sequence of str, optional
        All of them where not given.
    language, axis
        As in :func:`index_over_years`.
    ax : Axes, optional
        Where to draw; split into one panel a construct of more than six groups.

    Returns
    -------
    Figure
        That of `ax` where it is given.

    Raises
    ------
    ReportError
        Unknown year, construct or group; Chinese text and no font for it.
    OptionError
        Unknown language or axis.
    """
    view = View(yearly, language)
    check_axis(axis)
    when = view.years[-1] if year is None else view.require("year", year, view.years)
    names = yearly.model.names
    names = tuple(view.require("construct", name, names) for name in constructs or names)
    own = tuple(view.require("group", group, view.groups) for group in groups or view.groups)
    cells = {name: view.by_group(name, when) for name in names}
    rows = [cells[name][group] for name in names for group in own]
    ends = [row["index"] + sign * row["moe"] for row in rows for sign in (-1, 0, 1)]
    every = np.array([*ends, *(row["index"] for row in rows)], dtype=float)
    limits = axis or fitted_limits(every)
    with drawing(language):
        if len(own) <= FEW:
            return _side_by_side(view, cells, own, when, limits, ax)
        return _panels(view, cells, own, when, limits, ax)


def _marks(view: View, rows: Sequence[tuple[str, str, Row]], year: str, look: Shade) -> Marks:
    """Return the marks of rows of (construct, group, figures)."""
    index, moe = (np.array([float(row[name]) for _, _, row in rows]) for name in ("index", "moe"))
    tips = tuple(figure_tip(view, row, group, year, name) for name, group, row in rows)
    return Marks(index, index - moe, index + moe, look, tips)


def _side_by_side(
    view: View, cells: Cells, own: tuple[str, ...], year: str, limits: tuple[float, float],
    ax: Axes | None,
) -> Figure:  # fmt: skip
    canvas = canvas_of(ax, 8.2, 1.9 + len(cells) * max(0.34, 0.17 * len(own)))
    axes = canvas.panel()
    for group, look, heights in zip(own, PALETTE, dodged(len(cells), len(own)), strict=False):
        rows = [(name, group, cells[name][group]) for name in cells]
        draw_marks(axes, heights, _marks(view, rows, year, look))
    for between in range(1, len(cells)):
        axes.axhline(between - 0.5, color="#EEEEEE", linewidth=0.8, zorder=0)
    frame_rows(axes, [wrap(view.construct(name), 30) for name in cells])
    axes.set_xlim(*limits)
    axes.xaxis.set_major_locator(round_ticks())
    axes.set_xlabel(view.say("axis_index"))
    keys = [
        Line2D([], [], color=look.colour, marker=look.marker, label=wrap(view.group(group), 30))
        for group, look in zip(own, PALETTE, strict=False)
    ]
    title = view.say("chart_groups", year=view.year_in_words(year))
    canvas.titled(title, _feet(view, cells, own, limits), keys=keys if len(own) > 1 else ())
    return canvas.done()


def _panels(
    view: View, cells: Cells, own: tuple[str, ...], year: str, limits: tuple[float, float],
    ax: Axes | None,
) -> Figure:  # fmt: skip
    first = view.by_group(view.index_name, year)
    order = sorted(own, key=lambda group: _downwards(first[group]["index"]))
    shown = order[:MOST_ROWS]
    labels = [wrap(view.group(group), 34) for group in shown]
    lines = sum(label.count("\n") + 1 for label in labels)
    high = 0.15 * lines + 0.1 * len(shown)
    canvas = canvas_of(ax, 2.6 + 1.55 * len(cells), 1.9 + high)
    grid = canvas.panels(1, len(cells), sharex=True, sharey=True,
                         least=(1.1 * len(cells), 0.14 * len(shown)))  # fmt: skip
    heights = np.arange(len(shown), dtype=float)
    for place, (axes, name) in enumerate(zip(grid, cells, strict=True)):
        rows = [(name, group, cells[name][group]) for group in shown]
        look = PALETTE[0] if name != view.index_name else PALETTE[1]
        draw_marks(axes, heights, _marks(view, rows, year, look))
        axes.set_title(wrap(view.construct(name), canvas.letters(18, len(cells) + 2)))
        axes.grid(visible=False, axis="y")
        axes.set_xlim(*limits)
        axes.xaxis.set_major_locator(round_ticks())
        axes.tick_params(axis="y", length=0)
        if not place:
            frame_rows(axes, labels)
    title = view.say("chart_groups", year=view.year_in_words(year))
    feet = [_feet(view, cells, own, limits),
            view.say("foot_ordered", index=view.construct(view.index_name))]  # fmt: skip
    if len(shown) < len(order):
        feet.append(view.say("foot_first", shown=len(shown), all=len(order)))
    canvas.titled(title, joined(view, feet))
    return canvas.done()


def _downwards(index: float) -> float:
    """Return a key that sorts high figures first and missing ones last."""
    return -index if math.isfinite(index) else math.inf


def _feet(view: View, cells: Cells, own: tuple[str, ...], limits: tuple[float, float]) -> str:
    gone = sum(not math.isfinite(row[group]["index"]) for row in cells.values() for group in own)
    hidden = view.say("foot_groups_hidden", count=gone) if gone else ""
    return joined(view, (foot_moe(view), foot_axis(view, limits, "foot_axis_across"), hidden))
