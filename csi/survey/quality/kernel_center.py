"""Mean and covariances of incomplete answers: of all respondents, or of those that lie near.

Letters: n respondents, p items. Rows (n, p) with NaN for missing answers, weights (n).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.stats import chi2, norm, rankdata

from csi.arrays import Array
from csi.survey.quality.kernel_distance import (
    Pattern,
    at_median,
    distances,
    patterns,
    weighted_median,
)

DEFINITE = 1e-8
"""A correlation matrix with a smaller eigenvalue counts as not positive definite."""


@dataclass(frozen=True, slots=True)
class Center:
    """Mean (p) and covariances (p, p) of incomplete rows, and how the iteration ended."""

    mean: Array
    cov: Array
    converged: bool
    steps: int


def center_of(
    rows: Array,
    weights: Array,
    start: Center | None = None,
    *,
    tolerance: float = 1e-6,
    max_steps: int = 500,
) -> Center:
    """Return mean and covariances of incomplete rows by maximum likelihood under normality.

    Parameters
    ----------
    rows : (n, p) answers; each row with one at least, each item varies
    weights : (n) sampling weights; they enter as pseudo likelihood
    start : Center, optional
    tolerance : float
        Stop when no mean (in standard deviations) and no covariance (in products of them) moves
        by more.
    max_steps : int

    Returns
    -------
    Center
        Not converged where the covariances lose their inverse, or the steps ran out.

    Notes
    -----
    EM [dempster1977maximum].
    """
    found = start or _start(rows, weights)
    kinds = patterns(rows)
    for step in range(1, max_steps + 1):
        mean, cov = found.mean, found.cov
        if not is_definite(cov):
            return Center(mean, cov, False, step)
        new = _em_step(rows, weights, kinds, mean, cov)
        sd = np.sqrt(np.diag(cov))
        with np.errstate(invalid="ignore", divide="ignore"):
            moved = max(
                np.max(np.abs(new[0] - mean) / sd),
                np.max(np.abs(new[1] - cov) / np.outer(sd, sd)),
            )
        found = Center(new[0], new[1], bool(moved < tolerance), step)
        if found.converged or not np.isfinite(moved):
            break
    return found


def robust_center_of(
    rows: Array, weights: Array, *, kept: float = 0.5, trusted: float = 0.975, max_steps: int = 100
) -> Center:
    """Return mean and covariances that even a large part of far-off rows does not move.

    Parameters
    ----------
    rows : (n, p) answers; each row with one at least, each item varies
    weights : (n) sampling weights
    kept : float
        Share of the rows, those nearest, that the first estimate rests on.
    trusted : float
        The second rests on the rows nearer than this quantile of the chi-square.
    max_steps : int
        Most concentration steps.

    Returns
    -------
    Center
        Not converged where the rows kept had not settled, or an estimate on them had not.

    Notes
    -----
    Minimum covariance determinant by concentration steps [rousseeuw1999fast] from one start, the
    correlations of ranks [hubert2012deterministic], so that there is no chance in it; on incomplete
    rows with EM inside [cheng2002high], rows in the order of the probability of their distance on
    the items they have. Then the estimate on all rows that lie near. Both matrices are brought to
    size by `at_median`. Estimates that weight rows smoothly by their distance, as under a t
    distribution, give way at about one far-off row in p, too few for questionnaires.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], size=300)
    >>> rows[:90] = [6, -6] + rng.normal(size=(90, 2))
    >>> robust_center_of(rows, np.ones(300)).mean.round(1).tolist()
    [0.1, 0.1]
    """
    found = _rank_start(rows, weights)
    count = min(len(rows), max(int(np.ceil(kept * len(rows))), 2 * rows.shape[1]))
    before = np.zeros(0, dtype=np.int64)
    for step in range(1, max_steps + 1):
        if not is_definite(found.cov):
            return Center(found.mean, found.cov, False, step)
        near = np.sort(np.argsort(tail_order(rows, found, weights), kind="stable")[:count])
        if np.array_equal(near, before):
            break
        before = near
        found = center_of(rows[near], weights[near], found)
        if not found.converged:
            return found
    else:
        return Center(found.mean, found.cov, False, max_steps)
    trust = tail_order(rows, found, weights) <= trusted
    again = center_of(rows[trust], weights[trust], found)
    return Center(again.mean, again.cov, again.converged, step)


def tail_order(rows: Array, center: Center, weights: Array) -> Array:
    """(n) chi-square probability of a smaller distance, distances brought to size."""
    squared, counts = distances(rows, center.mean, center.cov)
    return np.asarray(chi2.cdf(at_median(squared, counts, weights), counts))


def is_definite(cov: Array) -> bool:
    """Tell whether a covariance matrix (p, p) has an inverse worth the name."""
    sd = np.sqrt(np.diag(cov))
    if not (np.isfinite(cov).all() and (sd > 0).all()):
        return False
    return bool(np.linalg.eigvalsh(cov / np.outer(sd, sd))[0] > DEFINITE)


def _start(rows: Array, weights: Array) -> Center:
    """Means and variances of the answers there are."""
    here = ~np.isnan(rows)
    w = here * weights[:, None]
    mean = (np.where(here, rows, 0.0) * w).sum(axis=0) / w.sum(axis=0)
    variance = (np.where(here, rows - mean, 0.0) ** 2 * w).sum(axis=0) / w.sum(axis=0)
    return Center(mean, np.diag(variance), False, 0)


def _rank_start(rows: Array, weights: Array) -> Center:
    """Medians, robust spreads and correlations of normal scores of ranks; gaps count as middling.

    The spread is the median distance from the median, scaled to the normal distribution, or where
    more than half give one answer the standard deviation.
    """
    middle = np.array([weighted_median(column, weights) for column in rows.T])
    away = rows - middle
    spread = np.array([weighted_median(np.abs(column), weights) for column in away.T]) / norm.ppf(
        0.75
    )
    plain = np.sqrt(np.diag(_start(rows, weights).cov))
    spread = np.where(spread > 0, spread, plain)
    filled = np.where(np.isnan(rows), middle, rows)
    scores = norm.ppf(rankdata(filled, axis=0) / (len(rows) + 1.0))
    return Center(middle, np.corrcoef(scores, rowvar=False) * np.outer(spread, spread), False, 0)


def _em_step(
    rows: Array,
    weights: Array,
    kinds: list[Pattern],
    mean: Array,
    cov: Array,
) -> tuple[Array, Array]:
    """Fill the gaps by regression on the answers there are, and take moments of what results."""
    p = len(mean)
    total, first, second = 0.0, np.zeros(p), np.zeros((p, p))
    left_over = np.zeros((p, p))  # variance that the regressions leave
    for kind in kinds:
        o, m = kind.here, kind.gone
        away = rows[np.ix_(kind.rows, o)] - mean[o]
        factor = cho_factor(cov[np.ix_(o, o)], lower=True)
        own = weights[kind.rows]
        full = np.zeros((len(away), p))
        full[:, o] = away
        if len(m):
            slopes = cho_solve(factor, cov[np.ix_(o, m)])
            full[:, m] = away @ slopes
            rest = cov[np.ix_(m, m)] - cov[np.ix_(m, o)] @ slopes
            left_over[np.ix_(m, m)] += own.sum() * rest
        total += own.sum()
        first += own @ full
        second += (full * own[:, None]).T @ full
    step = first / total
    moved = (second + left_over) / total - np.outer(step, step)
    return mean + step, (moved + moved.T) / 2.0
