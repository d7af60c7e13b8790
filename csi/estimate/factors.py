"""Standard errors from replicates that have factors: jackknife, BRR, supplied weights.

Letters: R replicates (first axis), any further axes.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from csi.arrays import Array
from csi.errors import Fault, OptionError


def error_of_factors(
    replicates: Array,
    estimate: Array | float | None,
    factors: Array,
    around: Literal["estimate", "mean"] = "estimate",
) -> Array:
    """Return the root of the sum of factor times squared deviation.

    Parameters
    ----------
    replicates : (R, ...)
    estimate : (...) or None
        Figures of the sample itself, for deviations from the estimate.
    factors : (R)
    around : {"estimate", "mean"}
        What deviations are taken from; the mean is that of the replicates whose factor is not
        zero.

    Returns
    -------
    (...) standard errors; NaN with fewer than two usable replicates

    Raises
    ------
    OptionError
        Factors that do not go with the replicates, or no estimate to take deviations from.

    Notes
    -----
    Replicates that could not be used count like the mean of the others: the sum is divided by
    the share of the factors that is left. Source: [wolter2007introduction].
    """
    _check(replicates, estimate, factors, around)
    weight = np.asarray(factors, dtype=np.float64).reshape(-1, *[1] * (replicates.ndim - 1))
    counted = np.isfinite(replicates) & (weight > 0)
    number = counted.sum(axis=0)
    if around == "mean":
        center = np.where(counted, replicates, 0.0).sum(axis=0) / np.maximum(number, 1)
    else:
        center = np.asarray(estimate, dtype=np.float64)
    kept = np.where(counted, weight, 0.0)
    left = kept.sum(axis=0)
    square = np.sum(kept * np.where(counted, replicates - center, 0.0) ** 2, axis=0)
    enough = number > 1
    scale = weight.sum() / np.where(enough, left, 1.0)
    return np.asarray(np.where(enough, np.sqrt(square * scale), np.nan))


def _check(replicates: Array, estimate: Array | float | None, factors: Array, around: str) -> None:
    """Raise an OptionError for factors that cannot be used with these replicates."""
    faults = []
    if np.shape(factors) != (len(replicates),):
        what = f"{np.size(factors)} factors for {len(replicates)} replicates"
        faults.append(Fault("option factors", what, "give one a replicate"))
    if not (np.isfinite(factors).all() and (np.asarray(factors) >= 0).all()):
        faults.append(Fault("option factors", "some are below zero or no number", "correct them"))
    if around not in ("estimate", "mean"):
        faults.append(Fault("option around", f"{around!r} is not possible", "estimate or mean"))
    elif around == "estimate" and estimate is None:
        faults.append(Fault("option estimate", "is missing", "give it, or take around='mean'"))
    if faults:
        raise OptionError(faults)
