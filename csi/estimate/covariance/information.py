"""Information matrices of the free parameters: expected, observed and of least squares."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.kernel import Discrepancy, Layout, implied, information_of, slopes
from csi.estimate.covariance.kernel_information import observed_of
from csi.estimate.covariance.options import Information
from csi.estimate.covariance.scoring import Target


def information(
    layout: Layout,
    target: Target,
    x: Array,
    *,
    kind: Discrepancy = "ml",
    which: Information = "expected",
) -> Array:
    """Return the information of one respondent about the free parameters.

    Parameters
    ----------
    layout : Layout
    target : Target
    x : (b, f) free parameters
    kind : {"ml", "gls", "uls"}
        Discrepancy whose second derivatives are taken.
    which : {"expected", "observed"}
        ``observed`` are the second derivatives at the sample's moments, in closed form.

    Returns
    -------
    (b, f, f)

    Notes
    -----
    The covariance matrix of maximum likelihood estimates is its inverse, divided by the number of
    respondents [joreskog1977structural].
    """
    at = implied(layout, x)
    total = np.zeros((len(x), layout.basis.shape[0], layout.basis.shape[0]))
    for group in range(layout.groups):
        slope = slopes(layout, at, group)
        if which == "observed":
            own = observed_of(layout, at, group, target.cov[:, group], target.mean[:, group], kind)
        else:
            own = information_of(slope, weight_of(target.cov[:, group], at.cov[:, group], kind))
        total[:, slope.which[:, None], slope.which] += target.share[:, group, None, None] * own
    return np.asarray(layout.basis.T @ total @ layout.basis)


def weight_of(cov: Array, sigma: Array, kind: Discrepancy) -> Array:
    """Return the weight matrix W of a discrepancy, (..., p, p).

    Parameters
    ----------
    cov, sigma : (..., p, p) of the sample and the model
    kind : {"ml", "gls", "uls"}
    """
    if kind == "uls":
        return np.broadcast_to(np.eye(sigma.shape[-1]), sigma.shape)
    return np.asarray(np.linalg.inv(sigma if kind == "ml" else cov), dtype=np.float64)


def normal_meat(layout: Layout, target: Target, x: Array, *, kind: Discrepancy) -> Array:
    """Return the covariance matrix of one respondent's scores under normality, (b, f, f).

    That of maximum likelihood is the expected information; least squares with another weight need
    it for their errors.

    Parameters
    ----------
    layout : Layout
    target : Target
    x : (b, f)
    kind : {"ml", "gls", "uls"}
    """
    at = implied(layout, x)
    total = np.zeros((len(x), layout.basis.shape[0], layout.basis.shape[0]))
    for group in range(layout.groups):
        slope = slopes(layout, at, group)
        sigma = at.cov[:, group]
        weight = weight_of(target.cov[:, group], sigma, kind)
        own = information_of(slope, weight @ sigma @ weight)
        total[:, slope.which[:, None], slope.which] += target.share[:, group, None, None] * own
    return np.asarray(layout.basis.T @ total @ layout.basis)
