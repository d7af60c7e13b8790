"""Ordinal answers: diagonally weighted least squares of polychoric correlations, errors, tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from csi.arrays import Array, lock, readonly
from csi.estimate.covariance.kernel import Layout, implied
from csi.estimate.covariance.kernel_wls import (
    Weighted,
    information,
    pairs_of,
    sandwich,
    solve_weighted,
    traces,
)
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.meat import Units, units_of
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.ordinal_checks import check, notes_of
from csi.estimate.covariance.ordinal_design import moment_covariances, threshold_errors
from csi.estimate.covariance.ordinal_tests import adjusted, unadjusted
from csi.estimate.covariance.polychoric import OrdinalGroup, ordinal_group
from csi.estimate.covariance.result import SemSample, Test
from csi.estimate.covariance.scoring import Scored
from csi.estimate.covariance.starts import starting_values
from csi.model.sem.values import Parameter, SemModel

SINGULAR = 1e-9
"""A scaled information with a smaller eigenvalue gives no errors."""
UNIT = 1e-6
"""Implied variances of ordinal items are this close to 1, or it is told."""


@dataclass(frozen=True, slots=True, repr=False)
class OrdinalMoments:
    """What a model with ordinal items is fitted to.

    Attributes
    ----------
    sample : SemSample
        The sample with polychoric, polyserial and product-moment covariances; ordinal items have
        mean 0 and variance 1.
    groups : tuple of OrdinalGroup
    weighted : Weighted
        Moments (g, t), their weights, and (n - 1) / N of the groups, so that chi-square is 2 N F.
    thresholds, threshold_errors : mapping of item to (g, c - 1)
        NaN where a group has nobody in the category below, or above.
    notes : tuple of str
    """

    sample: SemSample
    groups: tuple[OrdinalGroup, ...]
    weighted: Weighted
    thresholds: Mapping[str, Array]
    threshold_errors: Mapping[str, Array]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class OrdinalErrors:
    """Errors and tests of a weighted least-squares fit.

    Attributes
    ----------
    vcov : (K, K) of the table parameters
    tests : mapping of str to Test
        ``standard``, and where errors are robust ``satorra-bentler`` (mean adjusted),
        ``mean-variance`` (mean and variance adjusted degrees of freedom) and
        ``scaled-shifted``. The standard statistic has no p-value beside these: it does not
        follow a chi-square distribution.
    baseline : mapping of str to Test
        The same of the model in which all items are uncorrelated.
    notes : tuple of str
    """

    vcov: Array
    tests: Mapping[str, Test]
    baseline: Mapping[str, Test]
    notes: tuple[str, ...]


def with_residuals(model: SemModel) -> SemModel:
    """Return the model with a free residual variance of every ordinal item that has none.

    An ordinal item has variance 1: its residual variance is what the constructs leave of that,
    and is found as a parameter beside it.

    Examples
    --------
    >>> loading = Parameter("Trust", "=~", "Q1")
    >>> model = with_residuals(SemModel("m", ("Trust",), ("Q1",), (loading,), ordinal=("Q1",)))
    >>> [parameter.name for parameter in model.parameters]
    ['Trust =~ Q1', 'Q1 ~~ Q1']
    """
    known = {
        (p.lhs, p.group) for p in model.parameters if p.op == "~~" and p.lhs == p.rhs
    }  # fmt: skip
    added = tuple(
        Parameter(item, "~~", item, group)
        for group in range(len(model.groups))
        for item in model.ordinal
        if (item, group) not in known and item not in model.observed
    )
    if not added:
        return model
    ordered = sorted((*model.parameters, *added), key=lambda parameter: parameter.group)
    return replace(model, parameters=tuple(ordered))


def ordinal_moments(model: SemModel, sample: SemSample, options: SemOptions) -> OrdinalMoments:
    """Return thresholds and correlations of all groups with the weights of the moments.

    Parameters
    ----------
    model : SemModel
        `SemModel.ordinal` names the ordinal items; the others are continuous.
    sample : SemSample
        With the respondents.
    options : SemOptions
        Estimator ``dwls``: weights are the inverse variances of the moments; ``uls``: 1.

    Returns
    -------
    OrdinalMoments

    Raises
    ------
    EstimationError
        What ordinal items cannot be fitted with, all at once.
    """
    check(model, sample, options)
    ordinal = np.array([item in model.ordinal for item in model.items])
    groups = tuple(ordinal_group(rows, ordinal) for rows in sample.rows)
    cov, mean = np.stack([g.cov for g in groups]), np.stack([g.mean for g in groups])
    if not ordinal.any():  # least squares of continuous items take the divisor n - 1
        cov = cov * (sample.n / (sample.n - 1.0))[:, None, None]
    rows, cols = pairs_of(len(ordinal))
    moments = cov[:, rows, cols]
    if model.means:
        moments = np.concatenate([moments, mean], axis=1)
    units = units_of(sample, sample.target(options))
    known = [_thresholds(groups, number, units) for number in range(len(groups))]
    items = [item for item in model.items if item in model.ordinal]
    values = {item: lock(np.stack([one[0][k] for one in known])) for k, item in enumerate(items)}
    errors = {item: lock(np.stack([one[1][k] for one in known])) for k, item in enumerate(items)}
    return OrdinalMoments(
        sample=replace(sample, cov=readonly(cov), mean=readonly(mean)),
        groups=groups,
        weighted=Weighted(
            lock(moments),
            lock(np.stack([_weight(g, model.means, options) for g in groups])),
            lock((sample.n - 1.0) / sample.total),
        ),
        thresholds=MappingProxyType(values),
        threshold_errors=MappingProxyType(errors),
        notes=notes_of(model, groups),
    )


def _weight(group: OrdinalGroup, means: bool, options: SemOptions) -> Array:
    """Return the weights of the moments; of variances that are 1 whatever is answered, any."""
    spread = group.spread(means=means)
    rows, cols = pairs_of(len(group.ordinal))
    fixed = (rows == cols) & group.ordinal[rows]  # known, not by size: items have any unit
    if means:
        fixed = np.concatenate([fixed, group.ordinal])
    fixed |= ~(spread > 0)
    if options.estimator == "uls":
        return np.ones(len(spread))
    typical = float(np.median(spread[~fixed])) if (~fixed).any() else 1.0
    return np.asarray(1.0 / np.where(fixed, typical, spread))


def _thresholds(
    groups: tuple[OrdinalGroup, ...], number: int, units: Units
) -> tuple[list[Array], list[Array]]:
    """Return thresholds between the categories of all groups, and their errors, item by item."""
    own = groups[number]
    errors = threshold_errors(own, number, units)
    values, spreads = [], []
    for k in range(len(own.categories)):
        every = np.unique(np.concatenate([group.categories[k] for group in groups]))
        here = own.categories[k]
        at = np.searchsorted(every, here[:-1])
        value, spread = np.full(len(every) - 1, np.nan), np.full(len(every) - 1, np.nan)
        value[at], spread[at] = own.thresholds[k][: len(at)], errors[k][: len(at)]
        values.append(value)
        spreads.append(spread)
    return values, spreads


def ordinal_solve(placed: Placed, moments: OrdinalMoments, options: SemOptions) -> Scored:
    """Fit a model to correlations of ordinal items by weighted least squares.

    Parameters
    ----------
    placed : Placed
        Of a model that `with_residuals` and `with_shares` have completed.
    moments : OrdinalMoments
    options : SemOptions

    Returns
    -------
    Scored
        A batch of one.

    Notes
    -----
    Thresholds are saturated. The delta parameterisation: ordinal items have variance 1, here as
    moments that are fitted exactly by their free residual variances.
    """
    sample = moments.sample
    start = starting_values(placed, sample.cov[None], sample.mean[None])[0]
    found = solve_weighted(placed.layout, moments.weighted, start, options.tolerance)
    return Scored(
        found.x[None],
        np.array([found.value]),
        np.array([found.decrement]),
        np.array([found.steps]),
        np.array([found.converged]),
    )


def ordinal_information(placed: Placed, moments: OrdinalMoments, x: Array) -> Array:
    """Return the information (f, f) of one respondent: singular where parameters stay open."""
    return information(placed.layout, moments.weighted, x)


def ordinal_errors(
    placed: Placed, moments: OrdinalMoments, x: Array, options: SemOptions
) -> OrdinalErrors:
    """Return the errors and tests of a weighted least-squares fit.

    Parameters
    ----------
    placed : Placed
    moments : OrdinalMoments
    x : (f) free parameters
    options : SemOptions
        With ordinal items errors are always robust, and follow the survey's weights, strata and
        clusters. With continuous items alone and ``errors="standard"`` they are those of weights
        taken for the whole inverse covariance matrix, which understate the uncertainty.

    Returns
    -------
    OrdinalErrors

    Notes
    -----
    Sandwich with the full covariance matrix of the moments; the test is scaled and shifted so
    that mean and variance are those of chi-square [muthen1997robust; asparouhov2010simple]. A
    group counts as n - 1, in errors and in tests.
    """
    layout, weighted, sample = placed.layout, moments.weighted, moments.sample
    information_ = information(layout, weighted, x)
    freedom = int(weighted.moments.size - len(x))
    statistic = 2.0 * sample.total * _value(layout, moments, x)
    uncorrelated, lost = _uncorrelated(placed, moments)
    regular = _regular(information_)
    if not regular or (options.errors == "standard" and not placed.model.ordinal):
        inner = np.linalg.inv(information_) if regular else np.full_like(information_, np.nan)
        return OrdinalErrors(
            lock(layout.basis @ inner @ layout.basis.T / sample.total),
            unadjusted(statistic, freedom),
            unadjusted(uncorrelated, lost),
            _deviations(placed, x),
        )
    units = units_of(sample, sample.target(options))
    gamma = moment_covariances(moments.groups, units, means=placed.model.means)
    found = sandwich(layout, weighted, x, gamma)
    half = np.linalg.solve(found.bread, found.meat)
    inner = np.linalg.solve(found.bread, half.T) / sample.total
    apart = _apart(placed, moments).reshape(len(gamma), -1)
    base = np.sum([traces(w, G) for w, G in zip(apart, gamma, strict=True)], axis=0)
    return OrdinalErrors(
        lock(layout.basis @ inner @ layout.basis.T),
        adjusted(statistic, freedom, found.first, found.second),
        adjusted(uncorrelated, lost, float(base[0]), float(base[1])),
        _deviations(placed, x),
    )


def _value(layout: Layout, moments: OrdinalMoments, x: Array) -> float:
    at = implied(layout, x[None])
    rows, cols = pairs_of(at.cov.shape[-1])
    expected = at.cov[0][:, rows, cols]
    if layout.means:
        expected = np.concatenate([expected, at.mean[0]], axis=1)
    weighted = moments.weighted
    gap = weighted.moments - expected
    return float(0.5 * np.sum(weighted.share[:, None] * weighted.weight * gap**2))


def _apart(placed: Placed, moments: OrdinalMoments) -> Array:
    """Return the weights (g, t) of the moments that are zero in the uncorrelated model."""
    rows, cols = pairs_of(len(placed.model.items))
    weight = np.zeros_like(moments.weighted.weight)
    weight[:, : len(rows)] = np.where(rows != cols, moments.weighted.weight[:, : len(rows)], 0.0)
    return weight


def _uncorrelated(placed: Placed, moments: OrdinalMoments) -> tuple[float, int]:
    """Return chi-square and its degrees of freedom where all items are uncorrelated."""
    weight, weighted = _apart(placed, moments), moments.weighted
    value = np.sum(weighted.share[:, None] * weight * weighted.moments**2)
    return float(moments.sample.total * value), int(np.sum(weight > 0))


def _regular(information_: Array) -> bool:
    if not np.isfinite(information_).all():
        return False
    size = np.sqrt(np.maximum(np.diag(information_), 1e-300))
    return bool(np.linalg.eigvalsh(information_ / np.outer(size, size))[0] > SINGULAR)


def _deviations(placed: Placed, x: Array) -> tuple[str, ...]:
    """Say which ordinal items the model does not give variance 1."""
    model = placed.model
    cov = implied(placed.layout, x[None]).cov[0]
    return tuple(
        f"ordinal item {item}: the model gives it variance {float(cov[g, k, k]):.4f} and not 1; "
        "leave its residual variance free"
        for g in range(len(model.groups))
        for k, item in enumerate(model.items)
        if item in model.ordinal and abs(cov[g, k, k] - 1.0) > UNIT
    )
