"""Text files with delimiters."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from itertools import islice

from csi.arrays import readonly_int
from csi.errors import Fault, SurveyError
from csi.survey.cells import plain
from csi.survey.encoding import decoded
from csi.survey.raw import RawTable, named_columns, raw_column

DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 50  # records from which the delimiter is told


def read_text(
    data: bytes,
    source: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    columns: Sequence[str] = (),
    words: Sequence[str] = (),
) -> RawTable:
    """Read a text file with one head line.

    Parameters
    ----------
    data : bytes
    source : str
        Name of the file.
    encoding, delimiter : str, optional
        Recognised where not given; delimiters looked for are ``,``, ``;``, tab and ``|``.
    columns : sequence of str
        Columns expected, which help to tell encoding and delimiter.
    words : sequence of str
        Other words expected.

    Returns
    -------
    RawTable
        Blank lines are passed over; a line with too few or too many cells is a fault.

    Raises
    ------
    SurveyError
        The text cannot be decoded, or a quoted cell does not end.
    """
    found = decoded(data, source=source, encoding=encoding, words=[*columns, *words])
    text, skipped = found.text, 0
    if text[:4].lower() == "sep=" and "\n" in text:
        head, text = text.split("\n", 1)
        delimiter, skipped = delimiter or head.rstrip("\r")[4:5] or None, 1
    delimiter = delimiter or _delimiter(text, columns)
    lines, records = _records(text, delimiter, source, skipped)
    if not records:
        raise SurveyError(Fault(source, "the file is empty", "give a file with a head and answers"))
    head_cells, rows, faults = _rectangle(lines, records, source)
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(head_cells)
    named, repeated = named_columns(head_cells, [raw_column(column) for column in cells])
    notes = [] if found.sure else [f"{source} was read as {found.encoding}, told from its text"]
    return RawTable(
        columns=named,
        rows=readonly_int(lines[1:]),
        row_word="line",
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        faults=(*faults, *repeated),
        notes=tuple(notes),
    )


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """Return the delimiter whose head has most of the columns and whose lines agree best."""
    expected = {plain(column) for column in columns}

    def merit(delimiter: str) -> tuple[int, float, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            records = [record for record in islice(reader, _LOOKED_AT) if record]
        except csv.Error:
            return (-1, 0.0, 0)
        if not records:
            return (0, 0.0, 0)
        width = len(records[0])
        known = len(expected & {plain(cell) for cell in records[0]})
        alike = sum(len(record) == width for record in records) / len(records)
        return (known, alike if width > 1 else 0.0, width)

    return max(DELIMITERS, key=merit)


def _records(
    text: str, delimiter: str, source: str, skipped: int
) -> tuple[list[int], list[list[str]]]:
    """Return the records that are not blank, with the line each of them begins on."""
    lines: list[int] = []
    records: list[list[str]] = []
    before = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            if record:
                lines.append(before + 1 + skipped)
                records.append(record)
            before = reader.line_num
    except csv.Error as error:
        raise SurveyError(
            Fault(
                f"{source}, line {before + 1 + skipped}",
                f"the line cannot be cut into cells ({error})",
                "look for a quotation mark that is not closed, or give the delimiter",
            )
        ) from None
    return lines, records


def _rectangle(
    lines: Sequence[int], records: list[list[str]], source: str
) -> tuple[list[str], list[list[str]], list[Fault]]:
    """Return the head and rows of its width; rows of another width are one fault."""
    head, *rows = records
    width = len(head)
    uneven = [
        place
        for place, row in enumerate(rows)
        if len(row) < width or (len(row) > width and any(row[width:]))
    ]
    for place, row in enumerate(rows):
        if len(row) != width:
            rows[place] = (row + [""] * width)[:width]
    if not uneven:
        return head, rows, []
    places = ", ".join(
        f"line {lines[place + 1]} has {len(records[place + 1])}" for place in uneven[:3]
    )
    fault = Fault(
        source,
        f"lines without the {width} cells of the head: {len(uneven)} ({places})",
        "quote cells that contain the delimiter, or give the delimiter",
    )
    return head, rows, [fault]
