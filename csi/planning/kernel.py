"""Formulas of survey planning on plain arrays; nothing is checked here.

Letters: n respondents, sd standard deviation of one respondent's index, deff design effect,
N population (inf for a large one), q quantile of the level, delta a change, r correlation of two
answers of the same person, c share of the smaller sample that is in both. All broadcast.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import nctdtr, nctdtrinc, ndtr, ndtri, stdtrit

from csi.arrays import Array, BoolArray

MOST = 1e15
"""A sample size beyond which none is looked for; floats count whole numbers up to there."""


def rounded_up(n: Array) -> Array:
    """Return whole numbers no smaller than `n`; noise of the last digits adds no respondent."""
    return np.asarray(np.ceil(n * (1.0 - 1e-12)))


def per_unit(N: Array) -> Array:
    """Return ``N / (N - 1)``, 1 for a large population."""
    return np.asarray(1.0 / (1.0 - 1.0 / N))


def variance(n: Array, sd: Array, deff: Array, N: Array) -> Array:
    """Return the variance of a mean, ``sd² deff (1/n - 1/N) N/(N-1)``."""
    return np.asarray(sd**2 * deff * (1.0 / n - 1.0 / N) * per_unit(N))


def needed(margin: Array, sd: Array, deff: Array, N: Array, q: Array) -> Array:
    """Return the sample size, not rounded, whose margin ``q sqrt(variance)`` is `margin`."""
    n0 = (q * sd / margin) ** 2 * deff
    return np.asarray(n0 / (1.0 + (n0 - 1.0) / N))


def quantile(level: Array, freedom: Array) -> Array:
    """Return the two-sided quantile of t, of the normal where the degrees of freedom are inf."""
    tail = (1.0 + level) / 2.0
    return np.where(np.isinf(freedom), ndtri(tail), stdtrit(np.maximum(freedom, 1.0), tail))


def variance_of_change(
    n1: Array, n2: Array, sd: Array, deff: Array, N: Array, c: Array, r: Array
) -> Array:
    """Return the variance of the difference of two means of samples that share respondents."""
    both = c * np.minimum(n1, n2) / (n1 * n2)
    shared = r * sd**2 * deff * (both - np.where(c > 0, 1.0 / N, 0.0)) * per_unit(N)
    apart = variance(n1, sd, deff, N) + variance(n2, sd, deff, N)
    return np.maximum(apart - 2.0 * shared, 0.0)


def shift_found(power: Array, level: Array, freedom: Array) -> Array:
    """Return the true change, in standard errors, that a test finds with this power."""
    q = quantile(level, freedom)
    finite = np.where(np.isinf(freedom), 1.0, freedom)
    exact = nctdtrinc(finite, 1.0 - power, q)
    return np.where(np.isinf(freedom), q + ndtri(power), exact)


def power_of(shift: Array, level: Array, freedom: Array) -> Array:
    """Return the chance that a test finds a true change of `shift` standard errors."""
    q = quantile(level, freedom)
    finite = np.where(np.isinf(freedom), 1.0, freedom)
    return np.where(np.isinf(freedom), ndtr(shift - q), 1.0 - nctdtr(finite, shift, q))


def smallest(enough: Callable[[Array], BoolArray], shape: tuple[int, ...], most: Array) -> Array:
    """Return the smallest whole number from 2 to `most` that is enough, by halving.

    `enough` is False below some number and True from there on; inf where `most` is not enough.
    """
    low = np.ones(shape)
    high = np.full(shape, 2.0)
    top = np.broadcast_to(np.minimum(most, MOST), shape)
    while np.any(grow := ~enough(high) & (high < top)):
        low = np.where(grow, high, low)
        high = np.where(grow, np.minimum(2.0 * high, top), high)
    never = ~enough(high)
    while np.any((high - low) > 1.0):
        middle = np.floor((low + high) / 2.0)
        passed = enough(np.maximum(middle, 2.0))
        inside = high - low > 1.0
        high = np.where(inside & passed, middle, high)
        low = np.where(inside & ~passed, middle, low)
    return np.where(never, np.inf, high)


def shared_out(total: float, size: Array, least: Array, most: Array) -> Array:
    """Return parts proportional to `size`, between `least` and `most`, that add up to `total`.

    Parts are ``min(max(f size, least), most)``; the sum is piecewise linear in the factor f, and f
    is read off between the places where a part leaves its bounds. The bounds must allow the total.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        turns = np.concatenate([least / size, most / size])
    turns = np.unique(np.concatenate([[0.0], turns[np.isfinite(turns)]]))
    turns = np.append(turns, turns[-1] + (total + 1.0) / size[size > 0].min())
    parts = np.clip(turns[:, None] * size, least, most)
    factor = np.interp(total, parts.sum(axis=1), turns)
    return np.asarray(np.clip(factor * size, least, most))


def whole_parts(parts: Array) -> Array:
    """Return whole numbers with the same (whole) sum: the largest remainders are rounded up."""
    below = np.floor(parts + 1e-9)
    short = int(np.rint(parts.sum() - below.sum()))
    first = np.argsort(-(parts - below), kind="stable")[:short]
    below[first] += 1.0
    return np.asarray(below)
