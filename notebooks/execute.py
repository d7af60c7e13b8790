"""Run the notebooks from top to bottom; any error, warning or message on stderr fails the run.

``python notebooks/execute.py [--out FOLDER] [--jobs N] [NOTEBOOK ...]`` runs all numbered notebooks
of this folder, or those named, each in a fresh kernel, and writes them with their outputs to the
folder. The notebooks themselves stay without outputs. A notebook that calls ``sys.exit(0)`` since
its data are absent ends there: that is no failure, and what the cell said is printed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
SECONDS_A_CELL = 300
AT_ONCE = 2
"""Notebooks run side by side where there are as many cores."""

Cells = list[dict[str, Any]]


class Ran(NamedTuple):
    """How the run of one notebook went.

    Attributes
    ----------
    found : list of str
        What went wrong; empty for a good run.
    ended : str
        Why the notebook ended early on purpose; empty where it ran to the end.
    seconds : float
    """

    found: list[str]
    ended: str
    seconds: float


def stopped(output: Mapping[str, Any]) -> bool:
    """Tell whether an output is that of ``sys.exit(0)``, by which a notebook ends early."""
    if output["output_type"] != "error":
        return False
    return output["ename"] == "SystemExit" and str(output["evalue"]) in ("", "0", "None")


def reason(notebook: Mapping[str, Any]) -> str:
    """Return what a notebook said when it ended early; empty where it did not.

    Parameters
    ----------
    notebook : mapping
        A notebook with outputs, in the shape of its JSON.

    Examples
    --------
    >>> said = {"output_type": "stream", "name": "stdout", "text": "no file"}
    >>> end = {"output_type": "error", "ename": "SystemExit", "evalue": "0", "traceback": []}
    >>> cell = {"cell_type": "code", "source": "x", "execution_count": 1, "outputs": [said, end]}
    >>> reason({"cells": [cell]})
    'no file'
    """
    for cell in _code(notebook):
        if any(map(stopped, cell["outputs"])):
            words = [_words(output) for output in cell["outputs"] if not stopped(output)]
            return " ".join(filter(None, words)) or "it gave no reason"
    return ""


def complaints(notebook: Mapping[str, Any]) -> Iterator[str]:
    """Yield what went wrong in an executed notebook, cell by cell.

    Parameters
    ----------
    notebook : mapping
        A notebook with outputs, in the shape of its JSON.

    Yields
    ------
    str
        Number of the code cell and what it said: errors, warnings, anything on stderr; then how
        many cells were not run, unless the notebook ended early on purpose.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "x", "execution_count": 1, "outputs": [
    ...     {"output_type": "stream", "name": "stderr", "text": "careless: a warning"}]}
    >>> list(complaints({"cells": [cell]}))
    ['code cell 1: careless: a warning']
    """
    cells = _code(notebook)
    for number, cell in enumerate(cells, 1):
        for output in cell["outputs"]:
            if output["output_type"] == "error" and not stopped(output):
                yield f"code cell {number}: {output['ename']}: {output['evalue']}"
            elif output["output_type"] == "stream" and output["name"] == "stderr":
                yield f"code cell {number}: {''.join(output['text']).strip()}"
    idle = sum(cell["execution_count"] is None for cell in cells)
    if idle and not reason(notebook):
        yield f"{idle} of {len(cells)} code cells not run"


def run(path: Path, out: Path) -> Ran:
    """Run one notebook, write it with its outputs to `out`, and return how it went."""
    import nbformat  # these come with the dependency group `notebooks` only
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    start = time.perf_counter()
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        extra_arguments=["--log-level=40"],  # the kernel's own log, not the warnings of cells
        timeout=SECONDS_A_CELL,
        record_timing=False,  # the copies hold no clock
        resources={"metadata": {"path": str(path.parent)}},
    )
    with suppress(CellExecutionError):  # it stands in the notebook, which is written in any case
        client.execute()
    went = Ran(list(complaints(notebook)), reason(notebook), time.perf_counter() - start)
    for cell in _code(notebook):  # the reason stays, the traceback of the exit goes
        cell["outputs"] = [output for output in cell["outputs"] if not stopped(output)]
    nbformat.write(notebook, out / path.name)
    return went


def main(arguments: list[str] | None = None) -> int:
    """Run the notebooks and return 1 if any of them failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=HERE.parent / "build" / "notebooks")
    parser.add_argument("--jobs", type=int, default=min(AT_ONCE, os.cpu_count() or 1))
    given = parser.parse_args(arguments)
    paths = given.notebooks or sorted(HERE.glob("[0-9]*.ipynb"))
    if not paths:
        print("no notebooks found", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    if min(given.jobs, len(paths)) < 2:
        failed = [_told(path, run(path, given.out)) for path in paths]
        return int(any(failed))
    with ProcessPoolExecutor(given.jobs) as pool:
        begun = {path: pool.submit(run, path, given.out) for path in reversed(paths)}  # long first
        failed = [_told(path, begun[path].result()) for path in paths]
    return int(any(failed))


def _told(path: Path, went: Ran) -> bool:
    """Print how the run of a notebook went, and return whether it failed."""
    ended = f", not run to the end: {went.ended}" if went.ended else ""
    print(f"{path.name}: {went.seconds:.0f} s{', failed' if went.found else ended}", flush=True)
    for line in went.found:
        print(f"  {line}", file=sys.stderr)
    return bool(went.found)


def _code(notebook: Mapping[str, Any]) -> Cells:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _words(output: Mapping[str, Any]) -> str:
    """Return the words of an output: Markdown or text that was shown, or printed."""
    data = output.get("data", {})
    text = data.get("text/markdown") or data.get("text/plain") or output.get("text", "")
    return "".join(text).strip()


if __name__ == "__main__":
    sys.exit(main())
