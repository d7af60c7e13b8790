"""Cells of a survey file: words and numbers as people and programs write them."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time

import numpy as np

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_WHOLE = re.compile(r"([+-]?[0-9]+)\.0*\Z")
_PARTS = re.compile(r"([0-9]+)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE)


def plain(text: str) -> str:
    """Return `text` with full-width signs made narrow (NFKC) and spaces tidied.

    Examples
    --------
    >>> plain(" ８ "), plain("非常　满意")
    ('8', '非常 满意')
    """
    return " ".join(unicodedata.normalize("NFKC", text).replace("\u2212", "-").split())


def same_word(text: str) -> str:
    """Return the form in which words are compared: plain and without case.

    Examples
    --------
    >>> same_word("Ｄon't  KNOW ")
    "don't know"
    """
    return plain(text).casefold()


def number_in(text: str) -> float | None:
    """Return the finite number a cell says, or None where it says none.

    Examples
    --------
    >>> number_in(" 08.0 "), number_in("１０"), number_in("nan"), number_in("1,5")
    (8.0, 10.0, None, None)
    """
    written = plain(text)
    if not _NUMBER.match(written):
        return None
    value = float(written)
    return value if math.isfinite(value) else None


def text_of(value: object) -> str:
    """Return a cell as text: whole numbers without decimals, nothing for missing values.

    Examples
    --------
    >>> text_of(8.0), text_of(7.5), text_of(None), text_of(float("nan")), text_of(True)
    ('8', '7.5', '', '', '1')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, np.floating):
        value = float(str(value))
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        whole = value.is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime) and value == value and value.time() == time():
        value = value.date()
    if isinstance(value, (date, datetime)) and value == value:
        return value.isoformat()
    text = str(value)
    return "" if text in {"NaT", "<NA>"} else text


def quoted(cell: str, length: int = 40) -> str:
    """Return a cell in quotation marks for a message, cut where it is long.

    Examples
    --------
    >>> quoted("8"), quoted("x" * 50, 5)
    ("'8'", "'xxxxx...' (50 characters)")
    """
    if len(cell) <= length:
        return repr(cell)
    return f"{cell[:length] + '...'!r} ({len(cell)} characters)"


def code_of(text: str) -> str:
    """Return the form in which codes are compared: ``08`` and ``8.0`` are the code ``8``."""
    value = number_in(text)
    return same_word(text) if value is None else text_of(value)


def key_of(text: str) -> str:
    """Return a group or time value as text, whole numbers without decimals.

    Examples
    --------
    >>> key_of("2010.0"), key_of(" ２０１０ "), key_of("Company A")
    ('2010', '2010', 'Company A')
    """
    written = plain(text)
    whole = _WHOLE.match(written)
    return whole.group(1) if whole else written


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sorting key that puts the year first and ``wave 2`` before ``wave 10``.

    A four-digit year anywhere in the text comes first, months by name count as numbers.

    Examples
    --------
    >>> sorted(["wave 10", "wave 2"], key=natural_key)
    ['wave 2', 'wave 10']
    >>> sorted(["Q1 2021", "Q2 2020", "Feb 2020", "12/2019", "2018/19"], key=natural_key)
    ['2018/19', '12/2019', 'Feb 2020', 'Q2 2020', 'Q1 2021']
    """
    year = _YEAR.search(text)
    rest = text if year is None else text[: year.start()] + text[year.end() :]
    rest = _MONTH.sub(lambda found: f"{_MONTHS.index(found[1].lower()) + 1:02d}", rest)
    first = () if year is None else ((0, int(year[0]), ""),)
    return first + tuple(
        (0, int(part), part) if part.isdecimal() else (1, 0, part)
        for part in _PARTS.split(rest)
        if part
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the nearest known name, or the known names.

    Examples
    --------
    >>> nearest("wieght", ["weight", "year"])
    "did you mean 'weight'?"
    """
    names = list(known)
    folded = {same_word(entry): entry for entry in reversed(names)}
    close = difflib.get_close_matches(same_word(name), list(folded), n=1, cutoff=0.6)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    if not names:
        return "there is none to choose from"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"known here: {shown}"
