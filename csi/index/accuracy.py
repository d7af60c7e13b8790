"""The error of one figure from its replicates, whatever kind they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.estimate.bca import acceleration
from csi.estimate.intervals import (
    IntervalKind,
    interval,
    margin,
    p_value,
    p_value_of_draws,
)
from csi.index.linear import Scores
from csi.moments.replication import Replication

USABLE = 0.9
"""With a smaller share of usable replicates the row says so."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What is known of the error of one figure; NaN where nothing is.

    Attributes
    ----------
    se, moe, lower, upper : float
        Standard error, margin of error and limits, in the units of the figure.
    p_value : float
        Two-sided, against zero; it goes with the limits.
    freedom : float
        Degrees of freedom.
    se_linear : float
        Standard error by linearisation.
    used : int
        Replicates used.
    """

    se: float = np.nan
    moe: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    p_value: float = np.nan
    freedom: float = np.nan
    se_linear: float = np.nan
    used: int = 0


def accuracy_of(
    draws: Array | None,
    estimate: float,
    replication: Replication,
    *,
    level: float,
    freedom: float,
    kind: IntervalKind = "normal",
    scores: Scores | None = None,
    ratio: Array | None = None,
) -> Accuracy:
    """Return standard error, limits and test of a figure.

    Parameters
    ----------
    draws : (R) or None
        The figure in every replicate, NaN where it could not be used.
    estimate : float
    replication : Replication
        Under the delta method the standard error is that of `scores`; without them that of its
        normal draws.
    level : float
    freedom : float
        Degrees of freedom of the design; the replicates may have fewer.
    kind : IntervalKind
    scores : Scores, optional
        For the linearised standard error, and the acceleration of ``bca``.
    ratio : (R), optional
        Standard error in every draw over that of the sample; for ``studentised``.
    """
    freedom = replication.freedom_of(freedom)
    linear = np.nan if scores is None else float(np.sqrt(scores.variance))
    used = 0 if draws is None else int(np.isfinite(draws).sum())
    delta = replication.method == "delta" and scores is not None
    if freedom < 1 or not np.isfinite(estimate) or (not delta and (draws is None or used < 2)):
        return Accuracy(freedom=freedom, se_linear=linear, used=used)
    if delta or draws is None:
        se = linear
    else:
        se = float(np.sqrt(replication.variance(draws, np.asarray(estimate))))
    half = float(margin(se, level=level, freedom=freedom))
    if kind == "normal" or draws is None:
        lower, upper = estimate - half, estimate + half
        p = float(p_value(estimate, se, freedom))
    else:
        a = np.nan if scores is None else float(acceleration(scores.z, scores.strata, scores.sizes))
        draw_se = None if ratio is None else se * ratio
        extra = {"acceleration": np.asarray(a), "se": np.asarray(se), "draw_se": draw_se}
        ends = interval(draws, estimate, kind=kind, level=level, freedom=freedom, **extra)
        lower, upper = (float(end) for end in ends)
        p = p_value_of_draws(draws, estimate, kind=kind, freedom=freedom, **extra)
    return Accuracy(se, half, lower, upper, p, float(freedom), linear, used)
