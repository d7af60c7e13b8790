"""FIMIX-PLS: hidden groups for whom the paths differ, by a mixture of regressions of scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array, lock, one_thread
from csi.compare.segments import kernel_criteria as criteria_of
from csi.compare.segments.choice import CRITERIA, Choice, choose
from csi.compare.segments.kernel_mixture import (
    Equations,
    Mixture,
    cross_products,
    mixture,
    pair_products,
)
from csi.compare.segments.kernel_starts import random_starts
from csi.compare.segments.options import FimixOptions
from csi.compare.segments.scored import Scored, equations_of, least_respondents, scored
from csi.compare.segments.tables import equations_table, paths_table, sizes_table
from csi.compare.segments.values import Segmentation, Solution
from csi.compare.segments.verdicts import segment_verdicts
from csi.survey.frozen import frozen_map
from csi.model.model import Model
from csi.survey.survey import Survey

TIE = 1e-3
"""Starts whose log-likelihoods differ by less have reached the same optimum."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best of all starts with K segments, and how the others ended.

    Attributes
    ----------
    best : Mixture
        A single member (no batch).
    reached : int
        Starts that ended at the best.
    floored, empty, unsettled : int
        Starts that ended with a variance at the floor, with an empty segment, or not at all.
    """

    best: Mixture
    reached: int
    floored: int
    empty: int
    unsettled: int


def fimix(
    survey: Survey,
    model: Model,
    options: FimixOptions | None = None,
    *,
    where: Mapping[str, str] | None = None,
) -> Segmentation:
    r"""Look for hidden groups of respondents whose paths differ.

    Parameters
    ----------
    survey : Survey
    model : Model
    options : FimixOptions, optional
    where : mapping of str to str, optional
        Values of keys of the codebook that the respondents share, such as ``{"year": "2025"}``;
        the whole survey where None.

    Returns
    -------
    Segmentation
        With all numbers of segments from 1 to ``options.most``, largest segment first, and the
        number that the usual rule takes.

    Raises
    ------
    MomentsError
        Unknown items, keys or values.
    EstimationError, NotConvergedError
        The model cannot be fitted to the respondents with all answers.

    Notes
    -----
    One PLS fit of all respondents gives the scores; measurement is the same in all segments. The
    scores of the endogenous constructs are then a mixture of regressions on those of their
    predecessors, with residuals independent of one another [hahn2002capturing]:

    .. math:: \ell = \sum_i w_i \ln \sum_k \pi_k \prod_j
        \varphi\left(y_{ij} - a_{kj} - x_{ij}' b_{kj};\ \sigma^2_{kj}\right)

    by EM from many starts. Scores have variance one with divisor n (n - 1 elsewhere moves every
    log-likelihood by the same amount, and no choice).

    **Sampling weights** multiply the logarithms, so that shares and paths are those of the
    population; the probabilities of a respondent do not depend on his own weight. The sum is no
    log-likelihood then but an estimate of the population's, and criteria are only as good as what
    the weights add up to: the effective number of respondents (Kish), which is right where weights
    have nothing to do with residuals [lumley2015aic]. Clusters make a sample say less than that,
    and no criterion here knows of them: they indicate too many segments then.

    **Segments are found where there are none**: a mixture of two fits skewed answers better than
    one homogeneous group. `csi.compare.segments.homogeneity.homogeneity_test` asks whether two
    segments fit better than chance.
    """
    options = options or FimixOptions()
    found = scored(survey, model, where, options.pls)
    equations = equations_of(model, intercepts=options.intercepts)
    n = len(found.scores)
    total = found.n_effective if options.information == "effective" else float(n)
    weights = found.scaled_weights(total)
    products = pair_products(found.scores)
    least = least_respondents(model, options.min_n, n, 0.0)
    tried = range(1, min(options.most, max(n // least, 1)) + 1)
    with one_thread():
        results = {K: search(products, weights, equations, K, options) for K in tried}
    solutions = {
        K: solution_of(result.best, products, weights, equations)
        for K, result in results.items()
        if result.best.loglik.size and np.isfinite(result.best.loglik)
    }
    sizes = sizes_table(found, solutions, least, options.min_share)
    criteria = criteria_table(results, sizes, equations, weights, options.starts)
    usable = criteria[criteria["considered"]]
    choice = choose(
        usable["segments"].tolist(), {name: usable[name].tolist() for name in CRITERIA}
    )
    made = Segmentation(
        method="FIMIX-PLS",
        model=model,
        scored=found,
        options=options,
        chosen=choice.segments,
        rule=choice.rule,
        indicated=frozen_map(choice.indicated),
        solutions=frozen_map(solutions),
        criteria=criteria,
        paths=paths_table(model, solutions),
        equations=equations_table(model, solutions),
        sizes=sizes,
        verdicts=(),
        notes=_notes(survey, found, tried, choice, options, least),
    )
    return replace(made, verdicts=segment_verdicts(made))


def search(
    products: Array, weights: Array, equations: Equations, K: int, options: FimixOptions
) -> Found:
    """Return the best of many starts with K segments.

    Parameters
    ----------
    products : (n, t) from `pair_products`
    weights : (n), adding up to the sample size that counts
    equations : Equations
    K : int
    options : FimixOptions

    Notes
    -----
    Where other starts end inside, those with a variance at the floor are spurious maxima: a
    segment that goes through a few respondents exactly. They are counted, not taken.
    """
    n = len(products)
    single = mixture(
        products, weights, equations, np.ones((1, n)),
        floor=np.zeros(len(equations.targets)), tolerance=options.tolerance, max_steps=10,
    )  # fmt: skip
    if K == 1:
        return Found(single, 1, 0, 0, 0)
    variance = single.variance[0]
    rng = np.random.default_rng([options.seed, K])
    start = random_starts(rng, products, weights, equations, variance, K, options.starts)
    ended = mixture(
        products, weights, equations, start,
        floor=options.floor * variance, tolerance=options.tolerance, max_steps=options.max_steps,
    )  # fmt: skip
    sound = np.isfinite(ended.loglik)
    inside = sound & ~ended.floored
    candidates = inside if inside.any() else sound
    loglik = np.where(candidates, ended.loglik, -np.inf)
    first = int(np.argmax(loglik))
    return Found(
        best=member(ended, first),
        reached=int(np.sum(candidates & (loglik > loglik[first] - TIE))),
        floored=int(np.sum(sound & ended.floored)),
        empty=int(np.sum(~sound)),
        unsettled=int(np.sum(sound & ~ended.converged)),
    )


def member(ended: Mixture, number: int) -> Mixture:
    """Return one start, its segments ordered by share, the largest first."""
    order = np.argsort(-ended.share[number], kind="stable")
    return Mixture(
        posterior=ended.posterior[number, order],
        share=ended.share[number, order],
        contrast=ended.contrast[number, order],
        variance=ended.variance[number, order],
        loglik=ended.loglik[number],
        converged=ended.converged[number],
        steps=ended.steps[number],
        left=ended.left[number],
        floored=ended.floored[number],
    )


def solution_of(best: Mixture, products: Array, weights: Array, equations: Equations) -> Solution:
    """Return what a mixture says of its segments."""
    K, m = len(best.share), best.contrast.shape[-1]
    q = m - 1
    sums = (best.posterior * weights) @ products
    moments = cross_products(sums / sums[:, :1], m)
    mean = moments[:, 0, 1:]
    variance = np.einsum("kjj->kj", moments[:, 1:, 1:]) - mean**2
    paths, intercepts = np.zeros((K, q, q)), np.full((K, q), np.nan)
    residual, r2 = np.full((K, q), np.nan), np.full((K, q), np.nan)
    for j, (target, own) in enumerate(zip(equations.targets, equations.predictors, strict=True)):
        sources = [c for c in own if c]
        paths[:, [c - 1 for c in sources], target - 1] = -best.contrast[:, j, sources]
        intercepts[:, target - 1] = -best.contrast[:, j, 0]
        residual[:, target - 1] = best.variance[:, j]
        with np.errstate(divide="ignore", invalid="ignore"):
            r2[:, target - 1] = 1.0 - best.variance[:, j] / variance[:, target - 1]
    sd = np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        standardised = paths * sd[:, :, None] / sd[:, None, :]
    segment = np.argmax(best.posterior, axis=0).astype(np.int64)
    segment.setflags(write=False)
    return Solution(
        posterior=lock(best.posterior), segment=segment, share=lock(best.share),
        paths=lock(paths), intercepts=lock(intercepts), residual=lock(residual),
        standardised=lock(standardised), r2=lock(r2),
    )  # fmt: skip


def criteria_table(
    results: Mapping[int, Found],
    sizes: pd.DataFrame,
    equations: Equations,
    weights: Array,
    starts: int,
) -> pd.DataFrame:
    """Return one row a number of segments.

    Returns
    -------
    DataFrame
        ``segments, loglik, parameters``; ``aic, aic3, aic4, bic, caic, hq, mdl5, icl`` (smaller is
        better); ``en, nfi`` (nearer to 1 is better), ``nec``; ``smallest_n, smallest_share`` of the
        segments; ``starts``, and how many of them ``reached`` the best, were ``floored``,
        ``empty`` or ``unsettled``; ``converged, steps`` of the best; ``considered`` and, where
        not, the reason as ``note``.
    """
    single = float(results[1].best.loglik)
    rows: list[dict[str, Any]] = []
    for K, found in results.items():
        own = sizes[sizes["segments"] == K]
        figures = _criteria(found.best, equations.parameters(K), weights, single)
        note = _why_not(found, own)
        rows.append(
            {"segments": K, **figures}
            | {"smallest_n": int(own["n"].min()) if len(own) else 0}
            | {"smallest_share": float(own["share_assigned"].min()) if len(own) else np.nan}
            | {"starts": starts if K > 1 else 1, "reached": found.reached}
            | {"floored": found.floored, "empty": found.empty, "unsettled": found.unsettled}
            | {"converged": bool(found.best.converged), "steps": int(found.best.steps)}
            | {"considered": not note, "note": note}
        )
    return pd.DataFrame(rows)


def _criteria(
    best: Mixture, parameters: int, weights: Array, single: float
) -> dict[str, float]:
    """Return log-likelihood, criteria and entropies of one solution."""
    loglik = float(best.loglik)
    factors = criteria_of.size_factors(float(weights.sum()))
    values = {
        name: criteria_of.penalised(loglik, parameters, factor) for name, factor in factors.items()
    }
    sound = np.isfinite(loglik)
    fuzzy = criteria_of.entropy(best.posterior, weights) if sound else np.nan
    nec = criteria_of.entropy_criterion(fuzzy, loglik, single) if len(best.share) > 1 else 1.0
    return {
        "loglik": loglik,
        "parameters": parameters,
        **values,
        "icl": criteria_of.integrated(values["bic"], fuzzy),
        "en": criteria_of.normed_entropy(best.posterior, weights) if sound else np.nan,
        "nfi": criteria_of.non_fuzzy_index(best.posterior, weights) if sound else np.nan,
        "nec": nec,
    }


def _why_not(found: Found, sizes: pd.DataFrame) -> str:
    """Say why a number of segments is not considered, or nothing."""
    if not np.isfinite(found.best.loglik):
        return "every start ended with an empty segment"
    if found.best.floored:
        return "every start ended with a segment of no variance"
    small = int(np.sum(~sizes["large_enough"]))
    if small:
        return f"{small} segment{'s' if small > 1 else ''} too small"
    return ""


def _notes(
    survey: Survey, found: Scored, tried: range, choice: Choice, options: FimixOptions, least: int
) -> tuple[str, ...]:
    """Return what a reader must know beside the verdicts."""
    notes = []
    if tried[-1] < options.most:
        notes.append(
            f"no more than {tried[-1]} segments tried: each needs {least} respondents"
        )
    if choice.segments == tried[-1] > 1:
        notes.append("the largest number of segments tried was chosen: try more")
    if survey.design.clustered:
        notes.append("criteria do not know of the clusters and indicate too many segments")
    return tuple(notes)
