"""Sheets of a workbook that hold tables: one figure a cell, words beside codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from csi.report import excel_book
from csi.report.excel_book import Book, put
from csi.report.kinds import columns_of, kind_of
from csi.report.labelled import SUFFIX, labelled
from csi.report.lettering import width
from csi.report.view import rows_of

_WIDEST = 44
"""Widest column, in letters."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table lies in the workbook.

    Attributes
    ----------
    name : str
        Name of the table.
    sheet : str
        Name of its sheet.
    columns : mapping of str to int
        Place of each column, from 0.
    shown, rows : int
        Rows in the sheet, and rows of the table.
    """

    name: str
    sheet: str
    columns: Mapping[str, int]
    shown: int
    rows: int


def write_table(book: Book, name: str, sheet_name: str, frame: pd.DataFrame) -> Placed:
    """Write one table to a sheet of its own: header, filter, formats, widths.

    Parameters
    ----------
    book : Book
    name : str
        Name of the table.
    sheet_name : str
    frame : DataFrame
        As it is written to CSV.
    """
    full = labelled(book.view, name, frame)
    sheet = book.workbook.add_worksheet(sheet_name)
    kept = full.head(excel_book.MOST_ROWS)
    for place, column in enumerate(full.columns):
        sheet.write_string(0, place, column, book.head)
    cut = _body(book, sheet, name, kept)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(kept), 1), len(full.columns) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    _tell(book, name, len(kept), len(full), cut)
    places = {str(column): place for place, column in enumerate(full.columns)}
    return Placed(name, sheet_name, places, len(kept), len(full))


def _body(book: Book, sheet: Any, name: str, frame: pd.DataFrame) -> int:
    """Write the rows and set the widths; return how many texts were cut."""
    cut = 0
    for place, column in enumerate(frame.columns):
        values = [plain(value) for value in frame[column].tolist()]
        kind = kind_of(name, column, frame[column])
        shown = book.format(num_format=kind.shown) if kind.shown else book.format()
        for row, value in enumerate(values):
            cut += not put(sheet, row + 1, place, value, shown)
        words = [width(value) for value in values if isinstance(value, str)]
        wide = max([len(column) + 3, 9, *words])
        sheet.set_column(place, place, min(wide + 1, _WIDEST))
    return cut


def plain(value: object) -> object:
    """Return a cell as a value of Python; None where it is missing."""
    if value is None or value is pd.NA:
        return None
    return value.item() if isinstance(value, np.generic) else value


def _tell(book: Book, name: str, shown: int, rows: int, cut: int) -> None:
    """Note for the first sheet what did not fit."""
    say = book.view.say
    if shown < rows:
        book.told.append(say("x_cut_rows", name=name, shown=f"{shown:,}", all=f"{rows:,}"))
    if cut:
        most = f"{excel_book.MOST_LETTERS:,}"
        book.told.append(say("x_cut_texts", name=name, count=cut, most=most))


def write_columns(book: Book, sheet_name: str, placed: list[Placed]) -> None:
    """Write the sheet that says what every column of every table means."""
    view, say = book.view, book.view.say
    sheet = book.workbook.add_worksheet(sheet_name)
    for place, key in enumerate(("x_table", "d_column", "d_meaning", "d_unit")):
        sheet.write_string(0, place, say(key), book.head)
    row = 1
    for table in placed:
        known = columns_of(table.name)
        for column in table.columns:
            code = column.removesuffix(SUFFIX)
            meaning = unit = ""
            if column in known:
                meaning = known[column].meaning.within(view.language)
                unit = known[column].unit.within(view.language)
            elif code in known:
                meaning = say("x_label_of", column=code)
            for place, words in enumerate((table.name, column, meaning, unit)):
                put(sheet, row, place, words, book.wrapped)
            row += 1
    for place, wide in enumerate((16, 26, 90, 30)):
        sheet.set_column(place, place, wide)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row - 1, 3)


def cell_of(
    placed: Placed, frame: pd.DataFrame, column: str
) -> dict[tuple[str, str, str], tuple[str, object]]:
    """Return the cell and the value of a column of the index table by its key.

    Parameters
    ----------
    placed : Placed
        The table ``index`` in the workbook.
    frame : DataFrame
        Its rows.
    column : str

    Returns
    -------
    dict of (year, group, construct) to (reference, value)
        Rows that did not fit into the sheet are not there.
    """
    from xlsxwriter.utility import xl_rowcol_to_cell

    place = placed.columns[column]
    found = {}
    for row, cells in enumerate(rows_of(frame.head(placed.shown))):
        cell = xl_rowcol_to_cell(row + 1, place, row_abs=True, col_abs=True)
        key = (str(cells["year"]), str(cells["group"]), str(cells["construct"]))
        found[key] = (f"='{placed.sheet}'!{cell}", cells[column])
    return found
