"""One group or two, against answers in which all have the same paths."""

import numpy as np
import pytest

from csi.compare.segments import (
    FimixOptions,
    HomogeneityOptions,
    PosOptions,
    fimix,
    homogeneity_test,
    homogeneity_verdict,
    pos,
)
from csi.compare.segments.homogeneity import homogeneous_scores
from csi.compare.segments.kernel_mixture import Equations, pair_products
from csi.compare.segments.search import search
from csi.compare.segments.values import HomogeneityTest
from csi.errors import OptionError
from csi.model import Model
from csi.survey.survey import Survey
from tests.compare.segments.cases import homogeneous, system
from tests.index.conftest import MakeSurvey

FEW = {"draws": 19, "starts": 4}
CHAIN = Equations((2, 3), ((0, 1), (0, 1, 2)))


def test_two_groups_are_more_than_chance(divided: tuple[Survey, np.ndarray], model: Model) -> None:
    found = fimix(divided[0], model, FimixOptions(most=2, starts=4))
    test = homogeneity_test(found, HomogeneityOptions(**FEW))
    assert test.p_value == pytest.approx(1 / 20)
    assert test.used == 19
    gain = found.criteria["loglik"].diff().iloc[1]
    assert test.statistic == pytest.approx(2 * gain, abs=0.01)
    assert homogeneity_verdict(test).grade == "doubtful"


def test_one_skewed_group_is_chance_by_its_own_residuals(
    make_survey: MakeSurvey, model: Model
) -> None:
    survey = make_survey(homogeneous(400, 12, skew=0.9))
    found = fimix(survey, model, FimixOptions(most=2, starts=4))
    own = homogeneity_test(found, HomogeneityOptions(**FEW))
    normal = homogeneity_test(found, HomogeneityOptions(**FEW, errors="normal"))
    assert own.p_value > 0.05
    assert normal.p_value == pytest.approx(1 / 20)  # skew passes for a second group
    assert own.statistic == normal.statistic
    verdict = homogeneity_verdict(own)
    assert verdict.grade == "good"
    assert "no better than chance" in verdict.sentence.en
    assert "19" in verdict.sentence.zh


@pytest.mark.parametrize(("p", "used"), [(float("nan"), 0), (1 / 11, 10)])
def test_too_few_solutions_are_no_proof_of_one_group(p: float, used: int) -> None:
    """Ten samples cannot give a p below 1 / 11: that nothing was rejected says nothing."""
    draws = np.where(np.arange(99) < used, 1.0, np.nan)
    verdict = homogeneity_verdict(HomogeneityTest(9.0, draws, p, used, "resampled", 10, 1))
    assert verdict.grade == "doubtful"
    assert "could not be tested" in verdict.sentence.en
    assert f"{used} of 99" in verdict.sentence.en
    assert "nan" not in verdict.sentence.en + verdict.sentence.zh


def test_homogeneous_scores_have_the_paths_of_one_segment() -> None:
    scores, weights = system(4000, 13)
    single = search(pair_products(scores), weights, CHAIN, 1, FimixOptions())
    for errors in ("resampled", "normal"):
        made = homogeneous_scores(
            scores, weights, CHAIN, [1, 2, 3], single, errors, np.random.default_rng(1)
        )
        np.testing.assert_array_equal(made[:, 0], scores[:, 0])  # exogenous scores stay
        again = search(pair_products(made), weights, CHAIN, 1, FimixOptions())
        # 4000 respondents: standard errors of .02 and less
        np.testing.assert_allclose(again.best.contrast, single.best.contrast, atol=0.08)
        np.testing.assert_allclose(again.best.variance, single.best.variance, atol=0.08)


def test_residuals_of_a_respondent_stay_together() -> None:
    scores, weights = system(500, 14)
    single = search(pair_products(scores), weights, CHAIN, 1, FimixOptions())
    contrast = single.best.contrast[0]
    made = homogeneous_scores(
        scores, weights, CHAIN, [1, 2, 3], single, "resampled", np.random.default_rng(2)
    )
    old = np.column_stack([np.ones(500), scores]) @ contrast.T
    new = np.column_stack([np.ones(500), made]) @ contrast.T
    known = {tuple(row) for row in old.round(9)}
    assert all(tuple(row) in known for row in new.round(9))


def test_same_seed_same_figures_and_refusals(
    divided: tuple[Survey, np.ndarray], alike: Survey, model: Model
) -> None:
    found = fimix(alike, model, FimixOptions(most=1))
    one, two = (homogeneity_test(found, HomogeneityOptions(**FEW)) for _ in range(2))
    np.testing.assert_array_equal(one.draws, two.draws)
    assert "homogeneous samples" in repr(one)
    with pytest.raises(OptionError, match="by PLS-POS"):
        homogeneity_test(pos(divided[0], model, PosOptions(starts=1, max_rounds=1)))
    with pytest.raises(OptionError, match="2 faults"):
        HomogeneityOptions(draws=5, errors="skewed")  # type: ignore[arg-type]
