"""Bootstrap of fits to incomplete answers: each draw is fitted anew by all its answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csi.arrays import Array, lock
from csi.estimate.covariance.bootstrap import TOLERANCE, Draws, possible
from csi.estimate.covariance.fiml import FimlSolution, climb
from csi.estimate.covariance.kernel_fiml import patterns_of
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.resample import drawn_units


def fiml_bootstrap(placed: Placed, solution: FimlSolution, options: SemOptions) -> Draws:
    """Fit the model to bootstrap samples of respondents with missing answers.

    Parameters
    ----------
    placed : Placed
    solution : FimlSolution
        Every draw starts from it.
    options : SemOptions
        ``draws`` and ``seed``: the draws are those of complete answers.

    Returns
    -------
    Draws
        Its values are minus the log-likelihood of a respondent.
    """
    units, found, value = solution.units, [], []
    for times in drawn_units(units, draws=options.draws, seed=options.seed):
        for own in times:
            weights = [own[of] * w for of, w in zip(units.of, units.weights, strict=True)]
            x, reached = refit(placed, solution, weights)
            found.append(x)
            value.append(reached)
    draws = np.array(found)
    converged = np.asarray(np.isfinite(draws).all(axis=1))
    admissible = np.zeros(len(draws), dtype=bool)
    if converged.any():
        admissible[converged] = possible(placed, draws[converged])
    values = placed.layout.offset + draws @ placed.layout.basis.T
    return Draws(
        lock(draws), lock(np.asarray(values)), lock(np.array(value)), converged, admissible
    )


def refit(placed: Placed, solution: FimlSolution, weights: Sequence[Array]) -> tuple[Array, float]:
    """Fit the model to the same respondents with other weights, from the solution.

    Parameters
    ----------
    placed : Placed
    solution : FimlSolution
    weights : sequence of (n)
        One a group; respondents of weight 0 or less are left out.

    Returns
    -------
    x : (f)
        NaN where the iteration did not converge.
    value : float
        Minus the log-likelihood, for a weight of one.
    """
    total, found = 0.0, []
    for part, own in zip(solution.sample.rows, weights, strict=True):
        kept = own > 0
        found.append(patterns_of(part.rows[kept], own[kept]))
        total += float(own[kept].sum())
    ended = climb(placed, tuple(found), solution.scored.x[0], TOLERANCE * total)
    if not ended.converged:
        return np.full_like(ended.x, np.nan), float("nan")
    return ended.x, ended.at.value / total
