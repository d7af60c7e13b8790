"""What predicts what: path model and linear model as linear maps of items, from a batch of fits.

Letters: n respondents, p items, q constructs, e predicted items, b training samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, IntArray, readonly_bool
from csi.assess.kernel_predict import (
    earliest_slopes,
    factor_slopes,
    pls_slopes,
    regression_slopes,
)
from csi.assess.predict_options import Benchmark, PredictOptions, Technique
from csi.estimate.effects import total_effects
from csi.estimate.fit import Fit
from csi.model.model import Model
from csi.repeats import repeats_of


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Linear predictions of training samples: means (b, p), and slopes (b, p, e) by PLS and LM."""

    mean: Array
    pls: Array
    lm: Array


def exogenous_of(model: Model) -> BoolArray:
    """(q) True where no path leads to the construct."""
    return np.asarray(~np.any(model.arrows, axis=0))


def antecedents_of(model: Model, technique: Technique) -> BoolArray:
    """(q, q) True where the composite of the row's construct predicts the column's construct."""
    if technique == "direct":
        return model.arrows
    leads = total_effects(model.arrows.astype(np.float64)) > 0
    return readonly_bool(leads & exogenous_of(model)[:, None])


def predictors_of(model: Model, benchmark: Benchmark, technique: Technique) -> BoolArray:
    """(q, q) True where the linear model takes the row's items to predict the column's."""
    if benchmark == "antecedents":
        return antecedents_of(model, technique)
    if benchmark == "exogenous":
        return readonly_bool(np.outer(exogenous_of(model), ~exogenous_of(model)))
    return readonly_bool(~np.eye(len(model.names), dtype=bool) & ~exogenous_of(model))


def endogenous_items(model: Model) -> IntArray:
    """(e) places of the items of endogenous constructs.

    Those of a whole are not predicted again, nor are the parts of a reflective whole, which would
    be predicted from their own answers.
    """
    away = exogenous_of(model) | np.array([bool(c.parts) for c in model.constructs])
    shown = {part for whole in model.wholes if whole.kind == "reflective" for part in whole.parts}
    away |= np.array([name in shown for name in model.names])
    return np.flatnonzero(~away[np.argmax(model.blocks, axis=1)])


def maps_of(fit: Fit, options: PredictOptions) -> Maps:
    """Return the linear predictions of a fit, its batch made one axis."""
    model, moments = fit.model, fit.moments
    p, q = len(model.items), len(model.names)
    of, targets = np.argmax(model.blocks, axis=1), endogenous_items(model)
    mean, cov = moments.mean.reshape(-1, p), moments.cov.reshape(-1, p, p)
    sd = np.sqrt(np.einsum("bii->bi", cov))
    weights, loadings = fit.weights.reshape(-1, p), fit.loadings.reshape(-1, p)
    paths = fit.paths.reshape(-1, q, q)
    if fit.metric == "standardised":
        weights = weights / sd
    inner = paths
    if options.technique == "earliest":
        inner = earliest_slopes(total_effects(paths), exogenous_of(model))
    if options.pls.consistent:
        reach = antecedents_of(model, options.technique)
        corr = fit.construct_corr.reshape(-1, q, q)
        inner = factor_slopes(corr, fit.reliability.reshape(-1, q), inner, reach)
    slopes = pls_slopes(weights, inner, loadings * sd, of)[:, :, targets]
    settled = np.broadcast_to(fit.converged, fit.moments.batch).reshape(-1)
    slopes[~settled] = np.nan
    lm = np.zeros_like(slopes)
    takes = predictors_of(model, options.benchmark, options.technique)
    for j in np.unique(of[targets]):
        own = np.flatnonzero(of[targets] == j)
        x = _once(model, np.flatnonzero(takes[of, j]), targets[own])
        right = cov[:, x[:, None], targets[own]]
        lm[:, x[:, None], own] = regression_slopes(cov[:, x[:, None], x], right)
    return Maps(mean, slopes, lm)


def _once(model: Model, x: IntArray, targets: IntArray) -> IntArray:
    """Return the predictors with each column of answers once, and none that is predicted."""
    column = repeats_of(model.items).at
    x = x[~np.isin(column[x], column[targets])]
    return np.sort(x[np.unique(column[x], return_index=True)[1]])


def predictable(rows: Array, model: Model, options: PredictOptions) -> BoolArray:
    """(n, e) True where the answer and every answer it is predicted from are there."""
    of, targets = np.argmax(model.blocks, axis=1), endogenous_items(model)
    takes = antecedents_of(model, options.technique) | predictors_of(
        model, options.benchmark, options.technique
    )
    gone = np.isnan(rows)
    lacking = gone.astype(np.float64) @ takes[of[:, None], of[targets]]
    return np.asarray((lacking == 0) & ~gone[:, targets])
