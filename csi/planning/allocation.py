"""How a total of interviews is shared out over companies or strata."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from csi.arrays import Array, IntArray
from csi.errors import Fault
from csi.planning import kernel
from csi.planning.checks import (
    beyond,
    faults_of,
    numbers,
    population_of,
    require,
    same_length,
)

Rule = Literal["proportional", "equal", "neyman", "power"]


def allocate(
    total: int,
    sizes: ArrayLike,
    *,
    rule: Rule = "proportional",
    sd: ArrayLike = 1.0,
    mean: ArrayLike = 1.0,
    exponent: float = 0.5,
    minimum: ArrayLike = 0,
    maximum: ArrayLike | None = None,
) -> IntArray:
    """Share out a total of interviews.

    Parameters
    ----------
    total : int
        Interviews in all.
    sizes : (k) customers, turnover or market share of each stratum
    rule : {"proportional", "equal", "neyman", "power"}
        In proportion to the sizes; the same for all; ``size * sd``, which makes the margin of the
        aggregate smallest [neyman1934two]; ``size**exponent * sd / mean``, between the two: good
        figures of small companies and of the aggregate [bankier1988power].
    sd : (k) or float
        Standard deviation of one respondent's index in each stratum.
    mean : (k) or float
        Expected index of each stratum, for ``power``.
    exponent : float
        From 0 (same precision for all) to 1 (Neyman, where means are alike), for ``power``.
    minimum : (k) or int
        Least interviews of each stratum, such as the smallest base that is published.
    maximum : (k) or int, optional
        Most interviews, such as the customers there are.

    Returns
    -------
    (k) whole numbers that add up to `total`; what rounding leaves goes to the largest remainders

    Raises
    ------
    OptionError
        All impossible values at once, and bounds that do not allow the total.

    Examples
    --------
    >>> allocate(1000, [0.6, 0.3, 0.08, 0.02], minimum=100)
    array([533, 267, 100, 100])
    >>> allocate(1000, [0.6, 0.3, 0.08, 0.02], rule="power")
    array([443, 314, 162,  81])
    """
    found = faults_of(
        total=total, sizes=sizes, stratum_sd=sd, mean=mean, exponent=exponent, minimum=minimum,
        maximum=maximum,
    ) + same_length(sizes=sizes, sd=sd, mean=mean, minimum=minimum, maximum=maximum)  # fmt: skip
    if rule not in get_args(Rule):
        what = f"{rule!r} is not possible"
        found.append(Fault("rule", what, f"use one of {', '.join(get_args(Rule))}"))
    require(found)
    size, spread, level, least, most = numbers(
        np.atleast_1d(np.asarray(sizes)), sd, mean, minimum, total if maximum is None else maximum
    )
    wanted: Array = {
        "proportional": size,
        "equal": np.ones_like(size),
        "neyman": size * spread,
        "power": size**exponent * spread / level,
    }[rule]
    require(_bound_faults(total, wanted, least, most))
    parts = kernel.whole_parts(kernel.shared_out(float(total), wanted, least, most))
    return parts.astype(np.int64)


def _bound_faults(total: int, wanted: Array, least: Array, most: Array) -> list[Fault]:
    """Return what keeps the parts from adding up to the total."""
    found = []
    if np.any(least > most):
        found.append(Fault("minimum", "it is above the maximum", "lower it"))
    if least.sum() > total:
        what = f"the minima add up to {least.sum():.0f}, more than the total of {total}"
        found.append(Fault("minimum", what, "lower them or raise the total"))
    if not wanted.sum() > 0:
        what = "no stratum has a size and a standard deviation above 0"
        found.append(Fault("sizes", what, "give the sizes"))
    elif (room := np.where(wanted > 0, most, least).sum()) < total:
        what = f"there is room for {room:.0f} interviews, fewer than the total of {total}"
        found.append(Fault("maximum", what, "raise it or lower the total"))
    return found


def aggregate_margin(
    n: ArrayLike,
    sd: ArrayLike,
    weights: ArrayLike,
    *,
    level: float = 0.95,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
) -> float:
    """Return the expected margin of error of a weighted mean of companies.

    Parameters
    ----------
    n : (k) respondents of each company
    sd : (k) or float
        Standard deviation of one respondent's index, in points.
    weights : (k) aggregation weights; only their proportions matter
    level, design_effect, population
        As in `margin_for`; lists have one value a company.

    Returns
    -------
    float
        Margin of error in points, for companies sampled independently [cochran1977sampling].

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> round(aggregate_margin([250, 250, 250, 250], 18, [0.4, 0.3, 0.2, 0.1]), 2)
    1.22
    """
    found = faults_of(
        n=n, sd=sd, weights=weights, level=level, design_effect=design_effect,
        population=population,
    ) + same_length(
        n=n, sd=sd, weights=weights, design_effect=design_effect, population=population
    )  # fmt: skip
    require(found or beyond("n", n, population))
    count, spread, share, deff, whole = numbers(
        np.atleast_1d(np.asarray(n)), sd, weights, design_effect, population_of(population)
    )
    if not share.sum() > 0:
        require([Fault("weights", "all are 0", "give a weight to at least one company")])
    share = share / share.sum()
    z = kernel.quantile(np.asarray(level), np.asarray(np.inf))
    return float(z * np.sqrt(np.sum(share**2 * kernel.variance(count, spread, deff, whole))))
