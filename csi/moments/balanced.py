"""Balanced half samples: two sampled units a stratum, and which of them a replicate takes."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, IntArray
from csi.errors import Fault, MomentsError
from csi.moments.deleted_groups import strata_in_words
from csi.moments.multipliers import HalfSamples
from csi.moments.sampled import SampledUnits

MOST = 4096
"""Replicates of one survey; more strata than that are for other methods."""

INSTEAD = "take method bootstrap or jackknife, or pair the units into strata of two"


def half_samples(found: SampledUnits, method: str, fay: float) -> tuple[HalfSamples, int]:
    """Return the multipliers of balanced half samples.

    Parameters
    ----------
    found : SampledUnits
        Strata not merged.
    method : str
        For messages.
    fay : float
        What the lighter half keeps of its weight.

    Returns
    -------
    HalfSamples
    int
        Number of strata; those of several periods that share units count once.

    Raises
    ------
    MomentsError
        Where a stratum has more or fewer than two units, where units of several periods cannot be
        halved alike in all, or for too many strata.
    """
    where = f"option method {method}"
    faults = _wrong_sizes(found, where)
    if faults:
        raise MomentsError(faults)
    linked = found.linked()
    count = int(linked.max(initial=-1)) + 1
    order = 1 << count.bit_length()  # the first column of the matrix is left out
    if order > MOST:
        raise MomentsError(
            Fault(where, f"{count} strata need {order} replicates", "take bootstrap or jackknife")
        )
    sign, odd = _sides(found)
    if len(odd):
        raise MomentsError(
            Fault(
                f"{where}, {strata_in_words(found, odd)}",
                "units of several periods cannot be halved alike in all of them",
                INSTEAD,
            )
        )
    counted = np.flatnonzero(found.unit >= 0)
    stratum = found.pair_stratum[found.pair[counted]]
    column, step = np.zeros(len(found.unit), dtype=np.int64), np.zeros(len(found.unit))
    column[counted] = 1 + linked[stratum]
    left = np.sqrt(1.0 - found.fractions[stratum])
    step[counted] = (1.0 - fay) * left * sign[found.unit[counted]]
    return HalfSamples(column, step, order), count


def _wrong_sizes(found: SampledUnits, where: str) -> list[Fault]:
    """Return faults for strata that have not two units, one for each number of units."""
    sizes = found.sizes
    return [
        Fault(
            f"{where}, {strata_in_words(found, np.flatnonzero(sizes == size))}",
            f"{size} sampled unit{'s' * (size > 1)}, not two",
            INSTEAD,
        )
        for size in np.unique(sizes[sizes != 2]).tolist()
    ]


def _sides(found: SampledUnits) -> tuple[Array, IntArray]:
    """(U) plus or minus 1 so that the two units of a stratum differ, and strata where they cannot.

    A unit that is in several periods has one side in all of them.
    """
    order = np.argsort(found.pair_stratum, kind="stable")
    pairs = found.pair_unit[order].reshape(-1, 2)
    beside: list[list[int]] = [[] for _ in range(found.units)]
    for one, two in pairs.tolist():
        beside[one].append(two)
        beside[two].append(one)
    sign = np.zeros(found.units)
    for first in range(found.units):
        if sign[first]:
            continue
        sign[first], waiting = 1.0, [first]
        while waiting:
            unit = waiting.pop()
            for other in beside[unit]:
                if not sign[other]:
                    sign[other] = -sign[unit]
                    waiting.append(other)
    return sign, np.flatnonzero(sign[pairs[:, 0]] == sign[pairs[:, 1]])
