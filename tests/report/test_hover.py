"""Marks of charts carry their values as titles of the SVG."""

from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from csi.index.values import YearlyIndex
from csi.report.constructs_chart import constructs_over_years
from csi.report.fonts import cjk_font
from csi.report.hover import tip, tips_at
from csi.report.item_chart import weights_chart
from csi.report.style import new_figure, picture
from csi.report.view import View
from csi.text import Language

SPACE = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "text", ["Norvane, 2025: 69.2 ± 2.2", 'A & "B" <c>', "it's 'so'", "诺凡通信"]
)
def test_a_mark_says_its_value(text: str) -> None:
    figure = new_figure(2.0, 2.0)
    axes = figure.add_subplot()
    (line,) = axes.plot([1.0], [2.0], "o")
    (bar,) = axes.barh([0.0], [1.0])
    for mark in (line, bar):
        tip(mark, text)
    root = ElementTree.fromstring(picture(figure, "svg"))
    marks = [g for g in root.iter(f"{SPACE}g") if g.get("class") == "tip"]
    titles = [mark.find(f"{SPACE}title") for mark in marks]
    assert [title.text for title in titles if title is not None] == [text, text]
    assert not [g.get("id") for g in root.iter() if "csi-tip" in (g.get("id") or "")]


def test_a_chart_without_marks_stays_as_it_is() -> None:
    figure = new_figure(2.0, 2.0)
    figure.add_subplot().plot([1.0, 2.0])
    assert b'class="tip"' not in picture(figure, "svg")


def test_points_of_one_artist_have_unseen_marks() -> None:
    def drawn(*, tips: bool) -> Figure:
        figure = new_figure(2.0, 2.0)
        axes = figure.add_subplot()
        axes.plot([1.0, 2.0, 3.0], [2.0, 4.0, 3.0], "o-")
        if tips:
            tips_at(axes, [1.0, float("nan"), 3.0], [2.0, 4.0, 3.0], ["a", "b", "c"])
        return figure

    assert picture(drawn(tips=True), "png") == picture(drawn(tips=False), "png")
    root = ElementTree.fromstring(picture(drawn(tips=True), "svg"))
    assert [title.text for title in root.iter(f"{SPACE}title")] == ["a", "c"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_weights_and_constructs_say_their_values(three: YearlyIndex, language: Language) -> None:
    if language == "zh" and cjk_font() is None:
        pytest.skip("no font with Chinese letters on this machine")
    view = View(three, language)
    weight = three.weights.query("year == '2024' and group == 'aurora'").iloc[0]
    comma, colon = {"en": (", ", ": "), "zh": ("，", "：")}[language]
    error = f"{weight['index_weight_se']:.2f}"
    error = {"en": f" (standard error {error})", "zh": f"（标准误 {error}）"}[language]
    label = f"{view.item(weight['item'])}{comma}{view.group('aurora')}"
    assert f"{label}{colon}{weight['index_weight']:.2f}{error}" in said(
        weights_chart(three, language=language)
    )
    row = three.figures.query("year == '2023' and group == 'aurora' and construct == 'image'").iloc[
        0
    ]
    label = comma.join([view.construct("image"), view.group("aurora"), view.year_in_words("2023")])
    n = {"en": f" (n {row['n']})", "zh": f"（样本量 {row['n']}）"}[language]
    assert f"{label}{colon}{row['index']:.1f} ± {row['moe']:.1f}{n}" in said(
        constructs_over_years(three, language=language)
    )


def said(figure: Figure) -> list[str]:
    """What the marks of a chart say."""
    marks = [artist.get_gid() for artist in figure.findobj() if artist.get_gid()]
    return [mark.removeprefix("csi-tip|") for mark in marks]
