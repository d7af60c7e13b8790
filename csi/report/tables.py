"""The tables of a report as CSV, JSON and Parquet files, with a README of their columns."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from csi.errors import Fault, ReportError
from csi.index.values import YearlyIndex
from csi.report.column import Column
from csi.report.columns import COLUMNS
from csi.report.columns_more import MORE_COLUMNS
from csi.report.kinds import DESCRIBED as ALL_DESCRIBED
from csi.report.kinds import columns_of
from csi.report.labels import LABEL_COLUMNS, label_tables
from csi.report.schema import JSON_SCHEMA, PACKAGE, as_json, data_package, json_schema
from csi.report.view import View, rows_of
from csi.text import Language

NAMES = tuple(COLUMNS)
"""Names of the tables that every report has, which are the names of their files."""

MORE = tuple(MORE_COLUMNS)
"""Names of further tables, where the figures have them."""

DESCRIBED = ALL_DESCRIBED
"""Description of every column, by table."""


def names_of(yearly: YearlyIndex) -> tuple[str, ...]:
    """Return the names of the tables of a report, in their order."""
    return (*NAMES, *(name for name in MORE if name in yearly.tables))


def table(yearly: YearlyIndex, name: str) -> pd.DataFrame:
    """Return one table as it is written: described columns first, in their order.

    Parameters
    ----------
    yearly : YearlyIndex
    name : str
        One of `names_of`; ``index`` is ``yearly.figures``.
    """
    frame: pd.DataFrame = (
        yearly.tables[name]
        if name in MORE
        else getattr(yearly, "figures" if name == "index" else name)
    )
    described = [column for column in DESCRIBED[name] if column in frame.columns]
    return frame[[*described, *(c for c in frame.columns if c not in DESCRIBED[name])]]


def write_tables(
    yearly: YearlyIndex, folder: str | Path, *, language: Language = "en"
) -> tuple[Path, ...]:
    """Write all tables as CSV, JSON and (where pyarrow is installed) Parquet, and what they hold.

    Numbers keep their full precision: what is read back from any of the files is what is
    in `yearly`. Labels of the codes are written as ``label_year.csv``, ``label_group.csv``,
    ``label_construct.csv`` and ``label_item.csv``; ``README.md`` describes every column for
    people, ``datapackage.json`` (Frictionless Data) and ``tables.schema.json`` for programs.

    Parameters
    ----------
    yearly : YearlyIndex
    folder : path
        Made where it is not there.
    language : Language
        Language of the README and of titles in the data package; column names are the same in
        both.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    ReportError
        Where the folder cannot be written.
    """
    view = View(yearly, language)
    place = open_folder(folder)
    about = {"metric": asdict(yearly.metric), "notes": list(yearly.notes)}
    frames = {name: table(yearly, name) for name in names_of(yearly)}
    labels = label_tables(yearly)
    written = []
    for name, frame in frames.items():
        _write_csv(frame, place / f"{name}.csv")
        write_text(place / f"{name}.json", _json(about, _records(frame)))
        written += [place / f"{name}.csv", place / f"{name}.json"]
        if has_parquet():
            _write_parquet(frame, about, columns_of(name), place / f"{name}.parquet")
            written.append(place / f"{name}.parquet")
    for name, frame in labels.items():
        _write_csv(frame, place / f"{name}.csv")
        written.append(place / f"{name}.csv")
    described = data_package(view, frames, labels, written)
    write_text(place / PACKAGE, as_json(described))
    write_text(place / JSON_SCHEMA, as_json(json_schema(frames)))
    write_text(place / "README.md", readme(view))
    return (*written, place / PACKAGE, place / JSON_SCHEMA, place / "README.md")


def open_folder(folder: str | Path) -> Path:
    """Return `folder`, made where it is not there.

    Raises
    ------
    ReportError
        Where it cannot be made, for instance because a file of that name is in the way.
    """
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        fix = "choose another folder with --out"
        raise ReportError(
            Fault(str(folder), f"cannot write here ({fault.strerror})", fix)
        ) from None
    return place


def write_text(path: Path, text: str) -> None:
    r"""Write UTF-8 with ``\n`` at the end of lines on every system."""
    path.write_bytes(text.encode("utf-8"))


def has_parquet() -> bool:
    """Tell whether Parquet files can be written."""
    return find_spec("pyarrow") is not None


def readme(view: View) -> str:
    """Return the README of the tables: every column with its meaning and unit."""
    yearly, say = view.yearly, view.say
    parquet = say("d_parquet") if has_parquet() else say("d_no_parquet")
    lines = [f"# {say('d_title')}", "", say("d_intro"), parquet, say("d_machine"), ""]
    for name in names_of(yearly):
        frame = table(yearly, name)
        there = {key: about for key, about in DESCRIBED[name].items() if key in frame}
        lines += [f"## {name}.csv ({say('d_rows', rows=len(frame))})", ""]
        lines += [*column_lines(view, there), ""]
    for name, columns in LABEL_COLUMNS.items():
        lines += [f"## {name}.csv", "", *column_lines(view, columns), ""]
    lines += [f"## {say('d_metric')}", ""]
    metric = {key: value for key, value in asdict(yearly.metric).items() if key != "scale"}
    lines += [f"- `{key}`: {value}" for key, value in metric.items()]
    lines += [f"- `scale` {item}: {low:g}–{high:g}" for item, low, high in yearly.metric.scale]
    if yearly.notes:
        lines += ["", f"## {say('notes')}", "", *(f"- {view.told(note)}" for note in yearly.notes)]
    return "\n".join(lines) + "\n"


def column_lines(view: View, columns: Mapping[str, Column]) -> list[str]:
    """Return a Markdown table of columns with their meaning and unit."""
    say, language = view.say, view.language
    head = [f"| {say('d_column')} | {say('d_meaning')} | {say('d_unit')} |", "|---|---|---|"]
    return head + [
        f"| `{name}` | {about.meaning.within(language)} | {about.unit.within(language)} |"
        for name, about in columns.items()
    ]


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{name: _plain(cell) for name, cell in row.items()} for row in rows_of(frame)]


def _plain(value: Any) -> Any:
    """Return a value that JSON knows: missing values and infinite ones are null."""
    if value is None or value is pd.NA:
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _json(about: Mapping[str, object], records: list[dict[str, Any]]) -> str:
    """Return one JSON object, one line a record, so that a change shows as a line."""

    def line(content: object) -> str:
        return json.dumps(content, ensure_ascii=False, allow_nan=False)

    head = [f"{line(key)}: {line(value)}" for key, value in about.items()]
    body = ",\n".join(line(record) for record in records)
    return "{\n" + ",\n".join([*head, f'"records": [\n{body}\n]']) + "\n}\n"


def _write_parquet(
    frame: pd.DataFrame, about: Mapping[str, object], columns: Mapping[str, Column], path: Path
) -> None:
    """Write a table with what it is measured in, and each column with meaning and unit."""
    import pyarrow as pa
    from pyarrow import parquet

    content = pa.Table.from_pandas(frame, preserve_index=False)
    stamp = {b"csi": json.dumps(about, ensure_ascii=False).encode()}
    described = [
        field.with_metadata(_field_metadata(columns[field.name]))
        if field.name in columns
        else field
        for field in content.schema
    ]
    schema = pa.schema(described, {**(content.schema.metadata or {}), **stamp})
    parquet.write_table(content.cast(schema), path)


def _field_metadata(about: Column) -> dict[str, str]:
    words = {"meaning": about.meaning, "unit": about.unit}
    return {
        f"{key}_{language}": text.within(language)
        for key, text in words.items()
        for language in get_args(Language)
    }
