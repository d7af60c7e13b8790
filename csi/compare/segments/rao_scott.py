"""Association in a two-way table under a sampling design.

Letters: u sampled units, r rows, c columns of the table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import f as f_distribution

from csi.arrays import Array, IntArray
from csi.moments.design import design_covariance


@dataclass(frozen=True, slots=True)
class Association:
    """How strongly rows and columns of a table go together.

    Attributes
    ----------
    cramers_v : float
        0 without association, 1 where one tells the other.
    chi2 : float
        Pearson's, of the weighted shares times n.
    f, df1, df2 : float
        Statistic of Rao and Scott with its degrees of freedom.
    p_value : float
    design_effect : float
        Mean of the generalised design effects.
    """

    cramers_v: float
    chi2: float
    f: float
    df1: float
    df2: float
    p_value: float
    design_effect: float


def shares_of(row: IntArray, column: IntArray, weights: Array) -> Array:
    """Return the weighted shares of a table, (r, c), from the row and column of each respondent.

    Examples
    --------
    >>> shares_of(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([1.0, 1.0, 2.0])).tolist()
    [[0.25, 0.25], [0.0, 0.5]]
    """
    table = np.zeros((int(row.max()) + 1, int(column.max()) + 1))
    np.add.at(table, (row, column), weights)
    return np.asarray(table / weights.sum())


def cramers_v(shares: Array) -> float:
    """Return Cramer's V of a table of shares without empty rows or columns.

    Examples
    --------
    >>> cramers_v(np.array([[0.5, 0.0], [0.0, 0.5]])), cramers_v(np.full((2, 2), 0.25))
    (1.0, 0.0)
    """
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    square = float(np.sum((shares - expected) ** 2 / expected))
    return float(np.sqrt(square / (min(shares.shape) - 1)))


def rao_scott(
    row: IntArray,
    column: IntArray,
    weights: Array,
    units: IntArray,
    strata: IntArray,
    fractions: Array | None = None,
) -> Association:
    r"""Test whether rows and columns of a table are independent.

    Parameters
    ----------
    row, column : (n) of each respondent, from 0, without empty rows or columns
    weights : (n)
    units : (n) number of each respondent's sampled unit
    strata : (u) stratum number of each unit
    fractions : (u), optional
        Sampling fraction of each unit's stratum.

    Notes
    -----
    Letters: theta (r - 1)(c - 1) deviations of the shares from those under independence, V their
    covariance under the design (by linearisation), V0 that of a simple random sample of n
    independent answers. Pearson's statistic is :math:`X^2 = \theta' V_0^{-1} \theta`; with delta
    the eigenvalues of :math:`V_0^{-1} V`,

    .. math:: F = X^2 / \sum \delta, \quad
        d_1 = (\sum \delta)^2 / \sum \delta^2, \quad d_2 = d_1 (u - strata)

    Source: [rao1984chi], second-order correction as F [thomas1987small].
    """
    shares = shares_of(row, column, weights)
    r, c = shares.shape
    by_row, by_column = shares.sum(axis=1), shares.sum(axis=0)
    theta = (shares - np.outer(by_row, by_column))[:-1, :-1].reshape(-1)
    scores = _unit_scores(row, column, weights, units, shares, len(strata))
    design = design_covariance(scores, strata, fractions)
    n = len(row)
    one = np.diag(by_row) - np.outer(by_row, by_row)
    two = np.diag(by_column) - np.outer(by_column, by_column)
    simple = np.kron(one[:-1, :-1], two[:-1, :-1]) / n
    chi2 = float(theta @ np.linalg.solve(simple, theta))
    effects = np.linalg.solve(simple, design)
    total, square = float(np.trace(effects)), float(np.trace(effects @ effects))
    freedom = len(strata) - len(np.unique(strata))
    v = cramers_v(shares)
    if not (total > 0 and freedom > 0 and np.isfinite(total)):
        return Association(v, chi2, np.nan, np.nan, np.nan, np.nan, np.nan)
    df1 = total**2 / square
    f, df2 = chi2 / total, df1 * freedom
    p = float(f_distribution.sf(f, df1, df2))
    return Association(v, chi2, f, df1, df2, p, total / ((r - 1) * (c - 1)))


def _unit_scores(
    row: IntArray, column: IntArray, weights: Array, units: IntArray, shares: Array, u: int
) -> Array:
    """Return what each sampled unit adds to the deviations from independence, (u, k)."""
    r, c = shares.shape
    in_row = np.asarray(row[:, None] == np.arange(r - 1), dtype=np.float64)
    in_column = np.asarray(column[:, None] == np.arange(c - 1), dtype=np.float64)
    away_row = in_row - shares.sum(axis=1)[:-1]
    away_column = in_column - shares.sum(axis=0)[:-1]
    theta = (shares - np.outer(shares.sum(axis=1), shares.sum(axis=0)))[:-1, :-1]
    # derivative of p_ij - p_i p_j in the direction of one respondent
    each = away_row[:, :, None] * away_column[:, None, :] - theta
    z = each.reshape(len(row), -1) * (weights / weights.sum())[:, None]
    sums = np.zeros((u, z.shape[1]))
    np.add.at(sums, units, z)
    return sums
