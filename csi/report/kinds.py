"""What kind of value a column holds, from its described unit: its type, decimals and format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import pandas as pd

from csi.report import column as c
from csi.report.column import Column
from csi.report.columns import COLUMNS
from csi.report.columns_more import MORE_COLUMNS
from csi.report.labels import LABEL_COLUMNS
from csi.text import Text

DESCRIBED: Mapping[str, Mapping[str, Column]] = MappingProxyType({**COLUMNS, **MORE_COLUMNS})
"""Every table and column that is described."""

FieldType = Literal["string", "boolean", "integer", "number"]


@dataclass(frozen=True, slots=True)
class Kind:
    """How the values of a column are written.

    Attributes
    ----------
    type : {"string", "boolean", "integer", "number"}
        As Table Schema and JSON Schema name it.
    shown : str
        Number format of a spreadsheet; empty for words and truth values.
    lowest, highest : float or None
        Bounds that every value keeps by its meaning.
    """

    type: FieldType
    shown: str = ""
    lowest: float | None = None
    highest: float | None = None


_P = Kind("number", "0.000", 0.0, 1.0)
_BY_UNIT = {
    c.TEXT: Kind("string"),
    c.TRUTH: Kind("boolean"),
    c.POINTS: Kind("number", "0.0"),
    c.PERSONS: Kind("number", "#,##0", 0.0),
    c.COUNT: Kind("number", "#,##0"),
    c.PURE: Kind("number", "0.000"),
    c.SHARE: Kind("number", "0.0%"),
    c.PER_CENT: Kind("number", '0.0"%"'),
}
_TESTS = ("p_value", "p_holm", "p_bh", "difference_p_value")
"""Columns of p values: a share by unit, shown with three decimals."""
_BY_NAME = dict.fromkeys(_TESTS, _P)
_BY_NAME |= {
    "sum_weights": Kind("number", "#,##0.0"),
    "freedom": Kind("number", "#,##0.0"),
    "design_effect": Kind("number", "0.00"),
    "importance": Kind("number", "0.00"),
    "mean_importance": Kind("number", "0.00"),
    "importance_se": Kind("number", "0.00"),
    "importance_lower": Kind("number", "0.00"),
    "importance_upper": Kind("number", "0.00"),
    "index_weight": Kind("number", "0.000"),
    "index_weight_se": Kind("number", "0.000"),
    "r2": Kind("number", "0.000"),
    "r2_adjusted": Kind("number", "0.000"),
    "r2_se": Kind("number", "0.000"),
    "reliability": Kind("number", "0.000"),
}
"""Columns whose unit alone would show too few or too many decimals, as the page shows them."""


def columns_of(table: str) -> Mapping[str, Column]:
    """Return the described columns of a table, also of one of labels."""
    return DESCRIBED.get(table) or LABEL_COLUMNS.get(table, {})


def kind_of(table: str, name: str, values: pd.Series) -> Kind:
    """Return the kind of a column.

    Parameters
    ----------
    table : str
        Name of the table.
    name : str
        Name of the column.
    values : Series
        Its values: a number is an integer where they are stored as such, and a column that is
        not described is what its values are.

    Examples
    --------
    >>> kind_of("index", "moe", pd.Series([2.1])).shown
    '0.0'
    >>> kind_of("fits", "steps", pd.Series([7])).type
    'integer'
    """
    about = columns_of(table).get(name)
    unit = about.unit if about else _unit_of(values)
    kind = _BY_UNIT.get(unit, _BY_UNIT[c.PURE])
    if kind.type == "number":
        kind = _BY_NAME.get(name, kind)
        if pd.api.types.is_integer_dtype(values.dtype):
            return Kind("integer", "#,##0", kind.lowest, kind.highest)
    return kind


def _unit_of(values: pd.Series) -> Text:
    """Return the unit that stands for the values of a column without a description."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return c.TRUTH
    return c.PURE if pd.api.types.is_numeric_dtype(values.dtype) else c.TEXT
