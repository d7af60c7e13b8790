"""The measures of fit of a covariance fit as a table, robust ones beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.estimate.covariance.measures import (
    Baseline,
    comparative,
    goodness,
    information_criteria,
    rmsea,
    srmr,
)
from csi.estimate.covariance.result import SemFit, Test

ROBUST = ("yuan-bentler", "satorra-bentler")
"""Tests whose scaling gives robust measures."""


def measures(fit: SemFit) -> pd.DataFrame:
    """Return the measures of fit.

    Parameters
    ----------
    fit : SemFit

    Returns
    -------
    DataFrame
        ``measure, value, lower, upper, p_value, robust``: chi-square with its degrees of freedom
        in the row below, the baseline model, CFI, TLI, NFI, RMSEA with its 90 % interval and the
        p value of close fit, SRMR, GFI, log-likelihood, AIC, BIC, free parameters (thresholds
        among them), respondents.
        ``robust`` has the scaled statistic and the measures corrected with its scaling
        factor [brosseauliard2012investigation] [brosseauliard2014adjusting]; with ordinal items
        those of the scaled and shifted statistics; with missing answers the statistic alone;
        empty without a scaled test. Nothing but sizes for a fit that did not converge.
    """
    rows: list[dict[str, object]] = []
    test, base = fit.tests.get("standard"), fit.baseline.get("standard")
    if test is not None and base is not None:
        rows += _tests(fit, test, base)
        rows += _residuals(fit)
    if np.isfinite(fit.loglikelihood) and fit.converged:
        aic, bic = information_criteria(fit.loglikelihood, len(fit.x), fit.sample.total)
        rows += [
            {"measure": "log-likelihood", "value": fit.loglikelihood},
            {"measure": "AIC", "value": aic},
            {"measure": "BIC", "value": bic},
        ]
    rows += [
        {"measure": "free parameters", "value": float(_free(fit))},
        {"measure": "respondents", "value": float(fit.sample.total)},
    ]
    columns = ["measure", "value", "lower", "upper", "p_value", "robust"]
    return pd.DataFrame(rows, columns=columns)


def _free(fit: SemFit) -> int:
    """Return the number of free parameters; variances of ordinal items are one, not free."""
    model = fit.placed.model
    thresholds = sum(int(np.isfinite(values).sum()) for values in fit.thresholds.values())
    return len(fit.x) - len(model.groups) * len(model.ordinal) + thresholds


def _multiplier(fit: SemFit) -> float:
    """Return N by which chi-square is a multiple of the discrepancy; least squares take n - 1."""
    if fit.options.estimator == "dwls":
        return float(fit.sample.total - len(fit.placed.model.groups))
    return fit.sample.multiplier(fit.options)


def _scaled(fit: SemFit) -> tuple[Test | None, Test | None]:
    """Return the scaled test of the model and of the baseline, where there are both."""
    names = ("scaled-shifted",) if fit.options.estimator == "dwls" else ROBUST
    for name in names:
        if name in fit.tests and name in fit.baseline:
            return fit.tests[name], fit.baseline[name]
    return None, None


def _tests(fit: SemFit, test: Test, base: Test) -> list[dict[str, object]]:
    """Return the rows that rest on test statistics."""
    scaled, scaled_base = _scaled(fit)
    baseline = Baseline(base.statistic, int(base.freedom))
    cfi, tli, nfi = comparative(test.statistic, test.freedom, baseline)
    groups = len(fit.placed.model.groups)
    close = rmsea(test.statistic, test.freedom, _multiplier(fit), groups=groups)
    row = {"measure": "chi-square", "value": test.statistic, "p_value": test.p_value}
    found: dict[str, float] = {}
    if scaled is not None and scaled_base is not None:
        found = _robust(fit, scaled, scaled_base)
    rows: list[dict[str, object]] = [
        row,
        {"measure": "degrees of freedom", "value": test.freedom},
        {"measure": "baseline chi-square", "value": base.statistic, "p_value": base.p_value},
        {"measure": "baseline degrees of freedom", "value": base.freedom},
        {"measure": "CFI", "value": cfi},
        {"measure": "TLI", "value": tli},
        {"measure": "NFI", "value": nfi},
        {"measure": "RMSEA", "value": close.value, "lower": close.lower, "upper": close.upper,
         "p_value": close.close_p},
    ]  # fmt: skip
    return [own | {"robust": found.get(str(own["measure"]), np.nan)} for own in rows]


def _robust(fit: SemFit, test: Test, base: Test) -> dict[str, float]:
    """Return scaled chi-square and robust CFI, TLI and RMSEA."""
    shifted = test.name == "scaled-shifted"
    scaling, base_scaling = (1.0, 1.0) if shifted else (test.scaling, base.scaling)
    statistics = {"chi-square": test.statistic, "baseline chi-square": base.statistic}
    if fit.options.missing == "fiml":
        return statistics
    over = scaling * (test.statistic - test.freedom)
    most = base_scaling * (base.statistic - base.freedom)
    cfi = 1.0 - max(over, 0.0) / max(over, most, 1e-300) if max(over, most) > 0 else 1.0
    tli = 1.0 - over / test.freedom * base.freedom / most if test.freedom else 1.0
    groups = len(fit.placed.model.groups)
    n = _multiplier(fit)
    close = rmsea(test.statistic, test.freedom, n, groups=groups, scaling=scaling)
    return statistics | {"CFI": cfi, "TLI": tli, "RMSEA": close.value}


def _residuals(fit: SemFit) -> list[dict[str, object]]:
    """Return SRMR, and GFI for maximum likelihood on complete data."""
    at, sample = fit.implied, fit.sample
    cov = sample.target(fit.options).cov[0]  # with the divisor that was fitted
    given = (cov, sample.mean, at.cov[0], at.mean[0], sample.counts)
    means = fit.placed.layout.means
    rows: list[dict[str, object]] = [{"measure": "SRMR", "value": srmr(*given, means=means)}]
    if fit.options.estimator == "ml" and fit.options.missing == "complete":
        rows.append({"measure": "GFI", "value": goodness(*given, means=means)})
    return rows
