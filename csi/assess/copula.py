"""The Gaussian-copula check of predictors that go with what their regression leaves out.

An omitted cause, common method, or an effect that runs backwards makes a predictor go with the
error of its regression, and its path wrong. Without an instrument the copula term of the predictor,
the normal score of its rank, stands for that part of the error, if the predictor is **not normal**,
the error **is**, both have a Gaussian copula, and the regression is **straight**
[park2012handling]. For composites see [hult2018addressing]. What can go wrong is much:

- A predictor close to normal is its own copula term: the check then tells nothing, with a large
  error that looks like a clean bill.
- With an intercept, which composites imply, the term is biased in samples of some hundreds, and has
  little power [becker2022revisiting]; [eckert2023addressing] say when not to use it. An estimator
  adjusted for that bias [liengaard2025dealing] is not here.
- A bent relation, or the end of an answer scale, makes the term significant without any endogeneity
  (``benchmarks/results/copula.md``). So a significant term says that something is wrong with the
  straight line, and not what.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Literal, get_args

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray, lock, one_thread
from csi.assess.kernel_copula import (
    Shape,
    copula_regression,
    copula_term,
    shape_of,
    weighted_covariance,
)
from csi.errors import Fault, OptionError
from csi.estimate.fit import Fit
from csi.index.cells import Spread
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated, replicated
from csi.model.model import Model
from csi.moments.blocks import blocks_of
from csi.moments.groups import cells_of
from csi.moments.replicates import plan_replicates, replicate_weights
from csi.survey.survey import Survey
from csi.tabular import Brief, Summarised, Summary, Told, coefficients, summarised
from csi.text import Language

Ranks = Literal["middle", "rank"]
"""``middle``: the share below plus half of the share at a value; ``rank``: rank over n + 1."""

MOST = 8
"""Most predictors of one construct of which all combinations are tried."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Equation(Brief):
    """One regression of the model with the copula terms of its predictors.

    Attributes
    ----------
    target : str
    sources : tuple of str, length k
    n : int
        Respondents who answered all items of the target and the sources.
    cov : (2k + 1, 2k + 1) covariances of sources, their terms, and the target
    draw_cov : (R, 2k + 1, 2k + 1)
    shapes : tuple of Shape
        Of each source.
    """

    target: str
    sources: tuple[str, ...]
    n: int
    cov: Array
    draw_cov: Array
    shapes: tuple[Shape, ...]

    def sets(self) -> Iterator[tuple[int, ...]]:
        """Yield the sources that get a term together: each alone, pairs, ..., all."""
        k = len(self.sources)
        yield from chain.from_iterable(combinations(range(k), size) for size in range(1, k + 1))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CopulaCheck(Summarised):
    """The Gaussian-copula check of every regression of a model.

    Attributes
    ----------
    whole : Replicated
    equations : tuple of Equation
    ranks : Ranks
    """

    whole: Replicated
    equations: tuple[Equation, ...]
    ranks: Ranks

    @property
    def model(self) -> Model:
        """The model."""
        return self.whole.model

    @property
    def draws_used(self) -> int:
        """Replicates that count."""
        return self.whole.draws_used

    def spreads(self, equation: Equation, terms: tuple[int, ...]) -> tuple[Spread, Spread, Spread]:
        """Return paths, copula coefficients and error correlations with one set of terms."""
        k = len(equation.sources)
        here = copula_regression(equation.cov, k, terms)
        drawn = copula_regression(equation.draw_cov, k, terms)
        paths, terms_, errors = (
            self.whole.spread(own, values) for own, values in zip(here, drawn, strict=True)
        )
        return paths, terms_, errors

    def __repr__(self) -> str:
        """Say in one line what was checked."""
        terms = sum(len(equation.sources) for equation in self.equations)
        return (
            f"Gaussian copula check of {self.model.name}: {terms} terms in {len(self.equations)} "
            f"equations, {self.draws_used} replicates"
        )

    def single_terms(self) -> pd.DataFrame:
        """Return one row a term, each alone in its equation.

        Columns ``from, to, estimate, se, p_value, lower, upper, skewness, n``.
        """
        rows = []
        for equation in self.equations:
            for j, source in enumerate(equation.sources):
                _, found, _ = self.spreads(equation, (j,))
                rows.append(
                    {
                        "from": source,
                        "to": equation.target,
                        "estimate": found.estimate[0],
                        "se": found.se[0],
                        "p_value": self.whole.p_values(found)[0],
                        "lower": found.lower[0],
                        "upper": found.upper[0],
                        "skewness": equation.shapes[j].skewness,
                        "n": equation.n,
                    }
                )
        return pd.DataFrame(rows)

    def _summary(self, language: Language) -> Summary:
        level = self.whole.options.level
        facts: Told = {
            "Model": self.model.name,
            "Respondents": len(self.whole.sample.rows),
            "Replicates": f"{self.draws_used} / {len(self.whole.usable)}",
            "Confidence level": level,
        }
        table = coefficients("Copula terms, each alone", self.single_terms(), language,
                             ["from", "to"], statistic="t", level=level,
                             further=["skewness", "n"])  # fmt: skip
        return summarised("Gaussian copula check", language, facts, [table])


def copula_check(
    survey: Survey,
    model: Model,
    options: IndexOptions | None = None,
    *,
    ranks: Ranks = "middle",
) -> CopulaCheck:
    """Check every regression of a model for predictors that go with its error.

    Parameters
    ----------
    survey : Survey
    model : Model
    options : IndexOptions, optional
        Replicates that weight respondents: not ``gaussian``, not ``delta``.
    ranks : {"middle", "rank"}
        How the distribution function is estimated; ``rank`` is that of openpls. Sampling weights
        and the weights of replicates count in both.

    Returns
    -------
    CopulaCheck

    Raises
    ------
    OptionError
    EstimationError, NotConvergedError
        The model cannot be fitted.

    Notes
    -----
    In every replicate the model is fitted anew, and scores, ranks and regressions follow from its
    weights, so that the errors have all of that in them: the usual bootstrap refits the regression
    only. Scores exist where all items of a construct are answered.
    """
    options = options or IndexOptions()
    _require(model, options, ranks)
    (whole,) = replicated(survey, model, options)
    if options.design == "simple":
        survey = survey.as_simple()
    plan = plan_replicates(
        survey, options.replicates, draws=options.draws, seed=options.seed, fay=options.fay
    )
    targets = [name for name in model.names if model.predecessors(name)]
    used = {name: _answered(whole, [*model.predecessors(name), name]) for name in targets}
    drawn = {
        name: np.empty((len(whole.usable), *[2 * len(model.predecessors(name)) + 1] * 2))
        for name in targets
    }
    (block,) = blocks_of(
        survey, [model.items], cells_of(survey, ()), options.missing, replicated=plan.supplied
    )
    with one_thread(), np.errstate(all="ignore"):
        for part, (weights,) in replicate_weights(block, plan):
            for r, own in zip(range(part.start, part.stop), weights, strict=True):
                scores = _scores(whole.draws, whole.sample.rows, r)
                for name in targets:
                    drawn[name][r] = _moments(model, scores, own, name, used[name], ranks)
    scores = _scores(whole.fit, whole.sample.rows)
    return CopulaCheck(
        whole,
        tuple(_equation(whole, scores, name, used[name], drawn[name], ranks) for name in targets),
        ranks,
    )


def _require(model: Model, options: IndexOptions, ranks: str) -> None:
    faults = []
    if ranks not in get_args(Ranks):
        fix = f"use one of {', '.join(get_args(Ranks))}"
        faults.append(Fault("option ranks", f"{ranks!r} is not possible", fix))
    if options.replicates in ("delta", "gaussian"):
        what = "has no replicates of respondents, whose ranks are needed"
        fix = "take design, bootstrap or jackknife"
        faults.append(Fault(f"option replicates {options.replicates}", what, fix))
    faults += [
        Fault(f"construct {name}", f"has more than {MOST} predictors", "take some paths out")
        for name in model.names
        if len(model.predecessors(name)) > MOST
    ]
    if faults:
        raise OptionError(faults)


def _answered(whole: Replicated, constructs: list[str]) -> BoolArray:
    """Flag the respondents who answered all items of some constructs."""
    model = whole.model
    own = model.blocks[:, [model.names.index(name) for name in constructs]].any(axis=1)
    return np.asarray(~np.isnan(whole.sample.rows[:, own]).any(axis=1))


def _scores(fit: Fit, rows: Array, member: int | None = None) -> Array:
    """Return the scores (q, n) of respondents by the weights of one member of a batch."""
    at = () if member is None else (member,)
    weights, moments = fit.weights[at], fit.moments
    x = rows - moments.mean[at]
    if fit.metric == "standardised":
        x = x / np.sqrt(np.diag(moments.cov[at]))
    each = np.where(np.isnan(x), 0.0, x) * weights
    scores = fit.model.blocks.T.astype(np.float64) @ each.T
    gaps = fit.model.blocks.T.astype(np.float64) @ np.isnan(x).T.astype(np.float64) > 0
    return np.asarray(np.where(gaps, np.nan, scores))


def _moments(
    model: Model, scores: Array, weights: Array, target: str, used: BoolArray, ranks: Ranks
) -> Array:
    """Covariances of the sources of a construct, their copula terms and the construct."""
    x = scores[[model.names.index(name) for name in model.predecessors(target)]][:, used]
    y = scores[model.names.index(target), used]
    own = weights[used]
    if not (np.isfinite(x).all() and np.isfinite(y).all() and own.sum() > 0):
        return np.full((2 * len(x) + 1, 2 * len(x) + 1), np.nan)
    terms = copula_term(x, own, rank=ranks == "rank")
    return weighted_covariance(np.concatenate([x, terms, y[None]]), own)


def _equation(
    whole: Replicated, scores: Array, target: str, used: BoolArray, drawn: Array, ranks: Ranks
) -> Equation:
    model, weights = whole.model, whole.sample.weights
    sources = model.predecessors(target)
    shapes = tuple(
        shape_of(scores[model.names.index(name), used], weights[used]) for name in sources
    )
    cov = _moments(model, scores, weights, target, used, ranks)
    n = int(np.sum(used & (weights > 0)))
    return Equation(target, sources, n, lock(cov), lock(drawn), shapes)
