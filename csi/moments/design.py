"""Variance of sums over sampled units, under strata, clusters and finite populations.

Letters: u sampled units, k figures.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, IntArray


def design_variance(scores: Array, strata: IntArray, fractions: Array | None = None) -> Array:
    r"""Return the variances of figures from the scores of their sampled units.

    Parameters
    ----------
    scores : (u, k) contribution of each unit to each figure
    strata : (u) stratum number of each unit
    fractions : (u), optional
        Sampling fraction of each unit's stratum; no finite-population correction where None.

    Returns
    -------
    (k) variances; NaN where a stratum that is not taken whole has a single unit

    Notes
    -----
    .. math:: \sum_h (1 - f_h) \frac{n_h}{n_h - 1} \sum_{u \in h} (z_u - \bar z_h)^2

    Source: [sarndal1992model].

    Examples
    --------
    >>> z = np.array([[1.0], [2.0], [3.0]]) / 3  # contributions to a mean
    >>> float(design_variance(z, np.zeros(3, dtype=np.int64))[0].round(6))  # 1 / 3
    0.333333
    """
    spread = stratum_deviations(scores, strata, fractions)
    return np.asarray(np.einsum("uk,uk->k", spread, spread))


def design_covariance(scores: Array, strata: IntArray, fractions: Array | None = None) -> Array:
    """Return the covariance matrix (k, k) of figures, as `design_variance`."""
    spread = stratum_deviations(scores, strata, fractions)
    return np.asarray(spread.T @ spread)


def domain_variance(
    scores: Array, strata: IntArray, sizes: IntArray | None, fractions: Array | None = None
) -> Array:
    """Return the variances (k) of figures of a domain, in which not every unit has respondents.

    Parameters
    ----------
    scores : (u, k) of the units with respondents in the domain; those of all others are zero
    strata : (u) stratum number of each of them
    sizes : (u) or None
        Units of its stratum in the whole sample; None where all of them are in the domain.
    fractions : (u), optional
        Sampling fraction of its stratum.

    Notes
    -----
    The same as `design_variance` of all units, without writing out the zeros.

    Examples
    --------
    >>> z, strata = np.array([[1.0], [2.0], [0.0]]), np.zeros(3, dtype=np.int64)
    >>> design_variance(z, strata).round(6).tolist()
    [3.0]
    >>> domain_variance(z[:2], strata[:2], np.array([3, 3])).round(6).tolist()
    [3.0]
    """
    if sizes is None:
        return design_variance(scores, strata, fractions)
    present, of = _sizes(strata)
    n = np.zeros(len(present))
    n[of] = sizes
    center = np.zeros((len(present), scores.shape[1]))
    np.add.at(center, of, scores)
    center /= n[:, None]
    inside = np.zeros_like(center)
    np.add.at(inside, of, (scores - center[of]) ** 2)
    factor = np.zeros(len(present))
    factor[of] = finite_factor(sizes, fractions)
    return np.asarray(factor @ (inside + (n - present)[:, None] * center**2))


def stratum_deviations(scores: Array, strata: IntArray, fractions: Array | None = None) -> Array:
    """Return deviations (u, k) from the stratum's mean whose squares add up to the variance."""
    sizes, of = _sizes(strata)
    center = np.zeros((len(sizes), scores.shape[1]))
    if len(sizes) == 1:
        center[0] = scores.mean(axis=0)
    else:
        order = np.argsort(of, kind="stable")
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        center = np.add.reduceat(scores[order], starts, axis=0) / sizes[:, None]
    spread = scores - center[of]
    spread *= np.sqrt(unit_factors(strata, fractions))[:, None]
    return spread


def unit_factors(strata: IntArray, fractions: Array | None = None) -> Array:
    """Return ``(1 - f) n / (n - 1)`` of each unit's stratum, (u).

    A stratum with a single unit says nothing of its variance: NaN, or 0 where it was taken whole.
    """
    sizes, of = _sizes(strata)
    return finite_factor(sizes[of], fractions)


def finite_factor(sizes: IntArray, fractions: Array | None = None) -> Array:
    """Return ``(1 - f) n / (n - 1)`` from stratum sizes n (u) and sampling fractions f (u)."""
    left = np.ones(len(sizes)) if fractions is None else 1.0 - fractions
    n = sizes.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(n > 1, n / (n - 1.0), np.nan)
    return np.asarray(np.where(left <= 0, 0.0, left * factor))


def _sizes(strata: IntArray) -> tuple[IntArray, IntArray]:
    """Return the number of units of each stratum and the stratum of each unit, from 0."""
    _, of, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    return sizes, of.reshape(-1)
