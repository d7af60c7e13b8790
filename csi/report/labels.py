"""Labels of years, groups, constructs and items in both languages, as tables of their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from csi.index.values import YearlyIndex
from csi.report import column as c
from csi.report.column import Column, column
from csi.report.view import View

_EN = column("Label in English; empty where there is none", "英文标签；没有则为空", c.TEXT)
_ZH = column("Label in Chinese; empty where there is none", "中文标签；没有则为空", c.TEXT)
_LABELS = {"label_en": _EN, "label_zh": _ZH}

LABEL_COLUMNS: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {
        "label_year": {"year": c.YEAR, **_LABELS},
        "label_group": {"group": c.GROUP, **_LABELS},
        "label_construct": {
            "construct": c.CONSTRUCT,
            **_LABELS,
            "kind": column(
                "reflective, composite, formative or single",
                "reflective 反映型、composite 合成型、formative 形成型或 single 单题",
                c.TEXT,
            ),
            "is_index": column("Whether it is the index", "是否为指数对应的潜变量", c.TRUTH),
        },
        "label_item": {
            "item": c.ITEM,
            **_LABELS,
            "wording_en": column("Question as asked, in English", "题目原文（英文）", c.TEXT),
            "wording_zh": column("Question as asked, in Chinese", "题目原文（中文）", c.TEXT),
            "construct": column("Construct it measures", "所测量的潜变量", c.TEXT),
            "low": column("Lower end of the answer scale", "量表下端", c.PURE),
            "high": column("Upper end of the answer scale", "量表上端", c.PURE),
        },
    }
)
"""Column descriptions of the tables of labels, as `csi.report.columns.COLUMNS`."""


def label_tables(yearly: YearlyIndex) -> dict[str, pd.DataFrame]:
    """Return the tables of labels: what the codes in the other tables stand for.

    Parameters
    ----------
    yearly : YearlyIndex

    Returns
    -------
    dict of str to DataFrame
        ``label_year``, ``label_group``, ``label_construct`` and ``label_item``, one row a code.
    """
    english, chinese = View(yearly, "en"), View(yearly, "zh")
    rows: dict[str, list[tuple[object, ...]]] = {
        "label_year": [(name, english.year(name), chinese.year(name)) for name in english.years],
        "label_group": [
            (name, english.group(name), chinese.group(name)) for name in english.groups
        ],
        "label_construct": [
            (
                construct.name,
                construct.label.within("en"),
                construct.label.within("zh"),
                construct.kind,
                construct.name == yearly.model.index,
            )
            for construct in yearly.model.constructs
        ],
        "label_item": [
            (item, english.item(item), chinese.item(item), *_asked(yearly, english, chinese, item))
            for item in yearly.model.items
        ],
    }
    return {
        name: pd.DataFrame(rows[name], columns=list(columns))
        for name, columns in LABEL_COLUMNS.items()
    }


def _asked(
    yearly: YearlyIndex, english: View, chinese: View, item: str
) -> tuple[object, object, object, object, object]:
    """Return wordings, construct and ends of the scale of an item."""
    owner = next(c.name for c in yearly.model.constructs if item in c.items)
    ends = {name: (low, high) for name, low, high in yearly.metric.scale}
    low, high = ends.get(item, (None, None))
    return english.wording(item), chinese.wording(item), owner, low, high
