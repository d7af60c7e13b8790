"""The chart of a moderation: lines of simple slopes, and curves, with bands."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.assess.moderation import Moderation
from csi.assess.moderation_tables import simple_slopes, slope_lines, turning_points
from csi.assess.moderation_terms import Term
from csi.report.canvas import canvas_of
from csi.report.chart_tips import estimate
from csi.report.hover import tip
from csi.report.lettering import wrap
from csi.report.numbers import number
from csi.report.style import (
    FAINT,
    PALETTE,
    SMALL,
    Shade,
    drawing,
    round_ticks,
)
from csi.report.view import Row, rows_of
from csi.report.words import check_language
from csi.text import Language, Text

TITLE = Text("What {y} does as {x} rises", "{x}提高时{y}的变化")
TITLES = Text("Interactions and curves", "交互作用与曲线")
INTERACTION = Text("{y}: {x} by {m}", "{y}：{x}×{m}")
CURVE = Text("{y}: curve of {x}", "{y}：{x}的曲线")
POINTS = Text("{name} (0-100)", "{name}（0-100）")
SCORES = Text("{name} (standard deviations)", "{name}（标准差）")
LEVEL = {
    -1.0: Text("low: {at}", "较低：{at}"),
    0.0: Text("average: {at}", "平均：{at}"),
    1.0: Text("high: {at}", "较高：{at}"),
}
OTHER = Text("{sd} sd: {at}", "{sd}个标准差：{at}")
IN_POINTS = Text("{at} points", "{at}分")
IN_SD = Text("{at} sd", "{at}个标准差")
TURN = Text("turns at {at}", "转折点 {at}")
SLOPE = Text("{m}, {label}: slope {slope}", "{m}，{label}：斜率 {slope}")
FOOT = Text(
    "Bands: {level} limits of the mean at each point. Other constructs at their means. Low and "
    "high are one standard deviation below and above the mean. Lines end where the answers do, at "
    "most two standard deviations from the mean.",
    "阴影为各点均值的{level}置信区间，其他潜变量取均值。较低与较高分别指低于、高于均值一个标准差。"
    "线条只画到回答所及之处，且不超出均值上下两个标准差。",
)
COLUMNS = 3
"""Panels side by side."""


def moderation_chart(
    found: Moderation, *, language: Language = "en", ax: Axes | None = None
) -> Figure:
    """Draw the mean of the target against the source of each term.

    An interaction has three lines, for a low, an average and a high moderator; a quadratic effect
    is a curve, with its turning point where that is among the answers. Axes are index points, or
    standard deviations where index points are not defined.

    Parameters
    ----------
    found : Moderation
    language : Language
    ax : Axes, optional
        Where to draw; split into one panel a term where there are several.

    Returns
    -------
    Figure
        That of `ax` where it is given. Without use of pyplot; save it with
        :func:`csi.report.style.picture`.

    Raises
    ------
    OptionError
        Unknown language.
    ReportError
        Where Chinese text has to be drawn and there is no font for it.
    """
    check_language(language)
    lines = slope_lines(found)
    count = len(found.terms)
    columns = 2 if count == 4 else min(COLUMNS, count)
    rows = math.ceil(count / columns)
    with drawing(language):
        canvas = canvas_of(ax, max(3.6 * columns + 0.4, 6.0), 3.3 * rows + 1.3)
        grid = (
            canvas.panels(rows, columns, least=(2.0 * columns, 1.6 * rows))
            if count > 1
            else [canvas.panel()]
        )
        for axes, term in zip(grid, found.terms, strict=False):
            own = lines[(lines["term"] == term.name) & (lines["to"] == term.target)]
            _panel(axes, found, term, own, language, alone=count == 1)
        for axes in grid[count:]:
            axes.set_axis_off()
        title = TITLES.within(language)
        if count == 1:
            title = TITLE.within(language).format(**_labels(found, found.terms[0], language))
        level = f"{found.whole.options.level:.0%}"
        canvas.titled(title, FOOT.within(language).format(level=level))
        return canvas.done()


def _panel(
    axes: Axes,
    found: Moderation,
    term: Term,
    lines: pd.DataFrame,
    language: Language,
    *,
    alone: bool,
) -> None:
    """Draw one term."""
    index = lines[lines["measure"] == "index"]
    in_points = bool(np.isfinite(index["estimate"]).all() and np.isfinite(index["x_points"]).all())
    shown = index if in_points else lines[lines["measure"] == "score"]
    x = "x_points" if in_points else "x"
    labels = _labels(found, term, language)
    slopes = _slopes(found, term, "slope in points" if in_points else "slope")
    for look, style, label, part in _parts(shown, language):
        axes.fill_between(part[x], part["lower"], part["upper"], color=look.colour, alpha=0.15,
                          linewidth=0)  # fmt: skip
        (line,) = axes.plot(
            part[x], part["estimate"], color=look.colour, linestyle=style, label=label
        )
        if label:
            slope = estimate(slopes[float(part["at"].iloc[0])])
            tip(line, SLOPE.within(language).format(m=labels["m"], label=label, slope=slope))
        else:
            tip(line, CURVE.within(language).format(**labels))
    unit = POINTS if in_points else SCORES
    axes.set_xlabel(wrap(unit.within(language).format(name=labels["x"]), 40))
    axes.set_ylabel(wrap(unit.within(language).format(name=labels["y"]), 40))
    axes.xaxis.set_major_locator(round_ticks())
    axes.yaxis.set_major_locator(round_ticks())
    if not alone:
        head = CURVE if term.quadratic else INTERACTION
        axes.set_title(wrap(head.within(language).format(**labels), 44))
    if term.quadratic:
        _mark_turn(axes, found, term, language, in_points=in_points)
    else:
        axes.legend(title=wrap(labels["m"], 30), title_fontsize=SMALL, alignment="left")


def _slopes(found: Moderation, term: Term, measure: str) -> dict[float, Row]:
    """Return the slopes of the lines of a term, by the level of its moderator."""
    table = simple_slopes(found)
    own = (table["term"] == term.name) & (table["to"] == term.target)
    return {float(row["at"]): row for row in rows_of(table[own & (table["measure"] == measure)])}


def _parts(
    lines: pd.DataFrame, language: Language
) -> Iterator[tuple[Shade, str, str, pd.DataFrame]]:
    """Yield look, line style, label and rows of each line, the highest level first."""
    levels = [float(level) for level in lines["at"].unique()]
    if len(levels) == 1:
        yield PALETTE[0], "-", "", lines
        return
    styles = ("-", "--", ":", "-.")
    for place, level in enumerate(reversed(levels)):
        part = lines[lines["at"] == level]
        at = float(part["at_points"].iloc[0])
        shown = (IN_POINTS if np.isfinite(at) else IN_SD).within(language)
        words = LEVEL.get(level, OTHER).within(language)
        label = words.format(
            at=shown.format(at=number(at, 0) if np.isfinite(at) else number(level, 0)), sd=level
        )
        yield PALETTE[place % len(PALETTE)], styles[place % len(styles)], label, part


def _mark_turn(
    axes: Axes, found: Moderation, term: Term, language: Language, *, in_points: bool
) -> None:
    """Mark the turning point where it lies on the curve."""
    table = turning_points(found)
    measure = "turning point in points" if in_points else "turning point"
    row = table[
        (table["term"] == term.name) & (table["to"] == term.target) & (table["measure"] == measure)
    ].iloc[0]
    at = float(row["estimate"])
    low, high = axes.dataLim.intervalx
    if not (row["inside"] and low <= at <= high):
        return
    axes.axvline(at, color=FAINT, linestyle=":", linewidth=1.2)
    axes.annotate(
        TURN.within(language).format(at=number(at, 0 if in_points else 1)),
        (at, 0.02),
        xycoords=axes.get_xaxis_transform(),
        xytext=(-4, 0),
        textcoords="offset points",
        ha="right",
        fontsize=SMALL,
        color=FAINT,
    )


def _labels(found: Moderation, term: Term, language: Language) -> dict[str, str]:
    names = {"x": term.source, "m": term.moderator, "y": term.target}
    return {key: found.model.label(name).within(language) for key, name in names.items()}
