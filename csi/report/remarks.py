"""What may be said of one row of a table in words: decisions that are in its values already."""

from __future__ import annotations

import math
from typing import Literal

from csi.report.view import Row

Move = Literal["rose", "fell", "level", "untested", "no_change"]

ARROWS = {"rose": " ▲", "fell": " ▼"}
"""Marks of changes larger than chance explains."""


def sure(p_value: float, level: float) -> bool:
    """Tell whether a figure differs from zero at a confidence level; no where it is not tested.

    Examples
    --------
    >>> sure(0.04, 0.95), sure(0.04, 0.99), sure(math.nan, 0.95)
    (True, False, False)
    """
    return bool(p_value < 1 - level)


def spans_zero(row: Row) -> bool:
    """Tell whether the interval of a coefficient holds zero."""
    return bool(row["lower"] <= 0 <= row["upper"])


def against_theory(row: Row) -> bool:
    """Tell whether a coefficient has the sign that the theory does not expect."""
    return bool(
        (row["expected_sign"] == "+" and row["estimate"] < 0)
        or (row["expected_sign"] == "-" and row["estimate"] > 0)
    )


def move(row: Row, level: float) -> Move:
    """Tell how a figure moved against the year it is compared with.

    Parameters
    ----------
    row : Row
        A row of ``YearlyIndex.figures``.
    level : float
        Confidence level; a change with ``p_value < 1 - level`` is larger than chance explains.

    Examples
    --------
    >>> move({"change": 2.0, "p_value": 0.01}, 0.95)
    'rose'
    >>> move({"change": 2.0, "p_value": 0.30}, 0.95)
    'level'
    """
    if not math.isfinite(row["change"]):
        return "no_change"
    if not math.isfinite(row["p_value"]):
        return "untested"
    if row["p_value"] >= 1 - level:
        return "level"
    return "rose" if row["change"] > 0 else "fell"
