"""Where constructs, items and arrows stand, in one iteration and in two stages.

- ``two-stage`` (disjoint): the first stage leaves the wholes out and joins their parts to what
  they are joined to; the second measures each whole by the scores of its parts, every other
  construct by its own items.
- ``embedded``: the first stage has repeated indicators; in the second every other construct is
  measured by its score.

Source: [sarstedt2019how].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from csi.arrays import Array, readonly_bool, readonly_int
from csi.errors import EstimationError, Fault
from csi.estimate.pls.kernel import Layout
from csi.estimate.pls.kernel_stages import Stages
from csi.model.model import Construct, Model
from csi.repeats import answered_name, repeated_name

Pair = tuple[str, str]


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
        Constructs that nothing is joined to in a stage, all at once.
    """
    whole_of = {part: whole.name for whole in model.wholes for part in whole.parts}
    first = [c for c in model.constructs if embedded or not c.parts]
    second = [c for c in model.constructs if c.name not in whole_of]
    drawn = [(path.source, path.target) for path in model.paths]
    spread, gathered = _moved(model, whole_of)
    pairs = drawn if embedded else spread
    faults = [*_alone(first, pairs, "first"), *_alone(second, gathered, "second")]
    if faults:
        raise EstimationError(faults)
    names = [item for construct in first for item in construct.items]
    measures = [_measures(construct, first, names, embedded=embedded) for construct in second]
    found = _weights_second(model, second, measures, embedded=embedded)
    own = {c.name for c in first if embedded and not c.parts} | set(whole_of)
    places = {item: number for number, item in enumerate(names)}
    return Stages(
        first=layout_of(first, [len(c.items) for c in first], pairs),
        second=layout_of(second, [len(listed) for listed in measures], gathered),
        items=readonly_int([model.items.index(item) for item in names]),
        indicators=readonly_int([one for listed in measures for one in listed]),
        of_first=readonly_int(
            [
                places[answered_name(item)] if c.parts or c.name in own else len(names)
                for c in model.constructs
                for item in c.items
            ]
        ),
        of_second=readonly_int(found),
    )


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


def _moved(model: Model, whole_of: Mapping[str, str]) -> tuple[list[Pair], list[Pair]]:
    """Return the arrows with those of wholes at their parts, and those of parts at their wholes."""
    structure = [
        (path.source, path.target)
        for path in model.paths
        if (path.source, path.target) not in model.part_paths
    ]
    parts = {whole.name: whole.parts for whole in model.wholes}
    spread = [
        (one, other)
        for source, target in structure
        for one in parts.get(source, (source,))
        for other in parts.get(target, (target,))
    ]
    gathered = [(whole_of.get(s, s), whole_of.get(t, t)) for s, t in structure]
    return spread, [(source, target) for source, target in gathered if source != target]


def _alone(constructs: Sequence[Construct], pairs: Iterable[Pair], stage: str) -> list[Fault]:
    """Return faults of constructs that no arrow joins to another in a stage."""
    joined = {name for pair in pairs for name in pair}
    return [
        Fault(
            f"construct {construct.name}",
            f"nothing is joined to it in the {stage} stage, which leaves it without weights",
            "draw a path to or from it or its whole, or take higher='repeated'",
        )
        for construct in constructs
        if construct.name not in joined
    ]


def _measures(
    construct: Construct, first: Sequence[Construct], names: Sequence[str], *, embedded: bool
) -> list[int]:
    """Return what measures a construct of the second stage, as in `Stages.indicators`."""
    if not (construct.parts or embedded):
        return [names.index(item) for item in construct.items]
    numbers = {own.name: number for number, own in enumerate(first)}
    return [len(names) + numbers[name] for name in construct.parts or (construct.name,)]


def _weights_second(
    model: Model, second: Sequence[Construct], measures: Sequence[list[int]], *, embedded: bool
) -> list[int]:
    """Return for each item of the model its weight in the second stage, m where it has none."""
    weight: dict[str, int] = {}
    m = 0
    for construct, listed in zip(second, measures, strict=True):
        for k, part in enumerate(construct.parts):
            again = [repeated_name(item, construct.name) for item in model.construct(part).items]
            weight |= dict.fromkeys(again, m + k)
        if not (construct.parts or embedded):
            weight |= {item: m + k for k, item in enumerate(construct.items)}
        m += len(listed)
    return [weight.get(item, m) for item in model.items]
