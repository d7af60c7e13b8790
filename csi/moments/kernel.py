"""Moments of rows: complete cases, pairs of items, and maximum likelihood by EM.

Letters: n rows, p items, b weightings of the same rows (bootstrap draws). Rows X (n, p) with NaN
for missing answers, weights (b, n). Every function returns means (b, p) and covariances (b, p, p)
with the sum of weights as divisor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, IntArray

SINGULAR = 1e-10
"""EM stops for a member in which other items explain all but this share of an item's variance."""

EXACT = 2.0**24
"""Integers up to this size are exact in single precision."""


@dataclass(frozen=True, slots=True)
class Products:
    """Rows turned into products, so that moments of any weighting are one matrix product.

    Attributes
    ----------
    terms : (n, t) weighted ones, items and products of items; single precision where that is exact
    center : (p) what was taken off the items beforehand
    pairwise : bool
        Whether each pair of items carries its own sums.
    p : int
    """

    terms: np.ndarray[tuple[int, int], np.dtype[np.floating]]
    center: Array
    pairwise: bool
    p: int


def products(rows: Array, weights: Array, *, pairwise: bool, most: int | None = None) -> Products:
    """Return the product rows of weighted rows.

    Parameters
    ----------
    rows : (n, p) answers; complete unless `pairwise`
    weights : (n)
    pairwise : bool
        Sums for every pair of items over the rows that answered both.
    most : int, optional
        The largest number of rows, counted as often as they are drawn, that a sum will have;
        n where None. It decides whether single precision is exact.
    """
    n, p = rows.shape
    here = ~np.isnan(rows)
    answers = np.maximum(here.sum(axis=0), 1)
    center = np.where(here, rows, 0.0).sum(axis=0) / answers
    whole = bool(
        np.all(rows[here] == np.round(rows[here])) and np.all(weights == np.round(weights))
    )
    if whole:
        center = np.round(center)
    x = np.where(here, rows - center, 0.0)
    largest = max(1.0, float(np.abs(x).max(initial=0.0))) ** 2 * float(weights.max(initial=0.0))
    exact = whole and (most or n) * largest < EXACT
    before = 1 + p * (p + 1) // 2 + p * p if pairwise else 1 + p
    terms = np.empty((n, before + p * (p + 1) // 2), dtype=np.float32 if exact else np.float64)
    weighted = x * weights[:, None]
    terms[:, 0] = weights
    if pairwise:
        carried = here * weights[:, None]
        at = 1
        for i in range(p):
            terms[:, at : at + p - i] = carried[:, i, None] * here[:, i:]
            at += p - i
        for i in range(p):
            terms[:, at : at + p] = weighted[:, i, None] * here
            at += p
    else:
        terms[:, 1 : 1 + p] = weighted
    at = before
    for i in range(p):
        terms[:, at : at + p - i] = weighted[:, i, None] * x[:, i:]
        at += p - i
    return Products(terms, center, pairwise, p)


def moments_of_sums(sums: Array, found: Products, cov: Array) -> tuple[Array, Array]:
    """Turn sums of product rows (t, b) into weight totals (b) and means (p, b), and fill `cov`.

    Parameters
    ----------
    sums : (t, b)
    found : Products
    cov : (p, p, b)
        Takes the covariances. The batch is the last axis, as the PLS iteration wants it.
    """
    p = found.p
    i, j = np.triu_indices(p)
    at = np.empty((p, p), dtype=np.int64)
    at[i, j] = at[j, i] = np.arange(len(i))
    total, second = sums[0], sums[-len(i) :]
    with np.errstate(divide="ignore", invalid="ignore"):
        if found.pairwise:
            both = sums[1 : 1 + len(i)]
            first = sums[1 + len(i) : 1 + len(i) + p * p].reshape(p, p, -1) / both[at]
            upper = second / both - first[i, j] * first[j, i]
            mean = first[np.arange(p), np.arange(p)]
        else:
            mean = sums[1 : 1 + p] / total
            upper = second / total
            upper -= mean[i] * mean[j]
    for row in range(p):
        cov[row] = upper[at[row]]
    return total, mean + found.center[:, None]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Rows that lack the same items: their places, the items there and the items missing."""

    rows: IntArray
    here: IntArray
    gone: IntArray


def patterns(missing: BoolArray) -> tuple[Pattern, ...]:
    """Return the patterns of missing answers of (n, p) flags, complete rows left out."""
    kinds, of = np.unique(missing, axis=0, return_inverse=True)
    of = of.reshape(-1)
    return tuple(
        Pattern(np.flatnonzero(of == k), np.flatnonzero(~kind), np.flatnonzero(kind))
        for k, kind in enumerate(kinds)
        if kind.any() and not kind.all()
    )


@dataclass(frozen=True, slots=True)
class Likely:
    """Means (b, p) and covariances (b, p, p) by EM, and how each weighting's iteration ended."""

    mean: Array
    cov: Array
    converged: BoolArray
    steps: IntArray


def maximum_likelihood(
    rows: Array,
    weights: Array,
    start: tuple[Array, Array] | None = None,
    *,
    tolerance: float = 1e-6,
    max_steps: int = 1000,
) -> Likely:
    """Means and covariances of incomplete rows, by EM under normality.

    Parameters
    ----------
    rows : (n, p) answers, NaN where missing; rows without any answer are passed over
    weights : (b, n)
    start : ((p), (p, p)), optional
        First mean and covariance; available-case values where None.
    tolerance : float
        Stop when no mean (in standard deviations) and no covariance (relative to the two
        standard deviations) moves by more in one step.
    max_steps : int

    Notes
    -----
    Source: [dempster1977maximum], [little2019statistical]. Weights enter as pseudo likelihood.
    """
    gone = np.isnan(rows)
    kept = ~gone.all(axis=1)
    rows, gone, weights = rows[kept], gone[kept], weights[:, kept]
    b, p = len(weights), rows.shape[1]
    full = ~gone.any(axis=1)
    total = weights.sum(axis=1)
    complete = products(rows[full], np.ones(int(full.sum())), pairwise=False)
    sums = (weights[:, full] @ complete.terms.astype(np.float64)).T
    center = complete.center if full.any() else np.zeros(p)
    first, second = _spread(sums, p)
    part = rows[~full] - center
    own = weights[:, ~full]
    kinds = patterns(gone[~full])
    mean, cov = _available(rows) if start is None else start
    mean = np.repeat((mean - center)[None], b, axis=0)
    cov = np.repeat(cov[None], b, axis=0)
    end = Likely(mean.copy(), cov.copy(), np.zeros(b, dtype=bool), np.zeros(b, dtype=np.int64))
    moving = np.arange(b)
    for step in range(1, max_steps + 1):
        definite = is_definite(cov)
        if not definite.all():  # a member without an inverse stops here, not settled
            mean, cov, moving = mean[definite], cov[definite], moving[definite]
            if not len(moving):
                break
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            # members that rounding drives out of range stop below: they are not finite
            new_mean, new_cov = _em_step(
                part, own[moving], kinds, mean, cov, first[moving], second[moving], total[moving]
            )
            sd = np.sqrt(np.einsum("bii->bi", new_cov))
            moved = np.maximum(
                np.max(np.abs(new_mean - mean) / sd, axis=1),
                np.max(np.abs(new_cov - cov) / (sd[:, :, None] * sd[:, None, :]), axis=(1, 2)),
            )
        mean, cov = new_mean, new_cov
        end.mean[moving], end.cov[moving], end.steps[moving] = mean, cov, step
        end.converged[moving] = moved < tolerance
        still = ~end.converged[moving] & np.isfinite(moved)
        if not still.any():
            break
        mean, cov, moving = mean[still], cov[still], moving[still]
    return Likely(end.mean + center, end.cov, end.converged, end.steps)


def is_definite(cov: Array) -> BoolArray:
    """Tell for each covariance matrix whether it has an inverse worth the name."""
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.sqrt(np.einsum("bii->bi", cov))
        corr = cov / (sd[:, :, None] * sd[:, None, :])
    try:  # the pivots are unexplained shares of variance
        pivots = np.einsum("bii->bi", np.linalg.cholesky(corr)) ** 2
    except np.linalg.LinAlgError:
        finite = np.isfinite(corr).all(axis=(1, 2))
        filled = np.where(finite[:, None, None], corr, np.eye(cov.shape[-1]))
        return np.asarray(finite & (np.linalg.eigvalsh(filled)[:, 0] > SINGULAR))
    return np.asarray((pivots > SINGULAR).all(axis=1))


def _spread(sums: Array, p: int) -> tuple[Array, Array]:
    """First (b, p) and second (b, p, p) sums of product rows (t, b)."""
    upper = np.triu_indices(p)
    second = np.empty((sums.shape[1], p, p))
    second[:, upper[0], upper[1]] = sums[1 + p :].T
    second[:, upper[1], upper[0]] = sums[1 + p :].T
    return sums[1 : 1 + p].T, second


def _available(rows: Array) -> tuple[Array, Array]:
    """Mean and diagonal covariance of the answers there are."""
    return np.nanmean(rows, axis=0), np.diag(np.nanvar(rows, axis=0))


def _em_step(
    part: Array,
    weights: Array,
    kinds: tuple[Pattern, ...],
    mean: Array,
    cov: Array,
    first: Array,
    second: Array,
    total: Array,
) -> tuple[Array, Array]:
    """One step of EM for every weighting: fill in expectations, then take moments."""
    b = len(mean)
    precision = np.linalg.inv(cov)
    filled = np.empty((b, *part.shape))
    filled[:] = part
    extra = np.zeros_like(cov)
    for kind in kinds:
        block = np.linalg.inv(precision[:, kind.gone[:, None], kind.gone])
        slope = block @ precision[:, kind.gone[:, None], kind.here]
        away = part[kind.rows][:, kind.here] - mean[:, None, kind.here]
        expected = mean[:, None, kind.gone] - away @ np.swapaxes(slope, 1, 2)
        filled[:, kind.rows[:, None], kind.gone] = expected
        share = weights[:, kind.rows].sum(axis=1)
        extra[:, kind.gone[:, None], kind.gone] += share[:, None, None] * block
    carried = filled * weights[:, :, None]
    new_mean = (first + carried.sum(axis=1)) / total[:, None]
    new_cov = (second + extra + np.swapaxes(carried, 1, 2) @ filled) / total[:, None, None]
    new_cov -= new_mean[:, :, None] * new_mean[:, None, :]
    return new_mean, (new_cov + np.swapaxes(new_cov, 1, 2)) / 2.0
