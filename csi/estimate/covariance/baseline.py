"""The baseline model, in which all items are independent, and its tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.measures import chi_square_p, independence
from csi.estimate.covariance.meat import Units, saturated_trace, units_of
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemSample, Test
from csi.estimate.covariance.robust import errors_of, kind_of
from csi.estimate.covariance.scoring import Target, score
from csi.estimate.covariance.tests_of_fit import scaled
from csi.model.sem.values import Parameter, SemModel


def independent_tests(placed: Placed, sample: SemSample, options: SemOptions) -> Mapping[str, Test]:
    """Return the tests of independent items: variances (and means) are free.

    Parameters
    ----------
    placed : Placed
        Of the model whose baseline is wanted.
    sample : SemSample
    options : SemOptions
        Robust errors give a scaled test as well.
    """
    target, multiplier = sample.target(options), sample.multiplier(options)
    if options.estimator in ("gls", "uls"):
        return _by_least_squares(placed.model, sample, options)
    base = independence(target.cov[0], target.share[0], multiplier)
    p_value = chi_square_p(base.statistic, base.freedom)
    standard = {"standard": Test("standard", base.statistic, base.freedom, p_value)}
    if options.errors not in ("mlm", "mlr") or not sample.rows:
        return standard
    if options.errors == "mlr" and options.estimator == "ml":
        units = units_of(sample, target)
        if units.plain:
            test = _plain(standard["standard"], sample, units, target, means=placed.layout.means)
            return standard | {test.name: test}
    alone = _alone(placed.model)
    values = _moments(alone, sample, target)
    found = errors_of(alone, values, sample, replace(options, tests=()))[1]
    return standard | {name: test for name, test in found.items() if name != "standard"}


def _by_least_squares(
    model: SemModel, sample: SemSample, options: SemOptions
) -> Mapping[str, Test]:
    """Return the tests of independent items fitted as the model is: its own kind of chi-square."""
    alone = _alone(model)
    target = sample.target(options)
    start = _moments(alone, sample, target)
    found = score(alone.layout, target, start[None], kind=kind_of(options))
    errors = options.errors if options.errors == "mlm" and sample.rows else "standard"
    plain = replace(options, tests=(), errors=errors)
    return errors_of(alone, found.x[0], sample, plain)[1]


def _alone(model: SemModel) -> Placed:
    """Return the model of independent items; a construct that measures none is there for form."""
    groups = range(len(model.groups))
    variances = [Parameter(item, "~~", item, g) for g in groups for item in model.items]
    means = [Parameter(item, "~1", "", g) for g in groups for item in model.items if model.means]
    apart = [Parameter("nothing", "~~", "nothing", g, 1.0) for g in groups]
    return place(
        replace(
            model,
            constructs=("nothing",),
            parameters=(*variances, *means, *apart),
            defined=(),
            equalities=(),
        )
    )


def _moments(alone: Placed, sample: SemSample, target: Target) -> Array:
    """Return the sample's variances and means in the order of the parameters."""
    items = alone.model.items
    values = [
        sample.mean[p.group, items.index(p.lhs)]
        if p.op == "~1"
        else target.cov[0, p.group, items.index(p.lhs), items.index(p.lhs)]
        for p in alone.free
    ]
    return np.array(values, dtype=np.float64)


def _plain(standard: Test, sample: SemSample, units: Units, target: Target, *, means: bool) -> Test:
    """Return the Yuan-Bentler test in closed form, for respondents that are units of their own.

    Scores of variances are ``(d**2 - s) / (2 s**2)`` and of means ``d / s``, their information
    ``1 / (2 s**2)`` and ``1 / s``: no two parameters share any.
    """
    fitted = 0.0
    for group, part in enumerate(sample.rows):
        w = units.weights[group]
        variance = np.diag(target.cov[0, group])
        away = part.rows - sample.mean[group]
        square = away**2
        total = float(w.sum())
        spread = (w**2 @ (square - variance) ** 2) / (2.0 * variance**2 * total)
        fitted += float(spread.sum())
        if means:
            fitted += float(((w**2 @ square) / (variance * total)).sum())
    saturated = saturated_trace(sample, units, sample.cov, means=means)
    return scaled(standard, "yuan-bentler", saturated - fitted)
