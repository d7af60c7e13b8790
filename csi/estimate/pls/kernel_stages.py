"""The arithmetic of two stages: weights of parts first, then of wholes made of their scores.

A score of a part is a sum of its items, so that covariances of scores follow from those of the
items: both stages need nothing but moments, and run for any batch.

Letters: p items of the model (those used again counted again), p1 items of the first stage, q1 of
its constructs, m indicators of the second, b members of the batch, which is the last axis.

Source: [sarstedt2019how].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from csi.arrays import Array, IntArray
from csi.estimate.pls.kernel import Layout, Settled, composites, settle


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """Where things stand in both stages.

    Attributes
    ----------
    first, second : Layout
    items : (p1) places of the items of the first stage among those of the model
    indicators : (m) what measures the constructs of the second stage: items of the first stage
        below p1, p1 plus the number of a construct for its score
    of_first : (p) weight of each item in the first stage, p1 where it has none
    of_second : (p) weight of what the item belongs to in the second stage, m where it has none
    """

    first: Layout
    second: Layout
    items: IntArray
    indicators: IntArray
    of_first: IntArray
    of_second: IntArray


def settle_stages(
    S: Array,
    stages: Stages,
    start: Array,
    *,
    scheme: Literal["path", "centroid", "factorial"],
    tolerance: float,
    max_steps: int,
) -> Settled:
    """Return the weights of all items after two stages.

    Parameters
    ----------
    S : (p, p, b) covariances of the items, those used again copied
    stages : Stages
    start : (p, b) first weights
    scheme, tolerance, max_steps
        As in `csi.estimate.pls.kernel.settle`, for each stage.

    Returns
    -------
    Settled
        Weights (p, b): an item used again has the weight of its part's score in the whole times
        its weight in the part. Steps of both stages add up; a member has settled where both have.
    """
    at = stages.items
    first = S[np.ix_(at, at)]
    begun = settle(
        first, stages.first, start[at], scheme=scheme, tolerance=tolerance, max_steps=max_steps
    )
    w, V, C = oriented(*composites(first, begun.weights, stages.first), first, stages.first)
    second = _covariances(first, V, C, stages.indicators)
    own = _second_start(stages, start)
    ended = settle(
        second, stages.second, own, scheme=scheme, tolerance=tolerance, max_steps=max_steps
    )
    one = np.ones((1, S.shape[-1]))
    weights = np.concatenate([w, one])[stages.of_first]
    scaled = composites(second, ended.weights, stages.second)[0]
    weights *= np.concatenate([scaled, one])[stages.of_second]
    return Settled(
        weights,
        begun.converged & ended.converged,
        begun.steps + ended.steps,
        np.maximum(begun.change, ended.change),
    )


def oriented(w: Array, V: Array, C: Array, S: Array, layout: Layout) -> tuple[Array, Array, Array]:
    """Turn composites so that the item of a block that goes most with its own goes with it upwards.

    Parameters
    ----------
    w, V, C : (p1, b), (p1, q1, b), (q1, q1, b)
        From `csi.estimate.pls.kernel.composites`.
    S : (p1, p1, b)
    layout : Layout

    Returns
    -------
    w, V, C with the signs turned
    """
    sd = np.sqrt(np.einsum("iib->ib", S))
    w, V, C = w.copy(), V.copy(), C.copy()
    for j, block in enumerate(layout.blocks):
        loadings = V[block, j] / sd[block]
        best = np.argmax(np.abs(loadings), axis=0)
        sign = np.where(np.take_along_axis(loadings, best[None], axis=0)[0] < 0, -1.0, 1.0)
        w[block] *= sign
        V[:, j] *= sign
        C[j] *= sign
        C[:, j] *= sign
    return w, V, C


def _covariances(S: Array, V: Array, C: Array, indicators: IntArray) -> Array:
    """Return the covariances (m, m, b) of items and scores that measure the second stage."""
    p, m = len(S), len(indicators)
    items, scores = np.flatnonzero(indicators < p), np.flatnonzero(indicators >= p)
    i, j = indicators[items], indicators[scores] - p
    out = np.empty((m, m, S.shape[-1]))
    out[np.ix_(items, items)] = S[np.ix_(i, i)]
    out[np.ix_(items, scores)] = V[np.ix_(i, j)]
    out[np.ix_(scores, items)] = np.swapaxes(V[np.ix_(i, j)], 0, 1)
    out[np.ix_(scores, scores)] = C[np.ix_(j, j)]
    return out


def _second_start(stages: Stages, start: Array) -> Array:
    """Return first weights of the second stage, (m, b), from those of all items.

    That of a part's score is how often the items of the whole hold those of the part.
    """
    p1, m = len(stages.items), len(stages.indicators)
    out = np.ones((m, start.shape[-1]))
    for k in range(m):
        own = np.flatnonzero(stages.of_second == k)
        if not len(own):
            continue
        if (stages.of_first[own] == p1).all():
            out[k] = start[own[0]]
            continue
        base = start[stages.items[stages.of_first[own]]]
        out[k] = np.sum(start[own] * base, axis=0) / np.sum(base**2, axis=0)
    return out
