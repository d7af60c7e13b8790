"""The reference page of the tables: every column of every file, written from its description."""

from __future__ import annotations

from collections.abc import Mapping

from csi.report.column import Column
from csi.report.keys import KEYS, REFERS
from csi.report.kinds import DESCRIBED
from csi.report.labels import LABEL_COLUMNS
from csi.report.words import PHRASES, phrase

_INTRO = """\
# Tables of a report

<!-- Written by `python -m csi.report.tables_reference > docs/reference/tables.md`. -->

`csi index` and `csi.report.write_tables` write each table in several forms that hold the same
numbers to the last bit. How to use them is told in
[files for other programs](../howto/report-files.md).
"""
_FILES = {
    "`NAME.csv`": "UTF-8, comma, `.` as decimal point, full precision; an empty cell is a missing "
    "value; `True` and `False`",
    "`NAME.json`": "an object of `metric` (what the figures are measured in), `notes` (English "
    "sentences) and `records` (one object a row); a missing or infinite value is `null`",
    "`NAME.parquet`": "typed columns; each carries `meaning_en`, `meaning_zh`, `unit_en` and "
    "`unit_zh` as metadata, the file `metric` and `notes` under `csi`; needs `pyarrow`",
    "`label_year.csv`, `label_group.csv`, `label_construct.csv`, `label_item.csv`": "labels of "
    "the codes in both languages",
    "`datapackage.json`": "[Data Package 2.0](https://datapackage.org): every file with size, "
    "SHA-256 and rows, every column with type, meaning, unit and keys",
    "`tables.schema.json`": "JSON Schema of the JSON form: table `NAME` under `#/$defs/NAME`",
    "`README.md`": "the columns of that run, in the language of the report",
}
_OUTRO = """\
The Excel workbook has the same tables under the same names. A **key** names the columns whose
values together name one row; the data package declares it where it holds in the file. An empty
text in a column of the key (such as `item` in `map`) is a value of its own and no gap.
"""


def reference() -> str:
    """Return the page as Markdown, in English.

    Examples
    --------
    >>> reference().startswith("# Tables of a report")
    True
    """
    files = [f"| {name} | {words} |" for name, words in _FILES.items()]
    parts = [_INTRO, "\n".join(["| file | what it is |", "|---|---|", *files, ""]), _OUTRO]
    for name, columns in {**DESCRIBED, **LABEL_COLUMNS}.items():
        label = name.removeprefix("label_")
        title = f"Labels: {label}" if name in LABEL_COLUMNS else phrase(_title(name), "en")
        parts.append(
            "\n".join([f"## `{name}`", "", f"{title}.", "", *_key(name), *_lines(columns)])
        )
    return "\n".join(parts)


def _title(name: str) -> str:
    key = f"table_{name}"
    return key if key in PHRASES else "table_other"


def _key(name: str) -> list[str]:
    if name not in KEYS:
        return []
    key = ", ".join(f"`{column}`" for column in KEYS[name])
    return [f"Key: {key}.", ""]


def _lines(columns: Mapping[str, Column]) -> list[str]:
    head = ["| column | meaning | unit | labels |", "|---|---|---|---|"]
    body = [
        f"| `{name}` | {about.meaning.within('en')} | {about.unit.within('en')} | {_labels(name)} |"
        for name, about in columns.items()
    ]
    return [*head, *body, ""]


def _labels(name: str) -> str:
    return f"`label_{REFERS[name]}`" if name in REFERS else ""


if __name__ == "__main__":
    print(reference(), end="")
