"""Score tests of equal parameters: what releasing each of them in some groups would change.

Letters: K table parameters, f free ones, g groups.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from csi.arrays import Array, one_thread
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.fiml import likelihood
from csi.estimate.covariance.information import information, normal_meat
from csi.estimate.covariance.kernel import Layout, implied, slopes
from csi.estimate.covariance.kernel_fiml import moment_slopes, patterns_of, row_scores
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.measures import chi_square_p
from csi.estimate.covariance.meat import Units, meat_of, score_rows, units_of
from csi.estimate.covariance.result import SemFit
from csi.estimate.covariance.robust import kind_of
from csi.estimate.covariance.scoring import gradient
from csi.estimate.multiple import adjusted
from csi.model.sem.invariance import part_of

OPEN = 1e-9
"""A scaled information below this leaves a released parameter open."""

COLUMNS = ("parameter", "part", "chi_square", "df", "p_value", "p_holm", "group",
           "expected_change")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pull:
    """How the table parameters would move if nothing but the fit itself held them.

    Attributes
    ----------
    score : (K) derivatives of minus the log-likelihood, what the free parameters take up removed
    information : (K, K) likewise
    variance : (K, K) of the scores; the information unless errors are robust
    whole : (K) information with nothing removed
    """

    score: Array
    information: Array
    variance: Array
    whole: Array


def release_tests(fit: SemFit, *, parts: Collection[str] | None = None) -> pd.DataFrame:
    """Test each parameter that is equal in all groups for what releasing it would change.

    Parameters
    ----------
    fit : SemFit
        Of several groups with equal parameters, by any estimator but ``dwls``.
    parts : collection of str, optional
        Parts of the model to look at, such as ``{"intercepts"}``; all where None.

    Returns
    -------
    DataFrame
        One row a parameter, the largest first: ``parameter`` (as `with_invariance` takes it under
        ``free``), ``part``, ``chi_square`` by which the fit would improve, ``df`` (groups less
        one), ``p_value``, ``p_holm`` over all rows, the ``group`` that departs most and its
        ``expected_change`` from the value of the others, unstandardised. NaN where a parameter
        could not be told from others once it is released.

    Raises
    ------
    EstimationError
        Fits that did not converge, of one group or of ordinal items.

    Notes
    -----
    Score (Lagrange multiplier) tests [sorbom1989model] with the expected information; with missing
    answers the observed one. With robust errors (``mlm``, ``mlr``) the variance of the scores is
    that of the respondents, so that weights, strata and clusters count. Release one at a time,
    fit, and look again: one departing parameter makes those beside it look as if they departed.
    """
    _require(fit)
    tied = {
        name: places
        for name, places in tied_rows(fit.placed).items()
        if parts is None or _part(fit, places) in parts
    }
    if not tied:
        return pd.DataFrame(columns=list(COLUMNS))
    with one_thread():
        pull = _pull(fit)
        rows = [(name, *_row(fit, pull, places)) for name, places in tied.items()]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["p_holm"] = adjusted(table["p_value"].to_numpy(dtype=np.float64), "holm")
    order = np.argsort(-table["chi_square"].to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _part(fit: SemFit, places: list[int]) -> str:
    return part_of(fit.placed.free[places[0]], fit.placed.model) or ""


def _row(fit: SemFit, pull: _Pull, places: list[int]) -> tuple[object, ...]:
    """Return the columns after the name, of a parameter at some places; p_holm is to come."""
    statistic, freedom = _statistic(pull, places[1:]), len(places) - 1
    part = _part(fit, places)
    if not np.isfinite(statistic):
        return part, np.nan, freedom, np.nan, np.nan, "", np.nan
    group, change = _departing(pull, places)
    p_value = chi_square_p(statistic, freedom)
    return part, statistic, freedom, p_value, np.nan, fit.placed.model.groups[group], change


def _require(fit: SemFit) -> None:
    faults = []
    if not fit.converged:
        faults.append(Fault("fit", "did not converge", "mend the model first"))
    if len(fit.placed.model.groups) < 2:
        faults.append(Fault("fit", "has one group: nothing is equal", "fit several groups"))
    if fit.options.estimator == "dwls":
        what = "is of ordinal items: their equalities have no score test here"
        faults.append(Fault("fit", what, "take the answers as numbers, estimator ml"))
    if faults:
        raise EstimationError(faults)


def tied_rows(placed: Placed) -> dict[str, list[int]]:
    """Return parameters that are free but equal in all groups, with their table places."""
    found: dict[str, dict[int, int]] = {}
    for k, parameter in enumerate(placed.free):
        found.setdefault(parameter.name, {})[parameter.group] = k
    layout, groups = placed.layout, len(placed.model.groups)
    tied = {}
    for name, own in found.items():
        places = [own[g] for g in sorted(own)]
        same = len(places) == groups and all(
            np.array_equal(layout.basis[k], layout.basis[places[0]])
            and layout.offset[k] == layout.offset[places[0]]
            for k in places[1:]
        )
        if same:
            tied[name] = places
    return tied


def _pull(fit: SemFit) -> _Pull:
    """Return scores and information of all table parameters, less what the free ones take up."""
    size = len(fit.values)
    layout = replace(fit.placed.layout, basis=np.eye(size), offset=np.zeros(size))
    first, second, meat = _by_answers(fit, layout)
    basis = fit.placed.layout.basis
    taken = second @ basis @ np.linalg.inv(basis.T @ second @ basis) @ basis.T
    rest = np.eye(size) - taken
    left = rest @ second @ rest.T
    variance = left if meat is None else rest @ meat @ rest.T
    return _Pull(rest @ first, left, variance, np.diag(second))


def _by_answers(fit: SemFit, layout: Layout) -> tuple[Array, Array, Array | None]:
    """Return gradient (K), information (K, K) and, with robust errors, variance of the scores."""
    options, sample, x = fit.options, fit.sample, fit.values[None]
    target = sample.target(options)
    robust = options.errors in ("mlm", "mlr") and bool(sample.rows)
    units = units_of(sample, target) if robust or options.missing == "fiml" else None
    at = implied(layout, x)
    if options.missing == "fiml" and units is not None:
        pairs = zip(sample.rows, units.weights, strict=True)
        patterns = tuple(patterns_of(part.rows, weights) for part, weights in pairs)
        reached = likelihood(replace(fit.placed, layout=layout), patterns, x[0], "observed")
        scores = _pattern_scores(fit, layout, units) if robust else []
        return reached.first, reached.second, meat_of(scores, units) if robust else None
    cases = sample.multiplier(options)
    kind = kind_of(options)
    first = cases * gradient(layout, target, at, kind)[0][0]
    second = cases * information(layout, target, x, kind=kind)[0]
    if not robust or units is None:
        own = normal_meat(layout, target, x, kind=kind)[0] if kind == "uls" else None
        return first, second, None if own is None else cases * own
    sampled = options.errors == "mlm"
    scores = score_rows(layout, at, target, sample, units, kind=kind, sampled=sampled)
    return first, second, meat_of(scores, units) * (cases / sample.total)


def _pattern_scores(fit: SemFit, layout: Layout, units: Units) -> list[Array]:
    """Return weighted casewise scores of incomplete answers, (n, K) a group."""
    at, found = implied(layout, fit.values[None]), []
    for group, part in enumerate(fit.sample.rows):
        slope = slopes(layout, at, group)
        delta = moment_slopes(slope)
        own = np.zeros((len(part.rows), len(fit.values)))
        patterns = patterns_of(part.rows, units.weights[group])
        for rows, scores in row_scores(patterns, part.rows, at.mean[0, group], at.cov[0, group]):
            own[np.ix_(rows, slope.which)] = scores @ delta
        found.append(own * units.weights[group][:, None])
    return found


def _statistic(pull: _Pull, places: list[int]) -> float:
    """Return the score test of releasing the parameters at some places."""
    at = np.ix_(places, places)
    size = np.sqrt(np.outer(pull.whole[places], pull.whole[places]))
    if np.linalg.eigvalsh(pull.information[at] / size)[0] < OPEN:
        return float("nan")
    score = pull.score[places]
    return float(score @ np.linalg.solve(pull.variance[at], score))


def _departing(pull: _Pull, places: list[int]) -> tuple[int, float]:
    """Return the group that departs most from the others, and by how much."""
    groups = [1] if len(places) == 2 else list(range(len(places)))
    each = np.array([_statistic(pull, [places[g]]) for g in groups])
    if not np.isfinite(each).any():
        return 0, float("nan")
    group = groups[int(np.nanargmax(each))]
    k = places[group]
    return group, float(-pull.score[k] / pull.information[k, k])
