"""Index levels of all groups and of their draws, under own, pooled, frozen or equal weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray
from csi.estimate.fit import Fit
from csi.index.cells import CellFit
from csi.index.formula import equal_weights, index_score, index_sd, index_weights
from csi.index.linear import Part
from csi.index.options import IndexOptions
from csi.index.pool import WeightSet

Label = tuple[str, str]
"""Period and group."""

UNSTEADY = 0.1
"""With a larger share of draws without an index there is no margin of error."""

Scale = Mapping[str, tuple[float, float]]
"""Ends of the answer scale of each item."""


@dataclass(frozen=True, slots=True)
class Level:
    """One construct's index in one group.

    Attributes
    ----------
    score, sd : float
        Index and standard deviation of respondents' scores; NaN where refused.
    draws : (d) or None
        The index in every draw, NaN where the draw could not be used.
    weights : str
        Where the weights come from.
    items : tuple of str
        The items behind the figure.
    refused : str
        Why there is no figure, or nothing.
    unsteady : int
        Draws without an index because negative weights outweigh in them.
    parts : tuple of Part
        Contributions of the sampled units to the level; none without moments.
    ratio : (d) or None
        Standard error in every draw over that of the sample, for studentised intervals.
    """

    score: float
    sd: float
    draws: Array | None
    weights: str
    items: tuple[str, ...]
    refused: str = ""
    unsteady: int = 0
    parts: tuple[Part, ...] = ()
    ratio: Array | None = None


def weight_set(
    label: Label,
    cell: CellFit,
    cells: Mapping[Label, CellFit],
    pooled: Mapping[tuple[str, ...], WeightSet],
    scale: Scale,
    options: IndexOptions,
) -> WeightSet | str:
    """Return the weights that give a group its index, or why there are none."""
    kind = options.weights.partition(":")[0]
    if kind == "equal":
        low, high = (np.array([scale[item][end] for item in cell.model.items]) for end in (0, 1))
        equal = equal_weights(low, high, cell.model.blocks)
        return WeightSet(cell.model.items, equal, None, "equal")
    if kind == "pooled":
        return pooled.get(cell.model.items, "no group could be fitted to pool its weights")
    source = (options.base, label[1]) if kind == "frozen" else label
    origin = cells.get(source)
    if origin is None:
        return f"no respondents in {options.base} to take weights from"
    if origin.problem:
        return (
            origin.problem if kind == "own" else f"no weights from {options.base}: {origin.problem}"
        )
    words = "own" if kind == "own" else f"frozen:{options.base}"
    drawn = None if origin.weight_draws is None else origin.weight_draws.copy()
    if drawn is not None and origin.usable is not None:
        drawn[~origin.usable] = np.nan
    scores = None if origin.weight_scores is None else (origin.units, origin.weight_scores)
    return WeightSet(origin.model.items, index_weights(origin.fit), drawn, words, scores)


def levels(cell: CellFit, weights: WeightSet | str, scale: Scale) -> dict[str, Level]:
    """Return the level of each construct of a group."""
    found = {}
    for j, construct in enumerate(cell.model.constructs):
        if isinstance(weights, str):
            found[construct.name] = _refuse(construct.items, weights, "")
            continue
        wanted = [i for i, item in enumerate(cell.model.items) if cell.model.blocks[i, j]]
        missing = [item for item in construct.items if item not in weights.items]
        if missing:
            why = f"{weights.words} has no weight for {', '.join(missing)}"
            found[construct.name] = _refuse(construct.items, why, weights.words)
            continue
        at = [weights.items.index(item) for item in construct.items]
        found[construct.name] = _level(cell, construct.items, j, wanted, at, weights, scale)
    return found


def _refuse(items: tuple[str, ...], why: str, words: str) -> Level:
    return Level(np.nan, np.nan, None, words, items, why)


def _level(
    cell: CellFit,
    items: tuple[str, ...],
    j: int,
    wanted: list[int],
    at: list[int],
    weights: WeightSet,
    scale: Scale,
) -> Level:
    """Return one construct's level, or its refusal where a weight is negative."""
    own = weights.sample[at]
    own = own / own.sum()
    negative = [item for item, weight in zip(items, own, strict=True) if weight < 0]
    if negative:
        return _refuse(items, negative_weight(negative), weights.words)
    moments = cell.fit.moments
    if cell.problem and not np.isfinite(moments.mean[wanted]).all():
        return _refuse(items, cell.problem, weights.words)
    low, high = (np.array([scale[item][end] for item in items]) for end in (0, 1))
    one = np.ones((len(items), 1), dtype=bool)
    score = index_score(moments.mean[wanted], own, low, high, one)[0]
    sd = index_sd(moments.cov[np.ix_(wanted, wanted)], own, low, high, one)[0]
    drawn, unsteady = None, 0
    if cell.mean_draws is not None and cell.usable is not None:
        moving = own if weights.draws is None else weights.draws[:, at]
        drawn = index_score(cell.mean_draws[:, wanted], moving, low, high, one)[:, 0]
        drawn = np.where(cell.usable, drawn, np.nan)
        if weights.draws is not None:
            wild = outweighed(moving) & cell.usable
            unsteady = int(wild.sum())
            drawn = np.where(wild, np.nan, drawn)
            if unsteady > UNSTEADY * len(drawn):
                drawn = None
    return Level(
        float(score),
        float(sd),
        drawn,
        weights.words,
        items,
        unsteady=unsteady,
        parts=_contributions(cell, wanted, at, own, float(score), low, high, weights),
        ratio=None if cell.sd_ratio is None else cell.sd_ratio[:, j],
    )


def _contributions(
    cell: CellFit,
    wanted: list[int],
    at: list[int],
    own: Array,
    score: float,
    low: Array,
    high: Array,
    weights: WeightSet,
) -> tuple[Part, ...]:
    """Return the contributions of the sampled units to a level.

    They are the derivative of the index formula by item means, and by the weights where the
    contributions to these are known; otherwise weights are held fixed.
    """
    if cell.mean_scores is None:
        return ()
    extent = float(own @ (high - low))
    z = 100.0 * cell.mean_scores[:, wanted] @ own / extent
    if weights.scores is None:
        return ((1.0, cell.units, np.asarray(z)),)
    mean = cell.fit.moments.mean[wanted]
    length = float(weights.sample[at] @ (high - low))  # of all items that have weights: no sum of 1
    slope = (100.0 * (mean - low) - score * (high - low)) / length
    units, moved = weights.scores
    return ((1.0, cell.units, np.asarray(z)), (1.0, units, np.asarray(moved[:, at] @ slope)))


def outweighed(weights: Array) -> BoolArray:
    """Flag draws, (d, k), in which negative weights weigh half as much as the whole or more.

    The weighted mean is no index any more: weights that nearly cancel send it anywhere.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = weights / weights.sum(axis=1, keepdims=True)
        return np.asarray(np.minimum(shares, 0.0).sum(axis=1) <= -0.5)


def negative_weight(items: Sequence[str]) -> str:
    """Say that an index with a negative weight is refused, and how to go on."""
    return (
        f"negative weight of {', '.join(items)}: no index; "
        "look at the item, or take equal, pooled or frozen weights"
    )


def refuse_negative(fit: Fit, weights: Array) -> list[tuple[str, tuple[str, ...]]]:
    """Return the constructs of a single fit that have negative index weights, with the items."""
    return [
        (construct.name, tuple(negative))
        for construct in fit.model.constructs
        if (
            negative := [
                item for item in construct.items if weights[fit.model.items.index(item)] < 0
            ]
        )
    ]
