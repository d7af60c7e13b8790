"""The road of a covariance fit: from a model and data to a fit with errors and tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from csi.arrays import Array, lock, one_thread
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.baseline import independent_tests
from csi.estimate.covariance.fiml import fiml_solve
from csi.estimate.covariance.fiml_errors import fiml_errors
from csi.estimate.covariance.identified import open_parameters
from csi.estimate.covariance.kernel import Layout, implied
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.measures import (
    log_likelihood,
)
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.ordinal import (
    ordinal_errors,
    ordinal_information,
    ordinal_moments,
    ordinal_solve,
    with_residuals,
)
from csi.estimate.covariance.result import SemFit, SemSample, Test
from csi.estimate.covariance.robust import errors_of, kind_of
from csi.estimate.covariance.sample import Data, sample_of, with_shares
from csi.estimate.covariance.scoring import Scored, gradient, score
from csi.estimate.covariance.semopy_engine import semopy_scored
from csi.estimate.covariance.starts import starting_values
from csi.model.model import Model
from csi.model.sem.build import sem_of, with_means
from csi.model.sem.text import sem_from_text
from csi.model.sem.values import Parameter, SemModel


@dataclass(frozen=True, slots=True)
class _Ended:
    """What one kind of fit found, before it becomes a `SemFit`."""

    sample: SemSample
    scored: Scored
    information: Array
    vcov: Array
    tests: Mapping[str, Test]
    baseline: Mapping[str, Test]
    loglikelihood: float
    unrestricted: float
    notes: Sequence[str]
    thresholds: Mapping[str, Array]


def fit_sem(
    model: Model | SemModel | str,
    data: Data,
    options: SemOptions | None = None,
    *,
    by: str = "",
    ordinal: Sequence[str] = (),
) -> SemFit:
    """Fit a structural equation model by its covariances.

    Parameters
    ----------
    model : Model, SemModel or str
        A satisfaction model, a model with every parameter spelt out, or lavaan-style text.
    data : Survey, DataFrame or Moments
        Respondents with their design; answers alone; or moments, one member a group.
    options : SemOptions, optional
    by : str
        Key (or column) of the groups, where the model has several.
    ordinal : sequence of str
        Items whose answers are taken for ordered categories, beside those the model names.

    Returns
    -------
    SemFit

    Raises
    ------
    ModelError
        Faults of the model or its text.
    EstimationError
        Items and groups that are not in the data, too few respondents, more parameters than
        moments.

    Notes
    -----
    A parameter beyond its bound (a variance below zero with ``admissible=True``) is held there and
    the rest fitted again; it counts as fixed, and ``ended`` says so. Discrepancy functions of
    [joreskog1977structural] by Fisher scoring; missing answers by full-information maximum
    likelihood [arbuckle1996full]; ordinal items by diagonally weighted least squares of
    polychoric correlations [muthen1997robust].
    """
    options = options or SemOptions()
    chosen = _model_of(model, ordinal)
    if chosen.ordinal and options.estimator != "dwls":
        options = replace(options, estimator="dwls", errors="mlr")
    if options.missing == "fiml":
        chosen = with_means(chosen)
    if options.estimator == "dwls":
        chosen = with_residuals(chosen)
    with one_thread():
        sample = sample_of(chosen, data, options, by=by)
        settled, held = with_shares(chosen, sample), list[str]()
        while True:
            placed = place(settled)
            ended = _ended(placed, sample, options)
            beyond = _beyond(placed, ended.scored.x[0], options)
            if not beyond or not ended.scored.converged[0]:
                return _result(placed, options, ended, _freedom(placed), held)
            held += [f"{p.name} is held at its bound, {value:g}" for p, value in beyond]
            settled = _held(settled, beyond)


def _ended(placed: Placed, sample: SemSample, options: SemOptions) -> _Ended:
    """Fit in the way that the options ask for."""
    _freedom(placed)
    if options.missing == "fiml":
        return _by_patterns(placed, sample, options)
    if options.estimator == "dwls":
        return _by_categories(placed, sample, options)
    return _by_moments(placed, sample, options)


def _beyond(placed: Placed, x: Array, options: SemOptions) -> list[tuple[Parameter, float]]:
    """Return the parameters that lie beyond their bounds, each with the bound."""
    values = placed.layout.offset + placed.layout.basis @ x
    found = []
    for parameter, value in zip(placed.free, values, strict=True):
        lower = parameter.lower
        if options.admissible and parameter.op == "~~" and parameter.lhs == parameter.rhs:
            lower = max(0.0, lower or 0.0)
        if lower is not None and value < lower:
            found.append((parameter, lower))
        elif parameter.upper is not None and value > parameter.upper:
            found.append((parameter, parameter.upper))
    return found


def _held(model: SemModel, beyond: list[tuple[Parameter, float]]) -> SemModel:
    """Return the model with parameters fixed at their bounds, and those that are equal to them."""
    labels = {p.label: value for p, value in beyond if p.label}
    own = {id(p): value for p, value in beyond}

    def settled(p: Parameter) -> Parameter:
        value = own.get(id(p), labels.get(p.label) if p.label else None)
        return p if value is None or p.fixed is not None else replace(p, fixed=value)

    return replace(model, parameters=tuple(map(settled, model.parameters)))


def _model_of(model: Model | SemModel | str, ordinal: Sequence[str]) -> SemModel:
    """Return the model with every parameter spelt out."""
    if isinstance(model, str):
        found = sem_from_text(model)
    else:
        found = sem_of(model) if isinstance(model, Model) else model
    unknown = [item for item in ordinal if item not in found.items]
    if unknown:
        raise EstimationError(
            [Fault(f"ordinal item {item}", "is not in the model", "correct the name")
             for item in unknown]
        )  # fmt: skip
    if not ordinal:
        return found
    return replace(found, ordinal=tuple(i for i in found.items if i in {*found.ordinal, *ordinal}))


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


def _by_moments(placed: Placed, sample: SemSample, options: SemOptions) -> _Ended:
    """Fit to complete answers or moments."""
    target, kind = sample.target(options), kind_of(options)
    if options.engine == "semopy":
        scored = semopy_scored(placed, target, options)
    else:
        start = starting_values(placed, sample.cov[None], sample.mean[None])
        scored = score(placed.layout, target, start, kind=kind, tolerance=options.tolerance)
    information = gradient(placed.layout, target, implied(placed.layout, scored.x), kind)[1][0]
    sound = bool(scored.converged[0]) and not open_parameters(placed, information, scored.x[0])
    size = len(placed.layout.matrix)
    vcov: Array = np.full((size, size), np.nan)
    tests: Mapping[str, Test] = {}
    notes: Sequence[str] = ()
    if sound:
        vcov, tests, notes = errors_of(placed, scored.x[0], sample, options)
    baseline = independent_tests(placed, sample, options)
    at = implied(placed.layout, scored.x)
    means = placed.layout.means
    own, most = (
        log_likelihood(sample.cov, sample.mean, cov, mean, sample.counts, means=means)
        for cov, mean in ((at.cov[0], at.mean[0]), (sample.cov, sample.mean))
    )
    return _Ended(sample, scored, information, vcov, tests, baseline, own, most, notes, {})


def _by_patterns(placed: Placed, sample: SemSample, options: SemOptions) -> _Ended:
    """Fit by full-information maximum likelihood."""
    found = fiml_solve(placed, sample, options)
    errors = fiml_errors(placed, found, options)
    return _Ended(
        found.sample,
        found.scored,
        found.information,
        errors.vcov,
        errors.tests,
        errors.baseline,
        found.loglikelihood,
        found.unrestricted,
        errors.notes,
        {},
    )


def _by_categories(placed: Placed, sample: SemSample, options: SemOptions) -> _Ended:
    """Fit thresholds and polychoric correlations, or variances, by weighted least squares."""
    moments = ordinal_moments(placed.model, sample, options)
    scored = ordinal_solve(placed, moments, options)
    errors = ordinal_errors(placed, moments, scored.x[0], options)
    return _Ended(
        moments.sample,
        scored,
        ordinal_information(placed, moments, scored.x[0]),
        errors.vcov,
        errors.tests,
        errors.baseline,
        np.nan,
        np.nan,
        (*moments.notes, *errors.notes, *moments.sample.unheard(options)),
        moments.thresholds,
    )


def _result(
    placed: Placed, options: SemOptions, found: _Ended, freedom: int, held: Sequence[str]
) -> SemFit:
    layout, scored = placed.layout, found.scored
    x = scored.x[0]
    ended = [
        f"parameter {name} is not identified"
        for name in (
            open_parameters(placed, found.information, x) if found.information.size else ()
        )
    ]
    if not scored.converged[0]:
        ended.insert(0, f"not converged after {int(scored.steps[0])} steps")
    tests = dict(found.tests) if scored.converged[0] else {}
    free = next((int(t.freedom) for t in tests.values() if t.name == "standard"), freedom)
    return SemFit(
        placed=placed,
        options=options,
        sample=found.sample,
        x=lock(np.array(x)),
        values=lock(layout.offset + layout.basis @ x),
        vcov=lock(np.array(found.vcov)),
        value=float(scored.value[0]),
        converged=bool(scored.converged[0]),
        steps=int(scored.steps[0]),
        freedom=free,
        tests=MappingProxyType(tests),
        baseline=MappingProxyType(dict(found.baseline)),
        loglikelihood=float(found.loglikelihood),
        unrestricted=float(found.unrestricted),
        ended=(*ended, *held, *_left_out(found.sample, options), *found.notes),
        thresholds=MappingProxyType(dict(found.thresholds)),
    )


def _left_out(sample: SemSample, options: SemOptions) -> list[str]:
    """Say how many respondents do not count: never in silence."""
    if not sample.left_out:
        return []
    if options.missing == "fiml":
        why = "they have no answer or no weight"
    elif options.estimator == "ml":
        why = "an answer is missing (missing='fiml' takes them in), or they have no weight"
    else:
        why = "an answer is missing, or they have no weight"
    return [f"{sample.left_out} of {sample.left_out + sample.total} respondents left out: {why}"]
