"""Which groups or periods are compared with which, and the respondents in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from csi.errors import Fault, IndexFigureError, OptionError
from csi.model.model import Model
from csi.moments.groups import Cell, cells_of
from csi.survey.cells import nearest
from csi.survey.survey import Survey
from csi.text import Text

Pairs = str | Sequence[tuple[str, str]]
"""``all``, ``before``, ``rest``, ``reference:VALUE``, or pairs of values themselves."""

PAIRS = ("all", "before", "rest", "reference:VALUE")
OTHERS = "others"
"""Label of everybody else, where a group is compared with the rest."""

OTHERS_TEXT = Text("all others", "其余各组")


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """The part of a survey that is compared, and the groups in it.

    Attributes
    ----------
    survey : Survey
        Respondents with the values of `where` only.
    by : str
    where : mapping of str to str
    cells : tuple of Cell
        One a group, in the order of the codebook; two at least.
    pairs : tuple of (Cell, Cell)
        The comparisons: of a period with an earlier one, or of a group with one after it.
    timed : bool
        Whether the groups are periods.
    """

    survey: Survey
    by: str
    where: Mapping[str, str]
    cells: tuple[Cell, ...]
    pairs: tuple[tuple[Cell, Cell], ...]
    timed: bool

    @property
    def groups(self) -> tuple[str, ...]:
        """Values of the key, in order."""
        return tuple(cell.label[0] for cell in self.cells)

    def words(self, group: str) -> Text:
        """Return the label of a group, its value where it has none."""
        if group == OTHERS:
            return OTHERS_TEXT
        codebook = self.survey.codebook
        keys = (*((codebook.time,) if codebook.time else ()), *codebook.groups)
        for key in keys:
            if key.name == self.by and group in key.values:
                found: Text = key.values[group]
                return found
        return Text(group, group)

    def labels(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Text]:
        """Return the words for every group in the pairs."""
        return {name: self.words(name) for pair in pairs for name in pair}


def grouped(
    survey: Survey,
    model: Model,
    by: str | None,
    pairs: Pairs | None,
    where: Mapping[str, str] | None,
) -> Grouped:
    """Find the groups to compare.

    Parameters
    ----------
    survey : Survey
    model : Model
    by : str or None
        A key of the codebook; its time where None.
    pairs : str or sequence of (str, str), or None
        ``all`` pairs; each with the one ``before`` it; each with the ``rest`` together; each with
        one: ``reference:VALUE``; or the pairs themselves. None: ``before`` for periods, ``all``
        for groups.
    where : mapping of str to str, optional
        Values of other keys that all respondents share. Groups are compared in the last period
        where it names none.

    Raises
    ------
    IndexFigureError
        Items or keys that the survey lacks, values that nobody has, fewer than two groups: all
        at once.
    OptionError
        Pairs that are not possible.
    """
    time = survey.codebook.time.name if survey.codebook.time else ""
    by = time if by is None else by
    taken = dict(where or {})
    faults = _name_faults(survey, model, by, taken)
    if faults:
        raise IndexFigureError(faults)
    if time and by != time:
        taken.setdefault(time, survey.periods[-1])
    rows = np.ones(len(survey), dtype=bool)
    for key, value in taken.items():
        rows &= np.asarray(survey.keys[key] == value)
    part = survey if rows.all() else survey.take(np.flatnonzero(rows))
    cells = tuple(cells_of(part, (by,)))
    if len(cells) < 2:
        here = " where " + ", ".join(f"{k} is {v}" for k, v in taken.items()) if taken else ""
        fix = "compare along another key, or elsewhere"
        raise IndexFigureError(Fault(f"key {by}", f"has {len(cells)} group{here}", fix))
    timed = by == time
    usual: Pairs = "before" if timed else "all"
    wanted = usual if pairs is None else pairs
    return Grouped(part, by, taken, cells, _paired(cells, wanted, timed), timed)


def key_words(survey: Survey, name: str) -> Text:
    """Return what a key is called in sentences: its name, in Chinese its label."""
    codebook = survey.codebook
    keys = (*((codebook.time,) if codebook.time else ()), *codebook.groups)
    label = next((key.label.zh for key in keys if key.name == name), "")
    return Text(name, label or name)


def _name_faults(survey: Survey, model: Model, by: str, where: Mapping[str, str]) -> list[Fault]:
    """Return faults of names: items, keys and their values."""
    faults = [
        Fault(f"model item {item}", "is not an item of the codebook", nearest(item, survey.items))
        for item in survey.lacking(model.items)
    ]
    for place, key in [("by", by), *(("where", key) for key in where)]:
        if not key:
            fix = "name a key: by='company'"
            faults.append(Fault(place, "the survey has no time to compare along", fix))
        elif key not in survey.keys:
            what = f"{key!r} is not a key of the codebook"
            faults.append(Fault(place, what, nearest(str(key), survey.keys)))
    for key, value in where.items():
        known = sorted(set(survey.keys.get(key, ())) - {""})
        if key in survey.keys and value not in known:
            what = f"no respondent has {value!r} as {key}"
            faults.append(Fault(f"where {key}", what, nearest(str(value), known)))
    if by and by in where:
        faults.append(Fault("where", f"{by!r} tells the groups already", "leave it out there"))
    return faults


def _paired(cells: tuple[Cell, ...], pairs: Pairs, timed: bool) -> tuple[tuple[Cell, Cell], ...]:
    """Return the pairs of groups that an option asks for."""
    names = [cell.label[0] for cell in cells]
    count = range(len(cells))
    if not isinstance(pairs, str):
        return _named(cells, names, pairs)
    kind, _, value = pairs.partition(":")
    if kind == "reference" and value in names:
        at = names.index(value)
        return tuple((cells[k], cells[at]) for k in count if k != at)
    if pairs == "before":
        return tuple((cells[k], cells[k - 1]) for k in count if k)
    if pairs == "all":
        found = [(cells[j], cells[k]) for j in count for k in count if j < k]
        return tuple((b, a) if timed else (a, b) for a, b in found)
    if pairs == "rest":
        if len(cells) == 2:
            return ((cells[0], cells[1]),)
        return tuple((cells[k], _rest(cells, k)) for k in count)
    if kind == "reference":
        fault = Fault("option pairs", f"no group is called {value!r}", nearest(value, names))
    else:
        fix = f"use one of {', '.join(PAIRS)}, or pairs of groups"
        fault = Fault("option pairs", f"{pairs!r} is not possible", fix)
    raise OptionError(fault)


def _named(
    cells: tuple[Cell, ...], names: list[str], pairs: Sequence[tuple[str, str]]
) -> tuple[tuple[Cell, Cell], ...]:
    """Return the pairs that are named themselves."""
    fix = 'write pairs such as [("2025", "2020")]'
    faults = []
    for pair in pairs:
        if isinstance(pair, str) or len(pair) != 2 or pair[0] == pair[1]:
            faults.append(Fault("option pairs", f"{pair!r} are not two groups", fix))
            continue
        faults += [
            Fault("option pairs", f"no group is called {name!r}", nearest(str(name), names))
            for name in pair
            if name not in names
        ]
    if not pairs:
        faults.append(Fault("option pairs", "names none", fix))
    if faults:
        raise OptionError(faults)
    return tuple((cells[names.index(a)], cells[names.index(b)]) for a, b in pairs)


def _rest(cells: tuple[Cell, ...], at: int) -> Cell:
    """Return everybody but one group."""
    rows = np.concatenate([cell.rows for k, cell in enumerate(cells) if k != at])
    return Cell((OTHERS,), np.sort(rows))
