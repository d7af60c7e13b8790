"""The chart of scores through its marks and words."""

from dataclasses import replace

import numpy as np
import pytest

from csi.errors import ReportError
from csi.index.values import YearlyIndex
from csi.report.canvas import canvas_of
from csi.report.numbers import share, with_margin
from csi.report.score_rows import chosen_scores
from csi.report.scores_chart import MOST_ROWS, score_distribution
from csi.report.style import picture
from csi.report.view import View
from tests.report.conftest import many
from tests.report.distribution_cases import distributed


@pytest.fixture(scope="module")
def found(three: YearlyIndex) -> YearlyIndex:
    return distributed(three)


def columns_of(figure: object, words: str) -> list:
    patches = figure.axes[0].patches
    return [patch for patch in patches if words in str(patch.get_gid() or "")]


def test_columns_stand_on_their_row_in_proportion_to_the_shares(found: YearlyIndex) -> None:
    figure = score_distribution(found, year="2024")
    rows, _, kind = chosen_scores(View(found), None, "2024", None, None)
    assert kind == "groups"
    heights, shares = [], []
    for place, row in enumerate(rows):
        drawn = columns_of(figure, f"|{row.label}, ")
        assert len(drawn) == 10
        assert [patch.get_x() for patch in drawn] == list(range(0, 100, 10))
        assert {patch.get_width() for patch in drawn} == {10}
        assert {patch.get_y() for patch in drawn} == {place}
        heights += [-patch.get_height() for patch in drawn]  # the axis points down
        shares += [band["share"] for band in row.bands]
    np.testing.assert_allclose(np.array(heights) / max(heights), np.array(shares) / max(shares))
    assert max(heights) < 1 - 0.14  # the tallest does not reach the mean of the row above
    low, high = figure.axes[0].get_ylim()
    assert low > len(rows) - 1
    assert high < -max(heights)


def test_the_mean_has_its_margin_and_the_middle_half(found: YearlyIndex) -> None:
    figure = score_distribution(found, year="2024", over="constructs", group="aurora")
    table = found.tables["score_summary"].query("year == '2024' and group == 'aurora'")
    lines = {tuple(np.round(line.get_xdata(), 9)) for line in figure.axes[0].get_lines()}
    texts = [text.get_text() for text in figure.axes[0].texts]
    for row in table.itertuples():
        for ends in ((row.mean,), (row.lower, row.upper), (row.q1, row.q3)):
            assert tuple(np.round(ends, 9)) in lines
        assert with_margin(row.mean, row.moe) in texts
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == [View(found).construct(name) for name in found.model.names]


def test_tips_and_the_alternative_tell_the_values(found: YearlyIndex) -> None:
    figure = score_distribution(found, year="2024")
    band = found.tables["score_shares"].query(
        "year == '2024' and group == 'aurora' and construct == 'satisfaction' and least == 60"
    ).iloc[0]  # fmt: skip
    told = (
        f"Aurora Mobile, 60–70: {share(band['share'])} "
        f"[{share(band['lower'])}, {share(band['upper'])}], "
        f"{int(band['count'])} of {int(band['n'])}"
    )
    svg = picture(figure, "svg").decode()
    assert f"<title>{told}</title>" in svg
    assert svg == picture(score_distribution(found, year="2024"), "svg").decode()


@pytest.mark.parametrize(
    ("asked", "kind", "rows"),
    [
        ({}, "groups", 3),
        ({"group": "cirrus"}, "years", 6),
        ({"group": "cirrus", "year": "2024"}, "constructs", 7),
        ({"construct": "value"}, "groups", 3),
        ({"over": "years"}, "years", 6),
    ],
)
def test_rows_are_what_there_are_several_of(
    found: YearlyIndex, asked: dict[str, str], kind: str, rows: int
) -> None:
    wanted = {name: asked.get(name) for name in ("construct", "year", "group", "over")}
    made, title, what = chosen_scores(View(found), **wanted)
    assert what == kind
    assert len(made) == rows
    assert title


def test_groups_are_sorted_by_their_mean_and_those_without_scores_come_last(
    found: YearlyIndex,
) -> None:
    rows, _, _ = chosen_scores(View(found), None, "2022", None, None)  # Borealis had no fit
    assert [row.there for row in rows] == [True, True, False]
    assert rows[0].summary["mean"] >= rows[1].summary["mean"]
    figure = score_distribution(found, year="2022")
    assert "no scores" in [text.get_text() for text in figure.axes[0].texts]
    assert not columns_of(figure, "Borealis")


def test_few_groups_keep_their_colours(found: YearlyIndex) -> None:
    figure = score_distribution(found, year="2024")
    looks = {columns_of(figure, f"|{name}")[0].get_facecolor()[:3] for name in
             ("Aurora", "Borealis", "Cirrus")}  # fmt: skip
    assert len(looks) == 3


def test_forty_groups_have_a_row_each() -> None:
    figure = score_distribution(distributed(many(40, ("2024",))))
    assert len(figure.axes[0].get_yticks()) == 40 <= MOST_ROWS


def test_one_wave_without_groups_shows_its_constructs(one_wave: YearlyIndex) -> None:
    found = distributed(one_wave)
    rows, title, kind = chosen_scores(View(found), None, None, None, None)
    assert kind == "constructs"
    assert len(rows) == 7
    assert "All respondents" not in title


def test_given_axes_are_kept_to(found: YearlyIndex) -> None:
    figure = canvas_of(None, 12, 6).figure
    left, right = figure.subplots(1, 2)
    assert score_distribution(found, ax=right) is figure
    assert right.get_title("left")
    assert figure.get_suptitle() == ""
    assert not left.patches


def test_what_is_not_there_is_named(found: YearlyIndex, three: YearlyIndex) -> None:
    with pytest.raises(ReportError, match=r"with_distributions\(figures, survey\)"):
        score_distribution(three)
    with pytest.raises(ReportError, match="did you mean 'satisfaction'"):
        score_distribution(found, construct="satisfactio")
    with pytest.raises(ReportError, match="known are groups, years, constructs"):
        score_distribution(found, over="companies")


def test_without_a_figure_nothing_is_scaled(found: YearlyIndex) -> None:
    frame = found.tables["score_shares"].copy()
    frame["share"] = np.nan
    empty = found.with_tables(score_shares=frame.assign(note="no scores"))
    figure = score_distribution(empty, year="2024")
    assert not figure.axes[0].patches
    assert replace(empty).tables["score_shares"]["share"].isna().all()
