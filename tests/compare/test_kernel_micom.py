"""Composites from moments: any batch against a loop, and against scores of rows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from csi.compare.kernel_micom import log_variance_difference, mean_difference, reference_range
from csi.estimate.kernel_composites import score_correlation, score_covariance, score_mean

BLOCKS = np.repeat(np.eye(3, dtype=bool), [3, 1, 2], axis=0)  # six items; the fourth is alone
Batch = NDArray[np.float64]


def rows_of(seed: int, n: int = 60) -> Batch:
    rng = np.random.default_rng(seed)
    return rng.normal(5, 1, (n, 6)) @ (np.eye(6) + 0.3)


def moments(count: tuple[int, ...]) -> tuple[Batch, Batch, Batch, Batch]:
    """Means, covariances and two sets of weights of a batch."""
    rng = np.random.default_rng(1)
    flat = int(np.prod(count))
    rows = [rows_of(seed) for seed in range(flat)]
    mean = np.array([r.mean(axis=0) for r in rows]).reshape(*count, 6)
    cov = np.array([np.cov(r, rowvar=False, ddof=0) for r in rows]).reshape(*count, 6, 6)
    a, b = rng.uniform(0.2, 1.0, (2, *count, 6))
    return mean, cov, a, b


@pytest.mark.parametrize("count", [(), (4,), (2, 3)])
def test_any_batch_is_a_loop(count: tuple[int, ...]) -> None:
    mean, cov, a, b = moments(count)
    other, cov_b, _, _ = (np.flip(x, axis=0) if count else x for x in moments(count))
    n = np.full(count, 60.0)
    whole = {
        "covariance": score_covariance(cov, a, b, BLOCKS),
        "correlation": score_correlation(cov, a, b, BLOCKS),
        "mean": score_mean(mean, a, BLOCKS),
        "difference": mean_difference(mean, other, a, BLOCKS),
        "variance": log_variance_difference(cov, cov_b, n, n, a, BLOCKS),
    }
    for place in np.ndindex(*count):
        single = {
            "covariance": score_covariance(cov[place], a[place], b[place], BLOCKS),
            "correlation": score_correlation(cov[place], a[place], b[place], BLOCKS),
            "mean": score_mean(mean[place], a[place], BLOCKS),
            "difference": mean_difference(mean[place], other[place], a[place], BLOCKS),
            "variance": log_variance_difference(
                cov[place], cov_b[place], n[place], n[place], a[place], BLOCKS
            ),
        }
        for name, values in whole.items():
            np.testing.assert_allclose(values[place], single[name], rtol=1e-12, atol=1e-14)


def test_weights_of_many_replicates_go_with_one_sample() -> None:
    _, cov, a, b = moments((4,))
    found = score_correlation(cov[0], a, b, BLOCKS)
    alone = [score_correlation(cov[0], a[k], b[k], BLOCKS) for k in range(4)]
    np.testing.assert_allclose(found, alone, rtol=1e-12)


def test_statistics_are_those_of_scores() -> None:
    """The same by rows: scores are computed respondent by respondent."""
    rows, other = rows_of(3, 80), rows_of(4, 50) + 0.4
    cov = np.cov(rows, rowvar=False, ddof=0)
    rng = np.random.default_rng(2)
    a, b = rng.uniform(0.2, 1.0, (2, 6))
    scores = [(rows * w) @ BLOCKS for w in (a, b)]
    known = [np.corrcoef(scores[0][:, j], scores[1][:, j])[0, 1] for j in range(3)]
    found = score_correlation(cov, a, b, BLOCKS)
    np.testing.assert_allclose(found, known, rtol=1e-12)
    assert found[1] == 1.0  # a single item: exactly
    mine, theirs = (rows * a) @ BLOCKS, (other * a) @ BLOCKS
    np.testing.assert_allclose(
        mean_difference(rows.mean(axis=0), other.mean(axis=0), a, BLOCKS),
        mine.mean(axis=0) - theirs.mean(axis=0),
        rtol=1e-10,
    )
    np.testing.assert_allclose(
        log_variance_difference(
            cov, np.cov(other, rowvar=False, ddof=0), np.array(80), np.array(50), a, BLOCKS
        ),
        np.log(mine.var(axis=0, ddof=1)) - np.log(theirs.var(axis=0, ddof=1)),
        rtol=1e-10,
    )


def test_the_length_of_weights_does_not_matter() -> None:
    _, cov, a, b = moments(())
    lengths = BLOCKS @ np.array([3.0, 7.0, 0.2])
    np.testing.assert_allclose(
        score_correlation(cov, a * lengths, b, BLOCKS), score_correlation(cov, a, b, BLOCKS)
    )
    assert (score_correlation(cov, -a, b, BLOCKS) < 0).all()


def test_range_of_draws_leaves_out_what_could_not_be_computed() -> None:
    draws = np.arange(101.0)[:, None].repeat(2, axis=1)
    draws[50:, 1] = np.nan
    lower, upper = reference_range(draws, 0.1, lower_only=True)
    assert lower.tolist() == [10.0, pytest.approx(4.9)]
    assert upper.tolist() == [100.0, 49.0]
    assert np.isnan(reference_range(draws[:0], 0.1)[0]).all()
