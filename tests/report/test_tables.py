"""Tables as files: what is read back is what was in the value."""

import csv
import json
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from csi.errors import ReportError
from csi.index.values import YearlyIndex
from csi.report import show, tables, write_tables
from csi.report.columns import COLUMNS
from csi.report.tables import NAMES, table

HEAD = (
    "year,group,construct,index,se,moe,lower,upper,n,n_effective,change,change_lower,"
    "change_upper,p_value,weights,note"
)


def frame_of(yearly: YearlyIndex, name: str) -> pd.DataFrame:
    return yearly.figures if name == "index" else getattr(yearly, name)


def same(found: object, expected: object) -> bool:
    if isinstance(expected, float) and math.isnan(expected):
        return found in (None, "") or (isinstance(found, float) and math.isnan(found))
    if isinstance(expected, bool):
        return found in (expected, str(expected))
    if isinstance(expected, float | int):
        return float(found) == expected  # to the last bit: nothing is rounded
    return found == expected


@pytest.fixture(scope="module")
def folder(three: YearlyIndex, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("tables") / "new" / "deep"
    write_tables(three, place)
    return place


@pytest.mark.parametrize("name", NAMES)
def test_csv_json_and_parquet_hold_the_very_numbers(
    three: YearlyIndex, folder: Path, name: str
) -> None:
    frame = frame_of(three, name)
    lines = list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))
    records = json.loads((folder / f"{name}.json").read_text("utf-8"))["records"]
    parquet = pd.read_parquet(folder / f"{name}.parquet")
    assert len(lines) == len(records) == len(parquet) == len(frame) > 0
    for column in frame.columns:
        for place, expected in enumerate(frame[column].tolist()):
            assert same(lines[place][column], expected), (column, place)
            assert same(records[place][column], expected), (column, place)
            assert same(parquet[column].tolist()[place], expected), (column, place)


def test_the_index_starts_with_the_columns_that_are_promised(folder: Path) -> None:
    raw = (folder / "index.csv").read_bytes()
    assert raw.decode("utf-8").startswith(HEAD + ",")
    assert b"\r" not in raw


def test_json_carries_metric_and_notes(three: YearlyIndex, folder: Path) -> None:
    content = json.loads((folder / "weights.json").read_text("utf-8"))
    assert content["metric"]["estimator"] == three.metric.estimator
    assert content["metric"]["level"] == 0.95
    assert content["notes"] == list(three.notes)


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_described_and_every_description_has_a_column(
    three: YearlyIndex, name: str
) -> None:
    assert set(COLUMNS[name]) == set(frame_of(three, name).columns)


def test_the_readme_names_every_column_of_every_file(folder: Path) -> None:
    readme = (folder / "README.md").read_text("utf-8")
    for name in NAMES:
        part = readme.split(f"## {name}.csv", 1)[1].split("\n## ", 1)[0]
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            columns = file.readline().strip().split(",")
        for column in columns:
            assert f"| `{column}` |" in part


def test_a_new_column_is_written_after_the_described_ones(three: YearlyIndex) -> None:
    assert list(table(three, "excluded").columns) == ["year", "reason", "count"]


def test_without_pyarrow_the_readme_says_so(
    three: YearlyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "find_spec", lambda _: None)
    written = write_tables(three, tmp_path)
    assert not [path for path in written if path.suffix == ".parquet"]
    assert "pyarrow is not installed" in (tmp_path / "README.md").read_text("utf-8")


def test_a_file_in_the_way_is_named(three: YearlyIndex, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ReportError, match="cannot write here"):
        write_tables(three, tmp_path / "out")


def printed(yearly: YearlyIndex, language: str = "en") -> str:
    console = Console(width=100, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    show(yearly, console, language)
    console.file.close()
    return console.export_text()


def test_the_terminal_shows_figures_stars_and_reasons(three: YearlyIndex) -> None:
    text = printed(three)
    assert max(map(len, text.splitlines())) <= 100
    rows = three.figures[three.figures["construct"] == "satisfaction"]
    starred = rows[rows["p_value"] < 0.05]
    assert len(starred) > 0
    assert text.count("*") == len(starred) + 1  # and one in the legend
    for value in rows["index"].dropna():
        assert f"{value:.1f}" in text
    assert "18 respondents" in text
    assert three.notes[0] in text


def test_a_long_table_is_cut_and_says_so(forty: YearlyIndex) -> None:
    text = printed(forty)
    assert "Only 2024 is shown" in text
    assert "2023" not in text
    assert text.count(" 2024 ") >= 40


def test_the_terminal_speaks_chinese(three: YearlyIndex) -> None:
    text = printed(three, "zh")
    assert "顾客满意度" in text
    assert "极光移动" in text


def test_a_value_without_end_is_null(three: YearlyIndex, tmp_path: Path) -> None:
    """JSON knows no infinity; the tables are written all the same."""
    quality = three.quality.assign(reliability=-math.inf)
    write_tables(replace(three, quality=quality), tmp_path)
    records = json.loads((tmp_path / "quality.json").read_text("utf-8"))["records"]
    assert {record["reliability"] for record in records} == {None}
