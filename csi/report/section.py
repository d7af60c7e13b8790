"""A section of the page, as a value that the template turns into HTML."""

from __future__ import annotations

from dataclasses import dataclass

from csi.report.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page.

    Attributes
    ----------
    key : str
        Its anchor.
    title : str
    lead : tuple of str
        Sentences before the charts.
    charts : tuple of (alternative text, picture as data address)
    sheets : tuple of Sheet
    foot : tuple of str
        Sentences after the tables.
    listed : tuple of str
        A list after the tables.
    pairs : tuple of (term, description)
    graded : tuple of (grade, grade in words, sentence)
        Verdicts.
    """

    key: str
    title: str
    lead: tuple[str, ...] = ()
    charts: tuple[tuple[str, str], ...] = ()
    sheets: tuple[Sheet, ...] = ()
    foot: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    graded: tuple[tuple[str, str, str], ...] = ()
