"""MICOM of two groups: composites compared, with the ranges that relabelling leaves.

Letters: P permutations, p items, q constructs; three statistics in the order of `STATISTICS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from csi.arrays import Array, lock, one_thread
from csi.compare.kernel_micom import log_variance_difference, mean_difference, reference_range
from csi.compare.two_groups import Pair
from csi.estimate.fit import Fit
from csi.estimate.kernel_composites import score_correlation
from csi.estimate.permutation import permutation_p_values
from csi.index.estimator import fit_model
from csi.index.fitting import problem_of
from csi.index.formula import index_score, index_weights
from csi.index.options import IndexOptions
from csi.moments.exchange import Exchange, exchange_of
from csi.moments.groups import moments_of_rows
from csi.moments.permutations import moments_of_exchange
from csi.moments.values import Moments

Scores = Literal["scale", "standardised", "index"]
"""What the weights of each group multiply in the second step."""

STATISTICS = ("correlation", "mean difference", "log variance ratio")
"""The second step, and both halves of the third."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Two groups with their fits and that of both together.

    Attributes
    ----------
    pair : Pair
    exchange : Exchange
    both, first, second : Fit
        Single members. The signs of the groups' are those of both together.
    """

    pair: Pair
    exchange: Exchange
    both: Fit
    first: Fit
    second: Fit


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Statistics of two groups with what relabelling makes of them.

    Attributes
    ----------
    estimate, lower, upper, p : (3, q) statistics, the range of permutations, p values
    used : (3, q) permutations used
    points : (q) most index points by which an index moves with the weights of the other group
    shares : (2, p) index weights of the groups
    """

    estimate: Array
    lower: Array
    upper: Array
    p: Array
    used: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    points: Array
    shares: Array


def fitted(pair: Pair, options: IndexOptions) -> Fitted | str:
    """Fit two groups and both together; or say why that cannot be."""
    exchange = exchange_of(*pair.samples, pair.strata)
    sample, items = exchange.sample, pair.model.items
    names = ["both groups together", *(f"group {cell.label[0]}" for cell in pair.cells)]
    wanted = [np.ones(len(sample.rows), dtype=bool), exchange.first, ~exchange.first]
    fits: list[Fit] = []
    for name, rows in zip(names, wanted, strict=True):
        own = moments_of_rows(sample.rows[rows], sample.weights[rows], items, options.missing)
        fits.append(fit_model(pair.model, own, options, like=fits[0] if fits else None))
        if problem := problem_of(fits[-1]):
            return f"{name}: {problem}"
    return Fitted(pair, exchange, *fits)


def compared(
    own: Fitted,
    options: IndexOptions,
    *,
    scores: Scores,
    alpha: float,
    permutations: int,
    seed: int,
) -> Compared:
    """Compare the composites of two groups.

    Parameters
    ----------
    own : Fitted
    options : IndexOptions
    scores : {"scale", "standardised", "index"}
    alpha : float
        Share of the permutations outside their range.
    permutations, seed : int
        No permutation where nobody can change places: then there is no p value.
    """
    model = own.pair.model
    with one_thread():
        estimate = statistics(own, own.first, own.second, scores)
        drawn = np.full((0, *estimate.shape), np.nan)
        if own.exchange.possible > 1:
            moved = moments_of_exchange(
                own.exchange, options.missing, permutations=permutations, seed=seed
            )
            fits = [fit_model(model, moments, options, like=own.both) for moments in moved]
            drawn = statistics(own, fits[0], fits[1], scores)
    single = model.blocks.sum(axis=0) == 1
    estimate[0, single], drawn[:, 0, single] = 1.0, np.nan
    lower, upper, p = (np.full(estimate.shape, np.nan) for _ in range(3))
    used = np.zeros(estimate.shape, dtype=np.int64)
    for k in range(len(STATISTICS)):
        draws = drawn[:, k]
        lower[k], upper[k] = reference_range(draws, alpha, lower_only=k == 0)
        # below one is what a correlation has to say: one-sided
        away, seen = (1.0 - draws, 1.0 - estimate[k]) if k == 0 else (draws, estimate[k])
        p[k], used[k] = permutation_p_values(away, seen)
    shares = np.stack([index_weights(fit) for fit in (own.first, own.second)])
    return Compared(
        lock(estimate), lock(lower), lock(upper), lock(p), used, _points(own, shares), lock(shares)
    )


def statistics(own: Fitted, first: Fit, second: Fit, scores: Scores) -> Array:
    """Return the three statistics of each construct, (*batch, 3, q).

    Parameters
    ----------
    own : Fitted
    first, second : Fit
        Of two groups, or of two batches of relabelled groups. NaN where one did not settle.
    scores : {"scale", "standardised", "index"}
    """
    model, both = own.pair.model, own.both
    usable = np.asarray(first.converged & second.converged)[..., None]
    cov = both.moments.cov
    weights = [_score_weights(own, fit, scores) for fit in (first, second)]
    c = score_correlation(cov, weights[0], weights[1], model.blocks)
    pooled = _in_points(both)
    a, b = first.moments, second.moments
    found = [
        np.where(usable, c, np.nan),
        mean_difference(a.mean, b.mean, pooled, model.blocks),
        log_variance_difference(a.cov, b.cov, *_sizes(a, b), pooled, model.blocks),
    ]
    return np.stack(found, axis=-2)


def _sizes(a: Moments, b: Moments) -> tuple[Array, Array]:
    return np.asarray(a.n, dtype=np.float64), np.asarray(b.n, dtype=np.float64)


def _score_weights(own: Fitted, fit: Fit, scores: Scores) -> Array:
    """Return what multiplies the pooled items, in points."""
    if scores == "index":
        return index_weights(fit)
    if fit.metric == "raw":
        return fit.weights
    if scores == "standardised":
        return np.asarray(fit.weights / np.sqrt(np.diagonal(own.both.moments.cov)))
    return np.asarray(fit.weights / (own.pair.high - own.pair.low))


def _in_points(both: Fit) -> Array:
    """Return weights of items in points that give the pooled scores variance one, divisor n - 1."""
    weights = both.weights
    if both.metric == "standardised":
        weights = weights / np.sqrt(np.diagonal(both.moments.cov))
    n = float(both.moments.n)
    return np.asarray(weights * np.sqrt((n - 1.0) / n))


def _points(own: Fitted, shares: Array) -> Array:
    """Return the most index points by which either index moves with the other group's weights."""
    pair = own.pair
    moves = []
    for fit in (own.first, own.second):
        levels = [
            index_score(fit.moments.mean, weights, pair.low, pair.high, pair.model.blocks)
            for weights in shares
        ]
        moves.append(np.abs(levels[0] - levels[1]))
    return lock(np.maximum(moves[0], moves[1]))
