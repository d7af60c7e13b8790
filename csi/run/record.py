"""The run record: what reproduces a run, as JSON that is the same for the same run."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

from csi.index.options import IndexOptions
from csi.run.inputs import Inputs
from csi.run.plan import RunPlan
from csi.survey.survey import Survey

RECORD = "run.json"
FORM = 2
"""Number of the form of the record; a later form gets another one."""

INPUTS = ("survey", "codebook", "model")
MORE = ("aggregate",)
"""Inputs that not every run has."""

PLAN = (
    "by", "group", "language", "formats", "scores", "ranks", "change_split", "both_estimators",
    "comparability", "assess", "report", "office", "printed",
    "sheet", "encoding", "delimiter",
)  # fmt: skip
"""Fields of a `RunPlan` that are recorded as options."""


NODES = ("partial", "matched", "rolling", "lag")
"""Options of nodes that are recorded, as `csi.run.plan.aggregate_options` takes them."""


def record_of(plan: RunPlan, inputs: Inputs, survey: Survey) -> dict[str, object]:
    """Return the record of a run.

    Parameters
    ----------
    plan : RunPlan
        With the time and group that were used.
    inputs : Inputs
    survey : Survey
        As read: its hash is that of the bytes the figures rest on.

    Returns
    -------
    dict
        ``record`` (form), ``command``, ``survey, codebook, model`` (name and SHA-256 of each),
        ``aggregate`` where there is one, ``options``, ``versions``. No clock, no folder,
        not the number of processes: they do not change the figures.
    """
    if inputs.model is None:
        raise AssertionError("a run has a model")
    return {
        "record": FORM,
        "command": "csi report" if plan.report else "csi index",
        "survey": {**inputs.survey.to_record(), "sha256": survey.sha256},
        "codebook": inputs.codebook.to_record(),
        "model": inputs.model.to_record(),
        **({"aggregate": inputs.aggregate.to_record()} if inputs.aggregate else {}),
        "options": {**options_of(plan.options), **_given(plan)},
        "versions": versions(),
    }


def options_of(options: IndexOptions) -> dict[str, object]:
    """Return all options that the figures depend on, those of the estimator among them."""
    names = [field.name for field in fields(options) if field.name not in ("pls", "jobs")]
    own = {name: getattr(options, name) for name in names}
    return own | {f.name: getattr(options.pls, f.name) for f in fields(options.pls)}


def versions() -> dict[str, str]:
    """Return the versions of the programs that the bytes of a run depend on."""
    libraries = ("numpy", "pandas", "scipy", "matplotlib", "pyarrow")
    return {
        "csi": str(sys.modules["csi"].__version__),
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
    }


def paths_from(inputs: Inputs, folder: Path) -> dict[str, str]:
    """Return where the files of the user are, as seen from `folder`; packaged files have none."""
    found = {}
    for name in (*INPUTS, *MORE):
        file = getattr(inputs, name)
        if file is not None and file.origin == "file":
            found[name] = _relative(file.path, folder)
    return found


def with_paths(record: Mapping[str, object], paths: Mapping[str, str]) -> dict[str, object]:
    """Return the record with the paths of its inputs."""
    full = dict(record)
    for name, path in paths.items():
        entry = full[name]
        if isinstance(entry, Mapping):
            full[name] = {"path": path, **entry}
    return full


def json_text(content: object) -> str:
    """Return JSON as it is written to files."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _given(plan: RunPlan) -> dict[str, object]:
    values = {name: getattr(plan, name) for name in PLAN}
    values |= {"formats": list(plan.formats), "office": list(plan.office)}
    nodes = plan.aggregation
    values |= {name: getattr(nodes, name) for name in NODES if name != "partial"}
    values["partial"] = nodes.missing == "renormalise"
    return {name: value for name, value in values.items() if value is not None}


def _relative(path: Path, folder: Path) -> str:
    """Return the way from `folder` to a file, only its name where there is none (other drive)."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.name
