"""Lines over years: what the panels of all charts over years are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from csi.arrays import BoolArray
from csi.report.hover import tips_at
from csi.report.numbers import number
from csi.report.style import (
    REST,
    Shade,
    round_ticks,
    year_ticks,
)
from csi.report.view import View


def draw_series(
    axes: Axes, rows: pd.DataFrame, look: Shade, dodge: float, tips: Sequence[str] = ()
) -> None:
    """Draw index and margins of error of one group; `tips` are said on hover, one a year.

    A year without figure is a gap; years that cannot be compared are not joined by a line.
    """
    places, index = np.arange(len(rows)) + dodge, rows["index"].to_numpy(float)
    cuts = np.flatnonzero(cut_off(rows))
    axes.plot(
        np.insert(places, cuts, np.nan),
        np.insert(index, cuts, np.nan),
        color=look.colour,
        marker="",
        zorder=3,
    )
    axes.errorbar(
        places,
        index,
        yerr=rows["moe"].to_numpy(float),
        linestyle="",
        color=look.colour,
        marker=look.marker,
        elinewidth=1.1,
        capsize=2.5,
        zorder=3,
    )
    if tips:
        tips_at(axes, places.tolist(), index.tolist(), tips)


def cut_off(rows: pd.DataFrame) -> BoolArray:
    """(t,) True where there is a figure, and one the year before, but none of the change."""
    there = np.isfinite(rows["index"].to_numpy(float))
    change = np.isfinite(rows["change"].to_numpy(float))
    before = np.concatenate([[False], there[:-1]])
    return np.asarray(there & before & ~change)


def foot_cut(view: View, constructs: Sequence[str], groups: Iterable[str]) -> str:
    """Say what a cut in a line means, where there is one."""
    pairs = product(constructs, groups)
    cut = any(cut_off(view.series(construct, group)).any() for construct, group in pairs)
    return view.say("foot_cut") if cut else ""


def draw_rest(axes: Axes, series: Sequence[pd.DataFrame]) -> None:
    """Draw the other groups as grey lines in one stroke, without their errors."""
    if not series:
        return
    gap = [np.nan]
    years = np.concatenate([[*range(len(rows)), np.nan] for rows in series])
    index = np.concatenate([[*rows["index"].to_numpy(float), *gap] for rows in series])
    axes.plot(years, index, color=REST, linewidth=0.7, zorder=1)


def frame_years(axes: Axes, view: View, limits: tuple[float, float], room: int) -> None:
    """Set years and scale of a panel."""
    year_ticks(axes, tuple(view.year(year) for year in view.years), room)
    axes.set_ylim(*limits)
    axes.yaxis.set_major_locator(round_ticks())


def dodges(count: int, step: float) -> list[float]:
    """Return how far groups stand off their year, so that their bars do not cover each other."""
    return [step * (place - (count - 1) / 2) for place in range(count)]


def hide_unused(grid: Sequence[Axes], used: int, columns: int) -> None:
    """Blank the panels that are left over; the ones above them name their years."""
    for place, axes in enumerate(grid[used:], start=used):
        axes.set_axis_off()
        grid[place - columns].tick_params(labelbottom=True)


def last_point(view: View, group: str) -> tuple[int, float] | None:
    """Return place and index of the last year with a figure, None where there is none."""
    index = view.series(view.index_name, group)["index"].to_numpy(float)
    there = np.flatnonzero(np.isfinite(index))
    return (int(there[-1]), float(index[there[-1]])) if len(there) else None


def label_at_end(view: View, group: str, year: int) -> str:
    """Return a group's name with its last figure, and the year where that is not the last."""
    index = view.series(view.index_name, group)["index"].iloc[year]
    when = "" if year == len(view.years) - 1 else f" ({view.year(view.years[year])})"
    name = "" if view.one_group and group == "all" else view.group(group) + "  "
    return f"{name}{number(index)}{when}"
