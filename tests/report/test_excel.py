"""The Excel workbook: sheets, formats, words beside codes, charts, and what must never happen."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest

from csi.errors import OptionError, ReportError
from csi.index.values import YearlyIndex
from csi.report import excel_book
from csi.report.excel import write_excel
from csi.report.excel_book import sheet_names
from csi.report.labelled import labelled
from csi.report.sentences import headline, method
from csi.report.style import scale_limits
from csi.report.tables import DESCRIBED, names_of, table
from csi.report.view import View
from csi.text import Text

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")


@pytest.fixture(scope="module")
def files(three: YearlyIndex, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("excel")
    record = {"versions": {"csi": "0.1.0"}, "seed": 7}
    return {
        language: write_excel(three, place / f"{language}.xlsx", language=language, record=record)
        for language in ("en", "zh")
    }


def words(sheet: Any) -> list[str]:
    return [
        value
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if isinstance(value, str)
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_sheet_a_table_between_contents_and_columns(
    files: dict[str, Path], three: YearlyIndex, language: str
) -> None:
    book = openpyxl.load_workbook(files[language])
    first, charts, *tables, last = book.sheetnames
    assert tuple(tables) == names_of(three)
    fixed = {"en": ("Contents", "Charts", "Columns"), "zh": ("目录", "图表", "列说明")}
    assert (first, charts, last) == fixed[language]
    assert book.active.title == first


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_sheet_has_headline_links_method_notes_and_record(
    files: dict[str, Path], three: YearlyIndex, language: Any
) -> None:
    view = View(three, language)
    sheet = openpyxl.load_workbook(files[language]).worksheets[0]
    told = words(sheet)
    assert told[0] == three.codebook.title.within(language)
    assert set(headline(view)) <= set(told)
    assert {part for pair in method(view) for part in pair} <= set(told)
    assert {view.told(note) for note in three.notes} <= set(told)
    assert {"versions.csi", "0.1.0", "seed", "7"} <= set(told)
    links = {row[0].value for row in sheet.iter_rows() if row[0].hyperlink}
    assert links == set(openpyxl.load_workbook(files[language]).sheetnames[1:])


def test_every_column_of_every_sheet_is_explained(files: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(files["en"])
    head, *rows = book["Columns"].iter_rows(values_only=True)
    assert head == ("Table", "Column", "Meaning", "Unit")
    explained = {(table_, column): (meaning, unit) for table_, column, meaning, unit in rows}
    for name in book.sheetnames[2:-1]:
        for cell in book[name][1]:
            meaning, unit = explained.pop((name, cell.value))
            assert meaning
            if cell.value in DESCRIBED[name]:
                assert unit == DESCRIBED[name][cell.value].unit.en
            else:
                assert cell.value.endswith("_label")
    assert not explained


def test_formats_header_filter_and_gaps(files: dict[str, Path], three: YearlyIndex) -> None:
    sheet = openpyxl.load_workbook(files["en"])["index"]
    at = {cell.value: cell.column for cell in sheet[1]}
    shown = {name: sheet.cell(2 + 7, place).number_format for name, place in at.items()}
    assert shown["index"] == shown["moe"] == "0.0"
    assert shown["n"] == "#,##0"
    assert shown["p_value"] == "0.000"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.endswith(str(len(three.figures) + 1))
    gone = three.figures["index"].isna()
    assert gone.any()
    cells = [sheet.cell(row + 2, at["index"]).value is None for row in range(len(gone))]
    assert cells == gone.tolist()
    paths = openpyxl.load_workbook(files["en"])["paths"]
    place = [cell.value for cell in paths[1]].index("estimate")
    assert paths[2][place].number_format == "0.000"


def test_words_stand_beside_codes_only_where_they_say_more(
    files: dict[str, Path], three: YearlyIndex
) -> None:
    sheet = openpyxl.load_workbook(files["zh"])["index"]
    head = [cell.value for cell in sheet[1]]
    assert head[:5] == ["year", "group", "group_label", "construct", "construct_label"]
    assert "year_label" not in head  # 2024 says no more than 2024
    assert sheet["C2"].value == "极光移动"
    missing = labelled(View(three, "zh"), "missing", table(three, "missing"))
    assert missing["meaning_label"].iloc[0] == "不知道"
    plain = labelled(View(three, "en"), "index", table(three, "index"))
    assert "note_label" not in plain.columns  # notes are English already
    note = "no weights in 2011, 2012: each respondent there counts 1"
    told = labelled(View(three, "zh"), "index", table(three, "index").assign(note=note))
    assert told["note_label"].iloc[0] == "2011年、2012年无权重，每名受访者按 1 计"
    assert plain["group_label"].iloc[0] == "Aurora Mobile"


def charts(path: Path) -> list[str]:
    with ZipFile(path) as file:
        names = sorted(name for name in file.namelist() if name.startswith("xl/charts/chart"))
        return [file.read(name).decode("utf-8") for name in names]


def test_native_charts_refer_to_cells_and_have_error_bars(
    files: dict[str, Path], three: YearlyIndex
) -> None:
    drawn = charts(files["en"])
    assert ["lineChart" in drawn[0], "barChart" in drawn[1], "barChart" in drawn[2]] == [True] * 3
    for chart in drawn:
        series = chart.count("<c:order ")
        assert chart.count("<c:errBars>") == series
        assert chart.count("<c:plus><c:numRef><c:f>'Charts'!") == series
        assert chart.count("<c:val><c:numRef><c:f>Charts!") == series
    low, high = scale_limits(View(three), "satisfaction")
    assert f'<c:max val="{high:g}"/><c:min val="{low:g}"/>' in drawn[0].replace(".0", "")
    assert '<c:max val="100' in drawn[1]


def test_many_groups_are_limited_in_charts_and_named_and_whole_in_tables(
    forty: YearlyIndex, tmp_path: Path
) -> None:
    path = write_excel(forty, tmp_path / "forty.xlsx")
    book = openpyxl.load_workbook(path, data_only=True)
    assert book["index"].max_row == len(forty.figures) + 1
    assert charts(path)[0].count("<c:order ") == 6
    told = next(text for text in words(book["Charts"]) if "Not shown" in text)
    last = forty.headline()[forty.headline()["year"] == "2024"].dropna(subset=["index"])
    order = last.sort_values("index", ascending=False)["group"].tolist()
    view = View(forty)
    assert all(f"{view.group(group)}," in f"{told.split('Not shown: ')[1]}," or
               f"{view.group(group)}." in told for group in order[6:])  # fmt: skip
    names = told.split("Not shown: ")[1].split(". All are")[0].split(", ")
    assert len(names) == 34
    assert view.group(order[0]) not in names
    ranked = [row[13] for row in book["Charts"].iter_rows(values_only=True) if row[13]]
    start = ranked.index("Customer satisfaction by group, 2024")
    assert ranked[start + 1 : start + 1 + len(order)] == [view.group(group) for group in order]
    assert any("Without a figure in 2024: Bank 4" in text for text in words(book["Charts"]))


@pytest.mark.parametrize("name", ["single", "one_wave", "twelve_once"])
def test_surveys_of_other_shapes_have_a_workbook(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    yearly = request.getfixturevalue(name)
    path = write_excel(yearly, tmp_path / "one.xlsx", language="zh")
    assert len(charts(path)) == {"single": 2, "one_wave": 1, "twelve_once": 2}[name]
    assert openpyxl.load_workbook(path)["index"].max_row == len(yearly.figures) + 1


HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", '=HYPERLINK("http://x")', "{=1}")


def test_no_text_becomes_a_formula_or_a_link(three: YearlyIndex, tmp_path: Path) -> None:
    group = {f"g{n}": Text(text, text) for n, text in enumerate(HOSTILE)}
    key = replace(three.codebook.groups[0], values=group)
    book = replace(three.codebook, groups=(key,), title=Text("=2+2"), source=Text("@x"))
    figures = three.figures[three.figures["group"] == "aurora"]
    many = pd.concat([figures.assign(group=name, note=HOSTILE[0]) for name in group])
    hostile = replace(three, codebook=book, figures=many, notes=HOSTILE)
    path = write_excel(hostile, tmp_path / "x.xlsx", record={"=a": "=b"})
    read = openpyxl.load_workbook(path)
    for sheet in read.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert cell.value.startswith("='index'!$")
                if cell.hyperlink:
                    assert cell.hyperlink.location.startswith("'")
    assert read["index"]["C2"].value == "=1+1"
    assert read["index"]["C2"].data_type == "s"
    with ZipFile(path) as file:
        formulas = [
            file.read(name).decode().count("<f>")
            for name in file.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
    assert sum(map(bool, formulas)) == 1  # the data of the charts


def test_names_of_sheets_are_taken_by_excel() -> None:
    wanted = ["x" * 31, "x" * 40, "X" * 31, "a[b]:c*?/\\d", "'q'", "", "History", "目录", "目录"]
    names = sheet_names(wanted)
    assert len({name.lower() for name in names}) == len(wanted)
    assert all(0 < len(name) <= 31 for name in names)
    assert not any(set(name) & set("[]:*?/\\") for name in names)
    assert not any(name.startswith("'") or name.endswith("'") for name in names)
    assert "history" not in {name.lower() for name in names}


def test_more_rows_than_a_sheet_has_are_told(
    three: YearlyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel_book, "MOST_ROWS", 100)
    book = openpyxl.load_workbook(write_excel(three, tmp_path / "x.xlsx"), data_only=True)
    assert book["index"].max_row == 101
    told = words(book["Contents"])
    wanted = f"Sheet index shows the first 100 of {len(three.figures)} rows"
    assert sum(text.startswith(wanted) for text in told) == 1
    figures = [row[0] for row in book["Contents"].iter_rows(min_col=2, max_col=2, values_only=True)]
    assert len(three.figures) in figures


def test_a_text_too_long_for_a_cell_is_cut_and_told(three: YearlyIndex, tmp_path: Path) -> None:
    notes = three.fits.assign(problem="long " * 8000)
    path = write_excel(replace(three, fits=notes), tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(path)
    at = [cell.value for cell in book["fits"][1]].index("problem")
    cell = book["fits"][2][at].value
    assert len(cell) == 32_767
    assert cell.endswith("…")
    wanted = f"Sheet fits: {len(notes)} texts longer than the 32,767 letters"
    assert any(text.startswith(wanted) for text in words(book["Contents"]))


def test_infinite_numbers_are_words_as_in_the_csv(three: YearlyIndex, tmp_path: Path) -> None:
    path = write_excel(
        replace(three, quality=three.quality.assign(reliability=float("-inf"))), tmp_path / "x.xlsx"
    )
    sheet = openpyxl.load_workbook(path)["quality"]
    at = [cell.value for cell in sheet[1]].index("reliability")
    assert sheet[2][at].value == "-inf"


def test_the_same_figures_give_the_same_bytes_at_any_time(
    files: dict[str, Path], three: YearlyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 4e9)
    monkeypatch.setattr("time.localtime", lambda *given: (2096, 10, 2, 7, 6, 40, 1, 276, 0))
    record = {"versions": {"csi": "0.1.0"}, "seed": 7}
    again = write_excel(three, tmp_path / "elsewhere.xlsx", record=record)
    assert again.read_bytes() == files["en"].read_bytes()
    with ZipFile(again) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in file.read("docProps/core.xml")


def test_without_the_library_the_error_says_how_to_get_it(
    three: YearlyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ReportError, match=r"xlsxwriter is not installed.*csi\[report\]"):
        write_excel(three, tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


def test_what_is_in_the_way_is_named(three: YearlyIndex, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").mkdir()
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ReportError, match="cannot write here"):
        write_excel(three, tmp_path / "x.xlsx")
    with pytest.raises(ReportError, match="cannot write here"):
        write_excel(three, tmp_path / "file" / "x.xlsx")
    with pytest.raises(OptionError, match="no words in"):
        write_excel(three, tmp_path / "y.xlsx", language="fr")  # type: ignore[arg-type]
