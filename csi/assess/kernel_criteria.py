"""Information criteria of one regression of a path model, as numbers.

Letters: n sample size, k predictors and the constant, sse sum of squared errors of a construct of
variance one, mse mean squared error of the full model. Smaller is better for all of them; values
can be compared only between models of the same construct in the same sample.

Source of all formulas: [sharma2019pls], [mcquarrie1998regression].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from csi.arrays import Array


def error_sum(r2: Array, n: Array) -> Array:
    """Return the sum of squared errors of a standardised construct, ``(1 - R2) (n - 1)``.

    NaN where R2 is 1 or more: an inadmissible fit has no criteria.
    """
    left = (1.0 - r2) * (n - 1.0)
    return np.asarray(np.where(left > 0, left, np.nan))


def aic(sse: Array, n: Array, k: Array) -> Array:
    """Return Akaike's criterion.

    Examples
    --------
    >>> sse = error_sum(np.array(0.5), np.array(101.0))  # 50
    >>> float(aic(sse, np.array(101.0), np.array(3.0)).round(4))  # 101 log(50 / 101) + 6
    -65.0128
    """
    return np.asarray(n * np.log(sse / n) + 2.0 * k)


def aicc(sse: Array, n: Array, k: Array) -> Array:
    """Return Akaike's criterion corrected for small samples [hurvich1989regression].

    As in the literature on PLS it has a constant of about n more than `aic`.
    """
    return np.asarray(n * np.log(sse / n) + n * (n + k) / (n - k - 2.0))


def aicu(sse: Array, n: Array, k: Array) -> Array:
    """Return Akaike's criterion from the unbiased error variance."""
    return np.asarray(n * np.log(sse / (n - k)) + 2.0 * k)


def bic(sse: Array, n: Array, k: Array) -> Array:
    """Return the Bayesian criterion [schwarz1978estimating].

    Examples
    --------
    >>> sse, n, k = np.array(50.0), np.array(101.0), np.array(3.0)
    >>> float((bic(sse, n, k) - aic(sse, n, k)).round(4))  # 3 (log(101) - 2)
    7.8454
    """
    return np.asarray(n * np.log(sse / n) + k * np.log(n))


def fpe(sse: Array, n: Array, k: Array) -> Array:
    """Return the final prediction error."""
    return np.asarray(sse / (n - k) * (1.0 + k / n))


def hq(sse: Array, n: Array, k: Array) -> Array:
    """Return the criterion of Hannan and Quinn [hannan1979determination]."""
    return np.asarray(n * np.log(sse / n) + 2.0 * k * np.log(np.log(n)))


def hqc(sse: Array, n: Array, k: Array) -> Array:
    """Return the criterion of Hannan and Quinn corrected for small samples."""
    return np.asarray(n * (np.log(sse / n) + 2.0 * k * np.log(np.log(n)) / (n - k - 2.0)))


def mallows(sse: Array, n: Array, k: Array, mse: Array) -> Array:
    """Return Mallows' Cp [mallows1973some]; k for the full model itself.

    Examples
    --------
    >>> n, k = np.array(101.0), np.array(3.0)
    >>> float(mallows(np.array(50.0), n, k, 50.0 / (n - k)))
    3.0
    """
    return np.asarray(sse / mse - (n - 2.0 * k))


def geweke_meese(sse: Array, n: Array, k: Array, mse: Array) -> Array:
    """Return the criterion of Geweke and Meese."""
    return np.asarray(sse / mse + k * np.log(n))


OWN: Mapping[str, Callable[[Array, Array, Array], Array]] = MappingProxyType(
    {"AIC": aic, "AICc": aicc, "AICu": aicu, "BIC": bic, "FPE": fpe, "HQ": hq, "HQc": hqc}
)
"""Criteria that need nothing but the model's own error."""

AGAINST_FULL: Mapping[str, Callable[[Array, Array, Array, Array], Array]] = MappingProxyType(
    {"Cp": mallows, "GM": geweke_meese}
)
"""Criteria that need the error of the full model too."""


def weights_of(values: Array) -> Array:
    """Return the weight of evidence of each model from its criterion, (..., m), adding to one.

    Parameters
    ----------
    values : (..., m) AIC (Akaike weights) or BIC (approximate posterior probabilities, all models
        alike before) of m models; NaN has no weight

    Notes
    -----
    ``exp(-d / 2)`` over its sum, d the distance from the smallest
    [wagenmakers2004aic], [raftery1995bayesian], [danks2020model].

    Examples
    --------
    >>> weights_of(np.array([10.0, 10.0 + 2 * np.log(3.0)])).round(12).tolist()
    [0.75, 0.25]
    """
    there = np.isfinite(values)
    least = np.min(np.where(there, values, np.inf), axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.where(there, np.exp(-0.5 * (values - least)), 0.0)
        return np.asarray(raw / raw.sum(axis=-1, keepdims=True))
