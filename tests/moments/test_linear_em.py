"""Scores of EM against EM run again, and its rate matrix against differences of one step."""

from collections.abc import Callable

import numpy as np
import pytest

from csi.arrays import Array
from csi.moments.kernel import _em_step, maximum_likelihood, patterns
from csi.moments.linear import moment_scores
from csi.moments.linear_em import rate_matrix
from csi.moments.vectors import moment_vector, moments_from_vector

Rows = Callable[..., Array]


def solution(rows: Array, weights: Array) -> tuple[Array, Array]:
    found = maximum_likelihood(rows, weights[None], tolerance=1e-14, max_steps=5000)
    assert found.converged.all()
    return found.mean[0], found.cov[0]


@pytest.mark.parametrize("clustered", [False, True])
def test_scores_follow_em_run_again(factor_rows: Rows, clustered: bool) -> None:
    # steps of 1e-4 in a weight: EM settles to 1e-13 of it, differences bend by 1e-8
    rows = factor_rows(80, 4, 41, gone=0.2)
    rows[0] = np.nan  # no answer at all
    rng = np.random.default_rng(42)
    weights = rng.uniform(0.4, 2.0, 80)
    units = rng.integers(0, 30, 80) if clustered else np.arange(80)
    u = 30 if clustered else 80
    mean, cov = solution(rows, weights)
    scores = moment_scores(rows, weights, units, u, "em", mean, cov)
    largest = np.abs(scores).max(axis=0)
    for unit in range(0, u, 3):
        up, down = (
            moment_vector(*solution(rows, weights * (1 + d * (units == unit))))
            for d in (1e-4, -1e-4)
        )
        np.testing.assert_allclose(
            scores[unit], (up - down) / 2e-4, rtol=1e-4, atol=1e-6 * largest.max()
        )
    np.testing.assert_allclose(scores.sum(axis=0) / largest, 0.0, atol=1e-10)


def test_rate_matrix_by_differences_of_the_step(factor_rows: Rows) -> None:
    rows = factor_rows(70, 4, 43, gone=0.25)
    rows = rows[~np.isnan(rows).all(axis=1)]
    weights = np.random.default_rng(44).uniform(0.5, 2.0, len(rows))
    mean, cov = solution(rows, weights)
    theta = moment_vector(mean, cov)
    t = len(theta)

    def step(vectors: Array) -> Array:
        m, s = moments_from_vector(vectors)
        b, p = m.shape
        own = np.repeat(weights[None], b, axis=0)
        nothing = np.zeros((b, p)), np.zeros((b, p, p))
        kinds = patterns(np.isnan(rows))
        new = _em_step(rows, own, kinds, m, s, *nothing, own.sum(axis=1))
        return moment_vector(*new)

    h = 1e-5
    moves = h * np.eye(t)
    known = ((step(theta + moves) - step(theta - moves)) / (2 * h)).T
    np.testing.assert_allclose(step(theta[None])[0], theta, rtol=1e-10)  # the fixed point
    found = rate_matrix(rows, weights, mean, cov)
    np.testing.assert_allclose(found, known, rtol=1e-6, atol=1e-7)
    rates = np.abs(np.linalg.eigvals(found))
    assert 0.2 < rates.max() < 1.0  # EM settles at the rate of the largest


def test_a_single_gap_item_in_closed_form(factor_rows: Rows) -> None:
    # monotone gaps: the mean of the item with gaps is that of its regression on the other, so
    # that its score is the mean of predictions plus the residual of those who answered
    rows = factor_rows(200, 2, 45)
    rows[120:, 1] = np.nan
    full = rows[:120]
    slope = np.cov(full.T, bias=True)[0, 1] / full[:, 0].var()
    residual = full[:, 1] - full[:, 1].mean() - slope * (full[:, 0] - full[:, 0].mean())
    away = (rows[:, 0].mean() - full[:, 0].mean()) / full[:, 0].var()
    known = slope * (rows[:, 0] - rows[:, 0].mean()) / 200
    known[:120] += residual * (1 + away * (full[:, 0] - full[:, 0].mean())) / 120
    mean, cov = solution(rows, np.ones(200))
    scores = moment_scores(rows, np.ones(200), np.arange(200), 200, "em", mean, cov)
    np.testing.assert_allclose(scores[:, 1], known, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(scores[:, 0], (rows[:, 0] - mean[0]) / 200, atol=1e-14)


def test_no_gap_no_rate(factor_rows: Rows) -> None:
    rows = factor_rows(50, 3, 46)
    found = rate_matrix(rows, np.ones(50), rows.mean(axis=0), np.cov(rows.T, bias=True))
    assert not found.any()
