"""Errors of predicting respondents who had no part in the estimates: one batch for all folds.

Letters: n respondents, p items, q constructs, e predicted items, r repetitions, b folds of all of
them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from csi.arrays import Array, BoolArray, IntArray, lock, one_thread, readonly_bool, readonly_int
from csi.assess.folds import deal_folds, training_moments
from csi.assess.kernel_predict import predictions, weighted_mean
from csi.assess.predict_options import PredictOptions
from csi.assess.predictors import Maps, endogenous_items, maps_of, predictable
from csi.errors import EstimationError, Fault, NotConvergedError
from csi.estimate.fit import Fit
from csi.estimate.pls import fit_pls
from csi.index.fitting import problem_of
from csi.model.model import Model
from csi.moments.blocks import Block, Sample, distinct_sample
from csi.moments.groups import moments_of_rows
from csi.moments.repeats import expanded
from csi.repeats import answered_name
from csi.tabular import Brief

PREDICTORS = ("pls", "lm", "ia")
"""Path model, linear model, average of the training respondents (indicator average)."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CrossValidation(Brief):
    """Errors of the predictions of every respondent, by predictor: path model, linear model, mean.

    Attributes
    ----------
    fit : Fit
        Of all respondents.
    sample : Sample
        The model's items.
    items : tuple of str, length e
        Items of the endogenous constructs.
    counted : (n, e) True where the answer and all its predictors are there
    squared, absolute : (3, n, e) squared and absolute errors in points, mean over the
        repetitions; NaN where not counted
    error : (n, e) error of the path model, answer less prediction, mean over the repetitions
    by_repetition : (r, 3, e) weighted mean of squared errors of each repetition
    inside_squared, inside_absolute : (3, e) the same means when everybody is predicted by the
        estimates from all respondents
    score_squared, score_absolute : (3, n) errors of the respondent's index score, points of 0-100;
        NaN where an item of the index is not counted, and where the index is exogenous
    fold_of : (r, n) fold of each respondent
    fold_sizes : (b) respondents in each fold
    failed : int
        Folds whose respondents are not predicted: their training sample had no solution.
    """

    fit: Fit
    sample: Sample
    items: tuple[str, ...]
    counted: BoolArray
    squared: Array
    absolute: Array
    error: Array
    by_repetition: Array
    inside_squared: Array
    inside_absolute: Array
    score_squared: Array
    score_absolute: Array
    fold_of: IntArray
    fold_sizes: IntArray
    failed: int


def own_columns(sample: Sample, items: tuple[str, ...]) -> Sample:
    """Return a sample with some of its items only, in the order given; some may be used again."""
    known = set(sample.items)
    at = [sample.items.index(i if i in known else answered_name(i)) for i in items]
    return replace(sample, items=items, rows=np.ascontiguousarray(sample.rows[:, at]))


def folds_of(block: Block, options: PredictOptions) -> IntArray:
    """Return the folds (r, n) of the respondents of a block's only sample.

    Raises
    ------
    EstimationError
        More folds than sampled units, or too few respondents outside a fold.
    """
    sample, units = block.samples[0], len(block.strata)
    count = units if options.folds == "leave-one-out" else options.folds
    if count > units or units < 2:
        what = f"{count} folds for {units} sampled units"
        raise EstimationError(Fault("option folds", what, "take fewer folds"))
    if options.folds == "leave-one-out":
        return sample.units[None].astype(np.int64)
    return deal_folds(
        sample.units, block.strata, folds=count, repetitions=options.repeats, seed=options.seed
    )


def cross_validate(
    sample: Sample,
    model: Model,
    options: PredictOptions,
    fold: IntArray,
    scale: tuple[Array, Array],
) -> CrossValidation:
    """Predict every respondent from estimates of which he was no part.

    Parameters
    ----------
    sample : Sample
        Of the model's items.
    model : Model
    options : PredictOptions
    fold : (r, n) numbers of folds
    scale : (low, high), (p) each
        Ends of the answer scales.

    Raises
    ------
    EstimationError, NotConvergedError
        The model cannot be fitted to all respondents, or too few stay outside a fold.
    """
    ids, count = _numbered(fold)
    _require_enough(sample, model, int(np.bincount(ids.reshape(-1)).max()))
    with one_thread(), np.errstate(all="ignore"):
        whole = fit_pls(
            model,
            moments_of_rows(sample.rows, sample.weights, sample.items, options.missing),
            options.pls,
        )
        if problem := problem_of(whole):
            unsettled = problem.startswith("not converged")
            fault = Fault("fit of all respondents", problem, "look at the items with `csi check`")
            raise (NotConvergedError if unsettled else EstimationError)(fault)
        training = training_moments(distinct_sample(sample), ids, count, options.missing)
        training = expanded(training, sample.items)
        fits = fit_pls(model, training, options.pls, like=whole)
        inside, outside = (maps_of(fit, options) for fit in (whole, fits))
        return _collect(sample, whole, options, ids, inside, outside, scale)


def _numbered(fold: IntArray) -> tuple[IntArray, int]:
    """Return folds numbered over all repetitions from 0, and how many there are."""
    out, count = np.empty_like(fold), 0
    for row, own in zip(out, fold, strict=True):
        names, of = np.unique(own, return_inverse=True)
        row[:] = of.reshape(-1) + count
        count += len(names)
    return out, count


def _require_enough(sample: Sample, model: Model, largest: int) -> None:
    """Raise where the smallest training sample has no more respondents than the model items."""
    left, p = len(sample.rows) - largest, len(model.columns)
    if left <= p + 1:
        what = f"only {left} respondents stay outside the largest fold, for {p} items"
        raise EstimationError(Fault("option folds", what, "take more folds or more respondents"))


def _errors(rows: Array, fold: IntArray, maps: Maps, targets: IntArray, counted: BoolArray
            ) -> Array:  # fmt: skip
    """(3, n, e) answers less predictions; NaN for all three where one of them has none."""
    filled, center = np.where(np.isnan(rows), 0.0, rows), maps.mean[:, targets]
    found = np.stack(
        [predictions(filled, fold, maps.mean, center, slopes) for slopes in (maps.pls, maps.lm)]
        + [center[fold]]
    )
    found = rows[:, targets] - found
    found[:, ~(counted & np.isfinite(found).all(axis=0))] = np.nan
    return np.asarray(found)


class _Totals:
    """Sums of errors over the repetitions, for n respondents and e items."""

    def __init__(self, n: int, e: int) -> None:
        self.square, self.size, self.first = (
            np.zeros((3, n, e)),
            np.zeros((3, n, e)),
            np.zeros((n, e)),
        )
        self.score_square, self.score_size = np.zeros((3, n)), np.zeros((3, n))
        self.times, self.score_times = np.zeros((n, e)), np.zeros(n)

    def add(self, error: Array, combine: Array) -> None:
        """Add the errors (3, n, e) of one repetition; `combine` (e) makes index scores of items."""
        here = np.isfinite(error[0])
        score = error[:, :, combine != 0] @ combine[combine != 0]
        known = np.isfinite(score[0]) & (combine != 0).any()
        error, score = np.where(here, error, 0.0), np.where(known, score, 0.0)
        self.square += error**2
        self.size += np.abs(error)
        self.first += error[0]
        self.times += here
        self.score_square += score**2
        self.score_size += np.abs(score)
        self.score_times += known


def _collect(
    sample: Sample,
    whole: Fit,
    options: PredictOptions,
    ids: IntArray,
    inside: Maps,
    outside: Maps,
    scale: tuple[Array, Array],
) -> CrossValidation:
    """Add the errors of all repetitions up."""
    model, w = whole.model, sample.weights
    targets = endogenous_items(model)
    counted = predictable(sample.rows, model, options)
    combine = _index_combination(whole, targets, *scale)
    totals, by_repetition = _Totals(*counted.shape), []
    for fold in ids:
        error = _errors(sample.rows, fold, outside, targets, counted)
        by_repetition.append(np.stack([weighted_mean(part**2, w) for part in error]))
        totals.add(error, combine)
    within = _errors(sample.rows, np.zeros(len(w), dtype=np.int64), inside, targets, counted)
    finite = np.isfinite(outside.pls).all((1, 2)) & np.isfinite(outside.lm).all((1, 2))
    return CrossValidation(
        fit=whole,
        sample=sample,
        items=tuple(model.items[k] for k in targets),
        counted=readonly_bool(totals.times > 0),
        squared=lock(totals.square / totals.times),
        absolute=lock(totals.size / totals.times),
        error=lock(totals.first / totals.times),
        by_repetition=lock(np.stack(by_repetition)),
        inside_squared=lock(np.stack([weighted_mean(part**2, w) for part in within])),
        inside_absolute=lock(np.stack([weighted_mean(np.abs(part), w) for part in within])),
        score_squared=lock(totals.score_square / totals.score_times),
        score_absolute=lock(totals.score_size / totals.score_times),
        fold_of=readonly_int(ids),
        fold_sizes=readonly_int(np.bincount(ids.reshape(-1))),
        failed=int(np.sum(~finite)),
    )


def _index_combination(fit: Fit, targets: IntArray, low: Array, high: Array) -> Array:
    """(e) points of the index score, 0-100, per point of each predicted item; 0 off the index."""
    model = fit.model
    weights = fit.weights
    if fit.metric == "standardised":
        weights = weights / np.sqrt(np.diag(fit.moments.cov))
    own = np.where(model.blocks[:, model.names.index(model.index)], weights, 0.0)
    return np.asarray((100.0 * own / float(own @ (high - low)))[targets])
