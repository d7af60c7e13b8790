"""Full-information maximum likelihood: all answers of every respondent, by patterns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from csi.arrays import Array, lock
from csi.estimate.covariance.fiml_checks import check_fiml, uncovered_pairs
from csi.estimate.covariance.kernel import implied, slopes
from csi.estimate.covariance.kernel_fiml import (
    Information,
    Patterns,
    Reached,
    moment_slopes,
    patterns_of,
    places,
    reach,
)
from csi.estimate.covariance.kernel_information import curvature
from csi.estimate.covariance.kernel_newton import Descent, descend
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.meat import Units, units_of
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.saturated import Saturated, independent, saturate
from csi.estimate.covariance.scoring import Scored, Target, score
from csi.estimate.covariance.starts import starting_values

ROUGH = 1e-8
"""Tolerance of the fit to the saturated moments, where the iteration begins."""


@dataclass(frozen=True, slots=True)
class FimlSolution:
    """A model fitted to incomplete answers.

    Attributes
    ----------
    scored : Scored
        Batch of one; its discrepancy is ``(logl1 - logl0) / N`` so that chi-square is 2 N F.
    sample : SemSample
        With the saturated means and covariances: what residuals and SRMR are measured from.
    units : Units
        Sampled units, and the weights that add up to the respondents.
    patterns : tuple of Patterns
        Of each group.
    saturated : tuple of Saturated
        Of each group.
    loglikelihood, unrestricted, independence : float
        Of the model, of the saturated model and of independent items.
    information : (f, f)
        Observed information of the free parameters, of all respondents.
    notes : tuple of str
        In words what is doubtful.
    """

    scored: Scored
    sample: SemSample
    units: Units
    patterns: tuple[Patterns, ...]
    saturated: tuple[Saturated, ...]
    loglikelihood: float
    unrestricted: float
    independence: float
    information: Array
    notes: tuple[str, ...]

    @property
    def statistic(self) -> float:
        """Chi-square of the model; NaN where the saturated model is not known."""
        known = all(part.converged for part in self.saturated) and not self.notes
        return 2.0 * (self.unrestricted - self.loglikelihood) if known else float("nan")


def fiml_solve(
    placed: Placed, sample: SemSample, options: SemOptions, start: Array | None = None
) -> FimlSolution:
    """Fit a model to incomplete answers by maximum likelihood under normality.

    Parameters
    ----------
    placed : Placed
        Of a model with means (`csi.model.sem.build.with_means`).
    sample : SemSample
        With its respondents.
    options : SemOptions
    start : (f), optional
        Where to begin; found from the saturated moments where None.

    Returns
    -------
    FimlSolution
        Sampling weights enter as pseudo likelihood, rescaled to a mean of one.

    Raises
    ------
    EstimationError
        Models without means, samples without respondents, items that nobody answered or that
        never vary, all at once.

    Notes
    -----
    [arbuckle1996full]; answers may be missing at random given the other answers.
    """
    check_fiml(placed, sample, options)
    units = units_of(sample, sample.target(options))
    own_weights = zip(sample.rows, units.weights, strict=True)
    found = tuple(patterns_of(part.rows, weights) for part, weights in own_weights)
    saturated = tuple(
        saturate(of, sample.mean[g], sample.cov[g], tolerance=options.tolerance)
        for g, of in enumerate(found)
    )
    sample = replace(
        sample,
        mean=lock(np.stack([part.mean for part in saturated])),
        cov=lock(np.stack([part.cov for part in saturated])),
    )
    if start is None:
        start = _begin(placed, sample)
    ended = climb(placed, found, start, options.tolerance * sample.total)
    own = -(ended.at.value - (ended.decrement if ended.converged else 0.0))
    apart = [
        independent(part.rows, weights)
        for part, weights in zip(sample.rows, units.weights, strict=True)
    ]
    most = sum(part.loglikelihood for part in saturated)
    return FimlSolution(
        scored=Scored(
            ended.x[None],
            np.array([(most - own) / sample.total]),
            np.array([ended.decrement / sample.total]),
            np.array([ended.steps]),
            np.array([ended.converged]),
        ),
        sample=sample,
        units=units,
        patterns=found,
        saturated=saturated,
        loglikelihood=own,
        unrestricted=most,
        independence=sum(part.loglikelihood for part in apart),
        information=ended.at.second,
        notes=_notes(placed, sample, saturated),
    )


def likelihood(
    placed: Placed, found: tuple[Patterns, ...], x: Array, kind: Information | None
) -> Reached:
    """Return minus the log-likelihood at free parameters x (f), with its derivatives by them.

    Parameters
    ----------
    placed : Placed
    found : tuple of Patterns
        Of each group.
    x : (f)
    kind : {"observed", "expected"} or None
        Which second derivatives; None for none.
    """
    layout = placed.layout
    at = implied(layout, x[None])
    count, value = len(layout.matrix), 0.0
    first, second = np.zeros(count), np.zeros((count, count))
    p = at.cov.shape[-1]
    i, j, _ = places(p)
    for group, of in enumerate(found):
        reached = reach(of, at.mean[0, group], at.cov[0, group], kind)
        if not np.isfinite(reached.value):
            return Reached(np.inf, first @ layout.basis, np.zeros((0, 0)))
        slope = slopes(layout, at, group)
        delta, own = moment_slopes(slope), slope.which
        value += reached.value
        first[own] += reached.first @ delta
        if kind is None:
            continue
        bent = delta.T @ reached.second @ delta
        if kind == "observed":
            middle = np.zeros((p, p))
            middle[i, j] += reached.first[p:]
            middle += middle.T  # a variance has half of its entry in the derivative
            pull = -reached.first[None, :p]
            bent = bent + curvature(layout, at, group, slope, middle[None], pull)[0]
        second[np.ix_(own, own)] += bent
    basis = layout.basis
    return Reached(value, first @ basis, basis.T @ second @ basis)


def _begin(placed: Placed, sample: SemSample) -> Array:
    """Return the fit to the saturated moments, or starting values where there is none."""
    cov, mean = sample.cov[None], sample.mean[None]
    start = starting_values(placed, cov, mean)
    target = Target(cov, mean, (sample.n / sample.n.sum())[None])
    rough = score(placed.layout, target, start, tolerance=ROUGH)
    return np.asarray(rough.x[0] if rough.converged[0] else start[0])


def climb(placed: Placed, found: tuple[Patterns, ...], start: Array, tolerance: float) -> Descent:
    """Return where Newton's steps lead from a start (f); the tolerance is in log-likelihood."""

    def evaluate(x: Array, kind: Information) -> Reached:
        return likelihood(placed, found, x, kind)

    return descend(evaluate, start, tolerance=tolerance)


def _notes(placed: Placed, sample: SemSample, saturated: tuple[Saturated, ...]) -> tuple[str, ...]:
    """Return in words what stands in the way of a test of fit."""
    notes = []
    for name, part, rows in zip(placed.model.groups, saturated, sample.rows, strict=True):
        of = f"group {name}: " if name else ""
        pairs = uncovered_pairs(placed.model.items, rows.rows)
        if pairs:
            shown = ", ".join(f"{a} and {b}" for a, b in pairs[:5])
            more = f" and {len(pairs) - 5} other pairs" if len(pairs) > 5 else ""
            notes.append(
                f"{of}nobody answered both {shown}{more}: their covariance is not known, "
                "and there is no test of fit"
            )
        elif not part.converged:
            notes.append(
                f"{of}the saturated model did not converge after {part.steps} steps: "
                "there is no test of fit"
            )
    return tuple(notes)
