"""Rows of the chart of answers: which shares stand in which row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from csi.errors import Fault, ReportError
from csi.report.numbers import NONE, share
from csi.report.view import Row, View, rows_of


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One bar of the chart.

    Attributes
    ----------
    label : str
    head : str
        Construct whose first item this is; empty elsewhere.
    points : tuple of Row
        Rows of the table ``answers`` in the order of the scale.
    parts : dict of str to Row
        Rows of the table ``answer_parts`` by part.
    item : str
    """

    label: str
    head: str
    points: tuple[Row, ...]
    parts: dict[str, Row]
    item: str

    @property
    def there(self) -> bool:
        """Tell whether shares are published."""
        return math.isfinite(self.points[0]["share"])

    @property
    def scale(self) -> tuple[float, ...]:
        """Points of the answer scale."""
        return tuple(float(row["answer"]) for row in self.points)

    def part(self, name: str) -> float:
        """Return the share of a part of the scale, zero where the scale has no such part."""
        return float(self.parts[name]["share"]) if name in self.parts else 0.0


def require_table(view: View, name: str, how: str) -> pd.DataFrame:
    """Return a further table that has rows.

    Raises
    ------
    ReportError
        Where the figures do not have it.
    """
    if name not in view.yearly.tables or view.yearly.tables[name].empty:
        what = "the figures do not have this table"
        raise ReportError(Fault(f"table {name}", what, how))
    return view.yearly.tables[name]


HOW = "add it with csi.run.distributions.with_distributions(figures, survey)"
"""What to do where the tables of distributions are missing."""


def item_rows(view: View, year: str, group: str) -> list[AnswerRow]:
    """Return one row an item that was asked, construct by construct."""
    points, parts = _tables(view, year=year, group=group)
    rows = []
    for construct in view.yearly.model.constructs:
        if construct.parts:
            continue
        made = [
            _row(view.item(item), item, points[item, year, group], parts[item, year, group])
            for item in construct.items
            if (item, year, group) in points
        ]
        made = [row for row in made if row.points[0]["asked"]]
        heads = [view.construct(construct.name), *[""] * len(made)]
        rows += [replace(row, head=head) for row, head in zip(made, heads, strict=False)]
    return rows


def group_rows(view: View, item: str, year: str) -> list[AnswerRow]:
    """Return one row a group, the one with most high answers first, those without shares last."""
    points, parts = _tables(view, year=year, item=item)
    rows = [
        _row(view.group(group), item, points[item, year, group], parts[item, year, group])
        for group in view.groups
        if (item, year, group) in points
    ]
    return sorted(rows, key=lambda row: -row.part("high") if row.there else math.inf)


def year_rows(view: View, item: str, group: str) -> list[AnswerRow]:
    """Return one row a year in which the item was asked."""
    points, parts = _tables(view, group=group, item=item)
    rows = [
        _row(view.year(year), item, points[item, year, group], parts[item, year, group])
        for year in view.years
        if (item, year, group) in points
    ]
    return [row for row in rows if row.points[0]["asked"]]


def base(view: View, rows: Sequence[AnswerRow]) -> str:
    """Return how many answers stand behind the rows, in words."""
    counts = [int(row.points[0]["n"]) for row in rows if row.there]
    if not counts:
        return view.say("base_one", n=0)
    if min(counts) == max(counts):
        return view.say("base_one", n=f"{counts[0]:,}")
    return view.say("base_span", least=f"{min(counts):,}", most=f"{max(counts):,}")


def shares(low: float, high: float) -> str:
    """Return an interval of a share in whole per cent, a dash where an end is missing.

    Examples
    --------
    >>> shares(0.531, 0.68)
    '[53%, 68%]'
    """
    known = math.isfinite(low) and math.isfinite(high)
    return f"[{share(low)}, {share(high)}]" if known else NONE


def points_text(least: float, most: float) -> str:
    """Return the points of a part of a scale.

    Examples
    --------
    >>> points_text(8.0, 10.0), points_text(3.0, 3.0)
    ('8–10', '3')
    """
    return f"{least:g}" if least == most else f"{least:g}–{most:g}"


def _row(label: str, item: str, points: list[Row], parts: list[Row]) -> AnswerRow:
    ordered = sorted(points, key=lambda row: float(row["answer"]))
    return AnswerRow(label, "", tuple(ordered), {str(row["part"]): row for row in parts}, item)


def _tables(
    view: View, **wanted: str
) -> tuple[dict[tuple[str, str, str], list[Row]], dict[tuple[str, str, str], list[Row]]]:
    """Return rows of the two tables by item, year and group."""
    made = []
    for name in ("answers", "answer_parts"):
        frame = require_table(view, name, HOW)
        for column, value in wanted.items():
            frame = frame[frame[column] == value]
        found: dict[tuple[str, str, str], list[Row]] = {}
        for row in rows_of(frame):
            found.setdefault((row["item"], row["year"], row["group"]), []).append(row)
        made.append(found)
    return made[0], made[1]
