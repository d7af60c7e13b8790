"""A run gives what its parts give, writes it, and records what it was made from."""

import hashlib
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.errors import OptionError
from csi.estimate.pls import PLSOptions
from csi.index import IndexOptions, yearly
from csi.model import read_model
from csi.run import IndexRun, RunPlan, figures_json, index_options, run_index, write_run
from csi.survey import read_codebook, read_survey

FAST = IndexOptions(draws=100, seed=3)


@pytest.fixture(scope="module")
def done(small: Path) -> IndexRun:
    return run_index(RunPlan(small, options=FAST, formats=("svg",), scores=True))


@pytest.fixture(scope="module")
def written(done: IndexRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "figures"
    write_run(done, folder)
    return folder


def test_the_figures_are_those_of_the_parts(small: Path, done: IndexRun) -> None:
    survey = read_survey(small / "survey.csv", read_codebook(small / "codebook.toml"))
    direct = yearly(survey, read_model(small / "model.toml"), group="group", options=FAST)
    for name in ("figures", "paths", "effects", "weights", "quality", "fits"):
        pd.testing.assert_frame_equal(getattr(direct, name), getattr(done.yearly, name))
    assert not done.empty


def test_the_only_group_is_taken_unless_none_is_wanted(small: Path, done: IndexRun) -> None:
    assert (done.plan.by, done.plan.group) == ("year", "group")
    without = run_index(RunPlan(small, by="", group="", options=FAST))
    assert without.yearly.figures[["year", "group"]].drop_duplicates().to_numpy().tolist() == [
        ["all", "all"]
    ]
    assert (without.plan.by, without.plan.group) == ("", "")


def test_unknown_keys_are_told_at_once(small: Path) -> None:
    with pytest.raises(OptionError) as caught:
        run_index(RunPlan(small, by="yaer", group="grup", options=FAST))
    assert [fault.fix for fault in caught.value.faults] == [
        "did you mean 'year'?",
        "did you mean 'group'?",
    ]
    with pytest.raises(OptionError, match="is the group, too"):
        run_index(RunPlan(small, by="group", group="group", options=FAST))
    with pytest.raises(OptionError, match="year: is not a group of the codebook"):
        run_index(RunPlan(small, group="year", options=FAST))


def test_progress_counts_the_groups(small: Path) -> None:
    seen: list[tuple[int, int]] = []
    run_index(RunPlan(small, options=FAST), lambda done, total: seen.append((done, total)))
    assert seen[-1] == (4, 4)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_no_figure_at_all_is_known(small: Path) -> None:
    run = run_index(RunPlan(small, options=replace(FAST, min_n=1000)))
    assert run.empty


def test_the_record(small: Path, done: IndexRun, written: Path) -> None:
    record = json.loads((written / "run.json").read_text("utf-8"))
    for name, file in (("survey", "survey.csv"), ("codebook", "codebook.toml")):
        digest = hashlib.sha256((small / file).read_bytes()).hexdigest()
        assert record[name]["sha256"] == digest
        assert (written / record[name]["path"]).resolve() == (small / file).resolve()
    options = record["options"]
    assert (options["draws"], options["seed"], options["scheme"]) == (100, 3, "path")
    assert "jobs" not in options
    assert set(record["versions"]) >= {"csi", "python", "numpy", "pandas", "scipy"}
    text = (written / "run.json").read_text("utf-8")
    assert not re.search(r'"/|"[A-Z]:\\|\d\d:\d\d:\d\d|20\d\d-\d\d-\d\d', text)
    assert "path" not in json.dumps(done.record["survey"])  # folders are no part of the page


def test_the_record_names_catalogue_and_package() -> None:
    run = run_index(RunPlan("mobile", model="ecsi_mobile", options=FAST))
    record = json.loads(json.dumps(run.record))
    assert record["survey"]["packaged"] == record["codebook"]["packaged"] == "mobile"
    assert record["model"]["catalogue"] == "ecsi_mobile"


def test_one_process_or_two_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    for jobs in (1, 2):
        run = run_index(RunPlan(small, options=replace(FAST, jobs=jobs)))
        write_run(run, tmp_path / str(jobs))
    files = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "2").iterdir())
    for name in files:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_scores_by_hand(small: Path, written: Path) -> None:
    """A score is the weighted mean of the answers on 0-100, with the weights of the index."""
    answers = pd.read_csv(small / "survey.csv", dtype={"respondent": str, "year": str})
    weights = pd.read_csv(written / "weights.csv", dtype={"year": str})
    scores = pd.read_csv(written / "scores.csv", dtype={"respondent": str, "year": str})
    assert len(scores) == len(answers)
    codebook = read_codebook(small / "codebook.toml")
    model = read_model(small / "model.toml")
    for row in (0, 100, 250):
        who = answers.iloc[row]
        own = weights[
            (weights["year"] == who["year"])
            & (weights["group"] == who["group"])
            & (weights["construct"] == model.index)
        ]
        above = below = 0.0
        for item, weight in zip(own["item"], own["index_weight"], strict=True):
            scale = codebook.item(item)
            above += weight * (who[scale.column] - scale.low)
            below += weight * (scale.high - scale.low)
        assert math.isclose(scores.iloc[row][model.index], 100 * above / below, rel_tol=1e-12)


def test_the_mean_score_is_the_index(done: IndexRun, written: Path) -> None:
    """Without weights and gaps the index of a group is the mean of its scores."""
    scores = pd.read_csv(written / "scores.csv", dtype={"year": str})
    means = scores.groupby(["year", "group"])[done.model.index].mean()
    figures = done.yearly.figures
    own = figures[figures["construct"] == done.model.index].set_index(["year", "group"])["index"]
    np.testing.assert_allclose(means.sort_index(), own.sort_index(), rtol=1e-9)


def test_the_readme_says_what_scores_are(done: IndexRun, written: Path, tmp_path: Path) -> None:
    readme = (written / "README.md").read_text("utf-8")
    assert "## scores.csv (320 rows)" in readme
    columns = pd.read_csv(written / "scores.csv").columns
    assert all(f"`{column}`" in readme for column in columns)


def test_figures_as_json(done: IndexRun) -> None:
    content = json.loads(figures_json(done))
    assert len(content["figures"]) == len(done.yearly.figures)
    first = content["figures"][0]
    assert first["index"] == done.yearly.figures["index"].iloc[0]
    assert first["change"] is None  # the first year has no change
    assert content["record"]["options"]["draws"] == 100


def test_options_from_one_flat_set() -> None:
    assert index_options() == IndexOptions()
    chosen = index_options(metric="raw", scheme="centroid", draws=500, level=None)
    assert (chosen.pls.metric, chosen.pls.scheme, chosen.draws) == ("raw", "centroid", 500)
    assert chosen.level == IndexOptions().level
    with pytest.raises(OptionError) as caught:
        index_options(metric="rough", draws=1)
    assert [fault.where for fault in caught.value.faults] == ["option metric", "option draws"]


def test_a_plan_refuses_what_the_report_cannot_write() -> None:
    with pytest.raises(OptionError) as caught:
        RunPlan("mobile", language="fr", formats=("gif",))  # type: ignore[arg-type]
    assert len(caught.value.faults) == 2


def test_both_estimators_whatever_the_options_of_pls(small: Path) -> None:
    """Options of PLS are of its figures alone: maximum likelihood beside them takes none."""
    options = IndexOptions(draws=100, min_n=0, pls=PLSOptions(scheme="centroid"))
    found = run_index(RunPlan(small, options=options, both_estimators=True)).yearly
    table = found.tables["estimators"].set_index(["year", "group", "construct"])
    own = found.figures.set_index(["year", "group", "construct"])["index"]
    np.testing.assert_array_equal(table["index"], own[table.index])
    ml = run_index(RunPlan(small, options=IndexOptions(draws=100, min_n=0, estimator="ml"))).yearly
    other = ml.figures.set_index(["year", "group", "construct"])["index"]
    np.testing.assert_array_equal(table["other_index"], other[table.index])
