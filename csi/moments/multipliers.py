"""What a replicate does to the weight of each respondent: deleted groups, half samples, supplied.

Letters: n respondents, m of them, r of the R replicates, S strata, t columns of terms. Every class
turns row numbers and a range of replicates into multipliers (r, m) of the sampling weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from scipy.linalg import hadamard
from scipy.sparse import csr_matrix

from csi.arrays import Array, IntArray

TILE_CELLS = 2**21
"""Respondents times replicates written out at once."""

RANK = 1e-10
"""Directions with a smaller share of the largest squared deviation of weights do not count."""

Terms = np.ndarray[tuple[int, int], np.dtype[np.floating]]


class Multipliers(Protocol):
    """Multipliers of the sampling weights of n respondents in R replicates."""

    @property
    def replicates(self) -> int:
        """Return R."""
        ...

    def at(self, rows: IntArray, part: slice) -> Array:
        """Return the multipliers (r, m) of some respondents in a range of replicates."""
        ...

    def sums(self, rows: IntArray, part: slice, terms: Terms) -> Array:
        """Return the sums (t, r) of the terms (m, t) of some respondents."""
        ...

    def take(self, rows: IntArray) -> Multipliers:
        """Return the multipliers of some respondents only, numbered from 0."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class DeletedGroups:
    """Each replicate leaves out one group of units; the rest of a stratum stands in for it.

    Attributes
    ----------
    stratum : (n) stratum of each respondent
    group : (n) group of each respondent, the number of the replicate without him; -1 for none
    away : (n) what is added to his multiplier of 1 where his group is left out
    rest : (S, R) sparse; what is added to the multipliers of the rest of a stratum
    """

    stratum: IntArray
    group: IntArray
    away: Array
    rest: csr_matrix

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return int(self.rest.shape[1])

    def at(self, rows: IntArray, part: slice) -> Array:
        """Return the multipliers (r, m) of some respondents in a range of replicates."""
        present, of = np.unique(self.stratum[rows], return_inverse=True)
        rest = self.rest[present][:, part].toarray()
        found = 1.0 + rest.T[:, of.reshape(-1)]
        here = np.flatnonzero((self.group[rows] >= part.start) & (self.group[rows] < part.stop))
        found[self.group[rows][here] - part.start, here] = 1.0 + self.away[rows][here]
        return np.asarray(found)

    def sums(self, rows: IntArray, part: slice, terms: Terms) -> Array:
        """Return the sums (t, r) of the terms (m, t): sums of strata less those of the groups.

        No multiplier is written out, so that leaving out each of 20,000 units takes no longer
        than reading their answers once.
        """
        present, of = np.unique(self.stratum[rows], return_inverse=True)
        of = of.reshape(-1)
        rest = self.rest[present][:, part].tocsr()
        total = _adder(of, len(present)) @ terms
        group = self.group[rows]
        here = np.flatnonzero((group >= part.start) & (group < part.stop))
        found = total.sum(axis=0) + rest.T @ total
        step = self.away[rows][here] - entries(rest, of[here], group[here] - part.start)
        found += _adder(group[here] - part.start, rest.shape[1]) @ (terms[here] * step[:, None])
        return np.asarray(found.T)

    def take(self, rows: IntArray) -> DeletedGroups:
        """Return the multipliers of some respondents only, numbered from 0."""
        return DeletedGroups(self.stratum[rows], self.group[rows], self.away[rows], self.rest)


@dataclass(frozen=True, slots=True, eq=False)
class HalfSamples:
    """Each replicate gives more weight to one of the two units of every stratum.

    Attributes
    ----------
    column : (n) column of the Hadamard matrix of each respondent
    step : (n) size and side: what a plus of the matrix adds to his multiplier of 1
    order : int
        Order of the matrix, the number of replicates.
    """

    column: IntArray
    step: Array
    order: int

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return self.order

    def at(self, rows: IntArray, part: slice) -> Array:
        """Return the multipliers (r, m) of some respondents in a range of replicates."""
        signs = _signs(self.order)[part]
        return np.asarray(1.0 + signs[:, self.column[rows]] * self.step[rows])

    def sums(self, rows: IntArray, part: slice, terms: Terms) -> Array:
        """Return the sums (t, r) of the terms (m, t)."""
        return _written_out(self, rows, part, terms)

    def take(self, rows: IntArray) -> HalfSamples:
        """Return the multipliers of some respondents only, numbered from 0."""
        return HalfSamples(self.column[rows], self.step[rows], self.order)


@dataclass(frozen=True, slots=True, eq=False)
class SuppliedWeights:
    """Replicate weights from outside, as multiples of the sampling weight.

    Attributes
    ----------
    weights : (n, R) replicate weights
    base : (n) sampling weights, 1 where they are 0: there the multiplier is the weight itself
    """

    weights: Array
    base: Array

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return int(self.weights.shape[1])

    def at(self, rows: IntArray, part: slice) -> Array:
        """Return the multipliers (r, m) of some respondents in a range of replicates."""
        return np.asarray((self.weights[rows, part] / self.base[rows][:, None]).T)

    def sums(self, rows: IntArray, part: slice, terms: Terms) -> Array:
        """Return the sums (t, r) of the terms (m, t)."""
        return _written_out(self, rows, part, terms)

    def take(self, rows: IntArray) -> SuppliedWeights:
        """Return the multipliers of some respondents only, numbered from 0."""
        return SuppliedWeights(self.weights[rows], self.base[rows])


def weights_freedom(weights: Array, replicates: Array) -> float:
    """Return the degrees of freedom of supplied replicate weights.

    Parameters
    ----------
    weights : (n) sampling weights
    replicates : (n, R)

    Returns
    -------
    float
        Number of independent directions in which the replicate weights leave the sampling
        weights, at most R - 1.

    Examples
    --------
    >>> left_out = np.full((4, 4), 4 / 3) - np.eye(4) * 4 / 3  # a jackknife of four respondents
    >>> weights_freedom(np.ones(4), left_out)
    3.0
    """
    away = replicates - weights[:, None]
    small = away.T @ away if away.shape[0] >= away.shape[1] else away @ away.T
    size = np.sqrt(np.diag(small))
    kept = size > 0
    if not kept.any():
        return 0.0
    roots = np.linalg.eigvalsh(small[np.ix_(kept, kept)] / np.outer(size[kept], size[kept]))
    return float(min(int(np.sum(roots > RANK * roots[-1])), replicates.shape[1] - 1))


def _written_out(multipliers: Multipliers, rows: IntArray, part: slice, terms: Terms) -> Array:
    """Return the sums (t, r) of the terms (m, t), some replicates at once."""
    found = np.empty((terms.shape[1], part.stop - part.start))
    step = max(TILE_CELLS // max(len(rows), 1), 16)
    for first in range(part.start, part.stop, step):
        own = slice(first, min(first + step, part.stop))
        at = slice(first - part.start, own.stop - part.start)
        found[:, at] = terms.T @ multipliers.at(rows, own).T
    return found


@cache
def _signs(order: int) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Hadamard matrix of an order that is a power of two; the first column is all plus."""
    found = np.asarray(hadamard(order, dtype=np.int8))
    found.setflags(write=False)
    return found


def entries(matrix: csr_matrix, rows: IntArray, columns: IntArray) -> Array:
    """Return the entries of a sparse matrix at pairs of places, none for none."""
    if not len(rows):
        return np.zeros(0)
    return np.asarray(matrix[rows, columns], dtype=np.float64).reshape(-1)


def _adder(of: IntArray, count: int) -> csr_matrix:
    """(count, m) matrix that adds up rows by their number."""
    return csr_matrix((np.ones(len(of)), (of, np.arange(len(of)))), shape=(count, len(of)))
