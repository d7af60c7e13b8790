"""The statistics of MICOM from moments.

Letters: p items, q constructs, any batch axes (permutations) first.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray
from csi.estimate.kernel_composites import score_covariance, score_mean


def mean_difference(mean_a: Array, mean_b: Array, weights: Array, blocks: BoolArray) -> Array:
    """Return the difference of the mean scores of two groups, in standard deviations, (*batch, q).

    Parameters
    ----------
    mean_a, mean_b : (*batch, p) item means of the groups, in points
    weights : (p) weights of items in points that give the scores of both groups together variance
        one
    blocks : (p, q) True where the item measures the construct

    Notes
    -----
    Step 3 of MICOM, first half [henseler2016testing].

    Examples
    --------
    >>> one = np.ones((2, 1), dtype=bool)
    >>> a, b = np.array([7.0, 7.0]), np.array([6.5, 6.5])
    >>> mean_difference(a, b, np.array([0.5, 0.5]), one).tolist()
    [0.5]
    """
    return np.asarray(score_mean(mean_a - mean_b, weights, blocks))


def log_variance_difference(
    cov_a: Array, cov_b: Array, n_a: Array, n_b: Array, weights: Array, blocks: BoolArray
) -> Array:
    """Return the log of the ratio of the scores' variances in two groups, (*batch, q).

    Parameters
    ----------
    cov_a, cov_b : (*batch, p, p) item covariances of the groups, divisor n
    n_a, n_b : (*batch) respondents; variances have the divisor n - 1
    weights : (p) weights of items in points, of any length
    blocks : (p, q)

    Notes
    -----
    Step 3 of MICOM, second half [henseler2016testing].

    Examples
    --------
    >>> one, n = np.ones((1, 1), dtype=bool), np.array(100.0)
    >>> found = log_variance_difference(np.eye(1) * 4.0, np.eye(1), n, n, np.ones(1), one)
    >>> found.round(4).tolist()  # log 4
    [1.3863]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        own = [
            np.log(score_covariance(cov, weights, weights, blocks) * (n / (n - 1.0))[..., None])
            for cov, n in ((cov_a, np.asarray(n_a, float)), (cov_b, np.asarray(n_b, float)))
        ]
    return np.asarray(own[0] - own[1])


def reference_range(draws: Array, alpha: float, *, lower_only: bool = False) -> tuple[Array, Array]:
    """Return the range that permutations leave to a statistic, (q) each.

    Parameters
    ----------
    draws : (P, q) the statistic under random relabelling; NaN where it could not be computed
    alpha : float
        Share of the permutations outside.
    lower_only : bool
        Leave out the lowest only, as for a correlation that cannot be too large.

    Examples
    --------
    >>> draws = np.arange(101.0)[:, None]
    >>> [end.tolist() for end in reference_range(draws, 0.1)]
    [[5.0], [95.0]]
    """
    tails = (alpha, 1.0) if lower_only else (alpha / 2.0, 1.0 - alpha / 2.0)
    ends = np.full((2, draws.shape[1]), np.nan)
    for k, column in enumerate(draws.T):
        usable = column[np.isfinite(column)]
        if len(usable):
            ends[:, k] = np.quantile(usable, tails)
    return ends[0], ends[1]
