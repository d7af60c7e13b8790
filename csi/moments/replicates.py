"""Bootstrap replicates of moments, drawn the way the survey was.

Sampled units (respondents, or clusters of them) are drawn with replacement within each stratum:
one fewer than the stratum has, each draw counting ``n_h / (n_h - 1)``, so that the variance of a
mean is right in small strata too [rao1988resampling]. Strata with a single unit are merged, as they
would add nothing to the variance. Weights are carried along. Groups whose samples share no unit
have streams of chance of their own, made from the seed and the group's label: a group's figures do
not depend on which other groups are in the file, nor on the number of processes. Respondents are
put in order by their answers first, so that the order of the file does not matter either.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csi.arrays import Array, IntArray, lock, one_thread
from csi.errors import Fault, OptionError
from csi.model.model import Model
from csi.moments.blocks import Block, Sample, blocks_of
from csi.moments.groups import cells_of, moments_of_rows, require_names
from csi.moments.kernel import maximum_likelihood, moments_of_sums, products
from csi.moments.values import Missing, Moments
from csi.survey.survey import Survey

TILE_CELLS = 2**21
"""Respondents times draws handled at once."""

MOST_DRAWS = 128
"""Draws handled at once; more of them only take memory that has to be brought in first."""

EM_CELLS = 2**21
"""Respondents times items times draws that EM fills in at once."""

LARGE = 1500
"""Strata of more units are counted draw by draw."""

CONSTANT = 1e-10
"""An item with less than this share of its variance is constant in a draw."""

EM_TOLERANCE = 1e-5
"""EM of a draw stops here: far below the sampling error that draws are there to measure."""


def replicate_moments(
    survey: Survey,
    model: Model | Sequence[str],
    *,
    draws: int,
    seed: int,
    by: str | Sequence[str] = (),
    missing: Missing = "em",
) -> Moments:
    """Return the moments of bootstrap draws: ``moments_of`` with one more leading axis.

    Parameters
    ----------
    survey : Survey
    model : Model or sequence of str
    draws : int
        Number of replicates.
    seed : int
        The same seed gives the same bytes.
    by, missing
        As in `moments_of`.

    Returns
    -------
    Moments
        Batch ``(draws,)`` for the whole survey or ``(draws, groups)``. Draws in which the
        moments could not be computed are NaN.
    """
    items = tuple(model.items) if isinstance(model, Model) else tuple(model)
    names = (by,) if isinstance(by, str) else tuple(by)
    require_names(survey, items, names)
    cells = cells_of(survey, names)
    drawn: dict[int, Moments] = {}
    for block in blocks_of(survey, [items] * len(cells), cells, missing):
        found = draw_moments(block, missing, draws=draws, seed=seed)
        drawn.update(zip(block.cells, found, strict=True))
    if not names:
        return drawn[0]
    parts = [drawn[number] for number in range(len(cells))]
    return Moments(
        items=items,
        mean=lock(np.stack([m.mean for m in parts], axis=1)),
        cov=lock(np.stack([m.cov for m in parts], axis=1)),
        n=np.stack([m.n for m in parts], axis=1),
        sum_weights=lock(np.stack([m.sum_weights for m in parts], axis=1)),
        n_effective=lock(np.stack([m.n_effective for m in parts], axis=1)),
        answers=np.stack([m.answers for m in parts], axis=1),
        missing=missing,
        by=names,
        labels=tuple(cell.label for cell in cells),
        problems=tuple(m.problems[0] if m.problems else "" for m in parts),
    )


def draw_moments(block: Block, missing: Missing, *, draws: int, seed: int) -> list[Moments]:
    """Return the moments of all draws for each group of a block, batch ``(draws,)``."""
    if draws < 2:
        raise OptionError(Fault("option draws", f"{draws} is too few", "take at least 2"))
    scale = _scales(block.strata)
    most = len(block.strata)
    drawers = [_Drawer(sample, scale[sample.units], missing, most) for sample in block.samples]
    tile = int(np.clip(TILE_CELLS // max(len(block.strata), 1), 16, MOST_DRAWS))
    entropy = [seed, *block.label.encode()]
    streams = np.random.SeedSequence(entropy).spawn(-(-draws // tile))
    out = [_Filled(len(sample.items), draws) for sample in block.samples]
    with one_thread():
        for number, stream in enumerate(streams):
            part = slice(number * tile, min((number + 1) * tile, draws))
            counts = _counts(block.strata, tile, np.random.default_rng(stream))
            counts = counts[: part.stop - part.start]
            for sample, drawer, filled in zip(block.samples, drawers, out, strict=True):
                own = (
                    counts
                    if len(block.samples) == 1 and _plain(sample)
                    else counts[:, sample.units]
                )
                drawer(own, filled, part)
    alike = most / (most - 1.0) if len(np.unique(block.strata)) == 1 and most > 1 else 1.0
    return [
        filled.as_moments(sample, missing, alike)
        for sample, filled in zip(block.samples, out, strict=True)
    ]


def _plain(sample: Sample) -> bool:
    """Tell whether every respondent is a unit, in order."""
    return bool(np.array_equal(sample.units, np.arange(len(sample.units))))


def _scales(strata: IntArray) -> Array:
    """Rao-Wu factor of each unit, ``n_h / (n_h - 1)``.

    With a single stratum the factor is the same for all and comes in at the end.
    """
    _, of, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    if len(sizes) == 1:
        return np.ones(len(strata))
    factor = np.where(sizes > 1, sizes / np.maximum(sizes - 1.0, 1.0), 1.0)
    return np.asarray(factor[of.reshape(-1)])


def _counts(
    strata: IntArray, tile: int, rng: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """How often each unit is drawn, (tile, u)."""
    counts = np.ones((tile, len(strata)), dtype=np.float32)
    for stratum in np.unique(strata):
        units = np.flatnonzero(strata == stratum)
        size = len(units)
        if size < 2:
            continue
        if size > LARGE:  # numbers of 32 bits, and counts that stay in the cache
            own = slice(None) if size == len(strata) else units
            for k, row in enumerate(rng.integers(0, size, (tile, size - 1), dtype=np.uint32)):
                counts[k, own] = np.bincount(row, minlength=size)
            continue
        chosen = rng.integers(0, size, size=(tile, size - 1), dtype=np.uint16).astype(np.int64)
        chosen += np.arange(0, tile * size, size)[:, None]
        drawn = np.bincount(chosen.reshape(-1), minlength=tile * size).reshape(tile, size)
        if size == len(strata):
            return drawn.astype(np.float32)
        counts[:, units] = drawn
    return counts


class _Filled:
    """Means and covariances of all draws, filled tile by tile; the draws are the last axis."""

    def __init__(self, p: int, draws: int) -> None:
        self.total = np.empty(draws)
        self.mean = np.empty((p, draws))
        self.cov = np.empty((p, p, draws))

    def as_moments(self, sample: Sample, missing: Missing, scale: float) -> Moments:
        """Return the batch-first value; the memory keeps the draws last, as PLS wants them.

        An item that is constant in a draw has a variance of zero up to rounding: it is NaN.
        """
        variance = np.einsum("iib->ib", self.cov)
        least = CONSTANT * np.nanvar(sample.rows, axis=0)[:, None]
        self.cov[:, :, ~(variance > least).all(axis=0)] = np.nan
        draws, n = len(self.total), len(sample.rows)
        answers = (~np.isnan(sample.rows)).sum(axis=0)
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


class _Drawer:
    """Turns counts of units into moments of one group."""

    def __init__(self, sample: Sample, scale: Array, missing: Missing, units: int) -> None:
        largest = int(np.bincount(sample.units, minlength=1).max())
        self.rows, self.weights, self.missing = sample.rows, sample.weights * scale, missing
        self.found = None
        if missing != "em" or not np.isnan(sample.rows).any():
            pairwise = missing == "pairwise" and bool(np.isnan(sample.rows).any())
            self.found = products(
                sample.rows, self.weights, pairwise=pairwise, most=units * largest
            )
        else:
            whole = moments_of_rows(sample.rows, sample.weights, sample.items, "em")
            self.start = (whole.mean, whole.cov)

    def __call__(
        self,
        counts: np.ndarray[tuple[int, int], np.dtype[np.float32]],
        out: _Filled,
        part: slice,
    ) -> None:
        if self.found is None:
            self._em(counts, out, part)
            return
        terms = self.found.terms
        sums = terms.T @ counts.T.astype(terms.dtype, copy=False)
        out.total[part], out.mean[:, part] = moments_of_sums(
            sums.astype(np.float64, copy=False), self.found, out.cov[..., part]
        )

    def _em(
        self,
        counts: np.ndarray[tuple[int, int], np.dtype[np.float32]],
        out: _Filled,
        part: slice,
    ) -> None:
        step = max(EM_CELLS // max(self.rows.size, 1), 1)
        for first in range(0, len(counts), step):
            weights = counts[first : first + step] * self.weights
            end = maximum_likelihood(self.rows, weights, self.start, tolerance=EM_TOLERANCE)
            end.mean[~end.converged] = np.nan
            end.cov[~end.converged] = np.nan
            at = slice(part.start + first, part.start + first + len(weights))
            out.total[at] = weights.sum(axis=1)
            out.mean[:, at], out.cov[..., at] = end.mean.T, np.moveaxis(end.cov, 0, -1)
