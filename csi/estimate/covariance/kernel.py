r"""The arithmetic of covariance structures: arrays in, arrays out, the batch first.

Letters: p items, m constructs, g groups, K table parameters, f free parameters, b members of the
batch. The model is :math:`\eta = \alpha + B \eta + \zeta`, :math:`y = \nu + \Lambda \eta +
\varepsilon`, so that with :math:`A = (I - B)^{-1}`

.. math:: \Sigma = \Lambda A \Psi A' \Lambda' + \Theta, \qquad \mu = \nu + \Lambda A \alpha

Every derivative of :math:`\Sigma` has rank two, :math:`\partial\Sigma/\partial\theta_k =
c_k (a_k b_k' + b_k a_k')`, so that gradient and information are a few products of p x K matrices
and no derivative is ever written out. Source: [joreskog1977structural].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from csi.arrays import Array, BoolArray, IntArray

Discrepancy = Literal["ml", "gls", "uls"]

ROUNDING = 1e-13
"""Eigenvalues are positive where they are above this share of the largest."""

LOADING, PATH, DISTURBANCE, ERROR, INTERCEPT, MEAN = range(6)
"""Matrices of a table parameter: Lambda, B, Psi, Theta, nu, alpha."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parameters of a model stand.

    Attributes
    ----------
    fixed : tuple of (g, ...) arrays
        Lambda (p, m), B (m, m) as [target, source], Psi (m, m), Theta (p, p), nu (p),
        alpha (m) with the fixed values; 0 where free.
    matrix, group, row, col : (K)
        Matrix, group and place of each table parameter that is not fixed.
    basis, offset : (K, f), (K)
        Table values are ``offset + basis @ x`` of the free parameters x: equality constraints.
    means : bool
        Whether means are part of the model.
    """

    fixed: tuple[Array, ...]
    matrix: IntArray
    group: IntArray
    row: IntArray
    col: IntArray
    basis: Array
    offset: Array
    means: bool

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.fixed[0])


@dataclass(frozen=True, slots=True)
class Implied:
    """Matrices at some parameters, (b, g, ...) each.

    Attributes
    ----------
    matrices : tuple
        Lambda, B, Psi, Theta, nu, alpha.
    inverse : (b, g, m, m) A
    through : (b, g, p, m) Lambda A
    latent : (b, g, m, m) A Psi A', covariances of the constructs
    cov : (b, g, p, p) Sigma
    mean : (b, g, p) mu
    """

    matrices: tuple[Array, ...]
    inverse: Array
    through: Array
    latent: Array
    cov: Array
    mean: Array


@dataclass(frozen=True, slots=True)
class Slopes:
    """Derivatives by the table parameters of one group.

    Attributes
    ----------
    which : (k) numbers of the table parameters
    a, b : (b, p, k), c : (k)
        The derivative of Sigma is ``c (a b' + b a')``.
    mean : (b, p, k) or None
        Derivatives of mu.
    """

    which: IntArray
    a: Array
    b: Array
    c: Array
    mean: Array | None


def implied(layout: Layout, x: Array) -> Implied:
    """Return the model matrices at free parameters x, (b, f)."""
    values = layout.offset + x @ layout.basis.T
    filled = []
    for code, fixed in enumerate(layout.fixed):
        full = np.repeat(fixed[None], len(x), axis=0)
        own = layout.matrix == code
        if own.any():
            g, i, j = layout.group[own], layout.row[own], layout.col[own]
            if code in (INTERCEPT, MEAN):
                full[:, g, i] = values[:, own]
            else:
                full[:, g, i, j] = values[:, own]
                if code in (DISTURBANCE, ERROR):
                    full[:, g, j, i] = values[:, own]
        filled.append(full)
    loading, path, disturbance, error, intercept, mean = filled
    m = path.shape[-1]
    inverse: Array = np.broadcast_to(np.eye(m), path.shape)
    if path.any():
        inverse = np.asarray(np.linalg.inv(np.eye(m) - path), dtype=np.float64)
    through = loading @ inverse
    latent = inverse @ disturbance @ np.swapaxes(inverse, -1, -2)
    cov = through @ disturbance @ np.swapaxes(through, -1, -2) + error
    mu = intercept + (through @ mean[..., None])[..., 0]
    return Implied(tuple(filled), inverse, through, latent, cov, mu)


def slopes(layout: Layout, at: Implied, group: int) -> Slopes:
    """Return the derivatives of Sigma and mu by the table parameters of one group."""
    which = np.flatnonzero(layout.group == group)
    code, i, j = layout.matrix[which], layout.row[which], layout.col[which]
    through, p = at.through[:, group], at.cov.shape[-1]
    reach = (
        through @ at.matrices[DISTURBANCE][:, group] @ np.swapaxes(at.inverse[:, group], -1, -2)
    )  # Lambda A Psi A', (b, p, m)
    unit = np.eye(p)
    b = len(through)
    left, right = np.zeros((b, p, len(which))), np.zeros((b, p, len(which)))
    for matrix in (LOADING, PATH, DISTURBANCE, ERROR):
        own = np.flatnonzero(code == matrix)
        if not len(own):
            continue
        rows, cols = i[own], j[own]
        left[:, :, own] = unit[:, rows] if matrix in (LOADING, ERROR) else through[:, :, rows]
        if matrix in (LOADING, PATH):
            right[:, :, own] = reach[:, :, cols]
        else:
            right[:, :, own] = unit[:, cols] if matrix == ERROR else through[:, :, cols]
    diagonal = ((code == DISTURBANCE) | (code == ERROR)) & (i == j)
    c = np.where(diagonal, 0.5, 1.0)
    if not layout.means:
        return Slopes(which, left, right, c, None)
    center = (at.inverse[:, group] @ at.matrices[MEAN][:, group][..., None])[..., 0]  # A alpha
    mean = np.zeros_like(left)
    for matrix in (LOADING, PATH, INTERCEPT, MEAN):
        own = np.flatnonzero(code == matrix)
        if not len(own):
            continue
        rows, cols = i[own], j[own]
        start = unit[:, rows] if matrix in (LOADING, INTERCEPT) else through[:, :, rows]
        size = center[:, None, cols] if matrix in (LOADING, PATH) else 1.0
        mean[:, :, own] = start * size
    return Slopes(which, left, right, c, mean)


def information_of(slope: Slopes, weight: Array) -> Array:
    """Return the expected information of one respondent, (b, k, k), under a weight (b, p, p).

    ``tr(W dS_k W dS_l) / 2``, and the part of the means.
    """
    wa, wb = weight @ slope.a, weight @ slope.b
    at = np.swapaxes(slope.a, -1, -2)
    aa, ab = at @ wa, at @ wb
    bb = np.swapaxes(slope.b, -1, -2) @ wb
    found = (aa * bb + ab * np.swapaxes(ab, -1, -2)) * (slope.c[:, None] * slope.c)
    if slope.mean is not None:
        found += np.swapaxes(slope.mean, -1, -2) @ (weight @ slope.mean)
    return np.asarray(found)


def along(slope: Slopes, matrix: Array) -> Array:
    """Return ``tr(M dS_k) / 2`` for a symmetric M, (b, p, p): (b, k)."""
    return np.asarray(slope.c * np.einsum("bpk,bpk->bk", slope.a, matrix @ slope.b))


def cholesky_ok(cov: Array) -> tuple[Array, BoolArray]:
    """Return Cholesky factors of (..., p, p), and which matrices are positive definite."""
    try:
        whole = np.asarray(np.linalg.cholesky(cov), dtype=np.float64)
        return whole, np.full(cov.shape[:-2], True)
    except np.linalg.LinAlgError:
        p = cov.shape[-1]
        finite = np.asarray(np.isfinite(cov).all(axis=(-1, -2)))[..., None, None]
        filled = np.where(finite, cov, -np.eye(p))
        values = np.linalg.eigvalsh(filled)
        # an eigenvalue above zero by rounding only may stop Cholesky all the same
        good = np.asarray(values[..., 0] > ROUNDING * np.abs(values[..., -1]))
        safe = np.where(good[..., None, None], filled, np.eye(p))
        return np.asarray(np.linalg.cholesky(safe), dtype=np.float64), good
