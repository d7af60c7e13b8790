"""Rows of the importance-performance map, its tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from csi.report.numbers import number
from csi.report.sheets import Sheet, sheet_of
from csi.report.style import FEW
from csi.report.view import Row, View, rows_of

SURE = 0.9
"""With a smaller share of draws a sentence says that its quadrant is not sure."""

PHRASES = {
    "concentrate here": "q_concentrate",
    "keep up": "q_keep",
    "possible overkill": "q_overkill",
    "low priority": "q_low",
    "": "",
}
"""Phrases of the quadrants."""


def whole_percent(share: float) -> str:
    """Return a share in whole per cent.

    Examples
    --------
    >>> whole_percent(0.937)
    '94%'
    """
    return f"{number(100.0 * share, 0)}%"


def map_rows(view: View, *, items: bool, year: str) -> list[Row]:
    """Return the rows of constructs, or of items, of one year."""
    frame = view.yearly.tables["map"]
    own = frame[(frame["year"].astype(str) == year) & ((frame["item"] != "") == items)]
    return rows_of(own)


def map_sheet(view: View, *, items: bool) -> Sheet:
    """Return importance, performance and quadrant in the last year."""
    year = view.latest(view.yearly.tables["map"])
    rows = map_rows(view, items=items, year=year)
    cells = [
        [
            view.group(row["group"]),
            view.construct(row["construct"]),
            *([view.item(row["item"])] if items else []),
            _figure(row, "importance", 2),
            _figure(row, "performance", 1),
            view.say(PHRASES[row["quadrant"]]) if row["quadrant"] else view.told(row["note"]),
            whole_percent(row["quadrant_share"]) if row["quadrant"] else "",
        ]
        for row in rows
    ]
    names = ("construct", *(("item",) if items else ()))
    keys = (*names, "importance", "performance", "quadrant", "quadrant_share")
    caption = view.say("cap_map_items" if items else "cap_map", year=view.year_in_words(year))
    head = [view.key_label("group"), *map(view.say, keys)]
    return sheet_of(caption, head, cells, heads=1 + len(names), source="map")


def _figure(row: Row, name: str, digits: int) -> str:
    """Return a figure with its margin of error."""
    half = row[f"{name}_upper"] - row[name]
    shown = number(row[name], digits)
    return f"{shown} ± {number(half, digits)}" if half == half else shown


def map_sentences(view: View) -> tuple[str, ...]:
    """Say for each group which construct to improve first; of many groups nothing."""
    year = view.latest(view.yearly.tables["map"])
    rows = map_rows(view, items=False, year=year)
    by_group: dict[str, list[Row]] = {}
    for row in rows:
        by_group.setdefault(str(row["group"]), []).append(row)
    if len(by_group) > FEW:
        return ()
    return tuple(_first(view, group, own) for group, own in by_group.items())


def _first(view: View, group: str, rows: Sequence[Row]) -> str:
    alone = "_all" if view.one_group and group == "all" else ""
    target = view.construct(str(rows[0]["target"]))
    found = [row for row in rows if row["quadrant"] == "concentrate here"]
    words = {"group": view.group(group), "target": target}
    if not found:
        return view.say(f"map_none{alone}", **words)
    names = [view.construct(str(row["construct"])) + _unsure(view, row) for row in found]
    mark = "、" if view.language == "zh" else ", "
    return view.say(f"map_first{alone}", names=mark.join(names), **words)


def _unsure(view: View, row: Row) -> str:
    share = float(row["quadrant_share"])
    return view.say("map_unsure", share=whole_percent(share)) if share < SURE else ""
