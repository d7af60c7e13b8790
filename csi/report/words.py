"""Every fixed phrase of the report, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import get_args

from csi.errors import Fault, OptionError
from csi.report.answer_words import ANSWER_PHRASES
from csi.report.assessment_words import ASSESSMENT_PHRASES
from csi.report.chart_words import CHART_PHRASES
from csi.report.content_words import CONTENT_PHRASES
from csi.report.map_words import MAP_PHRASES
from csi.report.methods_words import METHODS_PHRASES
from csi.report.more_words import MORE_PHRASES
from csi.report.office_words import OFFICE_PHRASES
from csi.report.page_words import PAGE_PHRASES
from csi.text import Language, Text

PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        # titles of the page and its sections
        "report": Text("Customer satisfaction index", "顾客满意度指数"),
        "headline": Text("At a glance", "要点"),
        "over_years": Text("Index over the years", "历年指数"),
        "constructs": Text("All constructs", "各潜变量得分"),
        "model": Text("What drives the index", "指数的驱动因素"),
        "path_diagram": Text("Path diagram", "路径图"),
        "paths": Text("Path coefficients", "路径系数"),
        "effects": Text("Total effects", "总效应"),
        "weights": Text("Weights of the items", "题目权重"),
        "items": Text("Items asked in each year", "各年询问的题目"),
        "left_out": Text("What was left out, and why", "未纳入计算的数据及原因"),
        "fits": Text("How each fit ended", "各模型的估计结果"),
        "method": Text("Method", "方法说明"),
        "record": Text("Run record", "运行记录"),
        "notes": Text("Notes", "备注"),
        "contents": Text("Contents", "目录"),
        # names of columns
        "year": Text("Year", "年份"),
        "group": Text("Group", "分组"),
        "construct": Text("Construct", "潜变量"),
        "index": Text("Index", "指数"),
        "index_moe": Text("Index ± margin", "指数 ± 误差范围"),
        "moe": Text("Margin of error", "误差范围"),
        "interval": Text("{level} interval", "{level} 置信区间"),
        "n": Text("n", "样本量"),
        "n_used": Text("n used", "纳入估计"),
        "n_effective": Text("Effective n", "有效样本量"),
        "change": Text("Change", "变化"),
        "compared_with": Text("Compared with", "对比年份"),
        "p_value": Text("p", "p 值"),
        "note": Text("Note", "备注"),
        "from": Text("From", "起点"),
        "to": Text("To", "终点"),
        "coefficient": Text("Coefficient", "系数"),
        "se": Text("Standard error", "标准误"),
        "expected": Text("Expected sign", "预期符号"),
        "remark": Text("Remark", "说明"),
        "direct": Text("Direct", "直接效应"),
        "indirect": Text("Indirect", "间接效应"),
        "total": Text("Total", "总效应"),
        "item": Text("Item", "题目"),
        "weight": Text("Weight", "外部权重"),
        "loading": Text("Loading", "载荷"),
        "index_weight": Text("Index weight", "指数权重"),
        "wording": Text("Question", "题目原文"),
        "meaning": Text("Reason", "原因"),
        "count": Text("Count", "人数"),
        "converged": Text("Settled", "是否收敛"),
        "steps": Text("Steps", "迭代次数"),
        "admissible": Text("Admissible", "解是否合理"),
        "draws": Text("Draws", "抽样次数"),
        "draws_used": Text("Draws used", "有效抽样"),
        "draws_not_converged": Text("Not settled", "未收敛"),
        "draws_degenerate": Text("Degenerate", "退化"),
        "draws_inadmissible": Text("Inadmissible", "解不合理"),
        "problem": Text("Problem", "问题"),
        "yes": Text("yes", "是"),
        "no": Text("no", "否"),
        "not_asked_cell": Text("not asked", "未询问"),
        "all_groups": Text("All respondents", "全部受访者"),
        "all_years": Text("All waves", "全部调查"),
        "dont_know": Text("don't know", "不知道"),
        "refused": Text("refused", "拒绝回答"),
        "not_asked": Text("not asked", "未询问"),
        "not_applicable": Text("not applicable", "不适用"),
        "no_answer": Text("no answer", "未作答"),
        # sentences of the headline
        "index_is": Text(
            "In {year} the index of {group} is {index} ± {moe} (n\u00a0=\u00a0{n}).",
            "{year}，{group}的指数为 {index} ± {moe}（样本量 {n}）。",
        ),
        "index_is_all": Text(
            "In {year} the index is {index} ± {moe} (n\u00a0=\u00a0{n}).",
            "{year}指数为 {index} ± {moe}（样本量 {n}）。",
        ),
        "rose": Text(
            "That is {change} points more than in {before} ({interval}), "
            "a rise larger than chance explains.",
            "较{before}上升 {change} 分（{interval}），升幅超出抽样误差。",
        ),
        "fell": Text(
            "That is {change} points less than in {before} ({interval}), "
            "a fall larger than chance explains.",
            "较{before}下降 {change} 分（{interval}），降幅超出抽样误差。",
        ),
        "level": Text(
            "The change from {before}, {change} points ({interval}), is no larger than chance "
            "explains.",
            "较{before}变化 {change} 分（{interval}），在抽样误差范围之内。",
        ),
        "untested": Text(
            "The change from {before}, {change} points, was not tested.",
            "较{before}变化 {change} 分，未作检验。",
        ),
        "no_change": Text(
            "There is no earlier figure to compare it with.", "没有可供对比的前期数据。"
        ),
        "no_change_why": Text(
            "There is no figure of the change ({why}).", "没有变化数据（{why}）。"
        ),
        "no_index": Text(
            "For {group} there is no figure in {year}: {reason}.",
            "{year}{group}没有可发布的指数：{reason}。",
        ),
        "no_reason": Text("no reason is recorded", "未记录原因"),
        "many_groups": Text(
            "In {year} the index is published for {shown} of {groups} groups.",
            "{year}共有 {groups} 个分组，其中 {shown} 个发布指数。",
        ),
        "highest": Text(
            "The highest figure is that of {group}: {index} ± {moe}.",
            "指数最高的是{group}：{index} ± {moe}。",
        ),
        "lowest": Text(
            "The lowest is that of {group}: {index} ± {moe}.",
            "最低的是{group}：{index} ± {moe}。",
        ),
        "moves": Text(
            "Since the year before {up} rose and {down} fell by more than chance explains "
            "(p < {alpha}, each tested by itself); {level} show no change larger than chance; "
            "{untested} cannot be compared.",
            "与上期相比，{up} 个分组的升幅、{down} 个分组的降幅超出抽样误差"
            "（p < {alpha}，逐个检验）；"
            "{level} 个分组的变化在抽样误差范围之内；{untested} 个分组无法对比。",
        ),
        # charts
        "axis_index": Text("Index (scale 0–100)", "指数（0–100 分）"),
        "chart_index": Text("{index}: index by {year}", "历年{index}指数"),
        "chart_index_one": Text("{index}: index, {year}", "{year}{index}指数"),
        "chart_constructs": Text("Index of each construct", "各潜变量指数"),
        "chart_constructs_group": Text("Index of each construct: {group}", "各潜变量指数：{group}"),
        "chart_weights": Text(
            "Share of each item in its construct, {year}", "{year}各题目的指数权重"
        ),
        "chart_weights_group": Text(
            "Share of each item in its construct, {year}: {group}",
            "{year}各题目的指数权重：{group}",
        ),
        "chart_paths": Text("Path model, {year}: {group}", "{year}路径模型：{group}"),
        "chart_paths_all": Text("Path model, {year}", "{year}路径模型"),
        "axis_weight": Text(
            "Index weight (adds up to 1 within a construct)", "指数权重（同一潜变量内合计为 1）"
        ),
        "foot_moe": Text(
            "Bars: margin of error at {level}.", "误差线：{level} 置信水平下的误差范围。"
        ),
        "foot_se": Text("Bars: one standard error.", "误差线：±1 个标准误。"),
        "foot_axis": Text(
            "The axis shows {low} to {high} of the 0–100 scale.",
            "纵轴仅显示 0–100 分中的 {low}–{high} 分。",
        ),
        "foot_axis_across": Text(
            "The axis shows {low} to {high} of the 0–100 scale.",
            "横轴仅显示 0–100 分中的 {low}–{high} 分。",
        ),
        "foot_cut": Text(
            "Years without a line between them cannot be compared.", "未连线的相邻年份不可比。"
        ),
        "foot_first": Text(
            "The first {shown} of {all} groups; all are in the tables.",
            "仅显示 {all} 个组中的前 {shown} 个，全部数据见表格。",
        ),
        "foot_rest": Text("Grey: all other groups.", "灰色：其余各组。"),
        "foot_top": Text(
            "In colour: the {count} groups with the highest index in {year}; grey: all others.",
            "彩色：{year}指数最高的 {count} 个分组；灰色：其余各组。",
        ),
        "foot_hidden": Text("Without figures: {groups}.", "无可发布数据：{groups}。"),
        "foot_hidden_many": Text(
            "Groups without figures: {count}.", "无可发布数据的分组：{count} 个。"
        ),
        "legend_boxes": Text("Index ± margin of error, R²", "指数 ± 误差范围，R²"),
        "legend_line": Text("Path (thicker: larger)", "路径（越粗系数越大）"),
        "legend_dashed": Text("Interval spans zero", "置信区间包含 0"),
        "legend_sign": Text("Sign against theory", "符号与理论相反"),
        "alt_index": Text(
            "Chart of the index with margins of error, {first} to {last}, {groups} groups. "
            "In {last}: {figures}.",
            "{first}至{last}指数及误差范围图，共 {groups} 个分组。{last}：{figures}。",
        ),
        "alt_index_one": Text(
            "Chart of the index with margins of error, {first} to {last}. In {last}: {figures}.",
            "{first}至{last}指数及误差范围图。{last}：{figures}。",
        ),
        "alt_constructs": Text(
            "Small charts, one a construct, of its index from {first} to {last}. "
            "The figures of {last} are in the table below.",
            "每个潜变量一幅小图，显示{first}至{last}的指数。{last}的数值见下表。",
        ),
        "alt_paths": Text(
            "Path diagram of {group} in {year}, arrows from left to right: {paths}.",
            "{year}{group}的路径图，箭头由左至右：{paths}。",
        ),
        "alt_weights": Text(
            "Dot chart of the index weight of each item in {year}, with standard errors. "
            "The weights are in the table below.",
            "{year}各题目指数权重及标准误的点图。权重数值见下表。",
        ),
        # captions and explanations of the page
        "cap_index": Text("{index}: index ± margin of error", "{index}：指数 ± 误差范围"),
        "unpublished": Text("Figures that are not published", "未发布的数据"),
        "rows_folded": Text("{caption} ({rows} rows)", "{caption}（{rows} 行）"),
        "cell_reason": Text("{year}, {group}: {reason}", "{year}，{group}：{reason}"),
        "cap_latest": Text("Figures of {year} in full", "{year}详细数据"),
        "cap_constructs": Text("Index ± margin of error, {year}", "{year}指数 ± 误差范围"),
        "cap_quality": Text("Explained variance and reliability, {year}", "{year}解释方差与信度"),
        "cap_missing": Text("Answers that are missing", "缺失答案"),
        "cap_excluded": Text("Respondents left out as a whole", "整份剔除的受访者"),
        "cap_items": Text("Answers to each item that count", "各题目的有效回答数"),
        "arrows": Text(
            "▲ rise, ▼ fall larger than chance explains (p < {alpha}, each tested by itself) since "
            "the year compared with. ± margin of error at {level}. – no figure; the reason is in "
            "the note.",
            "▲ 上升、▼ 下降：与对比年份相比超出抽样误差（p < {alpha}，逐个检验）。"
            "± {level} 置信水平下的误差范围。– 无数据，原因见备注。",
        ),
        "path_words": Text(
            "Coefficients of standardised constructs. An interval that spans zero means that "
            "the sign of the path is not certain.",
            "系数为标准化潜变量的路径系数。置信区间包含 0 表示该路径的方向不能确定。",
        ),
        "effect_words": Text(
            "The total effect of one construct on another is its direct path plus all roundabout "
            "ways. Intervals are those of the total.",
            "总效应为直接路径与所有间接路径之和；置信区间针对总效应。",
        ),
        "weight_words": Text(
            "Index weights add up to one within a construct; they say how much each item counts "
            "in the index figure.",
            "同一潜变量内各题目的指数权重合计为 1，表示该题目在指数中所占的份量。",
        ),
        "only_latest": Text(
            "Shown for {year}; every year is in the tables written with this page.",
            "此处为{year}；其他年份见随本页一并输出的数据表。",
        ),
        "quality_words": Text(
            "Reliability is that of reflective constructs (rho_A); composites and single items "
            "are taken as they are and have 1.",
            "信度指反映型潜变量的信度（rho_A）；合成变量和单题变量按无测量误差处理，取 1。",
        ),
        "quality_wholes": Text(
            "R² leaves out the parts that make {names}: they explain it by construction.",
            "{names}由其组成部分构成，R² 不计这些部分的解释作用（按定义即可完全解释）。",
        ),
        "no_missing": Text("No answers are missing.", "没有缺失答案。"),
        "no_excluded": Text("No respondent was left out.", "没有剔除任何受访者。"),
        "no_rows": Text("There are no figures for this section.", "本节没有数据。"),
        "no_notes": Text("There are no further notes.", "没有其他备注。"),
        "r2": Text("R²", "R²"),
        "r2_adjusted": Text("Adjusted R²", "调整后 R²"),
        "r2_se": Text("Standard error of R²", "R² 标准误"),
        "reliability": Text("Reliability", "信度"),
        "spans_zero": Text("interval spans zero", "置信区间包含 0"),
        "against_theory": Text("sign against theory", "符号与理论相反"),
        "unverified": Text("arrow not verified in the published model", "该路径未经原始文献核实"),
        # method notes
        "m_population": Text("Population", "调查总体"),
        "m_source": Text("Source", "数据来源"),
        "m_model": Text("Model", "模型"),
        "m_index": Text("Index construct", "指数对应的潜变量"),
        "m_years": Text("Years", "年份"),
        "m_groups": Text("Groups", "分组"),
        "m_design": Text("Sampling design", "抽样设计"),
        "m_weights": Text("Index weights", "指数权重"),
        "m_metric": Text("Estimation metric", "估计尺度"),
        "m_estimator": Text("Estimator", "估计方法"),
        "m_missing": Text("Missing answers", "缺失值处理"),
        "missing_complete": Text(
            "complete cases only (complete)", "仅使用无缺失的样本（complete）"
        ),
        "missing_pairwise": Text(
            "each pair of items by its own cases (pairwise)", "成对使用有效样本（pairwise）"
        ),
        "missing_em": Text(
            "maximum likelihood under normality (EM)", "正态假定下的最大似然估计（EM 算法）"
        ),
        "m_replication": Text("Replication", "复制方法"),
        "m_draws": Text("Replicates and seed", "复制次数与随机种子"),
        "m_interval": Text("Intervals", "置信区间"),
        "m_level": Text("Confidence level", "置信水平"),
        "m_suppression": Text("Suppression", "小样本处理"),
        "m_scale": Text("Answer scales", "量表"),
        "unstated": Text("not stated in the codebook", "编码本中未说明"),
        "suppression": Text(
            "Groups with fewer than {min_n} respondents are not published.",
            "样本量少于 {min_n} 的分组不发布。",
        ),
        "draws_seed": Text("{draws} replicates, seed {seed}", "{draws} 次，种子 {seed}"),
        "design_weighted": Text("weights: column {column}", "权重：{column} 列"),
        "design_unweighted": Text("no sampling weights", "无抽样权重"),
        "design_periods": Text("without weights in {periods}", "{periods} 无权重"),
        "unweighted_years": Text(
            "There are no weights in {periods}; each respondent of these years counts 1.",
            "{periods}无权重，这些年份每名受访者按 1 计。",
        ),
        "design_stratum": Text("strata: column {column}", "分层：{column} 列"),
        "design_cluster": Text("clusters: column {column}", "整群：{column} 列"),
        "scale_words": Text("{items}: {low} to {high} points", "{items}：{low}–{high} 分"),
        "w_own": Text("own: estimated in each year and group (own)", "各年各组分别估计（own）"),
        "w_pooled": Text("estimated once from all data (pooled)", "合并全部数据一次估计（pooled）"),
        "w_frozen": Text("frozen at those of {period}", "固定为 {period} 的权重（frozen）"),
        "w_equal": Text("equal for all items (equal)", "各题目等权（equal）"),
        "standardised": Text("standardised items", "题目标准化"),
        "raw": Text("raw (centred) items, in points of the answer scale", "原始尺度（仅中心化）"),
        "i_percentile": Text("percentile", "百分位法"),
        "i_bias-corrected": Text("bias-corrected percentile", "偏差校正百分位法"),
        "i_normal": Text("normal approximation", "正态近似法"),
        # terminal
        "t_legend": Text(
            "± margin of error at {level}; * change larger than chance explains (p < {alpha}); "
            "– no figure, see note",
            "± {level} 置信水平下的误差范围；* 变化超出抽样误差（p < {alpha}）；– 无数据，见备注",
        ),
        "t_latest": Text(
            "Only {year} is shown; all years are in index.csv.",
            "仅显示{year}；全部年份见 index.csv。",
        ),
        # README of the tables
        "d_title": Text("Tables of the index", "指数数据表说明"),
        "d_intro": Text(
            "Each table is written as CSV (UTF-8, full precision, an empty cell is a missing "
            "value) and JSON (`metric`, `notes` and `records`; a missing value is `null`).",
            "每个数据表均输出为 CSV（UTF-8 编码、完整精度，空单元格表示缺失值）和 "
            "JSON（含 `metric`、`notes`、`records`，缺失值为 `null`）。",
        ),
        "d_parquet": Text(
            "The same tables are written as Parquet.", "同样的数据表另输出为 Parquet 格式。"
        ),
        "d_no_parquet": Text(
            "Parquet files are not written because the package pyarrow is not installed.",
            "未安装 pyarrow，因此未输出 Parquet 文件。",
        ),
        "d_rows": Text("{rows} rows", "{rows} 行"),
        "d_column": Text("Column", "列名"),
        "d_meaning": Text("Meaning", "含义"),
        "d_unit": Text("Unit", "单位"),
        "d_metric": Text("What the figures are measured in", "指标口径"),
        **MORE_PHRASES,
        **CONTENT_PHRASES,
        **METHODS_PHRASES,
        **MAP_PHRASES,
        **CHART_PHRASES,
        **ASSESSMENT_PHRASES,
        **ANSWER_PHRASES,
        **OFFICE_PHRASES,
        **PAGE_PHRASES,
    }
)
"""Phrases by key; words in braces are filled in by :func:`phrase`."""


def check_language(language: str) -> Language:
    """Return `language` where the report speaks it.

    Raises
    ------
    OptionError
        Where it does not.

    Examples
    --------
    >>> check_language("zh")
    'zh'
    """
    for known in get_args(Language):
        if language == known:
            return known  # type: ignore[no-any-return]
    near = get_close_matches(language, get_args(Language), 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    fix = f"{hint}use one of {', '.join(get_args(Language))}"
    raise OptionError(Fault("language", f"the report has no words in {language!r}", fix))


def phrase(key: str, language: Language, **values: object) -> str:
    """Return the phrase called `key` in `language`, with its braces filled.

    Examples
    --------
    >>> phrase("n_effective", "zh")
    '有效样本量'
    >>> phrase("suppression", "en", min_n=30)
    'Groups with fewer than 30 respondents are not published.'
    """
    return PHRASES[key].within(language).format(**values)
