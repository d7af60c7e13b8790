"""Constructs of constructs: the items and the arrows that follow from their parts.

A whole (``Quality``) has parts (``ProductQuality``, ``ServiceQuality``) in place of items. It is
measured by the items of its parts again, and arrows join it to them: from the parts to a composite
or formative whole, which is made of them, and from a reflective whole to the parts, which show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from csi.errors import Fault
from csi.model.parts import Construct, Path
from csi.model.words import remedy
from csi.repeats import answered_name, repeated_name

Pair = tuple[str, str]


def with_repeated_items(constructs: Sequence[Construct]) -> tuple[Construct, ...]:
    """Return the constructs, each whole with the items of its parts again.

    Items that a whole was given besides stay in front, for `higher_faults` to find them.

    Examples
    --------
    >>> parts = Construct("P", ("p1", "p2")), Construct("S", ("s1",), "single")
    >>> with_repeated_items([*parts, Construct("Q", (), "composite", parts=("P", "S"))])[-1].items
    ('p1@Q', 'p2@Q', 's1@Q')
    """
    items = {c.name: c.items for c in constructs if not c.parts}
    return tuple(
        replace(
            whole,
            items=(
                *_own_items(whole),
                *(
                    repeated_name(item, whole.name)
                    for part in dict.fromkeys(whole.parts)
                    for item in items.get(part, ())
                ),
            ),
        )
        if whole.parts
        else whole
        for whole in constructs
    )


def _own_items(whole: Construct) -> tuple[str, ...]:
    """Return the items of a whole that are no items used again."""
    return tuple(
        item for item in whole.items if item != repeated_name(answered_name(item), whole.name)
    )


def part_pairs(constructs: Iterable[Construct]) -> tuple[Pair, ...]:
    """Return source and target of the arrows between wholes and their parts.

    Examples
    --------
    >>> part_pairs([Construct("Q", (), "reflective", parts=("P", "S"))])
    (('Q', 'P'), ('Q', 'S'))
    """
    return tuple(
        (whole.name, part) if whole.kind == "reflective" else (part, whole.name)
        for whole in constructs
        for part in dict.fromkeys(whole.parts)
    )


def with_part_paths(constructs: Sequence[Construct], paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the paths, with the arrows between wholes and parts that are not written at the end.

    An arrow written the wrong way round is left alone, for `higher_faults` to name it.
    """
    drawn = {(path.source, path.target) for path in paths}
    names = {construct.name for construct in constructs}
    missing = [
        Path(source, target)
        for source, target in part_pairs(constructs)
        if not {(source, target), (target, source)} & drawn
        and {source, target} <= names
        and source != target
    ]
    return (*paths, *missing)


def higher_faults(constructs: Sequence[Construct], paths: Sequence[Path]) -> Iterable[Fault]:
    """Find wholes whose parts are wrong, and arrows that say a thing twice.

    Parameters
    ----------
    constructs : sequence of Construct
        From `with_repeated_items`.
    paths : sequence of Path
        From `with_part_paths`.
    """
    wholes = [construct for construct in constructs if construct.parts]
    for whole in wholes:
        yield from _part_faults(whole, constructs)
    owners: dict[str, list[str]] = {}
    for whole in wholes:
        for part in dict.fromkeys(whole.parts):
            owners.setdefault(part, []).append(whole.name)
    for part, of in owners.items():
        if len(of) > 1:
            fix = "let it be a part of one whole"
            yield Fault(f"construct {part!r}", f"is a part of {' and of '.join(of)}", fix)
    drawn = {(path.source, path.target) for path in paths}
    for whole in wholes:
        yield from _arrow_faults(whole, drawn)


def _part_faults(whole: Construct, constructs: Sequence[Construct]) -> Iterable[Fault]:
    """Find faults in the parts of one whole."""
    where = f"construct {whole.name!r}"
    by_name = {construct.name: construct for construct in constructs}
    others = [name for name in by_name if name != whole.name]
    own = _own_items(whole)
    if own:
        what = f"it has parts and items of its own ({', '.join(own)})"
        yield Fault(where, what, "keep one of them: a whole is measured by the items of its parts")
    if whole.kind == "single":
        yield Fault(where, "kind single with parts", "make it composite, formative or reflective")
    if len(whole.parts) < 2:
        fix = "name two parts or more, or give the construct the items"
        yield Fault(where, f"it has one part only ({whole.parts[0]})", fix)
    for part in dict.fromkeys(whole.parts):
        if whole.parts.count(part) > 1:
            yield Fault(
                where, f"names part {part!r} {whole.parts.count(part)} times", "name it once"
            )
        if part == whole.name:
            yield Fault(where, "is a part of itself", "take it out of its parts")
        elif part not in by_name:
            yield Fault(where, f"unknown part {part!r}", remedy(part, others))
        elif by_name[part].parts:
            listed = whole.name in by_name[part].parts
            what = f"is a part of its own part {part}" if listed else (
                f"its part {part!r} has parts, too: the third order is not supported"
            )  # fmt: skip
            fix = (
                "take it out of the parts of one" if listed else "name the parts of that part here"
            )
            yield Fault(where, what, fix)


def _arrow_faults(whole: Construct, drawn: set[Pair]) -> Iterable[Fault]:
    """Find arrows between one whole and its parts, or beside them, that contradict each other."""
    parts = set(whole.parts)
    made = whole.kind != "reflective"
    for part in dict.fromkeys(whole.parts):
        wrong = (whole.name, part) if made else (part, whole.name)
        if wrong in drawn and part != whole.name:
            what = (
                f"{whole.name} is {whole.kind}, so that it is made of {part}"
                if made
                else f"{whole.name} is reflective, so that {part} shows it"
            )
            other = "reflective" if made else "composite"
            fix = f"turn the arrow round, or call {whole.name} {other}"
            yield Fault(f"path {wrong[0]} -> {wrong[1]}", what, fix)
    targets = [{t for s, t in drawn if s == name} - {whole.name} for name in parts]
    for target in sorted(set.intersection(*targets) & {t for s, t in drawn if s == whole.name}):
        yield Fault(
            f"paths to {target}",
            f"{whole.name} and all its parts lead to it: they say the same thing twice",
            f"keep the arrow from {whole.name}, or those from its parts",
        )
    if not made:
        return
    for source in sorted({s for s, t in drawn if t == whole.name} - parts):
        reached = sorted(parts & {t for s, t in drawn if s == source})
        if reached:
            yield Fault(
                f"path {source} -> {whole.name}",
                f"{source} leads to {' and '.join(reached)}, too, which {whole.name} is made of",
                "keep the arrow to the whole, or those to its parts",
            )
        elif parts & _causes(source, drawn):
            yield Fault(
                f"path {source} -> {whole.name}",
                f"{source} follows from a part of {whole.name}",
                "turn the arrow round or leave it out",
            )


def _causes(name: str, drawn: set[Pair]) -> set[str]:
    """Return the constructs that arrows lead from, directly or not, to `name`."""
    found: set[str] = set()
    todo = [name]
    while todo:
        new = {s for s, t in drawn if t == todo[-1]} - found
        todo.pop()
        found |= new
        todo.extend(new)
    return found
