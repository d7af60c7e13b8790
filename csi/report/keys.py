"""Which columns name a row of a table, and which refer to the tables of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "index": ("year", "group", "construct"),
        "paths": ("year", "group", "from", "to"),
        "effects": ("year", "group", "from", "to"),
        "weights": ("year", "group", "construct", "item"),
        "quality": ("year", "group", "construct"),
        "fits": ("year", "group"),
        "items": ("year", "item"),
        "missing": ("year", "item", "meaning"),
        "excluded": ("year", "reason"),
        "impacts": ("year", "group", "from", "to"),
        "map": ("year", "group", "target", "construct", "item"),
        "ranks": ("year", "group"),
        "leaders": ("year",),
        "changes": ("year", "group", "part", "item", "member"),
        "contributions": ("year", "group", "construct", "part"),
        "rebasing": ("year", "group", "weights"),
        "aggregates": ("year", "node", "construct"),
        "estimators": ("year", "group", "construct"),
        "label_year": ("year",),
        "label_group": ("group",),
        "label_construct": ("construct",),
        "label_item": ("item",),
    }
)
"""The columns whose values together name one row, by table; other tables have no such key."""

REFERS: Mapping[str, str] = MappingProxyType(
    {
        "year": "year",
        "compared_with": "year",
        "group": "group",
        "construct": "construct",
        "from": "construct",
        "to": "construct",
        "target": "construct",
        "item": "item",
    }
)
"""Columns that hold codes, and the code they hold: a column of ``label_CODE``."""


def primary_key(table: str, frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns that name each row; none where these rows are not told apart by them.

    Examples
    --------
    >>> primary_key("leaders", pd.DataFrame({"year": ["2023", "2024"]}))
    ('year',)
    >>> primary_key("leaders", pd.DataFrame({"year": ["2024", "2024"]}))
    ()
    """
    key = KEYS.get(table, ())
    if not key or not set(key) <= set(frame.columns):
        return ()
    own = frame[list(key)]
    return () if own.isna().any(axis=None) or own.duplicated().any() else key


def foreign_keys(
    table: str, frame: pd.DataFrame, known: Mapping[str, set[str]], key: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the references of a table to the tables of labels, as Table Schema writes them.

    A column refers only where every value has a label; empty cells are allowed outside of the
    primary key, where they are gaps.

    Parameters
    ----------
    table : str
    frame : DataFrame
    known : mapping of str to set of str
        Codes with a label, by table of labels.
    key : sequence of str
        Primary key of the table.
    """
    found = []
    for column in frame.columns:
        code = REFERS.get(column)
        if code is None or table == f"label_{code}":
            continue
        values = set(frame[column].dropna()) - (set() if column in key else {""})
        if values and values <= known[f"label_{code}"]:
            reference = {"resource": f"label_{code}", "fields": [code]}
            found.append({"fields": [column], "reference": reference})
    return found
