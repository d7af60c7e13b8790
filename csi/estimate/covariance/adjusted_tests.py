"""Tests of exact fit: mean-and-variance adjusted, scaled and shifted."""

from __future__ import annotations

import math

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.information import weight_of
from csi.estimate.covariance.kernel import Discrepancy, Layout, implied, slopes
from csi.estimate.covariance.kernel_casewise import (
    saturated_scores,
    turned_cov,
    whitened,
    whitened_slopes,
)
from csi.estimate.covariance.meat import Units
from csi.estimate.covariance.result import SemSample, Test
from csi.estimate.covariance.scoring import Target
from csi.estimate.covariance.tests_of_fit import chi_square
from csi.moments.design import design_covariance

TILE = 4096
"""Respondents whose saturated scores are written out at once."""


def adjusted(standard: Test, first: float, second: float) -> tuple[Test, Test]:
    """Return the mean-and-variance adjusted and the scaled and shifted test.

    Parameters
    ----------
    standard : Test
    first, second : float
        Traces of ``U Gamma`` and its square, from `residual_traces`.

    Notes
    -----
    The first has as many degrees of freedom as the mixture of chi-squares is worth
    [satterthwaite1946approximate] [satorra1994corrections]; the second keeps the degrees of freedom
    and matches mean and variance by a shift [asparouhov2010simple].
    """
    freedom = standard.freedom
    worth = first**2 / second
    size = second / first
    one = chi_square("mean-variance", standard.statistic / size, worth, scaling=size)
    part = math.sqrt(freedom / second)
    shift = freedom - part * first
    two = chi_square(
        "scaled-shifted",
        part * standard.statistic + shift,
        freedom,
        scaling=1.0 / part,
        shift=shift,
    )
    return one, two


def residual_traces(
    layout: Layout,
    target: Target,
    x: Array,
    sample: SemSample,
    units: Units,
    *,
    kind: Discrepancy = "ml",
) -> tuple[float, float]:
    """Return the traces of ``U Gamma`` and of its square.

    Parameters
    ----------
    layout, target, x, sample, units, kind
        As in `satorra_bentler`.

    Notes
    -----
    In coordinates where V is the identity, U is a projection: what derivatives span is taken out of
    the saturated scores, and the traces are those of the covariance matrix of the rest.
    """
    at = implied(layout, x)
    parts, roots = [], []
    for group in range(layout.groups):
        slope = slopes(layout, at, group)
        weight = weight_of(target.cov[0, group], at.cov[0, group], kind)
        root = np.linalg.cholesky(np.linalg.inv(weight))
        roots.append(np.asarray(root, dtype=np.float64))
        own = whitened_slopes(slope, roots[-1]) @ layout.basis[slope.which]
        parts.append(math.sqrt(float(target.share[0, group])) * own)
    span, _ = np.linalg.qr(np.concatenate(parts))
    fourth = _fourth(layout, sample, units, roots)
    rest = fourth - span @ (span.T @ fourth)
    rest -= (rest @ span) @ span.T
    return float(np.trace(rest)), float(np.sum(rest * rest.T))


def _fourth(layout: Layout, sample: SemSample, units: Units, roots: list[Array]) -> Array:
    """Return the covariance matrix of the moments of all groups, V the identity; N = 1."""
    size = len(roots[0]) * (len(roots[0]) + 1) // 2 + layout.means * len(roots[0])
    whole = np.zeros((layout.groups * size, layout.groups * size))
    totals = None if units.plain else np.zeros((units.count, layout.groups * size))
    for group, part in enumerate(sample.rows):
        cov = roots[group] @ roots[group].T
        n = float(units.weights[group].sum())
        white, root = whitened(part.rows - sample.mean[group], cov)
        center = turned_cov(sample.cov[group], root)
        own = slice(group * size, (group + 1) * size)
        for first in range(0, len(white), TILE):
            tile = slice(first, first + TILE)
            rows = saturated_scores(white[tile], center, means=layout.means)
            rows *= units.weights[group][tile] / math.sqrt(n)
            if totals is None:
                whole[own, own] += rows @ rows.T
            else:
                np.add.at(totals[:, own], units.of[group][tile], rows.T)
    if totals is None:
        return whole
    return design_covariance(totals, units.strata, units.fractions)
