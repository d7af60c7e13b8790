"""P values from permutations.

Letters: P permutations, k figures.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, IntArray

TIE = 1e-5
"""Differences closer than this share of their spread are the same: iterations leave so much
open."""


def permutation_p_values(draws: Array, observed: Array) -> tuple[Array, IntArray]:
    """Return two-sided p values of differences from their permutations.

    Parameters
    ----------
    draws : (P, k) differences under random relabelling; NaN where they could not be computed
    observed : (k)

    Returns
    -------
    (k) p values, NaN without an observed difference or any permutation, and (k) permutations used

    Notes
    -----
    ``(c + 1) / (P + 1)``, where c permutations have an absolute difference as large as the
    observed or larger: never 0, and never too small on the average [phipson2010permutation].

    Examples
    --------
    >>> draws = np.array([[-3.0], [1.0], [2.0], [np.nan], [-0.5]])
    >>> p, used = permutation_p_values(draws, np.array([2.0]))
    >>> p.tolist(), used.tolist()
    ([0.6], [4])
    """
    there = np.isfinite(draws)
    used = there.sum(axis=0)
    held = np.where(there, draws, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.sqrt((held**2).sum(axis=0) / used)
        reached = there & (np.abs(held) >= np.abs(observed) - TIE * size)
        p = (reached.sum(axis=0) + 1.0) / (used + 1.0)
    return np.where(np.isfinite(observed) & (used > 0), p, np.nan), used.astype(np.int64)
