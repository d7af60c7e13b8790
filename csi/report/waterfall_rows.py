"""Steps of the waterfall chart: which parts of which change, and where each begins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from csi.errors import Fault, ReportError
from csi.report.answer_rows import require_table
from csi.report.change_sheets import PARTS
from csi.report.numbers import text
from csi.report.view import Row, View, rows_of

KINDS = ("changes", "contributions")
HOW = "ask for it with change_split (csi index --change-split)"


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a change.

    Attributes
    ----------
    label : str
    start : float
        Where the parts above have led.
    row : Row
        Its ``points`` with ``lower`` and ``upper``.
    """

    label: str
    start: float
    row: Row

    @property
    def points(self) -> float:
        """What the part adds."""
        return float(self.row["points"])

    @property
    def end(self) -> float:
        """Where it leads."""
        return self.start + self.points

    @property
    def interval(self) -> tuple[float, float]:
        """Where the interval of the part ends, seen from its start; NaN where there is none."""
        return self.start + float(self.row["lower"]), self.start + float(self.row["upper"])


@dataclass(frozen=True, slots=True)
class Change:
    """The parts of one change.

    Attributes
    ----------
    title : str
    total : Row
        The whole change.
    steps : tuple of Step
        The parts; where there are no levels the whole change as well, from zero.
    levels : tuple of (label, Row)
        Index before and after; empty for all groups together, which have none.
    year, before, group : str
    """

    title: str
    total: Row
    steps: tuple[Step, ...]
    levels: tuple[tuple[str, Row], ...]
    year: str
    before: str
    group: str


def changes_there(view: View, of: str) -> list[tuple[str, str]]:
    """Return year and group of each change that has parts, in the order of the table."""
    if of not in view.yearly.tables:
        return []
    frame = view.yearly.tables[of]
    whole = frame[(frame["part"] == "total") & frame["points"].notna()]
    if of == "changes":
        whole = whole[(whole["item"] == "") & (whole["member"] == "")]
    else:
        whole = whole[whole["construct"] == view.index_name]
    return list(zip(whole["year"].astype(str), whole["group"].astype(str), strict=True))


def change_of(
    view: View, of: str, year: str | None, group: str | None, *, items: bool = False
) -> Change:
    """Return the parts of a change of the index.

    Raises
    ------
    ReportError
        No such table, unknown year, group or kind, or no change there.
    """
    view.require("of", of, KINDS)
    frame = require_table(view, of, HOW)
    there = changes_there(view, of)
    if year is not None:
        view.require("year", year, view.years)
    known = tuple(dict.fromkeys(frame["group"].astype(str)))
    if group is not None:
        view.require("group", group, known)
    wanted = [place for place in there if year in (None, place[0]) and group in (None, place[1])]
    if not wanted:
        what = f"there is no change of {group or 'any group'} in {year or 'any year'}"
        raise ReportError(Fault(f"table {of}", what, "choose another year or group"))
    last = max((place[0] for place in wanted), key=view.years.index)
    groups = [place[1] for place in wanted if place[0] == last]
    who = "total" if "total" in groups else groups[0]
    here = frame[(frame["year"].astype(str) == last) & (frame["group"].astype(str) == who)]
    return _change(view, of, here, items=items)


def _change(view: View, of: str, here: pd.DataFrame, *, items: bool) -> Change:
    """Return the change from its rows of one year and group."""
    if of == "contributions":
        here = here[here["construct"] == view.index_name]
    rows = rows_of(here)
    before, year, group = (str(rows[0][name]) for name in ("compared_with", "year", "group"))
    levels = _levels(view, before, year, group)
    whole = [row for row in rows if not (text(row.get("item")) or text(row.get("member")))]
    total = next(row for row in whole if row["part"] == "total")
    parts = _parts(view, rows, whole, items) if of == "changes" else _causes(view, whole)
    steps, at = [], float(levels[0][1]["index"]) if levels else 0.0
    for label, row in parts:
        steps.append(Step(label, at, row))
        at = steps[-1].end
    if not levels:
        steps.append(Step(view.say("part_total"), 0.0, total))
    kind = "_group" if levels else "_total"
    title = view.say(
        "chart_waterfall" if group == "all" else f"chart_waterfall{kind}",
        index=view.construct(view.index_name),
        before=view.year_in_words(before),
        year=view.year_in_words(year),
        group=view.group(group),
    )
    return Change(title, total, tuple(steps), levels, year, before, group)


def _levels(view: View, before: str, year: str, group: str) -> tuple[tuple[str, Row], ...]:
    """Return the index before and after, where the group has one."""
    if group not in view.groups:
        return ()
    rows = view.by_year(view.index_name, group)
    return tuple(
        (view.say("level_of", year=view.year_in_words(period)), rows[period])
        for period in (before, year)
    )


def _parts(
    view: View, rows: Sequence[Row], whole: Sequence[Row], items: bool
) -> list[tuple[str, Row]]:
    """Return performance, weights, items asked and mix; performance by item where wanted."""
    found = {str(row["part"]): row for row in whole}
    named = []
    for part in PARTS[:-1]:
        if part not in found or not math.isfinite(found[part]["points"]):
            continue
        own = [row for row in rows if row["part"] == part and text(row["item"])]
        if items and part == "performance" and own:
            named += [
                (view.say("item_performance", item=view.item(row["item"])), row) for row in own
            ]
        else:
            named.append((view.say(f"part_{part}"), found[part]))
    return named


def _causes(view: View, whole: Sequence[Row]) -> list[tuple[str, Row]]:
    """Return the constructs before the index, and what they do not explain last."""
    causes = [row for row in whole if row["part"] not in ("other", "total")]
    rest = [row for row in whole if row["part"] == "other"]
    named = [(view.construct(str(row["part"])), row) for row in causes]
    return named + [(view.say("part_other"), row) for row in rest]
