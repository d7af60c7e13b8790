"""Difference tests of nested fits: plain, and scaled for answers that are not normal."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np

from csi.errors import EstimationError, Fault, OptionError
from csi.estimate.covariance.result import SemFit, Test
from csi.estimate.covariance.robust import errors_of
from csi.estimate.covariance.scoring import Target, score
from csi.estimate.covariance.tests_of_fit import chi_square

Difference = Literal["standard", "satorra-bentler-2001", "satorra-bentler-2010"]
"""How the statistics of two nested fits are told apart."""

SCALED = ("satorra-bentler", "yuan-bentler")
"""Tests whose scaling carries over to differences."""

NESTED = 1e-8
"""A model that can give the moments of another has at most this discrepancy from them."""


def difference_test(
    restricted: SemFit, free: SemFit, method: Difference = "satorra-bentler-2010"
) -> Test:
    """Test the restrictions of one fit against a fit without them.

    Parameters
    ----------
    restricted, free : SemFit
        Of the same sample; everything `restricted` can say, `free` can.
    method : {"standard", "satorra-bentler-2001", "satorra-bentler-2010"}
        ``standard`` for normal answers. The others need fits with ``errors="mlm"`` or ``"mlr"``;
        that of 2010 cannot have a negative scaling.

    Returns
    -------
    Test
        ``scaling`` is what the difference of the standard statistics was divided by. The statistic
        is NaN where the scaling is not above zero, or the free model has no information at the
        restricted solution.

    Raises
    ------
    OptionError
        An unknown method.
    EstimationError
        Fits that are not nested or not of one sample, or have no scaled tests.

    Notes
    -----
    ``(d0 c0 - d1 c1) / (d0 - d1)`` [satorra2001scaled]; with c1 of the free model at the restricted
    solution, found as its fit to the restricted model's moments [satorra2010ensuring].
    """
    if method not in get_args(Difference):
        words = ", ".join(get_args(Difference))
        raise OptionError(
            Fault("option method", f"{method!r} is not possible", f"use one of {words}")
        )
    _require(restricted, free, method)
    freedom = float(restricted.freedom - free.freedom)
    apart = restricted.tests["standard"].statistic - free.tests["standard"].statistic
    if method == "standard":
        return chi_square(method, apart, freedom)
    name = next(name for name in SCALED if name in restricted.tests)
    own = restricted.freedom * restricted.tests[name].scaling
    if method == "satorra-bentler-2001":
        other = free.freedom * free.tests[name].scaling if free.freedom else 0.0
    else:
        other = _at_restricted(restricted, free, name)
    scaling = (own - other) / freedom
    if not scaling > 0:
        return Test(method, math.nan, freedom, math.nan, scaling)
    return chi_square(method, apart / scaling, freedom, scaling=scaling)


def _at_restricted(restricted: SemFit, free: SemFit, name: str) -> float:
    """Return the degrees of freedom times the scaling of the free model at the restricted one."""
    if not free.freedom:
        return 0.0
    at = restricted.implied
    target = Target(at.cov, at.mean, free.sample.target(free.options).share)
    found = score(free.placed.layout, target, free.x[None])
    if not (found.converged[0] and found.value[0] < NESTED):
        raise EstimationError(
            Fault(
                f"model {free.placed.model.name}",
                f"cannot give the moments of {restricted.placed.model.name}: they are not nested",
                "compare a model with the same model and fewer restrictions",
            )
        )
    tests = errors_of(free.placed, found.x[0], free.sample, free.options)[1]
    return free.freedom * tests[name].scaling if name in tests else math.nan


def _require(restricted: SemFit, free: SemFit, method: Difference) -> None:
    """Refuse fits that cannot be compared, all faults at once."""
    faults = []
    if restricted.freedom <= free.freedom:
        what = f"has {restricted.freedom} degrees of freedom, the free fit {free.freedom}"
        faults.append(Fault("restricted fit", what, "give the fit with more of them first"))
    same = np.array_equal(restricted.sample.n, free.sample.n) and np.allclose(
        restricted.sample.cov, free.sample.cov
    )
    if not same:
        faults.append(Fault("fits", "are of different samples", "fit both to the same respondents"))
    for fit, word in ((restricted, "restricted"), (free, "free")):
        if not fit.converged:
            faults.append(Fault(f"{word} fit", "did not converge", "look at the model"))
        elif "standard" not in fit.tests:
            what = "has no test: " + ("; ".join(fit.ended) or "its information has no inverse")
            faults.append(Fault(f"{word} fit", what, "look at the model"))
        if method != "standard" and not any(name in fit.tests for name in SCALED):
            fix = "fit it with errors mlm or mlr, or take method standard"
            faults.append(Fault(f"{word} fit", "has no scaled test", fix))
    if method == "satorra-bentler-2010" and free.options.missing == "fiml":
        what = "of 2010 are of complete answers"
        faults.append(Fault("scaled differences", what, "use satorra-bentler-2001, or standard"))
    if restricted.options != free.options:
        faults.append(Fault("fits", "have different options", "fit both in the same way"))
    if faults:
        raise EstimationError(faults)
