"""The verdicts of an assessment in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text as Words

from csi.assess.assessment import Assessment
from csi.report.assessment_page import graded_lines, lead, left_out_in_words
from csi.report.lettering import wrap
from csi.report.words import phrase
from csi.text import Language

STYLES = {"poor": "bold red", "doubtful": "yellow", "good": "green", "told": "dim"}


def show(
    found: Assessment, console: Console, language: Language = "en", *, everything: bool = False
) -> None:
    """Print the verdicts topic by topic, the worst first.

    Parameters
    ----------
    found : Assessment
    console : rich.console.Console
    language : Language
    everything : bool
        Also the good ones; else they are counted.
    """
    for line in lead(found, language):
        console.print(line, markup=False)
    for topic in found.topics:
        console.print()
        console.print(phrase(f"topic_{topic}", language), style="bold", markup=False)
        own = graded_lines(found.about(topic), language)
        shown = [line for line in own if everything or line[0] != "good"]
        for grade, word, sentence in shown:
            console.print(_line(word, STYLES[grade], sentence, console.width, language))
        if good := len(own) - len(shown):
            key = ("good_folded" if shown else "good_all") + ("_one" if good == 1 else "")
            console.print(phrase(key, language, count=good), style="dim", markup=False)
    if found.left_out:
        console.print()
    for reason in found.left_out:
        console.print(f"- {left_out_in_words(reason, language)}", markup=False)


def _line(word: str, style: str, sentence: str, columns: int, language: Language) -> Words:
    """Return grade and sentence; Chinese is broken here, as it has no spaces to break at."""
    mark = "：" if language == "zh" else ": "
    shown = sentence if language == "en" else wrap(f"{word}{mark}{sentence}", columns)
    if language == "zh":
        shown = shown[len(word) + len(mark) :]
    return Words.assemble((f"{word}{mark}", style), shown)
