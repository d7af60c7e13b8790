"""First guesses of loadings: triads of covariances, item by item, in closed form.

Letters: p items, m constructs, S their covariances. Source: [hagglund1982factor].
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray

LEAST_UNIQUE = 0.05
"""Start of a unique variance is at least this share of the item's variance."""

SINGLE_SHARE = 0.7
"""Start of the common share of a single item whose error variance is free."""


def loadings(S: Array, measures: BoolArray, errors: Array) -> tuple[Array, Array]:
    """Return loadings (p, m) and covariances (m, m) of constructs of variance one.

    Items of several constructs come second where each construct has two or more of its own: by
    regression on what the others say of the constructs.

    Parameters
    ----------
    S : (p, p)
    measures : (p, m) whether an item measures a construct
    errors : (p) fixed error variances, NaN where free
    """
    p, m = measures.shape
    alone = measures & (measures.sum(axis=1) == 1)[:, None]
    crossed = np.flatnonzero(measures.sum(axis=1) > 1)
    count, own = measures.sum(axis=0), alone.sum(axis=0)
    enough = bool(len(crossed)) and bool(((own > 1) | ((own == count) & (count < 2))).all())
    used = alone if enough else measures
    unit = np.zeros((p, m))
    for k in range(m):
        items = np.flatnonzero(used[:, k])
        if len(items) == 1:
            unit[items, k] = np.sqrt(_common(S[items, items], errors[items]))
        elif len(items):
            unit[items, k] = one_factor(S[np.ix_(items, items)])
    phi = _construct_covariances(S, unit)
    if enough:
        shared = unit.T @ S / np.maximum(np.einsum("ij,ij->j", unit, unit), 1e-12)[:, None]
        for item in crossed:
            of = np.flatnonzero(measures[item])
            unit[item, of] = np.linalg.solve(phi[np.ix_(of, of)], shared[of, item])
    return unit, phi


def _common(variance: Array, error: Array) -> Array:
    """Return the variance that single items share with their constructs."""
    left = np.maximum(variance - error, LEAST_UNIQUE * variance)
    return np.where(np.isnan(error), SINGLE_SHARE * variance, left)


def one_factor(S: Array) -> Array:
    """Return loadings of items (k) on one factor of variance one, from triads of covariances."""
    k = len(S)
    variance = np.diag(S)
    if k == 1:
        return np.asarray(np.sqrt(variance))
    if k == 2:
        shared = np.sqrt(max(abs(S[0, 1]), 1e-3 * np.sqrt(variance.prod())))
        sign = np.sign(S[0, 1]) or 1.0
        ratio = (variance[0] / variance[1]) ** 0.25
        return np.array([shared * ratio, sign * shared / ratio])
    sd = np.sqrt(variance)
    off = S / np.outer(sd, sd)  # of items of variance one: the same in any unit
    np.fill_diagonal(off, 0.0)
    signs = _signs(off)
    off = off * np.outer(signs, signs)
    # for item a: the sum over pairs b < c of S_ab S_ac, and of S_bc, without a among them
    sums = off.sum(axis=1)
    upper = (sums**2 - (off**2).sum(axis=1)) / 2.0
    below = sums.sum() / 2.0 - sums
    usable = np.abs(below) > 1e-12
    square = np.where(usable, upper / np.where(usable, below, 1.0), 0.0)
    return np.asarray(signs * np.sqrt(np.clip(square, 0.1, 0.95)) * sd)


def _signs(off: Array) -> Array:
    """Return the signs of loadings, the majority positive, where items run both ways."""
    if (off >= 0).all():
        return np.ones(len(off))
    first = np.linalg.eigh(off)[1][:, -1]
    signs = np.where(first < 0, -1.0, 1.0)
    return signs if signs.sum() >= 0 else -signs


def _construct_covariances(S: Array, unit: Array) -> Array:
    """Return covariances of constructs of variance one, (m, m), by least squares."""
    size = np.einsum("ij,ij->j", unit, unit)
    size[size == 0] = 1.0
    both = unit.T @ S @ unit / np.outer(size, size)
    phi = np.clip(both, -0.95, 0.95)
    np.fill_diagonal(phi, 1.0)
    if not len(phi):
        return np.asarray(phi)
    least = np.linalg.eigvalsh(phi)[0]
    if least < 0.05:  # pulled towards independence until it is positive definite
        share = (0.05 - least) / (1.0 - least)
        phi = (1.0 - share) * phi + share * np.eye(len(phi))
    return np.asarray(phi)
