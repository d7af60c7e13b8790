"""Which charts of answers, scores and changes a report has, and the words that stand for them."""

import re

import pandas as pd
import pytest

from csi.index.values import YearlyIndex
from csi.report import fonts
from csi.report.distribution_pictures import answer_charts, score_charts, waterfall_charts
from csi.report.note_words import in_words
from csi.report.numbers import share, with_margin
from csi.report.tables import names_of, readme, table
from csi.report.view import View
from tests.report.conftest import COMPANIES, build, many
from tests.report.distribution_cases import distributed

CHINESE = re.compile("[一-鿿]")
needs_font = pytest.mark.skipif(
    fonts.cjk_font() is None, reason="no font with Chinese letters on this machine"
)


@pytest.fixture(scope="module")
def found() -> YearlyIndex:
    """Three companies in two years with distributions and a made-up split."""
    yearly = distributed(build(COMPANIES, ("2023", "2024")))
    rows = []
    for group in (*COMPANIES, "total"):
        parts = {"performance": 1.0, "weights": -0.25, "items": 0.0, "total": 0.75}
        rows += [
            {
                "year": "2024", "compared_with": "2023", "group": group, "part": part,
                "item": "", "member": "", "points": points, "se": 0.5, "lower": points - 1,
                "upper": points + 1, "p_value": 0.3, "share": points / 0.75, "note": "",
            }
            for part, points in parts.items()
        ]  # fmt: skip
    return yearly.with_tables(changes=pd.DataFrame(rows))


def test_few_groups_have_a_chart_each_and_the_index_one_over_groups(found: YearlyIndex) -> None:
    view = View(found)
    names = [chart.name for chart in answer_charts(view)]
    assert names == [
        "answers_1_aurora", "answers_2_borealis", "answers_3_cirrus", "answers_index"
    ]  # fmt: skip
    assert [chart.name for chart in score_charts(view)] == ["scores_groups", "scores_constructs"]
    assert [chart.name for chart in waterfall_charts(view)] == [
        "waterfall_1_aurora", "waterfall_2_borealis", "waterfall_3_cirrus", "waterfall_4_total"
    ]  # fmt: skip
    assert [(c.group, c.year, c.note) for c in answer_charts(view)[:2]] == [
        ("Aurora Mobile", "2024", ""), ("Borealis Telecom", "2024", "")
    ]  # fmt: skip
    assert waterfall_charts(view)[-1].group == "All groups together"
    sections = {c.section for c in (*answer_charts(view), *score_charts(view))}
    assert sections == {"answers", "score_shares"}


def test_many_groups_have_the_first_and_the_total() -> None:
    yearly = distributed(many(6, ("2024",)))
    view = View(yearly)
    charts = answer_charts(view)
    assert [chart.name for chart in charts] == ["answers", "answers_index"]
    assert charts[0].note == "The first 1 of 6 groups; all are in the tables."
    assert [chart.name for chart in score_charts(view)] == ["scores_groups", "scores_constructs"]
    assert waterfall_charts(view) == []


def test_one_wave_has_no_chart_over_years_or_groups(one_wave: YearlyIndex) -> None:
    view = View(distributed(one_wave))
    assert [chart.name for chart in answer_charts(view)] == ["answers"]
    assert [chart.name for chart in score_charts(view)] == ["scores_constructs"]


def test_years_stand_for_groups_where_there_is_one(single: YearlyIndex) -> None:
    view = View(distributed(single))
    assert [chart.name for chart in answer_charts(view)] == ["answers", "answers_index"]
    assert [chart.name for chart in score_charts(view)] == ["scores_years", "scores_constructs"]


def test_without_tables_there_are_no_charts(three: YearlyIndex) -> None:
    view = View(three)
    assert answer_charts(view) == score_charts(view) == waterfall_charts(view) == []


def test_alternatives_hold_the_figures_of_the_tables(found: YearlyIndex) -> None:
    view = View(found)
    parts = found.tables["answer_parts"].query(
        "year == '2024' and group == 'aurora' and part == 'high'"
    )
    alt = answer_charts(view)[0].alt
    for row in parts.itertuples():
        assert f"{view.item(row.item)} {share(row.share)}" in alt
    scored = found.tables["score_summary"].query("year == '2024' and construct == 'satisfaction'")
    alt = score_charts(view)[0].alt
    for row in scored.itertuples():
        assert f"{view.group(row.group)} {with_margin(row.mean, row.moe)}" in alt
    alt = waterfall_charts(view)[0].alt
    parts = ("Performance +1.0", "Weights −0.2", "Items asked 0.0")
    for words in (*parts, "Index 2023", "Index 2024"):
        assert words in alt


@needs_font
def test_charts_speak_chinese_to_the_last_word(found: YearlyIndex) -> None:
    view = View(found, "zh")
    for chart in (*answer_charts(view), *score_charts(view), *waterfall_charts(view)):
        words = [text.get_text() for text in chart.figure.axes[0].texts]
        words += [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]
        words += [chart.alt, chart.figure.get_suptitle(), chart.figure.get_supxlabel()]
        tips = [patch.get_gid() or "" for patch in chart.figure.axes[0].patches]
        latin = re.findall(r"[A-Za-z]{2,}", " ".join([*words, *tips]).replace("csi-tip", ""))
        assert latin == []
        assert CHINESE.search(chart.alt)


def test_the_tables_are_written_and_described(found: YearlyIndex) -> None:
    names = ("answers", "answer_parts", "score_shares", "score_summary")
    assert set(names) <= set(names_of(found))
    for language in ("en", "zh"):
        text = readme(View(found, language))
        for name in names:
            part = text.split(f"## {name}.csv", 1)[1].split("\n## ", 1)[0]
            for column in table(found, name).columns:
                assert f"| `{column}` |" in part


@pytest.mark.parametrize(
    "note",
    [
        "not asked",
        "no scores",
        "no answers",
        "suppressed: n = 9 is below 30",
        "no margin of error: one sampled unit; 3 strata of a single sampled unit merged",
        "a stratum of a single sampled unit merged with another",
        "Answers to Q1, Q2 are not tabulated: too many points of the scale.",
    ],
)
def test_notes_are_known_in_chinese(note: str) -> None:
    told = in_words(note, "zh")
    assert CHINESE.search(told)
    assert not re.search(r"[a-z]{3,}", told)
