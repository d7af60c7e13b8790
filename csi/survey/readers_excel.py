"""Excel and OpenDocument workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from csi.arrays import readonly_int
from csi.errors import Fault, SurveyError
from csi.survey.cells import nearest, plain, text_of
from csi.survey.files import sha256_of, unreadable, without_package
from csi.survey.raw import RawTable, named_columns, raw_column


def read_excel(path: Path, *, sheet: str | int | None, columns: Sequence[str]) -> RawTable:
    """Read one sheet of an Excel or OpenDocument workbook.

    Parameters
    ----------
    path : Path
    sheet : str or int or None
        Name or number (from 0); where None the sheet whose head has most of `columns`, the
        first one among equals.
    columns : sequence of str
        Columns expected.

    Returns
    -------
    RawTable
        Rows are numbered as Excel shows them.

    Raises
    ------
    SurveyError
        The workbook cannot be read or has no such sheet.
    """
    sheets = _workbook(path, sheet)
    expected = {plain(column) for column in columns}

    def known(name: str) -> int:
        head = next((row for row in sheets[name] if _filled(row)), [])
        return len(expected & {plain(text_of(cell)) for cell in head})

    chosen = max(sheets, key=known)
    notes = () if len(sheets) == 1 else (f"sheet {chosen!r} of {path.name} was read",)
    grid = sheets[chosen]
    start = next((number for number, row in enumerate(grid) if _filled(row)), len(grid))
    head, body = (list(grid[start]), grid[start + 1 :]) if start < len(grid) else ([], [])
    cells = list(zip(*body, strict=True)) if body else [()] * len(head)
    named, faults = named_columns(head, [raw_column(column) for column in cells])
    return RawTable(
        columns=named,
        rows=readonly_int(np.arange(len(body)) + start + 2),
        row_word="row",
        source=path.name,
        sha256=sha256_of(path),
        faults=tuple(faults),
        notes=notes,
    )


def _filled(row: Sequence[object]) -> bool:
    return any(text_of(cell).strip() for cell in row)


def _workbook(path: Path, sheet: str | int | None) -> dict[str, list[list[object]]]:
    """Return the cells of the sheet asked for, of all sheets where none is."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        return _openpyxl_workbook(path, sheet)
    try:
        book = CalamineWorkbook.from_path(str(path))
        return {
            name: [list(row) for row in book.get_sheet_by_name(name).to_python(False)]
            for name in _sheet_names(book.sheet_names, sheet, path.name)
        }
    except CalamineError as error:
        raise unreadable(path.name, "a workbook", error) from None


def _openpyxl_workbook(path: Path, sheet: str | int | None) -> dict[str, list[list[object]]]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise without_package("python-calamine", path.name) from None
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets many kinds through
        raise unreadable(path.name, "a workbook", error) from None
    grids = {}
    for name in _sheet_names(book.sheetnames, sheet, path.name):
        rows = [list(row) for row in book[name].iter_rows(values_only=True)]
        width = max(map(len, rows), default=0)
        grids[name] = [row + [None] * (width - len(row)) for row in rows]
    book.close()
    return grids


def _sheet_names(names: list[str], sheet: str | int | None, source: str) -> list[str]:
    if sheet is None:
        return names
    if isinstance(sheet, int) and 0 <= sheet < len(names):
        return [names[sheet]]
    if sheet in names:
        return [str(sheet)]
    raise SurveyError(Fault(source, f"there is no sheet {sheet!r}", nearest(str(sheet), names)))
