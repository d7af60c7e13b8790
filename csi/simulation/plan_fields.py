"""Parts of a simulation plan read from the tables of a TOML file."""

from __future__ import annotations

import math

from csi.simulation.plan import (
    WORDS,
    Clusters,
    ItemWords,
    MissingAnswers,
    Move,
    Stratum,
    TrueValues,
)
from csi.survey.toml_fields import Fields


def whole(fields: Fields, name: str) -> int:
    """Return a whole number; a fault where it is none or not given."""
    value = needed(fields, name)
    if not math.isfinite(value) or value != int(value):
        fields.fault(name, f"{value:g} is not a whole number", "write a whole number")
        return 0
    return int(value)


def needed(fields: Fields, name: str) -> float:
    """Return a number that has no default."""
    value = fields.number(name)
    if value is None and name not in fields.table:
        fields.fault(name, "is not given", f"write {name} = and a number")
    return value or 0.0


def ends(fields: Fields, name: str) -> tuple[int, int] | None:
    """Return scale ends, None where they are not given or wrong."""
    found = fields.value(name)
    if found is None:
        return None
    if isinstance(found, list) and [type(end) for end in found] == [int, int]:
        return found[0], found[1]
    fields.fault(name, f"{found!r} are not two whole numbers", f"write {name} = [1, 10]")
    return None


def numbers(fields: Fields, name: str) -> dict[str, float]:
    """Return a table of numbers; those that are none are faults."""
    inner = fields.child(name)
    if inner is None:
        return {}
    return {key: value for key in inner.table if (value := inner.number(key)) is not None}


def true_values(fields: Fields) -> TrueValues:
    """Read ``[truth]``: paths, loadings, levels, offsets, spreads and moves."""
    paths = {}
    for arrow, value in numbers(fields, "paths").items():
        source, between, target = (part.strip() for part in arrow.partition("->"))
        if not (source and between and target):
            fields.fault(f"paths, {arrow}", "is not an arrow", 'write "Image -> Loyalty" = 0.3')
        paths[source, target] = value
    tables = {name: numbers(fields, name) for name in ("loadings", "levels", "offsets", "spreads")}
    moves = tuple(_move(entry) for entry in fields.children("moves"))
    fields.finish()
    return TrueValues(paths=paths, moves=moves, **tables)


def _move(fields: Fields) -> Move:
    year = fields.strings("year")
    if len(year) > 1:
        fields.fault("year", "more than one", "give the first year of the change")
    move = Move(
        points=needed(fields, "points"),
        year=year[0] if year else None,
        group=fields.optional("group"),
        constructs=fields.strings("constructs"),
    )
    fields.finish()
    return move


def stratum(fields: Fields) -> Stratum:
    """Read one ``[[strata]]``."""
    if "name" not in fields.table:
        fields.fault("name", "is not given", "name the stratum")
    name, share = fields.string("name"), needed(fields, "share")
    others = _written(fields, ("rate", "shift"))
    fields.finish()
    return Stratum(name=name, share=share, **others)


def missing(fields: Fields) -> MissingAnswers:
    """Read ``[missing]``."""
    rates = _written(fields, ("dont_know", "refused", "blank", "satisfaction_slope"))
    fields.finish()
    return MissingAnswers(**rates)


def clusters(fields: Fields) -> Clusters:
    """Read ``[clusters]``."""
    units = Clusters(size=whole(fields, "size"), correlation=needed(fields, "correlation"))
    fields.finish()
    return units


def _written(fields: Fields, names: tuple[str, ...]) -> dict[str, float]:
    """Return the numbers that are written; the others keep their defaults."""
    return {name: value for name in names if (value := fields.number(name)) is not None}


def questions(fields: Fields) -> tuple[dict[str, ItemWords], dict[str, tuple[int, int]]]:
    """Read the words and the scales of the items that have them."""
    words, scales = {}, {}
    for name in fields.table:
        entry = fields.child(name)
        if entry is None:
            continue
        texts = {part: entry.text(part) for part in WORDS}
        if any(texts.values()):
            words[name] = ItemWords(**texts)
        scale = ends(entry, "scale")
        if scale:
            scales[name] = scale
        entry.finish()
    return words, scales
