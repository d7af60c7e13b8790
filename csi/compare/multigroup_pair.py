"""One pair of groups: every parameter, with all tests of its difference.

Letters: R replicates, P permutations, k parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from csi.arrays import Array, IntArray, one_thread
from csi.compare.group_parameters import Parameters
from csi.compare.kernel_multigroup import (
    henseler_probability,
    parametric_test,
    two_sided,
    welch_test,
)
from csi.compare.micom_pair import Fitted
from csi.estimate.intervals import IntervalKind, interval, margin, p_value
from csi.estimate.permutation import permutation_p_values
from csi.index.estimator import fit_model
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated
from csi.moments.permutations import moments_of_exchange


@dataclass(frozen=True, slots=True, eq=False)
class Relabelled:
    """Differences of two groups under random relabelling.

    Attributes
    ----------
    p : (k) p values of the differences; NaN where nobody can change places
    used : (k) permutations used
    distance : float
        Sum of the squared differences of all path coefficients.
    distance_p : float
        Its p value.
    """

    p: Array
    used: IntArray
    distance: float
    distance_p: float


def relabelled_differences(
    own: Fitted, parameters: Parameters, options: IndexOptions, *, permutations: int, seed: int
) -> Relabelled:
    """Test the differences of two groups by random relabelling.

    Parameters
    ----------
    own : Fitted
    parameters : Parameters
    options : IndexOptions
    permutations, seed : int

    Notes
    -----
    Source: [chin2010permutation]. The distance of all paths is tested as in [klesel2019test],
    who take the distance of the correlations that the model implies.
    """
    k = len(parameters.names)
    observed = parameters.of(own.first) - parameters.of(own.second)
    drawn = np.full((0, k), np.nan)
    if own.exchange.possible > 1:
        with one_thread():
            moved = moments_of_exchange(
                own.exchange, options.missing, permutations=permutations, seed=seed
            )
            fits = [fit_model(own.pair.model, moments, options, like=own.both) for moments in moved]
        drawn = parameters.of(fits[0]) - parameters.of(fits[1])
    p, used = permutation_p_values(drawn, observed)
    paths = np.array([name.measure == "path" for name in parameters.names])
    distances = (drawn[:, paths] ** 2).sum(axis=1, keepdims=True)
    distance = (observed[None, paths] ** 2).sum(axis=1)
    distance_p, _ = permutation_p_values(distances, distance)
    if not paths.any():
        return Relabelled(p, used, np.nan, np.nan)
    return Relabelled(p, used, float(distance[0]), float(distance_p[0]))


def difference_rows(
    a: Replicated, b: Replicated, parameters: Parameters, *, together: bool
) -> list[dict[str, Any]]:
    """Return the differences of two groups with errors and tests from replicates, k rows.

    Parameters
    ----------
    a, b : Replicated
        Replicate ``r`` of both is one replicate of the survey.
    parameters : Parameters
    together : bool
        Whether the groups are drawn together (they share sampled units, or replicate weights were
        supplied): then the tests for independent groups have no p value.
    """
    own = [parameters.of(x.fit) for x in (a, b)]
    draws = [np.where(x.usable[:, None], parameters.of(x.draws), np.nan) for x in (a, b)]
    difference = own[0] - own[1]
    se = np.sqrt(a.replication.variance(draws[0] - draws[1], difference))
    parts = [np.sqrt(x.replication.variance(d, e)) for x, d, e in zip((a, b), draws, own,
                                                                      strict=True)]  # fmt: skip
    freedom = max(a.freedom, b.freedom) if together else a.freedom + b.freedom
    lower, upper = _limits(a, draws[0] - draws[1], difference, se, freedom)
    columns = {
        "estimate_a": own[0], "estimate_b": own[1], "difference": difference, "se": se,
        "lower": lower, "upper": upper, "p_value": p_value(difference, se, freedom),
        "p_henseler": np.full(len(se), np.nan), "p_parametric": np.full(len(se), np.nan),
        "p_welch": np.full(len(se), np.nan),
    }  # fmt: skip
    if not together:
        ends = (a.freedom, b.freedom)
        columns["p_parametric"] = parametric_test(difference, parts[0], parts[1], *ends)[1]
        columns["p_welch"] = welch_test(difference, parts[0], parts[1], *ends)[1]
        if a.replication.random:
            columns["p_henseler"] = two_sided(henseler_probability(draws[0], draws[1]))
    return [
        {name: float(values[k]) for name, values in columns.items()}
        for k in range(len(parameters.names))
    ]


def _limits(
    a: Replicated, draws: Array, difference: Array, se: Array, freedom: float
) -> tuple[Array, Array]:
    """Return the interval of each difference, of the kind of the options."""
    kind: IntervalKind = a.options.interval
    if kind == "normal" or not a.replication.random:
        half = margin(se, level=a.options.level, freedom=freedom)
        return difference - half, difference + half
    kind = "bias-corrected" if kind in ("bca", "studentised") else kind
    return interval(draws, difference, kind=kind, level=a.options.level, freedom=freedom)
