"""What the columns of the further tables mean: those that not every run has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.report.columns import Column

MORE_COLUMNS: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {
        "impacts": {},
        "ranks": {},
        "leaders": {},
        "changes": {},
        "contributions": {},
        "rebasing": {},
        "aggregates": {},
    }
)
"""Column descriptions by table and column, as `csi.report.columns.COLUMNS`."""
