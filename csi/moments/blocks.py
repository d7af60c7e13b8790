"""Which respondents are drawn together: sampled units, strata, groups that share units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.moments.groups import Cell, used_rows
from csi.moments.values import Missing
from csi.repeats import repeats_of
from csi.survey.survey import Survey
from csi.tabular import Brief


@dataclass(frozen=True, slots=True, repr=False)
class Sample(Brief):
    """The answers of one group, (n, p), with weights and the sampled unit of each respondent.

    `numbers` are the places of the respondents in the survey.
    """

    items: tuple[str, ...]
    rows: Array
    weights: Array
    units: IntArray
    numbers: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def distinct_sample(sample: Sample) -> Sample:
    """Return a sample with each column of answers once; the same sample where none is repeated."""
    found = repeats_of(sample.items)
    if not found:
        return sample
    return replace(sample, items=found.columns, rows=sample.rows[:, found.first])


@dataclass(frozen=True, slots=True)
class Block:
    """Groups that are resampled together because they share sampled units.

    Attributes
    ----------
    label : str
        Fixes the stream of chance together with the seed.
    cells : tuple of int
        Numbers of the groups.
    samples : tuple of Sample
    strata : (u) stratum number of each unit, strata with a single unit merged
    lonely : int
        Number of strata that had a single unit.
    fractions : (u) or None
        Sampling fraction of each unit's stratum; None where there is no finite-population
        correction. Merged strata take the mean of theirs.
    """

    label: str
    cells: tuple[int, ...]
    samples: tuple[Sample, ...]
    strata: IntArray
    lonely: int = 0
    fractions: Array | None = None


def blocks_of(
    survey: Survey,
    items: Sequence[tuple[str, ...]],
    cells: Sequence[Cell],
    missing: Missing,
    *,
    replicated: bool = False,
) -> list[Block]:
    """Sort groups into blocks that share no sampled unit, with the answers each needs.

    Parameters
    ----------
    survey : Survey
    items : sequence of tuple of str
        The items of each group.
    cells : sequence of Cell
        The groups.
    missing : Missing
        Decides which respondents are used: those with all answers, or with any.
    replicated : bool
        Keep also respondents whose sampling weight is 0 while a replicate weight is not.
    """
    weights = survey.design.weights
    if replicated and survey.design.replicates is not None:
        weights = np.maximum(weights, survey.design.replicates.weights.max(axis=1))
    columns = {names: survey.columns(names) for names in dict.fromkeys(items)}
    rows, answers = [], []
    for names, cell in zip(items, cells, strict=True):
        own = columns[names][cell.rows]
        used = used_rows(own, weights[cell.rows], missing)
        order = _in_order(cell.rows[used], own[used], survey)
        rows.append(cell.rows[used][order])
        answers.append(own[used][order])
    blocks = []
    for together in _joined(survey, rows):
        every = np.concatenate([rows[number] for number in together])
        units = np.arange(len(every))
        if survey.design.clustered:
            units = np.unique(survey.design.clusters[every], return_inverse=True)[1].reshape(-1)
        strata = np.zeros(int(units.max(initial=-1)) + 1, dtype=np.int64)
        strata[units] = survey.design.strata[every]
        own_strata, fractions = strata, None
        if survey.design.fractions is not None:
            fractions = common_means(survey.design.fractions[every], units, len(strata))
        strata, lonely = merged_strata(strata, None if fractions is None else fractions >= 1)
        if fractions is not None:
            fractions = _of_merged(fractions, own_strata, strata)
        ends = np.cumsum([len(rows[number]) for number in together])
        parts = np.split(units, ends[:-1])
        blocks.append(
            Block(
                label=" + ".join("|".join(cells[number].label) for number in together),
                cells=tuple(together),
                samples=tuple(
                    Sample(
                        items[number],
                        answers[number],
                        survey.design.weights[rows[number]],
                        part,
                        rows[number],
                    )
                    for number, part in zip(together, parts, strict=True)
                ),
                strata=strata,
                lonely=lonely,
                fractions=fractions,
            )
        )
    return blocks


def _in_order(rows: IntArray, answers: Array, survey: Survey) -> IntArray:
    """Return the order of respondents by design and answers, whatever their order in the file."""
    design = survey.design
    keys = [*answers.T[::-1], design.weights[rows], design.strata[rows]]
    if design.clustered:
        keys.append(design.clusters[rows])
    return np.lexsort(keys)


def merged_strata(strata: IntArray, whole: BoolArray | None = None) -> tuple[IntArray, int]:
    """Merge strata with a single unit, if need be with the smallest other; and count them.

    Parameters
    ----------
    strata : (u) stratum of each unit
    whole : (u), optional
        Units of strata that were taken whole: alone or not, they add nothing to the variance
        and are left as they are.

    Returns
    -------
    (u) numbers of the strata after merging, and how many had a single unit

    Examples
    --------
    >>> merged_strata(np.array([4, 4, 4, 7, 8, 8]))
    (array([0, 0, 0, 2, 2, 2]), 1)
    """
    codes, of, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    of = of.reshape(-1)
    apart = np.zeros(len(codes), dtype=bool)
    if whole is not None:
        apart[of[whole]] = True
    lonely = np.flatnonzero((sizes == 1) & ~apart)
    if not len(lonely) or len(codes) - int(apart.sum()) == 1:
        return of, 0
    of = np.where(np.isin(of, lonely), lonely[0], of)
    if len(lonely) == 1:
        others = np.where((sizes == 1) | apart, len(strata) + 1, sizes)
        of = np.where(of == lonely[0], int(np.argmin(others)), of)
    return of, len(lonely)


def common_means(values: Array, of: IntArray, count: int) -> Array:
    """Mean value of each of `count` groups; exactly the common one where all are alike."""
    found = np.zeros(count)
    found[of] = values
    differs = np.zeros(count, dtype=bool)
    differs[of[values != found[of]]] = True
    sizes = np.maximum(np.bincount(of, minlength=count), 1)
    return np.where(differs, np.bincount(of, weights=values, minlength=count) / sizes, found)


def _of_merged(fractions: Array, before: IntArray, after: IntArray) -> Array:
    """(u) fractions, where strata were merged the mean of theirs."""
    pairs = np.unique(np.stack([after, before], axis=1), axis=0)
    joined = np.bincount(pairs[:, 0], minlength=int(after.max(initial=-1)) + 1) > 1
    means = common_means(fractions, after, len(joined))
    return np.where(joined[after], means[after], fractions)


def _joined(survey: Survey, rows: Sequence[IntArray]) -> list[list[int]]:
    """Return the numbers of groups, those that share a sampled unit together."""
    if not survey.design.clustered:
        return [[number] for number in range(len(rows))]
    root = list(range(len(rows)))

    def top(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    owner: dict[int, int] = {}
    for number, part in enumerate(rows):
        for cluster in np.unique(survey.design.clusters[part]).tolist():
            first = owner.setdefault(cluster, number)
            low, high = sorted((top(first), top(number)))
            root[high] = low
    sets: dict[int, list[int]] = {}
    for number in range(len(rows)):
        sets.setdefault(top(number), []).append(number)
    return list(sets.values())
