"""Tables of errors of prediction: by item, by construct, and of the index score."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.assess.cross_validation import PREDICTORS, CrossValidation
from csi.assess.kernel_predict import q2_predict, skewness, weighted_mean

SKEWED = 1.0
"""Errors of a larger absolute skewness count as clearly asymmetric, and are judged by the mean
absolute error [shmueli2019predictive]; the limit is the usual reading of skewness."""


def items_table(found: CrossValidation) -> pd.DataFrame:
    """Return one row a predicted item."""
    weights, model = found.sample.weights, found.fit.model
    construct = {item: c.name for c in model.constructs for item in c.items}
    square = np.stack([weighted_mean(part, weights) for part in found.squared])
    size = np.stack([weighted_mean(part, weights) for part in found.absolute])
    rmse, inside = np.sqrt(square), np.sqrt(found.inside_squared)
    each = np.sqrt(found.by_repetition[:, 0])
    spread = each.std(axis=0, ddof=1) if len(each) > 1 else np.full(len(found.items), np.nan)
    n = found.counted.sum(axis=0)
    nobody = "nobody answered it and all items it is predicted from"
    return pd.DataFrame(
        {
            "construct": [construct[item] for item in found.items],
            "item": list(found.items),
            **{f"rmse_{name}": rmse[k] for k, name in enumerate(PREDICTORS)},
            **{f"mae_{name}": size[k] for k, name in enumerate(PREDICTORS)},
            "q2_predict": q2_predict(square[0], square[2]),
            "rmse_in": inside[0],
            "mae_in": found.inside_absolute[0],
            "rmse_lm_in": inside[1],
            "mae_lm_in": found.inside_absolute[1],
            "overfit": rmse[0] / inside[0],
            "rmse_sd": spread,
            "skewness": skewness(found.error, weights),
            "n": n,
            "left_out": len(weights) - n,
            "note": ["" if count else nobody for count in n],
        }
    )


def constructs_table(items: pd.DataFrame) -> pd.DataFrame:
    """Return one row an endogenous construct, from the table of items."""
    values = {name: items[name].to_numpy() for name in items.columns}
    rows = []
    for construct in dict.fromkeys(values["construct"]):
        at = np.flatnonzero(values["construct"] == construct)
        skewed = bool((np.abs(values["skewness"][at]) > SKEWED).any())
        by = "mae" if skewed else "rmse"
        positive = int((values["q2_predict"][at] > 0).sum())
        better = int((values[f"{by}_pls"][at] < values[f"{by}_lm"][at]).sum())
        known = at[values["n"][at] > 0]
        ours, mean = (np.sum(values[f"rmse_{name}"][known] ** 2) for name in ("pls", "ia"))
        rows.append(
            {
                "construct": construct,
                "items": len(at),
                "q2_predict": float(q2_predict(ours, mean)),
                "q2_positive": positive,
                "judged_by": by,
                "better": better,
                "power": _power(better, positive, len(at)) if len(known) else "",
                "n": int(values["n"][at].max()),
                "note": "" if len(known) else "no answer could be predicted",
            }
        )
    return pd.DataFrame(rows)


def _power(better: int, positive: int, items: int) -> str:
    """Grade predictive power by items predicted better than by the linear model.

    Source: [shmueli2019predictive].

    Examples
    --------
    >>> [_power(k, 4, 4) for k in (4, 2, 1, 0)], _power(4, 0, 4)
    (['high', 'medium', 'low', 'none'], 'none')
    """
    if not better or not positive:
        return "none"
    if better == items:
        return "high"
    return "medium" if 2 * better >= items else "low"


def index_errors(found: CrossValidation) -> pd.DataFrame:
    """Return by how many points of 0-100 the index score of a respondent is missed.

    Parameters
    ----------
    found : CrossValidation

    Returns
    -------
    DataFrame
        One row a predictor (``pls``, ``lm``, ``ia``): ``construct, predictor, rmse, mae,
        q2_predict, n, note``. The score is that of the published index, with the item weights of
        all respondents; figures are NaN where the index construct is exogenous.
    """
    weights, model = found.sample.weights, found.fit.model
    square = weighted_mean(found.score_squared.T, weights)
    size = weighted_mean(found.score_absolute.T, weights)
    n = int(np.sum(np.isfinite(found.score_squared[0])))
    exogenous = not model.predecessors(model.index)
    return pd.DataFrame(
        {
            "construct": model.index,
            "predictor": list(PREDICTORS),
            "rmse": np.sqrt(square),
            "mae": size,
            "q2_predict": q2_predict(square, square[2]),
            "n": n,
            "note": "exogenous: nothing predicts it" if exogenous else "",
        }
    )
