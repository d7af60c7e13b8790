"""An assessment as one call: its parts are those of the functions, its faults are told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.assess import cautions, measurement
from csi.assess.assessment import TOPICS, Assessment
from csi.assess.labelled import with_item_labels
from csi.errors import OptionError, ReportError, SurveyError
from csi.index.options import IndexOptions
from csi.index.replicated import replicated
from csi.model import read_model
from csi.report.assessment_columns import captions, heads
from csi.run import (
    AssessOptions,
    AssessRun,
    RunPlan,
    assess_model,
    check_assessment_place,
    run_assess,
    run_index,
    write_assess,
)
from csi.run.fit import part_of
from csi.simulation import catalogue_plan, simulate_plan
from csi.survey import read_codebook, read_survey
from csi.survey.survey import Survey

FAST = IndexOptions(draws=120)


@pytest.fixture(scope="module")
def everything(small: Path) -> AssessRun:
    wanted = AssessOptions(
        by="group",
        target="Loyalty",
        permutations=99,
        segments=2,
        terms=("Satisfaction*Dialogue -> Loyalty",),
        endogeneity=True,
    )
    return run_assess(RunPlan(small, options=FAST), wanted)


@pytest.fixture(scope="module")
def survey(small: Path) -> Survey:
    return read_survey(small / "survey.csv", read_codebook(small / "codebook.toml"))


def test_every_topic_has_verdicts_in_both_languages(everything: AssessRun) -> None:
    found = everything.assessment
    assert found.topics == TOPICS
    assert not found.left_out
    for verdict in found.verdicts:
        assert verdict.sentence.en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in verdict.sentence.zh), verdict


def test_tables_are_those_of_the_functions(
    everything: AssessRun, small: Path, survey: Survey
) -> None:
    """The same replicates: equal to the last digit."""
    (rep,) = replicated(survey, read_model(small / "model.toml"), FAST)
    own = measurement(rep)
    tables = everything.assessment.tables
    pd.testing.assert_frame_equal(tables["measurement_reliability"], own.reliability)
    pd.testing.assert_frame_equal(tables["measurement_discriminant"], own.discriminant)
    doubts = cautions(rep, survey.codebook)
    pd.testing.assert_frame_equal(tables["measurement_scale_ends"], doubts.scale_ends)
    said = [v for v in everything.assessment.verdicts if v.topic == "measurement"]
    of_items = [v for v in doubts.verdicts if v.topic == "measurement"]
    assert said == [*with_item_labels([*of_items, *own.verdicts], survey.codebook)]
    assert said != [*of_items, *own.verdicts]  # sentences name items by code and label


def test_the_worst_come_first(everything: AssessRun) -> None:
    grades = [verdict.grade for verdict in everything.assessment.about("structure")]
    order = {"poor": 0, "doubtful": 1, "told": 2, "good": 3}
    assert [order[grade] for grade in grades] == sorted(order[grade] for grade in grades)


def test_only_the_respondents_wanted(small: Path, survey: Survey) -> None:
    wanted = AssessOptions(topics=("measurement",))
    run = run_assess(RunPlan(small, options=FAST), wanted, {"year": ["2024"], "group": ["A"]})
    there = (survey.keys["year"] == "2024") & (survey.keys["group"] == "A")
    assert run.assessment.respondents == there.sum() == len(run.survey)
    assert run.assessment.topics == ("measurement",)


def test_a_part_of_a_survey_keeps_everything_by_respondent(survey: Survey) -> None:
    part = part_of(survey, {"group": ["B"]})
    there = survey.keys["group"] == "B"
    assert part.reasons is not None
    assert survey.reasons is not None
    np.testing.assert_array_equal(part.reasons, survey.reasons[there])
    timed = replace(survey, duration=np.arange(len(survey), dtype=float))
    taken = part_of(timed, {"group": ["B"]}).duration
    np.testing.assert_array_equal(taken, np.flatnonzero(there))


def test_what_cannot_be_assessed_is_told_with_the_reason(small: Path, survey: Survey) -> None:
    """Maximum likelihood has no PLS prediction; one period and no key leave nothing to compare."""
    model = read_model(small / "model.toml")
    options = replace(FAST, estimator="ml")
    wanted = AssessOptions(topics=("prediction", "comparability"))
    found = assess_model(survey, model, options, wanted, where={"year": ["2024"]})
    assert [line.partition(":")[0] for line in found.left_out] == ["prediction", "comparability"]
    assert "use estimator pls" in found.left_out[0]  # how to go on
    assert "name one of the codebook with by" in found.left_out[1]
    assert found.verdicts == ()


def test_maximum_likelihood_is_judged_too(small: Path, survey: Survey) -> None:
    model = read_model(small / "model.toml")
    options = replace(FAST, estimator="ml")
    wanted = AssessOptions(topics=("measurement", "structure"))
    found = assess_model(survey, model, options, wanted)
    assert "maximum likelihood" in found.estimator
    assert found.topics == ("measurement", "structure")


def test_faults_of_names(small: Path) -> None:
    plan = RunPlan(small, options=FAST)
    with pytest.raises(OptionError, match="option target Satisfcation"):
        run_assess(plan, AssessOptions(target="Satisfcation"))
    with pytest.raises(OptionError, match="option by gruop"):
        run_assess(plan, AssessOptions(by="gruop"))
    with pytest.raises(SurveyError, match="where group=C"):
        run_assess(plan, AssessOptions(), {"group": ["C"]})


def test_terms_and_copulas_are_judged_and_drawn(everything: AssessRun) -> None:
    found = everything.assessment
    assert found.moderation is not None
    row = found.tables["structure_terms"].iloc[0]
    assert (row["from"], row["moderator"], row["to"]) == ("Satisfaction", "Dialogue", "Loyalty")
    assert row["estimate"] == pytest.approx(
        float(found.moderation.spread("coefficient").estimate[0])
    )
    assert {"Satisfaction", "Dialogue"} == set(found.tables["structure_copulas"]["from"])
    told = everything.record["assessed"]
    assert isinstance(told, dict)
    assert told["terms"] == ["Satisfaction*Dialogue -> Loyalty"]
    with pytest.raises(OptionError, match="is not a term"):
        AssessOptions(terms=("Satisfaction -> Loyalty",))


def test_impossible_options_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        AssessOptions(topics=("mesurement",), segments=1, permutations=3)  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == [
        "option topics",
        "option segments",
        "option permutations",
    ]
    with pytest.raises(OptionError, match="needs a number"):
        AssessOptions(topics=("segments",))


@pytest.mark.parametrize(
    "given", [{"topics": "measurement"}, {"topics": None}, {"topics": (1,)}, {"by": ["year"]},
              {"target": 3}],
)  # fmt: skip
def test_options_of_the_wrong_type(given: dict[str, object]) -> None:
    with pytest.raises(OptionError, match=f"option {next(iter(given))}: .* (tuple of words|word);"):
        AssessOptions(**given)  # type: ignore[arg-type]


def test_what_is_written_and_the_same_bytes_again(
    everything: AssessRun, small: Path, tmp_path: Path
) -> None:
    files = write_assess(everything, tmp_path / "a")
    names = {path.name for path in files}
    assert {"verdicts.csv", "README.md", "index.html", "assessment.json"} <= names
    table = pd.read_csv(tmp_path / "a" / "verdicts.csv")
    assert len(table) == len(everything.assessment.verdicts)
    record = json.loads((tmp_path / "a" / "assessment.json").read_text("utf-8"))
    assert record["command"] == "csi assess"
    assert record["assessed"]["segments"] == 2
    again = run_assess(everything.plan, everything.options)
    for path in write_assess(again, tmp_path / "b"):
        assert path.read_bytes() == (tmp_path / "a" / path.name).read_bytes(), path.name


def test_files_of_others_are_not_replaced(everything: AssessRun, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", "utf-8")
    with pytest.raises(ReportError, match=r"README\.md"):
        check_assessment_place(tmp_path)
    write_assess(everything, tmp_path / "own")
    check_assessment_place(tmp_path / "own")


def test_every_table_and_column_has_words(everything: AssessRun) -> None:
    for name, table in everything.assessment.tables.items():
        assert captions(name).zh, name
        for column in table.columns:
            assert heads(column).zh or column[:1] == "p", (name, column)  # p1, p2 ...


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page(everything: AssessRun, tmp_path: Path, language: str) -> None:
    plan = replace(everything.plan, language=language)
    write_assess(replace(everything, plan=plan), tmp_path)
    page = (tmp_path / "index.html").read_text("utf-8")
    found: Assessment = everything.assessment
    worst = found.about("structure")[0]
    assert worst.sentence.within(language).split("%")[0][:40] in page  # type: ignore[arg-type]
    for topic in found.topics:
        assert f'<section id="{topic}"' in page
    assert '<section id="map"' in page
    assert page.count('<svg class="drawn"') >= 3  # effects, or slopes, and two maps
    assert "://" not in page.replace("http://www.w3.org", "")  # opens without a network


def test_the_index_says_what_it_rests_on(small: Path) -> None:
    plan = RunPlan(small, group="group", options=FAST, assess=True, comparability=True)
    found = run_index(plan).yearly
    table = found.tables["verdicts"]
    assert set(table["year"]) == {"2024"}
    assert set(table["topic"]) == {"answers", "measurement", "structure", "prediction"}
    compared = found.tables["comparability"]
    assert set(compared["by"]) == {"year", "group"}
    assert not any("was not tested" in note for note in found.notes)
    plain = run_index(RunPlan(small, group="group", options=FAST)).yearly
    assert sum("omparab" in note and "not tested" in note for note in plain.notes) == 2
    assert "verdicts" not in plain.tables


def test_one_period_of_one_group_has_nothing_to_compare(small: Path) -> None:
    plan = RunPlan(small, by="", group="", options=FAST, comparability=True)
    with pytest.raises(OptionError, match="nothing to compare"):
        run_index(plan)


def test_questions_with_two_answers_have_no_ceiling(tmp_path: Path) -> None:
    """COMP of the American model is yes or no: half and more of the answers are at an end."""
    plan = catalogue_plan("acsi", years=("2024",), seed=2, n=150)
    made = simulate_plan(plan)
    survey = read_survey(made.answers, made.codebook)
    wanted = AssessOptions(topics=("answers", "measurement"), by="")
    found = assess_model(survey, made.model, FAST, wanted)
    ends = found.tables["measurement_scale_ends"]
    own = ends[ends["construct"] == "Complaints"]
    assert own["note"].str.startswith("two answers only").all()
    assert own["estimate"].max() > 0.5
    assert not any(
        v.about in ("COMP", "Complaints") and v.measure in ("ceiling", "floor")
        for v in found.verdicts
    )
    items = found.tables["answers_items"].set_index("item")
    assert "effect" not in str(items.loc["COMP", "note"])


def test_few_clusters_are_as_many_folds(survey: Survey, small: Path) -> None:
    clusters = np.arange(len(survey)) % 4
    few = replace(survey, design=replace(survey.design, clusters=clusters, clustered=True))
    wanted = AssessOptions(topics=("prediction",))
    found = assess_model(few, read_model(small / "model.toml"), FAST, wanted)
    assert not found.left_out
    assert found.tables["prediction_counts"].loc[0, "folds"] == 4
