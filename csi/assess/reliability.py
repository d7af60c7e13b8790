"""Reliability of the constructs of a fit: alpha, rho_A, rho_C, omega and AVE with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.assess.blocks import (
    COMPOSITE,
    block_slices,
    item_correlations,
    method_of,
    why_not,
)
from csi.assess.kernel_reliability import (
    composite_reliability,
    cronbach_alpha,
    mcdonald_omega,
    rho_a,
    variance_extracted,
)
from csi.assess.long_table import figures, noted, table
from csi.assess.one_factor import one_factor
from csi.estimate.fit import Fit
from csi.index.replicated import Replicated
from csi.model.parts import Construct

MEASURES = ("alpha", "alpha_raw", "rho_A", "rho_C", "omega", "AVE", "score_reliability")
"""In the order of the table; ``score_reliability`` for covariance fits only, ``rho_A`` for PLS."""

TWO_ITEMS = "two items: equal loadings taken, omega is then the standardised alpha"
HEYWOOD = "one-factor model not admissible: negative unique variance of {items}"
NO_FACTOR = "no one-factor model fits: the items do not go together"
RAW = "not defined for weights of raw items"


def measures_of(fit: Fit) -> tuple[str, ...]:
    """Return the measures that the table of this fit has."""
    away = "rho_A" if method_of(fit) == "covariance" else "score_reliability"
    return tuple(measure for measure in MEASURES if measure != away)


def reliabilities(fit: Fit) -> Array:
    """Return the reliability measures of every construct.

    Parameters
    ----------
    fit : Fit
        Any batch.

    Returns
    -------
    (*batch, q, m) in the order of `measures_of`; NaN for single items and formative constructs

    Notes
    -----
    alpha of standardised items and of items in their points [cronbach1951coefficient], rho_A
    from the PLS weights [dijkstra2015consistent], rho_C and AVE from the loadings of the fit
    (under PLS those of composites, too large where the construct is a factor; PLSc corrects
    them), omega from one factor fitted to the standardised items by maximum likelihood
    [mcdonald1999test], NaN where that factor is inadmissible. Weighted moments give weighted
    figures. ``score_reliability`` is ``Fit.reliability`` of a covariance
    fit: of the regression factor score from the construct's own items.
    """
    model, method = fit.model, method_of(fit)
    corr, cov = item_correlations(fit), fit.moments.cov
    found = np.full((*fit.r2.shape, len(MEASURES)), np.nan)
    for j, (construct, block) in enumerate(zip(model.constructs, block_slices(model), strict=True)):
        if why_not(construct):
            continue
        own, loadings = corr[..., block, block], fit.loadings[..., block]
        found[..., j, 0] = cronbach_alpha(own)
        found[..., j, 1] = cronbach_alpha(cov[..., block, block])
        if method != "covariance" and fit.metric == "standardised":
            found[..., j, 2] = rho_a(fit.weights[..., block])
        found[..., j, 3] = composite_reliability(loadings)
        factor = one_factor(own)
        admissible = (factor.unique >= 0).all(axis=-1)
        omega = mcdonald_omega(factor.loadings, factor.unique)
        found[..., j, 4] = np.where(admissible, omega, np.nan)
        found[..., j, 5] = variance_extracted(loadings)
        found[..., j, 6] = fit.reliability[..., j]
    kept = [MEASURES.index(measure) for measure in measures_of(fit)]
    return found[..., kept]


def reliability_table(rep: Replicated) -> pd.DataFrame:
    """Return reliabilities with errors and intervals.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``construct, measure, estimate, se, lower, upper, draws, note``; every construct has
        every measure, NaN with a reason where a convention or the sample has none.
    """
    fit, names = rep.fit, measures_of(rep.fit)
    model = fit.model
    found = figures(rep, lambda f: reliabilities(f).reshape(*f.moments.batch, -1))
    notes = [_note(fit, j, measure) for j in range(len(model.names)) for measure in names]
    columns = {
        "construct": [name for name in model.names for _ in names],
        "measure": list(names) * len(model.names),
    }
    return table(columns, found, noted(notes, found, rep, NO_FACTOR))


def _note(fit: Fit, j: int, measure: str) -> str:
    """Say what a reader must know of one figure, or nothing."""
    construct = fit.model.constructs[j]
    if reason := why_not(construct):
        return reason
    if measure == "rho_A" and fit.metric == "raw":
        return RAW
    notes = [COMPOSITE] if construct.kind == "composite" and measure != "AVE" else []
    if measure == "omega":
        notes += _omega_notes(fit, j, construct)
    return "; ".join(notes)


def _omega_notes(fit: Fit, j: int, construct: Construct) -> list[str]:
    """Say what the one-factor model of a block leaves open."""
    if len(construct.items) == 2:
        return [TWO_ITEMS]
    block = block_slices(fit.model)[j]
    unique = one_factor(item_correlations(fit)[block, block]).unique
    bad = [item for item, value in zip(construct.items, unique, strict=True) if value < 0]
    return [HEYWOOD.format(items=", ".join(bad))] if bad else []
