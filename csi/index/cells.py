"""One fitted group of respondents with what its replicates tell, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.estimate.fit import Fit
from csi.model.model import Model
from csi.tabular import Brief


@dataclass(frozen=True, slots=True, repr=False)
class Spread(Brief):
    """Estimates with their standard errors and intervals, all of the same shape."""

    estimate: Array
    se: Array
    lower: Array
    upper: Array


@dataclass(frozen=True, slots=True, repr=False)
class Units(Brief):
    """The sampled units behind a group.

    Attributes
    ----------
    block : str
        Groups of the same block may share units.
    numbers : (u) numbers of the units within the block
    strata : (u) their strata
    fractions : (u) or None
        Sampling fractions of their strata.
    sizes : (u) or None
        Units of their strata in the whole block; None where all of them are the group's. Units
        without a respondent of the group count as zeros: how many of a stratum the group has is
        chance.
    """

    block: str
    numbers: IntArray
    strata: IntArray
    fractions: Array | None = None
    sizes: IntArray | None = None

    @property
    def freedom(self) -> int:
        """Degrees of freedom: units less strata."""
        return len(self.numbers) - len(np.unique(self.strata))

    def freedom_with(self, other: Units) -> int:
        """Degrees of freedom of a difference: units of either group less their strata."""
        if self.block != other.block:
            return self.freedom + other.freedom
        strata = dict(zip(self.numbers.tolist(), self.strata.tolist(), strict=True))
        strata |= dict(zip(other.numbers.tolist(), other.strata.tolist(), strict=True))
        return len(strata) - len(set(strata.values()))


@dataclass(frozen=True, slots=True, repr=False)
class CellFit(Brief):
    """The fit of one group with what its draws tell.

    Attributes
    ----------
    model : Model
        The model as far as its items were asked.
    fit : Fit
        A single member; NaN where ``problem``.
    problem : str
        Why there is no fit, or nothing.
    base : (q) respondents with an answer to an item of the construct
    effective : (q) their effective number
    total_weight : (q) their sum of weights
    units : Units
        The sampled units behind the group.
    lonely : int
        Strata with a single unit, which were merged.
    spreads : mapping of str to Spread
        Of ``paths, total, weights, loadings, index_weights, r2``; empty where there is no error.
    slopes : (e) or None
        Points by which the target of each path moves with one point of its source.
    weight_draws : (d, p) index weights of every draw
    mean_draws : (d, p) item means of every draw
    slope_draws : (d, e) slopes of every draw
    sd_ratio : (d, q) standard deviation of respondents' scores in every draw over that of the
        sample; only for studentised intervals
    mean_scores : (u, p) contributions of the sampled units to the item means
    weight_scores : (u, p) or None
        The same to the index weights, where they were asked for.
    usable : (d) draws that converged and are not degenerate; without a fit, draws with means
    not_converged, degenerate, inadmissible : int
        Counts of draws; inadmissible ones stay in.
    pooled : tuple of (d+1), (d+1, p), (d+1, p, p), or None
        Sum of weights, first and second moments about zero of the sample (first) and the draws.
    """

    model: Model
    fit: Fit
    problem: str
    base: Array
    effective: Array
    total_weight: Array
    units: Units
    lonely: int
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    slopes: Array | None = None
    weight_draws: Array | None = None
    mean_draws: Array | None = None
    slope_draws: Array | None = None
    sd_ratio: Array | None = None
    mean_scores: Array | None = None
    weight_scores: Array | None = None
    usable: BoolArray | None = None
    not_converged: int = 0
    degenerate: int = 0
    inadmissible: int = 0
    pooled: tuple[Array, Array, Array] | None = None
