"""The data package and the JSON Schema tell the truth about the files beside them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csi.index.values import YearlyIndex
from csi.report import column as c
from csi.report import write_tables
from csi.report.keys import KEYS, REFERS
from csi.report.kinds import DESCRIBED, columns_of, kind_of
from csi.report.labels import LABEL_COLUMNS, label_tables
from csi.report.tables import names_of, table
from csi.report.tables_reference import reference

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(three: YearlyIndex, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("schema")
    write_tables(three, place, language="zh")
    return place


@pytest.fixture(scope="module")
def package(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return read


def csv_resources(package: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in package["resources"] if one["format"] == "csv"]


def read(folder: Path, resource: dict[str, Any]) -> pd.DataFrame:
    return pd.read_csv(folder / resource["path"], dtype=str, keep_default_na=False)


def test_every_file_of_a_table_is_there_with_its_size_and_hash(
    package: dict[str, Any], folder: Path
) -> None:
    named = {one["path"] for one in package["resources"]}
    files = {path.name for path in folder.iterdir()}
    assert named == files - {"README.md", "datapackage.json", "tables.schema.json"}
    for one in package["resources"]:
        content = (folder / one["path"]).read_bytes()
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    names = [one["name"] for one in package["resources"]]
    assert len(names) == len(set(names))


def test_fields_are_the_columns_of_the_file_with_type_and_words(
    package: dict[str, Any], folder: Path
) -> None:
    checks = {
        "string": lambda text: True,
        "boolean": lambda text: text in ("True", "False"),
        "integer": lambda text: str(int(text)) == text,
        "number": lambda text: float(text) is not None,
    }
    for one in csv_resources(package):
        frame = read(folder, one)
        assert one["rows"] == len(frame)
        assert [field["name"] for field in one["schema"]["fields"]] == list(frame.columns)
        for field in one["schema"]["fields"]:
            assert set(field["meaning"]) == set(field["unit"]) == {"en", "zh"}
            assert field["title"] == field["meaning"]["zh"]
            filled = [text for text in frame[field["name"]] if text != ""]
            assert all(map(checks[field["type"]], filled)), (one["name"], field)
            rules = field.get("constraints", {})
            if "maximum" in rules:
                assert all(float(text) <= rules["maximum"] for text in filled)
            if "minimum" in rules:
                assert all(float(text) >= rules["minimum"] for text in filled)


def test_keys_name_each_row_and_references_are_met(package: dict[str, Any], folder: Path) -> None:
    by_name = {one["name"]: one for one in csv_resources(package)}
    referring = 0
    for one in by_name.values():
        frame = read(folder, one)
        assert one["schema"]["primaryKey"] == list(KEYS[one["name"]])
        assert not frame[one["schema"]["primaryKey"]].duplicated().any()
        for key in one["schema"].get("foreignKeys", []):
            (column,), reference = key["fields"], key["reference"]
            there = read(folder, by_name[reference["resource"]])[reference["fields"][0]]
            assert set(frame[column]) - {""} <= set(there), (one["name"], column)
            referring += 1
    assert referring > 20


def test_a_key_that_does_not_hold_is_not_declared(three: YearlyIndex, tmp_path: Path) -> None:
    doubled = replace(three, fits=pd.concat([three.fits, three.fits.tail(1)]))
    write_tables(doubled, tmp_path)
    found = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    fits = next(one for one in found["resources"] if one["name"] == "fits")
    assert "primaryKey" not in fits["schema"]
    assert fits["rows"] == len(three.fits) + 1


def test_a_code_without_a_label_is_no_reference(three: YearlyIndex, tmp_path: Path) -> None:
    strange = three.quality.assign(construct="elsewhere")
    write_tables(replace(three, quality=strange), tmp_path)
    found = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    quality = next(one for one in found["resources"] if one["name"] == "quality")
    assert {key["fields"][0] for key in quality["schema"]["foreignKeys"]} == {"year", "group"}


def test_json_files_are_valid_under_their_schema_and_others_are_not(folder: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((folder / "tables.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in sorted(folder.glob("*.json")):
        if path.stem not in schema["$defs"]:
            continue
        content = json.loads(path.read_text("utf-8"))
        own = schema | {"$ref": f"#/$defs/{path.stem}"}
        checker = jsonschema.Draft202012Validator(own)
        checker.validate(content)
        first = dict(content["records"][0])
        column = next(name for name in first if isinstance(first[name], int | float))
        for wrong in (first | {column: "seven"}, first | {"more": 1}, {}):
            assert not checker.is_valid(content | {"records": [wrong]}), path.stem
    assert set(schema["$defs"]) - {"metric"} == set(DESCRIBED) & set(schema["$defs"])


def test_parquet_columns_carry_meaning_and_unit(folder: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    field = parquet.read_schema(folder / "index.parquet").field("moe")
    about = DESCRIBED["index"]["moe"]
    assert field.metadata[b"unit_en"].decode() == about.unit.en
    assert field.metadata[b"meaning_zh"].decode() == about.meaning.zh


def test_labels_are_those_of_codebook_and_model_in_both_languages(three: YearlyIndex) -> None:
    labels = label_tables(three)
    assert set(labels) == set(LABEL_COLUMNS)
    groups = labels["label_group"].set_index("group")
    assert groups.loc["aurora"].tolist() == ["Aurora Mobile", "极光移动"]
    constructs = labels["label_construct"].set_index("construct")
    assert constructs.index[constructs["is_index"]].tolist() == ["satisfaction"]
    items = labels["label_item"].set_index("item")
    assert items.loc["quality7", ["construct", "low", "high"]].tolist() == ["quality", 1.0, 10.0]
    assert list(items.index) == list(three.model.items)


def test_every_described_column_has_a_kind_that_fits_its_unit() -> None:
    for name, columns in {**DESCRIBED, **LABEL_COLUMNS}.items():
        for column, about in columns.items():
            kind = kind_of(name, column, pd.Series([0.5]))
            wanted = {c.TEXT: "string", c.TRUTH: "boolean"}.get(about.unit, "number")
            assert kind.type == wanted, (name, column)
            assert bool(kind.shown) == (wanted == "number")


def test_p_values_are_shown_as_such_and_shares_in_per_cent() -> None:
    assert kind_of("index", "p_holm", pd.Series([0.5])).shown == "0.000"
    assert kind_of("index", "p_holm", pd.Series([0.5])).highest == 1.0
    assert kind_of("ranks", "p_first", pd.Series([0.5])).shown == "0.0%"
    assert kind_of("nobody", "knows", pd.Series([True])).type == "boolean"
    assert kind_of("nobody", "knows", pd.Series(["x"])).type == "string"


def test_keys_and_references_are_of_columns_that_exist() -> None:
    for name, key in KEYS.items():
        assert set(key) <= set(columns_of(name)), name
    known = {column for columns in DESCRIBED.values() for column in columns}
    assert set(REFERS) <= known


def test_columns_that_no_table_describes_are_kept(three: YearlyIndex, tmp_path: Path) -> None:
    write_tables(replace(three, fits=three.fits.assign(mine=1.5)), tmp_path)
    found = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    fits = next(one for one in found["resources"] if one["name"] == "fits")
    assert fits["schema"]["fields"][-1] == {"name": "mine", "type": "number"}


def test_the_reference_page_is_written_from_the_descriptions() -> None:
    page = (ROOT / "docs" / "reference" / "tables.md").read_text("utf-8")
    assert page == reference(), "python -m csi.report.tables_reference > docs/reference/tables.md"
    for name, columns in {**DESCRIBED, **LABEL_COLUMNS}.items():
        assert f"## `{name}`" in page
        assert all(f"| `{column}` |" in page for column in columns)


def test_the_readme_names_every_file_of_labels(folder: Path) -> None:
    text = (folder / "README.md").read_text("utf-8")
    assert all(f"## {name}.csv" in text for name in LABEL_COLUMNS)
    assert "datapackage.json" in text


def test_the_same_figures_give_the_same_bytes(three: YearlyIndex, tmp_path: Path) -> None:
    first = write_tables(three, tmp_path / "a")
    second = write_tables(three, tmp_path / "b")
    assert [path.name for path in first] == [path.name for path in second]
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(first, second, strict=True))
    assert {path.stem for path in first if path.suffix == ".json"} >= set(names_of(three))
    assert len(table(three, "index")) > 0
