"""Losses of respondents turned into tests: the arithmetic behind CVPAT.

Letters: n respondents, e predicted items, k constructs and all together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import stdtr

from csi.arrays import Array, BoolArray
from csi.assess.cvpat_options import Alternative, CvpatOptions, Overall
from csi.model.model import Model
from csi.moments.blocks import Block, Sample
from csi.moments.ratios import RatioFigures, ratio_figures
from csi.moments.replicates import draw_moments
from csi.moments.units import sample_units
from csi.survey.survey import Survey

ALIKE = 1e-6
"""Two sides whose losses differ with a smaller standard error, as a share of the loss, predict the
same as far as the iteration of PLS can tell: there is nothing to test."""


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """Squared errors (n, e) of the two sides of one comparison."""

    against: str
    own: Array
    other: Array


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


def members(
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
    >>> members(model, ("b1", "b2"), ("B",), "items").tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    own = np.array([[item in model.construct(name).items for name in names] for item in items])
    each = np.ones(len(items))
    if overall == "constructs":
        each = (own / own.sum(axis=0)).sum(axis=1)
    return np.column_stack([each, own.astype(np.float64)])


def tested_rows(
    survey: Survey,
    block: Block,
    pair: Losses,
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
    alike = np.asarray(~(figures.se > ALIKE * np.maximum(*losses)))
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
            "note": _notes(figures, alike),
        }
    )


def _notes(figures: RatioFigures, alike: BoolArray) -> list[str]:
    """Say why a row has no test."""
    notes = []
    for n, freedom, same in zip(figures.n, figures.freedom, alike, strict=True):
        why = "both predict the same" if same else ""
        if freedom < 1:
            why = "no margin of error: one sampled unit" if n else "no answer could be predicted"
        notes.append(why)
    return notes


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
