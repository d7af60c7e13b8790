"""Repeating a recorded run: find its files, check their hashes, restore its options."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csi.errors import CsiError, Fault, OptionError
from csi.run.inputs import Input, find_aggregate, find_model, find_survey
from csi.run.plan import RunPlan, aggregate_options, index_options
from csi.run.record import FORM, INPUTS, MORE, NODES, PLAN, versions
from csi.run.record_checks import OWN, PLS, record_faults


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run as recorded.

    Attributes
    ----------
    plan : RunPlan
        With the files as found now; their hashes are those of the record.
    paths : mapping
        Where the record says that the files are, to be written again as it stands.
    changed : tuple of (program, version then, version now)
        With other versions the bytes may differ.
    """

    plan: RunPlan
    paths: Mapping[str, str]
    changed: tuple[tuple[str, str, str], ...]


def read_record(
    path: str | Path, *, jobs: int = 1, given: Mapping[str, str | None] | None = None
) -> Recorded:
    """Read a run record and find the files it was made from.

    Parameters
    ----------
    path : str or Path
        A ``run.json``, or the folder that has it.
    jobs : int
        Processes; the figures do not depend on it.
    given : mapping, optional
        Where ``survey``, ``codebook`` or ``model`` are now, if they have moved.

    Returns
    -------
    Recorded

    Raises
    ------
    OptionError
        All faults at once: no record, unknown options, files that are not found or whose hash
        is another one.
    """
    file = Path(path) / "run.json" if Path(path).is_dir() else Path(path)
    content = _content(file)
    faults = [
        Fault(f"{file}, {name}", "is not recorded", "give a run.json that csi wrote")
        for name in (*INPUTS, "options", "versions")
        if not isinstance(content.get(name), dict)
    ]
    if content.get("record") != FORM:
        fix = f"this csi reads form {FORM}; use the version that wrote it"
        faults.append(Fault(f"{file}, record", f"has form {content.get('record')!r}", fix))
    if faults:
        raise OptionError(faults)
    faults = [*record_faults(str(file), content), *_not_recorded(file, content, given or {})]
    if faults:
        raise OptionError(faults)
    found: dict[str, Any] = {}
    for name in (*INPUTS, *(name for name in MORE if name in content)):
        try:
            found[name] = _found(name, content[name], file.parent, (given or {}).get(name))
        except CsiError as error:
            faults += error.faults
    if faults:
        raise OptionError(faults)
    plan = RunPlan(**found, **_options(content["options"], jobs))
    return Recorded(plan, _paths(content), _changed(content["versions"]))


def _not_recorded(
    file: Path, content: Mapping[str, Any], given: Mapping[str, str | None]
) -> list[Fault]:
    """Return the inputs that are given and that the recorded run did without."""
    what, fix = f"{file} is of a run without one", "leave it out, or make a new run without --from"
    return [
        Fault(f"{name} {given[name]}", what, fix)
        for name in MORE
        if name not in content and given.get(name) is not None
    ]


def _content(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_bytes())
    except OSError as error:
        what = f"the record cannot be read ({error.strerror})"
        raise OptionError(Fault(str(file), what, "give the path of a run.json")) from None
    except (ValueError, RecursionError):
        raise OptionError(
            Fault(str(file), "is not JSON", "give a run.json that csi wrote")
        ) from None
    if not isinstance(content, dict):
        raise OptionError(Fault(str(file), "is not a run record", "give a run.json that csi wrote"))
    return content


def _found(name: str, entry: Mapping[str, str], folder: Path, given: str | None) -> str | None:
    """Return where an input is now, as `RunPlan` takes it."""
    if given is not None and ("catalogue" in entry or "packaged" in entry):
        what = "is not needed: the record names one that comes with csi"
        raise OptionError(Fault(f"{name} {given}", what, "leave it out"))
    if given is not None:
        return _checked(name, entry, _named(name, given), given)
    if "catalogue" in entry:
        place = find_model(entry["catalogue"], folder, None)
        return _checked(name, entry, place, entry["catalogue"])
    if "packaged" in entry:
        survey = find_survey(entry["packaged"])
        path = survey.path.parent / entry.get("file", "")
        place = Input(path, "packaged", entry["packaged"])
        checked = _checked(name, entry, place, entry["packaged"])
        return checked if name == "survey" else None  # the others lie beside it
    written = entry.get("path", entry.get("file", ""))
    tried = [path for path in _candidates(written, folder) if path.is_file()]
    if not tried:
        fix = f"give its place as {'SURVEY' if name == 'survey' else '--' + name}"
        raise OptionError(Fault(f"{name} {written}", "the recorded file is not there", fix))
    same = [path for path in tried if _hash(path) == entry.get("sha256")]
    path = (same or tried)[0]
    return _checked(name, entry, Input(path, "file", path.name), str(path))


def _named(name: str, given: str) -> Input:
    """Return an input by the place that was given for it."""
    if name == "aggregate":
        return find_aggregate(given)
    return find_survey(given) if name == "survey" else find_model(given, Path(), None)


def _candidates(written: str, folder: Path) -> Iterator[Path]:
    """Yield where a recorded path may point: from the record, then from the folders above it.

    A record may have been moved: its path without the leading ``..`` is also tried from the
    working folder. The hash decides whether a file is the right one.
    """
    yield folder / written
    inner = Path(*[part for part in Path(written).parts if part != ".."])
    for start in (folder.resolve(), Path.cwd()):
        for above in (start, *start.parents):
            yield above / inner
            yield above / inner.name


def _hash(path: Path) -> str:
    return Input(path, "file", path.name).sha256


def _checked(name: str, entry: Mapping[str, str], place: Input, given: str) -> str:
    """Return `given` if the file is the recorded one, byte for byte."""
    if not place.path.is_file():
        raise OptionError(Fault(f"{name} {place.path}", "is not there", "reinstall csi"))
    if place.sha256 != entry.get("sha256"):
        fix = "restore the file, or make a new run without --from"
        what = "is not the file of the record (its SHA-256 differs)"
        raise OptionError(Fault(f"{name} {place.path}", what, fix))
    return given


def _options(recorded: Mapping[str, Any], jobs: int) -> dict[str, Any]:
    """Return the options of a `RunPlan`; what a record is too old to have takes its default."""

    def part(names: tuple[str, ...]) -> dict[str, Any]:
        return {name: recorded[name] for name in names if name in recorded}

    options = index_options(**part((*OWN, *PLS)), jobs=jobs)
    plan = part(PLAN) | {"aggregation": aggregate_options(**part(NODES))}
    lists = {name: tuple(plan.get(name, ())) for name in ("formats", "office")}
    return {"options": options, **plan, **lists}


def _paths(content: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: content[name]["path"]
        for name in (*INPUTS, *MORE)
        if name in content and "path" in content[name]
    }


def _changed(recorded: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    now = versions()
    return tuple(
        (name, recorded.get(name, "?"), now[name])
        for name in now
        if recorded.get(name) != now[name]
    )
