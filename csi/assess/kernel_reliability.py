"""Reliability of a block of items, from its covariances, weights or loadings: plain arrays.

Axes: any batch first, k items of one block last. A measure that a block cannot have is NaN.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array
from csi.estimate.pls.kernel import rho_a as rho_a_batch_last


def cronbach_alpha(cov: Array) -> Array:
    r"""Return Cronbach's alpha of the sum of the items of a block.

    Parameters
    ----------
    cov : (*batch, k, k) covariances for the sum of items in their points (raw alpha), or
        correlations for the sum of standardised items (standardised alpha)

    Returns
    -------
    (*batch) at most 1, below 0 where items run against one another; NaN for one item

    Notes
    -----
    .. math:: \frac{k}{k-1}\left(1 - \frac{\mathrm{tr}\,S}{1'S1}\right)

    A lower bound of the reliability; the reliability itself where all loadings are equal
    [cronbach1951coefficient].

    Examples
    --------
    >>> float(cronbach_alpha(np.array([[1.0, 0.5], [0.5, 1.0]])).round(6))
    0.666667
    """
    k = cov.shape[-1]
    if k < 2:
        return np.full(cov.shape[:-2], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.einsum("...ii->...", cov) / cov.sum(axis=(-2, -1))
    return np.asarray(k / (k - 1.0) * (1.0 - share))


def rho_a(weights: Array) -> Array:
    """Return Dijkstra and Henseler's rho_A of a mode A composite.

    Parameters
    ----------
    weights : (*batch, k) weights of standardised items whose composite has variance one

    Returns
    -------
    (*batch) squared correlation of the composite with its construct; NaN for one item

    Notes
    -----
    `csi.estimate.pls.kernel.rho_a` has the formula [dijkstra2015consistent].

    Examples
    --------
    >>> loadings = np.array([0.9, 0.8, 0.7])
    >>> corr = np.outer(loadings, loadings); np.fill_diagonal(corr, 1.0)
    >>> weights = loadings / np.sqrt(loadings @ corr @ loadings)
    >>> bool(np.isclose(rho_a(weights), (weights @ loadings) ** 2))
    True
    """
    return np.asarray(rho_a_batch_last(np.moveaxis(weights, -1, 0)))


def composite_reliability(loadings: Array) -> Array:
    r"""Return the composite reliability rho_C of the sum of standardised items.

    Parameters
    ----------
    loadings : (*batch, k) standardised loadings

    Returns
    -------
    (*batch)

    Notes
    -----
    .. math:: \frac{(\sum\lambda)^2}{(\sum\lambda)^2 + \sum(1 - \lambda^2)}

    with the loadings of the fit itself: composite loadings under PLS, which are too large when
    the construct is a factor, corrected ones under PLSc, factor loadings of a covariance fit
    [joreskog1971statistical].

    Examples
    --------
    >>> float(composite_reliability(np.array([0.8, 0.8])).round(6))
    0.780488
    """
    common = loadings.sum(axis=-1) ** 2
    return np.asarray(common / (common + np.sum(1.0 - loadings**2, axis=-1)))


def mcdonald_omega(loadings: Array, unique: Array) -> Array:
    r"""Return McDonald's omega: the share of the sum of the items that one factor accounts for.

    Parameters
    ----------
    loadings : (*batch, k) loadings on a factor of variance one, in the units of the items
    unique : (*batch, k) unique variances

    Returns
    -------
    (*batch)

    Notes
    -----
    .. math:: \frac{(\sum\lambda)^2}{(\sum\lambda)^2 + \sum\psi}

    [mcdonald1999test].

    Examples
    --------
    >>> float(mcdonald_omega(np.array([0.8, 0.8]), np.array([0.36, 0.36])).round(6))
    0.780488
    """
    common = loadings.sum(axis=-1) ** 2
    return np.asarray(common / (common + unique.sum(axis=-1)))


def variance_extracted(loadings: Array) -> Array:
    """Return the average variance extracted (AVE): the mean squared loading.

    Parameters
    ----------
    loadings : (*batch, k) standardised loadings

    Returns
    -------
    (*batch)

    Notes
    -----
    [fornell1981evaluating].

    Examples
    --------
    >>> float(variance_extracted(np.array([0.8, 0.6])).round(6))
    0.5
    """
    return np.asarray(np.mean(loadings**2, axis=-1))
