"""Sections of the page that only some runs have: leagues, changes, aggregates, impacts."""

from __future__ import annotations

from csi.report import change_sheets, league_sheets, more_sentences
from csi.report.map_rows import map_sentences, map_sheet
from csi.report.numbers import chance, percent
from csi.report.section import Section
from csi.report.sheets import Sheet
from csi.report.view import View


def comparisons(view: View) -> tuple[Section, ...]:
    """Return the sections that compare groups, years and nodes, where their tables are there."""
    tables = view.yearly.tables
    made = (
        league(view) if "ranks" in tables else None,
        why_changed(view) if "changes" in tables else None,
        aggregates(view) if "aggregates" in tables else None,
        estimators(view) if "estimators" in tables else None,
    )
    return tuple(section for section in made if section is not None)


def league(view: View) -> Section:
    """Return the league table of the last year and the leaders over the years."""
    shown = [league_sheets.league(view)]
    foot = list(more_sentences.league(view))
    if "leaders" in view.yearly.tables:
        shown.append(league_sheets.leaders(view))
        foot += more_sentences.leaders(view)
    return _section(view, "league", shown, foot=tuple(foot))


def why_changed(view: View) -> Section:
    """Return the parts of the last change, by group, item and construct, and re-basing."""
    tables = view.yearly.tables
    sheets = [change_sheets.split(view), change_sheets.split_items(view)]
    if "contributions" in tables:
        sheets.append(change_sheets.contributions(view))
    if "rebasing" in tables:
        sheets.append(change_sheets.rebasing(view))
    return _section(view, "why_changed", sheets, foot=more_sentences.changes(view))


def aggregates(view: View) -> Section:
    """Return the nodes above the companies, of the last year and by year."""
    sheets = [league_sheets.aggregates(view)]
    if len(view.years) > 1:
        sheets.append(league_sheets.nodes_by_year(view))
    return _section(view, "aggregates", sheets, foot=more_sentences.aggregates(view))


def estimators(view: View) -> Section:
    """Return the index by both estimators."""
    level = view.yearly.metric.level
    foot = (view.say("estimator_words"), view.say("star", alpha=chance(level)))
    lead = more_sentences.estimators(view)
    return _section(view, "estimators", [change_sheets.estimators(view)], lead=lead, foot=foot)


def impacts(view: View) -> tuple[Section, ...]:
    """Return what a rise of one construct does to others, where the table is there."""
    if "impacts" not in view.yearly.tables or view.yearly.tables["impacts"].empty:
        return ()
    level = view.yearly.metric.level
    foot = (view.say("star", alpha=chance(level)), view.say("brackets", level=percent(level)))
    sheets = [change_sheets.impacts(view)]
    lead, listed = more_sentences.impact_words(view), more_sentences.impacts(view)
    return (_section(view, "impacts", sheets, lead=(lead,), foot=foot, listed=listed),)


def action_map(view: View, charts: tuple[tuple[str, str], ...]) -> tuple[Section, ...]:
    """Return the importance-performance map, where the table has rows."""
    if "map" not in view.yearly.tables or view.yearly.tables["map"].empty:
        return ()
    target = view.construct(str(view.yearly.tables["map"]["target"].iloc[0]))
    sheets = tuple(map_sheet(view, items=items) for items in (False, True))
    lead = (view.say("map_words", target=target),)
    return (
        Section(
            "map",
            view.say("map"),
            lead=lead,
            charts=charts,
            sheets=tuple(sheet for sheet in sheets if sheet.rows),
            listed=map_sentences(view),
        ),
    )


def _section(
    view: View,
    key: str,
    sheets: list[Sheet],
    *,
    lead: tuple[str, ...] = (),
    foot: tuple[str, ...] = (),
    listed: tuple[str, ...] = (),
) -> Section:
    """Return a section with the tables that have rows, or with words where none has."""
    filled = tuple(sheet for sheet in sheets if sheet.rows)
    if not filled:
        return Section(key, view.say(key), lead=(view.say("no_rows"),))
    return Section(key, view.say(key), lead=lead, sheets=filled, foot=foot, listed=listed)
