"""A sample with products of its items beside them, and the moments of all of it in every replicate.

Products are formed once, round fixed values; what a replicate's own means and variances do to them
is linear algebra on these moments (`csi.assess.kernel_products`).

A product of a missing answer is missing. Moments of items are those of the options (maximum
likelihood by default, which holds for items and not for products); covariances with products come
from all respondents who have both, which is right where answers are missing by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, IntArray, lock, one_thread
from csi.assess.kernel_products import available_covariances, product_columns
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated, replicated
from csi.model.model import Model
from csi.moments.blocks import Sample, blocks_of
from csi.moments.groups import cells_of
from csi.moments.replicates import plan_replicates, replicate_weights
from csi.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Extended:
    """One sample fitted, with covariances of items and products.

    Attributes
    ----------
    whole : Replicated
        The model without terms and its replicates.
    center : (p) what was taken off items before products were formed
    pairs : (k, 2) items of each product
    cov : (p + k, p + k) of the sample
    draw_cov : (R, p + k, p + k) of the replicates
    """

    whole: Replicated
    center: Array
    pairs: IntArray
    cov: Array
    draw_cov: Array


def pairs_of(blocks: Sequence[tuple[IntArray, IntArray]]) -> IntArray:
    """Return every pair of items that some products of blocks need once, (k, 2).

    Examples
    --------
    >>> pairs_of([(np.array([0, 1]), np.array([2])), (np.array([2]), np.array([2]))]).tolist()
    [[0, 2], [1, 2], [2, 2]]
    """
    found = dict.fromkeys(
        (min(a, b), max(a, b))
        for left, right in blocks
        for a in left.tolist()
        for b in right.tolist()
    )
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def extended_samples(
    survey: Survey, model: Model, pairs: IntArray, options: IndexOptions, by: tuple[str, ...] = ()
) -> tuple[Extended, ...]:
    """Fit a model to a survey and its replicates, with products of items beside.

    Parameters
    ----------
    survey : Survey
    model : Model
    pairs : (k, 2) items of each product, as places in ``model.items``
    options : IndexOptions
        Replicates that weight respondents: not ``gaussian``, not ``delta``.
    by : tuple of str
        Keys of the codebook; one sample where empty.

    Raises
    ------
    EstimationError, NotConvergedError
        As `replicated`.
    """
    wholes = replicated(survey, model, options, by=by)
    if options.design == "simple":
        survey = survey.as_simple()
    cells = cells_of(survey, by)
    plan = plan_replicates(
        survey, options.replicates, draws=options.draws, seed=options.seed, fay=options.fay
    )
    p, c = len(model.items), len(model.items) + len(pairs)
    centers = [np.asarray(whole.fit.moments.mean) for whole in wholes]
    drawn = [np.empty((len(whole.usable), c - p, c)) for whole in wholes]
    items = [model.items] * len(cells)
    for block in blocks_of(survey, items, cells, options.missing, replicated=plan.supplied):
        columns = [
            product_columns(sample.rows, centers[number], pairs)
            for number, sample in zip(block.cells, block.samples, strict=True)
        ]
        with one_thread():
            for part, weights in replicate_weights(block, plan):
                for number, own, rows in zip(block.cells, weights, columns, strict=True):
                    drawn[number][part] = available_covariances(rows, own, p)
    found = []
    for whole, center, cross in zip(wholes, centers, drawn, strict=True):
        rows = product_columns(whole.sample.rows, center, pairs)
        with one_thread():
            single = available_covariances(rows, whole.sample.weights[None], p)[0]
        found.append(
            Extended(
                whole,
                center,
                pairs,
                lock(_joined(whole.fit.moments.cov, single)),
                lock(_joined(whole.draws.moments.cov, cross)),
            )
        )
    return tuple(found)


def answered(sample: Sample, items: IntArray) -> int:
    """Count the respondents of a sample who answered all of some items."""
    here = ~np.isnan(sample.rows[sample.weights > 0][:, items])
    return int(here.all(axis=1).sum())


def _joined(items: Array, cross: Array) -> Array:
    """Put covariances of items (.., p, p) and of products with all (.., k, c) together."""
    p = items.shape[-1]
    out = np.empty((*items.shape[:-2], p + cross.shape[-2], p + cross.shape[-2]))
    out[..., :p, :p] = items
    out[..., p:, :] = cross
    out[..., :p, p:] = np.swapaxes(cross[..., :p], -1, -2)
    return out
