"""One self-contained HTML page with all tables, charts and method notes of a yearly index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from csi.index.values import YearlyIndex
from csi.report import data_sheets, distribution_sections, more_sections, sheets
from csi.report.at_a_glance import at_a_glance
from csi.report.cards import card_words, cards
from csi.report.chart import Chart
from csi.report.disclosure import disclosure
from csi.report.methods import methods
from csi.report.outcomes import outcomes
from csi.report.page_data import blocks
from csi.report.pictures import draw_charts, panel
from csi.report.questionnaire import questionnaire
from csi.report.section import Panel, Section
from csi.report.sentences import arrows, record_pairs, unweighted
from csi.report.sheets import Sheet
from csi.report.switching import switches
from csi.report.tables import names_of, open_folder, table, write_text
from csi.report.template import render
from csi.report.view import View
from csi.text import Language

EMBEDDED = 20_000
"""Tables with more rows are not inside the page; they are in the files beside it."""


def write_page(
    yearly: YearlyIndex,
    path: str | Path,
    *,
    language: Language = "en",
    charts: Sequence[Chart] | None = None,
    record: Mapping[str, object] | None = None,
) -> Path:
    """Write the report as one HTML file that needs no other file and no network.

    Parameters
    ----------
    yearly : YearlyIndex
    path : path
    language : Language
    charts : sequence of Chart, optional
        Charts already drawn; drawn here where not given.
    record : mapping, optional
        What the run was made of (versions, hashes, options), printed as it is.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ReportError
        Where the file cannot be written, or Chinese text cannot be drawn.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    target = Path(path)
    open_folder(target.parent)
    drawn = draw_charts(yearly, language=language) if charts is None else charts
    write_text(target, page(view, drawn, record or {}))
    return target


def page(view: View, charts: Sequence[Chart], record: Mapping[str, object]) -> str:
    """Return the page as HTML; the same input gives the same text."""
    yearly = view.yearly
    frames = ((name, table(yearly, name)) for name in names_of(yearly))
    return render(
        yearly.codebook.title.within(view.language),
        sections(view, charts, record),
        view.language,
        switches=switches(view),
        data=blocks({name: frame for name, frame in frames if len(frame) <= EMBEDDED}),
    )


def sections(
    view: View, charts: Sequence[Chart], record: Mapping[str, object]
) -> tuple[Section, ...]:
    """Return the sections of the page in their order."""
    yearly, say = view.yearly, view.say
    images: dict[str, tuple[Panel, ...]] = {}
    for place, chart in enumerate(charts):
        drawn = panel(chart, view, f"c{place}")
        images[chart.section] = (*images.get(chart.section, ()), drawn)
    only = say("only_latest", year=view.year_in_words(view.latest(yearly.paths)))
    hidden = sheets.unpublished(view)
    made: tuple[Section, ...] = (
        Section(
            "headline",
            say("headline"),
            cards=cards(view),
            foot=card_words(view),
            listed=at_a_glance(view),
        ),
        Section(
            "over_years",
            say("over_years"),
            charts=images.get("over_years", ()),
            sheets=(sheets.index_by_year(view), sheets.latest_in_full(view)),
            foot=(
                arrows(view),
                *(() if view.one_group else (say("holm_words"),)),
                *unweighted(view),
                *((say("unpublished"),) if hidden else ()),
            ),
            listed=hidden,
        ),
        *more_sections.comparisons(view, images),
        _constructs(view, images),
        _section(
            view,
            "model",
            images,
            (sheets.paths(view), sheets.effects(view)),
            (say("path_words"), say("effect_words"), only),
        ),
        *more_sections.impacts(view),
        *more_sections.action_map(view, images.get("map", ())),
        *outcomes(view),
        *distribution_sections.answers(view, images.get("answers", ())),
        *distribution_sections.scores(view, images.get("score_shares", ())),
        *more_sections.assessment(view),
        _section(view, "weights", images, (sheets.weights(view),), (say("weight_words"), only)),
        _section(view, "items", images, (data_sheets.items(view),)),
        _left_out(view),
        _section(view, "fits", images, (data_sheets.fits(view),)),
        *questionnaire(view),
        methods(view, record),
    )
    no_notes = () if yearly.notes else (say("no_notes"),)
    told = tuple(map(view.told, yearly.notes))
    notes = Section("notes", say("notes"), lead=no_notes, listed=told)
    titles = {section.key: section.title for section in (*made, notes)}
    made += (disclosure(view, titles),)
    if record:
        made += (Section("record", say("record"), pairs=tuple(record_pairs(record))),)
    return (*made, notes)


def _section(
    view: View,
    key: str,
    images: Mapping[str, tuple[Panel, ...]],
    tables: tuple[Sheet, ...],
    lead: tuple[str, ...] = (),
) -> Section:
    filled = tuple(sheet for sheet in tables if sheet.rows)
    words = lead if filled else (view.say("no_rows"),)
    return Section(key, view.say(key), lead=words, charts=images.get(key, ()), sheets=filled)


def _constructs(view: View, images: Mapping[str, tuple[Panel, ...]]) -> Section:
    tables = (sheets.constructs(view), sheets.quality(view))
    section = _section(view, "constructs", images, tables)
    if not tables[1].rows:
        return section
    made = [c.name for c in view.yearly.model.wholes if c.kind != "reflective"]
    names = ("、" if view.language == "zh" else ", ").join(view.construct(name) for name in made)
    foot = (view.say("quality_words"), view.say("quality_wholes", names=names))
    return replace(section, foot=foot if made else foot[:1])


def _left_out(view: View) -> Section:
    gone, blank = data_sheets.excluded(view), data_sheets.missing(view)
    words = (() if gone.rows else (view.say("no_excluded"),)) + (
        () if blank.rows else (view.say("no_missing"),)
    )
    filled = tuple(sheet for sheet in (gone, blank) if sheet.rows)
    return Section("left_out", view.say("left_out"), lead=words, sheets=filled)
