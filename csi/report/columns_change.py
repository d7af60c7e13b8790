"""What the columns of the tables about changes mean: parts, contributions, other weights."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.report import column as c
from csi.report.column import Column, column

_P_CHANGE = column("Two-sided p value against no change", "与无变化比较的双侧检验 p 值", c.SHARE)

CHANGE_COLUMNS: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {
        "changes": {
            "year": c.YEAR,
            "compared_with": c.COMPARED,
            "group": column(
                "Group; `total` for all groups together",
                "分组；`total` 为各组合并",
                c.TEXT,
            ),
            "part": column(
                "Part of the change: performance (item means), weights, items (those asked), mix "
                "(shares of the groups, in the total only), total",
                "变化的组成部分：performance（题目均值）、weights（题目权重）、items（所问题目）、"
                "mix（各组占比，仅合计有）、total（总变化）",
                c.TEXT,
            ),
            "item": column(
                "Item whose share of the part this is; empty for the whole part",
                "该部分中所属的题目；整个部分则为空",
                c.TEXT,
            ),
            "member": column(
                "Group whose share of the total's part this is; empty for the whole part",
                "合计的该部分中所属的分组；整个部分则为空",
                c.TEXT,
            ),
            "points": column(
                "What the part adds to the change; parts without item and member add up to `total`",
                "该部分对变化的贡献；item 和 member 均为空的各部分之和等于 `total`",
                c.POINTS,
            ),
            "se": column("Standard error of the part", "该部分的标准误", c.POINTS),
            "lower": c.LOWER_POINTS,
            "upper": c.UPPER_POINTS,
            "p_value": c.P_ZERO,
            "share": column(
                "Part of the whole change; says little where the change is near zero",
                "占总变化的比例；总变化接近零时意义不大",
                c.PURE,
            ),
            "note": c.NOTE,
        },
        "contributions": {
            "year": c.YEAR,
            "group": c.GROUP,
            "compared_with": c.COMPARED,
            "construct": column(
                "Construct whose change is explained", "被解释变化的潜变量", c.TEXT
            ),
            "part": column(
                "Construct with a path to it, `other` for what their changes do not explain, "
                "or `total`",
                "有路径指向它的潜变量；`other` 为这些潜变量的变化未能解释的部分；`total` 为总变化",
                c.TEXT,
            ),
            "points": column(
                "What the part adds to the change; the parts add up to `total`",
                "该部分对变化的贡献；各部分之和等于 `total`",
                c.POINTS,
            ),
            "se": column("Standard error of the part", "该部分的标准误", c.POINTS),
            "lower": c.LOWER_POINTS,
            "upper": c.UPPER_POINTS,
            "p_value": c.P_ZERO,
            "note": c.NOTE,
        },
        "rebasing": {
            "year": c.YEAR,
            "group": c.GROUP,
            "weights": column(
                "Weights of the row: own (of each group's own fit), frozen:PERIOD, pooled, chained "
                "or equal",
                "该行所用权重：own（各自估计）、frozen:年份（固定）、pooled（合并估计）、"
                "chained（链式）、equal（等权）",
                c.TEXT,
            ),
            "index": column("Index under these weights", "按该权重计算的指数", c.POINTS),
            "se": column("Standard error of this index", "该指数的标准误", c.POINTS),
            "lower": c.LOWER_POINTS,
            "upper": c.UPPER_POINTS,
            "difference": column(
                "Index under these weights less that under own weights: the effect of re-basing",
                "该权重下的指数减 own 权重下的指数，即换基的影响",
                c.POINTS,
            ),
            "difference_se": column("Standard error of the difference", "差值的标准误", c.POINTS),
            "difference_lower": column(
                "Lower end of the interval of the difference", "差值的置信区间下限", c.POINTS
            ),
            "difference_upper": column(
                "Upper end of the interval of the difference", "差值的置信区间上限", c.POINTS
            ),
            "difference_p_value": column(
                "Two-sided p value against no difference", "与无差异比较的双侧检验 p 值", c.SHARE
            ),
            "compared_with": c.COMPARED,
            "change": column(
                "Change from the year in `compared_with` under these weights",
                "该权重下与 `compared_with` 年相比的变化",
                c.POINTS,
            ),
            "change_se": column("Standard error of the change", "变化的标准误", c.POINTS),
            "change_lower": column(
                "Lower end of the interval of the change", "变化的置信区间下限", c.POINTS
            ),
            "change_upper": column(
                "Upper end of the interval of the change", "变化的置信区间上限", c.POINTS
            ),
            "p_value": _P_CHANGE,
            "note": c.NOTE,
        },
    }
)
"""Column descriptions by table and column, as `csi.report.columns.COLUMNS`."""
