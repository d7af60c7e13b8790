"""Eigenvalues and variance inflation of correlation matrices: plain arrays, any batch first."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray

SINGULAR = 1e-12
"""An eigenvalue of a correlation matrix below it counts as zero."""


def eigenvalues(corr: Array) -> Array:
    """Return the eigenvalues of correlation matrices, the largest first.

    Parameters
    ----------
    corr : (*batch, k, k)

    Returns
    -------
    (*batch, k); NaN where an entry is not finite

    Examples
    --------
    >>> eigenvalues(np.array([[1.0, 0.6], [0.6, 1.0]])).round(6)
    array([1.6, 0.4])
    """
    filled, finite = _filled(corr)
    found = np.linalg.eigvalsh(filled)[..., ::-1]
    return np.where(finite[..., None], found, np.nan)


def variance_inflation(corr: Array) -> Array:
    """Return the variance inflation factor of each variable on all others.

    Parameters
    ----------
    corr : (*batch, k, k) correlations

    Returns
    -------
    (*batch, k) diagonal of the inverse, 1 where a variable is unrelated to the others (and for
        k = 1), inf where the others say all of it; NaN where an entry is not finite or the
        matrix is indefinite, which is no matrix of correlations

    Notes
    -----
    ``1 / (1 - R2)`` of the regression of each variable on the others [hair2019use].

    Examples
    --------
    >>> variance_inflation(np.array([[1.0, 0.6], [0.6, 1.0]])).round(4)
    array([1.5625, 1.5625])
    """
    filled, finite = _filled(corr)
    values, vectors = np.linalg.eigh(filled)
    usable = finite & (values[..., 0] > -SINGULAR)
    zero = (values <= SINGULAR)[..., None, :]
    part = vectors**2 / np.where(zero, 1.0, values[..., None, :])
    # a variable that has no part in a zero eigenvalue is not inflated by it
    part = np.where(zero, np.where(np.abs(vectors) > 1e-6, np.inf, 0.0), part)
    return np.where(usable[..., None], part.sum(axis=-1), np.nan)


def least_eigenvalue(corr: Array) -> Array:
    """Return the smallest eigenvalue, (*batch): not positive where no correlations can be such.

    Examples
    --------
    >>> bool(least_eigenvalue(np.array([[1.0, 1.1], [1.1, 1.0]])) < 0)
    True
    """
    return np.asarray(eigenvalues(corr)[..., -1])


def _filled(corr: Array) -> tuple[Array, BoolArray]:
    """Return matrices with the identity where an entry is not finite, and where all are."""
    finite = np.asarray(np.isfinite(corr).all(axis=(-2, -1)))
    k = corr.shape[-1]
    return np.where(finite[..., None, None], corr, np.eye(k)), finite
