"""Means and covariances of incomplete answers without a structure, and with independent items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.kernel import cholesky_ok
from csi.estimate.covariance.kernel_fiml import Information, Patterns, Reached, places, reach
from csi.estimate.covariance.kernel_newton import descend

FIRST = 3
"""Steps of EM before Newton's."""

MOST = 1300
"""Moments (50 items) up to which Newton steps take over from EM."""

STEPS = 5000


@dataclass(frozen=True, slots=True)
class Saturated:
    """Most likely means and covariances of one group.

    Attributes
    ----------
    mean, cov : (p), (p, p)
    loglikelihood : float
    converged : bool
    steps : int
    """

    mean: Array
    cov: Array
    loglikelihood: float
    converged: bool
    steps: int


def saturate(found: Patterns, mean: Array, cov: Array, *, tolerance: float = 1e-13) -> Saturated:
    r"""Return the most likely means and covariances of incomplete rows.

    Parameters
    ----------
    found : Patterns
    mean, cov : (p), (p, p)
        Where to begin; covariances that are not positive definite count as zero.
    tolerance : float
        Stop where another step would gain less, for each unit of weight, in log-likelihood.

    Notes
    -----
    EM [dempster1977maximum] in terms of the derivatives of the log-likelihood: with g and G those
    by means and covariances, a step is :math:`\mu + \Sigma g / N` and
    :math:`\Sigma - \Sigma G \Sigma / N - \delta \delta'`. Newton's steps finish what EM began.
    """
    size, steps = found.total, 0
    if not cholesky_ok(cov)[1]:
        cov = np.diag(np.diag(cov))
    at = reach(found, mean, cov)
    for steps in range(1, STEPS + 1):
        mean, cov = _em(mean, cov, at, size)
        last, at = at.value, reach(found, mean, cov)
        if last - at.value < tolerance * size:
            return Saturated(mean, cov, -at.value, converged=True, steps=steps)
        if steps == FIRST and len(at.first) <= MOST:
            ended = _newton(found, mean, cov, tolerance * size)
            if ended is not None:
                return ended
    return Saturated(mean, cov, -at.value, converged=False, steps=steps)


def _em(mean: Array, cov: Array, at: Reached, size: float) -> tuple[Array, Array]:
    p = len(mean)
    i, j, _ = places(p)
    middle = np.zeros((p, p))
    middle[i, j] = middle[j, i] = at.first[p:]
    middle[np.arange(p), np.arange(p)] *= 2.0
    shift = -cov @ at.first[:p] / size
    new = cov - cov @ middle @ cov / size - np.outer(shift, shift)
    return mean + shift, np.asarray((new + new.T) / 2.0)


def _newton(found: Patterns, mean: Array, cov: Array, tolerance: float) -> Saturated | None:
    """Return where Newton's steps end; None where they lead nowhere."""
    p = len(mean)
    i, j, at = places(p)

    def evaluate(x: Array, kind: Information) -> Reached:
        return reach(found, x[:p], x[p:][at], kind)

    start = np.concatenate([mean, cov[i, j]])
    ended = descend(evaluate, start, tolerance=tolerance, steps=30)
    if not ended.converged:
        return None
    reached = -(ended.at.value - ended.decrement)
    return Saturated(ended.x[:p], ended.x[p:][at], reached, True, FIRST + ended.steps)


@dataclass(frozen=True, slots=True)
class Independent:
    """Most likely means (p) and variances (p) of independent items of one group.

    Attributes
    ----------
    total : (p)
        Weights of the answers to each item, added up.
    """

    mean: Array
    variance: Array
    total: Array
    loglikelihood: float

    def scores(self, rows: Array) -> Array:
        """Return scores of rows, (n, 2 p), with the information as their unit.

        The squares of the scores, times squared weights, add up to the trace of the inverse
        information times the variance of the scores.
        """
        away = np.where(np.isnan(rows), 0.0, rows - self.mean) / np.sqrt(self.variance)
        square = np.where(np.isnan(rows), 0.0, away**2 - 1.0)
        size = np.sqrt(self.total)
        return np.concatenate([away / size, square / (np.sqrt(2.0) * size)], axis=1)


def independent(rows: Array, weights: Array) -> Independent:
    """Return the fit of independent items to rows (n, p) with NaN where missing.

    Examples
    --------
    >>> found = independent(np.array([[1.0], [3.0], [np.nan]]), np.ones(3))
    >>> found.mean.tolist(), found.variance.tolist()
    ([2.0], [1.0])
    """
    here = ~np.isnan(rows)
    total = weights @ here
    mean = weights @ np.where(here, rows, 0.0) / total
    variance = weights @ np.where(here, rows - mean, 0.0) ** 2 / total
    value = -0.5 * float(total @ (np.log(2.0 * np.pi * variance) + 1.0))
    return Independent(mean, variance, total, value)
