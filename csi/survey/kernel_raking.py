"""Raking: weights made to meet the margins of a population, one margin after the other.

Letters: B sets of weights (the sample, or its replicates), n respondents, c cells of respondents
that are alike in every margin, k values of a margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, IntArray, lock

_LEAST = 1e-100


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights after raking.

    Attributes
    ----------
    weights : (B, n) they sum to the total
    steps : int
        Rounds over all margins.
    errors : (B,) largest difference of a weighted share from its target, as a share; NaN where
        a value of a margin has no weight
    """

    weights: Array
    steps: int
    errors: Array


def raked(
    weights: Array,
    codes: Sequence[IntArray],
    targets: Sequence[Array],
    *,
    total: float,
    bounds: tuple[float, float] | None = None,
    steps: int = 1000,
    tolerance: float = 1e-8,
) -> Raked:
    """Rake weights to margins by iterative proportional fitting.

    Parameters
    ----------
    weights : (B, n) weights to start from, zero or above
    codes : for each margin (n,) the number of each respondent's value, 0..k-1
    targets : for each margin (k,) shares of the values, positive, adding up to one
    total : float
        Sum of the weights afterwards.
    bounds : (low, high) or None
        Smallest and largest weight wanted, as ratios to the mean of the positive weights; zeros
        stay zero.
    steps : int
        Most rounds.
    tolerance : float
        Largest difference of a share from its target that counts as met.

    Returns
    -------
    Raked
        Of the last round. Whether it converged is told by `errors`.

    Notes
    -----
    Source: [deming1940least]. One margin alone is post-stratification and takes one round. With
    bounds a weight is the base weight times a factor for each of its values, held inside the
    bounds; factors are adjusted by the sums of the weights so held. That is the raking with
    bounded weights of [deville1992calibration], the nearest to the base weights in the sense of
    relative entropy.

    Examples
    --------
    >>> codes = [np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])]
    >>> found = raked(np.ones((1, 4)), codes, [np.array([0.5, 0.5]), np.array([0.25, 0.75])],
    ...               total=4.0)
    >>> found.weights.tolist()
    [[0.5, 1.5, 0.5, 1.5]]
    """
    cells, rows = _cells(codes, split=bounds is not None)
    member = [np.eye(len(target))[code[rows]] for code, target in zip(codes, targets, strict=True)]
    sizes = np.bincount(cells, minlength=len(rows)).astype(np.float64)
    start = _totals(weights, cells, len(rows))
    with np.errstate(divide="ignore", invalid="ignore"):  # sets or values without any weight
        scale = total / weights.sum(axis=1, keepdims=True)
        start *= scale
        free, there = start.copy(), start > 0
        mean = total / (there @ sizes)[:, None]
        table = _held(free, there, mean, bounds)
        done, errors = 0, _errors(table, member, targets, total)
        while done < steps and (errors > tolerance).any():
            done += 1
            for one, target in zip(member, targets, strict=True):
                free *= (total * target / (table @ one)) @ one.T
                table = _held(free, there, mean, bounds)
            errors = _errors(table, member, targets, total)
        factor = np.where(there, table / start, 0.0)
        found = weights * scale * factor[:, cells]
    return Raked(lock(found), done, lock(errors))


def margin_sums(weights: Array, codes: IntArray, values: int) -> Array:
    """Return the sum of the weights of each value of a margin, (B, k)."""
    return np.asarray(weights @ np.eye(values)[codes])


def margin_shares(weights: Array, codes: IntArray, values: int) -> Array:
    """Return the weighted share of each value of a margin, (B, k)."""
    sums = margin_sums(weights, codes, values)
    return np.asarray(sums / sums.sum(axis=1, keepdims=True))


def kish_effect(weights: Array) -> float:
    r"""Return the design effect of unequal weights, :math:`n \sum w^2 / (\sum w)^2`.

    Parameters
    ----------
    weights : (n,) weights

    Notes
    -----
    Source: [kish1965survey].

    Examples
    --------
    >>> kish_effect(np.array([1.0, 1.0, 2.0]))
    1.125
    """
    return float(len(weights) * np.sum(weights**2) / np.sum(weights) ** 2)


def _cells(codes: Sequence[IntArray], *, split: bool) -> tuple[IntArray, IntArray]:
    """Return the cell of each respondent and one respondent of each cell."""
    if split:  # bounds hold for single respondents
        every = np.arange(len(codes[0]))
        return every, every
    _, rows, cells = np.unique(
        np.stack(codes, axis=1), axis=0, return_index=True, return_inverse=True
    )
    return cells.reshape(-1), rows


def _totals(weights: Array, cells: IntArray, count: int) -> Array:
    """Sum weights by cell, (B, c)."""
    if count == len(cells):
        out: Array = np.empty_like(weights)
        out[:, cells] = weights
        return out
    return np.stack([np.bincount(cells, row, minlength=count) for row in weights])


def _errors(table: Array, member: Sequence[Array], targets: Sequence[Array], total: float) -> Array:
    """(B,) largest difference of shares from targets, NaN where a value has no weight."""
    worst = np.zeros(len(table))
    for one, target in zip(member, targets, strict=True):
        sums = table @ one
        gap = np.abs(sums / total - target).max(axis=1)
        worst = np.maximum(worst, np.where((sums > 0).all(axis=1), gap, np.nan))
    return worst


def _held(free: Array, there: BoolArray, mean: Array, bounds: tuple[float, float] | None) -> Array:
    """Return weights held inside the bounds; the free ones stay within the range of numbers."""
    if bounds is None:
        return free
    np.clip(free, _LEAST * mean, mean / _LEAST, out=free)
    inside = np.clip(free, bounds[0] * mean, bounds[1] * mean)
    return np.asarray(np.where(there, inside, 0.0))
