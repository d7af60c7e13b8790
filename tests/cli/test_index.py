"""``csi index``: figures on the screen, in files, and again from their record."""

import csv
import json
import re
from pathlib import Path

import pytest

from csi.index import IndexOptions
from csi.run import RunPlan, run_index
from tests.cli.conftest import Run

FAST = ("--draws", "100", "--seed", "3")


def test_the_table_shows_the_figures(csi: Run, small: Path) -> None:
    done = csi("index", small, *FAST)
    assert done.exit_code == 0, done.output
    run = run_index(RunPlan(small, options=IndexOptions(draws=100, seed=3)))
    figures = run.yearly.figures
    headline = figures[figures["construct"] == run.model.index]
    assert len(headline) == 4
    for index, moe, n in headline[["index", "moe", "n"]].itertuples(index=False):
        assert re.search(rf" {index:.1f} +{moe:.1f} +{n} ", done.stdout)
    assert "group, the only group key of the codebook" in done.stderr
    assert "PLS, path scheme, standardised items; index weights own" in done.stderr


def test_all_options_arrive(csi: Run, small: Path, tmp_path: Path) -> None:
    given = {
        "weights": "frozen:2023",
        "missing": "complete",
        "scheme": "centroid",
        "metric": "raw",
        "draws": 120,
        "seed": 8,
        "interval": "bias-corrected",
        "level": 0.9,
        "min_n": 10,
    }
    args = [
        part for name, value in given.items() for part in (f"--{name.replace('_', '-')}", value)
    ]
    more = ("--by", "year", "--group", "none", "--scores", "--format", "svg", "--encoding", "utf-8")
    done = csi("index", small, *args, *more, "--quiet", "--out", tmp_path)
    assert (done.exit_code, done.output) == (0, "")
    options = json.loads((tmp_path / "run.json").read_text("utf-8"))["options"]
    assert {name: options[name] for name in given} == given
    assert (options["by"], options["group"], options["encoding"]) == ("year", "", "utf-8")
    assert (options["scores"], options["formats"]) == (True, ["svg"])
    assert (tmp_path / "scores.csv").exists()
    assert not list(tmp_path.glob("*.png"))
    rows = list(csv.DictReader((tmp_path / "index.csv").read_text("utf-8").splitlines()))
    assert {row["weights"] for row in rows} == {"frozen:2023"}
    assert {row["group"] for row in rows} == {"all"}


def test_consistent_estimation(csi: Run, small: Path) -> None:
    done = csi("index", small, *FAST, "--consistent")
    assert "PLSc, path scheme" in done.stderr


def test_the_same_bytes_from_the_record(csi: Run, small: Path, tmp_path: Path) -> None:
    """Every file is the same: tables, charts, page and record."""
    first, again = tmp_path / "第一次 out", tmp_path / "again"
    done = csi("index", small, *FAST, "--scores", "--lang", "zh", "--out", first)
    assert done.exit_code == 0, done.output
    done = csi("index", "--from", first / "run.json", "--out", again, "--jobs", "2")
    assert done.exit_code == 0, done.output
    files = sorted(path.name for path in first.iterdir())
    assert files == sorted(path.name for path in again.iterdir())
    assert {path.rsplit(".", 1)[1] for path in files} == {
        "csv", "json", "parquet", "html", "png", "svg", "md"
    }  # fmt: skip
    for name in files:
        assert (first / name).read_bytes() == (again / name).read_bytes(), name


def test_one_process_or_two(csi: Run, small: Path, tmp_path: Path) -> None:
    for jobs in ("1", "2"):
        done = csi("index", small, *FAST, "--jobs", jobs, "--format", "svg", "-q", "-o",
                   tmp_path / jobs)  # fmt: skip
        assert done.exit_code == 0, done.output
    one, two = ((tmp_path / jobs / "index.csv").read_bytes() for jobs in ("1", "2"))
    assert one == two


def test_columns_of_the_tables(csi: Run, small: Path, tmp_path: Path) -> None:
    done = csi("index", small, *FAST, "--format", "png", "--out", tmp_path)
    assert f"start with {tmp_path / 'index.html'}" in done.stderr
    wanted = {
        "index": "year,group,construct,index,se,moe,lower,upper,n,n_effective,change,"
        "change_lower,change_upper,p_value,weights,note",
        "paths": "from,to,estimate,se,lower,upper",
        "weights": "construct,item,weight,loading,index_weight",
    }
    for name, columns in wanted.items():
        head = (tmp_path / f"{name}.csv").read_text("utf-8").splitlines()[0].split(",")
        assert [column for column in head if column in columns.split(",")] == columns.split(",")


def test_json_on_standard_output(csi: Run, small: Path) -> None:
    done = csi("index", small, *FAST, "--json")
    content = json.loads(done.stdout)
    assert {row["year"] for row in content["figures"]} == {"2023", "2024"}
    assert content["record"]["options"]["seed"] == 3


def test_in_chinese(csi: Run, small: Path) -> None:
    done = csi("index", small, *FAST, "--lang", "zh")
    assert "样本量" in done.stdout
    assert "随机种子 3" in done.stderr
    assert "分组：group" in done.stderr


def test_settings_of_published_figures_are_named(csi: Run) -> None:
    done = csi("index", "mobile", "--model", "ecsi_mobile", *FAST)
    assert "rest on --metric raw --scheme centroid" in done.stderr
    chosen = csi("index", "mobile", "-m", "ecsi_mobile", *FAST, "--metric", "raw", "--scheme",
                 "centroid")  # fmt: skip
    assert "rest on" not in chosen.stderr


def test_no_figure_at_all_is_an_exit_status(csi: Run, small: Path) -> None:
    done = csi("index", small, *FAST, "--min-n", "1000")
    assert done.exit_code == 1
    assert "No figure of the index could be given" in done.stderr


FAULTS = {
    "no survey": ([], "name a survey"),
    "missing file": (["nosuch.csv"], "survey nosuch.csv: there is no such file"),
    "unknown word": (["mobile", "--scheme", "fast"], "'fast' is not one of 'path'"),
    "impossible": (
        ["mobile", "--draws", "3"],
        "option draws: 3 is not possible; use a number from 100 to 1000000.",
    ),
    "two at once": (["mobile", "--draws", "3", "--level", "7"], "2 faults in the options:"),
    "weights": (["mobile", "--weights", "frozen"], "use own, pooled, equal or frozen:YEAR."),
    "period": (["mobile", "--weights", "frozen:1999", "--draws", "100"], "use one of 2020"),
    "group": (["mobile", "--group", "compny"], "did you mean 'company'?"),
    "from what": (["--from", "nosuch.json"], "nosuch.json: the record cannot be read"),
    "from and more": (["--from", "x.json", "--draws", "200", "--format", "png"],
                      "leave out --draws, --format"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_wrong_is_told(csi: Run, case: str) -> None:
    args, words = FAULTS[case]
    done = csi("index", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_a_changed_survey_is_named(csi: Run, small: Path, tmp_path: Path) -> None:
    for name in ("survey.csv", "codebook.toml", "model.toml"):
        (tmp_path / name).write_bytes((small / name).read_bytes())
    done = csi("index", tmp_path, *FAST, "--format", "svg", "-q", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    with (tmp_path / "survey.csv").open("ab") as file:
        file.write(b"\n")
    done = csi("index", "--from", tmp_path / "out", "--out", tmp_path / "again")
    assert done.exit_code == 2
    assert "survey.csv: is not the file of the record" in done.stderr
    assert not (tmp_path / "again").exists()
