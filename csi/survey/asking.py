"""Who was asked what: routing, and items that a period did not have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csi.arrays import BoolArray
from csi.survey.cells import natural_key
from csi.survey.codebook import Codebook, Routing
from csi.survey.coding import ANSWERED, EMPTY, NO_ANSWER, NOT_ASKED, CodedItem, States
from csi.survey.key_columns import Names
from csi.survey.survey import ALL


def settle_blanks(
    codebook: Codebook, coded: Sequence[CodedItem], periods: Names, kept: BoolArray
) -> tuple[States, list[str]]:
    """Tell empty cells of people who were not asked from those who did not answer.

    Parameters
    ----------
    codebook : Codebook
    coded : sequence of k CodedItem
    periods : (n,) period of each row
    kept : (n,) rows that belong to the survey

    Returns
    -------
    (n, k) states, free of `EMPTY`
    list of str
        Notes: answers given against the routing, items a period did not have.
    """
    place = {item.name: number for number, item in enumerate(codebook.items)}
    columns, notes = [], []
    for item, found in zip(codebook.items, coded, strict=True):
        states = found.states
        if item.asked_if:
            asked = _asked(item.asked_if, coded[place[item.asked_if.item]])
            states = np.where((states == EMPTY) & ~asked, NOT_ASKED, states)
            notes += _against(item.name, item.asked_if, (states == ANSWERED) & ~asked & kept)
        states, without = _periods_without(states, periods, kept)
        if without:
            notes.append(f"{item.name} was not asked in {', '.join(without)}")
        columns.append(np.where(states == EMPTY, NO_ANSWER, states).astype(np.int8))
    return np.stack(columns, axis=1), notes


def _asked(rule: Routing, earlier: CodedItem) -> BoolArray:
    """(n,) True where the earlier answer, as written, lies in the range of the rule."""
    return (earlier.points >= rule.low) & (earlier.points <= rule.high)


def _against(name: str, rule: Routing, where: BoolArray) -> list[str]:
    count = int(where.sum())
    if not count:
        return []
    return [
        f"{name}: answers by respondents who should not have been asked: {count} "
        f"(asked if {rule.item} is {rule.low:g} to {rule.high:g}); they are kept"
    ]


def _periods_without(
    states: States, periods: Names, kept: BoolArray
) -> tuple[States, tuple[str, ...]]:
    """Mark the blanks of periods in which nobody has any other entry as not asked."""
    silent = np.isin(states, (EMPTY, NO_ANSWER, NOT_ASKED))
    spoken = set(periods[kept & ~silent].tolist())
    without = set(periods[kept].tolist()) - spoken - {ALL}
    if not without:
        return states, ()
    there = np.isin(periods.astype(str), list(without))
    names = tuple(sorted(without, key=natural_key))
    return np.where(there & (states == EMPTY), NOT_ASKED, states), names
