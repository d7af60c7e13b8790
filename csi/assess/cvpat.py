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
from scipy.special import stdtr

from csi.arrays import Array, BoolArray, IntArray
from csi.assess.cross_validation import CrossValidation, cross_validate, own_columns
from csi.assess.cvpat_options import Alternative, CvpatOptions, Overall
from csi.assess.predict import Prediction, block_and_folds, block_of, ends_of
from csi.errors import Fault, OptionError
from csi.model.model import Model
from csi.moments.blocks import Block, Sample
from csi.moments.ratios import ratio_figures
from csi.moments.replicates import draw_moments
from csi.moments.units import sample_units
from csi.survey.survey import Survey

__all__ = ["Alternative", "Cvpat", "CvpatOptions", "bootstrap_p", "cvpat", "cvpat_of"]

OVERALL = "overall"
"""In the column ``about``: all predicted items together."""

ALIKE = 1e-6
"""Two sides whose losses differ with a smaller standard error, as a share of the loss, predict the
same as far as the iteration of PLS can tell: there is nothing to test."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Cvpat:
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

    def _repr_html_(self) -> str:
        """Return the table, for notebooks."""
        names = ["against", "about", "difference", "se", "t", "p", "p_bootstrap", "lower", "upper"]
        shown: str = self.table[names].to_html(index=False, float_format=lambda v: f"{v:.3f}")
        return f"<p>{self!r}</p>{shown}"


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
    inside = np.zeros(len(survey), dtype=bool)
    inside[errors.sample.numbers] = True
    block = block_of(survey, prediction.model.items, prediction.options, inside)
    own = own_columns(block.samples[0], prediction.model.items)
    if not np.array_equal(own.rows, errors.sample.rows, equal_nan=True):
        what = "is not the survey the prediction was made from"
        raise OptionError(Fault("survey", what, "give the same survey to both"))
    return _tested(survey, block, [errors], options)


def bootstrap_p(draws: Array, estimate: float, alternative: Alternative = "two-sided") -> float:
    r"""Return the p value of a mean difference by bootstrap draws moved to a mean of zero.

    Parameters
    ----------
    draws : (d) differences of the draws
    estimate : float
    alternative : {"two-sided", "better"}
        ``better``: the difference is below zero.

    Notes
    -----
    .. math:: p = \frac{1 + \#\{|d_b - \hat d| \ge |\hat d|\}}{1 + D}

    Source: [liengaard2021prediction].

    Examples
    --------
    >>> bootstrap_p(np.array([1.0, 2.0, 3.0]), 2.0)
    0.25
    """
    usable = draws[np.isfinite(draws)]
    if not np.isfinite(estimate) or not len(usable):
        return float("nan")
    away = usable - estimate
    if alternative == "better":
        as_far = int(np.sum(away <= estimate))
    else:
        as_far = int(np.sum(np.abs(away) >= abs(estimate)))
    return (1 + as_far) / (1 + len(usable))


def _require_common(model: Model, other: Model) -> None:
    """Raise where two models predict no item in common."""
    if not set(_predicted(model)) & set(_predicted(other)):
        what = "the two models predict no item in common"
        raise OptionError(Fault("models", what, "compare models of the same endogenous items"))


def _predicted(model: Model) -> list[str]:
    """Return the items of endogenous constructs."""
    return [item for c in model.constructs if model.predecessors(c.name) for item in c.items]


@dataclass(frozen=True, slots=True, eq=False)
class _Losses:
    """Squared errors (n, e) of the two sides of one comparison."""

    against: str
    own: Array
    other: Array


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
            _Losses("ia", first.squared[0], first.squared[2]),
            _Losses("lm", first.squared[0], first.squared[1]),
        ]
    else:
        second = found[1].fit.model
        both = [item for item in items if item in found[1].items]
        left_out = tuple(sorted({*items, *found[1].items} - set(both)))
        a, b = ([side.items.index(item) for item in both] for side in found)
        name = second.name if second.name != model.name else f"{second.name} (second)"
        pairs = [_Losses(name, first.squared[0][:, a], found[1].squared[0][:, b])]
        items = tuple(both)
    about = [OVERALL, *(c.name for c in model.constructs if set(c.items) & set(items))]
    member = _members(model, items, tuple(about[1:]), options.overall)
    tables = [_rows(survey, block, pair, about, member, options) for pair in pairs]
    failed = sum(side.failed for side in found)
    table = pd.concat(tables, ignore_index=True)
    return Cvpat(model, second, options, table, left_out, failed)


def _members(
    model: Model, items: tuple[str, ...], names: tuple[str, ...], overall: Overall
) -> Array:
    """Return the weight of each item (e) in the loss over all items and in that of each construct.

    Examples
    --------
    >>> from csi.model.grammar import items, paths, reflective
    >>> model = Model(
    ...     [reflective("A", items("a", 1, 2)), reflective("B", items("b", 1, 2))],
    ...     [paths("A", to="B")], "B",
    ... )
    >>> _members(model, ("b1", "b2"), ("B",), "items").tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    own = np.array([[item in model.construct(name).items for name in names] for item in items])
    each = np.ones(len(items))
    if overall == "constructs":
        each = (own / own.sum(axis=0)).sum(axis=1)
    return np.column_stack([each, own.astype(np.float64)])


def _rows(
    survey: Survey,
    block: Block,
    pair: _Losses,
    about: list[str],
    member: Array,
    options: CvpatOptions,
) -> pd.DataFrame:
    """Return the rows of one comparison; `member` (e, k) has the weight of each item in each."""
    sample = block.samples[0]
    here = np.isfinite(pair.own) & np.isfinite(pair.other)
    own, other = (np.where(here, loss, 0.0) @ member for loss in (pair.own, pair.other))
    answers = here.astype(np.float64) @ member
    x = np.where(answers > 0, answers, np.nan)
    units = sample_units(survey, sample.numbers)
    figures = ratio_figures(own - other, x, sample.weights, units, options.level)
    with np.errstate(divide="ignore", invalid="ignore"):
        losses = [(sample.weights @ loss) / (sample.weights @ answers) for loss in (own, other)]
    alike = ~(figures.se > ALIKE * np.maximum(*losses))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(alike, np.nan, figures.value / figures.se)
    tail = t if options.alternative == "better" else -np.abs(t)
    p = np.asarray(stdtr(np.maximum(figures.freedom, 1), tail), dtype=np.float64)
    draws = _drawn(block, sample, own - other, answers, options)
    draws[:, alike] = np.nan
    return pd.DataFrame(
        {
            "against": pair.against,
            "about": about,
            "items": (member > 0).sum(axis=0),
            "loss": losses[0],
            "loss_other": losses[1],
            "difference": figures.value,
            "se": figures.se,
            "t": t,
            "freedom": figures.freedom,
            "p": p if options.alternative == "better" else 2.0 * p,
            "p_bootstrap": [
                bootstrap_p(column, float(value), options.alternative)
                for column, value in zip(draws.T, figures.value, strict=True)
            ],
            "lower": figures.lower,
            "upper": figures.upper,
            "n": figures.n,
            "note": ["both predict the same" if same else "" for same in alike],
        }
    )


def _drawn(
    block: Block, sample: Sample, difference: Array, answers: Array, options: CvpatOptions
) -> Array:
    """Return bootstrap draws (d, k) of mean differences, units drawn within strata."""
    k = difference.shape[1]
    columns = np.concatenate([difference, answers], axis=1)
    names = tuple(str(number) for number in range(2 * k))
    losses = replace(block, samples=(replace(sample, items=names, rows=columns),))
    (found,) = draw_moments(losses, "complete", draws=options.draws, seed=options.prediction.seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(found.mean[:, :k] / found.mean[:, k:])
