"""Replicates of moments, made the way the survey was sampled.

The bootstrap: sampled units (respondents, or clusters of them) are drawn with replacement within
each stratum: one fewer than the stratum has, each draw counting ``n_h / (n_h - 1)``, so that the
variance of a mean is right in small strata too [rao1988resampling]. Strata with a single unit are
merged, as they would add nothing to the variance. In a finite population the draws have
``sqrt(1 - f_h)`` of that spread. Weights are carried along. Groups whose samples share no unit have
streams of chance of their own, made from the seed and the group's label: a group's figures do not
depend on which other groups are in the file, nor on the number of processes. Respondents are put in
order by their answers first, so that the order of the file does not matter either.

The other methods weight the respondents of the whole survey: see `plan_replicates`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from csi.arrays import Array, IntArray, lock, one_thread
from csi.errors import Fault, OptionError
from csi.model.model import Model
from csi.moments.blocks import Block, Sample, blocks_of, distinct_sample
from csi.moments.filling import EM_CLOSE, Counts, Drawer, Filled
from csi.moments.gaussian import gaussian_moments
from csi.moments.groups import cells_of, require_names
from csi.moments.multipliers import Multipliers
from csi.moments.repeats import expanded
from csi.moments.replicate_plan import ReplicatePlan, plan_replicates
from csi.moments.replication import Method
from csi.moments.values import Missing, Moments
from csi.repeats import repeats_of
from csi.survey.survey import Survey

__all__ = [
    "ReplicatePlan",
    "draw_moments",
    "plan_replicates",
    "replicate_block",
    "replicate_moments",
    "replicate_weights",
]

TILE_CELLS = 2**21
"""Respondents times draws handled at once."""

MOST_DRAWS = 128
"""Draws handled at once; more of them only take memory that has to be brought in first."""

LARGE = 1500
"""Strata of more units are counted draw by draw."""


def replicate_moments(
    survey: Survey,
    model: Model | Sequence[str],
    *,
    draws: int,
    seed: int,
    by: str | Sequence[str] = (),
    missing: Missing = "em",
    method: Method = "design",
) -> Moments:
    """Return the moments of replicates: ``moments_of`` with one more leading axis.

    Parameters
    ----------
    survey : Survey
    model : Model or sequence of str
    draws : int
        Number of random draws; see `plan_replicates` for what it means for other methods.
    seed : int
        The same seed gives the same bytes.
    by, missing
        As in `moments_of`.
    method : Method
        ``design``: supplied replicate weights where the survey has them, else the bootstrap.

    Returns
    -------
    Moments
        Batch ``(R,)`` for the whole survey or ``(R, groups)``, R replicates. Replicates in which
        the moments could not be computed are NaN.

    Raises
    ------
    MomentsError
        For items or keys that the survey does not have, or replicates it cannot have.
    OptionError
        For impossible options.
    """
    items = tuple(model.items) if isinstance(model, Model) else tuple(model)
    names = (by,) if isinstance(by, str) else tuple(by)
    require_names(survey, items, names)
    cells = cells_of(survey, names)
    drawn: dict[int, Moments] = {}
    plan = plan_replicates(survey, method, draws=draws, seed=seed)
    blocks = blocks_of(survey, [items] * len(cells), cells, missing, replicated=plan.supplied)
    for block in blocks:
        found = replicate_block(block, missing, plan)
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


def replicate_block(block: Block, missing: Missing, plan: ReplicatePlan) -> list[Moments]:
    """Return the moments of all replicates for each group of a block, batch ``(R,)``.

    Parameters
    ----------
    block : Block
        From `blocks_of` with ``replicated=plan.supplied``.
    missing : Missing
    plan : ReplicatePlan
    """
    whole = [sample.items for sample in block.samples]
    if any(repeats_of(items) for items in whole):
        own = replace(block, samples=tuple(distinct_sample(s) for s in block.samples))
        made = replicate_block(own, missing, plan)
        return [expanded(moments, items) for moments, items in zip(made, whole, strict=True)]
    replication = plan.replication
    if replication.method == "delta":
        raise OptionError(
            Fault("option method", "'delta' makes no replicates", "take bootstrap or jackknife")
        )
    if replication.method == "gaussian":
        return gaussian_moments(block, missing, draws=replication.replicates, seed=plan.seed)
    if plan.multipliers is None or plan.rank is None:
        return draw_moments(block, missing, draws=replication.replicates, seed=plan.seed)
    with one_thread():
        return [
            _weighted(sample, missing, plan.multipliers, plan.at(sample.numbers), plan.rank)
            for sample in block.samples
        ]


def _weighted(
    sample: Sample, missing: Missing, multipliers: Multipliers, at: IntArray, rank: IntArray
) -> Moments:
    """Return the moments of a group for all multipliers, respondents added up by their rank."""
    order = np.argsort(rank[at])
    sample = replace(
        sample,
        rows=sample.rows[order],
        weights=sample.weights[order],
        units=sample.units[order],
        numbers=sample.numbers[order],
    )
    base = np.where(sample.weights > 0, sample.weights, 1.0)
    filled = Filled(len(sample.items), multipliers.replicates)
    Drawer(sample, base, missing, None, EM_CLOSE).fill(multipliers, at[order], filled)
    return filled.as_moments(sample, missing, 1.0)


def draw_moments(block: Block, missing: Missing, *, draws: int, seed: int) -> list[Moments]:
    """Return the moments of all bootstrap draws for each group of a block, batch ``(draws,)``."""
    if draws < 2:
        raise OptionError(Fault("option draws", f"{draws} is too few", "take at least 2"))
    most = len(block.strata)
    whole = block.fractions is None
    scale = _scales(block.strata, single=not whole)
    drawers = [
        Drawer(sample, sample.weights * scale[sample.units], missing, most * _largest(sample))
        if whole
        else Drawer(sample, sample.weights, missing, None)
        for sample in block.samples
    ]
    out = [Filled(len(sample.items), draws) for sample in block.samples]
    with one_thread():
        for part, counts in _drawn(block, scale, draws=draws, seed=seed):
            for sample, drawer, filled in zip(block.samples, drawers, out, strict=True):
                own = (
                    counts
                    if len(block.samples) == 1 and _plain(sample)
                    else counts[:, sample.units]
                )
                drawer(own, filled, part)
    single = len(np.unique(block.strata)) == 1 and most > 1 and whole
    alike = most / (most - 1.0) if single else 1.0
    return [
        filled.as_moments(sample, missing, alike)
        for sample, filled in zip(block.samples, out, strict=True)
    ]


def replicate_weights(block: Block, plan: ReplicatePlan) -> Iterator[tuple[slice, list[Array]]]:
    """Yield the weights of respondents in the replicates, for what moments alone cannot tell.

    Parameters
    ----------
    block : Block
        From `blocks_of` with ``replicated=plan.supplied``.
    plan : ReplicatePlan

    Yields
    ------
    slice
        A range of replicates.
    list of (b, m)
        For each group of the block the weights of its m respondents in these b replicates. They
        are those that `replicate_block` takes, up to a factor that is the same for all.

    Raises
    ------
    OptionError
        For methods that do not weight respondents.
    """
    method = plan.replication.method
    if method in ("delta", "gaussian"):
        what = f"{method!r} does not weight respondents"
        raise OptionError(Fault("option method", what, "take bootstrap or jackknife"))
    if plan.multipliers is not None:
        base = [np.where(sample.weights > 0, sample.weights, 1.0) for sample in block.samples]
        step = int(np.clip(TILE_CELLS // max(len(block.strata), 1), 16, MOST_DRAWS))
        for first in range(0, plan.replication.replicates, step):
            part = slice(first, min(first + step, plan.replication.replicates))
            yield (
                part,
                [
                    plan.weights(sample.numbers, part) * own
                    for sample, own in zip(block.samples, base, strict=True)
                ],
            )
        return
    draws = plan.replication.replicates
    whole = block.fractions is None
    scale = _scales(block.strata, single=not whole)
    for part, counts in _drawn(block, scale, draws=draws, seed=plan.seed):
        factor = scale if whole else np.ones(len(block.strata))
        yield (
            part,
            [
                counts[:, sample.units] * (sample.weights * factor[sample.units])
                for sample in block.samples
            ],
        )


def _drawn(block: Block, scale: Array, *, draws: int, seed: int) -> Iterator[tuple[slice, Counts]]:
    """Yield ranges of draws with the multipliers (b, u) of the units; `scale` is still to come in.

    In a finite population multipliers have the scale in them.
    """
    spread = None if block.fractions is None else np.sqrt(1.0 - block.fractions)
    tile = int(np.clip(TILE_CELLS // max(len(block.strata), 1), 16, MOST_DRAWS))
    entropy = [seed, *block.label.encode()]
    streams = np.random.SeedSequence(entropy).spawn(-(-draws // tile))
    for number, stream in enumerate(streams):
        part = slice(number * tile, min((number + 1) * tile, draws))
        counts: Counts = _counts(block.strata, tile, np.random.default_rng(stream))
        counts = counts[: part.stop - part.start]
        if spread is not None:
            counts = 1.0 - spread + spread * scale * counts
        yield part, counts


def _largest(sample: Sample) -> int:
    """Most respondents of one unit."""
    return int(np.bincount(sample.units, minlength=1).max())


def _plain(sample: Sample) -> bool:
    """Tell whether every respondent is a unit, in order."""
    return bool(np.array_equal(sample.units, np.arange(len(sample.units))))


def _scales(strata: IntArray, *, single: bool) -> Array:
    """Rao-Wu factor of each unit, ``n_h / (n_h - 1)``.

    With a single stratum the factor is the same for all and comes in at the end, unless `single`.
    """
    _, of, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    if len(sizes) == 1 and not single:
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
