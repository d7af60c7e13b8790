"""Loadings, weights and cross-loadings of the items of a fit, with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray
from csi.assess.blocks import PART_WHOLE, method_of, part_whole
from csi.assess.kernel_discriminant import item_construct_correlations
from csi.assess.long_table import figures, noted, table
from csi.estimate.fit import Fit
from csi.index.replicated import Replicated
from csi.model.model import Model

NOT_FITTED = "no solution"
OWN = "own construct: the loading of the fit"


def loadings_table(rep: Replicated) -> pd.DataFrame:
    """Return loadings and weights of all items with errors and intervals.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``construct, item, measure, estimate, se, lower, upper, p_value, draws, note``; measure is
        ``loading`` or ``weight``, the p value against zero by t.
    """
    model = rep.model
    found = figures(rep, lambda f: np.concatenate([f.loadings, f.weights], axis=-1))
    own = [construct.name for construct in model.constructs for _ in construct.items]
    columns = {
        "construct": own * 2,
        "item": list(model.items) * 2,
        "measure": ["loading"] * len(own) + ["weight"] * len(own),
    }
    single = ["fixed: single item" if len(model.construct(name).items) == 1 else "" for name in own]
    notes = noted(single * 2, found, rep, NOT_FITTED)
    made = table(columns, found, notes, {"p_value": rep.p_values(found.spread)})
    # a single item's loading does not vary: what is left of its error is rounding
    fixed = np.array([bool(note) for note in single * 2])
    made.loc[fixed, ["se", "lower", "upper", "p_value"]] = np.nan
    return made


def weight_matrix(fit: Fit) -> Array:
    """Return the weights of a fit with one column a construct, (*batch, p, q)."""
    return fit.weights[..., :, None] * fit.model.blocks


def cross_loadings(fit: Fit) -> Array:
    """Return the correlation of each item with each construct.

    Parameters
    ----------
    fit : Fit
        Any batch.

    Returns
    -------
    (*batch, p, q)

    Notes
    -----
    With its own construct the loading of the fit. With another one the correlation of the item
    with the composite, from the moments [chin1998partial]; where constructs are free of
    measurement error (PLSc, covariance fits) that correlation is divided by the square root of
    the composite's reliability, so that all stand on the same footing.
    """
    cov, model = fit.moments.cov, fit.model
    if fit.metric == "standardised":
        sd = np.sqrt(np.einsum("...pp->...p", cov))
        cov = cov / (sd[..., :, None] * sd[..., None, :])
    found = item_construct_correlations(cov, weight_matrix(fit))
    if method_of(fit) != "PLS":
        found = found / np.sqrt(fit.reliability)[..., None, :]
    return np.where(model.blocks, fit.loadings[..., :, None], found)


def cross_margins(fit: Fit) -> Array:
    """Return by how much each item goes with its own construct more than with each other one.

    Parameters
    ----------
    fit : Fit
        Any batch.

    Returns
    -------
    (*batch, p, q) absolute loading less absolute cross-loading; NaN for the own construct,
        and between a whole and its parts, which share the item
    """
    gap = np.abs(fit.loadings)[..., :, None] - np.abs(cross_loadings(fit))
    return np.where(fit.model.blocks | _shared(fit.model), np.nan, gap)


def _shared(model: Model) -> BoolArray:
    """Tell which items stand in the whole or in a part of a construct, (p, q)."""
    return np.asarray(model.blocks.astype(np.int64) @ part_whole(model).astype(np.int64) > 0)


def cross_loadings_table(rep: Replicated) -> pd.DataFrame:
    """Return cross-loadings with errors and intervals.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``construct, item, other, measure, estimate, se, lower, upper, draws, note``; measure is
        ``cross_loading`` (of the item on the construct ``other``) or ``margin`` (absolute loading
        on its own construct less absolute cross-loading).
    """
    model = rep.model
    q = len(model.names)

    def both(fit: Fit) -> Array:
        parts = (cross_loadings(fit), cross_margins(fit))
        return np.concatenate([part.reshape(*fit.moments.batch, -1) for part in parts], axis=-1)

    found = figures(rep, both)
    own = [c.name for c in model.constructs for _ in c.items for _ in model.names]
    others = list(model.names) * len(model.items)
    columns = {
        "construct": own * 2,
        "item": [item for item in model.items for _ in range(q)] * 2,
        "other": others * 2,
        "measure": ["cross_loading"] * len(own) + ["margin"] * len(own),
    }
    is_own = [OWN if a == b else "" for a, b in zip(own, others, strict=True)]
    shared = [PART_WHOLE if joined else "" for joined in _shared(model).reshape(-1)]
    margins = [a or b for a, b in zip(is_own, shared, strict=True)]
    return table(columns, found, noted([*is_own, *margins], found, rep, NOT_FITTED))
