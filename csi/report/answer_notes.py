"""Notes of distributions in Chinese, beside `csi.report.note_words`."""

from __future__ import annotations

from csi.text import Text

ANSWER_SENTENCES: tuple[Text, ...] = (
    Text("not asked", "未询问"),
    Text("no scores", "没有得分"),
    Text(
        "a stratum of a single sampled unit merged with another",
        "仅有一个抽样单位的层已与另一层合并",
    ),
    Text("{n} strata of a single sampled unit merged", "{n} 个仅有一个抽样单位的层已合并"),
    Text(
        "Answers to {items} are not tabulated: too many points of the scale.",
        "{items} 的回答未列表：量表分值过多。",
    ),
)
"""English notes with their Chinese; words in braces are filled in."""
