"""Notes on what a report has not, in Chinese; see `csi.report.note_words`."""

from __future__ import annotations

from csi.text import Text

CONTENT_SENTENCES: tuple[Text, ...] = (
    Text(
        "Not in this report: a league table, for there are no two groups to rank.",
        "本报告未包含排名：没有两个以上的分组。",
    ),
    Text(
        "Not in this report: why the index changed, for there is only one period.",
        "本报告未包含指数变化的原因：只有一期数据。",
    ),
    Text(
        "Not in this report: comparability, for permutations of {n} respondents with missing "
        "answers take long; --comparability makes it.",
        "本报告未包含可比性检验：对 {n} 位受访者（含缺失值）作置换检验耗时较长；"
        "加 --comparability 即可计算。",
    ),
    Text(
        "Not in this report: comparability, for there is one period and one group.",
        "本报告未包含可比性检验：只有一期、一组数据。",
    ),
    Text(
        "Not in this report: where to act first, for no path of the model leads to the index.",
        "本报告未包含优先改进方向：模型中没有指向指数的路径。",
    ),
    Text("Not in this report: the league table ({problem}).", "本报告未包含排名（{problem}）。"),
    Text(
        "Not in this report: why the index changed ({problem}).",
        "本报告未包含指数变化的原因（{problem}）。",
    ),
    Text("Not in this report: comparability ({problem}).", "本报告未包含可比性检验（{problem}）。"),
    Text(
        "Not in this report: the assessment of the model ({problem}).",
        "本报告未包含模型评价（{problem}）。",
    ),
    Text(
        "Not in this report: the distribution of answers ({problem}).",
        "本报告未包含回答分布（{problem}）。",
    ),
)
"""Sentences with the same blanks in both languages."""
