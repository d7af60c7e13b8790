"""Changes between two surveys: what is significant, what is found, and how many it takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from csi.arrays import Array, BoolArray
from csi.errors import Fault
from csi.planning import kernel
from csi.planning.checks import faults_of, numbers, population_of, require
from csi.planning.two_surveys import TwoSurveys, freedom_of


def change_error(
    n1: ArrayLike,
    n2: ArrayLike,
    sd: ArrayLike,
    *,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
    overlap: ArrayLike = 0.0,
    correlation: ArrayLike = 0.0,
) -> Array:
    """Return the standard error of the change between two surveys.

    Respondents of both surveys make the change more certain: with n_c of them the covariance of
    the two figures is ``correlation sd² n_c / (n1 n2)`` [kish1965survey], in a population of N
    ``correlation sd² (n_c / (n1 n2) - 1 / N)`` [qualite2008variance].

    Parameters
    ----------
    n1, n2 : (...) respondents of the two surveys
    sd : (...) standard deviation of one respondent's index, in points
    design_effect : (...)
        Of both figures and of their covariance.
    population : (...), optional
        Customers in all. With `overlap` 0 the samples are taken to be drawn independently.
    overlap : (...) share of the smaller survey's respondents who are in both
    correlation : (...) correlation of the index of the same person in the two surveys

    Returns
    -------
    (...) standard errors in points

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> change_error(250, 250, 18, overlap=[0, 0.5], correlation=0.6).round(2)
    array([1.61, 1.35])
    """
    return TwoSurveys(sd, design_effect, population, overlap, correlation).error(n1, n2, [])


def critical_change(
    n1: ArrayLike,
    n2: ArrayLike,
    sd: ArrayLike,
    *,
    level: float = 0.95,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
    overlap: ArrayLike = 0.0,
    correlation: ArrayLike = 0.0,
    use_t: bool = False,
) -> Array:
    """Return the change that is just significant.

    Parameters
    ----------
    n1, n2, sd, design_effect, population, overlap, correlation
        As in `change_error`.
    level : float
        One less the error probability of the two-sided test.
    use_t : bool
        Quantile of t with ``n1 + n2 - 2`` degrees of freedom in place of the normal one.

    Returns
    -------
    (...) changes in points

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> float(critical_change(250, 250, 18).round(1))
    3.2
    """
    design = TwoSurveys(sd, design_effect, population, overlap, correlation)
    error = design.error(n1, n2, faults_of(level=level))
    return np.asarray(kernel.quantile(np.asarray(level), freedom_of(n1, n2, use_t)) * error)


def detectable_change(
    n1: ArrayLike,
    n2: ArrayLike,
    sd: ArrayLike,
    *,
    level: float = 0.95,
    power: float = 0.8,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
    overlap: ArrayLike = 0.0,
    correlation: ArrayLike = 0.0,
    use_t: bool = False,
) -> Array:
    """Return the true change that is found significant with a given power.

    It is larger than the change that is just significant: a true change of that size is missed
    half of the time [cohen1988statistical].

    Parameters
    ----------
    n1, n2, sd, level, design_effect, population, overlap, correlation
        As in `critical_change`.
    power : float
        Chance that the change is found, in its own direction.
    use_t : bool
        Test by t; the power is that of the noncentral t.

    Returns
    -------
    (...) changes in points

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> float(detectable_change(250, 250, 18).round(1))
    4.5
    """
    design = TwoSurveys(sd, design_effect, population, overlap, correlation)
    error = design.error(n1, n2, faults_of(level=level, power=power))
    freedom = freedom_of(n1, n2, use_t)
    return np.asarray(kernel.shift_found(np.asarray(power), np.asarray(level), freedom) * error)


def power_of_change(
    change: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike,
    sd: ArrayLike,
    *,
    level: float = 0.95,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
    overlap: ArrayLike = 0.0,
    correlation: ArrayLike = 0.0,
    use_t: bool = False,
) -> Array:
    """Return the chance that a true change is found significant, in its own direction.

    Parameters
    ----------
    change : (...) true change, in points, as a positive number
    n1, n2, sd, level, design_effect, population, overlap, correlation, use_t
        As in `detectable_change`.

    Returns
    -------
    (...) chances between 0 and 1

    Raises
    ------
    OptionError
        All impossible values at once.

    Examples
    --------
    >>> power_of_change([2, 3.2, 4.5], 250, 250, 18).round(2)
    array([0.24, 0.51, 0.8 ])
    """
    design = TwoSurveys(sd, design_effect, population, overlap, correlation)
    error = design.error(n1, n2, faults_of(change=change, level=level))
    with np.errstate(divide="ignore"):
        shift = np.divide(np.asarray(change, dtype=np.float64), error)
    return kernel.power_of(shift, np.asarray(level), freedom_of(n1, n2, use_t))


def sample_size_for_change(
    change: ArrayLike,
    sd: ArrayLike,
    *,
    level: float = 0.95,
    power: float = 0.8,
    design_effect: ArrayLike = 1.0,
    population: ArrayLike | None = None,
    overlap: ArrayLike = 0.0,
    correlation: ArrayLike = 0.0,
    use_t: bool = False,
) -> Array:
    """Return the smallest sample, of each of two surveys, that finds a true change.

    Parameters
    ----------
    change : (...) true change to be found, in points
    sd, level, power, design_effect, population, overlap, correlation, use_t
        As in `detectable_change`.

    Returns
    -------
    (...) whole numbers, 2 or more

    Raises
    ------
    OptionError
        All impossible values at once; a change that no sample of the population finds with so
        small an overlap.

    Examples
    --------
    >>> sample_size_for_change([2, 3, 5], 18)
    array([1272.,  566.,  204.])
    """
    design = TwoSurveys(sd, design_effect, population, overlap, correlation)
    require(faults_of(change=change, level=level, power=power) + design.faults())
    wanted, _, _, whole, share, _ = numbers(
        change, sd, design_effect, population_of(population), overlap, correlation
    )

    def enough(n: Array) -> BoolArray:
        shift = kernel.shift_found(np.asarray(power), np.asarray(level), freedom_of(n, n, use_t))
        return np.asarray(shift * np.sqrt(design.variance(n, n)) <= wanted * (1.0 + 1e-12))

    # two samples of more than this must share more respondents than the overlap says
    most = np.where(share > 0, np.floor(whole / (2.0 - share)), whole)
    n = kernel.smallest(enough, wanted.shape, most)
    if np.any(np.isinf(n)):
        what = "no sample that can be counted, of this population with this overlap, finds it"
        require([Fault("change", what, "plan for a larger change or a larger overlap")])
    return n
