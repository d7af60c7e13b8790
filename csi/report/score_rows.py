"""Rows of the chart of scores: whose distribution stands in which row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from csi.report.answer_rows import HOW, require_table
from csi.report.path_chart import first_group
from csi.report.view import Row, View, rows_of


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One distribution.

    Attributes
    ----------
    label : str
    bands : tuple of Row
        Rows of the table ``score_shares``, from the lowest band.
    summary : Row
        Row of the table ``score_summary``.
    key : str
        Group, year or construct.
    """

    label: str
    bands: tuple[Row, ...]
    summary: Row
    key: str

    @property
    def there(self) -> bool:
        """Tell whether the distribution is published."""
        return math.isfinite(self.bands[0]["share"])


def chosen_scores(
    view: View, construct: str | None, year: str | None, group: str | None, over: str | None
) -> tuple[list[ScoreRow], str, str]:
    """Return the rows of a chart of scores, its title, and what its rows are.

    The rows are ``groups``, ``years`` or ``constructs``: as named by `over`, else what there are
    several of.

    Raises
    ------
    ReportError
        No such tables; unknown construct, year, group or kind of rows.
    """
    frame = require_table(view, "score_shares", HOW)
    kinds = ("groups", "years", "constructs")
    if over is not None:
        view.require("over", over, kinds)
    if construct is not None:
        view.require("construct", construct, view.yearly.model.names)
    when = view.latest(frame) if year is None else view.require("year", year, view.years)
    who = first_group(view, when) if group is None else view.require("group", group, view.groups)
    what = construct or view.index_name
    kind = over or _kind(view, construct, year, group)
    words = {
        "year": view.year_in_words(when),
        "group": view.group(who),
        "construct": view.construct(what),
    }
    if kind == "groups":
        wanted = [((when, one, what), view.group(one), one) for one in view.groups]
        rows = _rows(view, wanted)
        rows.sort(key=lambda row: -row.summary["mean"] if row.there else math.inf)
        return rows, view.say("chart_scores_groups", **words), kind
    alone = "" if who == "all" else "_group"
    if kind == "years":
        wanted = [((one, who, what), view.year(one), one) for one in view.years]
    else:
        wanted = [((when, who, one), view.construct(one), one) for one in view.yearly.model.names]
    return _rows(view, wanted), view.say(f"chart_scores_{kind}{alone}", **words), kind


def _kind(view: View, construct: str | None, year: str | None, group: str | None) -> str:
    """Return what the rows are where it is not said."""
    if group is None and not view.one_group:
        return "groups"
    if year is None and len(view.years) > 1:
        return "years"
    return "constructs" if construct is None else "groups"


def _rows(view: View, wanted: Sequence[tuple[tuple[str, str, str], str, str]]) -> list[ScoreRow]:
    """Return the distributions that there are."""
    bands: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows_of(require_table(view, "score_shares", HOW)):
        bands.setdefault((row["year"], row["group"], row["construct"]), []).append(row)
    summaries = {
        (row["year"], row["group"], row["construct"]): row
        for row in rows_of(require_table(view, "score_summary", HOW))
    }
    return [
        ScoreRow(
            label, tuple(sorted(bands[place], key=lambda row: float(row["least"]))),
            summaries[place], key,
        )
        for place, label, key in wanted
        if place in bands
    ]  # fmt: skip
