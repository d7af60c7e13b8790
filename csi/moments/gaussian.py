"""Draws of moments from their normal approximation: no second pass over the rows.

With many respondents moments are close to normal about their true values. Draws come from the
normal distribution whose covariance is that of the linearised moments under the design
[sarndal1992model]; any figure of them, however bent, is then computed draw by draw. Groups that
share sampled units are drawn together.

Letters: u sampled units, p items, t moments; each draw carries the sum of weights besides.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, lock, one_thread
from csi.errors import Fault, OptionError
from csi.moments.blocks import Block, Sample
from csi.moments.design import stratum_deviations
from csi.moments.groups import moments_of_rows, used_rows
from csi.moments.kernel import is_definite
from csi.moments.linear import adder, sample_scores
from csi.moments.values import Missing, Moments
from csi.moments.vectors import fill_covariances, moment_vector

TILE = 128
"""Draws with a stream of chance of their own."""


def gaussian_moments(block: Block, missing: Missing, *, draws: int, seed: int) -> list[Moments]:
    """Return normal draws of the moments of each group of a block.

    Parameters
    ----------
    block : Block
        Groups that share sampled units.
    missing : {"complete", "pairwise", "em"}
    draws : int
    seed : int
        The same seed gives the same bytes; the stream of chance is made from it and the label of
        the block, and more draws begin with the same ones.

    Returns
    -------
    list of Moments
        One a group, batch (draws), the draws last in memory. Covariance matrices that are not
        positive definite are NaN; their means stay, as in `draw_moments`. All draws are NaN for
        a group without moments and for a block with a single sampled unit.

    Raises
    ------
    OptionError
        For fewer than two draws.
    """
    if draws < 2:
        raise OptionError(Fault("option draws", f"{draws} is too few", "take at least 2"))
    with one_thread():
        singles = [
            moments_of_rows(sample.rows, sample.weights, sample.items, missing)
            for sample in block.samples
        ]
        roots = [
            _deviations(sample, single, block)
            for sample, single in zip(block.samples, singles, strict=True)
        ]
        if len(roots) == 1:
            roots = [_square_root(roots[0])]
        moved = _moves(roots, block.label, draws, seed)
        return [
            _as_moments(sample, single, moves)
            for sample, single, moves in zip(block.samples, singles, moved, strict=True)
        ]


def _deviations(sample: Sample, single: Moments, block: Block) -> Array:
    """Return the deviations (u, 1 + t) of sum of weights and moments behind their variances."""
    u = len(block.strata)
    used = used_rows(sample.rows, sample.weights, single.missing)
    weights = adder(sample.units[used], u)(sample.weights[used][None])
    both = np.concatenate([weights.T, sample_scores(sample, u, single)], axis=1)
    return stratum_deviations(both, block.strata, block.fractions)


def _square_root(deviations: Array) -> Array:
    """Return the symmetric square root of the covariance, (1 + t, 1 + t), of whatever rank."""
    cov = deviations.T @ deviations
    if not np.isfinite(cov).all():  # no moments, or a single sampled unit
        return np.full_like(cov, np.nan)
    values, vectors = np.linalg.eigh(cov)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))  # rounding leaves small negative ones
    return np.asarray(root @ vectors.T)


def _moves(roots: list[Array], label: str, draws: int, seed: int) -> list[Array]:
    """Return normal moves (1 + t, draws) of each group from common multipliers."""
    streams = np.random.SeedSequence([seed, *label.encode()]).spawn(-(-draws // TILE))
    out = [np.empty((root.shape[1], draws)) for root in roots]
    for number, stream in enumerate(streams):
        part = slice(number * TILE, min((number + 1) * TILE, draws))
        chance = np.random.default_rng(stream).standard_normal((TILE, len(roots[0])))
        chance = chance[: part.stop - part.start]
        for root, moves in zip(roots, out, strict=True):
            moves[:, part] = root.T @ chance.T
    return out


def _as_moments(sample: Sample, single: Moments, moves: Array) -> Moments:
    """Return the moments of one group plus its moves."""
    p, draws = len(sample.items), moves.shape[1]
    moved = moment_vector(single.mean, single.cov)[:, None] + moves[1:]
    mean, cov = np.ascontiguousarray(moved[:p]), np.empty((p, p, draws))
    fill_covariances(moved[p:], cov)
    first = np.moveaxis(cov, -1, 0)
    bad = ~(np.isfinite(moved).all(axis=0) & is_definite(first))
    cov[..., bad] = np.nan
    return Moments(
        items=sample.items,
        mean=lock(mean.T),
        cov=lock(first),
        n=np.broadcast_to(single.n, (draws,)),
        sum_weights=lock(single.sum_weights + moves[0]),
        n_effective=np.broadcast_to(single.n_effective, (draws,)),
        answers=np.broadcast_to(single.answers, (draws, p)),
        missing=single.missing,
        problems=(),
    )
