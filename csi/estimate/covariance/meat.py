"""Sums over respondents or sampled units: what sandwich errors and robust tests are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, IntArray
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.information import weight_of
from csi.estimate.covariance.kernel import Discrepancy, Implied, Layout, slopes
from csi.estimate.covariance.kernel_casewise import (
    case_squares,
    casewise_scores,
    saturated_scores,
    turned_cov,
    whitened,
)
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.scoring import Target
from csi.moments.design import design_covariance, unit_factors


@dataclass(frozen=True, slots=True)
class Units:
    """The sampled units of a covariance fit.

    Attributes
    ----------
    plain : bool
        Whether respondents are independent draws of equal standing: no clusters and no strata.
    of : tuple of (n) arrays
        Unit of each respondent of each group, 0..u-1 over all groups.
    strata : (u) stratum of each unit
    fractions : (u) or None
        Sampling fractions of the strata.
    weights : tuple of (n) arrays
        Sampling weights, adding up to the group's share of all respondents.
    """

    plain: bool
    of: tuple[IntArray, ...]
    strata: IntArray
    fractions: Array | None
    weights: tuple[Array, ...]

    @property
    def count(self) -> int:
        """Number of units."""
        return len(self.strata)


def units_of(sample: SemSample, target: Target) -> Units:
    """Return the units of a sample.

    Parameters
    ----------
    sample : SemSample
        With its respondents. Units of the same number in several groups are one unit.
    target : Target
        Batch of one, for the shares of the groups.

    Raises
    ------
    EstimationError
        Where the sample has moments only, or strata of a single unit.

    Notes
    -----
    Weights are rescaled to a mean of one over all respondents: pseudo maximum likelihood
    [skinner1989domain].
    """
    if not sample.rows:
        raise EstimationError(
            Fault("data", "are moments only", "give respondents, or take errors='standard'")
        )
    total = sum(len(part.rows) for part in sample.rows)
    weights = tuple(
        part.weights * (total * share / part.weights.sum())
        for part, share in zip(sample.rows, target.share[0], strict=True)
    )
    clusters = np.concatenate([part.clusters for part in sample.rows])
    strata = np.concatenate([part.strata for part in sample.rows])
    fractions = _fractions(sample)
    plain = not (sample.clustered or sample.stratified or fractions is not None)
    if plain:
        at = np.split(np.arange(total), np.cumsum([len(part.rows) for part in sample.rows])[:-1])
        return Units(True, tuple(at), np.zeros(total, dtype=np.int64), None, weights)
    both = np.stack([strata, clusters])  # a cluster is one within its stratum
    _, first, unit = np.unique(both, axis=1, return_index=True, return_inverse=True)
    unit = unit.reshape(-1)
    at = np.split(unit, np.cumsum([len(part.rows) for part in sample.rows])[:-1])
    of_unit = None if fractions is None else fractions[first]
    _require_pairs(strata[first], of_unit)
    return Units(False, tuple(at), strata[first], of_unit, weights)


def _fractions(sample: SemSample) -> Array | None:
    parts = [part.fractions for part in sample.rows]
    known = [part for part in parts if part is not None]
    return np.concatenate(known) if len(known) == len(parts) else None


def _require_pairs(strata: IntArray, fractions: Array | None) -> None:
    """Refuse strata whose variance is not known."""
    bad = np.unique(strata[np.isnan(unit_factors(strata, fractions))])
    if len(bad):
        raise EstimationError(
            [
                Fault(f"stratum {number}", "has a single sampled unit in the fit",
                      "join it with a similar stratum")
                for number in bad.tolist()
            ]
        )  # fmt: skip


def score_rows(
    layout: Layout,
    at: Implied,
    target: Target,
    sample: SemSample,
    units: Units,
    *,
    kind: Discrepancy = "ml",
    sampled: bool = False,
) -> list[Array]:
    """Return weighted casewise scores of the free parameters, (n, f) a group.

    Parameters
    ----------
    layout, at, target, sample, units
        Batches of one.
    kind : {"ml", "gls", "uls"}
    sampled : bool
        Deviations from the sample's moments, not the model's: their sum in a group is zero.
    """
    found = []
    for group, part in enumerate(sample.rows):
        slope = slopes(layout, at, group)
        sigma = at.cov[0, group]
        weight = weight_of(target.cov[0, group], sigma, kind)
        center = sample.mean[group]
        level = sample.cov[group] if sampled else sigma
        if layout.means and not sampled:
            center = at.mean[0, group]
        own = casewise_scores(slope, part.rows - center, weight, weight @ level @ weight)
        w = units.weights[group]
        if sample.weighted or w[0] != 1.0:
            own *= w[:, None]
        found.append(own @ layout.basis[slope.which])
    return found


def meat_of(scores: Sequence[Array], units: Units) -> Array:
    r"""Return the variance of the sum of scores, (f, f).

    Parameters
    ----------
    scores : (n, f) a group
    units : Units

    Notes
    -----
    Respondents that are units of their own: :math:`\sum s s'`. Else deviations of the units' sums
    from the stratum's mean, times ``(1 - f_h) n_h / (n_h - 1)``, as survey linearisation has it
    [binder1983variances].
    """
    if units.plain:
        return np.asarray(sum(own.T @ own for own in scores))
    totals = np.zeros((units.count, scores[0].shape[1]))
    for own, of in zip(scores, units.of, strict=True):
        present, sums = _added(own, of)
        totals[present] += sums
    return design_covariance(totals, units.strata, units.fractions)


def _added(scores: Array, of: IntArray) -> tuple[IntArray, Array]:
    """Return the units present and their sums of rows."""
    order = np.argsort(of, kind="stable")
    present, starts = np.unique(of[order], return_index=True)
    return present, np.add.reduceat(scores[order], starts, axis=0)


def saturated_trace(sample: SemSample, units: Units, covs: Array, *, means: bool) -> float:
    """Return the trace of V times the variance of the saturated moments, summed over groups.

    Parameters
    ----------
    sample : SemSample
    units : Units
    covs : (g, p, p)
        Covariances that V is made of, ``(S^-1 x S^-1) / 2``: the model's or the sample's.
    means : bool
        With the means.
    """
    total = 0.0
    for group, part in enumerate(sample.rows):
        white, root = whitened(part.rows - sample.mean[group], covs[group])
        center = turned_cov(sample.cov[group], root)
        n = float(units.weights[group].sum())
        if units.plain:
            squares = case_squares(white, center, means=means)
            total += float(units.weights[group] ** 2 @ squares) / n
        else:
            rows = saturated_scores(white, center, means=means)
            rows *= units.weights[group]
            total += _unit_squares(rows, units, group) / n
    return total


def _unit_squares(rows: Array, units: Units, group: int) -> float:
    """Return the design variance of the sum of columns, added up over the p* rows."""
    of = units.of[group]
    order = np.argsort(of, kind="stable")
    present, starts = np.unique(of[order], return_index=True)
    sums = np.add.reduceat(rows[:, order], starts, axis=1)
    strata, number, sizes = np.unique(units.strata, return_inverse=True, return_counts=True)
    number = number.reshape(-1)
    factor = np.zeros(len(strata))
    factor[number] = unit_factors(units.strata, units.fractions)
    stratum = number[present]
    inside = np.bincount(stratum, np.einsum("su,su->u", sums, sums), minlength=len(strata))
    order = np.argsort(stratum, kind="stable")
    here, first = np.unique(stratum[order], return_index=True)
    center = np.add.reduceat(sums[:, order], first, axis=1)
    inside[here] -= np.einsum("sh,sh->h", center, center) / sizes[here]
    return float(factor @ inside)
