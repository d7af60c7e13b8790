"""Figures of a part of a survey, labelled with the part instead of "all"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from csi.index.values import YearlyIndex
from csi.survey.codebook import Codebook, Key
from csi.text import Text


def of_part(yearly: YearlyIndex, where: Mapping[str, tuple[str, ...]]) -> YearlyIndex:
    """Return figures of respondents chosen by `where` with those values as their period.

    Parameters
    ----------
    yearly : YearlyIndex
        Without time and groups.
    where : mapping of key to values
        Which respondents they are of; nothing changes where it is empty.
    """
    if not where or set(yearly.figures["year"]) != {"all"}:
        return yearly
    book = yearly.codebook
    parts = [_label(book, name, value) for name, values in where.items() for value in values]
    words = Text(
        ", ".join(part.within("en") for part in parts),
        "、".join(part.within("zh") for part in parts),
    )
    label = book.time.label if book.time else Text()
    time = Key(name="part", column="part", label=label, values={"all": words})
    return replace(yearly, codebook=replace(book, time=time, unweighted=()))


def _label(book: Codebook, name: str, value: str) -> Text:
    """Return the label of a value of a key in both languages."""
    key = next((key for key in book.keys if key.name == name), None)
    label = key.values.get(value, Text()) if key else Text()
    year = book.time is not None and name == book.time.name
    plain = f"{value}年" if year and value.isdigit() and len(value) == 4 else value
    return Text(label.within("en") or value, label.within("zh") or plain)
