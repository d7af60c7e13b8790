"""The chart of scores: one small histogram a group, year or construct."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.answer_rows import shares
from csi.report.canvas import canvas_of
from csi.report.captions import joined
from csi.report.hover import tip
from csi.report.lettering import wrap
from csi.report.numbers import count, number, percent, share, with_margin
from csi.report.score_rows import ScoreRow, chosen_scores
from csi.report.style import FAINT, FEW, INK, PALETTE, REST, SMALL, Shade, drawing, shades
from csi.report.view import View
from csi.text import Language

MOST_ROWS = 60
"""Rows drawn; the others are in the tables."""

_ROOM = 0.78
"""Height of the tallest column, where the next row begins at 1."""
_BELOW = 0.14
"""How far mean and quartiles stand below the columns."""


def score_distribution(
    yearly: YearlyIndex,
    *,
    construct: str | None = None,
    year: str | None = None,
    group: str | None = None,
    over: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Figure:
    """Draw how the 0-100 scores of respondents are distributed.

    Parameters
    ----------
    yearly : YearlyIndex
        With the tables ``score_shares`` and ``score_summary``, see
        `csi.run.distributions.with_distributions`.
    construct : str, optional
        The index where not given.
    year, group : str, optional
        The last year, and the first group with a fit, where not given.
    over : {"groups", "years", "constructs"}, optional
        What the rows are; where not given the groups if there are several and none is named,
        else the years, else the constructs.
    language : Language
    ax : Axes, optional
        Where to draw; a figure of its own where not given.

    Returns
    -------
    Figure
        A row each: columns of ten points, below them the mean with its margin of error on the
        range of the middle half.

    Raises
    ------
    ReportError
        No such tables; unknown construct, year, group or `over`; Chinese text and no font for it.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    rows, title, kind = chosen_scores(view, construct, year, group, over)
    shown = rows[:MOST_ROWS]
    with drawing(language):
        canvas = canvas_of(ax, 8.5, 1.9 + (0.58 if len(shown) <= 12 else 0.46) * max(len(shown), 2))
        axes = canvas.panel()
        tallest = max(
            (band["share"] for row in shown if row.there for band in row.bands), default=1.0
        )
        for place, row in enumerate(shown):
            if row.there:
                _columns(axes, view, row, place, _ROOM / tallest, _look(view, row, kind))
                _mean(axes, view, row, place + _BELOW)
            else:
                words = view.told(row.bands[0]["note"])
                axes.text(50, place, words, ha="center", va="center", fontsize=SMALL, color=FAINT)
        _frame(axes, view, shown)
        foot = [_foot(view, shown, tallest)]
        if len(shown) < len(rows):
            foot.append(view.say("foot_first_rows", shown=len(shown), all=len(rows)))
        canvas.titled(title, joined(view, foot))
        return canvas.done()


def _look(view: View, row: ScoreRow, kind: str) -> Shade:
    """Return the look of a row: groups have that of the other charts while they are few."""
    if kind == "groups" and len(view.groups) <= FEW:
        return shades(view)[row.key]
    return PALETTE[0]


def _columns(axes: Axes, view: View, row: ScoreRow, place: int, scale: float, look: Shade) -> None:
    """Draw the bands of one row as columns that stand on it."""
    for band in row.bands:
        least, below = float(band["least"]), float(band["below"])
        drawn = axes.bar(
            least, -scale * band["share"], bottom=place, width=below - least, align="edge",
            color=look.colour, alpha=0.55, edgecolor="white", linewidth=0.8, zorder=2,
        )  # fmt: skip
        told = view.say(
            "tip_band",
            label=row.label,
            least=f"{least:g}",
            below=f"{below:g}",
            share=share(band["share"]),
            interval=shares(band["lower"], band["upper"]),
            count=count(band["count"]),
            n=count(band["n"]),
        )
        tip(drawn.patches[0], told)
    axes.plot([0, 100], [place, place], color="#8C8C8C", linewidth=0.7, zorder=3)


def _mean(axes: Axes, view: View, row: ScoreRow, level: float) -> None:
    """Draw mean, margin of error and the middle half of a row below its columns."""
    here = row.summary
    axes.plot([here["q1"], here["q3"]], [level, level], color=REST, linewidth=4, zorder=2,
              solid_capstyle="butt")  # fmt: skip
    axes.plot([here["lower"], here["upper"]], [level, level], color=INK, linewidth=1.6, zorder=3)
    (dot,) = axes.plot([here["mean"]], [level], color=INK, marker="o", markersize=4.5, zorder=4)
    words = with_margin(here["mean"], here["moe"])
    told = view.say(
        "tip_mean",
        label=row.label,
        mean=words,
        n=count(here["n"]),
        **{name: number(here[name]) for name in ("q1", "median", "q3")},
    )
    tip(dot, told)
    axes.annotate(
        words, (1.0, level - _BELOW), xycoords=("axes fraction", "data"), xytext=(4, 2),
        textcoords="offset points", fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip


def _frame(axes: Axes, view: View, rows: Sequence[ScoreRow]) -> None:
    """Set names and scale."""
    axes.set_yticks(range(len(rows)), [wrap(row.label, 36) for row in rows])
    axes.set_ylim(len(rows) - 0.65, -0.95)
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 10))
    axes.set_xlabel(view.say("axis_score"))
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _foot(view: View, rows: Sequence[ScoreRow], tallest: float) -> str:
    """Say what is drawn, and how many respondents have no score."""
    without = [row.summary["without_share"] for row in rows if row.there]
    least, most = (share(end) for end in (min(without, default=0.0), max(without, default=0.0)))
    gone = least if least == most else f"{least}–{most}"
    level = percent(view.yearly.metric.level)
    parts = (
        view.say("foot_scores", share=share(tallest), level=level),
        view.say("foot_scores_mean", without=gone),
    )
    return joined(view, parts)
