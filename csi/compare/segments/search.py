"""The best of many starts of a mixture, and what it says of its segments."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from csi.arrays import Array, lock
from csi.compare.segments.kernel_em import Mixture, mixture
from csi.compare.segments.kernel_mixture import Equations, cross_products
from csi.compare.segments.kernel_starts import random_starts
from csi.compare.segments.options import FimixOptions
from csi.compare.segments.values import Solution

TIE = 1e-3
"""Starts whose log-likelihoods differ by less have reached the same optimum."""


SHAKE = 0.1
"""Standard deviation of what the logarithms of memberships are moved by."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best of all starts with K segments, and how the others ended.

    Attributes
    ----------
    best : Mixture
        A single member (no batch).
    reached : int
        Starts that ended at the best.
    floored, empty, unsettled : int
        Starts that ended with a variance at the floor, with an empty segment, or not at all.
    """

    best: Mixture
    reached: int
    floored: int
    empty: int
    unsettled: int


def search(
    products: Array, weights: Array, equations: Equations, many: int, options: FimixOptions
) -> Found:
    """Return the best of many starts with K segments.

    Parameters
    ----------
    products : (n, t) from `pair_products`
    weights : (n), adding up to the sample size that counts
    equations : Equations
    K : int
    options : FimixOptions

    Notes
    -----
    EM rests on saddles as on tops. Every start that has ended is shaken and climbs once more, and
    the higher of its two ends counts.

    Where other starts end inside, those with a variance at the floor are spurious maxima: a
    segment that goes through a few respondents exactly. They are counted, not taken.
    """
    n = len(products)
    single = mixture(
        products, weights, equations, np.ones((1, n)),
        floor=np.zeros(len(equations.targets)), tolerance=options.tolerance, max_steps=10,
    )  # fmt: skip
    if many == 1:
        return Found(single, 1, 0, 0, 0)
    variance = single.variance[0]
    rng = np.random.default_rng([options.seed, many])
    start = random_starts(rng, products, weights, equations, variance, many, options.starts)

    def climbed(start: Array) -> Mixture:
        return mixture(
            products, weights, equations, start,
            floor=options.floor * variance, tolerance=options.tolerance,
            max_steps=options.max_steps,
        )  # fmt: skip

    ended = climbed(start)
    ended = higher(ended, climbed(shaken(rng, ended.posterior)))
    sound = np.isfinite(ended.loglik)
    inside = sound & ~ended.floored
    candidates = inside if inside.any() else sound
    loglik = np.where(candidates, ended.loglik, -np.inf)
    first = int(np.argmax(loglik))
    return Found(
        best=member(ended, first),
        reached=int(np.sum(candidates & (loglik > loglik[first] - TIE))),
        floored=int(np.sum(sound & ended.floored)),
        empty=int(np.sum(~sound)),
        unsettled=int(np.sum(sound & ~ended.converged)),
    )


def shaken(rng: np.random.Generator, posterior: Array) -> Array:
    """Return memberships moved a little at random: off a saddle, not off a top."""
    moved = posterior * np.exp(SHAKE * rng.normal(size=posterior.shape))
    return np.asarray(moved / moved.sum(axis=-2, keepdims=True))


def higher(one: Mixture, other: Mixture) -> Mixture:
    """Return, start by start, the mixture with the higher log-likelihood.

    `one` stays where both are equal, and where the other is higher only by a variance at the floor.
    """
    gained = other.loglik > one.loglik + TIE
    gained |= other.converged & ~one.converged & (other.loglik >= one.loglik)
    gained &= one.floored | ~other.floored
    parts = {part.name: np.array(getattr(one, part.name)) for part in fields(one)}
    for name, values in parts.items():
        values[gained] = getattr(other, name)[gained]
    return Mixture(**parts)


def member(ended: Mixture, number: int) -> Mixture:
    """Return one start, its segments ordered by share, the largest first."""
    order = np.argsort(-ended.share[number], kind="stable")
    return Mixture(
        posterior=ended.posterior[number, order],
        share=ended.share[number, order],
        contrast=ended.contrast[number, order],
        variance=ended.variance[number, order],
        loglik=ended.loglik[number],
        converged=ended.converged[number],
        steps=ended.steps[number],
        left=ended.left[number],
        floored=ended.floored[number],
    )


def solution_of(best: Mixture, products: Array, weights: Array, equations: Equations) -> Solution:
    """Return what a mixture says of its segments."""
    many, m = len(best.share), best.contrast.shape[-1]
    q = m - 1
    sums = (best.posterior * weights) @ products
    moments = cross_products(sums / sums[:, :1], m)
    mean = moments[:, 0, 1:]
    variance = np.einsum("kjj->kj", moments[:, 1:, 1:]) - mean**2
    paths, intercepts = np.zeros((many, q, q)), np.full((many, q), np.nan)
    residual, r2 = np.full((many, q), np.nan), np.full((many, q), np.nan)
    for j, (target, own) in enumerate(zip(equations.targets, equations.predictors, strict=True)):
        sources = [c for c in own if c]
        paths[:, [c - 1 for c in sources], target - 1] = -best.contrast[:, j, sources]
        intercepts[:, target - 1] = -best.contrast[:, j, 0]
        residual[:, target - 1] = best.variance[:, j]
        with np.errstate(divide="ignore", invalid="ignore"):
            r2[:, target - 1] = 1.0 - best.variance[:, j] / variance[:, target - 1]
    sd = np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        standardised = paths * sd[:, :, None] / sd[:, None, :]
    segment = np.argmax(best.posterior, axis=0).astype(np.int64)
    segment.setflags(write=False)
    return Solution(
        posterior=lock(best.posterior), segment=segment, share=lock(best.share),
        paths=lock(paths), intercepts=lock(intercepts), residual=lock(residual),
        standardised=lock(standardised), r2=lock(r2),
    )  # fmt: skip
