"""The page and the whole report: complete, self-contained, in both languages, always the same."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from csi.errors import OptionError, ReportError
from csi.index.values import YearlyIndex
from csi.report import draw_charts, fonts, write_page, write_report
from csi.report.data_sheets import missing
from csi.report.sentences import headline
from csi.report.view import View
from csi.report.words import PHRASES
from csi.survey.codebook import Meaning

LANGUAGES = [
    "en",
    pytest.param(
        "zh", marks=pytest.mark.skipif(fonts.cjk_font() is None, reason="no Chinese font")
    ),
]
RECORD = {"versions": {"csi": "9.8.7"}, "survey": {"sha256": "ab12" * 16}, "options": ["x", "y"]}
CHINESE = re.compile("[\u4e00-\u9fff]")


class Page(HTMLParser):
    """Collects tags and cells of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.words: list[str] = []
        self._cell = False
        self._skip = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._skip = tag in ("style", "script")
        if tag in ("td", "th"):
            self._cell = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._skip = False
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.cells[-1] += data
        if not self._skip:
            self.words.append(data)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module", params=LANGUAGES)
def made(
    request: pytest.FixtureRequest,
    three: YearlyIndex,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, str]:
    path = tmp_path_factory.mktemp("page") / "index.html"
    write_page(three, path, language=request.param, record=RECORD)
    return request.param, path.read_text("utf-8")


def test_nothing_is_loaded_from_elsewhere(made: tuple[str, str]) -> None:
    page = Page(made[1])
    for _, attributes in page.tags:
        for key in ("src", "href", "srcset", "data", "action"):
            address = attributes.get(key)
            assert address is None or address.startswith(("#", "data:"))
    assert all("src" not in script for script in page.every("script"))
    assert set(re.findall(r"url\((.)", made[1])) <= {"#"}
    assert "@import" not in made[1]


def test_every_image_has_words_and_every_heading_its_section(made: tuple[str, str]) -> None:
    page = Page(made[1])
    images = page.every("svg")
    assert len(images) == 8  # index, constructs, groups, three path diagrams, forest, weights
    assert all(image["role"] == "img" for image in images)
    assert all(len(image["aria-label"] or "") > 20 for image in images)
    assert len({image["aria-label"] for image in images}) == len(images)
    assert page.every("html")[0]["lang"] == {"en": "en", "zh": "zh-Hans"}[made[0]]
    targets = {section["id"] for section in page.every("section")}
    assert {link["href"] for link in page.every("a")} == {"#report"} | {
        f"#{target}" for target in targets
    }
    assert len(page.every("h1")) == 1
    assert len(page.every("h2")) == len(targets) == 14
    assert all(cell.get("scope") in ("col", "row") for cell in page.every("th"))
    assert len(page.every("caption")) == len(page.every("table"))


def test_the_tables_hold_the_figures(made: tuple[str, str], three: YearlyIndex) -> None:
    cells = Page(made[1]).cells
    index = three.figures[three.figures["construct"] == "satisfaction"]
    for row in index.to_dict("records"):
        if np.isfinite(row["index"]):
            expected = f"{row['index']:.1f} ± {row['moe']:.1f}"
            assert any(cell.startswith(expected) for cell in cells)
    for year, frame, columns in (
        ("2024", three.paths, ["estimate"]),
        ("2024", three.effects, ["direct", "indirect", "total"]),
        ("2024", three.weights, ["weight", "loading"]),
        ("2024", three.quality, ["r2", "reliability"]),
    ):
        for value in frame.loc[frame["year"] == year, columns].stack().dropna().tolist():
            assert f"{value:.3f}".replace("-", "−") in cells
    assert f"{int(three.items['answered'].max())}" in cells


def test_what_was_left_out_is_said(made: tuple[str, str], three: YearlyIndex) -> None:
    text = " ".join(Page(made[1]).words)
    for note in ("18 respondents, fewer than 30", "PLS did not settle in 300 steps", "no weight"):
        assert note in text
    assert text.count(PHRASES["not_asked_cell"].within(made[0])) >= 2  # image5 in two years
    assert three.notes[0] in text
    for entry in ("versions.csi", "9.8.7", "survey.sha256", "ab12" * 16, "x, y"):
        assert entry in text


def test_missing_answers_are_counted_by_item_reason_and_year(three: YearlyIndex) -> None:
    sheet = missing(View(three))
    assert sheet.head == ("Item", "Reason", "2019", "2020", "2021", "2022", "2023", "2024")
    assert ("Image, question 1", "don't know", *(["3"] * 6)) in sheet.rows
    assert ("Customer loyalty, question 2", "no answer", *(["4"] * 6)) in sheet.rows
    assert len(sheet.rows) == 4


def test_marks_stand_for_tested_changes(made: tuple[str, str], three: YearlyIndex) -> None:
    cells = Page(made[1]).cells
    arrowed = ("satisfaction", "complaints", "loyalty")  # the index, and what follows from it
    rows = three.figures[
        three.figures["construct"].isin(arrowed) & (three.figures["p_value"] < 0.05)
    ]
    assert sum(cell.endswith("▲") for cell in cells) == (rows["change"] > 0).sum()
    assert sum(cell.endswith("▼") for cell in cells) == (rows["change"] < 0).sum()
    assert len(rows) > 0


def test_fixed_words_are_in_the_language_of_the_page(made: tuple[str, str]) -> None:
    language, html = made
    heads = re.findall(r"<h2[^>]*>([^<]*)|<th scope=\"col\"[^>]*>([^<]*)", html)
    for words in {a or b for a, b in heads}:
        plain = re.fullmatch(r"[\d–.]*|R²", words)
        assert plain or bool(CHINESE.search(words)) == (language == "zh"), words


@pytest.mark.parametrize("language", ["en", "zh"])
def test_headline_sentences(three: YearlyIndex, language: str) -> None:
    figures = three.figures.copy()
    at = {
        group: figures.index[
            (figures["year"] == "2024")
            & (figures["group"] == group)
            & (figures["construct"] == "satisfaction")
        ][0]
        for group in ("aurora", "borealis", "cirrus")
    }
    changes = ["change", "change_lower", "change_upper", "p_value", "compared_with"]
    figures.loc[at["aurora"], changes] = [2.44, 0.5, 4.4, 0.001, "2023"]
    figures.loc[at["borealis"], changes] = [-2.0, -3.1, -0.9, 0.02, "2023"]
    figures.loc[at["cirrus"], ["index", "moe", "note"]] = [np.nan, np.nan, "too few"]
    said = headline(View(replace(three, figures=figures), language))
    wanted = {
        "en": (
            "2.4 points more than in 2023 (95% interval [0.5, 4.4]), a rise larger than chance",
            "2.0 points less than in 2023 (95% interval [−3.1, −0.9]), a fall larger than chance",
            "there is no figure in 2024: too few.",
        ),
        "zh": (
            "较2023年上升 2.4 分（95% 置信区间 [0.5, 4.4]），升幅超出抽样误差。",
            "较2023年下降 2.0 分（95% 置信区间 [−3.1, −0.9]），降幅超出抽样误差。",
            "2024年卷云网络通信集团控股有限公司没有可发布的指数：too few。",
        ),
    }[language]
    for sentence, words in zip(said, wanted, strict=True):
        assert words in sentence


def test_many_groups_are_summed_up(forty: YearlyIndex) -> None:
    said = " ".join(headline(View(forty)))
    rows = forty.figures
    rows = rows[(rows["year"] == "2024") & (rows["construct"] == "satisfaction")]
    assert "published for 39 of 40 groups" in said
    best = rows.loc[rows["index"].idxmax()]
    assert f"{best['index']:.1f} ± {best['moe']:.1f}" in said
    up = int(((rows["p_value"] < 0.05) & (rows["change"] > 0)).sum())
    assert f"{up} rose" in said


def test_names_of_the_survey_are_escaped(three: YearlyIndex, tmp_path: Path) -> None:
    notes = ("a <script>alert(1)</script> & more",)
    text = write_page(replace(three, notes=notes), tmp_path / "p.html").read_text("utf-8")
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("shape", ["single", "one_wave", "forty"])
def test_other_shapes_make_a_report(
    shape: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    yearly = request.getfixturevalue(shape)
    page = Page(write_page(yearly, tmp_path / "p.html").read_text("utf-8"))
    # index, constructs, forest and weights, and a diagram of each group; of forty groups a chart of
    # all side by side, and forests of the first twelve
    paths = yearly.paths
    drawn = paths.loc[paths["year"] == paths["year"].max(), "group"].nunique()
    assert len(page.every("svg")) == 4 + drawn + (1 + 12 if shape == "forty" else 0)
    text = " ".join(page.words)
    assert "nan" not in re.findall(r"\b\w+\b", text.lower())


def test_a_report_without_any_fit_still_says_what_happened(
    three: YearlyIndex, tmp_path: Path
) -> None:
    figures = three.figures.copy()
    numbers = ["index", "se", "moe", "lower", "upper", "change", "p_value"]
    figures[numbers] = np.nan
    figures["note"] = "fewer than 30"
    empty = {n: getattr(three, n).iloc[:0] for n in ("paths", "effects", "weights", "quality")}
    files = write_report(replace(three, figures=figures, **empty), tmp_path)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "there is no figure in 2024: fewer than 30" in text
    assert PHRASES["no_rows"].en in text
    assert not [path for path in files if path.stem.startswith(("path_diagram", "weights.png"))]


def test_a_report_is_complete_and_the_same_twice(three: YearlyIndex, tmp_path: Path) -> None:
    first = write_report(three, tmp_path / "one", record=RECORD)
    second = write_report(three, tmp_path / "two", record=RECORD)
    names = [path.name for path in first]
    assert names == [path.name for path in second]
    described = ["datapackage.json", "tables.schema.json", "README.md"]
    labels = [f"label_{key}.csv" for key in ("year", "group", "construct", "item")]
    assert set(described + labels) <= set(names)
    charts = 8  # index, constructs, groups, three diagrams, forest, weights
    assert len(set(names)) == len(names) == 9 * 3 + 3 + 4 + charts * 2 + 1
    assert {"index.csv", "index.parquet", "README.md", "index.html", "weights.svg"} <= set(names)
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(names)
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name


def test_formats_are_a_choice(single: YearlyIndex, tmp_path: Path) -> None:
    names = {path.suffix for path in write_report(single, tmp_path, formats=("svg",))}
    assert names == {".csv", ".json", ".parquet", ".md", ".svg", ".html"}
    with pytest.raises(OptionError, match="png or svg"):
        write_report(single, tmp_path, formats=("pdf",))


def test_nothing_is_written_where_chinese_cannot_be_drawn(
    three: YearlyIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "installed", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(ReportError, match="fonts-noto-cjk"):
        write_report(three, tmp_path / "zh", language="zh")
    assert not (tmp_path / "zh").exists()


def test_reasons_of_missing_answers_all_have_words() -> None:
    assert set(Meaning.__args__) <= set(PHRASES)


def test_charts_have_names_of_their_own(three: YearlyIndex) -> None:
    names = [chart.name for chart in draw_charts(three)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"\w+", name) for name in names)
