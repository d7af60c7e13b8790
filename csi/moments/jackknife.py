"""Moments without one sampled unit, for all units at once.

The sums behind the moments lose what the unit brought, and its stratum is scaled up to the full
weight: no second pass over the rows. Moments by EM follow their linear scores instead.

Letters: n respondents, p items, u sampled units, t' sums behind the moments.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from csi.arrays import Array, IntArray, lock
from csi.moments.blocks import Sample, distinct_sample
from csi.moments.groups import moments_of_rows, used_rows
from csi.moments.kernel import Products, moments_of_sums, products
from csi.moments.linear import sample_scores
from csi.moments.repeats import distinct_moments, expanded
from csi.moments.values import Missing, Moments
from csi.moments.vectors import fill_covariances, moment_vector
from csi.repeats import repeats_of

TILE = 512
"""Units handled at once: their sums stay in the cache."""

Terms = np.ndarray[tuple[int, int], np.dtype[np.floating]]


def jackknife_moments(
    sample: Sample,
    strata: IntArray,
    missing: Missing,
    *,
    moments: Moments | None = None,
) -> Moments:
    """Return the moments of a sample without each of its sampled units in turn.

    Parameters
    ----------
    sample : Sample
        Of a block of groups, see `csi.moments.blocks.blocks_of`.
    strata : (u) stratum number of each unit of the block
    missing : {"complete", "pairwise", "em"}
    moments : Moments, optional
        Those of the sample, where they are known already; only EM uses them.

    Returns
    -------
    Moments
        Batch (u), in the order of the units; the batch is the last axis in memory. The other
        units of the stratum count ``n_h / (n_h - 1)``, as in the stratified jackknife (JKn)
        [wolter2007introduction]; with one stratum that is the same as leaving the unit out. A
        unit alone in its stratum is left out with nothing in its place. ``n`` and ``answers``
        are those of the respondents that stay.

    Notes
    -----
    Complete cases and pairs of items are exact. With missing answers under EM the result is of
    first order: moments less ``n_h / (n_h - 1)`` times the unit's score from the stratum's mean
    (see `csi.moments.linear`), which differs from a new EM run by terms of order ``1 / n**2``.
    """
    if repeats_of(sample.items):
        own = None if moments is None else distinct_moments(moments)
        made = jackknife_moments(distinct_sample(sample), strata, missing, moments=own)
        return expanded(made, sample.items)
    u = len(strata)
    scale, of = _scales(strata)
    gaps = bool(np.isnan(sample.rows).any())
    used = used_rows(sample.rows, sample.weights, missing)
    rows, weights, units = sample.rows[used], sample.weights[used], sample.units[used]
    if missing == "em" and gaps:
        if moments is None:
            moments = moments_of_rows(sample.rows, sample.weights, sample.items, "em")
        mean, cov = _linear(sample, moments, scale, of)
    else:
        found = products(rows, weights, pairwise=missing == "pairwise" and gaps)
        mean, cov = _downdated(found, units, scale, of)
    total = _left(weights, units, scale, of)
    square = _left(weights**2, units, scale, of, power=2)
    here = ~np.isnan(rows)
    counted = _added(np.column_stack([np.ones(len(rows)), here]), units, u)
    left = (len(rows) - counted[:, 0]), here.sum(axis=0) - counted[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(square > 0, total**2 / square, 0.0)
    return Moments(
        items=sample.items,
        mean=lock(mean.T),
        cov=lock(np.moveaxis(cov, -1, 0)),
        n=left[0].astype(np.int64),
        sum_weights=lock(total),
        n_effective=lock(effective),
        answers=left[1].astype(np.int64),
        missing=missing,
    )


def _scales(strata: IntArray) -> tuple[Array, IntArray]:
    """Return ``n_h / (n_h - 1)`` of each stratum, 1 for a single unit, and the stratum of units."""
    _, of, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    scale: Array = np.where(sizes > 1, sizes / np.maximum(sizes - 1.0, 1.0), 1.0)
    return scale, of.reshape(-1)


def _added(values: Terms, groups: IntArray, many: int) -> Terms:
    """Add rows of values up within groups, (many, k); as they are where each row is a group."""
    n = len(groups)
    if n == many and np.array_equal(groups, np.arange(n)):
        return values
    if many == 1:
        return np.asarray(values.sum(axis=0, dtype=np.float64))[None]
    return np.asarray(csr_matrix((np.ones(n), (groups, np.arange(n))), shape=(many, n)) @ values)


def _downdated(found: Products, units: IntArray, scale: Array, of: IntArray) -> tuple[Array, Array]:
    """Return means (p, u) and covariances (p, p, u) without each unit."""
    u, p = len(of), found.p
    own = _added(found.terms, units, u)
    base = _bases(own, scale, of)
    mean, cov = np.empty((p, u)), np.empty((p, p, u))
    for start in range(0, u, TILE):
        part = slice(start, min(start + TILE, u))
        at = of[part]
        sums = base[:, at] - scale[at] * own[part].T
        mean[:, part] = moments_of_sums(sums, found, cov[..., part])[1]
    return mean, cov


def _bases(own: Terms, scale: Array, of: IntArray) -> Array:
    """Return the sums (k, strata) with the units of each stratum scaled up in turn."""
    strata = _added(own, of, len(scale)).astype(np.float64, copy=False)
    return np.asarray((strata.sum(axis=0) + (scale - 1.0)[:, None] * strata).T)


def _left(values: Array, units: IntArray, scale: Array, of: IntArray, power: int = 1) -> Array:
    """Return the sum (u) of values of respondents without each unit."""
    own = _added(values[:, None], units, len(of))
    factor = scale**power
    return np.asarray(_bases(own, factor, of)[0, of] - factor[of] * own[:, 0])


def _linear(sample: Sample, moments: Moments, scale: Array, of: IntArray) -> tuple[Array, Array]:
    """Return means (p, u) and covariances (p, p, u) without each unit, to first order."""
    p, u = len(sample.items), len(of)
    scores = sample_scores(sample, u, moments)
    vector = moment_vector(moments.mean, moments.cov)
    base = _bases(scores, scale, of) - scores.sum(axis=0)[:, None]
    mean, cov = np.empty((p, u)), np.empty((p, p, u))
    for start in range(0, u, TILE):
        part = slice(start, min(start + TILE, u))
        at = of[part]
        moved = vector[:, None] + base[:, at] - scale[at] * scores[part].T
        mean[:, part] = moved[:p]
        fill_covariances(moved[p:], cov[..., part])
    return mean, cov
