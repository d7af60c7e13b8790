"""Limits of shares that stay within 0 and 1, many at once: plain arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, stdtrit

from csi.arrays import Array


def share_limits(
    share: ArrayLike,
    se: ArrayLike,
    n: ArrayLike,
    freedom: ArrayLike,
    level: float,
    *,
    unspread: ArrayLike | None = None,
) -> tuple[Array, Array]:
    """Return lower and upper limits of shares from their design errors.

    Parameters
    ----------
    share, se : (k)
        Shares from 0 to 1 and their standard errors.
    n : (k)
        Respondents.
    freedom : (k)
        Degrees of freedom of the standard errors.
    level : float
    unspread : (k), optional
        Sample sizes that count where the error is zero, so that it tells of none: Kish's
        effective number; n where not given.

    Returns
    -------
    lower, upper : (k) NaN where share or error is missing, or there are less than two respondents
        or no degrees of freedom

    Notes
    -----
    Binomial limits for the sample size that a simple random sample with the same error would
    have, adjusted for the degrees of freedom, and no more than `n` [korn1998confidence].

    Examples
    --------
    >>> low, high = share_limits([0.0, 0.5], [0.0, 0.1], 20, 19.0, 0.95)
    >>> low.round(4).tolist(), high.round(4).tolist()  # no hit of 20, ten hits
    ([0.0, 0.272], [0.1684, 0.728])
    """
    p, error, most, df = (np.asarray(each, dtype=float) for each in (share, se, n, freedom))
    alone = most if unspread is None else np.asarray(unspread, dtype=float)
    p, error, most, df, alone = np.broadcast_arrays(p, error, most, df, alone)
    there = np.isfinite(p) & np.isfinite(error) & (most >= 2) & (df > 0)
    tail = (1.0 - level) / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(error > 0, p * (1.0 - p) / error**2, np.minimum(most, alone))
        narrower = np.where(
            np.isfinite(df),
            stdtrit(np.maximum(most - 1.0, 1.0), tail) / stdtrit(np.maximum(df, 1e-9), tail),
            1.0,
        )
        size = np.minimum(size * narrower**2, most)
        hits, rest = size * p, size * (1.0 - p)
        lower = np.where(hits > 0, betaincinv(hits, rest + 1.0, tail), 0.0)
        upper = np.where(rest > 0, betaincinv(hits + 1.0, rest, 1.0 - tail), 1.0)
    return np.where(there, lower, np.nan), np.where(there, upper, np.nan)
