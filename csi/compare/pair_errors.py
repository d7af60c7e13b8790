"""Errors of the differences of two groups by replicates or linearisation, and their t tests.

Letters: R replicates, k figures, t moments of a group, u sampled units of a group.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array
from csi.compare.pair_figures import PairFigures, together
from csi.compare.two_groups import Pair
from csi.index.accuracy import Accuracy, accuracy_of
from csi.index.cells import Units
from csi.index.fitting import units_of
from csi.index.linear import Scores, combined
from csi.index.options import IndexOptions
from csi.moments.blocks import Block, Sample, blocks_of
from csi.moments.design import domain_variance
from csi.moments.groups import moments_of_rows
from csi.moments.linear import jacobian, moment_steps, sample_scores
from csi.moments.replicates import ReplicatePlan, replicate_block
from csi.moments.values import Moments
from csi.moments.vectors import moment_vector, moments_at
from csi.survey.survey import Survey


def difference_errors(
    survey: Survey,
    pair: Pair,
    figures: PairFigures,
    difference: Array,
    plan: ReplicatePlan,
    options: IndexOptions,
) -> list[Accuracy]:
    """Return what is known of the error of each difference.

    Parameters
    ----------
    survey : Survey
    pair : Pair
    figures : PairFigures
    difference : (k) as observed
    plan : ReplicatePlan
    options : IndexOptions
        For the kind of interval and the level.
    """
    items = [pair.model.items] * 2
    blocks = blocks_of(survey, items, pair.cells, options.missing, replicated=plan.supplied)
    found = {
        cell: (block, sample)
        for block in blocks
        for cell, sample in zip(block.cells, block.samples, strict=True)
    }
    units = [units_of(*found[number]) for number in (0, 1)]
    delta = plan.replication.method == "delta"
    draws = None if delta else _draws(blocks, pair, figures, plan, options)
    scores: list[Scores | None] = [None] * len(difference)
    if delta or options.interval == "bca":
        scores = [*_scores([found[0], found[1]], units, pair, figures, options)]
    freedom = float(units[0].freedom_with(units[1]))
    return [
        accuracy_of(
            None if draws is None else draws[:, k],
            float(value),
            plan.replication,
            level=options.level,
            freedom=freedom,
            kind=options.interval,
            scores=scores[k],
        )
        for k, value in enumerate(difference)
    ]


def _draws(
    blocks: list[Block],
    pair: Pair,
    figures: PairFigures,
    plan: ReplicatePlan,
    options: IndexOptions,
) -> Array:
    """Return the differences in every replicate, (R, k)."""
    drawn: dict[int, Moments] = {}
    for block in blocks:
        made = replicate_block(block, options.missing, plan)
        drawn.update(zip(block.cells, made, strict=True))
    pooled = figures.pooled(together(drawn[0], drawn[1], pair.scales))
    return figures.of_group(drawn[0], pooled) - figures.of_group(drawn[1], pooled)


def _scores(
    found: list[tuple[Block, Sample]],
    units: list[Units],
    pair: Pair,
    figures: PairFigures,
    options: IndexOptions,
) -> list[Scores]:
    """Return the contributions of the sampled units to each difference."""
    singles = [
        moments_of_rows(sample.rows, sample.weights, sample.items, options.missing)
        for _, sample in found
    ]
    parts = []
    for (block, sample), own, single in zip(found, units, singles, strict=True):
        parts.append(sample_scores(sample, len(block.strata), single)[own.numbers])
    vectors = [moment_vector(single.mean, single.cov) for single in singles]
    t = len(vectors[0])

    def differences(vector: Array) -> Array:
        moved = [moments_at(singles[0], vector[:, :t]), moments_at(singles[1], vector[:, t:])]
        pooled = figures.pooled(together(moved[0], moved[1], pair.scales))
        return figures.of_group(moved[0], pooled) - figures.of_group(moved[1], pooled)

    steps = [
        moment_steps(vector, domain_variance(part, own.strata, own.sizes))
        for vector, part, own in zip(vectors, parts, units, strict=True)
    ]
    slopes = jacobian(differences, np.concatenate(vectors), np.concatenate(steps))
    moves = [parts[0] @ slopes[:, :t].T, parts[1] @ slopes[:, t:].T]
    return [
        combined([(1.0, own, move[:, k]) for own, move in zip(units, moves, strict=True)])
        for k in range(slopes.shape[0])
    ]
