"""Many figures at once: simultaneous limits and adjusted p values.

Letters: k figures of a family, d draws of them that go together (first axis).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtr
from scipy.stats import false_discovery_control

from csi.arrays import Array, readonly
from csi.errors import Fault, OptionError

Adjustment = Literal["holm", "bh", "none"]
"""Holm keeps the chance of any false finding, Benjamini-Hochberg the share of false findings."""


@dataclass(frozen=True, slots=True)
class Simultaneous:
    """Limits that hold for a whole family of figures at once.

    Attributes
    ----------
    lower, upper : (k) limits; NaN for figures left out
    critical : float
        All limits are the figure plus and minus this many standard errors.
    family : int
        Figures in the family.
    left_out : int
        Figures without a value, an error above zero or two usable draws.
    draws_missing : int
        Draws of figures of the family that could not be used, of all their draws together.
    """

    lower: Array
    upper: Array
    critical: float
    family: int
    left_out: int
    draws_missing: int = 0

    def __post_init__(self) -> None:
        """Lock the limits."""
        object.__setattr__(self, "lower", readonly(self.lower))
        object.__setattr__(self, "upper", readonly(self.upper))


def simultaneous(
    draws: Array, estimate: Array, se: Array, *, level: float, freedom: float = np.inf
) -> Simultaneous:
    """Return limits that cover all figures of a family together at the level.

    Parameters
    ----------
    draws : (d, k) draws of all figures, those of a row from the same sample
    estimate, se : (k) figures of the sample itself and their standard errors
    level : float
    freedom : float
        Degrees of freedom of the standard errors; the smallest of the family is on the safe side.

    Returns
    -------
    Simultaneous

    Notes
    -----
    The critical value is the quantile of the largest deviation of a draw, in standard errors
    (max-t) [hothorn2008simultaneous]; few degrees of freedom widen it as they widen a
    multivariate t. A draw that lacks a figure tells about the others all the same.

    Examples
    --------
    >>> draws = np.random.default_rng(1).normal(size=(4000, 5))
    >>> found = simultaneous(draws, np.zeros(5), np.ones(5), level=0.95)
    >>> 2.4 < found.critical < 2.7  # one figure: 1.96
    True
    """
    check_level(level)
    kept = np.isfinite(estimate) & np.isfinite(se) & (se > 0) & (np.isfinite(draws).sum(0) > 1)
    lower = np.full(len(estimate), np.nan)
    upper = lower.copy()
    if not kept.any():
        return Simultaneous(lower, upper, np.nan, 0, len(estimate))
    t = np.abs(draws[:, kept] - estimate[kept]) / se[kept]
    critical = critical_of_largest(largest(t), level=level, freedom=freedom)
    lower[kept] = estimate[kept] - critical * se[kept]
    upper[kept] = estimate[kept] + critical * se[kept]
    missing = int(np.isnan(t).sum())
    return Simultaneous(lower, upper, critical, int(kept.sum()), int((~kept).sum()), missing)


def critical_value(
    covariance: Array,
    *,
    level: float,
    freedom: float = np.inf,
    draws: int = 20_000,
    seed: int = 1,
) -> float:
    """Return the critical value of simultaneous limits from the covariance of the figures.

    For replicates that are no random draws (jackknife, BRR): the figures are taken as jointly
    normal, or t with few degrees of freedom.

    Parameters
    ----------
    covariance : (k, k)
        Figures without a finite variance above zero are left out.
    level : float
    freedom : float
        Degrees of freedom of the standard errors.
    draws, seed : int
        Normal draws that stand for the distribution. With 20,000 the critical value is known to
        about 0.015.

    Returns
    -------
    float
        NaN where no figure is left. Source: [hothorn2008simultaneous].

    Examples
    --------
    >>> round(critical_value(np.eye(1), level=0.95, draws=200_000), 1)
    2.0
    """
    check_level(level)
    variance = np.diag(covariance)
    kept = np.isfinite(variance) & (variance > 0)
    if not kept.any():
        return float("nan")
    drawn = normal_draws(covariance[np.ix_(kept, kept)], draws=draws, seed=seed)
    t = np.abs(drawn) / np.sqrt(variance[kept])
    return critical_of_largest(largest(t), level=level, freedom=freedom)


def normal_draws(covariance: Array, *, draws: int, seed: int) -> Array:
    """Return (d, k) draws about zero with this covariance, which may be singular."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2.0)
    root = vectors * np.sqrt(np.maximum(values, 0.0))  # below zero by rounding only
    z = np.random.default_rng(seed).standard_normal((draws, len(covariance)))
    return np.asarray(z @ root.T)


def largest(t: Array) -> Array:
    """Return the largest figure of each draw that has any, (at most d)."""
    some = ~np.isnan(t).all(axis=1)
    return np.asarray(np.nanmax(t[some], axis=1))


def critical_of_largest(most: Array, *, level: float, freedom: float = np.inf) -> float:
    """Return the value that the largest of several t statistics stays below at the level.

    Parameters
    ----------
    most : (d) the largest of the statistics in each draw, with errors that are known
    level : float
    freedom : float
        Degrees of freedom of the errors. The statistics share one error: their largest is that
        of the draw over the root of a chi square by its degrees of freedom, which is integrated
        out and not drawn.

    Returns
    -------
    float
    """
    if not np.isfinite(freedom):
        return float(np.quantile(most, level))
    above = np.maximum(most, 0.0)
    if not above.any():
        return 0.0

    def beyond(c: float) -> float:
        return float(np.mean(chdtr(freedom, freedom * (above / c) ** 2))) - (1.0 - level)

    low = high = float(np.quantile(above, level)) or float(above.max())
    while beyond(high) > 0:
        high *= 2.0
    while beyond(low) < 0 and low > 1e-8:
        low /= 2.0
    return float(brentq(beyond, low, high, xtol=1e-10)) if beyond(low) > 0 else 0.0


def adjusted(p: Array, method: Adjustment) -> Array:
    """Return p values adjusted for the size of the family they belong to.

    Parameters
    ----------
    p : (k) p values; NaN ones stay NaN and do not count in the family
    method : {"holm", "bh", "none"}
        Holm [holm1979simple]; Benjamini and Hochberg [benjamini1995controlling]; as they are.

    Returns
    -------
    (k) adjusted p values

    Raises
    ------
    OptionError
        For an unknown method, and p values outside 0 to 1.

    Examples
    --------
    >>> adjusted(np.array([0.01, np.nan, 0.04]), "holm").tolist()
    [0.02, nan, 0.04]
    """
    values = np.array(p, dtype=np.float64)
    faults = []
    if method not in get_args(Adjustment):
        kinds = ", ".join(get_args(Adjustment))
        faults.append(Fault("option method", f"{method!r} is not possible", f"use one of {kinds}"))
    outside = (values < 0) | (values > 1)
    if outside.any():
        what = f"{int(outside.sum())} outside 0 to 1"
        faults.append(Fault("p values", what, "give probabilities"))
    if faults:
        raise OptionError(faults)
    told = np.isfinite(values)
    if method == "none" or not told.any():
        return values
    if method == "bh":
        values[told] = false_discovery_control(values[told], method="bh")
        return values
    family = values[told]
    order = np.argsort(family, kind="stable")
    steps = np.arange(len(family), 0, -1) * family[order]
    family[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    values[told] = family
    return values


def check_level(level: float) -> None:
    """Raise an OptionError for an impossible level."""
    if not 0.5 <= level < 1:
        raise OptionError(Fault("option level", f"{level!r} is not a level", "try 0.95"))
