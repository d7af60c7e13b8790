"""What the further tables say in sentences: how to read them, and the largest impacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isfinite

from csi.report.change_sheets import MOST, latest_rows
from csi.report.league_sheets import LONG
from csi.report.numbers import chance, interval, number, percent, signed
from csi.report.remarks import sure
from csi.report.style import FEW
from csi.report.view import Row, View, rows_of


def league(view: View) -> tuple[str, ...]:
    """Return what rank sets, letters and shares of draws mean, and at which level."""
    level = view.yearly.metric.level
    return (
        view.say("league_words", level=percent(level), alpha=chance(level)),
        view.say("league_best"),
        view.say("league_first", alpha=chance(level)),
    )


def leaders(view: View) -> tuple[str, ...]:
    """Return how often the first group changed, and what would be chance."""
    rows = rows_of(view.yearly.tables["leaders"])
    known = [row["leader_changed"] for row in rows if row["leader_changed"] in (True, False)]
    by_chance = [row["change_expected"] for row in rows if isfinite(row["change_expected"])]
    said, counted = "leaders_changed", {"changed": sum(known), "pairs": len(known)}
    if len(by_chance) == len(known):
        said, counted = "leaders_expected", counted | {"expected": number(sum(by_chance))}
    changed = view.say(said, **counted)
    return (*((changed,) if known else ()), view.say("leaders_words"))


def changes(view: View) -> tuple[str, ...]:
    """Return how to read the parts of a change."""
    tables, level = view.yearly.tables, view.yearly.metric.level
    said = [view.say("star", alpha=chance(level)), view.say("margins", level=percent(level))]
    said.append(view.say("split_words"))
    if (tables["changes"]["part"] == "mix").any():
        said.append(view.say("mix_words"))
    if _items_hidden(view):
        said.append(view.say("split_items_words", shown=MOST))
    if "contributions" in tables and len(tables["contributions"]):
        said.append(view.say("contribution_words"))
    if "rebasing" in tables and len(tables["rebasing"]):
        said.append(view.say("rebasing_words"))
    return tuple(said)


def _items_hidden(view: View) -> bool:
    """Tell whether the index has more items than are shown of a group."""
    return len(view.yearly.model.construct(view.index_name).items) > MOST


def aggregates(view: View) -> tuple[str, ...]:
    """Return how to read the aggregates."""
    level = view.yearly.metric.level
    said = [view.say("aggregate_words", alpha=chance(level), level=percent(level))]
    frame = view.yearly.tables["aggregates"]
    own = frame[(frame["construct"] == view.index_name) & (frame["year"] == view.latest(frame))]
    if len(own) > LONG:
        said.append(view.say("companies_elsewhere"))
    return tuple(said)


def impact_words(view: View) -> str:
    """Return what an impact is, and what it is not."""
    rows = rows_of(view.yearly.tables["impacts"])
    return view.say("impact_words", rise=number(rows[0]["rise"], 0))


def impacts(view: View) -> tuple[str, ...]:
    """Return the largest impact on the index that chance does not explain.

    One sentence a group; of many groups how often each construct has the largest.
    """
    rows, _ = latest_rows(view, view.yearly.tables["impacts"])
    by_group: dict[str, list[Row]] = {}
    for row in rows:
        if row["to"] == view.index_name:
            by_group.setdefault(row["group"], []).append(row)
    largest = {group: _largest(view, own) for group, own in by_group.items()}
    if len(largest) > FEW:
        return _counted(view, list(largest.values()))
    return tuple(_of_group(view, group, row) for group, row in largest.items())


def _largest(view: View, rows: Sequence[Row]) -> Row | None:
    level = view.yearly.metric.level
    told = [row for row in rows if sure(row["p_value"], level)]
    return max(told, key=lambda row: abs(float(row["impact"])), default=None)


def _of_group(view: View, group: str, row: Row | None) -> str:
    alone = "_all" if view.one_group and group == "all" else ""
    target = view.construct(view.index_name)
    if row is None:
        return view.say(f"impact_none{alone}", group=view.group(group), target=target)
    level = percent(view.yearly.metric.level)
    spread = interval(row["lower"], row["upper"])
    return view.say(
        f"impact_largest{alone}",
        group=view.group(group),
        source=view.construct(row["from"]),
        rise=number(row["rise"], 0),
        impact=signed(row["impact"]),
        target=target,
        interval=f"{view.say('interval', level=level)} {spread}",
    )


def _counted(view: View, largest: Sequence[Row | None]) -> tuple[str, ...]:
    counts = Counter("" if row is None else str(row["from"]) for row in largest)
    return tuple(
        view.say(
            "impact_counts" if source else "impact_counts_none",
            count=times,
            groups=len(largest),
            source=view.construct(source) if source else "",
            target=view.construct(view.index_name),
        )
        for source, times in counts.most_common()
    )


def estimators(view: View) -> tuple[str, ...]:
    """Return how far the other estimator moves the index in the last year."""
    frame = view.yearly.tables["estimators"]
    own = frame[frame["construct"] == view.index_name].dropna(subset=["difference"])
    if own.empty:
        return ()
    year = view.latest(own)
    moves = own.loc[own["year"].astype(str) == year, "difference"]
    return (
        view.say(
            "estimators_most",
            index=view.construct(view.index_name),
            least=signed(float(moves.min())),
            most=signed(float(moves.max())),
            year=view.year_in_words(year),
        ),
    )
