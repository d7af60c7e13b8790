"""Dots with bars in named rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from csi.arrays import Array
from csi.report.hover import tips_at
from csi.report.numbers import number
from csi.report.style import SMALL, Shade


@dataclass(frozen=True, slots=True)
class Dots:
    """One set of dots: a value and the half-length of its bar for each row.

    Attributes
    ----------
    values, bars : (k,) NaN where there is none
    look : Shade
    tips : tuple of str, k or none
        What the dots say on hover.
    """

    values: Array
    bars: Array
    look: Shade
    tips: tuple[str, ...] = ()


def dot_rows(axes: Axes, labels: Sequence[str], sets: Sequence[Dots], *, digits: int) -> None:
    """Draw one row a label from the top; sets in colour side by side, grey ones behind.

    The figure stands beside its dot where there is only one set.
    """
    front = [dots for dots in sets if dots.look.front]
    step = 0.7 / max(len(front), 1)
    rows = np.arange(len(labels), dtype=float)
    for dots in sets:
        if not dots.look.front:
            axes.plot(dots.values, rows, linestyle="", marker=".", color=dots.look.colour, zorder=1)
            if dots.tips:
                tips_at(axes, dots.values.tolist(), rows.tolist(), dots.tips, 6)
    for place, dots in enumerate(front):
        heights = rows + step * (place - (len(front) - 1) / 2)
        axes.errorbar(
            dots.values,
            heights,
            xerr=dots.bars,
            linestyle="",
            color=dots.look.colour,
            marker=dots.look.marker,
            elinewidth=1.3,
            capsize=2.5,
            zorder=3,
        )
        if dots.tips:
            tips_at(axes, dots.values.tolist(), heights.tolist(), dots.tips)
    if len(sets) == 1:
        _write_values(axes, sets[0], digits)
    axes.set_yticks(rows, labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")


def _write_values(axes: Axes, dots: Dots, digits: int) -> None:
    for row, (value, bar) in enumerate(zip(dots.values, dots.bars, strict=True)):
        end = value + (bar if np.isfinite(bar) else 0.0)
        there = bool(np.isfinite(value))
        axes.annotate(
            number(value, digits),
            xy=(end if there else 0.0, row),
            xycoords="data" if there else ("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
