"""Likelihood of incomplete rows against densities row by row, and its derivatives against steps."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from csi.estimate.covariance import kernel_fiml
from csi.estimate.covariance.kernel import cholesky_ok
from csi.estimate.covariance.kernel_fiml import (
    Patterns,
    patterns_of,
    places,
    reach,
    row_scores,
)
from csi.estimate.covariance.kernel_newton import descend
from csi.estimate.covariance.saturated import independent, saturate
from csi.moments.kernel import maximum_likelihood

STEP = 1e-5


def incomplete(seed: int, n: int = 60, p: int = 5, share: float = 0.25) -> tuple:
    """Rows with holes, weights, and means and covariances away from the best ones."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + rng.normal(size=p)
    rows[rng.random((n, p)) < share] = np.nan
    rows = rows[~np.isnan(rows).all(axis=1)]
    root = rng.normal(size=(p, p))
    return rows, rng.uniform(0.5, 2.0, len(rows)), rng.normal(size=p), root @ root.T + np.eye(p)


def by_rows(rows: np.ndarray, mean: np.ndarray, cov: np.ndarray) -> np.ndarray:
    """Log-densities of the answers that each row has."""
    found = []
    for row in rows:
        here = ~np.isnan(row)
        density = multivariate_normal(mean[here], cov[np.ix_(here, here)])
        found.append(density.logpdf(row[here]))
    return np.array(found)


def moved(mean: np.ndarray, cov: np.ndarray, step: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means and covariances after a step in the moments."""
    p = len(mean)
    return mean + step[:p], cov + step[p:][places(p)[2]]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.6])
def test_likelihood_is_that_of_the_densities_of_rows(share: float) -> None:
    rows, weights, mean, cov = incomplete(1, share=share)
    value = reach(patterns_of(rows, weights), mean, cov).value
    assert value == pytest.approx(-float(weights @ by_rows(rows, mean, cov)), rel=1e-12)


def test_patterns_hold_what_the_rows_hold() -> None:
    rows, weights, _, _ = incomplete(2, n=200, p=3)
    found = patterns_of(rows, weights)
    assert found.total == pytest.approx(weights.sum())
    for r in range(len(found.weight)):
        own = found.of == r
        gone = sorted(k for k in found.gone[r].tolist() if k >= 0)
        missing = np.isnan(rows[own])
        assert (missing == missing[0]).all()
        assert np.flatnonzero(missing[0]).tolist() == gone
        here = ~missing[0]
        own_cov = np.cov(rows[own][:, here].T, aweights=weights[own], ddof=0)
        np.testing.assert_allclose(found.cov[r][np.ix_(here, here)], own_cov, atol=1e-12)
        np.testing.assert_array_equal(found.cov[r][gone], 0.0)


def test_first_and_second_derivatives_are_those_of_steps() -> None:
    """Central differences of step 1e-5 are right to about 1e-8 of the largest entry."""
    rows, weights, mean, cov = incomplete(3)
    found = patterns_of(rows, weights)
    at = reach(found, mean, cov, "observed")
    for k in range(len(at.first)):
        step = STEP * np.eye(len(at.first))[k]
        up, down = (reach(found, *moved(mean, cov, s)) for s in (step, -step))
        assert (up.value - down.value) / (2 * STEP) == pytest.approx(at.first[k], rel=1e-6)
        bent = (up.first - down.first) / (2 * STEP)
        np.testing.assert_allclose(bent, at.second[k], atol=1e-7 * np.abs(at.second).max())


def test_expected_information_is_the_observed_one_of_patterns_that_fit_exactly() -> None:
    rows, weights, mean, cov = incomplete(4)
    found = patterns_of(rows, weights)
    flags = np.zeros((len(found.weight), len(mean)), dtype=bool)
    for r, gone in enumerate(found.gone):
        flags[r, gone[gone >= 0]] = True
    exact = np.where(flags[:, :, None] | flags[:, None, :], 0.0, cov)
    ideal = Patterns(found.weight, np.where(flags, 0.0, mean), exact, found.gone, found.of)
    observed = reach(ideal, mean, cov, "observed")
    np.testing.assert_allclose(observed.first, 0.0, atol=1e-10)
    expected = reach(found, mean, cov, "expected")
    np.testing.assert_allclose(expected.second, observed.second, atol=1e-10)


def test_scores_of_rows_are_derivatives_of_their_densities() -> None:
    rows, weights, mean, cov = incomplete(5, n=40)
    found = patterns_of(rows, weights)
    scores = np.empty((len(rows), len(mean) * (len(mean) + 3) // 2))
    for at, own in row_scores(found, rows, mean, cov):
        scores[at] = own
    for k in range(scores.shape[1]):
        step = STEP * np.eye(scores.shape[1])[k]
        up, down = (by_rows(rows, *moved(mean, cov, s)) for s in (step, -step))
        np.testing.assert_allclose((up - down) / (2 * STEP), scores[:, k], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(weights @ scores, -reach(found, mean, cov).first, atol=1e-9)


def test_size_of_chunks_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, weights, mean, cov = incomplete(6)
    found = patterns_of(rows, weights)
    whole = reach(found, mean, cov, "observed")
    monkeypatch.setattr(kernel_fiml, "CHUNK", 3)
    parts = reach(found, mean, cov, "observed")
    assert parts.value == pytest.approx(whole.value, rel=1e-13)
    np.testing.assert_allclose(parts.second, whole.second, atol=1e-10)


def test_covariances_that_are_none_have_no_likelihood() -> None:
    rows, weights, mean, cov = incomplete(7)
    assert reach(patterns_of(rows, weights), mean, cov - 50 * np.eye(5)).value == np.inf


def test_saturated_moments_are_those_of_em() -> None:
    """The package's EM stops when no moment moves by 1e-10 of its scale."""
    rows, weights, _, _ = incomplete(8, n=300)
    found = saturate(patterns_of(rows, weights), np.nanmean(rows, axis=0), np.eye(5))
    em = maximum_likelihood(rows, weights[None], tolerance=1e-10, max_steps=5000)
    assert found.converged
    np.testing.assert_allclose(found.mean, em.mean[0], atol=1e-7)
    np.testing.assert_allclose(found.cov, em.cov[0], rtol=1e-6, atol=1e-7)
    assert found.loglikelihood == pytest.approx(
        float(weights @ by_rows(rows, em.mean[0], em.cov[0])), rel=1e-12
    )


def test_em_alone_ends_where_newton_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """EM creeps: what it leaves is the tolerance over one less the missing information."""
    rows, weights, _, _ = incomplete(9, n=300)
    found, start = patterns_of(rows, weights), (np.zeros(5), np.eye(5))
    newton = saturate(found, *start)
    monkeypatch.setattr("csi.estimate.covariance.saturated.MOST", 0)
    em = saturate(found, *start)
    assert em.converged
    assert em.steps > newton.steps
    assert em.loglikelihood == pytest.approx(newton.loglikelihood, abs=1e-8)
    np.testing.assert_allclose(em.cov, newton.cov, atol=1e-4)


def test_a_start_that_is_no_covariance_matrix_is_mended() -> None:
    rows, weights, _, _ = incomplete(10, n=200)
    found = patterns_of(rows, weights)
    bad = np.full((5, 5), 2.0) - np.eye(5)
    assert saturate(found, np.zeros(5), bad).loglikelihood == pytest.approx(
        saturate(found, np.zeros(5), np.eye(5)).loglikelihood, abs=1e-8
    )


def test_independent_items_are_fitted_one_by_one() -> None:
    rows, weights, _, _ = incomplete(11)
    found = independent(rows, weights)
    value = weights @ by_rows(rows, found.mean, np.diag(found.variance))
    assert found.loglikelihood == pytest.approx(float(value), rel=1e-12)
    at = reach(patterns_of(rows, weights), found.mean, np.diag(found.variance), "observed")
    p = len(found.mean)
    i, j, _ = places(p)
    own = np.concatenate([np.arange(p), p + np.flatnonzero(i == j)])
    np.testing.assert_allclose(at.first[own], 0.0, atol=1e-9)
    scores = np.concatenate(
        [s[:, own] for _, s in row_scores(patterns_of(rows, weights), rows, found.mean,
                                          np.diag(found.variance))]
    )  # fmt: skip
    order = np.concatenate(
        [at for at, _ in row_scores(patterns_of(rows, weights), rows, found.mean,
                                    np.diag(found.variance))]
    )  # fmt: skip
    scores *= weights[order, None]
    trace = np.trace(np.linalg.solve(at.second[np.ix_(own, own)], scores.T @ scores))
    ours = np.sum((found.scores(rows) * weights[:, None]) ** 2)
    assert ours == pytest.approx(trace, rel=1e-10)


def test_steps_that_lead_nowhere_are_not_converged() -> None:
    rows, weights, mean, cov = incomplete(12)
    found = patterns_of(rows, weights)
    start = np.concatenate([mean, cov[places(5)[0], places(5)[1]]])

    def evaluate(x: np.ndarray, kind: kernel_fiml.Information) -> kernel_fiml.Reached:
        return reach(found, *moved(np.zeros(5), np.zeros((5, 5)), x), kind)

    assert not descend(evaluate, start, tolerance=1e-10, steps=1).converged
    assert descend(evaluate, start, tolerance=1e-10).converged
    assert not descend(evaluate, -start, tolerance=1e-10).converged


def test_matrices_that_are_positive_by_rounding_only_are_not() -> None:
    """Products of a long and a short side have eigenvalues of zero, give or take rounding."""
    flat = np.random.default_rng(1).normal(size=(200, 6, 3))
    cov = flat @ np.swapaxes(flat, 1, 2)
    assert (np.linalg.eigvalsh(cov)[:, 0] > 0).any()
    root, good = cholesky_ok(cov)
    assert not good.any()
    assert np.isfinite(root).all()
