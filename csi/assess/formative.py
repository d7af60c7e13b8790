"""Formative blocks: weights with their significance, and what to do about weak items."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.assess.blocks import formed
from csi.assess.collinearity import item_inflation
from csi.assess.long_table import figures, noted, table
from csi.assess.measurement_limits import FORMATIVE_LOADING
from csi.estimate.fit import Fit
from csi.index.replicated import Replicated

MEASURES = ("weight", "loading", "VIF")
"""In the order of the table."""

Standing = Literal["keep", "keep: loading", "consider", "leave out"]


def formative_table(rep: Replicated) -> pd.DataFrame:
    """Return weights, loadings and variance inflation of the items of formative constructs.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``construct, item, measure, estimate, se, lower, upper, p_value, draws, note``; p values
        of weights and loadings against zero, by t. No rows where no construct is formative.
    """
    model = rep.model
    at = [k for k, item in enumerate(model.items)
          if any(formed(c) and item in c.items for c in model.constructs)]  # fmt: skip

    def measured(fit: Fit) -> Array:
        parts = (fit.weights, fit.loadings, item_inflation(fit))
        found = np.stack([part[..., at] for part in parts], axis=-1)
        return found.reshape(*fit.moments.batch, len(at) * len(MEASURES))

    found = figures(rep, measured)
    of = {item: c.name for c in model.constructs for item in c.items}
    columns = {
        "construct": [of[model.items[k]] for k in at for _ in MEASURES],
        "item": [model.items[k] for k in at for _ in MEASURES],
        "measure": list(MEASURES) * len(at),
    }
    tested = np.array([measure != "VIF" for measure in columns["measure"]], dtype=bool)
    p_values = np.where(tested, rep.p_values(found.spread), np.nan)
    notes = noted([""] * len(tested), found, rep, "no solution")
    return table(columns, found, notes, {"p_value": p_values})


def standing(weight_p: float, loading: float, loading_p: float, *, level: float = 0.95) -> Standing:
    """Return what the usual rule says of one item of a formative block.

    Parameters
    ----------
    weight_p, loading_p : float
        p values of weight and loading against zero.
    loading : float
    level : float
        Confidence level: significant is a p value below one less it.

    Returns
    -------
    {"keep", "keep: loading", "consider", "leave out"}
        A significant weight stays; otherwise the loading decides: at least 0.5 stays, a smaller
        one that differs from zero is a matter of content, any other may go [hair2019use],
        [cenfetelli2009interpretation].

    Examples
    --------
    >>> standing(0.30, 0.62, 0.001), standing(0.30, 0.10, 0.40)
    ('keep: loading', 'leave out')
    """
    if weight_p < 1.0 - level:
        return "keep"
    if abs(loading) >= FORMATIVE_LOADING:
        return "keep: loading"
    return "consider" if loading_p < 1.0 - level else "leave out"
