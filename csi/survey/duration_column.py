"""The column with the length of the interviews."""

from __future__ import annotations

import math
import re

import numpy as np

from csi.arrays import Array, BoolArray
from csi.errors import Fault
from csi.survey.cells import code_of, number_in, plain
from csi.survey.codebook import Duration, DurationUnit
from csi.survey.coding import shown_rows
from csi.survey.raw import RawTable

_SECONDS = {"seconds": 1.0, "minutes": 60.0, "milliseconds": 0.001}
_CLOCK = re.compile(r"(\d+):([0-5]?\d):([0-5]?\d(?:\.\d+)?)\Z")
_NUMBER = r"(\d+(?:\.\d+)?)\s*"
_WORDS = re.compile(
    rf"(?:{_NUMBER}(?:h|hr|hrs|hours?|小时|小時|时|時)\s*)?"
    rf"(?:{_NUMBER}(?:m|min|mins|minutes?|分钟|分鐘|分)\s*)?"
    rf"(?:{_NUMBER}(?:s|secs?|seconds?|秒钟|秒鐘|秒))?\Z"
)
_WRONG = math.inf  # stands for a cell that is no duration until it has become a fault


def seconds_in(cell: str, unit: DurationUnit) -> float | None:
    """Return the seconds a cell says, or None where it says none.

    Parameters
    ----------
    cell : str
        A number in `unit`, a clock time with seconds, or numbers with words for their units, as
        survey platforms write them.
    unit : {"seconds", "minutes", "milliseconds"}

    Examples
    --------
    >>> seconds_in("12.5", "minutes"), seconds_in("0:12:30", "seconds")
    (750.0, 750.0)
    >>> seconds_in("345秒", "minutes"), seconds_in("5分20秒", "seconds")
    (345.0, 320.0)
    >>> seconds_in("12:30", "seconds") is None  # hours and minutes, or minutes and seconds?
    True
    """
    number = number_in(cell)
    if number is not None:
        return number * _SECONDS[unit]
    said = plain(cell).casefold()
    found = _CLOCK.match(said) or _WORDS.match(said)
    if found is None or not said:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return 3600.0 * hours + 60.0 * minutes + seconds


def read_duration(
    raw: RawTable, given: Duration | None, kept: BoolArray
) -> tuple[Array | None, list[Fault], list[str]]:
    """Return the length of the interviews kept, in seconds.

    Parameters
    ----------
    raw : RawTable
        Has the column.
    given : Duration or None
        The entry of the codebook.
    kept : (n,) rows that belong to the survey

    Returns
    -------
    (kept rows) or None
        NaN where there is none; None without an entry.
    list of Fault
        Cells that are no duration, negative ones, and a column without any.
    list of str
        A note that counts respondents without a duration.
    """
    if given is None:
        return None, [], []
    column = raw.column(given.column)
    missing = {code_of(code) for code in given.missing}
    cells = np.array([_cell(cell, given, missing) for cell in column.cells])
    values = cells[column.codes]
    where = f"{raw.source}, column {given.column!r}"
    wrong = (
        ("is no duration", values == _WRONG, "write a number, h:mm:ss, or 5分20秒"),
        ("is negative", values < 0, "correct it"),
    )
    faults = [
        Fault(
            where,
            f"the length of the interview {what}: {shown_rows(raw, column, rows & kept)}",
            f"{fix}, or declare such codes under missing in [duration]",
        )
        for what, rows, fix in wrong
        if (rows & kept).any()
    ]
    without = int((np.isnan(values) & kept).sum())
    if without == int(kept.sum()):
        faults.append(Fault(where, "no interview has a length", "take [duration] out"))
    notes = [f"respondents without a length of the interview: {without}"] if without else []
    return values[kept], faults, notes


def _cell(cell: str, given: Duration, missing: set[str]) -> float:
    """Return the seconds of one cell; NaN where there are none to expect."""
    code = code_of(cell)
    if not code or code in missing:
        return math.nan
    found = seconds_in(cell, given.unit)
    return _WRONG if found is None else found
