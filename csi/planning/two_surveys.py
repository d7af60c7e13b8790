"""Two surveys of the same customers: what they share, its faults, and the error of a change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from csi.arrays import Array
from csi.errors import Fault
from csi.planning import kernel
from csi.planning.checks import beyond, faults_of, numbers, population_of, require


@dataclass(frozen=True, slots=True)
class TwoSurveys:
    """What two surveys have in common, as given by the caller; see `change_error`."""

    sd: ArrayLike
    design_effect: ArrayLike
    population: ArrayLike | None
    overlap: ArrayLike
    correlation: ArrayLike

    def faults(self) -> list[Fault]:
        """Return a fault for each value that is not possible."""
        return faults_of(
            sd=self.sd,
            design_effect=self.design_effect,
            population=self.population,
            overlap=self.overlap,
            correlation=self.correlation,
        )

    def error(self, n1: ArrayLike, n2: ArrayLike, found: list[Fault]) -> Array:
        """Return the standard error of the change; faults are told with those found before."""
        found = [*found, *faults_of(n1=n1, n2=n2), *self.faults()]
        require(found or [*_beyond(n1, n2, self), *_crowded(n1, n2, self)])
        return np.sqrt(self.variance(n1, n2))

    def variance(self, n1: ArrayLike, n2: ArrayLike) -> Array:
        """Return the variance of the change between samples of `n1` and `n2` respondents."""
        arrays = numbers(
            n1,
            n2,
            self.sd,
            self.design_effect,
            population_of(self.population),
            self.overlap,
            self.correlation,
        )
        return kernel.variance_of_change(*arrays)


def freedom_of(n1: ArrayLike, n2: ArrayLike, use_t: bool) -> Array:
    """Return the degrees of freedom of the test, inf for the normal quantile."""
    total = np.add(np.asarray(n1, dtype=np.float64), n2)
    return np.asarray(total - 2.0 if use_t else np.full(np.shape(total), np.inf))


def _beyond(n1: ArrayLike, n2: ArrayLike, design: TwoSurveys) -> list[Fault]:
    return beyond("n1", n1, design.population) + beyond("n2", n2, design.population)


def _crowded(n1: ArrayLike, n2: ArrayLike, design: TwoSurveys) -> list[Fault]:
    """Return a fault where two samples of a small population must share more than is said."""
    first, second, whole, share = numbers(n1, n2, population_of(design.population), design.overlap)
    both = share * np.minimum(first, second)
    if not np.any((share > 0) & (both < (first + second - whole) * (1.0 - 1e-9))):
        return []
    what = "samples of this size share more respondents than that in this population"
    return [Fault("overlap", what, "give a larger overlap, or 0 for independent samples")]
