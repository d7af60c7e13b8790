"""A described column, with the units and the columns that many tables share."""

from __future__ import annotations

from dataclasses import dataclass

from csi.text import Text


@dataclass(frozen=True, slots=True)
class Column:
    """Meaning and unit of a column.

    Attributes
    ----------
    meaning : Text
    unit : Text
    """

    meaning: Text
    unit: Text


TEXT = Text("text", "文本")
POINTS = Text("points of the 0–100 scale", "0–100 分制的分")
PERSONS = Text("respondents", "人")
COUNT = Text("count", "个数")
PURE = Text("no unit", "无单位")
TRUTH = Text("True or False", "True 或 False")
SHARE = Text("share, 0 to 1", "比例，0–1")
PER_CENT = Text("per cent", "百分比")


def column(en: str, zh: str, unit: Text) -> Column:
    """Return a column with its meaning in both languages."""
    return Column(Text(en, zh), unit)


YEAR = column("Period; `all` where the survey has no time", "调查期；无时间变量时为 `all`", TEXT)
GROUP = column("Group; `all` where there are none", "分组；未分组时为 `all`", TEXT)
CONSTRUCT = column("Name of the construct", "潜变量名称", TEXT)
ITEM = column("Name of the item", "题目名称", TEXT)
N = column(
    "Respondents of this year and group with an answer to an item of the construct",
    "该年该组中至少回答了该潜变量一道题目的受访者数",
    PERSONS,
)
N_EFFECTIVE = column(
    "Effective sample size of the same respondents, (sum of weights)² / sum of squared weights",
    "有效样本量：权重和的平方除以权重平方和",
    PERSONS,
)
FROM = column("Construct that the path or effect starts from", "路径或效应的起点潜变量", TEXT)
TO = column("Construct that it leads to", "路径或效应的终点潜变量", TEXT)
LOWER = column("Lower end of the interval", "置信区间下限", PURE)
UPPER = column("Upper end of the interval", "置信区间上限", PURE)
DRAWS_USED = column("Draws that the errors rest on", "用于计算误差的抽样次数", COUNT)
COMPARED = column("Year that the change refers to", "变化所对比的年份", TEXT)
LOWER_POINTS = column("Lower end of its interval", "其置信区间下限", POINTS)
UPPER_POINTS = column("Upper end of its interval", "其置信区间上限", POINTS)
P_ZERO = column("Two-sided p value against zero", "与零比较的双侧检验 p 值", SHARE)
NOTE = column(
    "What to know of this row, such as why there is no figure",
    "对该行的说明，如没有数据的原因",
    TEXT,
)
