"""Variance inflation of items within their blocks and of the causes of each construct."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.assess.blocks import SINGLE, block_slices, item_correlations
from csi.assess.kernel_spectrum import variance_inflation
from csi.assess.long_table import figures, noted, table
from csi.estimate.fit import Fit
from csi.index.replicated import Replicated
from csi.model.model import Model

ONE_CAUSE = "one cause only: nothing it could be collinear with"
INDEFINITE = "the correlations are those of no variables (not positive definite)"


def item_inflation(fit: Fit) -> Array:
    """Return the variance inflation of every item on the others of its block.

    Parameters
    ----------
    fit : Fit
        Any batch.

    Returns
    -------
    (*batch, p); NaN for a single item
    """
    corr = item_correlations(fit)
    parts = [
        variance_inflation(corr[..., block, block])
        if block.stop - block.start > 1
        else np.full((*corr.shape[:-2], 1), np.nan)
        for block in block_slices(fit.model)
    ]
    return np.concatenate(parts, axis=-1)


def cause_inflation(fit: Fit) -> Array:
    """Return the variance inflation of every construct among the causes of every other.

    Parameters
    ----------
    fit : Fit
        Any batch; its construct correlations are corrected for attenuation under PLSc and free
        of measurement error in a covariance fit.

    Returns
    -------
    (*batch, q, q) as [source, target]; NaN where there is no path or only one cause
    """
    corr = fit.construct_corr
    found = np.full(corr.shape, np.nan)
    for target, arrows in enumerate(fit.model.arrows.T):
        sources = np.flatnonzero(arrows)
        if len(sources) > 1:
            found[..., sources, target] = variance_inflation(corr[..., sources[:, None], sources])
    return found


def arrows_of(model: Model) -> tuple[list[int], list[int]]:
    """Return the places of sources and targets of the paths, in the model's order."""
    return (
        [model.names.index(path.source) for path in model.paths],
        [model.names.index(path.target) for path in model.paths],
    )


def collinearity_table(rep: Replicated) -> pd.DataFrame:
    """Return variance inflation factors with errors and intervals.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``construct, predictor, measure, estimate, se, lower, upper, draws, note``; measure is
        ``item_VIF`` (the item ``predictor`` among those of its construct) or ``cause_VIF`` (the
        construct ``predictor`` among the causes of ``construct``). Intervals are found for the
        logarithm of the factor.
    """
    model = rep.model
    sources, targets = arrows_of(model)

    def both(fit: Fit) -> Array:
        causes = cause_inflation(fit)[..., sources, targets]
        return np.concatenate([item_inflation(fit), causes], axis=-1)

    found = figures(rep, both, positive=True)
    items = [(c.name, item, SINGLE if len(c.items) == 1 else "")
             for c in model.constructs for item in c.items]  # fmt: skip
    paths = [
        (path.target, path.source, "" if len(model.predecessors(path.target)) > 1 else ONE_CAUSE)
        for path in model.paths
    ]
    columns = {
        "construct": [row[0] for row in items + paths],
        "predictor": [row[1] for row in items + paths],
        "measure": ["item_VIF"] * len(items) + ["cause_VIF"] * len(paths),
    }
    notes = noted([row[2] for row in items + paths], found, rep, INDEFINITE)
    return table(columns, found, notes)
