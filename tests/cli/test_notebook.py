"""``csi notebook``: arguments to the call, and what goes wrong in sentences."""

import json
from pathlib import Path
from typing import get_args

from csi.cli.notebook import ROADS
from csi.run.notebook_cells import Road
from tests.cli.conftest import Run


def test_the_roads_are_those_of_the_library() -> None:
    assert get_args(Road) == ROADS


def test_it_writes_a_notebook(csi: Run, small: Path, tmp_path: Path) -> None:
    place = tmp_path / "mine.ipynb"
    done = csi("notebook", place, "--survey", small, "--road", "sem", "--lang", "zh")
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "已写入" in done.stderr
    text = "".join("".join(cell["source"]) for cell in json.loads(place.read_text())["cells"])
    assert "协方差结构模型" in text
    assert "csi.sem.fit" in text


def test_it_does_not_replace_a_file_unasked(csi: Run, small: Path, tmp_path: Path) -> None:
    place = tmp_path / "mine.ipynb"
    place.write_text("mine", "utf-8")
    done = csi("notebook", place, "--survey", small)
    assert done.exit_code == 2
    assert "is there already; give another name, or --force to replace it." in done.stderr
    assert place.read_text("utf-8") == "mine"
    done = csi("notebook", place, "--survey", small, "--force", "--quiet")
    assert (done.exit_code, done.output) == (0, "")
    assert json.loads(place.read_text("utf-8"))["nbformat"] == 4


def test_faults_of_all_inputs_at_once(csi: Run, small: Path, tmp_path: Path) -> None:
    done = csi("notebook", tmp_path / "a.txt", "--survey", small, "--model", "ecsi")
    assert done.exit_code == 2
    assert "faults in the input" in done.stderr
    assert "call it a.ipynb" in done.stderr
    assert "is not an item of the codebook" in done.stderr
    assert not (tmp_path / "a.txt").exists()


def test_groups_may_be_left_out(csi: Run, small: Path, tmp_path: Path) -> None:
    place = tmp_path / "mine.ipynb"
    assert csi("notebook", place, "--survey", small, "--group", "none").exit_code == 0
    assert "league_table" not in place.read_text("utf-8")
    assert "survey is needed" not in csi("notebook", place).stderr
    assert "Missing option" in csi("notebook", place).stderr
