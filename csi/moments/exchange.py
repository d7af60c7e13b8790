"""Who may change places with whom when the labels of two groups are dealt out anew.

Letters: m respondents of both groups, s sets of respondents that stay together, b permutations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from csi.arrays import BoolArray, IntArray
from csi.moments.blocks import Sample

LARGE = 64
"""Pools of more sets are dealt out permutation by permutation, smaller ones of a size at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Pools:
    """Pools of the same size, in each of which as many sets get the first label.

    Attributes
    ----------
    sets : (k, size) numbers of the sets of each of the k pools
    first : int
        Sets with the first label in each pool; above 0 and below the size.
    """

    sets: IntArray
    first: int


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """Both groups as one sample, with what may change places.

    Attributes
    ----------
    sample : Sample
        The respondents of both groups, in an order that depends on neither the file nor the
        groups.
    first : (m) True for respondents of the first group as observed
    of : (m) number of each respondent's set; sets change places whole
    labels : (s) True where the set is of the first group as observed
    pools : tuple of Pools
        Within these sets change places; sets in none keep their label.
    """

    sample: Sample
    first: BoolArray
    of: IntArray
    labels: BoolArray
    pools: tuple[Pools, ...]

    @property
    def fixed(self) -> int:
        """Respondents who keep their label."""
        moving = np.zeros(len(self.labels), dtype=bool)
        for pools in self.pools:
            moving[pools.sets.reshape(-1)] = True
        return int(np.sum(~moving[self.of]))

    @property
    def possible(self) -> int:
        """Number of different ways to deal the labels out."""
        ways = 1
        for pools in self.pools:
            ways *= comb(pools.sets.shape[1], pools.first) ** len(pools.sets)
        return ways


def exchange_of(a: Sample, b: Sample, strata: IntArray | None = None) -> Exchange:
    """Find out what may change places between two groups.

    Parameters
    ----------
    a, b : Sample
        Of the same items; the same unit number in both is the same sampled unit.
    strata : (u) int, optional
        Stratum number of each sampled unit; one stratum where None.

    Returns
    -------
    Exchange
        A sampled unit is a set within its stratum; in a unit with respondents of both groups each
        respondent is a set, within the unit.
    """
    units = np.concatenate([a.units, b.units]).astype(np.int64)
    first = np.repeat([True, False], [len(a.units), len(b.units)])
    rows, weights = np.concatenate([a.rows, b.rows]), np.concatenate([a.weights, b.weights])
    rank = _ranks(np.column_stack([rows, weights]))
    shared = np.isin(units, np.intersect1d(a.units, b.units))
    stratum = np.zeros(len(units), dtype=np.int64) if strata is None else strata[units]
    # a shared unit's respondents are numbered after all units, its pool after all strata
    top = int(units.max(initial=-1)) + 1
    key = np.where(shared, top + np.arange(len(units)), units)
    pool = np.where(shared, int(stratum.max(initial=-1)) + 1 + units, stratum)
    order = np.lexsort([rank, key])
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    sets = np.split(order, starts[1:]) if len(order) else []
    contents = [tuple(part) for part in np.split(rank[order], starts[1:])] if sets else []
    pool_of = np.array([pool[own[0]] for own in sets], dtype=np.int64)
    labels = np.array([first[own[0]] for own in sets], dtype=bool)
    groups = _in_order(contents, labels, pool_of)
    place = np.concatenate(groups) if groups else np.zeros(0, dtype=np.int64)
    members = [sets[number] for number in place.tolist()]
    every = np.concatenate(members) if members else np.zeros(0, dtype=np.int64)
    numbers = np.concatenate([a.numbers, b.numbers])
    return Exchange(
        sample=Sample(
            a.items,
            rows[every],
            weights[every],
            units[every],
            numbers[every] if len(numbers) == len(units) else np.zeros(0, dtype=np.int64),
        ),
        first=first[every],
        of=np.repeat(np.arange(len(members)), [len(own) for own in members]),
        labels=labels[place],
        pools=_pools([labels[own] for own in groups]),
    )


def relabelled(
    exchange: Exchange, count: int, rng: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return random memberships in the first group, 1 or 0 for each respondent, (count, m)."""
    dealt = np.repeat(exchange.labels[None].astype(np.float32), count, axis=0)
    for pools in exchange.pools:
        dealt[:, pools.sets.reshape(-1)] = 0.0
        size = pools.sets.shape[1]
        if size <= LARGE:
            chance = rng.random((count, *pools.sets.shape))
            chosen = np.argpartition(chance, pools.first, axis=-1)[..., : pools.first]
            own = pools.sets[np.arange(len(pools.sets))[None, :, None], chosen]
            np.put_along_axis(dealt, own.reshape(count, -1), 1.0, axis=1)
            continue
        for row in dealt:
            for own in pools.sets:
                row[own[rng.choice(size, pools.first, replace=False, shuffle=False)]] = 1.0
    if len(exchange.of) == len(exchange.labels):  # every respondent is a set, in order
        return dealt
    return np.asarray(dealt[:, exchange.of])


def _ranks(values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> IntArray:
    """(m) rank of each row of values (m, k) among the different rows; NaN last."""
    filled = np.where(np.isnan(values), np.inf, values)
    order = np.lexsort(filled.T[::-1])
    ordered = filled[order]
    differs = (ordered[1:] != ordered[:-1]).any(axis=1)
    rank = np.zeros(len(values), dtype=np.int64)
    rank[order[1:]] = np.cumsum(differs)
    return rank


def _in_order(
    contents: Sequence[tuple[int, ...]], labels: BoolArray, pool_of: IntArray
) -> list[IntArray]:
    """Return the numbers of the sets of each pool; sets and pools in order of their contents."""
    pools: dict[int, list[int]] = {}
    for number in sorted(range(len(contents)), key=contents.__getitem__):
        pools.setdefault(int(pool_of[number]), []).append(number)

    def content(own: list[int]) -> tuple[int, int, list[tuple[int, ...]]]:
        return len(own), int(labels[own].sum()), [contents[number] for number in own]

    return [np.array(own, dtype=np.int64) for own in sorted(pools.values(), key=content)]


def _pools(labels: Sequence[BoolArray]) -> tuple[Pools, ...]:
    """Return the pools with both labels, those of the same size and share together."""
    alike: dict[tuple[int, int], list[IntArray]] = {}
    at = 0
    for own in labels:
        size, first = len(own), int(own.sum())
        if 0 < first < size:
            alike.setdefault((size, first), []).append(np.arange(at, at + size))
        at += size
    return tuple(Pools(np.stack(sets), first) for (_, first), sets in alike.items())
