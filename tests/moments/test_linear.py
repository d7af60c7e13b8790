"""Scores of moments against moments of reweighted rows; variances against sums by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array, IntArray
from csi.moments.blocks import Sample
from csi.moments.design import design_covariance, design_variance
from csi.moments.groups import moments_of_rows
from csi.moments.linear import (
    figure_scores,
    jacobian,
    moment_scores,
    moment_steps,
    sample_scores,
)
from csi.moments.vectors import moment_vector, moments_at, moments_from_vector

Rows = Callable[..., Array]
NAMES = ("a", "b", "c", "d")


def vector_of(rows: Array, weights: Array, missing: Any) -> Array:
    found = moments_of_rows(rows, weights, NAMES[: rows.shape[1]], missing)
    assert not found.problems
    return moment_vector(found.mean, found.cov)


def scores_of(rows: Array, weights: Array, units: IntArray, u: int, missing: Any) -> Array:
    found = moments_of_rows(rows, weights, NAMES[: rows.shape[1]], missing)
    return moment_scores(rows, weights, units, u, missing, found.mean, found.cov)


def test_vector_and_back() -> None:
    rng = np.random.default_rng(1)
    root = rng.normal(size=(2, 3, 4, 4))
    mean, cov = rng.normal(size=(2, 3, 4)), root @ np.swapaxes(root, -1, -2)
    vector = moment_vector(mean, cov)
    assert vector.shape == (2, 3, 14)
    assert vector[1, 2, 4:8].tolist() == cov[1, 2, 0].tolist()  # row by row
    again = moments_from_vector(vector)
    np.testing.assert_array_equal(again[0], mean)
    np.testing.assert_array_equal(again[1], np.triu(cov) + np.swapaxes(np.triu(cov, 1), -1, -2))


@pytest.mark.parametrize("missing", ["complete", "pairwise"])
@pytest.mark.parametrize("clustered", [False, True])
def test_scores_are_derivatives_by_weights(
    factor_rows: Rows, missing: Any, clustered: bool
) -> None:
    # central differences with steps of 1e-5 leave an error of about 1e-9
    rows = factor_rows(60, 4, 31, gone=0.15)
    rng = np.random.default_rng(32)
    weights = rng.uniform(0.4, 2.5, 60)
    units = rng.integers(0, 20, 60) if clustered else np.arange(60)
    u = 22 if clustered else 60  # two units of another group
    scores = scores_of(rows, weights, units, u, missing)
    for unit in range(u):
        moved = [
            vector_of(rows, weights * (1 + d * (units == unit)), missing) for d in (1e-5, -1e-5)
        ]
        np.testing.assert_allclose(scores[unit], (moved[0] - moved[1]) / 2e-5, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(scores.sum(axis=0), 0.0, atol=1e-13)


def test_pairs_of_complete_rows_are_complete(factor_rows: Rows) -> None:
    rows = factor_rows(40, 3, 33)
    every = [scores_of(rows, np.ones(40), np.arange(40), 40, m) for m in ("complete", "pairwise")]
    np.testing.assert_allclose(every[0], every[1], rtol=0, atol=1e-14)


def test_unweighted_rows_without_answers_score_nothing(factor_rows: Rows) -> None:
    rows = factor_rows(40, 3, 34)
    weights = np.ones(40)
    rows[3], weights[7] = np.nan, 0.0
    scores = scores_of(rows, weights, np.arange(40), 40, "pairwise")
    assert not scores[[3, 7]].any()
    assert scores[4].any()


def by_hand(z: Array, strata: IntArray, fractions: Array | None) -> Array:
    """Sum over strata, in loops."""
    out = np.zeros((z.shape[1], z.shape[1]))
    for h in np.unique(strata):
        part = z[strata == h]
        f = 0.0 if fractions is None else float(fractions[strata == h][0])
        away = part - part.mean(axis=0)
        for row in away:
            out += (1 - f) * len(part) / (len(part) - 1) * np.outer(row, row)
    return out


@pytest.mark.parametrize("finite", [False, True])
@pytest.mark.parametrize("many", [1, 4])
def test_design_covariance_by_hand(finite: bool, many: int) -> None:
    rng = np.random.default_rng(35)
    z = rng.normal(size=(30, 3))
    strata = rng.permutation(np.arange(30) % many) * 7
    fractions = np.array([0.1, 0.5, 0.0, 1.0])[strata // 7] if finite else None
    known = by_hand(z, strata, fractions)
    np.testing.assert_allclose(design_covariance(z, strata, fractions), known, atol=1e-13)
    np.testing.assert_allclose(design_variance(z, strata, fractions), np.diag(known), atol=1e-13)


def test_a_stratum_of_one_unit_has_no_variance() -> None:
    z = np.arange(4.0)[:, None]
    strata = np.array([0, 0, 0, 1])
    assert np.isnan(design_variance(z, strata)).all()
    whole = np.array([0.2, 0.2, 0.2, 1.0])  # taken whole, it has none to add
    np.testing.assert_allclose(design_variance(z, strata, whole), 0.8 * 1.5 * 2.0)


def test_jacobian_of_means_and_ratios(factor_rows: Rows) -> None:
    rows = factor_rows(100, 3, 36)
    vector = vector_of(rows, np.ones(100), "complete")
    scores = scores_of(rows, np.ones(100), np.arange(100), 100, "complete")
    variance = design_variance(scores, np.zeros(100, dtype=np.int64))

    def figures(m: Array) -> Array:  # a mean, a ratio of means, a correlation
        return np.stack([m[:, 0], m[:, 1] / m[:, 2], m[:, 4] / np.sqrt(m[:, 3] * m[:, 6])], axis=1)

    m = vector
    corr = m[4] / np.sqrt(m[3] * m[6])
    known = np.zeros((3, 9))
    known[0, 0] = 1.0
    known[1, 1:3] = 1 / m[2], -m[1] / m[2] ** 2
    known[2, [3, 4, 6]] = -corr / 2 / m[3], corr / m[4], -corr / 2 / m[6]
    steps = moment_steps(vector, variance)
    found = jacobian(figures, vector, steps)
    half = jacobian(figures, vector, steps / 2)
    # differences err by step**2 / 6 of the third derivative; the step is a tenth of an error
    np.testing.assert_allclose(found, known, rtol=1e-3, atol=1e-12)
    np.testing.assert_allclose(half - known, (found - known) / 4, rtol=0.01, atol=1e-12)
    fine = jacobian(figures, vector, moment_steps(vector, variance, 1e-3))
    np.testing.assert_allclose(fine, known, rtol=1e-7, atol=1e-10)
    # the error of the mean and of the ratio, from rows
    error = np.sqrt(design_variance(figure_scores(found, scores), np.zeros(100, dtype=np.int64)))
    ratio = rows[:, 1].mean() / rows[:, 2].mean()
    residual = (rows[:, 1] - ratio * rows[:, 2]) / rows[:, 2].mean()
    np.testing.assert_allclose(error[0], rows[:, 0].std(ddof=1) / 10, rtol=1e-12)
    np.testing.assert_allclose(error[1], residual.std(ddof=1) / 10, rtol=1e-3)


def test_a_moment_without_error_has_a_step() -> None:
    vector = np.array([5.0, 6.0, 4.0, 1.0, 9.0])
    steps = moment_steps(vector, np.zeros(5))
    np.testing.assert_allclose(steps, [2e-6, 3e-6, 4e-6, 6e-6, 9e-6])


def test_look_up_of_a_sample(factor_rows: Rows) -> None:
    rows = factor_rows(50, 3, 37, gone=0.1)
    units = np.arange(50) // 2
    sample = Sample(NAMES[:3], rows, np.ones(50), units)
    single = moments_of_rows(rows, np.ones(50), NAMES[:3], "em")
    found = sample_scores(sample, 25, single)
    known = moment_scores(rows, np.ones(50), units, 25, "em", single.mean, single.cov)
    np.testing.assert_array_equal(found, known)
    batch = moments_at(single, np.stack([moment_vector(single.mean, single.cov)] * 4))
    assert batch.batch == (4,)
    np.testing.assert_array_equal(batch.cov[3], single.cov)
    assert batch.n.tolist() == [50] * 4
