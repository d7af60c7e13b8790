"""Products of standardised items as linear functions of moments that were taken once.

A replicate has means and variances of its own. Its products of standardised items,

    z_a z_b = (x_a - m_a) (x_b - m_b) / (s_a s_b),

are linear in the columns x and u_ab = (x_a - c_a) (x_b - c_b) with fixed c, and what it adds is a
constant: so covariances of products in every replicate follow from the covariances of these
columns, and no replicate goes back to the rows.

Letters: p items, k products (pairs of items), c = p + k columns, q composites; any batch in front.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, IntArray

SINGULAR = 1e-10
"""Variables of which a combination has less than this of its variance are not told apart."""


def solved(cov: Array, right: Array) -> Array:
    """Return the solutions of normal equations, NaN where variables cannot be told apart.

    Parameters
    ----------
    cov : (*batch, m, m) covariances
    right : (*batch, m, r)

    Returns
    -------
    (*batch, m, r)

    Examples
    --------
    >>> solved(np.diag([2.0, 4.0]), np.array([[1.0], [1.0]])).tolist()
    [[0.5], [0.25]]
    >>> solved(np.ones((2, 2)), np.ones((2, 1))).tolist()
    [[nan], [nan]]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.sqrt(np.einsum("...ii->...i", cov))
        corr = cov / (sd[..., :, None] * sd[..., None, :])
    sound = np.isfinite(corr).all(axis=(-2, -1)) & np.isfinite(right).all(axis=(-2, -1))
    corr = np.where(sound[..., None, None], corr, np.eye(cov.shape[-1]))
    sound = np.asarray(sound & (np.linalg.eigvalsh(corr)[..., 0] > SINGULAR))[..., None, None]
    left = np.where(sound, cov, np.eye(cov.shape[-1]))
    return np.asarray(np.where(sound, np.linalg.solve(left, np.where(sound, right, 0.0)), np.nan))


def product_columns(rows: Array, center: Array, pairs: IntArray) -> Array:
    """Return centred answers with their products beside them.

    Parameters
    ----------
    rows : (n, p) answers
    center : (p) fixed values near the means
    pairs : (k, 2) items of each product

    Returns
    -------
    (n, p + k)

    Examples
    --------
    >>> product_columns(np.array([[3.0, 5.0]]), np.array([2.0, 2.0]), np.array([[0, 1], [0, 0]]))
    array([[1., 3., 3., 1.]])
    """
    x = rows - center
    return np.concatenate([x, x[:, pairs[:, 0]] * x[:, pairs[:, 1]]], axis=1)


def standard_products(mean: Array, cov: Array, center: Array, pairs: IntArray) -> Array:
    """Return the linear map from columns to products of standardised items.

    Parameters
    ----------
    mean : (*batch, p) means of the items
    cov : (*batch, p, p) their covariances
    center : (p) what was taken off before products were formed
    pairs : (k, 2)

    Returns
    -------
    (*batch, k, p + k) coefficients; the constant is left out

    Examples
    --------
    >>> to = standard_products(np.array([3.0, 5.0]), np.diag([4.0, 1.0]), np.array([2.0, 5.0]),
    ...                        np.array([[0, 1]]))
    >>> to  # (x1 - 3) (x2 - 5) / 2 = (u - (x2 - 5)) / 2
    array([[ 0. , -0.5,  0.5]])
    """
    p, k = mean.shape[-1], len(pairs)
    a, b = pairs.T
    away = mean - center
    sd = np.sqrt(np.einsum("...ii->...i", cov))
    to = np.zeros((*mean.shape[:-1], k, p + k))
    at = np.arange(k)
    to[..., at, p + at] = 1.0
    to[..., at, a] -= away[..., b]
    to[..., at, b] -= away[..., a]
    return np.asarray(to / (sd[..., a] * sd[..., b])[..., None])


def standard_items(cov: Array, columns: int) -> Array:
    """Return the map (*batch, p, columns) from columns to standardised items, constants left out.

    Examples
    --------
    >>> standard_items(np.diag([4.0, 1.0]), 3)
    array([[0.5, 0. , 0. ],
           [0. , 1. , 0. ]])
    """
    p = cov.shape[-1]
    to = np.zeros((*cov.shape[:-2], p, columns))
    at = np.arange(p)
    to[..., at, at] = 1.0 / np.sqrt(np.einsum("...ii->...i", cov))
    return to


def pair_weights(left: Array, right: Array, pairs: IntArray) -> Array:
    """Return what each product of items counts for in the product of two composites.

    Parameters
    ----------
    left, right : (*batch, p) weights of two composites, 0 outside their items
    pairs : (k, 2) every pair of their items once

    Returns
    -------
    (*batch, k)

    Examples
    --------
    >>> pair_weights(np.array([2.0, 3.0]), np.array([2.0, 3.0]), np.array([[0, 0], [0, 1], [1, 1]]))
    array([ 4., 12.,  9.])
    """
    a, b = pairs.T
    one = left[..., a] * right[..., b]
    other = left[..., b] * right[..., a]
    return np.asarray(np.where(a == b, one, one + other))


def residual_map(to: Array, cov: Array, items: IntArray) -> Array:
    """Take off products what items explain of them, by least squares.

    Parameters
    ----------
    to : (*batch, k, c) map from columns to products
    cov : (*batch, c, c) covariances of the columns
    items : (m) columns of the items

    Returns
    -------
    (*batch, k, c) map from columns to residuals [little2006merits]

    Examples
    --------
    >>> to, cov = np.array([[0.0, 1.0]]), np.array([[2.0, 1.0], [1.0, 3.0]])
    >>> residual_map(to, cov, np.array([0]))
    array([[-0.5,  1. ]])
    """
    with_items = (to @ cov)[..., items]
    own = cov[..., items[:, None], items]
    slopes = np.swapaxes(solved(own, np.swapaxes(with_items, -1, -2)), -1, -2)
    left = to.copy()
    left[..., items] -= slopes
    return left


def covariance_of(to: Array, cov: Array) -> Array:
    """Return the covariances (*batch, r, r) of linear functions (*batch, r, c) of columns."""
    return np.asarray(to @ cov @ np.swapaxes(to, -1, -2))


def available_covariances(columns: Array, weights: Array, first: int) -> Array:
    """Return covariances of some columns with all, each from the rows that have both.

    Parameters
    ----------
    columns : (n, c) NaN where missing
    weights : (b, n) weightings of the rows
    first : int
        Rows of the result are columns from here on.

    Returns
    -------
    (b, c - first, c)

    Notes
    -----
    Nothing larger than the rows and the result is held, as one column is taken at a time.

    Examples
    --------
    >>> x = np.array([[0.0, 2.0], [2.0, 6.0], [4.0, np.nan]])
    >>> available_covariances(x, np.ones((1, 3)), 1)
    array([[[2., 4.]]])
    """
    c = columns.shape[1]
    here = ~np.isnan(columns)
    x = np.where(here, columns, 0.0)
    found = np.empty((len(weights), c - first, c))
    if here.all():
        mean = weights @ x / weights.sum(axis=1)[:, None]
        for i in range(first, c):
            second = weights @ (x[:, [i]] * x[:, : i + 1]) / weights.sum(axis=1)[:, None]
            found[:, i - first, : i + 1] = second - mean[:, [i]] * mean[:, : i + 1]
    else:
        there = here.astype(np.float64)
        for i in range(first, c):
            own, beside = slice(0, i + 1), there[:, [i]]
            parts = (beside * there[:, own], beside * x[:, own], x[:, [i]] * there[:, own],
                     x[:, [i]] * x[:, own])  # fmt: skip
            sums = weights @ np.concatenate(parts, axis=1)
            count, right, left, second = np.split(sums, 4, axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                found[:, i - first, own] = second / count - (left / count) * (right / count)
    upper = np.triu_indices(c - first, 1)
    found[:, upper[0], first + upper[1]] = found[:, upper[1], first + upper[0]]
    return found
