"""From a codebook to TOML text a person can read and edit."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from csi.survey.answers import READY
from csi.survey.codebook import Codebook, Item, Key
from csi.survey.codebook_checks import MEANINGS
from csi.survey.study import PERIODS, Study, study_entries
from csi.text import Text

NO_REMARKS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
STUDY = "[study]"
"""Head of the section on how the survey was made, and the name of remarks on it."""
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def format_codebook(codebook: Codebook, remarks: Mapping[str, tuple[str, ...]] = NO_REMARKS) -> str:
    """Return a codebook as TOML; what most items share is written once, in ``[defaults]``.

    Parameters
    ----------
    codebook : Codebook
    remarks : mapping of str to tuple of str
        Comment lines to put before an item or a key, by its name; those of ``""`` come first,
        those of ``"[study]"`` where that section stands or would stand.

    Returns
    -------
    str
        Text that reads back as an equal codebook.
    """
    shared = _shared(codebook.items)
    scales = _scale_names(codebook.items)
    parts = [
        _comment(remarks.get("", ())) + _head(codebook),
        _block("[defaults]", _ends(shared, scales, {})),
        _scale_block(scales),
        *([_key_block("[time]", codebook.time, remarks)] if codebook.time else []),
        *(_key_block("[[groups]]", key, remarks) for key in codebook.groups),
        _block("[design]", _design(codebook)),
        _block("[duration]", _duration(codebook)),
        (_comment(remarks.get(STUDY, ())) + _study(codebook.study)).rstrip("\n"),
        *(_item_block(item, shared, scales, remarks) for item in codebook.items),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _quoted(text: str) -> str:
    """Return a TOML string; control characters are escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Text):
        return _written(value.to_dict() if value.zh else value.en)
    if isinstance(value, (int, float)):
        value = float(value)
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_name(name)} = {_written(part)}" for name, part in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return "[" + ", ".join(map(_written, value)) + "]"


def _name(name: str) -> str:
    return name if _BARE.match(name) else _quoted(name)


def _comment(lines: Iterable[str]) -> str:
    return "".join(f"# {part}\n" for line in lines for part in line.splitlines())


def _block(head: str, entries: Mapping[str, Any]) -> str:
    """Return a table with its head; nothing where it has no entries."""
    if not entries:
        return ""
    lines = [f"{_name(name)} = {_written(value)}" for name, value in entries.items()]
    return "\n".join([head, *lines] if head else lines)


def _head(codebook: Codebook) -> str:
    entries: dict[str, Any] = {"title": codebook.title}
    for name in ("population", "source", "encoding", "respondent"):
        value = getattr(codebook, name)
        if value:
            entries[name] = value
    return _block("", entries)


def _design(codebook: Codebook) -> dict[str, Any]:
    names = ("weight", "stratum", "cluster", "unweighted", "fpc", "replicate_weights")
    found = {name: getattr(codebook, name) for name in names}
    form = codebook.replicates
    if form is not None:
        parts = ("kind", "fay", "scale", "rscales", "around")
        found["replicates"] = _given({part: getattr(form, part) for part in parts})
    return _given(found)


def _duration(codebook: Codebook) -> dict[str, Any]:
    given = codebook.duration
    if given is None:
        return {}
    found: dict[str, Any] = {"column": given.column, "unit": given.unit}
    return found | ({"missing": _by_meaning(given.missing)} if given.missing else {})


def _study(study: Study) -> str:
    """Return how the survey was made: a table, and one for each period."""
    own, by_period = study_entries(study)
    blocks = [_block(STUDY, own)]
    for period, entries in by_period.items():
        head = f"[study.{PERIODS}.{_name(period)}]"
        blocks.append(_block(head, entries) or head)
    return "\n\n".join(block for block in blocks if block)


def _given(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if value not in (None, ())}


def _by_meaning(codes: Mapping[str, str]) -> dict[str, list[str]]:
    """Return missing codes as the file lists them: the codes of each meaning."""
    listed = {
        name: [code for code, meaning in codes.items() if meaning == name] for name in MEANINGS
    }
    return {name: found for name, found in listed.items() if found}


def _key_block(head: str, key: Key, remarks: Mapping[str, tuple[str, ...]]) -> str:
    entries: dict[str, Any] = {"name": key.name, "column": key.column}
    if key.label:
        entries["label"] = key.label
    if key.missing:
        entries["missing"] = _by_meaning(key.missing)
    block = _comment(remarks.get(key.name, ())) + _block(head, entries)
    if not key.values:
        return block
    section = "groups.values" if head == "[[groups]]" else "time.values"
    return block + "\n" + (_block(f"[{section}]", key.values))


_PARTS = ("low", "high", "low_label", "high_label", "missing", "answers")
_EMPTY: dict[str, Any] = {"low_label": Text(), "high_label": Text(), "missing": {}, "answers": {}}


def _hashed(value: Any) -> Hashable:
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value


def _shared(items: tuple[Item, ...]) -> dict[str, Any]:
    """Return for each part of a scale what most items have; a tie goes to the earlier item."""
    shared = {}
    for part in _PARTS:
        values = [getattr(item, part) for item in items]
        top = Counter(map(_hashed, values)).most_common(1)[0][0]
        shared[part] = next(value for value in values if _hashed(value) == top)
    return shared


def _scale_names(items: tuple[Item, ...]) -> dict[Hashable, tuple[str, Mapping[str, float]]]:
    """Give every answer map a name: that of a ready map, or ``scale1``, ``scale2`` ..."""
    names = {_hashed(scale): (name, scale) for name, scale in READY.items()}
    used: dict[Hashable, tuple[str, Mapping[str, float]]] = {}
    own = 0
    for item in items:
        scale = _hashed(item.answers)
        if item.answers and scale not in used:
            own += scale not in names
            used[scale] = names.get(scale, (f"scale{own}", item.answers))
    return used


_Scales = Mapping[Hashable, tuple[str, Mapping[str, float]]]


def _scale_block(scales: _Scales) -> str:
    return _block(
        "[answers]", {name: scale for name, scale in scales.values() if name not in READY}
    )


def _ends(values: Mapping[str, Any], scales: _Scales, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a scale as the file writes them, without those already known."""
    written: dict[str, Any] = {}
    for part in _PARTS:
        value = values[part]
        if value == known.get(part, _EMPTY.get(part)):
            continue
        if part == "missing":
            value = _by_meaning(value)
        elif part == "answers" and value:
            value = scales[_hashed(value)][0]
        written[part] = "" if value == Text() else value
    return written


def _item_block(
    item: Item, shared: Mapping[str, Any], scales: _Scales, remarks: Mapping[str, tuple[str, ...]]
) -> str:
    entries: dict[str, Any] = {"name": item.name}
    if item.column != item.name:
        entries["column"] = item.column
    for part in ("label", "wording"):
        if getattr(item, part):
            entries[part] = getattr(item, part)
    entries |= _ends({part: getattr(item, part) for part in _PARTS}, scales, shared)
    if item.reversed:
        entries["reversed"] = True
    if item.asked_if:
        rule = item.asked_if
        entries["asked_if"] = {"item": rule.item, "low": rule.low, "high": rule.high}
    return _comment(remarks.get(item.name, ())) + _block("[[items]]", entries)
