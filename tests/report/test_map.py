"""The importance-performance map on the page: chart, tables, sentences in both languages."""

from __future__ import annotations

from dataclasses import replace

import matplotlib as mpl
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.text import Text as Lettering

from csi.errors import ReportError
from csi.index.values import YearlyIndex
from csi.report.fonts import families
from csi.report.map_chart import map_chart
from csi.report.map_rows import map_rows, map_sentences, map_sheet
from csi.report.more_sections import action_map
from csi.report.view import View
from csi.run import RunPlan, run_index
from csi.run.plan import index_options


@pytest.fixture(scope="module")
def made() -> YearlyIndex:
    return run_index(RunPlan("mobile", options=index_options(draws=100))).yearly


def points(figure: Figure) -> set[tuple[float, float]]:
    """Places of all markers."""
    axes = figure.axes[0]
    return {
        (round(float(x), 9), round(float(y), 9))
        for line in axes.lines
        if line.get_linestyle() == "None" and line.get_zorder() == 5
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }


@pytest.mark.parametrize("items", [False, True])
def test_every_row_of_the_table_is_a_point_with_bars(made: YearlyIndex, items: bool) -> None:
    view = View(made)
    rows = [r for r in map_rows(view, items=items, year="2025") if r["group"] == "quillam"]
    assert len(rows) == (len({r["item"] for r in rows}) if items else 4)
    figure = map_chart(made, items=items, group="quillam")
    expected = {(round(r["importance"], 9), round(r["performance"], 9)) for r in rows}
    assert points(figure) == expected
    bars = [c for c in figure.axes[0].collections if isinstance(c, LineCollection)]
    assert sum(len(c.get_segments()) for c in bars) == 2 * len(rows)


def test_names_and_quadrants_are_written_in_both_languages(made: YearlyIndex) -> None:
    english = {text.get_text() for text in map_chart(made).axes[0].texts}
    assert {"Concentrate here", "Keep up", "Possible overkill", "Low priority"} <= english
    assert "Perceived quality" in english
    if not families("zh"):
        pytest.skip("no Chinese font")
    chinese = {text.get_text() for text in map_chart(made, language="zh").axes[0].texts}
    assert {"优先改进", "继续保持", "感知质量"} <= chinese


def test_items_are_numbered_and_listed_beside(made: YearlyIndex) -> None:
    view = View(made)
    rows = [r for r in map_rows(view, items=True, year="2025") if r["group"] == "norvane"]
    figure = map_chart(made, items=True, group="norvane")
    axes, beside = figure.axes
    numbers = {text.get_text(): text for text in axes.texts if text.get_text().isdigit()}
    assert sorted(map(int, numbers)) == list(range(1, len(rows) + 1))
    listed = [text.get_text().strip() for text in beside.texts]
    for place, row in enumerate(rows):
        assert f"{place + 1}  {view.item(row['item'])}" in listed
        text = numbers[str(place + 1)]
        assert text.xy == pytest.approx((row["importance"], row["performance"]))
    figure.draw_without_rendering()
    boxes = [Lettering.get_window_extent(text) for text in numbers.values()]
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_a_point_says_its_values(made: YearlyIndex) -> None:
    row = next(r for r in map_rows(View(made), items=True, year="2025"))
    tips = [line.get_gid() for line in map_chart(made, items=True).axes[0].lines]
    half = row["importance_upper"] - row["importance"]
    label = f"{View(made).item(row['item'])} ({View(made).construct(row['construct'])}), Norvane"
    start = f"csi-tip|{label}: importance {row['importance']:.2f} ± {half:.2f}, performance "
    assert any(tip is not None and tip.startswith(start) for tip in tips)


def test_a_given_axis_is_drawn_on(made: YearlyIndex) -> None:
    figure = Figure()
    axes = figure.subplots(1, 2)
    assert map_chart(made, ax=axes[1]) is figure
    assert not axes[0].lines
    assert axes[1].lines
    assert "text.parse_math" not in mpl.rcParams or mpl.rcParams["text.parse_math"]


def test_unknown_group_is_refused(made: YearlyIndex) -> None:
    with pytest.raises(ReportError, match="quillam"):
        map_chart(made, group="quilam")


def test_the_table_has_figures_with_their_margins(made: YearlyIndex) -> None:
    sheet = map_sheet(View(made), items=False)
    row = map_rows(View(made), items=False, year="2025")[0]
    shown = sheet.rows[0]
    half = row["importance_upper"] - row["importance"]
    assert shown[2] == f"{row['importance']:.2f} ± {half:.2f}"
    assert shown[3].startswith(f"{row['performance']:.1f} ± ")
    assert shown[5].endswith("%")


def test_a_sentence_names_what_to_improve_and_how_sure_that_is(made: YearlyIndex) -> None:
    frame = made.tables["map"].copy()
    own = (frame["year"] == "2025") & (frame["group"] == "norvane") & (frame["item"] == "")
    frame.loc[own, "quadrant"] = "keep up"
    value = own & (frame["construct"] == "Value")
    frame.loc[value, ["quadrant", "quadrant_share"]] = ["concentrate here", 0.62]
    view = View(replace(made, tables={**made.tables, "map": frame}))
    said = next(line for line in map_sentences(view) if line.startswith("Norvane"))
    assert "Perceived value (in 62% of the draws only) matters more than the average" in said
    frame.loc[own, "quadrant"] = "keep up"
    said = next(line for line in map_sentences(view) if line.startswith("Norvane"))
    assert "no construct matters more" in said
    zh = View(replace(made, tables={**made.tables, "map": frame}), "zh")
    assert any("没有对顾客满意度" in line for line in map_sentences(zh))


def test_no_table_no_section(made: YearlyIndex) -> None:
    bare = replace(made, tables={k: v for k, v in made.tables.items() if k != "map"})
    assert action_map(View(bare), ()) == ()
    (section,) = action_map(View(made), ())
    assert section.key == "map"
    assert len(section.sheets) == 2
