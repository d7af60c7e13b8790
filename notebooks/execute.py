"""Run the notebooks from top to bottom; any error, warning or message on stderr fails the run.

``python notebooks/execute.py [--out FOLDER] [NOTEBOOK ...]`` runs all numbered notebooks of this
folder, or those named, each in a fresh kernel, and writes them with their outputs to the folder.
The notebooks themselves stay without outputs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SECONDS_A_CELL = 300


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
        many cells were not run.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "x", "execution_count": 1, "outputs": [
    ...     {"output_type": "stream", "name": "stderr", "text": "careless: a warning"}]}
    >>> list(complaints({"cells": [cell]}))
    ['code cell 1: careless: a warning']
    """
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, 1):
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                yield f"code cell {number}: {output['ename']}: {output['evalue']}"
            elif output["output_type"] == "stream" and output["name"] == "stderr":
                yield f"code cell {number}: {''.join(output['text']).strip()}"
    idle = sum(cell["execution_count"] is None for cell in cells)
    if idle:
        yield f"{idle} of {len(cells)} code cells not run"


def run(path: Path, out: Path) -> list[str]:
    """Run one notebook, write it with its outputs to `out`, and return what went wrong."""
    import nbformat  # these come with the dependency group `notebooks` only
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        extra_arguments=["--log-level=40"],  # the kernel's own log, not the warnings of cells
        timeout=SECONDS_A_CELL,
        resources={"metadata": {"path": str(path.parent)}},
    )
    with suppress(CellExecutionError):  # it stands in the notebook, which is written in any case
        client.execute()
    nbformat.write(notebook, out / path.name)
    return list(complaints(notebook))


def main(arguments: list[str] | None = None) -> int:
    """Run the notebooks and return 1 if any of them failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=HERE.parent / "build" / "notebooks")
    given = parser.parse_args(arguments)
    paths = given.notebooks or sorted(HERE.glob("[0-9]*.ipynb"))
    if not paths:
        print("no notebooks found", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for path in paths:
        start = time.perf_counter()
        found = run(path, given.out)
        failed += bool(found)
        print(f"{path.name}: {time.perf_counter() - start:.0f} s{', failed' if found else ''}")
        for line in found:
            print(f"  {line}", file=sys.stderr)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
