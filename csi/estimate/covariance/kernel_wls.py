r"""Weighted least squares of covariance structures: the weight of every moment is one number.

Letters: g groups, p items, t moments of a group (covariances of the lower triangle row by row,
variances among them, then means where the model has them), f free parameters.

.. math:: F = \tfrac12 \sum_g \frac{n_g - 1}{n} \sum_k w_{gk} (s_{gk} - \sigma_{gk})^2

so that chi-square is ``2 N F`` [muthen1997robust].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, IntArray
from csi.estimate.covariance.kernel import Layout, implied, slopes

STEPS = 500
HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Weighted:
    """What is fitted: moments (g, t), weights (g, t), and (n_g - 1) / n of the groups (g)."""

    moments: Array
    weight: Array
    share: Array


@dataclass(frozen=True, slots=True)
class Solved:
    """Free parameters (f), F and how the iteration ended."""

    x: Array
    value: float
    decrement: float
    steps: int
    converged: bool


@dataclass(frozen=True, slots=True)
class Sandwich:
    """What errors and tests need, of the whole sample.

    Attributes
    ----------
    bread : (f, f) information of one respondent
    meat : (f, f) of one respondent
    first, second : float
        Traces of U Gamma and of its square; their number is the expected statistic.
    """

    bread: Array
    meat: Array
    first: float
    second: float


def pairs_of(p: int) -> tuple[IntArray, IntArray]:
    """Return rows and columns of the lower triangle, the diagonal in it."""
    rows, cols = np.tril_indices(p)
    return rows.astype(np.int64), cols.astype(np.int64)


def implied_moments(layout: Layout, x: Array) -> Array:
    """Return the moments (g, t) of a model at free parameters (f)."""
    at = implied(layout, x[None])
    rows, cols = pairs_of(at.cov.shape[-1])
    found = at.cov[0][:, rows, cols]
    if layout.means:
        found = np.concatenate([found, at.mean[0]], axis=1)
    return np.asarray(found)


def derivatives(layout: Layout, x: Array) -> Array:
    """Return the derivatives of the moments by the free parameters, (g, t, f)."""
    at = implied(layout, x[None])
    rows, cols = pairs_of(at.cov.shape[-1])
    found = []
    for group in range(layout.groups):
        slope = slopes(layout, at, group)
        a, b = slope.a[0], slope.b[0]
        own = slope.c * (a[rows] * b[cols] + b[rows] * a[cols])
        if slope.mean is not None:
            own = np.concatenate([own, slope.mean[0]])
        found.append(own @ layout.basis[slope.which])
    return np.stack(found)


def solve_weighted(layout: Layout, target: Weighted, start: Array, tolerance: float) -> Solved:
    """Minimise F by Gauss-Newton steps that are halved until F falls."""
    x = np.array(start, dtype=np.float64)
    value, gain = _value(layout, target, x), np.inf
    scale = target.weight * target.share[:, None]
    for taken in range(STEPS):
        if not np.isfinite(value):
            break
        slope = derivatives(layout, x)
        gap = target.moments - implied_moments(layout, x)
        first = np.einsum("gtf,gt->f", slope, scale * gap)
        second = np.einsum("gtf,gth->fh", slope * scale[:, :, None], slope, optimize=True)
        step = _newton(second, first)
        gain = 0.5 * float(first @ step)
        if gain < tolerance * max(1.0, value):
            return Solved(x + step, _value(layout, target, x + step), gain, taken, True)
        size = 1.0
        for _ in range(HALVINGS):
            new = _value(layout, target, x + size * step)
            if new < value:
                break
            size *= 0.5
        else:
            return Solved(x, value, gain, taken, gain < 1e4 * tolerance)
        x, value = x + size * step, new
    return Solved(x, value, gain, STEPS, False)


def _value(layout: Layout, target: Weighted, x: Array) -> float:
    gap = target.moments - implied_moments(layout, x)
    return float(0.5 * np.sum(target.share[:, None] * target.weight * gap**2))


def _newton(second: Array, first: Array) -> Array:
    size = np.sqrt(np.maximum(np.diag(second), 1e-300))
    scaled = second / np.outer(size, size)
    try:
        found = np.linalg.solve(scaled, first / size)
    except np.linalg.LinAlgError:
        found = np.full(len(first), np.nan)
    if not np.isfinite(found).all() or found @ (first / size) < 0:
        found = np.linalg.solve(scaled + 1e-3 * np.eye(len(first)), first / size)
    return np.asarray(found / size)


def information(layout: Layout, target: Weighted, x: Array) -> Array:
    """Return the information of one respondent, (f, f)."""
    slope = derivatives(layout, x)
    scale = target.weight * target.share[:, None]
    return np.asarray(
        np.einsum("gtf,gth->fh", slope * scale[:, :, None], slope, optimize=True), dtype=np.float64
    )


def sandwich(layout: Layout, target: Weighted, x: Array, gamma: Array) -> Sandwich:
    r"""Return bread, meat and traces.

    Parameters
    ----------
    layout, target, x
    gamma : (g, t, t) or (1, g t, g t)
        Covariances of the moments times (n_g - 1), or its root from both groups: of groups that
        have no sampled unit in common, or of all groups together.

    Notes
    -----
    With U = W - W D (D' W D)^{-1} D' W, whose trace with Gamma is the mean of chi-square and
    twice the trace of the square its variance [satorra1994corrections].
    """
    blocks = len(gamma)
    slope = derivatives(layout, x) * np.sqrt(target.share)[:, None, None]
    slope = slope.reshape(blocks, -1, slope.shape[-1])
    bread = information(layout, target, x)
    meat, inner = np.zeros_like(bread), np.zeros_like(bread)
    first = second = 0.0
    for G, D, w in zip(gamma, slope, target.weight.reshape(blocks, -1), strict=True):
        mean, square = traces(w, G)
        GWD = G @ (w[:, None] * D)
        meat += (w[:, None] * D).T @ GWD
        inner += GWD.T @ (w[:, None] * GWD)
        first += mean
        second += square
    ratio, twice = np.linalg.solve(bread, meat), np.linalg.solve(bread, inner)
    first -= float(np.trace(ratio))
    second += float(np.sum(ratio * ratio.T) - 2.0 * np.trace(twice))
    return Sandwich(bread, meat, first, second)


def traces(weight: Array, gamma: Array) -> tuple[float, float]:
    """Return the traces of W Gamma and of its square, for weights (t)."""
    WG = weight[:, None] * gamma
    return float(np.trace(WG)), float(np.sum(WG * WG.T))
