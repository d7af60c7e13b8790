"""Do two groups differ? Every index and path coefficient, tested by random relabelling.

Letters: P permutations, k figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.compare.pair_checks import option_faults
from csi.compare.pair_errors import difference_errors
from csi.compare.pair_figures import PairFigures
from csi.compare.two_groups import Pair, pair_of
from csi.errors import Fault, IndexFigureError, OptionError
from csi.estimate.permutation import permutation_p_values
from csi.index.accuracy import USABLE, Accuracy
from csi.index.estimator import fit_model
from csi.index.formula import index_weights
from csi.index.levels import negative_weight
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.exchange import Exchange, exchange_of
from csi.moments.groups import moments_of_rows
from csi.moments.permutations import moments_of_exchange
from csi.moments.replicates import ReplicatePlan, plan_replicates
from csi.moments.values import Moments
from csi.survey.survey import Survey

COLUMNS = (
    "figure", "weights", "construct", "from", "group", "other", "estimate", "other_estimate",
    "difference", "p_permutation", "permutations", "unusable", "se", "lower", "upper", "p_value",
    "method", "n", "other_n", "note",
)  # fmt: skip
"""Columns of the table of two groups, in order."""


def compare_groups(
    survey: Survey,
    model: Model,
    *,
    by: str,
    groups: tuple[str, str],
    where: Mapping[str, str] | None = None,
    permutations: int = 5000,
    seed: int = 1,
    options: IndexOptions | None = None,
) -> pd.DataFrame:
    """Compare two groups: every index and path coefficient, with two tests of its difference.

    Parameters
    ----------
    survey : Survey
    model : Model
        Items that one of the groups was not asked leave the model, openly.
    by : str
        Key of the codebook that tells the groups, such as ``company``.
    groups : (str, str)
        Two values of it; differences are the first less the second.
    where : mapping of str to str, optional
        Values of other keys that both groups share, such as ``{"year": "2024"}``. Without a
        period it is the last one, unless `by` is the time itself.
    permutations : int
        P, at least 99.
    seed : int
        Of the relabelling; replicates have that of `options`.
    options : IndexOptions, optional
        Treatment of missing answers, PLS, and all of the second test. Both own and pooled weights
        are shown. EM runs anew in every permutation: 6 ms each with 250 respondents a group and
        24 items, where pairs of items take 0.04 ms.

    Returns
    -------
    DataFrame
        One row a figure: ``figure`` (``index`` or ``path``), ``weights`` (``own``: each group has
        those of its own fit; ``pooled``: both have those of the fit of both together),
        ``construct, from, group, other, estimate, other_estimate, difference``, in index points
        or as standardised path coefficients; ``p_permutation`` with the number of
        ``permutations`` used and the share that was ``unusable``; ``se, lower, upper, p_value``
        by the ``method`` of the options; ``n, other_n`` respondents; ``note``.

    Raises
    ------
    IndexFigureError
        Unknown names, groups that are empty, too small or cannot be fitted, and groups of which
        nobody can change places: all at once.
    OptionError
        Impossible options, all at once.

    Notes
    -----
    The two tests ask different questions. ``p_permutation`` is exact for the hypothesis that the
    answers of both groups have **the same distribution**. It can be small because the groups
    differ in spread or in another coefficient, above all where their sizes differ
    [good2005permutation]: with the same mean and 1.8 times the spread in the group of 60 against
    240, 17 % of the index differences had a p of 0.05 or less; 1 % with the spread the other way
    round; 5 % with equal sizes. ``p_value`` asks about this one figure, and is right for large
    samples. Where they disagree, look at the spread of both groups first.

    The permutation test is two-sided, on the absolute difference; with c permutations whose
    difference is as large or larger, p is ``(c + 1) / (P + 1)`` [phipson2010permutation], over
    the permutations that could be used. Who changes places with whom: see
    `csi.moments.permutations.permuted_moments`, as in [chin2010permutation] but within strata
    and with clusters whole. Weights are divided by their mean in each group first. Sampling
    fractions and supplied replicate weights do not enter the relabelling. Pooled weights are the
    same in every permutation: the two groups together are.
    """
    options = options or IndexOptions()
    faults = option_faults(permutations, options)
    if faults:
        raise OptionError(faults)
    if options.design == "simple":
        survey = survey.as_simple()
    pair = pair_of(survey, model, by, groups, where or {}, options)
    plan = _plan(survey, by, options)
    exchange = exchange_of(*pair.samples, pair.strata)
    figures, singles, pooled = _figures(pair, exchange, options)
    values = [figures.of_group(single, pooled) for single in singles]
    refused = _refused(pair.model, figures, singles, pooled)
    for own in values:
        own[[bool(why) for why in refused]] = np.nan
    difference = values[0] - values[1]
    moved = moments_of_exchange(exchange, options.missing, permutations=permutations, seed=seed)
    draws = figures.of_group(moved[0], pooled) - figures.of_group(moved[1], pooled)
    p, used = permutation_p_values(draws, difference)
    errors = difference_errors(survey, pair, figures, difference, plan, options)
    common = _common(survey, pair, exchange, permutations)
    n = [len(sample.rows) for sample in pair.samples]
    method = plan.replication.words
    rows = [
        _row(name, (values[0][k], values[1][k]), float(p[k]), int(used[k]), permutations, errors[k])
        | {"group": groups[0], "other": groups[1], "method": method, "n": n[0], "other_n": n[1]}
        | {"note": _note(refused[k], int(used[k]) / permutations, errors[k], plan, common)}
        for k, name in enumerate(figures.names())
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _plan(survey: Survey, by: str, options: IndexOptions) -> ReplicatePlan:
    """Return how the replicates of the second test are made."""
    plan = plan_replicates(
        survey, options.replicates, draws=options.draws, seed=options.seed, fay=options.fay
    )
    delta = plan.replication.method == "delta"
    if not plan.replication.random and not delta and options.interval != "normal":
        raise OptionError(
            Fault(
                f"option interval {options.interval}",
                f"needs random draws: {plan.replication.words} has none",
                "use normal, or replicates bootstrap",
            )
        )
    return plan


def _figures(
    pair: Pair, exchange: Exchange, options: IndexOptions
) -> tuple[PairFigures, tuple[Moments, Moments], Array]:
    """Fit both groups together and each by itself, and refuse what cannot be compared."""
    items, missing = pair.model.items, options.missing
    both = moments_of_rows(exchange.sample.rows, exchange.sample.weights, items, missing)
    first, second = (
        moments_of_rows(exchange.sample.rows[own], exchange.sample.weights[own], items, missing)
        for own in (exchange.first, ~exchange.first)
    )
    names = ("both groups together", *(f"group {cell.label[0]}" for cell in pair.cells))
    faults = []
    for name, moments in zip(names, (both, first, second), strict=True):
        fit = fit_model(pair.model, moments, options)
        if moments.problems:
            faults.append(Fault(name, moments.problems[0], "compare larger groups"))
        elif not (bool(fit.converged) and np.isfinite(fit.paths).all()):
            faults.append(Fault(name, "PLS did not converge", "look at the items, raise max_steps"))
    if exchange.possible == 1:
        faults.append(
            Fault(
                f"groups {pair.cells[0].label[0]} and {pair.cells[1].label[0]}",
                "nobody can change places: no stratum has sampled units of both",
                "compare them by yearly, or take design='simple' if strata are of no matter",
            )
        )
    if faults:
        raise IndexFigureError(faults)
    like = fit_model(pair.model, both, options)
    figures = PairFigures(pair.model, pair.low, pair.high, options, like)
    return figures, (first, second), figures.pooled(both)


def _refused(
    model: Model, figures: PairFigures, singles: tuple[Moments, Moments], pooled: Array
) -> list[str]:
    """Say for each figure why there is none, or nothing: indices with negative weights."""
    own = [
        index_weights(fit_model(model, single, figures.options, like=figures.like))
        for single in singles
    ]
    found = []
    for weights in (np.minimum(own[0], own[1]), pooled):
        for block in model.blocks.T:
            bad = [item for item, w, of in zip(model.items, weights, block, strict=True)
                   if of and w < 0]  # fmt: skip
            found.append(negative_weight(bad) if bad else "")
    return found + [""] * len(model.paths)


def _row(
    name: tuple[str, str, str, str],
    values: tuple[float, float],
    p: float,
    used: int,
    permutations: int,
    error: Accuracy,
) -> dict[str, Any]:
    """Return the numbers of one row."""
    figure, weights, construct, source = name
    return {
        "figure": figure,
        "weights": weights,
        "construct": construct,
        "from": source,
        "estimate": float(values[0]),
        "other_estimate": float(values[1]),
        "difference": float(values[0] - values[1]),
        "p_permutation": p,
        "permutations": used,
        "unusable": 1.0 - used / permutations,
        "se": error.se,
        "lower": error.lower,
        "upper": error.upper,
        "p_value": error.p_value,
    }


def _common(survey: Survey, pair: Pair, exchange: Exchange, permutations: int) -> list[str]:
    """Say what holds for all figures: who is left out, who keeps the label, how many ways."""
    notes = list(pair.notes)
    if exchange.fixed:
        notes.append(
            f"{exchange.fixed} respondents keep their group: no one of the other in their stratum"
        )
    if exchange.possible < permutations:
        notes.append(
            f"only {exchange.possible} relabellings: p cannot be below {1 / exchange.possible:.2g}"
        )
    if survey.design.replicates is not None and not survey.design.clustered:
        notes.append("relabelling knows no clusters: supplied replicate weights do not name them")
    return notes


def _note(
    refused: str, share: float, error: Accuracy, plan: ReplicatePlan, common: list[str]
) -> str:
    """Return the note of one row."""
    notes = [refused] if refused else []
    if not refused and share < USABLE:
        notes.append(f"{1 - share:.0%} of the permutations could not be used")
    replicates = plan.replication.replicates
    delta = plan.replication.method == "delta"
    if not refused and not delta and error.used < USABLE * replicates:
        notes.append(f"{replicates - error.used} of {replicates} replicates could not be used")
    return "; ".join([*notes, *common])
