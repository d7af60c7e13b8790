"""Tables of the page that put groups in order or above each other: leagues, aggregates."""

from __future__ import annotations

import math

from csi.report.numbers import NONE, count, interval, number, share, signed, text, with_margin
from csi.report.remarks import ARROWS, move
from csi.report.sheets import Sheet, sheet_of
from csi.report.view import Row, View, rows_of

LONG = 30
"""Companies are left out of a longer table of aggregates: they have tables of their own."""


def league(view: View) -> Sheet:
    """Return the league table of the last year."""
    frame = view.yearly.tables["ranks"]
    year = view.latest(frame)
    rows = [
        [
            count(row["rank"]),
            view.group(row["group"]),
            with_margin(row["index"], row["moe"]),
            rank_set(row),
            against_best(row),
            share(row["p_first"]),
            view.yes(row["may_be_first"]),
            text(row["letters"]),
            signed(row["rank_change"], 0),
            view.told(row["note"]),
        ]
        for row in rows_of(frame[frame["year"] == year])
    ]
    say = view.say
    keys = ("rank_set", "against_best", "p_first", "may_be_first", "letters", "rank_change", "note")
    head = [say("rank"), view.key_label("group"), say("index_moe"), *map(say, keys)]
    caption = say("cap_league", year=view.year_in_words(year))
    return sheet_of(caption, head, rows, heads=2, words=1, fold=False, source="ranks")


def rank_set(row: Row) -> str:
    """Return the ranks that a group may hold, a dash where it has none.

    Examples
    --------
    >>> rank_set({"rank_low": 1, "rank_high": 3}), rank_set({"rank_low": 2, "rank_high": 2})
    ('1–3', '2')
    """
    low, high = count(row["rank_low"]), count(row["rank_high"])
    return low if low == high else f"{low}–{high}"


def against_best(row: Row) -> str:
    """Return the lead over the best of the others, or the distance to it, with its interval.

    Examples
    --------
    >>> lead = {"difference_from_first": 2.1, "difference_lower": -1, "difference_upper": 5.3}
    >>> against_best(lead)
    '+2.1 [−1.0, 5.3]'
    """
    if not math.isfinite(row["difference_from_first"]):
        return NONE
    ends = interval(row["difference_lower"], row["difference_upper"])
    return f"{signed(row['difference_from_first'])} {ends}"


def leaders(view: View) -> Sheet:
    """Return the first group of each year, and how sure and how lasting that is."""
    rows = [
        [
            view.year(str(row["year"])),
            _leader(view, text(row["leader"])),
            number(row["index"]),
            share(row["p_first"]),
            share(row["p_best"]),
            view.say("members_of", there=count(row["may_be_first"]), all=count(row["companies"])),
            view.yes(row["leader_changed"]),
            share(row["change_expected"]),
            number(row["reliability"], 2),
            view.told(row["note"]),
        ]
        for row in rows_of(view.yearly.tables["leaders"])
    ]
    keys = ("leader", "index", "p_first", "p_best", "may_be_first", "leader_changed")
    more = ("change_expected", "reliability", "note")
    head = [view.key_label("year"), *map(view.say, keys + more)]
    return sheet_of(view.say("cap_leaders"), head, rows, heads=2, words=1, source="leaders")


def _leader(view: View, names: str) -> str:
    """Return the label of the first group, of several where they are equal."""
    known = names in view.groups or ", " not in names
    labels = [view.group(name) for name in ([names] if known else names.split(", "))]
    return ("、" if view.language == "zh" else ", ").join(labels) or NONE


def aggregates(view: View) -> Sheet:
    """Return nodes of the last year, companies too where they are few."""
    frame = view.yearly.tables["aggregates"]
    year, index = view.latest(frame), frame["construct"] == view.index_name
    found = rows_of(frame[index & (frame["year"] == year)])
    short, rounded = len(found) > LONG, "printed" in frame
    say, rows = view.say, []
    for row in found:
        if short and row["level"] == 0:
            continue
        rows.append(
            [
                node_label(view, row),
                level_label(view, row),
                weight_share(row),
                with_margin(row["index"], row["moe"]),
                signed(row["change"]) + mark(view, row),
                signed(row["relative_change"]),
                members(view, row),
                count(row["n"]),
                *([printed(row)] if rounded else []),
                view.told(row["note"]),
            ]
        )
    keys = ("node", "node_level", "node_share", "index_moe", "change", "relative_change")
    more = ("members", "n", *(("as_printed",) if rounded else ()), "note")
    caption = say("cap_nodes" if short else "cap_aggregates", year=view.year_in_words(year))
    head = [*map(say, keys + more)]
    return sheet_of(caption, head, rows, heads=2, words=1, source="aggregates")


def printed(row: Row) -> str:
    """Return a figure and its change as they are printed.

    Examples
    --------
    >>> printed({"printed": "71", "printed_change": "+2"}), printed({"printed": "71"})
    ('71 (+2)', '71')
    """
    shown, change = text(row["printed"]), text(row.get("printed_change"))
    return f"{shown} ({change})" if change else shown or NONE


def nodes_by_year(view: View) -> Sheet:
    """Return the index of the nodes above companies, one column a year."""
    frame = view.yearly.tables["aggregates"]
    above = (frame["construct"] == view.index_name) & (frame["level"] > 0)
    rows: dict[str, dict[str, Row]] = {}
    for row in rows_of(frame[above]):
        rows.setdefault(row["node"], {})[str(row["year"])] = row
    cells = [
        [
            node_label(view, next(iter(by_year.values()))),
            *(
                with_margin(by_year[year]["index"], by_year[year]["moe"])
                + mark(view, by_year[year])
                if year in by_year
                else NONE
                for year in view.years
            ),
        ]
        for by_year in rows.values()
    ]
    head = [view.say("node"), *(view.year(year) for year in view.years)]
    caption = view.say("cap_nodes_by_year", index=view.construct(view.index_name))
    return sheet_of(caption, head, cells, source="aggregates")


def node_label(view: View, row: Row) -> str:
    """Return the label of a company, the name of a node above."""
    return view.group(row["node"]) if row["node"] in view.groups else str(row["node"])


def level_label(view: View, row: Row) -> str:
    """Return the kind of a node where the table of weights names it, else its level."""
    if kind := text(row["kind"]):
        return kind
    key = "level_above" if row["level"] else "company_level"
    return view.say(key, level=count(row["level"]))


def weight_share(row: Row) -> str:
    """Return the share of a member in the node above in per cent, nothing at the top.

    Examples
    --------
    >>> weight_share({"share": 0.125}), weight_share({"share": float("nan")})
    ('12.5', '')
    """
    return number(100 * row["share"]) if math.isfinite(row["share"]) else ""


def members(view: View, row: Row) -> str:
    """Return how many members have a figure, of all; nothing for a company."""
    if not row["members"]:
        return ""
    there = row["members"] - row["members_without_figure"]
    return view.say("members_of", there=count(there), all=count(row["members"]))


def mark(view: View, row: Row) -> str:
    """Return the arrow of a change larger than chance explains."""
    return ARROWS.get(move(row, view.yearly.metric.level), "")
