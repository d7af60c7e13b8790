"""A workbook being written: its formats, the names of its sheets and what a cell may hold."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from csi.report.office_file import font_of
from csi.report.style import FAINT, PALETTE
from csi.report.view import View

MOST_ROWS = 1_048_575
"""Rows of a sheet under its header."""
MOST_LETTERS = 32_767
"""Letters of a cell."""
MOST_NAME = 31
"""Letters of the name of a sheet."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_HEAD = "#E8EFF5"


@dataclass(slots=True)
class Book:
    """A workbook of xlsxwriter with the formats in use.

    Attributes
    ----------
    workbook : xlsxwriter.Workbook
    view : View
    told : list of str
        What had to be cut, in sentences for the first sheet.
    """

    workbook: Any
    view: View
    told: list[str] = field(default_factory=list)
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def format(self, **wanted: Any) -> Any:
        """Return a format, made once for each wish."""
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            given = {"font_name": font_of(self.view.language), "font_size": 10, "valign": "top"}
            self._formats[key] = self.workbook.add_format(given | wanted)
        return self._formats[key]

    @property
    def head(self) -> Any:
        """Format of the names of columns."""
        return self.format(bold=True, bg_color=_HEAD, bottom=1, bottom_color=PALETTE[0].colour)

    @property
    def title(self) -> Any:
        """Format of the title of a sheet."""
        return self.format(bold=True, font_size=16, font_color=PALETTE[0].ink)

    @property
    def wrapped(self) -> Any:
        """Format of sentences."""
        return self.format(text_wrap=True)

    @property
    def faint(self) -> Any:
        """Format of explanations."""
        return self.format(text_wrap=True, font_color=FAINT)


class Exact(float):
    """A number that is written with all its digits; xlsxwriter writes 16, a float has up to 17."""

    def __format__(self, spec: str) -> str:
        """Return the shortest text that reads back as the same number."""
        return float.__repr__(self)


def put(sheet: Any, row: int, column: int, value: object, shown: Any = None) -> bool:
    """Write one cell: a number, a truth value, or words that are never a formula.

    A missing value and an empty text leave the cell empty; an infinite number is written in
    words (``inf``), as in the CSV file.

    Returns
    -------
    bool
        False where the words were too long for a cell and are cut.
    """
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, shown)
    elif isinstance(value, int | float):
        if math.isfinite(value):
            sheet.write_number(row, column, Exact(value) if value % 1 else value, shown)
        elif math.isinf(value):
            sheet.write_string(row, column, str(value), shown)
    elif isinstance(value, str) and value:
        whole = len(value) <= MOST_LETTERS
        cell = value if whole else value[: MOST_LETTERS - 1] + "…"
        sheet.write_string(row, column, cell, shown)
        return whole
    return True


def sheet_names(wanted: Iterable[str]) -> tuple[str, ...]:
    """Return names that Excel takes for sheets: short, of allowed letters, each once.

    Examples
    --------
    >>> sheet_names(["index", "a/b", "Index", "x" * 40, "目录"])
    ('index', 'a b', 'Index 2', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', '目录')
    """
    names: list[str] = []
    used: set[str] = {"history"}  # Excel keeps this one for itself
    for name in wanted:
        plain = _FORBIDDEN.sub(" ", name).strip(" '")[:MOST_NAME] or "sheet"
        found, number = plain, 1
        while found.lower() in used:
            number += 1
            end = f" {number}"
            found = plain[: MOST_NAME - len(end)] + end
        used.add(found.lower())
        names.append(found)
    return tuple(names)
