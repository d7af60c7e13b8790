"""Phrases of charts and of what their marks say on hover; see `csi.report.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

CHART_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        # what appears on hover
        "tip_figure": Text("{what}: {value} (n {n})", "{what}：{value}（样本量 {n}）"),
        "tip_standard_error": Text("{value} (standard error {se})", "{value}（标准误 {se}）"),
        "tip_rank": Text("rank {rank}, may be {ranks}", "第 {rank} 名，名次区间 {ranks}"),
        "tip_map": Text(
            "importance {importance}, performance {performance}",
            "重要性 {importance}，绩效 {performance}",
        ),
        # trend with breaks
        "trend_title": Text("{construct} over time", "历次{construct}"),
        "trend_title_group": Text("{construct} over time: {group}", "历次{construct}：{group}"),
        "trend_breaks": Text(
            "Dotted: not comparable with the years before. {breaks}.",
            "虚线：与此前年份不可比。{breaks}。",
        ),
        "items_added": Text("items added: {items}", "新增题目：{items}"),
        "items_dropped": Text("items dropped: {items}", "取消题目：{items}"),
        "trend_linked": Text(
            "Open marks: levels moved by a link across a break.", "空心标记：跨断点链接后的水平。"
        ),
        "trend_interval": Text("Bars: {level} intervals.", "误差线：{level} 置信区间。"),
        # league table
        "chart_league": Text("{index}: league table, {year}", "{year}{index}排名"),
        "foot_league": Text(
            "Bars: margin of error at {level}. Rank sets hold together at {level}.",
            "误差线：{level} 置信水平下的误差范围。名次区间在 {level} 置信水平下同时成立。",
        ),
        "foot_league_first": Text(
            "Shaded: not significantly below the best, may be first.",
            "底色：与最高者相比不显著偏低，可能居首。",
        ),
        "foot_without_rank": Text("Without a rank: {groups}.", "无名次：{groups}。"),
        "foot_without_rank_many": Text(
            "Groups without a rank: {count}.", "无名次的分组：{count} 个。"
        ),
        "alt_league": Text(
            "League table of {index} in {year} as dots with margins of error, the best on top: "
            "{ranks}.",
            "{year}{index}排名点图（含误差范围），由高到低：{ranks}。",
        ),
        "alt_ranked": Text(
            "{group} {value} (ranks {ranks})", "{group} {value}（名次区间 {ranks}）"
        ),
        # forest of coefficients
        "chart_forest_paths": Text("Path coefficients, {year}", "{year}路径系数"),
        "chart_forest_paths_group": Text(
            "Path coefficients, {year}: {group}", "{year}路径系数：{group}"
        ),
        "chart_forest_effects": Text("Total effects, {year}", "{year}总效应"),
        "chart_forest_effects_group": Text(
            "Total effects, {year}: {group}", "{year}总效应：{group}"
        ),
        "axis_coefficient": Text("Coefficient (standardised constructs)", "标准化系数"),
        "foot_forest": Text(
            "Bars: {level} intervals; an open mark has an interval that holds zero.",
            "横线：{level} 置信区间；空心标记表示区间包含零。",
        ),
        "foot_signs": Text(
            "+ and −: expected sign.",
            "+、−：预期符号。",
        ),
        "foot_wrong": Text("Orange letters: sign against theory.", "橙色文字：符号与理论相反。"),
        "foot_wrong_any": Text(
            "Orange letters: sign against theory in one group at least.",
            "橙色文字：至少一个分组的符号与理论相反。",
        ),
        "foot_n": Text("n = {n}.", "样本量 {n}。"),
        "forest_to": Text("On {construct}", "对{construct}"),
        "forest_to_r2": Text("On {construct} (R² {r2})", "对{construct}（R² {r2}）"),
        "alt_forest": Text(
            "Dots with {level} intervals, {what}: {paths}.",
            "点图（含 {level} 置信区间），{what}：{paths}。",
        ),
        # groups side by side
        "chart_groups": Text("Constructs by group, {year}", "{year}各组各潜变量指数"),
        "foot_ordered": Text("Groups in the order of {index}.", "各组按{index}由高到低排列。"),
        "foot_groups_hidden": Text("Not published: {count} figures.", "未发布的数据：{count} 个。"),
        "alt_groups": Text(
            "Dots with margins of error: the index of each construct in {year}, {count} groups "
            "side by side. The figures are in the table below.",
            "点图（含误差范围）：{year}各潜变量指数，{count} 个分组对比。数值见下表。",
        ),
        # aggregates
        "chart_aggregates": Text(
            "{index}: from companies to the top, {year}", "{year}{index}：从公司到总体"
        ),
        "foot_aggregates": Text(
            "Indented: members of the node above; per cent: share in it.",
            "缩进表示上级节点的成员，百分比为其占上级的份额。",
        ),
        "foot_nodes_cut": Text(
            "{count} companies are not drawn; all are in aggregates.csv.",
            "未画出 {count} 家公司，全部见 aggregates.csv。",
        ),
        "alt_aggregates": Text(
            "Tree of companies and the nodes above them in {year}, dots with margins of error: "
            "{figures}.",
            "{year}公司及各级汇总的树状点图（含误差范围）：{figures}。",
        ),
        "alt_breaks": Text(
            "Chart of {index} by year, lines stop where years cannot be compared: {breaks}.",
            "历年{index}图，不可比的年份之间线条断开：{breaks}。",
        ),
        "alt_more": Text("{count} more in the tables", "其余 {count} 项见表格"),
        # what is left out of a page
        "charts_left_out": Text(
            "Drawn for the first {shown} of {all} groups; the others are in the tables.",
            "仅画出 {all} 个组中的前 {shown} 个，其余见表格。",
        ),
    }
)
"""Phrases by key, beside those of `csi.report.words`."""
