"""Casewise quantities of covariance structures: scores and squares, without fourth moments.

Letters as in `csi.estimate.covariance.kernel`, with n respondents of one group. A respondent's
deviations d give ``Z = d W``; his score of a covariance parameter is ``c ((z'a)(z'b) - a'W b)``, so
that all scores are two products of (n, p) and (p, k) matrices and the (p* x p*) matrix of fourth
moments is never formed. Source: [satorra1994corrections].
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import solve_triangular

from csi.arrays import Array
from csi.estimate.covariance.kernel import Slopes


def casewise_scores(slope: Slopes, away: Array, weight: Array, level: Array) -> Array:
    """Return what each respondent adds to the gradient of the log-likelihood.

    Parameters
    ----------
    slope : Slopes
        Of one member and one group.
    away : (n, p) deviations of the answers from the means
    weight : (p, p) W
    level : (p, p) W C W, where the deviations are expected to have covariance C

    Returns
    -------
    (n, k)
    """
    z = away @ weight
    a, b = slope.a[0], slope.b[0]
    found = (z @ a) * (z @ b)
    found -= np.einsum("pk,pq,qk->k", a, level, b, optimize=True)
    found *= slope.c
    if slope.mean is not None:
        found += z @ slope.mean[0]
    return np.asarray(found)


def whitened(away: Array, cov: Array) -> tuple[Array, Array]:
    """Return deviations (n, p) in coordinates where `cov` is the identity, and its root (p, p)."""
    root = np.asarray(np.linalg.cholesky(cov), dtype=np.float64)
    return np.asarray(solve_triangular(root, away.T, lower=True).T), root


def turned_cov(cov: Array, root: Array) -> Array:
    """Return a covariance matrix (p, p) in the coordinates of `whitened`."""
    half = solve_triangular(root, cov, lower=True)
    return np.asarray(solve_triangular(root, half.T, lower=True), dtype=np.float64)


def case_squares(white: Array, center: Array, *, means: bool) -> Array:
    """Return squared lengths (n) of a respondent's saturated scores, ``tr(V D_i)``.

    Parameters
    ----------
    white : (n, p) deviations, whitened by the covariance matrix of V
    center : (p, p) what products of deviations are taken from, in the same coordinates
    means : bool
        With the scores of the means.
    """
    size = np.einsum("np,np->n", white, white)
    pulled = np.einsum("np,np->n", white @ center, white)
    found = 0.5 * (size**2 - 2.0 * pulled + np.sum(center**2))
    return np.asarray(found + size if means else found)


def saturated_scores(white: Array, center: Array, *, means: bool) -> Array:
    """Return a respondent's saturated scores with V as the identity, (n, p*) as columns of p*.

    Parameters
    ----------
    white, center, means : as in `case_squares`, whose values are the squared lengths of the rows

    Returns
    -------
    (p*, n), where p* counts covariances, and means first
    """
    p = white.shape[1]
    i, j = np.tril_indices(p)
    scale = np.where(i == j, np.sqrt(0.5), 1.0)
    across = np.ascontiguousarray(white.T)
    products = across[i]
    products *= across[j]
    products -= center[i, j][:, None]
    products *= scale[:, None]
    return np.concatenate([across, products]) if means else products


def whitened_slopes(slope: Slopes, root: Array) -> Array:
    """Return derivatives of one group in the coordinates of `saturated_scores`, (p*, k)."""
    a = solve_triangular(root, slope.a[0], lower=True)
    b = solve_triangular(root, slope.b[0], lower=True)
    i, j = np.tril_indices(len(root))
    scale = np.where(i == j, np.sqrt(0.5), 1.0)[:, None]
    found = (a[i] * b[j] + a[j] * b[i]) * slope.c * scale
    if slope.mean is None:
        return np.asarray(found)
    mean = solve_triangular(root, slope.mean[0], lower=True)
    return np.concatenate([mean, found])
