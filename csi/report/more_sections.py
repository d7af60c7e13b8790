"""Sections of the page that only some runs have: leagues, changes, aggregates, impacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from csi.compare.group_pairs import OTHERS
from csi.report import change_sheets, league_sheets, more_sentences
from csi.report.at_a_glance import first
from csi.report.map_rows import map_sentences, map_sheet
from csi.report.numbers import chance, percent
from csi.report.section import Panel, Section
from csi.report.sheets import Sheet, sheet_of
from csi.report.view import View, rows_of


def comparisons(view: View, images: Mapping[str, tuple[Panel, ...]]) -> tuple[Section, ...]:
    """Return the sections that compare groups, years and nodes, where their tables are there.

    Parameters
    ----------
    view : View
    images : mapping of str to tuple of Panel
        Charts by the key of their section.
    """
    tables = view.yearly.tables
    made = (
        league(view) if "ranks" in tables else None,
        why_changed(view) if "changes" in tables else None,
        aggregates(view) if "aggregates" in tables else None,
        estimators(view) if "estimators" in tables else None,
    )
    return tuple(
        replace(section, charts=images.get(section.key, ()))
        for section in made
        if section is not None
    )


def league(view: View) -> Section:
    """Return the league table of the last year and the leaders over the years."""
    shown = [league_sheets.league(view)]
    foot = list(more_sentences.league(view))
    if "leaders" in view.yearly.tables:
        shown.append(league_sheets.leaders(view))
        foot += more_sentences.leaders(view)
    return _section(view, "league", shown, lead=first(view), foot=tuple(foot))


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


def action_map(view: View, charts: tuple[Panel, ...]) -> tuple[Section, ...]:
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


def assessment(view: View) -> tuple[Section, ...]:
    """Return the verdicts on the model in the last period, and what may be compared."""
    tables = view.yearly.tables
    made: list[Section] = []
    if "verdicts" in tables and len(tables["verdicts"]):
        made.append(_verdicts(view))
    if "comparability" in tables:
        made.append(Section("comparability", view.say("topic_comparability"),
                            sheets=(comparability_sheet(view),)))  # fmt: skip
    return tuple(made)


def _verdicts(view: View) -> Section:
    """Return all verdicts, topic by topic, the worst first; good ones are counted."""
    frame = view.yearly.tables["verdicts"]
    sentence = "sentence_zh" if view.language == "zh" else "sentence"
    graded: list[tuple[str, str, str]] = []
    for topic in frame["topic"].unique():
        own = rows_of(frame[frame["topic"] == topic])
        for grade in ("poor", "doubtful", "told"):
            word = view.say(f"grade_{grade}")
            graded += [(grade, word, str(row[sentence])) for row in own if row["grade"] == grade]
        good = sum(row["grade"] == "good" for row in own)
        if good:
            key = "good_of_topic_one" if good == 1 else "good_of_topic"
            said = view.say(key, topic=view.say(f"topic_{topic}"), count=good)
            graded.append(("good", view.say("grade_good"), said))
    year = view.year_in_words(str(frame["year"].iloc[0]))
    lead = (view.say("assessment_year", year=year), view.say("assessment_legend"))
    return Section("assessment", view.say("assessment"), lead=lead, graded=tuple(graded))


def comparability_sheet(view: View) -> Sheet:
    """Return what may be compared, one row a construct and pair."""
    rows = rows_of(view.yearly.tables["comparability"])
    cells = [
        [
            view.construct(str(row["construct"]))
            if row["construct"]
            else view.say("all_constructs"),
            " – ".join(_compared(view, str(row[end])) for end in ("group", "other") if row[end]),
            *(view.yes(row[name]) for name in ("impacts", "levels", "pooling")),
            view.told(row["why"]),
        ]
        for row in rows
    ]
    keys = ("construct", "pair", "may_impacts", "may_levels", "may_pooling", "why")
    head = [view.say(key) for key in keys]
    return sheet_of(
        view.say("cap_comparability"), head, cells, heads=2, words=1, source="comparability"
    )


def _compared(view: View, name: str) -> str:
    """Return the label of a year or a group that was compared, or of all others together."""
    if name == OTHERS:
        return view.say("all_others")
    return view.group(name) if name in view.groups else view.year(name)


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
