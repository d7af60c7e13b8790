"""How often the first company of a league changes although nothing has changed.

Letters: k companies, d draws; T variance of the true figures, C (k, k) sampling covariance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from csi.arrays import Array, readonly
from csi.errors import Fault, OptionError
from csi.estimate.multiple import normal_draws

Truth = Literal["observed", "shrunken"]
"""What is taken for the truth that does not change."""


@dataclass(frozen=True, slots=True)
class Shrunken:
    """True figures of companies as far as the survey tells, by empirical Bayes.

    Attributes
    ----------
    mean : float
        Mean of the true figures.
    spread : float
        Standard deviation of the true figures; 0 where observed figures differ no more than
        sampling makes them.
    reliability : float
        Share of the variance of observed figures that is true, the interunit reliability.
    estimate : (k) figures drawn towards the mean
    covariance : (k, k) what remains unsure of the true figures
    """

    mean: float
    spread: float
    reliability: float
    estimate: Array
    covariance: Array

    def __post_init__(self) -> None:
        """Lock the arrays."""
        object.__setattr__(self, "estimate", readonly(self.estimate))
        object.__setattr__(self, "covariance", readonly(self.covariance))


def shrunken(estimate: Array, covariance: Array) -> Shrunken:
    """Return what the observed figures tell about the true ones.

    Parameters
    ----------
    estimate : (k) figures of at least two companies, all finite
    covariance : (k, k) of their sampling

    Returns
    -------
    Shrunken

    Raises
    ------
    OptionError
        For fewer than two companies, or figures and errors that are not finite.

    Notes
    -----
    True figures are taken as normal about a common mean. Their variance is that of the observed
    figures less the mean sampling variance of a difference halved, or zero; mean and figures
    follow by generalised least squares. Reliability is ``T / (T + V)`` with the halved variance
    V. Source: [efron1973stein].

    Examples
    --------
    >>> found = shrunken(np.array([70.0, 74.0, 78.0]), 4.0 * np.eye(3))
    >>> round(found.spread**2, 9), found.reliability  # 16 observed, 4 from sampling
    (12.0, 0.75)
    >>> found.estimate.tolist()
    [71.0, 74.0, 77.0]
    """
    k = len(estimate)
    faults = []
    if k < 2:
        faults.append(Fault("companies", f"{k} cannot be compared", "give two or more"))
    if not (np.isfinite(estimate).all() and np.isfinite(covariance).all()):
        faults.append(Fault("companies", "figures or errors are not finite", "leave them out"))
    if faults:
        raise OptionError(faults)
    sampling = float(np.trace(covariance) - covariance.sum() / k) / (k - 1)
    variance = max(float(np.var(estimate, ddof=1)) - sampling, 0.0)
    reliability = variance / (variance + sampling) if variance + sampling > 0 else np.nan
    # with T at zero all true figures are the mean: a T far below the errors says the same
    total = covariance + (variance or 1e-9 * max(sampling, 1e-300)) * np.eye(k)
    pull = np.linalg.solve(total, covariance).T  # C (C + T)^-1
    ones = np.linalg.solve(total, np.ones(k))
    mean = float(ones @ estimate / ones.sum())
    towards = pull.sum(axis=1)
    unsure = covariance - pull @ covariance + np.outer(towards, towards) / ones.sum()
    return Shrunken(
        mean=mean,
        spread=float(np.sqrt(variance)),
        reliability=float(reliability),
        estimate=estimate - pull @ (estimate - mean),
        covariance=unsure,
    )


def probability_best(found: Shrunken, *, draws: int = 10_000, seed: int = 1) -> Array:
    """Return the probability that each company is truly the best, (k), by empirical Bayes.

    Parameters
    ----------
    found : Shrunken
    draws, seed : int
        Draws of the true figures. With 10,000 a probability has an error below 0.005.
    """
    truth = found.estimate + normal_draws(found.covariance, draws=draws, seed=seed)
    return np.asarray(np.bincount(truth.argmax(axis=1), minlength=len(found.estimate)) / draws)


def expected_leader_change(
    estimate: Array,
    now: Array,
    before: Array,
    *,
    truth: Truth = "shrunken",
    draws: int = 10_000,
    seed: int = 1,
) -> float:
    """Return how probable another first company is in two waves between which nothing changed.

    Parameters
    ----------
    estimate : (k) figures
    now, before : (k, k) sampling covariance of the companies in either wave, which are
        independent samples
    truth : {"shrunken", "observed"}
        What is true in both waves. ``observed``: the figures as they are; sampling has spread
        them, so that the probability is too small. ``shrunken``: figures drawn from what the
        survey tells about the true ones, see `shrunken`.
    draws, seed : int
        Pairs of waves; with 10,000 the probability has an error of at most 0.005.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    OptionError
        For an unknown truth and, as in `shrunken`, for figures that are not finite.

    Examples
    --------
    >>> same = np.zeros(2)  # two companies alike: a toss of a coin
    >>> round(expected_leader_change(same, np.eye(2), np.eye(2), truth="observed"), 1)
    0.5
    """
    if truth not in get_args(Truth):
        kinds = ", ".join(get_args(Truth))
        fault = Fault("option truth", f"{truth!r} is not possible", f"use one of {kinds}")
        raise OptionError(fault)
    found = shrunken(estimate, now)
    streams = np.random.SeedSequence(seed).generate_state(3)
    true = np.broadcast_to(estimate, (draws, len(estimate)))
    if truth == "shrunken":
        true = found.estimate + normal_draws(found.covariance, draws=draws, seed=int(streams[0]))
    one = true + normal_draws(now, draws=draws, seed=int(streams[1]))
    other = true + normal_draws(before, draws=draws, seed=int(streams[2]))
    return float(np.mean(one.argmax(axis=1) != other.argmax(axis=1)))
