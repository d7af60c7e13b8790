"""Index levels of all groups with their replicates: what every comparison is made from.

Letters: G groups, q constructs, p items of the whole model, R replicates, u sampled units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.index.cells import Units
from csi.moments.replication import Replication
from csi.tabular import Brief, Summarised, Summary, Told, said, summarised, tabled
from csi.text import Language

Label = tuple[str, str]
"""Period and group."""

WeightPair = tuple[Array, Array]
"""Index weights, (p), and in every replicate, (p, R)."""


@dataclass(frozen=True, slots=True, repr=False)
class Linear(Brief):
    """The levels of one group as sums over its sampled units, for linearised variances.

    Attributes
    ----------
    units : Units
    scores : (u, q) contribution of each sampled unit, in index points; NaN where the construct
        has no figure. The variance of a level is the sum over strata of
        ``(1 - f) n / (n - 1)`` times the sum of squared deviations from the stratum's mean, with
        zeros for units of the block that the group does not have.
    """

    units: Units
    scores: Array


@dataclass(frozen=True, slots=True, repr=False)
class Joint(Summarised):
    """Levels, item means and index weights of all groups, with replicates that go together.

    Replicate ``r`` of one group and replicate ``r`` of another are one replicate of the whole
    survey: any function of several groups is computed replicate by replicate.

    Attributes
    ----------
    periods, groups : tuple of str
        In the order of tables.
    labels : tuple of (period, group)
        The G groups that have respondents.
    constructs : tuple of str
    items : tuple of str
        All items of the model, construct by construct.
    blocks : (p, q) True where the item measures the construct
    low, high : (p) ends of the answer scales
    index : (G, q) levels from 0 to 100; NaN where there is none
    draws : (G, q, R) the same in every replicate; NaN where it could not be used
    means : (G, p) item means in points; NaN where the item was not asked
    weights : (G, p) index weights in points, adding up to one within each construct; NaN
        where there are none
    mean_draws, weight_draws : tuple of (p, R) or None
        The same in every replicate, one entry a group. Weight draws are normalised like the
        weights; constant where weights are fixed.
    base : (G, q) respondents behind each level
    total_weight : (G, q) sum of their weights
    spread : (G, q) standard deviation of respondents' scores, in index points
    paths : tuple of (source, target)
        The E paths of the model.
    slopes : (G, E) points by which the target moves with one point of the source, other sources
        held still, under PLSc those of the constructs without measurement error; NaN where the
        path is not in the model of the period
    slope_draws : tuple of (E, R) or None
    linear : tuple of Linear, one a group
    replication : Replication
    level : float
        Confidence level.
    min_n : int
        Figures from fewer respondents are not published.
    kind : str
        Where the weights come from: ``own``, ``pooled``, ``frozen:PERIOD`` or ``equal``.
    own : tuple of WeightPair or None, one a group
        Weights of the groups' own fits, where the levels have others; empty where `kind` is own.
    pooled : tuple of WeightPair or None, one a group
        Weights of all groups together; empty where they were not asked for.
    pooled_from : tuple of str, one a group
        Whom they are of, in words.
    """

    periods: tuple[str, ...]
    groups: tuple[str, ...]
    labels: tuple[Label, ...]
    constructs: tuple[str, ...]
    items: tuple[str, ...]
    blocks: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    low: Array
    high: Array
    index: Array
    draws: Array
    means: Array
    weights: Array
    mean_draws: tuple[Array | None, ...]
    weight_draws: tuple[Array | None, ...]
    base: Array
    total_weight: Array
    spread: Array
    paths: tuple[tuple[str, str], ...]
    slopes: Array
    slope_draws: tuple[Array | None, ...]
    linear: tuple[Linear, ...]
    replication: Replication
    level: float
    min_n: int
    kind: str = "own"
    own: tuple[WeightPair | None, ...] = ()
    pooled: tuple[WeightPair | None, ...] = ()
    pooled_from: tuple[str, ...] = ()

    def own_weights(self, at: int) -> WeightPair | None:
        """Return the weights of a group's own fit; None where it has none."""
        if self.kind == "own":
            drawn = self.weight_draws[at]
            return None if drawn is None else (self.weights[at], drawn)
        return self.own[at] if self.own else None

    def at(self, period: str, group: str) -> int | None:
        """Return the number of a group, None where nobody answered."""
        label = (period, group)
        return self.labels.index(label) if label in self.labels else None

    def column(self, construct: str) -> int:
        """Return the number of a construct; a ValueError where there is none."""
        return self.constructs.index(construct)

    def __repr__(self) -> str:
        """Say in one line what the levels are of."""
        return (
            f"Joint levels of {len(self.labels)} groups, {len(self.constructs)} constructs: "
            f"{self.periods[0]} to {self.periods[-1]}, weights {self.kind}, "
            f"{self.draws.shape[-1]} replicates ({self.replication.method})"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Periods": len(self.periods),
            "Groups": len(self.groups),
            "Constructs": len(self.constructs),
            "Items": len(self.items),
            "Index weights": said(self.kind, language),
            "Replicates": int(self.draws.shape[-1]),
            "Replication": self.replication.words,
            "Confidence level": self.level,
            "Smallest base": self.min_n,
        }
        frame = pd.DataFrame(self.labels, columns=["year", "group"])
        for k, name in enumerate(self.constructs):
            frame[name] = self.index[:, k]
        frame["n"] = self.base.max(axis=1).astype(int)
        levels = tabled("Levels, 0 to 100", frame, language, digits=1)
        return summarised("Joint levels", language, facts, [levels])
