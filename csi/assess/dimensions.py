"""Whether the items of a construct have one thing in common: eigenvalues of their correlations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.assess.blocks import block_slices, item_correlations, why_not
from csi.assess.kernel_spectrum import eigenvalues
from csi.assess.long_table import figures, noted, table
from csi.estimate.fit import Fit
from csi.index.replicated import Replicated

MEASURES = ("first_eigenvalue", "second_eigenvalue", "ratio", "first_share")
"""Largest and second eigenvalue, the first over the second, the first over the number of items."""


def block_dimensions(fit: Fit) -> Array:
    """Return the eigenvalue measures of every block.

    Parameters
    ----------
    fit : Fit
        Any batch.

    Returns
    -------
    (*batch, q, 4) in the order of `MEASURES`; NaN for single and formative constructs

    Notes
    -----
    A block is of one dimension where the first eigenvalue of its item correlations is above and
    the second below 1, and far from one another [tenenhaus2005pls]. In a sample the second one is
    too large on average, the more so the smaller the sample.
    """
    corr = item_correlations(fit)
    found = np.full((*fit.r2.shape, len(MEASURES)), np.nan)
    parts = zip(fit.model.constructs, block_slices(fit.model), strict=True)
    for j, (construct, block) in enumerate(parts):
        if why_not(construct):
            continue
        values = eigenvalues(corr[..., block, block])
        found[..., j, 0], found[..., j, 1] = values[..., 0], values[..., 1]
        with np.errstate(divide="ignore"):
            found[..., j, 2] = values[..., 0] / values[..., 1]
        found[..., j, 3] = values[..., 0] / values.shape[-1]
    return found


def dimensions_table(rep: Replicated) -> pd.DataFrame:
    """Return eigenvalue measures with errors and intervals.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``construct, measure, estimate, se, lower, upper, draws, note``
    """
    model = rep.model
    found = figures(rep, lambda f: block_dimensions(f).reshape(*f.moments.batch, -1))
    columns = {
        "construct": [name for name in model.names for _ in MEASURES],
        "measure": list(MEASURES) * len(model.names),
    }
    notes = [why_not(construct) for construct in model.constructs for _ in MEASURES]
    return table(columns, found, noted(notes, found, rep, "no solution"))
