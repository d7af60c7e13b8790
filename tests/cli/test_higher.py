"""The catalogue model with overall quality above two parts, from a simulated file to the page."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run, invoke

FAST = ("--draws", "100", "--seed", "3")


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated survey on `acsi_split`, two years of 150 customers."""
    folder = tmp_path_factory.mktemp("split") / "survey"
    done = invoke("simulate", "acsi_split", "--years", "2024-2025", "--n", "150", "--seed", "5",
                  "--out", folder)  # fmt: skip
    assert done.exit_code == 0, done.output
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_index_runs_as_published(csi: Run, split: Path, tmp_path: Path) -> None:
    done = csi("index", split / "survey.csv", "--codebook", split / "codebook.toml",
               "--model", "acsi_split", *FAST, "--scores", "--change-split",
               "--out", tmp_path)  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "PLS, path scheme, standardised items, repeated indicators" in done.stderr
    figures = rows_of(tmp_path / "index.csv")
    quality = [row for row in figures if row["construct"] == "Quality"]
    assert [row["n"] for row in quality] == ["150", "150"]
    for row in quality:
        parts = [float(r["index"]) for r in figures
                 if r["year"] == row["year"] and r["construct"] in ("ProductQuality",
                                                                    "ServiceQuality")]  # fmt: skip
        assert len(parts) == 2
        assert float(row["index"]) == pytest.approx(sum(parts) / 2, abs=0.5)  # nearly equal shares
        assert 0.5 < float(row["moe"]) < 4
    paths = {(r["from"], r["to"]) for r in rows_of(tmp_path / "paths.csv")}
    assert ("ProductQuality", "Quality") in paths
    assert ("Quality", "Satisfaction") in paths
    assert ("ProductQuality", "Satisfaction") not in paths
    weights = [r for r in rows_of(tmp_path / "weights.csv") if r["construct"] == "Quality"]
    assert len({r["item"] for r in weights}) == 6
    assert sum(float(r["index_weight"]) for r in weights if r["year"] == "2025") == (
        pytest.approx(1.0, abs=1e-9)
    )
    assert len(rows_of(tmp_path / "items.csv")) == 2 * 16
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "Perceived overall quality" in page
    assert "repeated indicators" in page
    assert "@Quality" not in re.sub(r"<(svg|script).*?</\1>", "", page, flags=re.DOTALL)
    assert list(tmp_path.glob("path_diagram*.svg"))


@pytest.mark.parametrize(
    ("approach", "en", "zh"),
    [
        ("two-stage", "two stages (disjoint)", "两阶段法（分离式）"),
        ("embedded", "two stages (embedded)", "两阶段法（嵌入式）"),
    ],
)
def test_two_stages_and_their_record(
    csi: Run, split: Path, tmp_path: Path, approach: str, en: str, zh: str
) -> None:
    out, again = tmp_path / "out", tmp_path / "again"
    given = (*FAST, "--higher", approach, "--format", "svg")
    done = csi("index", split, *given, "--lang", "zh", "--out", out)
    assert done.exit_code == 0, done.output
    assert zh in done.stderr
    assert zh in (out / "index.html").read_text("utf-8")
    assert json.loads((out / "run.json").read_text("utf-8"))["options"]["higher"] == approach
    done = csi("index", "--from", out / "run.json", "--out", again)
    assert done.exit_code == 0, done.output
    for name in ("index.csv", "paths.csv", "weights.csv", "run.json"):
        assert (out / name).read_bytes() == (again / name).read_bytes(), name
    done = csi("index", split, *given)
    assert en in done.stderr


def test_a_record_from_before_the_option(csi: Run, split: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert csi("index", split, *FAST, "--format", "svg", "--out", out).exit_code == 0
    record = json.loads((out / "run.json").read_text("utf-8"))
    del record["options"]["higher"]
    (out / "run.json").write_text(json.dumps(record), "utf-8")
    done = csi("index", "--from", out / "run.json", "--out", tmp_path / "again")
    assert done.exit_code == 0, done.output
    assert (out / "index.csv").read_bytes() == (tmp_path / "again" / "index.csv").read_bytes()


def test_fit_shows_the_whole(csi: Run, split: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")  # whatever the width of the terminal
    done = csi("fit", split, *FAST, "--where", "year=2025", "--higher", "embedded")
    assert done.exit_code == 0, done.output
    shown = re.sub(r" +", " ", done.stdout)
    assert "Perceived product quality Perceived overall quality 0." in shown
    assert "Expectations Perceived overall quality 0." in shown  # an effect through the parts
    assert "@" not in done.stdout
    assert "two stages (embedded)" in done.stderr


def test_maximum_likelihood_says_what_to_do(csi: Run, split: Path) -> None:
    done = csi("fit", split, *FAST, "--estimator", "ml")
    assert done.exit_code != 0
    told = re.sub(r"\s+", " ", done.output)
    assert "made of ProductQuality and ServiceQuality" in told
    assert "call Quality reflective" in told
    done = csi("fit", split, *FAST, "--consistent")
    assert done.exit_code != 0
    assert "PLSc has no correction for Quality" in re.sub(r"\s+", " ", done.output)


def test_check_and_models_count_questions_once(csi: Run, split: Path) -> None:
    done = csi("check", split)
    assert done.exit_code == 0, done.output
    assert "16 items" in done.output
    assert "22" not in done.output
    shown = csi("models", "show", "acsi_split")
    assert "composite whole of ProductQuality, ServiceQuality" in shown.output
    assert "not supported yet" not in shown.output


@pytest.mark.parametrize("form", ["toml", "lavaan"])
def test_the_model_in_a_file(csi: Run, split: Path, tmp_path: Path, form: str) -> None:
    made = csi("models", "show", "acsi_split", "--form", form)
    assert made.exit_code == 0, made.output
    file = tmp_path / f"model.{'toml' if form == 'toml' else 'lavaan'}"
    file.write_text(made.output, "utf-8")
    done = csi("fit", split, "--model", file, *FAST, "--quiet")
    assert (done.exit_code, done.output) == (0, "")
