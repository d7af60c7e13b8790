"""Bootstrap samples of a covariance fit: sampled units drawn as the survey was, as moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.meat import Units
from csi.estimate.covariance.scoring import Target

MOST_CELLS = 2**22
"""Draws times units handled at once."""

MOST_DRAWS = 256
"""Draws fitted together."""


@dataclass(frozen=True, slots=True)
class Products:
    """Answers of one group as products, so that the moments of many draws are one product.

    Attributes
    ----------
    rows : (n, p) answers less their mean
    pairs : (n, p (p + 1) / 2) products of two answers
    center : (p) the mean that was taken off
    """

    rows: Array
    pairs: Array
    center: Array


def products_of(rows: Array) -> Products:
    """Return the products of the answers of a group.

    Parameters
    ----------
    rows : (n, p)
    """
    center = rows.mean(axis=0)
    away = rows - center
    i, j = np.tril_indices(rows.shape[1])
    return Products(away, away[:, i] * away[:, j], center)


def drawn_targets(
    products: tuple[Products, ...], units: Units, *, draws: int, seed: int, wishart: bool
) -> Iterator[Target]:
    """Yield the moments of bootstrap samples, some draws at a time.

    Parameters
    ----------
    products : tuple of Products
        One a group.
    units : Units
    draws : int
    seed : int
        The same seed gives the same draws.
    wishart : bool
        Divisor n - 1.

    Yields
    ------
    Target

    Notes
    -----
    Plain samples: n of n respondents with replacement in each group [bollen1992bootstrapping]. Else
    one unit fewer than the stratum has, each counting ``n_h / (n_h - 1)``, and ``sqrt(1 - f_h)`` of
    that spread in a finite population [rao1988resampling].
    """
    for times in drawn_units(units, draws=draws, seed=seed):
        moments = [
            _moments(own, times[:, of] * weights, wishart=wishart)
            for own, of, weights in zip(products, units.of, units.weights, strict=True)
        ]
        size = np.stack([total for *_, total in moments], axis=1)
        share = size / size.sum(axis=1, keepdims=True)
        yield Target(
            np.stack([cov for cov, *_ in moments], axis=1),
            np.stack([mean for _, mean, _ in moments], axis=1),
            share,
        )


def drawn_units(units: Units, *, draws: int, seed: int) -> Iterator[Array]:
    """Yield how often each unit counts in bootstrap samples, (b, u), some draws at a time.

    Parameters
    ----------
    units : Units
    draws : int
    seed : int
        The same seed gives the same draws, to whatever they are put.
    """
    tile = int(np.clip(MOST_CELLS // units.count, 1, MOST_DRAWS))
    streams = np.random.SeedSequence(seed).spawn(-(-draws // tile))
    for number, stream in enumerate(streams):
        count = min(tile, draws - number * tile)
        rng = np.random.default_rng(stream)
        times = _plain(units, count, rng) if units.plain else _within_strata(units, count, rng)
        yield times


def _plain(units: Units, draws: int, rng: np.random.Generator) -> Array:
    """Return how often each respondent is drawn, group by group, (draws, n)."""
    found = np.zeros((draws, units.count))
    for of in units.of:
        found[:, of] = _counts(len(of), len(of), draws, rng)
    return found


def _within_strata(units: Units, draws: int, rng: np.random.Generator) -> Array:
    """Return the multipliers of each unit, (draws, u)."""
    found = np.ones((draws, units.count))
    for stratum in np.unique(units.strata):
        own = np.flatnonzero(units.strata == stratum)
        size = len(own)
        if size < 2:
            continue
        spread = 1.0
        if units.fractions is not None:
            spread = float(np.sqrt(1.0 - units.fractions[own[0]]))
        drawn = _counts(size, size - 1, draws, rng) * (size / (size - 1.0))
        found[:, own] = 1.0 - spread + spread * drawn
    return found


def _counts(size: int, drawn: int, draws: int, rng: np.random.Generator) -> Array:
    """Return how often each of `size` is drawn, (draws, size)."""
    found = np.empty((draws, size))
    for k in range(draws):
        found[k] = np.bincount(rng.integers(0, size, drawn), minlength=size)
    return found


def _moments(own: Products, weights: Array, *, wishart: bool) -> tuple[Array, Array, Array]:
    """Return covariances (b, p, p), means (b, p) and sums of weights (b)."""
    total = weights.sum(axis=1)
    mean = weights @ own.rows / total[:, None]
    pairs = weights @ own.pairs / total[:, None]
    p = own.rows.shape[1]
    i, j = np.tril_indices(p)
    pairs -= mean[:, i] * mean[:, j]
    cov = np.empty((len(weights), p, p))
    cov[:, i, j] = pairs
    cov[:, j, i] = pairs
    if wishart:
        cov *= (total / (total - 1.0))[:, None, None]
    return cov, mean + own.center, total
