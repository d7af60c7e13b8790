"""The headline figures as a table in the terminal."""

from __future__ import annotations

import math

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as Words

from csi.index.values import YearlyIndex
from csi.report.numbers import NONE, chance, count, interval, number, p_value, percent, signed
from csi.report.remarks import move
from csi.report.terminal_more import show_more
from csi.report.view import Row, View
from csi.text import Language

_ROWS = 42
"""More rows than this are cut down to the last year."""


def show(yearly: YearlyIndex, console: Console, language: Language = "en") -> None:
    """Print index, margin of error, n and change of each group and year, then the notes.

    Between them, where the figures have such tables: the league table of the last year, the
    parts of the last change, and the aggregates.

    A star marks a change larger than chance explains at the level of the figures; a figure
    that is not published is a dash with its reason. Of a long table only the last year is
    printed, and the table says so.

    Parameters
    ----------
    yearly : YearlyIndex
    console : rich.console.Console
    language : Language
    """
    view = View(yearly, language)
    years = view.years
    cut = len(years) * len(view.groups) > _ROWS
    console.print(_headline(view, years[-1:] if cut else years))
    level = yearly.metric.level
    words = view.say("t_legend", alpha=chance(level), level=percent(level))
    console.print(words, style="dim", markup=False)
    if cut:
        words = view.say("t_latest", year=view.year_in_words(years[-1]))
        console.print(words, style="dim", markup=False)
    show_more(view, console)
    for note in yearly.notes:
        console.print(f"- {view.told(note)}", markup=False, highlight=False)


def _headline(view: View, years: tuple[str, ...]) -> Table:
    grouped = not (view.one_group and view.groups[0] == "all")
    title = view.construct(view.index_name)
    drawn = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    if grouped:
        drawn.add_column(view.key_label("group"), max_width=24, overflow="fold")
    drawn.add_column(view.key_label("year"), no_wrap=True)
    level = percent(view.yearly.metric.level)
    heads = [view.say("index"), "±", *(view.say(key) for key in ("n", "change"))]
    for head in (*heads, view.say("interval", level=level), view.say("p_value")):
        drawn.add_column(head, justify="right", no_wrap=True)
    drawn.add_column(view.say("note"), overflow="fold", ratio=1)
    for group in view.groups:
        by_year = view.by_year(view.index_name, group)
        for place, year in enumerate(years):
            cells = _cells(view, by_year[year], year)
            name = view.group(group) if place == 0 else ""
            drawn.add_row(*([Words(name)] if grouped else []), *cells)
        if len(years) > 1:
            drawn.add_section()
    return drawn


def _cells(view: View, row: Row, year: str) -> list[Words]:
    change = interval(row["change_lower"], row["change_upper"])
    star = "*" if move(row, view.yearly.metric.level) in ("rose", "fell") else " "
    cells = [
        view.year(year),
        number(row["index"]),
        number(row["moe"]),
        count(row["n"]),
        signed(row["change"]) + star if math.isfinite(row["change"]) else NONE + " ",
        change,
        p_value(row["p_value"]),
        view.told(row["note"]),
    ]
    return [Words(cell) for cell in cells]
