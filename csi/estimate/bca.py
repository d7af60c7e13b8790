"""The bias-corrected and accelerated bootstrap: which quantiles of the draws an interval takes.

Letters: z normal quantiles, z0 median bias of the draws, a acceleration; u units, d draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from csi.arrays import Array, IntArray


def acceleration(
    unit_scores: Array, strata: IntArray | None = None, sizes: IntArray | None = None
) -> Array:
    r"""Return the acceleration of figures from what each sampled unit contributes to them.

    Parameters
    ----------
    unit_scores : (u, ...)
        Contributions of the sampled units: linearised values, or jackknife deviations. Their
        unit of measurement does not matter.
    strata : (u) or None
        Contributions are taken about the mean of their stratum; without strata about the mean.
    sizes : (u) or None
        Units of each one's stratum where some contribute nothing and are not among them; it needs
        `strata`.

    Returns
    -------
    (...) a sixth of the skewness of the figure; 0 where units do not differ, NaN where a
    contribution is NaN

    Notes
    -----
    .. math:: a = \sum z^3 / (6 (\sum z^2)^{3/2})

    Source: [efron1987better].

    Examples
    --------
    >>> float(acceleration(np.array([-1.0, 0.0, 1.0])))
    0.0
    >>> round(float(acceleration(np.array([0.0, 0.0, 0.0, 4.0]))), 4)
    0.0962
    """
    scores = np.asarray(unit_scores, dtype=np.float64)
    of = np.zeros(len(scores), dtype=np.int64)
    if strata is not None:
        of = np.unique(strata, return_inverse=True)[1].reshape(-1)
    flat = scores.reshape(len(scores), -1)
    sums = np.zeros((int(of.max(initial=0)) + 1, flat.shape[1]))
    np.add.at(sums, of, flat)
    here = np.maximum(np.bincount(of, minlength=len(sums)), 1)[:, None]
    every = here.copy()
    if sizes is not None:
        every[of, 0] = sizes
    center = sums / every
    z = flat - center[of]
    square = np.sum(z**2, axis=0) + np.sum((every - here) * center**2, axis=0)
    cube = np.sum(z**3, axis=0) - np.sum((every - here) * center**3, axis=0)
    rounding = (1e-13 * np.abs(flat).max(axis=0, initial=0.0)) ** 2 * len(flat)
    same = square <= rounding
    a = cube / (6.0 * np.where(same, 1.0, square) ** 1.5)
    return np.asarray(np.where(same, 0.0, a)).reshape(scores.shape[1:])


def median_bias(usable: Array, estimate: float) -> float:
    """Return the median bias of (d) draws: the normal quantile of the share below the estimate."""
    below = (np.sum(usable < estimate) + 0.5 * np.sum(usable == estimate)) / len(usable)
    return float(ndtri(np.clip(below, 0.5 / len(usable), 1.0 - 0.5 / len(usable))))


def quantiles_taken(z: ArrayLike, bias: float, a: float = 0.0) -> Array:
    r"""Return the shares of draws at which the ends of an interval lie.

    Parameters
    ----------
    z : (k) normal quantiles of the tails, such as -1.96 and 1.96
    bias : float
        Median bias.
    a : float
        Acceleration; none gives the bias-corrected interval.

    Notes
    -----
    The share is :math:`\Phi(z_0 + (z_0 + z) / (1 - a (z_0 + z)))`. Past the pole of the
    fraction the end is the last draw of its side. Source: [efron1987better].
    """
    moved = bias + np.asarray(z, dtype=np.float64)
    below = 1.0 - a * moved
    safe = np.where(below > 0, below, 1.0)
    far = np.where(moved > 0, np.inf, -np.inf)
    return np.asarray(ndtr(bias + np.where(below > 0, moved / safe, far)))


def tail_reached(share: float, bias: float, a: float = 0.0) -> float:
    """Return the normal quantile whose end lies at `share`: `quantiles_taken` turned round.

    Examples
    --------
    >>> z = tail_reached(0.1, 0.2, 0.05)
    >>> round(float(quantiles_taken(z, 0.2, 0.05)), 12)
    0.1
    """
    moved = float(ndtri(share)) - bias
    below = 1.0 + a * moved
    if below <= 0:  # no level reaches so far out
        return float(np.copysign(np.inf, moved))
    return moved / below - bias
