"""Reliability of a league table: how much of the spread of companies is real."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from csi.arrays import Array
from csi.planning import kernel
from csi.planning.checks import beyond, faults_of, numbers, population_of, require


def reliability(
    n: ArrayLike,
    sd: ArrayLike,
    spread: ArrayLike,
    *,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
) -> Array:
    """Return the interunit reliability of figures from `n` respondents a company.

    It is the share of true variance in that of the figures, ``spread² / (spread² + V)`` with V the
    variance of one figure [adams2010physician]. Figures below 0.70 are often kept out of league
    tables.

    Parameters
    ----------
    n : (...) respondents of one company
    sd : (...) standard deviation of one respondent's index, in points
    spread : (...) standard deviation of the true indices of companies, in points
    design_effect : (...)
    population : (...), optional
        Customers of one company, as in `margin_for`.

    Returns
    -------
    (...) reliabilities between 0 and 1

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> reliability([84, 250], 18, 3).round(2)
    array([0.7 , 0.87])
    """
    found = faults_of(n=n, sd=sd, spread=spread, design_effect=design_effect, population=population)
    require(found or beyond("n", n, population))
    count, own, true, deff, whole = numbers(n, sd, spread, design_effect, population_of(population))
    error = kernel.variance(count, own, deff, whole)
    return np.asarray(true**2 / (true**2 + error))


def sample_size_for_reliability(
    wanted: ArrayLike,
    sd: ArrayLike,
    spread: ArrayLike,
    *,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
) -> Array:
    """Return the smallest sample a company whose figures reach a reliability.

    Parameters
    ----------
    wanted : (...) reliability, such as 0.7
    sd, spread, design_effect, population
        As in `reliability`.

    Returns
    -------
    (...) whole numbers, 2 or more

    Examples
    --------
    >>> sample_size_for_reliability(0.7, 18, [2, 3, 5])
    array([189.,  84.,  31.])
    """
    require(
        faults_of(
            wanted=wanted,
            sd=sd,
            spread=spread,
            design_effect=design_effect,
            population=population,
        )
    )
    share, own, true, deff, whole = numbers(
        wanted, sd, spread, design_effect, population_of(population)
    )
    error = true * np.sqrt((1.0 - share) / share)
    n = kernel.needed(error, own, deff, whole, np.asarray(1.0))
    return np.maximum(kernel.rounded_up(n), 2.0)
