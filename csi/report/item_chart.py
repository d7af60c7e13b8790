"""The chart of item weights: how much each item counts within its construct."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.arrays import Array
from csi.index.values import YearlyIndex
from csi.model.model import Construct
from csi.report.canvas import canvas_of
from csi.report.captions import foot_top, group_keys
from csi.report.chart_tips import group_name, named, stated
from csi.report.dots import Dots, dot_rows
from csi.report.lettering import wrap
from csi.report.numbers import nonzero
from csi.report.style import PALETTE, SMALL, Shade, drawing, shades
from csi.report.view import Row, View, rows_of
from csi.text import Language


def weights_chart(
    yearly: YearlyIndex,
    *,
    year: str | None = None,
    group: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Figure:
    """Draw the index weight of each item with its standard error, construct by construct.

    Parameters
    ----------
    yearly : YearlyIndex
    year : str, optional
        The last year with weights where not given.
    group : str, optional
        All groups where not given (of more than six the highest are in colour).
    language : Language
    ax : Axes, optional
        Where to draw; split into one panel a construct.

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
    when = view.latest(yearly.weights) if year is None else view.require("year", year, view.years)
    looks = shades(view)
    if group is not None:
        looks = {view.require("group", group, view.groups): PALETTE[0]}
    with drawing(language):
        return _blocks(view, when, looks, group, ax)


def _blocks(
    view: View, year: str, looks: Mapping[str, Shade], group: str | None, ax: Axes | None
) -> Figure:
    constructs = view.yearly.model.constructs
    front = max(1, sum(look.front for look in looks.values()))
    sizes = [len(construct.items) + 0.4 for construct in constructs]
    row = max(0.3, 0.14 * front)
    canvas = canvas_of(ax, 8.5, 1.5 + sum(sizes) * row + 0.3 * len(constructs))
    keys = group_keys(view, looks)
    head = 1 + math.ceil(len(keys) / 3)
    grid = canvas.panels(
        len(constructs),
        1,
        sharex=True,
        height_ratios=sizes,
        head=head,
        least=(4.0, 0.16 * sum(sizes) + 0.2 * len(sizes)),
    )
    for axes, construct in zip(grid, constructs, strict=True):
        _one_block(axes, view, year, construct, looks)
    grid[-1].set_xlabel(view.say("axis_weight"))
    title = view.say("chart_weights", year=view.year_in_words(year))
    if group is not None:
        words = view.group(group)
        title = view.say("chart_weights_group", year=view.year_in_words(year), group=words)
    mark = "" if view.language == "zh" else " "
    foot = mark.join((view.say("foot_se"), foot_top(view, looks))).strip()
    canvas.titled(title, foot, keys=keys)
    return canvas.done()


def _one_block(
    axes: Axes, view: View, year: str, construct: Construct, looks: Mapping[str, Shade]
) -> None:
    frame = view.yearly.weights
    here = frame[(frame["year"] == year) & (frame["construct"] == construct.name)]
    sets = []
    for group, look in looks.items():
        rows = here[here["group"] == group].set_index("item").reindex(list(construct.items))
        tips = tuple(_tip(view, item, group, row) for item, row in _by_item(rows))
        index_weight, error = _column(rows, "index_weight"), _column(rows, "index_weight_se")
        sets.append(Dots(index_weight, error, look, tips))
    dot_rows(axes, [wrap(view.item(item), 44) for item in construct.items], sets, digits=2)
    axes.set_title(view.construct(construct.name), fontsize=SMALL, fontweight="bold", pad=3)
    axes.set_xlim(min(0.0, _lowest(here)), 1.08)


def _by_item(rows: pd.DataFrame) -> Iterator[tuple[str, Row]]:
    return zip(map(str, rows.index), rows_of(rows), strict=True)


def _tip(view: View, item: str, group: str, row: Row) -> str:
    """Return what a dot says: ``Reliable network, Norvane: 0.24 (standard error 0.02)``."""
    weight, error = nonzero(row["index_weight"]), row["index_weight_se"]
    if math.isfinite(error):
        weight = view.say("tip_standard_error", value=weight, se=nonzero(error))
    what = named(view, view.item(item), group_name(view, group))
    return stated(what, weight, view.language)


def _lowest(rows: pd.DataFrame) -> float:
    low = (rows["index_weight"] - rows["index_weight_se"].fillna(0.0)).min()
    return float(low) - 0.02 if low < 0 else 0.0


def _column(rows: pd.DataFrame, name: str) -> Array:
    return rows[name].to_numpy(float)
