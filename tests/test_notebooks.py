"""Notebooks are numbered, stored without outputs, short of cell, and their runner sees trouble."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from notebooks.execute import complaints, main, reason

FOLDER = Path(__file__).parents[1] / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
MOST_LINES = 16
PARAMETERS = ["survey_file", "codebook_file", "model_file", "draws", "seed"]
"""The parameters that every notebook has, in this order, before any of its own."""

Notebook = dict[str, Any]


def load(path: Path) -> Notebook:
    notebook: Notebook = json.loads(path.read_text("utf-8"))
    return notebook


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def faults(notebook: Notebook, number: str) -> Iterator[str]:
    """What is not as we keep notebooks."""
    cells = notebook["cells"]
    if not source(cells[0]).startswith(f"# {number} "):
        yield "its title does not begin with its number"
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    named = [name for cell in tagged for name in re.findall(r"^(\w+) =", source(cell), re.M)]
    named = [name for name in named if name != "packaged"]  # a folder that files are named by
    if len(tagged) != 1 or named[: len(PARAMETERS)] != PARAMETERS:
        yield f"no single cell of parameters that begin with {', '.join(PARAMETERS)}"
    code = "\n".join(source(cell) for cell in cells if cell not in tagged)
    if idle := [name for name in named if not re.search(rf"\b{name}\b", code)]:
        yield f"parameters that nothing uses: {', '.join(idle)}"
    if notebook["metadata"]["kernelspec"]["name"] != "python3":
        yield "its kernel is not python3"
    for place, cell in enumerate(cells, 1):
        if cell["cell_type"] != "code":
            continue
        if cell["outputs"]:
            yield f"cell {place}: holds outputs"
        if cell["execution_count"] is not None:
            yield f"cell {place}: holds an execution count"
        if not source(cell).strip():
            yield f"cell {place}: empty"
        if len(source(cell).splitlines()) > MOST_LINES:
            yield f"cell {place}: longer than {MOST_LINES} lines"


def test_notebooks_are_numbered_without_gap() -> None:
    numbers = [path.name[:2] for path in PATHS]
    assert numbers == [f"{place:02d}" for place in range(1, len(PATHS) + 1)]
    assert len(PATHS) == 7
    assert all(re.fullmatch(r"\d\d_[a-z_]+\.ipynb", path.name) for path in PATHS)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_is_kept_clean(path: Path) -> None:
    assert list(faults(load(path), path.name[:2])) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    text = "\n".join(source(cell) for cell in load(path)["cells"] if cell["cell_type"] != "code")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [link for link in links if not (FOLDER / link).exists()] == []


def test_readme_lists_every_notebook() -> None:
    listed = re.findall(r"\((\d\d_\w+\.ipynb)\)", (FOLDER / "README.md").read_text("utf-8"))
    assert listed == [path.name for path in PATHS]


def test_the_gallery_of_the_docs_shows_every_notebook() -> None:
    """`make docs` copies them beside this page, with their outputs."""
    page = (FOLDER.parent / "docs" / "notebooks" / "index.md").read_text("utf-8")
    assert re.findall(r"^(\d\d_\w+)$", page, re.M) == [path.stem for path in PATHS]


@pytest.mark.parametrize("number", ["03", "06", "07"])
def test_figures_in_the_words_are_computed(number: str) -> None:
    """No decimals and years in the prose: they come from cells, whatever survey is there."""
    (path,) = (path for path in PATHS if path.name.startswith(number))
    cells = load(path)["cells"]
    prose = "\n".join(source(cell) for cell in cells if cell["cell_type"] == "markdown")
    assert re.findall(r"\d+[.,]\d+|\b(?:19|20)\d\d\b", prose) == []


EXIT = {"output_type": "error", "ename": "SystemExit", "evalue": "0", "traceback": ["long"]}
"""How nbclient shows ``sys.exit(0)``."""


def code_cell(notebook: Notebook) -> dict[str, Any]:
    cell: dict[str, Any] = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    return cell


def with_output(notebook: Notebook) -> None:
    code_cell(notebook)["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]


def with_count(notebook: Notebook) -> None:
    code_cell(notebook)["execution_count"] = 1


def with_long_cell(notebook: Notebook) -> None:
    code_cell(notebook)["source"] = source(code_cell(notebook)) + "\nprint(1)" * MOST_LINES


def without_parameters(notebook: Notebook) -> None:
    code_cell(notebook)["metadata"] = {}


def with_idle_parameter(notebook: Notebook) -> None:
    code_cell(notebook)["source"] = source(code_cell(notebook)) + "\nnobody = 1"


def with_other_number(notebook: Notebook) -> None:
    notebook["cells"][0]["source"] = "# 09 Another"


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (with_output, "holds outputs"),
        (with_count, "execution count"),
        (with_long_cell, "longer than"),
        (without_parameters, "parameters"),
        (with_idle_parameter, "nobody"),
        (with_other_number, "number"),
    ],
)
def test_a_planted_fault_is_found(plant: Callable[[Notebook], None], words: str) -> None:
    notebook = copy.deepcopy(load(PATHS[0]))
    plant(notebook)
    (fault,) = faults(notebook, "01")
    assert words in fault


@pytest.mark.parametrize(
    ("count", "outputs", "found"),
    [
        (1, [], []),
        (1, [{"output_type": "stream", "name": "stdout", "text": "fine"}], []),
        (None, [], ["1 of 1 code cells not run"]),
        (
            1,
            [{"output_type": "stream", "name": "stderr", "text": ["UserWarning: ", "odd\n"]}],
            ["code cell 1: UserWarning: odd"],
        ),
        (
            1,
            [{"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}],
            ["code cell 1: ValueError: no"],
        ),
        (1, [EXIT], []),
        (1, [EXIT | {"evalue": "2"}], ["code cell 1: SystemExit: 2"]),
    ],
)
def test_the_runner_reports(
    count: int | None, outputs: list[dict[str, Any]], found: list[str]
) -> None:
    cell = {"cell_type": "code", "source": "x", "execution_count": count, "outputs": outputs}
    text = {"cell_type": "markdown", "source": "# Words"}
    assert list(complaints({"cells": [text, cell]})) == found


def test_cells_after_an_exit_are_no_complaint() -> None:
    """The reason is what the cell said before it left; idle cells count only without one."""
    said = {"output_type": "display_data", "data": {"text/markdown": "**Not run:** no file."}}
    first = {"cell_type": "code", "source": "x", "execution_count": 1, "outputs": [said, EXIT]}
    idle = {"cell_type": "code", "source": "x", "execution_count": None, "outputs": []}
    assert reason({"cells": [first, idle]}) == "**Not run:** no file."
    assert list(complaints({"cells": [first, idle]})) == []
    mute = first | {"outputs": [EXIT]}
    assert reason({"cells": [mute, idle]}) == "it gave no reason"
    assert reason({"cells": [first | {"outputs": [said]}, idle]}) == ""


def test_the_real_survey_is_skipped_where_it_is_absent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Run elsewhere, notebook 06 finds no file: the run passes and says why."""
    for needed in ("nbclient", "nbformat", "ipykernel"):
        pytest.importorskip(needed, reason="make notebooks installs it")
    path = tmp_path / "a" / "b" / "06_a_real_survey.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes((FOLDER / path.name).read_bytes())
    assert main([str(path), "--out", str(tmp_path / "out")]) == 0
    said = capfd.readouterr()
    assert "not run to the end: **Not run:** the file" in said.out
    assert "sfo_2010_2018_rawcodes.csv` is absent" in said.out
    assert said.err == ""
    cells = [c for c in load(tmp_path / "out" / path.name)["cells"] if c["cell_type"] == "code"]
    assert all(output["output_type"] != "error" for cell in cells for output in cell["outputs"])
    assert [cell["execution_count"] for cell in cells[:3]] == [1, 2, 3]
    assert {cell["execution_count"] for cell in cells[3:]} == {None}


def test_papermill_changes_the_parameters(tmp_path: Path) -> None:
    """Notebook 01 with other draws, another question and another survey file."""
    pytest.importorskip("papermill", reason="make notebooks installs it")
    pytest.importorskip("ipykernel")
    folder = FOLDER.parent / "data" / "mobile"
    lines = (folder / "survey.csv").read_text("utf-8").splitlines()
    (tmp_path / "less.csv").write_text("\n".join(lines[:1501]) + "\n", "utf-8")
    given = {"survey_file": tmp_path / "less.csv", "draws": 150, "item_shown": "PERQ1"}
    words = [word for name, value in given.items() for word in ("-p", name, str(value))]
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(PATHS[0]), str(out), "-k", "python3", *words]
    subprocess.run(command, check=True, capture_output=True, cwd=FOLDER, timeout=300)
    ran = load(out)
    assert [c for c in ran["cells"] if "injected-parameters" in c["metadata"].get("tags", [])]
    shown = json.dumps([cell.get("outputs") for cell in ran["cells"]])
    assert "1500 rows read" in shown
    assert "150 draws leave" in shown
    assert "Overall quality" in shown
    assert list(complaints(ran)) == []


def test_a_warning_fails_a_real_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """In an environment with a kernel: the last of three cells warns, and the run returns 1."""
    pytest.importorskip("nbclient", reason="make notebooks installs it")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    cells = ["1 + 1", "print('fine')", "import warnings; warnings.warn('careless')"]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    path = tmp_path / "careless.ipynb"
    nbformat.write(made, path)
    assert main([str(path), "--out", str(tmp_path / "out")]) == 1
    said = capfd.readouterr()
    assert "careless.ipynb" in said.out
    assert "code cell 3" in said.err
    assert "careless" in said.err
    assert load(path)["cells"][1]["outputs"] == []
    assert load(tmp_path / "out" / "careless.ipynb")["cells"][1]["outputs"] != []
