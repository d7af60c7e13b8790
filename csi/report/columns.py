"""What every column of every table means: the one dictionary behind the README of a report."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.report import column as c
from csi.report.column import Column, column

_INDEX = {
    "year": c.YEAR,
    "group": c.GROUP,
    "construct": c.CONSTRUCT,
    "index": column(
        "Index of the construct; empty where it is not published (see `note`)",
        "该潜变量的指数；不发布时为空（见 `note`）",
        c.POINTS,
    ),
    "se": column("Standard error of the index", "指数的标准误", c.POINTS),
    "moe": column(
        "Margin of error at the confidence level: index ± moe",
        "给定置信水平下的误差范围：指数 ± moe",
        c.POINTS,
    ),
    "lower": column("Lower end of the interval of the index", "指数置信区间下限", c.POINTS),
    "upper": column("Upper end of the interval of the index", "指数置信区间上限", c.POINTS),
    "n": c.N,
    "n_effective": c.N_EFFECTIVE,
    "change": column(
        "Index minus that of the year in `compared_with`",
        "与 `compared_with` 年相比的变化",
        c.POINTS,
    ),
    "change_lower": column(
        "Lower end of the interval of the change", "变化的置信区间下限", c.POINTS
    ),
    "change_upper": column(
        "Upper end of the interval of the change", "变化的置信区间上限", c.POINTS
    ),
    "p_value": column(
        "Two-sided p value of the change against no change", "变化的双侧检验 p 值", c.SHARE
    ),
    "weights": column(
        "Weights the index rests on: own, pooled, frozen:PERIOD or equal",
        "指数所用权重：own（各自估计）、pooled（合并估计）、frozen:年份（固定）、equal（等权）",
        c.TEXT,
    ),
    "note": column(
        "What to know of this figure, such as why it is not published",
        "对该数值的说明，如不发布的原因",
        c.TEXT,
    ),
    "change_se": column("Standard error of the change", "变化的标准误", c.POINTS),
    "sd": column(
        "Standard deviation of the index over respondents", "受访者指数得分的标准差", c.POINTS
    ),
    "sum_weights": column("Sum of the sampling weights", "抽样权重之和", c.PURE),
    "design_effect": column(
        "Variance of the index (se²) over that of a simple random sample of n (sd² / n)",
        "设计效应：指数方差（se²）与同样本量简单随机抽样方差（sd²/n）之比",
        c.PURE,
    ),
    "freedom": column(
        "Degrees of freedom of the standard error, that of the margin of error",
        "标准误（及误差范围）的自由度",
        c.PURE,
    ),
    "se_linear": column(
        "Standard error by linearisation, beside `se`; index weights count as known unless the "
        "run has --replicates delta or --interval bca or studentised",
        "线性化法标准误，与 `se` 对照；除 --replicates delta、--interval bca 或 studentised 外，"
        "指数权重视为已知",
        c.POINTS,
    ),
    "change_se_linear": column(
        "Standard error of the change by linearisation; index weights as for `se_linear`",
        "变化的线性化法标准误；指数权重的处理同 `se_linear`",
        c.POINTS,
    ),
    "p_holm": column(
        "p value adjusted by Holm for testing all changes of the construct at once",
        "Holm 校正 p 值：同一潜变量的全部变化作为一族检验",
        c.SHARE,
    ),
    "p_bh": column(
        "p value adjusted by Benjamini and Hochberg for the same tests (false discovery rate)",
        "Benjamini–Hochberg 校正 p 值（错误发现率），检验族同上",
        c.SHARE,
    ),
    "draws_used": c.DRAWS_USED,
    "compared_with": column("Year that `change` refers to", "变化所对比的年份", c.TEXT),
}

COLUMNS: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {
        "index": _INDEX,
        "paths": {
            "year": c.YEAR,
            "group": c.GROUP,
            "from": c.FROM,
            "to": c.TO,
            "estimate": column("Path coefficient, standardised", "标准化路径系数", c.PURE),
            "se": column("Standard error of the coefficient", "系数的标准误", c.PURE),
            "lower": c.LOWER,
            "upper": c.UPPER,
            "expected_sign": column(
                "Sign that the theory expects; ? where it expects none",
                "理论预期的符号；? 表示无预期",
                c.TEXT,
            ),
            "verified": column(
                "False where the arrow could not be checked in the published model",
                "False 表示该路径未经原始文献核实",
                c.TRUTH,
            ),
        },
        "effects": {
            "year": c.YEAR,
            "group": c.GROUP,
            "from": c.FROM,
            "to": c.TO,
            "direct": column("Direct effect (the path)", "直接效应（路径系数）", c.PURE),
            "indirect": column("Sum of all roundabout effects", "所有间接效应之和", c.PURE),
            "total": column("Direct plus indirect effect", "总效应（直接加间接）", c.PURE),
            "se": column("Standard error of the total", "总效应的标准误", c.PURE),
            "lower": c.LOWER,
            "upper": c.UPPER,
        },
        "weights": {
            "year": c.YEAR,
            "group": c.GROUP,
            "construct": c.CONSTRUCT,
            "item": c.ITEM,
            "weight": column(
                "Weight of the item in the composite of variance one",
                "题目在方差为 1 的合成变量中的权重",
                c.PURE,
            ),
            "loading": column(
                "Correlation of the item with its construct", "题目与其潜变量的相关系数", c.PURE
            ),
            "index_weight": column(
                "Share in the index; adds up to 1 within a construct",
                "在指数中的份量；同一潜变量内合计为 1",
                c.SHARE,
            ),
            "weight_se": column("Standard error of the weight", "权重的标准误", c.PURE),
            "loading_se": column("Standard error of the loading", "载荷的标准误", c.PURE),
            "index_weight_se": column(
                "Standard error of the index weight", "指数权重的标准误", c.SHARE
            ),
        },
        "quality": {
            "year": c.YEAR,
            "group": c.GROUP,
            "construct": c.CONSTRUCT,
            "r2": column(
                "Explained share of variance; empty for constructs without causes",
                "解释方差比例；无前因的潜变量为空",
                c.SHARE,
            ),
            "r2_adjusted": column("R² adjusted for the number of causes", "调整后 R²", c.SHARE),
            "r2_se": column("Standard error of R²", "R² 的标准误", c.SHARE),
            "reliability": column(
                "Reliability rho_A for reflective constructs, 1 for the others",
                "反映型潜变量的 rho_A 信度，其他为 1",
                c.SHARE,
            ),
        },
        "fits": {
            "year": c.YEAR,
            "group": c.GROUP,
            "n_used": column("Respondents the fit rests on", "纳入估计的人数", c.PERSONS),
            "n_effective": c.N_EFFECTIVE,
            "converged": column("Whether the iteration settled", "迭代是否收敛", c.TRUTH),
            "steps": column("Iterations used", "迭代次数", c.COUNT),
            "admissible": column(
                "No negative weight, no correlation or R² above one",
                "解是否合理：无负权重，相关系数与 R² 均不超过 1",
                c.TRUTH,
            ),
            "draws": column("Draws made", "抽样次数", c.COUNT),
            "draws_used": c.DRAWS_USED,
            "draws_not_converged": column("Draws that did not settle", "未收敛的抽样次数", c.COUNT),
            "draws_degenerate": column(
                "Draws without spread in an item", "题目无变异的抽样次数", c.COUNT
            ),
            "draws_inadmissible": column("Draws not admissible", "解不合理的抽样次数", c.COUNT),
            "problem": column("Why there is no fit, where there is none", "未能估计的原因", c.TEXT),
        },
        "items": {
            "year": c.YEAR,
            "item": c.ITEM,
            "asked": column("Whether anybody was asked it that year", "当年是否询问", c.TRUTH),
            "answered": column("Answers that count", "有效回答数", c.PERSONS),
            "missing": column("Respondents without an answer that counts", "缺失回答数", c.PERSONS),
        },
        "missing": {
            "year": c.YEAR,
            "item": c.ITEM,
            "meaning": column(
                "Why: dont_know, refused, not_asked, not_applicable, no_answer",
                "原因：dont_know 不知道、refused 拒答、not_asked 未询问、"
                "not_applicable 不适用、no_answer 未作答",
                c.TEXT,
            ),
            "count": column("Answers missing for this reason", "因该原因缺失的回答数", c.PERSONS),
        },
        "excluded": {
            "year": c.YEAR,
            "reason": column("Why they were left out", "剔除原因", c.TEXT),
            "count": column("Respondents left out as a whole", "整份剔除的受访者人数", c.PERSONS),
        },
    }
)
"""Column descriptions by table (name of its file) and column, in the order of the files."""
