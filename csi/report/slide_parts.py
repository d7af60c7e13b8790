"""The slides of a report, one function a subject."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from csi.report import change_sheets, league_sheets, more_sentences, sheets
from csi.report.captions import foot_axis, foot_moe, joined
from csi.report.chart_groups import Shown, foot_hidden, names, ranked, shown, without_figure
from csi.report.map_rows import map_rows, map_sentences, map_sheet
from csi.report.numbers import chance, number, percent, with_margin
from csi.report.sentences import alt_index, arrows, headline, method, record_pairs
from csi.report.sheets import Sheet, sheet_of
from csi.report.slide_charts import Point, Series, add_chart, add_map
from csi.report.slide_deck import BODY, BOTTOM, EDGE, PAD, ROOM, TOP, Box, Deck, pages
from csi.report.slide_fit import height_of
from csi.report.slide_tables import add_table, draw_part, small_part
from csi.report.style import FAINT, scale_limits
from csi.report.view import Row, View

_WORDS = (22.0, 18.0, 16.0)
"""Sizes of sentences, the largest that fits is taken."""
_FOOT = 10.0
_BARS = 20
"""Groups in a chart of bars; of more, the others follow on the next slide."""
_UNDER = 110.0
"""Highest table that stands under its chart, in points."""
_MAPS = 4
"""Up to this many groups each has its own map; of more, only the first."""


def opening(deck: Deck) -> None:
    """Add the title slide."""
    view, say = deck.view, deck.view.say
    book = view.yearly.codebook
    title = book.title.within(view.language) or say("report")
    notes = say("s_note_title", estimator=view.told(view.yearly.metric.estimator))
    slide = deck.slide(title, notes, top=130.0)
    mark = "：" if view.language == "zh" else ": "
    lines = [f"{say('report')}{mark}{view.construct(view.index_name)}"]
    if slide.shapes.title.text_frame.text != title:
        lines.insert(0, title)  # cut above
    for key, words in (("m_population", book.population), ("m_source", book.source)):
        if words:
            lines.append(f"{say(key)}{mark}{words.within(view.language)}")
    lines.append(f"{say('m_years')}{mark}{_span(view)}")
    box = Box(EDGE, 205.0, ROOM, BOTTOM - 205.0)
    size = next((one for one in (18.0, 15.0, 12.0) if len(pages(lines, box, one)) == 1), 12.0)
    first, *rest = pages(lines, box, size)
    deck.words(slide, first, box, size)
    for more in rest:
        deck.words(deck.slide(title, notes), more, BODY, size)


def _span(view: View) -> str:
    first, last = view.year(view.years[0]), view.year(view.years[-1])
    return first if first == last else f"{first}–{last}"


def headlines(deck: Deck) -> None:
    """Add what the last year says."""
    level = deck.view.yearly.metric.level
    notes = deck.view.say("s_note_headline", alpha=chance(level))
    _sentences(deck, deck.view.say("headline"), headline(deck.view), notes)


def trend(deck: Deck) -> None:
    """Add the index over the years, as a chart and as tables."""
    view, say = deck.view, deck.view.say
    index, found = view.construct(view.index_name), shown(deck.view)
    notes, sheet = say("s_note_trend"), sheets.index_by_year(view)
    if len(view.years) > 1:
        title = say("chart_index", index=index, year=view.key_label("year").lower())
        slide = deck.slide(title, notes)
        limits = scale_limits(view, view.index_name)
        below = arrows(view) if small_part(sheet, _UNDER) else ""
        axis = foot_axis(view, limits)
        foot = joined(view, (foot_moe(view), axis, foot_hidden(view, found, "s_left_out"), below))
        series = [
            _series(view.group(group), view.by_year(view.index_name, group).values())
            for group in found.groups
        ]
        add_chart(
            deck,
            slide,
            "line",
            [view.year(year) for year in view.years],
            series,
            box=_over(deck, slide, foot, sheet),
            scale=limits,
            words=alt_index(view),
        )
    if len(view.years) == 1 or small_part(sheet, _UNDER) is None:
        add_table(deck, sheet.caption, sheet, notes, (arrows(view),))
    full = sheets.latest_in_full(view)
    add_table(deck, full.caption, replace(full, folded=False), notes)


def latest(deck: Deck) -> None:
    """Add the index of the last year by group, highest first, and the league table."""
    view, say = deck.view, deck.view.say
    order, gone = ranked(view), without_figure(view)
    year = view.years[-1]
    title = say(
        "chart_latest", index=view.construct(view.index_name), year=view.year_in_words(year)
    )
    if len(view.groups) > 1 and order:
        rows = view.by_group(view.index_name, year)
        runs = [order[at : at + _BARS] for at in range(0, len(order), _BARS)]
        absent = say("x_no_figure", year=view.year_in_words(year), names=names(view, gone))
        foot = joined(view, (foot_moe(view), absent if gone else ""))
        for count, run in enumerate(runs, start=1):
            numbered = say("s_part", title=title, n=count, all=len(runs))
            slide = deck.slide(numbered if len(runs) > 1 else title, say("s_note_latest"))
            own = [rows[group] for group in run]
            add_chart(
                deck,
                slide,
                "bar",
                [view.group(group) for group in run],
                [_series(view.construct(view.index_name), own)],
                box=_over(deck, slide, foot, None),
                scale=(0.0, 100.0),
                words=_alt(view, title, [view.group(group) for group in run], own),
            )
    if "ranks" in view.yearly.tables:
        sheet = league_sheets.league(view)
        level = percent(view.yearly.metric.level)
        notes = say("s_note_league", level=level)
        add_table(deck, sheet.caption, sheet, notes, more_sentences.league(view))


def constructs(deck: Deck) -> None:
    """Add all constructs of the last year by group."""
    view, say = deck.view, deck.view.say
    found, year, sheet = shown(view), view.years[-1], sheets.constructs(view)
    known = view.yearly.model.names
    title = say("chart_constructs_year", year=view.year_in_words(year))
    slide = deck.slide(title, say("s_note_constructs"))
    by_name = {name: view.by_group(name, year) for name in known}
    series = [
        _series(view.group(group), [by_name[name][group] for name in known])
        for group in found.groups
    ]
    labels = [view.construct(name) for name in known]
    first = [by_name[name][found.groups[0]] for name in known]
    words = _alt(view, f"{title}, {view.group(found.groups[0])}", labels, first)
    foot = joined(view, (foot_moe(view), foot_hidden(view, found, "s_left_out")))
    add_chart(
        deck,
        slide,
        "column",
        labels,
        series,
        box=_over(deck, slide, foot, sheet),
        scale=(0.0, 100.0),
        words=words,
    )
    margins = say("s_margins", level=percent(view.yearly.metric.level))
    if small_part(sheet, _UNDER) is None:
        add_table(deck, title, sheet, say("s_note_constructs"), (margins,))


def maps(deck: Deck) -> None:
    """Add the importance-performance maps, where the figures have them."""
    view, say = deck.view, deck.view.say
    if "map" not in view.yearly.tables or view.yearly.tables["map"].empty:
        return
    year = view.latest(view.yearly.tables["map"])
    rows = [row for row in map_rows(view, items=False, year=year) if row["quadrant"]]
    there = [group for group in view.groups if any(row["group"] == group for row in rows)]
    _sentences(deck, say("map"), map_sentences(view), say("s_note_map"))
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
        box=_over(deck, slide, foot, None),
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
    _sentences(deck, say("impacts"), lines, say("s_note_impacts"))


def closing(deck: Deck, record: Mapping[str, object]) -> None:
    """Add method, notes and run record."""
    view, say = deck.view, deck.view.say
    head = [say("s_term"), say("s_words")]
    sheet = sheet_of(say("method"), head, [list(pair) for pair in method(view)], words=1)
    add_table(deck, say("method"), sheet, say("s_note_method"))
    told = [view.told(note) for note in view.yearly.notes] or [say("no_notes")]
    _sentences(deck, say("notes"), told, say("s_note_notes"), sizes=(16.0, 13.0))
    if record:
        rows = [list(pair) for pair in record_pairs(record)]
        made = sheet_of(say("record"), head, rows, words=1)
        add_table(deck, say("record"), made, say("s_note_method"))


def _sentences(
    deck: Deck, title: str, lines: Sequence[str], notes: str, sizes: Sequence[float] = _WORDS
) -> None:
    """Add sentences in the largest letters that fit on one slide, else on several slides."""
    if not lines:
        return
    size = next((one for one in sizes if len(pages(lines, BODY, one)) == 1), sizes[-1])
    runs = pages(lines, BODY, size)
    for count, run in enumerate(runs, start=1):
        numbered = deck.view.say("s_part", title=title, n=count, all=len(runs))
        slide = deck.slide(numbered if len(runs) > 1 else title, notes)
        deck.words(slide, run, BODY, size)


def _over(deck: Deck, slide: object, foot: str, sheet: Sheet | None) -> Box:
    """Write the foot of a chart, and a small table above it; return the room that is left."""
    high = height_of(foot, ROOM - PAD, _FOOT) + 6
    deck.words(slide, (foot,), Box(EDGE, BOTTOM - high, ROOM, high), _FOOT, FAINT)
    bottom = BOTTOM - high - 4
    part = small_part(sheet, _UNDER) if sheet else None
    if part and sheet:
        bottom -= sum(part.heights)
        draw_part(deck, slide, part, sheet.caption, bottom)
        bottom -= 4
    return Box(EDGE, TOP, ROOM, bottom - TOP)


def _series(name: str, rows: object) -> Series:
    found = list(rows)  # type: ignore[call-overload]
    values = tuple(float(row["index"]) for row in found)
    margins = tuple(float(row["moe"]) if math.isfinite(row["index"]) else math.nan for row in found)
    return Series(name, values, margins)


def _alt(view: View, title: str, labels: Sequence[str], rows: Sequence[Row]) -> str:
    """Return a chart in words."""
    figures = [
        f"{label} {with_margin(row['index'], row['moe'])}"
        for label, row in zip(labels, rows, strict=True)
    ]
    mark = "、" if view.language == "zh" else ", "
    return view.say("s_alt", title=title, figures=mark.join(figures))


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
