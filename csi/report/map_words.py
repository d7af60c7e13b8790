"""Phrases of the importance-performance map; see `csi.report.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

MAP_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        "map": Text("Where to act first", "优先改进方向"),
        "cap_map": Text("Importance and performance, {year}", "{year}重要性与绩效"),
        "cap_map_items": Text(
            "Importance and performance of the items, {year}", "{year}各题目的重要性与绩效"
        ),
        "chart_map": Text(
            "{target}: importance and performance, {year}", "{year}{target}：重要性与绩效"
        ),
        "chart_map_group": Text(
            "{target}: importance and performance, {group}, {year}",
            "{year}{group}{target}：重要性与绩效",
        ),
        "axis_importance": Text(
            "Importance: points of {target} for one point more",
            "重要性：每提高 1 分，{target}提高的分数",
        ),
        "axis_performance": Text("Performance (index, 0–100)", "绩效（指数，0–100 分）"),
        "foot_map": Text(
            "Dashed lines: means of the points. Bars: margins of error at {level}.",
            "虚线：各点的均值。误差线：{level} 置信水平下的误差范围。",
        ),
        "importance": Text("Importance", "重要性"),
        "performance": Text("Performance", "绩效"),
        "quadrant": Text("Quadrant", "象限"),
        "quadrant_share": Text("In draws", "重抽样比例"),
        "q_concentrate": Text("Concentrate here", "优先改进"),
        "q_keep": Text("Keep up", "继续保持"),
        "q_overkill": Text("Possible overkill", "或投入过多"),
        "q_low": Text("Low priority", "低优先级"),
        "map_words": Text(
            "Importance is the number of points by which {target} moves, as the model sees it, "
            "when the construct rises by one point; performance is its index. Quadrants are "
            "divided at the means of the points; the share of draws says how sure a quadrant is. "
            "That an action which lifts a construct has this effect is an assumption.",
            "重要性指按模型推算，某潜变量提高 1 分时{target}提高的分数；绩效即其指数。"
            "象限以各点均值划分；重抽样比例说明归入该象限的把握程度。"
            "采取措施提高某潜变量能够带来这一效果，属于假设。",
        ),
        "map_first": Text(
            "{group}: {names} matters more than the average for {target} and performs below "
            "the average: start there.",
            "{group}：{names}对{target}的重要性高于平均而绩效低于平均，宜优先改进。",
        ),
        "map_first_all": Text(
            "{names} matters more than the average for {target} and performs below the average: "
            "start there.",
            "{names}对{target}的重要性高于平均而绩效低于平均，宜优先改进。",
        ),
        "map_unsure": Text(" (in {share} of the draws only)", "（仅在 {share} 的重抽样中如此）"),
        "map_none": Text(
            "{group}: no construct matters more than the average for {target} and performs below "
            "it; single items may, see the map and the table of items.",
            "{group}：没有对{target}的重要性高于平均而绩效低于平均的潜变量；个别题目可能如此，"
            "见题目层面的图和表。",
        ),
        "map_none_all": Text(
            "No construct matters more than the average for {target} and performs below it; single "
            "items may, see the map and the table of items.",
            "没有对{target}的重要性高于平均而绩效低于平均的潜变量；个别题目可能如此，"
            "见题目层面的图和表。",
        ),
        "alt_map": Text(
            "Map of {group} in {year}: importance for {target} to the right, performance upwards. "
            "{points}. The figures are in the table below.",
            "{year}{group}的重要性—绩效图：横轴为对{target}的重要性，纵轴为绩效。{points}。数值见下表。",
        ),
    }
)
