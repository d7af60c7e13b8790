"""Kernels of prediction: batches against loops, rows, and a known population."""

import numpy as np
import pytest

from csi.assess.kernel_predict import (
    earliest_slopes,
    factor_slopes,
    pls_slopes,
    predictions,
    regression_slopes,
    skewness,
    weighted_mean,
)
from csi.estimate.effects import total_effects
from csi.estimate.pls import PLSOptions, fit_pls
from csi.moments.groups import moments_of_rows
from tests.assess.predict_cases import chain, rows_of, simulated, survey_of

OF = np.array([0, 0, 1, 2, 2])
ARROWS = np.array([[False, True, True], [False, False, True], [False, False, False]])


def correlations(rng: np.random.Generator, batch: tuple[int, ...], k: int) -> np.ndarray:
    x = rng.normal(size=(*batch, 40, k)) + rng.normal(size=(*batch, 40, 1))
    c = np.swapaxes(x, -1, -2) @ x
    sd = np.sqrt(np.einsum("...ii->...i", c))
    return c / (sd[..., :, None] * sd[..., None, :])


@pytest.mark.parametrize("batch", [(), (3,), (2, 3)])
def test_batches_against_a_loop(batch: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    w, lam = rng.normal(size=(2, *batch, 5))
    inner = rng.normal(size=(*batch, 3, 3)) * ARROWS
    corr, rel = correlations(rng, batch, 3) * 0.6, rng.uniform(0.5, 1.0, (*batch, 3))
    corr[..., np.arange(3), np.arange(3)] = 1.0
    cov, cross = correlations(rng, batch, 4) * 2.0, rng.normal(size=(*batch, 4, 2))
    total = total_effects(inner)
    exogenous = np.array([True, False, False])
    found = {
        "pls": pls_slopes(w, inner, lam, OF),
        "earliest": earliest_slopes(total, exogenous),
        "factor": factor_slopes(corr, rel, inner, ARROWS),
        "regression": regression_slopes(cov, cross),
    }
    for at in np.ndindex(batch):
        slopes = found["pls"][at]
        for i in range(5):
            for k in range(5):
                # products of three numbers: equal to rounding
                own = w[at][i] * inner[at][OF[i], OF[k]] * lam[at][k]
                assert slopes[i, k] == pytest.approx(own, rel=1e-14)
        # predicting one construct after the other from predicted antecedents
        step = np.zeros((3, 3))
        step[0, 0] = 1.0
        for target in (1, 2):
            step[0, target] = step[0] @ inner[at][:, target]
        step[0, 0] = 0.0
        np.testing.assert_allclose(found["earliest"][at], step, atol=1e-14)
        root = np.sqrt(rel[at])
        composite = corr[at] * np.outer(root, root)
        np.fill_diagonal(composite, 1.0)
        for target, own in ((1, [0]), (2, [0, 1])):
            pick = np.ix_(own, own)
            right = np.diag(root[own]) @ corr[at][pick] @ inner[at][own, target]
            slope = np.linalg.solve(composite[pick], right)
            np.testing.assert_allclose(found["factor"][at][own, target], slope, rtol=1e-12)
        slope = np.linalg.solve(cov[at], cross[at])
        np.testing.assert_allclose(found["regression"][at], slope, rtol=1e-10)


def test_collinear_predictors_have_no_regression_and_spare_their_neighbours() -> None:
    good = np.array([[2.0, 0.5], [0.5, 1.0]])
    bad = np.array([[2.0, 2.0], [2.0, 2.0]])
    cross = np.ones((3, 2, 1))
    found = regression_slopes(np.stack([good, bad, good]), cross)
    assert np.isnan(found[1]).all()
    np.testing.assert_allclose(found[[0, 2]], np.linalg.solve(good, cross[0])[None].repeat(2, 0))


def test_predictions_take_the_sample_of_the_fold() -> None:
    rng = np.random.default_rng(2)
    rows, fold = rng.normal(size=(11, 4)), rng.integers(0, 3, 11)
    center, targets = rng.normal(size=(3, 4)), rng.normal(size=(3, 2))
    slopes = rng.normal(size=(3, 4, 2))
    found = predictions(rows, fold, center, targets, slopes)
    for i, b in enumerate(fold):
        own = targets[b] + (rows[i] - center[b]) @ slopes[b]
        np.testing.assert_allclose(found[i], own, rtol=1e-12)
    assert predictions(rows[:0], fold[:0], center, targets, slopes).shape == (0, 2)


def test_means_and_skewness_pass_gaps_over() -> None:
    values = np.array([[1.0, np.nan], [2.0, np.nan], [6.0, np.nan]])
    w = np.array([1.0, 2.0, 1.0])
    np.testing.assert_allclose(weighted_mean(values, w)[0], 2.75)
    assert np.isnan(weighted_mean(values, w)[1])
    repeated = np.array([1.0, 2.0, 2.0, 6.0])  # weights as repetitions
    away = repeated - repeated.mean()
    expected = np.mean(away**3) / np.mean(away**2) ** 1.5
    assert skewness(values, w)[0] == pytest.approx(expected, rel=1e-12)


def test_consistent_prediction_is_the_best_linear_one_of_the_factor_model() -> None:
    """In a population of factors PLSc slopes are those of items on antecedents' composites."""
    model = chain("reflective")
    frame = simulated(40, seed=3)
    lam = np.array([0.8, 0.7, 0.9, 0.85, 0.6, 0.75, 0.8, 0.65])
    paths = np.array([[0.0, 0.6, 0.3], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]])
    phi = np.eye(3)
    phi[0, 1] = phi[1, 0] = 0.6
    phi[0, 2] = phi[2, 0] = 0.3 + 0.5 * 0.6
    phi[1, 2] = phi[2, 1] = 0.5 + 0.3 * 0.6
    of = np.argmax(model.blocks, axis=1)
    population = np.outer(lam, lam) * phi[np.ix_(of, of)]
    np.fill_diagonal(population, 1.0)
    rows = rows_of(survey_of(frame, model.items), model)
    base = moments_of_rows(rows, np.ones(len(rows)), model.items, "complete")
    moments = type(base)(
        items=base.items, mean=np.zeros(8), cov=population, n=base.n,
        sum_weights=base.sum_weights, n_effective=base.n_effective, answers=base.answers,
        missing="complete",
    )  # fmt: skip
    tight = PLSOptions(consistent=True, tolerance=1e-13, max_steps=5000)
    fit = fit_pls(model, moments, tight)
    np.testing.assert_allclose(fit.paths, paths, atol=1e-8)  # PLSc recovers the population
    inner = factor_slopes(fit.construct_corr, fit.reliability, fit.paths, model.arrows)
    found = pls_slopes(fit.weights, inner, fit.loadings, of)
    composites = fit.weights[:, None] * model.blocks
    for target in (1, 2):
        own = composites[:, np.flatnonzero(model.arrows[:, target])]
        to_items = np.linalg.solve(own.T @ population @ own, own.T @ population)
        best = own @ to_items[:, of == target]
        # the iteration stops at 1e-13; loadings and corrections lose some digits
        np.testing.assert_allclose(found[:, of == target], best, atol=1e-8)
