"""Answers on a scale as a monotone map of a standard normal variable: exact moments.

Letters: ``t`` cut points (c of them between c + 1 answers), ``phi`` the standard normal
density, ``h_k`` the Hermite polynomials that are orthonormal under it. An unused cut is
infinite, so that items with short and long scales share one array.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betainc, expit, logit, ndtr, ndtri

from csi.arrays import Array, BoolArray

MAX_CORRELATION = 0.99
"""Largest latent item correlation for which the series is used."""

_DECIMALS = 10
_TOLERANCE = 1e-11


class Cuts(NamedTuple):
    """Cut points found for wanted means and standard deviations.

    Attributes
    ----------
    cuts : (m, c) cut points of a standard normal variable, ``inf`` where a scale is shorter
    found : (m,) True where the wanted moments were reached
    """

    cuts: Array
    found: BoolArray


def cut_points(mean: Array, sd: Array, steps: Array) -> Cuts:
    """Find the cut points that give answers 0, 1, ..., `steps` a wanted mean and spread.

    The answers follow a beta distribution over equal classes: skewed away from the near end
    of the scale, piling up there where the spread is large, as satisfaction ratings do.

    Parameters
    ----------
    mean : (m,) wanted means, in steps above the low end
    sd : (m,) wanted standard deviations, in steps
    steps : (m,) number of steps of each scale; with 1 the spread follows from the mean

    Returns
    -------
    Cuts
        Rounded to ten decimals, so that the last bits of a machine do not matter.

    Examples
    --------
    >>> found = cut_points(np.array([6.0]), np.array([1.8]), np.array([9.0]))
    >>> round(float(answer_means(found.cuts)[0]), 6)
    6.0
    """
    edges = np.arange(1.0, steps.max() + 1.0)
    used = edges[None, :] <= steps[:, None]
    share = np.where(used, edges[None, :] / (steps[:, None] + 1.0), 1.0)
    centre = (mean + 0.5) / (steps + 1.0)
    spread = np.maximum((sd**2 - 1.0 / 12.0) / (steps + 1.0) ** 2, 1e-4)
    place = np.stack([logit(centre), np.log(np.maximum(centre * (1 - centre) / spread - 1, 0.2))])
    two = steps == 1.0
    below = np.ones_like(share)
    below[two, 0] = 1.0 - mean[two]
    found = np.ones(len(mean), dtype=bool)
    if not two.all():
        many = ~two
        place, found[many] = _solve(place[:, many], share[many], mean[many], sd[many])
        below[many] = _below(place, share[many])
    cuts: Array = np.where(used, ndtri(below), np.inf)
    rounded: Array = np.round(cuts, _DECIMALS)
    return Cuts(rounded, found)


def _below(place: Array, share: Array) -> Array:
    """Return the (m, c) probabilities below each cut, for (logit mean, log precision)."""
    centre, precision = expit(place[0]), np.exp(place[1])
    first, second = centre * precision, (1.0 - centre) * precision
    below: Array = betainc(first[:, None], second[:, None], share)
    return below


def _mean_and_log_sd(place: Array, share: Array) -> Array:
    """Return (2, m): mean and log standard deviation of the answers."""
    above = 1.0 - _below(place, share)
    mean = above.sum(axis=1)
    second = (above * (2.0 * np.arange(share.shape[1]) + 1.0)).sum(axis=1)
    return np.stack([mean, 0.5 * np.log(np.maximum(second - mean**2, 1e-12))])


def _solve(place: Array, share: Array, mean: Array, sd: Array) -> tuple[Array, BoolArray]:
    """Newton's method for all items at once, with derivatives by central differences."""
    target, step = np.stack([mean, np.log(sd)]), 1e-5
    for _ in range(80):
        miss = _mean_and_log_sd(place, share) - target
        if np.abs(miss).max() < _TOLERANCE:
            break
        columns = []
        for axis in range(2):
            shift = np.zeros((2, 1))
            shift[axis] = step
            rise = _mean_and_log_sd(place + shift, share) - _mean_and_log_sd(place - shift, share)
            columns.append(rise / (2 * step))
        (a, c), (b, d) = columns
        size = a * d - b * c
        size = np.where(np.abs(size) < 1e-12, 1e-12, size)
        move = np.stack([(d * miss[0] - b * miss[1]) / size, (a * miss[1] - c * miss[0]) / size])
        place = np.clip(place - np.clip(move, -0.7, 0.7), -14.0, 14.0)
    miss = _mean_and_log_sd(place, share) - target
    return place, np.asarray(np.abs(miss).max(axis=0) < 1e-7)


def answer_means(cuts: Array) -> Array:
    """Return the exact (...) means of answers 0, 1, ..., c, in steps, from (..., c) cuts."""
    means: Array = ndtr(-cuts).sum(axis=-1)
    return means


def answer_variances(cuts: Array) -> Array:
    """Return the exact (...) variances of answers 0, 1, ..., c from (..., c) cuts."""
    above = ndtr(-cuts)
    second = (above * (2.0 * np.arange(cuts.shape[-1]) + 1.0)).sum(axis=-1)
    variances: Array = second - above.sum(axis=-1) ** 2
    return variances


def answer_probabilities(cuts: Array) -> Array:
    """Return the (..., c + 1) probabilities of answers 0, 1, ..., c from (..., c) cuts."""
    edge = np.zeros((*cuts.shape[:-1], 1))
    below = np.concatenate([edge, ndtr(cuts), edge + 1.0], axis=-1)
    return np.diff(below, axis=-1)


def answer_covariance(cuts: Array, corr: Array) -> Array:
    r"""Covariances of the answers from the correlations of the latent items.

    Parameters
    ----------
    cuts : (..., p, c) cut points of each item
    corr : (p, p) latent item correlations, off the diagonal at most 0.99 in size

    Returns
    -------
    (..., p, p) covariances of the answers, in steps; exact variances on the diagonal.

    Notes
    -----
    A step function of a normal variable is :math:`g = \sum_k a_k h_k`, with
    :math:`a_k = \sum_t \phi(t) h_{k-1}(t) / \sqrt{k}`, and two such functions of variables
    with correlation :math:`\rho` have covariance :math:`\sum_k a_k b_k \rho^k`
    [lancaster1957some]. The sum runs until :math:`\rho^k` is below 1e-15.

    Examples
    --------
    >>> cut = np.zeros((2, 1))
    >>> cov = answer_covariance(cut, np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> round(float(cov[0, 1]), 9), round(float(np.arcsin(0.5) / (2 * np.pi)), 9)
    (0.083333333, 0.083333333)
    """
    off = corr * (1.0 - np.eye(len(corr)))
    largest = float(np.abs(off).max(initial=0.0))
    terms = 1 if largest == 0.0 else int(np.ceil(np.log(1e-15) / np.log(min(largest, 0.999))))
    finite = np.isfinite(cuts)
    t = np.where(finite, cuts, 0.0)
    density = np.where(finite, np.exp(-0.5 * t**2) / np.sqrt(2.0 * np.pi), 0.0)
    before, current = np.zeros_like(t), np.ones_like(t)
    power, total = off.copy(), np.zeros((*cuts.shape[:-1], len(corr)))
    for k in range(1, terms + 1):
        a = (density * current).sum(axis=-1) / np.sqrt(k)
        total += a[..., :, None] * a[..., None, :] * power
        before, current = current, (t * current - np.sqrt(k - 1.0) * before) / np.sqrt(k)
        power = power * off
    place = np.arange(len(corr))
    total[..., place, place] = answer_variances(cuts)
    return total
