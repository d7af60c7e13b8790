"""Standard errors and intervals from replicates.

Letters: d draws (first axis), any further axes; draws that could not be used are NaN in every
figure and are left out (their number is reported elsewhere).
"""

from __future__ import annotations

import warnings
from typing import Literal, get_args

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from csi.arrays import Array
from csi.errors import Fault, OptionError

IntervalKind = Literal["normal", "percentile", "bias-corrected"]


def standard_error(draws: Array) -> Array:
    """Return the standard deviation over the draws, divisor one less than their number.

    Parameters
    ----------
    draws : (d, ...)

    Returns
    -------
    (...) standard errors; NaN with fewer than two usable draws

    Examples
    --------
    >>> float(standard_error(np.array([1.0, 2.0, 3.0])))
    1.0
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanstd(draws, axis=0, ddof=1))


def margin(se: Array | float, *, level: float, freedom: Array | float) -> Array:
    """Return the margin of error, the t quantile times the standard error.

    Parameters
    ----------
    se : (...) standard errors
    level : float
        Confidence level, such as 0.95.
    freedom : (...) degrees of freedom of the design
    """
    return np.asarray(stdtrit(freedom, (1.0 + level) / 2.0) * np.asarray(se))


def p_value(estimate: Array | float, se: Array | float, freedom: Array | float) -> Array:
    """Return the two-sided p value of ``estimate / se`` under a t distribution."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(np.asarray(estimate) / np.asarray(se))
    return np.asarray(2.0 * stdtr(freedom, -t))


def p_value_of_draws(
    draws: Array, estimate: float, *, kind: IntervalKind, freedom: float = np.inf
) -> float:
    """Return the two-sided p value that goes with an interval of the same kind.

    It is one less the level of the interval that just reaches zero, so that an interval without
    zero and a p value below one less its level are the same statement.

    Parameters
    ----------
    draws : (d) draws of a difference
    estimate : float
        The difference itself.
    kind : {"percentile", "bias-corrected"}
    freedom : float
        Degrees of freedom of the design, as in `interval`.

    Returns
    -------
    float
        No smaller than ``1 / d``: draws cannot tell smaller ones apart.

    Examples
    --------
    >>> p_value_of_draws(np.array([-1.0, 1.0, 2.0, 3.0]), 1.5, kind="percentile")
    0.5
    """
    usable = draws[np.isfinite(draws)]
    d = len(usable)
    if d < 2:
        return float("nan")
    below = (np.sum(usable < 0) + 0.5 * np.sum(usable == 0)) / d
    at = float(np.clip(below, 0.5 / d, 1.0 - 0.5 / d))
    if kind == "bias-corrected":
        at = float(ndtr(ndtri(at) - 2.0 * _bias(usable, estimate)))
    tail = float(stdtr(freedom, float(ndtri(min(at, 1.0 - at)))))
    return min(1.0, max(2.0 * tail, 1.0 / d))


def interval(
    draws: Array,
    estimate: Array | float,
    *,
    kind: IntervalKind,
    level: float,
    freedom: Array | float = np.inf,
) -> tuple[Array, Array]:
    """Return the lower and upper ends of an interval.

    Parameters
    ----------
    draws : (d, ...)
    estimate : (...) figures of the sample itself
    kind : {"percentile", "bias-corrected", "normal"}
        Quantiles of the draws; quantiles shifted by the share of draws below the estimate
        [efron1981nonparametric]; estimate plus and minus the margin of error.
    level : float
    freedom : float or (...)
        Degrees of freedom of the design. Few sampled units widen quantiles as they widen t
        against z: the tails are those of t [hesterberg2015what]. An array goes with
        ``kind="normal"`` only.

    Returns
    -------
    tuple of (...) arrays
    """
    check_interval(kind, level)
    if kind == "normal":
        half = margin(standard_error(draws), level=level, freedom=freedom)
        return np.asarray(estimate) - half, np.asarray(estimate) + half
    ends_of_t = stdtrit(freedom, np.array([(1.0 - level) / 2.0, (1.0 + level) / 2.0]))
    tails: Array = np.asarray(ndtr(ends_of_t), dtype=np.float64)
    flat = draws.reshape(len(draws), -1)
    ends = np.full((2, flat.shape[1]), np.nan)
    center = np.broadcast_to(np.asarray(estimate, dtype=np.float64), draws.shape[1:]).reshape(-1)
    whole = np.isfinite(flat).all(axis=1)
    if kind == "percentile" and whole.sum() > 1 and (np.isfinite(flat).any(axis=1) == whole).all():
        ends[:] = np.quantile(flat[whole], tails, axis=0)
    else:
        for k in range(flat.shape[1]):
            usable = flat[np.isfinite(flat[:, k]), k]
            if len(usable) > 1:
                at = tails if kind == "percentile" else _shifted(tails, usable, center[k])
                ends[:, k] = np.quantile(usable, at)
    return ends[0].reshape(draws.shape[1:]), ends[1].reshape(draws.shape[1:])


def check_interval(kind: str, level: float) -> None:
    """Raise an OptionError for an unknown kind or an impossible level."""
    faults = []
    if kind not in get_args(IntervalKind):
        faults.append(
            Fault(
                "option interval",
                f"{kind!r} is not possible",
                f"use one of {', '.join(get_args(IntervalKind))}",
            )
        )
    if not 0.5 <= level < 1:
        faults.append(Fault("option level", f"{level!r} is not a level", "try 0.95"))
    if faults:
        raise OptionError(faults)


def _shifted(tails: Array, usable: Array, estimate: float) -> Array:
    """Tail probabilities corrected for the median bias of the draws."""
    return np.asarray(ndtr(2.0 * _bias(usable, estimate) + ndtri(tails)))


def _bias(usable: Array, estimate: float) -> float:
    """Median bias of the draws, as a normal quantile: of the share of draws below the estimate."""
    below = (np.sum(usable < estimate) + 0.5 * np.sum(usable == estimate)) / len(usable)
    return float(ndtri(np.clip(below, 0.5 / len(usable), 1.0 - 0.5 / len(usable))))
