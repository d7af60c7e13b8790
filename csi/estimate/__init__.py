"""Estimators: pure functions from moments to a `Fit`."""

from csi.estimate.effects import Effects, effects
from csi.estimate.fit import Fit

__all__ = ["Effects", "Fit", "effects"]
