"""Weighted means and ratios with their linearised variances: the arithmetic behind the tables.

Letters: n respondents, u sampled units, k ratios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from csi.arrays import Array, IntArray
from csi.moments.design import domain_variance
from csi.moments.units import SampleUnits


@dataclass(frozen=True, slots=True)
class RatioFigures:
    """Ratios of weighted sums with their errors, (k) each.

    Attributes
    ----------
    value, se, margin, lower, upper : (k)
    n : (k) respondents counted
    sum_weights, n_effective : (k) their sum of weights and Kish's effective number
    freedom : (k) sampled units with a respondent counted, less their strata
    design_effect : (k) variance over that of a simple random sample, with replacement, of as many
    """

    value: Array
    se: Array
    margin: Array
    lower: Array
    upper: Array
    n: IntArray
    sum_weights: Array
    n_effective: Array
    freedom: IntArray
    design_effect: Array


def ratio_figures(
    y: Array, x: Array, weights: Array, units: SampleUnits, level: float
) -> RatioFigures:
    r"""Return ratios of weighted sums of a domain with their errors.

    Parameters
    ----------
    y, x : (n, k) numerators and denominators of the respondents of the domain, NaN where one is
        missing; x is 1 for a mean
    weights : (n)
    units : SampleUnits
        The units of these respondents; `sizes` counts those without one as well.
    level : float
        Confidence level.

    Returns
    -------
    RatioFigures
        NaN where nobody is counted or the denominator is zero, and errors NaN where there are no
        degrees of freedom.

    Notes
    -----
    .. math::
        R = \frac{\sum w y}{\sum w x}, \qquad z = \frac{w (y - R x)}{\sum w x}, \qquad
        V(R) = \sum_h (1 - f_h) \frac{n_h}{n_h - 1} \sum_{u \in h} (z_u - \bar z_h)^2

    Source: [sarndal1992model]. The design effect is V over ``s2 / (n mean(x)**2)``, where s2 is the
    weighted variance of ``y - R x`` times ``n / (n - 1)`` and no finite-population correction is
    made [kish1965survey].
    """
    here = np.isfinite(y) & np.isfinite(x)
    held = here * weights[:, None]
    above = np.sum(held * np.where(here, y, 0.0), axis=0)
    below = np.sum(held * np.where(here, x, 0.0), axis=0)
    n, total, square = here.sum(axis=0), held.sum(axis=0), np.sum(held**2, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(below == 0, np.nan, above / below)
        away = np.where(here, y - value * x, 0.0)
        z = held * away / below
        s2 = np.sum(held * away**2, axis=0) / total * n / (n - 1.0)
        simple = s2 / n / (below / total) ** 2
        effective = np.where(total > 0, total**2 / square, 0.0)
        variance, freedom = _variance(z, here, units)
        effect = variance / simple
    enough = (freedom > 0) & np.isfinite(value)
    se = np.where(enough, np.sqrt(variance), np.nan)
    margin = se * np.asarray(stdtrit(np.maximum(freedom, 1), (1.0 + level) / 2.0), dtype=np.float64)
    return RatioFigures(
        value=value,
        se=se,
        margin=margin,
        lower=value - margin,
        upper=value + margin,
        n=n,
        sum_weights=total,
        n_effective=effective,
        freedom=freedom,
        design_effect=np.where(enough & (simple > 0), effect, np.nan),
    )


def _variance(
    z: Array, here: np.ndarray[tuple[int, int], np.dtype[np.bool_]], units: SampleUnits
) -> tuple[Array, IntArray]:
    """Return variances and degrees of freedom (k) from scores of respondents (n, k)."""
    present, sums = _by_unit(z, units.of)
    counted = _by_unit(here.astype(np.float64), units.of)[1] > 0
    strata = units.strata[present]
    fractions = None if units.fractions is None else units.fractions[present]
    seen = _by_unit(counted.astype(np.float64), strata)[1] > 0
    freedom = counted.sum(axis=0) - seen.sum(axis=0)
    return domain_variance(sums, strata, units.sizes[present], fractions), freedom


def _by_unit(values: Array, of: IntArray) -> tuple[IntArray, Array]:
    """Return the units that are there, and the sums (u, k) of values (n, k) over each."""
    order = np.argsort(of, kind="stable")
    present, starts = np.unique(of[order], return_index=True)
    if not len(order):
        return present, values[:0]
    return present, np.asarray(np.add.reduceat(values[order], starts, axis=0))
