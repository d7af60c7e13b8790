r"""Log-likelihood of incomplete rows by patterns of missing answers, with its derivatives.

Letters: n rows, p items, R patterns, q missing items of a pattern, t = p + p (p + 1) / 2 moments:
the means, then the covariances of the upper triangle row by row. Each pattern's inverse is padded
with zeros to p x p,

.. math:: W_r = K - K_{\cdot m} K_{mm}^{-1} K_{m \cdot}, \qquad K = \Sigma^{-1},
          \qquad \log|\Sigma_{oo}| = \log|\Sigma| + \log|K_{mm}|

so that only the missing items m of a pattern cost an inverse. The second derivatives by the
moments are products of the :math:`W_r` added up over patterns, one matrix product for all of
them: a structure brings in only the derivatives of its moments. Source: [little2019statistical].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.estimate.covariance.kernel import Slopes, cholesky_ok

Information = Literal["observed", "expected"]

CHUNK = 512
"""Patterns, or rows, that are worked on at once: what is in hand stays a few megabytes."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Rows summed up by patterns of missing answers, those with few missing first.

    Attributes
    ----------
    weight : (R) weights of the rows added up
    mean : (R, p) 0 where missing
    cov : (R, p, p) weighted covariances about the pattern's mean, 0 where missing
    gone : (R, q) numbers of the missing items, -1 where there are fewer
    of : (n) pattern of each row
    """

    weight: Array
    mean: Array
    cov: Array
    gone: IntArray
    of: IntArray

    @property
    def total(self) -> float:
        """Sum of all weights."""
        return float(self.weight.sum())


@dataclass(frozen=True, slots=True)
class Reached:
    """Minus the log-likelihood at some moments.

    Attributes
    ----------
    value : float
        Infinite where the covariances are not positive definite.
    first : (t) derivatives by the moments
    second : (t, t) second derivatives or their expectation; empty where not asked for
    """

    value: float
    first: Array
    second: Array


@cache
def places(p: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return rows and columns of the upper triangle, and the place (p, p) of each entry in it."""
    i, j = np.triu_indices(p)
    at = np.empty((p, p), dtype=np.int64)
    at[i, j] = at[j, i] = np.arange(len(i))
    for part in (i, j, at):
        part.setflags(write=False)
    return i, j, at


@cache
def _multiplicity(p: int) -> Array:
    """Return 1/2 for variances and 1 for covariances, in the order of the triangle."""
    i, j, _ = places(p)
    found = np.where(i == j, 0.5, 1.0)
    found.setflags(write=False)
    return found


def moment_slopes(slope: Slopes) -> Array:
    """Return the derivatives (t, k) of the moments by table parameters, of a batch of one."""
    a, b = slope.a[0], slope.b[0]
    i, j, _ = places(len(a))
    first = np.zeros_like(a) if slope.mean is None else slope.mean[0]
    return np.concatenate([first, slope.c * (a[i] * b[j] + b[i] * a[j])])


def patterns_of(rows: Array, weights: Array) -> Patterns:
    """Return the patterns of rows (n, p) with NaN where missing, and weights (n)."""
    missing = np.isnan(rows)
    packed = np.ascontiguousarray(np.packbits(missing, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).reshape(-1)
    _, first, of = np.unique(keys, return_index=True, return_inverse=True)
    kinds = missing[first]
    order = np.argsort(kinds.sum(axis=1), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    of, kinds = rank[of.reshape(-1)], kinds[order]
    count = np.bincount(of)
    weight = np.asarray(np.bincount(of, weights=weights), dtype=np.float64)
    by = np.argsort(of, kind="stable")
    starts = np.concatenate([[0], np.cumsum(count)[:-1]])
    filled, w = np.where(missing, 0.0, rows)[by], weights[by]
    mean = np.add.reduceat(filled * w[:, None], starts, axis=0) / weight[:, None]
    p = rows.shape[1]
    cov = np.zeros((len(count), p, p))
    for r in np.flatnonzero(count > 1):
        own = slice(starts[r], starts[r] + count[r])
        away = filled[own] - mean[r]
        cov[r] = (away * w[own, None]).T @ away / weight[r]
    return Patterns(weight, mean, cov, _gone(kinds), of)


def _gone(kinds: BoolArray) -> IntArray:
    """Return the missing items of (R, p) flags, padded with -1."""
    lacking = kinds.sum(axis=1)
    gone = np.full((len(kinds), int(lacking.max(initial=0))), -1, dtype=np.int64)
    r, item = np.nonzero(kinds)
    place = np.arange(len(r)) - np.repeat(np.cumsum(lacking) - lacking, lacking)
    gone[r, place] = item
    return gone


def _inverses(precision: Array, gone: IntArray) -> tuple[Array, Array]:
    """Return W (c, p, p) of patterns, and what the log-determinants (c) differ from the whole."""
    q = int((gone >= 0).sum(axis=1).max(initial=0))
    if not q:
        return np.repeat(precision[None], len(gone), axis=0), np.zeros(len(gone))
    none = gone[:, :q] < 0
    at = np.where(none, 0, gone[:, :q])
    rows = precision[at]
    rows[none] = 0.0
    block = np.take_along_axis(rows, at[:, None, :], axis=2)
    block = np.where(none[:, None, :] | none[:, :, None], np.eye(q), block)
    root = np.linalg.cholesky(block)
    half = np.linalg.solve(root, rows)
    log = 2.0 * np.log(np.einsum("cqq->cq", root)).sum(axis=1)
    return precision - np.swapaxes(half, 1, 2) @ half, np.asarray(log)


def _chunks(count: int) -> Iterator[slice]:
    for first in range(0, count, CHUNK):
        yield slice(first, min(first + CHUNK, count))


def reach(found: Patterns, mean: Array, cov: Array, kind: Information | None = None) -> Reached:
    """Return minus the log-likelihood at means (p) and covariances (p, p), with derivatives.

    Parameters
    ----------
    found : Patterns
    mean, cov : (p), (p, p)
    kind : {"observed", "expected"} or None
        Which second derivatives; None for none.
    """
    p = len(mean)
    i, j, _ = places(p)
    t = p + len(i)
    root, good = cholesky_ok(cov)
    if not good or not np.isfinite(mean).all():
        return Reached(np.inf, np.full(t, np.nan), np.zeros((0, 0)))
    precision = np.asarray(np.linalg.inv(cov), dtype=np.float64)
    whole = 2.0 * float(np.log(np.diag(root)).sum())
    value, score, middle = 0.0, np.zeros(p), np.zeros((p, p))
    inner, cross, mass = np.zeros((len(i), len(i))), np.zeros((len(i), p)), np.zeros((p, p))
    for own in _chunks(len(found.weight)):
        w, gone = found.weight[own], found.gone[own]
        here = p - (gone >= 0).sum(axis=1)
        W, log = _inverses(precision, gone)
        away = np.where(_flags(gone, p), 0.0, found.mean[own] - mean)
        z = (W @ away[..., None])[..., 0]
        spread = W @ found.cov[own] @ W + z[:, :, None] * z[:, None, :]
        fit = np.einsum("cij,cij->c", W, found.cov[own]) + np.einsum("ci,ci->c", z, away)
        value += 0.5 * float(w @ (here * np.log(2.0 * np.pi) + whole + log + fit))
        score += w @ z
        weighted = w[:, None] * W.reshape(-1, p * p)
        mass += weighted.sum(axis=0).reshape(p, p)
        middle -= (w @ spread.reshape(-1, p * p)).reshape(p, p)
        if kind is None:
            continue
        left = weighted[:, i * p + j]
        other = spread - 0.5 * W if kind == "observed" else 0.5 * W
        inner += left.T @ other.reshape(-1, p * p)[:, i * p + j]
        if kind == "observed":
            cross += left.T @ z
    first = np.concatenate([-score, (mass + middle)[i, j] * _multiplicity(p)])
    if kind is None:
        return Reached(value, first, np.zeros((0, 0)))
    return Reached(value, first, _second(inner + inner.T, cross, mass))


def _flags(gone: IntArray, p: int) -> BoolArray:
    """Return which items are missing, (c, p)."""
    flags = np.zeros((len(gone), p + 1), dtype=bool)
    np.put_along_axis(flags, np.where(gone < 0, p, gone), True, axis=1)
    return flags[:, :p]


def _second(inner: Array, cross: Array, mass: Array) -> Array:
    """Put the second derivatives (t, t) together from sums over the patterns.

    Letters: `inner` sums W_ab (2 A - W)_cd made symmetric, `cross` W_ab z_c, `mass` W; the
    derivative by the covariances ab and cd then is half the sum of inner[bc, da] over both orders
    of ab and of cd.
    """
    p = len(mass)
    i, j, at = places(p)
    m = _multiplicity(p)
    t = p + len(i)
    found = np.empty((t, t))
    found[:p, :p] = mass
    total = np.zeros((len(i), len(i)))
    for a, b in ((i, j), (j, i)):
        for c, d in ((i, j), (j, i)):
            total += inner[at[b[:, None], c], at[a[:, None], d]]
    found[p:, p:] = 0.5 * total * m[:, None] * m
    unit = np.arange(p)
    mixed = cross[at[j[:, None], unit], i[:, None]] + cross[at[i[:, None], unit], j[:, None]]
    found[p:, :p] = mixed * m[:, None]
    found[:p, p:] = found[p:, :p].T
    return found


def row_scores(
    found: Patterns, rows: Array, mean: Array, cov: Array
) -> Iterator[tuple[IntArray, Array]]:
    """Yield the derivatives of the log-likelihood of rows by the moments, a few rows at a time.

    Parameters
    ----------
    found : Patterns
        Of the rows.
    rows : (n, p)
    mean, cov : (p), (p, p)

    Yields
    ------
    (c), (c, t)
        Numbers of the rows, and their derivatives without their weights.
    """
    p = len(mean)
    i, j, _ = places(p)
    precision = np.asarray(np.linalg.inv(cov), dtype=np.float64)
    away = np.where(np.isnan(rows), 0.0, rows - mean)
    order = np.argsort(found.of, kind="stable")
    for own in _chunks(len(rows)):
        at = order[own]
        kinds, of = np.unique(found.of[at], return_inverse=True)
        W = _inverses(precision, found.gone[kinds])[0][of.reshape(-1)]
        z = (W @ away[at][..., None])[..., 0]
        second = z[:, i] * z[:, j] - W.reshape(-1, p * p)[:, i * p + j]
        yield at, np.concatenate([z, second * _multiplicity(p)], axis=1)
