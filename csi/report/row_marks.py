"""Rows of marks with intervals, labels left of them and columns of text right of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from csi.arrays import Array
from csi.report.hover import tips_at
from csi.report.style import FAINT, INK, SMALL, Shade, round_ticks

SHADED = "#E9F2F9"
"""Colour behind rows that are set off."""
HEAD = 14.0
"""Points that the heads of columns take above the axes."""


@dataclass(frozen=True, slots=True)
class Marks:
    """One set of marks, a mark in each row.

    Attributes
    ----------
    values, lower, upper : (k) NaN where there is none
    look : Shade
    tips : tuple of str, k
        What the marks say on hover.
    opened : tuple of bool, k or none
        Marks drawn open.
    """

    values: Array
    lower: Array
    upper: Array
    look: Shade
    tips: tuple[str, ...]
    opened: tuple[bool, ...] = ()


def draw_marks(axes: Axes, heights: Array, marks: Marks) -> None:
    """Draw marks with their intervals at these heights, (k)."""
    look = marks.look
    there = np.isfinite(marks.lower) & np.isfinite(marks.upper)
    axes.hlines(
        heights[there], marks.lower[there], marks.upper[there], color=look.colour, linewidth=1.4
    )
    for k, value in enumerate(marks.values):
        if not math.isfinite(value):
            continue
        opened = bool(marks.opened) and marks.opened[k]
        axes.plot(
            [value],
            [heights[k]],
            linestyle="",
            marker=look.marker,
            color=look.colour,
            markerfacecolor="white" if opened else look.colour,
            zorder=4,
        )
    tips_at(axes, marks.values.tolist(), heights.tolist(), marks.tips)


def frame_rows(axes: Axes, labels: Sequence[str], *, bold: Sequence[int] = ()) -> None:
    """Name the rows from the top, flush left; `bold` are the rows of headings."""
    axes.set_yticks(np.arange(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    texts = axes.get_yticklabels()
    for row in bold:
        texts[row].set_fontweight("bold")
    pixels = max((text.get_window_extent().width for text in texts), default=0.0)
    dots = axes.get_figure(root=True).dpi  # type: ignore[union-attr]
    axes.tick_params(axis="y", pad=6 + pixels * 72 / dots)
    for text in texts:
        text.set_horizontalalignment("left")


def dodged(rows: int, sets: int) -> list[Array]:
    """Return the heights of each of several sets of marks in the same rows."""
    step = 0.72 / max(sets, 1)
    down = np.arange(rows, dtype=np.float64)
    return [np.asarray(down + step * (place - (sets - 1) / 2)) for place in range(sets)]


def columns_right(
    axes: Axes,
    limits: tuple[float, float],
    columns: Sequence[tuple[str, Sequence[str]]],
    inches: Sequence[float],
    wide: float,
) -> None:
    """Write columns of text right of the marks, inside the axes.

    Parameters
    ----------
    axes : Axes
    limits : (low, high)
        Of the marks; the axis goes on to the right of them, without ticks.
    columns : sequence of (head, cells)
    inches : sequence of float
        Width of each column.
    wide : float
        Inches that the axes have.
    """
    share = min(sum(inches) / wide, 0.6)
    low, high = limits
    axes.set_xlim(low, low + (high - low) / (1 - share))
    ticks = [tick for tick in round_ticks().tick_values(low, high) if low <= tick <= high + 1e-9]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    right = 1 - share
    for (head, cells), width in zip(columns, inches, strict=True):
        right += share * width / sum(inches)
        axes.annotate(
            head,
            (right, 1.0),
            xycoords="axes fraction",
            xytext=(0, 3),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=SMALL,
            color=FAINT,
        )
        for row, cell in enumerate(cells):
            axes.text(
                right,
                row,
                cell,
                transform=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                fontsize=SMALL,
                color=INK,
            )
