"""What the files of the tables hold, for programs: a data package, and a schema of the JSON.

The data package follows Data Package 2.0 of Frictionless Data (https://datapackage.org): one
resource a CSV file with the Table Schema of its columns, and one for each other form of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pandas as pd

from csi.index.values import IndexMetric
from csi.report.keys import foreign_keys, primary_key
from csi.report.kinds import Kind, columns_of, kind_of
from csi.report.view import View

PACKAGE = "datapackage.json"
"""The file that describes the others."""
JSON_SCHEMA = "tables.schema.json"
"""JSON Schema of the JSON form of the tables."""
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


def data_package(
    view: View,
    frames: Mapping[str, pd.DataFrame],
    labels: Mapping[str, pd.DataFrame],
    files: Sequence[Path],
) -> dict[str, Any]:
    """Return the data package of tables that are written already.

    Parameters
    ----------
    view : View
        Figures and language of titles and descriptions; meanings and units stand in both.
    frames : mapping of str to DataFrame
        Tables by name, as written.
    labels : mapping of str to DataFrame
        Tables of labels, which the others refer to.
    files : sequence of Path
        Files of the tables: each is read for its hash.

    Returns
    -------
    dict
        Plain values, ready for JSON.
    """
    codebook, language = view.yearly.codebook, view.language
    every = {**frames, **labels}
    known = {name: set(frame[name.removeprefix("label_")]) for name, frame in labels.items()}
    resources = []
    for name, frame in every.items():
        for file in files:
            if file.stem != name or file.suffix[1:] not in _MEDIA:
                continue
            about = _file(file, name)
            if file.suffix == ".csv":
                about |= {
                    "type": "table",
                    "rows": len(frame),
                    "dialect": {"header": True, "delimiter": ",", "lineTerminator": "\n"},
                    "schema": table_schema(view, name, frame, known),
                }
            elif file.suffix == ".json":
                about["jsonSchema"] = f"{JSON_SCHEMA}#/$defs/{name}"
            resources.append(about)
    return {
        "$schema": _PROFILE,
        "name": "csi-tables",
        "title": codebook.title.within(language),
        "description": view.say("d_package"),
        "language": language,
        "metric": asdict(view.yearly.metric),
        "notes": [view.told(note) for note in view.yearly.notes],
        "resources": resources,
    }


def table_schema(
    view: View, name: str, frame: pd.DataFrame, known: Mapping[str, set[str]]
) -> dict[str, Any]:
    """Return the Table Schema of one table.

    Parameters
    ----------
    view : View
    name : str
    frame : DataFrame
    known : mapping of str to set of str
        Codes with a label, by table of labels.
    """
    key = primary_key(name, frame)
    described = [_field(view, name, column, frame[column], key) for column in frame.columns]
    schema: dict[str, Any] = {"fields": described, "missingValues": [""]}
    if key:
        schema["primaryKey"] = list(key)
    found = foreign_keys(name, frame, known, key)
    if found:
        schema["foreignKeys"] = found
    return schema


def _field(
    view: View, table: str, name: str, values: pd.Series, key: Sequence[str]
) -> dict[str, Any]:
    kind = kind_of(table, name, values)
    made: dict[str, Any] = {"name": name, "type": kind.type}
    about = columns_of(table).get(name)
    if about is not None:
        made["title"] = about.meaning.within(view.language)
        made["description"] = f"{made['title']} [{about.unit.within(view.language)}]"
        made["meaning"] = about.meaning.to_dict()
        made["unit"] = about.unit.to_dict()
    if kind.type == "boolean":
        made |= {"trueValues": ["True"], "falseValues": ["False"]}
    rules = _rules(kind, required=name in key)
    if rules:
        made["constraints"] = rules
    if name in key and kind.type == "string":
        made["missingValues"] = []  # an empty key is the empty word, not a gap
    return made


def _rules(kind: Kind, *, required: bool) -> dict[str, Any]:
    rules: dict[str, Any] = {"required": True} if required else {}
    if kind.lowest is not None:
        rules["minimum"] = kind.lowest
    if kind.highest is not None:
        rules["maximum"] = kind.highest
    return rules


def _file(path: Path, table: str) -> dict[str, Any]:
    """Return name, form, size and hash of a file."""
    content, form = path.read_bytes(), path.suffix[1:]
    return {
        "name": table if form == "csv" else f"{table}-{form}",
        "path": path.name,
        "format": form,
        "mediatype": _MEDIA[form],
        **({} if form == "parquet" else {"encoding": "utf-8"}),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def json_schema(frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the JSON Schema of the JSON form: one definition a table, under ``$defs``.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Tables by name, as written.

    Examples
    --------
    >>> made = json_schema({"excluded": pd.DataFrame({"year": ["2024"], "count": [3]})})
    >>> made["$defs"]["excluded"]["properties"]["records"]["items"]["required"]
    ['year', 'count']
    """
    tables = {name: _json_table(name, frame) for name, frame in frames.items()}
    return {
        "$schema": _DRAFT,
        "title": "Tables of a satisfaction index, as JSON",
        "$defs": {"metric": _metric_schema(), **tables},
    }


def _json_table(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    described = columns_of(name)
    properties: dict[str, Any] = {}
    for column in frame.columns:
        kind = kind_of(name, column, frame[column])
        made: dict[str, Any] = {"type": [kind.type, "null"]}
        made |= _rules(kind, required=False)
        if column in described:
            about = described[column]
            made["description"] = f"{about.meaning.within('en')} [{about.unit.within('en')}]"
        properties[str(column)] = made
    record = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "metric": {"$ref": "#/$defs/metric"},
            "notes": {"type": "array", "items": {"type": "string"}},
            "records": {"type": "array", "items": record},
        },
        "required": ["metric", "notes", "records"],
        "additionalProperties": False,
    }


def _metric_schema() -> dict[str, Any]:
    """Return the JSON Schema of what the figures are measured in."""
    types = {"float": "number", "int": "integer", "str": "string"}
    properties: dict[str, Any] = {
        field.name: {"type": types.get(str(field.type), "array")} for field in fields(IndexMetric)
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def as_json(content: Mapping[str, Any]) -> str:
    """Return plain values as JSON, one entry a line."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
