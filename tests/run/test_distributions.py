"""The tables of distributions beside the figures of a run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import csi
from csi.errors import IndexFigureError
from csi.index.answers import answer_parts, answer_shares
from csi.index.score_shares import score_shares, score_summary
from csi.index.values import YearlyIndex
from csi.run.distributions import with_distributions
from csi.survey.survey import Survey

NAMES = {"answers", "answer_parts", "score_shares", "score_summary"}


@pytest.fixture(scope="module")
def made() -> tuple[YearlyIndex, Survey]:
    told = csi.simulate(
        csi.models.load("ecsi_mobile"), years=[2020, 2021], groups=["a", "b"], n=60, seed=3
    )
    survey = csi.read_survey(told.answers, told.codebook)
    group = survey.codebook.groups[0].name
    options = csi.IndexOptions(draws=100, level=0.9)
    return csi.yearly(survey, told.model, group=group, options=options), survey


def test_the_tables_are_those_of_the_parts_with_the_options_of_the_figures(
    made: tuple[YearlyIndex, Survey],
) -> None:
    yearly, survey = made
    found = with_distributions(yearly, survey)
    assert set(found.tables) == NAMES
    assert found.notes == yearly.notes
    group = survey.codebook.groups[0].name
    wanted = {"by": ["year", group], "level": 0.9, "domain": False, "min_n": 50}
    items = yearly.model.columns
    for name, road in (("answers", answer_shares), ("answer_parts", answer_parts)):
        pd.testing.assert_frame_equal(found.tables[name], road(survey, items, **wanted))
    for name, way in (("score_shares", score_shares), ("score_summary", score_summary)):
        pd.testing.assert_frame_equal(found.tables[name], way(survey, yearly))
    cells = {tuple(row) for row in yearly.figures[["year", "group"]].to_numpy()}
    for table in found.tables.values():
        assert {tuple(row) for row in table[["year", "group"]].to_numpy()} == cells


def test_what_was_there_stays_and_the_figures_are_not_touched(
    made: tuple[YearlyIndex, Survey],
) -> None:
    yearly, survey = made
    before = yearly.with_tables(ranks=pd.DataFrame({"year": ["2020"]}))
    found = with_distributions(before, survey)
    assert set(found.tables) == NAMES | {"ranks"}
    assert set(before.tables) == {"ranks"}
    assert found.figures is before.figures


def test_an_item_of_too_many_points_is_left_out_and_noted(
    made: tuple[YearlyIndex, Survey],
) -> None:
    yearly, survey = made
    answers = survey.answers.copy()
    answers[:, 0] = np.linspace(1, 10, len(answers))
    found = with_distributions(yearly, replace(survey, answers=answers))
    first = survey.items[0]
    assert first not in set(found.tables["answers"]["item"])
    assert set(found.tables["answer_parts"]["item"]) == set(yearly.model.columns) - {first}
    assert found.notes[-1] == f"Answers to {first} are not tabulated: too many points of the scale."


def test_another_survey_is_refused(made: tuple[YearlyIndex, Survey]) -> None:
    yearly, survey = made
    with pytest.raises(IndexFigureError, match="give the survey of the figures"):
        with_distributions(yearly, replace(survey, keys={"year": survey.keys["year"]}))
