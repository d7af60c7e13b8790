"""The importance-performance map as a chart."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from csi.arrays import Array
from csi.compare.importance import Quadrant
from csi.index.values import YearlyIndex
from csi.report.lettering import spread, wrap
from csi.report.map_rows import PHRASES, map_rows
from csi.report.numbers import percent
from csi.report.path_chart import first_group
from csi.report.style import (
    FAINT,
    PALETTE,
    SMALL,
    drawing,
    finish,
    new_figure,
    round_ticks,
    titles,
)
from csi.report.view import Row, View
from csi.text import Language

CORNERS: dict[Quadrant, tuple[float, float]] = {
    "concentrate here": (1.0, 0.0),
    "keep up": (1.0, 1.0),
    "possible overkill": (0.0, 1.0),
    "low priority": (0.0, 0.0),
}


def map_chart(
    yearly: YearlyIndex,
    *,
    items: bool = False,
    year: str | None = None,
    group: str | None = None,
    language: Language = "en",
    axis: Axes | None = None,
) -> Figure:
    """Draw the importance-performance map of one group, with margins of error on both axes.

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
    axis : Axes, optional
        Where to draw; a figure of its own where not given.

    Returns
    -------
    Figure

    Raises
    ------
    ReportError
        Unknown year or group; Chinese text and no font for it.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    frame = yearly.tables["map"]
    when = view.latest(frame) if year is None else view.require("year", year, view.years)
    who = first_group(view, when) if group is None else view.require("group", group, view.groups)
    rows = [row for row in map_rows(view, items=items, year=when) if row["group"] == who]
    with drawing(language):
        figure = new_figure(8.0, 6.0 if items else 5.4) if axis is None else _figure(axis)
        axes = figure.add_subplot() if axis is None else axis
        keys = _draw(axes, view, rows, items=items)
        if axis is not None:
            return figure
        target = view.construct(str(rows[0]["target"])) if rows else ""
        alone = view.one_group
        title = view.say(
            "chart_map" if alone else "chart_map_group",
            target=target,
            year=view.year_in_words(when),
            **({} if alone else {"group": view.group(who)}),
        )
        titles(figure, title, view.say("foot_map", level=percent(yearly.metric.level)), keys=keys)
        return finish(figure)


def _figure(axes: Axes) -> Figure:
    """Return the figure that an axis is part of."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise AssertionError("an axis is part of a figure")
    return figure


def _draw(axes: Axes, view: View, rows: list[Row], *, items: bool) -> list[Line2D]:
    """Draw the points and return the legend of their constructs, where they are items."""
    known = [row for row in rows if row["quadrant"]]
    constructs = list(dict.fromkeys(str(row["construct"]) for row in known))
    x, y = (np.array([float(row[name]) for row in known]) for name in ("importance", "performance"))
    keys: list[Line2D] = []
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
        keys.append(
            Line2D(
                [], [], color=look.colour, marker=look.marker, label=wrap(view.construct(name), 30)
            )
        )
    _frame(axes, view, known)
    labels = [str(row["item"]) if items else view.construct(str(row["construct"])) for row in known]
    _name(axes, x, y, labels)
    return keys if items else []


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


def _name(axes: Axes, x: Array, y: Array, labels: list[str]) -> None:
    """Write the name of each point to its right, pushed apart where names would touch."""
    if not labels:
        return
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    beside = 0.008 * (right - left)
    inches = axes.get_position().height * _figure(axes).get_figheight()
    line = 1.25 * SMALL / 72 / inches * (high - low)
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
