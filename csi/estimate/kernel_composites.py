"""Composites from moments: correlation, mean and variance of scores for given item weights.

Letters: p items, q constructs, any batch axes first. Axes of different lengths broadcast: weights
of many replicates go with the moments of one sample.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray


def score_covariance(cov: Array, a: Array, b: Array, blocks: BoolArray) -> Array:
    """Return the covariance of each construct's scores by two sets of weights, (*batch, q).

    Parameters
    ----------
    cov : (*batch, p, p) covariances of the items
    a, b : (*batch, p) weights of the items
    blocks : (p, q) True where the item measures the construct

    Examples
    --------
    >>> cov, one = np.array([[1.0, 0.5], [0.5, 1.0]]), np.ones((2, 1), dtype=bool)
    >>> score_covariance(cov, np.array([1.0, 0.0]), np.array([0.0, 1.0]), one).tolist()
    [0.5]
    """
    right = cov @ (b[..., None] * blocks)
    return np.asarray(np.einsum("...i,ij,...ij->...j", a, blocks, right))


def score_correlation(cov: Array, a: Array, b: Array, blocks: BoolArray) -> Array:
    """Return the correlation of each construct's scores by two sets of weights, (*batch, q).

    Parameters
    ----------
    cov : (*batch, p, p) covariances of the items
    a, b : (*batch, p) weights of the items, of any length
    blocks : (p, q) True where the item measures the construct

    Returns
    -------
    (*batch, q), exactly 1 where the construct has a single item

    Notes
    -----
    ``a' S b / sqrt(a' S a  b' S b)``: the c of the second step of MICOM
    [henseler2016testing], where S is of the pooled sample.

    Examples
    --------
    >>> one = np.ones((2, 1), dtype=bool)
    >>> found = score_correlation(np.eye(2), np.array([1.0, 0.0]), np.array([1.0, 1.0]), one)
    >>> found.round(4).tolist()
    [0.7071]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        own = score_covariance(cov, a, a, blocks) * score_covariance(cov, b, b, blocks)
        found = score_covariance(cov, a, b, blocks) / np.sqrt(own)
    single = blocks.sum(axis=0) == 1
    return np.asarray(np.where(single & np.isfinite(found), np.sign(found), found))


def score_mean(mean: Array, weights: Array, blocks: BoolArray) -> Array:
    """Return the mean of each construct's scores, (*batch, q).

    Parameters
    ----------
    mean : (*batch, p) item means
    weights : (*batch, p)
    blocks : (p, q)

    Examples
    --------
    >>> one = np.ones((2, 1), dtype=bool)
    >>> score_mean(np.array([6.0, 8.0]), np.array([0.5, 0.5]), one).tolist()
    [7.0]
    """
    return np.asarray((weights * mean) @ blocks)
