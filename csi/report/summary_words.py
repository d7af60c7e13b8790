"""Summaries with their notes and methods in the reader's language too.

A value carries notes and methods as English words; what they are in Chinese is known here.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from csi.report.note_words import in_words
from csi.tabular import Cell, Listing, Shown, Summary, Table, summary_of
from csi.text import Language

SENTENCES = ("note", "problem", "reason", "why")
"""Columns that hold sentences."""


def summary_in_words(value: Shown | pd.DataFrame, language: Language = "zh") -> Summary:
    """Return the summary of a value with its notes and methods in the language.

    Parameters
    ----------
    value : a value of csi, or a data frame of it
    language : {"en", "zh"}

    Returns
    -------
    Summary
        As ``value.summary(language)``; in the data frames of its tables the notes are translated.

    Raises
    ------
    OptionError
        Another language.

    Examples
    --------
    >>> import csi
    >>> made = csi.simulate(csi.models.load("scsb"), years=[2025], n=100, seed=1)
    >>> survey = csi.read_survey(made.answers, made.codebook)
    >>> (rep,) = csi.replicated(survey, made.model, csi.IndexOptions(draws=100))
    >>> facts = {fact.label: fact.value for fact in summary_in_words(rep).facts}
    >>> facts["估计方法"]
    'PLS，路径加权方案，题目标准化'
    """
    made = summary_of(value, language)
    return replace(
        made,
        facts=tuple(replace(fact, value=_told(fact.value, language)) for fact in made.facts),
        tables=tuple(_table(table, language) for table in made.tables),
        lists=tuple(
            Listing(one.title, tuple(in_words(line, language) for line in one.lines))
            for one in made.lists
        ),
    )


def _told(cell: Cell, language: Language) -> Cell:
    return in_words(cell, language) if isinstance(cell, str) and cell else cell


def _table(table: Table, language: Language) -> Table:
    names = table.names or table.columns
    places = {place for place, name in enumerate(names) if name in SENTENCES}
    if not places:
        return table
    rows = tuple(
        tuple(_told(cell, language) if k in places else cell for k, cell in enumerate(row))
        for row in table.rows
    )
    return replace(table, rows=rows)
