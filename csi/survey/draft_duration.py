"""Whether a column holds the length of the interviews, and in which unit."""

from __future__ import annotations

import re

import numpy as np

from csi.survey.cells import number_in, plain, same_word
from csi.survey.codebook import Duration, DurationUnit
from csi.survey.duration_column import seconds_in
from csi.survey.raw import RawTable

_LONGEST_SCALE = 10  # a column of whole numbers up to this is an item
_UNITS: tuple[tuple[DurationUnit, re.Pattern[str]], ...] = (
    ("milliseconds", re.compile(r"(?:^|[\s_.\-(])(?:ms|msec|milliseconds)(?:$|[\s_.\-)])|毫秒")),
    ("seconds", re.compile(r"(?:^|[\s_.\-(])(?:s|sec|secs|seconds)(?:$|[\s_.\-)])|秒")),
    ("minutes", re.compile(r"(?:^|[\s_.\-(])(?:min|mins|minutes)(?:$|[\s_.\-)])|分")),
)


def guess_duration(raw: RawTable, name: str) -> Duration | None:
    """Return a column as that of the durations, None where its cells are something else.

    The unit is what the name of the column says, else told by the size of the numbers: seconds
    where the middle one is at least 60, milliseconds from 60,000, else minutes.
    """
    cells = [cell for cell in raw.column(name).cells if plain(cell)]
    seconds = [seconds_in(cell, "seconds") for cell in cells]
    found = [value for value in seconds if value is not None and value >= 0]
    if len(found) < len(cells) or not found or max(found) <= _LONGEST_SCALE:
        return None
    numbers = [value for cell in cells if (value := number_in(cell)) is not None]
    said = next((unit for unit, words in _UNITS if words.search(same_word(name))), None)
    return Duration(column=name, unit=said or _by_size(numbers))


def _by_size(numbers: list[float]) -> DurationUnit:
    """Tell the unit of plain numbers by the middle one; seconds where there are none."""
    middle = float(np.median(numbers)) if numbers else 60.0
    if middle >= 60_000:
        return "milliseconds"
    return "seconds" if middle >= 60 else "minutes"
