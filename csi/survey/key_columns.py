"""The columns that sort respondents: the time, the groups, the names of the interviews."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from csi.arrays import BoolArray
from csi.errors import Fault
from csi.survey.cells import code_of, key_of, nearest, quoted
from csi.survey.codebook import Key
from csi.survey.coding import shown_rows
from csi.survey.raw import RawColumn, RawTable

Names = NDArray[np.object_]


def key_texts(column: RawColumn) -> Names:
    """(n,) cells as key texts: ``2010.0`` is ``2010``, an empty cell ``""``."""
    return np.array([key_of(cell) for cell in column.cells], dtype=object)[column.codes]


def read_key(
    raw: RawTable, key: Key, kept: BoolArray, *, needed: bool
) -> tuple[Names, list[Fault], list[str]]:
    """Return the values of a key, ``""`` where a respondent has none.

    Parameters
    ----------
    raw : RawTable
        Has the column of the key.
    key : Key
    kept : (n,) rows to judge
    needed : bool
        True for the time: a respondent without it is a fault.

    Returns
    -------
    (n,) array of str
    list of Fault
        Values the codebook does not know; missing times.
    list of str
        A note where respondents of a group key have no value.
    """
    column = raw.column(key.column)
    known = {code_of(value): key_of(value) for value in key.values}
    missing = {code_of(code): meaning for code, meaning in key.missing.items()}
    codes = [code_of(cell) for cell in column.cells]
    values = [
        "" if code in missing else known.get(code, key_of(cell))
        for code, cell in zip(codes, column.cells, strict=True)
    ]
    wrong = [bool(v) and bool(known) and c not in known for v, c in zip(values, codes, strict=True)]
    names = np.array(values, dtype=object)[column.codes]
    unknown = np.array(wrong, dtype=np.bool_)[column.codes] & kept
    without = (names == "") & kept
    faults = _unknown(raw, key, unknown)
    if needed and without.any():
        faults.append(
            Fault(
                f"{raw.source}, column {key.column!r}",
                f"the {key.name} is missing: {shown_rows(raw, column, without)}",
                "every respondent needs one; fill it in",
            )
        )
    if needed or not without.any():
        return names, faults, []
    why = Counter(missing.get(codes[code], "no_answer") for code in column.codes[without].tolist())
    parts = ", ".join(f"{meaning} {count}" for meaning, count in sorted(why.items()))
    note = f"{key.name}: respondents without a value: {int(without.sum())} ({parts}); they are kept"
    return names, faults, [note]


def _unknown(raw: RawTable, key: Key, where: BoolArray) -> list[Fault]:
    """Return one fault for each value the codebook does not list."""
    column = raw.column(key.column)
    faults = []
    for code in np.unique(column.codes[where]).tolist():
        cell = column.cells[code]
        rows = shown_rows(raw, column, where & (column.codes == code))
        faults.append(
            Fault(
                f"{raw.source}, column {key.column!r}",
                f"unknown value of {key.name}: {rows}",
                f"{nearest(cell, key.values)} Correct it or add it to the values of {key.name}",
            )
        )
    return faults


def read_respondents(
    raw: RawTable, columns: tuple[str, ...], kept: BoolArray
) -> tuple[Names, list[Fault]]:
    """Return the names of the interviews; repeated and missing ones are faults.

    Parameters
    ----------
    raw : RawTable
        Has the columns.
    columns : tuple of str
        Together they name an interview; where there are none the row number does.
    kept : (n,) rows to judge

    Returns
    -------
    (n,) array of str
    list of Fault
    """
    if not columns:
        return raw.rows.astype(str).astype(object), []
    faults = []
    parts = [key_texts(raw.column(column)) for column in columns]
    for column, texts in zip(columns, parts, strict=True):
        without = (texts == "") & kept
        if without.any():
            faults.append(
                Fault(
                    f"{raw.source}, column {column!r}",
                    f"the respondent has no name: {shown_rows(raw, raw.column(column), without)}",
                    "fill it in, or take the column out of respondent",
                )
            )
    pairs = list(zip(*parts, strict=True))
    names = np.array(["/".join(pair) for pair in pairs], dtype=object)
    seen: dict[tuple[str, ...], int] = {}
    again: list[tuple[int, int]] = []
    for row in np.flatnonzero(kept).tolist():
        first = seen.setdefault(pairs[row], row)
        if first != row and all(pairs[row]):
            again.append((first, row))
    if again:
        told = ", ".join(
            f"{quoted(names[row])} in {raw.place(first)} and {raw.place(row)}"
            for first, row in again[:3]
        )
        faults.append(
            Fault(
                f"{raw.source}, {'+'.join(columns)}",
                f"respondents appear more than once: {told} ({len(again)} repeated)",
                "remove the repeated interviews, or name all columns that identify one",
            )
        )
    return names, faults
