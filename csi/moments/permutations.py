"""Moments of two groups under random relabelling, the way the survey was sampled.

Letters: m respondents of both groups, p items, t sums behind the moments, P permutations, b of
them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from csi.arrays import Array, IntArray, lock, one_thread
from csi.errors import Fault, MomentsError, OptionError
from csi.moments.blocks import Sample, distinct_sample
from csi.moments.exchange import Exchange, exchange_of, relabelled
from csi.moments.filling import CONSTANT, Drawer, Filled
from csi.moments.groups import used_rows
from csi.moments.kernel import Products, moments_of_sums, products
from csi.moments.repeats import expanded
from csi.moments.values import Missing, Moments
from csi.repeats import repeats_of

TILE_CELLS = 2**21
"""Respondents times permutations handled at once."""

MOST = 128
"""Permutations handled at once; more of them only take memory that has to be brought in first."""

Flags = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def permuted_moments(
    sample_a: Sample,
    sample_b: Sample,
    missing: Missing,
    *,
    permutations: int,
    seed: int,
    strata: IntArray | None = None,
) -> tuple[Moments, Moments]:
    r"""Return the moments of two groups when their labels are dealt out anew at random.

    Parameters
    ----------
    sample_a, sample_b : Sample
        Of the same items. The same unit number in both is the same sampled unit.
    missing : {"complete", "pairwise", "em"}
        EM runs anew in every permutation, which takes some hundred times as long as the sums.
    permutations : int
        P.
    seed : int
        The same seed gives the same bytes, whatever the order of the rows and the numbers of
        units and strata.
    strata : (u) int, optional
        Stratum number of each sampled unit; one stratum where None.

    Returns
    -------
    tuple of Moments
        Of the first and the second group, batch (P,) each; the batch is the last axis in memory.
        NaN where an item is the same for all of a group, or EM did not settle.

    Raises
    ------
    MomentsError
        Samples of different items, units without a stratum.
    OptionError
        Fewer than one permutation.

    Notes
    -----
    Sampled units change places whole, within their strata, and take their weights along; both
    groups keep their number of units in each stratum. A unit with respondents in both groups (a
    person who rates two companies, an area) cannot change places: there the respondents of the
    unit do, among themselves. What stands in a stratum of one group only keeps its label. Source:
    [chin2010permutation], [good2005permutation].

    The sums of the first group are one matrix product of 0/1 memberships, exact in single
    precision for whole answers and weights; those of the second are the rest of the total.

    Examples
    --------
    >>> one = Sample(("x",), np.array([[1.0], [2.0], [3.0]]), np.ones(3), np.arange(3))
    >>> two = Sample(("x",), np.array([[6.0], [8.0]]), np.ones(2), np.arange(3, 5))
    >>> first, second = permuted_moments(one, two, "complete", permutations=4, seed=1)
    >>> (3 * first.mean + 2 * second.mean)[:, 0].tolist()  # nobody comes, nobody goes
    [20.0, 20.0, 20.0, 20.0]
    """
    _check(sample_a, sample_b, permutations, strata)
    kept = [_used(sample, missing) for sample in (sample_a, sample_b)]
    exchange = exchange_of(kept[0], kept[1], strata)
    return moments_of_exchange(exchange, missing, permutations=permutations, seed=seed)


def moments_of_exchange(
    exchange: Exchange, missing: Missing, *, permutations: int, seed: int
) -> tuple[Moments, Moments]:
    """Return the moments of both groups, batch (P,) each, for what may change places.

    Parameters
    ----------
    exchange : Exchange
        From `csi.moments.exchange.exchange_of`.
    missing, permutations, seed
        As in `permuted_moments`.
    """
    sample = exchange.sample
    if repeats_of(sample.items):
        own = replace(exchange, sample=distinct_sample(sample))
        made = moments_of_exchange(own, missing, permutations=permutations, seed=seed)
        return expanded(made[0], sample.items), expanded(made[1], sample.items)
    m, p = sample.rows.shape
    tile = int(np.clip(TILE_CELLS // max(m, 1), 16, MOST))
    streams = np.random.SeedSequence(seed).spawn(-(-permutations // tile))
    gaps = bool(np.isnan(sample.rows).any())
    whole = missing != "em" or not gaps
    # both groups count as one: no sum has more rows than there are respondents
    found = products(sample.rows, sample.weights, pairwise=missing == "pairwise" and gaps)
    drawer = None if whole else Drawer(sample, sample.weights, missing, None)
    filled = Filled(p, permutations), Filled(p, permutations)
    sizes = _Sizes(sample, permutations)
    with one_thread():
        total = found.terms.sum(axis=0, dtype=np.float64)[:, None] if whole else np.zeros((1, 1))
        for number, stream in enumerate(streams):
            part = slice(number * tile, min((number + 1) * tile, permutations))
            members = relabelled(exchange, tile, np.random.default_rng(stream))
            members = members[: part.stop - part.start]
            if drawer is None:
                _fill(found, total, members, filled, part)
            else:
                drawer(members, filled[0], part)
                drawer(1 - members, filled[1], part)
            sizes.fill(members, part)
    return sizes.moments(filled[0], missing, first=True), sizes.moments(
        filled[1], missing, first=False
    )


def _check(a: Sample, b: Sample, permutations: int, strata: IntArray | None) -> None:
    """Raise for samples that do not go together, or no permutations."""
    faults = []
    if a.items != b.items:
        faults.append(
            Fault(
                "samples",
                f"are of items {', '.join(a.items)} and {', '.join(b.items)}",
                "take the items that both groups were asked",
            )
        )
    most = int(max(a.units.max(initial=-1), b.units.max(initial=-1)))
    if strata is not None and most >= len(strata):
        faults.append(
            Fault(
                "strata",
                f"are {len(strata)}, but there is a sampled unit number {most}",
                "give one stratum a unit",
            )
        )
    if faults:
        raise MomentsError(faults)
    if permutations < 1:
        raise OptionError(
            Fault("option permutations", f"{permutations} is too few", "take 1000 or more")
        )


def _used(sample: Sample, missing: Missing) -> Sample:
    """Return the respondents whose answers enter the moments."""
    used = used_rows(sample.rows, sample.weights, missing)
    return Sample(
        sample.items,
        sample.rows[used],
        sample.weights[used],
        sample.units[used],
        sample.numbers[used] if len(sample.numbers) else sample.numbers,
    )


def _fill(
    found: Products, total: Array, members: Flags, filled: tuple[Filled, Filled], part: slice
) -> None:
    """Fill both groups' moments in from memberships in the first (b, m)."""
    terms = found.terms
    first = (terms.T @ members.T.astype(terms.dtype, copy=False)).astype(np.float64, copy=False)
    for sums, out in zip((first, total - first), filled, strict=True):
        out.total[part], out.mean[:, part] = moments_of_sums(sums, found, out.cov[..., part])


class _Sizes:
    """Respondents, answers and effective sizes of the first group in every permutation."""

    def __init__(self, sample: Sample, permutations: int) -> None:
        self.sample = sample
        here = ~np.isnan(sample.rows)
        self.flags = np.column_stack([np.ones(len(here)), here]).astype(np.float32)
        self.square = sample.weights**2
        self.counts = np.empty((self.flags.shape[1], permutations))
        self.squares = np.empty(permutations)

    def fill(self, members: Flags, part: slice) -> None:
        """Fill a range of permutations in from memberships (b, m)."""
        self.counts[:, part] = self.flags.T @ members.T
        self.squares[part] = members @ self.square

    def moments(self, filled: Filled, missing: Missing, *, first: bool) -> Moments:
        """Return the batch-first value of one group; an item alike for all of it is NaN."""
        counts, squares = self.counts, self.squares
        if not first:
            counts = self.flags.sum(axis=0, dtype=np.float64)[:, None] - counts
            squares = self.square.sum() - squares
        rows = self.sample.rows
        least = CONSTANT * np.nanvar(rows, axis=0) if len(rows) else np.zeros(rows.shape[1])
        variance = np.einsum("iib->ib", filled.cov)
        filled.cov[:, :, ~(variance > least[:, None]).all(axis=0)] = np.nan
        with np.errstate(divide="ignore", invalid="ignore"):
            effective = np.where(squares > 0, filled.total**2 / squares, 0.0)
        return Moments(
            items=self.sample.items,
            mean=lock(filled.mean.T),
            cov=lock(np.moveaxis(filled.cov, -1, 0)),
            n=np.round(counts[0]).astype(np.int64),
            sum_weights=lock(filled.total),
            n_effective=lock(effective),
            answers=np.round(counts[1:].T).astype(np.int64),
            missing=missing,
        )
