"""The delete-a-group jackknife: who is left out together, and what stands in for him.

Letters: R groups, one replicate each; S strata of periods, n units in a stratum, k of them in the
group left out; U units.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from csi.arrays import Array, BoolArray, IntArray
from csi.errors import Fault, MomentsError
from csi.moments.multipliers import DeletedGroups, entries
from csi.moments.sampled import SampledUnits


def deleted_groups(
    found: SampledUnits, groups: int | None, seed: int
) -> tuple[DeletedGroups, Array]:
    """Return the multipliers and the factors of a jackknife.

    Parameters
    ----------
    found : SampledUnits
    groups : int or None
        Number of groups; each unit is one where None.
    seed : int

    Returns
    -------
    DeletedGroups
    (R,) factors of the squared deviations

    Raises
    ------
    MomentsError
        Where a group has all the units of a stratum.
    """
    group = np.arange(found.units) if groups is None else group_units(found, groups, seed)
    count = groups or found.units
    sizes = found.sizes
    counts = csr_matrix(
        (np.ones(len(group[found.pair_unit])), (found.pair_stratum, group[found.pair_unit])),
        shape=(len(sizes), count),
    )
    counts.sum_duplicates()
    _refuse_whole(found, counts)
    stratum, part, taken = _members(counts)
    n = sizes[stratum].astype(np.float64)
    left = 1.0 - found.fractions
    if groups is None:
        factor, spare = np.zeros(count), np.zeros(count)
        np.maximum.at(factor, part, (n - 1.0) / n)
        np.maximum.at(spare, part, left[stratum])
    else:
        factor = np.full(count, (count - 1.0) / count)
        spare = np.full(count, left.max(initial=0.0))
    rest = _standing_in(n, taken, factor[part], plain=n >= count)
    with np.errstate(divide="ignore", invalid="ignore"):
        shrunk = np.where(spare[part] > 0, np.sqrt(left[stratum] / spare[part]), 0.0)
    rest *= shrunk
    table = csr_matrix((rest, (stratum, part)), shape=counts.shape)
    away = csr_matrix((-rest * (n - taken) / taken, (stratum, part)), shape=counts.shape)
    return _by_respondent(found, group, table, away), factor * spare


def _members(counts: csr_matrix) -> tuple[IntArray, IntArray, Array]:
    """Return stratum, group and number of units of every group that is in a stratum."""
    stratum, part = (places.astype(np.int64) for places in counts.nonzero())
    return stratum, part, entries(counts, stratum, part)


def _standing_in(n: Array, taken: Array, factor: Array, *, plain: BoolArray) -> Array:
    r"""Return what the multipliers of the rest gain when `taken` of `n` units are left out.

    Plainly k / (n - k), the weight of those left out spread over the rest. In a stratum with fewer
    units than there are groups that is too much, and

    .. math:: k / \sqrt{c \, n (n - k)}

    with the factor c makes the variance of a mean right [kott2001delete]; those left out then
    keep a part of their weight.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = taken / np.sqrt(factor * n * (n - taken))
        found = np.where(plain, taken / (n - taken), exact)
    return np.where(n > 1, found, 0.0)


def _refuse_whole(found: SampledUnits, counts: csr_matrix) -> None:
    """Raise where a group has all units of a stratum that has several."""
    stratum, _, taken = _members(counts)
    whole = taken == found.sizes[stratum]
    bad = np.unique(stratum[whole & (found.sizes[stratum] > 1)])
    if len(bad):
        raise MomentsError(
            Fault(
                f"option method jackknife, {strata_in_words(found, bad)}",
                "all sampled units are in one group",
                "take more groups, or method bootstrap",
            )
        )


def strata_in_words(found: SampledUnits, strata: IntArray, most: int = 5) -> str:
    """Name strata by period and number, the first few of many."""
    names = [
        f"stratum {found.numbers[k] + 1} of {found.periods[k]}"
        if found.numbers[k] >= 0
        else f"merged strata of {found.periods[k]}"
        for k in strata[:most].tolist()
    ]
    more = f" and {len(strata) - most} more" if len(strata) > most else ""
    return ", ".join(names) + more


def group_units(found: SampledUnits, groups: int, seed: int) -> IntArray:
    """Put units into groups at random, (U,).

    Units are taken in the order of periods, strata and values of the keys, at random within them,
    and dealt out to the groups in turn. Periods that share no unit have streams of chance of
    their own, made from the seed and the period.
    """
    first = np.full(found.units, len(found.periods))
    np.minimum.at(first, found.pair_unit, found.pair_stratum)
    group = np.empty(found.units, dtype=np.int64)
    for name, units in found.waves():
        rng = np.random.default_rng(np.random.SeedSequence([seed, *name.encode()]))
        start, chance = int(rng.integers(groups)), rng.random(len(units))
        order = units[np.lexsort((chance, found.key[units], first[units]))]
        group[order] = (start + np.arange(len(units))) % groups
    return group


def _by_respondent(
    found: SampledUnits, group: IntArray, rest: csr_matrix, away: csr_matrix
) -> DeletedGroups:
    """Give each respondent what his unit and stratum have; nothing to those of weight 0."""
    n = len(found.unit)
    counted = np.flatnonzero(found.unit >= 0)
    stratum, own = np.zeros(n, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    step = np.zeros(n)
    stratum[counted] = found.pair_stratum[found.pair[counted]]
    own[counted] = group[found.unit[counted]]
    step[counted] = entries(away, stratum[counted], own[counted])
    return DeletedGroups(stratum, own, step, rest)
