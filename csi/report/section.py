"""A section of the page, as a value that the template turns into HTML."""

from __future__ import annotations

from dataclasses import dataclass

from csi.report.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart inside the page.

    Attributes
    ----------
    name : str
        Its anchor; no other chart of the page has it.
    svg : str
        An ``<svg>`` element, see :func:`csi.report.inline.inline_svg`.
    group, year : str
        Whose chart it is, as labels; empty where it is of all. Of charts with different labels
        the reader chooses which one is shown.
    note : str
        What is left out, as a sentence.
    """

    name: str
    svg: str
    group: str = ""
    year: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A headline figure.

    Attributes
    ----------
    title : str
        Whose figure it is.
    index, margin : str
        The figure and its margin of error; a dash and nothing where it is not published.
    change : str
        Arrow and change, empty where there is none.
    words : str
        What the change means.
    n : str
    grade : str
        ``rose``, ``fell`` or ``level``: the look of the change.
    """

    title: str
    index: str
    margin: str
    change: str
    words: str
    n: str
    grade: str


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
    charts : tuple of Panel
    sheets : tuple of Sheet
    foot : tuple of str
        Sentences after the tables.
    listed : tuple of str
        A list after the tables.
    pairs : tuple of (term, description)
    graded : tuple of (grade, grade in words, sentence)
        Verdicts.
    cards : tuple of Card
        Headline figures, before all.
    """

    key: str
    title: str
    lead: tuple[str, ...] = ()
    charts: tuple[Panel, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    foot: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    graded: tuple[tuple[str, str, str], ...] = ()
    cards: tuple[Card, ...] = ()

    @property
    def shown(self) -> tuple[Panel, ...]:
        """Charts shown before the reader chooses: those of all, and of the first group and year."""
        group, year = self._first
        return tuple(c for c in self.charts if c.group in ("", group) and c.year in ("", year))

    @property
    def others(self) -> tuple[Panel, ...]:
        """Charts of other groups and years than the first."""
        shown = self.shown
        return tuple(chart for chart in self.charts if chart not in shown)

    @property
    def _first(self) -> tuple[str, str]:
        groups = (chart.group for chart in self.charts if chart.group)
        years = (chart.year for chart in self.charts if chart.year)
        return next(groups, ""), next(years, "")
