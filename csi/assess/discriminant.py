"""Whether constructs differ from one another: HTMT, HTMT+, HTMT2 and Fornell-Larcker."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.assess.blocks import (
    FORMATIVE,
    PART_WHOLE,
    WHOLE,
    alone,
    block_slices,
    formed,
    item_correlations,
    part_whole,
    why_not,
)
from csi.assess.kernel_discriminant import (
    Mean,
    fornell_larcker_margin,
    heterotrait_monotrait,
    mean_correlations,
)
from csi.assess.kernel_reliability import variance_extracted
from csi.assess.long_table import figures, noted, table
from csi.estimate.fit import Fit
from csi.index.replicated import Replicated
from csi.model.model import Model

Ratio = Literal["HTMT", "HTMT+", "HTMT2"]

MEANS: dict[Ratio, Mean] = {"HTMT": "signed", "HTMT+": "absolute", "HTMT2": "geometric"}
"""How item correlations are averaged for each ratio."""

MEASURES = ("HTMT", "HTMT+", "HTMT2", "correlation", "fornell_larcker")
"""In the order of the table."""

SINGLE_ITEM = "single item: its correlation with itself taken as 1, not corrected for its error"
NO_AVE = "neither construct has an AVE: single item or formative"
UNDEFINED = {
    "HTMT": "items of a construct do not go together",
    "HTMT+": "no solution",
    "HTMT2": "an item correlation is not positive",
    "correlation": "no solution",
    "fornell_larcker": NO_AVE,
}


def htmt(fit: Fit, ratio: Ratio = "HTMT") -> Array:
    """Return a heterotrait-monotrait ratio of every pair of constructs.

    Parameters
    ----------
    fit : Fit
        Any batch; only its item correlations are used, so that PLS, PLSc and covariance fits
        have the same.
    ratio : {"HTMT", "HTMT+", "HTMT2"}
        From means of item correlations with their signs [henseler2015new], without them
        [ringle2023perspective], or geometric means, which do not suppose equal loadings
        [roemer2021improved].

    Returns
    -------
    (*batch, q, q); NaN for formative constructs, whose items need not go together, and for
        constructs of constructs, which are judged through their parts. The
        correlation of a single item with itself counts as 1, as in seminr and cSEM.
    """
    found = heterotrait_monotrait(
        mean_correlations(item_correlations(fit), block_slices(fit.model), MEANS[ratio])
    )
    away = np.array([formed(c) or bool(c.parts) for c in fit.model.constructs])
    return np.where(away[:, None] | away, np.nan, found)


def extracted(fit: Fit) -> Array:
    """Return the AVE of every construct, (*batch, q), NaN for single and formative ones."""
    found = [
        np.full(fit.loadings.shape[:-1], np.nan)
        if why_not(construct)
        else variance_extracted(fit.loadings[..., block])
        for construct, block in zip(fit.model.constructs, block_slices(fit.model), strict=True)
    ]
    return np.stack(found, axis=-1)


def fornell_larcker(fit: Fit) -> Array:
    """Return the margins of the Fornell-Larcker criterion, (*batch, q, q).

    The smaller square root of the AVE of a pair less the absolute correlation of the constructs,
    with the loadings and correlations of the fit itself: both corrected under PLSc. A single or
    formative construct has no AVE, and the other one's alone is compared [fornell1981evaluating].
    NaN for a whole and its part, which correlate by construction.
    """
    found = fornell_larcker_margin(extracted(fit), fit.construct_corr)
    return np.where(part_whole(fit.model), np.nan, found)


def pairs_of(model: Model) -> list[tuple[int, int]]:
    """Return the places of all pairs of constructs, in the model's order."""
    q = len(model.names)
    return [(i, j) for i in range(q) for j in range(i + 1, q)]


def discriminant_table(rep: Replicated) -> pd.DataFrame:
    """Return measures of how constructs differ, pair by pair, with errors and intervals.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``construct, other, measure, estimate, se, lower, upper, limit, draws, note``. ``limit`` is
        the one-sided upper limit at the level of the options: a ratio is shown to lie below a
        threshold where its limit does [franke2019heuristics].
    """
    model = rep.model
    pairs = pairs_of(model)
    first, second = (list(side) for side in zip(*pairs, strict=True))

    def measured(fit: Fit) -> Array:
        parts = [*(htmt(fit, ratio) for ratio in MEANS), fit.construct_corr, fornell_larcker(fit)]
        found = np.stack([part[..., first, second] for part in parts], axis=-1)
        return found.reshape(*fit.moments.batch, -1)

    found = figures(rep, measured)
    columns = {
        "construct": [model.names[i] for i, _ in pairs for _ in MEASURES],
        "other": [model.names[j] for _, j in pairs for _ in MEASURES],
        "measure": list(MEASURES) * len(pairs),
    }
    notes = [_note(model, pair, measure) for pair in pairs for measure in MEASURES]
    notes = [
        note or ("" if np.isfinite(value) else UNDEFINED[measure])
        for note, value, measure in zip(
            notes, found.spread.estimate, columns["measure"], strict=True
        )
    ]
    return table(columns, found, noted(notes, found, rep, ""), {"limit": found.limit})


def _note(model: Model, pair: tuple[int, int], measure: str) -> str:
    """Say by which convention a figure stands or is missing."""
    both = [model.constructs[k] for k in pair]
    if measure in MEANS:
        if any(formed(construct) for construct in both):
            return FORMATIVE
        if any(construct.parts for construct in both):
            return WHOLE
        return SINGLE_ITEM if any(alone(construct) for construct in both) else ""
    if measure == "fornell_larcker":
        if part_whole(model)[pair]:
            return PART_WHOLE
        without = [construct.name for construct in both if why_not(construct)]
        if len(without) == 2:
            return NO_AVE
        if without:
            return f"{without[0]} has no AVE: compared with that of the other construct"
    return ""
