"""Excel, SPSS, Stata and Parquet files, and data frames in memory."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import readonly_int
from csi.errors import Fault, SurveyError
from csi.survey.cells import nearest, plain, text_of
from csi.survey.raw import RawColumn, RawTable, named_columns, raw_column


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the bytes of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unreadable(source: str, kind: str, reason: object) -> SurveyError:
    """Return the error for a file that is not what its name says."""
    return SurveyError(
        Fault(source, f"it cannot be read as {kind} ({reason})", "save it again or name it rightly")
    )


def _without(package: str, source: str) -> SurveyError:
    return SurveyError(
        Fault(
            source,
            f"reading it needs the package {package}",
            "install csi with its formats: pip install 'csi[formats]'",
        )
    )


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
        raise _without("python-calamine", path.name) from None
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


def read_labelled(path: Path, *, encoding: str | None) -> RawTable:
    """Read an SPSS (.sav, .zsav) or Stata (.dta) file: codes, not labels, and user-missing codes.

    Parameters
    ----------
    path : Path
    encoding : str, optional
        Where the file does not tell it or tells it wrongly.

    Returns
    -------
    RawTable
        With the labels and the missing codes the file declares. Stata's extended missing
        values are the cells ``.a`` to ``.z``.

    Raises
    ------
    SurveyError
        The file cannot be read.
    """
    try:
        import pyreadstat
    except ImportError:
        raise _without("pyreadstat", path.name) from None
    stata = path.suffix.lower() == ".dta"
    reader = pyreadstat.read_dta if stata else pyreadstat.read_sav
    try:
        frame, meta = reader(
            str(path), apply_value_formats=False, user_missing=True, encoding=encoding
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError) as error:
        raise unreadable(path.name, "a Stata file" if stata else "an SPSS file", error) from None
    extended = meta.missing_user_values if stata else {}
    columns = [_stata_missing(frame[name], extended.get(name, ())) for name in frame.columns]
    named, faults = named_columns(list(frame.columns), [raw_column(cells) for cells in columns])
    return RawTable(
        columns=named,
        rows=readonly_int(np.arange(len(frame)) + 1),
        row_word="case",
        source=path.name,
        sha256=sha256_of(path),
        labels={
            plain(name): {text_of(code): str(words) for code, words in found.items()}
            for name, found in meta.variable_value_labels.items()
        },
        titles={plain(n): words for n, words in meta.column_names_to_labels.items() if words},
        declared_missing=_declared(meta.missing_ranges or {}),
        faults=tuple(faults),
    )


def _stata_missing(column: pd.Series[Any], letters: Sequence[object]) -> list[object]:
    cells: list[object] = column.tolist()
    if not letters:
        return cells
    return [f".{cell}" if isinstance(cell, str) and cell in letters else cell for cell in cells]


def _declared(
    ranges: Mapping[str, Sequence[Any]],
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return the numeric ranges SPSS declares as missing; codes in words are left to the labels."""
    return {
        plain(name): tuple(
            (float(part["lo"]), float(part["hi"]))
            for part in parts
            if not isinstance(part["lo"], str)
        )
        for name, parts in ranges.items()
    }


def read_parquet(path: Path) -> RawTable:
    """Read a Parquet file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    RawTable
        Rows are counted from 1.

    Raises
    ------
    SurveyError
        The file cannot be read.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(path).read()
    except (pyarrow.ArrowException, OSError) as error:
        raise unreadable(path.name, "Parquet", str(error).splitlines()[0]) from None
    columns = [_arrow_column(column) for column in table.columns]
    named, faults = named_columns(table.column_names, columns)
    return RawTable(
        columns=named,
        rows=readonly_int(np.arange(table.num_rows) + 1),
        row_word="row",
        source=path.name,
        sha256=sha256_of(path),
        faults=tuple(faults),
    )


def _arrow_column(column: Any) -> RawColumn:
    """Keep each different cell once; Arrow does that faster than Python."""
    coded = column.combine_chunks().dictionary_encode()
    cells = [text_of(value) for value in coded.dictionary.to_pylist()]
    codes = coded.indices.fill_null(len(cells)).to_numpy(zero_copy_only=False)
    return RawColumn(readonly_int(codes), (*cells, ""))


def read_frame(frame: Any) -> RawTable:
    """Read a data frame of pandas, polars or any other library narwhals knows.

    Parameters
    ----------
    frame : DataFrame

    Returns
    -------
    RawTable
        Rows are counted from 1. The hash is that of the frame written as plain CSV text.

    Raises
    ------
    SurveyError
        It is not a data frame.
    """
    if isinstance(frame, pd.DataFrame):
        names: list[object] = list(frame.columns)
        columns = [raw_column(frame.iloc[:, place].tolist()) for place in range(len(names))]
    else:
        names, columns = _other_frame(frame)
    named, faults = named_columns(names, columns)
    count = len(columns[0].codes) if columns else 0
    return RawTable(
        columns=named,
        rows=readonly_int(np.arange(count) + 1),
        row_word="row",
        source="frame",
        sha256=_hash_of(named, count),
        faults=tuple(faults),
    )


def _other_frame(frame: Any) -> tuple[list[object], list[RawColumn]]:
    import narwhals

    try:
        table = narwhals.from_native(frame, eager_only=True)
    except TypeError:
        raise SurveyError(
            Fault(
                f"source of type {type(frame).__name__}",
                "it is neither a file nor a data frame",
                "give a path or a pandas or polars frame (collect a lazy one first)",
            )
        ) from None
    return list(table.columns), [raw_column(table[name].to_list()) for name in table.columns]


def _hash_of(columns: Mapping[str, RawColumn], count: int) -> str:
    """Hash the frame as CSV, so that equal tables of any library have one hash."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    cells = [np.array(column.cells, dtype=object)[column.codes] for column in columns.values()]
    writer.writerows(zip(*cells, strict=True) if cells else ([] for _ in range(count)))
    return hashlib.sha256(text.getvalue().encode("utf-8", "surrogatepass")).hexdigest()
