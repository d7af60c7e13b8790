"""What a reader finds in a file, before any of it is judged: columns of cells as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from csi.arrays import BoolArray, IntArray, readonly_int
from csi.errors import Fault
from csi.survey.cells import plain, text_of
from csi.survey.frozen import frozen_map


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column with each different cell kept once.

    Attributes
    ----------
    codes : (n,) place of each row's cell in `cells`
    cells : tuple of str
        The different cells as text; an empty cell is ``""``.
    """

    codes: IntArray
    cells: tuple[str, ...]

    def text(self, row: int) -> str:
        """Return the cell of a row (counted from 0) as it is written."""
        return self.cells[int(self.codes[row])]

    @property
    def empty(self) -> BoolArray:
        """(n,) True where the cell is empty or blank."""
        blank = np.array([not plain(cell) for cell in self.cells], dtype=np.bool_)
        return blank[self.codes] if len(blank) else np.zeros(len(self.codes), dtype=np.bool_)


def raw_column(values: Sequence[object]) -> RawColumn:
    """Return a column of texts, numbers, truth values, dates or nothing as a `RawColumn`.

    Parameters
    ----------
    values : sequence of n cells

    Returns
    -------
    RawColumn
    """
    cells = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        cells[row] = value
    try:
        codes, different = pd.factorize(cells, use_na_sentinel=True)
    except TypeError:  # a cell that cannot be compared, such as a list: keep its text
        cells[:] = [text_of(value) for value in values]
        codes, different = pd.factorize(cells, use_na_sentinel=True)
    texts = [text_of(value) for value in different.tolist()]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(texts), codes)
        texts.append("")
    return RawColumn(readonly_int(codes), tuple(texts))


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file as it was found.

    Attributes
    ----------
    columns : mapping of str to RawColumn
        By name, in the order of the file; names have their spaces tidied.
    rows : (n,) number of each data row as the file's own program shows it
    row_word : str
        What such a row is called: ``line``, ``row`` or ``case``.
    source : str
        Name of the file, without folder.
    sha256 : str
    labels : mapping of str to mapping of str to str
        Labels of values stored in the file, by column and code.
    titles : mapping of str to str
        Labels of the columns stored in the file.
    declared_missing : mapping of str to tuple of (low, high)
        Ranges of values the file itself declares as missing.
    faults : tuple of Fault
        What is wrong with the form of the file.
    notes : tuple of str
        What the reader decided by itself: the encoding, the sheet.
    """

    columns: Mapping[str, RawColumn]
    rows: IntArray
    row_word: str
    source: str
    sha256: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    declared_missing: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Lock the mappings."""
        for name in ("columns", "labels", "titles", "declared_missing"):
            object.__setattr__(self, name, frozen_map(getattr(self, name)))

    def __len__(self) -> int:
        """Count the data rows."""
        return len(self.rows)

    def column(self, name: str) -> RawColumn:
        """Return a column by its name, spaces and width of signs aside."""
        return self.columns[plain(name)]

    def place(self, row: int) -> str:
        """Return a row in words, such as ``line 7``."""
        return f"{self.row_word} {self.rows[row]}"


def named_columns(
    names: Sequence[object], columns: Sequence[RawColumn]
) -> tuple[dict[str, RawColumn], list[Fault]]:
    """Return columns by tidied name; columns without a name are left out, repeated ones faults.

    Parameters
    ----------
    names : sequence of k heads
    columns : sequence of k columns

    Returns
    -------
    dict of str to RawColumn
    list of Fault
    """
    found: dict[str, RawColumn] = {}
    faults: list[Fault] = []
    for head, column in zip(names, columns, strict=True):
        name = plain(text_of(head))
        if name in found:
            faults.append(
                Fault(f"column {name!r}", "the head names it twice", "rename one of the two")
            )
        elif name:
            found[name] = column
    return found, faults
