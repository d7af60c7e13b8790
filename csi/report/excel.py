"""The tables of a report as one Excel workbook, with charts that can be edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from csi.index.values import YearlyIndex
from csi.report.excel_book import Book, sheet_names
from csi.report.excel_charts import write_charts
from csi.report.excel_contents import write_contents
from csi.report.excel_tables import write_columns, write_table
from csi.report.office_file import require_library, save, steady
from csi.report.tables import names_of, table
from csi.report.view import View
from csi.text import Language


def write_excel(
    yearly: YearlyIndex,
    path: str | Path,
    *,
    language: Language = "en",
    record: Mapping[str, object] | None = None,
) -> Path:
    """Write the report as one Excel workbook: a tidy sheet a table, and native charts.

    The first sheet has the headline, links to all sheets, the method and the notes; then come
    the charts, whose data are formulas that point to the tables, the tables themselves under
    the names of their CSV files, and the meaning and unit of every column. Cells hold full
    precision; formats show one decimal for points, three for coefficients, per cent for
    shares. A missing value is an empty cell. Text is never a formula.

    Parameters
    ----------
    yearly : YearlyIndex
    path : path
        File to write, such as ``report.xlsx``; its folder is made where it is not there.
    language : Language
        Language of titles, labels and explanations; names of columns are those of the CSV files.
    record : mapping, optional
        What the run was made of (versions, hashes, options), listed on the first sheet.

    Returns
    -------
    Path
        The file written; the same figures give the same bytes.

    Raises
    ------
    ReportError
        Where xlsxwriter is not installed or the file cannot be written.
    OptionError
        Unknown language.
    """
    view = View(yearly, language)
    require_library("xlsxwriter", str(path))
    return save(workbook(view, record or {}), path)


def workbook(view: View, record: Mapping[str, object]) -> bytes:
    """Return the workbook as bytes."""
    from xlsxwriter import Workbook

    content = BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, {"in_memory": True, **plain}) as file:
        book = Book(file, view)
        _fill(book, record)
        title = view.yearly.codebook.title.within(view.language)
        stamp = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        file.set_properties({"title": title, "author": "csi", "created": stamp})
    return steady(content.getvalue())


def _fill(book: Book, record: Mapping[str, object]) -> None:
    view, say = book.view, book.view.say
    tables = names_of(view.yearly)
    fixed = (say("x_contents"), say("x_charts"), say("x_columns"))
    first, charts, columns, *names = sheet_names((*fixed, *tables))
    contents = book.workbook.add_worksheet(first)
    drawn = book.workbook.add_worksheet(charts)
    frames = {name: table(view.yearly, name) for name in tables}
    placed = [
        write_table(book, name, sheet, frames[name])
        for name, sheet in zip(tables, names, strict=True)
    ]
    write_columns(book, columns, placed)
    write_charts(book, drawn, placed[tables.index("index")], frames["index"])
    write_contents(book, contents, placed, (charts, columns), record)
    contents.activate()
