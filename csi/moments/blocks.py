"""Which respondents are drawn together: sampled units, strata, groups that share units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from csi.arrays import Array, IntArray
from csi.moments.groups import Cell, used_rows
from csi.moments.values import Missing
from csi.survey.survey import Survey


@dataclass(frozen=True, slots=True)
class Sample:
    """The answers of one group, (n, p), with weights and the sampled unit of each respondent.

    `numbers` are the places of the respondents in the survey.
    """

    items: tuple[str, ...]
    rows: Array
    weights: Array
    units: IntArray
    numbers: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


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
    survey: Survey, items: Sequence[tuple[str, ...]], cells: Sequence[Cell], missing: Missing
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
    """
    rows, answers = [], []
    for names, cell in zip(items, cells, strict=True):
        own = survey.columns(names)[cell.rows]
        used = used_rows(own, survey.design.weights[cell.rows], missing)
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
        strata, lonely = _merged(strata)
        ends = np.cumsum([len(rows[number]) for number in together])
        parts = np.split(units, ends[:-1])
        blocks.append(
            Block(
                label=" + ".join("|".join(cells[number].label) for number in together),
                cells=tuple(together),
                samples=tuple(
                    Sample(
                        items[number], answers[number], survey.design.weights[rows[number]], part
                    )
                    for number, part in zip(together, parts, strict=True)
                ),
                strata=strata,
                lonely=lonely,
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


def _merged(strata: IntArray) -> tuple[IntArray, int]:
    """Merge strata with a single unit, if need be with the smallest other; and count them."""
    codes, of, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    of = of.reshape(-1)
    lonely = np.flatnonzero(sizes == 1)
    if not len(lonely) or len(codes) == 1:
        return of, 0
    of = np.where(np.isin(of, lonely), lonely[0], of)
    if len(lonely) == 1:
        others = np.where(sizes == 1, len(strata) + 1, sizes)
        of = np.where(of == lonely[0], int(np.argmin(others)), of)
    return of, len(lonely)


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
