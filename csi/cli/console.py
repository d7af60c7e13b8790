"""Where words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from csi.cli.fault_words import counted, sentence
from csi.errors import Fault
from csi.text import Language

PIPED = 100
"""Width of tables that are not printed on a terminal."""


def results() -> Console:
    """Return the console of standard output."""
    return _console(stderr=False)


def remarks() -> Console:
    """Return the console of standard error."""
    return _console(stderr=True)


def say(*lines: str) -> None:
    """Print lines that are no results, dim, on standard error."""
    console = remarks()
    for line in lines:
        console.print(Text(line, style="dim"), soft_wrap=not console.is_terminal)


def complain(
    faults: Iterable[Fault | str], subject: str = "input", language: Language = "en"
) -> None:
    """Print each fault as one red sentence on standard error, with how many there are."""
    console, found = remarks(), list(faults)
    if len(found) > 1:
        console.print(Text(counted(len(found), subject, language), style="bold red"))
    for fault in found:
        told = Text(_sentence(fault, language), style="red")
        console.print(told, soft_wrap=not console.is_terminal)


@contextmanager
def progress_bar(words: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while something long goes on; none where it is no terminal."""
    console = remarks()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _sentence(fault: Fault | str, language: Language) -> str:
    words = sentence(fault, language).strip()
    stop = "。" if language == "zh" else "."
    return words if words.endswith((".", "?", "!", "。", "？")) else words + stop


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    if stream is None:  # closed by the caller: nobody reads
        return Console(stderr=stderr, quiet=True)
    piped = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(stderr=stderr, highlight=False, width=PIPED if piped else None)
