"""The path diagram: constructs as boxes, paths as arrows with their coefficients."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Outline

from csi.errors import Fault, ReportError
from csi.index.values import YearlyIndex
from csi.report.canvas import Canvas, canvas_of, height_of, width_of
from csi.report.chart_tips import arrow_tip, figure_tip
from csi.report.geometry import Box
from csi.report.hover import tip
from csi.report.lettering import wrap
from csi.report.numbers import number, with_margin
from csi.report.placement import place_boxes
from csi.report.remarks import against_theory, spans_zero
from csi.report.routing import Route, route
from csi.report.style import FAINT, INK, SMALL, WRONG, drawing
from csi.report.view import Row, View, rows_of
from csi.text import Language

_PAPER, _FILL, _INDEX_FILL, _ARROW = "#FFFFFF", "#F1F5F9", "#CFE3F3", "#41566B"
_LINE = 0.165
_EDGE = 0.25
_LEAST = 4.5
"""Points of the smallest letters in axes of the caller."""


@dataclass(frozen=True, slots=True)
class _Node:
    name: str
    label: tuple[str, ...]
    facts: tuple[str, ...]
    tip: str


@dataclass(frozen=True, slots=True)
class _Paper:
    """Axes in which one unit is an inch of the diagram, and how much smaller it is drawn."""

    canvas: Canvas
    axes: Axes
    scale: float


def path_diagram(
    yearly: YearlyIndex,
    *,
    year: str | None = None,
    group: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Figure:
    """Draw the model of one year and group with index, R2 and path coefficients.

    Causes stand left of what they cause. An arrow is thicker the larger its coefficient,
    dashed where its interval spans zero, and red where its sign is against theory.

    Parameters
    ----------
    yearly : YearlyIndex
    year : str, optional
        The last year with paths where not given.
    group : str, optional
        The first group with paths in that year where not given.
    language : Language
    ax : Axes, optional
        Where to draw: boxes, lines and letters shrink with the axes.

    Returns
    -------
    Figure

    Raises
    ------
    ReportError
        Unknown year or group; axes too small for letters that can be read; Chinese text and no
        font for it.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    when = view.latest(yearly.paths) if year is None else view.require("year", year, view.years)
    who = first_group(view, when) if group is None else view.require("group", group, view.groups)
    with drawing(language):
        return _diagram(view, when, who, ax)


def first_group(view: View, year: str) -> str:
    """Return the first group with path coefficients in `year`; the first of all where none has."""
    paths = view.yearly.paths
    there = set(paths.loc[paths["year"] == year, "group"])
    return next((group for group in view.groups if group in there), view.groups[0])


def _diagram(view: View, year: str, group: str, ax: Axes | None) -> Figure:
    model = view.yearly.model
    nodes = [_node(view, name, year, group) for name in model.names]
    high = max(len(node.label + node.facts) for node in nodes) * _LINE + 0.2
    boxes = place_boxes(model, high)
    rows = _path_rows(view, year, group)
    words = [number(rows[p.source, p.target]["estimate"], 2) for p in model.paths]
    ends = [(model.names.index(p.source), model.names.index(p.target)) for p in model.paths]
    arrows = route(boxes, ends, [(0.085 * len(text) + 0.06, 0.18) for text in words])
    paper = _paper(boxes, arrows, ax)
    for path, arrow, text in zip(model.paths, arrows, words, strict=True):
        row = rows[path.source, path.target]
        for mark in _draw_arrow(paper, arrow, row, text):
            tip(mark, arrow_tip(view, row))
    for node, box in zip(nodes, boxes, strict=True):
        tip(_draw_node(paper, node, box, is_index=node.name == model.index), node.tip)
    _titles(paper, view, year, group)
    return paper.canvas.done()


def _node(view: View, name: str, year: str, group: str) -> _Node:
    figure = view.by_year(name, group)[year]
    quality = view.yearly.quality
    here = (quality["year"] == year) & (quality["group"] == group) & (quality["construct"] == name)
    r2 = quality.loc[here, "r2"]
    facts = [with_margin(figure["index"], figure["moe"])]
    if len(r2) and math.isfinite(r2.iloc[0]):
        facts.append(f"R² {number(r2.iloc[0], 2)}")
    said = figure_tip(view, figure, group, year, name) + "".join(f", {fact}" for fact in facts[1:])
    return _Node(name, tuple(wrap(view.construct(name), 17).split("\n")), tuple(facts), said)


def _path_rows(view: View, year: str, group: str) -> dict[tuple[str, str], Row]:
    """Return the row of each path of the model; one of NaN where there is no estimate."""
    paths = view.yearly.paths
    here = paths[(paths["year"] == year) & (paths["group"] == group)]
    found = {(row["from"], row["to"]): row for row in rows_of(here)}
    none = {"estimate": math.nan, "lower": math.nan, "upper": math.nan, "expected_sign": "?"}
    ends = [(path.source, path.target) for path in view.yearly.model.paths]
    return {end: found.get(end, none | {"from": end[0], "to": end[1]}) for end in ends}


def _paper(boxes: tuple[Box, ...], arrows: tuple[Route, ...], ax: Axes | None) -> _Paper:
    """Return a figure where one unit of the axes is an inch, with room for title and legend."""
    across = [x for b in boxes for x in (b.x - b.wide / 2, b.x + b.wide / 2)]
    up = [y for b in boxes for y in (b.y - b.high / 2, b.y + b.high / 2)]
    for arrow in arrows:
        across += [arrow.points[:, 0].min() - 0.2, arrow.points[:, 0].max() + 0.2]
        up += [arrow.points[:, 1].min() - 0.12, arrow.points[:, 1].max() + 0.12]
    left, right = min(across) - _EDGE, max(max(across) + _EDGE, min(across) - _EDGE + 8.5)
    low, top = min(up) - 0.55, max(up) + 0.6
    canvas = canvas_of(ax, right - left, top - low)
    scale = 1.0
    if ax is None:
        canvas.figure.set_layout_engine("none")
        axes: Axes = canvas.figure.add_axes((0.0, 0.0, 1.0, 1.0))
    else:
        axes = ax
        scale = _scale(ax, right - left, top - low)
        ax.set_aspect("equal", adjustable="box")
    canvas.drawn.append(axes)
    axes.set_axis_off()
    axes.set_xlim(left, right)
    axes.set_ylim(low, top)
    return _Paper(canvas, axes, scale)


def _scale(ax: Axes, wide: float, high: float) -> float:
    """Return how much smaller a diagram of these inches is in axes.

    Raises
    ------
    ReportError
        Where its letters could not be read.
    """
    scale = min(1.0, width_of(ax) / wide, height_of(ax) / high)
    if scale * SMALL >= _LEAST:
        return scale
    what = (
        f"{width_of(ax):.1f} by {height_of(ax):.1f} inches are too few for this diagram of "
        f"{wide:.1f} by {high:.1f}: its letters would have {scale * SMALL:.1f} points"
    )
    share = _LEAST / SMALL
    fix = f"make the axes at least {share * wide:.1f} by {share * high:.1f} inches (figsize=...)"
    raise ReportError(Fault("ax", what, fix))


def _draw_arrow(paper: _Paper, arrow: Route, row: Row, text: str) -> tuple[Artist, Artist]:
    """Draw an arrow and its coefficient, and return both."""
    wrong, scale = against_theory(row), paper.scale
    size = abs(row["estimate"]) if math.isfinite(row["estimate"]) else 0.0
    drawn = FancyArrowPatch(
        path=Outline(arrow.points),
        arrowstyle="-|>,head_length=5,head_width=2.6",
        mutation_scale=scale * (1.0 + 0.5 * min(size, 1.0)),
        linewidth=scale * (0.9 + 3.2 * min(size, 1.0)),
        linestyle=(0, (3.5, 2.0)) if spans_zero(row) else "solid",
        color=WRONG if wrong else _ARROW,
        capstyle="butt",
        joinstyle="miter",
        zorder=2,
    )
    paper.axes.add_patch(drawn)
    words = paper.axes.text(
        arrow.label.x,
        arrow.label.y,
        text,
        ha="center",
        va="center_baseline",
        fontsize=scale * (SMALL + 0.5),
        color=WRONG if wrong else INK,
        fontweight="bold" if wrong else "normal",
        bbox={"boxstyle": "round,pad=0.12", "facecolor": _PAPER, "edgecolor": "none"},
        zorder=5,
    )
    return drawn, words


def _draw_node(paper: _Paper, node: _Node, box: Box, *, is_index: bool) -> Artist:
    """Draw a construct and return its box."""
    scale = paper.scale
    drawn = FancyBboxPatch(
        (box.x - box.wide / 2 + 0.08, box.y - box.high / 2 + 0.08),
        box.wide - 0.16,
        box.high - 0.16,
        boxstyle="round,pad=0.08",
        facecolor=_INDEX_FILL if is_index else _FILL,
        edgecolor="#0072B2" if is_index else "#8A99A8",
        linewidth=scale * (1.8 if is_index else 1.0),
        zorder=3,
    )
    paper.axes.add_patch(drawn)
    lines = [*((line, SMALL + 0.5) for line in node.label), *((f, SMALL) for f in node.facts)]
    top = box.y + (len(lines) - 1) / 2 * _LINE
    for place, (line, size) in enumerate(lines):
        height = top - place * _LINE
        paper.axes.text(
            box.x, height, line, ha="center", va="center", fontsize=scale * size, zorder=4
        )
    return drawn


def _titles(paper: _Paper, view: View, year: str, group: str) -> None:
    figure, given = paper.canvas.figure, paper.canvas.given
    when = view.year_in_words(year)
    title = view.say("chart_paths", year=when, group=view.group(group))
    if view.one_group and group == "all":
        title = view.say("chart_paths_all", year=when)
    if given is None:
        columns = int(figure.get_figwidth() * 7.5)
        figure.suptitle(wrap(title, columns), x=0.01, y=1 - 0.1 / figure.get_figheight(), ha="left")
    else:
        given.set_title(wrap(title, max(12, int(12 * width_of(given)))), loc="left")
    keys = _keys(view)
    small = {} if given is None else {"fontsize": paper.scale * SMALL}
    drawn = (given or figure).legend(
        handles=keys,
        loc="lower left",
        ncols=4,
        bbox_to_anchor=(0.0, 0.0),
        labelcolor=FAINT,
        **small,
    )
    drawn.set_in_layout(False)


def _keys(view: View) -> list[Line2D]:
    """Return the legend of arrows and boxes."""
    return [
        Line2D([], [], color=_ARROW, linewidth=2.4, label=view.say("legend_line")),
        Line2D([], [], color=_ARROW, linestyle=(0, (3.5, 2.0)), label=view.say("legend_dashed")),
        Line2D([], [], color=WRONG, linewidth=2.4, label=view.say("legend_sign")),
        Line2D(
            [],
            [],
            linestyle="",
            marker="s",
            color=_FILL,
            markeredgecolor="#8A99A8",
            label=view.say("legend_boxes"),
        ),
    ]
