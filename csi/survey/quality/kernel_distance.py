"""Distance of a respondent's answers from those of the others, on the items answered.

Letters: n respondents, p items. Rows (n, p) with NaN for missing answers, weights (n).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.stats import chi2

from csi.arrays import Array, BoolArray, IntArray


def distances(rows: Array, mean: Array, cov: Array) -> tuple[Array, IntArray]:
    r"""Return squared Mahalanobis distances of rows on the items they have.

    Parameters
    ----------
    rows : (n, p)
    mean : (p)
    cov : (p, p)

    Returns
    -------
    (n) squared distances :math:`(x_o - m_o)' S_{oo}^{-1} (x_o - m_o)`, NaN for a row without
    answers; (n) items answered

    Notes
    -----
    Source: [mahalanobis1936generalised]. Under normality a distance on k items is chi-square with
    k degrees of freedom. Answers on a scale of a few points are not normal, so that its tail
    probabilities are rough.

    Examples
    --------
    >>> d, k = distances(np.array([[1.0, 1.0], [2.0, np.nan]]), np.zeros(2), np.eye(2))
    >>> d.tolist(), k.tolist()
    ([2.0, 4.0], [2, 1])
    """
    found = np.full(len(rows), np.nan)
    for pattern in patterns(rows):
        here = pattern.here
        away = rows[np.ix_(pattern.rows, here)] - mean[here]
        factor = cho_factor(cov[np.ix_(here, here)], lower=True)
        found[pattern.rows] = np.einsum("ni,in->n", away, cho_solve(factor, away.T))
    return found, (~np.isnan(rows)).sum(axis=1).astype(np.int64)


def at_median(squared: Array, counts: IntArray, weights: Array) -> Array:
    """Return squared distances on the scale at which their median is that of a chi-square.

    Parameters
    ----------
    squared : (n) squared distances
    counts : (n) items behind each
    weights : (n)

    Notes
    -----
    The size of a robust covariance matrix is fixed by the middle of the sample
    [rousseeuw1999fast].

    Examples
    --------
    >>> at_median(np.array([1.0, 2.0, 9.0]), np.full(3, 2), np.ones(3)).round(3).tolist()
    [0.693, 1.386, 6.238]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = squared / chi2.ppf(0.5, counts)
        return np.asarray(squared / weighted_median(ratio, weights))


def tail(squared: Array, counts: IntArray) -> Array:
    """Return the chi-square probability of a larger squared distance, (n)."""
    return np.asarray(chi2.sf(squared, counts))


def weighted_median(values: Array, weights: Array) -> float:
    """Return the median of weighted values; NaN values do not count, NaN where there is none.

    Examples
    --------
    >>> weighted_median(np.array([1.0, 2.0, 4.0]), np.ones(3))
    2.0
    >>> weighted_median(np.array([1.0, 2.0, 4.0, 6.0]), np.ones(4))
    3.0
    >>> weighted_median(np.array([1.0, 2.0, np.nan]), np.array([3.0, 1.0, 9.0]))
    1.0
    """
    used = ~np.isnan(values) & (weights > 0)
    if not used.any():
        return float("nan")
    order = np.argsort(values[used], kind="stable")
    x, total = values[used][order], np.cumsum(weights[used][order])
    half = total[-1] / 2.0
    low = int(np.searchsorted(total, half * (1 - 1e-12)))
    high = int(np.searchsorted(total, half * (1 + 1e-12)))
    return float((x[low] + x[min(high, len(x) - 1)]) / 2.0)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Rows that answered the same items, those items, and the others."""

    rows: IntArray
    here: IntArray
    gone: IntArray


def patterns(rows: Array) -> list[Pattern]:
    """Return the patterns of answered items; rows without any are in none."""
    missing: BoolArray = np.isnan(rows)
    kinds, of = np.unique(missing, axis=0, return_inverse=True)
    of = of.reshape(-1)
    order = np.argsort(of, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(of, minlength=len(kinds)))[:-1])
    return [
        Pattern(part, np.flatnonzero(~kind), np.flatnonzero(kind))
        for kind, part in zip(kinds, parts, strict=True)
        if not kind.all()
    ]
