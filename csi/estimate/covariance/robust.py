"""Errors and tests of fits to complete data: from the information, sandwiches or replicates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from csi.arrays import Array, lock
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.bollen_stine import bollen_stine
from csi.estimate.covariance.bootstrap import bootstrap, draws_covariance, draws_in_words
from csi.estimate.covariance.fourth_moments import adjusted, residual_traces
from csi.estimate.covariance.information import information, normal_meat
from csi.estimate.covariance.kernel import Discrepancy, implied
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.meat import Units, meat_of, score_rows, units_of
from csi.estimate.covariance.options import Information, SemOptions
from csi.estimate.covariance.result import SemSample, Test
from csi.estimate.covariance.scoring import Target, discrepancy
from csi.estimate.covariance.tests_of_fit import (
    chi_square,
    require_freedom,
    residual_statistic,
    satorra_bentler,
    yuan_bentler,
)

FURTHER = ("mean-variance", "scaled-shifted")
"""Adjusted tests, which need fourth moments of all pairs of items."""


def errors_of(
    placed: Placed, x: Array, sample: SemSample, options: SemOptions
) -> tuple[Array, Mapping[str, Test], tuple[str, ...]]:
    """Return errors and tests of a fit to complete data.

    Parameters
    ----------
    placed : Placed
    x : (f) free parameters at the minimum
    sample : SemSample
    options : SemOptions
        ``errors``: ``standard``, ``mlm``, ``mlr`` or ``bootstrap``; ``tests``: further ones.

    Returns
    -------
    vcov : (K, K)
        Covariance matrix of the table parameters; NaN where the information cannot be inverted.
    tests : mapping of str to Test
        ``standard`` and those that go with the errors, or were asked for.
    notes : tuple of str
        What was doubtful, in words.

    Raises
    ------
    EstimationError
        Robust errors of moments without respondents, strata of a single unit, ``mlr`` of least
        squares.

    Notes
    -----
    ``mlm``: expected information and fourth moments of the sample [satorra1994corrections].
    ``mlr``: observed information and scores at the implied moments [yuan2000three]; both take
    weights, strata, clusters and sampling fractions as survey linearisation has them
    [binder1983variances]. Least squares without a weight has its errors from the covariances of
    moments under normality [browne1984asymptotically].
    """
    kind = kind_of(options)
    _require(kind, sample, options)
    target, free = sample.target(options), x[None]
    standard = standard_test(placed, free, target, sample.multiplier(options), kind)
    tests = {"standard": standard}
    base = minimum_test(placed, free, target, sample.multiplier(options), kind)
    notes = sample.unheard(options)
    units = units_of(sample, target) if _needs_rows(options) else None
    try:
        if options.errors == "bootstrap":
            drawn = bootstrap(placed, x, sample, options)
            vcov, notes = draws_covariance(drawn), draws_in_words(drawn)
        else:
            own, more = _closed(placed, free, target, sample, units, options, base)
            vcov = placed.layout.basis @ own @ placed.layout.basis.T
            tests |= more
        tests |= _further(placed, free, target, sample, units, options, base)
    except np.linalg.LinAlgError:
        size = len(placed.layout.basis)
        vcov = np.full((size, size), np.nan)
        notes = (f"{_which(options)} information is not positive definite: no errors",)
    return lock(np.asarray(vcov)), MappingProxyType(tests), notes


def kind_of(options: SemOptions) -> Discrepancy:
    """Return the discrepancy of an estimator."""
    return "ml" if options.estimator == "dwls" else options.estimator


def standard_test(
    placed: Placed, x: Array, target: Target, multiplier: float, kind: Discrepancy
) -> Test:
    """Return the test that holds for normal answers, independent and of equal weight.

    Parameters
    ----------
    placed : Placed
    x : (1, f)
    target : Target
    multiplier : float
        N.
    kind : {"ml", "gls", "uls"}
        For ``uls`` the statistic is that of the residuals.
    """
    found = minimum_test(placed, x, target, multiplier, kind)
    if kind != "uls":
        return found
    statistic = residual_statistic(placed.layout, target, x, multiplier)
    return chi_square("standard", statistic, found.freedom)


def minimum_test(
    placed: Placed, x: Array, target: Target, multiplier: float, kind: Discrepancy
) -> Test:
    """Return ``2 N F``, which scaled tests are made of; parameters as in `standard_test`."""
    layout = placed.layout
    p = target.cov.shape[-1]
    known = layout.groups * (p * (p + 1) // 2 + (p if layout.means else 0))
    value = discrepancy(target, implied(layout, x), kind, layout.means)[0]
    freedom = float(known - layout.basis.shape[1])
    return chi_square("standard", 2.0 * multiplier * float(value[0]), freedom)


def _closed(
    placed: Placed,
    x: Array,
    target: Target,
    sample: SemSample,
    units: Units | None,
    options: SemOptions,
    base: Test,
) -> tuple[Array, dict[str, Test]]:
    """Return the covariance matrix of the free parameters in closed form, and tests that go."""
    layout, kind = placed.layout, kind_of(options)
    cases = sample.multiplier(options)
    bread = cases * information(layout, target, x, kind=kind, which=_which(options))[0]
    np.linalg.cholesky(bread)  # refuses what is no minimum
    inverse = np.linalg.inv(bread)
    if options.errors == "standard" or units is None:
        if kind != "uls":
            return inverse, {}
        meat = cases * normal_meat(layout, target, x, kind=kind)[0]
        return inverse @ meat @ inverse, {}
    robust = options.errors == "mlr"
    at = implied(layout, x)
    rows = score_rows(layout, at, target, sample, units, kind=kind, sampled=not robust)
    meat = meat_of(rows, units) * (cases / sample.total)  # n - 1 for Wishart here as in the bread
    if robust:
        test = yuan_bentler(base, sample, units, means=layout.means, bread=bread, meat=meat)
    else:
        taken = float(np.trace(inverse @ meat))
        test = satorra_bentler(base, layout, target, x, sample, units, taken=taken, kind=kind)
    return inverse @ meat @ inverse, {test.name: test}


def _further(
    placed: Placed,
    x: Array,
    target: Target,
    sample: SemSample,
    units: Units | None,
    options: SemOptions,
    base: Test,
) -> dict[str, Test]:
    """Return the tests that were asked for by name."""
    found: dict[str, Test] = {}
    if options.tests:
        require_freedom(base)
    if units is not None and set(FURTHER) & set(options.tests):
        kind = kind_of(options)
        traces = residual_traces(placed.layout, target, x, sample, units, kind=kind)
        both = adjusted(base, *traces)
        found |= {test.name: test for test in both if test.name in options.tests}
    if "bollen-stine" in options.tests:
        found["bollen-stine"] = bollen_stine(placed, x[0], sample, options)
    return found


def _needs_rows(options: SemOptions) -> bool:
    return options.errors in ("mlm", "mlr") or bool(set(FURTHER) & set(options.tests))


def _require(kind: Discrepancy, sample: SemSample, options: SemOptions) -> None:
    """Refuse what has no such errors, all faults at once."""
    faults = []
    if options.errors == "mlr" and kind != "ml":
        what = f"goes with maximum likelihood, not with {kind}"
        faults.append(Fault("option errors mlr", what, "use errors mlm"))
    if not sample.rows and (options.errors != "standard" or options.tests):
        what = f"{options.errors} errors and further tests need respondents, there are moments only"
        faults.append(Fault("data", what, "give respondents, or take errors standard"))
    if faults:
        raise EstimationError(faults)


def _which(options: SemOptions) -> Information:
    """Return the information that errors rest on."""
    return "observed" if options.errors == "mlr" else options.information
