"""Targets of weighting: the margins of a population, from Python or from a file."""

from __future__ import annotations

import csv
import io
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from csi.arrays import Array, readonly
from csi.errors import Fault, SurveyError
from csi.survey.cells import key_of, nearest, number_in
from csi.tabular import Brief

Margins = Mapping[str, Mapping[str, float]]
"""For each key (``"region"``, or crossed ``"region|age"``) the share or count of its values."""

Targets = Margins | Mapping[str, Margins]
"""The same margins for every part of the survey, or those of each part."""

JOIN = "|"
COLUMNS = ("part", "margin", "value", "target")
_SUM = 1e-3  # shares printed with three decimals add up to one within this
_PERCENT = 0.5
_TOTALS = 0.01  # counts of one population may differ by this share between margins


@dataclass(frozen=True, slots=True, repr=False)
class Margin(Brief):
    """One margin as shares.

    Attributes
    ----------
    name : str
        The key, or keys joined by ``|``.
    values : tuple of str
        Values, joined by ``|`` where keys are crossed.
    shares : (k,) shares, adding up to one
    count : float or None
        Size of the population where the targets are counts.
    """

    name: str
    values: tuple[str, ...]
    shares: Array
    count: float | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are crossed."""
        return tuple(self.name.split(JOIN))


def margins_of(targets: Margins, where: str) -> tuple[list[Margin], list[Fault]]:
    """Return margins as shares, with all their faults.

    Parameters
    ----------
    targets : mapping of key to mapping of value to number
        Numbers up to 1 are shares and add up to one, numbers that add up to 100 are percentages,
        others counts.
    where : str
        Place for messages.

    Returns
    -------
    list of Margin
        The sound ones.
    list of Fault

    Examples
    --------
    >>> (margin,), faults = margins_of({"region": {"north": 300, "south": 900}}, "targets")
    >>> margin.shares.tolist(), margin.count
    ([0.25, 0.75], 1200.0)
    """
    found, faults = [], []
    for name, numbers in targets.items():
        told = list(_number_faults(f"{where}, {name}", numbers))
        faults += told
        if told:
            continue
        values = [float(number) for number in numbers.values()]
        total = math.fsum(values)
        counts = max(values) > 1 and abs(total - 100) > _PERCENT
        names = tuple(JOIN.join(key_of(p) for p in str(v).split(JOIN)) for v in numbers)
        if len(set(names)) < len(names):
            faults.append(Fault(f"{where}, {name}", "a value stands there twice", "drop one"))
        shares = readonly(np.array(values) / total)
        found.append(Margin(str(name), names, shares, total if counts else None))
    sizes = {margin.name: margin.count for margin in found if margin.count is not None}
    if sizes and max(sizes.values()) > min(sizes.values()) * (1 + _TOTALS):
        told_sizes = ", ".join(f"{name} {size:g}" for name, size in sizes.items())
        fix = "give counts of one population, or shares"
        faults.append(Fault(where, f"the counts have different totals: {told_sizes}", fix))
    if not targets:
        faults.append(Fault(where, "there is no margin", "give at least one"))
    return found, faults


def _number_faults(where: str, numbers: Any) -> Iterator[Fault]:
    if not isinstance(numbers, Mapping):
        yield Fault(where, f"{numbers!r} is not a margin", "give the target of each value")
        return
    values = list(numbers.values())
    words = [str(name) for name, value in numbers.items() if not _is_number(value)]
    if words:
        yield Fault(where, f"the target of {', '.join(words)} is not a number", "correct it")
        return
    bad = [str(name) for name, number in numbers.items() if not 0 < number < math.inf]
    if bad:
        fix = "give positive numbers; merge values that nobody of the population has"
        yield Fault(where, f"the target of {', '.join(bad)} is not a positive number", fix)
    elif not values:
        yield Fault(where, "there is no value", "give the share or count of each value")
    elif max(values) <= 1 and abs(math.fsum(values) - 1) > _SUM:
        yield Fault(where, f"the shares add up to {math.fsum(values):g}", "they must add up to 1")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def by_part(targets: Targets) -> Mapping[str, Margins] | None:
    """Return the margins of each part; None where the same hold for all parts."""
    deep = [
        isinstance(inner, Mapping) and any(isinstance(v, Mapping) for v in inner.values())
        for inner in targets.values()
    ]
    return targets if deep and all(deep) else None  # type: ignore[return-value]


def read_targets(path: str | Path) -> Targets:
    """Read targets from a TOML file, or from a CSV file.

    Parameters
    ----------
    path : str or Path
        TOML: a table a margin, ``[region]`` with ``north = 0.4``, or ``[2020.region]`` for parts.
        CSV: the columns ``margin, value, target`` and, for parts, ``part``.

    Returns
    -------
    mapping
        As `rake` takes it.

    Raises
    ------
    SurveyError
        The file cannot be read, or with every fault of it at once.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        fix = "give a TOML or CSV file in UTF-8"
        raise SurveyError(Fault(str(path), f"it cannot be read ({why})", fix)) from None
    if path.suffix.lower() == ".toml":
        return _from_toml(text, path.name)
    return _from_rows(list(csv.reader(io.StringIO(text))), path.name)


def _from_toml(text: str, name: str) -> Targets:
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        fault = Fault(name, f"it is not valid TOML: {error}", "correct that line")
        raise SurveyError(fault) from None
    faults = list(_toml_faults(table, name, depth=1))
    if faults:
        raise SurveyError(faults)
    return table


def _toml_faults(table: Mapping[str, Any], where: str, depth: int) -> Iterator[Fault]:
    """Yield entries that are neither tables nor, inside of a margin, numbers."""
    kinds = {isinstance(entry, dict) for entry in table.values()}
    if len(kinds) > 1 or (depth == 1 and kinds == {False}) or (depth == 3 and kinds == {True}):
        fix = "write [margin] with value = number, or [part.margin]"
        yield Fault(where, "tables and numbers do not stand where they belong", fix)
        return
    for name, entry in table.items():
        place = f"{where}, {name}"
        if isinstance(entry, dict):
            yield from _toml_faults(entry, place, depth + 1)
        elif isinstance(entry, bool) or not isinstance(entry, (int, float)):
            yield Fault(place, f"{entry!r} is not a number", "write a number without quotes")


def _from_rows(rows: list[list[str]], name: str) -> Targets:
    head = [cell.strip() for cell in rows[0]] if rows else []
    needed = COLUMNS[1:]
    faults = [
        Fault(f"{name}, column {column!r}", "the file has no such column", nearest(column, head))
        for column in needed
        if column not in head
    ]
    if faults:
        raise SurveyError(faults)
    found: dict[str, dict[str, dict[str, float]]] = {}
    for line, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(head, (cell.strip() for cell in cells), strict=False))
        number = number_in(row.get("target", ""))
        part = found.setdefault(row.get("part", ""), {}).setdefault(row.get("margin", ""), {})
        value = row.get("value", "")
        if number is None or len(cells) != len(head):
            faults.append(Fault(f"{name}, line {line}", "the target is not a number", "correct it"))
        elif value in part:
            faults.append(
                Fault(f"{name}, line {line}", f"{value!r} stands there twice", "drop one")
            )
        else:
            part[value] = number
    if faults:
        raise SurveyError(faults)
    return found if "part" in head else found.get("", {})
