"""One run in every form: the same numbers in CSV, JSON, Parquet, Excel, PowerPoint and HTML."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import csi
from csi.index.values import YearlyIndex
from csi.report import write_page, write_tables
from csi.report.excel import write_excel
from csi.report.slides import write_slides
from csi.report.tables import names_of, table
from csi.run.comparisons import with_comparisons
from csi.run.plan import RunPlan

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")
pptx = pytest.importorskip("pptx")


@pytest.fixture(scope="module")
def run() -> YearlyIndex:
    """Three companies in two years with league table, impacts, map and parts of the change."""
    simulated = csi.simulate(
        csi.models.load("ecsi_mobile"), years=[2024, 2025], groups=["a", "=b", "c"], n=80, seed=6
    )
    survey = csi.read_survey(simulated.answers, simulated.codebook)
    options = csi.IndexOptions(draws=100, missing="pairwise")
    found = csi.yearly(
        survey, simulated.model, group=survey.codebook.groups[0].name, options=options
    )
    plan = RunPlan("x", options=options, ranks=True, change_split=True)
    return with_comparisons(found, plan, None, None)


@pytest.fixture(scope="module")
def folder(run: YearlyIndex, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("forms")
    write_tables(run, place)
    write_excel(run, place / "report.xlsx", language="zh")
    write_slides(run, place / "report.pptx")
    write_page(run, place / "index.html", charts=())
    return place


def cells(frame: pd.DataFrame) -> list[list[object]]:
    """Return a table as plain values: what is missing, or an empty text, is None."""

    def plain(value: Any) -> object:
        if value is None or value is pd.NA or value == "":
            return None
        return None if isinstance(value, float) and math.isnan(value) else value

    return [[plain(value) for value in row] for row in frame.astype(object).to_numpy().tolist()]


def test_the_run_has_gaps_text_and_truth_to_carry(run: YearlyIndex) -> None:
    """The comparisons below would say little of tables without a missing value."""
    assert {"ranks", "impacts", "map", "changes", "leaders"} <= set(names_of(run))
    values = [value for name in names_of(run) for row in cells(table(run, name)) for value in row]
    assert {type(value) for value in values} >= {float, int, bool, str, type(None)}


def test_every_table_reads_back_the_same_from_csv_json_and_parquet(
    run: YearlyIndex, folder: Path
) -> None:
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    schemas = {one["name"]: one["schema"] for one in package["resources"] if "schema" in one}
    for name in names_of(run):
        expected = cells(table(run, name))
        records = json.loads((folder / f"{name}.json").read_text("utf-8"))["records"]
        found = pd.DataFrame(records, columns=table(run, name).columns, dtype=object)
        assert cells(found) == expected, name
        assert cells(pd.read_parquet(folder / f"{name}.parquet")) == expected, name
        assert csv_cells(folder / f"{name}.csv", schemas[name]) == expected, name


def csv_cells(path: Path, schema: dict[str, Any]) -> list[list[object]]:
    """Read a CSV file by nothing but its Table Schema."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    cast = {
        "string": str,
        "boolean": lambda text: {"True": True, "False": False}[text],
        "integer": int,
        "number": float,
    }
    return [
        [None if text == "" else cast[kinds[name]](text) for name, text in row.items()]
        for row in frame.to_dict("records")
    ]


def test_excel_holds_every_table_to_the_last_bit(run: YearlyIndex, folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "report.xlsx", data_only=True)
    for name in names_of(run):
        head, *rows = book[name].iter_rows(values_only=True)
        frame = table(run, name)
        own = [place for place, column in enumerate(head) if column in frame.columns]
        assert [head[place] for place in own] == list(frame.columns)
        assert [[row[place] for place in own] for row in rows] == cells(frame), name


def test_data_of_excel_charts_are_formulas_that_point_to_the_figures(
    run: YearlyIndex, folder: Path
) -> None:
    formulas = openpyxl.load_workbook(folder / "report.xlsx")
    values = openpyxl.load_workbook(folder / "report.xlsx", data_only=True)
    sheet = formulas.sheetnames[1]
    points = 0
    for row in formulas[sheet].iter_rows():
        for cell in row:
            if cell.data_type != "f":
                continue
            target = re.fullmatch(r"='index'!\$([A-Z]+)\$(\d+)", cell.value)
            assert target is not None
            there = values["index"][f"{target[1]}{target[2]}"].value
            assert values[sheet][cell.coordinate].value == there
            points += 1
    groups, years, names = 3, 2, len(run.model.names)
    assert points == 2 * (groups * years + groups + groups * names)


def test_charts_of_the_deck_hold_the_figures_and_their_margins(
    run: YearlyIndex, folder: Path
) -> None:
    figures = run.headline().set_index(["group", "year"])
    deck = pptx.Presentation(folder / "report.pptx")
    chart = next(shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart)
    assert list(chart.plots[0].categories) == ["2024", "2025"]
    assert [series.name for series in chart.plots[0].series] == ["a", "=b", "c"]
    for series in chart.plots[0].series:
        own = figures.loc[series.name]
        assert list(series.values) == own["index"].tolist()
        errors = series._element.xpath("./c:errBars/c:plus//c:v")
        assert [float(error.text) for error in errors] == own["moe"].tolist()


def deck_tables(path: Path) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for slide in pptx.Presentation(path).slides
        for shape in slide.shapes
        if shape.has_table
    ]


def test_tables_of_the_deck_are_the_figures_rounded(run: YearlyIndex, folder: Path) -> None:
    tables = deck_tables(folder / "report.pptx")
    found = {tuple(row) for rows in tables for row in rows}
    figures = run.headline().set_index(["group", "year"])
    for group in ("a", "=b", "c"):
        shown = []
        for year in ("2024", "2025"):
            row = figures.loc[(group, year)]
            p = row["p_value"]
            mark = "" if not p < 0.05 else (" ▲" if row["change"] > 0 else " ▼")
            shown.append(f"{row['index']:.1f} ± {row['moe']:.1f}{mark}")
        assert (group, *shown) in found
    paths = run.paths[run.paths["year"] == "2025"]
    told = {(row[0], row[3].replace("−", "-")) for row in found if len(row) >= 7}
    assert {(row.group, f"{row.estimate:.3f}") for row in paths.itertuples()} <= told


def test_the_page_and_the_deck_show_the_same_tables(folder: Path) -> None:
    page = unescape(re.sub(r"<[^>]+>", "\n", (folder / "index.html").read_text("utf-8")))
    shown = {line.strip() for line in page.splitlines()}
    numbers = {
        cell
        for rows in deck_tables(folder / "report.pptx")
        for row in rows
        for cell in row
        if re.search(r"\d ± \d|\[.*\d\.\d.*\]", cell)
    }
    assert len(numbers) > 60
    assert numbers <= shown


def test_a_figure_that_is_missing_is_a_gap_everywhere(run: YearlyIndex, tmp_path: Path) -> None:
    gone = (run.figures["group"] == "c") & (run.figures["year"] == "2024")
    figures = run.figures.copy()
    figures.loc[gone, ["index", "se", "moe", "lower", "upper"]] = math.nan
    less = replace(run, figures=figures, tables={})
    write_excel(less, tmp_path / "report.xlsx")
    write_slides(less, tmp_path / "report.pptx")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx", data_only=True)["Charts"]
    row = next(row for row in sheet.iter_rows(values_only=True) if "2024" in row)
    place = row.index("2024")
    assert row[place + 3] is None
    assert row[place + 1] is not None
    deck = pptx.Presentation(tmp_path / "report.pptx")
    chart = next(shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart)
    last = chart.plots[0].series[2]
    assert [value is None for value in last.values] == [True, False]
    assert len(last._element.xpath("./c:errBars/c:plus//c:pt")) == 1
