r"""Scores of moments by EM: what each respondent adds to the fixed point of the iteration.

At the solution the moments are what one step of EM returns, :math:`\theta = F(\theta, w)`. Hence
:math:`d\theta = (I - M)^{-1} F_w dw`, where :math:`M = \partial F / \partial \theta` is the rate
matrix of the iteration [meng1991using] and :math:`F_w` what a respondent, filled in, adds in one
step.

Letters: n respondents, p items, u sampled units, t moments, g patterns of missing answers. For one
pattern with items o there and items m missing, G (p, p) has the rows ``[-B, I]`` of regression
residuals at m and zeros at o, K (p, p) the inverse of S_oo at o.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from csi.arrays import Array, IntArray
from csi.moments.kernel import Pattern, patterns

TILE_CELLS = 2**21
"""Respondents times moments filled in at once."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """Rows filled in, with what each pattern of missing answers needs.

    `y` (n, p) centred expectations, `of` (n) pattern of each row; for each pattern (g, p, p)
    `extra`, the covariance of what is missing, `residual` G and `inverse` K.
    """

    y: Array
    of: IntArray
    extra: Array
    residual: Array
    inverse: Array


def em_scores(
    rows: Array, weights: Array, units: IntArray, u: int, mean: Array, cov: Array
) -> Array:
    """Return the contribution of each sampled unit to moments found by EM.

    Parameters
    ----------
    rows : (n, p) answers, NaN where missing; each row has one answer at least
    weights : (n)
    units : (n) number of each respondent's sampled unit, below u
    u : int
        Number of sampled units.
    mean, cov : (p), (p, p)
        The solution of EM; the covariances need an inverse.

    Returns
    -------
    (u, t) scores; the columns add up to zero as far as the iteration had settled

    Notes
    -----
    The rate matrix comes from its formula, pattern by pattern, not from differences of the step;
    it takes some arrays of p**4 numbers.
    """
    filled = _fill(rows, mean, cov)
    total = float(weights.sum())
    rate = _rate(filled, weights, total)
    t = len(rate)
    carry = np.linalg.inv(np.eye(t) - rate)
    i, j = np.triu_indices(len(mean))
    target = cov[i, j]
    conditional = filled.extra[:, i, j]
    out = np.zeros((u, t))
    step = max(TILE_CELLS // t, 1)
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        y = filled.y[part]
        added = np.concatenate(
            [y, y[:, i] * y[:, j] + conditional[filled.of[part]] - target], axis=1
        )
        added *= (weights[part] / total)[:, None]
        place, at = np.unique(units[part], return_inverse=True)
        n = len(y)
        member = csr_matrix((np.ones(n), (at.reshape(-1), np.arange(n))), shape=(len(place), n))
        out[place] += (member @ added) @ carry.T
    return out


def rate_matrix(rows: Array, weights: Array, mean: Array, cov: Array) -> Array:
    """Return the derivative (t, t) of one step of EM at its solution, the share of what is missing.

    Parameters
    ----------
    rows : (n, p)
    weights : (n)
    mean, cov : (p), (p, p)
    """
    return _rate(_fill(rows, mean, cov), weights, float(weights.sum()))


def _fill(rows: Array, mean: Array, cov: Array) -> _Filled:
    """Fill every row with its expectation given the answers there are."""
    gone = np.isnan(rows)
    kinds = patterns(gone)
    p = len(mean)
    y = np.where(gone, 0.0, rows - mean)
    of = np.zeros(len(rows), dtype=np.int64)
    shape = (len(kinds) + 1, p, p)  # pattern 0: nothing is missing
    extra, residual, inverse = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    precision: Array = np.asarray(np.linalg.inv(cov), dtype=np.float64)
    inverse[0] = precision
    for number, kind in enumerate(kinds, start=1):
        of[kind.rows] = number
        _regress(kind, precision, extra[number], residual[number], inverse[number])
        y[kind.rows] -= y[kind.rows] @ residual[number].T
    return _Filled(y, of, extra, residual, inverse)


def _regress(
    kind: Pattern, precision: Array, extra: Array, residual: Array, inverse: Array
) -> None:
    """Fill the three matrices of one pattern."""
    here, gone = kind.here, kind.gone
    left = np.linalg.inv(precision[np.ix_(gone, gone)])
    across = precision[np.ix_(gone, here)]
    slope = left @ across
    extra[np.ix_(gone, gone)] = left
    residual[np.ix_(gone, here)] = slope
    residual[gone, gone] = 1.0
    inverse[np.ix_(here, here)] = precision[np.ix_(here, here)] - across.T @ slope


def _rate(filled: _Filled, weights: Array, total: float) -> Array:
    """Return the rate matrix from filled rows.

    A move dm of the means and dS of the covariances moves the filled rows y of a pattern by
    ``G dm + G dS K y`` and the covariance of what is missing by ``G dS G'``.
    """
    g, p = len(filled.extra), filled.y.shape[1]
    member = csr_matrix((weights, (filled.of, np.arange(len(weights)))), shape=(g, len(weights)))
    share = np.asarray(member.sum(axis=1)).reshape(-1)
    first = np.asarray(member @ filled.y)
    second = _second(filled, weights, g)
    towards = np.einsum("gab,gb->ga", filled.inverse, first)
    spread = filled.inverse @ second
    flat = filled.residual.reshape(g, p * p)
    by_mean = np.einsum("g,gab->ab", share, filled.residual)
    mean_by_cov = (flat.T @ towards).reshape(p, p, p)  # [a, b, c]
    cov_by_mean = (flat.T @ first).reshape(p, p, p).transpose(0, 2, 1)  # [a, d, b]
    product = (flat.T @ spread.reshape(g, p * p)).reshape((p,) * 4).transpose(0, 3, 1, 2)
    square = ((flat * share[:, None]).T @ flat).reshape((p,) * 4).transpose(0, 2, 1, 3)
    cov_by_cov = product + product.transpose(1, 0, 2, 3) + square  # [a, d, b, c]
    i, j = np.triu_indices(p)
    twice = np.where(i == j, 0.5, 1.0)  # a covariance stands at two places of dS
    out = np.empty((p + len(i), p + len(i)))
    out[:p, :p] = by_mean
    out[:p, p:] = twice * (mean_by_cov[:, i, j] + mean_by_cov[:, j, i])
    out[p:, :p] = (cov_by_mean + cov_by_mean.transpose(1, 0, 2))[i, j]
    both = cov_by_cov[i, j]
    out[p:, p:] = twice * (both[:, i, j] + both[:, j, i])
    return out / total


def _second(filled: _Filled, weights: Array, g: int) -> Array:
    """Return the weighted sums of y y' of each pattern, (g, p, p); they add up over its rows."""
    p = filled.y.shape[1]
    order = np.argsort(filled.of, kind="stable")
    y, carried = filled.y[order], (filled.y * weights[:, None])[order]
    ends = np.searchsorted(filled.of[order], np.arange(g + 1))
    out = np.zeros((g, p, p))
    for number in range(g):
        part = slice(int(ends[number]), int(ends[number + 1]))
        out[number] = y[part].T @ carried[part]
    return out
