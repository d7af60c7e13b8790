"""Weighted means of index levels with their variances: numbers only.

Letters: k members, u sampled units, b independent parts.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray, IntArray


def weighted_mean(levels: Array, weights: Array) -> Array:
    """Return the mean of the levels of members by their weights.

    Parameters
    ----------
    levels : (..., k) index levels, on any leading axes
    weights : (k) positive weights in any unit; only their proportions matter

    Returns
    -------
    (...) means; NaN where a level is NaN

    Examples
    --------
    >>> float(weighted_mean(np.array([70.0, 80.0]), np.array([3.0, 1.0])))
    72.5
    """
    return np.asarray(levels @ (weights / weights.sum()))


def mean_variance(weights: Array, cov: Array) -> float:
    """Return the variance of a weighted mean by the delta method, w' V w with shares w.

    Parameters
    ----------
    weights : (k) weights in any unit
    cov : (k, k) covariances of the levels

    Examples
    --------
    >>> mean_variance(np.array([1.0, 1.0]), np.diag([4.0, 4.0]))
    2.0
    """
    share = weights / weights.sum()
    return float(share @ cov @ share)


def weight_gradient(levels: Array, weights: Array) -> Array:
    """Return how a weighted mean moves with each weight, (level - mean) / sum of weights.

    Parameters
    ----------
    levels, weights : (k)

    Examples
    --------
    >>> weight_gradient(np.array([70.0, 80.0]), np.array([1.0, 1.0])).tolist()
    [-2.5, 2.5]
    """
    return np.asarray((levels - weighted_mean(levels, weights)) / weights.sum())


def unit_variance(
    scores: Array,
    strata: IntArray,
    fractions: Array | None = None,
    sizes: IntArray | None = None,
) -> float:
    """Return the variance of a sum over sampled units, stratum by stratum.

    Parameters
    ----------
    scores : (u) contributions of the units
    strata : (u) their strata
    fractions : (u) or None
        Sampling fractions of their strata.
    sizes : (u) or None
        Units of their strata where some contribute nothing and are not among them.

    Returns
    -------
    float
        The sum over strata of ``(1 - f) n / (n - 1)`` times squared deviations from the mean of
        the stratum, with zeros for units that are not here. A unit alone in its stratum deviates
        from the mean of all units, with factor ``1 - f``. NaN with fewer than two units.

    Examples
    --------
    >>> unit_variance(np.array([-1.0, 1.0]), np.array([0, 0]))
    4.0
    """
    if len(scores) < 2:
        return float("nan")
    _, of, size = np.unique(strata, return_inverse=True, return_counts=True)
    of, here = of.reshape(-1), size
    if sizes is not None:
        size = np.zeros_like(here)
        size[of] = sizes
    mean = np.bincount(of, weights=scores) / size
    center = np.where(size > 1, mean, scores.mean())
    square = np.bincount(of, weights=(scores - center[of]) ** 2) + (size - here) * center**2
    factor = np.where(size > 1, size / np.maximum(size - 1, 1), 1.0)
    if fractions is not None:
        factor = factor * (1.0 - np.bincount(of, weights=fractions) / here)
    return float(factor @ square)


def satterthwaite(variances: Array, freedoms: Array) -> float:
    r"""Return the degrees of freedom of a sum of independent variance estimates.

    Parameters
    ----------
    variances : (b) of independent parts
    freedoms : (b) their degrees of freedom; infinite for a part known without error

    Returns
    -------
    float
        Infinite where every part with a variance is known.

    Notes
    -----
    .. math:: \nu = \Bigl(\sum_b V_b\Bigr)^2 \Big/ \sum_b V_b^2 / \nu_b

    Source: [satterthwaite1946approximate].

    Examples
    --------
    >>> satterthwaite(np.array([2.0, 2.0]), np.array([10.0, 10.0]))
    20.0
    """
    below = float(np.sum(variances**2 / freedoms))
    return float(np.sum(variances)) ** 2 / below if below > 0 else float("inf")


def relative_change(new: Array | float, old: Array | float) -> Array:
    """Return the change in per cent of the old figure, 100 (new / old - 1).

    Examples
    --------
    >>> round(float(relative_change(71.0, 69.0)), 1)
    2.9
    """
    return np.asarray(100.0 * (np.asarray(new) / np.asarray(old) - 1.0))


def relative_gradient(new: float, old: float) -> tuple[float, float]:
    """Return how the relative change moves with the new and with the old figure.

    Examples
    --------
    >>> relative_gradient(60.0, 50.0)
    (2.0, -2.4)
    """
    return 100.0 / old, -100.0 * new / old**2


def member_parts(
    before: Array, now: Array, share_before: Array, share_now: Array
) -> tuple[Array, Array]:
    r"""Return the parts of a weighted mean's change: members' own changes, and the mix.

    Parameters
    ----------
    before, now : (k, ...) levels of the members in the two periods; or anything linear in them,
        such as their replicates. Values of a member without share are not read.
    share_before, share_now : (k) shares, adding up to one; zero for a member that is not there

    Returns
    -------
    tuple of two (k, ...) arrays
        What each member adds by its own change, and by its changed share. All of them together
        are the change. A member that enters or leaves counts in the mix as a whole.

    Notes
    -----
    With shares s and levels I of the two periods, a bar for their mean over both, and r the mean
    of the two aggregates,

    .. math:: \bar s_k (I_{1k} - I_{0k}) \quad\text{and}\quad (s_{1k} - s_{0k})(\bar I_k - r).

    This is the symmetric form of [bennet1920theory]; taking deviations from r leaves the sum as
    it is and says whether weight moved to members above or below the average.

    Examples
    --------
    >>> share_before, share_now = np.array([0.5, 0.5]), np.array([0.4, 0.6])
    >>> own, mix = member_parts(
    ...     np.array([70.0, 80.0]), np.array([72.0, 80.0]), share_before, share_now
    ... )
    >>> own.round(3).tolist(), mix.round(3).tolist()
    ([0.9, 0.0], [0.49, 0.41])
    """
    ahead: tuple[slice | None, ...] = (slice(None), *(None for _ in before.shape[1:]))
    there, here = share_before > 0, share_now > 0
    both: BoolArray = there & here
    old = np.where(there[ahead], before, 0.0)
    new = np.where(here[ahead], now, 0.0)
    middle = 0.5 * (np.tensordot(share_before, old, 1) + np.tensordot(share_now, new, 1))
    own = np.where(both[ahead], (0.5 * (share_before + share_now))[ahead] * (new - old), 0.0)
    level = np.where(both[ahead], 0.5 * (old + new), old + new)
    return own, (share_now - share_before)[ahead] * (level - middle)
