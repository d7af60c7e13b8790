"""The first sheet of a workbook: headline, list of sheets, method, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from csi.report.excel_book import Book, put
from csi.report.excel_tables import Placed
from csi.report.sentences import headline, method, record_pairs
from csi.report.words import PHRASES

_WIDTHS = (26, 10, 110)


def write_contents(
    book: Book,
    sheet: Any,
    placed: Sequence[Placed],
    others: tuple[str, str],
    record: Mapping[str, object],
) -> None:
    """Write the first sheet.

    Parameters
    ----------
    book : Book
    sheet : xlsxwriter.Worksheet
    placed : sequence of Placed
        Tables in the workbook.
    others : tuple of str
        Names of the sheets of charts and of columns.
    record : mapping
        What the run was made of.
    """
    view, say = book.view, book.view.say
    for place, wide in enumerate(_WIDTHS):
        sheet.set_column(place, place, wide)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    title = view.yearly.codebook.title.within(view.language) or say("report")
    put(sheet, 0, 0, title, book.title)
    sheet.set_row(0, 26)
    row = _pairs(book, sheet, 2, say("report"), [(say("x_what"), say("x_about"))])
    row = _pairs(book, sheet, row, say("headline"), [("", line) for line in headline(view)])
    row = _links(book, sheet, row, placed, others)
    row = _pairs(book, sheet, row, say("method"), method(view))
    notes = [*book.told, *(view.told(note) for note in view.yearly.notes)]
    row = _pairs(book, sheet, row, say("notes"), [("", note) for note in notes])
    if record:
        _pairs(book, sheet, row, say("record"), record_pairs(record))


def _pairs(book: Book, sheet: Any, row: int, title: str, pairs: Iterable[tuple[str, str]]) -> int:
    """Write a title and pairs of a term and words under it; return the next free row."""
    found = list(pairs)
    if not found:
        return row
    for place in range(3):
        sheet.write_blank(row, place, None, book.head)
    put(sheet, row, 0, title, book.head)
    for term, words in found:
        row += 1
        put(sheet, row, 0, term, book.wrapped)
        put(sheet, row, 2, words, book.wrapped)
    return row + 2


def _links(
    book: Book, sheet: Any, row: int, placed: Sequence[Placed], others: tuple[str, str]
) -> int:
    say = book.view.say
    for place, key in enumerate(("x_sheet", "x_rows", "x_what")):
        put(sheet, row, place, say(key), book.head)
    charts, columns = others
    _link(book, sheet, row + 1, charts)
    put(sheet, row + 1, 2, say("x_charts_what"), book.wrapped)
    for offset, table in enumerate(placed):
        here = row + 2 + offset
        _link(book, sheet, here, table.sheet)
        put(sheet, here, 1, table.rows, book.format(num_format="#,##0"))
        key = f"table_{table.name}"
        put(sheet, here, 2, say(key if key in PHRASES else "table_other"), book.wrapped)
    last = row + 2 + len(placed)
    _link(book, sheet, last, columns)
    put(sheet, last, 2, say("x_columns_what"), book.wrapped)
    return last + 2


def _link(book: Book, sheet: Any, row: int, name: str) -> None:
    look = book.format(font_color="#00609A", underline=1)
    sheet.write_url(row, 0, f"internal:'{name}'!A1", look, string=name)
