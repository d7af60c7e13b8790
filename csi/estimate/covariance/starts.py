"""Starting values from the moments: loadings by triads, covariances of constructs, regressions."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, IntArray
from csi.estimate.covariance.kernel import (
    DISTURBANCE,
    ERROR,
    INTERCEPT,
    LOADING,
    MEAN,
    PATH,
)
from csi.estimate.covariance.kernel_triads import LEAST_UNIQUE, loadings, one_factor
from csi.estimate.covariance.layout import Placed


def starting_values(placed: Placed, cov: Array, mean: Array) -> Array:
    """Return starting values of the free parameters.

    Parameters
    ----------
    placed : Placed
    cov, mean : (b, g, p, p), (b, g, p)

    Returns
    -------
    (b, f)

    Notes
    -----
    Loadings are those of one factor, found item by item from triads of covariances
    [hagglund1982factor]; with them covariances of constructs follow, and from these paths by
    regression. All are consistent where every construct has its own items.
    """
    return np.stack([_member(placed, cov[k], mean[k]) for k in range(len(cov))])


def _member(placed: Placed, cov: Array, mean: Array) -> Array:
    layout = placed.layout
    values = np.zeros(len(placed.free))
    for group in range(layout.groups):
        own = np.flatnonzero(layout.group == group)
        values[own] = _of_group(placed, own, group, cov[group], mean[group])
    for k, parameter in enumerate(placed.free):
        if parameter.start is not None:
            values[k] = parameter.start
    found, *_ = np.linalg.lstsq(layout.basis, values - layout.offset, rcond=None)
    return np.asarray(found)


def _of_group(placed: Placed, own: IntArray, group: int, S: Array, mean: Array) -> Array:
    layout = placed.layout
    loading, _path = layout.fixed[LOADING][group], layout.fixed[PATH][group]
    code, i, j = layout.matrix[own], layout.row[own], layout.col[own]
    p, m = loading.shape
    free_loading = np.zeros((p, m), dtype=bool)
    free_loading[i[code == LOADING], j[code == LOADING]] = True
    made = np.where(free_loading, 0.0, loading)
    errors = np.diag(layout.fixed[ERROR][group]).copy()
    errors[i[(code == ERROR) & (i == j)]] = np.nan
    unit, phi = loadings(S, free_loading | (loading != 0), errors)
    scale = np.ones(m)
    for k in range(m):
        marked = np.flatnonzero((loading[:, k] != 0) & ~free_loading[:, k] & (unit[:, k] != 0))
        if len(marked):
            scale[k] = float(np.mean(unit[marked, k] / loading[marked, k]))
    scale[scale == 0] = 1.0
    made = np.where(free_loading, unit / scale, made)
    phi = phi * np.outer(scale, scale)
    phi, paths = _higher(placed, group, own, phi)
    unique = np.diag(S) - np.einsum("ij,jk,ik->i", made, phi, made)
    unique = np.maximum(unique, LEAST_UNIQUE * np.diag(S))
    disturbance, regressed = _regressions(placed, own, group, phi, paths)
    out = np.zeros(len(own))
    for at, (matrix, row, col) in enumerate(zip(code, i, j, strict=True)):
        if matrix == LOADING:
            out[at] = made[row, col]
        elif matrix == PATH:
            out[at] = regressed[row, col]
        elif matrix == DISTURBANCE:
            out[at] = disturbance[row, col]
        elif matrix == ERROR:
            out[at] = unique[row] if row == col else 0.0
        elif matrix == INTERCEPT:
            out[at] = mean[row]
        elif matrix == MEAN:
            item = np.flatnonzero(made[:, row] == 1.0)
            free = set(i[code == INTERCEPT].tolist())
            out[at] = mean[item[0]] if len(item) and item[0] not in free else 0.0
    return out


def _higher(placed: Placed, group: int, own: IntArray, phi: Array) -> tuple[Array, Array]:
    """Give constructs without items (second order) covariances, from those that measure them."""
    layout = placed.layout
    path = layout.fixed[PATH][group].copy()
    m = len(path)
    code, i, j = layout.matrix[own], layout.row[own], layout.col[own]
    free = np.zeros((m, m), dtype=bool)
    free[i[code == PATH], j[code == PATH]] = True
    loading = layout.fixed[LOADING][group]
    items = (loading != 0).any(axis=0)
    items[j[code == LOADING]] = True
    paths = np.where(free, np.nan, path)
    for k in np.flatnonzero(~items):
        parts = np.flatnonzero(free[:, k] | (path[:, k] != 0))
        if not len(parts):
            continue
        unit = one_factor(phi[np.ix_(parts, parts)])
        marked = [a for a, part in enumerate(parts) if path[part, k] != 0]
        size = float(np.mean([unit[a] / path[parts[a], k] for a in marked])) if marked else 1.0
        size = size or 1.0
        weights = unit / np.sum(unit**2) * size
        phi[k] = phi[:, k] = 0.0
        phi[k] = weights @ phi[parts]
        phi[:, k] = phi[k]
        phi[k, k] = size**2
        paths[parts, k] = np.where(free[parts, k], unit / size, path[parts, k])
    return phi, paths


def _regressions(
    placed: Placed, own: IntArray, group: int, phi: Array, paths: Array
) -> tuple[Array, Array]:
    """Return disturbance covariances and paths, (m, m) each, by regression."""
    layout = placed.layout
    m = len(phi)
    _code, _i, _j = layout.matrix[own], layout.row[own], layout.col[own]
    regressed = np.where(np.isnan(paths), 0.0, paths)
    for target in range(m):
        sources = np.flatnonzero(np.isnan(paths[target]))
        if not len(sources):
            continue
        known = phi[target] - regressed[target] @ phi
        inner = phi[np.ix_(sources, sources)] + 1e-6 * np.diag(np.diag(phi)[sources])
        regressed[target, sources] = np.linalg.solve(inner, known[sources])
    loop = np.eye(m) - regressed
    disturbance = loop @ phi @ loop.T
    endogenous = (regressed != 0).any(axis=1)
    for k in range(m):
        disturbance[k, k] = max(disturbance[k, k], 0.05 * abs(phi[k, k])) or 1e-3
    for a in range(m):
        for b in range(a):
            if endogenous[a] or endogenous[b]:
                disturbance[a, b] = disturbance[b, a] = 0.0
    return disturbance, regressed
