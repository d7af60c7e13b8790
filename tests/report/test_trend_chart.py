"""Trends: lines stop at breaks, reasons stand in the footer, links have open marks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import csi
from csi.compare.series import Series
from csi.errors import ReportError
from csi.index.values import YearlyIndex
from csi.report import charts, fonts
from csi.report.pictures import draw_charts

needs_font = pytest.mark.skipif(
    fonts.cjk_font() is None, reason="no font with Chinese letters on this machine"
)
YEARS = (2021, 2022, 2023, 2024)


@pytest.fixture(scope="module")
def yearly() -> YearlyIndex:
    """Two groups in four years; one item of satisfaction is asked from 2023 on."""
    model = csi.models.load("ecsi")
    made = csi.simulate(model, years=list(YEARS), groups=["a", "b"], n=120, seed=5)
    answers = made.answers.copy()
    item = model.construct(model.index).items[-1]
    answers.loc[answers["year"].astype(int) < 2023, item] = np.nan
    survey = csi.read_survey(answers, made.codebook)
    return csi.yearly(survey, model, group="group", options=csi.IndexOptions(draws=100, seed=1))


@pytest.fixture(scope="module")
def series(yearly: YearlyIndex) -> Series:
    assert yearly.joint is not None
    return csi.series_of(yearly.joint, yearly.model.index, "a")


def strokes(axes: Axes) -> list[list[float]]:
    """Years that are joined by a line, by stroke."""
    solid = [line for line in axes.lines if line.get_linestyle() == "-" and not line.get_marker()]
    solid += [
        line for line in axes.lines if line.get_linestyle() == "-" and line.get_marker() == "None"
    ]
    return [[round(float(x)) for x in line.get_xdata()] for line in solid]


def dotted(axes: Axes) -> list[float]:
    return [float(line.get_xdata()[0]) for line in axes.lines if line.get_linestyle() == ":"]


def foot(figure: Figure) -> str:
    return figure.get_supxlabel().replace("\n", " ")


def test_lines_stop_at_a_break_that_has_its_reason(yearly: YearlyIndex, series: Series) -> None:
    figure = charts.trend(series, labels=yearly)
    (axes,) = figure.axes
    assert strokes(axes) == [[0, 1], [2, 3]]
    assert dotted(axes) == [1.5]
    assert "2023: items added: " in foot(figure)
    table = series.segments()
    marks = [line for line in axes.lines if line.get_marker() == "o" and line.get_alpha() is None]
    shown = [float(line.get_ydata()[0]) for line in marks]
    np.testing.assert_array_equal(shown, table["index"])


def test_yearly_figures_know_their_breaks_too(yearly: YearlyIndex) -> None:
    figure = charts.trend(yearly, groups=["a"])
    (axes,) = figure.axes
    assert strokes(axes) == [[0, 1], [2, 3]]
    assert dotted(axes) == [1.5]
    assert "items differ from 2022" in foot(figure)
    rows = yearly.headline().query("group == 'a'")
    bars = np.concatenate([part.get_segments() for part in axes.collections])
    np.testing.assert_allclose(bars[:, :, 1], rows[["lower", "upper"]])


def test_a_construct_without_breaks_is_one_line(yearly: YearlyIndex) -> None:
    figure = charts.trend(yearly, construct="Image")
    (axes,) = figure.axes
    assert strokes(axes) == [[0, 1, 2, 3]] * 2
    assert dotted(axes) == []
    assert "not comparable" not in foot(figure)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["a", "b"]


def test_a_linked_level_has_an_open_mark(series: Series) -> None:
    joined = csi.linked(series, "2023", method="overlap")
    figure = charts.trend(joined)
    (axes,) = figure.axes
    assert strokes(axes) == [[0, 1, 2, 3]]
    open_ = [line.get_markerfacecolor() == "white" for line in axes.lines
             if line.get_marker() == "o" and line.get_alpha() is None]  # fmt: skip
    assert open_ == [True, True, False, False]
    assert "moved by a link" in foot(figure)


def test_breaks_of_one_group_name_it(yearly: YearlyIndex) -> None:
    assert yearly.joint is not None
    both = [
        csi.series_of(yearly.joint, "Image", group, breaks=told)
        for group, told in (("a", [("2024", "web")]), ("b", []))
    ]
    figure = charts.trend(both, labels=yearly)
    assert "2024, a: web." in foot(figure)
    assert dotted(figure.axes[0]) == [2.5]


@needs_font
def test_it_speaks_chinese(yearly: YearlyIndex, series: Series) -> None:
    assert "新增题目" in foot(charts.trend(series, labels=yearly, language="zh"))
    assert "题目与2022" in foot(charts.trend(yearly, language="zh")).replace(" ", "")


def test_what_cannot_be_one_picture_is_refused(yearly: YearlyIndex, series: Series) -> None:
    assert yearly.joint is not None
    other = csi.series_of(yearly.joint, "Image", "a")
    with pytest.raises(ReportError, match="several constructs"):
        charts.trend([series, other])
    with pytest.raises(ReportError, match="none to draw"):
        charts.trend([])
    with pytest.raises(ReportError, match="leave them out"):
        charts.trend(series, construct="Image")
    with pytest.raises(ReportError, match="did you mean 'Image'"):
        charts.trend(yearly, construct="Imag")


def test_more_lines_than_colours_are_refused(twelve: YearlyIndex) -> None:
    with pytest.raises(ReportError, match=r"12 lines cannot be told apart.*index_over_years"):
        charts.trend(twelve)
    assert charts.trend(twelve, groups=["g00", "g01"]).axes


def test_a_year_without_figure_is_a_gap(single: YearlyIndex) -> None:
    figures = single.figures.copy()
    gone = figures["year"].eq("2021")
    figures.loc[gone, ["index", "moe", "lower", "upper", "change"]] = np.nan
    figures.loc[figures["year"].eq("2022"), "change"] = np.nan
    figure = charts.trend(replace(single, figures=pd.DataFrame(figures)))
    (axes,) = figure.axes
    tips = [line.get_gid() for line in axes.lines if line.get_gid()]
    assert len(tips) == 5
    assert not any("2021" in tip for tip in tips)


def test_a_report_has_the_breaks_where_there_are_any(
    yearly: YearlyIndex, single: YearlyIndex
) -> None:
    drawn = {chart.name: chart for chart in draw_charts(yearly)}
    assert "2023, a: " in drawn["index_breaks"].alt
    assert "items differ from 2022" in drawn["index_breaks"].alt
    assert "index_breaks" not in {chart.name for chart in draw_charts(single)}
