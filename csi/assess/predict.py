"""Prediction out of sample (PLSpredict): how far a path model misses answers it has not seen.

The model is estimated without a fold of the respondents and predicts their answers to the items of
every endogenous construct, from their answers to the items of its antecedents. Two benchmarks
predict the same answers: the mean of the training respondents, and a linear regression.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray, IntArray
from csi.assess.cross_validation import CrossValidation, cross_validate, folds_of, own_columns
from csi.assess.predict_options import Benchmark, PredictOptions, Technique
from csi.assess.predict_tables import constructs_table, index_errors, items_table
from csi.errors import Fault, OptionError
from csi.model.model import Model
from csi.moments.blocks import Block, blocks_of
from csi.moments.groups import cells_of, require_names
from csi.repeats import answered_name
from csi.survey.frozen import frozen_map
from csi.survey.survey import Survey
from csi.tabular import Summarised, Summary, Told, summarised, tabled
from csi.text import Language

__all__ = [
    "Benchmark",
    "PredictOptions",
    "Prediction",
    "Technique",
    "block_and_folds",
    "block_of",
    "ends_of",
    "index_errors",
    "predict",
]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Prediction(Summarised):
    """Errors of prediction out of sample, by item and construct.

    Attributes
    ----------
    model : Model
    options : PredictOptions
    items : DataFrame
        One row a predicted item: ``construct, item, rmse_pls, rmse_lm, rmse_ia, mae_pls, mae_lm,
        mae_ia, q2_predict, rmse_in, mae_in, rmse_lm_in, mae_lm_in, overfit, rmse_sd, skewness, n,
        left_out, note``. Errors are in points of the item's scale. ``_in``: everybody predicted
        from estimates of all; ``overfit``: `rmse_pls` over `rmse_in`; ``rmse_sd``: standard
        deviation of `rmse_pls` over the repetitions, NaN for one; ``skewness`` of the path model's
        errors; ``n`` respondents predicted, ``left_out`` those who did not answer the item or an
        item it is predicted from.
    constructs : DataFrame
        One row an endogenous construct: ``construct, items, q2_predict, q2_positive, judged_by,
        better, power, n, note``. ``q2_predict`` of all its items together; ``q2_positive`` items
        with Q2_predict above zero; ``judged_by`` ``"rmse"``, or ``"mae"`` where the errors of an
        item are skewed; ``better`` items with a smaller error than the linear model's; ``power``
        ``"high"`` (all items), ``"medium"`` (half or more), ``"low"`` (fewer), ``"none"`` (no item,
        or none with Q2_predict above zero) [shmueli2019predictive]; ``n`` respondents of the item
        with most.
    index : DataFrame
        See `index_errors`.
    counts : mapping of str to int
        ``respondents`` in the sample, ``left_out`` of the survey (weight zero, or answers missing),
        ``folds``, ``repetitions``, ``smallest_fold``, ``largest_fold``, ``folds_failed``.
    errors : CrossValidation
        Errors of every respondent.
    """

    model: Model
    options: PredictOptions
    items: pd.DataFrame
    constructs: pd.DataFrame
    index: pd.DataFrame
    counts: Mapping[str, int]
    errors: CrossValidation

    def __repr__(self) -> str:
        """Say in one line what was predicted."""
        return (
            f"Prediction of {len(self.items)} items by {self.model.name}: "
            f"{self.options.words()}; {self.counts['respondents']} respondents, "
            f"{int((self.items['q2_predict'] > 0).sum())} items with Q2_predict above zero"
        )

    def _summary(self, language: Language) -> Summary:
        counts = self.counts
        facts: Told = {
            "Model": self.model.name,
            "Method": self.options.words(),
            "Respondents": counts["respondents"],
            "Left out": counts["left_out"],
            "Folds": counts["folds"],
            "Repetitions": counts["repetitions"],
            "Folds not fitted": counts["folds_failed"],
        }
        items = ["construct", "item", "rmse_pls", "rmse_lm", "rmse_ia", "q2_predict", "n", "note"]
        tables = (
            tabled("Items", self.items, language, items),
            tabled("Constructs", self.constructs, language),
            tabled("Index", self.index, language),
        )
        return summarised("Prediction out of sample", language, facts, tables)


def predict(
    survey: Survey,
    model: Model,
    options: PredictOptions | None = None,
    *,
    where: BoolArray | None = None,
    fold_of: IntArray | None = None,
) -> Prediction:
    r"""Predict the items of endogenous constructs for respondents outside the estimation.

    Parameters
    ----------
    survey : Survey
    model : Model
    options : PredictOptions, optional
    where : (n) of bool, optional
        Respondents to take; all where None.
    fold_of : (n) or (r, n) of int, optional
        Fold of every respondent of the survey, in each of r repetitions, where folds are to be
        given (years, regions) and not dealt; `folds`, `repetitions` and `seed` have no part then.

    Returns
    -------
    Prediction

    Raises
    ------
    EstimationError, NotConvergedError
        The model cannot be fitted to all respondents; more folds than sampled units; too few
        respondents outside a fold.
    MomentsError
        For items that the survey does not have.
    OptionError
        For folds of the wrong shape.

    Notes
    -----
    Answers are standardised by the means and standard deviations of the training respondents,
    turned into composites by their weights, into predicted constructs by their path coefficients
    and into items by their loadings [shmueli2016elephant].

    Sampling weights count in the estimates and in the means of errors. Clusters stay whole and
    strata are spread over the folds.

    Missing answers: everybody with an answer is a training respondent (under ``missing="em"``, the
    default); an answer is predicted only where it and all answers it is predicted from are there,
    for path model, linear model and mean alike. Nothing is filled in; the tables count who is left
    out.

    Repetitions: the mean of squared errors is taken over respondents and repetitions, then the
    root. Averaging the predictions first would judge a committee of models that nobody uses.

    Under PLSc composites are first turned into the best prediction of their factors, see
    `csi.assess.kernel_predict.factor_slopes`; item and construct are then joined by the corrected
    loading.

    Examples
    --------
    >>> from csi.model import models
    >>> from csi.simulation import simulate
    >>> from csi.survey.read import read_survey
    >>> ecsi = models.load("ecsi")
    >>> told = simulate(ecsi, years=[2025], n=250, seed=1)
    >>> survey = read_survey(told.answers, told.codebook)
    >>> found = predict(survey, ecsi)
    >>> found.constructs[["construct", "items", "q2_positive", "power"]].head(3)
            construct  items  q2_positive   power
    0     Expectation      3            3    high
    1  ProductQuality      3            3     low
    2  ServiceQuality      3            3  medium
    """
    options = options or PredictOptions()
    block, folds, left_out = block_and_folds(survey, model.items, options, where, fold_of)
    sample = own_columns(block.samples[0], model.items)
    found = cross_validate(sample, model, options, folds, ends_of(survey, model.items))
    items = items_table(found)
    constructs = constructs_table(items)
    sizes = found.fold_sizes
    counts = {
        "respondents": len(sample.rows),
        "left_out": left_out,
        "folds": len(np.unique(found.fold_of[0])),
        "repetitions": len(found.fold_of),
        "smallest_fold": int(sizes.min()),
        "largest_fold": int(sizes.max()),
        "folds_failed": found.failed,
    }
    index = index_errors(found)
    return Prediction(model, options, items, constructs, index, frozen_map(counts), found)


def block_and_folds(
    survey: Survey,
    items: tuple[str, ...],
    options: PredictOptions,
    where: BoolArray | None,
    fold_of: IntArray | None,
) -> tuple[Block, IntArray, int]:
    """Return the respondents used, their folds (r, n), and how many of the survey are not used."""
    block = block_of(survey, items, options, where)
    sample = block.samples[0]
    left_out = (len(survey) if where is None else int(np.sum(where))) - len(sample.rows)
    if fold_of is None:
        return block, folds_of(block, options), left_out
    given = np.atleast_2d(np.asarray(fold_of))
    if given.ndim != 2 or given.shape[1] != len(survey) or given.dtype.kind not in "iu":
        what = f"has the shape {np.shape(fold_of)} and the type {given.dtype}"
        fix = f"give one whole number for each of the {len(survey)} respondents"
        raise OptionError(Fault("option fold_of", what, fix))
    own = given[:, sample.numbers].astype(np.int64)
    if (own == own[:, :1]).all(axis=1).any():
        fix = "give at least two folds in every repetition"
        raise OptionError(Fault("option fold_of", "all respondents are in one fold", fix))
    return block, own, left_out


def block_of(
    survey: Survey, items: tuple[str, ...], options: PredictOptions, where: BoolArray | None
) -> Block:
    """Return the respondents used as one sample, in an order that no model and no file decides."""
    require_names(survey, items, ())
    ordered = tuple(item for item in survey.items if item in items)
    (block,) = blocks_of(survey, [ordered], cells_of(survey, (), where), options.missing)
    return block


def ends_of(survey: Survey, items: tuple[str, ...]) -> tuple[Array, Array]:
    """Return the lowest and the highest answer to each item, (p) each."""
    ends = {item.name: (item.low, item.high) for item in survey.codebook.items}
    known = [name if name in ends else answered_name(name) for name in items]
    low, high = np.array([ends[name] for name in known], dtype=np.float64).T
    return low, high
