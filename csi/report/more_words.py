"""Phrases of the further tables: leagues, changes, impacts, aggregates; see `csi.report.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

MORE_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        # titles of sections and captions
        "league": Text("League table", "排名"),
        "why_changed": Text("Why the index changed", "指数变化的原因"),
        "impacts": Text("Impacts", "影响力"),
        "aggregates": Text("Industry, sector, nation", "行业、部门与全国"),
        "cap_league": Text("League table, {year}", "{year}排名"),
        "cap_leaders": Text("Who was first, year by year", "历年首位"),
        "cap_split": Text(
            "Parts of the change from {before} to {year}, in points",
            "{before}至{year}指数变化的构成（分）",
        ),
        "cap_split_items": Text(
            "Items that contributed most to the change, {year}", "{year}对变化贡献最大的题目"
        ),
        "cap_contributions": Text(
            "Contributions of the constructs before the index, {year}",
            "{year}各前因潜变量对指数变化的贡献",
        ),
        "cap_rebasing": Text("The index under other weights, {year}", "{year}不同权重下的指数"),
        "cap_impacts": Text(
            "Impact of a {rise}-point rise, {year}", "{year}某一潜变量提高 {rise} 分的影响"
        ),
        "cap_aggregates": Text("Companies and nodes above them, {year}", "{year}公司及各级汇总"),
        "cap_nodes": Text("Industries, sectors and nation, {year}", "{year}行业、部门与全国"),
        "cap_nodes_by_year": Text(
            "{index} by year: index ± margin of error", "历年{index}：指数 ± 误差范围"
        ),
        "cap_estimators": Text("The index by two estimators, {year}", "{year}两种估计方法的指数"),
        "estimators": Text("How much the estimator matters", "估计方法的影响"),
        "by_pls": Text("PLS", "PLS 法"),
        "by_ml": Text("Maximum likelihood", "极大似然法"),
        "estimator_words": Text(
            "Both rest on the same answers, so the error of their difference is small. They differ "
            "in the weights of the items: PLS takes them from the correlations of constructs, "
            "maximum likelihood from factor scores.",
            "两种方法所用的回答相同，因此差值的误差很小。二者的区别在于题目权重："
            "PLS 取自潜变量之间的相关，极大似然法取自因子得分。",
        ),
        "estimators_most": Text(
            "The other estimator moves {index} by {least} to {most} points in {year}.",
            "{year}，改用另一种估计方法，{index}变动 {least} 至 {most} 分。",
        ),
        # names of columns
        "rank": Text("Rank", "名次"),
        "rank_set": Text("Rank set", "名次区间"),
        "p_first": Text("First in draws", "重抽样居首"),
        "p_best": Text("Truly the best", "真实居首概率"),
        "may_be_first": Text("May be first", "可能居首"),
        "letters": Text("Letters", "字母"),
        "rank_change": Text("Ranks gained", "名次变化"),
        "leader": Text("First", "首位"),
        "leader_changed": Text("Changed", "是否易主"),
        "change_expected": Text("Change by chance", "偶然易主概率"),
        "p_holm": Text("p (Holm)", "p 值（Holm）"),
        "part_performance": Text("Performance", "题目表现"),
        "part_weights": Text("Weights", "权重"),
        "part_items": Text("Items asked", "所问题目"),
        "part_mix": Text("Mix of groups", "分组构成"),
        "part_total": Text("Total", "总变化"),
        "part_other": Text("Not explained by them", "未能解释"),
        "all_together": Text("All groups together", "各组合并"),
        "weights_used": Text("Weights", "权重"),
        "difference": Text("Difference", "差值"),
        "rb_own": Text("own", "各自估计"),
        "rb_frozen": Text("frozen at {period}", "固定为{period}"),
        "rb_pooled": Text("pooled", "合并估计"),
        "rb_chained": Text("chained", "链式"),
        "rb_equal": Text("equal", "等权"),
        "rb_this": Text("{weights} (this report)", "{weights}（本报告）"),
        "rises": Text("Rise of", "提高的潜变量"),
        "on_target": Text("on {construct}", "对{construct}"),
        "node": Text("Node", "节点"),
        "node_level": Text("Level", "层级"),
        "level_above": Text("level {level}", "第 {level} 级"),
        "node_share": Text("Share in %", "占上级份额（%）"),
        "company_level": Text("company", "公司"),
        "relative_change": Text("Change in %", "变化率（%）"),
        "members": Text("Members", "成员数"),
        "members_of": Text("{there} of {all}", "{there}/{all}"),
        # sentences of the league table
        "league_words": Text(
            "Rank set: the ranks that a group may hold; the sets of all groups hold together "
            "with {level} confidence. Groups that share a letter do not differ significantly when "
            "all pairs are compared at once (p < {alpha}).",
            "名次区间为该组可能的名次，全部分组的区间在 {level} 置信水平下同时成立。"
            "字母相同的分组在全部两两比较中无显著差异（p < {alpha}）。",
        ),
        "league_first": Text(
            "First in draws: share of the draws in which the group comes first; it is no "
            "probability that the group is truly the best. May be first: not significantly below "
            "the best (p < {alpha}, one-sided, all groups at once).",
            "重抽样居首：重抽样中该组居首的比例，并非其真实居首的概率。"
            "可能居首：与最高者相比不显著偏低（单侧检验，全部分组同时，p < {alpha}）。",
        ),
        "leaders_words": Text(
            "Change by chance: the probability that the first group of two such waves would differ "
            "if nothing had changed. Truly the best: by empirical Bayes. Reliability: share of the "
            "variance between groups that is no sampling error; where it is low, ranks say little.",
            "偶然易主概率：实际无变化时，相邻两期首位不同的概率。真实居首概率按经验贝叶斯估计。"
            "信度：组间方差中非抽样误差所占的比例，信度低时名次参考意义有限。",
        ),
        "leaders_changed": Text(
            "The first place changed hands in {changed} of {pairs} comparisons.",
            "{pairs} 次相邻比较中，首位易主 {changed} 次。",
        ),
        "leaders_expected": Text(
            "The first place changed hands in {changed} of {pairs} comparisons; chance alone, with "
            "nothing changed, would change it {expected} times on average.",
            "{pairs} 次相邻比较中，首位易主 {changed} 次；"
            "若实际无变化，平均也会易主 {expected} 次。",
        ),
        # sentences of changes
        "margins": Text("±: margin of error at {level}.", "±：{level} 置信水平下的误差范围。"),
        "brackets": Text("In brackets: {level} interval.", "方括号内为 {level} 置信区间。"),
        "star": Text(
            "* differs from zero (p < {alpha}, each row and column tested by itself).",
            "* 与零有显著差异（p < {alpha}，各单元格分别检验）。",
        ),
        "split_words": Text(
            "The parts add up to the total. Performance: item means; weights: how much each item "
            "counts; items asked: questions that came or went.",
            "各部分之和等于总变化。题目表现：题目均值的变化；权重：题目份量的变化；"
            "所问题目：新增或取消的题目。",
        ),
        "mix_words": Text(
            "All groups together: each group counts by the sum of its survey weights. Mix of "
            "groups: groups counting more or less in it.",
            "各组合并：各组按其抽样权重之和计入。分组构成：各组所占份额的变化。",
        ),
        "split_items_words": Text(
            "Of each group the {shown} items that contributed most; all are in changes.csv.",
            "每组列出贡献最大的 {shown} 道题目，全部题目见 changes.csv。",
        ),
        "contribution_words": Text(
            "A construct contributes its own change times the mean slope of both years, as the "
            "model has it; this is association and no proof of a cause.",
            "潜变量的贡献为其自身变化乘以两年斜率的均值，依据模型计算；这是关联，并非因果证明。",
        ),
        "rebasing_words": Text(
            "Difference: the index under these weights less that under own weights, those of each "
            "year's and group's own fit. Chained: the first level moved on by performance alone.",
            "差值：该权重下的指数减各自估计权重下的指数。链式：以首期水平为起点，仅随题目表现变动。",
        ),
        # sentences of impacts
        "impact_words": Text(
            "By how many points a construct moves where the one on the left is {rise} points "
            "higher, through all paths of the model. It is an association in the model: that a "
            "measure which lifts the one has this effect on the other is an assumption.",
            "左列潜变量高 {rise} 分时，另一潜变量经模型全部路径相应高出的分数。"
            "这是模型中的关联；采取措施提高前者能否带来同样效果，属于假定。",
        ),
        "impact_largest": Text(
            "{group}: a rise of {source} by {rise} points goes with {impact} points in {target} "
            "({interval}), the largest impact that chance does not explain.",
            "{group}：{source}提高 {rise} 分，{target}相应变化 {impact} 分（{interval}），"
            "在超出抽样误差的影响中最大。",
        ),
        "impact_largest_all": Text(
            "A rise of {source} by {rise} points goes with {impact} points in {target} "
            "({interval}), the largest impact that chance does not explain.",
            "{source}提高 {rise} 分，{target}相应变化 {impact} 分（{interval}），"
            "在超出抽样误差的影响中最大。",
        ),
        "impact_none": Text(
            "{group}: no impact on {target} is larger than chance explains.",
            "{group}：对{target}的影响均在抽样误差范围之内。",
        ),
        "impact_none_all": Text(
            "No impact on {target} is larger than chance explains.",
            "对{target}的影响均在抽样误差范围之内。",
        ),
        "impact_counts": Text(
            "In {count} of {groups} groups {source} has the largest impact on {target} that "
            "chance does not explain.",
            "{groups} 个分组中，有 {count} 个分组以{source}对{target}的影响最大且超出抽样误差。",
        ),
        "impact_counts_none": Text(
            "In {count} of {groups} groups no impact on {target} is larger than chance explains.",
            "{groups} 个分组中，有 {count} 个分组对{target}的影响均在抽样误差范围之内。",
        ),
        # sentences of aggregates
        "aggregate_words": Text(
            "An aggregate is the weighted mean of its members; share: how much a member counts in "
            "the node above. Members: those with a figure, of all. ± margin of error at {level}. "
            "▲ rise, ▼ fall larger than chance explains (p < {alpha}).",
            "汇总值为下属成员的加权平均；占上级份额为成员在上级节点中的权重。"
            "成员数：有数据的成员数/全部成员数。± {level} 置信水平下的误差范围。"
            "▲ 上升、▼ 下降：超出抽样误差（p < {alpha}）。",
        ),
        "companies_elsewhere": Text(
            "The companies are in the tables above and in aggregates.csv.",
            "各公司数据见前面的表格和 aggregates.csv。",
        ),
        # adjusted p values
        "holm_words": Text(
            "p tests each change by itself; p (Holm) is adjusted for testing the changes of all "
            "groups and years at once. Arrows go by the former.",
            "p 值针对单个变化；p 值（Holm）按同时检验全部分组、全部年份的变化作了校正。"
            "箭头依据前者。",
        ),
        # method
        "design_fpc": Text("population sizes: column {column}", "总体规模：{column} 列"),
        "design_replicates": Text(
            "{count} supplied replicate weights ({kind})", "数据自带复制权重 {count} 组（{kind}）"
        ),
        "design_simple": Text(
            "taken for a simple random sample by choice: strata, clusters, population sizes and "
            "replicate weights are passed over",
            "按设定视为简单随机样本：不考虑分层、整群、总体规模和复制权重",
        ),
        "i_bca": Text("bias-corrected and accelerated (BCa)", "偏差校正加速法（BCa）"),
        "i_studentised": Text(
            "studentised for index figures and their changes, BCa for the other tables",
            "指数及其变化用学生化法，其他数据表用偏差校正加速法（BCa）",
        ),
        "i_comparisons": Text(
            "comparisons between years, groups and nodes: normal approximation",
            "年份、分组及节点之间的比较：正态近似法",
        ),
        # terminal
        "t_split": Text("Change from {before} to {year} by part", "{before}至{year}变化的构成"),
        "t_cut": Text(
            "The first {shown} of {all} rows; all are in {file}.",
            "仅显示前 {shown} 行，共 {all} 行；全部见 {file}。",
        ),
        "t_stars": Text(
            "± margin of error at {level}; * differs from zero (p < {alpha})",
            "± {level} 置信水平下的误差范围；* 与零有显著差异（p < {alpha}）",
        ),
        "t_together": Text(
            "All groups together: each group counts by the sum of its survey weights",
            "各组合并：各组按其抽样权重之和计入",
        ),
        "t_league": Text(
            "Rank sets hold together at {level}; groups sharing a letter do not differ "
            "significantly (all pairs, p < {alpha})",
            "名次区间在 {level} 置信水平下同时成立；字母相同的分组无显著差异"
            "（全部两两比较，p < {alpha}）",
        ),
    }
)
"""Phrases by key, beside those of `csi.report.words`."""
