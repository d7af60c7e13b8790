"""Weighted shares of answers with errors from sampled units, and exact limits: plain arrays."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.moments.kernel_share_limits import share_limits as limits_of_shares


def weighted_share(hits: BoolArray, weights: Array, units: IntArray) -> tuple[float, float, int]:
    """Return a weighted share with its standard error and the number of units behind it.

    Parameters
    ----------
    hits : (n) whether a respondent counts
    weights : (n)
    units : (n) number of each respondent's sampled unit

    Returns
    -------
    share, standard error, units; NaN where there are no respondents, the error also with one unit

    Notes
    -----
    The error is that of a ratio, linearised over the units as drawn with replacement from one
    stratum [wolter2007introduction]: strata would make it smaller or leave it.

    Examples
    --------
    >>> share, se, units = weighted_share(np.array([True, False]), np.ones(2), np.arange(2))
    >>> share, round(se, 4), units  # sqrt(p (1 - p) / (n - 1))
    (0.5, 0.5, 2)
    """
    total = weights.sum()
    if not total > 0:
        return np.nan, np.nan, 0
    share = float(weights @ hits / total)
    of = np.unique(units, return_inverse=True)[1].reshape(-1)
    scores = np.bincount(of, weights=weights * (hits - share) / total)
    count = len(scores)
    if count < 2:
        return share, np.nan, count
    variance = count / (count - 1.0) * float(scores @ scores)
    return share, float(np.sqrt(variance)), count


def share_limits(
    share: float, se: float, n: int, freedom: float, level: float
) -> tuple[float, float]:
    """Return limits of a share that lie within 0 and 1.

    Parameters
    ----------
    share, se : float
    n : int
        Respondents.
    freedom : float
        Degrees of freedom of the standard error.
    level : float

    Notes
    -----
    Binomial limits for the sample size that a simple random sample with the same error would
    have, adjusted for the degrees of freedom, and no more than `n` [korn1998confidence].

    Examples
    --------
    >>> [round(limit, 4) for limit in share_limits(0.0, 0.0, 20, 19.0, 0.95)]  # no hit of 20
    [0.0, 0.1684]
    """
    lower, upper = limits_of_shares(share, se, n, freedom, level)
    return float(lower), float(upper)
