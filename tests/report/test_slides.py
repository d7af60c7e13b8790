"""The slide deck: nothing runs off a slide, charts are native, and every slide can be read out."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import matplotlib
import pytest

from csi.errors import OptionError, ReportError
from csi.index.values import YearlyIndex
from csi.report import league_sheets, sheets
from csi.report.office_file import CHINESE_FONT
from csi.report.sentences import headline, method
from csi.report.sheets import Sheet
from csi.report.slide_deck import BODY, Box, pages
from csi.report.slide_tables import MOST_ROWS, parts_of
from csi.report.slides import write_slides
from csi.report.view import View
from csi.text import Text

pptx = pytest.importorskip("pptx")
ImageFont = pytest.importorskip("PIL.ImageFont")

POINT = 12_700
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SHAPES = ("three", "single", "one_wave", "twelve", "twelve_once", "forty")


@pytest.fixture(scope="module")
def decks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    place = tmp_path_factory.mktemp("slides")
    made: dict[tuple[str, str], Any] = {}

    def deck(name: str, language: Any = "en") -> Any:
        if (name, language) not in made:
            yearly = request.getfixturevalue(name)
            path = place / f"{name}_{language}.pptx"
            write_slides(yearly, path, language=language, record={"seed": 7})
            made[name, language] = pptx.Presentation(path)
        return made[name, language]

    return deck


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text in points: Latin as DejaVu Sans has it, a Chinese letter as wide as high."""
    name = "DejaVuSans-Bold" if bold else "DejaVuSans"
    file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"
    font = _FONTS.setdefault((name, size), ImageFont.truetype(str(file), 1000))
    latin = "".join(letter for letter in text if ord(letter) < 0x2E80)
    return float(font.getlength(latin)) * size / 1000 + (len(text) - len(latin)) * size


_FONTS: dict[tuple[str, float], Any] = {}


def lines(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """Lines that PowerPoint needs: words are kept whole, Chinese breaks anywhere."""
    count, used = 1, 0.0
    for word in text.split(" "):
        units = [word] if all(ord(letter) < 0x2E80 for letter in word) else list(word)
        for number, unit in enumerate(units):
            need = wide(unit, size, bold=bold)
            if used + need > room and used:
                count, used = count + 1, 0.0
            while need > room:  # a word longer than the line is divided
                count, need = count + 1, need - room
            used += need + (wide(" ", size, bold=bold) if number + 1 == len(units) else 0.0)
    return count


def height(frame: Any, room: float) -> float:
    """Height of the text of a frame, by measured letters."""
    total = 0.0
    for paragraph in frame.paragraphs:
        text = "".join(run.text for run in paragraph.runs)
        size = paragraph.runs[0].font.size.pt if paragraph.runs else 12.0
        bold = bool(paragraph.runs and paragraph.runs[0].font.bold)
        after = paragraph.space_after.pt if paragraph.space_after else 0.0
        total += lines(text, room, size, bold=bold) * size * 1.2 + after
    return total


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_and_its_text_stay_on_the_slide(decks: Any, name: str, language: str) -> None:
    deck = decks(name, language)
    for number, slide in enumerate(deck.slides, start=1):
        boxes = []
        for shape in slide.shapes:
            assert shape.left >= 0, number
            assert shape.top >= 0, number
            assert shape.left + shape.width <= deck.slide_width, (number, shape.name)
            assert shape.top + shape.height <= deck.slide_height, (number, shape.name)
            if shape.has_text_frame and shape.text_frame.text:
                frame = shape.text_frame
                room = shape.width / POINT - frame.margin_left.pt - frame.margin_right.pt
                tall = shape.height / POINT - frame.margin_top.pt - frame.margin_bottom.pt
                assert height(frame, room) <= tall + 1, (number, frame.text[:80])
            if shape.has_chart or shape.has_table or shape.text_frame.text:
                boxes.append(shape)
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                apart = (
                    one.top + one.height <= other.top + POINT
                    or other.top + other.height <= one.top + POINT
                    or one.left + one.width <= other.left + POINT
                    or other.left + other.width <= one.left + POINT
                )
                assert apart, (number, one.name, other.name)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SHAPES)
def test_rows_of_tables_are_high_enough_for_their_words(
    decks: Any, name: str, language: str
) -> None:
    for number, slide in enumerate(decks(name, language).slides, start=1):
        for shape in slide.shapes:
            if not shape.has_table:
                continue
            grid = shape.table
            assert len(grid.rows) <= MOST_ROWS + 1
            assert abs(sum(row.height for row in grid.rows) - shape.height) < POINT
            assert abs(sum(column.width for column in grid.columns) - shape.width) < POINT
            for row in grid.rows:
                for cell, column in zip(row.cells, grid.columns, strict=True):
                    room = (column.width - cell.margin_left - cell.margin_right) / POINT
                    over = (cell.margin_top + cell.margin_bottom) / POINT
                    need = height(cell.text_frame, room) + over
                    assert need <= row.height / POINT + 1, (number, cell.text)


def tables(deck: Any) -> list[Any]:
    return [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]


def joined(deck: Any, head: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Rows of all parts of the table with this head, in the order of the slides."""
    rows = []
    for grid in tables(deck):
        first, *rest = [tuple(cell.text for cell in row.cells) for row in grid.rows]
        if first == head:
            rows += rest
    return rows


def test_divided_tables_are_complete(decks: Any, forty: YearlyIndex) -> None:
    view = View(forty)
    for sheet in (sheets.index_by_year(view), sheets.constructs(view)):
        assert joined(decks("forty"), sheet.head) == list(sheet.rows)
    assert len(sheets.constructs(view).rows) == 40


def test_a_table_too_wide_keeps_its_names_on_every_part() -> None:
    head = ("Group", *(f"A long head {n}" for n in range(30)))
    rows = tuple((f"g{row}", *(f"{row}.{n}" for n in range(30))) for row in range(30))
    parts = parts_of(Sheet("x", head, rows), 300.0)
    assert all(part.head[0] == "Group" for part in parts)
    seen = [
        (part_row[0], name, cell)
        for part in parts
        for part_row in part.rows
        for name, cell in zip(part.head[1:], part_row[1:], strict=True)
    ]
    wanted = {
        (row[0], name, cell) for row in rows for name, cell in zip(head[1:], row[1:], strict=True)
    }
    assert len(seen) == len(wanted) == 900
    assert set(seen) == wanted
    assert all(sum(part.heights) <= 300.0 for part in parts)


def test_a_cell_that_never_ends_is_cut_and_counted() -> None:
    (part,) = parts_of(Sheet("x", ("a", "b"), (("one", "word " * 2000),)), 400.0)
    assert part.cut == 1
    assert part.rows[0][1].endswith("…")
    assert sum(part.heights) <= 400.0


def charts(deck: Any) -> list[Any]:
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def test_charts_are_native_with_error_bars_data_and_words(decks: Any, three: YearlyIndex) -> None:
    trend, latest, constructs = charts(decks("three"))
    kinds = [str(shape.chart.chart_type).split(" ")[0] for shape in (trend, latest, constructs)]
    assert kinds == ["LINE_MARKERS", "BAR_CLUSTERED", "COLUMN_CLUSTERED"]
    for shape in (trend, latest, constructs):
        assert shape.chart.part.chart_workbook.xlsx_part is not None
        words = shape._element.xpath("./*/p:cNvPr")[0].get("descr")
        assert len(words) > 40
        for series in shape.chart.plots[0].series:
            assert len(series._element.findall(f"{CHART}errBars")) == 1
    assert list(latest.chart.plots[0].categories) == [
        View(three).group(group) for group in ranked(three)
    ]
    assert latest.chart.value_axis.minimum_scale == 0.0


def ranked(yearly: YearlyIndex) -> list[str]:
    figures = yearly.headline()
    last = figures[figures["year"] == figures["year"].max()].dropna(subset=["index"])
    found: list[str] = last.sort_values("index", ascending=False)["group"].tolist()
    return found


ORDER = """
idx order tx spPr invertIfNegative marker dPt dLbls trendline errBars cat val xVal yVal smooth
""".split()  # noqa: SIM905 - one line is easier to hold against the schema
"""Children of a series as the schema of charts orders them."""


@pytest.mark.parametrize("name", ["three", "forty"])
def test_children_of_a_series_stand_in_the_order_of_the_schema(decks: Any, name: str) -> None:
    for shape in charts(decks(name)):
        for order in shape.chart.part._element.iter(f"{CHART}order"):
            tags = [child.tag.removeprefix(CHART) for child in order.getparent()]
            assert tags == sorted(tags, key=ORDER.index)


def test_a_map_has_points_names_error_bars_and_lines_at_the_means(
    three: YearlyIndex, tmp_path: Path
) -> None:
    rows = [
        {"year": "2024", "group": group, "target": "satisfaction", "construct": name, "item": "",
         "importance": 0.1 + 0.2 * at, "importance_se": 0.05, "importance_lower": 0.2 * at,
         "importance_upper": 0.2 + 0.2 * at, "performance": 60.0 + at, "performance_se": 1.0,
         "performance_lower": 58.0 + at, "performance_upper": 62.0 + at, "quadrant": "keep up",
         "quadrant_share": 0.8, "mean_importance": 0.3, "mean_performance": 61.0,
         "draws_used": 100, "note": ""}
        for group in ("aurora", "cirrus")
        for at, name in enumerate(("image", "quality", "value"))
    ]  # fmt: skip
    import pandas as pd

    path = write_slides(three.with_tables(map=pd.DataFrame(rows)), tmp_path / "x.pptx")
    drawn = [shape.chart for shape in charts(pptx.Presentation(path))]
    maps = [chart for chart in drawn if str(chart.chart_type).startswith("XY_SCATTER")]
    assert len(maps) == 2
    dots, across, up = maps[0].plots[0].series
    numbers = {
        axis: [float(v.text) for v in dots._element.findall(f"{CHART}{axis}//{CHART}v")]
        for axis in ("xVal", "yVal")
    }
    assert numbers["xVal"] == [0.1, 0.1 + 0.2, 0.1 + 0.4]
    assert numbers["yVal"] == [60.0, 61.0, 62.0]
    labels = [dots.points[at].data_label.text_frame.text for at in range(3)]
    assert labels == ["Image", "Perceived quality", "Perceived value"]
    ends = [
        bars.find(f"{CHART}errDir").get("val") for bars in dots._element.findall(f"{CHART}errBars")
    ]
    assert ends == ["x", "y"]
    means = [
        [float(v.text) for v in line._element.findall(f".//{CHART}numCache//{CHART}v")]
        for line in (across, up)
    ]
    assert means[0].count(0.3) == 2
    assert means[1].count(61.0) == 2


def test_many_groups_are_limited_in_charts_and_the_others_named(
    decks: Any, forty: YearlyIndex
) -> None:
    deck, view = decks("forty"), View(forty)
    trend, *bars = charts(deck)
    assert len(trend.chart.plots[0].series) == 6
    told = [
        shape.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame and "Not shown: " in shape.text_frame.text
    ]
    names = told[0].split("Not shown: ")[1].split(". All are")[0].split(", ")
    drawn = {series.name for series in trend.chart.plots[0].series}
    assert drawn | set(names) == {view.group(group) for group in view.groups}
    assert not drawn & set(names)
    shown = [
        name
        for shape in bars
        if str(shape.chart.chart_type).startswith("BAR")
        for name in shape.chart.plots[0].categories
    ]
    assert shown == [view.group(group) for group in ranked(forty)]
    paths = joined(deck, sheets.paths(view).head[:-1]) or joined(deck, sheets.paths(view).head)
    assert {row[0] for row in paths} == drawn


def test_the_league_table_is_there_where_the_run_has_one(
    three: YearlyIndex, tmp_path: Path
) -> None:
    import pandas as pd

    ranks = pd.DataFrame(
        [
            {"year": "2024", "rank": at + 1, "group": group, "index": 70.0 - at, "se": 1.0,
             "moe": 2.0, "n": 200, "rank_low": 1, "rank_high": 2, "p_first": 0.6,
             "may_be_first": True, "difference_from_first": -1.0, "difference_lower": -3.0,
             "difference_upper": 1.0, "letters": "a", "small_base": False, "rank_before": 1,
             "rank_change": 0, "note": ""}
            for at, group in enumerate(("aurora", "cirrus"))
        ]
    )  # fmt: skip
    made = three.with_tables(ranks=ranks)
    sheet = league_sheets.league(View(made))
    deck = pptx.Presentation(write_slides(made, tmp_path / "x.pptx"))
    assert joined(deck, sheet.head) == list(sheet.rows)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_headline_method_and_notes_are_said_in_full(
    decks: Any, three: YearlyIndex, language: Any
) -> None:
    deck, view = decks("three", language), View(three, language)
    said = "\n".join(
        shape.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
    )
    assert all(line in said for line in headline(view))
    assert all(view.told(note) in said for note in three.notes)
    cells = {cell.text for grid in tables(deck) for row in grid.rows for cell in row.cells}
    for term, words in method(view):
        assert term in cells
        assert words in cells or any(
            cell.endswith("…") and words.startswith(cell[:-1]) for cell in cells
        )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_slide_has_a_title_and_notes_for_the_speaker(decks: Any, language: str) -> None:
    for slide in decks("three", language).slides:
        assert slide.shapes.title.text_frame.text
        assert len(slide.notes_slide.notes_text_frame.text) > 10


def test_chinese_letters_have_a_chinese_font_everywhere(decks: Any) -> None:
    deck = decks("three", "zh")
    runs = 0
    for slide in deck.slides:
        for properties in slide._element.iter(f"{DRAWING}rPr"):
            assert properties.find(f"{DRAWING}ea").get("typeface") == CHINESE_FONT
            assert properties.get("lang") == "zh-CN"
            runs += 1
    assert runs > 100
    for shape in charts(deck):
        fonts = list(shape.chart.part._element.iter(f"{DRAWING}ea"))
        assert {font.get("typeface") for font in fonts} == {CHINESE_FONT}
        assert fonts


def test_long_titles_and_names_still_fit(three: YearlyIndex, tmp_path: Path) -> None:
    long = "An exceptionally long name of a holding company with many subsidiaries " * 4
    key = three.codebook.groups[0]
    values = {group: Text(long.strip()) for group in key.values}
    book = replace(
        three.codebook,
        title=Text(long * 2),
        population=Text(long * 3),
        groups=(replace(key, values=values),),
    )
    path = write_slides(replace(three, codebook=book), tmp_path / "x.pptx")
    first = [shape.text_frame.text for shape in pptx.Presentation(path).slides[0].shapes]
    assert first[0].endswith("…")  # the title, which stands whole below
    assert (long * 2).strip() in " ".join(" ".join(first[1:]).split())
    test_every_shape_and_its_text_stay_on_the_slide(lambda *_: pptx.Presentation(path), "x", "en")
    test_rows_of_tables_are_high_enough_for_their_words(
        lambda *_: pptx.Presentation(path), "x", "en"
    )


def test_a_paragraph_longer_than_a_slide_is_divided_not_lost() -> None:
    text = " ".join(f"word{n}" for n in range(3000))
    runs = pages([text, "last"], BODY, 14.0)
    assert len(runs) > 2
    assert " ".join(line for run in runs for line in run) == f"{text} last"
    assert pages(["短" * 5], Box(0, 0, 100, 100), 10.0) == [["短" * 5]]


def test_the_same_figures_give_the_same_bytes_at_any_time(
    three: YearlyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_slides(three, tmp_path / "a.pptx").read_bytes()
    monkeypatch.setattr("time.time", lambda: 4e9)
    monkeypatch.setattr("time.localtime", lambda *given: (2096, 10, 2, 7, 6, 40, 1, 276, 0))
    second = write_slides(three, tmp_path / "b.pptx")
    assert second.read_bytes() == first
    with ZipFile(second) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        inside = [name for name in file.namelist() if name.endswith(".xlsx")]
        (tmp_path / "inside.xlsx").write_bytes(file.read(inside[0]))
    with ZipFile(tmp_path / "inside.xlsx") as file:
        assert b">2000-01-01T00:00:00Z<" in file.read("docProps/core.xml")


def test_without_the_library_the_error_says_how_to_get_it(
    three: YearlyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(ReportError, match=r"python-pptx is not installed.*csi\[report\]"):
        write_slides(three, tmp_path / "x.pptx")
    assert not list(tmp_path.iterdir())


def test_what_is_in_the_way_is_named(three: YearlyIndex, tmp_path: Path) -> None:
    (tmp_path / "x.pptx").mkdir()
    with pytest.raises(ReportError, match="cannot write here"):
        write_slides(three, tmp_path / "x.pptx")
    with pytest.raises(OptionError, match="no words in"):
        write_slides(three, tmp_path / "y.pptx", language="fr")  # type: ignore[arg-type]
