"""Index figures of one fit, for a notebook."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.errors import Fault, IndexFigureError
from csi.estimate.fit import Fit
from csi.estimate.intervals import IntervalKind, margin, standard_error
from csi.estimate.intervals import interval as interval_of
from csi.index.formula import equal_weights, index_score, index_sd, index_weights
from csi.index.levels import negative_weight, refuse_negative
from csi.survey.codebook import Codebook


def index_figures(
    fit: Fit,
    codebook: Codebook,
    *,
    weights: str = "own",
    draws: Fit | None = None,
    interval: IntervalKind = "normal",
    level: float = 0.95,
    freedom: float | None = None,
) -> pd.DataFrame:
    """Return the index of every construct of one fit, with margins of error where there are draws.

    Parameters
    ----------
    fit : Fit
        A single member (empty batch).
    codebook : Codebook
        Gives the ends of the answer scales.
    weights : {"own", "equal"}
    draws : Fit, optional
        The fit of replicates of the same sample, batch ``(d,)``; weights are re-estimated in
        each draw.
    interval : {"normal", "percentile", "bias-corrected"}
    level : float
    freedom : float, optional
        Degrees of freedom of the design: sampled units less strata. Respondents less one where
        None, which is right for a simple random sample only.

    Returns
    -------
    DataFrame
        One row a construct: ``construct, index, sd, n`` and, with draws, ``se, moe, lower,
        upper, draws_used``; scores on the 0-100 scale.

    Raises
    ------
    IndexFigureError
        For a batch, a fit that did not converge, or a negative weight.
    """
    _check(fit, weights)
    blocks = fit.model.blocks
    ends = [(codebook.item(item).low, codebook.item(item).high) for item in fit.model.items]
    low, high = (np.array(side, dtype=np.float64) for side in zip(*ends, strict=True))
    own = equal_weights(low, high, blocks) if weights == "equal" else index_weights(fit)
    score = index_score(fit.moments.mean, own, low, high, blocks)
    table = pd.DataFrame(
        {
            "construct": fit.model.names,
            "index": score,
            "sd": index_sd(fit.moments.cov, own, low, high, blocks),
            "n": int(fit.moments.n),
        }
    )
    if draws is None:
        return table
    usable = draws.converged & np.isfinite(draws.weights).all(axis=1)
    moving = own if weights == "equal" else index_weights(draws)[usable]
    drawn = index_score(draws.moments.mean[usable], moving, low, high, blocks)
    se = standard_error(drawn)
    freedom = float(fit.moments.n) - 1.0 if freedom is None else freedom
    table["se"] = se
    table["moe"] = margin(se, level=level, freedom=freedom)
    table["lower"], table["upper"] = interval_of(
        drawn, score, kind=interval, level=level, freedom=freedom
    )
    table["draws_used"] = int(usable.sum())
    return table


def _check(fit: Fit, weights: str) -> None:
    """Raise for a fit that has no index."""
    if fit.moments.batch:
        raise IndexFigureError(
            Fault("fit", f"has a batch of {fit.moments.batch}", "use yearly() for many groups")
        )
    if weights not in ("own", "equal"):
        raise IndexFigureError(
            Fault("option weights", f"{weights!r} is not possible", "use own or equal")
        )
    if fit.moments.problems or not fit.converged:
        why = fit.moments.problems[0] if fit.moments.problems else "the fit did not converge"
        raise IndexFigureError(Fault("fit", why, "look at the items, or raise max_steps"))
    if weights == "own":
        negative = refuse_negative(fit, index_weights(fit))
        if negative:
            raise IndexFigureError(
                [
                    Fault(f"construct {name}", negative_weight(items), "or use weights='equal'")
                    for name, items in negative
                ]
            )
