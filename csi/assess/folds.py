"""Folds of respondents, and the moments of everybody outside each fold.

Letters: n respondents, u sampled units, r repetitions, b folds of all repetitions together.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from csi.arrays import Array, IntArray, lock
from csi.moments.blocks import Sample
from csi.moments.filling import CONSTANT, EM_CELLS, SUM_CELLS
from csi.moments.groups import moments_of_rows
from csi.moments.kernel import maximum_likelihood, moments_of_sums, products
from csi.moments.values import Missing, Moments


def deal_folds(
    units: IntArray, strata: IntArray, *, folds: int, repetitions: int, seed: int
) -> IntArray:
    """Deal respondents out into folds, sampled unit by sampled unit.

    Parameters
    ----------
    units : (n) number of each respondent's sampled unit
    strata : (u) stratum of each unit
    folds, repetitions, seed : int

    Returns
    -------
    (r, n) numbers of folds, from 0

    Notes
    -----
    A unit is in one fold whole: respondents of one cluster are alike, and a prediction that has
    seen a neighbour is no prediction of a stranger. The units of a stratum are spread evenly over
    the folds, so that every training sample has the strata of the survey.

    Examples
    --------
    >>> dealt = deal_folds(np.arange(6), np.zeros(6, dtype=int), folds=3, repetitions=2, seed=1)
    >>> [np.bincount(fold).tolist() for fold in dealt]
    [[2, 2, 2], [2, 2, 2]]
    """
    rng = np.random.default_rng([seed, folds])
    out = np.empty((repetitions, len(units)), dtype=np.int64)
    for fold in out:
        order = rng.permutation(len(strata))
        order = order[np.argsort(strata[order], kind="stable")]
        of = np.empty(len(strata), dtype=np.int64)
        of[order] = np.arange(len(strata)) % folds
        fold[:] = of[units]
    return out


def training_moments(sample: Sample, fold: IntArray, count: int, missing: Missing) -> Moments:
    """Return the moments of everybody outside each fold, as one batch.

    Parameters
    ----------
    sample : Sample
    fold : (r, n) number of each respondent's fold, counted over all repetitions
    count : int
        Number of folds of all repetitions together, b.
    missing : {"complete", "pairwise", "em"}

    Returns
    -------
    Moments
        Batch (b,). A fold outside which an item is constant, or EM does not settle, is NaN.

    Notes
    -----
    Sums over the training respondents are those of all less those of the fold: one pass over the
    rows a repetition. Maximum likelihood (EM) has no such sums; it starts from the moments of all.
    """
    p = len(sample.items)
    mean, cov = np.empty((p, count)), np.empty((p, p, count))
    if missing == "em" and np.isnan(sample.rows).any():
        _by_em(sample, fold, mean, cov)
    else:
        _by_sums(sample, fold, count, missing, mean, cov)
    least = CONSTANT * np.nanvar(sample.rows, axis=0)
    variance = np.einsum("iib->ib", cov)
    cov[:, :, ~(variance > least[:, None]).all(axis=0)] = np.nan
    here = ~np.isnan(sample.rows)
    base = np.column_stack([np.ones(len(fold.T)), sample.weights, sample.weights**2, here])
    left = base.sum(axis=0) - _fold_sums(base, fold, count)
    return Moments(
        items=sample.items,
        mean=lock(mean.T),
        cov=lock(np.moveaxis(cov, -1, 0)),
        n=left[:, 0].astype(np.int64),
        sum_weights=lock(left[:, 1].copy()),
        n_effective=lock(left[:, 1] ** 2 / left[:, 2]),
        answers=left[:, 3:].astype(np.int64),
        missing=missing,
    )


def _by_sums(
    sample: Sample, fold: IntArray, count: int, missing: Missing, mean: Array, cov: Array
) -> None:
    """Fill means (p, b) and covariances (p, p, b) in from sums of products."""
    gaps = bool(np.isnan(sample.rows).any())
    found = products(sample.rows, sample.weights, pairwise=missing == "pairwise" and gaps)
    own = _fold_sums(found.terms, fold, count)
    total = found.terms.sum(axis=0, dtype=np.float64)[:, None]
    step = max(SUM_CELLS // found.terms.shape[1], 16)
    for first in range(0, count, step):
        part = slice(first, min(first + step, count))
        mean[:, part] = moments_of_sums(total - own[part].T, found, cov[..., part])[1]


def _fold_sums(terms: np.ndarray[tuple[int, int], np.dtype[np.floating]], fold: IntArray,
               count: int) -> Array:  # fmt: skip
    """Return the sums of rows (n, t) within each fold, (b, t)."""
    r, n = fold.shape
    places = fold.reshape(-1), np.tile(np.arange(n), r)
    return np.asarray(csr_matrix((np.ones(r * n), places), shape=(count, n)) @ terms)


def _by_em(sample: Sample, fold: IntArray, mean: Array, cov: Array) -> None:
    """Fill means and covariances in by maximum likelihood from incomplete rows."""
    whole = moments_of_rows(sample.rows, sample.weights, sample.items, "em")
    step = max(EM_CELLS // max(sample.rows.size, 1), 1)
    for own in fold:
        numbers = np.unique(own)
        for first in range(0, len(numbers), step):
            at = numbers[first : first + step]
            weights = np.where(own == at[:, None], 0.0, sample.weights)
            end = maximum_likelihood(sample.rows, weights, (whole.mean, whole.cov))
            end.mean[~end.converged] = np.nan
            end.cov[~end.converged] = np.nan
            mean[:, at], cov[..., at] = end.mean.T, np.moveaxis(end.cov, 0, -1)
