"""Figures that are weighted sums of index levels, with their standard errors by two roads.

Letters: G groups of the survey, S sources (the groups, then figures given from elsewhere), W rows
of the table of weights, R replicates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from csi.arrays import Array
from csi.compare.aggregation.kernel import satterthwaite, unit_variance
from csi.index.joint import Joint


@dataclass(frozen=True, slots=True)
class Combination:
    """A sum of levels.

    Attributes
    ----------
    sources : mapping of int to float
        Coefficients of the levels, by number of the source.
    weights : mapping of int to float
        Derivatives of the figure by weights, by row of the table.
    """

    sources: Mapping[int, float]
    weights: Mapping[int, float] = field(default_factory=dict)

    def __sub__(self, other: Combination) -> Combination:
        """Return the difference of two figures."""
        return added([(1.0, self), (-1.0, other)])


def added(parts: Iterable[tuple[float, Combination]]) -> Combination:
    """Return the sum of figures, each times its factor.

    Examples
    --------
    >>> added([(0.5, Combination({0: 1.0})), (0.5, Combination({0: 1.0, 3: 2.0}))]).sources
    {0: 1.0, 3: 1.0}
    """
    sources: dict[int, float] = {}
    weights: dict[int, float] = {}
    for factor, part in parts:
        for total, own in ((sources, part.sources), (weights, part.weights)):
            for number, value in own.items():
                total[number] = total.get(number, 0.0) + factor * value
    return Combination(sources, weights)


@dataclass(frozen=True, slots=True)
class Errors:
    """How exact a figure is.

    Attributes
    ----------
    se : float
        From replicates; from linear scores where the survey has no replicates.
    se_delta : float
        From the linear scores of the groups' own sampled units.
    freedom : float
        Degrees of freedom.
    used : int
        Replicates that could be used.
    """

    se: float
    se_delta: float
    freedom: float
    used: int


@dataclass(frozen=True, slots=True, repr=False)
class Sources:
    """The levels of one construct, from the survey and from elsewhere.

    Attributes
    ----------
    joint : Joint
    column : int
        Number of the construct.
    given, given_se : (S - G) figures from elsewhere and their standard errors, 0 where unknown
    weight_se : (W) standard errors of the weights, 0 where exact
    alone : tuple of (variance, freedom), one a group
        Of each group's level by its linear scores; worked out when it is made.
    """

    joint: Joint
    column: int
    given: Array
    given_se: Array
    weight_se: Array
    alone: tuple[tuple[float, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Work out the variances of single levels, which are needed again and again."""
        alone = [self._block({number: 1.0}) for number in range(self.groups)]
        object.__setattr__(self, "alone", tuple(alone))

    @property
    def groups(self) -> int:
        """Number of groups of the survey."""
        return len(self.joint.labels)

    def level(self, source: int) -> float:
        """Return the level of a source."""
        if source < self.groups:
            return float(self.joint.index[source, self.column])
        return float(self.given[source - self.groups])

    def estimate(self, figure: Combination) -> float:
        """Return the value of a figure."""
        parts = [factor * self.level(source) for source, factor in figure.sources.items()]
        return math.fsum(parts)

    def replicates(self, figure: Combination) -> Array:
        """Return a figure in every replicate, (R); given figures stay as they are."""
        surveyed = self._surveyed(figure)
        factors = np.array([figure.sources[number] for number in surveyed])
        drawn = factors @ self.joint.draws[surveyed, self.column]
        given = [
            factor * self.level(source)
            for source, factor in figure.sources.items()
            if source >= self.groups
        ]
        return np.asarray(drawn + math.fsum(given))

    def errors(self, figure: Combination, value: float, replicates: Array | None = None) -> Errors:
        """Return the errors of a figure.

        Parameters
        ----------
        figure : Combination
            The figure, or its linear form where it is not linear in the levels.
        value : float
        replicates : (R), optional
            The figure in every replicate, where it is not linear in the levels.

        Notes
        -----
        Errors of given figures and of weights are independent of the survey: their variances
        add to both. Degrees of freedom are by Satterthwaite over the blocks of groups that share
        no sampled unit, or those of the replicates if they have fewer.
        """
        replication = self.joint.replication
        outside = self._outside(figure)
        variances, freedoms = self._blocks(figure)
        delta = float(np.sqrt(variances.sum() + outside))
        drawn = self.replicates(figure) if replicates is None else replicates
        se = delta
        if replication.method != "delta" and len(drawn):
            se = float(np.sqrt(replication.variance(drawn, value) + outside))
        freedom = float(freedoms.min(initial=np.inf))
        if np.isfinite(variances).all():
            freedom = satterthwaite(np.append(variances, outside), np.append(freedoms, np.inf))
        used = int(np.isfinite(drawn).sum())
        return Errors(se, delta, replication.freedom_of(freedom), used)

    def _surveyed(self, figure: Combination) -> list[int]:
        """Return the numbers of the groups behind a figure."""
        return [
            number
            for number, factor in figure.sources.items()
            if factor != 0 and number < self.groups
        ]

    def _outside(self, figure: Combination) -> float:
        """Return the variance from given figures and from weights."""
        given = [
            factor * float(self.given_se[source - self.groups])
            for source, factor in figure.sources.items()
            if source >= self.groups
        ]
        weights = [slope * float(self.weight_se[row]) for row, slope in figure.weights.items()]
        return math.fsum(error**2 for error in (*given, *weights))

    def _blocks(self, figure: Combination) -> tuple[Array, Array]:
        """Return the linearised variance and the freedom of each independent block."""
        blocks: dict[str, list[int]] = {}
        for number in self._surveyed(figure):
            blocks.setdefault(self.joint.linear[number].units.block, []).append(number)
        found = []
        for numbers in blocks.values():
            if len(numbers) == 1:
                variance, freedom = self.alone[numbers[0]]
                found.append((figure.sources[numbers[0]] ** 2 * variance, freedom))
            else:
                found.append(self._block({number: figure.sources[number] for number in numbers}))
        return (
            np.array([variance for variance, _ in found]),
            np.array([freedom for _, freedom in found], dtype=np.float64),
        )

    def _block(self, factors: Mapping[int, float]) -> tuple[float, int]:
        """Add up the contributions of groups that may share units; variance and freedom."""
        linear = [self.joint.linear[number] for number in factors]
        every, first, of = np.unique(
            np.concatenate([part.units.numbers for part in linear]),
            return_index=True,
            return_inverse=True,
        )
        scores = np.concatenate(
            [
                factor * part.scores[:, self.column]
                for factor, part in zip(factors.values(), linear, strict=True)
            ]
        )
        strata = np.concatenate([part.units.strata for part in linear])[first]
        fractions = None
        if any(part.units.fractions is not None for part in linear):
            fractions = np.concatenate(
                [
                    np.zeros(len(part.scores)) if part.units.fractions is None
                    else part.units.fractions
                    for part in linear
                ]
            )[first]  # fmt: skip
        sizes = None
        if all(part.units.sizes is not None for part in linear):
            counted = [part.units.sizes for part in linear if part.units.sizes is not None]
            sizes = np.concatenate(counted)[first]
        freedom = len(every) - len(np.unique(strata))
        if freedom < 1:
            return float("nan"), freedom
        total: Array = np.zeros(len(every))
        np.add.at(total, of.reshape(-1), scores)
        return unit_variance(total, strata, fractions, sizes), freedom
