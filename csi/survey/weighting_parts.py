"""A survey cut into the parts that are weighted by themselves, each with its margins as codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import IntArray
from csi.errors import Fault, SurveyError
from csi.survey.cells import natural_key, nearest
from csi.survey.key_columns import Names
from csi.survey.survey import ALL, Survey
from csi.survey.targets import JOIN, Margin, Margins, Targets, by_part, margins_of

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a survey with its margins.

    Attributes
    ----------
    label : str
        Values of the keys that cut the survey, joined by ``|``; ``"all"`` where nothing does.
    rows : (m,) respondents of the part
    margins : tuple of Margin
    codes : tuple of (m,) arrays
        For each margin the number of each respondent's value.
    """

    label: str
    rows: IntArray
    margins: tuple[Margin, ...]
    codes: tuple[IntArray, ...]


def keys_within(survey: Survey, within: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the keys that cut the survey: the time where nothing is said."""
    if within is None:
        return (survey.codebook.time.name,) if survey.codebook.time else ()
    return (within,) if isinstance(within, str) else tuple(within)


def parts_of(survey: Survey, targets: Targets, within: str | Sequence[str] | None) -> list[Part]:
    """Cut a survey into parts and join each with its targets.

    Parameters
    ----------
    survey : Survey
    targets : mapping
        Margins for all parts, or of each part.
    within : str, sequence of str or None
        Keys of the parts.

    Returns
    -------
    list of Part

    Raises
    ------
    SurveyError
        Unknown keys, parts and values, respondents without a value or without a target, targets
        without respondents, numbers that are no targets; all at once.
    """
    names = keys_within(survey, within)
    unknown = [name for name in names if name not in survey.keys]
    if unknown:
        raise SurveyError(_key_fault("within", name, survey) for name in unknown)
    label = joined(survey, names) if names else np.full(len(survey), ALL, dtype=object)
    labels = sorted(set(label.tolist()), key=natural_key)
    own = by_part(targets)
    faults = list(_part_faults(own, labels)) if own is not None else []
    if own is None and "" in labels:
        what = f"respondents without a value of {', '.join(names)}: {int((label == '').sum())}"
        faults.append(Fault("within", what, "give them a value, or leave them out of the survey"))
    parts = []
    for text in labels:
        margins: Margins = own.get(text, {}) if own is not None else targets  # type: ignore[assignment]
        if own is not None and text not in own:
            continue
        part, found = _part(survey, np.flatnonzero(label == text), text, margins)
        parts.append(part)
        faults += found
    if faults:
        raise SurveyError(dict.fromkeys(faults))
    return parts


def joined(survey: Survey, names: Sequence[str]) -> Names:
    """(n,) values of keys joined by ``|``; ``""`` where a respondent lacks one of them."""
    columns = [survey.keys[name].tolist() for name in names]
    rows = zip(*columns, strict=True)
    return np.array([JOIN.join(row) if all(row) else "" for row in rows], dtype=object)


def _key_fault(where: str, name: str, survey: Survey) -> Fault:
    what = f"{name!r} is not a time or group of the codebook"
    return Fault(where, what, nearest(name, survey.keys))


def _part_faults(own: Mapping[str, Margins], labels: Sequence[str]) -> Iterator[Fault]:
    for name in own:
        if name not in labels:
            yield Fault(f"targets, {name}", "no respondent is in this part", nearest(name, labels))
    for name in labels:
        if name not in own:
            shown = f"part {name!r}" if name else "respondents without a value of the parts"
            yield Fault("targets", f"there are none for {shown}", "give targets for every part")


def _part(survey: Survey, rows: IntArray, label: str, targets: Margins) -> tuple[Part, list[Fault]]:
    where = f"targets of {label}"
    margins, faults = margins_of(targets, "targets")
    sound, codes = [], []
    for margin in margins:
        unknown = [name for name in margin.keys if name not in survey.keys]
        faults += [_key_fault(f"targets, {margin.name}", name, survey) for name in unknown]
        if unknown:
            continue
        values = joined(survey, margin.keys)[rows]
        faults += _value_faults(f"{where}, {margin.name}", margin, values, survey, rows)
        place = {value: number for number, value in enumerate(margin.values)}
        codes.append(np.array([place.get(value, 0) for value in values.tolist()], dtype=np.int64))
        sound.append(margin)
    return Part(label, rows, tuple(sound), tuple(codes)), faults


def _value_faults(
    where: str, margin: Margin, values: Names, survey: Survey, rows: IntArray
) -> Iterator[Fault]:
    """Yield respondents without a value or target, and targets without respondents."""
    without = values == ""
    if without.any():
        names = ", ".join(map(str, survey.respondents[rows][without][:_SHOWN]))
        yield Fault(
            where,
            f"respondents without a value: {int(without.sum())} (such as {names})",
            "give them a value and a target, or leave them out of the survey",
        )
    found = set(values[~without].tolist())
    for value in sorted(found - set(margin.values), key=natural_key):
        count = int((values == value).sum())
        fix = f"give its target; {nearest(value, margin.values)}"
        yield Fault(where, f"there is no target for {value!r} ({count} respondents)", fix)
    weighted = set(values[survey.design.weights[rows] > 0].tolist())
    for value in margin.values:
        if value not in weighted:
            others = sorted(weighted - {""}, key=natural_key)
            what = f"no respondent with a positive weight has {value!r}"
            fix = f"merge it with another value, or correct it; {nearest(value, others)}"
            yield Fault(where, what, fix)
