"""``csi assess``: verdicts printed, files written, faults in one line."""

from dataclasses import fields
from pathlib import Path

from csi.cli.assess import METHOD, assess
from csi.estimate.pls import PLSOptions
from csi.index import IndexOptions
from tests.cli.conftest import Run

FAST = ("--draws", "120", "--permutations", "99")


def test_verdicts_are_printed_by_topic_and_good_ones_counted(csi: Run, small: Path) -> None:
    done = csi("assess", small, *FAST, "--only", "measurement", "--only", "structure")
    assert done.exit_code == 0, done.output
    assert "\nMeasurement\n" in done.output
    assert "\nStructure\n" in done.output
    assert "verdicts are good" in done.output
    assert "\nPrediction\n" not in done.output
    every = csi("assess", small, *FAST, "--only", "measurement", "--all")
    assert "Good: " in every.output
    assert "verdicts are good" not in every.output


def test_chinese(csi: Run, small: Path, tmp_path: Path) -> None:
    done = csi("assess", small, *FAST, "--lang", "zh", "--only", "measurement", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert "测量质量" in done.output
    assert (tmp_path / "index.html").read_text("utf-8").count("测量质量") > 1
    assert "潜变量" in (tmp_path / "README.md").read_text("utf-8")


def test_quiet_prints_nothing_and_writes(csi: Run, small: Path, tmp_path: Path) -> None:
    done = csi("assess", small, *FAST, "--only", "answers", "-q", "--out", tmp_path)
    assert (done.exit_code, done.output) == (0, "")
    assert (tmp_path / "verdicts.csv").is_file()


def test_no_comparison_where_none_is_wanted(csi: Run, small: Path) -> None:
    done = csi("assess", small, *FAST, "--only", "comparability", "--by", "none")
    assert done.exit_code == 0, done.output
    assert "no key to compare over" in " ".join(done.output.split())


def test_faults(csi: Run, small: Path, tmp_path: Path) -> None:
    done = csi("assess", small, "--only", "segments")
    assert done.exit_code != 0
    assert "needs a number of them" in done.output
    done = csi("assess", small, "--where", "year")
    assert "write it as KEY=VALUE" in done.output
    (tmp_path / "README.md").write_text("mine", "utf-8")
    done = csi("assess", small, "--out", tmp_path)
    assert "would be replaced" in done.output


def test_the_index_can_be_assessed_and_repeated(csi: Run, small: Path, tmp_path: Path) -> None:
    out, again = tmp_path / "out", tmp_path / "again"
    args = ("--draws", "120", "--assess", "--comparability", "-q")
    done = csi("index", small, *args, "--out", out)
    assert done.exit_code == 0, done.output
    page = (out / "index.html").read_text("utf-8")
    assert '<section id="assessment"' in page
    assert '<section id="comparability"' in page
    assert csi("index", "--from", out / "run.json", "-q", "--out", again).exit_code == 0
    for path in sorted(out.iterdir()):
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_every_option_of_the_fit_is_passed_on() -> None:
    """An option that the command takes and does not use would be a lie."""
    names = {parameter.name for parameter in assess.params}
    fields_of = {field.name for kind in (IndexOptions, PLSOptions) for field in fields(kind)}
    assert (names & fields_of) - {"consistent"} == set(METHOD)
