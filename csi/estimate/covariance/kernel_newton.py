"""Newton steps with halving for one likelihood, from observed or expected second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.kernel import cholesky_ok
from csi.estimate.covariance.kernel_fiml import Information, Reached

HALVINGS = 30
FLAT = 1e4
"""A step that brings nothing ends the iteration where less than this times the tolerance is left:
rounding allows no more."""


@dataclass(frozen=True, slots=True)
class Descent:
    """Where the iteration ended.

    Attributes
    ----------
    x : (f)
    at : Reached
        There, with the second derivatives of the last whole step.
    decrement : float
        Half the Newton decrement: what another step would gain.
    steps : int
    converged : bool
    """

    x: Array
    at: Reached
    decrement: float
    steps: int
    converged: bool


def descend(
    evaluate: Callable[[Array, Information], Reached],
    start: Array,
    *,
    tolerance: float,
    steps: int = 100,
) -> Descent:
    """Minimise a function from its first and second derivatives.

    Parameters
    ----------
    evaluate : callable
        Value and derivatives at x (f), with second derivatives of either kind: observed ones
        lead in few steps, expected ones lead down wherever they are asked for.
    start : (f)
    tolerance : float
        Stop where half the Newton decrement is below it.
    steps : int
    """
    x, gain, taken = np.array(start, dtype=np.float64), np.inf, 0
    at = evaluate(x, "observed")
    if not np.isfinite(at.value):
        return Descent(x, at, np.inf, 0, converged=False)
    for _ in range(steps):
        step = _direction(at.second, at.first)
        if step is None:
            step = _direction(evaluate(x, "expected").second, at.first, ridge=True)
        if step is None:
            return Descent(x, at, np.inf, taken, converged=False)
        gain = 0.5 * float(at.first @ step)
        if gain < tolerance:
            return Descent(x - step, at, gain, taken, converged=True)
        size = 1.0
        for _ in range(HALVINGS):
            tried = evaluate(x - size * step, "observed")
            if tried.value < at.value:
                break
            size *= 0.5
        else:
            return Descent(x, at, gain, taken, converged=gain < FLAT * tolerance)
        x, at, taken = x - size * step, tried, taken + 1
    return Descent(x, at, gain, taken, converged=False)


def _direction(second: Array, first: Array, *, ridge: bool = False) -> Array | None:
    """Return the Newton step, None where the second derivatives do not lead down."""
    scale = np.diag(second)
    if not np.isfinite(second).all() or not (scale > 0).all():
        return None
    size = np.sqrt(scale)
    scaled = second / np.outer(size, size)
    good = bool(cholesky_ok(scaled)[1])
    if not good:
        if not ridge:
            return None
        scaled = scaled + 1e-3 * np.eye(len(first))
    return np.asarray(np.linalg.solve(scaled, first / size) / size)
