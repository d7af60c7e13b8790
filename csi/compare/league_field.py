"""The companies of a period as ranks need them: figures, draws that go together, covariance.

Letters: k companies, R replicates, d draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray
from csi.compare.measured import find, freedom_of
from csi.estimate.multiple import normal_draws
from csi.index.joint import Joint
from csi.index.linear import combined


@dataclass(frozen=True, slots=True)
class Field:
    """The companies of one period: those with a figure and an error take part in ranks.

    Attributes
    ----------
    groups : tuple of str
        All k groups, in the order of tables.
    index, se, freedom : (k) NaN where there is none
    n : (k) respondents behind the figure
    why : tuple of str
        Why a group takes no part, or nothing.
    draws : (d, k) draws of the figures
    covariance : (k, k)
    kept : (k) True for those that take part
    pairs : float
        Degrees of freedom of differences, on the safe side.
    """

    groups: tuple[str, ...]
    index: Array
    se: Array
    freedom: Array
    n: Array
    why: tuple[str, ...]
    draws: Array
    covariance: Array
    kept: BoolArray
    pairs: float

    @property
    def ranked(self) -> Array:
        """Figures of the companies that take part, (k); NaN for the others."""
        return np.where(self.kept, self.index, np.nan)


def field_of(joint: Joint, period: str, construct: str, *, draws: int, seed: int) -> Field:
    """Look up the companies of a period with draws and covariance of their figures.

    Replicates that are no random draws, and linearised errors, give normal draws.
    """
    j, k = joint.column(construct), len(joint.groups)
    found = [find(joint, period, group, j) for group in joint.groups]
    why = [own.why or (f"suppressed: {own.small}" if own.small else "") for own in found]
    at = [own.at if own.at is not None and not why[g] else None for g, own in enumerate(found)]
    there = [(g, number) for g, number in enumerate(at) if number is not None]
    index, n, freedom = np.full(k, np.nan), np.zeros(k), np.full(k, np.nan)
    replicates = np.full((joint.draws.shape[-1], k), np.nan)
    for g, own in enumerate(found):
        n[g] = 0 if own.at is None else joint.base[own.at, j]
    for g, number in there:
        index[g] = joint.index[number, j]
        replicates[:, g] = joint.draws[number, j]
        units_less_strata = freedom_of([joint.linear[number].units])
        freedom[g] = joint.replication.freedom_of(units_less_strata)
    if joint.replication.method == "delta":
        covariance = _linear_covariance(joint, there, j, k)
    elif len(replicates):
        covariance = joint.replication.covariance(replicates, index)
    else:
        covariance = np.full((k, k), np.nan)
    variance = np.diag(covariance)
    kept = np.isfinite(index) & np.isfinite(variance) & (variance > 0) & (freedom >= 1)
    for g, _ in there:
        if not kept[g]:
            why[g] = "no rank: no standard error"
    drawn = replicates
    if not (joint.replication.random and len(replicates)):
        drawn = np.full((draws, k), np.nan)
        drawn[:, kept] = index[kept] + normal_draws(
            covariance[np.ix_(kept, kept)], draws=draws, seed=seed
        )
    return Field(
        joint.groups, index, np.sqrt(variance), freedom, n, tuple(why), drawn, covariance, kept,
        _pair_freedom(joint, [number for g, number in there if kept[g]], freedom[kept]),
    )  # fmt: skip


def _linear_covariance(joint: Joint, there: list[tuple[int, int]], j: int, k: int) -> Array:
    """Return the covariance matrix of the levels from the contributions of sampled units."""
    covariance = np.full((k, k), np.nan)
    for place, (g, number) in enumerate(there):
        one = joint.linear[number]
        covariance[g, g] = combined([(1.0, one.units, one.scores[:, j])]).variance
        for h, other_number in there[:place]:
            other = joint.linear[other_number]
            shared = 0.0
            if one.units.block == other.units.block:
                parts = [(1.0, one.units, one.scores[:, j])]
                both = combined([*parts, (-1.0, other.units, other.scores[:, j])]).variance
                shared = (covariance[g, g] + covariance[h, h] - both) / 2.0
            covariance[g, h] = covariance[h, g] = shared
    return covariance


def _pair_freedom(joint: Joint, numbers: list[int], freedom: Array) -> float:
    """Return degrees of freedom that no pair of these groups falls short of."""
    if len(numbers) < 2:
        return float(freedom.min(initial=np.inf))
    units = [joint.linear[number].units for number in numbers]
    least = np.sort([own.freedom for own in units])
    apart = len({own.block for own in units}) == len(units)
    return joint.replication.freedom_of(float(least[0] + least[1] if apart else least[0]))
