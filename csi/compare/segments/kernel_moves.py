"""Moments of segments when respondents move between them: sums, and sums after a move.

Letters: n respondents, p items, t = 1 + p + p (p + 1) / 2 sums behind the moments, b members.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, IntArray


def answer_products(rows: Array) -> Array:
    """Return each respondent's contributions to the sums, (n, t): 1, the answers, their products.

    Parameters
    ----------
    rows : (n, p) complete answers, centred, so that the moments lose no digits

    Examples
    --------
    >>> answer_products(np.array([[2.0, -1.0]])).tolist()
    [[1.0, 2.0, -1.0, 4.0, -2.0, 1.0]]
    """
    first, second = np.triu_indices(rows.shape[1])
    return np.column_stack([np.ones(len(rows)), rows, rows[:, first] * rows[:, second]])


def moments_of_sums(sums: Array, p: int) -> tuple[Array, Array]:
    """Return means (*batch, p) and covariances (*batch, p, p), divisor the sum of weights.

    Parameters
    ----------
    sums : (*batch, t) weighted sums of `answer_products`
    p : int

    Examples
    --------
    >>> rows = np.array([[1.0, 2.0], [3.0, 1.0], [5.0, 6.0]])
    >>> mean, cov = moments_of_sums(answer_products(rows).sum(axis=0), 2)
    >>> bool(np.allclose(cov, np.cov(rows.T, ddof=0)))
    True
    """
    total = sums[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums[..., 1 : p + 1] / total[..., None]
        packed = sums[..., p + 1 :] / total[..., None]
    square = np.empty((*total.shape, p, p))
    first, second = np.triu_indices(p)
    square[..., first, second] = packed
    square[..., second, first] = packed
    return mean, square - mean[..., :, None] * mean[..., None, :]


def segment_sums(products: Array, weights: Array, segment: IntArray, K: int) -> Array:
    """Return the weighted sums of every segment, (K, t)."""
    return np.stack([weights[segment == k] @ products[segment == k] for k in range(K)])


def structural_distances(scores: Array, paths: Array, endogenous: list[int]) -> Array:
    r"""Return how far each respondent is from the paths of each segment, (n, K).

    Parameters
    ----------
    scores : (n, q)
    paths : (K, q, q) [source, target]
    endogenous : list of int
        The constructs that count.

    Notes
    -----
    .. math:: D_{ik} = \sum_b \sqrt{e^2_{ikb} / \sum_i e^2_{ikb}}

    with e the residual of construct b under the paths of segment k [becker2013discovering].

    Examples
    --------
    >>> scores = np.array([[1.0, 1.0], [2.0, -2.0]])
    >>> paths = np.array([[[0.0, 1.0], [0.0, 0.0]], [[0.0, -0.5], [0.0, 0.0]]])
    >>> structural_distances(scores, paths, [1]).round(3).tolist()  # residuals 0, -4; 1.5, -1
    [[0.0, 0.832], [1.0, 0.555]]
    """
    residual = (scores[:, None, :] - np.einsum("nq,kqr->nkr", scores, paths))[..., endogenous]
    square = residual**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.sqrt(square / square.sum(axis=0)).sum(axis=-1))
