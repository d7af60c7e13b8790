"""Charts of index figures over years and of item weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from csi.index.values import YearlyIndex
from csi.report.dots import Dots, dot_rows
from csi.report.lettering import spread, wrap
from csi.report.numbers import NONE, number, percent
from csi.report.style import (
    FEW,
    GREY,
    PALETTE,
    REST,
    SMALL,
    Shade,
    check_axis,
    drawing,
    finish,
    new_figure,
    scale_limits,
    shades,
    titles,
    year_ticks,
)
from csi.report.view import View
from csi.text import Language


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


def _lines(view: View, limits: tuple[float, float]) -> Figure:
    looks = shades(view)
    figure = new_figure(9.0, 4.8)
    axes = figure.add_subplot()
    for group, dodge in zip(looks, _dodges(len(looks), 0.05), strict=True):
        draw_series(axes, view.series(view.index_name, group), looks[group], dodge)
    _frame(axes, view, limits, room=12)
    axes.set_ylabel(view.say("axis_index"))
    titles(figure, *_index_titles(view), *_feet(view, limits), _without_figures(view))
    figure.draw_without_rendering()
    _name_lines(figure, axes, view, looks)
    return figure


def _panels(view: View, limits: tuple[float, float]) -> Figure:
    columns = 4 if len(view.groups) <= 16 else 5
    rows = math.ceil(len(view.groups) / columns)
    figure = new_figure(2.2 * columns + 0.6, 1.75 * rows + 1.1)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel().tolist()
    cloud = [view.series(view.index_name, group) for group in view.groups]
    for axes, group, rows_of_group in zip(grid, view.groups, cloud, strict=False):
        _draw_rest(axes, cloud)
        draw_series(axes, rows_of_group, PALETTE[0], 0.0)
        _frame(axes, view, limits, room=3)
        end = _end(view, group)
        label = f"{view.group(group)}  {NONE}" if end is None else _end_label(view, group, end[0])
        axes.set_title(wrap(label, 26), fontsize=SMALL)
    _hide_unused(grid, len(view.groups), columns)
    figure.supylabel(view.say("axis_index"), fontsize=SMALL)
    foot = (*_feet(view, limits), view.say("foot_rest"), _without_figures(view))
    titles(figure, *_index_titles(view), _joined(view, foot))
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
    axes.set_xlabel(view.say("axis_index"))
    foot = _joined(view, (_foot_moe(view), _foot_axis(view, limits, "foot_axis_across")))
    titles(figure, *_index_titles(view), foot)
    return figure


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
        _draw_rest(axes, behind)
        for one, dodge in zip(front, _dodges(len(front), 0.08), strict=True):
            draw_series(axes, view.series(name, one), looks[one], dodge)
        _frame(axes, view, limits, room=3)
        axes.set_title(wrap(view.construct(name), 28))
    _hide_unused(grid, len(names), columns)
    figure.supylabel(view.say("axis_index"), fontsize=SMALL)
    _construct_titles(figure, view, looks, group, _feet(view, limits))
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
    axes.set_xlabel(view.say("axis_index"))
    feet = (_foot_moe(view), _foot_axis(view, limits, "foot_axis_across"))
    _construct_titles(figure, view, looks, group, feet)
    return figure


def draw_series(axes: Axes, rows: pd.DataFrame, look: Shade, dodge: float) -> None:
    """Draw index and margins of error of one group; a year without figure is a gap."""
    places = np.arange(len(rows)) + dodge
    axes.errorbar(
        places,
        rows["index"].to_numpy(float),
        yerr=rows["moe"].to_numpy(float),
        color=look.colour,
        marker=look.marker,
        elinewidth=1.1,
        capsize=2.5,
        zorder=3,
    )


def _draw_rest(axes: Axes, series: Sequence[pd.DataFrame]) -> None:
    if not series:
        return
    gap = [np.nan]
    years = np.concatenate([[*range(len(rows)), np.nan] for rows in series])
    index = np.concatenate([[*rows["index"].to_numpy(float), *gap] for rows in series])
    axes.plot(years, index, color=REST, linewidth=0.7, zorder=1)


def _name_lines(figure: Figure, axes: Axes, view: View, looks: Mapping[str, Shade]) -> None:
    """Write each group's name beside the end of its line, pushed apart where they would touch."""
    ends = {group: _end(view, group) for group in looks}
    shown = {group: end for group, end in ends.items() if end is not None}
    high = axes.get_window_extent().height / figure.dpi * 72
    low_value, high_value = axes.get_ylim()
    points = high / (high_value - low_value)
    texts = {group: wrap(_end_label(view, group, year), 24) for group, (year, _) in shown.items()}
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


def _end(view: View, group: str) -> tuple[int, float] | None:
    index = view.series(view.index_name, group)["index"].to_numpy(float)
    there = np.flatnonzero(np.isfinite(index))
    return (int(there[-1]), float(index[there[-1]])) if len(there) else None


def _end_label(view: View, group: str, year: int) -> str:
    index = view.series(view.index_name, group)["index"].iloc[year]
    when = "" if year == len(view.years) - 1 else f" ({view.year(view.years[year])})"
    name = "" if view.one_group and group == "all" else view.group(group) + "  "
    return f"{name}{number(index)}{when}"


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
    foot = _joined(view, (*feet, foot_top(view, looks)))
    titles(figure, title, foot, keys=group_keys(view, looks))


def group_keys(view: View, looks: Mapping[str, Shade]) -> list[Line2D]:
    """Return the legend that names the groups in colour; none for a single group."""
    if len(looks) < 2:
        return []
    return [
        Line2D([], [], color=look.colour, marker=look.marker, label=wrap(view.group(group), 30))
        for group, look in looks.items()
        if look.front
    ]


def foot_top(view: View, looks: Mapping[str, Shade]) -> str:
    """Say which groups are in colour, where not all are."""
    front = sum(look.front for look in looks.values())
    if GREY not in looks.values():
        return ""
    return view.say("foot_top", count=front, year=view.year_in_words(view.years[-1]))


def _frame(axes: Axes, view: View, limits: tuple[float, float], room: int) -> None:
    year_ticks(axes, tuple(view.year(year) for year in view.years), room)
    axes.set_ylim(*limits)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10], min_n_ticks=3))


def _index_titles(view: View) -> tuple[str]:
    name = view.construct(view.index_name)
    if len(view.years) > 1:
        return (view.say("chart_index", index=name, year=view.key_label("year").lower()),)
    return (view.say("chart_index_one", index=name, year=view.year_in_words(view.years[0])),)


def _foot_moe(view: View) -> str:
    return view.say("foot_moe", level=percent(view.yearly.metric.level))


def _foot_axis(view: View, limits: tuple[float, float], key: str = "foot_axis") -> str:
    if limits == (0.0, 100.0):
        return ""
    return view.say(key, low=f"{limits[0]:g}", high=f"{limits[1]:g}")


def _feet(view: View, limits: tuple[float, float]) -> tuple[str, ...]:
    return (_joined(view, (_foot_moe(view), _foot_axis(view, limits))),)


def _joined(view: View, sentences: Sequence[str]) -> str:
    return ("" if view.language == "zh" else " ").join(text for text in sentences if text)


def _without_figures(view: View) -> str:
    hidden = [group for group in view.groups if _end(view, group) is None]
    if not hidden:
        return ""
    if len(hidden) > FEW:
        return view.say("foot_hidden_many", count=len(hidden))
    mark = "、" if view.language == "zh" else ", "
    return view.say("foot_hidden", groups=mark.join(view.group(group) for group in hidden))


def _dodges(count: int, step: float) -> list[float]:
    return [step * (place - (count - 1) / 2) for place in range(count)]


def _hide_unused(grid: Sequence[Axes], used: int, columns: int) -> None:
    """Blank the panels that are left over; the ones above them name their years."""
    for place, axes in enumerate(grid[used:], start=used):
        axes.set_axis_off()
        grid[place - columns].tick_params(labelbottom=True)
