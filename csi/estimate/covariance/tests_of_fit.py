"""Tests of exact fit: standard, and scaled by casewise traces."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import chdtrc

from csi.arrays import Array
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.information import weight_of
from csi.estimate.covariance.kernel import (
    Discrepancy,
    Layout,
    along,
    implied,
    information_of,
    slopes,
)
from csi.estimate.covariance.meat import Units, saturated_trace
from csi.estimate.covariance.result import SemSample, Test
from csi.estimate.covariance.scoring import Target


def chi_square(name: str, statistic: float, freedom: float, **more: float) -> Test:
    """Return a test with its p-value from the chi-square distribution.

    Parameters
    ----------
    name : str
    statistic, freedom : float
    **more : float
        Scaling and shift.

    Examples
    --------
    >>> round(chi_square("standard", 3.84, 1).p_value, 2)
    0.05
    """
    p_value = float(chdtrc(freedom, max(statistic, 0.0))) if freedom > 0 else math.nan
    return Test(name, statistic, freedom, p_value, **more)


def residual_statistic(layout: Layout, target: Target, x: Array, multiplier: float) -> float:
    """Return the normal-theory statistic of residuals, which any consistent estimates may have.

    Parameters
    ----------
    layout : Layout
    target : Target
    x : (1, f)
    multiplier : float
        N: respondents, or N less the number of groups under Wishart.

    Notes
    -----
    Residuals with what the parameters could take up projected out, weighted by the inverse
    variances of the moments under normality [browne1984asymptotically]. Under unweighted least
    squares the discrepancy itself has no chi-square distribution.
    """
    at = implied(layout, x)
    free = layout.basis.shape[1]
    second, first, size = np.zeros((free, free)), np.zeros(free), 0.0
    for group in range(layout.groups):
        slope = slopes(layout, at, group)
        basis = layout.basis[slope.which]
        share = float(target.share[0, group])
        weight = np.asarray(np.linalg.inv(target.cov[:, group]))
        gap = weight @ (target.cov[:, group] - at.cov[:, group])
        middle = gap @ weight
        pull = along(slope, (middle + np.swapaxes(middle, -1, -2)) / 2.0)[0]
        size += share * 0.5 * float(np.einsum("bij,bji->", gap, gap))
        if slope.mean is not None:
            apart = (target.mean - at.mean)[0, group]
            pull = pull + slope.mean[0].T @ weight[0] @ apart
            size += share * float(apart @ weight[0] @ apart)
        first += share * basis.T @ pull
        second += share * basis.T @ information_of(slope, weight)[0] @ basis
    return multiplier * (size - float(first @ np.linalg.solve(second, first)))


def satorra_bentler(
    standard: Test,
    layout: Layout,
    target: Target,
    x: Array,
    sample: SemSample,
    units: Units,
    *,
    taken: float,
    kind: Discrepancy = "ml",
) -> Test:
    """Return the test scaled by the mean of its distribution.

    Parameters
    ----------
    standard : Test
    layout, target, x
        Batch of one.
    sample : SemSample
    units : Units
        Fourth moments are those of the design.
    taken : float
        Trace of the inverse expected information times the variance of the scores.
    kind : {"ml", "gls", "uls"}

    Notes
    -----
    The scaling is ``tr(U Gamma) / df`` by casewise sums [satorra1994corrections]: what the moments
    have less what the parameters take up; expected weights at the model, fourth moments of the
    sample.
    """
    weight = weight_of(target.cov[0], implied(layout, x).cov[0], kind)
    covs = np.asarray(np.linalg.inv(weight))
    saturated = saturated_trace(sample, units, covs, means=layout.means)
    return scaled(standard, "satorra-bentler", saturated - taken)


def yuan_bentler(
    standard: Test,
    sample: SemSample,
    units: Units,
    *,
    means: bool,
    bread: Array,
    meat: Array,
) -> Test:
    """Return the test scaled by the traces of the saturated and the fitted model.

    Parameters
    ----------
    standard : Test
    sample : SemSample
    units : Units
    means : bool
    bread, meat : (f, f)
        Observed information and variance of the scores, summed over respondents.

    Notes
    -----
    ``(tr(A1^-1 B1) - tr(A0^-1 B0)) / df``, the saturated model 1 at the sample's moments
    [yuan2000three], in the form of [asparouhov2005sampling].
    """
    fitted = float(np.trace(np.linalg.solve(bread, meat)))
    saturated = saturated_trace(sample, units, sample.cov, means=means)
    return scaled(standard, "yuan-bentler", saturated - fitted)


def scaled(standard: Test, name: str, trace: float) -> Test:
    """Return a test divided by ``trace / df``.

    Examples
    --------
    >>> scaled(chi_square("standard", 30.0, 10), "satorra-bentler", 15.0).statistic
    20.0
    """
    if standard.freedom <= 0 or not trace > 0:
        scaling = math.nan if standard.freedom > 0 else 1.0
        statistic = standard.statistic if standard.freedom <= 0 else math.nan
        return Test(name, statistic, standard.freedom, math.nan, scaling)
    scaling = trace / standard.freedom
    return chi_square(name, standard.statistic / scaling, standard.freedom, scaling=scaling)


def require_freedom(standard: Test) -> None:
    """Refuse an adjusted test of a model without degrees of freedom.

    Raises
    ------
    EstimationError
    """
    if standard.freedom <= 0:
        raise EstimationError(
            Fault("option tests", "ask for a test of a saturated model", "leave them out")
        )
