"""Phrases of the charts of answers, scores and changes; see `csi.report.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

ANSWER_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        "answers": Text("What customers answered", "顾客如何作答"),
        "score_shares": Text("How scores are distributed", "得分的分布"),
        "answers_lead": Text(
            "Weighted shares of those who answered. High answers (the upper three tenths of the "
            "scale) are what services call top boxes; a share is no index, and the two must not "
            "be compared.",
            "作答者的加权比例。高分（量表上部约十分之三）即通常所说的高分段；比例不是指数，二者不可直接比较。",
        ),
        "cap_answers": Text(
            "Low, middle and high answers, {year}", "{year}低分、中间与高分回答的比例"
        ),
        "high_interval": Text("High: interval, %", "高分：置信区间，%"),
        "scores_lead": Text(
            "A mean can hide two camps: these are the scores of single respondents. A score needs "
            "answers to all items of the construct.",
            "均值可能掩盖两极分化：此处为每位受访者的得分。计算得分要求该潜变量全部题目均有回答。",
        ),
        "cap_scores": Text("Scores of respondents, {year}", "{year}受访者得分"),
        "mean_moe": Text("Mean ± margin", "均值 ± 误差范围"),
        "sd_scores": Text("Standard deviation", "标准差"),
        "quartile_1": Text("First quartile", "下四分位数"),
        "median": Text("Median", "中位数"),
        "quartile_3": Text("Third quartile", "上四分位数"),
        "without_score": Text("Without a score", "无得分"),
        # diverging bars
        "part_low": Text("low", "低分"),
        "part_middle": Text("middle", "中间"),
        "part_high": Text("high", "高分"),
        "part_points": Text("{part} ({points})", "{part}（{points} 分）"),
        "no_answer_head": Text("no answer", "无回答"),
        "chart_answers": Text("Answers to each item, {year}", "{year}各题目的回答分布"),
        "chart_answers_group": Text(
            "Answers to each item, {year}: {group}", "{year}各题目的回答分布：{group}"
        ),
        "chart_answers_years": Text("Answers over the years: {item}", "历年回答分布：{item}"),
        "chart_answers_years_group": Text(
            "Answers over the years: {item} ({group})", "历年回答分布：{item}（{group}）"
        ),
        "chart_answers_groups": Text("Answers, {year}: {item}", "{year}回答分布：{item}"),
        "foot_answers": Text(
            "Weighted shares of those who answered ({base}); bars are centred on the middle of "
            "the scale. Left: share of low answers; right: of high answers, with {level} interval.",
            "作答者的加权比例（{base}），条形以量表中段为中心。"
            "左侧为低分比例，右侧为高分比例及 {level} 置信区间。",
        ),
        "foot_no_answer": Text(
            "Hatched: share of those asked who gave no answer.",
            "斜线条：被问到但没有有效回答的比例。",
        ),
        "foot_first_rows": Text(
            "The first {shown} of {all}; all are in the tables.",
            "仅显示 {all} 行中的前 {shown} 行，全部数据见表格。",
        ),
        "base_one": Text("n = {n}", "样本量 {n}"),
        "base_span": Text("n = {least} to {most}", "样本量 {least}–{most}"),
        "tip_answer": Text(
            "{label}, answer {answer}: {share} {interval}, {count} of {n}",
            "{label}，答 {answer}：{share} {interval}，{n} 人中 {count} 人",
        ),
        "tip_part": Text(
            "{label}, {part}: {share} {interval}, {count} of {n}",
            "{label}，{part}：{share} {interval}，{n} 人中 {count} 人",
        ),
        "tip_no_answer": Text(
            "{label}, no answer: {share} of {asked} asked",
            "{label}，无回答：占被问到的 {asked} 人的 {share}",
        ),
        "alt_answers": Text(
            "Diverging bars: {title}. Share of high answers: {figures}.",
            "对称条形图：{title}。高分比例：{figures}。",
        ),
        # distributions of scores
        "axis_score": Text("Score of the respondent (0–100)", "受访者得分（0–100 分）"),
        "chart_scores_groups": Text(
            "{construct}: distribution of scores, {year}", "{year}{construct}得分分布"
        ),
        "chart_scores_years": Text(
            "{construct}: distribution of scores over the years", "历年{construct}得分分布"
        ),
        "chart_scores_years_group": Text(
            "{construct}: distribution of scores over the years, {group}",
            "历年{construct}得分分布：{group}",
        ),
        "chart_scores_constructs": Text("Distribution of scores, {year}", "{year}得分分布"),
        "chart_scores_constructs_group": Text(
            "Distribution of scores, {year}: {group}", "{year}得分分布：{group}"
        ),
        "foot_scores": Text(
            "Columns: weighted share of respondents in bands of ten points, all rows on one scale "
            "(tallest: {share}). Dot and bar: mean with margin of error at {level}; grey line: the "
            "middle half of the respondents.",
            "柱：每 10 分一段的受访者加权比例，各行同一比例尺（最高 {share}）。"
            "圆点及横线：均值及其 {level} 误差范围；灰线：居中的一半受访者。",
        ),
        "foot_scores_mean": Text(
            "A score needs all items of the construct, so that the mean can differ from the index; "
            "without a score: {without}.",
            "得分要求该潜变量全部题目均有回答，因此均值与指数可能略有不同；无得分者：{without}。",
        ),
        "tip_band": Text(
            "{label}, {least}–{below}: {share} {interval}, {count} of {n}",
            "{label}，{least}–{below} 分：{share} {interval}，{n} 人中 {count} 人",
        ),
        "tip_mean": Text(
            "{label}: mean {mean}, quartiles {q1}, {median}, {q3} (n = {n})",
            "{label}：均值 {mean}，四分位数 {q1}、{median}、{q3}（样本量 {n}）",
        ),
        "alt_scores": Text(
            "Small histograms of the scores of respondents, one a row: {title}. Means: {figures}.",
            "受访者得分的小直方图，每行一幅：{title}。均值：{figures}。",
        ),
        # waterfalls
        "chart_waterfall": Text("{index}: from {before} to {year}", "{index}：{before}至{year}"),
        "chart_waterfall_group": Text(
            "{index}: from {before} to {year}, {group}", "{index}：{before}至{year}，{group}"
        ),
        "chart_waterfall_total": Text(
            "{index}: from {before} to {year}, all groups together",
            "{index}：{before}至{year}，各组合并",
        ),
        "axis_change": Text("Change in points (scale 0–100)", "变化（0–100 分制的分）"),
        "level_of": Text("Index {year}", "{year}指数"),
        "item_performance": Text("Performance: {item}", "题目表现：{item}"),
        "foot_waterfall": Text(
            "Each part starts where the one above ends; thin bars: {level} intervals of the parts. "
            "The parts add up to the change, {change} {interval}.",
            "每个部分从上一部分的终点开始；细线：各部分的 {level} 置信区间。"
            "各部分之和等于总变化 {change} {interval}。",
        ),
        "foot_contributions": Text(
            "A construct contributes its own change times its slope; association is no proof of a "
            "cause.",
            "潜变量的贡献为其自身变化乘以斜率；这是关联，并非因果证明。",
        ),
        "alt_waterfall": Text(
            "Waterfall chart: {title}. {figures}.", "瀑布图：{title}。{figures}。"
        ),
    }
)
"""Phrases by key, beside those of `csi.report.words`."""
