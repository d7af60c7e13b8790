"""Put the levels of all groups together, for whatever compares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from csi.arrays import Array, lock
from csi.index.cells import CellFit
from csi.index.fitting import Scale
from csi.index.formula import normalised
from csi.index.joint import Joint, Label, Linear, WeightPair
from csi.index.levels import Level, outweighed, weight_set
from csi.index.linear import added
from csi.index.options import IndexOptions
from csi.index.pool import WeightSet
from csi.model.model import Model
from csi.moments.replication import Replication


def joint_of(
    periods: tuple[str, ...],
    labels: Sequence[Label],
    model: Model,
    fitted: Mapping[Label, CellFit],
    found: Mapping[Label, Mapping[str, Level]],
    sets: Mapping[Label, WeightSet | str],
    pooled: Mapping[tuple[str, ...], WeightSet],
    scale: Scale,
    replication: Replication,
    options: IndexOptions,
) -> Joint:
    """Return the joint levels of all groups that have respondents and a model.

    Arrays are those of `fitted` wherever the group has all items of the model.
    """
    there = tuple(label for label in labels if label in fitted)
    low, high = (np.array([scale[item][end] for item in model.items]) for end in (0, 1))
    count = max((_replicates(fitted[label]) for label in there), default=0)
    columns = [_column(model, found[label], count) for label in there]
    weights = [_weights(model, fitted[label], sets[label]) for label in there]
    return Joint(
        periods=periods,
        groups=tuple(dict.fromkeys(label[1] for label in labels)),
        labels=there,
        constructs=model.names,
        items=model.items,
        blocks=model.blocks,
        low=low,
        high=high,
        index=_stack([column[0] for column in columns], len(model.names)),
        draws=lock(
            np.stack([column[1] for column in columns])
            if columns
            else np.zeros((0, len(model.names), count))
        ),
        means=_stack([_means(model, fitted[label]) for label in there], len(model.items)),
        weights=_stack([own for own, _ in weights], len(model.items)),
        mean_draws=tuple(_mean_draws(model, fitted[label]) for label in there),
        weight_draws=tuple(drawn for _, drawn in weights),
        base=_stack([_of_constructs(model, fitted[k], "base") for k in there], len(model.names)),
        total_weight=_stack(
            [_of_constructs(model, fitted[k], "total_weight") for k in there], len(model.names)
        ),
        spread=_stack([column[2] for column in columns], len(model.names)),
        paths=tuple((path.source, path.target) for path in model.paths),
        slopes=_stack([_slopes(model, fitted[k])[0] for k in there], len(model.paths)),
        slope_draws=tuple(_slopes(model, fitted[k])[1] for k in there),
        linear=tuple(_linear(model, fitted[k], found[k]) for k in there),
        replication=replication,
        level=options.level,
        min_n=options.min_n,
        kind=options.weights,
        own=()
        if options.weights == "own"
        else tuple(_pair(model, fitted[k], _own(k, fitted, scale, options)) for k in there),
        pooled=()
        if not pooled
        else tuple(_pair(model, fitted[k], pooled.get(fitted[k].model.items)) for k in there),
        pooled_from=tuple(
            found_set.words if (found_set := pooled.get(fitted[k].model.items)) else ""
            for k in there
        ),
    )


def _own(
    label: Label, fitted: Mapping[Label, CellFit], scale: Scale, options: IndexOptions
) -> WeightSet | str:
    """Return the weights of a group's own fit."""
    own = replace(options, weights="own")
    return weight_set(label, fitted[label], fitted, {}, scale, own)


def _pair(model: Model, cell: CellFit, used: WeightSet | str | None) -> WeightPair | None:
    """Return weights with their replicates, None where there are none."""
    if used is None:
        return None
    weights, drawn = _weights(model, cell, used)
    return None if drawn is None else (weights, drawn)


def _stack(rows: Sequence[Array], width: int) -> Array:
    return lock(np.array(rows).reshape(len(rows), width))


def _replicates(cell: CellFit) -> int:
    return 0 if cell.mean_draws is None else len(cell.mean_draws)


def _column(model: Model, levels: Mapping[str, Level], count: int) -> tuple[Array, Array, Array]:
    """Return index (q), its replicates (q, R) and standard deviations (q) of one group."""
    q = len(model.names)
    index, drawn, spread = np.full(q, np.nan), np.full((q, count), np.nan), np.full(q, np.nan)
    for j, name in enumerate(model.names):
        level = levels.get(name)
        if level is None or level.refused:
            continue
        index[j], spread[j] = level.score, level.sd
        if level.draws is not None:
            drawn[j] = level.draws
    return index, drawn, spread


def _places(model: Model, cell: CellFit) -> list[int]:
    """Return the places of the items of a group's model among those of the whole model."""
    return [model.items.index(item) for item in cell.model.items]


def _means(model: Model, cell: CellFit) -> Array:
    full = np.full(len(model.items), np.nan)
    full[_places(model, cell)] = cell.fit.moments.mean
    return full


def _mean_draws(model: Model, cell: CellFit) -> Array | None:
    """Return item means in every replicate, (p, R)."""
    if cell.mean_draws is None:
        return None
    return _spread_out(cell.mean_draws.T, _places(model, cell), len(model.items))


def _spread_out(values: Array, places: list[int], width: int) -> Array:
    """Return rows of `values` at their places among `width`; NaN elsewhere."""
    if places == list(range(width)):
        return values
    full = np.full((width, *values.shape[1:]), np.nan)
    full[places] = values
    return full


def _weights(model: Model, cell: CellFit, used: WeightSet | str) -> tuple[Array, Array | None]:
    """Return the index weights of a group, (p), and in every replicate, (p, R)."""
    p = len(model.items)
    if isinstance(used, str):
        return np.full(p, np.nan), None
    full = np.full(p, np.nan)
    own = [item for item in cell.model.items if item in used.items]
    at = [used.items.index(item) for item in own]
    places = [model.items.index(item) for item in own]
    blocks = model.blocks[places]
    full[places] = normalised(used.sample[at], blocks)
    count = _replicates(cell)
    if not count:
        return full, None
    if used.draws is None:
        return full, np.broadcast_to(full[:, None], (p, count))
    drawn = normalised(used.draws[:, at], blocks)
    for j in range(blocks.shape[1]):
        one = np.flatnonzero(blocks[:, j])
        wild = outweighed(drawn[:, one]) if len(one) else np.zeros(len(drawn), dtype=bool)
        if wild.any():
            drawn[np.ix_(wild, one)] = np.nan
    return full, _spread_out(drawn.T, places, p)


def _of_constructs(model: Model, cell: CellFit, name: str) -> Array:
    """Return a figure of each construct, (q); 0 where the construct is not in the group's model."""
    full = np.zeros(len(model.names))
    full[[model.names.index(own) for own in cell.model.names]] = getattr(cell, name)
    return full


def _slopes(model: Model, cell: CellFit) -> tuple[Array, Array | None]:
    """Return the slopes of all paths of the model, (E), and in every replicate, (E, R)."""
    full = np.full(len(model.paths), np.nan)
    if cell.slopes is None:
        return full, None
    order = [(path.source, path.target) for path in model.paths]
    places = [order.index((path.source, path.target)) for path in cell.model.paths]
    full[places] = cell.slopes
    if cell.slope_draws is None:
        return full, None
    return full, _spread_out(cell.slope_draws.T, places, len(order))


def _linear(model: Model, cell: CellFit, levels: Mapping[str, Level]) -> Linear:
    """Return the levels of a group as sums over its own sampled units.

    Contributions of other groups' units (through weights frozen elsewhere) are left out.
    """
    scores = np.full((len(cell.units.numbers), len(model.names)), np.nan)
    for j, name in enumerate(model.names):
        level = levels.get(name)
        if level is not None and level.parts and not level.refused:
            scores[:, j] = added(level.parts, cell.units)
    return Linear(cell.units, scores)
