"""The bootstrap test of exact fit of a PLS model.

The answers are turned so that the model holds for them without any misfit, and replicates of the
turned answers tell how large the misfit is by chance [beran1985bootstrap],
[dijkstra2015normal]. Turning is linear, ``x -> x A``, so that the moments of turned answers are
``A' S A``, with any weights: the replicates that are drawn already serve, and the test respects
sampling weights, strata, clusters and finite populations as they do. With missing answers the
moments are those of `csi.moments`, turned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray, lock, one_thread
from csi.assess.model_fit import (
    DISTANCES,
    ImpliedOptions,
    Structure,
    distances,
    implied_corr,
    item_corr,
    require_pls,
)
from csi.errors import EstimationError, Fault, NotConvergedError, OptionError
from csi.estimate.fit import Fit
from csi.index.estimator import fit_model
from csi.index.options import IndexOptions
from csi.index.replicated import Replicated
from csi.moments.repeats import distinct_moments, expanded
from csi.moments.values import Moments
from csi.tabular import Summarised, Summary, Told, said, summarised, tabled
from csi.text import Language

Null = Literal["settled", "fitted"]
"""The correlations for which the model is made to hold: ``fitted``, those that the fit implies;
``settled``, those of a fit to them, and so on until the model reproduces itself."""

SETTLED, MOST_REFITS = 1e-8, 500
"""The model holds where no correlation moves by more in another fit; limit of fits."""

FEWEST = 99
"""Draws that a test needs at least: fewer cannot reject at 1 %."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ExactFit(Summarised):
    """Test of the hypothesis that a model fits the population without any misfit.

    Attributes
    ----------
    structure : {"estimated", "saturated"}
    null : {"settled", "fitted"}
    observed : (3) SRMR, d_ULS, d_G of the sample
    critical : (3) largest values that the test at this level takes for chance
    p_values : (3) share of draws with as much misfit or more, the sample counted as one
    draws : (R, 3) misfit of replicates of turned answers; NaN where they do not count
    level : float
        Of the test, 0.05.
    refits : int
        Fits until the model reproduced itself; 0 for ``fitted``.
    not_converged, inadmissible : int
        Draws that did not settle, and left out; draws that are not admissible, and stayed in.
    admissible : bool
        Whether the fit of the sample is.
    """

    structure: Structure
    null: Null
    observed: Array
    critical: Array
    p_values: Array
    draws: Array
    level: float
    refits: int
    not_converged: int
    inadmissible: int
    admissible: bool

    @property
    def used(self) -> int:
        """Draws that counted."""
        return int(np.isfinite(self.draws[:, 0]).sum())

    def table(self) -> pd.DataFrame:
        """Return one row a distance.

        Columns ``structure, measure, estimate, critical, p_value, draws, not_converged,
        inadmissible, note``.
        """
        left = f"{self.not_converged} draws did not settle" if self.not_converged else ""
        bad = "" if self.admissible else "the fit of the sample is not admissible"
        note = "; ".join(words for words in (bad, left) if words)
        return pd.DataFrame(
            {
                "structure": self.structure,
                "measure": list(DISTANCES),
                "estimate": self.observed,
                "critical": self.critical,
                "p_value": self.p_values,
                "draws": np.isfinite(self.draws).sum(axis=0),
                "not_converged": self.not_converged,
                "inadmissible": self.inadmissible,
                "note": [
                    note if np.isfinite(value) else "implied correlations not positive definite"
                    for value in self.observed
                ],
            }
        )

    def __repr__(self) -> str:
        """Say in one line what was found."""
        found = ", ".join(
            f"{name} {value:.3f} (p {p:.3f})"
            for name, value, p in zip(DISTANCES, self.observed, self.p_values, strict=True)
        )
        return f"ExactFit of the {self.structure} model: {found}; {self.used} draws"

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Structure": said(self.structure, language),
            "Null hypothesis": said(self.null, language),
            "Level of the test": self.level,
            "Draws used": f"{self.used} / {len(self.draws)}",
            "Not converged": self.not_converged,
            "Inadmissible": self.inadmissible,
            "Fit admissible": self.admissible,
        }
        names = ["measure", "estimate", "critical", "p_value", "note"]
        table = tabled("Distances", self.table(), language, names)
        return summarised("Test of exact fit", language, facts, [table])


def exact_fit(
    rep: Replicated,
    options: ImpliedOptions | None = None,
    *,
    null: Null = "settled",
    level: float = 0.05,
) -> ExactFit:
    """Test whether a PLS model fits exactly.

    Parameters
    ----------
    rep : Replicated
        Its replicates must be random draws (bootstrap, gaussian).
    options : ImpliedOptions, optional
        The saturated or the estimated model, and what its blocks imply.
    null : {"settled", "fitted"}
        ``fitted`` turns the answers to the correlations that the fit of the sample implies, as
        cSEM does. For mode B and PLSc a fit to these gives them back. For uncorrected mode A it
        does not, and the draws show a misfit that is not chance, so that the test rejects too
        seldom; ``settled`` fits again until the model holds. Where both can be had they agree for
        mode B and PLSc.
    level : float
        Of the test.

    Returns
    -------
    ExactFit

    Raises
    ------
    OptionError
        A covariance fit, replicates that are no random draws, too few of them, an impossible
        level or word: all at once.
    EstimationError
        The sample or the implied correlations are not positive definite.
    NotConvergedError
        The model did not come to reproduce itself.

    Notes
    -----
    The p value counts the sample as a draw [phipson2010permutation]. Uncorrected mode A estimates
    a composite model without bias only where each block's weights are an eigenvector of its
    correlations (such as equal weights of items that correlate alike); a true composite model with
    other weights is rejected in large samples, and mode B (``kind="formative"``) or PLSc is what to
    test. How often true models are rejected is in ``benchmarks/results/exact_fit.md``.
    """
    options = options or ImpliedOptions()
    _check(rep, null, level)
    with one_thread(), np.errstate(all="ignore"):
        target, refits = _null_corr(rep.fit, options, rep.options, null)
        turn = _turning(rep.fit, target)
        moved = turned_moments(distinct_moments(rep.draws.moments), turn)
        moved = expanded(moved, rep.model.items)
        settled_at = _with_corr(rep.fit.moments, target)
        start = fit_model(rep.model, settled_at, rep.options, like=rep.fit)
        fits = fit_model(rep.model, moved, rep.options, like=start)
        observed, drawn = distances(rep.fit, options), distances(fits, options)
    settled = np.asarray(fits.converged & np.isfinite(drawn[:, :2]).all(axis=1))
    drawn = np.where(settled[:, None], drawn, np.nan)
    if settled.sum() < 2:
        fix = "look at the items with `csi check`"
        raise EstimationError(Fault("test of exact fit", "no draw converged", fix))
    return ExactFit(
        structure=options.structure,
        null=null,
        observed=lock(observed),
        critical=lock(np.nanquantile(drawn, 1.0 - level, axis=0)),
        p_values=lock(_p_values(drawn, observed)),
        draws=lock(drawn),
        level=level,
        refits=refits,
        not_converged=int((~settled).sum()),
        inadmissible=int((settled & ~fits.admissible).sum()),
        admissible=bool(rep.fit.admissible),
    )


def turned_moments(moments: Moments, turn: Array) -> Moments:
    """Return the moments of answers times a matrix, ``x -> x A``.

    Parameters
    ----------
    moments : Moments
    turn : (p, p)
    """
    cov = np.swapaxes(turn, 0, 1) @ moments.cov @ turn
    cov = 0.5 * (cov + np.swapaxes(cov, -1, -2))
    return replace(moments, mean=lock(moments.mean @ turn), cov=lock(cov))


def _check(rep: Replicated, null: str, level: float) -> None:
    """Refuse what cannot be tested, all at once."""
    faults: list[Fault] = []
    try:
        require_pls(rep.fit)
    except OptionError as error:
        faults.extend(error.faults)
    if not rep.replication.random:
        what = f"{rep.replication.method} makes no random draws"
        faults.append(Fault("option replicates", what, "use bootstrap or gaussian"))
    elif rep.draws_used < FEWEST:
        what = f"{rep.draws_used} draws are too few for a test"
        faults.append(Fault("option draws", what, "take 499 or more"))
    if null not in get_args(Null):
        fix = f"use one of {', '.join(get_args(Null))}"
        faults.append(Fault("option null", f"{null!r} is not possible", fix))
    if not 0 < level <= 0.5:
        faults.append(Fault("option level", f"{level!r} is no level of a test", "try 0.05"))
    if faults:
        raise OptionError(faults)


def _with_corr(moments: Moments, corr: Array) -> Moments:
    """Return the moments of the sample with other correlations.

    `corr` has each column of answers once.
    """
    items, moments = moments.items, distinct_moments(moments)
    sd = np.sqrt(np.diag(moments.cov))
    return expanded(replace(moments, cov=lock(corr * sd[:, None] * sd)), items)


def _null_corr(
    fit: Fit, options: ImpliedOptions, how: IndexOptions, null: Null
) -> tuple[Array, int]:
    """Return correlations for which the model holds, and the fits that took."""
    corr = implied_corr(fit, options)
    if null == "fitted":
        return corr, 0
    for step in range(1, MOST_REFITS + 1):
        again = fit_model(fit.model, _with_corr(fit.moments, corr), how, like=fit)
        new = implied_corr(again, options)
        moved = float(np.abs(new - corr).max())
        if not np.isfinite(moved):
            break
        corr = new
        if moved < SETTLED:
            return corr, step
    fix = "use null='fitted', or disturbances='implied'"
    raise NotConvergedError(Fault("test of exact fit", "the model does not reproduce itself", fix))


def _turning(fit: Fit, target: Array) -> Array:
    """Return the matrix that gives the answers these correlations; variances stay."""
    faults = []
    roots = []
    for name, corr, power in (("item", item_corr(fit), -0.5), ("implied", target, 0.5)):
        values, vectors = np.linalg.eigh(corr)
        if not values[0] > 0:
            fix = "the model is not admissible; look at collinear constructs"
            faults.append(Fault(f"{name} correlations", "are not positive definite", fix))
        roots.append((vectors * np.abs(values) ** power) @ vectors.T)
    if faults:
        raise EstimationError(faults)
    sd = np.sqrt(np.diag(distinct_moments(fit.moments).cov))
    return np.asarray((roots[0] / sd[:, None]) @ roots[1] * sd)


def _p_values(drawn: Array, observed: Array) -> Array:
    """Return the share of draws at least as large, the sample counted as one; NaN without any."""
    there: BoolArray = np.isfinite(drawn)
    reached = (there & (drawn >= observed)).sum(axis=0)
    p = (1.0 + reached) / (1.0 + there.sum(axis=0))
    return np.where(np.isfinite(observed) & there.any(axis=0), p, np.nan)


def exact_fits(
    rep: Replicated, structures: Sequence[Structure] = ("saturated", "estimated")
) -> tuple[ExactFit, ...]:
    """Return the tests of several structures with all else at its default."""
    return tuple(exact_fit(rep, ImpliedOptions(structure=structure)) for structure in structures)
