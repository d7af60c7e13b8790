"""Charts in words, for those who cannot see them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from csi.report.aggregates_chart import tree_of
from csi.report.chart_tips import estimate, group_name, named, stated
from csi.report.league_chart import ranked
from csi.report.league_sheets import node_label, rank_set
from csi.report.numbers import number, percent, with_margin
from csi.report.trend_lines import lines_of_yearly
from csi.report.view import Row, View, rows_of

_LONG = 12
"""So many figures are read out; further ones are in the tables."""


def alt_league(view: View) -> str:
    """Return the league table of the last year in words."""
    frame = view.yearly.tables["ranks"]
    year = view.latest(frame)
    rows = ranked(rows_of(frame[frame["year"].astype(str) == year]))
    ranks = [
        view.say(
            "alt_ranked",
            group=view.group(str(row["group"])),
            value=with_margin(row["index"], row["moe"]),
            ranks=rank_set(row),
        )
        for row in rows
    ]
    words = {"index": view.construct(view.index_name), "year": view.year_in_words(year)}
    return view.say("alt_league", ranks=_read_out(view, ranks), **words)


def alt_groups(view: View) -> str:
    """Return the comparison of groups in words."""
    year = view.year_in_words(view.years[-1])
    return view.say("alt_groups", year=year, count=len(view.groups))


def alt_aggregates(view: View) -> str:
    """Return the tree of nodes and companies in words."""
    frame = view.yearly.tables["aggregates"]
    year = view.latest(frame)
    own = (frame["year"].astype(str) == year) & (frame["construct"] == view.index_name)
    tree = tree_of(rows_of(frame[own]))
    figures = [
        f"{node_label(view, row)} {with_margin(row['index'], row['moe'])}" for _, row in tree.rows
    ]
    words = _read_out(view, figures)
    return view.say("alt_aggregates", year=view.year_in_words(year), figures=words)


def alt_forest(view: View, year: str, groups: Sequence[str]) -> str:
    """Return the path coefficients of groups in words."""
    frame = view.yearly.paths
    said = []
    for group in groups:
        rows = rows_of(frame[(frame["year"] == year) & (frame["group"] == group)])
        who = group_name(view, group) if len(groups) > 1 else ""
        said += [
            f"{who} {_arrow(view, row)} {estimate(row)}".strip()
            for row in rows
            if math.isfinite(row["estimate"])
        ]
    one = group_name(view, groups[0]) if len(groups) == 1 else ""
    what = named(view, view.say("paths"), one, view.year_in_words(year))
    level = percent(view.yearly.metric.level)
    paths = _read_out(view, said, most=len(said) if len(groups) == 1 else _LONG)
    return view.say("alt_forest", level=level, what=what, paths=paths)


def alt_breaks(view: View) -> str:
    """Return the breaks of the index in words."""
    told = [
        stated(named(view, line.years[place], line.label), reason, view.language)
        for line in lines_of_yearly(view, view.index_name, view.groups)
        for place, reason in line.breaks
    ]
    index = view.construct(view.index_name)
    return view.say("alt_breaks", index=index, breaks=_read_out(view, told))


def alt_map(view: View, year: str, group: str, rows: Sequence[Row]) -> str:
    """Return a map in words."""
    points = [
        f"{view.item(str(row['item'])) if row['item'] else view.construct(str(row['construct']))} "
        f"{number(row['importance'], 2)}, {number(row['performance'])}"
        for row in rows
        if row["quadrant"]
    ]
    return view.say(
        "alt_map",
        group=view.group(group),
        year=view.year_in_words(year),
        target=view.construct(str(rows[0]["target"])),
        points=("；" if view.language == "zh" else "; ").join(points),
    )


def _arrow(view: View, row: Row) -> str:
    return f"{view.construct(row['from'])} → {view.construct(row['to'])}"


def _read_out(view: View, parts: Sequence[str], most: int = _LONG) -> str:
    """Join parts, and say how many more there are."""
    mark = "；" if view.language == "zh" else "; "
    shown = mark.join(parts[:most])
    if len(parts) > most:
        shown += mark + view.say("alt_more", count=len(parts) - most)
    return shown
