"""The chart of item weights: how much each item counts within its construct."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csi.arrays import Array
from csi.index.values import YearlyIndex
from csi.model.model import Construct
from csi.report.captions import foot_top, group_keys
from csi.report.dots import Dots, dot_rows
from csi.report.lettering import wrap
from csi.report.style import PALETTE, SMALL, Shade, drawing, finish, new_figure, shades, titles
from csi.report.view import View
from csi.text import Language


def weights_chart(
    yearly: YearlyIndex,
    *,
    year: str | None = None,
    group: str | None = None,
    language: Language = "en",
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
        return finish(_blocks(view, when, looks, group))


def _blocks(view: View, year: str, looks: Mapping[str, Shade], group: str | None) -> Figure:
    constructs = view.yearly.model.constructs
    front = max(1, sum(look.front for look in looks.values()))
    sizes = [len(construct.items) + 0.4 for construct in constructs]
    row = max(0.3, 0.14 * front)
    figure = new_figure(8.5, 1.5 + sum(sizes) * row + 0.3 * len(constructs))
    grid = figure.subplots(
        len(constructs), 1, sharex=True, squeeze=False, height_ratios=sizes
    ).ravel()
    for axes, construct in zip(grid, constructs, strict=True):
        _one_block(axes, view, year, construct, looks)
    grid[-1].set_xlabel(view.say("axis_weight"))
    title = view.say("chart_weights", year=view.year_in_words(year))
    if group is not None:
        words = view.group(group)
        title = view.say("chart_weights_group", year=view.year_in_words(year), group=words)
    mark = "" if view.language == "zh" else " "
    foot = mark.join((view.say("foot_se"), foot_top(view, looks))).strip()
    titles(figure, title, foot, keys=group_keys(view, looks))
    return figure


def _one_block(
    axes: Axes, view: View, year: str, construct: Construct, looks: Mapping[str, Shade]
) -> None:
    frame = view.yearly.weights
    here = frame[(frame["year"] == year) & (frame["construct"] == construct.name)]
    sets = []
    for group, look in looks.items():
        rows = here[here["group"] == group].set_index("item").reindex(list(construct.items))
        sets.append(Dots(_column(rows, "index_weight"), _column(rows, "index_weight_se"), look))
    dot_rows(axes, [wrap(view.item(item), 44) for item in construct.items], sets, digits=2)
    axes.set_title(view.construct(construct.name), fontsize=SMALL, fontweight="bold", pad=3)
    axes.set_xlim(min(0.0, _lowest(here)), 1.08)


def _lowest(rows: pd.DataFrame) -> float:
    low = (rows["index_weight"] - rows["index_weight_se"].fillna(0.0)).min()
    return float(low) - 0.02 if low < 0 else 0.0


def _column(rows: pd.DataFrame, name: str) -> Array:
    return rows[name].to_numpy(float)
