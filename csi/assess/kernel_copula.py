"""The Gaussian copula term of a predictor, and how far from normal the predictor is.

Letters: n respondents, any batch in front.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from csi.arrays import Array, IntArray
from csi.assess.kernel_moderation import regression

TIES = 9
"""Scores that agree to so many decimals are the same answers."""


def distribution_function(x: Array, weights: Array, *, rank: bool = False) -> Array:
    """Return the weighted distribution function of values at the values themselves.

    Parameters
    ----------
    x : (*batch, n)
    weights : (*batch, n) not negative
    rank : bool
        Ranks over n + 1, with n the number of weights above zero, instead of the share below plus
        half of the share at the value.

    Returns
    -------
    (*batch, n) strictly between 0 and 1 where the weight is above 0

    Examples
    --------
    >>> distribution_function(np.array([3.0, 1.0, 3.0, 8.0]), np.ones(4))
    array([0.5  , 0.125, 0.5  , 0.875])
    >>> distribution_function(np.array([3.0, 1.0, 3.0, 8.0]), np.ones(4), rank=True)
    array([0.5, 0.2, 0.5, 0.8])
    """
    x = np.round(x, TIES)
    order = np.argsort(x, axis=-1, kind="stable")
    there = np.take_along_axis(x, order, axis=-1)
    own = np.take_along_axis(np.broadcast_to(weights, x.shape), order, axis=-1)
    after = np.cumsum(own, axis=-1)
    before = after - own
    new = np.ones(x.shape, dtype=bool)
    new[..., 1:] = there[..., 1:] > there[..., :-1]
    last = np.ones(x.shape, dtype=bool)
    last[..., :-1] = new[..., 1:]
    low = np.maximum.accumulate(np.where(new, before, -np.inf), axis=-1)
    high = np.minimum.accumulate(np.where(last, after, np.inf)[..., ::-1], axis=-1)[..., ::-1]
    total = after[..., -1:]
    found = (low + high) / (2.0 * total)
    if rank:
        n = np.sum(own > 0, axis=-1, keepdims=True)
        found = (found * n + 0.5) / (n + 1.0)
    out = np.empty_like(found)
    np.put_along_axis(out, order, found, axis=-1)
    return out


def copula_term(x: Array, weights: Array, *, rank: bool = False) -> Array:
    """Return the normal score of each value, 0 where the weight is 0.

    Source: [park2012handling].

    Examples
    --------
    >>> copula_term(np.array([1.0, 2.0, 9.0]), np.ones(3)).round(3)
    array([-0.967,  0.   ,  0.967])
    """
    share = distribution_function(x, weights, rank=rank)
    return np.asarray(ndtri(np.where(np.broadcast_to(weights, x.shape) > 0, share, 0.5)))


def weighted_covariance(values: Array, weights: Array) -> Array:
    """Return covariances (*batch, v, v) of variables (*batch, v, n) under weights (*batch, n).

    Examples
    --------
    >>> weighted_covariance(np.array([[1.0, 3.0], [2.0, 2.0]]), np.array([3.0, 1.0]))
    array([[0.75, 0.  ],
           [0.  , 0.  ]])
    """
    share = (weights / weights.sum(axis=-1, keepdims=True))[..., None, :]
    away = values - np.sum(values * share, axis=-1, keepdims=True)
    return np.asarray((away * share) @ np.swapaxes(away, -1, -2))


@dataclass(frozen=True, slots=True)
class Shape:
    """How far a distribution is from the normal one.

    Attributes
    ----------
    skewness, kurtosis : float
        Weighted; the kurtosis of a normal distribution is 0.
    anderson_darling : float
        With mean and variance estimated, scaled by the effective sample size.
    p_value : float
    distinct : int
        Different values.
    """

    skewness: float
    kurtosis: float
    anderson_darling: float
    p_value: float
    distinct: int


def shape_of(x: Array, weights: Array) -> Shape:
    r"""Return skewness, kurtosis and the Anderson-Darling test of normality of weighted values.

    Parameters
    ----------
    x, weights : (n)

    Notes
    -----
    The statistic is :math:`n \int (F_n - F)^2 / (F (1 - F)) dF` with the weighted distribution
    function and Kish's effective sample size as n; clusters and strata do not count. With equal
    weights it is the usual one. p value: [dagostino1986goodness], table 4.9.

    Examples
    --------
    >>> found = shape_of(np.array([0.0, 1.0, 1.0, 2.0, 9.0, 0.5, 1.5, 0.7]), np.ones(8))
    >>> round(found.skewness, 2), found.p_value < 0.01, found.distinct
    (2.07, True, 7)
    """
    kept = weights > 0
    x, weights = x[kept], weights[kept]
    share = weights / weights.sum()
    mean = float(share @ x)
    sd = float(np.sqrt(share @ (x - mean) ** 2))
    n = float(weights.sum() ** 2 / np.sum(weights**2))
    distinct = len(np.unique(np.round(x, TIES)))
    if not sd > 0 or n <= 2:
        return Shape(np.nan, np.nan, np.nan, np.nan, distinct)
    z = (x - mean) / sd
    z3, z4 = float(share @ z**3), float(share @ z**4)
    statistic = anderson_darling(z * np.sqrt((n - 1.0) / n), weights)
    return Shape(z3, z4 - 3.0, statistic, anderson_darling_p(statistic, n), distinct)


def anderson_darling(z: Array, weights: Array) -> float:
    """Return the Anderson-Darling statistic of values against the standard normal distribution.

    Parameters
    ----------
    z, weights : (n)

    Examples
    --------
    >>> z = ndtri((np.arange(9) + 0.5) / 9)
    >>> round(anderson_darling(z, np.ones(9)), 4)
    0.0831
    """
    order = np.argsort(z, kind="stable")
    u = np.clip(ndtr(z[order]), 1e-300, 1.0 - 1e-16)
    share = weights[order] / weights.sum()
    after = np.cumsum(share)
    before = after - share
    n = float(weights.sum() ** 2 / np.sum(weights**2))
    # the integral over each step of the distribution function, summed by parts
    log, rest = np.log(u), np.log1p(-u)
    inner = np.sum((before**2 - after**2) * log) - np.sum(
        ((1.0 - before) ** 2 - (1.0 - after) ** 2) * rest
    )
    return float(n * (inner - 1.0))


def anderson_darling_p(statistic: float, n: float) -> float:
    """Return the p value of an Anderson-Darling statistic with mean and variance estimated.

    Source: [dagostino1986goodness], table 4.9.

    Examples
    --------
    >>> round(anderson_darling_p(0.752, 1e9), 3)  # the 5 % point
    0.05
    """
    a = statistic * (1.0 + 0.75 / n + 2.25 / n**2)
    if a < 0.2:
        return float(1.0 - np.exp(-13.436 + 101.14 * a - 223.73 * a**2))
    if a < 0.34:
        return float(1.0 - np.exp(-8.318 + 42.796 * a - 59.938 * a**2))
    if a < 0.6:
        return float(np.exp(0.9177 - 4.279 * a - 1.38 * a**2))
    return float(np.exp(1.2937 - 5.709 * a + 0.0186 * a**2)) if a < 13 else 0.0


def copula_regression(cov: Array, sources: int, terms: tuple[int, ...]) -> tuple[Array, ...]:
    r"""Regress a construct on its sources and on the copula terms of some of them.

    Parameters
    ----------
    cov : (*batch, 2k + 1, 2k + 1)
        Covariances of k sources, their k copula terms, and the target last.
    sources : int
        Their number k.
    terms : tuple of int
        The sources whose terms are in.

    Returns
    -------
    paths : (*batch, k)
    coefficients : (*batch, t) of the copula terms
    correlations : (*batch, t)
        Of each term with the error that the terms stand for: with coefficients g, covariances P of
        the terms and the variance :math:`s^2` left, :math:`(P g)_j / \sqrt{P_{jj}(g'Pg + s^2)}`.

    Source: [park2012handling], for composites [hult2018addressing].

    Examples
    --------
    >>> cov = np.array([[1.0, 0.8, 0.7], [0.8, 1.0, 0.7], [0.7, 0.7, 1.0]])
    >>> [float(part[0].round(3)) for part in copula_regression(cov, 1, (0,))]
    [0.389, 0.389, 0.499]
    """
    own: IntArray = np.array([*range(sources), *(sources + j for j in terms)], dtype=np.int64)
    slopes, r2 = regression(cov, own, 2 * sources)
    paths, g = slopes[..., :sources], slopes[..., sources:]
    at = sources + np.array(terms, dtype=np.int64)
    among = cov[..., at[:, None], at]
    with_error = np.einsum("...ij,...j->...i", among, g)
    left = cov[..., 2 * sources, 2 * sources] * (1.0 - r2)
    size = np.sum(with_error * g, axis=-1) + left
    with np.errstate(divide="ignore", invalid="ignore"):
        own_size = np.einsum("...ii->...i", among) * size[..., None]
        return paths, g, np.asarray(with_error / np.sqrt(own_size))
