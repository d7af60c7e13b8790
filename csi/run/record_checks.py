"""What a run record must hold for a run to be repeated from it: every entry, of its own type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from csi.errors import Fault
from csi.estimate.pls import PLSOptions
from csi.index.options import IndexOptions
from csi.run.record import INPUTS, MORE, NODES, PLAN
from csi.survey.cells import nearest

PLS = tuple(field.name for field in fields(PLSOptions))
OWN = tuple(field.name for field in fields(IndexOptions) if field.name not in ("pls", "jobs"))

_FLAGS = ("scores", "ranks", "change_split", "both_estimators")
_JUDGED = ("comparability", "assess", "report")

LATER = ("higher", *_JUDGED, "office", "printed", *NODES)
"""Options that came after the first records; one without them has their default."""

_TEXTS = ("by", "group", "sheet", "encoding", "delimiter")  # a plan may leave these open
_WORDS = {
    str: "a text in quotation marks",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list of texts",
}


def record_faults(where: str, content: Mapping[str, Any]) -> list[Fault]:
    """Return every entry of a record that is missing, unknown or of another type.

    Parameters
    ----------
    where : str
        File of the record, for messages.
    content : mapping
        The record; its inputs and options are mappings.

    Returns
    -------
    list of Fault
    """
    given = [*INPUTS, *(name for name in MORE if name in content)]
    faults = [fault for name in given for fault in _input(f"{where}, {name}", content[name])]
    wanted = _types()
    options = content["options"]
    for name, value in options.items():
        place = f"{where}, option {name}"
        if name not in wanted:
            fix = f"{nearest(name, wanted)} Or use the version of csi that wrote it"
            faults.append(Fault(place, "is not known", fix))
        elif not (_is(value, wanted[name]) or (name in _TEXTS and value is None)):
            faults.append(_wrong(place, value, wanted[name]))
    faults += [
        Fault(f"{where}, option {name}", "is not recorded", "restore the record")
        for name in wanted
        if name not in options and name not in (*_TEXTS, *LATER)
    ]
    return faults


def _types() -> dict[str, type]:
    """Return the type of each option, as its default has it."""
    pls, own = PLSOptions(), IndexOptions()
    types = {name: type(getattr(own, name)) for name in OWN}
    types |= {name: type(getattr(pls, name)) for name in PLS}
    flags = dict.fromkeys((*_FLAGS, *_JUDGED), bool)
    plan: dict[str, type] = {"language": str, "formats": list, "office": list, **flags}
    nodes = {"partial": bool, "matched": bool, "rolling": int, "lag": int}
    return types | nodes | {name: plan.get(name, str) for name in PLAN}


def _input(where: str, entry: Any) -> Iterator[Fault]:
    if not isinstance(entry, Mapping):
        yield Fault(where, "is not an entry of a file", "restore the record")
        return
    for name in ("path", "file", "catalogue", "packaged", "sha256"):
        if name in entry and not isinstance(entry[name], str):
            yield _wrong(f"{where}, {name}", entry[name], str)
    if "sha256" not in entry:
        yield Fault(f"{where}, sha256", "is not recorded", "restore the record")
    if not {"path", "file"} & set(entry):
        yield Fault(f"{where}, file", "is not recorded", "restore the record")


def _is(value: object, wanted: type) -> bool:
    if wanted is list:
        return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, (int, float) if wanted is float else wanted)


def _wrong(where: str, value: object, wanted: type) -> Fault:
    shown = repr(value)
    shown = shown if len(shown) <= 40 else f"{shown[:40]}..."
    return Fault(where, f"{shown} is not {_WORDS[wanted]}", "restore the record")
