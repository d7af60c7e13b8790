"""A titled table as a value; text, HTML, Markdown and a data frame are views of it."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

Cell = str | float | int | bool | None


def width_of(text: str) -> int:
    """Count the columns `text` takes on a terminal; Chinese characters take two.

    Examples
    --------
    >>> width_of("满意度"), width_of("index")
    (6, 5)
    """
    marks = sum(unicodedata.combining(letter) != 0 for letter in text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - marks


def _padded(text: str, width: int, *, right: bool) -> str:
    gap = " " * (width - width_of(text))
    return gap + text if right else text + gap


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; the numbers keep their full precision, only the views round.

    Attributes
    ----------
    title : str
    columns : tuple of str
        Heads of the columns.
    rows : tuple of tuples
        Texts, numbers, truth values or None (shown empty, as is NaN).
    digits : int
        Decimals shown for numbers that are not whole by type.

    Examples
    --------
    >>> print(Table("Index", ("year", "index"), (("2017", 72.611), ("2018", 73.0)), digits=1))
    Index
    year  index
    2017   72.6
    2018   73.0
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: int = 3

    def __post_init__(self) -> None:
        """Refuse a row whose length is not that of the head."""
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {number} has {len(row)} cells and the head has {len(self.columns)}"
                )

    @classmethod
    def of(cls, title: str, frame: pd.DataFrame, *, digits: int = 3) -> Table:
        """Return the table with the columns and rows of a data frame (its index is left out)."""
        columns = [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]
        lists = [[None if cell is pd.NA else cell for cell in column] for column in columns]
        rows = tuple(zip(*lists, strict=True)) if lists else ()
        return cls(title, tuple(map(str, frame.columns)), rows, digits)

    def shown(self, value: Cell) -> str:
        """Return one cell as text: the one place where numbers are rounded."""
        if value is None:
            return ""
        if isinstance(value, (bool, np.bool_)):
            return "yes" if value else "no"
        if isinstance(value, (float, np.floating)):
            return "" if math.isnan(value) else f"{value:.{self.digits}f}"
        return str(value)

    def cells(self) -> tuple[tuple[str, ...], ...]:
        """Return the head and the rows as text."""
        return (self.columns, *(tuple(map(self.shown, row)) for row in self.rows))

    def _numeric(self) -> tuple[bool, ...]:
        """Tell for each column whether it holds numbers, which stand to the right."""
        return tuple(
            any(_is_number(row[place]) for row in self.rows)
            and all(row[place] is None or _is_number(row[place]) for row in self.rows)
            for place in range(len(self.columns))
        )

    def __str__(self) -> str:
        """Return aligned text for a terminal."""
        cells, right = self.cells(), self._numeric()
        widths = [max(map(width_of, column)) for column in zip(*cells, strict=True)]
        lines = [_line(row, widths, right) for row in cells]
        return "\n".join(([self.title] if self.title else []) + lines)

    def to_markdown(self) -> str:
        """Return a Markdown table (without the title)."""
        right = self._numeric()
        head, *body = [[cell.replace("|", "\\|") for cell in row] for row in self.cells()]
        rule = ["---:" if to_the_right else "---" for to_the_right in right]
        return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *body])

    def to_frame(self) -> pd.DataFrame:
        """Return a data frame with the numbers unrounded."""
        columns: Iterable[Sequence[Cell]] = (
            zip(*self.rows, strict=True) if self.rows else ((),) * len(self.columns)
        )
        made = pd.DataFrame(dict(enumerate(map(list, columns))))
        made.columns = pd.Index(self.columns)
        return made

    def _repr_html_(self) -> str:
        cells, right = self.cells(), self._numeric()
        align = [' style="text-align:right"' if side else "" for side in right]
        head, *body = [
            [(escape(cell), side) for cell, side in zip(row, align, strict=True)] for row in cells
        ]
        top = "".join(f"<th{side}>{cell}</th>" for cell, side in head)
        rows = "".join(
            "<tr>" + "".join(f"<td{side}>{cell}</td>" for cell, side in row) + "</tr>"
            for row in body
        )
        caption = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        return f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"


def _is_number(value: Cell) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, (bool, np.bool_))


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = [_padded(c, w, right=r) for c, w, r in zip(row, widths, right, strict=True)]
    return "  ".join(parts).rstrip()
