"""All charts of a report, each with its name and the words that stand in for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.constructs_chart import constructs_over_years
from csi.report.index_chart import index_over_years
from csi.report.inline import inline_svg
from csi.report.item_chart import weights_chart
from csi.report.map_chart import map_chart
from csi.report.map_rows import map_rows
from csi.report.numbers import number
from csi.report.path_chart import first_group, path_diagram
from csi.report.section import Panel
from csi.report.sentences import alt_index, alt_paths
from csi.report.view import Row, View
from csi.text import Language

_DIAGRAMS = 4
"""Up to this many groups each has its own path diagram; of more, only the first."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and what the page says of it.

    Attributes
    ----------
    name : str
        Name of its file, without ending.
    section : str
        Section of the page it belongs to.
    alt : str
        The chart in words, for those who cannot see it.
    figure : Figure
    group, year : str
        Whose chart it is; empty where it is of all.
    """

    name: str
    section: str
    alt: str
    figure: Figure
    group: str = ""
    year: str = ""


def draw_charts(yearly: YearlyIndex, *, language: Language = "en") -> tuple[Chart, ...]:
    """Draw all charts of a report.

    Parameters
    ----------
    yearly : YearlyIndex
    language : Language

    Returns
    -------
    tuple of Chart
        Index and constructs over the years; path diagrams, importance-performance maps and
        weights only where there are fits.

    Raises
    ------
    ReportError
        Where Chinese text has to be drawn and there is no font for it.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    index = index_over_years(yearly, language=language)
    constructs = constructs_over_years(yearly, language=language)
    ends = {"first": view.year(view.years[0]), "last": view.year_in_words(view.years[-1])}
    drawn = [
        Chart("index_over_years", "over_years", alt_index(view), index),
        Chart("constructs", "constructs", view.say("alt_constructs", **ends), constructs),
    ]
    if len(yearly.paths):
        drawn += _diagrams(view)
    if "map" in yearly.tables and len(yearly.tables["map"]):
        drawn += map_charts(view)
    if len(yearly.weights):
        year = view.year_in_words(view.latest(yearly.weights))
        figure = weights_chart(yearly, language=language)
        drawn.append(Chart("weights", "weights", view.say("alt_weights", year=year), figure))
    return tuple(drawn)


def _diagrams(view: View) -> list[Chart]:
    paths = view.yearly.paths
    year = view.latest(paths)
    there = set(paths.loc[paths["year"] == year, "group"])
    groups = [group for group in view.groups if group in there]
    if len(groups) > _DIAGRAMS:
        groups = [first_group(view, year)]
    charts = []
    for place, group in enumerate(groups):
        name = "path_diagram" if len(groups) == 1 else f"path_diagram_{place + 1}_{_slug(group)}"
        figure = path_diagram(view.yearly, year=year, group=group, language=view.language)
        alt = alt_paths(view, year, group)
        charts.append(Chart(name, "model", alt, figure, group=group, year=year))
    return charts


def map_charts(view: View) -> list[Chart]:
    """Return the map of constructs, and of items, of the first group."""
    year = view.latest(view.yearly.tables["map"])
    there = {str(row["group"]) for row in map_rows(view, items=False, year=year)}
    first = first_group(view, year)
    group = first if first in there else next(one for one in view.groups if one in there)
    charts = []
    for items, name in ((False, "map"), (True, "map_items")):
        rows = [r for r in map_rows(view, items=items, year=year) if r["group"] == group]
        if not any(row["quadrant"] for row in rows):
            continue
        figure = map_chart(view.yearly, items=items, year=year, group=group, language=view.language)
        charts.append(Chart(name, "map", _alt_map(view, year, group, rows), figure))
    return charts


def _alt_map(view: View, year: str, group: str, rows: Sequence[Row]) -> str:
    """Return a map in words."""
    mark = "；" if view.language == "zh" else "; "
    points = mark.join(
        f"{row['item'] or view.construct(row['construct'])} "
        f"{number(row['importance'], 2)}, {number(row['performance'])}"
        for row in rows
        if row["quadrant"]
    )
    target = view.construct(str(rows[0]["target"]))
    return view.say(
        "alt_map",
        group=view.group(group),
        year=view.year_in_words(year),
        target=target,
        points=points,
    )


def panel(chart: Chart, view: View) -> Panel:
    """Return a chart as it stands in a page."""
    drawn = inline_svg(chart.figure, name=chart.name, alt=chart.alt, language=view.language)
    group = view.group(chart.group) if chart.group else ""
    year = view.year(chart.year) if chart.year else ""
    return Panel(chart.name, drawn, group, year)


def _slug(group: str) -> str:
    return re.sub(r"\W+", "_", group)[:40]
