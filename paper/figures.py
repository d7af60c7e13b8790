"""The figures of the paper: charts of `csi.report`, and the coverage of intervals in their look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.report import index_over_years, map_chart, picture
from csi.report.style import FAINT, PALETTE, drawing, finish, new_figure
from paper.example import GROUP, YEAR, example
from paper.results import coverage, covered, monte_carlo
from paper.tables import DESIGNS

METHODS = (
    ("margins", "bootstrap, by t"),
    ("percentile", "percentile"),
    ("bca", "accelerated"),
    ("studentised", "studentised"),
    ("jackknife", "jackknife"),
    ("delta", "linearised"),
)
"""Methods of `coverage_index.json` shown, as the paper calls them."""
SHOWN = (
    "simple random",
    "strata and weights",
    "clusters of 10, ICC 0.1",
    "strata, weights and clusters",
    "n = 100",
    "n = 250, skewed answers",
)
"""Designs of which every method was tried."""
ALT = {
    "coverage": "Dots for the coverage of intervals of six methods under six sampling designs, for "
    "the index and its change; most lie within two Monte Carlo errors of the nominal level, those "
    "of strata, weights and clusters together lie below it",
    "index": "Lines of the satisfaction index of three mobile phone operators over six years with "
    "margins of error",
    "map": "Map of four drivers of satisfaction by importance and performance with margins of "
    "error on both axes",
}


def figures() -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Return every figure as SVG with what it shows: an alternative text, and the data drawn."""
    makers: dict[str, Callable[[], tuple[Figure, list[float]]]] = {
        "coverage": coverage_chart,
        "index": index_chart,
        "map": driver_map,
    }
    made = {}
    for name, maker in makers.items():
        figure, data = maker()
        told = {"alt": ALT[name], "data": [float(f"{value:.9g}") for value in data]}
        made[name] = (picture(figure, "svg"), told)
    return made


def index_chart() -> tuple[Figure, list[float]]:
    """Draw the index of the example over the years."""
    yearly = example().yearly
    rows = yearly.headline()
    return index_over_years(yearly), [*rows["index"], *rows["moe"]]


def driver_map() -> tuple[Figure, list[float]]:
    """Draw the importance-performance map of one company in the last year."""
    yearly = example().yearly
    table = yearly.tables["map"]
    rows = table[(table["year"] == YEAR) & (table["group"] == GROUP)]
    columns = ("importance", "performance", "importance_se", "performance_se")
    data = [float(value) for name in columns for value in rows[name]]
    return map_chart(yearly, year=YEAR, group=GROUP), data


def coverage_chart() -> tuple[Figure, list[float]]:
    """Draw the coverage of the index and of its change, method by method within designs."""
    data: list[float] = []
    with drawing("en"):
        figure = new_figure(8.2, 4.4)
        grid = figure.subplots(1, 2, sharey=True)
        for axes, what, title in zip(grid, ("index", "change"), ("Index", "Change"), strict=True):
            data += _panel(axes, what)
            axes.set_title(title)
            axes.set_xlabel("coverage in percent")
        marks = grid[0].get_legend_handles_labels()
        figure.legend(*marks, loc="outside lower center", ncols=len(METHODS), handletextpad=0.2)
        return finish(figure), data


def _panel(axes: Axes, what: str) -> list[float]:
    """Draw one panel and return what it shows."""
    surveys = int(coverage()["surveys"].max())
    band = 2 * 100 * monte_carlo(0.95, surveys)
    axes.axvspan(95 - band, 95 + band, color="#EEEEEE", zorder=0)
    axes.axvline(95, color=FAINT, linewidth=0.8, zorder=1)
    data = []
    step = 0.8 / len(METHODS)
    for k, (method, label) in enumerate(METHODS):
        values = [100 * covered(design, method, what) for design in SHOWN]
        places = [row + (k - (len(METHODS) - 1) / 2) * step for row in range(len(SHOWN))]
        look = PALETTE[k]
        axes.plot(values, places, look.marker, color=look.colour, label=label, zorder=3)
        data += values
    axes.set_yticks(range(len(SHOWN)), [DESIGNS[design] for design in SHOWN])
    axes.set_ylim(len(SHOWN) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    for row in range(1, len(SHOWN)):
        axes.axhline(row - 0.5, color="#E6E6E6", linewidth=0.8, zorder=0)
    axes.set_xlim(90.8, 97.4)
    return data
