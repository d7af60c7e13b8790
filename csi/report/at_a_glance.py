"""The first lines of a report: nodes, groups, who is first and who moved most."""

from __future__ import annotations

from math import isfinite

from csi.report.league_sheets import node_label
from csi.report.numbers import chance, count, interval, number, percent, share, signed
from csi.report.remarks import move, sure
from csi.report.sentences import headline
from csi.report.style import FEW
from csi.report.view import Row, View, rows_of

RELIABLE = 0.7
"""Reliability of a league below which its note says that ranks say little."""


def at_a_glance(view: View) -> tuple[str, ...]:
    """Return what a reader should know first, in sentences.

    Parameters
    ----------
    view : View

    Returns
    -------
    tuple of str
        The nodes at the top, the index of each group or a summary of many, who is first and
        whether that is more than chance, and the largest moves.
    """
    leading = first(view)
    return (*nodes(view), *headline(view, highest=not leading), *leading, *moved(view))


def nodes(view: View) -> tuple[str, ...]:
    """Return the figure of each node at the top of a table of nodes, of the last year."""
    if "aggregates" not in view.yearly.tables:
        return ()
    frame = view.yearly.tables["aggregates"]
    year = view.latest(frame)
    own = frame[(frame["construct"] == view.index_name) & (frame["year"].astype(str) == year)]
    rows = rows_of(own[own["level"] > 0])
    names = {str(row["node"]) for row in rows}
    return tuple(_node(view, row, year) for row in rows if str(row["parent"]) not in names)


def _node(view: View, row: Row, year: str) -> str:
    when, name = view.year_in_words(year), node_label(view, row)
    if not isfinite(row["index"]):
        why = view.told(row["note"]) or view.say("no_reason")
        return view.say("node_none", node=name, year=when, why=why)
    there = row["members"] - row["members_without_figure"]
    said = view.say(
        "node_is",
        node=name,
        year=when,
        index=number(row["index"]),
        moe=number(row["moe"]),
        there=count(there),
        all=count(row["members"]),
    )
    moves = move(row, view.yearly.metric.level)
    if moves == "no_change":
        return said
    changed = view.say(
        moves,
        change=number(abs(row["change"])) if moves in ("rose", "fell") else signed(row["change"]),
        before=view.year_in_words(str(row["compared_with"])),
        interval=_spread(view, row),
    )
    return said + ("" if view.language == "zh" else " ") + changed


def first(view: View) -> tuple[str, ...]:
    """Return who is first in the last year, and who is not told apart from the first."""
    if "ranks" not in view.yearly.tables:
        return ()
    frame = view.yearly.tables["ranks"]
    year = view.latest(frame)
    ranked = [r for r in rows_of(frame[frame["year"].astype(str) == year]) if isfinite(r["rank"])]
    if len(ranked) < 2:
        return ()
    top = min(ranked, key=lambda row: float(row["rank"]))
    others = [row for row in ranked if row is not top and row["may_be_first"] in (True,)]
    comma = "、" if view.language == "zh" else ", "
    said = view.say(
        "first_alone" if not others else "first_shared" if len(others) <= FEW else "first_many",
        group=view.group(str(top["group"])),
        year=view.year_in_words(year),
        index=number(top["index"]),
        moe=number(top["moe"]),
        alpha=chance(view.yearly.metric.level),
        others=comma.join(view.group(str(row["group"])) for row in others),
        count=len(others),
    )
    return (said, *_weak(view, year))


def _weak(view: View, year: str) -> tuple[str, ...]:
    """Return a warning where the league of a year is not reliable."""
    if "leaders" not in view.yearly.tables:
        return ()
    frame = view.yearly.tables["leaders"]
    sizes = frame.loc[frame["year"].astype(str) == year, "reliability"].tolist()
    low = [float(size) for size in sizes if isfinite(size) and size < RELIABLE]
    return tuple(view.say("ranks_weak", share=share(size)) for size in low)


def moved(view: View) -> tuple[str, ...]:
    """Return the largest rise and the largest fall that chance does not explain."""
    if len(view.groups) < 2:
        return ()
    level = view.yearly.metric.level
    rows = view.by_group(view.index_name, view.years[-1])
    known = {group: row for group, row in rows.items() if isfinite(row["p_value"])}
    if not known:
        return ()
    certain = {group: row for group, row in known.items() if sure(row["p_value"], level)}
    if not certain:
        before = str(next(iter(known.values()))["compared_with"])
        return (view.say("none_moved", before=view.year_in_words(before)),)
    up = max(certain, key=lambda group: float(certain[group]["change"]))
    down = min(certain, key=lambda group: float(certain[group]["change"]))
    lines = []
    if certain[up]["change"] > 0:
        lines.append(_moved(view, "most_up", up, certain[up]))
    if certain[down]["change"] < 0:
        lines.append(_moved(view, "most_down", down, certain[down]))
    return tuple(lines)


def _moved(view: View, key: str, group: str, row: Row) -> str:
    holds = sure(row["p_holm"], view.yearly.metric.level)
    said = view.say(
        key,
        group=view.group(group),
        change=signed(row["change"]),
        before=view.year_in_words(str(row["compared_with"])),
        interval=_spread(view, row),
        after=view.say("after_all" if holds else "not_after_all"),
    )
    return said + view.say("most_of")


def _spread(view: View, row: Row) -> str:
    level = percent(view.yearly.metric.level)
    words = view.say("interval", level=level)
    return f"{words} {interval(row['change_lower'], row['change_upper'])}"
