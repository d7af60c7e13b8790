"""Tests of fit of weighted least squares: adjusted to the mean and variance of chi-square."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from scipy.special import chdtrc

from csi.estimate.covariance.result import Test


def unadjusted(statistic: float, freedom: int) -> Mapping[str, Test]:
    """Return the standard test alone, as if its statistic followed a chi-square distribution.

    Examples
    --------
    >>> round(unadjusted(3.841459, 1)["standard"].p_value, 6)
    0.05
    """
    p_value = float(chdtrc(freedom, statistic)) if freedom else np.nan
    return MappingProxyType({"standard": Test("standard", statistic, freedom, p_value)})


def adjusted(statistic: float, freedom: int, first: float, second: float) -> Mapping[str, Test]:
    r"""Return the tests of a statistic that is a weighted sum of chi-squares.

    Parameters
    ----------
    statistic : float
    freedom : int
        Moments less parameters, d.
    first, second : float
        Traces of U Gamma and of its square: the statistic has the mean ``first`` and the variance
        ``2 second``.

    Returns
    -------
    mapping of str to Test
        ``standard`` without a p-value; ``satorra-bentler``, divided to the mean d
        [satorra1994corrections]; ``mean-variance``, with the degrees of freedom that give the
        variance too [muthen1997robust]; ``scaled-shifted``, divided and moved to mean d and
        variance 2 d [asparouhov2010simple].

    Examples
    --------
    >>> tests = adjusted(12.0, 10, 10.0, 10.0)  # a chi-square already
    >>> [round(test.statistic, 6) for test in tests.values()]
    [12.0, 12.0, 12.0, 12.0]
    >>> round(adjusted(12.0, 10, 5.0, 4.0)["mean-variance"].freedom, 6)
    6.25
    """
    tests = {"standard": Test("standard", statistic, freedom, np.nan)}
    if freedom and first > 0 and second > 0:
        fewer = first**2 / second
        scaling = float(np.sqrt(second / freedom))
        for name, degrees, divisor, shift in (
            ("satorra-bentler", float(freedom), first / freedom, 0.0),
            ("mean-variance", fewer, first / fewer, 0.0),
            ("scaled-shifted", float(freedom), scaling, freedom - first / scaling),
        ):
            changed = statistic / divisor + shift
            p_value = float(chdtrc(degrees, max(changed, 0.0)))
            tests[name] = Test(name, changed, degrees, p_value, divisor, shift)
    return MappingProxyType(tests)
