"""What may be wrong with a model: each check returns its faults, an empty list is a pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import get_args

from csi.errors import Fault
from csi.model.graph import circles
from csi.model.higher import higher_faults
from csi.model.parts import Construct, Kind, Path, Sign
from csi.model.words import nearest, remedy, usable

_NAMING = "use letters of any script, digits and _, no digit in front"


def model_faults(
    constructs: Sequence[Construct], paths: Sequence[Path], index: str, name: str
) -> list[Fault]:
    """Return everything that keeps these parts from being a model.

    Parameters
    ----------
    constructs : sequence of Construct
    paths : sequence of Path
    index : str
        Name of the construct published as the index.
    name : str
        Name of the model.
    """
    faults = [] if usable(name) else [Fault("model", f"name {name!r} is not usable", _NAMING)]
    if not constructs:
        return [*faults, Fault("model", "it has no constructs", "add constructs with items")]
    return [
        *faults,
        *_construct_faults(constructs),
        *_item_faults(constructs),
        *higher_faults(constructs, paths),
        *_path_faults(constructs, paths),
        *_connection_faults(constructs, paths),
        *_circle_faults(constructs, paths),
        *_index_faults(constructs, index),
    ]


def _construct_faults(constructs: Sequence[Construct]) -> Iterable[Fault]:
    """Find faults in name, kind and number of items of each construct."""
    for construct in constructs:
        where = f"construct {construct.name!r}"
        if not usable(construct.name):
            yield Fault(where, "the name is not usable", _NAMING)
        if construct.kind not in get_args(Kind):
            yield Fault(where, f"unknown kind {construct.kind!r}", _one_of(construct.kind, Kind))
        if not (construct.items or construct.parts):
            yield Fault(where, "it has no items", "give it items or leave it out")
        if construct.kind == "single" and len(construct.items) > 1 and not construct.parts:
            yield Fault(
                where,
                f"kind single with {len(construct.items)} items ({', '.join(construct.items)})",
                "keep one item, or make it reflective, composite or formative",
            )
    for name, count in Counter(c.name for c in constructs).items():
        if count > 1:
            yield Fault(f"construct {name!r}", f"defined {count} times", "give each its own name")


def _item_faults(constructs: Sequence[Construct]) -> Iterable[Fault]:
    """Find faults in item names, and items that stand in two places."""
    names = {construct.name for construct in constructs}
    users: dict[str, list[str]] = {}
    for construct in constructs:
        for item in () if construct.parts else construct.items:
            users.setdefault(item, []).append(construct.name)
            if item in names - {construct.name}:
                yield Fault(
                    f"construct {construct.name!r}",
                    f"its item {item!r} is also the name of a construct",
                    "rename the item, or name all parts of a construct of constructs as its parts",
                )
    for item, used_by in users.items():
        if not usable(item):
            yield Fault(f"item {item!r} of {used_by[0]!r}", "the name is not usable", _NAMING)
        if len(used_by) > 1:
            places = ", ".join(dict.fromkeys(used_by))
            yield Fault(
                f"item {item!r}",
                f"used {len(used_by)} times (constructs: {places})",
                "let it measure one construct, once",
            )


def _path_faults(constructs: Sequence[Construct], paths: Sequence[Path]) -> Iterable[Fault]:
    """Find wrong ends and signs of paths, and paths given twice."""
    names = [construct.name for construct in constructs]
    for path in paths:
        where = f"path {path}"
        for end in dict.fromkeys((path.source, path.target)):
            if end not in names:
                yield Fault(where, f"unknown construct {end!r}", remedy(end, names))
        if path.source == path.target:
            yield Fault(where, "it leads from a construct to itself", "leave it out")
        if path.sign not in get_args(Sign):
            yield Fault(where, f"unknown sign {path.sign!r}", "use one of +, -, ?")
    for (source, target), count in Counter((p.source, p.target) for p in paths).items():
        if count > 1:
            yield Fault(f"path {source} -> {target}", f"given {count} times", "give it once")


def _connection_faults(constructs: Sequence[Construct], paths: Sequence[Path]) -> Iterable[Fault]:
    """Find constructs without a path; a misspelt end counts for the nearest name."""
    names = list(dict.fromkeys(construct.name for construct in constructs))
    ends = {end for path in paths for end in (path.source, path.target)}
    reached = {end if end in names else nearest(end, names) for end in ends}
    for name in names:
        if name not in reached:
            yield Fault(
                f"construct {name!r}",
                "no path leads from it or to it",
                "connect it or leave it out",
            )


def _circle_faults(constructs: Sequence[Construct], paths: Sequence[Path]) -> Iterable[Fault]:
    """Find circles of two or more constructs."""
    names = list(dict.fromkeys(construct.name for construct in constructs))
    arrows = [
        (path.source, path.target)
        for path in paths
        if path.source in names and path.target in names and path.source != path.target
    ]
    for circle in circles(names, arrows):
        yield Fault(
            "paths",
            f"a circle: {' -> '.join(circle)}",
            "take one of these paths out; only recursive models are supported so far",
        )


def _index_faults(constructs: Sequence[Construct], index: str) -> Iterable[Fault]:
    """Find out whether the index is one of the constructs."""
    names = [construct.name for construct in constructs]
    if not index:
        yield Fault("index", "no index construct is named", f"name one of {', '.join(names)}")
    elif index not in names:
        yield Fault("index", f"unknown construct {index!r}", remedy(index, names))


def _one_of(word: object, choices: object) -> str:
    """Return the remedy for a word that is not one of a Literal's values."""
    return remedy(word, get_args(choices))
