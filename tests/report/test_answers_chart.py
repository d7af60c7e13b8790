"""The chart of answers through its marks and words."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from csi.errors import OptionError, ReportError
from csi.index.values import YearlyIndex
from csi.report import fonts
from csi.report.answer_bars import colours
from csi.report.answer_rows import base, item_rows
from csi.report.answers_chart import MOST_ROWS, answers_chart, chosen
from csi.report.canvas import canvas_of
from csi.report.numbers import share
from csi.report.style import picture
from csi.report.view import View
from csi.text import Text
from tests.report.conftest import many
from tests.report.distribution_cases import distributed, on_points

MARK = "csi-tip|"
needs_font = pytest.mark.skipif(
    fonts.cjk_font() is None, reason="no font with Chinese letters on this machine"
)


@pytest.fixture(scope="module")
def found(three: YearlyIndex) -> YearlyIndex:
    return distributed(three)


def bars(figure: Figure, words: str) -> list[Rectangle]:
    """Return the bars whose tip holds `words`, from left to right."""
    patches = [p for p in figure.axes[0].patches if words in str(p.get_gid() or "")]
    return sorted(patches, key=lambda patch: patch.get_x())


def written(figure: Figure) -> list[str]:
    axes = figure.axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    return [*labels, *(text.get_text() for text in axes.texts)]


def table(yearly: YearlyIndex, name: str, **wanted: str) -> object:
    frame = yearly.tables[name]
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return frame


def test_bars_have_the_widths_of_the_shares_and_centre_on_the_middle(found: YearlyIndex) -> None:
    figure = answers_chart(found, year="2024", group="aurora")
    place = {"year": "2024", "group": "aurora"}
    for item in found.model.columns:
        label = View(found).item(item)
        drawn = bars(figure, f"{label}, answer")
        known = table(found, "answers", item=item, **place)
        known = known[known["share"] > 0].sort_values("answer")
        np.testing.assert_allclose([b.get_width() for b in drawn], known["share"])
        ends = [b.get_x() for b in drawn] + [drawn[-1].get_x() + drawn[-1].get_width()]
        np.testing.assert_allclose(np.diff(ends), known["share"])  # no gaps
        parts = table(found, "answer_parts", item=item, **place).set_index("part")
        low, middle = parts.loc["low", "share"], parts.loc["middle", "share"]
        assert ends[0] == pytest.approx(-(low + middle / 2))


def test_numbers_and_tips_say_what_the_tables_say(found: YearlyIndex) -> None:
    figure = answers_chart(found, year="2024", group="aurora")
    parts = table(found, "answer_parts", item="value2", year="2024", group="aurora")
    high = parts.set_index("part").loc["high"]
    interval = f"[{share(high['lower'])}, {share(high['upper'])}]"
    assert f"{share(high['share'])}  {interval}" in written(figure)
    tips = {str(text.get_gid()) for text in figure.axes[0].texts}
    count, n = int(high["count"]), int(high["n"])
    label = View(found).item("value2")
    told = f"{label}, high (8–10): {share(high['share'])} {interval}, {count} of {n}"
    assert MARK + told in tips
    gone = bars(figure, f"{label}, no answer")
    missing = table(found, "answers", item="value2", year="2024", group="aurora")
    expected = missing["missing_share"].iloc[0]
    assert gone[0].get_width() == pytest.approx(expected)
    svg = picture(figure, "svg").decode()
    assert f"<title>{told}</title>" in svg
    assert svg == picture(answers_chart(found, year="2024", group="aurora"), "svg").decode()


def test_items_stand_under_their_construct_in_the_order_of_the_model(found: YearlyIndex) -> None:
    view = View(found)
    labels = [label.get_text() for label in answers_chart(found).axes[0].get_yticklabels()]
    assert [label.replace("\n", " ") for label in labels] == [
        view.item(item) for item in found.model.columns
    ]
    heads = [row.head for row in item_rows(view, "2024", "aurora") if row.head]
    assert heads == [view.construct(name) for name in found.model.names]
    asked = [row.item for row in item_rows(view, "2019", "aurora")]
    assert "image5" not in asked  # not asked before 2021
    assert len(asked) == len(found.model.columns) - 1


def test_one_item_over_groups_is_sorted_by_high_answers(found: YearlyIndex) -> None:
    rows, title = chosen(View(found), "2024", None, "value1")
    highs = [row.part("high") for row in rows]
    assert highs == sorted(highs, reverse=True)
    view = View(found)
    assert {row.label for row in rows} == {view.group(group) for group in view.groups}
    assert "2024" in title


def test_one_item_over_years_leaves_out_years_without_it(found: YearlyIndex) -> None:
    rows, title = chosen(View(found), None, "cirrus", "image5")
    assert [row.label for row in rows] == ["2021", "2022", "2023", "2024"]
    assert "Cirrus" in title


@needs_font
def test_suppressed_rows_say_why_in_both_languages(found: YearlyIndex) -> None:
    strict = found.with_tables(**{
        name: hidden(found, name) for name in ("answers", "answer_parts")
    })  # fmt: skip
    for language, words in (("en", "suppressed: n = 9 is below 30"), ("zh", "样本量 9 少于 30")):
        figure = answers_chart(strict, item="value1", year="2024", language=language)
        texts = [text for text in figure.axes[0].texts if words in text.get_text()]
        assert len(texts) == 1
        assert texts[0].get_position()[1] == max(figure.axes[0].get_yticks())  # last row
        tips = [str(p.get_gid()) for p in figure.axes[0].patches if p.get_gid()]
        assert not [tip for tip in tips if "Borealis" in tip or "北辰" in tip]


def hidden(yearly: YearlyIndex, name: str) -> object:
    frame = yearly.tables[name].copy()
    few = (frame["group"] == "borealis") & (frame["year"] == "2024")
    frame.loc[few, ["share", "se", "lower", "upper", "count", "missing_share"]] = np.nan
    frame.loc[few, "note"] = "suppressed: n = 9 is below 30"
    return frame


def test_colours_go_from_orange_over_grey_to_blue_and_differ(found: YearlyIndex) -> None:
    for yearly, points in ((found, 10), (distributed(on_points(many(2, ("2024",)), 5.0)), 5)):
        row = item_rows(View(yearly), "2024", View(yearly).groups[0])[0]
        look = colours(row)
        assert len(set(look.values())) == points == len(look)
        red, blue = ([int(c[k : k + 2], 16) for c in look.values()] for k in (1, 5))
        assert red[0] > blue[0] + 80
        assert blue[-1] > red[-1] + 80
        middle = [int(row.parts["middle"][end]) - 1 for end in ("least", "most")]
        assert all(abs(red[k] - blue[k]) < 20 for k in range(middle[0], middle[1] + 1))


def test_the_key_names_each_scale_once(found: YearlyIndex) -> None:
    book = found.codebook
    items = tuple(
        replace(item, low_label=Text("bad", "差"), high_label=Text("good", "好"))
        for item in book.items
    )
    figure = answers_chart(replace(found, codebook=replace(book, items=items)))
    texts = written(figure)
    assert [texts.count(str(point)) for point in range(1, 11)] == [1] * 10
    assert texts.count("bad") == texts.count("good") == 1
    turned = tuple(replace(item, reversed=True) for item in items)
    other = answers_chart(replace(found, codebook=replace(book, items=turned)))
    places = [
        {t.get_text(): t.xy[0] for t in f.axes[0].texts if t.get_text() in ("bad", "good")}
        for f in (figure, other)
    ]
    assert places[0]["bad"] == places[1]["good"] < places[0]["good"] == places[1]["bad"]


@needs_font
def test_forty_groups_have_a_row_each_and_labels_that_do_not_touch() -> None:
    yearly = distributed(many(40, ("2024",)))
    figure = answers_chart(yearly, item="satisfaction1", language="zh")
    axes = figure.axes[0]
    assert len(axes.get_yticks()) == 40
    renderer = figure.canvas.get_renderer()
    boxes = [label.get_window_extent(renderer) for label in axes.get_yticklabels()]
    boxes.sort(key=lambda box: box.y0)
    assert all(a.y1 <= b.y0 + 1 for a, b in pairwise(boxes))
    assert MOST_ROWS >= 40


def test_long_labels_get_the_room_that_they_need(found: YearlyIndex) -> None:
    long = "how satisfied are you, everything considered, with what the company did in a year"
    items = tuple(
        replace(item, label=Text(f"{item.label.en}: {long}", item.label.zh))
        for item in found.codebook.items
    )
    figure = answers_chart(replace(found, codebook=replace(found.codebook, items=items)))
    renderer = figure.canvas.get_renderer()
    labels = figure.axes[0].get_yticklabels()
    boxes = sorted((x.get_window_extent(renderer) for x in labels), key=lambda box: box.y0)
    assert all(a.y1 <= b.y0 + 1 for a, b in pairwise(boxes))
    assert boxes[0].x0 >= 0


def test_given_axes_are_kept_to(found: YearlyIndex) -> None:
    figure = canvas_of(None, 12, 6).figure
    left, right = figure.subplots(1, 2)
    assert answers_chart(found, item="value1", ax=left) is figure
    assert isinstance(left, Axes)
    assert left.get_title("left").startswith("Answers, 2024")
    assert figure.get_suptitle() == ""
    assert not right.patches


def test_the_base_is_said_in_words(found: YearlyIndex) -> None:
    view = View(found)
    rows = item_rows(view, "2024", "aurora")
    counts = [row.points[0]["n"] for row in rows]
    assert base(view, rows) == f"n = {min(counts)} to {max(counts)}"
    assert base(view, rows[:1]) == f"n = {counts[0]}"
    assert base(view, []) == "n = 0"


def test_what_is_not_there_is_named(found: YearlyIndex, three: YearlyIndex) -> None:
    with pytest.raises(ReportError, match=r"with_distributions\(figures, survey\)"):
        answers_chart(three)
    with pytest.raises(ReportError, match="did you mean 'value1'"):
        answers_chart(found, item="valeu1")
    with pytest.raises(ReportError, match="2031"):
        answers_chart(found, year="2031")
    with pytest.raises(ReportError, match="there is no 'nobody'"):
        answers_chart(found, group="nobody")
    with pytest.raises(OptionError, match="no words in 'fr'"):
        answers_chart(found, language="fr")


@pytest.mark.parametrize(("high", "parts"), [(2.0, 2), (4.0, 3)])
def test_short_scales_are_drawn_too(high: float, parts: int) -> None:
    yearly = distributed(on_points(many(2, ("2024",)), high))
    figure = answers_chart(yearly, item="value1", year="2024", group="g01")
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["Bank 2"]
    heads = [text for text in written(figure) if text.startswith(("low (", "middle (", "high ("))]
    assert len(heads) == parts
    assert len(bars(figure, ", answer")) == high
