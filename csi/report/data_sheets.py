"""Tables of the page about the data: items asked, what was left out, how fits ended."""

from __future__ import annotations

from typing import get_args

from csi.report.numbers import NONE, count
from csi.report.sheets import Sheet, sheet_of
from csi.report.view import View, rows_of
from csi.survey.codebook import Meaning


def items(view: View) -> Sheet:
    """Return how many answers count, one row an item and one column a year."""
    frame = view.yearly.items
    cells = {
        (row["item"], str(row["year"])): count(row["answered"])
        if row["asked"]
        else view.say("not_asked_cell")
        for row in rows_of(frame)
    }
    years = [year for year in view.years if year in set(frame["year"].astype(str))]
    names = [str(name) for name in frame["item"].unique()]
    worded = any(view.wording(name) for name in names)
    rows = []
    for name in names:
        counts = [cells.get((name, year), NONE) for year in years]
        words = [view.wording(name) or NONE] if worded else []
        rows.append([view.item(name), *words, *counts])
    head = [view.say("item"), *([view.say("wording")] if worded else [])]
    head += [view.year(year) for year in years]
    filled = tuple(tuple(row) for row in rows)
    return Sheet(view.say("cap_items"), tuple(head), filled, heads=1 + worded, source="items")


def missing(view: View) -> Sheet:
    """Return how many answers are missing and why, one column a year."""
    frame = view.yearly.missing
    counts = {
        (str(row["item"]), str(row["meaning"]), str(row["year"])): row["count"]
        for row in rows_of(frame)
        if row["count"]
    }
    years = [year for year in view.years if year in set(frame["year"].astype(str))]
    found = {(item, why) for item, why, _ in counts}
    rows = [
        [view.item(item), view.meaning(why), *(count(counts.get((item, why, y), 0)) for y in years)]
        for item in dict.fromkeys(item for item, _, _ in counts)
        for why in get_args(Meaning)
        if (item, why) in found
    ]
    head = [view.say("item"), view.say("meaning"), *(view.year(year) for year in years)]
    return sheet_of(view.say("cap_missing"), head, rows, heads=2, source="missing")


def excluded(view: View) -> Sheet:
    """Return how many respondents were left out as a whole, and why."""
    rows = [
        [view.year(str(row["year"])), view.told(row["reason"]), count(row["count"])]
        for row in rows_of(view.yearly.excluded)
    ]
    head = [view.key_label("year"), *map(view.say, ("meaning", "count"))]
    return sheet_of(view.say("cap_excluded"), head, rows, heads=2, source="excluded")


def fits(view: View) -> Sheet:
    """Return how each fit and its draws ended."""
    ends = ("not_converged", "degenerate", "inadmissible")
    counts = ("draws", "draws_used", *(f"draws_{end}" for end in ends))
    rows = [
        [
            view.year(str(row["year"])),
            view.group(row["group"]),
            count(row["n_used"]),
            view.yes(row["converged"]),
            count(row["steps"]),
            view.yes(row["admissible"]),
            *(count(row[key]) for key in counts),
            view.told(row["problem"]),
        ]
        for row in rows_of(view.yearly.fits)
    ]
    keys = ("n_used", "converged", "steps", "admissible", *counts, "problem")
    head = [view.key_label("year"), view.key_label("group"), *map(view.say, keys)]
    return sheet_of(view.say("fits"), head, rows, heads=2, words=1, source="fits")
