"""Moments as one vector: means, then the upper triangle of covariances row by row.

Letters: p items, t = p + p (p + 1) / 2 moments, b members of a batch.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from csi.arrays import Array, lock
from csi.moments.values import Moments


def moment_vector(mean: Array, cov: Array) -> Array:
    """Return means and covariances as one vector.

    Parameters
    ----------
    mean : (*batch, p)
    cov : (*batch, p, p)

    Returns
    -------
    (*batch, t) means, then the upper triangle of the covariances, row by row

    Examples
    --------
    >>> moment_vector(np.array([7.0, 8.0]), np.array([[4.0, 1.0], [1.0, 9.0]])).tolist()
    [7.0, 8.0, 4.0, 1.0, 9.0]
    """
    i, j = np.triu_indices(mean.shape[-1])
    return np.concatenate([mean, cov[..., i, j]], axis=-1)


def moments_from_vector(vector: Array) -> tuple[Array, Array]:
    """Return means (*batch, p) and covariances (*batch, p, p) of moment vectors (*batch, t).

    The batch is the last axis in memory, as the PLS iteration wants it.

    Examples
    --------
    >>> mean, cov = moments_from_vector(np.array([7.0, 8.0, 4.0, 1.0, 9.0]))
    >>> mean.tolist(), cov.tolist()
    ([7.0, 8.0], [[4.0, 1.0], [1.0, 9.0]])
    """
    batch, t = vector.shape[:-1], vector.shape[-1]
    p = items_of(t)
    rows = vector.reshape(-1, t).T
    mean = np.array(rows[:p], order="C")
    cov = np.empty((p, p, rows.shape[1]))
    fill_covariances(rows[p:], cov)
    return (
        np.moveaxis(mean, -1, 0).reshape((*batch, p)),
        np.moveaxis(cov, -1, 0).reshape((*batch, p, p)),
    )


def moments_at(moments: Moments, vectors: Array) -> Moments:
    """Return a batch of moments like those of one sample, with other means and covariances.

    Parameters
    ----------
    moments : Moments
        A single sample.
    vectors : (b, t) moment vectors

    Returns
    -------
    Moments
        Batch (b); sizes and weights are those of the sample.
    """
    b, p = len(vectors), len(moments.items)
    mean, cov = moments_from_vector(vectors)
    return replace(
        moments,
        mean=lock(mean),
        cov=lock(cov),
        n=np.broadcast_to(moments.n, (b,)),
        sum_weights=np.broadcast_to(moments.sum_weights, (b,)),
        n_effective=np.broadcast_to(moments.n_effective, (b,)),
        answers=np.broadcast_to(moments.answers, (b, p)),
        by=(),
        labels=(),
        problems=(),
    )


def items_of(t: int) -> int:
    """Return the number of items p behind t moments."""
    return (math.isqrt(9 + 8 * t) - 3) // 2


def fill_covariances(upper: Array, cov: Array) -> None:
    """Fill `cov` (p, p, b) from upper triangles (p (p + 1) / 2, b)."""
    p = len(cov)
    i, j = np.triu_indices(p)
    at = np.empty((p, p), dtype=np.int64)
    at[i, j] = at[j, i] = np.arange(len(i))
    for row in range(p):
        cov[row] = upper[at[row]]
