"""What tables and columns of an assessment are called and mean."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

_HEADS: Mapping[str, Text] = MappingProxyType(
    {
        "topic": Text("Topic", "主题"),
        "measure": Text("Measure", "指标"),
        "about": Text("About", "对象"),
        "grade": Text("Grade", "评价"),
        "value": Text("Value", "数值"),
        "sentence": Text("Sentence", "英文说明"),
        "sentence_zh": Text("Sentence in Chinese", "中文说明"),
        "source": Text("Source", "来源"),
        "construct": Text("Construct", "潜变量"),
        "item": Text("Item", "题目"),
        "from": Text("From", "起点"),
        "to": Text("To", "终点"),
        "estimate": Text("Estimate", "估计值"),
        "se": Text("SE", "标准误"),
        "lower": Text("Lower", "下限"),
        "upper": Text("Upper", "上限"),
        "p_value": Text("p", "p 值"),
        "note": Text("Note", "备注"),
    }
)
"""Heads of columns, shown on the page."""

_MEANINGS: Mapping[str, Text] = MappingProxyType({})
"""What a column is, where its head does not say enough."""

_CAPTIONS: Mapping[str, Text] = MappingProxyType(
    {
        "verdicts": Text("Verdicts", "评价"),
    }
)


def heads(column: str) -> Text:
    """Return the head of a column; its name where it has none."""
    return _HEADS.get(column, Text(column))


def described(column: str) -> Text:
    """Return what a column is."""
    return _MEANINGS.get(column, heads(column))


def captions(name: str) -> Text:
    """Return the caption of a table; its name where it has none."""
    return _CAPTIONS.get(name, Text(name))
