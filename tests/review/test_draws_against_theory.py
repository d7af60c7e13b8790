"""Bootstrap draws against linearised variances; EM against the likelihood itself."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from csi.moments.blocks import Block, Sample
from csi.moments.kernel import maximum_likelihood
from csi.moments.replicates import draw_moments


def test_draws_have_the_linearised_variance_of_a_stratified_cluster_sample() -> None:
    """Strata of 2, 2, 3, 5 and 8 clusters of unequal size, unequal weights [rao1988resampling]."""
    rng = np.random.default_rng(0)
    strata = np.repeat(np.arange(5), [2, 2, 3, 5, 8])
    units = np.repeat(np.arange(20), rng.integers(3, 9, size=20))
    n = len(units)
    level = rng.normal(size=20) + strata
    rows = level[units, None] + rng.normal(size=(n, 2))
    w = rng.uniform(0.5, 2.0, size=n)
    block = Block("here", (0,), (Sample(("a", "b"), rows, w, units),), strata)
    draws = draw_moments(block, "complete", draws=20_000, seed=1)[0]
    mean = w @ rows / w.sum()
    z = np.zeros((20, 2))
    np.add.at(z, units, w[:, None] * (rows - mean) / w.sum())
    variance = np.zeros(2)
    for stratum in range(5):
        part = z[strata == stratum]
        variance += len(part) / (len(part) - 1) * ((part - part.mean(axis=0)) ** 2).sum(axis=0)
    # 20,000 draws: 0.5 %; curvature of a ratio in a small sample: about 1 %
    np.testing.assert_allclose(draws.mean.std(axis=0, ddof=1), np.sqrt(variance), rtol=0.03)


def test_em_under_weights_is_the_maximum_of_the_weighted_likelihood() -> None:
    rng = np.random.default_rng(2)
    cov = [[2.0, 1.0, 0.8], [1.0, 2.0, 0.9], [0.8, 0.9, 1.5]]
    rows = rng.multivariate_normal([5.0, 6.0, 7.0], cov, size=120)
    gone = rng.random(rows.shape) < 0.25
    gone[gone.all(axis=1)] = False
    rows[gone] = np.nan
    w = rng.uniform(0.3, 3.0, size=120)
    lower = np.tril_indices(3)

    def unlikely(values: np.ndarray) -> float:
        """Minus the weighted log likelihood of (mean, Cholesky factor), row by row."""
        factor = np.zeros((3, 3))
        factor[lower] = values[3:]
        whole = factor @ factor.T
        total = 0.0
        for row, weight in zip(rows, w, strict=True):
            here = ~np.isnan(row)
            away, own = row[here] - values[:3][here], whole[np.ix_(here, here)]
            total += weight * (np.linalg.slogdet(own)[1] + away @ np.linalg.solve(own, away)) / 2
        return float(total / w.sum())

    start = np.concatenate([np.nanmean(rows, axis=0), np.eye(3)[lower]])
    best = minimize(unlikely, start, method="BFGS", options={"gtol": 1e-7}).x
    factor = np.zeros((3, 3))
    factor[lower] = best[3:]
    found = maximum_likelihood(rows, w[None], tolerance=1e-10)
    assert found.converged[0]
    np.testing.assert_allclose(found.mean[0], best[:3], atol=2e-5)
    np.testing.assert_allclose(found.cov[0], factor @ factor.T, atol=2e-5)
