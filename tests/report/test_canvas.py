"""Charts in the caller's axes: they keep to them, in fonts and look of their own."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text as Lettering

from csi.errors import ReportError
from csi.index.values import YearlyIndex
from csi.report import charts, fonts
from csi.report.canvas import canvas_of
from csi.report.style import drawing

EVERY: tuple[Callable[..., Figure], ...] = (
    charts.index_over_years,
    charts.constructs_over_years,
    charts.path_diagram,
    charts.weights_chart,
    charts.trend,
    charts.forest,
    charts.groups,
)
SHAPES = ("single", "three", "one_wave", "twelve_once")


def grid(**options: object) -> tuple[Figure, Axes]:
    """Return a figure of two large axes and the right one of them."""
    figure = Figure(figsize=(30, 12), **options)
    left, right = figure.subplots(1, 2)
    left.set_title("mine")
    return figure, right


def words(axes: list[Axes]) -> list[Lettering]:
    found = [text for one in axes for text in one.findobj(Lettering)]
    return [text for text in found if text.get_text().strip()]


@pytest.mark.parametrize("draw", EVERY)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_chart_keeps_to_the_axes_it_is_given(
    draw: Callable[..., Figure], shape: str, request: pytest.FixtureRequest
) -> None:
    yearly = request.getfixturevalue(shape)
    if draw is charts.trend and shape == "twelve_once":
        yearly = request.getfixturevalue("three")
    figure, right = grid(layout="constrained")
    left = figure.axes[0]
    before = len(left.get_children())
    assert draw(yearly, ax=right) is figure
    figure.draw_without_rendering()
    assert len(left.get_children()) == before
    assert not figure.legends
    assert figure.get_suptitle() == figure.get_supxlabel() == figure.get_supylabel() == ""
    mine = [axes for axes in figure.axes if axes is not left]
    halfway = left.get_tightbbox().x1
    for axes in mine:
        if axes.get_visible():
            box = axes.get_tightbbox()
            assert box.x0 >= halfway - 1
            assert box.x1 <= figure.bbox.x1 + 1
    title = [text.get_text() for text in words(mine)]
    own = draw(yearly).get_suptitle().strip().replace("\n", " ")
    assert any(own in text.replace("\n", " ") for text in title)


@pytest.mark.skipif(fonts.cjk_font() is None, reason="no font with Chinese letters here")
@pytest.mark.parametrize("draw", EVERY)
def test_chinese_letters_hold_in_a_figure_of_the_caller(
    draw: Callable[..., Figure], three: YearlyIndex
) -> None:
    figure, right = grid()
    draw(three, ax=right, language="zh")
    figure.draw_without_rendering()
    wanted = fonts.cjk_font()
    mine = [axes for axes in figure.axes if axes is not figure.axes[0]]
    chinese = [text for text in words(mine) if fonts.needs_cjk([text.get_text()])]
    assert chinese
    assert all(text.get_fontfamily()[0] == wanted for text in chinese)
    assert figure.axes[0].title.get_fontfamily() == mpl.rcParams["font.family"]


def test_the_same_values_in_both_places(three: YearlyIndex) -> None:
    _, right = grid()
    charts.index_over_years(three, ax=right)
    (alone,) = charts.index_over_years(three).axes
    for mine, other in zip(right.containers, alone.containers, strict=True):
        np.testing.assert_array_equal(mine.lines[0].get_xydata(), other.lines[0].get_xydata())
    labels = [text.get_text() for text in right.get_legend().get_texts()]
    ends = [text.get_text().split() for text in alone.texts]
    assert [label.split() for label in labels] == ends


def test_panels_stand_in_place_of_axes_without_a_grid(three: YearlyIndex) -> None:
    figure = Figure(figsize=(20, 10))
    free = figure.add_axes((0.5, 0.1, 0.4, 0.8))
    charts.constructs_over_years(three, ax=free)
    panels = [axes for axes in figure.axes if axes.containers]
    assert len(panels) == len(three.model.names)
    for axes in panels:
        box = axes.get_position()
        assert 0.5 - 1e-9 <= box.x0 < box.x1 <= 0.9 + 1e-9
        assert 0.1 - 1e-9 <= box.y0 < box.y1 <= 0.9 + 1e-9


@pytest.mark.parametrize(
    "draw", [charts.path_diagram, charts.index_over_years, charts.weights_chart]
)
def test_axes_too_small_are_refused_with_the_size_that_is_needed(
    draw: Callable[..., Figure], forty: YearlyIndex
) -> None:
    figure = Figure(figsize=(4, 3))
    with pytest.raises(ReportError, match=r"ax: .* too few .*; make the axes at least \d"):
        draw(forty, ax=figure.subplots())


def test_a_part_of_a_figure_is_as_good(three: YearlyIndex) -> None:
    figure = Figure(figsize=(40, 10), layout="constrained")
    _, right = figure.subfigures(1, 2)
    assert charts.constructs_over_years(three, ax=right.subplots()) is figure
    figure.draw_without_rendering()
    panels = [axes for axes in right.axes if axes.containers]
    assert len(panels) == len(three.model.names)
    assert min(axes.get_tightbbox().x0 for axes in panels) >= 2000
    small = Figure(figsize=(8, 8)).subfigures(1, 8)[0].subplots()
    with pytest.raises(ReportError, match=r"too few"):
        charts.path_diagram(three, ax=small)


def test_axes_that_were_removed_are_refused() -> None:
    figure = Figure()
    axes = figure.subplots()
    axes.remove()
    with pytest.raises(ReportError, match="belongs to no figure"):
        canvas_of(axes, 1.0, 1.0)


def test_ticks_that_come_later_have_the_same_letters(three: YearlyIndex) -> None:
    figure, right = grid()
    charts.index_over_years(three, ax=right)
    right.set_ylim(0, 100)
    right.yaxis.set_major_locator(mpl.ticker.MultipleLocator(5))
    figure.draw_without_rendering()
    with drawing("en"):
        family = mpl.rcParams["font.family"]
    assert all(label.get_fontfamily() == family for label in right.get_yticklabels())
