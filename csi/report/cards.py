"""Headline figures as cards: one a group, of many groups the highest, the middle and the lowest."""

from __future__ import annotations

import math

from csi.report.numbers import NONE, chance, count, number, percent, signed
from csi.report.remarks import move
from csi.report.section import Card
from csi.report.style import FEW
from csi.report.view import Row, View

_ARROWS = {"rose": "▲", "fell": "▼", "level": "◆", "untested": "◆"}


def cards(view: View) -> tuple[Card, ...]:
    """Return the cards of the last year, in the order of the groups or from high to low."""
    rows = view.by_group(view.index_name, view.years[-1])
    if len(rows) <= FEW:
        return tuple(_card(view, _title(view, group), row) for group, row in rows.items())
    there = [group for group, row in rows.items() if math.isfinite(row["index"])]
    ranked = sorted(there, key=lambda group: -float(rows[group]["index"]))
    if not ranked:
        return ()
    middle = (len(ranked) - 1) // 2
    picked = {"card_highest": 0, "card_middle": middle, "card_lowest": len(ranked) - 1}
    return tuple(
        _card(
            view,
            view.say(key, group=view.group(ranked[at]), place=at + 1, count=len(ranked)),
            rows[ranked[at]],
        )
        for key, at in picked.items()
    )


def card_words(view: View) -> tuple[str, ...]:
    """Return what the figures of the cards are, and where those of the other groups stand."""
    level = view.yearly.metric.level
    words = view.say("card_words", level=percent(level), alpha=chance(level))
    if len(view.groups) <= FEW:
        return (words,)
    return (words, view.say("card_rest", count=len(view.groups)))


def _title(view: View, group: str) -> str:
    return view.construct(view.index_name) if view.one_group else view.group(group)


def _card(view: View, title: str, row: Row) -> Card:
    n = view.say("card_n", n=count(row["n"])) if math.isfinite(row["n"]) else ""
    if not math.isfinite(row["index"]):
        reason = view.told(row["note"]) or view.say("no_reason")
        return Card(title, NONE, "", "", reason, n, "level")
    moved = move(row, view.yearly.metric.level)
    change, words = "", view.say(f"card_{moved}")
    if moved == "no_change":
        words = view.told(row["note"]) or words
    else:
        change = view.say(
            "card_change",
            arrow=_ARROWS[moved],
            change=signed(row["change"]),
            before=view.year_in_words(str(row["compared_with"])),
        )
    grade = moved if moved in ("rose", "fell") else "level"
    margin = f"± {number(row['moe'])}" if math.isfinite(row["moe"]) else ""
    return Card(title, number(row["index"]), margin, change, words, n, grade)
