"""Codes of items in the sentences of verdicts, with their labels beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from csi.survey.codebook import Codebook
from csi.text import Text
from csi.verdict import Verdict

_CODE = re.compile(r"[A-Za-z]\w*[\d_]\w*|[A-Z]{3,}", re.ASCII)
"""Names that cannot be taken for words of a sentence: with a figure or _, or capitals only."""


def with_item_labels(verdicts: Iterable[Verdict], codebook: Codebook) -> tuple[Verdict, ...]:
    """Return verdicts whose sentences name each item by code and label.

    Parameters
    ----------
    verdicts : iterable of Verdict
    codebook : Codebook

    Returns
    -------
    tuple of Verdict
        An item without a label, with a name that could be a word of the sentence, or whose label
        stands in the sentence already stays as it is.

    Examples
    --------
    >>> from csi.survey.codebook import Item
    >>> item = Item(name="Q1", column="Q1", low=1, high=5, label=Text("Speed", "速度"))
    >>> book = Codebook(title=Text("T"), items=(item,))
    >>> said = Verdict("measurement", "loading", "Q1", "poor", Text("Leave out Q1.", "删去Q1。"))
    >>> with_item_labels([said], book)[0].sentence
    Text(en='Leave out Q1 “Speed”.', zh='删去Q1“速度”。')
    """
    named = {
        item.name: item.label
        for item in codebook.items
        if item.label and _CODE.fullmatch(item.name)
    }
    return tuple(replace(said, sentence=_named(said.sentence, named)) for said in verdicts)


def _named(sentence: Text, named: Mapping[str, Text]) -> Text:
    english, chinese = sentence.en, sentence.zh
    for code, label in named.items():
        whole = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(code)}(?![A-Za-z0-9_])")
        if label.within("en") not in english:
            english = whole.sub(_plain(f"{code} “{label.within('en')}”"), english)
        if label.within("zh") not in chinese:
            chinese = whole.sub(_plain(f"{code}“{label.within('zh')}”"), chinese)
    return Text(english, chinese)


def _plain(label: str) -> str:
    """Return a label as a replacement in which a backslash is one."""
    return label.replace("\\", r"\\")
