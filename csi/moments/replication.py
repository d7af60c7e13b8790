"""How the replicates of a survey turn into variances: one value for every kind of them.

Letters: R replicates (first axis of every array of replicates), any further axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from csi.arrays import Array, readonly
from csi.tabular import Brief

Method = Literal["design", "bootstrap", "jackknife", "brr", "fay", "supplied", "gaussian", "delta"]
"""``design``: the supplied replicate weights where the codebook has them, else the bootstrap."""


@dataclass(frozen=True, slots=True, repr=False)
class Replication(Brief):
    """The replicates of one survey as a method.

    Attributes
    ----------
    method : {"bootstrap", "jackknife", "brr", "fay", "supplied", "gaussian", "delta"}
    replicates : int
        Number of replicates.
    words : str
        The method in words, for reports.
    factors : (R) or None
        The variance of a figure is the sum of factor times squared deviation of its replicates;
        None for random draws, whose variance is that of a sample of draws.
    around : {"estimate", "mean"}
        What deviations are taken from where there are factors.
    freedom : float or None
        Degrees of freedom of the replicates of the whole survey; None where the design decides
        (sampled units less strata). A figure of one group has no more than its own units less
        strata.
    """

    method: Method
    replicates: int
    words: str
    factors: Array | None = None
    around: Literal["estimate", "mean"] = "estimate"
    freedom: float | None = None

    def __post_init__(self) -> None:
        """Lock the factors."""
        if self.factors is not None:
            object.__setattr__(self, "factors", readonly(self.factors))

    @property
    def random(self) -> bool:
        """Whether replicates are random draws, so that their quantiles mean something."""
        return self.factors is None

    def freedom_of(self, freedom: float) -> float:
        """Return the degrees of freedom of a figure whose own sample has `freedom` of them."""
        return freedom if self.freedom is None else min(self.freedom, freedom)

    def variance(self, replicates: Array, estimate: Array | float) -> Array:
        r"""Return the variances of figures from their replicates.

        Parameters
        ----------
        replicates : (R, ...)
        estimate : (...) figures of the whole sample

        Returns
        -------
        (...) variances; NaN where fewer than two draws, or no replicate with a factor above 0,
        could be used

        Notes
        -----
        .. math:: \sum_r c_r (\theta_r - \theta_0)^2

        with the factors c and the estimate or the mean of the replicates as :math:`\theta_0`; for
        random draws the variance of a sample of draws. Replicates that are NaN are left out and
        the factors of the others scaled up, so that they add to the same total. Source:
        [wolter2007introduction].

        Examples
        --------
        >>> jackknife = Replication("jackknife", 3, "", factors=np.full(3, 2 / 3))
        >>> means = np.array([2.5, 2.0, 1.5])  # of 1, 2, 3 without one of them
        >>> float(jackknife.variance(means, 2.0).round(6))  # s2 / n = 1 / 3
        0.333333
        """
        return np.asarray(np.sum(self._deviations(replicates, estimate) ** 2, axis=0))

    def covariance(self, replicates: Array, estimate: Array) -> Array:
        """Return the covariance matrix (k, k) of figures from their replicates (R, k).

        Its diagonal is `variance`; where replicates of only some figures are NaN, the others
        count as no deviation beside them, so that the matrix stays positive semidefinite.

        Examples
        --------
        >>> draws = np.array([[0.0, 0.0], [1.0, 2.0], [1.0, 2.0], [0.0, 0.0], [3.0, 6.0]])
        >>> Replication("bootstrap", 5, "").covariance(draws, draws.mean(axis=0)).tolist()
        [[1.5, 3.0], [3.0, 6.0]]
        """
        away = self._deviations(replicates, estimate)
        return np.asarray(away.T @ away)

    def as_draws(self, replicates: Array, estimate: Array, draws: int, seed: int) -> Array:
        """Return random draws of figures, for what needs draws and has none.

        Parameters
        ----------
        replicates : (R, k)
        estimate : (k)
        draws : int
        seed : int
            The same seed gives the same bytes.

        Returns
        -------
        (draws, k) normal draws about the estimate with the covariance matrix of the replicates;
        random replicates are returned as they are, (R, k)

        Examples
        --------
        >>> jackknife = Replication("jackknife", 3, "", factors=np.full(3, 2 / 3))
        >>> jackknife.as_draws(np.array([[2.5], [2.0], [1.5]]), np.array([2.0]), 50, 1).shape
        (50, 1)
        """
        if self.random:
            return replicates
        away = self._deviations(replicates, estimate)
        chance = np.random.default_rng(seed).standard_normal((draws, len(away)))
        return np.asarray(estimate + chance @ away)

    def _deviations(self, replicates: Array, estimate: Array | float) -> Array:
        """(R, ...) deviations whose squares add up to the variance; 0 for unusable replicates.

        All of a figure's are NaN where it has no variance.
        """
        found = np.asarray(replicates, dtype=np.float64)
        there = np.isfinite(found)
        count = there.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.where(there, found, 0.0).sum(axis=0) / count
            if self.factors is None:
                center, factors = mean, np.where(count > 1, 1.0 / (count - 1.0), np.nan)
            else:
                center = mean if self.around == "mean" else np.asarray(estimate, dtype=np.float64)
                own = self.factors.reshape(-1, *([1] * (found.ndim - 1)))
                total, kept = self.factors.sum(), np.where(there, own, 0.0).sum(axis=0)
                scale = np.where((total == 0) & (count > 0), 1.0, total / kept)
                factors = own * np.where(kept + (total == 0) > 0, scale, np.nan)
            return np.asarray(np.where(there, found - center, 0.0) * np.sqrt(factors))
