"""Measures of fit of a covariance structure, as numbers.

Letters: p items, g groups; S, m sample covariances and means, Sigma, mu implied ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtrc, chndtr

from csi.arrays import Array

CLOSE = 0.05
"""RMSEA of close fit."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The model in which all items are independent."""

    statistic: float
    freedom: int


@dataclass(frozen=True, slots=True)
class Rmsea:
    """Root mean square error of approximation with its interval and the test of close fit."""

    value: float
    lower: float
    upper: float
    close_p: float


def independence(cov: Array, n: Array, multiplier: float) -> Baseline:
    """Return the fit of independent items; means and variances are free.

    Parameters
    ----------
    cov : (g, p, p)
    n : (g) respondents, or their shares
    multiplier : float
        Chi-square is the multiplier times the mean discrepancy of the groups.
    """
    share = n / n.sum()
    log = np.log(np.einsum("gii->gi", cov)).sum(axis=1) - np.linalg.slogdet(cov)[1]
    g, p = cov.shape[:2]
    return Baseline(float(multiplier * share @ log), int(g * p * (p - 1) // 2))


def comparative(statistic: float, freedom: float, baseline: Baseline) -> tuple[float, float, float]:
    """Return CFI, TLI and NFI.

    CFI lies between 0 and 1 [bentler1990comparative]; TLI [tucker1973reliability] and NFI
    [bentler1980significance] do not have to.
    """
    if not (np.isfinite(statistic) and np.isfinite(baseline.statistic)):
        return np.nan, np.nan, np.nan
    if not baseline.freedom:  # a single item: there is nothing to compare with
        return np.nan, np.nan, np.nan
    over = max(statistic - freedom, 0.0)
    most = max(over, baseline.statistic - baseline.freedom, 0.0)
    cfi = 1.0 - over / most if most > 0 else 1.0
    ratio = baseline.statistic / baseline.freedom
    tli = (ratio - statistic / freedom) / (ratio - 1.0) if freedom else 1.0
    nfi = 1.0 - statistic / baseline.statistic
    return float(cfi), float(tli), float(nfi)


def rmsea(
    statistic: float,
    freedom: float,
    n: float,
    *,
    groups: int = 1,
    scaling: float = 1.0,
    level: float = 0.90,
) -> Rmsea:
    """Return RMSEA with its interval, and the p value of the test that it is 0.05 at most.

    Parameters
    ----------
    statistic, freedom : float
        The test statistic whose excess over its degrees of freedom is the misfit.
    n : float
        Respondents.
    groups : int
    scaling : float
        The scaling factor of a robust test, for the robust RMSEA; `statistic` is the scaled one.
    level : float
        Of the interval.

    Notes
    -----
    From the noncentral chi-square [steiger1990structural], [browne1992alternative].
    """
    if not np.isfinite(statistic):
        return Rmsea(np.nan, np.nan, np.nan, np.nan)
    if not freedom:
        return Rmsea(0.0, 0.0, 0.0, np.nan)
    size = scaling * groups / (freedom * n)

    def of(excess: float) -> float:
        return float(np.sqrt(max(excess, 0.0) * size))

    def ends(share: float) -> float:
        def gap(excess: float) -> float:
            return float(chndtr(statistic, freedom, excess)) - share

        if gap(0.0) <= 0:
            return 0.0
        high = max(statistic, freedom, 1.0)
        while gap(high) > 0:
            high *= 2.0
        return float(brentq(gap, 0.0, high, xtol=1e-10))

    lower, upper = ends((1.0 + level) / 2.0), ends((1.0 - level) / 2.0)
    close = 1.0 - float(chndtr(statistic, freedom, CLOSE**2 / size))
    return Rmsea(of(statistic - freedom), of(lower), of(upper), close)


def srmr(
    cov: Array, mean: Array, fitted: Array, fitted_mean: Array, n: Array, *, means: bool
) -> float:
    """Return the standardised root mean square residual, groups by their respondents.

    Residuals are divided by the items' sample standard deviations, variances and (with `means`)
    means among them [bentler1995eqs].
    """
    p = cov.shape[-1]
    sd = np.sqrt(np.einsum("gii->gi", cov))
    away = (cov - fitted) / (sd[:, :, None] * sd[:, None, :])
    i, j = np.tril_indices(p)
    total = (away[:, i, j] ** 2).sum(axis=1)
    count = p * (p + 1) / 2
    if means:
        total = total + (((mean - fitted_mean) / sd) ** 2).sum(axis=1)
        count += p
    return float(n @ np.sqrt(total / count) / n.sum())


def goodness(
    cov: Array, mean: Array, fitted: Array, fitted_mean: Array, n: Array, *, means: bool
) -> float:
    """Return GFI under maximum likelihood, the mean of the groups by their respondents.

    One less the weighted sum of squared residuals over that of the sample moments, weights from
    the implied moments [joreskog1981lisrel].
    """
    weight = np.linalg.inv(fitted)
    gap, own = weight @ (cov - fitted), weight @ cov
    above = 0.5 * np.einsum("gij,gji->g", gap, gap)
    below = 0.5 * np.einsum("gij,gji->g", own, own)
    if means:
        apart = mean - fitted_mean
        above = above + np.einsum("gi,gij,gj->g", apart, weight, apart)
        below = below + np.einsum("gi,gij,gj->g", mean, weight, mean)
    return float(n @ (1.0 - above / below) / n.sum())


def log_likelihood(
    cov: Array, mean: Array, fitted: Array, fitted_mean: Array, n: Array, *, means: bool
) -> float:
    """Return the normal log-likelihood of the sample at the implied moments."""
    p = cov.shape[-1]
    apart = mean - fitted_mean if means else np.zeros_like(mean)
    inner = cov + apart[:, :, None] * apart[:, None, :]
    log = np.linalg.slogdet(fitted)[1]
    trace = np.einsum("gii->g", np.linalg.solve(fitted, inner))
    return float(-0.5 * n @ (p * np.log(2.0 * np.pi) + log + trace))


def information_criteria(logl: float, parameters: int, n: float) -> tuple[float, float]:
    """Return AIC and BIC."""
    return -2.0 * logl + 2.0 * parameters, -2.0 * logl + np.log(n) * parameters


def chi_square_p(statistic: float, freedom: float) -> float:
    """Return the p value of a chi-square; NaN without degrees of freedom."""
    return float(chdtrc(freedom, statistic)) if freedom > 0 else float("nan")
