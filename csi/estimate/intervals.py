"""Standard errors and intervals from replicates.

Letters: d draws (first axis), R replicates with factors, any further axes; draws that could not be
used are NaN in every figure and are left out (their number is reported elsewhere).
"""

from __future__ import annotations

import warnings
from typing import Literal, get_args

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from csi.arrays import Array
from csi.errors import Fault, OptionError
from csi.estimate.bca import acceleration as acceleration
from csi.estimate.bca import median_bias, quantiles_taken, tail_reached
from csi.estimate.factors import error_of_factors

IntervalKind = Literal["normal", "percentile", "bias-corrected", "bca", "studentised"]


def standard_error(
    draws: Array,
    estimate: Array | float | None = None,
    factors: Array | None = None,
    around: Literal["estimate", "mean"] = "estimate",
) -> Array:
    """Return the standard error that draws or replicates tell.

    Parameters
    ----------
    draws : (d, ...)
        Random draws, or (R, ...) replicates that go with `factors`.
    estimate : (...) or None
        Figures of the sample itself; needed with `factors` around the estimate.
    factors : (R) or None
        None: the standard deviation over the draws, divisor one less than their number. Otherwise
        the variance is the sum of factor times squared deviation.
    around : {"estimate", "mean"}
        What deviations of replicates with factors are taken from, see
        `csi.estimate.factors.error_of_factors`.

    Returns
    -------
    (...) standard errors; NaN with fewer than two usable draws

    Raises
    ------
    OptionError
        Factors that do not go with the replicates, or no estimate to take deviations from.

    Examples
    --------
    >>> float(standard_error(np.array([1.0, 2.0, 3.0])))
    1.0
    >>> jackknife = np.array([1.5, 2.0, 2.5])  # means of 1, 2, 3 with one value left out
    >>> round(float(standard_error(jackknife, 2.0, np.full(3, 2 / 3))), 4)
    0.5774
    """
    if factors is None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return np.asarray(np.nanstd(draws, axis=0, ddof=1))
    return error_of_factors(draws, estimate, factors, around)


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
    draws: Array,
    estimate: float,
    *,
    kind: IntervalKind,
    freedom: float = np.inf,
    acceleration: Array | float | None = None,
    se: Array | float | None = None,
    draw_se: Array | None = None,
) -> float:
    """Return the two-sided p value that goes with an interval of the same kind.

    It is one less the level of the interval that just reaches zero, so that an interval without
    zero and a p value below one less its level are the same statement.

    Parameters
    ----------
    draws : (d) draws of a difference
    estimate : float
        The difference itself.
    kind : {"percentile", "bias-corrected", "bca", "studentised"}
    freedom : float
        Degrees of freedom of the design, as in `interval`.
    acceleration, se, draw_se
        As in `interval`; ``draw_se`` is (d).

    Returns
    -------
    float
        No smaller than ``1 / d``: draws cannot tell smaller ones apart.

    Examples
    --------
    >>> p_value_of_draws(np.array([-1.0, 1.0, 2.0, 3.0]), 1.5, kind="percentile")
    0.5
    """
    _check_parts(kind, acceleration, se, draw_se)
    zero = 0.0
    if kind == "studentised":
        draws, zero = _studentised(draws, estimate, draw_se), float(estimate / _not_zero(se))
    usable = draws[np.isfinite(draws)]
    d = len(usable)
    if d < 2 or np.isnan(zero):
        return float("nan")
    below = (np.sum(usable < zero) + 0.5 * np.sum(usable == zero)) / d
    at = float(np.clip(below, 0.5 / d, 1.0 - 0.5 / d))
    if kind == "studentised":
        return min(1.0, max(2.0 * min(at, 1.0 - at), 1.0 / d))
    z = float(ndtri(min(at, 1.0 - at)))
    if kind in ("bias-corrected", "bca"):
        a = float(acceleration) if kind == "bca" and acceleration is not None else 0.0
        if np.isnan(a):
            return float("nan")
        z = tail_reached(at, median_bias(usable, estimate), a)
    tail = float(stdtr(freedom, -abs(z)))
    return min(1.0, max(2.0 * tail, 1.0 / d))


def interval(
    draws: Array,
    estimate: Array | float,
    *,
    kind: IntervalKind,
    level: float,
    freedom: Array | float = np.inf,
    acceleration: Array | float | None = None,
    se: Array | float | None = None,
    draw_se: Array | None = None,
) -> tuple[Array, Array]:
    """Return the lower and upper ends of an interval.

    Parameters
    ----------
    draws : (d, ...)
    estimate : (...) figures of the sample itself
    kind : {"normal", "percentile", "bias-corrected", "bca", "studentised"}
        Estimate plus and minus the margin of error; quantiles of the draws; quantiles shifted by
        the share of draws below the estimate [efron1981nonparametric]; shifted by the
        acceleration besides [efron1987better]; estimate less quantiles of the studentised draws
        times the standard error [diciccio1996bootstrap].
    level : float
    freedom : float or (...)
        Degrees of freedom of the design. Few sampled units widen quantiles as they widen t
        against z: the tails are those of t [hesterberg2015what]. Studentised draws are as wide
        as t by themselves: there it does not count. An array goes with ``kind="normal"`` only.
    acceleration : (...) or None
        Of each figure, see `csi.estimate.bca.acceleration`; ``"bca"`` needs it.
    se : (...) or None
        Standard errors of the figures, from the sample itself; ``"studentised"`` needs them.
        For ``"normal"`` they stand in the place of the standard deviation of the draws.
    draw_se : (d, ...) or None
        Standard errors of the figures in every draw; ``"studentised"`` needs them.

    Returns
    -------
    tuple of (...) arrays

    Raises
    ------
    OptionError
        An unknown kind, an impossible level, or a kind without what it needs.
    """
    check_interval(kind, level)
    _check_parts(kind, acceleration, se, draw_se)
    if kind == "normal":
        error = standard_error(draws) if se is None else np.asarray(se)
        half = margin(error, level=level, freedom=freedom)
        return np.asarray(estimate) - half, np.asarray(estimate) + half
    shape = draws.shape[1:]
    center = np.broadcast_to(np.asarray(estimate, dtype=np.float64), shape)
    tails: Array = np.array([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    if kind == "studentised":
        size = np.broadcast_to(np.asarray(se, dtype=np.float64), shape)
        t = _studentised(draws, center, draw_se)
        ends = _quantiles(t.reshape(len(t), -1), tails).reshape(2, *shape)
        return center - ends[1] * size, center - ends[0] * size
    z: Array = np.asarray(stdtrit(freedom, tails), dtype=np.float64)
    flat = draws.reshape(len(draws), -1)
    if kind == "percentile":
        ends = _quantiles(flat, np.asarray(ndtr(z), dtype=np.float64))
    else:
        given = acceleration if kind == "bca" and acceleration is not None else 0.0
        a = np.broadcast_to(np.asarray(given, dtype=np.float64), shape).reshape(-1)
        ends = _shifted(flat, center.reshape(-1), z, a)
    return ends[0].reshape(shape), ends[1].reshape(shape)


def _quantiles(flat: Array, tails: Array) -> Array:
    """Return the quantiles of the usable draws of each figure, (2, k)."""
    whole = np.isfinite(flat).all(axis=1)
    if whole.sum() > 1 and (np.isfinite(flat).any(axis=1) == whole).all():
        return np.asarray(np.quantile(flat[whole], tails, axis=0))
    ends = np.full((2, flat.shape[1]), np.nan)
    for k in range(flat.shape[1]):
        usable = flat[np.isfinite(flat[:, k]), k]
        if len(usable) > 1:
            ends[:, k] = np.quantile(usable, tails)
    return ends


def _shifted(flat: Array, center: Array, z: Array, a: Array) -> Array:
    """Return the quantiles of each figure that its bias and acceleration ask for, (2, k)."""
    ends = np.full((2, flat.shape[1]), np.nan)
    for k in range(flat.shape[1]):
        usable = flat[np.isfinite(flat[:, k]), k]
        if len(usable) > 1 and np.isfinite(center[k]) and np.isfinite(a[k]):
            at = quantiles_taken(z, median_bias(usable, float(center[k])), float(a[k]))
            ends[:, k] = np.quantile(usable, at)
    return ends


def _studentised(draws: Array, estimate: Array | float, draw_se: Array | None) -> Array:
    """Return draws less the estimate over their own errors; NaN where an error is not above 0."""
    return np.asarray((draws - estimate) / _not_zero(draw_se))


def _not_zero(se: Array | float | None) -> Array:
    """Return standard errors, NaN where they are not above zero."""
    size = np.asarray(se, dtype=np.float64)
    return np.asarray(np.where(size > 0, size, np.nan))


def check_interval(kind: str, level: float) -> None:
    """Raise an OptionError for an unknown kind or an impossible level."""
    faults = _unknown(kind)
    if not 0.5 <= level < 1:
        faults.append(Fault("option level", f"{level!r} is not a level", "try 0.95"))
    if faults:
        raise OptionError(faults)


def check_kind(kind: str, random: bool) -> list[Fault]:
    """Return what keeps a kind of interval from these replicates; an empty list is a pass.

    Parameters
    ----------
    kind : str
    random : bool
        Whether replicates are random draws, see `csi.moments.replication.Replication.random`.

    Examples
    --------
    >>> check_kind("percentile", random=False)[0].what
    "'percentile' needs random draws, these replicates are not"
    """
    faults = _unknown(kind)
    if not faults and kind != "normal" and not random:
        what = f"{kind!r} needs random draws, these replicates are not"
        faults.append(Fault("option interval", what, "take 'normal', or bootstrap draws"))
    return faults


def _unknown(kind: str) -> list[Fault]:
    """Return the fault of an unknown kind."""
    kinds = get_args(IntervalKind)
    if kind in kinds:
        return []
    return [Fault("option interval", f"{kind!r} is not possible", f"use one of {', '.join(kinds)}")]


def _check_parts(
    kind: str,
    acceleration: Array | float | None,
    se: Array | float | None,
    draw_se: Array | None,
) -> None:
    """Raise an OptionError for a kind of interval without what it needs."""
    needed = {
        "bca": {"acceleration": acceleration},
        "studentised": {"se": se, "draw_se": draw_se},
    }
    faults = [
        Fault(f"option {name}", f"{kind!r} needs it", "give it, or take another kind of interval")
        for name, value in needed.get(kind, {}).items()
        if value is None
    ]
    if faults:
        raise OptionError(faults)
