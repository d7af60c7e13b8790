"""The charts of answers, scores and changes of a report, each with the words that stand for it."""

from __future__ import annotations

from collections.abc import Sequence

from csi.report.answer_rows import AnswerRow
from csi.report.answers_chart import answers_chart, chosen
from csi.report.change_sheets import group_label
from csi.report.chart import Chart, numbered
from csi.report.numbers import share, signed, with_margin
from csi.report.path_chart import first_group
from csi.report.score_rows import chosen_scores
from csi.report.scores_chart import score_distribution
from csi.report.view import View
from csi.report.waterfall_chart import waterfall
from csi.report.waterfall_rows import KINDS, change_of, changes_there

MOST_GROUPS = 4
"""Up to this many groups each has its own chart; of more, only the first."""


def answer_charts(view: View) -> list[Chart]:
    """Return the answers to all items by group, and those to the first item of the index.

    The latter over the groups in the last year, or over the years where there is one group. None
    where the figures have no table of answers.
    """
    if "answers" not in view.yearly.tables or view.yearly.tables["answers"].empty:
        return []
    frame, language = view.yearly.tables["answers"], view.language
    year = view.latest(frame)
    groups = _groups(view, year)
    charts = []
    for place, group in enumerate(groups):
        rows, title = chosen(view, year, group, None)
        if not any(row.there for row in rows):
            continue
        figure = answers_chart(view.yearly, year=year, group=group, language=language)
        name = numbered("answers", place, len(groups), group)
        label = "" if view.one_group else view.group(group)
        charts.append(
            Chart(
                name,
                "answers",
                _alt_answers(view, title, rows),
                figure,
                group=label,
                year=view.year(year),
                note=_left_out(view, len(groups)),
            )
        )
    item = _index_item(view, set(frame["item"]))
    if item and not (view.one_group and len(view.years) == 1):
        rows, title = chosen(view, None, None, item)
        figure = answers_chart(view.yearly, item=item, language=language)
        charts.append(Chart("answers_index", "answers", _alt_answers(view, title, rows), figure))
    return charts


def score_charts(view: View) -> list[Chart]:
    """Return the distribution of scores of the index, and of all constructs of the first group.

    None where the figures have no table of scores.
    """
    tables = view.yearly.tables
    if "score_shares" not in tables or not tables["score_shares"]["share"].notna().any():
        return []
    over = ["constructs"]
    if not view.one_group:
        over.insert(0, "groups")
    elif len(view.years) > 1:
        over.insert(0, "years")
    charts = []
    for kind in over:
        rows, title, _ = chosen_scores(view, None, None, None, kind)
        figures = _listed(
            view,
            [
                f"{row.label} {with_margin(row.summary['mean'], row.summary['moe'])}"
                for row in rows
                if row.there
            ],
        )
        alt = view.say("alt_scores", title=title, figures=figures)
        figure = score_distribution(view.yearly, over=kind, language=view.language)
        charts.append(Chart(f"scores_{kind}", "score_shares", alt, figure))
    return charts


def waterfall_charts(view: View) -> list[Chart]:
    """Return what moved the index at the last change: its parts, and the constructs before it.

    For each of a few groups, else for all groups together, or the first of them. None where the
    figures have no table of changes.
    """
    charts = []
    for of in KINDS:
        there = changes_there(view, of)
        if not there:
            continue
        year = max((place[0] for place in there), key=view.years.index)
        groups = [group for when, group in there if when == year]
        if len(groups) > MOST_GROUPS + 1:  # one of them is the total
            groups = ["total"] if "total" in groups else groups[:1]
        for place, group in enumerate(groups):
            change = change_of(view, of, year, group)
            steps = [f"{step.label} {signed(step.points)}" for step in change.steps]
            levels = [f"{label} {with_margin(row['index'], row['moe'])}"
                      for label, row in change.levels]  # fmt: skip
            told = _listed(view, [*levels[:1], *steps, *levels[1:]])
            alt = view.say("alt_waterfall", title=change.title, figures=told)
            figure = waterfall(view.yearly, of=of, year=year, group=group, language=view.language)
            kind = "waterfall" if of == "changes" else "waterfall_constructs"
            name = numbered(kind, place, len(groups), group)
            label = "" if view.one_group else group_label(view, group)
            charts.append(
                Chart(name, "why_changed", alt, figure, group=label, year=view.year(year))
            )
    return charts


def _groups(view: View, year: str) -> list[str]:
    """Return the groups that have a chart of their own."""
    return list(view.groups) if len(view.groups) <= MOST_GROUPS else [first_group(view, year)]


def _left_out(view: View, shown: int) -> str:
    """Say that not every group has a chart, where so."""
    if shown == len(view.groups):
        return ""
    return view.say("foot_first", shown=shown, all=len(view.groups))


def _index_item(view: View, there: set[str]) -> str:
    """Return the first item of the index with a table of answers; empty where it has none."""
    items = view.yearly.model.construct(view.index_name).items
    return next((item for item in items if item in there), "")


def _alt_answers(view: View, title: str, rows: Sequence[AnswerRow]) -> str:
    """Return a chart of answers in words."""
    figures = [f"{row.label} {share(row.part('high'))}" for row in rows if row.there]
    return view.say("alt_answers", title=title, figures=_listed(view, figures))


def _listed(view: View, parts: Sequence[str]) -> str:
    return ("；" if view.language == "zh" else "; ").join(parts)
