"""What the columns of the further tables mean: those that not every run has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.report import column as c
from csi.report.column import Column, column
from csi.report.columns_answers import ANSWER_COLUMNS
from csi.report.columns_change import CHANGE_COLUMNS
from csi.report.columns_printed import PRINTED_COLUMNS

_INDEX = column("Index of the group", "该组的指数", c.POINTS)
_MAY_BE = column(
    "Whether the group may be the best: False where it is significantly below the best",
    "是否可能居首：显著低于最高者为 False",
    c.TRUTH,
)

_IMPACTS = {
    "year": c.YEAR,
    "group": c.GROUP,
    "from": column("Construct that rises", "上升的潜变量", c.TEXT),
    "to": column("Construct that moves with it", "随之变化的潜变量", c.TEXT),
    "rise": column("Rise of `from`", "`from` 的升幅", c.POINTS),
    "direct": column(
        "Move of `to` through the path between the two alone",
        "仅经两者之间路径时 `to` 的变化",
        c.POINTS,
    ),
    "impact": column(
        "Move of `to` through all chains of paths", "经所有路径时 `to` 的变化", c.POINTS
    ),
    "se": column("Standard error of the impact", "影响的标准误", c.POINTS),
    "lower": c.LOWER_POINTS,
    "upper": c.UPPER_POINTS,
    "p_value": c.P_ZERO,
    "draws_used": c.DRAWS_USED,
}

_MAP_AXES = {
    "importance": column(
        "Points by which `target` moves with one point of the construct or item, all chains of "
        "paths together",
        "该潜变量或题目提高 1 分时 `target` 变化的分数（含所有路径）",
        c.POINTS,
    ),
    "importance_se": column("Standard error of the importance", "重要性的标准误", c.POINTS),
    "importance_lower": c.LOWER_POINTS,
    "importance_upper": c.UPPER_POINTS,
    "performance": column(
        "Index of the construct, or mean of the item, from 0 to 100",
        "潜变量的指数或题目的均值，0–100 分",
        c.POINTS,
    ),
    "performance_se": column("Standard error of the performance", "绩效的标准误", c.POINTS),
    "performance_lower": c.LOWER_POINTS,
    "performance_upper": c.UPPER_POINTS,
}

_MAP = {
    "year": c.YEAR,
    "group": c.GROUP,
    "target": column("Construct that is to be improved", "希望改善的潜变量", c.TEXT),
    "construct": c.CONSTRUCT,
    "item": column("Name of the item; empty for a construct", "题目名称；潜变量行为空", c.TEXT),
    **_MAP_AXES,
    "quadrant": column(
        "Quadrant of the map: concentrate here (important, low), keep up (important, high), "
        "possible overkill (unimportant, high), low priority (unimportant, low)",
        "所在象限：concentrate here（重要而偏低）、keep up（重要且较高）、"
        "possible overkill（不重要而较高）、low priority（不重要且偏低）",
        c.TEXT,
    ),
    "quadrant_share": column(
        "Share of draws in which it lies in the same quadrant",
        "重抽样中落在同一象限的比例",
        c.SHARE,
    ),
    "mean_importance": column(
        "Mean importance of the points of the map: the crosshair",
        "图中各点重要性的均值：分界线",
        c.POINTS,
    ),
    "mean_performance": column(
        "Mean performance of the points of the map: the crosshair",
        "图中各点绩效的均值：分界线",
        c.POINTS,
    ),
    "draws_used": c.DRAWS_USED,
    "note": c.NOTE,
}

_COMPARABILITY = {
    "by": column("Key compared over", "比较所依据的变量", c.TEXT),
    "method": column(
        "micom (composites, by permutation) or covariance (equality constraints)",
        "micom（组合变量，置换检验）或 covariance（等值约束）",
        c.TEXT,
    ),
    "construct": c.CONSTRUCT,
    "group": column("One of the two compared", "比较的一方", c.TEXT),
    "other": column("The other", "比较的另一方", c.TEXT),
    "impacts": column("Whether paths may be compared", "路径是否可比", c.TRUTH),
    "levels": column("Whether index levels may be compared", "指数水平是否可比", c.TRUTH),
    "pooling": column("Whether both may be pooled", "两方是否可以合并", c.TRUTH),
    "why": column("What was found", "检验结果", c.TEXT),
}

_VERDICTS = {
    "year": c.YEAR,
    "topic": column("What is judged", "评判的主题", c.TEXT),
    "measure": column("Measure", "指标", c.TEXT),
    "about": column(
        "Construct, item or pair; empty for the model", "潜变量、题目或配对；空为整个模型", c.TEXT
    ),
    "grade": column(
        "good, doubtful, poor, or told for a fact that is not judged",
        "good 良好，doubtful 存疑，poor 不足，told 仅作说明",
        c.TEXT,
    ),
    "value": column("Figure judged", "所评判的数值", c.PURE),
    "sentence": column("The verdict in English", "评价（英文）", c.TEXT),
    "sentence_zh": column("The verdict in Chinese", "评价（中文）", c.TEXT),
    "source": column("Key of the convention in the bibliography", "惯例在参考文献中的代号", c.TEXT),
}

_RANKS = {
    "year": c.YEAR,
    "rank": column(
        "Rank, 1 for the highest index; equal figures share the better rank",
        "名次，指数最高为 1；指数相同取较前名次",
        c.COUNT,
    ),
    "group": c.GROUP,
    "index": _INDEX,
    "se": column("Standard error of the index", "指数的标准误", c.POINTS),
    "moe": column(
        "Margin of error of the index at the confidence level",
        "给定置信水平下指数的误差范围",
        c.POINTS,
    ),
    "n": c.N,
    "rank_low": column(
        "Best rank that the group may hold; the rank sets of all groups hold together at the level",
        "可能的最好名次；全部分组的名次区间在给定置信水平下同时成立",
        c.COUNT,
    ),
    "rank_high": column("Worst rank that it may hold", "可能的最差名次", c.COUNT),
    "p_first": column(
        "Share of draws in which the group is first; no probability that it is truly the best",
        "重抽样中居首的比例；并非其真实居首的概率",
        c.SHARE,
    ),
    "may_be_first": _MAY_BE,
    "difference_from_first": column(
        "Index less that of the best of the others: the lead of the first, the distance of all "
        "others",
        "指数与其余各组最高者之差：首位为领先幅度，其他为差距",
        c.POINTS,
    ),
    "difference_lower": column(
        "Lower limit of the difference, for all groups together",
        "该差值的下限（全部分组同时成立）",
        c.POINTS,
    ),
    "difference_upper": column(
        "Upper limit of the difference, for all groups together",
        "该差值的上限（全部分组同时成立）",
        c.POINTS,
    ),
    "letters": column(
        "Groups that share a letter do not differ significantly, all pairs compared at once",
        "字母相同的分组在全部两两比较中无显著差异",
        c.TEXT,
    ),
    "small_base": column("Whether few respondents are behind it", "样本是否偏小", c.TRUTH),
    "rank_before": column("Rank in the period before", "上期名次", c.COUNT),
    "rank_change": column(
        "Ranks gained since the period before; positive: has come up",
        "较上期的名次变化，正数为上升",
        c.COUNT,
    ),
    "note": c.NOTE,
}

_LEADERS = {
    "year": c.YEAR,
    "leader": column("Group with the highest index", "指数最高的分组", c.TEXT),
    "index": column("Its index", "其指数", c.POINTS),
    "p_first": column("Share of draws in which it is first", "重抽样中居首的比例", c.SHARE),
    "p_best": column(
        "Probability that it is truly the best, by empirical Bayes",
        "其真实居首的概率（经验贝叶斯）",
        c.SHARE,
    ),
    "may_be_first": column(
        "Groups that are not significantly below the best", "与最高者无显著差距的分组数", c.COUNT
    ),
    "companies": column("Groups that take part in the ranks", "参与排名的分组数", c.COUNT),
    "left_out": column("Groups without a rank", "未参与排名的分组数", c.COUNT),
    "leader_before": column("Leader of the period before", "上期首位", c.TEXT),
    "leader_changed": column("Whether the leader is another than before", "首位是否易主", c.TRUTH),
    "change_expected": column(
        "Probability of another leader if nothing had changed, true figures by empirical Bayes",
        "实际无变化时首位易主的概率（真值按经验贝叶斯估计）",
        c.SHARE,
    ),
    "change_expected_observed": column(
        "The same with the observed figures taken for the truth, which is too small",
        "同上，以观测值为真值，结果偏小",
        c.SHARE,
    ),
    "spread": column(
        "Standard deviation of the true figures between groups", "各组真值的标准差", c.POINTS
    ),
    "reliability": column(
        "Share of the variance between observed figures that is true (interunit reliability)",
        "观测指数的组间方差中真实差异所占比例（组间信度）",
        c.SHARE,
    ),
    "note": c.NOTE,
}

_AGGREGATES = {
    "year": c.YEAR,
    "node": column("Company, or node above companies", "公司或其上级节点", c.TEXT),
    "kind": column("Its kind as in the table of weights", "权重表中的类别", c.TEXT),
    "level": column("Level: 0 for a company", "层级，公司为 0", c.COUNT),
    "parent": column("Node above; empty at the top", "上级节点；顶层为空", c.TEXT),
    "share": column("Share in the node above", "在上级节点中的份额", c.SHARE),
    "construct": c.CONSTRUCT,
    "index": column("Index of the node", "该节点的指数", c.POINTS),
    "se": column("Standard error from replicates", "由复制样本得到的标准误", c.POINTS),
    "se_delta": column("Standard error by linearisation", "线性化法标准误", c.POINTS),
    "moe": column(
        "Margin of error at the confidence level, from `se`",
        "给定置信水平下的误差范围（依据 `se`）",
        c.POINTS,
    ),
    "lower": c.LOWER_POINTS,
    "upper": c.UPPER_POINTS,
    "freedom": column("Degrees of freedom of the standard error", "标准误的自由度", c.PURE),
    "members": column("Members of the node", "下属成员数", c.COUNT),
    "members_without_figure": column("Members without a figure", "没有数据的成员数", c.COUNT),
    "n": column(
        "Respondents; one who rates several companies counts for each",
        "受访者数；评价多家公司者分别计数",
        c.PERSONS,
    ),
    "compared_with": c.COMPARED,
    "change": column("Change from that year", "与该年相比的变化", c.POINTS),
    "change_se": column("Standard error of the change", "变化的标准误", c.POINTS),
    "change_se_delta": column("The same by linearisation", "同上，线性化法", c.POINTS),
    "change_lower": column(
        "Lower end of the interval of the change", "变化的置信区间下限", c.POINTS
    ),
    "change_upper": column(
        "Upper end of the interval of the change", "变化的置信区间上限", c.POINTS
    ),
    "p_value": column(
        "Two-sided p value of the change against no change", "变化的双侧检验 p 值", c.SHARE
    ),
    "relative_change": column(
        "Change in per cent of the earlier figure", "变化占前期数值的百分比", c.PER_CENT
    ),
    "relative_change_se": column("Its standard error", "其标准误", c.PER_CENT),
    "relative_change_se_delta": column("The same by linearisation", "同上，线性化法", c.PER_CENT),
    "draws_used": c.DRAWS_USED,
    "note": c.NOTE,
    **PRINTED_COLUMNS,
}

_ESTIMATORS = {
    "year": c.YEAR,
    "group": c.GROUP,
    "construct": c.CONSTRUCT,
    "index": column("Index by the estimator of the run", "本次所用估计方法的指数", c.POINTS),
    "other_index": column(
        "Index by the other estimator: PLS or maximum likelihood",
        "另一种估计方法（PLS 或极大似然法）的指数",
        c.POINTS,
    ),
    "difference": column("`other_index` less `index`", "`other_index` 减 `index`", c.POINTS),
    "se": column("Standard error of the difference", "差值的标准误", c.POINTS),
    "lower": c.LOWER_POINTS,
    "upper": c.UPPER_POINTS,
    "p_value": c.P_ZERO,
    "note": c.NOTE,
}

MORE_COLUMNS: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {
        "impacts": _IMPACTS,
        "map": _MAP,
        "ranks": _RANKS,
        "leaders": _LEADERS,
        **CHANGE_COLUMNS,
        "aggregates": _AGGREGATES,
        "estimators": _ESTIMATORS,
        "comparability": _COMPARABILITY,
        "verdicts": _VERDICTS,
        **ANSWER_COLUMNS,
    }
)
"""Column descriptions by table and column, as `csi.report.columns.COLUMNS`."""
