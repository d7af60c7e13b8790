"""Parameters of a fit that groups are compared by, as one long vector.

Letters: k parameters, p items, q constructs, any batch axes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from csi.arrays import Array
from csi.errors import Fault, OptionError
from csi.estimate.effects import total_effects
from csi.estimate.fit import Fit
from csi.index.formula import index_sd, index_weights, slopes_in_points
from csi.model.model import Model

Measure = Literal["path", "total effect", "slope", "loading", "weight"]
"""``slope``: a path in index points; ``loading`` and ``weight`` of standardised items."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What one parameter is called.

    Attributes
    ----------
    measure : Measure
    source, target : str
        Constructs; for loadings and weights the construct and its item.
    """

    measure: Measure
    source: str
    target: str


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Computes the parameters of any fit of one model.

    Attributes
    ----------
    names : tuple of Parameter, length k
    low, high : (p) ends of the answer scales
    disattenuated : bool
        See `csi.index.formula.slopes_in_points`.
    """

    names: tuple[Parameter, ...]
    low: Array
    high: Array
    disattenuated: bool

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The kinds of parameters, in order."""
        return tuple(dict.fromkeys(name.measure for name in self.names))

    def of(self, fit: Fit) -> Array:
        """Return the parameters of a fit, (*batch, k); NaN where it did not settle."""
        parts = [self._part(fit, measure) for measure in self.measures]
        usable = np.asarray(fit.converged)[..., None]
        return np.asarray(np.where(usable, np.concatenate(parts, axis=-1), np.nan))

    def _part(self, fit: Fit, measure: Measure) -> Array:
        """Return the parameters of one kind."""
        if measure == "loading":
            return fit.loadings
        if measure == "weight":
            return fit.weights
        if measure == "slope":
            v = index_weights(fit)
            sd = index_sd(fit.moments.cov, v, self.low, self.high, fit.model.blocks)
            return slopes_in_points(fit, sd, disattenuated=self.disattenuated)
        values = fit.paths if measure == "path" else total_effects(fit.paths)
        own = [name for name in self.names if name.measure == measure]
        names = fit.model.names
        at = [names.index(name.source) for name in own], [names.index(name.target) for name in own]
        return np.asarray(values[..., at[0], at[1]])


def parameter_names(model: Model, measures: tuple[Measure, ...]) -> tuple[Parameter, ...]:
    """Return the parameters of a model, kind by kind.

    Raises
    ------
    OptionError
        Unknown kinds, or none.
    """
    kinds = get_args(Measure)
    faults = [
        Fault("option measures", f"{name!r} is not possible", f"use some of {', '.join(kinds)}")
        for name in measures
        if name not in kinds
    ]
    if not measures:
        faults.append(Fault("option measures", "names none", f"use some of {', '.join(kinds)}"))
    if faults:
        raise OptionError(faults)
    return tuple(found for measure in dict.fromkeys(measures) for found in _names(model, measure))


def _names(model: Model, measure: Measure) -> list[Parameter]:
    """Return the parameters of one kind."""
    if measure in ("path", "slope"):
        return [Parameter(measure, path.source, path.target) for path in model.paths]
    if measure in ("loading", "weight"):
        return [
            Parameter(measure, construct.name, item)
            for construct in model.constructs
            for item in construct.items
        ]
    reached = total_effects(np.asarray(model.arrows, dtype=np.float64)) > 0
    return [
        Parameter(measure, source, target)
        for source, row in zip(model.names, reached, strict=True)
        for target, there in zip(model.names, row.tolist(), strict=True)
        if there
    ]
