"""One self-contained HTML page with all tables, charts and method notes of a yearly index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from csi.index.values import YearlyIndex
from csi.report import data_sheets, more_sections, sheets
from csi.report.cards import card_words, cards
from csi.report.page_data import blocks
from csi.report.path_chart import first_group
from csi.report.pictures import Chart, draw_charts, panel
from csi.report.section import Panel, Section
from csi.report.sentences import arrows, headline, method, record_pairs, unweighted
from csi.report.sheets import Sheet
from csi.report.switching import switches
from csi.report.tables import names_of, open_folder, table, write_text
from csi.report.template import render
from csi.report.view import View
from csi.text import Language


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
    return render(
        yearly.codebook.title.within(view.language),
        sections(view, charts, record),
        view.language,
        switches=switches(view),
        data=blocks({name: table(yearly, name) for name in names_of(yearly)}),
    )


def sections(
    view: View, charts: Sequence[Chart], record: Mapping[str, object]
) -> tuple[Section, ...]:
    """Return the sections of the page in their order."""
    yearly, say = view.yearly, view.say
    images = {
        key: tuple(panel(chart, view) for chart in charts if chart.section == key)
        for key in ("over_years", "constructs", "model", "map", "weights")
    }
    only = say("only_latest", year=view.year_in_words(view.latest(yearly.paths)))
    hidden = sheets.unpublished(view)
    one = len(images["model"]) == 1 < len(view.groups)
    who = view.group(first_group(view, view.latest(yearly.paths)))
    drawn = (say("diagram_of", group=who),) if one else ()
    made: tuple[Section, ...] = (
        Section(
            "headline",
            say("headline"),
            cards=cards(view),
            foot=card_words(view),
            listed=headline(view),
        ),
        Section(
            "over_years",
            say("over_years"),
            charts=images["over_years"],
            sheets=(sheets.index_by_year(view), sheets.latest_in_full(view)),
            foot=(
                arrows(view),
                *(() if view.one_group else (say("holm_words"),)),
                *unweighted(view),
                *((say("unpublished"),) if hidden else ()),
            ),
            listed=hidden,
        ),
        *more_sections.comparisons(view),
        _constructs(view, images),
        _section(
            view,
            "model",
            images,
            (sheets.paths(view), sheets.effects(view)),
            (say("path_words"), say("effect_words"), only, *drawn),
        ),
        *more_sections.impacts(view),
        *more_sections.action_map(view, images["map"]),
        *more_sections.assessment(view),
        _section(view, "weights", images, (sheets.weights(view),), (say("weight_words"), only)),
        _section(view, "items", images, (data_sheets.items(view),)),
        _left_out(view),
        _section(view, "fits", images, (data_sheets.fits(view),)),
        Section("method", say("method"), pairs=method(view)),
    )
    if record:
        made += (Section("record", say("record"), pairs=tuple(record_pairs(record))),)
    no_notes = () if yearly.notes else (say("no_notes"),)
    return (
        *made,
        Section("notes", say("notes"), lead=no_notes, listed=tuple(map(view.told, yearly.notes))),
    )


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
