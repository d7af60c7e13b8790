"""The slides of a report, one function a subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from csi.report import league_sheets, more_sentences, sheets
from csi.report.captions import foot_axis, foot_moe, joined
from csi.report.chart_groups import foot_hidden, names, ranked, shown, without_figure
from csi.report.numbers import chance, percent
from csi.report.sentences import alt_index, arrows, headline, method, record_pairs
from csi.report.sheets import sheet_of
from csi.report.slide_charts import add_chart
from csi.report.slide_deck import BODY, BOTTOM, EDGE, ROOM, Box, Deck, pages
from csi.report.slide_pages import UNDER, add_sentences, room_over, series_of, words_of
from csi.report.slide_tables import add_table, small_part
from csi.report.style import scale_limits
from csi.report.view import View

_BARS = 20
"""Groups in a chart of bars; of more, the others follow on the next slide."""


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
    add_sentences(deck, deck.view.say("headline"), headline(deck.view), notes)


def trend(deck: Deck) -> None:
    """Add the index over the years, as a chart and as tables."""
    view, say = deck.view, deck.view.say
    index, found = view.construct(view.index_name), shown(deck.view)
    notes, sheet = say("s_note_trend"), sheets.index_by_year(view)
    if len(view.years) > 1:
        title = say("chart_index", index=index, year=view.key_label("year").lower())
        slide = deck.slide(title, notes)
        limits = scale_limits(view, view.index_name)
        below = arrows(view) if small_part(sheet, UNDER) else ""
        axis = foot_axis(view, limits)
        foot = joined(view, (foot_moe(view), axis, foot_hidden(view, found, "s_left_out"), below))
        series = [
            series_of(view.group(group), view.by_year(view.index_name, group).values())
            for group in found.groups
        ]
        add_chart(
            deck,
            slide,
            "line",
            [view.year(year) for year in view.years],
            series,
            box=room_over(deck, slide, foot, sheet),
            scale=limits,
            words=alt_index(view),
        )
    if len(view.years) == 1 or small_part(sheet, UNDER) is None:
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
                [series_of(view.construct(view.index_name), own)],
                box=room_over(deck, slide, foot, None),
                scale=(0.0, 100.0),
                words=words_of(view, title, [view.group(group) for group in run], own),
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
        series_of(view.group(group), [by_name[name][group] for name in known])
        for group in found.groups
    ]
    labels = [view.construct(name) for name in known]
    first = [by_name[name][found.groups[0]] for name in known]
    words = words_of(view, f"{title}, {view.group(found.groups[0])}", labels, first)
    foot = joined(view, (foot_moe(view), foot_hidden(view, found, "s_left_out")))
    add_chart(
        deck,
        slide,
        "column",
        labels,
        series,
        box=room_over(deck, slide, foot, sheet),
        scale=(0.0, 100.0),
        words=words,
    )
    margins = say("s_margins", level=percent(view.yearly.metric.level))
    if small_part(sheet, UNDER) is None:
        add_table(deck, title, sheet, say("s_note_constructs"), (margins,))


def closing(deck: Deck, record: Mapping[str, object]) -> None:
    """Add method, notes and run record."""
    view, say = deck.view, deck.view.say
    head = [say("s_term"), say("s_words")]
    sheet = sheet_of(say("method"), head, [list(pair) for pair in method(view)], words=1)
    add_table(deck, say("method"), sheet, say("s_note_method"))
    told = [view.told(note) for note in view.yearly.notes] or [say("no_notes")]
    add_sentences(deck, say("notes"), told, say("s_note_notes"), sizes=(16.0, 13.0))
    if record:
        rows = [list(pair) for pair in record_pairs(record)]
        made = sheet_of(say("record"), head, rows, words=1)
        add_table(deck, say("record"), made, say("s_note_method"))
