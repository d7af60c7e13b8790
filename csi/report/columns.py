"""What every column of every table means: the one dictionary behind the README of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

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


_TEXT = Text("text", "文本")
_POINTS = Text("points of the 0–100 scale", "0–100 分制的分")
_PERSONS = Text("respondents", "人")
_COUNT = Text("count", "个数")
_PURE = Text("no unit", "无单位")
_TRUTH = Text("True or False", "True 或 False")
_SHARE = Text("share, 0 to 1", "比例，0–1")


def _column(en: str, zh: str, unit: Text) -> Column:
    return Column(Text(en, zh), unit)


_YEAR = _column("Period; `all` where the survey has no time", "调查期；无时间变量时为 `all`", _TEXT)
_GROUP = _column("Group; `all` where there are none", "分组；未分组时为 `all`", _TEXT)
_CONSTRUCT = _column("Name of the construct", "潜变量名称", _TEXT)
_ITEM = _column("Name of the item", "题目名称", _TEXT)
_N = _column(
    "Respondents of this year and group with an answer to an item of the construct",
    "该年该组中至少回答了该潜变量一道题目的受访者数",
    _PERSONS,
)
_N_EFFECTIVE = _column(
    "Effective sample size of the same respondents, (sum of weights)² / sum of squared weights",
    "有效样本量：权重和的平方除以权重平方和",
    _PERSONS,
)
_FROM = _column("Construct that the path or effect starts from", "路径或效应的起点潜变量", _TEXT)
_TO = _column("Construct that it leads to", "路径或效应的终点潜变量", _TEXT)
_LOWER = _column("Lower end of the interval", "置信区间下限", _PURE)
_UPPER = _column("Upper end of the interval", "置信区间上限", _PURE)
_DRAWS_USED = _column("Draws that the errors rest on", "用于计算误差的抽样次数", _COUNT)

_INDEX = {
    "year": _YEAR,
    "group": _GROUP,
    "construct": _CONSTRUCT,
    "index": _column(
        "Index of the construct; empty where it is not published (see `note`)",
        "该潜变量的指数；不发布时为空（见 `note`）",
        _POINTS,
    ),
    "se": _column("Standard error of the index", "指数的标准误", _POINTS),
    "moe": _column(
        "Margin of error at the confidence level: index ± moe",
        "给定置信水平下的误差范围：指数 ± moe",
        _POINTS,
    ),
    "lower": _column("Lower end of the interval of the index", "指数置信区间下限", _POINTS),
    "upper": _column("Upper end of the interval of the index", "指数置信区间上限", _POINTS),
    "n": _N,
    "n_effective": _N_EFFECTIVE,
    "change": _column(
        "Index minus that of the year in `compared_with`",
        "与 `compared_with` 年相比的变化",
        _POINTS,
    ),
    "change_lower": _column(
        "Lower end of the interval of the change", "变化的置信区间下限", _POINTS
    ),
    "change_upper": _column(
        "Upper end of the interval of the change", "变化的置信区间上限", _POINTS
    ),
    "p_value": _column(
        "Two-sided p value of the change against no change", "变化的双侧检验 p 值", _SHARE
    ),
    "weights": _column(
        "Weights the index rests on: own, pooled, frozen:PERIOD or equal",
        "指数所用权重：own（各自估计）、pooled（合并估计）、frozen:年份（固定）、equal（等权）",
        _TEXT,
    ),
    "note": _column(
        "What to know of this figure, such as why it is not published",
        "对该数值的说明，如不发布的原因",
        _TEXT,
    ),
    "change_se": _column("Standard error of the change", "变化的标准误", _POINTS),
    "sd": _column(
        "Standard deviation of the index over respondents", "受访者指数得分的标准差", _POINTS
    ),
    "sum_weights": _column("Sum of the sampling weights", "抽样权重之和", _PURE),
    "design_effect": _column(
        "Variance of the index (se²) over that of a simple random sample of n (sd² / n)",
        "设计效应：指数方差（se²）与同样本量简单随机抽样方差（sd²/n）之比",
        _PURE,
    ),
    "draws_used": _DRAWS_USED,
    "compared_with": _column("Year that `change` refers to", "变化所对比的年份", _TEXT),
}

COLUMNS: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {
        "index": _INDEX,
        "paths": {
            "year": _YEAR,
            "group": _GROUP,
            "from": _FROM,
            "to": _TO,
            "estimate": _column("Path coefficient, standardised", "标准化路径系数", _PURE),
            "se": _column("Standard error of the coefficient", "系数的标准误", _PURE),
            "lower": _LOWER,
            "upper": _UPPER,
            "expected_sign": _column(
                "Sign that the theory expects; ? where it expects none",
                "理论预期的符号；? 表示无预期",
                _TEXT,
            ),
            "verified": _column(
                "False where the arrow could not be checked in the published model",
                "False 表示该路径未经原始文献核实",
                _TRUTH,
            ),
        },
        "effects": {
            "year": _YEAR,
            "group": _GROUP,
            "from": _FROM,
            "to": _TO,
            "direct": _column("Direct effect (the path)", "直接效应（路径系数）", _PURE),
            "indirect": _column("Sum of all roundabout effects", "所有间接效应之和", _PURE),
            "total": _column("Direct plus indirect effect", "总效应（直接加间接）", _PURE),
            "se": _column("Standard error of the total", "总效应的标准误", _PURE),
            "lower": _LOWER,
            "upper": _UPPER,
        },
        "weights": {
            "year": _YEAR,
            "group": _GROUP,
            "construct": _CONSTRUCT,
            "item": _ITEM,
            "weight": _column(
                "Weight of the item in the composite of variance one",
                "题目在方差为 1 的合成变量中的权重",
                _PURE,
            ),
            "loading": _column(
                "Correlation of the item with its construct", "题目与其潜变量的相关系数", _PURE
            ),
            "index_weight": _column(
                "Share in the index; adds up to 1 within a construct",
                "在指数中的份量；同一潜变量内合计为 1",
                _SHARE,
            ),
            "weight_se": _column("Standard error of the weight", "权重的标准误", _PURE),
            "loading_se": _column("Standard error of the loading", "载荷的标准误", _PURE),
            "index_weight_se": _column(
                "Standard error of the index weight", "指数权重的标准误", _SHARE
            ),
        },
        "quality": {
            "year": _YEAR,
            "group": _GROUP,
            "construct": _CONSTRUCT,
            "r2": _column(
                "Explained share of variance; empty for constructs without causes",
                "解释方差比例；无前因的潜变量为空",
                _SHARE,
            ),
            "r2_adjusted": _column("R² adjusted for the number of causes", "调整后 R²", _SHARE),
            "r2_se": _column("Standard error of R²", "R² 的标准误", _SHARE),
            "reliability": _column(
                "Reliability rho_A for reflective constructs, 1 for the others",
                "反映型潜变量的 rho_A 信度，其他为 1",
                _SHARE,
            ),
        },
        "fits": {
            "year": _YEAR,
            "group": _GROUP,
            "n_used": _column("Respondents the fit rests on", "纳入估计的人数", _PERSONS),
            "n_effective": _N_EFFECTIVE,
            "converged": _column("Whether the iteration settled", "迭代是否收敛", _TRUTH),
            "steps": _column("Iterations used", "迭代次数", _COUNT),
            "admissible": _column(
                "No negative weight, no correlation or R² above one",
                "解是否合理：无负权重，相关系数与 R² 均不超过 1",
                _TRUTH,
            ),
            "draws": _column("Draws made", "抽样次数", _COUNT),
            "draws_used": _DRAWS_USED,
            "draws_not_converged": _column("Draws that did not settle", "未收敛的抽样次数", _COUNT),
            "draws_degenerate": _column(
                "Draws without spread in an item", "题目无变异的抽样次数", _COUNT
            ),
            "draws_inadmissible": _column("Draws not admissible", "解不合理的抽样次数", _COUNT),
            "problem": _column("Why there is no fit, where there is none", "未能估计的原因", _TEXT),
        },
        "items": {
            "year": _YEAR,
            "item": _ITEM,
            "asked": _column("Whether anybody was asked it that year", "当年是否询问", _TRUTH),
            "answered": _column("Answers that count", "有效回答数", _PERSONS),
            "missing": _column("Respondents without an answer that counts", "缺失回答数", _PERSONS),
        },
        "missing": {
            "year": _YEAR,
            "item": _ITEM,
            "meaning": _column(
                "Why: dont_know, refused, not_asked, not_applicable, no_answer",
                "原因：dont_know 不知道、refused 拒答、not_asked 未询问、"
                "not_applicable 不适用、no_answer 未作答",
                _TEXT,
            ),
            "count": _column("Answers missing for this reason", "因该原因缺失的回答数", _PERSONS),
        },
        "excluded": {
            "year": _YEAR,
            "reason": _column("Why they were left out", "剔除原因", _TEXT),
            "count": _column("Respondents left out as a whole", "整份剔除的受访者人数", _PERSONS),
        },
    }
)
"""Column descriptions by table (name of its file) and column, in the order of the files."""
