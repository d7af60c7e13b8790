"""Marks of charts carry their values as titles of the SVG."""

from xml.etree import ElementTree

import pytest

from csi.report.hover import tip
from csi.report.style import new_figure, picture

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
