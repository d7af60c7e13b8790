"""FIMIX-PLS: hidden groups for whom the paths differ, by a mixture of regressions of scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array, one_thread
from csi.compare.segments import kernel_criteria as criteria_of
from csi.compare.segments.choice import CRITERIA, Choice, choose
from csi.compare.segments.kernel_em import Mixture
from csi.compare.segments.kernel_mixture import Equations, pair_products
from csi.compare.segments.options import FimixOptions
from csi.compare.segments.scored import Scored, equations_of, least_respondents, scored
from csi.compare.segments.search import Found, search, solution_of
from csi.compare.segments.tables import equations_table, paths_table, sizes_table
from csi.compare.segments.values import Segmentation
from csi.compare.segments.verdicts import segment_verdicts
from csi.model.model import Model
from csi.survey.frozen import frozen_map
from csi.survey.survey import Survey


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

    Examples
    --------
    >>> from csi.model import models
    >>> from csi.simulation import simulate
    >>> from csi.survey.read import read_survey
    >>> ecsi = models.load("ecsi")
    >>> told = simulate(ecsi, years=[2025], groups=["A", "B"], n=150, seed=1)
    >>> survey = read_survey(told.answers, told.codebook)
    >>> found = fimix(survey, ecsi, FimixOptions(most=2, starts=4))
    >>> found.criteria[["segments", "parameters", "considered"]]
       segments  parameters  considered
    0         1          25        True
    1         2          51        True
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
        results = {many: search(products, weights, equations, many, options) for many in tried}
    solutions = {
        many: solution_of(result.best, products, weights, equations)
        for many, result in results.items()
        if result.best.loglik.size and np.isfinite(result.best.loglik)
    }
    sizes = sizes_table(found, solutions, least, options.min_share)
    criteria = criteria_table(results, sizes, equations, weights, options.starts)
    usable = criteria[criteria["considered"]]
    choice = choose(usable["segments"].tolist(), {name: usable[name].tolist() for name in CRITERIA})
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
        paths=paths_table(model, solutions, fixed=True),
        equations=equations_table(model, solutions),
        sizes=sizes,
        verdicts=(),
        notes=_notes(survey, found, tried, choice, options, least),
    )
    return replace(made, verdicts=segment_verdicts(made))


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
    for many, found in results.items():
        own = sizes[sizes["segments"] == many]
        figures = _criteria(found.best, equations.parameters(many), weights, single)
        note = _why_not(found, own)
        rows.append(
            {"segments": many, **figures}
            | {"smallest_n": int(own["n"].min()) if len(own) else 0}
            | {"smallest_share": float(own["share_assigned"].min()) if len(own) else np.nan}
            | {"starts": starts if many > 1 else 1, "reached": found.reached}
            | {"floored": found.floored, "empty": found.empty, "unsettled": found.unsettled}
            | {"converged": bool(found.best.converged), "steps": int(found.best.steps)}
            | {"considered": not note, "note": note}
        )
    return pd.DataFrame(rows)


def _criteria(best: Mixture, parameters: int, weights: Array, single: float) -> dict[str, float]:
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
        notes.append(f"no more than {tried[-1]} segments tried: each needs {least} respondents")
    if choice.segments == tried[-1] > 1:
        notes.append("the largest number of segments tried was chosen: try more")
    if survey.design.clustered:
        notes.append("criteria do not know of the clusters and indicate too many segments")
    return tuple(notes)
