"""The population solution: an estimator run on the exact moments, and the road of a survey."""

from pathlib import Path

import numpy as np
import pytest

from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.catalogue import load
from csi.moments import Moments, moments_of
from csi.simulation import PopulationMoments, Stratum, catalogue_plan, simulate_plan
from csi.survey import read_codebook, read_survey

MOBILE = Path(__file__).parents[2] / "data" / "mobile"


def as_moments(exact: PopulationMoments, n: int) -> Moments:
    p = len(exact.items)
    return Moments(
        items=exact.items,
        mean=exact.mean,
        cov=exact.cov,
        n=np.int64(n),
        sum_weights=np.float64(n),
        n_effective=np.float64(n),
        answers=np.full(p, n),
        missing="complete",
    )


@pytest.mark.parametrize("metric", ["standardised", "raw"])
def test_a_large_sample_comes_to_the_population_solution(
    strata: tuple[Stratum, ...], metric: str
) -> None:
    plan = catalogue_plan("ecsi_mobile", years=("2024",), seed=9, n=100_000, strata=strata)
    drawn = simulate_plan(plan)
    options = PLSOptions(metric=metric)
    whole = fit_pls(plan.model, as_moments(drawn.truth.moments(), plan.n), options)
    survey = read_survey(drawn.answers, drawn.codebook)
    sample = fit_pls(plan.model, moments_of(survey, plan.model), options)
    # n = 100,000, effective 85,000: standard errors up to 0.004, ten of them for a maximum
    np.testing.assert_allclose(sample.paths.squeeze(), whole.paths, atol=0.02)
    np.testing.assert_allclose(sample.loadings.squeeze(), whole.loadings, atol=0.02)
    index = drawn.truth.index(dict(zip(plan.model.items, whole.weights, strict=True)))
    assert index["index"].between(55, 85).all()


def test_mode_a_attenuates_the_true_paths_of_satisfaction() -> None:
    """Composites of fallible items correlate less than the constructs they stand for."""
    model = load("ecsi_mobile")
    truth = simulate_plan(catalogue_plan("ecsi_mobile", years=("2024",), seed=0, n=10)).truth
    fit = fit_pls(model, as_moments(truth.moments(), 250), PLSOptions())
    off = ~np.eye(len(model.names), dtype=bool)
    assert (fit.construct_corr[off] < truth.construct_corr[off]).all()
    assert (fit.construct_corr[off] > 0.7 * truth.construct_corr[off]).all()


def test_the_packaged_survey_passes_the_door() -> None:
    survey = read_survey(MOBILE / "survey.csv", read_codebook(MOBILE / "codebook.toml"))
    assert len(survey) == 4_500
    assert survey.design.weighted
    assert survey.design.stratified
    assert set(survey.missing["meaning"]) >= {"dont_know", "refused"}
    assert survey.excluded["count"].sum() == 0
