"""Native charts of a workbook; their data are formulas that point to the tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csi.report.captions import foot_axis, foot_moe, joined
from csi.report.chart_groups import Shown, foot_hidden, names, ranked, shown, without_figure
from csi.report.excel_book import Book, Exact, put
from csi.report.excel_tables import Placed, cell_of
from csi.report.office_file import font_of
from csi.report.slide_fit import height_of
from csi.report.style import FAINT, PALETTE, scale_limits
from csi.report.view import View

_LEFT = 13
"""Column that the data of the charts start in; the charts stand to the left of it."""
_WIDE = 860
_ROW = 20
"""Pixels of a row."""
_MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus")

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """Data of a chart, to be laid out as one row a category and one column a series.

    Attributes
    ----------
    title, foot : str
    rows : tuple of str
        Words of the categories.
    series : tuple of str
        Words of the series.
    keys : tuple of tuple of Key
        Year, group and construct of each figure, one tuple a category.
    """

    title: str
    foot: str
    rows: tuple[str, ...]
    series: tuple[str, ...]
    keys: tuple[tuple[Key, ...], ...]


def write_charts(book: Book, sheet: Any, placed: Placed, frame: pd.DataFrame) -> None:
    """Write the charts and their data.

    Parameters
    ----------
    book : Book
    sheet : xlsxwriter.Worksheet
    placed : Placed
        The index table in the workbook, that the data point to.
    frame : DataFrame
        The index table.
    """
    view = book.view
    cells = {column: cell_of(placed, frame, column) for column in ("index", "moe")}
    put(sheet, 0, 0, view.say("x_charts"), book.title)
    put(sheet, 0, _LEFT, view.say("x_chart_data"), book.faint)
    sheet.set_column(0, 0, 12)
    sheet.set_column(_LEFT, _LEFT, 30)
    sheet.hide_gridlines(2)
    row = 2
    for kind, block in _blocks(view):
        _data(book, sheet, row, block, cells)
        high = _height(kind, block)
        chart = _chart(book, sheet.get_name(), kind, block, row)
        chart.set_size({"width": _WIDE, "height": high})
        place = {"description": f"{block.title}. {block.foot}", "object_position": 3}
        sheet.insert_chart(row, 0, chart, place)
        row += max(math.ceil(high / _ROW), len(block.rows) + 2) + 1
        deep = math.ceil(height_of(block.foot, _WIDE * 0.75, 10.0) / (_ROW * 0.75)) + 1
        sheet.merge_range(row, 0, row + deep - 1, 11, "", book.faint)
        put(sheet, row, 0, block.foot, book.faint)
        row += deep + 2


def _blocks(view: View) -> list[tuple[str, Block]]:
    """Return the charts that these figures allow, with their kind."""
    found = shown(view)
    index = view.construct(view.index_name)
    year = view.year_in_words(view.years[-1])
    made = []
    if len(view.years) > 1:
        key = view.key_label("year").lower()
        made.append(("line", _trend(view, found, view.say("chart_index", index=index, year=key))))
    if len(view.groups) > 1 and ranked(view):
        made.append(("bar", _latest(view, view.say("chart_latest", index=index, year=year))))
    made.append(("column", _constructs(view, found, view.say("chart_constructs_year", year=year))))
    return made


def _trend(view: View, found: Shown, title: str) -> Block:
    keys = tuple(
        tuple((year, group, view.index_name) for group in found.groups) for year in view.years
    )
    limits = scale_limits(view, view.index_name)
    foot = joined(
        view, (foot_moe(view), foot_axis(view, limits), foot_hidden(view, found, "x_left_out"))
    )
    rows = tuple(view.year(year) for year in view.years)
    return Block(title, foot, rows, tuple(view.group(g) for g in found.groups), keys)


def _latest(view: View, title: str) -> Block:
    order, gone = ranked(view), without_figure(view)
    year = view.years[-1]
    absent = view.say("x_no_figure", year=view.year_in_words(year), names=names(view, gone))
    foot = joined(view, (foot_moe(view), absent if gone else ""))
    rows = tuple(view.group(group) for group in order)
    keys = tuple(((year, group, view.index_name),) for group in order)
    return Block(title, foot, rows, (view.construct(view.index_name),), keys)


def _constructs(view: View, found: Shown, title: str) -> Block:
    names_ = view.yearly.model.names
    keys = tuple(tuple((view.years[-1], group, name) for group in found.groups) for name in names_)
    foot = joined(view, (foot_moe(view), foot_hidden(view, found, "x_left_out")))
    rows = tuple(view.construct(name) for name in names_)
    return Block(title, foot, rows, tuple(view.group(g) for g in found.groups), keys)


def _data(
    book: Book,
    sheet: Any,
    top: int,
    block: Block,
    cells: dict[str, dict[Key, tuple[str, object]]],
) -> None:
    """Write the figures of a block, then the margins of error, as formulas."""
    put(sheet, top, _LEFT, block.title, book.head)
    width = len(block.series)
    for place, name in enumerate(block.series):
        put(sheet, top, _LEFT + 1 + place, name, book.head)
        put(sheet, top, _LEFT + 1 + width + place, f"± {name}", book.head)
    look = book.format(num_format="0.0")
    for row, (words, keys) in enumerate(zip(block.rows, block.keys, strict=True)):
        put(sheet, top + 1 + row, _LEFT, words, book.format())
        for place, key in enumerate(keys):
            for column, offset in (("index", 0), ("moe", width)):
                reference, value = cells[column].get(key, ("", None))
                if isinstance(value, float) and math.isfinite(value):
                    at = _LEFT + 1 + offset + place
                    sheet.write_formula(top + 1 + row, at, reference, look, Exact(value))


def _chart(book: Book, sheet: str, kind: str, block: Block, top: int) -> Any:
    """Return the chart of a block whose data lie at `top`."""
    chart = book.workbook.add_chart({"type": kind})
    last, width = top + len(block.rows), len(block.series)
    for place in range(width):
        figures = [sheet, top + 1, _LEFT + 1 + place, last, _LEFT + 1 + place]
        errors = _range(sheet, top + 1, last, _LEFT + 1 + width + place)
        bars = {
            "type": "custom",
            "plus_values": errors,
            "minus_values": errors,
            "line": {"color": FAINT if kind != "line" else PALETTE[place].colour, "width": 1},
        }
        look = PALETTE[place]
        series: dict[str, Any] = {
            "name": [sheet, top, _LEFT + 1 + place],
            "categories": [sheet, top + 1, _LEFT, last, _LEFT],
            "values": figures,
            "y_error_bars": bars,
        }
        if kind == "line":
            fill = {"color": look.colour}
            series["line"] = {"color": look.colour, "width": 1.75}
            series["marker"] = {"type": _MARKERS[place], "size": 6, "fill": fill, "border": fill}
        else:
            series["fill"], series["gap"] = {"color": look.colour}, 60
        if kind == "bar":
            series["data_labels"] = {"value": True, "num_format": "0.0", "position": "inside_base",
                                     "font": {"color": "white", **_font(book, 9)}}  # fmt: skip
        chart.add_series(series)
    _axes(book, chart, kind, block)
    return chart


def _axes(book: Book, chart: Any, kind: str, block: Block) -> None:
    view = book.view
    low, high = scale_limits(view, view.index_name) if kind == "line" else (0.0, 100.0)
    scale = {
        "min": low,
        "max": high,
        "name": view.say("axis_index"),
        "name_font": _font(book, 9),
        "num_font": _font(book, 9),
        "num_format": "0",
        "major_gridlines": {"visible": True, "line": {"color": "#E6E6E6"}},
    }
    words = {"num_font": _font(book, 9), "label_position": "low"}
    if kind == "bar":
        chart.set_x_axis(scale)
        chart.set_y_axis(words | {"reverse": True, "interval_unit": 1})
    else:
        chart.set_x_axis(words)
        chart.set_y_axis(scale)
    title = {"name": block.title, "overlay": False}
    chart.set_title(title | {"name_font": {"bold": True, **_font(book, 12)}})
    if len(block.series) > 1:
        chart.set_legend({"position": "bottom", "font": _font(book, 9)})
    else:
        chart.set_legend({"none": True})
    chart.show_blanks_as("gap")


def _font(book: Book, size: int) -> dict[str, Any]:
    return {"name": font_of(book.view.language), "size": size}


def _range(sheet: str, first: int, last: int, column: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    return f"='{sheet}'!{xl_range_abs(first, column, last, column)}"


def _height(kind: str, block: Block) -> int:
    """Return the height of a chart in pixels."""
    return 110 + 22 * max(len(block.rows), 6) if kind == "bar" else 420
