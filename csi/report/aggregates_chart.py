"""Companies and the nodes above them as a tree of dots with margins of error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.canvas import canvas_of
from csi.report.captions import foot_axis, foot_moe, joined
from csi.report.chart_tips import named
from csi.report.league_sheets import node_label, weight_share
from csi.report.lettering import wrap
from csi.report.numbers import count, with_margin
from csi.report.row_marks import HEAD, SHADED, Marks, columns_right, draw_marks, frame_rows
from csi.report.style import PALETTE, check_axis, drawing, fitted_limits
from csi.report.view import Row, View, rows_of
from csi.text import Language

MOST_ROWS = 80
"""Of more rows the companies are left out."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes in the order of a tree, each with its depth, and companies left out of it."""

    rows: tuple[tuple[int, Row], ...]
    left_out: int


def aggregates(
    yearly: YearlyIndex,
    *,
    year: str | None = None,
    construct: str | None = None,
    language: Language = "en",
    axis: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the top, the nodes below it and their companies, members indented, with margins.

    Parameters
    ----------
    yearly : YearlyIndex
        With the table ``aggregates``, see `csi.compare.aggregation.aggregate`.
    year : str, optional
        The last year of the table where not given.
    construct : str, optional
        The index of the model where not given.
    language, axis
        As in :func:`index_over_years`.
    ax : Axes, optional
        Where to draw; a figure of its own where not given.

    Returns
    -------
    Figure
        That of `ax` where it is given.

    Raises
    ------
    ReportError
        No table of aggregates; unknown year or construct; Chinese text and no font for it.
    OptionError
        Unknown language or axis.
    """
    view = View(yearly, language)
    check_axis(axis)
    frame = view.table("aggregates")
    when = view.latest(frame) if year is None else view.require("year", year, view.years)
    name = construct or view.index_name
    view.require("construct", name, tuple(map(str, frame["construct"].unique())))
    own = (frame["year"].astype(str) == when) & (frame["construct"] == name)
    with drawing(language):
        return _drawn(view, tree_of(rows_of(frame[own])), name, when, axis, ax)


def tree_of(rows: list[Row], most: int = MOST_ROWS) -> Tree:
    """Return nodes with their members below them; of more than `most` rows without companies.

    A row whose node above is not among the rows stands at the top.
    """
    kept = rows if len(rows) <= most else [row for row in rows if row["level"] > 0]
    names = {str(row["node"]) for row in kept}
    below: dict[str, list[Row]] = {}
    for row in kept:
        parent = str(row["parent"])
        below.setdefault(parent if parent in names else "", []).append(row)
    ordered: list[tuple[int, Row]] = []

    def walk(parent: str, depth: int) -> None:
        for row in below.get(parent, []):
            ordered.append((depth, row))
            walk(str(row["node"]), depth + 1)

    walk("", 0)
    return Tree(tuple(ordered), len(rows) - len(kept))


def _drawn(
    view: View, tree: Tree, construct: str, year: str, axis: tuple[float, float] | None,
    ax: Axes | None,
) -> Figure:  # fmt: skip
    labels = [_label(view, depth, row) for depth, row in tree.rows]
    lines = sum(label.count("\n") + 1 for label in labels)
    canvas = canvas_of(ax, 9.0, 1.9 + 0.14 * max(lines, 2) + 0.12 * max(len(labels), 2))
    axes = canvas.panel()
    rows = [row for _, row in tree.rows]
    index, moe = (np.array([float(row[name]) for row in rows]) for name in ("index", "moe"))
    limits = axis or fitted_limits(np.concatenate([index - moe, index, index + moe]))
    for company in (True, False):
        own = [k for k, row in enumerate(rows) if (row["level"] == 0) == company]
        look = PALETTE[0] if company else PALETTE[1]
        tips = tuple(_tip(view, rows[k], year) for k in own)
        marks = Marks(index[own], (index - moe)[own], (index + moe)[own], look, tips)
        draw_marks(axes, np.array(own, dtype=float), marks)
        for k in own if not company else ():
            axes.axhspan(k - 0.5, k + 0.5, color=SHADED, zorder=0, linewidth=0)
    frame_rows(axes, labels, bold=[k for k, row in enumerate(rows) if row["level"] > 0])
    cells = [with_margin(row["index"], row["moe"]) for row in rows]
    columns_right(axes, limits, [(view.say("index_moe"), cells)], [1.25], 6.5)
    axes.set_xlabel(view.say("axis_index"), loc="left")
    words = {"index": view.construct(construct), "year": view.year_in_words(year)}
    feet = [view.say("foot_aggregates"), foot_moe(view)]
    feet.append(foot_axis(view, limits, "foot_axis_across"))
    feet.append(view.say("foot_nodes_cut", count=tree.left_out) if tree.left_out else "")
    canvas.titled(view.say("chart_aggregates", **words), joined(view, feet), above=HEAD)
    return canvas.done()


def _label(view: View, depth: int, row: Row) -> str:
    """Return the label of a node, indented, with its share in the node above."""
    share = weight_share(row)
    label = node_label(view, row) + (f" ({share}%)" if share else "")
    indent = "    " * depth
    return "\n".join(indent + line for line in wrap(label, 40).split("\n"))


def _tip(view: View, row: Row, year: str) -> str:
    what = named(view, node_label(view, row), view.year_in_words(year))
    value = with_margin(row["index"], row["moe"])
    said = view.say("tip_figure", what=what, value=value, n=count(row["n"]))
    note = view.told(row["note"])
    return f"{said}{'；' if view.language == 'zh' else '; '}{note}" if note else said
