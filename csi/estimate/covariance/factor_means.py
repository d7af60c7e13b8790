"""Means of the constructs compared between groups: the measured basis of a comparable index.

Letters: f free parameters, g groups, m constructs; A = (I - B)^-1, alpha intercepts of constructs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.estimate.covariance.anchors import Anchored, Scale, anchored
from csi.estimate.covariance.kernel import INTERCEPT, LOADING, MEAN, implied
from csi.estimate.covariance.result import SemFit
from csi.estimate.covariance.solution import delta_errors
from csi.estimate.intervals import margin, p_value
from csi.estimate.multiple import adjusted, check_level


def factor_means(fit: SemFit, *, scale: Scale = None, level: float = 0.95) -> pd.DataFrame:
    """Compare the means of the constructs of each group with those of the first.

    Parameters
    ----------
    fit : SemFit
        Of several groups with equal loadings and intercepts (scalar invariance), or enough of
        them: every construct needs an item that is measured alike in all groups.
    scale : Survey, mapping of item to (low, high), (low, high), optional
        Ends of the answer scales; the smallest and the largest answer to the item in the sample
        where None. Without them and without respondents points are NaN.
    level : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a construct and group, the first group's with difference 0: ``construct, group``;
        ``marker`` (the item whose scale the points are of: the first of the construct that is
        measured alike in all groups), ``anchors`` (the number of such items; two or more are
        wanted), ``low, high`` (ends of its scale); ``points`` (0-100); against the first group
        ``difference_points, points_se, points_lower, points_upper``, and in units of the first
        group's standard deviation of the construct ``difference_sd, sd_se, sd_lower, sd_upper``;
        ``p_value`` of the difference and ``p_holm``, adjusted over all rows of the table.

    Raises
    ------
    EstimationError
        Fits that did not converge or have one group; constructs whose means are not comparable
        because intercepts or loadings are not equal, by name, all at once; items without a scale.

    Notes
    -----
    The mean of a construct is its row of ``A alpha``, so that what reaches it over paths counts.
    With intercept nu and loading lambda of the marker in the first group, ``points`` is
    ``100 (nu + lambda mean - low) / (high - low)``: the answer to the marker that the model
    expects, free of what biases other items, on a scale from 0 to 100; a difference in points is
    ``100 lambda (mean_g - mean_1) / (high - low)``. Errors by the delta method from the covariance
    matrix of the fit, robust where that is. Comparable means need equal intercepts
    [meredith1993measurement], those of some items at least [byrne1989testing]; adjustment of
    p values after [holm1979simple].

    Examples
    --------
    >>> import csi
    >>> from csi.simulation import simulate
    >>> from csi.estimate.covariance.invariance_ladder import invariance
    >>> made = simulate(csi.models.load("scsb"), years=[2024, 2025], n=400, seed=1)
    >>> survey = csi.read_survey(made.answers, made.codebook)
    >>> alike = invariance(made.model, survey, by="year", levels=["configural", "scalar"])
    >>> means = factor_means(alike.fit("scalar"), scale=survey)
    >>> means["group"].unique().tolist()
    ['2024', '2025']
    """
    check_level(level)
    known = anchored(fit, scale)
    groups = fit.placed.model.groups
    figures = _figures(fit, known)
    count = len(known) * len(groups)
    found = figures(fit.x[None])[0].reshape(4, count)
    errors = delta_errors(fit, figures).reshape(4, count)
    points, raw, sd, apart = found
    first = np.tile(np.arange(len(groups)) == 0, len(known))
    errors = np.where(first, np.nan, errors)
    p = np.where(first, np.nan, p_value(raw, errors[1], np.inf))
    half_points = margin(errors[3], level=level, freedom=np.inf)
    half_sd = margin(errors[2], level=level, freedom=np.inf)
    every = [one for one in known for _ in groups]
    return pd.DataFrame(
        {
            "construct": [one.name for one in every],
            "group": list(groups) * len(known),
            "marker": [one.marker for one in every],
            "anchors": [one.anchors for one in every],
            "low": [one.low for one in every],
            "high": [one.high for one in every],
            "points": points,
            "difference_points": apart,
            "points_se": errors[3],
            "points_lower": apart - half_points,
            "points_upper": apart + half_points,
            "difference_sd": sd,
            "sd_se": errors[2],
            "sd_lower": sd - half_sd,
            "sd_upper": sd + half_sd,
            "p_value": p,
            "p_holm": adjusted(p, "holm"),
        }
    )


def _figures(fit: SemFit, known: list[Anchored]) -> Callable[[Array], Array]:
    """Return points, raw differences, and differences in standard deviations and in points."""
    place = [one.place for one in known]
    item = [one.item for one in known]
    low = np.array([one.low for one in known])
    span = np.array([one.high for one in known]) - low

    def of(x: Array) -> Array:
        at = implied(fit.placed.layout, x)
        means = (at.inverse @ at.matrices[MEAN][..., None])[:, :, place, 0]  # (b, g, k)
        loading = at.matrices[LOADING][:, 0][:, item, place][:, None]
        intercept = at.matrices[INTERCEPT][:, 0][:, item][:, None]
        spread = np.sqrt(at.latent[:, 0][:, place, place])[:, None]
        raw = means - means[:, :1]
        points = 100.0 * (intercept + loading * means - low) / span
        told = np.stack([points, raw, raw / spread, 100.0 * loading * raw / span], axis=1)
        return np.asarray(np.swapaxes(told, 2, 3).reshape(len(x), -1))  # by construct, then group

    return of
