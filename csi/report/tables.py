"""The tables of a report as CSV, JSON and Parquet files, with a README of their columns."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from csi.errors import Fault, ReportError
from csi.index.values import YearlyIndex
from csi.report.columns import COLUMNS
from csi.report.columns_more import MORE_COLUMNS
from csi.report.view import View, rows_of
from csi.text import Language

NAMES = tuple(COLUMNS)
"""Names of the tables that every report has, which are the names of their files."""

MORE = tuple(MORE_COLUMNS)
"""Names of further tables, where the figures have them."""

DESCRIBED = {**COLUMNS, **MORE_COLUMNS}


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
    """Write all tables as CSV, JSON and (where pyarrow is installed) Parquet, and a README.

    Numbers keep their full precision: what is read back from any of the files is what is
    in `yearly`.

    Parameters
    ----------
    yearly : YearlyIndex
    folder : path
        Made where it is not there.
    language : Language
        Language of the README; column names are the same in both.

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
    written = []
    for name in names_of(yearly):
        frame = table(yearly, name)
        frame.to_csv(place / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
        write_text(place / f"{name}.json", _json(about, _records(frame)))
        written += [place / f"{name}.csv", place / f"{name}.json"]
        if has_parquet():
            _write_parquet(frame, about, place / f"{name}.parquet")
            written.append(place / f"{name}.parquet")
    write_text(place / "README.md", readme(view))
    return (*written, place / "README.md")


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
    lines = [f"# {say('d_title')}", "", say("d_intro"), parquet, ""]
    for name in names_of(yearly):
        frame = table(yearly, name)
        lines += [f"## {name}.csv ({say('d_rows', rows=len(frame))})", ""]
        lines += [f"| {say('d_column')} | {say('d_meaning')} | {say('d_unit')} |", "|---|---|---|"]
        for column, about in DESCRIBED[name].items():
            if column not in frame:
                continue
            meaning, unit = about.meaning.within(view.language), about.unit.within(view.language)
            lines.append(f"| `{column}` | {meaning} | {unit} |")
        lines.append("")
    lines += [f"## {say('d_metric')}", ""]
    metric = {key: value for key, value in asdict(yearly.metric).items() if key != "scale"}
    lines += [f"- `{key}`: {value}" for key, value in metric.items()]
    lines += [f"- `scale` {item}: {low:g}–{high:g}" for item, low, high in yearly.metric.scale]
    if yearly.notes:
        lines += ["", f"## {say('notes')}", "", *(f"- {view.told(note)}" for note in yearly.notes)]
    return "\n".join(lines) + "\n"


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


def _write_parquet(frame: pd.DataFrame, about: Mapping[str, object], path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    content = pa.Table.from_pandas(frame, preserve_index=False)
    stamp = {b"csi": json.dumps(about, ensure_ascii=False).encode()}
    parquet.write_table(
        content.replace_schema_metadata({**(content.schema.metadata or {}), **stamp}), path
    )
