"""Guesses at the answer scale of a column: its ends, its words, its missing codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from csi.survey.answers import READY, ready_map_for
from csi.survey.cells import code_of, number_in, quoted
from csi.survey.codebook import Meaning
from csi.survey.draft_words import meaning_of
from csi.survey.raw import RawTable

# customary missing codes and the meaning they mostly have
_CUSTOMARY: Mapping[float, Meaning] = {
    **dict.fromkeys((98.0, 998.0, 9998.0, 88.0, -8.0, -98.0), "dont_know"),
    **dict.fromkeys((99.0, 999.0, 9999.0, 77.0, -9.0, -99.0), "refused"),
    **dict.fromkeys((97.0, 997.0, -1.0, -2.0, -3.0, -7.0), "not_applicable"),
}
_HIGH_ENDS = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0, 10.0)
_USUAL_ENDS = (2.0, 4.0, 5.0, 7.0, 10.0)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column of answers seems to be.

    Attributes
    ----------
    low, high : float
    missing : mapping of str to Meaning
    answers : str
        Name of a ready answer map, or ``""``.
    low_words, high_words : str
        Labels at the ends, where the file has them.
    used : tuple of float
        The answers that occur.
    remarks : tuple of str
        What the reader should check.
    """

    low: float
    high: float
    missing: Mapping[str, Meaning] = field(default_factory=dict)
    answers: str = ""
    low_words: str = ""
    high_words: str = ""
    used: tuple[float, ...] = ()
    remarks: tuple[str, ...] = ()


def guess_scale(raw: RawTable, column: str) -> Guess | str:
    """Return the scale a column seems to have, or in words why it does not look like answers.

    Parameters
    ----------
    raw : RawTable
    column : str

    Returns
    -------
    Guess or str
    """
    found = raw.column(column)
    counts = np.bincount(found.codes, minlength=len(found.cells))
    times: dict[str, int] = {}
    for cell, count in zip(found.cells, counts.tolist(), strict=True):
        code = code_of(cell)
        if code and count:
            times[code] = times.get(code, 0) + count
    labels = {code_of(code): words for code, words in raw.labels.get(column, {}).items()}
    missing = _labelled_missing(raw, column, times, labels)
    numbers = {c: v for c in times if c not in missing and (v := number_in(c)) is not None}
    words = [c for c in times if c not in missing and c not in numbers]
    if not numbers and not words:
        return "it has no answers"
    if words:
        return _worded(words, numbers, times, missing)
    return _numbered(numbers, times, labels, missing)


def _labelled_missing(
    raw: RawTable, column: str, times: Iterable[str], labels: Mapping[str, str]
) -> dict[str, Meaning]:
    """Return the codes that labels or the file's own declaration call missing."""
    found: dict[str, Meaning] = {}
    for code in dict.fromkeys([*times, *labels]):
        said = meaning_of(labels.get(code, code))
        value = number_in(code)
        declared = value is not None and any(
            low <= value <= high for low, high in raw.declared_missing.get(column, ())
        )
        if said or declared:
            found[code] = said or "no_answer"
    return found


def _worded(
    words: list[str],
    numbers: Mapping[str, float],
    times: Mapping[str, int],
    missing: Mapping[str, Meaning],
) -> Guess | str:
    name = ready_map_for(words)
    if name is None:
        return f"it holds text, such as {quoted(words[0])}"
    points = READY[name]
    low, high = min(points.values()), max(points.values())
    strange = [code for code, value in numbers.items() if not low <= value <= high]
    more, remarks = _customary(strange, times)
    used = tuple(sorted({*points.values()}))
    said = f"answers in words, read with the ready map {name}; check that the points are right"
    return Guess(low, high, {**missing, **more}, name, used=used, remarks=(said, *remarks))


def _numbered(
    numbers: Mapping[str, float],
    times: Mapping[str, int],
    labels: Mapping[str, str],
    missing: Mapping[str, Meaning],
) -> Guess | str:
    if any(not value.is_integer() for value in numbers.values()):
        return "its numbers are not whole"
    labelled = {
        value: words
        for code, words in labels.items()
        if code not in missing and (value := number_in(code)) is not None
    }
    ends = _labelled_ends(set(numbers.values()), labelled) or _ends(set(numbers.values()))
    if ends is None:
        return f"its numbers run from {min(numbers.values()):g} to {max(numbers.values()):g}"
    low, high = ends
    strange = [code for code, value in numbers.items() if not low <= value <= high]
    more, remarks = _customary(strange, times)
    used = tuple(sorted(value for value in numbers.values() if low <= value <= high))
    if not used:
        return "it has no answers"
    if (low, high) in ((1.0, 2.0), (0.0, 1.0)):
        remarks.append("two codes only: check whether it is a question and which code is good")
    elif not labelled and (used[0], used[-1]) != (low, high):
        remarks.append(f"only {used[0]:g} to {used[-1]:g} occur; check the ends of the scale")
    words = labelled.get(low, ""), labelled.get(high, "")
    return Guess(low, high, {**missing, **more}, "", *words, used, tuple(remarks))


def _customary(codes: list[str], times: Mapping[str, int]) -> tuple[dict[str, Meaning], list[str]]:
    """Give codes outside the scale the meaning they mostly have, and say so."""
    more = {code: _CUSTOMARY.get(number_in(code) or 0.0, "no_answer") for code in codes}
    ordered = sorted(codes, key=lambda code: number_in(code) or 0.0)
    remarks = [
        f"{code} occurs {times[code]} times outside the scale and is taken for {more[code]}; check"
        for code in ordered
    ]
    return more, remarks


def _labelled_ends(values: set[float], labelled: Mapping[float, str]) -> tuple[float, float] | None:
    """Take the ends from the labels where two or more codes have one."""
    if len(labelled) < 2:
        return None
    low, high = min(labelled), max(labelled)
    outside = {value for value in values if not low <= value <= high}
    return (low, high) if outside <= _CUSTOMARY.keys() | {0.0, high + 1} else None


def _ends(values: set[float]) -> tuple[float, float] | None:
    """Return the smallest customary scale that leaves only customary codes outside.

    Codes on both sides of a scale from 1 (0 blank, 6 never used) count as such.
    """
    bulk = {value for value in values if value not in _CUSTOMARY}
    if not bulk:
        return None
    if bulk <= {0.0, 1.0} and 0.0 in bulk:
        return 0.0, 1.0
    if 0.0 in bulk and 10.0 in bulk and bulk <= set(map(float, range(12))) and 7.0 in bulk:
        return 0.0, 10.0
    for high in _HIGH_ENDS:
        inside = {value for value in bulk if 1 <= value <= high}
        outside = bulk - inside
        allowed = {0.0} | ({high + 1} if 0.0 in outside or high == 10 else set())
        if inside and outside <= allowed and (high in _USUAL_ENDS or max(inside) == high):
            return 1.0, high
    if min(bulk) >= 0 and max(values) <= 100 and len(bulk) > 10:
        return 0.0, 100.0
    return None
