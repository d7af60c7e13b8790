"""Tables of the page about changes and impacts: their parts, with a star where they are sure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from csi.report.numbers import NONE, number, signed, text
from csi.report.remarks import sure
from csi.report.sheets import Sheet, sheet_of
from csi.report.view import Row, View, rows_of

PARTS = ("performance", "weights", "items", "mix", "total")
"""Parts of a change, in the order of columns."""

MOST = 3
"""Items shown of each group."""


def latest_rows(view: View, frame: pd.DataFrame) -> tuple[list[Row], str]:
    """Return the rows of the last year of a table, and the year."""
    year = view.latest(frame)
    return rows_of(frame[frame["year"].astype(str) == year]), year


def points(view: View, row: Row | None, name: str = "points") -> str:
    """Return a part with its margin and a star where it differs from zero, a dash for none.

    Parameters
    ----------
    view : View
    row : Row or None
    name : str
        ``points``, or ``difference`` or ``change`` of the table of re-basing.
    """
    if row is None or not math.isfinite(row[name]):
        return NONE
    before = "" if name == "points" else f"{name}_"
    half = row[f"{before}upper"] - row[name]
    shown = signed(row[name])
    if math.isfinite(half) and half > 0:
        shown += f" ± {number(half)}"
    p = row["difference_p_value" if name == "difference" else "p_value"]
    return shown + ("*" if sure(p, view.yearly.metric.level) else "")


def split(view: View) -> Sheet:
    """Return the parts of the last change, one row a group, the total of all groups last."""
    rows, year = latest_rows(view, view.yearly.tables["changes"])
    found = whole_parts(rows)
    there = parts_there(found)
    say = view.say
    cells = [
        [
            group_label(view, group),
            *(points(view, parts.get(part)) for part in there),
            view.told(parts["total"]["note"]),
        ]
        for group, parts in found.items()
    ]
    head = [view.key_label("group"), *(say(f"part_{part}") for part in there), say("note")]
    before = view.year_in_words(str(rows[0]["compared_with"])) if rows else ""
    caption = say("cap_split", before=before, year=view.year_in_words(year))
    return sheet_of(caption, head, cells, words=1, fold=False, source="changes")


def whole_parts(rows: Sequence[Row]) -> Mapping[str, Mapping[str, Row]]:
    """Return the rows of whole parts by group and part."""
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        if not (text(row["item"]) or text(row["member"])):
            found.setdefault(row["group"], {})[row["part"]] = row
    return found


def parts_there(found: Mapping[str, Mapping[str, Row]]) -> list[str]:
    """Return the parts that any group has, in their order."""
    return [part for part in PARTS if any(part in parts for parts in found.values())]


def group_label(view: View, group: str) -> str:
    """Return the label of a group or of all groups together."""
    together = group == "total" and group not in view.groups
    return view.say("all_together") if together else view.group(group)


def split_items(view: View) -> Sheet:
    """Return the items of each group that contributed most to the last change."""
    rows, year = latest_rows(view, view.yearly.tables["changes"])
    found: dict[str, dict[str, dict[str, Row]]] = {}
    for row in rows:
        if text(row["item"]):
            found.setdefault(row["group"], {}).setdefault(row["item"], {})[row["part"]] = row
    cells = []
    for group, items in found.items():
        largest = sorted(items, key=lambda item: -_size(items[item]))[:MOST]
        cells += [
            [
                group_label(view, group),
                view.item(item),
                *(points(view, items[item].get(part)) for part in ("performance", "weights")),
            ]
            for item in largest
        ]
    keys = ("item", "part_performance", "part_weights")
    head = [view.key_label("group"), *map(view.say, keys)]
    caption = view.say("cap_split_items", year=view.year_in_words(year))
    return sheet_of(caption, head, cells, heads=2, source="changes")


def _size(parts: Mapping[str, Row]) -> float:
    """Return how much an item moved the index one way or the other, by its larger part."""
    sizes = [abs(row["points"]) for row in parts.values()]
    return max((size for size in sizes if math.isfinite(size)), default=0.0)


def contributions(view: View) -> Sheet:
    """Return what each construct contributed to the last change, one row a group."""
    rows, year = latest_rows(view, view.yearly.tables["contributions"])
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row["group"], {})[row["part"]] = row
    ends = ("other", "total")
    sources = [p for p in dict.fromkeys(row["part"] for row in rows) if p not in ends]
    cells = [
        [
            view.group(group),
            *(points(view, parts.get(part)) for part in (*sources, *ends)),
            _notes_of(view, parts),
        ]
        for group, parts in found.items()
    ]
    labels = [*map(view.construct, sources), *map(view.say, ("part_other", "part_total", "note"))]
    caption = view.say("cap_contributions", year=view.year_in_words(year))
    head = [view.key_label("group"), *labels]
    return sheet_of(caption, head, cells, words=1, source="contributions")


def _notes_of(view: View, parts: Mapping[str, Row]) -> str:
    """Return the notes of all parts, those of a construct with its name."""
    said, colon = [], "：" if view.language == "zh" else ": "
    for part, row in parts.items():
        if note := view.told(row["note"]):
            said.append(note if part == "total" else f"{view.construct(part)}{colon}{note}")
    return ("；" if view.language == "zh" else "; ").join(said)


def rebasing(view: View) -> Sheet:
    """Return index, difference and change under other weights in the last year."""
    rows, year = latest_rows(view, view.yearly.tables["rebasing"])
    cells = [
        [
            view.group(row["group"]),
            weights_label(view, str(row["weights"])),
            _level(row),
            points(view, row, "difference"),
            points(view, row, "change"),
            view.told(row["note"]),
        ]
        for row in rows
    ]
    keys = ("weights_used", "index_moe", "difference", "change", "note")
    head = [view.key_label("group"), *map(view.say, keys)]
    caption = view.say("cap_rebasing", year=view.year_in_words(year))
    return sheet_of(caption, head, cells, heads=2, words=1, source="rebasing")


def _level(row: Row) -> str:
    half = row["upper"] - row["index"]
    shown = number(row["index"])
    return f"{shown} ± {number(half)}" if math.isfinite(half) else shown


def estimators(view: View) -> Sheet:
    """Return the index of every construct by both estimators in the last year."""
    rows, year = latest_rows(view, view.yearly.tables["estimators"])
    cells = [
        [
            view.group(row["group"]),
            view.construct(row["construct"]),
            number(row["index"]),
            number(row["other_index"]),
            moved(view, row),
            view.told(row["note"]),
        ]
        for row in rows
    ]
    head = [view.key_label("group"), view.say("construct"), *estimator_names(view)]
    head += [view.say("difference"), view.say("note")]
    caption = view.say("cap_estimators", year=view.year_in_words(year))
    return sheet_of(caption, head, cells, heads=2, words=1, source="estimators")


def moved(view: View, row: Row) -> str:
    """Return the difference of two estimators with its margin, and a star where it is sure."""
    if not math.isfinite(row["difference"]):
        return NONE
    half = row["upper"] - row["difference"]
    shown = signed(row["difference"]) + (f" ± {number(half)}" if math.isfinite(half) else "")
    return shown + ("*" if sure(row["p_value"], view.yearly.metric.level) else "")


def estimator_names(view: View) -> tuple[str, str]:
    """Return the names of the estimator of the run and of the other one."""
    names = view.say("by_pls"), view.say("by_ml")
    return names if view.yearly.metric.estimator.startswith("PLS") else (names[1], names[0])


def weights_label(view: View, words: str) -> str:
    """Return a kind of weights in the language of the view."""
    kind, _, period = words.partition(":")
    if kind not in ("own", "frozen", "pooled", "chained", "equal"):
        return words
    label = view.say(f"rb_{kind}", period=view.year_in_words(period) if period else "")
    return view.say("rb_this", weights=label) if words == view.yearly.metric.weights else label


def impacts(view: View) -> Sheet:
    """Return what a rise of each construct does to the index and to what comes after it."""
    rows, year = latest_rows(view, view.yearly.tables["impacts"])
    wanted = targets(view, rows)
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        if row["to"] in wanted:
            found.setdefault((row["group"], row["from"]), {})[row["to"]] = row
    cells = [
        [
            view.group(group),
            view.construct(source),
            *(_impact(view, to.get(target)) for target in wanted),
        ]
        for (group, source), to in found.items()
    ]
    say = view.say
    on = [say("on_target", construct=view.construct(target)) for target in wanted]
    head = [view.key_label("group"), say("rises"), *on]
    rise = number(rows[0]["rise"], 0) if rows else ""
    caption = say("cap_impacts", rise=rise, year=view.year_in_words(year))
    return sheet_of(caption, head, cells, heads=2, source="impacts")


def targets(view: View, rows: Sequence[Row]) -> list[str]:
    """Return the index construct and those after it; all where nothing leads to the index."""
    index = view.index_name
    after = {row["to"] for row in rows if row["from"] == index}
    ends = {row["to"] for row in rows}
    wanted = {index, *after} & ends or ends
    return sorted(wanted, key=lambda name: (name != index, view.yearly.model.names.index(name)))


def _impact(view: View, row: Row | None) -> str:
    """Return an impact with its interval and a star, nothing where there is no path."""
    if row is None:
        return ""
    star = "*" if sure(row["p_value"], view.yearly.metric.level) else ""
    shown = f"{signed(row['impact'])}{star}"
    if not (math.isfinite(row["lower"]) and math.isfinite(row["upper"])):
        return shown
    return f"{shown} [{number(row['lower'])}, {number(row['upper'])}]"
