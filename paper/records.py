"""Numbers as the paper prints them: a value, its text, where it comes from, how far it may move.

A record is a small JSON object with ``text``. What else it holds says how it is compared with a
committed one:

- ``value`` and ``tolerance``: equal within the tolerance (relative above one, absolute below);
- ``gap`` and ``bound``: a difference that rounding makes, printed as a bound that it lies below;
- ``environment``: a version of Python or a library, never stale by itself;
- none of them: the text must be the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

Record = dict[str, Any]

CLOSE = 1e-6
"""How far a computed number may be from the committed one: NumPy and BLAS differ by far less."""
SLACK = 1000.0
"""How many times too large a printed bound may be."""
FLOOR = 1e-12
"""Smaller differences are rounding and no more."""
NUMERAL = re.compile(r"[-\u2212]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def number(
    value: float,
    digits: int = 1,
    *,
    source: str,
    tolerance: float = CLOSE,
    percent: bool = False,
    sign: bool = False,
) -> Record:
    """Return the record of a number printed with so many decimals.

    A share is printed in percent, with the sign where asked.
    """
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"{source}: {value} cannot be printed")
    shown = 100 * value if percent else value
    return {
        "value": float(f"{value:.9g}"),
        "text": in_words(shown, digits) + ("\u00a0%" if sign else ""),
        "tolerance": tolerance,
        "source": source,
    }


def stored(
    value: float, digits: int = 1, *, source: str, percent: bool = False, sign: bool = False
) -> Record:
    """Return the record of a number read from a file: it must be equal exactly."""
    return number(value, digits, source=source, tolerance=0.0, percent=percent, sign=sign)


def gap(value: float, *, source: str) -> Record:
    """Return the record of a largest difference, printed as a bound with one digit above it.

    The bound leaves room for half as much again, as rounding differs from machine to machine.
    """
    value = float(value)
    digit, power = one_digit(max(1.5 * value, FLOOR))
    return {
        "gap": float(f"{value:.1e}"),
        "bound": float(f"{digit}e{power}"),
        "digit": digit,
        "power": power,
        "text": f"{digit}e{power}",
        "source": source,
    }


def stored_gap(value: float, *, source: str) -> Record:
    """Return the record of a difference read from a file, rounded up to one digit."""
    digit, power = one_digit(max(float(value), FLOOR))
    return {"digit": digit, "power": power, "text": f"{digit}e{power}", "source": source}


def one_digit(value: float) -> tuple[int, int]:
    """Return digit and power of ten of the next number of one digit, not below `value`."""
    power = math.floor(math.log10(value))
    digit = math.ceil(value / 10.0**power * (1 - 1e-9))
    return (1, power + 1) if digit == 10 else (digit, power)


def words(text: str, *, source: str) -> Record:
    """Return the record of a text that must stay as it is."""
    return {"text": text, "source": source}


def environment(text: str) -> Record:
    """Return the record of something that may differ from machine to machine."""
    return {"text": text, "environment": True, "source": "the machine that made the numbers"}


def in_words(value: float, digits: int) -> str:
    """Return a number with thousands marked and a true minus sign; no minus before zero."""
    text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace("-", "\u2212")


def stale(committed: Any, fresh: Any, place: str = "") -> Iterator[str]:
    """Yield what of `committed` is no longer so, each with its place."""
    if is_record(committed) and is_record(fresh):
        fault = record_fault(committed, fresh)
        if fault:
            yield f"{place}: {fault}"
    elif isinstance(committed, Mapping) and isinstance(fresh, Mapping):
        for key in sorted({*committed, *fresh}):
            where = f"{place}.{key}" if place else str(key)
            if key not in fresh:
                yield f"{where}: is committed, but nothing makes it any more"
            elif key not in committed:
                yield f"{where}: is made, but not committed"
            else:
                yield from stale(committed[key], fresh[key], where)
    elif isinstance(committed, list) and isinstance(fresh, list):
        if len(committed) != len(fresh):
            yield f"{place}: {len(committed)} entries are committed, {len(fresh)} are made"
            return
        for k, (old, new) in enumerate(zip(committed, fresh, strict=True)):
            yield from stale(old, new, f"{place}[{k}]")
    elif isinstance(committed, str) and isinstance(fresh, str):
        if not same_but_rounding(committed, fresh):
            yield f"{place}: committed {committed!r}, made {fresh!r}"
    elif isinstance(committed, float | int) and isinstance(fresh, float | int):
        if abs(committed - fresh) > CLOSE * max(1.0, abs(fresh)):
            yield f"{place}: committed {committed}, made {fresh}"
    elif committed != fresh:
        yield f"{place}: committed {committed!r}, made {fresh!r}"


def is_record(thing: Any) -> bool:
    """Tell whether a JSON value is a record."""
    return isinstance(thing, Mapping) and "text" in thing and "source" in thing


def record_fault(committed: Mapping[str, Any], fresh: Mapping[str, Any]) -> str:
    """Say in what a committed record is stale; an empty text where it is not."""
    if fresh.get("environment") and committed.get("environment"):
        return ""
    moved = f"committed {committed['text']}, made {fresh['text']} ({fresh['source']})"
    if "gap" in fresh:
        bound = committed.get("bound")
        if bound is None or fresh["gap"] > bound:
            return f"{moved}: the difference is {fresh['gap']}"
        return f"{moved}: far too modest" if bound > SLACK * fresh["bound"] else ""
    if "value" in fresh:
        if "value" not in committed:
            return moved
        allowed = fresh["tolerance"] * max(1.0, abs(fresh["value"]))
        if abs(committed["value"] - fresh["value"]) > allowed:
            return moved
        same = same_but_rounding(committed["text"], fresh["text"], spaces=True)
        return "" if same else moved
    return "" if committed["text"] == fresh["text"] else moved


def same_but_rounding(committed: str, fresh: str, *, spaces: bool = False) -> bool:
    """Tell whether two texts differ at most by one unit in the last digit of their numbers.

    Columns of printed tables may move; with `spaces` these must be the same, too.
    """
    old, new = (NUMERAL.sub("#", text) for text in (committed, fresh))
    if (old != new) if spaces else (old.split() != new.split()):
        return False
    pairs = zip(NUMERAL.findall(committed), NUMERAL.findall(fresh), strict=True)
    return all(one == other or one_unit(one, other) for one, other in pairs)


def one_unit(old: str, new: str) -> bool:
    """Tell whether two decimals of equal length differ by one unit of the last digit."""
    places = [len(text.partition(".")[2]) for text in (old, new)]
    if places[0] != places[1] or not places[0] or "e" in old + new:
        return False
    first, second = (float(text.replace("\u2212", "-").replace(",", "")) for text in (old, new))
    return abs(first - second) < 1.5 * 10.0 ** -places[0]


def settled(committed: Any, fresh: Any) -> Any:
    """Return `fresh` with everything that is not stale as it is committed.

    So a build on another machine changes no committed file without need.
    """
    if committed is None:
        return fresh
    if is_record(committed) and is_record(fresh):
        return fresh if record_fault(committed, fresh) else committed
    if isinstance(committed, Mapping) and isinstance(fresh, Mapping):
        return {key: settled(committed.get(key), value) for key, value in fresh.items()}
    if isinstance(committed, list) and isinstance(fresh, list) and len(committed) == len(fresh):
        return [settled(old, new) for old, new in zip(committed, fresh, strict=True)]
    return fresh if next(stale(committed, fresh), None) else committed
