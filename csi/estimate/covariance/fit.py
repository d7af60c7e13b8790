"""The road of a covariance fit: from a model and data to a fit with errors and tests."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from scipy.special import chdtrc

from csi.arrays import Array, lock, one_thread
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.kernel import Layout, implied
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemFit, SemSample, Test
from csi.estimate.covariance.sample import Data, sample_of, with_shares
from csi.estimate.covariance.scoring import Scored, gradient, score
from csi.estimate.covariance.semopy_engine import semopy_scored
from csi.estimate.covariance.starts import starting_values
from csi.model.sem.values import SemModel

SINGULAR = 1e-9
"""A scaled information with a smaller eigenvalue leaves a parameter open."""


def fit_sem(
    model: SemModel, data: Data, options: SemOptions | None = None, *, by: str = ""
) -> SemFit:
    """Fit a structural equation model.

    Parameters
    ----------
    model : SemModel
    data : Survey, DataFrame or Moments
    options : SemOptions, optional
    by : str
        Key of the groups, where the model has several.

    Returns
    -------
    SemFit

    Raises
    ------
    EstimationError
        Items and groups that are not in the data, too few respondents, a model that has more
        parameters than moments or leaves parameters open (named).
    """
    options = options or SemOptions()
    with one_thread():
        sample = sample_of(model, data, options, by=by)
        placed = place(with_shares(model, sample))
        freedom = _freedom(placed)
        scored = _solve(placed, sample, options)
        return _result(placed, sample, options, scored, freedom)


def moments_count(layout: Layout) -> int:
    """Return the number of sample moments that a model is fitted to."""
    p = layout.fixed[3].shape[-1]
    return int(layout.groups * (p * (p + 1) // 2 + (p if layout.means else 0)))


def _freedom(placed: Placed) -> int:
    layout = placed.layout
    free, known = int(layout.basis.shape[1]), moments_count(layout)
    if free > known:
        raise EstimationError(
            Fault(
                f"model {placed.model.name}",
                f"has {free} free parameters and only {known} moments",
                "fix or equate parameters, or take more items",
            )
        )
    return known - free


def _solve(placed: Placed, sample: SemSample, options: SemOptions) -> Scored:
    target = sample.target(options)
    if options.engine == "semopy":
        return semopy_scored(placed, target, options)
    start = starting_values(placed, sample.cov[None], sample.mean[None])
    kind = "ml" if options.estimator == "dwls" else options.estimator
    return score(placed.layout, target, start, kind=kind, tolerance=options.tolerance)


def _result(
    placed: Placed, sample: SemSample, options: SemOptions, scored: Scored, freedom: int
) -> SemFit:
    layout = placed.layout
    x = scored.x[0]
    target = sample.target(options)
    kind = "ml" if options.estimator == "dwls" else options.estimator
    information = gradient(layout, target, implied(layout, scored.x), kind)[1][0]
    multiplier = sample.multiplier(options)
    open_ = open_parameters(placed, information)
    vcov = np.full((len(layout.matrix), len(layout.matrix)), np.nan)
    if not open_ and scored.converged[0]:
        vcov = layout.basis @ np.linalg.inv(information * multiplier) @ layout.basis.T
    statistic = 2.0 * multiplier * float(scored.value[0])
    p_value = float(chdtrc(freedom, statistic)) if freedom else np.nan
    tests = {"standard": Test("standard", statistic, freedom, p_value)}
    ended = [f"parameter {name} is not identified" for name in open_]
    if not scored.converged[0]:
        ended.insert(0, f"not converged after {int(scored.steps[0])} steps")
    return SemFit(
        placed=placed,
        options=options,
        sample=sample,
        x=lock(x),
        values=lock(layout.offset + layout.basis @ x),
        vcov=lock(vcov),
        value=float(scored.value[0]),
        converged=bool(scored.converged[0]),
        steps=int(scored.steps[0]),
        freedom=freedom,
        tests=MappingProxyType(tests),
        ended=tuple(ended),
    )


def open_parameters(placed: Placed, information: Array) -> list[str]:
    """Return the names of parameters that the moments leave open."""
    size = np.sqrt(np.maximum(np.diag(information), 1e-300))
    values, vectors = np.linalg.eigh(information / np.outer(size, size))
    names = []
    for k in np.flatnonzero(values < SINGULAR):
        free = int(np.argmax(np.abs(vectors[:, k])))
        table = int(np.argmax(np.abs(placed.layout.basis[:, free])))
        names.append(placed.free[table].name)
    return list(dict.fromkeys(names))
