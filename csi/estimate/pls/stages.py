"""Constructs of constructs in two stages: first the parts, then the wholes made of their scores.

A score of a part is a sum of its items, so that covariances of scores follow from those of the
items: both stages need nothing but moments, and run for any batch.

- ``two-stage`` (disjoint): the first stage leaves the wholes out and joins their parts to what
  they are joined to; the second measures each whole by the scores of its parts, every other
  construct by its own items.
- ``embedded``: the first stage has repeated indicators; in the second every other construct is
  measured by its score.

Letters: p items of the model (those used again counted again), p1 items of the first stage, q1 of
its constructs, m indicators of the second, b members of the batch, which is the last axis.

Source: [sarstedt2019how].
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from csi.arrays import Array, IntArray, readonly_bool, readonly_int
from csi.errors import EstimationError, Fault
from csi.estimate.pls.kernel import Layout, Settled, composites, settle
from csi.estimate.pls.options import PLSOptions
from csi.model.model import Construct, Model
from csi.repeats import answered_name, repeated_name

Pair = tuple[str, str]


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


def layout_of(
    constructs: Sequence[Construct], sizes: Sequence[int], pairs: Iterable[Pair]
) -> Layout:
    """Return the places of blocks and arrows.

    Parameters
    ----------
    constructs : sequence of Construct, length q
    sizes : sequence of int, length q
        Number of items or scores that measure each.
    pairs : iterable of (str, str)
        Source and target of the arrows.
    """
    names = [construct.name for construct in constructs]
    arrows = np.zeros((len(names), len(names)), dtype=bool)
    for source, target in pairs:
        arrows[names.index(source), names.index(target)] = True
    ends = np.cumsum(sizes)
    return Layout(
        blocks=tuple(
            slice(int(end) - size, int(end)) for end, size in zip(ends, sizes, strict=True)
        ),
        regressed=tuple(construct.mode == "B" for construct in constructs),
        sources=tuple(tuple(np.flatnonzero(column).tolist()) for column in arrows.T),
        linked=readonly_bool(arrows | arrows.T),
    )


def stages_of(model: Model, *, embedded: bool) -> Stages:
    """Return both stages of a model with constructs of constructs.

    Raises
    ------
    EstimationError
        Wholes that nothing is joined to, which leaves their parts without a neighbour in a stage.
    """
    own = [c for c in model.constructs if embedded or not c.parts]
    part_of = {part: whole.name for whole in model.wholes for part in whole.parts}
    structure = [(p.source, p.target) for p in model.paths
                 if (p.source, p.target) not in model.part_paths]  # fmt: skip
    parts = {whole.name: whole.parts for whole in model.wholes}
    spread = [
        (s, t)
        for source, target in structure
        for s in parts.get(source, (source,))
        for t in parts.get(target, (target,))
        if s != t
    ]
    drawn = [(path.source, path.target) for path in model.paths]
    gathered = [(part_of.get(s, s), part_of.get(t, t)) for s, t in structure]
    gathered = [(s, t) for s, t in gathered if s != t]
    _refuse_alone(model, spread, gathered)
    places = {item: number for number, item in enumerate(model.items)}
    names = [item for construct in own for item in construct.items]
    measures, of_second = _second(model, own, names, embedded=embedded)
    sizes = [len(listed) for listed in measures.values()]
    rest = [model.construct(name) for name in measures]
    at_first = {item: number for number, item in enumerate(names)}
    used = {c.name for c in model.constructs if c.name in part_of or (embedded and not c.parts)}
    of_first = [
        at_first[answered_name(item)] if construct.parts or construct.name in used else len(names)
        for construct in model.constructs
        for item in construct.items
    ]
    return Stages(
        first=layout_of(own, [len(c.items) for c in own], drawn if embedded else spread),
        second=layout_of(rest, sizes, gathered),
        items=readonly_int([places[item] for item in names]),
        indicators=readonly_int([one for listed in measures.values() for one in listed]),
        of_first=readonly_int(of_first),
        of_second=readonly_int(of_second),
    )


def _second(
    model: Model, own: Sequence[Construct], names: Sequence[str], *, embedded: bool
) -> tuple[dict[str, list[int]], list[int]]:
    """Return what measures each construct of the second stage, and each item's weight there."""
    part_of = {part for whole in model.wholes for part in whole.parts}
    numbers = {construct.name: number for number, construct in enumerate(own)}
    at_first = {item: number for number, item in enumerate(names)}
    measures: dict[str, list[int]] = {}
    weight: dict[str, int] = {}
    m = 0
    for construct in model.constructs:
        if construct.name in part_of:
            continue
        if construct.parts:
            listed = [len(names) + numbers[part] for part in construct.parts]
            for k, part in enumerate(construct.parts):
                weight |= {
                    repeated_name(item, construct.name): m + k
                    for item in model.construct(part).items
                }
        elif embedded:
            listed = [len(names) + numbers[construct.name]]
        else:
            listed = [at_first[item] for item in construct.items]
            weight |= {item: m + k for k, item in enumerate(construct.items)}
        measures[construct.name] = listed
        m += len(listed)
    return measures, [weight.get(item, m) for item in model.items]


def _refuse_alone(model: Model, first: Sequence[Pair], second: Sequence[Pair]) -> None:
    """Raise for constructs that no arrow joins to another in one of the stages."""
    part_of = {part: whole.name for whole in model.wholes for part in whole.parts}
    ends = {name for pair in first for name in pair}, {name for pair in second for name in pair}
    alone = dict.fromkeys(
        part_of.get(c.name, c.name)
        for c in model.constructs
        if (not c.parts and c.name not in ends[0])
        or (c.name not in part_of and c.name not in ends[1])
    )
    if alone:
        raise EstimationError(
            [
                Fault(
                    f"construct {name}",
                    "nothing but its own parts is joined to it, so that two stages find no weights",
                    "draw a path to or from it, or take higher='repeated'",
                )
                for name in alone
            ]
        )


def settle_stages(S: Array, stages: Stages, start: Array, options: PLSOptions) -> Settled:
    """Return the weights of all items after two stages.

    Parameters
    ----------
    S : (p, p, b) covariances of the items, those used again copied
    stages : Stages
    start : (p, b) first weights
    options : PLSOptions

    Returns
    -------
    Settled
        Weights (p, b): an item used again has the weight of its part's score in the whole times
        its weight in the part. Steps of both stages add up; a member has settled where both have.
    """
    iterate = partial(
        settle, scheme=options.scheme, tolerance=options.tolerance, max_steps=options.max_steps
    )
    at = stages.items
    S1 = S[np.ix_(at, at)]
    begun = iterate(S1, stages.first, start[at])
    w1, V, C = oriented(*composites(S1, begun.weights, stages.first), S1, stages.first)
    S2 = _covariances(S1, V, C, stages.indicators)
    ended = iterate(S2, stages.second, _second_start(stages, start))
    one = np.ones((1, S.shape[-1]))
    w2 = composites(S2, ended.weights, stages.second)[0]
    weights = np.concatenate([w1, one])[stages.of_first]
    weights *= np.concatenate([w2, one])[stages.of_second]
    return Settled(
        weights,
        begun.converged & ended.converged,
        begun.steps + ended.steps,
        np.maximum(begun.change, ended.change),
    )


def oriented(w: Array, V: Array, C: Array, S: Array, layout: Layout) -> tuple[Array, Array, Array]:
    """Return weights, covariances with composites and of composites with the dominant item's sign.

    The item of a block that goes most with its composite goes with it upwards.
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


def part_weights(w: Array, model: Model, whole: Construct) -> Array:
    """Return the weights (k, b) of the scores of the parts in a whole, from item weights (p, b).

    Exact after two stages; with repeated indicators the nearest multiples.
    """
    rows = []
    for part in whole.parts:
        items = model.construct(part).items
        own = w[[model.items.index(item) for item in items]]
        again = w[[model.items.index(repeated_name(item, whole.name)) for item in items]]
        rows.append(np.sum(own * again, axis=0) / np.sum(own**2, axis=0))
    return np.array(rows)
