"""FIMIX-PLS on surveys: known segments, known absence, weights, gaps, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from csi.compare.segments import FimixOptions, PosOptions, fimix, pos
from csi.compare.segments.scored import scored
from csi.errors import EstimationError, MomentsError, OptionError
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model import Model
from csi.moments.groups import moments_of_rows
from csi.survey.survey import Survey
from tests.compare.segments.cases import OPPOSITE, homogeneous, told_apart, two_segments
from tests.index.conftest import MakeSurvey

Divided = tuple[Survey, np.ndarray]


def test_known_segments_are_found(divided: Divided, model: Model) -> None:
    survey, truth = divided
    found = fimix(survey, model, FimixOptions(most=4, starts=20))
    assert found.chosen == 2
    assert found.rule == "AIC3 and CAIC agree"
    members = found.members
    right = np.mean(members["segment"].to_numpy() - 1 == truth[members["row"]])
    best = told_apart(found.scored.scores, 0.6)
    bayes = np.mean(best == truth[found.scored.sample.numbers])
    # nobody sorts better than Bayes' rule with the true parameters; estimates cost little
    assert 0.65 < right < bayes + 0.03
    assert right > bayes - 0.05
    assert np.mean(best == found.solution().segment) > 0.85
    sizes = found.sizes[found.sizes["segments"] == 2]
    np.testing.assert_allclose(sizes["share"], [0.6, 0.4], atol=0.08)
    slopes = found.solution().paths
    assert slopes[0, 0, 1] > slopes[1, 0, 1] + 0.4  # .85 and .15
    assert slopes[1, 1, 2] > slopes[0, 1, 2] + 0.3  # .75 and .15


def test_known_paths_are_recovered(make_survey: MakeSurvey, model: Model) -> None:
    rows, _ = two_segments(600, 11, paths=OPPOSITE)
    found = fimix(make_survey(rows), model, FimixOptions(most=2, starts=10))
    paths = found.paths[found.paths["segments"] == 2].pivot(
        index="segment", columns="from", values="estimate"
    )
    # three standard errors of .03, and 4 % less for items with loadings of .95
    np.testing.assert_allclose(paths[["Quality", "Satisfaction"]], OPPOSITE, atol=0.12)
    sizes = found.sizes[found.sizes["segments"] == 2]
    np.testing.assert_allclose(sizes["share"], [0.6, 0.4], atol=0.06)


def test_no_segments_are_found_where_there_are_none(alike: Survey, model: Model) -> None:
    found = fimix(alike, model, FimixOptions(most=3, starts=20))
    assert found.chosen == 1
    assert [verdict.grade for verdict in found.verdicts if verdict.measure == "segments"] == [
        "good"
    ]


def test_one_segment_is_the_fit_of_all(divided: Divided, model: Model) -> None:
    survey, _ = divided
    weighted = replace(
        survey,
        design=replace(
            survey.design, weights=np.random.default_rng(4).uniform(0.5, 2, 600), weighted=True
        ),
    )
    for own in (survey, weighted):
        for intercepts in (True, False):
            found = fimix(own, model, FimixOptions(most=1, intercepts=intercepts))
            moments = moments_of_rows(
                own.columns(model.items), own.design.weights, model.items, "complete"
            )
            fit = fit_pls(model, moments)
            # regressions of scores and of their covariances are the same arithmetic
            np.testing.assert_allclose(found.solution(1).paths[0], fit.paths, atol=1e-9)
            np.testing.assert_allclose(found.solution(1).r2[0], fit.r2, atol=1e-9)
            np.testing.assert_allclose(found.solution(1).standardised[0], fit.paths, atol=1e-9)


def test_scores_have_mean_zero_and_variance_one(divided: Divided, model: Model) -> None:
    survey, _ = divided
    for metric in ("standardised", "raw"):
        own = scored(survey, model, None, PLSOptions(metric=metric))
        np.testing.assert_allclose(own.scores.mean(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(own.scores.var(axis=0), 1, atol=1e-12)
        np.testing.assert_allclose(np.cov(own.scores.T, ddof=0), own.fit.construct_corr, atol=1e-12)


def test_same_seed_same_bytes_in_any_order_of_the_rows(divided: Divided, model: Model) -> None:
    survey, _ = divided
    options = FimixOptions(most=2, starts=6)
    order = np.random.default_rng(1).permutation(len(survey))
    turned = replace(
        survey,
        answers=survey.answers[order],
        keys={name: values[order] for name, values in survey.keys.items()},
        respondents=survey.respondents[order],
        design=replace(survey.design, clusters=np.arange(len(survey))),
    )
    one, two = fimix(survey, model, options), fimix(turned, model, options)
    assert one.criteria.equals(two.criteria)
    np.testing.assert_array_equal(one.solution(2).posterior, two.solution(2).posterior)
    there = one.members_of(2).set_index("row").loc[order, "segment"].to_numpy()
    np.testing.assert_array_equal(there, two.members_of(2)["segment"].to_numpy())


def test_weights_make_the_shares_those_of_the_population(
    make_survey: MakeSurvey, model: Model
) -> None:
    rows, truth = two_segments(800, 5)  # 60 : 40 in the sample
    weights = np.where(truth == 0, 0.5, 1.75)  # 30 : 70 in the population
    survey = make_survey(rows, weights=weights)
    found = fimix(survey, model, FimixOptions(most=2, starts=10))
    slopes = found.solution(2).paths[:, 0, 1]
    assert slopes[0] < slopes[1]  # the segment of the weak first path is the largest now
    assert found.solution(2).share[0] == pytest.approx(0.7, abs=0.08)
    effective = weights.sum() ** 2 / (weights**2).sum()
    by_n = fimix(survey, model, FimixOptions(most=2, starts=10, information="respondents"))
    # the weights of the criteria add up to the effective number: all in proportion
    np.testing.assert_allclose(
        found.criteria["loglik"] / by_n.criteria["loglik"], effective / 800, rtol=1e-6
    )
    plain = fimix(make_survey(rows), model, FimixOptions(most=2, starts=10))
    assert plain.solution(2).share[0] == pytest.approx(0.6, abs=0.08)


def test_gaps_are_left_out_and_counted(divided: Divided, model: Model) -> None:
    survey, _ = divided
    answers = survey.answers.copy()
    answers[:240, 2] = np.nan
    found = fimix(replace(survey, answers=answers), model, FimixOptions(most=2, starts=4))
    assert found.scored.left_out == 240
    assert (found.members["row"] >= 240).all()
    (told,) = [verdict for verdict in found.verdicts if verdict.measure == "left out"]
    assert told.grade == "doubtful"
    assert "240 of 600" in told.sentence.en
    assert "240名" in told.sentence.zh
    assert "left out" in repr(found)


def test_part_of_a_survey(divided: Divided, model: Model) -> None:
    survey, _ = divided
    found = fimix(survey, model, FimixOptions(most=1), where={"company": "A"})
    assert len(found.scored.scores) == int(np.sum(survey.keys["company"] == "A"))


def test_intercepts_catch_levels(make_survey: MakeSurvey, model: Model) -> None:
    rows = homogeneous(500, 6)
    lifted = rows.copy()
    lifted[:200, 3:] += 4.0  # a group that is happier with the same quality
    survey = make_survey(lifted)
    found = fimix(survey, model, FimixOptions(most=2, starts=10))
    own = found.solution(2)
    assert abs(own.intercepts[0, 1] - own.intercepts[1, 1]) > 1.0
    through = fimix(survey, model, FimixOptions(most=2, starts=10, intercepts=False))
    assert (through.solution(2).intercepts[:, 1] == 0).all()
    assert through.criteria["parameters"].tolist() == [4, 9]
    assert found.criteria["parameters"].tolist() == [6, 13]
    assert found.criteria["loglik"][1] > through.criteria["loglik"][1]


def test_equal_answers_are_no_segment(make_survey: MakeSurvey, model: Model) -> None:
    rows = homogeneous(300, 7)
    rows[:60] = 9.0  # straight-lining at the upper end
    found = fimix(make_survey(rows), model, FimixOptions(most=3, starts=10))
    row = found.criteria.set_index("segments").loc[2]
    assert row["floored"] > 0
    spread = found.equations[found.equations["segments"] == 2]["residual_variance"]
    single = found.equations[found.equations["segments"] == 1]["residual_variance"].max()
    if row["floored"] < 10:
        assert spread.min() > 0.01 * single * 0.999
    else:
        assert row["note"] == "every start ended with a segment of no variance"
        assert not row["considered"]


def test_segments_too_small_are_not_considered(divided: Divided, model: Model) -> None:
    survey, _ = divided
    found = fimix(survey, model, FimixOptions(most=3, starts=6, min_n=280))
    row = found.criteria.set_index("segments").loc[2]
    assert row["note"] == "1 segment too small"
    assert found.chosen == 1
    assert any("no more than 2 segments tried" in note for note in found.notes)
    sentence = next(v.sentence for v in found.verdicts if v.measure == "considered")
    assert "2个群体" in sentence.zh
    assert "2个时有1个群体过小" in sentence.zh
    assert not any(ord(letter) > 255 for letter in sentence.en)


def test_more_segments_than_the_answers_can_bear(divided: Divided, model: Model) -> None:
    survey, _ = divided
    options = FimixOptions(most=12, starts=3, min_n=2, min_share=0.0)
    few = np.zeros(600, dtype=bool)
    few[::12] = True
    weights = np.where(few, 1.0, 0.0)
    small = replace(survey, design=replace(survey.design, weights=weights))
    found = fimix(small, model, options)
    assert len(found.scored.scores) == 50  # a weight of zero stands for nobody
    assert found.scored.left_out == 0
    rows = found.criteria.set_index("segments")
    assert rows.loc[12, "note"] == "every start ended with an empty segment"
    assert rows.loc[12, "empty"] == 3
    assert np.isnan(rows.loc[12, "bic"])
    assert 12 not in found.solutions
    assert found.chosen < 12
    sentence = next(v.sentence for v in found.verdicts if v.measure == "considered")
    assert "、12个时所有起始点均得到空群体" in sentence.zh


def test_members_are_a_table_of_the_survey(divided: Divided, model: Model) -> None:
    found = fimix(divided[0], model, FimixOptions(most=2, starts=4))
    table = found.members_of(2)
    assert table["row"].tolist() == list(range(600))
    np.testing.assert_allclose(table[["p1", "p2"]].sum(axis=1), 1)
    np.testing.assert_array_equal(table["probability"], table[["p1", "p2"]].max(axis=1))
    with pytest.raises(OptionError, match="no solution with 5"):
        found.members_of(5)


def test_refusals(divided: Divided, model: Model) -> None:
    survey, _ = divided
    with pytest.raises(MomentsError, match="nobody has 'C'"):
        fimix(survey, model, where={"company": "C"})
    with pytest.raises(MomentsError, match="key region"):
        fimix(survey, model, where={"region": "C"})
    empty = replace(survey, answers=np.full_like(survey.answers, np.nan))
    with pytest.raises(EstimationError, match="too few answers"):
        fimix(empty, model)
    with pytest.raises(OptionError, match="3 faults"):
        FimixOptions(most=0, floor=2.0, information="none")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="consistent"):
        FimixOptions(pls=PLSOptions(consistent=True))
    with pytest.raises(OptionError, match="min_n"):
        PosOptions(min_n=0)
    with pytest.raises(OptionError, match="segments"):
        PosOptions(segments=1)
    with pytest.raises(OptionError, match="no construct that others lead to"):
        pos(survey, model, PosOptions(target="Quality"))


def test_verdicts_of_several_segments(divided: Divided, model: Model) -> None:
    found = fimix(divided[0], model, FimixOptions(most=2, starts=6))
    measures = [verdict.measure for verdict in found.verdicts]
    assert measures[:3] == ["segments", "EN", "starts"]
    assert measures[-1] == "caution"
    assert all(verdict.topic == "segments" for verdict in found.verdicts)
    assert all(verdict.sentence.en and verdict.sentence.zh for verdict in found.verdicts)
    assert not any("{" in verdict.sentence.en + verdict.sentence.zh for verdict in found.verdicts)
