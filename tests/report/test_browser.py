"""The page in a browser: offline, by keyboard, in both languages, on paper and without scripts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.index.values import YearlyIndex
from csi.report import fonts, write_page
from csi.report.hover import tip
from csi.report.pictures import Chart
from csi.report.style import new_figure
from csi.report.tables import names_of, table
from csi.text import Language

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium")

no_font = pytest.mark.skipif(fonts.cjk_font() is None, reason="no Chinese font")
no_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="there is no pdftotext")
PAGES = ["en", pytest.param("zh", marks=no_font)]

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests of this module."""
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def files(three: YearlyIndex, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of three companies in the languages that can be drawn here."""
    place = tmp_path_factory.mktemp("browser")
    languages: tuple[Language, ...] = ("en", "zh") if fonts.cjk_font() else ("en",)
    record = {"versions": {"csi": "9.8.7"}}
    return {
        tongue: write_page(three, place / f"{tongue}.html", language=tongue, record=record)
        for tongue in languages
    }


@pytest.fixture
def opened(browser: Any, files: dict[str, Path]) -> Iterator[Open]:
    """Open a page without network; what it asks for and complains of is kept, and is nothing."""
    troubles: list[str] = []
    contexts = []

    def start(language: str = "en", *, wide: int = 1280, scripts: bool = True) -> Any:
        context = browser.new_context(
            offline=True,
            viewport={"width": wide, "height": 800},
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: troubles.append(f"console {said.type}: {said.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        address = files[language].as_uri()
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.split("#")[0] == address or asked.url.startswith(("data:", "blob:"))
                else troubles.append(f"asks for {asked.url}")
            ),
        )
        page.goto(address)
        return page

    yield start
    for context in contexts:
        context.close()
    assert troubles == []


def shown(page: Any, selector: str) -> list[str]:
    """Return the group of each visible element."""
    found: list[str] = page.eval_on_selector_all(
        selector, "all => all.filter(e => e.getClientRects().length).map(e => e.dataset.group)"
    )
    return found


AURORA, CIRRUS = "Aurora Mobile", "Cirrus Networks & Communications Group Holdings"


def test_a_group_chosen_for_the_page_is_followed_by_every_section(opened: Open) -> None:
    page = opened()
    assert shown(page, "#model figure[data-group]") == [AURORA]
    page.get_by_role("group", name="For the whole page").get_by_label("Company").select_option(
        CIRRUS
    )
    assert shown(page, "#model figure[data-group]") == [CIRRUS]
    page.eval_on_selector_all("details", "all => all.forEach(e => { e.open = true; })")
    for section in ("model", "weights", "constructs"):
        rows = shown(page, f"#{section} table[data-cut-group] tbody tr")
        assert rows, section
        assert set(rows) == {CIRRUS}, section
    assert page.locator("#model .state").first.inner_text().startswith(f"Shown: {CIRRUS}.")
    # tables that compare groups keep all of them and pick one out
    assert len(set(shown(page, "#over_years tbody tr"))) == 3
    assert page.locator("#over_years tr.chosen th").first.inner_text() == CIRRUS


def test_a_section_is_switched_on_its_own_and_by_keyboard(opened: Open) -> None:
    page = opened()
    own = page.locator("#model .switch select").first
    own.focus()
    page.keyboard.press("ArrowDown")
    assert own.input_value() == "Borealis Telecom"
    assert shown(page, "#model figure[data-group]") == ["Borealis Telecom"]
    whole = page.locator("nav select").first
    assert whole.input_value() == "~"  # sections differ
    page.reload()
    assert shown(page, "#model figure[data-group]") == ["Borealis Telecom"]
    own = page.locator("#model .switch select").first
    own.select_option("")
    assert len(shown(page, "#model figure[data-group]")) == 3


def test_rows_of_a_year_are_chosen_too(opened: Open) -> None:
    page = opened()
    page.locator("#fits .switch select").nth(1).select_option("2022")
    cells = page.locator("#fits tbody tr:visible th:first-child").all_inner_texts()
    assert cells == ["2022"] * 3
    assert "3 of 18 rows" in page.locator("#fits caption").inner_text()


def test_tables_are_sorted_by_their_heads(opened: Open, three: YearlyIndex) -> None:
    page = opened()
    head = page.locator("#over_years table").nth(1).locator("thead th").nth(1)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    own = three.figures[
        (three.figures["year"] == "2024") & (three.figures["construct"] == "satisfaction")
    ]
    wanted = [f"{value:.1f}" for value in sorted(own["index"])]
    cells = page.locator("#over_years table").nth(1).locator("tbody td:nth-child(2)")
    assert [cell.split(" ")[0] for cell in cells.all_inner_texts()] == wanted
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert [cell.split(" ")[0] for cell in cells.all_inner_texts()] == wanted[::-1]
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None


def test_the_tables_inside_the_page_are_those_of_the_files(
    files: dict[str, Path], three: YearlyIndex
) -> None:
    text = files["en"].read_text("utf-8")
    found = dict(re.findall(r'json" id="data-(\w+)">(.*?)</script>', text))
    assert list(found) == list(names_of(three))
    for name, content in found.items():
        wanted = table(three, name)
        made = json.loads(content)
        assert list(made) == list(wanted.columns)
        for column, cells in made.items():
            for cell, value in zip(cells, wanted[column].tolist(), strict=True):
                assert cell == value or (cell is None and pd.isna(value)), (name, column)


def test_a_table_is_downloaded_in_full_precision(
    opened: Open, three: YearlyIndex, tmp_path: Path
) -> None:
    page = opened()
    page.locator("#model details.fold").first.evaluate("one => { one.open = true; }")
    with page.expect_download() as waited:
        page.locator("#model").get_by_role("button", name="Download paths.csv").first.click()
    waited.value.save_as(tmp_path / "paths.csv")
    read = pd.read_csv(tmp_path / "paths.csv", dtype={"year": str}, encoding="utf-8-sig")
    wanted = table(three, "paths")
    assert list(read.columns) == list(wanted.columns)
    for column in ("estimate", "lower", "upper"):
        np.testing.assert_array_equal(read[column], wanted[column])
    assert read["verified"].tolist() == wanted["verified"].tolist()


def test_a_mark_says_its_value_to_pointer_and_keyboard(
    browser: Any, three: YearlyIndex, tmp_path: Path
) -> None:
    """Show the value of marks made here: which charts have some is tested elsewhere."""
    figure = new_figure(5.0, 3.0)
    axes = figure.add_subplot()
    for place in range(3):
        (mark,) = axes.plot([place], [place], "o", markersize=14)
        tip(mark, f"Mark <{place}>: 7{place}.5 ± 2")
    chart = Chart("marks", "over_years", "Three marks in a row, made for a test.", figure)
    path = write_page(three, tmp_path / "p.html", charts=[chart])
    assert path.read_text("utf-8").count('<g class="tip"><title>Mark &lt;') == 3
    page = browser.new_page()
    page.goto(path.as_uri())
    marks, bubble = page.locator("#over_years .tip"), page.locator(".bubble")
    assert not bubble.is_visible()
    marks.nth(1).hover()
    assert bubble.inner_text() == "Mark <1>: 71.5 ± 2"
    page.keyboard.press("Escape")
    assert not bubble.is_visible()
    marks.nth(0).focus()
    assert bubble.inner_text() == "Mark <0>: 70.5 ± 2"
    page.keyboard.press("End")
    assert bubble.inner_text() == "Mark <2>: 72.5 ± 2"
    assert [mark.get_attribute("tabindex") for mark in marks.all()] == ["-1", "-1", "0"]
    page.close()


def test_group_and_year_are_chosen_together(opened: Open) -> None:
    page = opened()
    page.locator("nav select").first.select_option("Borealis Telecom")
    page.locator("nav select").nth(1).select_option("2022")  # its fit of 2022 did not settle
    assert "No rows" not in page.locator("#fits caption").inner_text()
    assert page.locator("#fits tbody tr:visible").count() == 1


@pytest.mark.parametrize("language", PAGES)
def test_names_labels_and_headings(opened: Open, language: str) -> None:
    page = opened(language)
    faults = page.evaluate(
        """() => {
          const faults = [], ids = new Set();
          for (const e of document.querySelectorAll('[id]')) {
            if (ids.has(e.id)) faults.push('twice: ' + e.id);
            ids.add(e.id);
          }
          for (const e of document.querySelectorAll('svg'))
            if ((e.getAttribute('aria-label') ?? '').length < 20) faults.push('svg without name');
          for (const e of document.querySelectorAll('svg use')) {
            const to = (e.getAttribute('href') ?? e.getAttribute('xlink:href')).slice(1);
            if (!ids.has(to)) faults.push('use of nothing: ' + to);
          }
          for (const e of document.querySelectorAll('select, input'))
            if (!e.labels.length || !e.labels[0].textContent.trim()) faults.push('no label');
          for (const e of document.querySelectorAll('button, a'))
            if (!(e.getAttribute('aria-label') ?? e.textContent).trim()) faults.push('no words');
          for (const e of document.querySelectorAll('th'))
            if (!['col', 'row'].includes(e.scope)) faults.push('no scope');
          let level = 0;
          for (const e of document.querySelectorAll('h1, h2, h3, h4')) {
            if (+e.tagName[1] > level + 1) faults.push('heading jumps');
            level = +e.tagName[1];
          }
          for (const tag of ['main', 'nav', 'header', 'h1'])
            if (document.querySelectorAll(tag).length !== 1) faults.push('not one ' + tag);
          return faults;
        }"""
    )
    assert faults == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


_CONTRAST = """() => {
  const part = (c) => { c /= 255; return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; };
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const back = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const all = [];
  for (const e of document.querySelectorAll('body *:not(svg *, script)')) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const a = light(rgb(getComputedStyle(e).color)), b = light(back(e));
    all.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.tagName + '.' + e.className]);
  }
  return all;
}"""


def test_letters_stand_out_from_their_ground(opened: Open) -> None:
    ratios = opened().evaluate(_CONTRAST)
    assert len(ratios) > 300
    assert [pair for pair in ratios if pair[0] < 4.5] == []


@no_font
def test_chinese_text_is_drawn_with_its_own_letters(opened: Open) -> None:
    page = opened("zh")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    different = page.evaluate(
        """() => {
          const draw = (letter) => {
            const canvas = document.createElement('canvas');
            canvas.width = canvas.height = 48;
            const pen = canvas.getContext('2d');
            pen.font = '32px ' + getComputedStyle(document.body).fontFamily;
            pen.fillText(letter, 4, 38);
            return canvas.toDataURL();
          };
          // a letter without a shape is drawn as the same box as any other
          const letters = [...new Set(document.body.innerText.match(/[\\u4e00-\\u9fff]/g))];
          const none = draw('\\u{10fff0}');
          return [letters.length, new Set(letters.map(draw)).size,
            letters.filter((letter) => draw(letter) === none).length];
        }"""
    )
    assert different[0] > 200
    assert different[1] == different[0]
    assert different[2] == 0


def test_narrow_screens_do_not_scroll_sideways(opened: Open) -> None:
    page = opened(wide=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".wide[tabindex='0']").count() > 0  # wide tables scroll by themselves


def test_contents_say_where_the_reader_is(opened: Open) -> None:
    page = opened()
    page.locator("nav a[href='#weights']").click()
    page.locator("nav a[aria-current][href='#weights']").wait_for(timeout=3000)
    assert page.locator("nav").bounding_box()["y"] < 40  # stays in sight


@pytest.mark.parametrize("language", PAGES)
def test_the_page_can_be_read_without_scripts(opened: Open, language: str) -> None:
    page = opened(language, scripts=False)
    assert page.locator("#model figure[data-group]:visible").count() == 1
    assert page.locator("#model details.others summary").is_visible()
    page.locator("#model details.others summary").click()
    assert page.locator("#model figure[data-group]:visible").count() == 3
    assert page.locator("select").count() == 0
    assert page.locator("#over_years tbody tr:visible").count() == 6


def printed(page: Any, place: Path, form: str = "-layout") -> list[str]:
    """Return the text of each printed page, line by line or (``-raw``) as it was written."""
    page.pdf(path=place / "page.pdf", prefer_css_page_size=True)
    made = subprocess.run(
        ["pdftotext", form, str(place / "page.pdf"), "-"], capture_output=True, check=True
    )
    return made.stdout.decode("utf-8").split("\f")[:-1]


def squeezed(text: str) -> str:
    """Return a text without spaces and the breaks of lines."""
    return re.sub(r"\s+", "", text)


@no_poppler
@pytest.mark.parametrize("language", PAGES)
def test_print_has_every_row_whole(opened: Open, language: str, tmp_path: Path) -> None:
    page = opened(language)
    pages = printed(page, tmp_path)
    # by lines and by cells: of cells with several lines only the latter has the words together
    every = squeezed("".join(pages)) + squeezed("".join(printed(page, tmp_path, "-raw")))
    rows = page.eval_on_selector_all(
        "tbody tr:not([hidden])",
        "all => all.map(row => [...row.cells].map(cell => cell.textContent.trim()))",
    )
    assert len(rows) > 100
    for row in rows:
        for cell in row:
            assert all(squeezed(word) in every for word in cell.split(" ")), cell
    # a row of figures stands on one page, in one piece
    own = [row for row in rows if len(row) > 4 and all(len(cell) < 22 for cell in row)]
    whole = {squeezed(line) for sheet in pages for line in sheet.splitlines()}
    lines = [row for row in own if any(squeezed("".join(row)) in line for line in whole)]
    assert len(lines) > 0.8 * len(own)


@no_poppler
def test_print_says_what_it_leaves_out_and_repeats_heads(opened: Open, tmp_path: Path) -> None:
    page = opened()
    page.locator("nav select").first.select_option("")  # all rows of all groups
    pages = printed(page, tmp_path)
    assert 5 < len(pages) < 25
    long = [sheet for sheet in pages if "Loading" in sheet]
    assert len(long) >= 2  # the table of weights runs over pages, each with its head
    page.locator("nav select").first.select_option(AURORA)
    again = squeezed("".join(printed(page, tmp_path)))
    assert squeezed(f"Shown: {AURORA}. Left out: Borealis Telecom, Cirrus") in again
    assert squeezed("Skip to the report") not in again
    assert squeezed("Copy table") not in again
