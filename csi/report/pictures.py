"""All charts of a report, each with its name and the words that stand in for it."""

from __future__ import annotations

import pandas as pd

from csi.index.values import YearlyIndex
from csi.report.aggregates_chart import aggregates
from csi.report.alternatives import (
    alt_aggregates,
    alt_breaks,
    alt_forest,
    alt_groups,
    alt_league,
    alt_map,
)
from csi.report.chart import Chart, of_group
from csi.report.constructs_chart import constructs_over_years
from csi.report.distribution_pictures import answer_charts, score_charts, waterfall_charts
from csi.report.forest_chart import forest
from csi.report.groups_chart import groups
from csi.report.index_chart import index_over_years
from csi.report.inline import inline_svg
from csi.report.item_chart import weights_chart
from csi.report.league_chart import league
from csi.report.map_chart import map_chart
from csi.report.map_rows import map_rows
from csi.report.panels import cut_off
from csi.report.path_chart import first_group, path_diagram
from csi.report.section import Panel
from csi.report.sentences import alt_index, alt_paths
from csi.report.style import FEW
from csi.report.trend_chart import trend
from csi.report.view import View
from csi.text import Language

_DIAGRAMS = 4
"""Up to this many groups each has a file of its path diagram; of more, only the first."""
MOST_GROUPS = 40
"""Groups that have path diagrams and maps of their own on the page."""
DETAILED = 12
"""Groups that have a map of items of their own, and, where they are many, a forest."""


def draw_charts(yearly: YearlyIndex, *, language: Language = "en") -> tuple[Chart, ...]:
    """Draw all charts of a report.

    Parameters
    ----------
    yearly : YearlyIndex
    language : Language

    Returns
    -------
    tuple of Chart
        Index and constructs over the years, and groups side by side; league, aggregates, parts of
        a change, answers and scores where their tables are; path diagrams, forests,
        importance-performance maps and weights only where there are fits. Diagrams, forests and
        maps are of every group of the last year, of 40 at most; few of them are files.

    Raises
    ------
    ReportError
        Where Chinese text has to be drawn and there is no font for it.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    drawn = [*_over_years(view), *_comparisons(view)]
    if len(yearly.paths):
        drawn += [*_diagrams(view), *_forests(view)]
    if "map" in yearly.tables and len(yearly.tables["map"]):
        drawn += _maps(view)
    if len(yearly.weights):
        year = view.year_in_words(view.latest(yearly.weights))
        figure = weights_chart(yearly, language=language)
        drawn.append(Chart("weights", "weights", view.say("alt_weights", year=year), figure))
    drawn += [*waterfall_charts(view), *answer_charts(view), *score_charts(view)]
    return tuple(drawn)


def _over_years(view: View) -> list[Chart]:
    """Return index and constructs over the years, with the breaks of the index where it has any."""
    yearly, language = view.yearly, view.language
    index = index_over_years(yearly, language=language)
    constructs = constructs_over_years(yearly, language=language)
    ends = {"first": view.year(view.years[0]), "last": view.year_in_words(view.years[-1])}
    drawn = [Chart("index_over_years", "over_years", alt_index(view), index)]
    cut = [cut_off(view.series(view.index_name, group)).any() for group in view.groups]
    if any(cut) and len(view.groups) <= FEW:
        figure, alt = trend(yearly, language=language), alt_breaks(view)
        drawn.append(Chart("index_breaks", "over_years", alt, figure))
    alt = view.say("alt_constructs", **ends)
    return [*drawn, Chart("constructs", "constructs", alt, constructs)]


def _comparisons(view: View) -> list[Chart]:
    """Return groups side by side, the league table and the tree of aggregates."""
    yearly, language, tables = view.yearly, view.language, view.yearly.tables
    drawn = []
    if len(view.groups) > 1:
        figure = groups(yearly, language=language)
        year = view.year(view.years[-1])
        drawn.append(Chart("groups", "constructs", alt_groups(view), figure, year=year))
    for name, draw, alt in (
        ("league", league, alt_league),
        ("aggregates", aggregates, alt_aggregates),
    ):
        table = {"league": "ranks"}.get(name, name)
        if table in tables and len(tables[table]):
            year = view.year(view.latest(tables[table]))
            figure = draw(yearly, language=language)
            drawn.append(Chart(name, name, alt(view), figure, year=year))
    return drawn


def _there(view: View, frame: pd.DataFrame, most: int | None = None) -> tuple[str, list[str], str]:
    """Return the last year of a table, its groups that are drawn, and what is left out."""
    year, most = view.latest(frame), most or MOST_GROUPS
    found = set(frame.loc[frame["year"].astype(str) == year, "group"])
    there = [group for group in view.groups if group in found]
    note = ""
    if len(there) > most:
        note = view.say("charts_left_out", shown=most, all=len(there))
    return year, there[:most], note


def _diagrams(view: View) -> list[Chart]:
    year, there, note = _there(view, view.yearly.paths)
    alone, few = len(there) == 1, len(there) <= _DIAGRAMS
    charts = []
    for place, group in enumerate(there):
        whole = alone or (not few and not place)
        charts.append(
            Chart(
                "path_diagram" if whole else of_group("path_diagram", place, group),
                "model",
                alt_paths(view, year, group),
                path_diagram(view.yearly, year=year, group=group, language=view.language),
                group=view.group(group),
                year=view.year(year),
                file=few or not place,
                note="" if place else note,
            )
        )
    return charts


def _forests(view: View) -> list[Chart]:
    """Return the forest of groups side by side, and of more than six each by itself."""
    year, there, note = _there(view, view.yearly.paths, DETAILED)
    drawn = forest(view.yearly, year=year, language=view.language)
    label = view.group(there[0]) if len(there) == 1 else ""
    alt = alt_forest(view, year, there[:FEW])
    charts = [Chart("forest", "model", alt, drawn, group=label, year=view.year(year))]
    for place, group in enumerate(there if len(there) > FEW else ()):
        charts.append(
            Chart(
                of_group("forest", place, group),
                "model",
                alt_forest(view, year, [group]),
                forest(view.yearly, year=year, groups=[group], language=view.language),
                group=view.group(group),
                year=view.year(year),
                file=False,
                note="" if place else note,
            )
        )
    return charts


def map_charts(view: View) -> list[Chart]:
    """Return the map of constructs, and of items, of the first group."""
    return [chart for chart in _maps(view, only_first=True) if chart.file]


def _maps(view: View, *, only_first: bool = False) -> list[Chart]:
    """Return the maps of constructs, and of items, of every group; those of the first are files."""
    charts = []
    for items, name, most in ((False, "map", None), (True, "map_items", DETAILED)):
        year, there, note = _there(view, view.yearly.tables["map"], most)
        first = first_group(view, year)
        there.sort(key=lambda group: group != first)  # stable: the others keep their order
        every = map_rows(view, items=items, year=year)
        for place, group in enumerate(there[:1] if only_first else there):
            rows = [row for row in every if row["group"] == group]
            if not any(row["quadrant"] for row in rows):
                continue
            charts.append(
                Chart(
                    name if not place else of_group(name, place, group),
                    "map",
                    alt_map(view, year, group, rows),
                    map_chart(
                        view.yearly, items=items, year=year, group=group, language=view.language
                    ),
                    group=view.group(group),
                    year=view.year(year),
                    file=not place,
                    note="" if place else note,
                )
            )
    return charts


def panel(chart: Chart, view: View, prefix: str = "") -> Panel:
    """Return a chart as it stands in a page, where its ids begin with `prefix` or its name."""
    name = prefix or chart.name
    drawn = inline_svg(chart.figure, name=name, alt=chart.alt, language=view.language)
    return Panel(chart.name, drawn, chart.group, chart.year, chart.note)
