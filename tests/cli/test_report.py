"""``csi report``: the summary in the terminal, the files, and the options it shares."""

import json
from pathlib import Path

import pytest

from csi.cli import yearly
from csi.cli.index import index
from csi.cli.report import report
from tests.cli.conftest import Run

FAST = ("--draws", "100", "--seed", "3", "--min-n", "10")


@pytest.fixture(scope="module")
def written(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.cli.conftest import invoke

    place = tmp_path_factory.mktemp("report")
    done = invoke("report", small, *FAST, "--out", place / "one")
    assert done.exit_code == 0, done.output
    (place / "said.txt").write_text(done.stdout, "utf-8")
    return place


def test_the_summary_says_what_matters_and_what_to_open(written: Path) -> None:
    said = (written / "said.txt").read_text("utf-8")
    assert "the index of A is" in said
    assert "has the highest index in 2024" in said or "is first in 2024" in said
    assert f"Open {written / 'one' / 'index.html'}" in said.replace("\n", "")
    assert "Tables (CSV and JSON):" in said
    assert said.count("\n") < 25  # short: tables are in the files
    assert not list((written / "one").glob("*.png"))  # charts are in the page
    assert (written / "one" / "verdicts.csv").exists()


def test_repeated_from_its_record_it_is_the_same(csi: Run, written: Path) -> None:
    done = csi("report", "--from", written / "one" / "run.json", "--out", written / "two", "-q")
    assert (done.exit_code, done.output) == (0, "")
    names = {path.name for path in (written / "one").iterdir()}
    assert names == {path.name for path in (written / "two").iterdir()}
    for name in names:
        one, two = (written / place / name for place in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), name


def test_figures_without_a_report_get_one(csi: Run, small: Path, tmp_path: Path) -> None:
    plain = csi("index", small, *FAST, "--format", "html", "--out", tmp_path / "a", "-q")
    assert plain.exit_code == 0, plain.output
    assert not json.loads((tmp_path / "a" / "run.json").read_text("utf-8"))["options"]["report"]
    assert not (tmp_path / "a" / "verdicts.csv").exists()
    done = csi("report", "--from", tmp_path / "a", "--lang", "zh", "--out", tmp_path / "b")
    assert done.exit_code == 2
    assert "leave out --lang" in done.stderr
    done = csi("report", "--from", tmp_path / "a", "--out", tmp_path / "b", "-q")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "b" / "verdicts.csv").exists()
    assert json.loads((tmp_path / "b" / "run.json").read_text("utf-8"))["options"]["report"]


def test_index_makes_the_report_when_asked(csi: Run, small: Path, tmp_path: Path) -> None:
    done = csi("index", small, *FAST, "--report", "--format", "svg,html", "--out", tmp_path, "-q")
    assert done.exit_code == 0, done.output
    options = json.loads((tmp_path / "run.json").read_text("utf-8"))["options"]
    assert (options["report"], options["formats"], options["office"]) == (True, ["svg"], [])
    assert (tmp_path / "ranks.csv").exists()


def test_wrong_calls_are_told(csi: Run, small: Path, tmp_path: Path) -> None:
    assert "--out" in csi("report", small).stderr
    assert "csi report mobile" in csi("report", "--out", tmp_path).stderr
    wrong = csi("report", small, "--format", "html,docx", "--out", tmp_path)
    assert wrong.exit_code == 2
    assert "docx" in wrong.stderr
    nodes = csi("index", small, "--partial")
    assert nodes.exit_code == 2
    assert "--aggregate FILE" in nodes.stderr


def test_both_commands_take_the_same_options() -> None:
    shared = {param.name for param in report.params}
    assert {param.name for param in index.params} - shared == {"report", "as_json"}
    assert {*yearly.METHOD, *yearly.AS_GIVEN, *yearly.PLACES} <= shared
