"""The further tables in the terminal: leagues, parts of the last change, aggregates."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as Words

from csi.report.change_sheets import (
    group_label,
    latest_rows,
    parts_there,
    points,
    whole_parts,
)
from csi.report.league_sheets import level_label, node_label, rank_set, weight_share
from csi.report.more_sentences import estimators
from csi.report.numbers import chance, count, number, percent, share, signed, text
from csi.report.remarks import sure
from csi.report.view import Row, View, rows_of

_ROWS = 25
"""More rows than this are cut."""


def show_more(view: View, console: Console) -> None:
    """Print the tables that were asked for, each with what its marks mean.

    Parameters
    ----------
    view : View
    console : rich.console.Console
    """
    tables, level = view.yearly.tables, view.yearly.metric.level
    if "ranks" in tables:
        _print(view, console, _league(view), "ranks.csv")
        words = view.say("t_league", level=percent(level), alpha=chance(level))
        console.print(words, style="dim", markup=False)
        _doubts(view, console)
    if "changes" in tables and len(tables["changes"]):
        _print(view, console, _split(view), "changes.csv")
        _stars(view, console)
        if (tables["changes"]["part"] == "mix").any():
            console.print(view.say("t_together"), style="dim", markup=False)
    if "estimators" in tables:
        for line in estimators(view):
            console.print(line, markup=False)
    if "aggregates" in tables:
        _print(view, console, _aggregates(view), "aggregates.csv")
        _stars(view, console)


def _stars(view: View, console: Console) -> None:
    level = view.yearly.metric.level
    words = view.say("t_stars", alpha=chance(level), level=percent(level))
    console.print(words, style="dim", markup=False)


def _doubts(view: View, console: Console) -> None:
    """Print what the table of leaders notes on the last year, such as ranks that say little."""
    if "leaders" not in view.yearly.tables:
        return
    for row in latest_rows(view, view.yearly.tables["leaders"])[0]:
        if note := view.told(row["note"]):
            console.print(note, style="dim", markup=False)


def _print(view: View, console: Console, made: tuple[Table, list[list[str]]], file: str) -> None:
    """Print a table, of a long one the first rows and how many there are."""
    table, rows = made
    if not any(row[-1] for row in rows):  # no notes
        table.columns.pop()
        rows = [row[:-1] for row in rows]
    for row in rows[:_ROWS]:
        table.add_row(*map(Words, row))
    console.print(table)
    if len(rows) > _ROWS:
        words = view.say("t_cut", shown=_ROWS, all=len(rows), file=file)
        console.print(words, style="dim", markup=False)


def _table(title: str, names: Sequence[str], numbers: Sequence[str], words: str = "") -> Table:
    """Return a table without rows: names to the left, numbers to the right, words at the end."""
    drawn = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in names:
        drawn.add_column(name, max_width=24, overflow="fold")
    for name in numbers:
        drawn.add_column(name, justify="right", no_wrap=True)
    if words:
        drawn.add_column(words, overflow="fold", ratio=1)
    return drawn


def _league(view: View) -> tuple[Table, list[list[str]]]:
    found, year = latest_rows(view, view.yearly.tables["ranks"])
    rows = [
        [
            view.group(row["group"]),
            count(row["rank"]),
            rank_set(row),
            number(row["index"]),
            number(row["moe"]),
            share(row["p_first"]),
            text(row["letters"]),
            signed(row["rank_change"], 0),
            view.told(row["note"]),
        ]
        for row in found
    ]
    say = view.say
    numbers = [*map(say, ("rank", "rank_set", "index")), "±"]
    numbers += map(say, ("p_first", "letters", "rank_change"))
    title = say("cap_league", year=view.year_in_words(year))
    return _table(title, [view.key_label("group")], numbers, say("note")), rows


def _split(view: View) -> tuple[Table, list[list[str]]]:
    found, year = latest_rows(view, view.yearly.tables["changes"])
    by_group = whole_parts(found)
    parts = parts_there(by_group)
    rows = [
        [
            group_label(view, group),
            *(_part(view, own.get(part)) for part in parts[:-1]),
            _padded(points(view, own["total"])),
            view.told(own["total"]["note"]),
        ]
        for group, own in by_group.items()
    ]
    if len(rows) > _ROWS:  # what is cut off is no total
        rows = [*rows[-1:], *rows[:-1]]
    before = view.year_in_words(str(found[0]["compared_with"])) if found else ""
    title = view.say("t_split", before=before, year=view.year_in_words(year))
    names = [view.say(f"part_{part}") for part in parts]
    return _table(title, [view.key_label("group")], names, view.say("note")), rows


def _padded(shown: str) -> str:
    """Return a figure with room for a star, so that columns of numbers stand in line."""
    return shown if shown.endswith("*") else f"{shown} "


def _part(view: View, row: Row | None) -> str:
    """Return a part without its margin, which is in changes.csv."""
    if row is None:
        return ""
    return signed(row["points"]) + _star(view, row["p_value"])


def _aggregates(view: View) -> tuple[Table, list[list[str]]]:
    frame = view.yearly.tables["aggregates"]
    year, index = view.latest(frame), frame["construct"] == view.index_name
    found = rows_of(frame[index & (frame["year"] == year)])
    above = [row for row in found if row["level"] > 0]
    rows = [
        [
            node_label(view, row),
            level_label(view, row),
            weight_share(row),
            number(row["index"]),
            number(row["moe"]),
            signed(row["change"]) + _star(view, row["p_value"]),
            signed(row["relative_change"]),
            view.told(row["note"]),
        ]
        for row in (above if len(found) > _ROWS else found)
    ]
    say = view.say
    numbers = [say("node_share"), say("index"), "±", say("change"), say("relative_change")]
    title = say("cap_aggregates", year=view.year_in_words(year))
    return _table(title, [say("node"), say("node_level")], numbers, say("note")), rows


def _star(view: View, p_value: float) -> str:
    return "*" if sure(p_value, view.yearly.metric.level) else " "
