"""The tables inside the page: what its figures can be checked against, in full precision."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

import pandas as pd


def as_json(content: object) -> str:
    r"""Return a value as JSON that may stand in a script element of a page.

    Examples
    --------
    >>> as_json({"a": ["</script>", 0.1]})
    '{"a":["\\u003c/script>",0.1]}'
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def columns_of(frame: pd.DataFrame) -> dict[str, list[object]]:
    """Return a table by its columns; a missing value is None.

    Examples
    --------
    >>> columns_of(pd.DataFrame({"year": ["2024"], "index": [float("nan")]}))
    {'year': ['2024'], 'index': [None]}
    """
    return {str(name): [_plain(cell) for cell in frame[name].tolist()] for name in frame.columns}


def blocks(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return each table as JSON by its name."""
    return {name: as_json(columns_of(frame)) for name, frame in tables.items()}


def _plain(value: object) -> object:
    if value is None or value is pd.NA:
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value
