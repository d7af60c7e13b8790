"""The questions whose answers are judged: order, scales, batteries, and how they were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.errors import Fault, OptionError
from csi.survey.cells import natural_key, nearest
from csi.survey.codebook import Item
from csi.survey.survey import Survey

Groups = Mapping[str, Sequence[str]]
"""Names of items by the name of what they belong to: batteries, constructs."""


@dataclass(frozen=True, slots=True, eq=False)
class Questionnaire:
    """The answers of n respondents to p items in the order they were asked.

    Attributes
    ----------
    items : tuple of Item
    turned : (n, p) answers in points, reversed items turned round
    ticked : (n, p) answers in points as ticked
    put : (n, p) True where the question was put to the respondent
    scales : (p) number of the scale: items with the same ends have the same
    low, high : (p) ends of the scales
    batteries : mapping of str to tuple of str
    """

    items: tuple[Item, ...]
    turned: Array
    ticked: Array
    put: BoolArray
    scales: IntArray
    low: Array
    high: Array
    batteries: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the items."""
        return tuple(item.name for item in self.items)

    @property
    def reversed(self) -> BoolArray:
        """(p) True where the lower end of the printed scale is the best answer."""
        return np.array([item.reversed for item in self.items], dtype=np.bool_)

    @property
    def has_middle(self) -> BoolArray:
        """(p) True where whole points from end to end leave one in the middle: 1 to 5, not 10."""
        return np.asarray((self.high - self.low) % 2 == 0)

    @property
    def positions(self) -> Array:
        """(n, p) turned answers as shares of their scale."""
        return (self.turned - self.low) / (self.high - self.low)

    @property
    def ticked_positions(self) -> Array:
        """(n, p) answers as ticked, as shares of their scale."""
        return (self.ticked - self.low) / (self.high - self.low)

    def members(self, groups: Groups) -> BoolArray:
        """(p, b) True where the item belongs to the group."""
        names = self.names
        return np.array([[name in own for own in groups.values()] for name in names], dtype=np.bool_
                        ).reshape(len(names), len(groups))  # fmt: skip


def questionnaire_of(
    survey: Survey, items: Sequence[str] | None, batteries: Groups | None
) -> Questionnaire:
    """Return the questions in order; names are those of the survey.

    Batteries that are not given: neighbours in the questionnaire with the same ends of the scale
    and the same words at them.
    """
    names = survey.items if items is None else tuple(items)
    own = tuple(survey.codebook.item(name) for name in names)
    at = [survey.items.index(name) for name in names]
    turned = survey.answers[:, at]
    low, high = np.array([i.low for i in own]), np.array([i.high for i in own])
    upside_down = np.array([item.reversed for item in own])
    ends = [(item.low, item.high) for item in own]
    kinds = list(dict.fromkeys(ends))
    found = _neighbours(own) if batteries is None else batteries
    return Questionnaire(
        items=own,
        turned=turned,
        ticked=np.where(upside_down, low + high - turned, turned),
        put=survey.put[:, at],
        scales=np.array([kinds.index(end) for end in ends], dtype=np.int64),
        low=low,
        high=high,
        batteries={name: tuple(members) for name, members in found.items()},
    )


def _neighbours(items: Sequence[Item]) -> dict[str, list[str]]:
    """Put neighbours with the same scale together, under the name of the first and the last."""
    runs: list[list[Item]] = []
    for item in items:
        if runs and _scale(runs[-1][-1]) == _scale(item):
            runs[-1].append(item)
        else:
            runs.append([item])
    return {f"{run[0].name} to {run[-1].name}": [item.name for item in run]
            for run in runs if len(run) > 1}  # fmt: skip


def _scale(item: Item) -> tuple[object, ...]:
    return item.low, item.high, item.low_label, item.high_label


def check_names(
    survey: Survey,
    items: Sequence[str] | None,
    by: Sequence[str],
    within: Sequence[str],
    named: Mapping[str, Groups | None],
) -> None:
    """Raise for items and keys that the survey does not have, all at once."""
    faults: list[Fault] = []
    if items is not None and len(items) < 2:
        faults.append(Fault("items", f"{len(items)} is too few", "name two items at least"))
    if items is not None and len(set(items)) < len(items):
        faults.append(Fault("items", "an item is named twice", "name it once, where it was asked"))
    faults += _unknown("item", items or (), survey.items)
    asked = survey.items if items is None else tuple(items)
    for what, groups in named.items():
        for name, members in (groups or {}).items():
            if isinstance(members, str):
                fix = "write a list of items"
                faults.append(Fault(f"{what} {name}", f"{members!r} is no list", fix))
                continue
            faults += _unknown(f"{what} {name}, item", members, asked)
    faults += _mixed(survey, named.get("battery") or {})
    keys = (*by, *(key for key in within if key not in by))
    faults += _unknown("key", keys, tuple(survey.keys))
    if faults:
        raise OptionError(faults)


def _mixed(survey: Survey, batteries: Groups) -> list[Fault]:
    """Return the batteries whose items have scales of different ends."""
    ends = {item.name: (item.low, item.high) for item in survey.codebook.items}
    return [
        Fault(
            f"battery {name}",
            "its items have scales of different ends, so that no answer is the same",
            "split it",
        )
        for name, members in batteries.items()
        if not isinstance(members, str) and len({ends[m] for m in members if m in ends}) > 1
    ]


def _unknown(what: str, names: Sequence[str], known: Sequence[str]) -> list[Fault]:
    return [
        Fault(f"{what} {name!r}", "is not among those of the survey that are judged",
              nearest(str(name), known))
        for name in names
        if name not in known
    ]  # fmt: skip


def groups_of(survey: Survey, keys: Sequence[str]) -> list[tuple[tuple[str, ...], IntArray]]:
    """Return the groups present, in the order of the codebook, each with its row numbers.

    Respondents without a value of a key form a group of their own, ``""``.
    """
    if not keys:
        return [((), np.arange(len(survey)))]
    labels = list(zip(*(survey.keys[key].tolist() for key in keys), strict=True))
    rows: dict[tuple[str, ...], list[int]] = {}
    for row, label in enumerate(labels):
        rows.setdefault(label, []).append(row)
    listed = {key.name: list(key.values) for key in survey.codebook.keys}

    def place(label: tuple[str, ...]) -> tuple[object, ...]:
        parts: list[object] = []
        for key, value in zip(keys, label, strict=True):
            order = listed[key]
            parts.append((value not in order, order.index(value) if value in order else 0,
                          natural_key(value)))  # fmt: skip
        return tuple(parts)

    return [(label, np.array(rows[label])) for label in sorted(rows, key=place)]
