"""What the columns of figures as printed mean, see `csi.compare.aggregation.Rounding`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.report import column as c
from csi.report.column import Column, column

PRINTED_COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        "printed": column(
            "Index as printed: rounded as its level has it", "发布用的指数：按层级修约", c.TEXT
        ),
        "printed_change": column(
            "Change as printed, worked out from printed figures",
            "发布用的变化：由修约值计算",
            c.TEXT,
        ),
        "printed_relative_change": column(
            "Change in per cent as printed, from printed figures",
            "发布用的变化率：由修约值计算",
            c.TEXT,
        ),
    }
)
"""Columns of the table of aggregates that are there where figures are rounded for print."""
