"""The chart of the index over the years."""

from __future__ import annotations

import math
from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from csi.index.values import YearlyIndex
from csi.report.canvas import Canvas, canvas_of
from csi.report.captions import foot_axis, foot_moe, foot_scale, joined
from csi.report.chart_tips import figure_tip, year_tips
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
    round_ticks,
    scale_limits,
    shades,
)
from csi.report.view import View, rows_of
from csi.text import Language

MOST_PANELS = 40
"""Groups that get a panel; the others are in the tables."""


def index_over_years(
    yearly: YearlyIndex,
    *,
    language: Language = "en",
    axis: tuple[float, float] | None = None,
    ax: Axes | None = None,
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
    ax : Axes, optional
        Where to draw: title and legend stay inside and there is no footer. Of more than six
        groups the axes are split into panels. A figure of its own where not given.

    Returns
    -------
    Figure
        That of `ax` where it is given. Without use of pyplot; save it with
        :func:`csi.report.style.picture`.

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
            return _groups_as_dots(view, limits, ax)
        if len(view.groups) <= FEW:
            return _lines(view, limits, ax)
        return _panels(view, limits, ax)


def _lines(view: View, limits: tuple[float, float], ax: Axes | None) -> Figure:
    looks = shades(view)
    canvas = canvas_of(ax, 9.0, 4.8)
    axes = canvas.panel()
    for group, dodge in zip(looks, dodges(len(looks), 0.05), strict=True):
        said = year_tips(view, view.index_name, group)
        draw_series(axes, view.series(view.index_name, group), looks[group], dodge, said)
    frame_years(axes, view, limits, room=12)
    axes.set_ylabel(view.say("axis_index"))
    foot = (*foot_scale(view, limits), foot_cut(view, [view.index_name], looks))
    keys = () if ax is None else _end_keys(view, looks)
    canvas.titled(*_index_titles(view), joined(view, foot), _without_figures(view), keys=keys)
    figure = canvas.done()
    if ax is None:
        _name_lines(figure, axes, view, looks)
        finish(figure)
    return figure


def _end_keys(view: View, looks: Mapping[str, Shade]) -> list[Line2D]:
    """Return a legend with what stands at the ends of the lines where there is room for it."""
    ends = [(group, last_point(view, group)) for group in looks]
    return [
        Line2D(
            [],
            [],
            color=looks[group].colour,
            marker=looks[group].marker,
            label=wrap(label_at_end(view, group, end[0]), 30),
        )
        for group, end in ends
        if end is not None
    ]


def _panels(view: View, limits: tuple[float, float], ax: Axes | None) -> Figure:
    groups = view.groups[:MOST_PANELS]
    columns = 4 if len(groups) <= 16 else 5
    rows = math.ceil(len(groups) / columns)
    canvas = canvas_of(ax, 2.2 * columns + 0.6, 1.75 * rows + 1.1)
    grid = canvas.panels(rows, columns, sharex=True, sharey=True, least=(1.2 * columns, 0.9 * rows))
    cloud = [view.series(view.index_name, group) for group in groups]
    for axes, group, rows_of_group in zip(grid, groups, cloud, strict=False):
        draw_rest(axes, cloud)
        said = year_tips(view, view.index_name, group)
        draw_series(axes, rows_of_group, PALETTE[0], 0.0, said)
        frame_years(axes, view, limits, room=3)
        end = last_point(view, group)
        label = f"{view.group(group)}  {NONE}" if end is None else label_at_end(view, group, end[0])
        axes.set_title(_panel_title(canvas, label, columns), fontsize=SMALL)
    hide_unused(grid, len(groups), columns)
    canvas.beside(view.say("axis_index"))
    cut = foot_cut(view, [view.index_name], groups)
    foot = [*foot_scale(view, limits), cut, view.say("foot_rest"), _without_figures(view)]
    if len(groups) < len(view.groups):
        foot.append(view.say("foot_first", shown=len(groups), all=len(view.groups)))
    canvas.titled(*_index_titles(view), joined(view, foot))
    return canvas.done()


def _panel_title(canvas: Canvas, label: str, columns: int) -> str:
    """Return name and figure of a panel; a long name is cut short in axes of the caller."""
    lines = wrap(label, canvas.letters(26, columns)).split("\n")
    if canvas.given is None or len(lines) <= 2:
        return "\n".join(lines)
    return f"{lines[0]} …\n{label.split()[-1]}"


def _groups_as_dots(view: View, limits: tuple[float, float], ax: Axes | None) -> Figure:
    rows = view.of_year(view.index_name, view.years[0])
    if len(rows) > 1:
        rows = rows.sort_values("index", ascending=False, kind="stable", na_position="last")
    canvas = canvas_of(ax, 8.0, 1.6 + 0.33 * max(len(rows), 2))
    axes = canvas.panel()
    labels = [wrap(view.group(str(group)), 34) for group in rows.index]
    index, moe = rows["index"].to_numpy(float), rows["moe"].to_numpy(float)
    said = [
        figure_tip(view, row, str(group), view.years[0])
        for group, row in zip(rows.index, rows_of(rows), strict=True)
    ]
    dots = Dots(index, moe, PALETTE[0], tuple(said))
    dot_rows(axes, labels, [dots], digits=1)
    axes.set_xlim(*limits)
    axes.xaxis.set_major_locator(round_ticks())
    axes.set_xlabel(view.say("axis_index"))
    foot = joined(view, (foot_moe(view), foot_axis(view, limits, "foot_axis_across")))
    canvas.titled(*_index_titles(view), foot)
    return canvas.done()


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
