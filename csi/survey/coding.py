"""From the cells of one item to answers in scale points and reasons for having none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csi.arrays import Array, BoolArray
from csi.errors import Fault
from csi.survey.cells import code_of, number_in, quoted, same_word
from csi.survey.codebook import Item
from csi.survey.codebook_checks import MEANINGS
from csi.survey.raw import RawColumn, RawTable

ANSWERED = 0
EMPTY = len(MEANINGS) + 1  # an empty cell: no_answer or not_asked, as routing will tell
_OUTSIDE, _WORDS = EMPTY + 1, EMPTY + 2
NOT_ASKED = MEANINGS.index("not_asked") + 1
NO_ANSWER = MEANINGS.index("no_answer") + 1

States = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class CodedItem:
    """The answers to one item.

    Attributes
    ----------
    points : (n,) answers as written, in scale points; NaN where there is none
    states : (n,) 0 answered, k for the k-th of `MEANINGS`, `EMPTY` for an empty cell
    faulty : bool
        True where cells of this item are faults.
    """

    points: Array
    states: States
    faulty: bool


def code_item(raw: RawTable, item: Item) -> tuple[CodedItem, list[Fault]]:
    """Return the answers to one item and the faults of its cells.

    A cell is looked up, in this order: among the missing codes, among the answers in words,
    and as a number on the scale. Codes are compared as numbers where they are numbers, words
    without case and width.

    Parameters
    ----------
    raw : RawTable
        Has the column of the item.
    item : Item

    Returns
    -------
    CodedItem
    list of Fault
        Answers outside the scale; words that are not answers.
    """
    column = raw.column(item.column)
    missing = {code_of(c): MEANINGS.index(why) + 1 for c, why in item.missing.items()}
    answers = {code_of(word): point for word, point in item.answers.items()}
    points = np.full(len(column.cells), np.nan)
    states = np.empty(len(column.cells), dtype=np.int8)
    for place, cell in enumerate(column.cells):
        points[place], states[place] = _coded(cell, item, missing, answers)
    states = states[column.codes]
    faults = [*_outside(raw, item, states == _OUTSIDE), *_words(raw, item, states == _WORDS)]
    return CodedItem(points[column.codes], states, bool(faults)), faults


def _coded(
    cell: str, item: Item, missing: dict[str, int], answers: dict[str, float]
) -> tuple[float, int]:
    code = code_of(cell)
    if not code:
        return math.nan, EMPTY
    if code in missing:
        return math.nan, missing[code]
    if code in answers:
        return answers[code], ANSWERED
    point = number_in(cell)
    if point is None:
        return math.nan, _WORDS
    if item.low <= point <= item.high:
        return point, ANSWERED
    return math.nan, _OUTSIDE


def shown_rows(raw: RawTable, column: RawColumn, where: BoolArray) -> str:
    """Return the first three rows of a fault with their cells, and how many there are.

    Parameters
    ----------
    raw : RawTable
    column : RawColumn
    where : (n,) True in the rows of the fault

    Returns
    -------
    str
        Such as ``line 3: '11', line 9: '0' (2 rows)``.
    """
    rows = np.flatnonzero(where)
    first = ", ".join(f"{raw.place(row)}: {quoted(column.text(row))}" for row in rows[:3])
    return f"{first} ({len(rows)} {'row' if len(rows) == 1 else 'rows'})"


def _outside(raw: RawTable, item: Item, where: BoolArray) -> list[Fault]:
    if not where.any():
        return []
    rows = shown_rows(raw, raw.column(item.column), where)
    return [
        Fault(
            f"{raw.source}, column {item.column!r}",
            f"answers outside the scale {item.low:g} to {item.high:g}: {rows}",
            "correct them, or declare such codes under missing in the codebook",
        )
    ]


def _words(raw: RawTable, item: Item, where: BoolArray) -> list[Fault]:
    if not where.any():
        return []
    column = raw.column(item.column)
    used = {same_word(column.cells[code]) for code in np.unique(column.codes[where])}
    told = "words that are no answer" if item.answers else "text in a numeric item"
    return [
        Fault(
            f"{raw.source}, column {item.column!r}",
            f"{told}: {shown_rows(raw, column, where)}",
            f"give {', '.join(map(quoted, sorted(used)[:5]))} a point under answers or a meaning "
            "under missing in the codebook",
        )
    ]
