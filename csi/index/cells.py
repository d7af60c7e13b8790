"""Fit one group of respondents and its bootstrap draws: the unit of work of a yearly index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.estimate.effects import total_effects
from csi.estimate.fit import Fit
from csi.estimate.intervals import interval, standard_error
from csi.estimate.pls import fit_pls
from csi.index.formula import index_weights
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.blocks import Block, Sample
from csi.moments.groups import moments_of_rows
from csi.moments.replicates import draw_moments
from csi.moments.values import Moments


@dataclass(frozen=True, slots=True)
class Spread:
    """Estimates with their standard errors and intervals, all of the same shape."""

    estimate: Array
    se: Array
    lower: Array
    upper: Array


@dataclass(frozen=True, slots=True)
class Units:
    """The sampled units behind a group.

    Attributes
    ----------
    block : str
        Groups of the same block may share units.
    numbers : (u) numbers of the units within the block
    strata : (u) their strata
    fractions : (u) or None
        Sampling fractions of their strata.
    """

    block: str
    numbers: IntArray
    strata: IntArray
    fractions: Array | None = None

    @property
    def freedom(self) -> int:
        """Degrees of freedom: units less strata."""
        return len(self.numbers) - len(np.unique(self.strata))

    def freedom_with(self, other: Units) -> int:
        """Degrees of freedom of a difference: units of either group less their strata."""
        if self.block != other.block:
            return self.freedom + other.freedom
        strata = dict(zip(self.numbers.tolist(), self.strata.tolist(), strict=True))
        strata |= dict(zip(other.numbers.tolist(), other.strata.tolist(), strict=True))
        return len(strata) - len(set(strata.values()))


@dataclass(frozen=True, slots=True)
class CellFit:
    """The fit of one group with what its draws tell.

    Attributes
    ----------
    model : Model
        The model as far as its items were asked.
    fit : Fit
        A single member; NaN where ``problem``.
    problem : str
        Why there is no fit, or nothing.
    base : (q) respondents with an answer to an item of the construct
    effective : (q) their effective number
    total_weight : (q) their sum of weights
    units : Units
        The sampled units behind the group.
    lonely : int
        Strata with a single unit, which were merged.
    paths, total, weights, loadings, index_weights, r2 : Spread or None
    weight_draws : (d, p) index weights of every draw
    mean_draws : (d, p) item means of every draw
    usable : (d) draws that converged and are not degenerate; without a fit, draws with means
    not_converged, degenerate, inadmissible : int
        Counts of draws; inadmissible ones stay in.
    pooled : tuple of (d+1), (d+1, p), (d+1, p, p), or None
        Sum of weights, first and second moments about zero of the sample (first) and the draws.
    """

    model: Model
    fit: Fit
    problem: str
    base: Array
    effective: Array
    total_weight: Array
    units: Units
    lonely: int
    paths: Spread | None = None
    total: Spread | None = None
    weights: Spread | None = None
    loadings: Spread | None = None
    index_weights: Spread | None = None
    r2: Spread | None = None
    weight_draws: Array | None = None
    mean_draws: Array | None = None
    usable: BoolArray | None = None
    not_converged: int = 0
    degenerate: int = 0
    inadmissible: int = 0
    pooled: tuple[Array, Array, Array] | None = None


def fit_block(block: Block, models: tuple[Model, ...], options: IndexOptions) -> list[CellFit]:
    """Fit every group of a block and its draws.

    Parameters
    ----------
    block : Block
        Groups that are resampled together.
    models : tuple of Model
        The model of each group.
    options : IndexOptions
    """
    singles = [
        moments_of_rows(sample.rows, sample.weights, sample.items, options.missing)
        for sample in block.samples
    ]
    fits = [
        fit_pls(model, moments, options.pls) for model, moments in zip(models, singles, strict=True)
    ]
    whole = [_problem(fit) for fit in fits]
    if all(whole) and options.weights == "own":  # other weights need only means
        drawn: list[Moments | None] = [None] * len(fits)
    else:
        drawn = list(draw_moments(block, options.missing, draws=options.draws, seed=options.seed))
    return [
        _cell(block, sample, fit, problem, moments, options)
        for sample, fit, problem, moments in zip(block.samples, fits, whole, drawn, strict=True)
    ]


def _problem(fit: Fit) -> str:
    """Say why a single fit cannot be used, or nothing."""
    if fit.moments.problems:
        return fit.moments.problems[0]
    if not np.isfinite(fit.paths).all():
        return "degenerate: no finite solution"
    if not fit.converged:
        return (
            f"not converged: weights still move by {float(fit.change):.1e} "
            f"after {int(fit.steps)} steps"
        )
    return ""


def _cell(
    block: Block,
    sample: Sample,
    fit: Fit,
    problem: str,
    drawn: Moments | None,
    options: IndexOptions,
) -> CellFit:
    """Put together what one group's sample and draws tell."""
    base, effective, total_weight = _bases(sample, fit.model)
    numbers = np.unique(sample.units)
    fractions = None if block.fractions is None else block.fractions[numbers]
    units = Units(block.label, numbers, block.strata[numbers], fractions)
    if problem or drawn is None or units.freedom < 1:
        means = None if drawn is None or units.freedom < 1 else np.ascontiguousarray(drawn.mean)
        return CellFit(
            fit.model,
            fit,
            problem,
            base,
            effective,
            total_weight,
            units,
            block.lonely,
            mean_draws=means,
            usable=None if means is None else np.asarray(np.isfinite(means).all(axis=1)),
        )
    draws = fit_pls(fit.model, drawn, options.pls, like=fit)
    finite = np.isfinite(draws.weights).all(axis=1) & np.isfinite(draws.paths).all(axis=(1, 2))
    usable = finite & draws.converged

    def spread(values: Array, estimate: Array) -> Spread:
        kept = values[usable]
        lower, upper = interval(
            kept, estimate, kind=options.interval, level=options.level, freedom=units.freedom
        )
        return Spread(estimate, standard_error(kept), lower, upper)

    weight_draws = index_weights(draws)
    return CellFit(
        model=fit.model,
        fit=fit,
        problem="",
        base=base,
        effective=effective,
        total_weight=total_weight,
        units=units,
        lonely=block.lonely,
        paths=spread(draws.paths, fit.paths),
        total=spread(total_effects(draws.paths), total_effects(fit.paths)),
        weights=spread(draws.weights, fit.weights),
        loadings=spread(draws.loadings, fit.loadings),
        index_weights=spread(weight_draws, index_weights(fit)),
        r2=spread(draws.r2, fit.r2),
        weight_draws=weight_draws,
        mean_draws=np.ascontiguousarray(drawn.mean),
        usable=usable,
        not_converged=int(np.sum(finite & ~draws.converged)),
        degenerate=int(np.sum(~finite)),
        inadmissible=int(np.sum(usable & ~draws.admissible)),
        pooled=_raw_moments(fit.moments, drawn) if options.weights == "pooled" else None,
    )


def _bases(sample: Sample, model: Model) -> tuple[Array, Array, Array]:
    """Respondents, effective number and sum of weights behind each construct, (q) each."""
    here = (~np.isnan(sample.rows)).astype(np.float64) @ model.blocks > 0
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
