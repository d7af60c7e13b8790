"""Moments of ordinal and continuous items of one group, with every respondent's influence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, IntArray, lock
from csi.estimate.covariance import kernel_polychoric as ordered
from csi.estimate.covariance import kernel_polyserial as serial
from csi.estimate.covariance.kernel_wls import pairs_of
from csi.estimate.covariance.result import GroupRows

TILE = 2_000_000
"""Numbers that are written out at a time: influences of respondents on pairs of items."""


@dataclass(frozen=True, slots=True, repr=False)
class OrdinalGroup:
    """Correlations and covariances of one group, and what they are made of.

    Attributes
    ----------
    rows : GroupRows
    ordinal : (p) which items are ordered
    categories : tuple of (c) arrays, one an ordinal item
        Answers that were given, in their order.
    codes : (n, q) number of each ordered answer among the categories of its item
    thresholds : (q, C - 1); `ordered.FAR` after the last one of an item
    cov : (p, p)
        Variance 1 of ordered items.
    mean : (p), 0 of ordered items
    pairs : two (k) arrays
        Numbers among the ordinal items of the pairs of ordered items.
    converged, edge : (p, p)
        Whether a correlation's iteration ended, and whether at the edge.
    filled : (k)
        Pairs of items of two categories of which one of the four cells has no answers.
    table : (k, C, C) influence of an answer on the correlation of each pair
    answered : (q, C, C - 1) influence of an answer on the thresholds
    corrections : tuple, one a continuous item
    """

    rows: GroupRows
    ordinal: BoolArray
    categories: tuple[Array, ...]
    codes: IntArray
    thresholds: Array
    cov: Array
    mean: Array
    pairs: tuple[IntArray, IntArray]
    converged: BoolArray
    edge: BoolArray
    filled: BoolArray
    table: Array
    answered: Array
    corrections: tuple[serial.Corrections, ...]

    @property
    def total(self) -> float:
        """Sum of the weights."""
        return float(self.rows.weights.sum())

    def influence(self, at: slice, *, means: bool = False) -> Array:
        """Return the influence of some respondents on the moments, (r, t).

        Moments stand in the order of `csi.estimate.covariance.kernel_wls`; variances of ordered
        items are 1 whatever is answered.
        """
        p = len(self.ordinal)
        whole = np.zeros((p, p, len(self.rows.rows[at])))
        items, codes = np.flatnonzero(self.ordinal), self.codes[at]
        C = self.table.shape[-1]
        for k, (i, j) in enumerate(zip(*self.pairs, strict=True)):
            own = self.table[k].ravel()[codes[:, i] * C + codes[:, j]]
            whole[items[i], items[j]] = whole[items[j], items[i]] = own
        away = self.rows.rows[at] - self.mean
        for number, item in enumerate(np.flatnonzero(~self.ordinal)):
            others = np.flatnonzero(~self.ordinal)
            joint = (away[:, others] * away[:, [item]] - self.cov[item, others]).T
            whole[item, others] = joint
            if len(items):
                own = self._polyserial(at, number, int(item), away[:, item])
                whole[item, items] = whole[items, item] = own.T
        rows, cols = pairs_of(p)
        found = whole[rows, cols].T
        if means:
            found = np.concatenate([found, np.where(self.ordinal, 0.0, away)], axis=1)
        return np.asarray(found)

    def _polyserial(self, at: slice, number: int, item: int, away: Array) -> Array:
        """Return the influence (r, q) on covariances of a continuous item with the ordered ones."""
        sd = np.sqrt(self.cov[item, item])
        rho = self.cov[item, self.ordinal] / sd
        answers = _answers(self.thresholds, self.codes[at], away / sd, self.rows.weights[at])
        own = serial.influence(
            answers, self.codes[at], rho, self.corrections[number], self.answered
        )
        z = (away / sd)[:, None]
        return np.asarray(sd * (own + 0.5 * rho * (z * z - 1.0)))

    def gamma(self, *, means: bool = False) -> Array:
        """Return n times the covariance matrix of the moments of independent respondents, (t, t).

        Parameters
        ----------
        means : bool
            With the means after the covariances.

        Notes
        -----
        Errors count a group as one respondent less: ``gamma / (n - 1)`` is the covariance matrix.
        """
        n = len(self.rows.rows)
        parts = (self._weighted(at, means) for at in _tiles(n, len(self.ordinal)))
        return np.asarray(n * sum(own.T @ own for own in parts), dtype=np.float64)

    def spread(self, *, means: bool = False) -> Array:
        """Return the diagonal of `gamma`, (t)."""
        n = len(self.rows.rows)
        parts = (self._weighted(at, means) for at in _tiles(n, len(self.ordinal)))
        return np.asarray(n * sum(np.einsum("nt,nt->t", own, own) for own in parts))

    def unit_sums(self, of: IntArray, count: int, *, means: bool = False) -> Array:
        """Return the influence of sampled units on the moments, (count, t), by each one's unit."""
        sums: list[Array] = []
        for at in _tiles(len(of), len(self.ordinal)):
            own = self._weighted(at, means)
            sums = sums or [np.zeros((count, own.shape[1]))]
            np.add.at(sums[0], of[at], own)
        return sums[0]

    def _weighted(self, at: slice, means: bool) -> Array:
        w = self.rows.weights[at] / self.total
        return np.asarray(self.influence(at, means=means) * w[:, None])

    def threshold_influence(self) -> Array:
        """Return the weighted influence of respondents on the thresholds, (q, n, C - 1)."""
        item = np.arange(len(self.answered))[:, None]
        w = self.rows.weights / self.total
        return np.asarray(self.answered[item, self.codes.T] * w[:, None])


def _tiles(n: int, p: int) -> list[slice]:
    size = max(20, TILE // p**2)
    return [slice(first, first + size) for first in range(0, n, size)]


def _answers(thresholds: Array, codes: IntArray, z: Array, weights: Array) -> serial.Answers:
    lower, upper = serial.around(thresholds, codes, ordered.FAR)
    return serial.Answers(lower, upper, z, weights / weights.sum())


def ordinal_group(rows: GroupRows, ordinal: BoolArray) -> OrdinalGroup:
    """Return thresholds, polychoric, polyserial and product-moment correlations of one group.

    Parameters
    ----------
    rows : GroupRows
        Complete answers.
    ordinal : (p)
        Which items are ordered; each has at least two different answers.

    Returns
    -------
    OrdinalGroup

    Notes
    -----
    Two steps: thresholds, means and variances of each item, then each correlation with them fixed
    [olsson1979maximum]. Where two items of two categories have a cell without answers, half a
    respondent is put there and the margins are kept, or the correlation would be one.
    """
    w = rows.weights / rows.weights.sum()
    center = w @ rows.rows
    away = rows.rows - center
    raw = (away * w[:, None]).T @ away
    start = raw / np.sqrt(np.outer(np.diag(raw), np.diag(raw)))
    categories, codes, shares = _categories(rows.rows[:, ordinal], w)
    thresholds = ordered.thresholds_of(shares)
    answered = ordered.threshold_influence(thresholds, shares)
    items, C = np.flatnonzero(ordinal), shares.shape[1]
    i, j = np.tril_indices(len(items), -1)
    table = ordered.pair_tables(codes, rows.weights, (i, j), C)
    table, filled = _filled(table, np.array([len(v) for v in categories], int), (i, j), len(w))
    pair = thresholds[i], thresholds[j], table
    known = ordered.correlations(*pair, start[items[i], items[j]])
    influence = ordered.correlation_influence(*pair, known.rho, (answered[i], answered[j]))
    cov = np.where(ordinal | ordinal[:, None], np.diag(np.where(ordinal, 1.0, 0.0)), raw)
    converged, edge = np.ones(cov.shape, dtype=bool), np.zeros(cov.shape, dtype=bool)
    for matrix, values in ((cov, known.rho), (converged, known.converged), (edge, known.edge)):
        matrix[items[i], items[j]] = matrix[items[j], items[i]] = values
    corrections = []
    for item in np.flatnonzero(~ordinal) if len(items) else ():
        sd = np.sqrt(cov[item, item])
        answers = _answers(thresholds, codes, away[:, item] / sd, rows.weights)
        rho, done, at_edge = serial.polyserial(answers, start[item, items])
        for matrix, values in ((cov, rho * sd), (converged, done), (edge, at_edge)):
            matrix[item, items] = matrix[items, item] = values
        corrections.append(serial.corrections(answers, codes, rho, C - 1))
    return OrdinalGroup(
        rows=rows,
        ordinal=ordinal,
        categories=categories,
        codes=codes,
        thresholds=lock(thresholds),
        cov=lock(cov),
        mean=lock(np.where(ordinal, 0.0, center)),
        pairs=(i, j),
        converged=converged,
        edge=edge,
        filled=filled,
        table=lock(influence),
        answered=lock(answered),
        corrections=tuple(corrections),
    )


def _categories(given: Array, w: Array) -> tuple[tuple[Array, ...], IntArray, Array]:
    """Return the answers given to each item, their numbers (n, q), and their shares (q, C)."""
    n, q = given.shape
    found = [np.unique(given[:, k], return_inverse=True) for k in range(q)]
    categories = tuple(lock(np.asarray(values, dtype=np.float64)) for values, _ in found)
    codes = np.zeros((n, q), dtype=np.int64)
    shares = np.zeros((q, max((len(values) for values in categories), default=2)))
    for k, (_, of) in enumerate(found):
        codes[:, k] = of
        shares[k] = np.bincount(of, w, shares.shape[1])
    return categories, codes, shares


def _filled(
    table: Array, count: IntArray, pairs: tuple[IntArray, IntArray], n: int
) -> tuple[Array, BoolArray]:
    """Put half a respondent in the empty cell of tables of two by two, margins kept."""
    two = (count[pairs[0]] == 2) & (count[pairs[1]] == 2)
    small = table[:, :2, :2] == 0
    filled = two & (small.sum(axis=(1, 2)) == 1)
    same = small[:, 0, 0] | small[:, 1, 1]
    turned = np.where(same, 1.0, -1.0)[:, None, None] * np.array([[1.0, -1.0], [-1.0, 1.0]])
    table = table.copy()
    table[:, :2, :2] += np.where(filled, 0.5 / n, 0.0)[:, None, None] * turned
    return table, np.asarray(filled)
