"""A summary as a value: facts, tables and lists of sentences, with their views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from csi.lazy import lazy_module
from csi.tabular import forms
from csi.tabular.lettering import centred, latex, padded, width_of, wrapped
from csi.tabular.table import MOST_ROWS, Cell, Decimals, Table, shown
from csi.text import Language

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy_module("pandas")  # models show themselves too, and need none of it

NARROW, SHORT = 78, 30
"""Least width of the text, and the longest fact that shares its line with another."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its value, unrounded.

    Attributes
    ----------
    label : str
    value : str, float, int, bool or None
    decimals : int or "p"
        Shown for a number that is not whole by type.
    """

    label: str
    value: Cell
    decimals: Decimals = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """A titled list of sentences."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a result is, the figures wanted first, how it ended and what was left out.

    Attributes
    ----------
    title : str
    facts : tuple of Fact
        The header.
    tables : tuple of Table
        With all rows and unrounded numbers; views show 60 rows and say how many are left out.
    lists : tuple of Listing
        Verdicts and notes.
    language : {"en", "zh"}

    Examples
    --------
    >>> made = Summary("Fit", (Fact("Respondents", 250), Fact("R2", 0.68114)),
    ...                (Table("Paths", ("path", "coef"), (("S ~ Q", 0.5012),)),))
    >>> print(made)
                                         Fit
    ==============================================================================
    Respondents:  250    R2:  0.681
    ==============================================================================
    Paths
    ------------------------------------------------------------------------------
    path    coef
    S ~ Q  0.501
    ==============================================================================
    >>> made
    Summary 'Fit': 2 facts, 1 tables, 0 lists
    >>> made.to_frame()["coef"].tolist()
    [0.5012]
    """

    title: str
    facts: tuple[Fact, ...] = ()
    tables: tuple[Table, ...] = ()
    lists: tuple[Listing, ...] = ()
    language: Language = "en"

    def __repr__(self) -> str:
        """Say in one line what the summary holds."""
        return (
            f"Summary {self.title!r}: {len(self.facts)} facts, {len(self.tables)} tables, "
            f"{len(self.lists)} lists"
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Return the labels of the header with their values as text."""
        return [(f.label, shown(f.value, f.decimals, self.language)) for f in self.facts]

    def table(self, title: str) -> Table:
        """Return the table with a title; a KeyError that names the titles where there is none."""
        for table in self.tables:
            if table.title == title:
                return table
        raise KeyError(f"{title!r}; there are {[table.title for table in self.tables]}")

    def to_frame(self, title: str | None = None) -> pd.DataFrame:
        """Return a table as a data frame, unrounded: the first one, or the one with the title.

        The header is the data frame where there are no tables.
        """
        if title is None and not self.tables:
            return pd.DataFrame([(f.label, f.value) for f in self.facts], columns=["fact", "value"])
        return (self.tables[0] if title is None else self.table(title)).to_frame()

    def to_text(self, *, rows: int | None = None) -> str:
        """Return the text; the first `rows` of each table only, where told."""
        blocks = [_fact_lines(self.pairs())] if self.facts else []
        for table in self.tables:
            short, left = table.head(rows)
            head, *body = short.lines()
            blocks.append([table.title, "-", head, *body, *([left] if left else [])])
        width = max([NARROW, *(width_of(line) for block in blocks for line in block)])
        for listing in self.lists:
            blocks.append([listing.title, *_numbered(listing.lines, width)])
        rule = "=" * width
        lines = [centred(self.title, width), rule]
        for block in blocks:
            lines += ["-" * width if line == "-" else line for line in block] + [rule]
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the text, of at most 60 rows a table."""
        return self.to_text(rows=MOST_ROWS)

    def to_html(self, *, rows: int | None = None) -> str:
        """Return a piece of HTML; the first `rows` of each table only, where told."""
        lists = "".join(
            f"<p><strong>{escape(one.title)}</strong></p><ol>"
            + "".join(f"<li>{escape(line)}</li>" for line in one.lines)
            + "</ol>"
            for one in self.lists
        )
        tables = "".join(table.to_html(rows=rows) for table in self.tables)
        lang = "zh-CN" if self.language == "zh" else "en"
        return (
            f'<div class="csi-summary" lang="{lang}"><p><strong>{escape(self.title)}</strong></p>'
            f"{forms.html_facts(self.pairs())}{tables}{lists}</div>"
        )

    def _repr_html_(self) -> str:
        return self.to_html(rows=MOST_ROWS)

    def to_markdown(self, *, rows: int | None = None) -> str:
        """Return Markdown: header, tables and lists one after the other."""
        parts = [f"## {' '.join(self.title.split())}"]
        if self.facts:
            parts.append(Table("", ("", ""), tuple(self.pairs())).to_markdown())
        parts += [table.to_markdown(title=True, rows=rows) for table in self.tables]
        for one in self.lists:
            numbered = [f"{k}. {line}" for k, line in enumerate(one.lines, 1)]
            parts.append("\n".join([f"**{one.title}**", "", *numbered]))
        return "\n\n".join(parts)

    def to_latex(self) -> str:
        """Return LaTeX (booktabs): the header as a table, each table, the lists."""
        parts = []
        if self.facts:
            own = forms.latex_table(self.pairs(), (False, False), caption=self.title, head=False)
            parts.append(own)
        parts += [table.to_latex() for table in self.tables]
        for one in self.lists:
            items = [rf"\item {latex(line)}" for line in one.lines]
            head = rf"\paragraph{{{latex(one.title)}}}"
            parts.append("\n".join([head, r"\begin{enumerate}", *items, r"\end{enumerate}"]))
        return "\n\n".join(parts)


def _fact_lines(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return the short facts of the header in two columns, the long ones below."""
    short = [pair for pair in pairs if width_of(pair[1]) <= SHORT]
    long = [pair for pair in pairs if width_of(pair[1]) > SHORT]
    half = (len(short) + 1) // 2
    left, right = _aligned(short[:half]), _aligned(short[half:])
    width = max(map(width_of, left), default=0)
    right += [""] * (len(left) - len(right))
    both = zip(left, right, strict=True)
    return [f"{padded(one, width)}    {other}".rstrip() for one, other in both] + [
        line
        for label, value in long
        for line in wrapped(value, NARROW, first=f"{label}:  ", further="    ")
    ]


def _aligned(pairs: Sequence[tuple[str, str]]) -> list[str]:
    width = max((width_of(label) for label, _ in pairs), default=0)
    return [f"{padded(label + ':', width + 1)}  {value}".rstrip() for label, value in pairs]


def _numbered(lines: Sequence[str], width: int) -> list[str]:
    out = []
    for k, line in enumerate(lines, 1):
        mark = f"[{k}] "
        out += wrapped(line, width, first=mark, further=" " * len(mark))
    return out
