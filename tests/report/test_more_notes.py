"""Notes of the design, of replicates and of the further tables: said in Chinese, none left out."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

import csi
from csi.compare.aggregation import Hierarchy, Member
from csi.index.values import YearlyIndex
from csi.moments.replicate_plan import plan_replicates
from csi.report.note_words import in_words
from csi.run.comparisons import with_comparisons
from csi.run.plan import RunPlan
from csi.survey.bootstrap_weights import with_bootstrap_weights
from csi.survey.survey import Survey

MODEL = csi.models.load("ecsi_mobile")
NAMES = "|".join(MODEL.names) + r"|aurora|borealis|cirrus|dorado|phones|post|all|[A-Z]{4}\d?"


def told(note: str) -> str:
    """Return a note in Chinese without the names in it."""
    return re.sub(NAMES, "", in_words(note, "zh"))


@pytest.fixture(scope="module")
def survey() -> Survey:
    """Four companies, one of them too small and one absent in the first year, items that go."""
    simulated = csi.simulate(
        MODEL, years=[2020, 2021], groups=["aurora", "borealis", "cirrus", "dorado"], n=80, seed=4
    )
    answers = simulated.answers.copy()
    first = answers["year"].astype(str) == "2020"
    answers.loc[first & (answers["group"] == "aurora"), "CUSA3"] = np.nan
    gone = answers[first & (answers["group"] == "cirrus")].index
    few = answers[first & (answers["group"] == "borealis")].index[40:]
    late = answers[~first & (answers["group"] == "dorado")].index
    return csi.read_survey(answers.drop([*gone, *few, *late]), simulated.codebook)


@pytest.fixture(scope="module")
def found(survey: Survey) -> YearlyIndex:
    options = csi.IndexOptions(draws=100, missing="pairwise")
    figures = csi.yearly(survey, MODEL, group="group", options=options)
    members = (
        Member("aurora", "phones", 60),
        Member("borealis", "phones", 40),
        Member("cirrus", "post", 40),
        Member("phones", "all", 3),
        Member("post", "all", 1),
        Member("all"),
    )
    plan = RunPlan("x", ranks=True, change_split=True)
    return with_comparisons(figures, plan, Hierarchy(members, "weights", partial=True))


def test_every_note_of_a_run_is_told_in_chinese(found: YearlyIndex) -> None:
    frames = [found.figures, *found.tables.values()]
    notes = {note for frame in frames if "note" in frame for note in frame["note"].dropna() if note}
    assert len(notes) >= 12
    for note in notes:
        assert re.search("[一-鿿]", told(note)), note
        assert not re.search("[a-zA-Z]{3,}", told(note)), (note, told(note))


@pytest.mark.parametrize("method", ["bootstrap", "jackknife", "gaussian", "delta"])
def test_every_method_of_replicates_is_told_in_chinese(survey: Survey, method: str) -> None:
    for draws in (100, 1000):
        words = plan_replicates(survey, method, draws=draws, seed=1).replication.words  # type: ignore[arg-type]
        said = in_words(words, "zh").replace("delta 法", "").replace("Rao-Wu", "")
        assert not re.search("[a-zA-Z]{2,}", said), said
        assert set(re.findall(r"\d+", said)) == set(re.findall(r"\d+", words))


def test_supplied_weights_are_said_to_be_used_or_not(survey: Survey) -> None:
    """They are used unless another method is chosen, and the method is named."""
    supplied = with_bootstrap_weights(survey, draws=120, seed=2)
    small = replace(supplied, notes=supplied.notes[-1:])
    said = {}
    for method in ("design", "jackknife", "bootstrap"):
        options = csi.IndexOptions(draws=100, missing="pairwise", replicates=method)  # type: ignore[arg-type]
        found = csi.yearly(small, MODEL, by="", options=options)
        said[method] = [note for note in found.notes if "replicate weights" in note]
        assert found.metric.replication.startswith("120 supplied") == (method == "design")
    assert said["design"][-1] == "Errors are from the supplied replicate weights."
    assert said["jackknife"][-1].endswith("not used: errors are from the jackknife.")
    assert said["bootstrap"][-1].endswith("not used: errors are from the bootstrap.")
    assert in_words(said["design"][0], "zh") == "自助法复制权重 120 组，随机种子 2"


def test_the_metric_says_when_the_design_is_passed_over(survey: Survey) -> None:
    for design in ("codebook", "simple"):
        options = csi.IndexOptions(draws=100, missing="pairwise", design=design)  # type: ignore[arg-type]
        assert csi.yearly(survey, MODEL, by="", options=options).metric.design == design
