"""Phrases of the slide deck; see `csi.report.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

SLIDE_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        "s_part": Text("{title} ({n} of {all})", "{title}（{n}/{all}）"),
        "s_cut": Text(
            "Texts that end in … are cut; they are whole in the tables written with this file.",
            "以 … 结尾的文字已截断，全文见随本文件一并输出的数据表。",
        ),
        "s_left_out": Text(
            "Shown: the {shown} of {all} groups with the highest index in {year}. Not shown: "
            "{names}. All are in the tables that follow.",
            "仅显示{year}指数最高的 {shown} 个分组（共 {all} 个）。未显示：{names}。"
            "全部见后面的表格。",
        ),
        "s_groups": Text(
            "Shown: the {shown} of {all} groups with the highest index in {year}; all are in "
            "{table}.csv.",
            "仅列出{year}指数最高的 {shown} 个分组（共 {all} 个）；全部见 {table}.csv。",
        ),
        "s_one_map": Text(
            "The map of one of {all} groups; the others are in {table}.csv.",
            "仅显示 {all} 个分组中的一个；其他分组见 {table}.csv。",
        ),
        "s_paths": Text("Path coefficients, {year}", "{year}路径系数"),
        "s_margins": Text("± margin of error at {level}.", "± {level} 置信水平下的误差范围。"),
        "s_alt": Text("{title}. {figures}.", "{title}。{figures}。"),
        "s_term": Text("Term", "项目"),
        "s_words": Text("Description", "说明"),
        "s_note_title": Text(
            "Figures: {estimator}. All numbers of this deck are in the tables written with it, in "
            "full precision.",
            "数值：{estimator}。本演示文稿的全部数值均见随附数据表（完整精度）。",
        ),
        "s_note_headline": Text(
            "Say the figure with its margin of error. A change counts as larger than chance "
            "explains where its own p value is below {alpha}, each tested by itself; a change "
            "whose interval holds zero is no news.",
            "公布指数时应同时说明误差范围。单个变化的 p 值小于 {alpha} 时"
            "视为超出抽样误差（逐个检验）；置信区间包含零的变化不宜解读。",
        ),
        "s_note_trend": Text(
            "Read the bars first: where the bars of two years overlap widely, the years can hardly "
            "be told apart; the test of a change is in the table of the last year. The axis does "
            "not begin at zero. Right-click the chart and choose Edit data to change it.",
            "先看误差线：两年的误差线大幅重叠时难以区分；变化是否显著见最后一年的数据表。"
            "纵轴不从零开始。右键点击图表并选择“编辑数据”即可修改。",
        ),
        "s_note_latest": Text(
            "Bars start at zero, so lengths may be compared. Neighbours whose margins overlap may "
            "well have changed places by chance: speak of rank sets, not of ranks.",
            "条形从零开始，长度可以直接比较。误差范围重叠的相邻分组，名次可能因抽样误差而互换："
            "应说名次区间，而不是单一名次。",
        ),
        "s_note_league": Text(
            "The rank set of a group holds all ranks it may have; the sets of all groups hold "
            "together at {level}. Groups that share a letter do not differ significantly.",
            "名次区间包含该组可能的全部名次；全部分组的名次区间在 {level} 置信水平下同时成立。"
            "字母相同的分组没有显著差异。",
        ),
        "s_note_constructs": Text(
            "Each construct is an index of its own questions from 0 to 100. Levels of different "
            "constructs rest on different questions; compare groups within a construct first.",
            "各潜变量均由其题目计算为 0–100 分的指数。不同潜变量的题目不同，"
            "宜先在同一潜变量内比较各组。",
        ),
        "s_note_map": Text(
            "To the right: matters more; upwards: performs better. Start at the lower right. The "
            "dashed lines are the means of the points, so something always lies below them; look "
            "at the share of draws in the table before acting on a quadrant.",
            "越靠右越重要，越靠上绩效越好，宜从右下方着手。虚线为各点均值，因此总有低于均值者；"
            "据象限采取行动前请先看表中的重抽样比例。",
        ),
        "s_note_paths": Text(
            "A coefficient says by how many standard deviations a construct moves with one of "
            "another, the others held fixed. An interval that holds zero leaves the sign open.",
            "系数表示其他因素不变时，一个潜变量变动 1 个标准差，另一个随之变动多少个标准差。"
            "置信区间包含 0 时方向不能确定。",
        ),
        "s_note_impacts": Text(
            "What the model says would happen if one construct rose: a statement of the model, "
            "not of an experiment.",
            "表示按模型推算某潜变量提高后的变化：这是模型的推断，不是实验结果。",
        ),
        "s_note_method": Text(
            "For questions on how the figures were made; read it before you present.",
            "用于回答数值如何得出的提问，报告前请先阅读。",
        ),
        "s_note_notes": Text(
            "What the reader must know of these figures.", "使用这些数值时必须了解的事项。"
        ),
        "s_drivers": Text("Drivers: {title}", "驱动因素：{title}"),
    }
)
"""Phrases by key, beside those of `csi.report.words`."""
