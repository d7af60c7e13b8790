"""Phrases of the page as a thing: cards, switches, tools; see `csi.report.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

PAGE_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        # cards of the headline
        "card_words": Text(
            "The index runs from 0 (every answer at the worst end of its scale) to 100 (every "
            "answer at the best). ± is the margin of error at {level}. A change is called larger "
            "than chance where p < {alpha}.",
            "指数范围为 0（所有回答均为最差）至 100（所有回答均为最好）。"
            "± 为 {level} 置信水平下的误差范围。p < {alpha} 的变化称为超出抽样误差。",
        ),
        "card_rose": Text("rise larger than chance", "升幅超出抽样误差"),
        "card_fell": Text("fall larger than chance", "降幅超出抽样误差"),
        "card_level": Text("no larger than chance", "在抽样误差范围之内"),
        "card_untested": Text("not tested", "未作检验"),
        "card_no_change": Text("no earlier figure to compare", "没有可供对比的前期数据"),
        "card_change": Text("{arrow} {change} since {before}", "{arrow} {change}（较{before}）"),
        "card_n": Text("n\u00a0=\u00a0{n}", "样本量 {n}"),
        "card_highest": Text("Highest: {group}", "最高：{group}"),
        "card_middle": Text(
            "Middle of the ranking ({place} of {count}): {group}",
            "居中（第 {place} 位，共 {count} 个）：{group}",
        ),
        "card_lowest": Text("Lowest: {group}", "最低：{group}"),
        "card_rest": Text(
            "All {count} groups are in the table below.", "全部 {count} 个分组见下面的表格。"
        ),
        # switches
        "all_others": Text("all others", "其余各组"),
        "pg_skip": Text("Skip to the report", "跳到正文"),
        "pg_whole": Text("For the whole page", "全页"),
        "pg_own": Text("as set in each section", "按各节的选择"),
        "pg_all": Text("all", "全部"),
        "pg_here": Text("In this section", "本节"),
        "pg_shown": Text(
            "Shown: {chosen}. Left out: {rest}.", "此处显示：{chosen}。未显示：{rest}。"
        ),
        "pg_more": Text("{names} and {count} more", "{names}及另外 {count} 个"),
        "pg_none": Text("There is no chart of {chosen} in this section.", "本节没有{chosen}的图。"),
        "pg_rows": Text("{shown} of {all} rows: {chosen}", "{chosen}：{shown} 行（共 {all} 行）"),
        "pg_no_rows": Text("No rows of {chosen}.", "没有{chosen}的数据行。"),
        "pg_others": Text("Further charts ({count}): {names}", "其他图（{count} 幅）：{names}"),
        # tools of tables and charts
        "pg_copy": Text("Copy table", "复制表格"),
        "pg_copied": Text("Copied.", "已复制。"),
        "pg_not_copied": Text("The browser does not allow copying.", "浏览器不允许复制。"),
        "pg_file": Text("Download {file}", "下载 {file}"),
        "pg_file_full": Text(
            "{file}: all {rows} rows, numbers in full precision",
            "{file}：全部 {rows} 行，数值为完整精度",
        ),
        "pg_file_seen": Text("The table as it is shown", "所显示的表格"),
        "pg_sort": Text("Sort by {column}", "按“{column}”排序"),
        "pg_marks": Text(
            "Values of the marks: arrow keys, or point at them.",
            "各点数值：用方向键或将鼠标移到点上查看。",
        ),
    }
)
"""Phrases by key, beside those of `csi.report.words`."""
