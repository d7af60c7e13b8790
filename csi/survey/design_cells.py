"""Cells of the design as numbers, and what is wrong with weights."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from csi.arrays import Array, BoolArray
from csi.errors import Fault
from csi.survey.cells import number_in, plain
from csi.survey.coding import shown_rows
from csi.survey.raw import RawTable

WORDS = math.inf  # stands for a cell that is not a number until it has become a fault
_LARGEST = 1e50  # weights above it, or below its inverse, are damage and not design


def numeric(raw: RawTable, name: str) -> Array:
    """(n,) cells of a column as numbers: NaN where empty, infinite where not a number."""
    column = raw.column(name)
    found = [number_in(cell) for cell in column.cells]
    blank = [not plain(cell) for cell in column.cells]
    values = [
        math.nan if empty else WORDS if value is None else value
        for value, empty in zip(found, blank, strict=True)
    ]
    return np.array(values)[column.codes]


def _extreme(values: Array) -> BoolArray:
    """(n,) True where the square or the sum of such weights would leave the range of numbers."""
    inside: BoolArray = (values <= _LARGEST) & (values >= 1 / _LARGEST)
    found: BoolArray = (values > 0) & (values != WORDS) & ~inside
    return found


def weight_faults(
    raw: RawTable, name: str, values: Array, where: BoolArray, kind: str
) -> Iterator[Fault]:
    """Yield what is wrong with a column of weights, or of replicate weights.

    Parameters
    ----------
    raw : RawTable
    name : str
        The column.
    values : (n,) its numbers
    where : (n,) rows to judge
    kind : str
        What the column is called in messages.
    """
    column = raw.column(name)
    wrong = (
        ("is not a number", values == WORDS, "correct the cells"),
        ("is negative", values < 0, "weights must be zero or above"),
        ("is missing", np.isnan(values), "give every respondent one"),
        ("is of no usable size", _extreme(values), "only ratios count: divide all by their mean"),
    )
    for what, rows, fix in wrong:
        if (rows & where).any():
            yield Fault(
                f"{raw.source}, column {name!r}",
                f"the {kind} {what}: {shown_rows(raw, column, rows & where)}",
                fix + "; periods without weights are listed under design.unweighted"
                if what == "is missing" and kind == "weight"
                else fix,
            )
    if where.any() and (values[where] == 0).all():
        yield Fault(
            f"{raw.source}, column {name!r}",
            f"every {kind} is zero",
            "give positive ones, or take the column out of the codebook",
        )
