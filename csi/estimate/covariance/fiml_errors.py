"""Standard errors and tests of fit with missing answers: observed information and sandwiches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from csi.arrays import Array, IntArray, lock
from csi.estimate.covariance.bootstrap import draws_covariance, draws_in_words
from csi.estimate.covariance.fiml import FimlSolution
from csi.estimate.covariance.fiml_bootstrap import fiml_bootstrap
from csi.estimate.covariance.kernel import cholesky_ok, implied, slopes
from csi.estimate.covariance.kernel_fiml import moment_slopes, reach, row_scores
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.meat import Units, meat_of
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import Test
from csi.estimate.covariance.saturated import independent
from csi.estimate.covariance.tests_of_fit import chi_square, scaled
from csi.moments.design import design_variance

SINGULAR = 1e-9
"""A scaled information with a smaller eigenvalue leaves a parameter open."""


@dataclass(frozen=True, slots=True)
class FimlErrors:
    """What is known of the accuracy and fit of a model of incomplete answers.

    Attributes
    ----------
    vcov : (K, K)
        Covariance matrix of the table parameters; NaN where there is none.
    tests, baseline : mapping of str to Test
        Of the model and of independent items: ``standard`` and, with robust errors,
        ``yuan-bentler``.
    notes : tuple of str
    """

    vcov: Array
    tests: Mapping[str, Test]
    baseline: Mapping[str, Test]
    notes: tuple[str, ...]


def fiml_errors(placed: Placed, solution: FimlSolution, options: SemOptions) -> FimlErrors:
    """Return standard errors and tests of a fit to incomplete answers.

    Parameters
    ----------
    placed : Placed
    solution : FimlSolution
    options : SemOptions
        With ``errors="mlr"`` the sandwich of observed information and casewise scores, which
        takes weights, clusters and strata; ``bootstrap``: the spread of the draws, likewise;
        otherwise the inverse observed information.

    Returns
    -------
    FimlErrors

    Notes
    -----
    Errors from the observed information are right where answers are missing at random; those from
    the expected one need them to be missing completely at random [kenward1998likelihood]. The
    scaled test takes the traces of saturated and fitted model [yuan2000three].
    """
    g, p = solution.sample.mean.shape
    count, free = placed.layout.basis.shape
    chi = solution.statistic
    apart = 2.0 * (solution.unrestricted - solution.independence) if np.isfinite(chi) else chi
    test = chi_square("standard", chi, int(g * (p + p * (p + 1) // 2) - free))
    base = chi_square("standard", apart, int(g * p * (p - 1) // 2))
    tests, baseline = {"standard": test}, {"standard": base}
    notes = _notes(solution, options)
    bread = _inverse(solution.information)
    vcov = np.full((count, count), np.nan)
    if bread is None or not solution.scored.converged[0]:
        return FimlErrors(lock(vcov), _fixed(tests), _fixed(baseline), notes)
    within = bread
    if options.errors == "mlr":
        meat = meat_of(_model_scores(placed, solution), solution.units)
        within = bread @ meat @ bread
        if np.isfinite(chi):
            most, own = _saturated_trace(solution), float(np.einsum("ij,ji->", bread, meat))
            tests["yuan-bentler"] = scaled(test, "yuan-bentler", most - own)
            rest = most - _independent_trace(solution)
            baseline["yuan-bentler"] = scaled(base, "yuan-bentler", rest)
    vcov = placed.layout.basis @ within @ placed.layout.basis.T
    if options.errors == "bootstrap":
        drawn = fiml_bootstrap(placed, solution, options)
        vcov, notes = draws_covariance(drawn), (*notes, *draws_in_words(drawn))
    return FimlErrors(lock(vcov), _fixed(tests), _fixed(baseline), notes)


def _fixed(tests: dict[str, Test]) -> Mapping[str, Test]:
    return MappingProxyType(tests)


def _inverse(information: Array) -> Array | None:
    """Return the inverse of an information matrix, None where it leaves a parameter open."""
    scale = np.diag(information)
    if not (np.isfinite(information).all() and (scale > 0).all()):
        return None
    size = np.outer(np.sqrt(scale), np.sqrt(scale))
    if np.linalg.eigvalsh(information / size)[0] < SINGULAR:
        return None
    return np.asarray(np.linalg.inv(information / size) / size)


def _model_scores(placed: Placed, solution: FimlSolution) -> list[Array]:
    """Return weighted casewise scores of the free parameters, (n, f) a group."""
    layout = placed.layout
    at = implied(layout, solution.scored.x)
    found = []
    for group, part in enumerate(solution.sample.rows):
        slope = slopes(layout, at, group)
        delta = moment_slopes(slope) @ layout.basis[slope.which]
        own = np.empty((len(part.rows), layout.basis.shape[1]))
        mean, cov = at.mean[0, group], at.cov[0, group]
        for rows, scores in row_scores(solution.patterns[group], part.rows, mean, cov):
            own[rows] = scores @ delta
        found.append(own * solution.units.weights[group][:, None])
    return found


def _saturated_trace(solution: FimlSolution) -> float:
    """Return the trace of inverse information times variance of scores, at the saturated moments.

    NaN where the saturated information has no inverse.
    """
    total = 0.0
    for group, part in enumerate(solution.sample.rows):
        of, at = solution.patterns[group], solution.saturated[group]
        root, good = cholesky_ok(reach(of, at.mean, at.cov, "observed").second)
        if not good:
            return float("nan")
        turn = np.linalg.inv(root).T
        scores = row_scores(of, part.rows, at.mean, at.cov)
        total += _squares(((rows, own @ turn) for rows, own in scores), solution.units, group)
    return total


def _independent_trace(solution: FimlSolution) -> float:
    """Return the same trace for independent items."""
    total = 0.0
    for group, part in enumerate(solution.sample.rows):
        scores = independent(part.rows, solution.units.weights[group]).scores(part.rows)
        every = np.arange(len(scores))
        total += _squares([(every, scores)], solution.units, group)
    return total


def _squares(scores: Iterable[tuple[IntArray, Array]], units: Units, group: int) -> float:
    """Return the design variance of the sums of columns, added up over the columns.

    Parameters
    ----------
    scores : iterable of (c) rows and (c, t) scores without weights
    units : Units
    group : int
    """
    weights, total = units.weights[group], 0.0
    sums: Array | None = None
    for rows, own in _weighted(scores, weights):
        if units.plain:
            total += float(np.einsum("ct,ct->", own, own))
            continue
        if sums is None:
            sums = np.zeros((units.count, own.shape[1]))
        np.add.at(sums, units.of[group][rows], own)
    if sums is None:
        return total
    return float(design_variance(sums, units.strata, units.fractions).sum())


def _weighted(
    scores: Iterable[tuple[IntArray, Array]], weights: Array
) -> Iterator[tuple[IntArray, Array]]:
    for rows, own in scores:
        yield rows, own * weights[rows][:, None]


def _notes(solution: FimlSolution, options: SemOptions) -> tuple[str, ...]:
    """Return in words what the errors leave out."""
    return (*solution.notes, *solution.sample.unheard(options))
