"""Figures as sums over sampled units, so that errors of any linear function follow by adding up.

Letters: u sampled units, z (u) contributions of the units to a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, IntArray
from csi.index.cells import Units
from csi.moments.design import domain_variance

Part = tuple[float, Units, Array]
"""A factor, the units of a figure and their contributions."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Contributions z (u) of sampled units to one figure, with the units' strata and fractions.

    `sizes` (u) are the units of their strata in the whole block, None where all are here.
    """

    z: Array
    strata: IntArray
    fractions: Array | None = None
    sizes: IntArray | None = None

    @property
    def variance(self) -> float:
        """Linearised variance of the figure under the design."""
        own = self.z[:, None]
        return float(domain_variance(own, self.strata, self.sizes, self.fractions)[0])


def combined(parts: Sequence[Part]) -> Scores:
    """Return the scores of a sum of figures, each times its factor.

    Figures of the same block may share units: their contributions are added unit by unit.
    Figures of different blocks are independent, and their strata are different ones.
    """
    blocks: dict[str, list[Part]] = {}
    for part in parts:
        blocks.setdefault(part[1].block, []).append(part)
    found = [_of_block(own) for own in blocks.values()]
    corrected = any(part.fractions is not None for part in found)
    domain = any(part.sizes is not None for part in found)
    first = np.cumsum([0, *(1 + int(part.strata.max(initial=-1)) for part in found)])
    return Scores(
        np.concatenate([part.z for part in found]),
        np.concatenate([part.strata + at for part, at in zip(found, first[:-1], strict=True)]),
        np.concatenate([np.zeros(len(p.z)) if p.fractions is None else p.fractions for p in found])
        if corrected
        else None,
        np.concatenate([_sizes(part) for part in found]) if domain else None,
    )


def added(parts: Sequence[Part], units: Units) -> Array:
    """Return the contributions (u) of these units; those of other groups' units are left out."""
    z = np.zeros(len(units.numbers))
    for factor, own, scores in parts:
        if own is units:
            z += factor * scores
        elif own.block == units.block:
            _, here, there = np.intersect1d(units.numbers, own.numbers, return_indices=True)
            z[here] += factor * scores[there]
    return z


def _of_block(parts: list[Part]) -> Scores:
    """Add up the contributions of figures that may share units."""
    if len(parts) == 1:
        factor, units, z = parts[0]
        return Scores(factor * z, units.strata, units.fractions, units.sizes)
    every = np.concatenate([units.numbers for _, units, _ in parts])
    numbers, first, of = np.unique(every, return_index=True, return_inverse=True)
    z = np.concatenate([factor * own for factor, _, own in parts])
    strata = np.concatenate([units.strata for _, units, _ in parts])[first]
    fractions = None
    if all(units.fractions is not None for _, units, _ in parts):
        fractions = np.concatenate(
            [units.fractions for _, units, _ in parts if units.fractions is not None]
        )[first]
    total = np.asarray(np.bincount(of.reshape(-1), z, len(numbers)), dtype=np.float64)
    sizes = None
    if all(units.sizes is not None for _, units, _ in parts):
        sizes = np.concatenate([units.sizes for _, units, _ in parts if units.sizes is not None])
        sizes = sizes[first]
    return Scores(total, strata, fractions, sizes)


def _sizes(part: Scores) -> IntArray:
    """Return the units of the stratum of each unit."""
    if part.sizes is not None:
        return part.sizes
    return np.asarray(np.bincount(part.strata)[part.strata], dtype=np.int64)
