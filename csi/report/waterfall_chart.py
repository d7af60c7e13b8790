"""The chart of a change: how its parts lead from one level to the next."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.canvas import canvas_of
from csi.report.captions import joined
from csi.report.hover import tip
from csi.report.lettering import wrap
from csi.report.numbers import interval, percent, signed, with_margin
from csi.report.style import FAINT, INK, PALETTE, REST, SMALL, drawing, round_ticks
from csi.report.view import Row, View
from csi.report.waterfall_rows import Change, Step, change_of
from csi.text import Language


def waterfall(
    yearly: YearlyIndex,
    *,
    of: str = "changes",
    year: str | None = None,
    group: str | None = None,
    items: bool = False,
    language: Language = "en",
    ax: Axes | None = None,
) -> Figure:
    """Draw how the parts of a change lead from the index before to the index after.

    Parameters
    ----------
    yearly : YearlyIndex
        With the table ``changes`` or ``contributions``, as from a run with `change_split`.
    of : {"changes", "contributions"}
        Performance, weights, items asked and mix of groups; or the constructs before the index.
    year : str, optional
        The year after; the last one with a change where not given.
    group : str, optional
        A group, or ``total`` for all together; the total, else the first group, where not given.
    items : bool
        Performance item by item (``changes`` only).
    language : Language
    ax : Axes, optional
        Where to draw; a figure of its own where not given.

    Returns
    -------
    Figure
        Levels as dots with margins of error, parts as bars that begin where the one above ends,
        with their intervals. All groups together have no level: the bars start at zero.

    Raises
    ------
    ReportError
        No such table, unknown year, group or kind, no change in that year; Chinese text and no
        font for it.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    change = change_of(view, of, year, group, items=items)
    with drawing(language):
        canvas = canvas_of(ax, 8.5, 1.9 + 0.38 * (len(change.steps) + len(change.levels)))
        _draw(canvas.panel(), view, change)
        level, total = percent(yearly.metric.level), signed(change.total["points"])
        whole = interval(change.total["lower"], change.total["upper"])
        foot = [view.say("foot_waterfall", level=level, change=total, interval=whole)]
        if of == "contributions":
            foot.append(view.say("foot_contributions"))
        canvas.titled(change.title, joined(view, foot), *_notes(view, change))
        return canvas.done()


def _notes(view: View, change: Change) -> list[str]:
    """Return what is to be known of the change and its parts, one line each."""
    mark = "：" if view.language == "zh" else ": "
    total = (view.say("part_total"), change.total)
    rows = dict([(step.label, step.row) for step in change.steps] + [total])
    return [f"{label}{mark}{view.told(row['note'])}" for label, row in rows.items() if row["note"]]


def _draw(axes: Axes, view: View, change: Change) -> None:
    """Draw the level before, the parts, and the level after, from the top."""
    labels, held = [], [change.steps[0].start] if change.steps else [0.0]
    if change.levels:
        held += _level(axes, *change.levels[0], 0)
        labels.append(change.levels[0][0])
    for step in change.steps:
        held += _step(axes, step, len(labels))
        labels.append(step.label)
    if change.levels:
        held += _level(axes, *change.levels[1], len(labels))
        labels.append(change.levels[1][0])
    else:
        axes.axvline(0.0, color=FAINT, linewidth=0.8, zorder=1)
    low, high = min(held), max(held)
    room = 0.06 * max(high - low, 0.5)
    axes.set_xlim(low - room, high + 3 * room)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_yticks(range(len(labels)), [wrap(label, 36) for label in labels])
    axes.xaxis.set_major_locator(round_ticks())
    axes.set_xlabel(view.say("axis_index" if change.levels else "axis_change"))
    axes.grid(visible=False, axis="y")


def _level(axes: Axes, label: str, row: Row, place: int) -> list[float]:
    """Draw the index of a year with its margin, and return the ends."""
    value, margin = float(row["index"]), float(row["moe"])
    margin = margin if math.isfinite(margin) else 0.0
    axes.plot([value - margin, value + margin], [place, place], color=INK, linewidth=1.3, zorder=3)
    (dot,) = axes.plot([value], [place], color=INK, marker="o", markersize=6, zorder=4)
    words = with_margin(value, float(row["moe"]))
    tip(dot, f"{label}: {words}")
    axes.annotate(words, (value + margin, place), xytext=(5, 0), textcoords="offset points",
                  va="center", fontsize=SMALL, fontweight="bold")  # fmt: skip
    return [value - margin, value + margin]


def _step(axes: Axes, step: Step, place: int) -> list[float]:
    """Draw one part from where it begins to where it leads, and return the ends."""
    look = PALETTE[0] if step.points >= 0 else PALETTE[1]
    drawn = axes.barh(
        place, step.points, left=step.start, height=0.55, color=look.colour, alpha=0.75, zorder=2
    )
    words = signed(step.points)
    limits = interval(float(step.row["lower"]), float(step.row["upper"]))
    tip(drawn.patches[0], f"{step.label}: {words} {limits}")
    for end, side in ((step.start, -1), (step.end, 1)):
        axes.plot([end, end], [place, place + side * 0.72], color=REST, linewidth=1, zorder=1)
    ends = [end for end in step.interval if math.isfinite(end)]
    if ends:
        axes.plot(ends, [place, place], color=INK, linewidth=1.1, marker="|", markersize=6,
                  zorder=3)  # fmt: skip
    reach = max([step.start, step.end, *ends])
    axes.annotate(words, (reach, place), xytext=(5, 0), textcoords="offset points", va="center",
                  fontsize=SMALL, color=look.ink)  # fmt: skip
    return [step.start, step.end, *ends]
