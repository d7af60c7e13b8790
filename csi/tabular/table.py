"""A titled table as a value; text, HTML, Markdown, LaTeX and a data frame are views of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from csi.lazy import lazy_module
from csi.tabular import forms
from csi.tabular.lettering import markdown, padded, short, width_of
from csi.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy_module("pandas")  # models show themselves too, and need none of it

Cell = str | float | int | bool | None
Decimals = int | Literal["p", "g"]
"""Decimals of a number; ``p``: a p value, which is never shown as zero; ``g``: six digits."""

MOST_ROWS = 60
"""Rows that a notebook and `print` show; the value keeps all of them."""

P_DIGITS = 3
MORE = Text("... {count} more rows of {total}", "……另有{count}行，共{total}行")
MISSING = ("NAType", "NaTType")
"""Types of pandas for what is not there."""

YES, NO = Text("yes", "是"), Text("no", "否")


def shown(value: Any, decimals: Decimals = 3, language: Language = "en") -> str:
    """Return a cell as text: the one place where numbers are rounded.

    Examples
    --------
    >>> shown(72.6114, 1), shown(0.0000004, "p"), shown(-0.00004), shown(250), shown(None)
    ('72.6', '<0.001', '0.000', '250', '')
    """
    if value is None or _gone(value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return (YES if value else NO).within(language)
    if not isinstance(value, (float, np.floating)):
        return str(value)
    if math.isnan(value):
        return ""
    if decimals == "p":
        least = 10.0**-P_DIGITS
        return f"<{least:.{P_DIGITS}f}" if 0 <= value < least else f"{value:.{P_DIGITS}f}"
    return f"{value:g}" if decimals == "g" else f"{value:z.{decimals}f}"


@dataclass(frozen=True, slots=True)
class Table:
    r"""A titled table; the numbers keep their full precision, only the views round.

    Attributes
    ----------
    title : str
    columns : tuple of str
        Heads of the columns.
    rows : tuple of tuples
        Texts, numbers, truth values or None (shown empty, as is NaN).
    digits : int
        Decimals shown for numbers that are not whole by type.
    decimals : tuple of int, "p" or None
        The same for each column, where they differ: None takes `digits`; ``"p"`` marks p values,
        which are never shown as zero. Empty where all columns take `digits`.
    names : tuple of str
        Names of the columns of the data frame, where heads are other words; empty where not.
    language : {"en", "zh"}
        Of the words a view adds: yes, no, how many rows are left out.

    Examples
    --------
    >>> rows = (("2017", 72.611, 0.2), ("2018", 73.0, 1e-9))
    >>> places = (None, None, "p")
    >>> table = Table("Index", ("year", "index", "p"), rows, digits=1, decimals=places)
    >>> print(table)
    Index
    year  index       p
    2017   72.6   0.200
    2018   73.0  <0.001
    >>> print(table.to_markdown())
    | year | index | p |
    | --- | ---: | ---: |
    | 2017 | 72.6 | 0.200 |
    | 2018 | 73.0 | <0.001 |
    >>> print(table.to_latex(label="tab:index"))
    \begin{table}[htbp]
    \centering
    \caption{Index}
    \label{tab:index}
    \begin{tabular}{lrr}
    \toprule
    year & index & p \\
    \midrule
    2017 & 72.6 & 0.200 \\
    2018 & 73.0 & \textless{}0.001 \\
    \bottomrule
    \end{tabular}
    \end{table}
    >>> table.to_frame()["index"].tolist()
    [72.611, 73.0]
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: int = 3
    decimals: tuple[Decimals | None, ...] = ()
    names: tuple[str, ...] = ()
    language: Language = "en"

    def __post_init__(self) -> None:
        """Refuse a row, decimals or names whose length is not that of the head."""
        wide = len(self.columns)
        for number, row in enumerate(self.rows):
            if len(row) != wide:
                raise ValueError(f"row {number} has {len(row)} cells and the head has {wide}")
        for name in ("decimals", "names"):
            given = getattr(self, name)
            if given and len(given) != wide:
                raise ValueError(f"{name} has {len(given)} entries and the head has {wide}")

    @classmethod
    def of(
        cls,
        title: str,
        frame: pd.DataFrame,
        *,
        digits: int = 3,
        decimals: Mapping[str, Decimals] | None = None,
        heads: Mapping[str, str] | None = None,
        language: Language = "en",
    ) -> Table:
        """Return the table with the columns and rows of a data frame (its index is left out).

        Parameters
        ----------
        title : str
        frame : DataFrame
        digits : int
        decimals : mapping of column to int or "p", optional
            Columns that take other decimals; ``p``, ``p_...`` and ``..._p`` are p values.
        heads : mapping of column to str, optional
            Words to show instead of the names, which the data frame of the table keeps.
        language : {"en", "zh"}
        """
        columns = [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]
        lists = [[None if _gone(cell) else cell for cell in column] for column in columns]
        rows = tuple(zip(*lists, strict=True)) if lists else ()
        names = tuple(map(str, frame.columns))
        known: dict[str, Decimals] = {name: "p" for name in names if is_p(name)}
        known |= decimals or {}
        places = tuple(known.get(name) for name in names) if known.keys() & set(names) else ()
        words = tuple((heads or {}).get(name, name) for name in names)
        kept = names if words != names else ()
        return cls(title, words, rows, digits, places, kept, language)

    def shown(self, value: Cell, place: int | None = None) -> str:
        """Return one cell as text, as it stands in the column `place`."""
        own = self.decimals[place] if self.decimals and place is not None else None
        return shown(value, self.digits if own is None else own, self.language)

    def cells(self) -> tuple[tuple[str, ...], ...]:
        """Return the head and the rows as text."""
        return (
            self.columns,
            *(tuple(self.shown(cell, k) for k, cell in enumerate(row)) for row in self.rows),
        )

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column whether it holds numbers, which stand to the right."""
        return tuple(
            any(_is_number(row[place]) for row in self.rows)
            and all(row[place] is None or _is_number(row[place]) for row in self.rows)
            for place in range(len(self.columns))
        )

    def head(self, rows: int | None) -> tuple[Table, str]:
        """Return the first rows, and words for how many are left out (empty for none)."""
        if rows is None or len(self.rows) <= rows:
            return self, ""
        words = MORE.within(self.language)
        said = words.format(count=len(self.rows) - rows, total=len(self.rows))
        return replace(self, rows=self.rows[:rows]), said

    def lines(self) -> list[str]:
        """Return head and rows as lines of aligned text."""
        cells, right = self.cells(), self.numeric
        widths = [max(map(width_of, column)) for column in zip(*cells, strict=True)]
        return [_line(row, widths, right) for row in cells]

    def to_text(self, *, rows: int | None = None) -> str:
        """Return aligned text for a terminal; the first `rows` only, where told."""
        short, left = self.head(rows)
        lines = short.lines()
        return "\n".join([*([self.title] if self.title else []), *lines, *([left] if left else [])])

    def __str__(self) -> str:
        """Return aligned text for a terminal, of at most 60 rows."""
        return self.to_text(rows=MOST_ROWS)

    def __repr__(self) -> str:
        """Say in one line what the table is."""
        return f"Table {short(self.title)!r}: {len(self.rows)} rows, {len(self.columns)} columns"

    def to_markdown(self, *, title: bool = False, rows: int | None = None) -> str:
        """Return a Markdown table, with the title in bold above it where told."""
        short, left = self.head(rows)
        right = short.numeric
        head, *body = [[markdown(cell) for cell in row] for row in short.cells()]
        rule = ["---:" if to_the_right else "---" for to_the_right in right]
        lines = ["| " + " | ".join(row) + " |" for row in [head, rule, *body]]
        above = [f"**{markdown(self.title)}**", ""] if title and self.title else []
        return "\n".join([*above, *lines, *(["", left] if left else [])])

    def to_latex(self, *, label: str = "", caption: str | None = None) -> str:
        r"""Return a LaTeX table in the style of the package booktabs, in a float.

        Parameters
        ----------
        label : str
            For ``\ref``; none where empty.
        caption : str, optional
            The title where None; no caption, label and float where empty.
        """
        words = self.title if caption is None else caption
        return forms.latex_table(self.cells(), self.numeric, caption=words, label=label)

    def to_html(self, *, rows: int | None = None) -> str:
        """Return an HTML table with a caption and heads that screen readers know as such."""
        short, left = self.head(rows)
        return forms.html_table(short.cells(), short.numeric, caption=self.title, left=left)

    def to_frame(self) -> pd.DataFrame:
        """Return a data frame with the numbers unrounded."""
        columns: Iterable[Sequence[Cell]] = (
            zip(*self.rows, strict=True) if self.rows else ((),) * len(self.columns)
        )
        made = pd.DataFrame(dict(enumerate(map(list, columns))))
        made.columns = pd.Index(self.names or self.columns)
        return made

    def _repr_html_(self) -> str:
        return self.to_html(rows=MOST_ROWS)


def is_p(name: str) -> bool:
    """Tell by its name whether a column holds p values.

    Examples
    --------
    >>> [is_p(name) for name in ("p", "p_value", "p_holm", "difference_p", "paths", "p1")]
    [True, True, True, True, False, False]
    """
    return name == "p" or name.startswith(("p_", "P>")) or name.endswith("_p")


def _gone(value: object) -> bool:
    return type(value).__name__ in MISSING


def _is_number(value: Cell) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, (bool, np.bool_))


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = [padded(c, w, right=r) for c, w, r in zip(row, widths, right, strict=True)]
    return "  ".join(parts).rstrip()
