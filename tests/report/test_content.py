"""What the report says: first lines, what follows from satisfaction, questionnaire, methods."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.index.values import YearlyIndex
from csi.model.model import Model
from csi.report.at_a_glance import at_a_glance
from csi.report.disclosure import ASKED, CLAUSES, disclosure, not_stated
from csi.report.methods import methods
from csi.report.note_labels import with_labels
from csi.report.outcomes import following, outcomes
from csi.report.page import sections, write_page
from csi.report.questionnaire import questionnaire
from csi.report.view import View
from csi.survey.codebook import Routing
from csi.survey.study import WORDS, Study, Wave
from csi.text import Text
from tests.report.conftest import COMPANIES

RECORD = {
    "command": "csi report",
    "survey": {"file": "answers.csv", "sha256": "ab" * 32},
    "versions": {"csi": "9.8.7", "python": "3.99", "numpy": "8.7"},
}


def ranks(*may: bool) -> pd.DataFrame:
    """A league table of the last year: the first company leads."""
    return pd.DataFrame(
        {
            "year": "2024",
            "rank": [1.0, 2.0, 3.0],
            "group": list(COMPANIES),
            "index": [75.0, 74.0, 60.0],
            "moe": [2.0, 2.5, 3.0],
            "may_be_first": list(may),
        }
    )


def leaders(reliability: float) -> pd.DataFrame:
    return pd.DataFrame({"year": ["2024"], "reliability": [reliability]})


def text_of(section: object) -> str:
    """All words of a section in one text."""
    cells = [cell for sheet in section.sheets for row in sheet.rows for cell in row]  # type: ignore[attr-defined]
    return " ".join([*section.lead, *cells, *section.foot, *section.listed])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("may", "english", "chinese"),
    [
        (
            (True, False, False),
            "significantly ahead of all others in the league table (p <",
            "显著高于排名表中其余各组",
        ),
        ((True, True, False), "tell it apart from Borealis Telecom:", "与北辰通信区分开"),
    ],
)
def test_who_is_first_and_who_may_be(
    three: YearlyIndex, may: tuple[bool, ...], english: str, chinese: str
) -> None:
    made = three.with_tables(ranks=ranks(*may), leaders=leaders(0.9))
    said = "\n".join(at_a_glance(View(made, "en")))
    assert english in said
    assert "Aurora Mobile" in said
    assert "75.0 ± 2.0" in said
    assert "ranks say little" not in said
    assert chinese in "\n".join(at_a_glance(View(made, "zh")))
    weak = made.with_tables(leaders=leaders(0.62))
    assert "Only 62% of the variance" in "\n".join(at_a_glance(View(weak, "en")))


def test_the_highest_of_many_is_told_once(forty: YearlyIndex) -> None:
    said = at_a_glance(View(forty, "en"))
    assert sum("highest" in line for line in said) == 1
    groups = list(forty.figures["group"].unique())[:2]
    table = ranks(True, True, False).head(2).assign(group=groups)
    led = at_a_glance(View(forty.with_tables(ranks=table), "en"))
    assert sum("highest" in line for line in led) == 1
    assert any("the survey does not tell it apart" in line for line in led)


def moved(three: YearlyIndex, changes: dict[str, tuple[float, float, float]]) -> YearlyIndex:
    """Figures whose last changes, p values and adjusted p values are given."""
    figures = three.figures.copy()
    for group, (change, p, holm) in changes.items():
        rows = (figures["year"] == "2024") & (figures["group"] == group)
        rows &= figures["construct"] == "satisfaction"
        columns = ["change", "change_lower", "change_upper", "p_value", "p_holm", "compared_with"]
        figures.loc[rows, columns] = [change, change - 1, change + 1, p, holm, "2023"]
    return replace(three, figures=figures)


def test_largest_moves_say_whether_they_survive_many_tests(three: YearlyIndex) -> None:
    changes = {
        "aurora": (4.0, 0.001, 0.01), "borealis": (2.0, 0.01, 0.2), "cirrus": (-3.0, 0.04, 0.3),
    }  # fmt: skip
    said = at_a_glance(View(moved(three, changes), "en"))
    up, down = said[-2:]
    assert up.startswith("Largest rise beyond chance: Aurora Mobile, +4.0 points since 2023")
    assert "holds when all changes are tested at once" in up
    assert "was not tested against those of other groups" in up
    assert down.startswith("Largest fall beyond chance: Cirrus")
    assert "but not when all changes are tested at once" in down
    unsure = changes | {"cirrus": (6.0, 0.2, 1.0)}  # rose most, but not beyond chance
    said = at_a_glance(View(moved(three, unsure), "en"))
    assert said[-1].startswith("Largest rise beyond chance: Aurora Mobile")
    assert not any("Most improved" in line for line in said)
    still = dict.fromkeys(changes, (0.5, 0.6, 1.0))
    assert at_a_glance(View(moved(three, still), "en"))[-1] == (
        "No group rose or fell by more than chance explains since 2023."
    )
    assert "没有分组的变化" in at_a_glance(View(moved(three, still), "zh"))[-1]


def test_nodes_come_first_in_the_headline(three: YearlyIndex) -> None:
    nodes = pd.DataFrame(
        {
            "year": "2024", "node": ["all", "phones", "aurora"], "level": [2, 1, 0],
            "parent": ["", "all", "phones"], "construct": "satisfaction",
            "index": [71.2, 70.0, 75.0], "moe": [1.1, 1.2, 2.0], "members": [2, 3, 0],
            "members_without_figure": [1, 0, 0], "change": [1.5, 1.0, 0.0],
            "p_value": [0.01, 0.5, 0.5], "change_lower": 0.4, "change_upper": 2.6,
            "compared_with": "2023", "note": "",
        }
    )  # fmt: skip
    said = at_a_glance(View(three.with_tables(aggregates=nodes), "en"))
    assert said[0].startswith("all: 71.2 ± 1.1 in 2024, from 1 of 2 members. That is 1.5 points")
    assert not any(line.startswith("phones") for line in said)  # only the top
    gone = three.with_tables(aggregates=nodes.assign(index=np.nan, note="why not"))
    assert at_a_glance(View(gone, "en"))[0] == "all: no figure in 2024 (why not)."


def test_what_follows_goes_by_the_arrows(three: YearlyIndex) -> None:
    view = View(three, "en")
    assert following(view) == ("complaints", "loyalty")
    model = three.model
    last = Model(model.constructs, model.paths, "loyalty", "last")
    assert following(View(replace(three, model=last))) == ()
    assert outcomes(View(replace(three, model=last))) == ()


def impacts(three: YearlyIndex) -> pd.DataFrame:
    rows = [
        ("2024", group, "satisfaction", target, 5.0, 2.5, 2.5, 0.4, 1.7, 3.3, p, 100)
        for group in COMPANIES
        for target, p in (("complaints", 0.001), ("loyalty", 0.4))
    ]
    columns = [
        "year",
        "group",
        "from",
        "to",
        "rise",
        "direct",
        "impact",
        "se",
        "lower",
        "upper",
        "p_value",
        "draws_used",
    ]
    return pd.DataFrame(rows, columns=columns)


def test_figures_and_effects_of_what_follows(three: YearlyIndex) -> None:
    made = three.with_tables(impacts=impacts(three))
    (section,) = outcomes(View(made, "en"))
    latest, by_year, effects = section.sheets
    figures = three.figures[three.figures["year"] == "2024"]
    for cells in latest.rows:
        name = {"Handling of complaints": "complaints", "Customer loyalty": "loyalty"}[cells[0]]
        group = next(key for key, label in COMPANIES.items() if label.en == cells[1])
        row = figures[(figures["construct"] == name) & (figures["group"] == group)].iloc[0]
        assert cells[2] == f"{row['index']:.1f} ± {row['moe']:.1f}"
    assert len(latest.rows) == len(by_year.rows) == 6
    assert by_year.head[2:] == ("2019", "2020", "2021", "2022", "2023", "2024")
    assert effects.caption == "What 5 points more Customer satisfaction go with, 2024"
    assert effects.rows[0][1:] == ("+2.5* [1.7, 3.3]", "+2.5 [1.7, 3.3]")
    assert "no proof" in " ".join(section.foot)


def test_one_group_is_told_in_sentences(single: YearlyIndex) -> None:
    (group,) = single.figures["group"].unique()
    rows = impacts(single)
    made = single.with_tables(impacts=rows[rows["group"] == "aurora"].assign(group=group))
    said = outcomes(View(made, "en"))[0].listed
    assert len(said) == 2
    assert "5 points more Customer satisfaction go with +2.5 points Handling" in said[0]
    assert "no more than chance explains" in said[1]
    assert "在抽样误差范围之内" in outcomes(View(made, "zh"))[0].listed[1]


def test_a_rate_and_routing_are_said(three: YearlyIndex) -> None:
    items = tuple(
        replace(item, low=0, high=1, high_label=Text("complained", "投诉过"),
                asked_if=Routing("image1", 1, 4))
        if item.name == "complaints1" else item
        for item in three.codebook.items
    )  # fmt: skip
    made = replace(three, codebook=replace(three.codebook, items=items))
    said = " ".join(outcomes(View(made, "en"))[0].lead)
    assert "the share of “complained” in per cent" in said
    assert "asked only of those who answered Image, question 1 with 1 to 4" in said
    sheet = questionnaire(View(made, "zh"))[0].sheets[0]
    row = next(row for row in sheet.rows if "complaints1" in row)
    assert row[-1] == "仅当 image1 为 1 至 4 时询问"
    assert row[4] == "0 – 1 投诉过"


def test_high_answers_stand_where_their_table_is(three: YearlyIndex) -> None:
    parts = pd.DataFrame(
        {
            "year": "2024", "group": "aurora", "item": ["loyalty1", "loyalty1", "image1"],
            "part": ["high", "low", "high"], "least": [8.0, 1.0, 8.0], "most": [10.0, 4.0, 10.0],
            "share": [0.42, 0.2, 0.9], "lower": [0.38, 0.1, 0.8], "upper": [0.46, 0.3, 1.0],
            "n": [250, 250, 250],
        }
    )  # fmt: skip
    sheet = outcomes(View(three.with_tables(answer_parts=parts), "en"))[0].sheets[-1]
    assert sheet.rows == (
        ("Customer loyalty, question 1", "Aurora Mobile", "8–10", "42%", "38% – 46%", "250"),
    )


def test_the_questionnaire_has_every_item_once_with_its_words(three: YearlyIndex) -> None:
    first = three.codebook.items[0]
    worded = replace(
        first, wording=Text("How good is it?", "好不好？"), low_label=Text("bad", "差"),
        high_label=Text("good", "好"),
        missing={"98": "dont_know", "99": "refused", "97": "refused"},
        reversed=True,
    )  # fmt: skip
    extra = replace(first, name="extra", column="extra")
    items = (worded, *three.codebook.items[1:], extra)
    made = replace(three, codebook=replace(three.codebook, items=items))
    (section,) = questionnaire(View(made, "en"))
    asked, others = section.sheets
    assert [row[1] for row in asked.rows] == list(three.model.columns)
    assert [row[0] for row in others.rows] == ["extra"]
    assert asked.rows[0][:6] == (
        "Image", "image1", "700", "How good is it?", "1 bad – 10 good",
        "98 don't know; 99, 97 refused",
    )  # fmt: skip
    assert asked.rows[0][6] == "turned round: 1 is the best answer in the file"
    assert "no wording of 23 of 24 items" in " ".join(section.lead)
    chinese = questionnaire(View(made, "zh"))[0].sheets[0].rows[0]
    assert chinese[3:6] == ("好不好？", "1 差 – 10 好", "98 不知道；99, 97 拒绝回答")


def stated(three: YearlyIndex) -> YearlyIndex:
    study = Study(
        sponsor=Text("Board of trade", "贸易委员会"),
        sampling=Text("Random digits", "随机拨号"),
        issued=4000,
        response_rate=0.315,
        periods={"2024": Wave(fieldwork=Text("May 2024", "2024年5月"), issued=900)},
    )
    return replace(three, codebook=replace(three.codebook, study=study))


def test_the_methods_page_says_what_is_stated_and_computed(three: YearlyIndex) -> None:
    made = stated(three)
    section = methods(View(made, "en"), RECORD)
    said = text_of(section)
    for words in (
        "Board of trade", "Random digits", "4,000", "31.5%", "May 2024", "900",
        "Customers aged 16 and over", "csi 9.8.7, python 3.99, numpy 8.7", "ab" * 32,
        "csi report --from run.json", "SHA-256 of answers.csv",
    ):  # fmt: skip
        assert words in said, words
    assert "not stated here" not in said  # how people were selected is
    assert "not stated here" in text_of(methods(View(three, "en"), {}))
    n = {row[0]: row[1:] for row in section.sheets[2].rows}
    own = three.figures[three.figures["construct"] == "satisfaction"]
    for group, label in COMPANIES.items():
        counts = own[own["group"] == group].set_index("year")["n"]
        assert n[label.en] == tuple(f"{count:,}" for count in counts)
    model = {row[0]: row for row in section.sheets[3].rows}
    assert model["Perceived value"][2] == "Customer expectations, Perceived quality"
    assert model["Image"][2] == "nothing in the model"
    assert "随机拨号" in text_of(methods(View(made, "zh"), RECORD))


def test_margins_of_equal_weights_do_not_cover_weights(three: YearlyIndex) -> None:
    equal = replace(three, metric=replace(three.metric, weights="equal"))
    assert "are taken as given" in text_of(methods(View(equal, "en"), {}))
    assert "are taken as given" not in text_of(methods(View(three, "en"), {}))


def test_what_is_not_stated_is_listed(three: YearlyIndex) -> None:
    made = stated(three)
    missing = not_stated(View(made))
    asked = {name for names in ASKED.values() for name in names}
    given = {"sponsor", "sampling", "issued", "response_rate", "fieldwork"}
    assert set(missing) == asked - given
    section = disclosure(View(made, "en"), {"method": "Method"})
    said = text_of(section)
    assert "not stated by the codebook ([study].frame, [study].recruitment" in said
    assert "[study].fieldwork" not in said  # stated by period
    assert f"({len(missing)})" in section.lead[1]
    bare = text_of(disclosure(View(three, "zh"), {}))
    assert "编码本未说明（[study].sponsor, [study].conducted_by）" in bare
    assert "本报告未包含" in bare
    words: dict[str, Any] = {name: Text("x", "x") for name in WORDS}
    full = Study(**words, issued=1, response_rate=1.0)
    book = replace(three.codebook, study=full)
    assert not_stated(View(replace(three, codebook=book))) == ()


def test_the_clauses_name_sections_that_the_page_can_have(three: YearlyIndex) -> None:
    made = sections(View(three, "en"), (), RECORD)
    keys = {section.key for section in made}
    later = {"impacts", "map", "league", "why_changed", "comparability", "assessment"}
    assert {key for keys_ in CLAUSES.values() for key in keys_} <= keys | later
    order = [section.key for section in made]
    assert order.index("questionnaire") < order.index("method") < order.index("disclosure")
    titles = {section.title for section in made}
    (own,) = (section for section in made if section.key == "disclosure")
    named = {part for row in own.sheets[1].rows for part in row[1].split("“")[1:]}
    assert {part.split("”")[0] for part in named} <= titles


def test_notes_have_labels_in_chinese_only(three: YearlyIndex, tmp_path: Path) -> None:
    note = (
        "Comparability over company (year 2024): tested by MICOM, all constructs are formed alike."
    )
    view = View(replace(three, notes=(note,)), "zh")
    assert view.told(note) == "公司（year 2024）间的可比性：经 MICOM 检验，各潜变量的构成方式一致。"
    assert View(three, "en").told(note) == note
    page = write_page(view.yearly, tmp_path / "i.html", language="zh", charts=()).read_text("utf-8")
    assert "公司（year 2024）间的可比性" in page


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("aurora、2024", "极光、2024"),
        ("aurora1 与 my-aurora", "aurora1 与 my-aurora"),
        ("见 aurora.csv", "见 aurora.csv"),
        ("--by aurora 检验", "--by aurora 检验"),
        ("2 人，B 组", "2 人，B 组"),
    ],
)
def test_only_whole_codes_become_labels(note: str, said: str) -> None:
    assert with_labels(note, {"aurora": "极光", "2": "二", "B": "乙"}) == said
