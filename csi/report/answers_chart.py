"""The chart of answers: diverging bars, centred on the middle of the scale."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.answer_bars import WIDE, draw_answers, height_of_chart, room_of
from csi.report.answer_rows import (
    HOW,
    AnswerRow,
    base,
    group_rows,
    item_rows,
    require_table,
    year_rows,
)
from csi.report.canvas import canvas_of, width_of
from csi.report.captions import joined
from csi.report.numbers import percent
from csi.report.path_chart import first_group
from csi.report.style import drawing
from csi.report.view import View
from csi.text import Language

MOST_ROWS = 60
"""Rows drawn; the others are in the tables."""


def answers_chart(
    yearly: YearlyIndex,
    *,
    year: str | None = None,
    group: str | None = None,
    item: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Figure:
    """Draw how the answers are distributed over the scale.

    Without `item` there is one bar an item, in one year and group. With it, one bar a group in one
    year; and where a group is named or there is only one, one bar a year (without `year`).

    Parameters
    ----------
    yearly : YearlyIndex
        With the tables ``answers`` and ``answer_parts``, see
        `csi.run.distributions.with_distributions`.
    year, group : str, optional
        The last year, and the first group with a fit, where not given.
    item : str, optional
        All items of the model where not given.
    language : Language
    ax : Axes, optional
        Where to draw; a figure of its own where not given.

    Returns
    -------
    Figure
        Bars centred on the middle of the scale; low answers in orange on the left, high ones in
        blue on the right, each point a shade of its own; at the right the share of missing answers.

    Raises
    ------
    ReportError
        No such tables, unknown year, group or item; Chinese text and no font for it.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    rows, title = chosen(view, year, group, item)
    shown = rows[:MOST_ROWS]
    with drawing(language):
        canvas = canvas_of(ax, WIDE, height_of_chart(shown))
        room = room_of(shown) if ax is None else width_of(ax)
        draw_answers(canvas.panel(), view, shown, room)
        foot = [
            view.say("foot_answers", base=base(view, shown), level=percent(yearly.metric.level)),
            view.say("foot_no_answer"),
        ]
        if len(shown) < len(rows):
            foot.append(view.say("foot_first_rows", shown=len(shown), all=len(rows)))
        canvas.titled(title, joined(view, foot))
        return canvas.done()


def chosen(
    view: View, year: str | None, group: str | None, item: str | None
) -> tuple[list[AnswerRow], str]:
    """Return the rows and the title of a chart of answers.

    Raises
    ------
    ReportError
        No such tables; unknown year, group or item.
    """
    frame = require_table(view, "answers", HOW)
    if year is not None:
        view.require("year", year, view.years)
    if group is not None:
        view.require("group", group, view.groups)
    if item is not None:
        view.require("item", item, tuple(dict.fromkeys(frame["item"])))
    when = year or view.latest(frame)
    words = view.year_in_words(when)
    if item is None:
        who = group or first_group(view, when)
        key = "chart_answers" if who == "all" else "chart_answers_group"
        return item_rows(view, when, who), view.say(key, year=words, group=view.group(who))
    label = view.item(item)
    if year is None and (group is not None or view.one_group) and len(view.years) > 1:
        who = group or view.groups[0]
        key = "chart_answers_years" if who == "all" else "chart_answers_years_group"
        return year_rows(view, item, who), view.say(key, item=label, group=view.group(who))
    rows = group_rows(view, item, when)
    if group is not None:
        rows = [row for row in rows if row.points[0]["group"] == group]
    return rows, view.say("chart_answers_groups", item=label, year=words)
