"""The same means under other weights: frozen, equal and chained levels without a new fit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from csi.arrays import Array
from csi.compare.measured import (
    asked,
    composition_of,
    find,
    level_of,
    means_of,
    period_fault,
    refuse,
)
from csi.compare.split import split_change
from csi.errors import Fault
from csi.index.formula import equal_weights, index_score
from csi.index.joint import Joint, WeightPair
from csi.index.levels import UNSTEADY, outweighed

OWN = "own"
"""The weights of each group's own fit."""


@dataclass(frozen=True, slots=True)
class Chained:
    """Chained levels of one construct.

    Attributes
    ----------
    values : (G, 1 + R) levels and their replicates; NaN where there are none
    notes : tuple of str, G
        Where the chain begins, jumps or ends.
    sources : tuple of tuple of int, G
        Numbers of the groups behind each level: all links of the chain so far.
    """

    values: Array
    notes: tuple[str, ...]
    sources: tuple[tuple[int, ...], ...]


def reweighted(joint: Joint, weights: str) -> Joint:
    """Return the levels under other weights, from the means and weights that are there.

    Parameters
    ----------
    joint : Joint
        Levels of any weights.
    weights : str
        ``own``: each group those of its own fit; ``frozen:PERIOD``: each group keeps its own
        of that period; ``equal``: all items of a construct count the same; ``pooled``: those of
        all groups together, where the figures were made with ``rebase=True``. Chained levels
        are no weighted means: see `chained`.

    Returns
    -------
    Joint
        Levels, weights and their replicates are new. ``spread`` and linear scores are NaN: they
        need the answers.

    Raises
    ------
    OptionError
        For other words.

    Notes
    -----
    As in yearly figures there is no level where a weight is negative or an item has none, and no
    replicates where negative weights outweigh in more than a tenth of them.
    """
    refuse(weights_faults(joint, weights, chain=False))
    if weights == joint.kind:
        return joint
    index = np.full_like(joint.index, np.nan)
    draws = np.full_like(joint.draws, np.nan)
    kept = np.full_like(joint.weights, np.nan)
    weight_draws = [np.full((len(joint.items), draws.shape[-1]), np.nan) for _ in joint.labels]
    for at in range(len(joint.labels)):
        for j in range(len(joint.constructs)):
            found = _weights(joint, at, j, weights)
            if found is None:
                continue
            base = weights.partition(":")[2]
            if joint.kind == OWN and joint.labels[at][0] == base:  # to the last digit
                index[at, j], draws[at, j] = joint.index[at, j], joint.draws[at, j]
            else:
                index[at, j], draws[at, j] = _level(joint, at, j, found)
            block = joint.blocks[:, j]
            kept[at, block], weight_draws[at][block] = found[0], found[1:].T
    return replace(
        joint,
        index=index,
        draws=draws,
        weights=kept,
        weight_draws=tuple(weight_draws),
        kind=weights,
        own=tuple(joint.own_weights(at) for at in range(len(joint.labels))),
        spread=np.full_like(joint.spread, np.nan),
        linear=tuple(replace(own, scores=np.full_like(own.scores, np.nan)) for own in joint.linear),
    )


def chained(joint: Joint, construct: str) -> Chained:
    r"""Return chained levels: the first own level, moved on by performance alone.

    Parameters
    ----------
    joint : Joint
        The chain is one of the weights that its levels have.
    construct : str

    Notes
    -----
    .. math:: C_t = C_{t-1} + \sum_i \tfrac12 (a_{i,t-1} + a_{i,t}) (y_{i,t} - y_{i,t-1})

    over the items asked in both periods: neither changes of weights nor of items move a chained
    level. It drifts away from the own level by the sum of those parts. Over a period without a
    figure the chain goes on from the last one, and says so.
    Sources: [bennet1920theory], [balk2008price].
    """
    j = joint.column(construct)
    values = np.full((len(joint.labels), 1 + joint.draws.shape[-1]), np.nan)
    notes = [""] * len(joint.labels)
    sources: list[tuple[int, ...]] = [()] * len(joint.labels)
    for group in joint.groups:
        last: int | None = None
        jumped: list[str] = []
        for period in joint.periods:
            found = find(joint, period, group, j)
            at = found.at
            if at is None or found.why:
                jumped += [found.why] if last is not None else []
                if at is not None:
                    notes[at] = found.why
                continue
            if last is None:
                values[at], notes[at], sources[at] = level_of(joint, at, j), "chain begins", (at,)
            elif not (asked(joint, last, j) & asked(joint, at, j)).any():
                notes[at] = f"chain ends: no item in common with {joint.labels[last][0]}"
                break
            else:
                split = split_change(composition_of(joint, last, j), composition_of(joint, at, j))
                values[at] = values[last] + split.performance.sum(axis=-1)
                sources[at] = (*sources[last], at)
                notes[at] = f"chained to {joint.labels[last][0]}: {jumped[0]}" if jumped else ""
            last, jumped = at, []
    return Chained(values, tuple(notes), tuple(sources))


def weights_faults(joint: Joint, weights: str, *, chain: bool = True) -> list[Fault]:
    """Return what is wrong with a word for weights."""
    kind, _, period = str(weights).partition(":")
    words = (OWN, "equal", "pooled", "chained") if chain else (OWN, "equal", "pooled")
    if weights == "pooled" and not (joint.pooled or joint.kind == "pooled"):
        fix = "make the figures with weights='pooled', or with rebase=True"
        return [Fault("option weights", "there are no pooled weights", fix)]
    if weights in words:
        return []
    if kind == "frozen" and period:
        return period_fault(joint, period, f"weights {weights!r}")
    fix = f"use one of {', '.join(words)}, frozen:PERIOD"
    return [Fault("option weights", f"{weights!r} is not possible", fix)]


def _weights(joint: Joint, at: int, j: int, weights: str) -> Array | None:
    """Return the weights of a construct's items in one group, (1 + R, k), adding up to one."""
    here = asked(joint, at, j)
    if not here.any():
        return None
    block = joint.blocks[:, j]
    made = np.full((1 + joint.draws.shape[-1], len(here)), np.nan)
    if weights == "equal":
        low, high = joint.low[block][here], joint.high[block][here]
        made[:, here] = equal_weights(low, high, np.ones((len(low), 1), dtype=bool))
        return made
    pair = _pair(joint, at, weights)
    if pair is None or not np.isfinite(pair[0][block][here]).all():
        return None
    rows = np.concatenate([pair[0][block][None], pair[1][block].T])[:, here]
    with np.errstate(divide="ignore", invalid="ignore"):
        made[:, here] = rows / rows.sum(axis=1, keepdims=True)
    if not (made[0, here] >= 0).all():
        return None
    return made


def _pair(joint: Joint, at: int, weights: str) -> WeightPair | None:
    """Return the weights of all items of a group, (p) and (p, R); None where there are none."""
    if weights == "pooled":
        return joint.pooled[at] if joint.pooled else None
    period = weights.partition(":")[2]
    source = joint.at(period, joint.labels[at][1]) if period else at
    return None if source is None else joint.own_weights(source)


def _level(joint: Joint, at: int, j: int, weights: Array) -> tuple[float, Array]:
    """Return a level and its replicates (R) under the weights of its items, (1 + R, k)."""
    here = asked(joint, at, j)
    block = joint.blocks[:, j]
    low, high = joint.low[block][here], joint.high[block][here]
    one = np.ones((len(low), 1), dtype=bool)
    own = weights[:, here]
    values = index_score(means_of(joint, at, j)[:, here], own, low, high, one)[:, 0]
    wild = outweighed(own[1:])
    drawn = np.where(wild, np.nan, values[1:])
    if wild.sum() > UNSTEADY * len(drawn):
        drawn = np.full_like(drawn, np.nan)
    return float(values[0]), drawn
