"""How far implied correlations are from those of the sample.

Letters: p items; S (*batch, p, p) sample, M (*batch, p, p) implied correlations; phi (*batch, p)
eigenvalues of the inverse of S times M, all 1 where they agree.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray


def d_uls(S: Array, M: Array) -> Array:
    """Return the squared Euclidean distance, half the sum of all squared residuals, (*batch).

    Source: [dijkstra2015normal].

    Examples
    --------
    >>> S, M = np.array([[1.0, 0.5], [0.5, 1.0]]), np.eye(2)
    >>> float(d_uls(S, M)), float(srmr(S, M).round(6))  # 0.5**2, and its root over 3 entries
    (0.25, 0.288675)
    """
    return np.asarray(0.5 * ((S - M) ** 2).sum(axis=(-2, -1)))


def srmr(S: Array, M: Array) -> Array:
    """Return the standardised root mean square residual, (*batch).

    The mean is over the p (p + 1) / 2 entries on and below the diagonal [bentler1995eqs]; openpls
    takes it over those below.
    """
    p = S.shape[-1]
    return np.asarray(np.sqrt(d_uls(S, M) / (p * (p + 1) / 2)))


def relative_eigenvalues(S: Array, M: Array) -> Array:
    """Return phi, (*batch, p); NaN where S or M is not positive definite."""
    p = S.shape[-1]
    usable = np.asarray(np.isfinite(S).all(axis=(-2, -1)) & np.isfinite(M).all(axis=(-2, -1)))
    values, vectors = np.linalg.eigh(np.where(usable[..., None, None], S, np.eye(p)))
    with np.errstate(divide="ignore", invalid="ignore"):
        root = vectors / np.sqrt(values)[..., None, :]
        usable = np.asarray(usable & (values > 0).all(axis=-1))
        turned = np.swapaxes(root, -1, -2) @ M @ root
    phi = np.linalg.eigvalsh(np.where(usable[..., None, None], turned, np.eye(p)))
    usable = np.asarray(usable & (phi > 0).all(axis=-1))
    return np.asarray(np.where(usable[..., None], phi, np.nan))


def d_g(phi: Array) -> Array:
    """Return the geodesic distance, half the sum of squared logarithms, (*batch).

    Source: [dijkstra2015normal].

    Examples
    --------
    >>> float(d_g(np.array([np.e, 1.0, 1 / np.e])).round(12))
    1.0
    """
    return np.asarray(0.5 * (np.log(phi) ** 2).sum(axis=-1))


def d_ml(phi: Array) -> Array:
    """Return the discrepancy of maximum likelihood, (*batch).

    ``log|M| - log|S| + tr(S inv(M)) - p`` [joreskog1977structural].

    Examples
    --------
    >>> S, M = np.array([[1.0, 0.5], [0.5, 1.0]]), np.eye(2)
    >>> float(d_ml(relative_eigenvalues(S, M)).round(6))  # -log(0.75)
    0.287682
    """
    return np.asarray((np.log(phi) + 1.0 / phi - 1.0).sum(axis=-1))


def root_mean_square(T: Array, pairs: BoolArray) -> Array:
    """Return the root mean square of some entries of symmetric matrices, (*batch).

    Parameters
    ----------
    T : (*batch, p, p)
    pairs : (p, p) the entries that count, symmetric; NaN where there is none

    Examples
    --------
    >>> T = np.array([[9.0, 0.3], [0.3, 9.0]])
    >>> float(root_mean_square(T, ~np.eye(2, dtype=bool)).round(12))
    0.3
    """
    count = float(pairs.sum())
    total = np.where(pairs, T, 0.0) ** 2
    return np.asarray(
        np.sqrt(total.sum(axis=(-2, -1)) / count if count else np.nan * total[..., 0, 0])
    )
