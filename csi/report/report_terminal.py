"""The short summary of a report in the terminal: what a reader should know before opening it."""

from __future__ import annotations

from rich.console import Console

from csi.index.values import YearlyIndex
from csi.report.at_a_glance import at_a_glance
from csi.report.view import View
from csi.text import Language

LEFT_OUT = "Not in this report: "
"""How the notes on what a report has not begin."""


def show(yearly: YearlyIndex, console: Console, language: Language = "en") -> None:
    """Print the headline in sentences, and what the report has not.

    Parameters
    ----------
    yearly : YearlyIndex
    console : rich.console.Console
    language : Language
    """
    view = View(yearly, language)
    title = yearly.codebook.title.within(language)
    if title:
        console.print(title, style="bold", markup=False, highlight=False)
    for line in at_a_glance(view):
        console.print(f"- {line}", markup=False, highlight=False)
    for note in left_out(view):
        console.print(note, markup=False, highlight=False, style="dim")


def left_out(view: View) -> tuple[str, ...]:
    """Return what a report has not, with the reasons."""
    return tuple(view.told(note) for note in view.yearly.notes if note.startswith(LEFT_OUT))
