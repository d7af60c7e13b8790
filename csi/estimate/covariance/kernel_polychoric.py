r"""Polychoric correlations of many pairs of ordered items at once: arrays in, arrays out.

Letters: n respondents, p items, k pairs, C categories of the item that has most, t thresholds of
an item, C - 1. Items with fewer categories have thresholds of `FAR` after their last one, so that
the categories beyond have probability zero.

The probability that two standard normal variables stay below h and k is that of independence and
an integral over the correlation, whose integrand has no pole after a sine,

.. math:: \Phi_2(h, k; \rho) = \Phi(h) \Phi(k) + \frac{1}{2\pi} \int_0^{\arcsin\rho}
   \exp\left(-\frac{h^2 + k^2 - 2 h k \sin u}{2 \cos^2 u}\right) du

so that a few Gauss-Legendre nodes give all cells of all pairs [drezner1990computation]; the
estimator is that of two steps [olsson1979maximum].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from csi.arrays import Array, BoolArray, IntArray

FAR = 40.0
"""Stands for an infinite threshold: no normal variable of double precision lies beyond."""

LARGEST = 0.9995
"""Correlations are not taken further than this from zero."""

STEPS = 60
HALVINGS = 25
STEEP = 0.88
"""Correlations further from zero take more nodes."""

_NODES = {count: np.polynomial.legendre.leggauss(count) for count in (20, 128)}


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of all pairs at some correlations, (k, C, C) each.

    Attributes
    ----------
    probability : cell probabilities
    slope : their derivatives by the correlation
    """

    probability: Array
    slope: Array


@dataclass(frozen=True, slots=True)
class Correlations:
    """Correlations of all pairs and how the iteration ended, (k) each."""

    rho: Array
    converged: BoolArray
    edge: BoolArray


def thresholds_of(shares: Array) -> Array:
    """Return the thresholds (p, C - 1) of items whose categories have these shares (p, C).

    Examples
    --------
    >>> thresholds_of(np.array([[0.1586553, 0.6826894, 0.1586553]])).round(6).tolist()
    [[-1.0, 1.0]]
    """
    below = np.cumsum(shares, axis=1)[:, :-1]
    above = np.cumsum(shares[:, ::-1], axis=1)[:, ::-1][:, 1:]
    found = np.where(below < 0.5, ndtri(below), -ndtri(above))
    return np.asarray(np.clip(found, -FAR, FAR))


def density(h: Array, k: Array, rho: Array) -> Array:
    """Return the bivariate standard normal density; its arguments are broadcast."""
    rest = (1.0 - rho) * (1.0 + rho)
    power = (h * h + k * k - 2.0 * rho * h * k) / (2.0 * rest)
    return np.asarray(np.exp(-power) / (2.0 * np.pi * np.sqrt(rest)))


def distribution(h: Array, k: Array, rho: Array) -> Array:
    """Return the probabilities of both variables below, (k, a, b).

    Parameters
    ----------
    h, k : (k, a), (k, b)
    rho : (k)
        Within `LARGEST`, where the absolute error is below 1e-10 (1e-15 within `STEEP`).

    Examples
    --------
    >>> zero = np.zeros((1, 1))
    >>> bool(abs(distribution(zero, zero, np.array([0.5]))[0, 0, 0] - 1 / 3) < 1e-15)
    True
    """
    found = ndtr(h)[:, :, None] * ndtr(k)[:, None, :]
    steep = np.abs(rho) > STEEP
    for count, own in ((20, np.flatnonzero(~steep)), (128, np.flatnonzero(steep))):
        if not len(own):
            continue
        nodes, weights = _NODES[count]
        angle = 0.5 * np.arcsin(rho[own])[:, None] * (nodes + 1.0)
        sine, cosine = np.sin(angle), np.cos(angle)
        left, right = h[own], k[own]
        squares = left[:, :, None] ** 2 + right[:, None, :] ** 2
        product = 2.0 * left[:, :, None] * right[:, None, :]
        inner = np.zeros_like(squares)
        for at, weight in enumerate(weights):
            power = (product * sine[:, at, None, None] - squares) / (
                2.0 * cosine[:, at, None, None] ** 2
            )
            inner += weight * np.exp(power)
        found[own] += inner * (np.arcsin(rho[own]) / (4.0 * np.pi))[:, None, None]
    return np.asarray(found)


def cells_of(first: Array, second: Array, rho: Array) -> Cells:
    """Return the cells of all pairs from the thresholds (k, C - 1) of their items."""
    k, t = first.shape
    whole = np.zeros((k, t + 2, t + 2))
    whole[:, 1:-1, 1:-1] = distribution(first, second, rho)
    whole[:, 1:-1, -1], whole[:, -1, 1:-1] = ndtr(first), ndtr(second)
    whole[:, -1, -1] = 1.0
    slope = np.zeros_like(whole)
    slope[:, 1:-1, 1:-1] = density(first[:, :, None], second[:, None, :], rho[:, None, None])
    return Cells(_differences(whole), _differences(slope))


def _differences(corners: Array) -> Array:
    return np.asarray(np.diff(np.diff(corners, axis=1), axis=2))


def _safe(probability: Array) -> Array:
    return np.maximum(probability, np.finfo(np.float64).eps)


def correlations(first: Array, second: Array, table: Array, start: Array) -> Correlations:
    """Maximise the likelihood of all pairs by Fisher scoring in Fisher's z, thresholds given.

    Parameters
    ----------
    first, second : (k, C - 1) thresholds
    table : (k, C, C) shares of the respondents in the cells
    start : (k)

    Returns
    -------
    Correlations
        Those at the edge have their likelihood's top beyond `LARGEST`.
    """
    limit = np.arctanh(LARGEST)
    z = np.clip(np.arctanh(np.clip(start, -0.95, 0.95)), -limit, limit)
    value = np.full(len(z), -np.inf)
    step = np.zeros(len(z))
    size = np.ones(len(z))
    base = z.copy()
    converged = np.zeros(len(z), dtype=bool)
    moving = np.arange(len(z))
    for _ in range(STEPS + HALVINGS):
        if not len(moving):
            break
        rho = np.tanh(z[moving])
        cells = cells_of(first[moving], second[moving], rho)
        found = np.einsum("kab,kab->k", table[moving], np.log(_safe(cells.probability)))
        worse = found < value[moving] - 1e-13
        back = moving[worse]  # half the last step
        size[back] *= 0.5
        z[back] = base[back] + size[back] * step[back]
        on = moving[~worse]
        value[on], base[on], size[on] = found[~worse], z[on], 1.0
        first_, second_ = _slopes_in_z(cells, table[moving], rho, ~worse)
        step[on] = np.clip(first_ / second_, -0.7, 0.7)
        target = np.clip(base[on] + step[on], -limit, limit)
        step[on] = target - base[on]
        z[on] = target
        done = np.abs(step) < 1e-10
        done |= size < 1e-7
        converged[moving[done[moving]]] = True
        moving = moving[~done[moving]]
    return Correlations(np.tanh(z), converged, np.abs(z) > limit - 1e-6)


def _slopes_in_z(cells: Cells, table: Array, rho: Array, which: BoolArray) -> tuple[Array, Array]:
    """Return slope and expected information of the log-likelihood by Fisher's z."""
    probability, slope = _safe(cells.probability[which]), cells.slope[which]
    turn = 1.0 - rho[which] ** 2
    relative = slope / probability
    first = np.einsum("kab,kab->k", table[which], relative) * turn
    second = np.einsum("kab,kab->k", slope, relative) * turn**2
    return first, np.maximum(second, 1e-8)


def threshold_influence(thresholds: Array, shares: Array) -> Array:
    """Return the influence of an answer (p, C) on the thresholds: (p, C, C - 1).

    The share below a threshold is a mean, and the threshold its normal quantile.
    """
    p, t = thresholds.shape
    below = np.cumsum(shares, axis=1)[:, :-1]
    height = np.exp(-0.5 * thresholds**2) / np.sqrt(2.0 * np.pi)
    inside = (np.abs(thresholds) < FAR) & (height > 0)
    reached = (np.arange(t + 1)[:, None] <= np.arange(t))[None] - below[:, None, :]
    safe = np.where(inside, height, 1.0)[:, None, :]
    return np.where(inside[:, None, :], reached / safe, 0.0).reshape(p, t + 1, t)


def correlation_influence(
    first: Array,
    second: Array,
    table: Array,
    rho: Array,
    answers: tuple[Array, Array],
) -> Array:
    r"""Return the influence of an answer in each cell on the correlations, (k, C, C).

    Parameters
    ----------
    first, second : (k, C - 1) thresholds
    table : (k, C, C) shares of the respondents in the cells
    rho : (k)
    answers : two (k, C, C - 1) arrays
        `threshold_influence` of both items.

    Notes
    -----
    With :math:`s_\rho` the slope of an answer's log-likelihood by the correlation and
    :math:`s_\tau` by the thresholds,

    .. math:: \{\mathrm{E} s_\rho^2\}^{-1} (s_\rho - \mathrm{E}[s_\rho s_\tau'] \,
       \mathrm{IF}_\tau)

    with means over the respondents: the errors of the first step go into the second
    [muthen1984general].
    """
    cells = cells_of(first, second, rho)
    probability = _safe(cells.probability)
    score = cells.slope / probability
    weighted = table * score / probability
    left = _cross(first, second, rho, weighted)
    right = _cross(second, first, rho, np.swapaxes(weighted, 1, 2))
    own = score - np.einsum("kt,kat->ka", left, answers[0])[:, :, None]
    own -= np.einsum("kt,kbt->kb", right, answers[1])[:, None, :]
    size = np.einsum("kab,kab->k", table, score**2)
    return np.asarray(own / np.maximum(size, 1e-12)[:, None, None])


def _cross(first: Array, second: Array, rho: Array, weighted: Array) -> Array:
    """Return means of the slope by rho times those by the first item's thresholds, (k, C - 1)."""
    spread = np.sqrt((1.0 - rho) * (1.0 + rho))[:, None, None]
    k, t = first.shape
    below = np.zeros((k, t, t + 2))
    below[:, :, 1:-1] = ndtr((second[:, None, :] - rho[:, None, None] * first[:, :, None]) / spread)
    below[:, :, -1] = 1.0
    height = np.exp(-0.5 * first**2) / np.sqrt(2.0 * np.pi)
    moved = np.diff(below, axis=2) * height[:, :, None]  # (k, t, C): leaves the cell above
    return np.asarray(np.einsum("ktb,ktb->kt", moved, weighted[:, :-1] - weighted[:, 1:]))


def pair_tables(codes: IntArray, weights: Array, pairs: tuple[IntArray, IntArray], C: int) -> Array:
    """Return the shares of the respondents in the cells of each pair, (k, C, C)."""
    found = np.empty((len(pairs[0]), C * C))
    share = weights / weights.sum()
    columns = np.ascontiguousarray(codes.T)
    for at, (i, j) in enumerate(zip(*pairs, strict=True)):
        cell = columns[i] * C + columns[j]
        found[at] = np.bincount(cell, weights=share, minlength=C * C)
    return found.reshape(-1, C, C)
