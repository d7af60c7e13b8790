"""From the TOML text of a codebook to its value."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from csi.errors import CodebookError, Fault
from csi.survey.answers import READY
from csi.survey.cells import nearest
from csi.survey.codebook import Codebook, Duration, DurationUnit, Item, Key, Meaning, Routing
from csi.survey.codebook_checks import MEANINGS
from csi.survey.replicate_form import KINDS, ReplicateForm, expanded
from csi.survey.study import study_in
from csi.survey.toml_fields import Fields
from csi.text import Text

Codes = Mapping[str, Meaning]


def parse_codebook(text: str, *, source: str) -> Codebook:
    """Return the codebook a TOML text describes.

    Parameters
    ----------
    text : str
    source : str
        Name of the file, for messages.

    Returns
    -------
    Codebook

    Raises
    ------
    CodebookError
        With every fault of the text at once.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers of thousands of digits
        fault = Fault(source, f"it is not valid TOML: {error}", "correct that line")
        raise CodebookError(fault) from None
    faults: list[Fault] = []
    codebook = _codebook(Fields(table, source, faults))
    if faults or codebook is None:
        raise CodebookError(faults)
    return codebook


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What holds for every item that does not say otherwise."""

    low: float | None = None
    high: float | None = None
    low_label: Text = Text()
    high_label: Text = Text()
    missing: Codes | None = None
    answers: Mapping[str, float] | None = None


_Scales = Mapping[str, Mapping[str, float]]


def _codebook(top: Fields) -> Codebook | None:
    """Read all of the file; None where a fault was noted."""
    scales = _named_scales(top)
    defaults = _defaults(top, scales)
    time = top.child("time")
    design = top.child("design") or Fields({}, f"{top.where}, design", top.faults)
    parts: dict[str, Any] = {
        "title": top.text("title"),
        "population": top.text("population"),
        "source": top.text("source"),
        "encoding": top.optional("encoding"),
        "respondent": top.strings("respondent"),
        "time": _key(time, "time") if time else None,
        "groups": tuple(_key(entry, "") for entry in top.children("groups")),
        "items": tuple(_item(entry, defaults, scales) for entry in top.children("items")),
        "weight": design.optional("weight"),
        "stratum": design.optional("stratum"),
        "cluster": design.optional("cluster"),
        "unweighted": design.strings("unweighted"),
        "fpc": design.optional("fpc"),
        "replicate_weights": expanded(design.strings("replicate_weights")),
        "replicates": _replicates(design),
        "duration": _duration(top),
        "study": study_in(top),
    }
    design.finish()
    top.finish()
    if top.faults:
        return None
    try:
        return Codebook(**parts)
    except CodebookError as error:
        top.faults += [Fault(f"{top.where}, {f.where}", f.what, f.fix) for f in error.faults]
        return None


def _duration(top: Fields) -> Duration | None:
    """Return the column of durations; faults of its unit are the codebook's."""
    table = top.child("duration")
    if table is None:
        return None
    if "column" not in table.table:
        table.fault("column", "it is not given", 'write column = "..."')
    found = Duration(
        column=table.string("column", "?"),
        unit=cast(DurationUnit, table.string("unit", "seconds")),
        missing=_codes(table) or {},
    )
    table.finish()
    return found


def _replicates(design: Fields) -> ReplicateForm | None:
    """Return the kind of the replicate weights; faults of its numbers are the codebook's."""
    table = design.child("replicates")
    if table is None:
        return None
    if "kind" not in table.table:
        table.fault("kind", "it is not given", f"write one of {', '.join(KINDS)}")
    found: dict[str, Any] = {
        "kind": table.string("kind", KINDS[0]),
        "fay": table.number("fay"),
        "scale": table.number("scale"),
        "rscales": table.numbers("rscales"),
        "around": table.optional("around"),
    }
    table.finish()
    return ReplicateForm(**found)


def _named_scales(top: Fields) -> _Scales:
    named = dict(READY)
    table = top.child("answers")
    if table:
        for name in table.table:
            points = _points(table, name)
            if points is not None:
                named[name] = points
    return named


def _points(table: Fields, name: str) -> Mapping[str, float] | None:
    """Return an answer map written out in full."""
    inner = table.child(name)
    if inner is None:
        return None
    found = {word: inner.number(word) for word in inner.table}
    return {word: point for word, point in found.items() if point is not None}


def _answers(entry: Fields, scales: _Scales) -> Mapping[str, float] | None:
    """Return an answer map written out or named; None where there is none."""
    found = entry.value("answers")
    if not isinstance(found, str):
        return _points(entry, "answers")
    if found not in scales:
        entry.fault("answers", f"there is no answer map {found!r}", nearest(found, sorted(scales)))
        return None
    return scales[found]


def _codes(entry: Fields) -> Codes | None:
    """Return the missing codes by code; the file lists them by meaning."""
    table = entry.child("missing")
    if table is None:
        return None
    codes: dict[str, Meaning] = {}
    for meaning in MEANINGS:
        for code in table.strings(meaning):
            if code in codes:
                table.fault(meaning, f"the code {code!r} has two meanings", "keep one of them")
            codes[code] = cast(Meaning, meaning)
    table.finish()
    return codes


def _defaults(top: Fields, scales: _Scales) -> _Defaults:
    table = top.child("defaults")
    if table is None:
        return _Defaults()
    found = _Defaults(
        low=table.number("low"),
        high=table.number("high"),
        low_label=table.text("low_label"),
        high_label=table.text("high_label"),
        missing=_codes(table),
        answers=_answers(table, scales),
    )
    table.finish()
    return found


def _name(entry: Fields, default: str = "") -> str:
    name = entry.string("name", default)
    if not name:
        entry.fault("", "it has no name", 'write name = "..."')
    return name


def _key(entry: Fields, default: str) -> Key:
    name = _name(entry, default)
    labels = entry.child("values")
    key = Key(
        name=name,
        column=entry.string("column", name),
        label=entry.text("label"),
        values={code: labels.text(code) for code in labels.table} if labels else {},
        missing=_codes(entry) or {},
    )
    entry.finish()
    return key


def _end(entry: Fields, name: str, default: float | None) -> float:
    found = entry.number(name)
    if found is None:
        found = default
    if found is None:
        entry.fault(
            name,
            "the end of the scale is not given",
            f"write {name} = ... or set it once in [defaults]",
        )
        return 0.0
    return found


def _routing(entry: Fields) -> Routing | None:
    table = entry.child("asked_if")
    if table is None:
        return None
    item, low, high = table.string("item"), table.number("low"), table.number("high")
    table.finish()
    if not item or low is None or high is None:
        table.fault("", "it is not complete", 'write { item = "REPUR", low = 6, high = 10 }')
        return None
    return Routing(item, low, high)


def _item(entry: Fields, defaults: _Defaults, scales: _Scales) -> Item:
    name = _name(entry)
    missing, answers = _codes(entry), _answers(entry, scales)
    given = entry.table
    item = Item(
        name=name,
        column=entry.string("column", name),
        label=entry.text("label"),
        wording=entry.text("wording"),
        low=_end(entry, "low", defaults.low),
        high=_end(entry, "high", defaults.high),
        low_label=entry.text("low_label") if "low_label" in given else defaults.low_label,
        high_label=entry.text("high_label") if "high_label" in given else defaults.high_label,
        reversed=entry.truth("reversed"),
        missing=(defaults.missing or {}) if missing is None else missing,
        answers=(defaults.answers or {}) if answers is None else answers,
        asked_if=_routing(entry),
    )
    entry.read |= {"low_label", "high_label"}
    entry.finish()
    return item
