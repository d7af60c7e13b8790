"""The road of answer quality: planted respondents, gaps, groups, weights, refusals, sentences."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.errors import OptionError
from csi.survey import Codebook, Item, Key, Survey, Text, read_survey
from csi.survey.codebook import Duration
from csi.survey.quality import (
    FLAGS,
    SIGNS,
    AnswerQuality,
    AnswerQualityOptions,
    answer_quality,
    answer_verdicts,
)

ITEMS = tuple(f"Q{k}" for k in range(12))
CONSTRUCTS = {f"C{c}": ITEMS[3 * c : 3 * c + 3] for c in range(4)}
BOOK = Codebook(
    title=Text("quality"),
    items=tuple(
        Item(name=name, column=name, low=1, high=10, reversed=name in ("Q2", "Q7"),
             label=Text(f"Question {name}", f"题目{name}"),
             missing={"97": "not_applicable", "98": "dont_know"})
        for name in ITEMS
    ),
    time=Key(name="year", column="year"),
    groups=(Key(name="company", column="company", values={"B": Text("Bee"), "A": Text("Ay")}),),
    weight="w",
    duration=Duration(column="secs"),
)  # fmt: skip


def careful_frame(n: int = 300, seed: int = 1) -> pd.DataFrame:
    """Respondents who read the questions; Q2 and Q7 are printed the other way round."""
    rng = np.random.default_rng(seed)
    level = rng.normal(size=(n, 1))
    subject = np.repeat(rng.normal(size=(n, 4)), 3, axis=1)
    latent = 7 + 1.2 * level + subject + 0.7 * rng.normal(size=(n, 12))
    points = np.clip(np.round(latent), 1, 10)
    points[:, [2, 7]] = 11 - points[:, [2, 7]]
    frame = pd.DataFrame(points, columns=list(ITEMS))
    frame["secs"] = np.round(300 * np.exp(0.3 * rng.normal(size=n)))
    frame["year"] = np.where(np.arange(n) % 2 == 0, 2024, 2025)
    frame["company"] = np.where(np.arange(n) % 3 == 0, "A", "B")
    frame["w"] = 1.0 + (np.arange(n) % 4)
    return frame


def plant(frame: pd.DataFrame, row: int, **values: object) -> None:
    """Give a respondent other answers or another duration."""
    for name, value in values.items():
        if name == "all":
            frame.loc[row, list(ITEMS)] = value
        else:
            frame.loc[row, name] = value


@pytest.fixture(scope="module")
def survey() -> Survey:
    frame = careful_frame()
    plant(frame, 0, all=10)  # the upper end throughout, reversed items too
    plant(frame, 1, all=10, Q2=1, Q7=1)  # as satisfied as can be, and read every question
    plant(frame, 2, all=6, secs=60)  # one point and in no time
    plant(frame, 3, all=[1, 10] * 6)  # at random, or as good as
    plant(frame, 4, all=98, Q0=8, Q1=7)
    plant(frame, 5, **dict.fromkeys(ITEMS[3:9], 97))  # has no experience of it
    plant(frame, 6, secs=40)
    return read_survey(frame, BOOK)


@pytest.fixture(scope="module")
def quality(survey: Survey) -> AnswerQuality:
    return answer_quality(survey, constructs=CONSTRUCTS)


def flags(quality: AnswerQuality, row: int) -> set[str]:
    one = quality.respondents.iloc[row]
    return {flag for flag in FLAGS if one[f"flag_{flag}"]}


def test_planted_respondents_have_their_flags(quality: AnswerQuality) -> None:
    same = {"straight_lining", "long_string", "irv_low"}
    assert same | {"acquiescence"} <= flags(quality, 0)
    assert not flags(quality, 1) & (same | {"acquiescence", "irv_high", "speed", "mahalanobis"})
    assert flags(quality, 2) == same | {"speed", "even_odd"}
    assert {"mahalanobis", "irv_high"} <= flags(quality, 3)
    assert flags(quality, 4) == {"nonresponse"}
    assert "nonresponse" not in flags(quality, 5)
    assert flags(quality, 6) - {"even_odd"} == {"speed"}
    assert np.flatnonzero(quality.flagged[:7]).tolist() == [0, 2, 3]
    assert quality.flagged[7:].mean() < 0.01


def test_straight_lines_alone_never_flag(survey: Survey) -> None:
    """Ten throughout where no item is reversed and nobody was timed: three flags, one sign."""
    items = tuple(replace(item, reversed=False) for item in survey.codebook.items)
    answers = np.array(survey.answers)
    answers[0] = 10
    book = replace(survey.codebook, items=items)
    found = answer_quality(replace(survey, codebook=book, answers=answers, duration=None))
    row = found.respondents.iloc[0]
    assert row["flag_straight_lining"]
    assert row["flag_long_string"]
    assert row["flag_irv_low"]
    assert (row["flags"], row["signs"], row["flagged"]) == (3, 1, False)
    same = [flag for flag in FLAGS if SIGNS[flag] == "same answers"]
    assert set(same) == {"straight_lining", "long_string", "irv_low"}


def test_gaps_are_treated_as_said(quality: AnswerQuality) -> None:
    gaps, spared = quality.respondents.iloc[4], quality.respondents.iloc[5]
    assert (gaps["put"], gaps["answered"], gaps["mahalanobis_df"]) == (12, 2, 2)
    assert gaps["nonresponse"] == pytest.approx(10 / 12)
    assert np.isnan(gaps["irv"])  # two answers say nothing of variability
    assert (spared["put"], spared["answered"], spared["nonresponse"]) == (6, 6, 0.0)
    assert spared["mahalanobis_df"] == 6


def test_speed_is_a_share_of_the_weighted_median_of_the_year(survey: Survey) -> None:
    assert survey.duration is not None
    found = answer_quality(survey).respondents
    for year in ("2024", "2025"):
        here = survey.keys["year"] == year
        repeated = np.repeat(survey.duration[here], survey.design.weights[here].astype(int))
        expected = survey.duration[here] / np.median(repeated)
        np.testing.assert_allclose(found["speed"][here], expected, rtol=1e-12)
    together = answer_quality(survey, AnswerQualityOptions(within=())).respondents
    repeated = np.repeat(survey.duration, survey.design.weights.astype(int))
    np.testing.assert_allclose(together["speed"], survey.duration / np.median(repeated))


def test_tables_by_group_add_up(survey: Survey) -> None:
    found = answer_quality(survey, by=["year", "company"])
    groups = found.items[["year", "company"]].drop_duplicates().to_numpy().tolist()
    assert groups == [["2024", "B"], ["2024", "A"], ["2025", "B"], ["2025", "A"]]  # the codebook's
    whole = found.overall["summary"].set_index("flag")
    parts = found.summary.groupby("flag")[["judged", "flagged"]].sum()
    for flag in (*FLAGS, "flagged"):
        assert parts.loc[flag, "flagged"] == whole.loc[flag, "flagged"]
    assert whole.loc["flagged", "flagged"] == found.flagged.sum()
    assert found.items.groupby("item")["put"].sum()["Q3"] == len(survey) - 1


def test_item_shares_are_weighted_and_floors_are_the_worst_answer(survey: Survey) -> None:
    found = answer_quality(survey).items.set_index("item")
    weights = survey.design.weights
    points = survey.answers[:, 2]  # a reversed item: 1 is its best answer in the file
    here = ~np.isnan(points)
    assert found.loc["Q2", "ceiling"] == pytest.approx(
        weights[here & (points == 10)].sum() / weights[here].sum()
    )
    assert found.loc["Q2", "nonresponse"] == pytest.approx(weights[~here].sum() / weights.sum())
    spared = weights.sum() - weights[5]
    assert found.loc["Q3", "nonresponse"] == pytest.approx(weights[4] / spared)


def test_a_survey_made_by_hand_counts_every_gap(survey: Survey) -> None:
    found = answer_quality(replace(survey, reasons=None)).respondents.iloc[5]
    assert (found["put"], found["answered"]) == (12, 6)


def test_batteries_are_neighbours_on_one_scale_or_given(survey: Survey) -> None:
    items = list(survey.codebook.items)
    items[4] = replace(items[4], high=11)
    items[8] = replace(items[8], high_label=Text("Very often"))
    book = replace(survey.codebook, items=tuple(items))
    found = answer_quality(replace(survey, codebook=book))
    assert list(found.batteries) == ["Q0 to Q3", "Q5 to Q7", "Q9 to Q11"]
    given = answer_quality(survey, batteries=CONSTRUCTS)
    assert dict(given.batteries) == CONSTRUCTS
    with pytest.raises(OptionError, match="scales of different ends"):
        answer_quality(replace(survey, codebook=book), batteries={"all": ITEMS})


def test_the_order_of_the_questionnaire_counts_for_strings_only(survey: Survey) -> None:
    rng = np.random.default_rng(3)
    shuffled = [ITEMS[k] for k in rng.permutation(12)]
    one = answer_quality(survey, constructs=CONSTRUCTS).respondents
    two = answer_quality(survey, items=shuffled, constructs=CONSTRUCTS).respondents
    for name in ("irv", "nonresponse", "speed", "acquiescence", "extreme"):
        np.testing.assert_allclose(one[name], two[name], rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(one["mahalanobis"], two["mahalanobis"], rtol=1e-4)  # EM's stop
    assert (one["long_string"] != two["long_string"]).any()


def test_distances_do_not_depend_on_direction_or_units_of_an_item(survey: Survey) -> None:
    answers = np.array(survey.answers)
    answers[:, 0] = 11 - answers[:, 0]
    one = answer_quality(survey).respondents["mahalanobis"]
    two = answer_quality(replace(survey, answers=answers)).respondents["mahalanobis"]
    np.testing.assert_allclose(one, two, rtol=1e-5)


@pytest.mark.parametrize("center", ["normal", "robust"])
def test_what_cannot_be_judged_is_said(survey: Survey, center: str) -> None:
    few = np.arange(len(survey)) < 40
    answers = np.array(survey.answers)
    answers[:, 5] = 7.0
    small = replace(
        survey,
        answers=answers[few],
        keys={name: values[few] for name, values in survey.keys.items()},
        respondents=survey.respondents[few],
        design=replace(survey.design, weights=survey.design.weights[few],
                       strata=survey.design.strata[few], clusters=survey.design.clusters[few]),
        duration=None,
        reasons=None,
        codebook=replace(survey.codebook, duration=None,
                         items=tuple(replace(i, reversed=False) for i in survey.codebook.items)),
    )  # fmt: skip
    options = AnswerQualityOptions(center=center)  # type: ignore[arg-type]
    found = answer_quality(small, options)
    said = "\n".join(found.notes)
    assert "2024: no distances: 20 respondents are too few for 11 items" in said
    assert "leave out items without two different answers: Q5" in said
    assert "no speed" in said
    assert "no acquiescence" in said
    assert "no even-odd" in said
    summary = found.summary.set_index("flag")
    assert summary.loc[["mahalanobis", "speed", "acquiescence", "even_odd"], "judged"].sum() == 0
    assert summary.loc["speed", "note"] == "not judged"
    measures = {verdict.measure for verdict in answer_verdicts(found)}
    assert {"speed", "mahalanobis", "acquiescence", "flagged"} <= measures


def test_twins_among_items_give_no_distances(survey: Survey) -> None:
    answers = np.array(survey.answers)
    answers[:, 1] = answers[:, 0]
    found = answer_quality(replace(survey, answers=answers))
    assert any("no distances" in note for note in found.notes)


def test_respondents_of_weight_zero_move_nobody(survey: Survey) -> None:
    weights = np.array(survey.design.weights)
    weights[3] = 0.0
    light = replace(survey, design=replace(survey.design, weights=weights))
    wild = np.array(survey.answers)
    wild[3] = np.tile([10.0, 1.0], 6)
    one, two = (answer_quality(s) for s in (light, replace(light, answers=wild)))
    rest = np.arange(len(survey)) != 3
    for name in ("mahalanobis", "speed", "irv"):
        np.testing.assert_allclose(one.respondents[name][rest], two.respondents[name][rest])
    assert one.share == two.share


def test_unknown_names_are_told_all_at_once(survey: Survey) -> None:
    with pytest.raises(OptionError) as told:
        answer_quality(
            survey,
            AnswerQualityOptions(within=("yeer",)),
            items=["Q0", "Q1", "Q1", "Q99"],
            by="compny",
            batteries={"b": ["Q0", "Q5"], "c": "Q1"},
            constructs={"C": ["nothing"]},
        )
    said = str(told.value)
    for words in ("Q99", "named twice", "compny", "yeer", "'Q5'", "is no list", "nothing"):
        assert words in said, words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"straight_lining": 0.0}, "option straight_lining"),
        ({"speed": "fast"}, "option speed"),
        ({"mahalanobis": True}, "option mahalanobis"),
        ({"battery_least": 1}, "option battery_least"),
        ({"least_signs": 0}, "option least_signs"),
        ({"center": "median"}, "use one of normal, robust"),
        ({"counted": "speed"}, "option counted"),
        ({"counted": ("speed", "haste")}, "straight_lining, long_string"),
        ({"within": "year"}, "is not a tuple of keys"),
    ],
)
def test_impossible_options_are_refused(values: dict[str, object], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        AnswerQualityOptions(**values)  # type: ignore[arg-type]


def test_what_counts_can_be_chosen(survey: Survey) -> None:
    one = AnswerQualityOptions(counted=("speed",), least_signs=1)
    found = answer_quality(survey, one)
    assert (found.flagged == found.respondents["flag_speed"]).all()
    none = answer_quality(survey, AnswerQualityOptions(counted=()))
    assert not none.flagged.any()


def test_the_result_is_frozen_shown_and_portable(survey: Survey, quality: AnswerQuality) -> None:
    assert "300 respondents flagged" in repr(quality)
    assert "<table" in quality._repr_html_()
    assert not quality.flagged.flags.writeable
    again = pickle.loads(pickle.dumps(quality))
    pd.testing.assert_frame_equal(again.respondents, quality.respondents)
    same = answer_quality(survey, constructs=CONSTRUCTS)
    pd.testing.assert_frame_equal(same.respondents, quality.respondents)


def test_verdicts_in_both_languages(quality: AnswerQuality) -> None:
    found = {verdict.measure: verdict for verdict in answer_verdicts(quality)}
    first = found["flagged"]
    count = int(quality.flagged.sum())
    assert first.sentence.en.startswith(f"{count} of 300 respondents")
    assert f"300名受访者中有{count}名" in first.sentence.zh
    assert first.grade == "good"
    assert first.value == quality.share
    assert "no ground to leave anybody out" in found["straight_lining"].sentence.en
    for verdict in found.values():
        assert verdict.topic == "answers"
        assert "{" not in verdict.sentence.en + verdict.sentence.zh
        assert verdict.sentence.zh
        assert verdict.source


def test_many_careless_and_many_gaps_are_doubtful(survey: Survey) -> None:
    rng = np.random.default_rng(5)
    answers = np.array(survey.answers)
    answers[:60] = rng.integers(1, 11, (60, 12))
    answers[60:120, 4] = np.nan
    answers[100:, 0] = 10
    duration = np.array(survey.duration)
    duration[:60] = 20
    reasons = np.where(np.isnan(answers), 1, 0)
    found = answer_quality(
        replace(survey, answers=answers, duration=duration, reasons=reasons.astype(np.int8))
    )
    told = {verdict.measure: verdict for verdict in answer_verdicts(found)}
    assert told["flagged"].grade == "doubtful"
    assert told["many missing answers"].about == "Q4"
    assert "Question Q4" in told["many missing answers"].sentence.en
    assert "题目Q4" in told["many missing answers"].sentence.zh
    assert "Q0" in told["ceiling effect"].about
