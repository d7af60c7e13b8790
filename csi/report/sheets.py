"""The tables of the page, as text in rows: what the template turns into HTML."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from csi.report.numbers import (
    NONE,
    count,
    interval,
    number,
    p_value,
    percent,
    signed,
    text,
    with_margin,
)
from csi.report.remarks import ARROWS, against_theory, move, spans_zero
from csi.report.view import Row, View, rows_of

_LONG = 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text.

    Attributes
    ----------
    caption : str
    head : tuple of str
        Names of the columns.
    rows : tuple of tuples of str
    heads : int
        The first `heads` cells of a row name it.
    words : int
        The last `words` columns are text and not numbers.
    folded : bool
        Whether a reader opens the table first; long tables are folded.
    source : str
        Name of the table of the report that has its figures in full precision; empty where
        there is none.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heads: int = 1
    words: int = 0
    folded: bool = False
    source: str = ""


def sheet_of(
    caption: str,
    head: list[str],
    rows: list[list[str]],
    heads: int = 1,
    words: int = 0,
    *,
    fold: bool = True,
    source: str = "",
) -> Sheet:
    """Return a sheet of these cells, folded where it is long unless told otherwise.

    A last column of words without any is left out.
    """
    if words and rows and not any(row[-1] for row in rows):
        head, rows, words = head[:-1], [row[:-1] for row in rows], words - 1
    cells = tuple(tuple(row) for row in rows)
    folded = fold and len(rows) > _LONG
    return Sheet(caption, tuple(head), cells, heads, words, folded=folded, source=source)


def index_by_year(view: View) -> Sheet:
    """Return index and margin of error, one row a group and one column a year."""
    rows = []
    for group in view.groups:
        by_year = view.by_year(view.index_name, group)
        cells = [_index_cell(view, row) for row in by_year.values()]
        rows.append([view.group(group), *cells])
    head = [view.key_label("group"), *(view.year(year) for year in view.years)]
    caption = view.say("cap_index", index=view.construct(view.index_name))
    return Sheet(caption, tuple(head), tuple(tuple(row) for row in rows), source="index")


def _index_cell(view: View, row: Row) -> str:
    arrow = ARROWS.get(move(row, view.yearly.metric.level), "")
    return with_margin(row["index"], row["moe"]) + arrow


def latest_in_full(view: View) -> Sheet:
    """Return all figures of the index in the last year, one row a group."""
    say, level = view.say, percent(view.yearly.metric.level)
    year = view.years[-1]
    rows = [
        [
            view.group(group),
            with_margin(row["index"], row["moe"]),
            interval(row["lower"], row["upper"]),
            number(row["se"], 2),
            count(row["n"]),
            count(row["n_effective"]),
            signed(row["change"]),
            interval(row["change_lower"], row["change_upper"]),
            p_value(row["p_value"]),
            *([] if view.one_group else [p_value(row["p_holm"])]),
            text(row["compared_with"]),
            view.told(row["note"]),
        ]
        for group, row in view.by_group(view.index_name, year).items()
    ]
    spread = say("interval", level=level)
    keys = ("n", "n_effective", "change")
    head = [view.key_label("group"), say("index_moe"), spread, say("se"), *map(say, keys)]
    head += [spread, say("p_value"), *([] if view.one_group else [say("p_holm")])]
    head += [say("compared_with"), say("note")]
    caption = say("cap_latest", year=view.year_in_words(year))
    return Sheet(caption, tuple(head), tuple(tuple(row) for row in rows), words=2, source="index")


def unpublished(view: View) -> tuple[str, ...]:
    """Return a line for each index figure that is not published, with its reason."""
    lines = []
    for year in view.years:
        for group, row in view.by_group(view.index_name, year).items():
            if number(row["index"]) == NONE:
                reason = view.told(row["note"]) or view.say("no_reason")
                year_, group_ = view.year(year), view.group(group)
                lines.append(view.say("cell_reason", year=year_, group=group_, reason=reason))
    return tuple(lines)


def constructs(view: View) -> Sheet:
    """Return the index of every construct in the last year, one row a group."""
    year, names = view.years[-1], view.yearly.model.names
    by_name = {name: view.by_group(name, year) for name in names}
    rows = [
        [
            view.group(group),
            *(_margin(by_name[name][group]) for name in names),
        ]
        for group in view.groups
    ]
    caption = view.say("cap_constructs", year=view.year_in_words(year))
    head = [view.key_label("group"), *(view.construct(name) for name in names)]
    return Sheet(caption, tuple(head), tuple(tuple(row) for row in rows), source="index")


def _margin(row: Row) -> str:
    return with_margin(row["index"], row["moe"])


def quality(view: View) -> Sheet:
    """Return R2 and reliability of the last year with fits."""
    frame, year = _of_latest(view, view.yearly.quality)
    keys = ("r2", "r2_adjusted", "r2_se", "reliability")
    rows = [
        [
            view.group(row["group"]),
            view.construct(row["construct"]),
            *(number(row[key], 3) for key in keys),
        ]
        for row in frame
    ]
    head = [view.key_label("group"), *map(view.say, ("construct", *keys))]
    caption = view.say("cap_quality", year=view.year_in_words(year))
    return sheet_of(caption, head, rows, heads=2, source="quality")


def paths(view: View) -> Sheet:
    """Return the path coefficients of the last year with fits, with remarks in words."""
    frame, _ = _of_latest(view, view.yearly.paths)
    rows = [
        [
            view.group(row["group"]),
            view.construct(row["from"]),
            view.construct(row["to"]),
            number(row["estimate"], 3),
            number(row["se"], 3),
            interval(row["lower"], row["upper"], 3),
            str(row["expected_sign"]),
            _remarks(view, row),
        ]
        for row in frame
    ]
    say = view.say
    head = [view.key_label("group"), say("from"), say("to"), say("coefficient"), say("se")]
    head += [_spread(view), say("expected"), say("remark")]
    return sheet_of(say("paths"), head, rows, heads=3, words=1, source="paths")


def effects(view: View) -> Sheet:
    """Return direct, indirect and total effects of the last year with fits."""
    frame, _ = _of_latest(view, view.yearly.effects)
    rows = [
        [
            view.group(row["group"]),
            view.construct(row["from"]),
            view.construct(row["to"]),
            *(number(row[key], 3) for key in ("direct", "indirect", "total", "se")),
            interval(row["lower"], row["upper"], 3),
        ]
        for row in frame
    ]
    keys = ("from", "to", "direct", "indirect", "total", "se")
    head = [view.key_label("group"), *map(view.say, keys), _spread(view)]
    return sheet_of(view.say("effects"), head, rows, heads=3, source="effects")


def weights(view: View) -> Sheet:
    """Return item weights, loadings and index weights of the last year with fits."""
    frame, _ = _of_latest(view, view.yearly.weights)
    rows = [
        [
            view.group(row["group"]),
            view.construct(row["construct"]),
            view.item(row["item"]),
            number(row["weight"], 3),
            number(row["loading"], 3),
            with_margin(row["index_weight"], row["index_weight_se"], 3),
        ]
        for row in frame
    ]
    keys = ("construct", "item", "weight", "loading")
    last = f"{view.say('index_weight')} ± {view.say('se')}"
    head = [view.key_label("group"), *map(view.say, keys), last]
    return sheet_of(view.say("weights"), head, rows, heads=3, source="weights")


def _of_latest(view: View, frame: pd.DataFrame) -> tuple[list[Row], str]:
    year = view.latest(frame)
    return rows_of(frame[frame["year"] == year]), year


def _spread(view: View) -> str:
    return view.say("interval", level=percent(view.yearly.metric.level))


def _remarks(view: View, row: Row) -> str:
    remarks = [
        view.say(key)
        for key, holds in (
            ("spans_zero", spans_zero(row)),
            ("against_theory", against_theory(row)),
            ("unverified", not row["verified"]),
        )
        if holds
    ]
    return ("；" if view.language == "zh" else "; ").join(remarks)
