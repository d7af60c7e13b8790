"""The chart of one construct over the years with the breaks of its series marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from csi.compare.series import Series
from csi.errors import Fault, ReportError
from csi.index.values import YearlyIndex
from csi.report.canvas import canvas_of
from csi.report.chart_tips import stated
from csi.report.hover import tips_at
from csi.report.lettering import wrap
from csi.report.numbers import percent
from csi.report.panels import dodges
from csi.report.style import (
    FAINT,
    FEW,
    PALETTE,
    Shade,
    check_axis,
    drawing,
    fitted_limits,
    round_ticks,
    year_ticks,
)
from csi.report.trend_lines import Line, lines_of, lines_of_yearly
from csi.report.view import View
from csi.report.words import check_language, phrase
from csi.text import Language


@dataclass(frozen=True, slots=True)
class _Words:
    """Labels of a chart of trends."""

    language: Language
    title: str
    axis: str
    interval: str


def trend(
    found: Series | Sequence[Series] | YearlyIndex,
    *,
    construct: str | None = None,
    groups: Sequence[str] | None = None,
    labels: YearlyIndex | None = None,
    language: Language = "en",
    axis: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw levels over the years, with lines that stop where levels cannot be compared.

    A dotted vertical stands before each break, and the footer says why it is there.

    Parameters
    ----------
    found : Series, sequence of Series, or YearlyIndex
        Series of one construct, see `csi.series_of`: their breaks are marked, and levels that a
        link has moved have open marks. Of a `YearlyIndex` breaks are where it has figures of two
        years and none of the change.
    construct : str, optional
        Of a `YearlyIndex`; its index where not given.
    groups : sequence of str, optional
        Of a `YearlyIndex`; all of them where not given.
    labels : YearlyIndex, optional
        Whose model and codebook name constructs, groups and years of series; their names stand
        where not given.
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
        Nothing to draw, more than six lines, series of several constructs or of other years;
        unknown names; Chinese text and no font for it.
    OptionError
        Unknown language or axis.
    """
    check_language(language)
    check_axis(axis)
    if isinstance(found, YearlyIndex):
        view = View(found, language)
        name = construct or view.index_name
        view.require("construct", name, tuple(found.model.names))
        own = [view.require("group", group, view.groups) for group in groups or view.groups]
        lines = lines_of_yearly(view, name, own)
        words = _words(view, name, lines, found.metric.level)
    else:
        every = (found,) if isinstance(found, Series) else tuple(found)
        _check_series(every, construct, groups)
        view_or_none = None if labels is None else View(labels, language)
        lines = lines_of(every, view_or_none, language)
        words = _words(view_or_none, every[0].construct, lines, every[0].level, language)
    _check_count(lines)
    with drawing(language):
        return _drawn(lines, words, axis, ax)


def _check_series(
    every: tuple[Series, ...], construct: str | None, groups: Sequence[str] | None
) -> None:
    """Refuse series that cannot be one picture."""
    faults = []
    if not every:
        faults.append(Fault("series", "there is none to draw", "make one with csi.series_of"))
    if len({one.construct for one in every}) > 1:
        names = ", ".join(sorted({one.construct for one in every}))
        faults.append(Fault("series", f"they are of several constructs: {names}", "draw one each"))
    if len({one.periods for one in every}) > 1:
        faults.append(Fault("series", "their periods differ", "take series of one survey"))
    if construct is not None or groups is not None:
        what = "construct and groups choose among the figures of a YearlyIndex"
        faults.append(Fault("construct, groups", what, "a series has its own; leave them out"))
    if faults:
        raise ReportError(faults)


def _check_count(lines: Sequence[Line]) -> None:
    """Refuse more lines than can be told apart."""
    if len(lines) > FEW:
        what = f"{len(lines)} lines cannot be told apart"
        fix = f"name up to {FEW} in groups=..., or use index_over_years, which has a panel for each"
        raise ReportError(Fault("groups", what, fix))


def _words(
    view: View | None,
    construct: str,
    lines: Sequence[Line],
    level: float,
    language: Language = "en",
) -> _Words:
    """Return title and labels."""
    tongue = view.language if view else language
    name = view.construct(construct) if view else construct
    one = len(lines) == 1 and lines[0].label
    key = "trend_title_group" if one else "trend_title"
    title = phrase(key, tongue, construct=name, group=lines[0].label if lines else "")
    interval = phrase("trend_interval", tongue, level=percent(level))
    return _Words(tongue, title, phrase("axis_index", tongue), interval)


def _drawn(
    lines: Sequence[Line], words: _Words, axis: tuple[float, float] | None, ax: Axes | None
) -> Figure:
    canvas = canvas_of(ax, 9.0, 4.8)
    axes = canvas.panel()
    every = np.concatenate([np.concatenate([line.lower, line.upper, line.index]) for line in lines])
    limits = axis or fitted_limits(every)
    for line, look, dodge in zip(lines, PALETTE, dodges(len(lines), 0.05), strict=False):
        _draw_line(axes, line, look, dodge)
    for place in sorted({place for line in lines for place, _ in line.breaks}):
        axes.axvline(place - 0.5, color=FAINT, linestyle=":", linewidth=1.3, zorder=1)
    year_ticks(axes, lines[0].years, 12)
    axes.set_ylim(*limits)
    axes.yaxis.set_major_locator(round_ticks())
    axes.set_ylabel(words.axis)
    keys = []
    if len(lines) > 1:
        keys = [
            Line2D([], [], color=look.colour, marker=look.marker, label=wrap(line.label, 30))
            for line, look in zip(lines, PALETTE, strict=False)
        ]
    canvas.titled(words.title, *_feet(lines, words, limits), keys=keys)
    return canvas.done()


def _draw_line(axes: Axes, line: Line, look: Shade, dodge: float) -> None:
    """Draw one line, a stroke for each segment, and its points with intervals."""
    places = np.arange(len(line.years)) + dodge
    for number in sorted(set(line.segments)):
        own = [k for k, segment in enumerate(line.segments) if segment == number]
        axes.plot(places[own], line.index[own], color=look.colour, zorder=3)
    for k, said in enumerate(line.tips):
        if not np.isfinite(line.index[k]):
            continue
        if np.isfinite(line.lower[k]) and np.isfinite(line.upper[k]):
            axes.vlines(places[k], line.lower[k], line.upper[k], color=look.colour, linewidth=1.1)
        axes.plot(
            [places[k]],
            [line.index[k]],
            linestyle="",
            marker=look.marker,
            color=look.colour,
            markerfacecolor="white" if line.moved[k] else look.colour,
            zorder=4,
        )
        tips_at(axes, [places[k]], [line.index[k]], [said])


def _feet(lines: Sequence[Line], words: _Words, limits: tuple[float, float]) -> tuple[str, ...]:
    """Return the footer: intervals, axis, links, and the reason of every break."""

    def say(key: str, **values: object) -> str:
        return phrase(key, words.language, **values)

    space = "" if words.language == "zh" else " "
    shown = (
        ""
        if limits == (0.0, 100.0)
        else say("foot_axis", low=f"{limits[0]:g}", high=f"{limits[1]:g}")
    )
    moved = say("trend_linked") if any(any(line.moved) for line in lines) else ""
    first = space.join(part for part in (words.interval, shown, moved) if part)
    reasons: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        for place, reason in line.breaks:
            reasons.setdefault((line.years[place], reason), []).append(line.label)
    mark = "；" if words.language == "zh" else "; "
    comma = "，" if words.language == "zh" else ", "
    told = []
    for (year, reason), who in reasons.items():
        names = [] if len(who) == len(lines) else [comma.join(who)]
        told.append(stated(comma.join([year, *names]), reason, words.language))
    return (first, say("trend_breaks", breaks=mark.join(told)) if told else "")
