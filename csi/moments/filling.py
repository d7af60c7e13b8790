"""Moments of all replicates of one group, filled tile by tile; the replicates are the last axis.

Letters: m respondents, p items, R replicates, b of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from csi.arrays import Array, IntArray, lock
from csi.moments.blocks import Sample
from csi.moments.groups import moments_of_rows
from csi.moments.kernel import maximum_likelihood, moments_of_sums, products
from csi.moments.multipliers import Multipliers
from csi.moments.values import Missing, Moments

EM_CELLS = 2**21
"""Respondents times items times draws that EM fills in at once."""

SUM_CELLS = 2**22
"""Sums times replicates held at once."""

CONSTANT = 1e-10
"""An item with less than this share of its variance is constant in a draw."""

EM_TOLERANCE = 1e-5
"""EM of a draw stops here: far below the sampling error that draws are there to measure."""

EM_CLOSE = 1e-8
"""EM of a jackknife or half sample stops here: its deviations may be a small part of that error,
and there are as many of them as make it up again."""

Counts = np.ndarray[tuple[int, int], np.dtype[np.floating]]


class Filled:
    """Means and covariances of all draws, filled tile by tile; the draws are the last axis."""

    def __init__(self, p: int, draws: int) -> None:
        self.total = np.empty(draws)
        self.mean = np.empty((p, draws))
        self.cov = np.empty((p, p, draws))

    def as_moments(self, sample: Sample, missing: Missing, scale: float) -> Moments:
        """Return the batch-first value; the memory keeps the replicates last, as PLS wants them.

        An item that is constant in a draw has a variance of zero up to rounding: it is NaN.
        """
        variance = np.einsum("iib->ib", self.cov)
        least = CONSTANT * np.nanvar(sample.rows, axis=0) if len(sample.rows) else np.zeros(1)
        self.cov[:, :, ~(variance > least[:, None]).all(axis=0)] = np.nan
        counted = sample.weights > 0  # others have replicate weights only
        draws, n = len(self.total), int(counted.sum())
        answers = (~np.isnan(sample.rows[counted])).sum(axis=0)
        square = float(np.sum(sample.weights**2))
        effective = float(np.sum(sample.weights)) ** 2 / square if square else 0.0
        return Moments(
            items=sample.items,
            mean=lock(self.mean.T),
            cov=lock(np.moveaxis(self.cov, -1, 0)),
            n=np.broadcast_to(np.int64(n), (draws,)),
            sum_weights=lock(self.total * scale),
            n_effective=np.broadcast_to(np.float64(effective), (draws,)),
            answers=np.broadcast_to(answers, (draws, len(answers))),
            missing=missing,
        )


class Drawer:
    """Turns multipliers of weights into moments of one group.

    Parameters
    ----------
    sample : Sample
    weights : (m) what the multipliers multiply
    missing : Missing
    most : int or None
        Largest number of rows in a sum where multipliers are whole numbers; None where they are
        fractions.
    tolerance : float
        Where EM stops.
    """

    def __init__(
        self,
        sample: Sample,
        weights: Array,
        missing: Missing,
        most: int | None,
        tolerance: float = EM_TOLERANCE,
    ) -> None:
        self.rows, self.weights, self.tolerance = sample.rows, weights, tolerance
        self.found = None
        gaps = bool(np.isnan(sample.rows).any())
        if missing != "em" or not gaps:
            self.found = products(
                sample.rows,
                weights,
                pairwise=missing == "pairwise" and gaps,
                most=2**53 if most is None else most,
            )
        else:
            whole = moments_of_rows(sample.rows, sample.weights, sample.items, "em")
            self.start = (whole.mean, whole.cov)

    def __call__(self, counts: Counts, out: Filled, part: slice) -> None:
        """Fill a range of replicates in from multipliers (b, m)."""
        if self.found is None:
            self._em(lambda at: counts[at], out, part)
            return
        terms = self.found.terms
        self._sums(terms.T @ counts.T.astype(terms.dtype, copy=False), out, part)

    def fill(self, multipliers: Multipliers, numbers: IntArray, out: Filled) -> None:
        """Fill all replicates in from the multipliers of the respondents numbered."""
        replicates = len(out.total)
        if self.found is None:
            self._em(lambda at: multipliers.at(numbers, at), out, slice(0, replicates))
            return
        step = max(SUM_CELLS // self.found.terms.shape[1], 16)
        for first in range(0, replicates, step):
            part = slice(first, min(first + step, replicates))
            self._sums(multipliers.sums(numbers, part, self.found.terms), out, part)

    def _sums(self, sums: Counts, out: Filled, part: slice) -> None:
        if self.found is None:
            raise AssertionError("EM has no sums")
        out.total[part], out.mean[:, part] = moments_of_sums(
            sums.astype(np.float64, copy=False), self.found, out.cov[..., part]
        )

    def _em(self, counts: Callable[[slice], Counts], out: Filled, part: slice) -> None:
        step = max(EM_CELLS // max(self.rows.size, 1), 1)
        size = part.stop - part.start
        for first in range(0, size, step):
            own = slice(first, min(first + step, size))
            weights = counts(own) * self.weights
            end = maximum_likelihood(self.rows, weights, self.start, tolerance=self.tolerance)
            end.mean[~end.converged] = np.nan
            end.cov[~end.converged] = np.nan
            at = slice(part.start + first, part.start + own.stop)
            out.total[at] = weights.sum(axis=1)
            out.mean[:, at], out.cov[..., at] = end.mean.T, np.moveaxis(end.cov, 0, -1)
