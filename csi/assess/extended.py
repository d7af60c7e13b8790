"""A sample with products of its items beside them, and the moments of all of it in every replicate.

Products are formed once, round fixed values; what a replicate's own means and variances do to them
is linear algebra on these moments (`csi.assess.kernel_products`). A product of a missing answer is
missing, and maximum likelihood under normality does not hold for products: respondents count who
answered every item of the model, and the others are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from csi.arrays import Array, IntArray, lock
from csi.assess.kernel_products import product_columns
from csi.errors import EstimationError, Fault, NotConvergedError
from csi.index.estimator import fit_model
from csi.index.fitting import problem_of, units_of
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated
from csi.model.model import Model
from csi.moments.blocks import Sample, blocks_of
from csi.moments.groups import Cell, cells_of, moments_of_rows, require_names, used_rows
from csi.moments.replicates import plan_replicates, replicate_block
from csi.moments.values import Moments
from csi.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Extended:
    """One sample fitted, with moments of items and products.

    Attributes
    ----------
    whole : Replicated
        The model without terms and its replicates.
    center : (p) what was taken off items before products were formed
    pairs : (k, 2) items of each product
    mean, cov : (p + k), (p + k, p + k) of the sample
    draw_mean, draw_cov : (R, p + k), (R, p + k, p + k) of the replicates
    left_out : int
        Respondents with some answers to the model's items, but not all.
    """

    whole: Replicated
    center: Array
    pairs: IntArray
    mean: Array
    cov: Array
    draw_mean: Array
    draw_cov: Array
    left_out: int


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
    survey: Survey,
    model: Model,
    pairs: IntArray,
    options: IndexOptions,
    by: tuple[str, ...] = (),
) -> tuple[Extended, ...]:
    """Fit a model to complete cases and their replicates, with products of items beside.

    Parameters
    ----------
    survey : Survey
    model : Model
    pairs : (k, 2) items of each product, as places in ``model.items``
    options : IndexOptions
        ``missing`` has no part in it.
    by : tuple of str
        Keys of the codebook; one sample where empty.

    Raises
    ------
    EstimationError
        The model cannot be fitted to a sample; all groups at once.
    NotConvergedError
        The iteration did not settle.
    """
    options = replace(options, missing="complete")
    if options.design == "simple":
        survey = survey.as_simple()
    require_names(survey, model.items, by)
    cells = cells_of(survey, by)
    plan = plan_replicates(
        survey, options.replicates, draws=options.draws, seed=options.seed, fay=options.fay
    )
    found: dict[int, Extended] = {}
    faults: list[Fault] = []
    settled = True
    items = [model.items] * len(cells)
    for block in blocks_of(survey, items, cells, "complete", replicated=plan.supplied):
        centers = [_center(sample) for sample in block.samples]
        wide = tuple(
            _widened(sample, center, pairs)
            for sample, center in zip(block.samples, centers, strict=True)
        )
        drawn = replicate_block(replace(block, samples=wide), "complete", plan)
        for at, number in enumerate(block.cells):
            sample, cell = block.samples[at], cells[number]
            single = moments_of_rows(sample.rows, sample.weights, sample.items, "complete")
            fit = fit_model(model, single, options)
            if problem := problem_of(fit):
                settled &= not problem.startswith("not converged")
                faults.append(Fault(_where(cell, by), problem, _FIX))
                continue
            draws = fit_model(model, items_only(drawn[at], model), options, like=fit)
            finite = np.isfinite(draws.weights).all(axis=1) & np.isfinite(draws.paths).all((1, 2))
            usable = np.asarray(finite & draws.converged)
            usable.setflags(write=False)
            freedom = plan.replication.freedom_of(units_of(block, sample).freedom)
            whole = Replicated(
                cell.label, sample, fit, draws, usable, plan.replication, freedom, options
            )
            mean, cov = weighted_moments(wide[at].rows, wide[at].weights)
            left = _left_out(survey, model, cell)
            found[number] = Extended(
                whole, lock(centers[at]), pairs, mean, cov, drawn[at].mean, drawn[at].cov, left
            )
    if faults:
        raise (EstimationError if settled else NotConvergedError)(faults)
    return tuple(found[number] for number in range(len(cells)))


_FIX = "products need complete answers: look at `csi check`, or take more respondents"


def weighted_moments(rows: Array, weights: Array) -> tuple[Array, Array]:
    """Return weighted means (c) and covariances (c, c), divisor the sum of weights.

    Examples
    --------
    >>> mean, cov = weighted_moments(np.array([[1.0], [3.0]]), np.array([3.0, 1.0]))
    >>> mean.tolist(), cov.tolist()
    ([1.5], [[0.75]])
    """
    total = weights.sum()
    mean = weights @ rows / total
    away = rows - mean
    return lock(mean), lock((away * weights[:, None]).T @ away / total)


def items_only(moments: Moments, model: Model) -> Moments:
    """Return moments without the products."""
    p = len(model.items)
    return replace(
        moments,
        items=model.items,
        mean=moments.mean[..., :p],
        cov=moments.cov[..., :p, :p],
        answers=moments.answers[..., :p],
    )


def _center(sample: Sample) -> Array:
    """Return values near the means; whole where answers are, so that products stay whole."""
    if not len(sample.rows):
        return np.zeros(len(sample.items))
    return np.asarray(np.round(np.average(sample.rows, axis=0)))


def _widened(sample: Sample, center: Array, pairs: IntArray) -> Sample:
    names = tuple(f"{sample.items[a]}*{sample.items[b]}" for a, b in pairs.tolist())
    rows = product_columns(sample.rows, center, pairs)
    return replace(sample, items=sample.items + names, rows=rows)


def _left_out(survey: Survey, model: Model, cell: Cell) -> int:
    """Count the respondents who answered some but not all items of the model."""
    answers, weights = survey.columns(model.items)[cell.rows], survey.design.weights[cell.rows]
    some, every = (used_rows(answers, weights, how) for how in ("em", "complete"))
    return int(some.sum() - every.sum())


def _where(cell: Cell, names: tuple[str, ...]) -> str:
    """Name a group in words."""
    pairs = zip(names, cell.label, strict=True)
    return ", ".join(f"{name} {value}" for name, value in pairs) or "fit"
