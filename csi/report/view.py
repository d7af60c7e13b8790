"""A yearly index seen in one language: labels, orders and look-ups that all renderers share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

import pandas as pd

from csi.errors import Fault, ReportError
from csi.index.values import YearlyIndex
from csi.repeats import answered_name
from csi.report.note_labels import with_labels
from csi.report.note_words import in_words
from csi.report.numbers import NONE, text
from csi.report.words import check_language, phrase
from csi.survey.codebook import Item, Key, Meaning
from csi.text import Language

Row = Mapping[str, Any]
"""One row of a table by the names of its columns."""


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table in their order; a missing number is NaN."""
    columns = {
        str(name): [math.nan if cell is pd.NA else cell for cell in frame[name].tolist()]
        for name in frame.columns
    }
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


@dataclass(frozen=True, slots=True)
class View:
    """A `YearlyIndex` and the language to speak of it.

    Attributes
    ----------
    yearly : YearlyIndex
    language : Language
    """

    yearly: YearlyIndex
    language: Language = "en"

    def __post_init__(self) -> None:
        """Refuse a language without words."""
        check_language(self.language)

    def say(self, key: str, **values: object) -> str:
        """Return a phrase in the language of this view."""
        return phrase(key, self.language, **values)

    @property
    def index_name(self) -> str:
        """Name of the construct that is published."""
        return self.yearly.model.index

    @property
    def years(self) -> tuple[str, ...]:
        """Years in the order of the codebook, else by number, else as text."""
        found = [str(year) for year in self.yearly.figures["year"].unique()]
        known = list(self._time.values) if self._time else []
        if known and set(found) <= set(known):
            return tuple(sorted(found, key=known.index))
        if all(year.isdigit() for year in found):
            return tuple(sorted(found, key=int))
        return tuple(sorted(found))

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in the order of the figures."""
        return tuple(str(group) for group in self.yearly.figures["group"].unique())

    @property
    def one_group(self) -> bool:
        """Tell whether the survey is not divided into groups."""
        return len(self.groups) == 1

    def construct(self, name: str) -> str:
        """Return the label of a construct."""
        return self.yearly.model.construct(name).label.within(self.language) or name

    def item(self, name: str) -> str:
        """Return the label of an item."""
        found = self._asked(name)
        return (found.label.within(self.language) if found else "") or answered_name(name)

    def known(self, name: str) -> bool:
        """Tell whether the codebook has an item."""
        return self._asked(name) is not None

    def wording(self, name: str) -> str:
        """Return the question as asked, empty where the codebook has no wording."""
        found = self._asked(name)
        return found.wording.within(self.language) if found else ""

    def meaning(self, value: str) -> str:
        """Return why an answer is missing, in words."""
        return self.say(value) if value in get_args(Meaning) else value

    def told(self, note: object) -> str:
        """Return a note or a reason in the language of this view; empty where there is none.

        In Chinese, codes of groups, keys and constructs give way to their labels.
        """
        said = in_words(text(note), self.language)
        return with_labels(said, self._labels()) if self.language == "zh" else said

    def yes(self, value: object) -> str:
        """Return yes or no, a dash where neither is known."""
        return NONE if value is None or value != value else self.say("yes" if value else "no")

    def group(self, value: str) -> str:
        """Return the label of a group."""
        return self._label(self._group, value, "all_groups")

    def year(self, value: str) -> str:
        """Return the label of a year for a table or an axis."""
        return self._label(self._time, value, "all_years")

    def year_in_words(self, value: str) -> str:
        """Return the year as it stands in a sentence: ``2024``, or ``2024年`` in Chinese."""
        plain_year = value.isdigit() and len(value) == 4
        return f"{value}年" if plain_year and self.language == "zh" else self.year(value)

    def key_label(self, which: str) -> str:
        """Return the label of the time (``year``) or of the groups (``group``)."""
        key = self._time if which == "year" else self._group
        return (key.label.within(self.language) if key else "") or self.say(which)

    def series(self, construct: str, group: str) -> pd.DataFrame:
        """Return the figures of one construct and group, one row a year (NaN: none)."""
        figures = self.yearly.figures
        rows = figures[(figures["construct"] == construct) & (figures["group"] == group)]
        return rows.set_index("year").reindex(list(self.years))

    def of_year(self, construct: str, year: str) -> pd.DataFrame:
        """Return the figures of one construct and year, one row a group."""
        figures = self.yearly.figures
        rows = figures[(figures["construct"] == construct) & (figures["year"] == year)]
        return rows.set_index("group").reindex(list(self.groups))

    def by_year(self, construct: str, group: str) -> dict[str, Row]:
        """Return the rows of :meth:`series` by year."""
        return dict(zip(self.years, rows_of(self.series(construct, group)), strict=True))

    def by_group(self, construct: str, year: str) -> dict[str, Row]:
        """Return the rows of :meth:`of_year` by group."""
        return dict(zip(self.groups, rows_of(self.of_year(construct, year)), strict=True))

    def latest(self, frame: pd.DataFrame) -> str:
        """Return the last year that has rows in `frame`; the last year of all where none has."""
        there = {str(year) for year in frame["year"]}
        return next((year for year in reversed(self.years) if year in there), self.years[-1])

    def table(self, name: str) -> pd.DataFrame:
        """Return a further table.

        Raises
        ------
        ReportError
            Where the figures have none of that name.
        """
        if name in self.yearly.tables:
            return self.yearly.tables[name]
        shown = ", ".join(self.yearly.tables) or "none"
        fix = f"add it with yearly.with_tables({name}=...), or run csi index; there are: {shown}"
        raise ReportError(Fault(f"tables[{name!r}]", "is not among the tables", fix))

    def require(self, kind: str, value: str, known: tuple[str, ...]) -> str:
        """Return `value` if it is among `known`.

        Raises
        ------
        ReportError
            Otherwise, with the nearest known value.
        """
        if value in known:
            return value
        near = get_close_matches(value, known, 1, 0.4)
        hint = f"did you mean {near[0]!r}? " if near else ""
        shown = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
        raise ReportError(Fault(kind, f"there is no {value!r}", f"{hint}known are {shown}"))

    def _asked(self, name: str) -> Item | None:
        """Return the item of the codebook; that of ``ITEM`` for ``ITEM@Whole``."""
        try:
            return self.yearly.codebook.item(name)
        except KeyError:
            return None

    def _labels(self) -> dict[str, str]:
        """Return the labels of codes that notes name: groups, keys, constructs."""
        keys = [key for key in (self._time, self._group) if key is not None]
        found = {key.name: key.label.within(self.language) for key in keys}
        found |= {group: self.group(group) for group in self.groups if group != "all"}
        return found | {name: self.construct(name) for name in self.yearly.model.names}

    @property
    def _time(self) -> Key | None:
        return self.yearly.codebook.time

    @property
    def _group(self) -> Key | None:
        wanted = self.yearly.metric.group
        return next((key for key in self.yearly.codebook.groups if key.name == wanted), None)

    def _label(self, key: Key | None, value: str, everything: str) -> str:
        if key and value in key.values:
            return key.values[value].within(self.language) or value
        return self.say(everything) if value == "all" else value
