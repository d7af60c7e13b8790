"""The slides of the model: importance-performance maps, path coefficients, drivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from csi.report import change_sheets, more_sentences, sheets
from csi.report.captions import joined
from csi.report.chart_groups import Shown, shown
from csi.report.map_rows import map_rows, map_sentences, map_sheet
from csi.report.numbers import chance, number, percent
from csi.report.slide_charts import Point, add_map
from csi.report.slide_deck import Deck
from csi.report.slide_pages import add_sentences, room_over
from csi.report.slide_tables import add_table
from csi.report.view import Row, View

_MAPS = 4
"""Up to this many groups each has its own map; of more, only the first."""


def maps(deck: Deck) -> None:
    """Add the importance-performance maps, where the figures have them."""
    view, say = deck.view, deck.view.say
    if "map" not in view.yearly.tables or view.yearly.tables["map"].empty:
        return
    year = view.latest(view.yearly.tables["map"])
    rows = [row for row in map_rows(view, items=False, year=year) if row["quadrant"]]
    there = [group for group in view.groups if any(row["group"] == group for row in rows)]
    add_sentences(deck, say("map"), map_sentences(view), say("s_note_map"))
    drawn = there if len(there) <= _MAPS else there[:1]
    one = say("s_one_map", all=len(there), table="map") if len(drawn) < len(there) else ""
    foot = joined(view, (say("foot_map", level=percent(view.yearly.metric.level)), one))
    for group in drawn:
        _map(deck, year, group, [row for row in rows if row["group"] == group], foot)
    few = _narrowed(view, "map")
    sheet = map_sheet(few, items=False)
    add_table(deck, sheet.caption, sheet, say("s_note_map"), _left_out(view, "map"))


def _map(deck: Deck, year: str, group: str, rows: Sequence[Row], foot: str) -> None:
    view, say = deck.view, deck.view.say
    if not rows:
        return
    target = view.construct(str(rows[0]["target"]))
    when = view.year_in_words(year)
    alone = view.one_group and group == "all"
    key = "chart_map" if alone else "chart_map_group"
    title = say(key, target=target, group=view.group(group), year=when)
    slide = deck.slide(title, say("s_note_map"))
    points = [
        Point(
            view.construct(str(row["construct"])),
            row["importance"],
            row["performance"],
            row["importance_upper"] - row["importance"],
            row["performance_upper"] - row["performance"],
        )
        for row in rows
    ]
    told = [f"{p.name} {number(p.across, 2)}, {number(p.up)}" for p in points]
    mark = "；" if view.language == "zh" else "; "
    add_map(
        deck,
        slide,
        points,
        (rows[0]["mean_importance"], rows[0]["mean_performance"]),
        box=room_over(deck, slide, foot, None),
        titles=(say("axis_importance", target=target), say("axis_performance")),
        words=say("s_alt", title=title, figures=mark.join(told)),
    )


def paths(deck: Deck) -> None:
    """Add the path coefficients of the last year."""
    view, say = deck.view, deck.view.say
    if view.yearly.paths.empty:
        return
    sheet = sheets.paths(_narrowed(view, "paths"))
    year = view.year_in_words(view.latest(view.yearly.paths))
    title = say("s_paths", year=year)
    foot = (say("path_words"), *_left_out(view, "paths"))
    add_table(deck, title, sheet, say("s_note_paths"), foot)


def drivers(deck: Deck) -> None:
    """Add what a rise of each construct does to the index, where the figures have it."""
    view, say = deck.view, deck.view.say
    if "impacts" not in view.yearly.tables or view.yearly.tables["impacts"].empty:
        return
    sheet = change_sheets.impacts(_narrowed(view, "impacts"))
    title = say("s_drivers", title=sheet.caption)
    level = view.yearly.metric.level
    foot = (say("star", alpha=chance(level)), say("brackets", level=percent(level)))
    add_table(deck, title, sheet, say("s_note_impacts"), (*foot, *_left_out(view, "impacts")))
    lines = (more_sentences.impact_words(view), *more_sentences.impacts(view))
    add_sentences(deck, say("impacts"), lines, say("s_note_impacts"))


def _narrowed(view: View, table: str) -> View:
    """Return the view with the rows of the groups shown only, in one table."""
    groups = set(shown(view).groups)
    yearly = view.yearly
    if table == "paths":
        kept = yearly.paths[yearly.paths["group"].isin(groups)]
        return View(replace(yearly, paths=kept), view.language)
    frame = yearly.tables[table]
    return View(yearly.with_tables(**{table: frame[frame["group"].isin(groups)]}), view.language)


def _left_out(view: View, table: str) -> tuple[str, ...]:
    """Say which groups a table leaves out."""
    found: Shown = shown(view)
    if not found.hidden:
        return ()
    return (
        view.say(
            "s_groups",
            shown=len(found.groups),
            all=len(view.groups),
            year=view.year_in_words(view.years[-1]),
            table=table,
        ),
    )
