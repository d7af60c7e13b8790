"""The bars of the chart of answers: where they stand, their colours and the numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex

from csi.report.answer_rows import AnswerRow, points_text, shares
from csi.report.hover import tip
from csi.report.lettering import width, wrap
from csi.report.numbers import count, share
from csi.report.style import FAINT, INK, SMALL
from csi.report.view import Row, View

_LOW = LinearSegmentedColormap.from_list("low", ["#A34700", "#EFB98F"])
_MIDDLE = LinearSegmentedColormap.from_list("middle", ["#E6DFD8", "#DCE1E5"])
_HIGH = LinearSegmentedColormap.from_list("high", ["#8FC1E3", "#00568A"])
_MISSING = "#C9C9C9"
WIDE, _ROW, _LETTER = 9.5, 0.3, 0.074
"""Inches: width of the figure, height of a row of one line, width of a half-width letter."""
_COLUMNS = 44
"""Letters in a line of a label, in half-width columns."""
_NUMBERED = 11
"""Scales of up to so many points have their numbers in the key."""


def colours(row: AnswerRow) -> dict[float, str]:
    """Return the colour of each point of a row's scale: orange, grey and blue by part."""
    found: dict[float, str] = {}
    for name, shade in (("low", _LOW), ("middle", _MIDDLE), ("high", _HIGH)):
        if name not in row.parts:
            continue
        part = row.parts[name]
        inside = [point for point in row.scale if part["least"] <= point <= part["most"]]
        places = np.linspace(0.0, 1.0, len(inside)) if len(inside) > 1 else [0.5]
        found |= {point: to_hex(shade(at)) for point, at in zip(inside, places, strict=True)}
    return found


def _label_width(row: AnswerRow) -> int:
    return max(map(width, wrap(row.label, _COLUMNS).split("\n")))


def heights_of(rows: Sequence[AnswerRow]) -> list[float]:
    """Return the height of each row in rows of one line, that of its construct's name included."""
    lines = [wrap(row.label, _COLUMNS).count("\n") + 1 for row in rows]
    return [
        max(1.0, 0.52 * number + 0.15) + bool(row.head)
        for number, row in zip(lines, rows, strict=True)
    ]


def scales_of(rows: Sequence[AnswerRow]) -> list[tuple[float, ...]]:
    """Return the different answer scales of the rows."""
    return list(dict.fromkeys(row.scale for row in rows if row.there))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the columns of the chart stand, in shares from the middle of the scale.

    Attributes
    ----------
    left, right : float
        Ends of the longest bars.
    low, high : float
        Of the numbers beside them.
    missing : float
        Where the bars of missing answers begin.
    first, last : float
        Ends of the axis.
    """

    left: float
    right: float
    low: float
    high: float
    missing: float
    first: float
    last: float


def _places(rows: Sequence[AnswerRow], room: float) -> _Places:
    """Return where the columns stand in axes of `room` inches."""
    there = [row for row in rows if row.there]
    left = max((row.part("low") + row.part("middle") / 2 for row in there), default=0.5)
    right = max((row.part("high") + row.part("middle") / 2 for row in there), default=0.5)
    gone = max((_missing_of(row) for row in there), default=0.0)
    numbers = (0.55, 1.45, 0.75)  # inches: low, high with its interval, missing
    inch = (left + right + gone) / max(room - sum(numbers), 1.5)
    begin = right + numbers[1] * inch
    return _Places(
        left=-left,
        right=right,
        low=-left - 0.07 * inch,
        high=right + 0.07 * inch,
        missing=begin,
        first=-left - numbers[0] * inch,
        last=begin + gone + numbers[2] * inch,
    )


def draw_answers(axes: Axes, view: View, rows: Sequence[AnswerRow], room: float) -> None:
    """Draw bars, numbers beside them and the key below, in axes of `room` inches."""
    at, level, ticks = _places(rows, room), 0.5, []
    for row, high in zip(rows, heights_of(rows), strict=True):
        if row.head:
            axes.annotate(
                row.head, (0, level + 0.5), xycoords=("axes fraction", "data"), xytext=(-6, 0),
                textcoords="offset points", ha="right", va="center", fontsize=SMALL,
                fontweight="bold",
            )  # fmt: skip
        own = high - bool(row.head)
        level += high
        ticks.append(level - own / 2)
        _line(axes, view, row, ticks[-1], at)
    _heads(axes, view, rows, at)
    axes.vlines(0.0, 0.5, level, color="#8C8C8C", linewidth=0.7, zorder=1)
    scales = scales_of(rows)
    _keys(axes, view, rows, level - 0.5, at)
    axes.set_yticks(ticks, [wrap(row.label, _COLUMNS) for row in rows])
    axes.set_xlim(at.first, at.last)
    axes.set_ylim(level + 0.2 + 1.5 * len(scales), -0.4)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _line(axes: Axes, view: View, row: AnswerRow, level: float, at: _Places) -> None:
    """Draw one row with its numbers, or say why there are none."""
    if not row.there:
        note = view.told(row.points[0]["note"])
        axes.annotate(note, (0, level), ha="center", va="center", fontsize=SMALL, color=FAINT)
        return
    _bar(axes, view, row, level)
    _numbers(axes, view, row, level, at)
    _missing(axes, view, row, level, at.missing)


def _bar(axes: Axes, view: View, row: AnswerRow, level: float) -> None:
    """Draw the points of one row from left to right."""
    at = -(row.part("low") + row.part("middle") / 2)
    look = colours(row)
    for point in row.points:
        wide = float(point["share"])
        if wide <= 0:
            continue
        drawn = axes.barh(
            level, wide, left=at, height=0.72, color=look[point["answer"]],
            edgecolor="white", linewidth=0.5, zorder=2,
        )  # fmt: skip
        tip(drawn.patches[0], _told(view, "tip_answer", row, point, answer=f"{point['answer']:g}"))
        at += wide


def _told(view: View, key: str, row: AnswerRow, cell: Row, **more: str) -> str:
    """Return what a share says on hover."""
    return view.say(
        key,
        label=row.label,
        share=share(cell["share"]),
        interval=shares(cell["lower"], cell["upper"]),
        count=count(cell["count"]),
        n=count(cell["n"]),
        **more,
    )


def _numbers(axes: Axes, view: View, row: AnswerRow, level: float, at: _Places) -> None:
    """Write the shares of the parts: low at the left, middle inside, high with its interval."""
    places = {"low": (at.low, "right"), "middle": (0.0, "center"), "high": (at.high, "left")}
    for name, (x, side) in places.items():
        if name not in row.parts:
            continue
        part = row.parts[name]
        words = share(part["share"])
        if name == "high":
            words += f"  {shares(part['lower'], part['upper'])}"
        elif name == "middle" and part["share"] < 0.07:
            continue
        text = axes.text(x, level, words, ha=side, va="center", fontsize=SMALL, zorder=3)
        points = points_text(part["least"], part["most"])
        named = view.say("part_points", part=view.say(f"part_{name}"), points=points)
        tip(text, _told(view, "tip_part", row, part, part=named))


def _missing_of(row: AnswerRow) -> float:
    return float(row.points[0]["missing_share"])


def _missing(axes: Axes, view: View, row: AnswerRow, level: float, begin: float) -> None:
    """Draw the share without an answer at the right, on the same scale."""
    wide, words = _missing_of(row), share(_missing_of(row))
    drawn = axes.barh(
        level, wide, left=begin, height=0.5, color=_MISSING, hatch="////", edgecolor="white",
        linewidth=0.0, zorder=2,
    )  # fmt: skip
    told = view.say(
        "tip_no_answer", label=row.label, share=words, asked=count(row.points[0]["asked"])
    )
    tip(drawn.patches[0], told)
    axes.annotate(
        words, (begin + wide, level), xytext=(3, 0), textcoords="offset points", va="center",
        fontsize=SMALL, color=FAINT,
    )  # fmt: skip


def _heads(axes: Axes, view: View, rows: Sequence[AnswerRow], at: _Places) -> None:
    """Name the columns of numbers, with the points where all scales are the same."""
    there = [row for row in rows if row.there]
    same, level = len(scales_of(rows)) == 1, 0.1
    for name, x, side in (
        ("low", at.low, "right"), ("middle", 0.0, "center"), ("high", at.high, "left")
    ):  # fmt: skip
        words = view.say(f"part_{name}")
        if same and name not in there[0].parts:
            continue
        if same:
            part = there[0].parts[name]
            points = points_text(part["least"], part["most"])
            words = view.say("part_points", part=words, points=points)
        axes.text(x, level, words, ha=side, va="center", fontsize=SMALL, color=FAINT)
    axes.text(at.missing, level, view.say("no_answer_head"), va="center", fontsize=SMALL,
              color=FAINT)  # fmt: skip


def _keys(axes: Axes, view: View, rows: Sequence[AnswerRow], level: float, at: _Places) -> None:
    """Draw the points of each scale in their colours below the bars, with the words at its ends."""
    ends = (at.left, at.right)
    for place, scale in enumerate(scales_of(rows)):
        own = [row for row in rows if row.there and row.scale == scale]
        look, y = colours(own[0]), level + 1.5 * (place + 1)
        wide = (ends[1] - ends[0]) / len(scale)
        for number, point in enumerate(scale):
            begin = ends[0] + number * wide
            axes.barh(
                y,
                wide,
                left=begin,
                height=0.62,
                color=look[point],
                edgecolor="white",
                linewidth=0.5,
            )
            if len(scale) <= _NUMBERED or point in (scale[0], scale[-1]):
                dark = point in (scale[0], scale[-1])
                axes.text(
                    begin + wide / 2, y, f"{point:g}", ha="center", va="center", fontsize=SMALL,
                    color="white" if dark else INK,
                )  # fmt: skip
        for words, x, side in zip(_ends_in_words(view, own), ends, ("right", "left"), strict=True):
            shift = -5 if side == "right" else 5
            axes.annotate(
                wrap(words, 18), (x, y), xytext=(shift, 0), textcoords="offset points", ha=side,
                va="center", fontsize=SMALL, color=FAINT,
            )  # fmt: skip


def _ends_in_words(view: View, rows: Sequence[AnswerRow]) -> tuple[str, str]:
    """Return what the ends of a scale mean, where it is the same for all of its items."""
    ends = set()
    for row in rows:
        item = view.yearly.codebook.item(row.item)
        low, high = (label.within(view.language) for label in (item.low_label, item.high_label))
        ends.add((high, low) if item.reversed else (low, high))
    return ends.pop() if len(ends) == 1 else ("", "")


def room_of(rows: Sequence[AnswerRow]) -> float:
    """Return the inches left for the axes beside the labels."""
    return WIDE - 0.3 - _LETTER * max((_label_width(row) for row in rows), default=0)


def height_of_chart(rows: Sequence[AnswerRow]) -> float:
    """Return the inches that a figure of these rows needs."""
    return 1.6 + _ROW * (sum(heights_of(rows)) + 1.5 * len(scales_of(rows)))
