"""Rows of tables, and numbers as they stand in the sentences of verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from csi.text import Text

Row = Mapping[str, Any]
"""One row of a table, by column."""


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table in order.

    Examples
    --------
    >>> rows_of(pd.DataFrame({"item": ["a"], "estimate": [0.5]}))
    [{'item': 'a', 'estimate': 0.5}]
    """
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def shown(value: float, digits: int = 2) -> str:
    """Return a number with fixed decimals; infinity in a sign, ``?`` where there is none.

    Examples
    --------
    >>> shown(0.9536), shown(-0.001), shown(float("inf"))
    ('0.95', '0.00', '∞')
    """
    if np.isnan(value):
        return "?"
    if np.isinf(value):
        return "∞" if value > 0 else "-∞"
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def percent(value: float) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> percent(0.153)
    '15%'
    """
    return f"{100.0 * value:.0f}%"


def span(row: Row, digits: int = 2) -> Text:
    """Return the interval of a row of a table in words, nothing where it has none."""
    if not (np.isfinite(row["lower"]) and np.isfinite(row["upper"])):
        return Text("no interval", "无置信区间")
    low, high = shown(row["lower"], digits), shown(row["upper"], digits)
    return Text(f"interval {low} to {high}", f"置信区间{low}至{high}")
