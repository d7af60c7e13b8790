"""One door to comparability: both methods, what is said, and the note of index figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from csi.compare.comparability import ALLOWED, comparability
from csi.compare.comparability_notes import comparability_note, with_comparability
from csi.compare.covariance_verdicts import SAID, invariance_verdicts
from csi.errors import EstimationError, IndexFigureError, OptionError
from csi.estimate.covariance.invariance_ladder import LEVELS, invariance
from csi.estimate.covariance.options import SemOptions
from csi.index import IndexOptions, yearly
from csi.index.notes import UNTESTED
from csi.model import Model
from csi.report.note_words import in_words
from csi.survey.survey import Survey
from tests.compare.test_micom import changed, noise, years
from tests.index.conftest import answers

MakeSurvey = Callable[..., Survey]
COMPLETE = IndexOptions(missing="complete", draws=100)
PLAIN = SemOptions()


def shifted(survey: Survey, year: str, item: str, by: float) -> Survey:
    """The same survey with an item answered higher by everybody in a year."""
    here = survey.keys["year"] == year
    values = survey.answers[here, survey.items.index(item)] + by
    return changed(survey, year, item, values.clip(1, 10))


def two_years(make_survey: MakeSurvey, n: int = 400, seed: int = 1) -> Survey:
    rng = np.random.default_rng(seed)
    rows = np.vstack([answers(n, rng, 5.5) for _ in range(2)])
    return make_survey(rows, year=np.repeat([2021, 2022], n))


# ---------------------------------------------------------------- the door


def test_both_methods_where_nothing_changed(make_survey: MakeSurvey, model: Model) -> None:
    survey = two_years(make_survey)
    by_micom = comparability(survey, model, options=COMPLETE)
    by_covariance = comparability(survey, model, method="covariance", sem=PLAIN)
    for found in (by_micom, by_covariance):
        assert tuple(found.allowed.columns) == ALLOWED
        assert found.by == "year"
        assert found.groups == ("2021", "2022")
        assert found.holds("impacts")
        assert found.holds("levels")
        assert {v.topic for v in found.verdicts} == {"comparability"}
        assert "poor" not in {v.grade for v in found.verdicts}
    assert by_micom.holds("pooling")
    assert not by_covariance.holds("pooling")  # says nothing of it
    assert by_covariance.allowed["pooling"].tolist() == [None]
    assert list(by_micom.tables) == ["constructs", "tests", "configural"]
    assert list(by_covariance.tables) == ["levels"]
    assert "3 of 3" in repr(by_micom)


def test_only_covariance_fits_see_a_question_that_is_answered_higher(
    make_survey: MakeSurvey, model: Model
) -> None:
    """Better words lift one item by a point: composites are formed as before."""
    survey = shifted(two_years(make_survey), "2022", "S2", 1.0)
    by_micom = comparability(survey, model, options=COMPLETE)
    assert by_micom.holds("levels")
    assert "cannot tell" in by_micom.verdicts[-1].sentence.en
    found = comparability(survey, model, method="covariance", sem=PLAIN)
    assert found.holds("impacts")
    assert not found.holds("levels")
    assert found.allowed["why"].tolist() == ["metric invariance"]
    assert found.verdicts[0].grade == "doubtful"
    assert found.tables["releases"]["parameter"].iloc[0] == "S2 ~1"
    partial = comparability(survey, model, method="covariance", free="S2 ~1", sem=PLAIN)
    assert partial.holds("levels")
    assert "S2 ~1 left free" in partial.verdicts[0].sentence.en
    assert "S2 ~1" in partial.verdicts[0].sentence.zh


def test_the_door_gives_what_the_methods_give(make_survey: MakeSurvey, model: Model) -> None:
    survey = two_years(make_survey, 150)
    found = comparability(survey, model, method="covariance", sem=PLAIN)
    known = invariance(model, survey, by="year", options=PLAIN)
    assert found.tables["levels"].equals(known.table())
    assert found.allowed["why"].tolist() == [f"{known.reached} invariance"]


def test_groups_are_compared_in_one_period_by_both(three_years: Survey, model: Model) -> None:
    for extra in ({"options": COMPLETE}, {"method": "covariance", "sem": PLAIN}):
        found = comparability(three_years, model, by="company", **extra)  # type: ignore[arg-type]
        assert dict(found.where) == {"year": "2023"}
        assert found.groups == ("A", "B")
    levels = found.tables["levels"]
    (alone,) = (
        invariance(model, three_years.take(late), by="company", options=PLAIN)
        for late in [three_years.keys["year"] == "2023"]
    )
    assert levels.equals(alone.table())


def test_what_may_be_compared_construct_by_construct(make_survey: MakeSurvey, model: Model) -> None:
    survey = changed(years(make_survey, 250, 2, 3), "2023", "S2", noise(250))
    found = comparability(survey, model, options=COMPLETE)
    table = found.allowed.set_index(["construct", "group"])
    assert table.loc[("Satisfaction", "2023"), "levels"] is False
    assert table.loc[("Satisfaction", "2022"), "levels"] is True
    assert not found.holds("levels")
    apart = years(make_survey, 60, 3, strata=np.repeat([0, 1], 60))
    untested = comparability(apart, model, permutations=99, options=COMPLETE)
    assert untested.allowed["levels"].tolist() == [None] * 3
    assert not untested.holds("levels")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "both"}, "use one of micom, covariance"),
        ({"method": "covariance", "pairs": "all", "permutations": 99}, "2 faults"),
        ({"free": "S2 ~1", "sem": PLAIN}, "2 faults"),
    ],
)
def test_options_of_the_other_method(
    make_survey: MakeSurvey, model: Model, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(OptionError, match=words):
        comparability(years(make_survey, 60, 4), model, **options)


def test_faults_come_from_both_methods(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 60, 5)
    with pytest.raises(IndexFigureError, match="'mode' is not a key"):
        comparability(survey, model, by="mode", method="covariance")
    with pytest.raises(EstimationError, match="level equal"):
        comparability(survey, model, method="covariance", levels=("equal",))  # type: ignore[arg-type]


# ---------------------------------------------------------------- sentences


def test_every_level_has_a_sentence(make_survey: MakeSurvey, model: Model) -> None:
    whole = invariance(model, two_years(make_survey, 200), by="year", options=PLAIN)
    assert set(SAID) == {"", *LEVELS}
    for level in ("", *LEVELS):
        at = LEVELS.index(level) + 1 if level else 0  # type: ignore[arg-type]
        steps = tuple(replace(step, holds=number < at) for number, step in enumerate(whole.steps))
        (said,) = invariance_verdicts(replace(whole, steps=steps))
        assert said.grade == SAID[level][0]
        assert "{" not in said.sentence.en + said.sentence.zh
        assert "year" in said.sentence.en


def test_levels_that_were_not_tried_are_not_denied(make_survey: MakeSurvey, model: Model) -> None:
    survey = two_years(make_survey, 200)
    found = comparability(
        survey, model, method="covariance", levels=("configural", "metric"), sem=PLAIN
    )
    (said,) = found.verdicts
    assert said.grade == "doubtful"
    assert "was not tried" in said.sentence.en
    assert "not equal" not in said.sentence.en


# ---------------------------------------------------------------- the note of index figures


def test_index_figures_say_that_nothing_was_tested(three_years: Survey, model: Model) -> None:
    series = yearly(three_years, model, options=COMPLETE)
    assert UNTESTED.format(key="year") in series.notes
    assert UNTESTED.format(key="company") not in series.notes
    both = yearly(three_years, model, group="company", options=COMPLETE)
    assert {UNTESTED.format(key=key) for key in ("year", "company")} <= set(both.notes)
    alone = yearly(three_years, model, by="", options=COMPLETE)
    groups = yearly(three_years, model, by="", group="company", options=COMPLETE)
    assert not any("comparability" in note for note in alone.notes)
    assert not any(note.startswith("A hint") for note in (*alone.notes, *groups.notes))
    assert UNTESTED.format(key="company") in groups.notes


def test_one_period_is_compared_with_nothing(make_survey: MakeSurvey, model: Model) -> None:
    rows = answers(100, np.random.default_rng(6))
    one = yearly(make_survey(rows, year=["2021"] * 100), model, options=COMPLETE)
    assert not any("comparability" in note for note in one.notes)


def test_the_hint_by_hand(three_years: Survey, model: Model) -> None:
    """The lowest correlation of scores of respondents by the weights of two successive years."""
    series = yearly(three_years, model, options=COMPLETE)
    (hint,) = [note for note in series.notes if note.startswith("A hint")]
    weights = series.weights.set_index(["year", "construct", "item"])["index_weight"].sort_index()
    year = three_years.keys["year"].astype(str)
    low = (2.0, "")
    for before, now in (("2021", "2022"), ("2022", "2023")):
        x, w = three_years.answers.copy(), three_years.design.weights.copy()
        for period in (before, now):
            of = year == period
            x[of] -= np.average(x[of], axis=0, weights=w[of])
            w[of] /= w[of].sum()
        of = (year == before) | (year == now)
        for construct in model.constructs:
            at = [model.items.index(item) for item in construct.items]
            a, b = (
                x[of][:, at] @ weights.loc[(period, construct.name)].loc[list(construct.items)]
                for period in (before, now)
            )
            c = (w[of] @ (a * b)) / np.sqrt((w[of] @ a**2) * (w[of] @ b**2))
            low = min(low, (float(c), f"{construct.name}, {before} and {now}"))
    assert f"correlate {low[0]:.3f} or more" in hint
    assert low[1] in hint


def test_the_result_takes_the_place_of_the_note(three_years: Survey, model: Model) -> None:
    series = yearly(three_years, model, group="company", options=COMPLETE)
    years_alike = comparability(three_years, model, permutations=199, options=COMPLETE)
    companies = comparability(three_years, model, by="company", method="covariance", sem=PLAIN)
    told = with_comparability(series, years_alike, companies)
    assert len(told.notes) == len(series.notes)
    assert not any("was not tested" in note for note in told.notes)
    assert comparability_note(years_alike) in told.notes
    assert comparability_note(companies).startswith(
        "Comparability over company (year 2023): tested by covariance fits, "
    )
    table = told.tables["comparability"]
    assert table["by"].tolist() == ["year"] * 6 + ["company"]
    assert table["method"].tolist() == ["micom"] * 6 + ["covariance"]
    assert with_comparability(series) is series
    single = yearly(three_years, model, by="", options=COMPLETE)
    assert len(with_comparability(single, years_alike).notes) == len(single.notes) + 1


def test_notes_in_chinese(make_survey: MakeSurvey, model: Model) -> None:
    survey = changed(years(make_survey, 250, 7, 3), "2023", "S2", noise(250))
    found = comparability(survey, model, options=COMPLETE)
    note = comparability_note(found)
    assert note == (
        "Comparability over year: tested by MICOM, not comparable: Satisfaction (2023 and 2022)."
    )
    assert in_words(note, "zh") == (
        "year 间的可比性：经 MICOM 检验，以下潜变量不可比：Satisfaction (2023 and 2022)。"
    )
    untested = in_words(UNTESTED.format(key="year"), "zh")
    assert untested == (
        "比较不同 year 的结果时，假定各潜变量在其间含义相同；可比性未经检验"
        "（可用 csi assess SURVEY --by year 检验）。"
    )
    series = yearly(survey, model, options=COMPLETE)
    hint = next(note for note in series.notes if note.startswith("A hint"))
    assert in_words(hint, "zh").startswith("仅供参考，并非检验")
    covariance = comparability(survey, model, method="covariance", sem=PLAIN)
    assert "协方差结构模型检验" in in_words(comparability_note(covariance), "zh")


def test_many_names_are_cut_short(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 200, 8, 4)
    for year in ("2021", "2023"):
        for item, seed in (("Q1", 1), ("S2", 2)):
            survey = changed(survey, year, item, noise(200, seed))
    note = comparability_note(comparability(survey, model, options=COMPLETE))
    assert note.count("Quality (") + note.count("Satisfaction (") == 5
    assert note.endswith(" and 1 more.")
    assert "1 个" in in_words(note, "zh")
    apart = years(make_survey, 60, 9, strata=np.repeat([0, 1], 60))
    untested = comparability_note(comparability(apart, model, permutations=99, options=COMPLETE))
    assert untested == (
        "Comparability over year: MICOM could not be carried out for all constructs "
        "(2022 and 2021)."
    )
