"""The waterfall of a change: it leads from the level before to the level after."""

import numpy as np
import pytest

import csi
from csi.compare.impacts import contributions
from csi.compare.split_table import change_split
from csi.errors import ReportError
from csi.index.values import YearlyIndex
from csi.report import fonts
from csi.report.canvas import canvas_of
from csi.report.numbers import interval, signed, with_margin
from csi.report.style import PALETTE, picture
from csi.report.view import View
from csi.report.waterfall_chart import waterfall
from csi.report.waterfall_rows import change_of, changes_there

needs_font = pytest.mark.skipif(
    fonts.cjk_font() is None, reason="no font with Chinese letters on this machine"
)


@pytest.fixture(scope="module")
def found() -> YearlyIndex:
    """Two companies in three years, with splits and contributions."""
    told = csi.simulate(
        csi.models.load("ecsi_mobile"), years=[2020, 2021, 2022], groups=["a", "b"], n=90, seed=8
    )
    survey = csi.read_survey(told.answers, told.codebook)
    group = survey.codebook.groups[0].name
    made = csi.yearly(survey, told.model, group=group, options=csi.IndexOptions(draws=100))
    assert made.joint is not None
    return made.with_tables(
        changes=change_split(made.joint, "Satisfaction", detail="items"),
        contributions=contributions(made.joint, "Satisfaction"),
    )


def bars(figure: object) -> list:
    return [patch for patch in figure.axes[0].patches if patch.get_gid()]


@pytest.mark.parametrize("of", ["changes", "contributions"])
@pytest.mark.parametrize("year", ["2021", "2022"])
def test_the_steps_lead_from_the_index_before_to_the_index_after(
    found: YearlyIndex, of: str, year: str
) -> None:
    figures = found.figures.query("construct == 'Satisfaction' and group == 'a'").set_index("year")
    before, after = figures.loc[str(int(year) - 1)], figures.loc[year]
    drawn = bars(waterfall(found, of=of, year=year, group="a"))
    assert drawn[0].get_x() == pytest.approx(before["index"])
    ends = [patch.get_x() + patch.get_width() for patch in drawn]
    for patch, end in zip(drawn[1:], ends, strict=False):
        assert patch.get_x() == pytest.approx(end)  # where the one above ended
    assert ends[-1] == pytest.approx(after["index"])
    assert sum(patch.get_width() for patch in drawn) == pytest.approx(after["change"])
    change = change_of(View(found), of, year, "a")
    assert change.total["points"] == pytest.approx(after["change"])


def test_levels_and_parts_have_their_margins(found: YearlyIndex) -> None:
    figure = waterfall(found, year="2022", group="a")
    lines = {tuple(np.round(line.get_xdata(), 9)) for line in figure.axes[0].get_lines()}
    texts = [text.get_text() for text in figure.axes[0].texts]
    figures = found.figures.query("construct == 'Satisfaction' and group == 'a'").set_index("year")
    for year in ("2021", "2022"):
        row = figures.loc[year]
        assert tuple(np.round([row["index"] - row["moe"], row["index"] + row["moe"]], 9)) in lines
        assert with_margin(row["index"], row["moe"]) in texts
    start = figures.loc["2021", "index"]
    part = found.tables["changes"].query(
        "year == '2022' and group == 'a' and part == 'performance' and item == ''"
    ).iloc[0]  # fmt: skip
    assert tuple(np.round([start + part["lower"], start + part["upper"]], 9)) in lines
    assert signed(part["points"]) in texts
    told = f"Performance: {signed(part['points'])} {interval(part['lower'], part['upper'])}"
    svg = picture(figure, "svg").decode()
    assert f"<title>{told}</title>" in svg
    assert svg == picture(waterfall(found, year="2022", group="a"), "svg").decode()


def test_up_is_blue_and_down_is_orange(found: YearlyIndex) -> None:
    from matplotlib.colors import to_rgb

    for group in ("a", "b"):
        for patch in bars(waterfall(found, group=group, items=True)):
            look = PALETTE[0] if patch.get_width() >= 0 else PALETTE[1]
            assert patch.get_facecolor()[:3] == to_rgb(look.colour)


def test_items_take_the_place_of_performance(found: YearlyIndex) -> None:
    whole, split = (change_of(View(found), "changes", "2022", "b", items=i) for i in (False, True))
    names = found.model.construct("Satisfaction").items
    assert len(split.steps) == len(whole.steps) + len(names) - 1
    assert [step.label for step in split.steps[: len(names)]] == [
        f"Performance: {View(found).item(name)}" for name in names
    ]
    assert split.steps[-1].end == pytest.approx(whole.steps[-1].end)


def test_all_groups_together_start_at_zero_and_end_with_the_total(found: YearlyIndex) -> None:
    change = change_of(View(found), "changes", None, None)
    assert change.group == "total"
    assert change.levels == ()
    assert change.steps[0].start == 0
    total = change.steps[-1]
    assert total.label == "Total"
    assert total.start == 0
    assert total.points == pytest.approx(change.steps[-2].end) == change.total["points"]
    assert "all groups together" in change.title


@needs_font
def test_all_groups_together_in_chinese(found: YearlyIndex) -> None:
    figure = waterfall(found, language="zh")
    assert "各组合并" in figure.get_suptitle()
    assert figure.axes[0].get_xlabel() == "变化（0–100 分制的分）"


def test_the_last_change_is_shown_and_others_on_request(found: YearlyIndex) -> None:
    assert change_of(View(found), "changes", None, "b").year == "2022"
    assert change_of(View(found), "changes", "2021", "b").before == "2020"
    assert changes_there(View(found), "contributions") == [
        (year, group) for year in ("2021", "2022") for group in ("a", "b")
    ]


def test_given_axes_are_kept_to(found: YearlyIndex) -> None:
    figure = canvas_of(None, 12, 5).figure
    left, right = figure.subplots(1, 2)
    assert waterfall(found, group="a", ax=left) is figure
    assert waterfall(found, group="b", of="contributions", ax=right) is figure
    assert figure.get_suptitle() == ""
    assert left.get_title("left") != right.get_title("left")


def test_what_is_not_there_is_named(found: YearlyIndex, three: YearlyIndex) -> None:
    with pytest.raises(ReportError, match="change-split"):
        waterfall(three)
    with pytest.raises(ReportError, match="did you mean 'changes'"):
        waterfall(found, of="change")
    with pytest.raises(ReportError, match="no change of any group in 2020"):
        waterfall(found, year="2020")
    with pytest.raises(ReportError, match="there is no 'c'"):
        waterfall(found, group="c")


def test_notes_of_parts_stand_below(found: YearlyIndex) -> None:
    table = found.tables["changes"].copy()
    mine = (table["group"] == "a") & (table["part"] == "total") & (table["year"] == "2022")
    table.loc[mine, "note"] = "no margin of error: one sampled unit"
    noted = found.with_tables(changes=table)
    for language, words in (("en", "Total: no margin of error"), ("zh", "总变化：无误差范围")):
        if language == "en" or fonts.cjk_font() is not None:
            figure = waterfall(noted, year="2022", group="a", language=language)
            assert words in figure.get_supxlabel()
    assert "Total:" not in waterfall(found, year="2022", group="a").get_supxlabel()
