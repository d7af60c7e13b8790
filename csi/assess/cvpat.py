"""The cross-validated predictive ability test: which of two predictions misses by less.

The loss of a respondent is the mean squared error of the predictions of his answers while he was
outside the estimation. The test asks whether the mean difference of two losses is zero, by the
design of the survey [liengaard2021prediction], [sharma2023predictive].

Letters: n respondents, e predicted items, k constructs and all together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from csi.arrays import BoolArray, IntArray
from csi.assess.cross_validation import CrossValidation, cross_validate, own_columns
from csi.assess.cvpat_losses import Losses, bootstrap_p, members, tested_rows
from csi.assess.cvpat_options import Alternative, CvpatOptions
from csi.assess.predict import Prediction, block_and_folds, block_of, ends_of
from csi.assess.predictors import endogenous_items
from csi.errors import Fault, OptionError
from csi.model.model import Model
from csi.moments.blocks import Block
from csi.survey.survey import Survey
from csi.tabular import Summarised, Summary, Told, said, summarised, tabled
from csi.text import Language

__all__ = ["Alternative", "Cvpat", "CvpatOptions", "bootstrap_p", "cvpat", "cvpat_of"]

OVERALL = "overall"
"""In the column ``about``: all predicted items together."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Cvpat(Summarised):
    """Mean differences of losses and their tests.

    Attributes
    ----------
    model, other : Model
        `other` is None where the model is set against benchmarks.
    options : CvpatOptions
    table : DataFrame
        One row a comparison and construct, and ``overall``: ``against, about, items, loss,
        loss_other, difference, se, t, freedom, p, p_bootstrap, lower, upper, n, note``. Losses are
        mean squared errors in points; ``against`` is ``ia`` (indicator averages), ``lm`` (linear
        model), or the name of the other model; ``difference`` is `loss` less `loss_other`: below
        zero the model predicts better; ``n`` respondents with an answer that both sides predict.
        Constructs are those of `model`.
    left_out : tuple of str
        Items that only one of two models predicts; they are in no row.
    folds_failed : int
        Folds of either model without a solution.
    """

    model: Model
    other: Model | None
    options: CvpatOptions
    table: pd.DataFrame
    left_out: tuple[str, ...]
    folds_failed: int

    def __repr__(self) -> str:
        """Say in one line what was compared."""
        against = self.other.name if self.other else "indicator averages and linear model"
        return (
            f"CVPAT of {self.model.name} against {against}: "
            f"{self.options.prediction.words()}, {self.options.draws} bootstrap draws"
        )

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Model": self.model.name,
            "Against": self.other.name if self.other else said("benchmarks", language),
            "Method": self.options.prediction.words(),
            "Bootstrap draws": self.options.draws,
            "Confidence level": self.options.level,
            "Folds not fitted": self.folds_failed,
            "Items left out": ", ".join(self.left_out) or None,
        }
        names = ["against", "about", "loss", "loss_other", "difference", "se", "t", "p",
                 "p_bootstrap", "lower", "upper", "n", "note"]  # fmt: skip
        table = tabled("Differences of losses", self.table, language, names)
        return summarised("Predictive ability test", language, facts, [table])


def cvpat(
    survey: Survey,
    model: Model,
    other: Model | None = None,
    options: CvpatOptions | None = None,
    *,
    where: BoolArray | None = None,
    fold_of: IntArray | None = None,
) -> Cvpat:
    """Test whether a model predicts better than its benchmarks, or than another model.

    Parameters
    ----------
    survey : Survey
    model : Model
    other : Model, optional
        A rival with endogenous items in common; both predict the same answers in the same folds.
        None: the benchmarks, indicator averages and linear model.
    options : CvpatOptions, optional
    where, fold_of
        As in `csi.assess.predict.predict`.

    Returns
    -------
    Cvpat

    Raises
    ------
    OptionError
        The two models predict no item in common, or folds of the wrong shape.
    EstimationError, NotConvergedError, MomentsError
        As in `csi.assess.predict.predict`.

    Notes
    -----
    The loss of a respondent is averaged over the repetitions: they take the chance of the dealing
    out of the test and add no respondents to it.

    The mean difference is a weighted survey mean; its standard error is linearised
    over sampled units within strata, so that weights, strata and clusters count. Published
    applications, with one weight and simple random sampling, have the same mean, and the paired t
    test over ``n - 1``. Supplied replicate weights are not used. Differences of a
    respondent are taken as independent of others', although training samples overlap: that is the
    approximation of the test as published; `benchmarks/results/cvpat.md` has its level.

    ``p_bootstrap`` resamples sampled units with their losses; models are not estimated anew, as
    published.

    Averages of the training respondents stand for the benchmark ``ia``; seminrExtras takes those
    of everybody, the respondent predicted included, which makes that benchmark a little better.

    Two sides that predict nearly the same can have a tiny standard error, and a difference that is
    beyond chance may be too small to matter: look at its size, too.

    Where answers are missing a respondent counts by the number of his answers that both
    sides predict: the mean is the ratio of two survey totals.
    """
    options = options or CvpatOptions()
    items = model.items
    if other is not None:
        items = tuple(dict.fromkeys((*model.items, *other.items)))
        _require_common(model, other)
    block, folds, _ = block_and_folds(survey, items, options.prediction, where, fold_of)
    sample = block.samples[0]
    found = [
        cross_validate(
            own_columns(sample, one.items),
            one,
            options.prediction,
            folds,
            ends_of(survey, one.items),
        )
        for one in ((model,) if other is None else (model, other))
    ]
    return _tested(survey, block, found, options)


def cvpat_of(survey: Survey, prediction: Prediction, options: CvpatOptions | None = None) -> Cvpat:
    """Test a prediction already made against its benchmarks; nothing is estimated anew.

    Parameters
    ----------
    survey : Survey
        The survey the prediction was made from.
    prediction : Prediction
    options : CvpatOptions, optional
        ``prediction`` in it has no part: the options of the prediction count.
    """
    options = replace(options or CvpatOptions(), prediction=prediction.options)
    errors = prediction.errors
    inside = np.isin(np.arange(len(survey)), errors.sample.numbers)
    block = block_of(survey, prediction.model.items, prediction.options, inside)
    own = own_columns(block.samples[0], prediction.model.items)
    if not np.array_equal(own.rows, errors.sample.rows, equal_nan=True):
        what = "is not the survey the prediction was made from"
        raise OptionError(Fault("survey", what, "give the same survey to both"))
    return _tested(survey, block, [errors], options)


def _require_common(model: Model, other: Model) -> None:
    """Raise where two models predict no item in common."""
    if not set(_predicted(model)) & set(_predicted(other)):
        what = "the two models predict no item in common"
        raise OptionError(Fault("models", what, "compare models of the same endogenous items"))


def _predicted(model: Model) -> list[str]:
    """Return the items that the model predicts."""
    return [model.items[k] for k in endogenous_items(model)]


def _tested(
    survey: Survey, block: Block, found: list[CrossValidation], options: CvpatOptions
) -> Cvpat:
    """Test every comparison, overall and for each construct."""
    first = found[0]
    model, items = first.fit.model, first.items
    left_out: tuple[str, ...] = ()
    second = None
    if len(found) == 1:
        pairs = [
            Losses("ia", first.squared[0], first.squared[2]),
            Losses("lm", first.squared[0], first.squared[1]),
        ]
    else:
        second = found[1].fit.model
        both = [item for item in items if item in found[1].items]
        left_out = tuple(sorted({*items, *found[1].items} - set(both)))
        a, b = ([side.items.index(item) for item in both] for side in found)
        name = second.name if second.name != model.name else f"{second.name} (second)"
        pairs = [Losses(name, first.squared[0][:, a], found[1].squared[0][:, b])]
        items = tuple(both)
    about = [OVERALL, *(c.name for c in model.constructs if set(c.items) & set(items))]
    member = members(model, items, tuple(about[1:]), options.overall)
    tables = [tested_rows(survey, block, pair, about, member, options) for pair in pairs]
    failed = sum(side.failed for side in found)
    table = pd.concat(tables, ignore_index=True)
    return Cvpat(model, second, options, table, left_out, failed)
