"""The chart of the index over the years."""

from __future__ import annotations

import math
from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.captions import foot_axis, foot_moe, foot_scale, joined
from csi.report.dots import Dots, dot_rows
from csi.report.lettering import spread, wrap
from csi.report.numbers import NONE
from csi.report.panels import (
    dodges,
    draw_rest,
    draw_series,
    foot_cut,
    frame_years,
    hide_unused,
    label_at_end,
    last_point,
)
from csi.report.style import (
    FEW,
    PALETTE,
    REST,
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

MOST_PANELS = 40
"""Groups that get a panel; the others are in the tables."""


def index_over_years(
    yearly: YearlyIndex, *, language: Language = "en", axis: tuple[float, float] | None = None
) -> Figure:
    """Draw the index of each group over the years with margins of error.

    Up to six groups share one chart and carry their names at the line; of more groups each
    has a small chart with all others in grey. A single year is drawn as dots.

    Parameters
    ----------
    yearly : YearlyIndex
    language : Language
    axis : tuple of float, optional
        Ends of the index axis on the 0-100 scale; fitted to the figures where not given.

    Returns
    -------
    Figure
        Without use of pyplot; save it with :func:`csi.report.style.picture`.

    Raises
    ------
    OptionError
        Where the language or the axis is none.
    ReportError
        Where Chinese text has to be drawn and there is no font for it.
    """
    view = View(yearly, language)
    check_axis(axis)
    limits = axis or scale_limits(view, view.index_name)
    with drawing(language):
        if len(view.years) == 1:
            return finish(_groups_as_dots(view, limits))
        if len(view.groups) <= FEW:
            return finish(_lines(view, limits))
        return finish(_panels(view, limits))


def _lines(view: View, limits: tuple[float, float]) -> Figure:
    looks = shades(view)
    figure = new_figure(9.0, 4.8)
    axes = figure.add_subplot()
    for group, dodge in zip(looks, dodges(len(looks), 0.05), strict=True):
        draw_series(axes, view.series(view.index_name, group), looks[group], dodge)
    frame_years(axes, view, limits, room=12)
    axes.set_ylabel(view.say("axis_index"))
    foot = (*foot_scale(view, limits), foot_cut(view, [view.index_name], looks))
    titles(figure, *_index_titles(view), joined(view, foot), _without_figures(view))
    finish(figure)
    _name_lines(figure, axes, view, looks)
    return figure


def _panels(view: View, limits: tuple[float, float]) -> Figure:
    groups = view.groups[:MOST_PANELS]
    columns = 4 if len(groups) <= 16 else 5
    rows = math.ceil(len(groups) / columns)
    figure = new_figure(2.2 * columns + 0.6, 1.75 * rows + 1.1)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel().tolist()
    cloud = [view.series(view.index_name, group) for group in groups]
    for axes, group, rows_of_group in zip(grid, groups, cloud, strict=False):
        draw_rest(axes, cloud)
        draw_series(axes, rows_of_group, PALETTE[0], 0.0)
        frame_years(axes, view, limits, room=3)
        end = last_point(view, group)
        label = f"{view.group(group)}  {NONE}" if end is None else label_at_end(view, group, end[0])
        axes.set_title(wrap(label, 26), fontsize=SMALL)
    hide_unused(grid, len(groups), columns)
    figure.supylabel(view.say("axis_index"), fontsize=SMALL)
    cut = foot_cut(view, [view.index_name], groups)
    foot = [*foot_scale(view, limits), cut, view.say("foot_rest"), _without_figures(view)]
    if len(groups) < len(view.groups):
        foot.append(view.say("foot_first", shown=len(groups), all=len(view.groups)))
    titles(figure, *_index_titles(view), joined(view, foot))
    return figure


def _groups_as_dots(view: View, limits: tuple[float, float]) -> Figure:
    rows = view.of_year(view.index_name, view.years[0])
    if len(rows) > 1:
        rows = rows.sort_values("index", ascending=False, kind="stable", na_position="last")
    figure = new_figure(8.0, 1.6 + 0.33 * max(len(rows), 2))
    axes = figure.add_subplot()
    labels = [wrap(view.group(str(group)), 34) for group in rows.index]
    dots = Dots(rows["index"].to_numpy(float), rows["moe"].to_numpy(float), PALETTE[0])
    dot_rows(axes, labels, [dots], digits=1)
    axes.set_xlim(*limits)
    axes.xaxis.set_major_locator(round_ticks())
    axes.set_xlabel(view.say("axis_index"))
    foot = joined(view, (foot_moe(view), foot_axis(view, limits, "foot_axis_across")))
    titles(figure, *_index_titles(view), foot)
    return figure


def _name_lines(figure: Figure, axes: Axes, view: View, looks: Mapping[str, Shade]) -> None:
    """Write each group's name beside the end of its line, pushed apart where they would touch."""
    ends = {group: last_point(view, group) for group in looks}
    shown = {group: end for group, end in ends.items() if end is not None}
    high = axes.get_window_extent().height / figure.dpi * 72
    low_value, high_value = axes.get_ylim()
    points = high / (high_value - low_value)
    texts = {group: wrap(label_at_end(view, group, year), 24) for group, (year, _) in shown.items()}
    heights = [(text.count("\n") + 1) * SMALL * 1.45 + 2 for text in texts.values()]
    placed = spread([(value - low_value) * points for _, value in shown.values()], heights)
    last = len(view.years) - 1
    for (group, (year, value)), middle in zip(shown.items(), placed, strict=True):
        axes.annotate(
            texts[group],
            xy=(year, value),
            xytext=(last + 0.35, low_value + middle / points),
            fontsize=SMALL,
            color=looks[group].ink,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": REST, "lw": 0.7, "shrinkA": 1, "shrinkB": 5},
        )


def _index_titles(view: View) -> tuple[str]:
    name = view.construct(view.index_name)
    if len(view.years) > 1:
        return (view.say("chart_index", index=name, year=view.key_label("year").lower()),)
    return (view.say("chart_index_one", index=name, year=view.year_in_words(view.years[0])),)


def _without_figures(view: View) -> str:
    hidden = [group for group in view.groups if last_point(view, group) is None]
    if not hidden:
        return ""
    if len(hidden) > FEW:
        return view.say("foot_hidden_many", count=len(hidden))
    mark = "、" if view.language == "zh" else ", "
    return view.say("foot_hidden", groups=mark.join(view.group(group) for group in hidden))
