"""Fit one group of respondents and its replicates: the unit of work of a yearly index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.estimate.bca import acceleration
from csi.estimate.effects import total_effects
from csi.estimate.fit import Fit
from csi.estimate.intervals import IntervalKind, interval, margin
from csi.index.cells import CellFit, Spread, Units
from csi.index.estimator import fit_model
from csi.index.formula import index_sd, index_weights, slopes_in_points
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.blocks import Block, Sample, distinct_sample
from csi.moments.design import domain_variance, stratum_deviations
from csi.moments.groups import moments_of_rows
from csi.moments.linear import figure_scores, jacobian, moment_scores, moment_steps
from csi.moments.repeats import distinct_moments, expanded
from csi.moments.replicates import ReplicatePlan, replicate_block
from csi.moments.values import Moments
from csi.moments.vectors import moment_vector, moments_at
from csi.repeats import repeats_of

Scale = Mapping[str, tuple[float, float]]
"""Ends of the answer scale of each item."""

SPREADS = ("paths", "total", "weights", "loadings", "index_weights", "r2")
"""Figures of a `CellFit` that have errors."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group on its way: its sample, model, fit and replicates.

    Attributes
    ----------
    sample : Sample
    fit : Fit
        A single member.
    problem : str
    drawn : Moments or None
        Batch ``(R,)``.
    units : Units
    lonely : int
    low, high : (p) ends of the answer scales
    options : IndexOptions
    strata : (U) strata of the sampled units of all groups that may share units
    fractions : (U) or None
        Their sampling fractions.
    """

    sample: Sample
    fit: Fit
    problem: str
    drawn: Moments | None
    units: Units
    lonely: int
    low: Array
    high: Array
    options: IndexOptions
    strata: IntArray
    fractions: Array | None

    @property
    def model(self) -> Model:
        """The model as far as its items were asked."""
        return self.fit.model

    def figures(self, fit: Fit) -> dict[str, Array]:
        """Return every figure of a fit that gets an error, by the name it has in a `CellFit`."""
        v = index_weights(fit)
        sd = index_sd(fit.moments.cov, v, self.low, self.high, self.model.blocks)
        return {
            "paths": fit.paths,
            "total": total_effects(fit.paths),
            "weights": fit.weights,
            "loadings": fit.loadings,
            "index_weights": v,
            "r2": fit.r2,
            "slopes": slopes_in_points(fit, sd, disattenuated=self.options.disattenuated),
            "sd": sd,
        }


def fit_block(
    block: Block,
    models: tuple[Model, ...],
    options: IndexOptions,
    plan: ReplicatePlan,
    scale: Scale,
) -> list[CellFit]:
    """Fit every group of a block and its replicates.

    Parameters
    ----------
    block : Block
        Groups that are resampled together.
    models : tuple of Model
        The model of each group.
    options : IndexOptions
    plan : ReplicatePlan
        How replicates are made.
    scale : mapping of str to (low, high)
    """
    singles = [
        moments_of_rows(sample.rows, sample.weights, sample.items, options.missing)
        for sample in block.samples
    ]
    fits = [
        fit_model(model, moments, options) for model, moments in zip(models, singles, strict=True)
    ]
    whole = [problem_of(fit) for fit in fits]
    drawn: Sequence[Moments | None] = [None] * len(fits)
    if plan.replication.method != "delta" and not (all(whole) and options.weights == "own"):
        drawn = replicate_block(block, options.missing, plan)  # other weights need only means
    groups = [
        Group(
            sample,
            fit,
            problem,
            moments,
            units_of(block, sample),
            block.lonely,
            *_scale(fit, scale),
            options,
            block.strata,
            block.fractions,
        )
        for sample, fit, problem, moments in zip(block.samples, fits, whole, drawn, strict=True)
    ]
    return [_cell(group, options, plan) for group in groups]


def problem_of(fit: Fit) -> str:
    """Say why a single fit cannot be used, or nothing."""
    if fit.moments.problems:
        return fit.moments.problems[0]
    if not np.isfinite(fit.paths).all():
        if not fit.converged and fit.steps > 0:
            return f"not converged after {int(fit.steps)} steps"
        return "degenerate: no finite solution"
    if not fit.converged:
        if not np.isfinite(fit.change):
            return f"not converged after {int(fit.steps)} steps"
        return (
            f"not converged: weights still move by {float(fit.change):.1e} "
            f"after {int(fit.steps)} steps"
        )
    return ""


def units_of(block: Block, sample: Sample) -> Units:
    """Return the sampled units of one group of a block."""
    numbers = np.unique(sample.units)
    fractions = None if block.fractions is None else block.fractions[numbers]
    strata, sizes = block.strata[numbers], None
    if len(block.samples) > 1:
        sizes = np.bincount(block.strata)[strata].astype(np.int64)
    return Units(block.label, numbers, strata, fractions, sizes)


def _scale(fit: Fit, scale: Scale) -> tuple[Array, Array]:
    low, high = (np.array([scale[item][end] for item in fit.model.items]) for end in (0, 1))
    return low, high


def _cell(group: Group, options: IndexOptions, plan: ReplicatePlan) -> CellFit:
    """Put together what one group's sample and replicates tell."""
    base, effective, total_weight = _bases(group.sample, group.model)
    cell = CellFit(
        group.model,
        group.fit,
        group.problem,
        base,
        effective,
        total_weight,
        group.units,
        group.lonely,
    )
    if group.units.freedom < 1:
        return cell
    scores = _moment_scores(group, options)
    if scores is not None:
        means = np.ascontiguousarray(scores[:, repeats_of(group.model.items).at])
        cell = replace(cell, mean_scores=means)
    if plan.replication.method == "delta":
        return cell if scores is None else _by_delta(cell, group, scores, options)
    if group.drawn is None:
        return cell
    drawn = group.drawn
    if group.problem:
        usable = np.asarray(np.isfinite(drawn.mean).all(axis=1))
        return replace(cell, mean_draws=np.ascontiguousarray(drawn.mean), usable=usable)
    cell = _by_replicates(cell, group, drawn, scores, options, plan)
    if options.pool:
        cell = replace(cell, pooled=_raw_moments(group.fit.moments, drawn))
    return cell


def _moment_scores(group: Group, options: IndexOptions) -> Array | None:
    """Contributions of the sampled units to the moments of columns, (u, t), if there are any."""
    moments, sample = distinct_moments(group.fit.moments), distinct_sample(group.sample)
    if not np.isfinite(moments.cov).all():
        return None
    units = np.searchsorted(group.units.numbers, group.sample.units)
    return moment_scores(
        sample.rows,
        sample.weights,
        units,
        len(group.units.numbers),
        options.missing,
        moments.mean,
        moments.cov,
    )


def _figure_scores(group: Group, scores: Array) -> dict[str, Array]:
    """Contributions of the sampled units to every figure, (u, ...) each, and their shapes."""
    moments, items = distinct_moments(group.fit.moments), group.model.items
    shapes = {name: values.shape for name, values in group.figures(group.fit).items()}

    def figures(vectors: Array) -> Array:
        moved = expanded(moments_at(moments, vectors), items)
        found = group.figures(fit_model(group.model, moved, group.options, like=group.fit))
        return np.concatenate([v.reshape(len(vectors), -1) for v in found.values()], axis=1)

    vector = moment_vector(moments.mean, moments.cov)
    steps = moment_steps(vector, domain_variance(scores, group.units.strata, group.units.sizes))
    flat = figure_scores(jacobian(figures, vector, steps), scores)
    out, at = {}, 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        out[name] = flat[:, at : at + size].reshape(len(flat), *shape)
        at += size
    return out


def _by_replicates(
    cell: CellFit,
    group: Group,
    drawn: Moments,
    scores: Array | None,
    options: IndexOptions,
    plan: ReplicatePlan,
) -> CellFit:
    """Fit the replicates and take errors from them."""
    draws = fit_model(group.model, drawn, options, like=group.fit)
    finite = np.isfinite(draws.weights).all(axis=1) & np.isfinite(draws.paths).all(axis=(1, 2))
    usable = finite & draws.converged
    began = finite | ((draws.steps > 0) & ~draws.converged)  # ML leaves NaN where it did not settle
    exact = _figure_scores(group, scores) if scores is not None and options.exact else {}
    own, moving = group.figures(group.fit), group.figures(draws)
    spreads = {
        name: _spread(own[name], moving[name], usable, exact.get(name), group, options, plan)
        for name in SPREADS
    }
    ratio = moving["sd"] / own["sd"] if options.interval == "studentised" else None
    return replace(
        cell,
        spreads=spreads,
        slopes=own["slopes"],
        weight_draws=moving["index_weights"],
        mean_draws=np.ascontiguousarray(drawn.mean),
        slope_draws=np.where(usable[:, None], moving["slopes"], np.nan),
        sd_ratio=ratio,
        weight_scores=exact.get("index_weights"),
        usable=usable,
        not_converged=int(np.sum(began & ~draws.converged)),
        degenerate=int(np.sum(~finite & ~began)),
        inadmissible=int(np.sum(usable & ~draws.admissible)),
    )


def _spread(
    estimate: Array,
    values: Array,
    usable: BoolArray,
    scores: Array | None,
    group: Group,
    options: IndexOptions,
    plan: ReplicatePlan,
) -> Spread:
    """Return errors and limits of one kind of figure from its replicates."""
    replication = plan.replication
    if replication.random:
        kept = values[usable]
    else:
        kept = np.where(usable.reshape(-1, *(1,) * estimate.ndim), values, np.nan)
    freedom = replication.freedom_of(group.units.freedom)
    se = np.sqrt(replication.variance(kept, estimate))
    if options.interval == "normal":
        half = margin(se, level=options.level, freedom=freedom)
        return Spread(estimate, se, estimate - half, estimate + half)
    kind: IntervalKind = "bca" if scores is not None else options.interval
    lower, upper = interval(
        kept,
        estimate,
        kind=kind,
        level=options.level,
        freedom=freedom,
        acceleration=None
        if scores is None
        else acceleration(scores, group.units.strata, group.units.sizes),
    )
    return Spread(estimate, se, lower, upper)


def _by_delta(cell: CellFit, group: Group, scores: Array, options: IndexOptions) -> CellFit:
    """Take errors from linearised figures, with normal draws of item means and weights."""
    units = group.units
    own = {} if group.problem else group.figures(group.fit)
    exact = {} if group.problem else _figure_scores(group, scores)
    spreads: dict[str, Spread] = {}
    for name in SPREADS if exact else ():
        flat = exact[name].reshape(len(scores), -1)
        variance = domain_variance(flat, units.strata, units.sizes, units.fractions)
        se = np.sqrt(variance).reshape(own[name].shape)
        half = margin(se, level=options.level, freedom=group.units.freedom)
        spreads[name] = Spread(own[name], se, own[name] - half, own[name] + half)
    p = len(group.model.items)
    names = [name for name in ("index_weights", "slopes") if exact]
    means_of = scores[:, repeats_of(group.model.items).at]
    together = np.concatenate([means_of, *(exact[name] for name in names)], axis=1)
    moved = _normal_draws(together, group)
    means = np.ascontiguousarray(moved[:, :p] + group.fit.moments.mean)
    usable = np.asarray(np.isfinite(means).all(axis=1))
    if not exact:
        return replace(cell, mean_draws=means, usable=usable)
    return replace(
        cell,
        spreads=spreads,
        slopes=own["slopes"],
        weight_draws=moved[:, p : 2 * p] + own["index_weights"],
        mean_draws=means,
        slope_draws=moved[:, 2 * p :] + own["slopes"],
        weight_scores=exact["index_weights"],
        usable=usable,
    )


def _normal_draws(scores: Array, group: Group) -> Array:
    """Return normal draws, (R, k), with the covariance of figures with these scores (u, k).

    Groups that share units take the same chance for the same unit, and units of the other groups
    count as zeros: the draws have the covariances of the groups besides.
    """
    options, units = group.options, group.units
    chance = np.random.default_rng([options.seed, *units.block.encode()])
    every = scores
    if units.sizes is not None:
        every = np.zeros((len(group.strata), scores.shape[1]))
        every[units.numbers] = scores
    deviations = stratum_deviations(every, group.strata, group.fractions)
    if units.sizes is None:
        values, vectors = np.linalg.eigh(deviations.T @ deviations)
        root = (vectors * np.sqrt(np.clip(values, 0.0, None))) @ vectors.T
        return np.asarray(chance.standard_normal((options.draws, len(root))) @ root)
    moves = np.empty((options.draws, deviations.shape[1]))
    for draw in range(options.draws):
        moves[draw] = chance.standard_normal(len(deviations)) @ deviations
    return moves


def _bases(sample: Sample, model: Model) -> tuple[Array, Array, Array]:
    """Respondents, effective number and sum of weights behind each construct, (q) each."""
    counted = sample.weights > 0
    here = ((~np.isnan(sample.rows)).astype(np.float64) @ model.blocks > 0) & counted[:, None]
    total = sample.weights @ here
    square = sample.weights**2 @ here
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(square > 0, total**2 / square, 0.0)
    return here.sum(axis=0).astype(np.float64), effective, total


def _raw_moments(single: Moments, drawn: Moments) -> tuple[Array, Array, Array]:
    """Sum of weights, means and second moments about zero of the sample and of every draw."""
    total = np.concatenate([[float(single.sum_weights)], drawn.sum_weights])
    mean = np.concatenate([single.mean[None], drawn.mean])
    cov = np.concatenate([single.cov[None], drawn.cov])
    return total, mean, cov + mean[:, :, None] * mean[:, None, :]
