"""Routing, periods, weights and rows left out: nothing is dropped without being counted."""

import copy
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.survey import Item, Key, Routing, Survey, Text, read_survey
from tests.survey.helpers import GOOD, HEAD, same_survey, small_codebook, written

NONE = {"time": None, "groups": (), "respondent": (), "weight": None}


def counts(survey: Survey) -> dict[tuple[str, str, str], int]:
    """Return the missing frame as a dictionary."""
    return {
        (row.year, row.item, row.meaning): row.count_
        for row in survey.missing.rename(columns={"count": "count_"}).itertuples()
    }


def routed() -> tuple[Item, ...]:
    return (
        Item(name="REPUR", column="repur", low=1, high=10, missing={"98": "dont_know"}),
        Item(
            name="HIGH",
            column="high",
            low=0,
            high=25,
            missing={"98": "dont_know"},
            asked_if=Routing("REPUR", 6, 10),
        ),
        Item(
            name="LOW",
            column="low",
            low=0,
            high=25,
            asked_if=Routing("REPUR", 1, 5),
        ),
    )


def test_blanks_of_people_not_asked(tmp_path: Path) -> None:
    text = "repur,high,low\n10,5,\n6,,\n3,,10\n2,98,\n98,,\n1,20,15\n8,10,\n"
    survey = read_survey(written(tmp_path, text), small_codebook(items=routed(), **NONE))
    assert counts(survey) == {
        ("all", "HIGH", "dont_know"): 1,
        ("all", "HIGH", "not_asked"): 1,
        ("all", "HIGH", "no_answer"): 1,
        ("all", "LOW", "not_asked"): 3,
        ("all", "LOW", "no_answer"): 1,
    }
    assert survey.excluded.to_numpy().tolist() == [["all", "no answer to any item", 1]]
    assert survey.notes == (
        "HIGH: answers by respondents who should not have been asked: 1 "
        "(asked if REPUR is 6 to 10); they are kept",
    )
    assert survey.answers[4].tolist() == [1, 20, 15]


def test_a_reversed_filter_counts_as_written(tmp_path: Path) -> None:
    items = routed()
    turned = Item(name="REPUR", column="repur", low=1, high=10, reversed=True)
    text = "repur,high,low\n10,5,\n9,7,\n2,,10\n3,,9\n"
    survey = read_survey(
        written(tmp_path, text), small_codebook(items=(turned, *items[1:]), **NONE)
    )
    assert survey.answers[:, 0].tolist() == [1, 2, 9, 8]
    assert counts(survey) == {("all", "HIGH", "not_asked"): 2, ("all", "LOW", "not_asked"): 2}
    assert survey.notes == ("REPUR was turned round: 1 is its best answer in the file and 10 here",)


def test_unweighted_periods_weigh_one(tmp_path: Path) -> None:
    text = GOOD.replace("2021,3,A,1,", "2021,3,A,,").replace("2021,4,B,2,", "2021,4,B,,")
    survey = read_survey(written(tmp_path, text), small_codebook(unweighted=("2021",)))
    assert survey.design.weights.tolist() == [1.5, 0.5, 1, 1]
    assert survey.notes == ("no weights in 2021: each respondent there counts 1",)


def test_zero_weights_are_kept_and_told(tmp_path: Path) -> None:
    survey = read_survey(written(tmp_path, GOOD.replace("B,0.5", "B,0")), small_codebook())
    assert len(survey) == 4
    assert survey.notes == ("respondents with weight 0: 1; they are kept but count for nothing",)


def test_an_item_a_year_did_not_have(tmp_path: Path) -> None:
    text = HEAD + "2020,1,A,1,1,,3\n2020,2,B,1,2,,4\n2021,3,A,1,3,8,\n2021,4,B,1,4,9,5\n"
    survey = read_survey(written(tmp_path, text), small_codebook())
    assert "Q2 was not asked in 2020" in survey.notes
    assert counts(survey) == {
        ("2020", "Q2", "not_asked"): 2,
        ("2021", "Q3", "no_answer"): 1,
    }
    table = survey.item_counts().set_index(["year", "item"])
    assert table["asked"].to_dict()[("2020", "Q2")] is False
    assert table["asked"].sum() == 5
    assert table.loc[("2021", "Q3"), "answered"] == 1


def test_rows_without_answers_are_counted(tmp_path: Path) -> None:
    text = GOOD + "2021,5,,,98,,\n,,,,,,\n2020,6,A,1,98,98,98\n"
    survey = read_survey(written(tmp_path, text), small_codebook())
    assert survey.rows_read == 7
    assert len(survey) == 4
    assert survey.excluded.to_numpy().tolist() == [
        ["", "empty row", 1],
        ["2020", "no answer to any item", 1],
        ["2021", "no answer to any item", 1],
    ]


def test_group_without_value_is_kept_and_told(tmp_path: Path) -> None:
    key = Key(name="company", column="company", values={"A": Text()}, missing={"B": "refused"})
    text = GOOD.replace("2021,3,A", "2021,3,")
    survey = read_survey(written(tmp_path, text), small_codebook(groups=(key,)))
    assert survey.keys["company"].tolist() == ["A", "", "", ""]
    assert survey.notes == (
        "company: respondents without a value: 3 (no_answer 1, refused 2); they are kept",
    )


def test_periods_sort_as_people_count() -> None:
    frame = pd.DataFrame(
        {"year": ["wave 10", "wave 9", "wave 2"], "q1": [1, 2, 3], "q2": [1, 5, 3], "q3": [9, 2, 3]}
    )
    changes = {**NONE, "time": Key(name="year", column="year")}
    survey = read_survey(frame, small_codebook(**changes))
    assert survey.periods == ("wave 2", "wave 9", "wave 10")
    years = frame.assign(year=[2010.0, 2011.0, 2009.0])
    assert read_survey(years, small_codebook(**changes)).periods == ("2009", "2010", "2011")


def test_strata_and_clusters_become_numbers(tmp_path: Path) -> None:
    text = "s,c,q1,q2,q3\n10,1,1,2,3\n9,1,2,3,4\n9,2,3,4,5\n9,1,4,5,6\n"
    survey = read_survey(
        written(tmp_path, text), small_codebook(**{**NONE, "stratum": "s", "cluster": "c"})
    )
    assert survey.design.strata.tolist() == [1, 0, 0, 0]
    clusters = survey.design.clusters
    assert clusters[1] == clusters[3]
    assert len(set(clusters.tolist())) == 3
    assert "3 sampled units are counted" in survey.notes[0]
    alone = read_survey(written(tmp_path, text), small_codebook(**NONE))
    assert alone.design.clusters.tolist() == [0, 1, 2, 3]
    flags = [alone.design.weighted, alone.design.stratified, alone.design.clustered]
    assert flags == [False, False, False]


def test_the_survey_is_frozen_also_after_a_journey(tmp_path: Path) -> None:
    survey = read_survey(written(tmp_path, GOOD), small_codebook())
    for found in (survey, copy.deepcopy(survey), pickle.loads(pickle.dumps(survey))):
        same_survey(found, survey)
        for array in (
            found.answers,
            found.respondents,
            found.keys["year"],
            found.design.weights,
            found.design.strata,
            found.design.clusters,
        ):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = array[1]
        with pytest.raises(TypeError):
            found.keys["year"] = np.array([])  # type: ignore[index]


def test_summary_is_weighted(tmp_path: Path) -> None:
    survey = read_survey(written(tmp_path, GOOD), small_codebook())
    table = survey.summary().to_frame().set_index("item")
    assert table.loc["Q1", "mean"] == pytest.approx((1.5 * 1 + 0.5 * 5 + 1 * 3 + 2 * 4) / 5)
    assert table.loc["Q2", "mean"] == pytest.approx((1.5 * 10 + 0.5 * 9 + 8) / 3)
    assert table.loc["Q2", "% high"] == pytest.approx(50.0)
    assert table.loc["Q3", "missing"] == 1
    assert survey.summary(language="zh").title.startswith("小型调查")


def test_order_of_rows_and_columns_does_not_matter(tmp_path: Path) -> None:
    frame = pd.read_csv(written(tmp_path, GOOD))
    straight = read_survey(frame, small_codebook())
    other = read_survey(frame.iloc[::-1, ::-1], small_codebook())
    np.testing.assert_array_equal(other.answers[::-1], straight.answers)
    assert other.missing.to_dict("list") == straight.missing.to_dict("list")
