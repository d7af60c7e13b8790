"""How numbers are written: the only place of the report where figures are rounded."""

from __future__ import annotations

import math

NONE = "–"
"""Stands where there is no figure."""


def number(value: float, digits: int = 1) -> str:
    """Return `value` with `digits` decimals and a true minus sign, a dash for NaN.

    Examples
    --------
    >>> number(72.345), number(-0.04), number(float("nan"))
    ('72.3', '0.0', '–')
    """
    if not math.isfinite(value):
        return NONE
    shown = f"{value:.{digits}f}"
    if float(shown) == 0:
        shown = shown.lstrip("-")
    return shown.replace("-", "\N{MINUS SIGN}")


def nonzero(value: float, digits: int = 2) -> str:
    """Return `value` with more decimals than `digits` where it would else look like zero.

    Examples
    --------
    >>> nonzero(0.184), nonzero(0.0004), nonzero(-0.00321, 2), nonzero(0.0)
    ('0.18', '0.0004', '−0.003', '0.00')
    """
    if math.isfinite(value) and 0 < abs(value) < 0.5 * 10.0**-digits:
        digits = min(-math.floor(math.log10(abs(value))), 9)
    return number(value, digits)


def signed(value: float, digits: int = 1) -> str:
    """Return `value` with its sign; none on a zero.

    Examples
    --------
    >>> signed(1.84), signed(-0.4), signed(0.01)
    ('+1.8', '−0.4', '0.0')
    """
    shown = number(value, digits)
    return f"+{shown}" if math.isfinite(value) and float(f"{value:.{digits}f}") > 0 else shown


def with_margin(value: float, margin: float, digits: int = 1) -> str:
    """Return ``value ± margin``, a dash where there is no value.

    Examples
    --------
    >>> with_margin(72.34, 1.26), with_margin(float("nan"), float("nan"))
    ('72.3 ± 1.3', '–')
    """
    if not math.isfinite(value):
        return NONE
    if not math.isfinite(margin):
        return number(value, digits)
    return f"{number(value, digits)} ± {number(margin, digits)}"


def interval(low: float, high: float, digits: int = 1) -> str:
    """Return ``[low, high]``, a dash where an end is missing.

    Examples
    --------
    >>> interval(-0.21, 3.44)
    '[−0.2, 3.4]'
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return NONE
    return f"[{number(low, digits)}, {number(high, digits)}]"


_LEVELS = (0.01, 0.025, 0.05, 0.1, 0.2)
"""Levels that a p value is held against."""


def p_value(value: float) -> str:
    """Return a p value with three decimals, with more where three would put it on a level.

    Examples
    --------
    >>> p_value(0.0004), p_value(0.0316), p_value(0.0497), p_value(0.05)
    ('<0.001', '0.032', '0.0497', '0.050')
    """
    if not math.isfinite(value):
        return NONE
    if value < 0.001:
        return "<0.001"
    digits = 3
    while digits < 6 and value not in _LEVELS and round(value, digits) in _LEVELS:
        digits += 1
    return f"{value:.{digits}f}"


def count(value: float) -> str:
    """Return a count with thousands marked, a dash for NaN.

    Examples
    --------
    >>> count(12345), count(float("nan"))
    ('12,345', '–')
    """
    return f"{value:,.0f}" if math.isfinite(value) else NONE


def share(value: float) -> str:
    """Return a share in whole per cent; what is neither none nor all is not rounded to it.

    Examples
    --------
    >>> share(0.885), share(0.005), share(0.995), share(0.0), share(float("nan"))
    ('88%', '<1%', '>99%', '0%', '–')
    """
    if not math.isfinite(value):
        return NONE
    if 0 < value <= 0.005:
        return "<1%"
    return ">99%" if 0.995 <= value < 1 else f"{100 * value:.0f}%"


def percent(level: float) -> str:
    """Return a confidence level in per cent.

    Examples
    --------
    >>> percent(0.95), percent(0.999)
    ('95%', '99.9%')
    """
    return f"{100 * level:.6g}%"


def chance(level: float) -> str:
    """Return the error probability that belongs to a confidence level.

    Examples
    --------
    >>> chance(0.95), chance(0.9)
    ('0.05', '0.1')
    """
    return f"{1 - level:.6g}"


def text(value: object) -> str:
    """Return a cell of words, empty where it is missing.

    Examples
    --------
    >>> text("suppressed"), text(float("nan")), text(None)
    ('suppressed', '', '')
    """
    return value if isinstance(value, str) else ""
