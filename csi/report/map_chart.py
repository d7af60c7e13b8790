"""The importance-performance map as a chart."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from csi.arrays import Array
from csi.compare.importance import Quadrant
from csi.index.values import YearlyIndex
from csi.report.canvas import canvas_of, dress, height_of, width_of, write_list
from csi.report.chart_tips import group_name, named, stated
from csi.report.hover import tips_at
from csi.report.label_places import place_beside
from csi.report.lettering import spread, wrap
from csi.report.map_rows import PHRASES, map_rows
from csi.report.numbers import percent, with_margin
from csi.report.path_chart import first_group
from csi.report.style import (
    FAINT,
    INK,
    PALETTE,
    SMALL,
    drawing,
    round_ticks,
)
from csi.report.view import Row, View
from csi.text import Language

CORNERS: dict[Quadrant, tuple[float, float]] = {
    "concentrate here": (1.0, 0.0),
    "keep up": (1.0, 1.0),
    "possible overkill": (0.0, 1.0),
    "low priority": (0.0, 0.0),
}
_STEP = 0.168
"""Inches from line to line of the list of items."""
_PAD = "\N{FIGURE SPACE}"


def map_chart(
    yearly: YearlyIndex,
    *,
    items: bool = False,
    year: str | None = None,
    group: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Figure:
    """Draw the importance-performance map of one group, with margins of error on both axes.

    Items are numbered, and named in a list beside the map.

    Parameters
    ----------
    yearly : YearlyIndex
        With the table ``map``, see `csi.compare.importance.importance_performance`.
    items : bool
        The items instead of the constructs.
    year : str, optional
        The last year of the table where not given.
    group : str, optional
        The first group of the year where not given.
    language : Language
    ax : Axes, optional
        Where to draw; for items split into map and list. A figure of its own where not given.

    Returns
    -------
    Figure

    Raises
    ------
    ReportError
        No table; unknown year or group; Chinese text and no font for it.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    frame = view.table("map")
    when = view.latest(frame) if year is None else view.require("year", year, view.years)
    who = first_group(view, when) if group is None else view.require("group", group, view.groups)
    rows = [row for row in map_rows(view, items=items, year=when) if row["group"] == who]
    with drawing(language):
        return _mapped(view, rows, when, who, ax, items=items)


def _mapped(
    view: View, rows: list[Row], year: str, group: str, ax: Axes | None, *, items: bool
) -> Figure:
    """Draw the map of one group."""
    target = view.construct(str(rows[0]["target"])) if rows else ""
    words = {"target": target, "year": view.year_in_words(year)}
    title = view.say("chart_map", **words)
    if not view.one_group:
        title = view.say("chart_map_group", group=view.group(group), **words)
    foot = view.say("foot_map", level=percent(view.yearly.metric.level))
    known = [row for row in rows if row["quadrant"]]
    if not items:
        canvas = canvas_of(ax, 8.0, 5.4)
        axes = canvas.panel()
        x, y = _draw(axes, view, known, items=False)
        _name(axes, x, y, [view.construct(str(row["construct"])) for row in known])
        canvas.titled(title, foot)
        return canvas.done()
    listed = _listed(view, known)
    canvas = canvas_of(ax, 10.0, max(6.0, 1.4 + _STEP * len(listed)))
    axes, beside = canvas.panels(1, 2, width_ratios=(1.75, 1.0), least=(4.5, 2.4))
    if ax is not None:
        dress(axes)
    x, y = _draw(axes, view, known, items=True)
    write_list(beside, listed, min(_STEP, height_of(beside) / max(len(listed), 1)))
    canvas.titled(title, foot)
    canvas.done()  # numbers are placed where the axes have come to stand
    _number(axes, x, y)
    return canvas.done()


def _listed(view: View, rows: list[Row]) -> list[tuple[str, str, bool]]:
    """Return the list of numbered items under their constructs, one line each."""
    lines: list[tuple[str, str, bool]] = []
    last, look = "", PALETTE[0]
    constructs = list(dict.fromkeys(str(row["construct"]) for row in rows))
    for place, row in enumerate(rows):
        if row["construct"] != last:
            last = str(row["construct"])
            look = PALETTE[constructs.index(last) % len(PALETTE)]
            lines += [(line, look.ink, True) for line in _lines(view.construct(last))]
        first, *rest = _lines(view.item(str(row["item"])))
        lines.append((f"{str(place + 1).rjust(2, _PAD)}  {first}", INK, False))
        lines += [(f"{2 * _PAD}  {line}", INK, False) for line in rest]
    return lines


def _lines(text: str) -> list[str]:
    return wrap(text, 40).split("\n")


def _draw(axes: Axes, view: View, known: list[Row], *, items: bool) -> tuple[Array, Array]:
    """Draw the points with their errors and return their places."""
    constructs = list(dict.fromkeys(str(row["construct"]) for row in known))
    x, y = (np.array([float(row[name]) for row in known]) for name in ("importance", "performance"))
    for number, name in enumerate(constructs):
        look = PALETTE[number % len(PALETTE) if items else 0]
        own = [k for k, row in enumerate(known) if row["construct"] == name]
        axes.errorbar(
            x[own],
            y[own],
            xerr=_bars(known, own, "importance"),
            yerr=_bars(known, own, "performance"),
            linestyle="",
            color=look.colour,
            marker=look.marker,
            elinewidth=1.0,
            capsize=2.0,
            zorder=3,
        )
        axes.plot(
            x[own], y[own], linestyle="", color=look.colour, marker=look.marker, zorder=5
        )  # above the names
    tips_at(axes, x.tolist(), y.tolist(), [_tip(view, row) for row in known])
    _frame(axes, view, known)
    return x, y


def _tip(view: View, row: Row) -> str:
    """Return what a point says on hover."""
    shown = {}
    for name, digits in (("importance", 2), ("performance", 1)):
        half = row[f"{name}_upper"] - row[name]
        shown[name] = with_margin(row[name], half, digits)
    construct, item = view.construct(str(row["construct"])), str(row["item"])
    label = f"{view.item(item)} ({construct})" if item else construct
    what = named(view, label, group_name(view, str(row["group"])))
    return stated(what, view.say("tip_map", **shown), view.language)


def _bars(rows: list[Row], own: list[int], name: str) -> Array:
    """Return half-lengths of the bars, 0 where there is no error."""
    half = np.array([float(rows[k][f"{name}_upper"]) - float(rows[k][name]) for k in own])
    return np.where(np.isfinite(half), half, 0.0)


def _frame(axes: Axes, view: View, rows: list[Row]) -> None:
    """Draw the crosshair, the names of the quadrants and of the axes."""
    target = view.construct(str(rows[0]["target"])) if rows else ""
    axes.set_xlabel(view.say("axis_importance", target=target))
    axes.set_ylabel(view.say("axis_performance"))
    axes.margins(0.12)
    axes.yaxis.set_major_locator(round_ticks())
    if not rows:
        return
    axes.axvline(float(rows[0]["mean_importance"]), color=FAINT, linestyle="--", linewidth=0.9)
    axes.axhline(float(rows[0]["mean_performance"]), color=FAINT, linestyle="--", linewidth=0.9)
    for quadrant, (right, up) in CORNERS.items():
        axes.annotate(
            view.say(PHRASES[quadrant]),
            xy=(right, up),
            xycoords="axes fraction",
            xytext=(-6 if right else 6, -6 if up else 6),
            textcoords="offset points",
            ha="right" if right else "left",
            va="top" if up else "bottom",
            fontsize=SMALL,
            color=FAINT,
            style="italic",
        )


def _number(axes: Axes, x: Array, y: Array) -> None:
    """Write the number of each point beside it."""
    if not len(x):
        return
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    wide, tall = width_of(axes) * 72, height_of(axes) * 72
    points = np.column_stack([(x - left) / (right - left) * wide, (y - low) / (high - low) * tall])
    sizes = np.array([[4.0 + 6.2 * len(str(k + 1)), 11.0] for k in range(len(x))])
    middles = place_beside(points, sizes, radius=4.0, frame=(wide, tall))
    for k, (middle, point) in enumerate(zip(middles, points, strict=True)):
        far = np.abs(middle - point).max() > 18
        axes.annotate(
            str(k + 1),
            xy=(x[k], y[k]),
            xytext=tuple(middle - point),
            textcoords="offset points",
            fontsize=SMALL,
            va="center",
            ha="center",
            zorder=6,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
            arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.5, "shrinkA": 0}
            if far
            else None,
        )


def _name(axes: Axes, x: Array, y: Array, labels: list[str]) -> None:
    """Write the name of each point to its right, pushed apart where names would touch."""
    if not labels:
        return
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    beside = 0.008 * (right - left)
    line = 1.25 * SMALL / 72 / height_of(axes) * (high - low)
    near = np.full(len(labels), line)
    placed = _apart(x, y, near, axes)
    for k, label in enumerate(labels):
        axes.annotate(
            wrap(label, 30),
            xy=(x[k], y[k]),
            xytext=(x[k] + beside, placed[k]),
            textcoords="data",
            fontsize=SMALL,
            va="center",
            ha="left",
            zorder=4,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
            arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.5}
            if abs(placed[k] - y[k]) > 1.3 * line
            else None,
        )


def _apart(x: Array, y: Array, heights: Array, axes: Axes) -> list[float]:
    """Return heights of names a little above their points, apart from near neighbours' names."""
    left, right = axes.get_xlim()
    column = np.floor((x - left) / (right - left) * 4).astype(int)
    placed = [0.0] * len(x)
    for number in np.unique(column):
        own = np.flatnonzero(column == number)
        found = spread((y[own] + 0.7 * heights[own]).tolist(), heights[own].tolist())
        for k, value in zip(own, found, strict=True):
            placed[k] = value
    return placed
