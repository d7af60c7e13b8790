"""What is left of a model when some of its items were not asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from csi.model.parts import Construct, Path

Reduced = tuple[tuple[Construct, ...], tuple[Path, ...], tuple[str, ...]]


def reduced(
    constructs: Sequence[Construct], paths: Sequence[Path], items: Collection[str]
) -> Reduced:
    """Return constructs and paths without `items`, and what went with them, in words.

    A construct left without items goes with its paths; so does a construct of constructs left
    with fewer than two parts, and a construct that then has no path. A construct left with one
    item keeps its kind.
    """
    measured = [
        c if c.parts else replace(c, items=tuple(item for item in c.items if item not in items))
        for c in constructs
    ]
    there = {c.name for c in measured if c.items and not c.parts}
    measured = [
        replace(c, items=(), parts=tuple(part for part in c.parts if part in there))
        if c.parts
        else c
        for c in measured
    ]
    wholes = {c.name for c in constructs if c.parts}
    lost = {c.name for c in measured if c.name in wholes and len(c.parts) < 2}
    names = there | (wholes - lost)
    kept_paths = tuple(path for path in paths if {path.source, path.target} <= names)
    connected = {end for path in kept_paths for end in (path.source, path.target)}
    kept = tuple(construct for construct in measured if construct.name in connected)
    dropped = (
        *(
            f"construct {c.name}: none of its items is left"
            for c in measured
            if c.name not in names | wholes
        ),
        *(
            f"construct {c.name}: fewer than two of its parts are left"
            for c in measured
            if c.name in lost
        ),
        *(
            f"construct {c.name}: none of its paths is left"
            for c in measured
            if c.name in names and c.name not in connected
        ),
        *(f"path {path}" for path in paths if path not in kept_paths),
    )
    return kept, kept_paths, dropped
