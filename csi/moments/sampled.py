"""The sampled units of a whole survey, in the strata of each period.

A unit (a respondent, or a cluster of them) that is in several periods is one unit in a stratum of
each of them. Letters: n respondents, U units, S strata of periods, P pairs of stratum and unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from csi.arrays import Array, BoolArray, IntArray
from csi.moments.blocks import common_means, merged_strata
from csi.survey.cells import natural_key
from csi.survey.survey import ALL, Survey


@dataclass(frozen=True, slots=True, eq=False)
class SampledUnits:
    """Which unit and stratum each respondent belongs to.

    Attributes
    ----------
    rank : (n) place of each respondent in an order that does not depend on the file's
    unit : (n) number of his unit; -1 for respondents of weight 0, who stand for nobody
    pair : (n) number of his pair of stratum and unit; -1 likewise
    pair_stratum, pair_unit : (P) the pairs
    key : (U) rank of the values of the keys of each unit
    periods : tuple of str, length S
        The period of each stratum.
    numbers : tuple of int, length S
        Its number in the design; -1 where strata of one unit were merged.
    fractions : (S) sampling fractions; 0 where there is no finite-population correction
    lonely : int
        Strata with a single unit, which were merged.
    """

    rank: IntArray
    unit: IntArray
    pair: IntArray
    pair_stratum: IntArray
    pair_unit: IntArray
    key: IntArray
    periods: tuple[str, ...]
    numbers: tuple[int, ...]
    fractions: Array
    lonely: int

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.key)

    @property
    def sizes(self) -> IntArray:
        """(S) units of each stratum."""
        return np.bincount(self.pair_stratum, minlength=len(self.periods)).astype(np.int64)

    def linked(self) -> IntArray:
        """(S) number of the set of strata, linked by shared units, that each stratum is in."""
        return _linked(self.pair_stratum, self.pair_unit, len(self.periods), self.units)

    def waves(self) -> list[tuple[str, IntArray]]:
        """Return sets of periods that share units, each with its name and its units in order."""
        names = sorted(set(self.periods), key=self.periods.index)
        of_pair = np.array([names.index(name) for name in self.periods], dtype=np.int64)[
            self.pair_stratum
        ]
        wave = _linked(of_pair, self.pair_unit, len(names), self.units)
        of_unit = np.zeros(self.units, dtype=np.int64)
        of_unit[self.pair_unit] = wave[of_pair]
        return [
            (
                " + ".join(names[k] for k in np.flatnonzero(wave == number)),
                np.flatnonzero(of_unit == number),
            )
            for number in np.unique(wave).tolist()
        ]


def sampled_units(survey: Survey, *, merge: bool, by: str | None = None) -> SampledUnits:
    """Find the sampled units of a survey and their strata.

    Parameters
    ----------
    survey : Survey
    merge : bool
        Merge strata with a single unit within their period, as they tell nothing of the
        variance.
    by : str, optional
        The key whose values are the periods; the codebook's time where None, no periods where
        empty.
    """
    design = survey.design
    names_of, values = _periods(survey, by)
    place = {name: number for number, name in enumerate(names_of)}
    period = np.array([place[value] for value in values], dtype=np.int64)
    keys = _key_codes(survey)
    rank = canonical_rank(survey, period, keys)
    counted = np.flatnonzero(design.weights > 0)
    own = design.clusters if design.clustered else rank
    names, unit = np.unique(own[counted], return_inverse=True)
    cells, cell = np.unique(
        np.stack([period[counted], design.strata[counted]], axis=1), axis=0, return_inverse=True
    )
    both = np.stack([cell.reshape(-1), unit.reshape(-1)], axis=1)
    pairs, first, pair = np.unique(both, axis=0, return_index=True, return_inverse=True)
    fraction = np.zeros(len(pairs))
    if design.fractions is not None:
        fraction = design.fractions[counted][first]
    stratum, period_of, numbers, lonely = pairs[:, 0], cells[:, 0], cells[:, 1], 0
    if merge:
        stratum, period_of, numbers, lonely = _merge(stratum, period_of, numbers, fraction >= 1)
    key = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(key, unit.reshape(-1), keys[counted])
    return SampledUnits(
        rank=rank,
        unit=_spread(unit.reshape(-1), counted, len(survey)),
        pair=_spread(pair.reshape(-1), counted, len(survey)),
        pair_stratum=stratum,
        pair_unit=pairs[:, 1],
        key=key,
        periods=tuple(names_of[k] for k in period_of.tolist()),
        numbers=tuple(numbers.tolist()),
        fractions=common_means(fraction, stratum, len(period_of)),
        lonely=lonely,
    )


def canonical_rank(survey: Survey, period: IntArray, keys: IntArray) -> IntArray:
    """(n,) place of each respondent by period, design, keys and answers, whatever the file.

    Respondents who tie are alike in all of these, so that it does not matter which is which.
    """
    design = survey.design
    order_of = [*survey.answers.T[::-1], keys, design.weights, design.strata]
    if design.replicates is not None:  # one number a row that no two different rows share
        weights = design.replicates.weights
        turn = np.sqrt(np.arange(2.0, weights.shape[1] + 2.0))
        order_of.insert(0, (weights * turn).sum(axis=1))
    if design.clustered:
        order_of.append(design.clusters)
    order = np.lexsort([*order_of, period])
    rank = np.empty(len(survey), dtype=np.int64)
    rank[order] = np.arange(len(survey))
    return rank


def _key_codes(survey: Survey) -> IntArray:
    """(n,) rank of each respondent's values of the keys taken together."""
    codes = np.zeros(len(survey), dtype=np.int64)
    for values in survey.keys.values():
        found, of = np.unique(values.astype(str), return_inverse=True)
        codes = codes * len(found) + of.reshape(-1)
        codes = np.unique(codes, return_inverse=True)[1].reshape(-1)  # small numbers again
    return codes


def _periods(survey: Survey, by: str | None) -> tuple[tuple[str, ...], list[str]]:
    """Return the periods in order and that of each respondent."""
    time = survey.codebook.time
    if by is None or (time is not None and by == time.name):
        return survey.periods, survey.period_of.tolist()
    values = survey.keys[by].tolist() if by else [ALL] * len(survey)
    return tuple(sorted(set(values), key=natural_key)), values


def _spread(values: IntArray, at: IntArray, n: int) -> IntArray:
    """Put values at their places among n; -1 elsewhere."""
    found = np.full(n, -1, dtype=np.int64)
    found[at] = values
    return found


def _merge(
    stratum: IntArray, period_of: IntArray, numbers: IntArray, whole: BoolArray
) -> tuple[IntArray, IntArray, IntArray, int]:
    """Merge strata of a single unit within each period; numbers of merged ones are -1."""
    merged = np.empty_like(stratum)
    periods: list[int] = []
    names: list[int] = []
    lonely = 0
    for period in np.unique(period_of).tolist():
        here = np.flatnonzero(period_of[stratum] == period)
        of, alone = merged_strata(stratum[here], whole[here])
        lonely += alone
        codes, of = np.unique(of, return_inverse=True)
        merged[here] = of.reshape(-1) + len(periods)
        for code in range(len(codes)):
            old = np.unique(stratum[here[of.reshape(-1) == code]])
            periods.append(period)
            names.append(int(numbers[old[0]]) if len(old) == 1 else -1)
    return merged, np.array(periods, dtype=np.int64), np.array(names, dtype=np.int64), lonely


def _linked(left: IntArray, right: IntArray, lefts: int, rights: int) -> IntArray:
    """(lefts) number of the connected set of each left node, by pairs of left and right nodes."""
    ends = (left, lefts + right)
    graph = csr_matrix((np.ones(len(left)), ends), shape=(lefts + rights,) * 2)
    _, found = connected_components(graph, directed=False)
    return np.asarray(np.unique(found[:lefts], return_inverse=True)[1].reshape(-1), dtype=np.int64)
