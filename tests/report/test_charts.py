"""Charts: what is drawn is what is in the value, in letters that are there, always the same."""

import warnings
from collections.abc import Callable
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text as Lettering

from csi.errors import OptionError, ReportError
from csi.index.values import YearlyIndex
from csi.report import (
    constructs_over_years,
    fonts,
    index_chart,
    index_over_years,
    picture,
    weights_chart,
)
from csi.report.path_chart import path_diagram
from csi.report.words import PHRASES
from csi.text import Text

ALL = (index_over_years, constructs_over_years, path_diagram, weights_chart)
needs_font = pytest.mark.skipif(
    fonts.cjk_font() is None, reason="no font with Chinese letters on this machine"
)


def letters(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Lettering))


def drawn(bars: ErrorbarContainer, *, across: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Values and half-lengths of the bars as drawn."""
    values = bars.lines[0].get_data()[0 if across else 1]
    ends = [s[:, 0 if across else 1] for s in bars.lines[2][0].get_segments() if len(s)]
    return np.asarray(values, float), np.array([(e[1] - e[0]) / 2 for e in ends])


def figures(yearly: YearlyIndex, group: str, construct: str = "satisfaction") -> np.ndarray:
    rows = yearly.figures
    rows = rows[(rows["group"] == group) & (rows["construct"] == construct)]
    return rows.sort_values("year")[["index", "moe"]].to_numpy(float)


def test_lines_and_bars_are_the_figures(three: YearlyIndex) -> None:
    axes = index_over_years(three).axes[0]
    assert len(axes.containers) == 3
    for bars, group in zip(axes.containers, ("aurora", "borealis", "cirrus"), strict=True):
        expected = figures(three, group)
        values, margins = drawn(bars)
        np.testing.assert_array_equal(values, expected[:, 0])
        there = expected[~np.isnan(expected[:, 1]), 1]
        np.testing.assert_allclose(margins[~np.isnan(margins)], there, rtol=1e-12)


@pytest.mark.parametrize("count", [12, 40])
def test_of_many_groups_each_has_a_panel(count: int, request: pytest.FixtureRequest) -> None:
    yearly = request.getfixturevalue({12: "twelve", 40: "forty"}[count])
    figure = index_over_years(yearly)
    panels = [axes for axes in figure.axes if axes.containers]
    assert len(panels) == count
    for axes, group in zip(panels, yearly.figures["group"].unique(), strict=True):
        np.testing.assert_array_equal(drawn(axes.containers[0])[0], figures(yearly, group)[:, 0])
    assert "Grey: all other groups." in letters(figure)


def test_a_single_wave_is_drawn_as_dots(one_wave: YearlyIndex) -> None:
    axes = index_over_years(one_wave).axes[0]
    values, margins = drawn(axes.containers[0], across=True)
    expected = figures(one_wave, "all")
    np.testing.assert_array_equal(values, expected[:, 0])
    np.testing.assert_allclose(margins, expected[:, 1])


def test_every_construct_has_its_panel(three: YearlyIndex) -> None:
    figure = constructs_over_years(three, group="aurora")
    panels = [axes for axes in figure.axes if axes.containers]
    for axes, name in zip(panels, three.model.names, strict=True):
        expected = figures(three, "aurora", name)
        np.testing.assert_array_equal(drawn(axes.containers[0])[0], expected[:, 0])
        assert axes.get_title(loc="left") == three.model.construct(name).label.en


def test_weights_are_those_of_the_last_year(three: YearlyIndex) -> None:
    figure = weights_chart(three, group="cirrus")
    rows = three.weights[(three.weights["year"] == "2024") & (three.weights["group"] == "cirrus")]
    for axes, (_, block) in zip(figure.axes, rows.groupby("construct", sort=False), strict=True):
        values, errors = drawn(axes.containers[0], across=True)
        np.testing.assert_array_equal(values, block["index_weight"])
        np.testing.assert_allclose(errors, block["index_weight_se"])


def test_the_axis_says_what_it_leaves_out(three: YearlyIndex) -> None:
    figure = index_over_years(three)
    low, high = figure.axes[0].get_ylim()
    assert f"The axis shows {low:g} to {high:g} of the 0–100 scale." in letters(figure)
    whole = index_over_years(three, axis=(0, 100))
    assert whole.axes[0].get_ylim() == (0, 100)
    assert "The axis shows" not in letters(whole)
    assert all(
        low <= value - moe and value + moe <= high
        for group in ("aurora", "borealis", "cirrus")
        for value, moe in figures(three, group)
        if not np.isnan(value)
    )


@pytest.mark.parametrize("axis", [(50, 40), (-5, 50), (0, 101)])
def test_an_axis_beyond_the_scale_is_refused(three: YearlyIndex, axis: tuple[float, float]) -> None:
    with pytest.raises(OptionError, match="0-100 scale"):
        index_over_years(three, axis=axis)


def test_a_group_without_any_figure_is_named(three: YearlyIndex) -> None:
    gone = three.figures.copy()
    gone.loc[gone["group"] == "cirrus", ["index", "moe", "lower", "upper"]] = np.nan
    figure = index_over_years(replace(three, figures=gone))
    assert "Without figures: Cirrus" in letters(figure)


def overlaps(figure: Figure, texts: list[Lettering]) -> list[tuple[str, str]]:
    boxes = [(t.get_text(), Lettering.get_window_extent(t)) for t in texts]  # without arrows
    return [
        (a, b)
        for place, (a, one) in enumerate(boxes)
        for b, two in boxes[:place]
        if min(one.x1, two.x1) - max(one.x0, two.x0) > 0.5
        and min(one.y1, two.y1) - max(one.y0, two.y0) > 0.5
    ]


def test_names_at_the_lines_do_not_touch(three: YearlyIndex) -> None:
    level = three.figures.copy()
    rows = level["year"].eq("2024") & level["construct"].eq("satisfaction")
    level.loc[rows, "index"] = [75.0, 75.1, 75.2]
    figure = index_over_years(replace(three, figures=level))
    names = list(figure.axes[0].texts)
    assert len(names) == 3
    assert overlaps(figure, names) == []
    inside = figure.bbox
    assert all(Lettering.get_window_extent(text).x1 <= inside.x1 for text in names)


@pytest.mark.parametrize("draw", ALL)
@pytest.mark.parametrize("shape", ["single", "three", "forty", "one_wave", "twelve_once"])
def test_letters_are_large_enough_and_inside(
    draw: Callable[..., Figure], shape: str, request: pytest.FixtureRequest
) -> None:
    figure = draw(request.getfixturevalue(shape))
    for text in figure.findobj(Lettering):
        if text.get_text().strip() and text.get_visible():
            assert text.get_fontsize() >= 9
    wide, high = figure.get_size_inches()
    box = figure.get_tightbbox()
    assert box.x0 > -0.03
    assert box.y0 > -0.03
    assert box.x1 < wide + 0.03
    assert box.y1 < high + 0.03


@needs_font
@pytest.mark.parametrize("draw", ALL)
def test_chinese_letters_are_drawn(draw: Callable[..., Figure], three: YearlyIndex) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw(three, language="zh")
        picture(figure, "png", "zh")
        picture(figure, "svg", "zh")
    assert fonts.needs_cjk([letters(figure)])


@needs_font
def test_chinese_names_in_an_english_chart(three: YearlyIndex) -> None:
    names = {"aurora": Text("", "极光移动")}
    key = replace(three.codebook.groups[0], values=names)
    yearly = replace(three, codebook=replace(three.codebook, groups=(key,)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(picture(index_over_years(yearly), "png")) > 10_000


def test_without_a_font_the_message_says_what_to_install(
    three: YearlyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "installed", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(ReportError, match=r"fonts-noto-cjk.*--lang en"):
        index_over_years(three, language="zh")
    assert index_over_years(three).axes  # English goes without


@pytest.mark.parametrize("form", ["png", "svg"])
@pytest.mark.parametrize("draw", ALL)
def test_the_same_input_gives_the_same_bytes(
    draw: Callable[..., Figure], form: str, three: YearlyIndex
) -> None:
    first, second = picture(draw(three), form), picture(draw(three), form)
    assert first == second
    assert mpl.__version__.encode() not in first
    assert b"<dc:date>" not in first


def test_global_settings_stay_as_they_were(three: YearlyIndex) -> None:
    before = dict(mpl.rcParams)
    picture(path_diagram(three), "svg")
    assert dict(mpl.rcParams) == before


def test_unknown_names_are_answered_with_the_nearest(three: YearlyIndex) -> None:
    with pytest.raises(ReportError, match="did you mean 'aurora'"):
        constructs_over_years(three, group="aurroa")
    with pytest.raises(ReportError, match="did you mean '2024'"):
        weights_chart(three, year="20244")
    with pytest.raises(ReportError, match="known are 2019"):
        path_diagram(three, year="1066")
    with pytest.raises(OptionError, match="use one of en, zh"):
        index_over_years(three, language="fr")
    with pytest.raises(OptionError, match="png or svg"):
        picture(index_over_years(three), "pdf")


def test_years_that_cannot_be_compared_are_not_joined(single: YearlyIndex) -> None:
    figures = single.figures.copy()
    years = sorted(figures["year"].unique())
    here = (figures["year"] == years[2]) & (figures["construct"] == single.model.index)
    figures.loc[here, ["change", "change_lower", "change_upper", "p_value"]] = np.nan
    cut = index_over_years(replace(single, figures=figures))
    whole = index_over_years(single)
    words = PHRASES["foot_cut"].en
    assert words in cut.get_supxlabel().replace("\n", " ")
    assert words not in whole.get_supxlabel().replace("\n", " ")
    gaps = [int(np.isnan(line.get_ydata()).sum()) for line in _drawn(cut)]
    assert sum(gaps) - sum(int(np.isnan(line.get_ydata()).sum()) for line in _drawn(whole)) == 1


def _drawn(figure: Figure) -> list[Line2D]:
    """Return the lines of the first panel that join years."""
    return [line for line in figure.axes[0].get_lines() if line.get_linestyle() == "-"]


def test_more_than_forty_groups_are_cut_and_it_is_said(
    forty: YearlyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = index_over_years(forty)
    monkeypatch.setattr(index_chart, "MOST_PANELS", 12)
    cut = index_over_years(forty)
    assert sum(bool(axes.containers) for axes in whole.axes) == 40
    assert sum(bool(axes.containers) for axes in cut.axes) == 12
    words = PHRASES["foot_first"].en.format(shown=12, all=40)
    assert words in cut.get_supxlabel().replace("\n", " ")
    assert words not in whole.get_supxlabel().replace("\n", " ")
