"""Contradictions inside a codebook, all at once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from csi.errors import Fault
from csi.survey.cells import code_of, nearest, number_in, plain
from csi.survey.replicate_form import form_faults
from csi.survey.study import study_faults

if TYPE_CHECKING:
    from csi.survey import codebook as values

MEANINGS = ("dont_know", "refused", "not_asked", "not_applicable", "no_answer")
UNITS = ("seconds", "minutes", "milliseconds")


def codebook_faults(codebook: values.Codebook) -> list[Fault]:
    """Return everything in which a codebook contradicts itself.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    list of Fault
        Empty where the codebook is sound.
    """
    return [fault for check in _CHECKS for fault in check(codebook)]


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _names(codebook: values.Codebook) -> Iterator[Fault]:
    if not codebook.items:
        yield Fault("items", "there is no item", "write at least one [[items]] entry")
    named: list[values.Item | values.Key] = [*codebook.items, *codebook.keys]
    for entry in named:
        if not entry.name.strip() or not entry.column.strip():
            yield Fault(
                f"entry {entry.name or entry.column!r}", "it has no name or no column", "write both"
            )
    for name in _repeated(entry.name for entry in named):
        yield Fault(f"{name!r}", "the name is used more than once", "give each entry its own name")


def _columns(codebook: values.Codebook) -> Iterator[Fault]:
    named = (codebook.weight, codebook.stratum, codebook.cluster, codebook.fpc)
    design = [plain(name) for name in (*named, *codebook.replicate_weights) if name]
    used = [plain(item.column) for item in codebook.items]
    for column in _repeated(used):
        yield Fault(
            f"column {column!r}", "two items read the same column", "give each item its own column"
        )
    for column in sorted(set(design) & set(used)):
        yield Fault(
            f"column {column!r}", "it is an item and part of the design", "take it out of one"
        )
    for column in _repeated(map(plain, [*codebook.replicate_weights, *codebook.respondent])):
        yield Fault(f"column {column!r}", "it is named twice", "name it once")


def _scales(codebook: values.Codebook) -> Iterator[Fault]:
    for item in codebook.items:
        where = f"item {item.name!r}"
        if not (math.isfinite(item.low) and math.isfinite(item.high)):
            yield Fault(where, "an end of its scale is not a number", "give finite low and high")
        elif item.low >= item.high:
            yield Fault(
                where,
                f"its scale runs from {item.low:g} to {item.high:g}",
                "low must be below high; write reversed = true where low is the best answer",
            )
        else:
            yield from _item_codes(where, item)


def _item_codes(where: str, item: values.Item) -> Iterator[Fault]:
    """Answers must lie on the scale; missing codes must be neither answers nor points."""
    for word, point in item.answers.items():
        if not item.low <= point <= item.high:
            yield Fault(
                where,
                f"the answer {word!r} stands for {point:g}, outside {item.low:g} to {item.high:g}",
                "correct the point or the ends of the scale",
            )
    answers = {code_of(word) for word in item.answers}
    for code in item.missing:
        number = number_in(code)
        if code_of(code) in answers:
            yield Fault(
                where, f"{code!r} is an answer and a missing code", "take it out of one of the two"
            )
        elif number is not None and item.low <= number <= item.high:
            yield Fault(
                where,
                f"the missing code {code!r} lies on the scale {item.low:g} to {item.high:g}",
                "give the item its own missing codes (missing = {} for none)",
            )


def _codes(codebook: values.Codebook) -> Iterator[Fault]:
    for item in codebook.items:
        where = f"item {item.name!r}"
        yield from _twice(where, "missing code", item.missing)
        yield from _twice(where, "answer", item.answers)
    coded: list[values.Item | values.Key] = [*codebook.items, *codebook.keys]
    for entry in coded:
        yield from _meanings(f"{entry.name!r}", entry.missing)
    for key in codebook.keys:
        yield from _twice(f"key {key.name!r}", "value", {**key.values, **key.missing})


def _meanings(where: str, codes: Mapping[str, str]) -> Iterator[Fault]:
    """Missing codes must have a known meaning and not be an empty cell."""
    for code, meaning in codes.items():
        if meaning not in MEANINGS:
            yield Fault(
                f"{where}, missing code {code!r}",
                f"{meaning!r} is not a known meaning",
                nearest(meaning, MEANINGS),
            )
        if not code.strip():
            yield Fault(
                where,
                "an empty cell is declared as a missing code",
                "leave it out; an empty cell is no_answer, or not_asked under routing",
            )


def _twice(where: str, kind: str, codes: Mapping[str, object]) -> Iterator[Fault]:
    """Two spellings of one code (``8`` and ``8.0``) that mean different things."""
    seen: dict[str, str] = {}
    for code, meaning in codes.items():
        first = seen.setdefault(code_of(code), code)
        if first != code and codes[first] != meaning:
            yield Fault(
                where, f"{kind} {code!r} is the same as {first!r}", "keep one of the two spellings"
            )


def _routing(codebook: values.Codebook) -> Iterator[Fault]:
    scales = {item.name: (item.low, item.high) for item in codebook.items}
    names = list(scales)
    yield from _circles(codebook)
    for item in codebook.items:
        rule, where = item.asked_if, f"item {item.name!r}, asked_if"
        if rule is None:
            continue
        if rule.item not in names:
            yield Fault(where, f"there is no item {rule.item!r}", nearest(rule.item, names))
        elif rule.item == item.name:
            yield Fault(where, "the item depends on itself", "name the earlier item")
        if not rule.low <= rule.high:
            yield Fault(where, f"low {rule.low:g} is above high {rule.high:g}", "swap the two")
        elif rule.item in scales and _apart((rule.low, rule.high), scales[rule.item]):
            low, high = scales[rule.item]
            yield Fault(
                where,
                f"no answer to {rule.item!r} ({low:g} to {high:g}) lies in "
                f"{rule.low:g} to {rule.high:g}, so nobody would be asked",
                "correct low and high",
            )


def _apart(one: tuple[float, float], two: tuple[float, float]) -> bool:
    return one[1] < two[0] or one[0] > two[1]


def _circles(codebook: values.Codebook) -> Iterator[Fault]:
    """Items that wait for each other's answers, each circle once."""
    earlier = {item.name: item.asked_if.item for item in codebook.items if item.asked_if}
    told: set[str] = set()
    for start in earlier:
        way, name = [start], earlier[start]
        while name in earlier and name not in way:
            way.append(name)
            name = earlier[name]
        circle = way[way.index(name) :] if name in way else []
        if len(circle) > 1 and not told & set(circle):
            told |= set(circle)
            yield Fault(
                f"item {circle[0]!r}, asked_if",
                f"the items wait for each other: {' <- '.join([*circle, circle[0]])}",
                "let an item depend on an earlier one only",
            )


def _duration(codebook: values.Codebook) -> Iterator[Fault]:
    given = codebook.duration
    if given is None:
        return
    if not given.column.strip():
        yield Fault("duration", "it has no column", 'write column = "..."')
    if given.unit not in UNITS:
        yield Fault("duration, unit", f"{given.unit!r} is not a unit", nearest(given.unit, UNITS))
    design = (codebook.weight, codebook.stratum, codebook.cluster, codebook.fpc)
    others = [item.column for item in codebook.items] + [key.column for key in codebook.keys]
    others += [name for name in (*design, *codebook.replicate_weights) if name]
    if plain(given.column) in {plain(name) for name in (*others, *codebook.respondent)}:
        yield Fault(
            f"column {given.column!r}",
            "it is the duration and something else besides",
            "take it out of one of the two",
        )
    yield from _meanings("duration", given.missing)


def _design(codebook: values.Codebook) -> Iterator[Fault]:
    if codebook.unweighted and codebook.weight is None:
        yield Fault("unweighted", "no weight column is named", "name design.weight or drop it")
    if codebook.unweighted and codebook.time is None:
        yield Fault("unweighted", "there is no time to name periods of", "write [time]")
    yield from form_faults(codebook.replicates, codebook.replicate_weights)


def _study(codebook: values.Codebook) -> Iterator[Fault]:
    yield from study_faults(codebook.study, codebook.time.values if codebook.time else None)


_CHECKS: tuple[Callable[[values.Codebook], Iterator[Fault]], ...] = (
    _names,
    _columns,
    _scales,
    _codes,
    _routing,
    _design,
    _duration,
    _study,
)
