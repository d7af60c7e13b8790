"""Margin of error and sample size of one index figure."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from csi.arrays import Array, BoolArray
from csi.errors import Fault
from csi.planning import kernel
from csi.planning.checks import beyond, faults_of, numbers, population_of, require


def margin_for(
    n: ArrayLike,
    sd: ArrayLike,
    *,
    level: float = 0.95,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
    use_t: bool = False,
) -> Array:
    """Return the margin of error of an index figure from `n` respondents.

    Parameters
    ----------
    n : (...) respondents
    sd : (...) standard deviation of one respondent's index, in points
    level : float
        Confidence level.
    design_effect : (...)
        Variance of the figure over that of a simple random sample of the same size.
    population : (...), optional
        Customers in all; a sample that takes in a large part of them errs less
        [cochran1977sampling].
    use_t : bool
        Quantile of t with ``n - 1`` degrees of freedom in place of the normal one.

    Returns
    -------
    (...) margins of error in points

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> margin_for([100, 250, 1000], 18).round(2)
    array([3.53, 2.23, 1.12])
    """
    found = faults_of(n=n, sd=sd, level=level, design_effect=design_effect, population=population)
    require(found or beyond("n", n, population))
    count, spread, deff, whole = numbers(n, sd, design_effect, population_of(population))
    freedom = count - 1.0 if use_t else np.full(count.shape, np.inf)
    q = kernel.quantile(np.asarray(level), freedom)
    return np.asarray(q * np.sqrt(kernel.variance(count, spread, deff, whole)))


def sample_size(
    margin: ArrayLike,
    sd: ArrayLike,
    *,
    level: float = 0.95,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
    response_rate: ArrayLike | None = None,
    use_t: bool = False,
) -> Array:
    """Return the smallest sample whose margin of error is no larger than `margin`.

    Parameters
    ----------
    margin : (...) wanted margin of error, in points
    sd, level, design_effect, population, use_t
        As in `margin_for`. With a population of N, ``n0 / (1 + (n0 - 1) / N)`` respondents are as
        good as n0 from a large one [cochran1977sampling].
    response_rate : (...), optional
        Share of the people contacted who answer. If given, the result is the number to contact.

    Returns
    -------
    (...) whole numbers, 2 or more

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> sample_size(2, [15, 18, 20, 22])
    array([217., 312., 385., 465.])
    >>> float(sample_size(2, 18, population=1000, response_rate=0.25))
    952.0
    """
    require(
        faults_of(
            margin=margin,
            sd=sd,
            level=level,
            design_effect=design_effect,
            population=population,
            response_rate=response_rate,
        )
    )
    wanted, spread, deff, whole = numbers(margin, sd, design_effect, population_of(population))
    z = kernel.quantile(np.asarray(level), np.asarray(np.inf))
    n = np.maximum(kernel.rounded_up(kernel.needed(wanted, spread, deff, whole, z)), 2.0)
    if use_t:

        def enough(count: Array) -> BoolArray:
            q = kernel.quantile(np.asarray(level), count - 1.0)
            reached = q * np.sqrt(kernel.variance(count, spread, deff, whole))
            return np.asarray(reached <= wanted * (1.0 + 1e-12))

        n = kernel.smallest(enough, wanted.shape, whole)
    if np.any(n > kernel.MOST):
        require([Fault("margin", "no sample that can be counted reaches it", "give a wider one")])
    return n if response_rate is None else contacts(n, response_rate)


def contacts(n: ArrayLike, response_rate: ArrayLike) -> Array:
    """Return how many people to contact so that `n` answer.

    Parameters
    ----------
    n : (...) respondents
    response_rate : (...) share of the people contacted who answer

    Examples
    --------
    >>> float(contacts(250, 0.3))
    834.0
    """
    require(faults_of(n=n, response_rate=response_rate))
    return kernel.rounded_up(np.asarray(np.divide(n, response_rate), dtype=np.float64))


def design_effect(
    *, cluster_size: ArrayLike = 1.0, icc: ArrayLike = 0.0, weight_cv: ArrayLike = 0.0
) -> Array:
    """Return the design effect of clusters and of unequal weights.

    It is ``(1 + (m - 1) icc) (1 + cv²)`` [kish1965survey] [gabler1999model].

    Parameters
    ----------
    cluster_size : (...) mean number m of answers a cluster (household, branch, person)
    icc : (...) intraclass correlation: share of the variance that lies between clusters
    weight_cv : (...) standard deviation of the weights over their mean

    Returns
    -------
    (...) design effects

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> float(design_effect(cluster_size=3, icc=0.2))
    1.4
    """
    require(faults_of(cluster_size=cluster_size, icc=icc, weight_cv=weight_cv))
    m, between, cv = numbers(cluster_size, icc, weight_cv)
    return np.asarray((1.0 + (m - 1.0) * between) * (1.0 + cv**2))


def weight_effect(weights: ArrayLike) -> float:
    """Return the design effect of given weights, ``n sum(w²) / sum(w)²`` [kish1965survey].

    Parameters
    ----------
    weights : (n) sampling weights, not all zero

    Examples
    --------
    >>> weight_effect([1, 1, 1, 3])
    1.3333333333333333
    """
    require(faults_of(weights=weights))
    w = np.asarray(weights, dtype=np.float64).ravel()
    require(faults_of("sum of ", weights=None if w.sum() > 0 else np.nan))
    return float(len(w) * np.sum(w**2) / np.sum(w) ** 2)
