"""What a chart of trends draws, from series or from yearly figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.compare.series import Series
from csi.report.chart_tips import group_name, year_tips
from csi.report.note_words import in_words
from csi.report.numbers import count, interval, number
from csi.report.panels import cut_off
from csi.report.view import View, rows_of
from csi.report.words import phrase
from csi.text import Language


@dataclass(frozen=True, slots=True)
class Line:
    """One line over the years.

    Attributes
    ----------
    label : str
        Of the group; empty where there is only one.
    years : tuple of str, t
        Labels of the years.
    index, lower, upper : (t)
        NaN where there is no figure.
    segments : tuple of int, t
        Years of one segment are joined.
    moved : tuple of bool, t
        Whether a link has moved the level.
    breaks : tuple of (place, reason)
        Year in which a segment begins.
    tips : tuple of str, t
    """

    label: str
    years: tuple[str, ...]
    index: Array
    lower: Array
    upper: Array
    segments: tuple[int, ...]
    moved: tuple[bool, ...]
    breaks: tuple[tuple[int, str], ...]
    tips: tuple[str, ...]


def lines_of(series: Sequence[Series], view: View | None, language: Language) -> list[Line]:
    """Return the lines of series, named by `view` where there is one."""
    return [_line(one, view, language, alone=len(series) == 1) for one in series]


def _line(one: Series, view: View | None, language: Language, *, alone: bool) -> Line:
    table = one.segments()
    if view is not None:
        label, years = group_name(view, one.group), tuple(map(view.year, one.periods))
    else:
        label, years = "" if alone and one.group == "all" else one.group, one.periods
    comma = "，" if language == "zh" else ", "
    tips = []
    for year, row in zip(years, rows_of(table), strict=True):
        value = f"{number(row['index'])} {interval(row['lower'], row['upper'])}"
        what = comma.join(part for part in (label, year) if part)
        tips.append(phrase("tip_figure", language, what=what, value=value, n=count(row["n"])))
    reasons = table["break"].tolist()
    return Line(
        label,
        years,
        table["index"].to_numpy(float),
        table["lower"].to_numpy(float),
        table["upper"].to_numpy(float),
        tuple(table["segment"]),
        tuple(table["linked"]),
        tuple((k, _reason(why, view, language)) for k, why in enumerate(reasons) if why),
        tuple(tips),
    )


def _reason(said: str, view: View | None, language: Language) -> str:
    """Return why a segment begins, items by their labels: ``items added: Innovative``."""
    parts = []
    for part in said.split("; "):
        head, _, names = part.partition(": ")
        if head not in ("items added", "items dropped"):
            parts.append(in_words(part, language))
            continue
        listed = [view.item(name) if view else name for name in names.split(", ")]
        items = ("、" if language == "zh" else ", ").join(listed)
        parts.append(phrase(head.replace(" ", "_"), language, items=items))
    return ("；" if language == "zh" else "; ").join(parts)


def lines_of_yearly(view: View, construct: str, groups: Sequence[str]) -> list[Line]:
    """Return the lines of yearly figures; a break is a change that was not given."""
    made = []
    for group in groups:
        table = view.series(construct, group)
        cuts = [int(place) for place in np.flatnonzero(cut_off(table))]
        notes = [view.told(note) for note in table["note"]]
        no_reason = view.say("no_reason")
        made.append(
            Line(
                group_name(view, group),
                tuple(map(view.year, view.years)),
                table["index"].to_numpy(float),
                table["lower"].to_numpy(float),
                table["upper"].to_numpy(float),
                tuple(1 + sum(cut <= place for cut in cuts) for place in range(len(table))),
                (False,) * len(table),
                tuple((cut, notes[cut] or no_reason) for cut in cuts),
                year_tips(view, construct, group),
            )
        )
    return made
