"""The arithmetic of PLS path modelling: arrays in, arrays out, the batch on the last axis.

Letters: p items, q constructs, b members of the batch. Items stand block by block, so that a
block is a slice. S (p, p, b) item covariances or correlations, w (p, b) item weights, V (p, q, b)
covariances of items with composites, C (q, q, b) covariances of composites.

The batch is the last axis because every step is then one operation on long contiguous rows.
No member's result depends on its neighbours: a member keeps the weights of the step in which it
settled.

Source: [wold1982soft], [lohmoller1989latent], [tenenhaus2005pls].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from csi.arrays import Array, BoolArray, IntArray

COMPRESS_AFTER = 7
"""Steps after which members that have settled are taken out of the arrays."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand: blocks of items and arrows between constructs.

    Attributes
    ----------
    blocks : tuple of slice, length q
    regressed : tuple of bool, length q
        True for mode B.
    sources : tuple of tuple of int, length q
        The constructs each construct is regressed on.
    linked : (q, q) True where a path joins two constructs, either way
    """

    blocks: tuple[slice, ...]
    regressed: tuple[bool, ...]
    sources: tuple[tuple[int, ...], ...]
    linked: BoolArray


@dataclass(frozen=True, slots=True)
class Settled:
    """Weights of a batch and how each member's iteration ended."""

    weights: Array
    converged: BoolArray
    steps: IntArray
    change: Array


def solve(matrix: Array, right: Array) -> Array:
    """Solve symmetric positive definite systems, (m, m, b) and (m, b), by elimination."""
    a, x = matrix.copy(), right.copy()
    m = len(a)
    for i in range(m):
        for j in range(i + 1, m):
            factor = a[i, j] / a[i, i]
            a[j, j:] -= factor * a[i, j:]
            x[j] -= factor * x[i]
    for i in range(m - 1, -1, -1):
        for j in range(i + 1, m):
            x[i] -= a[i, j] * x[j]
        x[i] /= a[i, i]
    return x


def composites(S: Array, w: Array, layout: Layout) -> tuple[Array, Array, Array]:
    """Composites of variance one: scaled weights (p, b), V (p, q, b) and C (q, q, b).

    Parameters
    ----------
    S : (p, p, b)
    w : (p, b) weights of any length
    layout : Layout
    """
    p, q, b = len(w), len(layout.blocks), w.shape[-1]
    V = np.empty((p, q, b))
    C = np.empty((q, q, b))
    scaled = np.empty_like(w)
    for j, block in enumerate(layout.blocks):
        np.einsum("ikb,kb->ib", S[:, block], w[block], out=V[:, j])
        length = 1.0 / np.sqrt(np.einsum("ib,ib->b", w[block], V[block, j]))
        np.multiply(w[block], length, out=scaled[block])
        V[:, j] *= length
    for j, block in enumerate(layout.blocks):
        np.einsum("ib,ikb->kb", scaled[block], V[block], out=C[j])
    return scaled, V, C


def regressions(C: Array, layout: Layout) -> Array:
    """Path coefficients (q, q, b) [source, target] of composites with covariances C."""
    paths = np.zeros_like(C)
    for target, sources in enumerate(layout.sources):
        if sources:
            rows = list(sources)
            paths[rows, target] = solve(C[np.ix_(rows, rows)], C[rows, target])
    return paths


def inner_weights(
    C: Array, layout: Layout, scheme: Literal["path", "centroid", "factorial"]
) -> Array:
    """Inner weights (q, q, b): how much of construct k enters the proxy of construct j, [k, j]."""
    linked = layout.linked[:, :, None]
    if scheme == "centroid":
        return np.where(linked, np.sign(C), 0.0)
    inner = np.where(linked, C, 0.0)
    if scheme == "path":
        for target, sources in enumerate(layout.sources):
            if sources:
                rows = list(sources)
                inner[rows, target] = solve(C[np.ix_(rows, rows)], C[rows, target])
    return inner


def outer_step(S: Array, V: Array, inner: Array, layout: Layout) -> Array:
    """Return new item weights from the covariances of items with their construct's inner proxy."""
    w = np.empty((V.shape[0], V.shape[2]))
    for j, block in enumerate(layout.blocks):
        near = np.flatnonzero(layout.linked[:, j])
        w[block] = np.einsum("ikb,kb->ib", V[block][:, near], inner[near, j])
        if layout.regressed[j]:
            w[block] = solve(S[block, block], w[block])
    return w


def settle(
    S: Array,
    layout: Layout,
    start: Array,
    *,
    scheme: Literal["path", "centroid", "factorial"],
    tolerance: float,
    max_steps: int,
) -> Settled:
    """Iterate item weights until no weight moves by more than `tolerance`.

    Parameters
    ----------
    S : (p, p, b) item covariances
    layout : Layout
    start : (p, b) first weights
    scheme, tolerance, max_steps
        See `PLSOptions`; the change is measured for standardised items.

    Returns
    -------
    Settled
        Weights (p, b) with unit-variance composites and the end of each member.
    """
    b = S.shape[-1]
    sd = np.sqrt(np.einsum("iib->ib", S))
    w, V, C = composites(S, start, layout)
    end = Settled(
        w.copy(), np.zeros(b, dtype=bool), np.zeros(b, dtype=np.int64), np.full(b, np.inf)
    )
    moving = np.arange(b)
    for step in range(1, max_steps + 1):
        new = outer_step(S, V, inner_weights(C, layout, scheme), layout)
        new, V, C = composites(S, new, layout)
        change = np.max(np.abs(new - w) * sd, axis=0)
        w = new
        fresh = ~end.converged[moving]
        at = moving[fresh]
        if len(moving) == b:
            np.copyto(end.weights, w, where=fresh)
        else:
            end.weights[:, at] = w[:, fresh]
        end.change[at] = change[fresh]
        end.steps[at] = step
        end.converged[at] = change[fresh] < tolerance
        still = ~end.converged[moving] & np.isfinite(change)
        if not still.any():
            break
        if step >= COMPRESS_AFTER and 1 < still.sum() < 0.5 * len(still):
            S, w, sd, V, C = (np.compress(still, part, axis=-1) for part in (S, w, sd, V, C))
            moving = moving[still]
    return end


def rho_a(w: Array) -> Array:
    r"""Reliability of one standardised composite, Dijkstra's rho_A, for each member.

    Parameters
    ----------
    w : (k, b) weights of standardised items whose composite has variance one, ``w @ S @ w == 1``

    Returns
    -------
    (b) squared correlation of the composite with its construct; NaN where undefined

    Notes
    -----
    With S the correlations of the items,

    .. math:: (w'w)^2 \, \frac{w'(S - \mathrm{diag}\,S)\,w}{w'(ww' - \mathrm{diag}\,ww')\,w}

    where the upper part is :math:`1 - w'w`, as the composite has variance one and the items have.
    Source: [dijkstra2015consistent].

    Examples
    --------
    >>> loadings = np.array([0.9, 0.8, 0.7])
    >>> S = np.outer(loadings, loadings); np.fill_diagonal(S, 1.0)
    >>> w = loadings / np.sqrt(loadings @ S @ loadings)
    >>> bool(np.isclose(rho_a(w[:, None])[0], (w @ loadings) ** 2))
    True
    """
    square = np.sum(w**2, axis=0)
    below = square**2 - np.sum(w**4, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, square**2 * (1.0 - square) / below, np.nan)
