"""The hill climbing of PLS-POS: every move is judged by the fits it leads to.

Letters: n respondents, K segments, t sums, b moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, IntArray, lock, readonly_int
from csi.compare.segments.kernel_moves import (
    answer_products,
    moments_of_sums,
    segment_sums,
    structural_distances,
)
from csi.compare.segments.scored import equations_of
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.model import Model
from csi.moments.values import Moments

GAIN = 1e-6
"""A smaller change of the objective is what the iteration of PLS leaves open."""


@dataclass(frozen=True, slots=True)
class Climbed:
    """Where one start ended.

    Attributes
    ----------
    segment : (n) from 0
    objective : float
        NaN where the start could not be fitted.
    rounds, moves : int
    converged : bool
        No move of a single respondent raises the objective.
    """

    segment: IntArray
    objective: float
    rounds: int
    moves: int
    converged: bool


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What a search climbs on.

    Attributes
    ----------
    model : Model
    pls : PLSOptions
    products : (n, t) contributions of the respondents to the sums
    weights : (n)
    scores : (n, q) scores of all together, for the distances
    counted : list of int
        Constructs whose R2 counts.
    weighted : bool
        R2 of a segment counts by its share.
    least : int
        Least respondents of a segment.
    """

    model: Model
    pls: PLSOptions
    products: Array
    weights: Array
    scores: Array
    counted: list[int]
    weighted: bool
    least: int

    def fits(self, sums: Array, n: IntArray, like: Fit | None = None) -> Fit:
        """Return the fits of segments with these sums (b, t) and sizes (b)."""
        p = len(self.model.items)
        mean, cov = moments_of_sums(sums, p)
        counts = readonly_int(n)
        moments = Moments(
            items=self.model.items, mean=lock(mean), cov=lock(cov), n=counts,
            sum_weights=lock(sums[:, 0].copy()), n_effective=lock(sums[:, 0].copy()),
            answers=readonly_int(np.repeat(counts[:, None], p, axis=1)), missing="complete",
        )  # fmt: skip
        return fit_pls(self.model, moments, self.pls, like=like)

    def height(self, fit: Fit) -> Array:
        """Return the sum of R2 that counts, (*batch); NaN where a fit has not settled."""
        total = fit.r2[..., self.counted].sum(axis=-1)
        return np.where(fit.converged, total, np.nan)

    def objective(self, height: Array, mass: Array) -> Array:
        """Return the objective (*batch) of segments with these heights and weights (*batch, K)."""
        factor = mass / mass.sum(axis=-1, keepdims=True) if self.weighted else 1.0
        return np.asarray((height * factor).sum(axis=-1))


def ground_of(
    model: Model, pls: PLSOptions, rows: Array, weights: Array, scores: Array,
    target: str, weighted: bool, least: int,
) -> Ground:  # fmt: skip
    """Return the ground of a search among complete answers (n, p)."""
    centred = rows - weights @ rows / weights.sum()
    counted = [model.names.index(target)] if target else (
        [column - 1 for column in equations_of(model, intercepts=False).targets]
    )  # fmt: skip
    return Ground(model, pls, answer_products(centred), weights, scores, counted, weighted, least)


def sizes_of(segment: IntArray, many: int) -> IntArray:
    """Return the number of respondents of every segment, (K)."""
    return np.bincount(segment, minlength=many).astype(np.int64)


class _Position:
    """A partition with the sums, sizes and fits of its segments."""

    def __init__(self, ground: Ground, segment: IntArray, many: int) -> None:
        self.segment = segment
        self.sums = segment_sums(ground.products, ground.weights, segment, many)
        self.n = sizes_of(segment, many)
        self.fits = ground.fits(self.sums, self.n)
        self.single = [ground.fits(self.sums[k : k + 1], self.n[k : k + 1]) for k in range(many)]
        self.height = ground.height(self.fits)
        self.value = float(ground.objective(self.height, self.sums[:, 0]))


def climb(ground: Ground, start: IntArray, many: int, *, depth: int, max_rounds: int) -> Climbed:
    """Move respondents between segments as long as the objective rises.

    Parameters
    ----------
    ground : Ground
    start : (n) first segments, from 0
    K : int
    depth : int
        Moves judged at once.
    max_rounds : int

    Notes
    -----
    Moves stand in the order of the distances (`structural_distances`). The first `depth` of them
    are judged: sums after a move differ by one respondent, so that the fits of both segments of
    all moves are two batches. Moves that raise the objective are made together, the best
    first, as many of them (1, 2, 4 ...) as raise it most. Where none does the next `depth` are
    judged; the search has converged when no move of a single respondent raises the objective. The
    published search [becker2013discovering] makes the first move that does.
    """
    here = _Position(ground, start, many)
    rounds = moves = 0
    while np.isfinite(here.value) and rounds < max_rounds:
        rounds += 1
        after = _better(ground, here, many, depth)
        if after is None:
            return Climbed(here.segment, here.value, rounds, moves, True)
        moves += int(np.sum(after.segment != here.segment))
        here = after
    return Climbed(here.segment, here.value, rounds, moves, False)


def _better(ground: Ground, here: _Position, many: int, depth: int) -> _Position | None:
    """Return a partition with a higher objective, or nothing where no single move leads to one."""
    who, to = _ranked(ground, here, many)
    for first in range(0, len(who), depth):
        part = slice(first, first + depth)
        gain = gains(ground, here, who[part], to[part])
        order = np.argsort(-np.where(np.isfinite(gain), gain, -np.inf), kind="stable")
        order = order[: int(np.sum(gain > GAIN))]
        if len(order):
            _, unique = np.unique(who[part][order], return_index=True)
            order = order[np.sort(unique)]  # a respondent makes his best move only
            return _together(ground, here, who[part][order], to[part][order], many)
    return None


def _ranked(ground: Ground, here: _Position, many: int) -> tuple[IntArray, IntArray]:
    """Return all possible moves, who and where to, in the order of the distances."""
    distance = structural_distances(ground.scores, here.fits.paths, ground.counted)
    own = np.take_along_axis(distance, here.segment[:, None], axis=1)
    nearer = own - distance
    nearer[np.arange(len(nearer)), here.segment] = np.nan
    nearer[here.n[here.segment] <= ground.least] = np.nan
    flat = nearer.reshape(-1)
    order = np.argsort(-flat, kind="stable")[: int(np.sum(~np.isnan(flat)))]
    return order // many, order % many


def gains(ground: Ground, here: _Position, who: IntArray, to: IntArray) -> Array:
    """Return by how much each single move raises the objective, (b)."""
    many = len(here.n)
    height = np.repeat(here.height[None], len(who), axis=0)
    mass = np.repeat(here.sums[None, :, 0], len(who), axis=0)
    change = ground.products[who] * ground.weights[who, None]
    for k in range(many):
        for moved, sign in ((here.segment[who] == k, -1), (to == k, 1)):
            if not moved.any():
                continue
            sums = here.sums[k] + sign * change[moved]
            n = np.full(int(moved.sum()), here.n[k] + sign, dtype=np.int64)
            height[moved, k] = ground.height(ground.fits(sums, n, here_like(here, k)))
            mass[moved, k] = sums[:, 0]
    return ground.objective(height, mass) - here.value


def here_like(here: _Position, k: int) -> Fit | None:
    """Return the fit of a segment to start from, where there is one."""
    fit = here.single[k]
    return fit if bool(fit.converged.all()) else None


def _together(ground: Ground, here: _Position, who: IntArray, to: IntArray, many: int) -> _Position:
    """Make the first 1, 2, 4 ... of the moves, as many as raise the objective most."""
    counts = sorted({*(2**e for e in range(len(who).bit_length())), len(who)})
    tried = []
    for count in counts:
        segment = here.segment.copy()
        segment[who[:count]] = to[:count]
        if count == 1 or sizes_of(segment, many).min() >= ground.least:
            tried.append(segment)
    sums = np.stack([segment_sums(ground.products, ground.weights, own, many) for own in tried])
    n = np.stack([sizes_of(own, many) for own in tried])
    height = np.stack(
        [ground.height(ground.fits(sums[:, k], n[:, k], here_like(here, k))) for k in range(many)],
        axis=1,
    )
    value = ground.objective(height, sums[..., 0])
    best = int(np.argmax(np.where(np.isfinite(value), value, -np.inf)))
    return _Position(ground, tried[best], many)
