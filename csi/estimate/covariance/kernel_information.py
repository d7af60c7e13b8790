r"""Second derivatives of covariance structures in closed form: observed information.

Letters as in `csi.estimate.covariance.kernel`. With :math:`Q = W(\Sigma - S^*)W`, where
:math:`S^*` are the sample's second moments about the implied means and :math:`u = W(\bar y - \mu)`,
the second derivatives of the discrepancy are the products of first derivatives and a curvature

.. math:: \tfrac12 tr(Q\,\partial^2\Sigma_{kl}) - u'\partial^2\mu_{kl}

Derivatives of the vectors a, b of a slope are again columns of slopes, times entries of A and
:math:`A \Psi A'`, so that the curvature too is a few products of p x K matrices.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.kernel import (
    DISTURBANCE,
    LOADING,
    MEAN,
    PATH,
    Discrepancy,
    Implied,
    Layout,
    Slopes,
    information_of,
    slopes,
)


def observed_of(
    layout: Layout, at: Implied, group: int, cov: Array, mean: Array, kind: Discrepancy = "ml"
) -> Array:
    """Return the second derivatives of one group's discrepancy by its table parameters.

    Parameters
    ----------
    layout : Layout
    at : Implied
    group : int
    cov, mean : (b, p, p), (b, p)
        Sample moments of the group.
    kind : {"ml", "gls", "uls"}

    Returns
    -------
    (b, k, k), for the parameters ``slopes(layout, at, group).which``
    """
    slope = slopes(layout, at, group)
    sigma = at.cov[:, group]
    apart = (mean - at.mean[:, group]) if layout.means else np.zeros_like(mean)
    if kind == "ml":
        weight = np.asarray(np.linalg.inv(sigma), dtype=np.float64)
        about = cov + apart[:, :, None] * apart[:, None, :]
        middle = weight @ about @ weight
        found = _normal(slope, weight, middle, apart)
        inner = weight - middle
    else:
        weight = np.broadcast_to(np.eye(sigma.shape[-1]), sigma.shape)
        if kind == "gls":
            weight = np.asarray(np.linalg.inv(cov), dtype=np.float64)
        found = information_of(slope, weight)
        inner = weight @ (sigma - cov) @ weight
    pull = (weight @ apart[..., None])[..., 0] if layout.means else None
    inner = (inner + np.swapaxes(inner, -1, -2)) / 2.0
    return found + curvature(layout, at, group, slope, inner, pull)


def _normal(slope: Slopes, weight: Array, middle: Array, apart: Array) -> Array:
    """Return the part of maximum likelihood that has first derivatives only."""
    wa, wb = weight @ slope.a, weight @ slope.b
    at, bt = np.swapaxes(slope.a, -1, -2), np.swapaxes(slope.b, -1, -2)
    ma, mb = middle @ slope.a, middle @ slope.b
    aa, ab, bb = at @ wa, at @ wb, bt @ wb
    aam, abm, bbm = at @ ma, at @ mb, bt @ mb
    size = slope.c[:, None] * slope.c
    turned = np.swapaxes(ab, -1, -2)
    turned_m = np.swapaxes(abm, -1, -2)
    # tr(dS_k V dS_l W) - tr(W dS_k W dS_l) / 2, with V = W S* W
    found = turned_m * ab + bbm * aa + aam * bb + abm * turned
    found = size * (found - aa * bb - ab * turned)
    if slope.mean is None:
        return np.asarray((found + np.swapaxes(found, -1, -2)) / 2.0)
    mt, wm = np.swapaxes(slope.mean, -1, -2), weight @ slope.mean
    pull = (weight @ apart[..., None])[..., 0]
    ua = np.einsum("bp,bpk->bk", pull, slope.a)
    ub = np.einsum("bp,bpk->bk", pull, slope.b)
    cross = slope.c * (ua[:, None] * (mt @ wb) + ub[:, None] * (mt @ wa))  # [mean of, slope of]
    found = found + mt @ wm + cross + np.swapaxes(cross, -1, -2)
    return np.asarray((found + np.swapaxes(found, -1, -2)) / 2.0)


def curvature(
    layout: Layout, at: Implied, group: int, slope: Slopes, inner: Array, pull: Array | None
) -> Array:
    """Return ``tr(Q d2S_kl) / 2 - u' d2mu_kl`` of one group.

    Parameters
    ----------
    layout : Layout
    at : Implied
    group : int
    slope : Slopes
        Of the group.
    inner : (b, p, p) symmetric Q
    pull : (b, p) u, or None without means

    Returns
    -------
    (b, k, k)
    """
    code = layout.matrix[slope.which]
    if not at.latent.shape[-1]:  # variances and covariances of items only
        return np.zeros((len(inner), len(code), len(code)))
    through = (code == PATH) | (code == DISTURBANCE)  # a is a column of Lambda A
    reaching = (code == LOADING) | (code == PATH)  # b is a column of Lambda A Psi A'
    of_construct = through | (code == MEAN)
    row = np.where(of_construct, layout.row[slope.which], 0)
    col = np.where(reaching | (code == DISTURBANCE), layout.col[slope.which], 0)
    inverse, latent = at.inverse[:, group], at.latent[:, group]
    qa = inner @ slope.a
    aa = np.swapaxes(slope.a, -1, -2) @ qa
    ba = np.swapaxes(slope.b, -1, -2) @ qa
    ab = np.swapaxes(ba, -1, -2)
    # entries by [k, l]: A[col l, row k], A[col l, col k], Phi[col l, col k], A[col k, row l], ...
    to_row = np.swapaxes(inverse[:, col[:, None], row], -1, -2)
    to_col = np.swapaxes(inverse[:, col[:, None], col], -1, -2)
    from_row = inverse[:, col[:, None], row]
    from_col = inverse[:, col[:, None], col]
    first = np.where(through[:, None] & reaching, ba * to_row, 0.0)
    phi = latent[:, col[:, None], col]
    by_reach = np.where(reaching, aa * phi, 0.0) + np.where(code == PATH, ab * from_row, 0.0)
    spread = slope.c * (aa * from_col + ab * from_row)
    by_reach += np.where(code == DISTURBANCE, spread, 0.0)
    by_through = np.where(reaching, aa * to_col, 0.0)
    second = np.where(reaching[:, None], by_reach, 0.0)
    second += np.where((code == DISTURBANCE)[:, None], by_through, 0.0)
    found = slope.c[:, None] * (first + second)
    if pull is None:
        return np.asarray(found)
    center = (inverse @ at.matrices[MEAN][:, group][..., None])[..., 0]
    ua = np.einsum("bp,bpk->bk", pull, slope.a)
    size = np.where(code == PATH, center[:, col], 1.0)
    moved = np.where(
        ((code == PATH) | (code == MEAN))[:, None] & reaching,
        ua[:, None, :] * to_row * size[:, :, None],
        0.0,
    )
    shift = np.where(code == PATH, from_row * center[:, None, col], 0.0)
    shift += np.where(code == MEAN, from_row, 0.0)
    moved += np.where(reaching[:, None], ua[:, :, None] * shift, 0.0)
    return np.asarray(found - moved)
