"""Joint levels made by hand: means of groups with jackknife replicates or bootstrap draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from csi.index.cells import Units
from csi.index.joint import Joint, Linear
from csi.moments.replication import Replication

Label = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """Values on 0-100 with their units, weights and block; a block of its own where it is empty."""

    values: Sequence[float]
    numbers: Sequence[int] | None = None
    weights: Sequence[float] | None = None
    block: str = ""
    asked: bool = True


@dataclass(frozen=True)
class Blocks:
    """Strata of the units of each block, by number; one stratum where it is not named."""

    strata: Mapping[str, Sequence[int]] = field(default_factory=dict)
    fractions: Mapping[str, Sequence[float]] = field(default_factory=dict)


def weighted(values: np.ndarray, weights: np.ndarray) -> float:
    return float(weights @ values / weights.sum()) if weights.sum() > 0 else np.nan


def joint_of(
    groups: Mapping[Label, Group],
    *,
    method: str = "jackknife",
    draws: int = 400,
    seed: int = 1,
    designs: Blocks | None = None,
    min_n: int = 1,
) -> Joint:
    """One construct of one item; replicates re-compute every weighted mean from the rows."""
    designs = designs or Blocks()
    labels = tuple(groups)
    parts = []
    for label, group in groups.items():
        values = np.asarray(group.values, dtype=float)
        numbers = np.arange(len(values)) if group.numbers is None else np.asarray(group.numbers)
        weights = np.ones(len(values)) if group.weights is None else np.asarray(group.weights)
        parts.append((group.block or "|".join(label), values, numbers, weights))
    units = {}
    for block, _, numbers, _ in parts:
        units[block] = max(units.get(block, 0), int(numbers.max()) + 1)
    strata = {b: np.asarray(designs.strata.get(b, np.zeros(u, int))) for b, u in units.items()}
    multipliers, factors = _multipliers(units, strata, method, draws, seed)
    index = np.array([[weighted(v, w)] for _, v, _, w in parts])
    drawn = np.array([[[weighted(v, w * m[n]) for m in multipliers[b]]] for b, v, n, w in parts])
    linear = []
    for (block, values, numbers, weights), mean in zip(parts, index[:, 0], strict=True):
        own = np.unique(numbers)
        z = np.bincount(numbers, weights * (values - mean) / weights.sum(), units[block])[own]
        fractions = designs.fractions.get(block)
        corrected = None if fractions is None else np.asarray(fractions)[own]
        linear.append(Linear(Units(block, own, strata[block][own], corrected), z[:, None]))
    base = np.array([[float(len(v))] for _, v, _, _ in parts])
    return Joint(
        periods=tuple(dict.fromkeys(period for period, _ in labels)),
        groups=tuple(dict.fromkeys(group for _, group in labels)),
        labels=labels,
        constructs=("Satisfaction",),
        items=("S1",),
        blocks=np.array([[True]]),
        low=np.zeros(1),
        high=np.full(1, 100.0),
        index=index,
        draws=drawn,
        means=np.array(
            [[m if groups[k].asked else np.nan] for k, m in zip(labels, index[:, 0], strict=True)]
        ),
        weights=np.ones((len(labels), 1)),
        mean_draws=(None,) * len(labels),
        weight_draws=(None,) * len(labels),
        base=base,
        total_weight=base,
        spread=np.array([[v.std(ddof=1) if len(v) > 1 else np.nan] for _, v, _, _ in parts]),
        paths=(),
        slopes=np.zeros((len(labels), 0)),
        slope_draws=(None,) * len(labels),
        linear=tuple(linear),
        replication=Replication(
            method="bootstrap" if method == "bootstrap" else "jackknife",
            replicates=drawn.shape[-1],
            words="by hand",
            factors=factors,
        ),
        level=0.95,
        min_n=min_n,
    )


def _multipliers(
    units: Mapping[str, int],
    strata: Mapping[str, np.ndarray],
    method: str,
    draws: int,
    seed: int,
) -> tuple[dict[str, np.ndarray], np.ndarray | None]:
    """Return what each unit's weight is multiplied by in every replicate, (R, u) for each block."""
    if method == "bootstrap":
        rng = np.random.default_rng(seed)
        found = {}
        for block, u in units.items():
            made = np.zeros((draws, u))
            for stratum in np.unique(strata[block]):
                own = np.flatnonzero(strata[block] == stratum)
                n = len(own)  # n - 1 of n units with replacement, raised by n / (n - 1)
                counts = rng.multinomial(n - 1, np.full(n, 1 / n), size=draws)
                made[:, own] = counts * n / (n - 1)
            found[block] = made
        return found, None
    replicates = sum(units.values())
    found = {block: np.ones((replicates, u)) for block, u in units.items()}
    factors = np.zeros(replicates)
    at = 0
    for block, u in units.items():
        for unit in range(u):
            own = np.flatnonzero(strata[block] == strata[block][unit])
            n = len(own)
            found[block][at, own] = n / (n - 1)
            found[block][at, unit] = 0.0
            factors[at] = (n - 1) / n
            at += 1
    return found, factors
