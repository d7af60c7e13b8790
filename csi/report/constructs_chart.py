"""The chart of all constructs over the years."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.captions import foot_axis, foot_moe, foot_scale, foot_top, group_keys, joined
from csi.report.dots import Dots, dot_rows
from csi.report.lettering import wrap
from csi.report.panels import dodges, draw_rest, draw_series, foot_cut, frame_years, hide_unused
from csi.report.style import (
    PALETTE,
    SMALL,
    Shade,
    check_axis,
    drawing,
    finish,
    new_figure,
    round_ticks,
    scale_limits,
    shades,
    titles,
)
from csi.report.view import View
from csi.text import Language


def constructs_over_years(
    yearly: YearlyIndex,
    *,
    group: str | None = None,
    language: Language = "en",
    axis: tuple[float, float] | None = None,
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
            return finish(_constructs_as_dots(view, looks, limits, group))
        return finish(_construct_panels(view, looks, limits, group))


def _construct_panels(
    view: View, looks: Mapping[str, Shade], limits: tuple[float, float], group: str | None
) -> Figure:
    names = view.yearly.model.names
    columns = min(4, len(names))
    rows = math.ceil(len(names) / columns)
    figure = new_figure(2.6 * columns + 0.7, 2.2 * rows + 1.2)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel().tolist()
    for axes, name in zip(grid, names, strict=False):
        behind = [view.series(name, one) for one, look in looks.items() if not look.front]
        front = [one for one, look in looks.items() if look.front]
        draw_rest(axes, behind)
        for one, dodge in zip(front, dodges(len(front), 0.08), strict=True):
            draw_series(axes, view.series(name, one), looks[one], dodge)
        frame_years(axes, view, limits, room=3)
        axes.set_title(wrap(view.construct(name), 28))
    hide_unused(grid, len(names), columns)
    figure.supylabel(view.say("axis_index"), fontsize=SMALL)
    feet = (*foot_scale(view, limits), foot_cut(view, names, looks))
    _construct_titles(figure, view, looks, group, feet)
    return figure


def _constructs_as_dots(
    view: View, looks: Mapping[str, Shade], limits: tuple[float, float], group: str | None
) -> Figure:
    names = view.yearly.model.names
    front = sum(look.front for look in looks.values())
    figure = new_figure(8.0, 1.8 + len(names) * max(0.36, 0.2 * front))
    axes = figure.add_subplot()
    sets = []
    for one, look in looks.items():
        rows = pd.concat([view.series(name, one) for name in names])
        sets.append(Dots(rows["index"].to_numpy(float), rows["moe"].to_numpy(float), look))
    dot_rows(axes, [wrap(view.construct(name), 28) for name in names], sets, digits=1)
    axes.set_xlim(*limits)
    axes.xaxis.set_major_locator(round_ticks())
    axes.set_xlabel(view.say("axis_index"))
    feet = (foot_moe(view), foot_axis(view, limits, "foot_axis_across"))
    _construct_titles(figure, view, looks, group, feet)
    return figure


def _construct_titles(
    figure: Figure,
    view: View,
    looks: Mapping[str, Shade],
    group: str | None,
    feet: tuple[str, ...],
) -> None:
    title = view.say("chart_constructs")
    if group is not None:
        title = view.say("chart_constructs_group", group=view.group(group))
    foot = joined(view, (*feet, foot_top(view, looks)))
    titles(figure, title, foot, keys=group_keys(view, looks))
