"""The path diagram: constructs as boxes, paths as arrows with their coefficients."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Outline

from csi.index.values import YearlyIndex
from csi.report.geometry import Box
from csi.report.lettering import wrap
from csi.report.numbers import number, with_margin
from csi.report.placement import place_boxes
from csi.report.remarks import against_theory, spans_zero
from csi.report.routing import Route, route
from csi.report.style import FAINT, INK, SMALL, WRONG, drawing, finish, new_figure
from csi.report.view import Row, View, rows_of
from csi.text import Language

_PAPER, _FILL, _INDEX_FILL, _ARROW = "#FFFFFF", "#F1F5F9", "#CFE3F3", "#41566B"
_LINE = 0.165
_EDGE = 0.25


@dataclass(frozen=True, slots=True)
class _Node:
    name: str
    label: tuple[str, ...]
    facts: tuple[str, ...]


def path_diagram(
    yearly: YearlyIndex,
    *,
    year: str | None = None,
    group: str | None = None,
    language: Language = "en",
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

    Returns
    -------
    Figure

    Raises
    ------
    ReportError
        Unknown year or group; Chinese text and no font for it.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    when = view.latest(yearly.paths) if year is None else view.require("year", year, view.years)
    who = first_group(view, when) if group is None else view.require("group", group, view.groups)
    with drawing(language):
        return finish(_diagram(view, when, who))


def first_group(view: View, year: str) -> str:
    """Return the first group with path coefficients in `year`; the first of all where none has."""
    paths = view.yearly.paths
    there = set(paths.loc[paths["year"] == year, "group"])
    return next((group for group in view.groups if group in there), view.groups[0])


def _diagram(view: View, year: str, group: str) -> Figure:
    model = view.yearly.model
    nodes = [_node(view, name, year, group) for name in model.names]
    high = max(len(node.label + node.facts) for node in nodes) * _LINE + 0.2
    boxes = place_boxes(model, high)
    rows = _path_rows(view, year, group)
    words = [number(rows[p.source, p.target]["estimate"], 2) for p in model.paths]
    ends = [(model.names.index(p.source), model.names.index(p.target)) for p in model.paths]
    arrows = route(boxes, ends, [(0.085 * len(text) + 0.06, 0.18) for text in words])
    figure, axes = _paper(boxes, arrows)
    for path, arrow, text in zip(model.paths, arrows, words, strict=True):
        _draw_arrow(axes, arrow, rows[path.source, path.target], text)
    for node, box in zip(nodes, boxes, strict=True):
        _draw_node(axes, node, box, is_index=node.name == model.index)
    _titles(figure, view, year, group)
    return figure


def _node(view: View, name: str, year: str, group: str) -> _Node:
    figure = view.by_year(name, group)[year]
    quality = view.yearly.quality
    here = (quality["year"] == year) & (quality["group"] == group) & (quality["construct"] == name)
    r2 = quality.loc[here, "r2"]
    facts = [with_margin(figure["index"], figure["moe"])]
    if len(r2) and math.isfinite(r2.iloc[0]):
        facts.append(f"R² {number(r2.iloc[0], 2)}")
    return _Node(name, tuple(wrap(view.construct(name), 17).split("\n")), tuple(facts))


def _path_rows(view: View, year: str, group: str) -> dict[tuple[str, str], Row]:
    """Return the row of each path of the model; one of NaN where there is no estimate."""
    paths = view.yearly.paths
    here = paths[(paths["year"] == year) & (paths["group"] == group)]
    found = {(row["from"], row["to"]): row for row in rows_of(here)}
    none = {"estimate": math.nan, "lower": math.nan, "upper": math.nan, "expected_sign": "?"}
    ends = [(path.source, path.target) for path in view.yearly.model.paths]
    return {end: found.get(end, none) for end in ends}


def _paper(boxes: tuple[Box, ...], arrows: tuple[Route, ...]) -> tuple[Figure, Axes]:
    """Return a figure where one unit of the axes is an inch, with room for title and legend."""
    across = [x for b in boxes for x in (b.x - b.wide / 2, b.x + b.wide / 2)]
    up = [y for b in boxes for y in (b.y - b.high / 2, b.y + b.high / 2)]
    for arrow in arrows:
        across += [arrow.points[:, 0].min() - 0.2, arrow.points[:, 0].max() + 0.2]
        up += [arrow.points[:, 1].min() - 0.12, arrow.points[:, 1].max() + 0.12]
    left, right = min(across) - _EDGE, max(max(across) + _EDGE, min(across) - _EDGE + 8.5)
    low, top = min(up) - 0.55, max(up) + 0.6
    figure = new_figure(right - left, top - low)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(left, right)
    axes.set_ylim(low, top)
    return figure, axes


def _draw_arrow(axes: Axes, arrow: Route, row: Row, text: str) -> None:
    wrong = against_theory(row)
    size = abs(row["estimate"]) if math.isfinite(row["estimate"]) else 0.0
    colour = WRONG if wrong else _ARROW
    axes.add_patch(
        FancyArrowPatch(
            path=Outline(arrow.points),
            arrowstyle="-|>,head_length=5,head_width=2.6",
            mutation_scale=1.0 + 0.5 * min(size, 1.0),
            linewidth=0.9 + 3.2 * min(size, 1.0),
            linestyle=(0, (3.5, 2.0)) if spans_zero(row) else "solid",
            color=colour,
            capstyle="butt",
            joinstyle="miter",
            zorder=2,
        )
    )
    axes.text(
        arrow.label.x,
        arrow.label.y,
        text,
        ha="center",
        va="center_baseline",
        fontsize=SMALL + 0.5,
        color=WRONG if wrong else INK,
        fontweight="bold" if wrong else "normal",
        bbox={"boxstyle": "round,pad=0.12", "facecolor": _PAPER, "edgecolor": "none"},
        zorder=5,
    )


def _draw_node(axes: Axes, node: _Node, box: Box, *, is_index: bool) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (box.x - box.wide / 2 + 0.08, box.y - box.high / 2 + 0.08),
            box.wide - 0.16,
            box.high - 0.16,
            boxstyle="round,pad=0.08",
            facecolor=_INDEX_FILL if is_index else _FILL,
            edgecolor="#0072B2" if is_index else "#8A99A8",
            linewidth=1.8 if is_index else 1.0,
            zorder=3,
        )
    )
    lines = [*((line, SMALL + 0.5) for line in node.label), *((f, SMALL) for f in node.facts)]
    top = box.y + (len(lines) - 1) / 2 * _LINE
    for place, (line, size) in enumerate(lines):
        height = top - place * _LINE
        axes.text(box.x, height, line, ha="center", va="center", fontsize=size, zorder=4)


def _titles(figure: Figure, view: View, year: str, group: str) -> None:
    when = view.year_in_words(year)
    title = view.say("chart_paths", year=when, group=view.group(group))
    if view.one_group and group == "all":
        title = view.say("chart_paths_all", year=when)
    columns = int(figure.get_figwidth() * 7.5)
    figure.suptitle(wrap(title, columns), x=0.01, y=1 - 0.1 / figure.get_figheight(), ha="left")
    keys = [
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
    drawn = figure.legend(
        handles=keys, loc="lower left", ncols=4, bbox_to_anchor=(0.0, 0.0), labelcolor=FAINT
    )
    drawn.set_in_layout(False)
