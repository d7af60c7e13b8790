"""The chart of all constructs over the years."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.canvas import Canvas, canvas_of
from csi.report.captions import foot_axis, foot_moe, foot_scale, foot_top, group_keys, joined
from csi.report.chart_tips import year_tips
from csi.report.dots import Dots, dot_rows
from csi.report.lettering import wrap
from csi.report.panels import dodges, draw_rest, draw_series, foot_cut, frame_years, hide_unused
from csi.report.style import (
    PALETTE,
    Shade,
    check_axis,
    drawing,
    round_ticks,
    scale_limits,
    shades,
)
from csi.report.view import View
from csi.text import Language


def constructs_over_years(
    yearly: YearlyIndex,
    *,
    group: str | None = None,
    language: Language = "en",
    axis: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the index of every construct over the years, one small chart a construct.

    Parameters
    ----------
    yearly : YearlyIndex
    group : str, optional
        Draw one group only; all of them where not given (of more than six the highest
        are in colour and the others grey).
    language, axis
        As in :func:`index_over_years`.
    ax : Axes, optional
        Where to draw; split into one panel a construct where there are several years.

    Returns
    -------
    Figure

    Raises
    ------
    ReportError
        Unknown group; Chinese text and no font for it.
    OptionError
        Unknown language or axis.
    """
    view = View(yearly, language)
    check_axis(axis)
    looks = shades(view)
    if group is not None:
        looks = {view.require("group", group, view.groups): PALETTE[0]}
    limits = axis or scale_limits(view)
    with drawing(language):
        if len(view.years) == 1:
            return _constructs_as_dots(view, looks, limits, group, ax)
        return _construct_panels(view, looks, limits, group, ax)


def _construct_panels(
    view: View,
    looks: Mapping[str, Shade],
    limits: tuple[float, float],
    group: str | None,
    ax: Axes | None,
) -> Figure:
    names = view.yearly.model.names
    columns = min(4, len(names))
    rows = math.ceil(len(names) / columns)
    canvas = canvas_of(ax, 2.6 * columns + 0.7, 2.2 * rows + 1.2)
    keys = math.ceil(len(group_keys(view, looks)) / 3)
    grid = canvas.panels(
        rows, columns, sharex=True, sharey=True, head=1 + keys, least=(1.2 * columns, 0.9 * rows)
    )
    for axes, name in zip(grid, names, strict=False):
        behind = [view.series(name, one) for one, look in looks.items() if not look.front]
        front = [one for one, look in looks.items() if look.front]
        draw_rest(axes, behind)
        for one, dodge in zip(front, dodges(len(front), 0.08), strict=True):
            said = year_tips(view, name, one, said=True)
            draw_series(axes, view.series(name, one), looks[one], dodge, said)
        frame_years(axes, view, limits, room=3)
        axes.set_title(wrap(view.construct(name), canvas.letters(28, columns)))
    hide_unused(grid, len(names), columns)
    canvas.beside(view.say("axis_index"))
    feet = (*foot_scale(view, limits), foot_cut(view, names, looks))
    _construct_titles(canvas, view, looks, group, feet)
    return canvas.done()


def _constructs_as_dots(
    view: View,
    looks: Mapping[str, Shade],
    limits: tuple[float, float],
    group: str | None,
    ax: Axes | None,
) -> Figure:
    names = view.yearly.model.names
    front = sum(look.front for look in looks.values())
    canvas = canvas_of(ax, 8.0, 1.8 + len(names) * max(0.36, 0.2 * front))
    axes = canvas.panel()
    sets = []
    for one, look in looks.items():
        rows = pd.concat([view.series(name, one) for name in names])
        tips = tuple(tip for name in names for tip in year_tips(view, name, one, said=True))
        index, moe = rows["index"].to_numpy(float), rows["moe"].to_numpy(float)
        sets.append(Dots(index, moe, look, tips))
    dot_rows(axes, [wrap(view.construct(name), 28) for name in names], sets, digits=1)
    axes.set_xlim(*limits)
    axes.xaxis.set_major_locator(round_ticks())
    axes.set_xlabel(view.say("axis_index"))
    feet = (foot_moe(view), foot_axis(view, limits, "foot_axis_across"))
    _construct_titles(canvas, view, looks, group, feet)
    return canvas.done()


def _construct_titles(
    canvas: Canvas,
    view: View,
    looks: Mapping[str, Shade],
    group: str | None,
    feet: tuple[str, ...],
) -> None:
    title = view.say("chart_constructs")
    if group is not None:
        title = view.say("chart_constructs_group", group=view.group(group))
    foot = joined(view, (*feet, foot_top(view, looks)))
    canvas.titled(title, foot, keys=group_keys(view, looks))
