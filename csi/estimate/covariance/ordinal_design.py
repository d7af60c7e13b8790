"""Covariances of the moments of ordinal items under the design of the survey."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.meat import Units
from csi.estimate.covariance.polychoric import OrdinalGroup
from csi.moments.design import design_covariance, design_variance


def moment_covariances(groups: tuple[OrdinalGroup, ...], units: Units, *, means: bool) -> Array:
    """Return the covariances of the moments for `csi.estimate.covariance.kernel_wls.sandwich`.

    Parameters
    ----------
    groups : tuple of OrdinalGroup
    units : Units
    means : bool
        With means after the covariances.

    Returns
    -------
    (g, t, t) or (1, g t, g t)
        Of groups of independent respondents; or from sums over sampled units within strata, where
        a unit with respondents in several groups makes these depend on one another.
    """
    if units.plain:
        return np.stack([group.gamma(means=means) for group in groups])
    sums = [
        group.unit_sums(of, units.count, means=means) * np.sqrt(len(of) - 1.0)
        for group, of in zip(groups, units.of, strict=True)
    ]
    whole = design_covariance(np.concatenate(sums, axis=1), units.strata, units.fractions)
    return whole[None]


def threshold_errors(group: OrdinalGroup, number: int, units: Units) -> Array:
    """Return the standard errors of a group's thresholds, (q, C - 1).

    Units without respondents in the group count as zeros: the group is a domain of the sample.
    """
    influence = group.threshold_influence()
    n = influence.shape[1]
    if units.plain:
        return np.asarray(np.sqrt(np.einsum("qnt,qnt->qt", influence, influence) * n / (n - 1.0)))
    found = []
    for own in influence:
        sums = np.zeros((units.count, own.shape[1]))
        np.add.at(sums, units.of[number], own)
        found.append(np.sqrt(design_variance(sums, units.strata, units.fractions)))
    return np.array(found).reshape(influence.shape[0], influence.shape[2])
