"""Drafted codebooks: they read the file they were drafted from, and say what to check."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from csi.errors import SurveyError
from csi.survey import (
    READY,
    Text,
    check_survey,
    codebook_from_text,
    draft_codebook,
    draft_with_remarks,
    read_survey,
    ready_map_for,
)
from csi.survey.draft_words import meaning_of, role_of
from tests.survey.helpers import written


def test_labels_of_spss_give_scales_words_and_missing_codes(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "YEAR": [2020.0, 2020, 2021, 2021],
            "brand": [1.0, 2, 1, 2],
            "wt": [1.0, 0.5, 2.0, 1.5],
            "q1": [1.0, 7, 98, 4],
            "q2": [3.0, 99, 2, 5],
            "q3": [2.0, 3, 4, 8],
        }
    )
    path = tmp_path / "survey.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels={
            "q1": "总体满意度",
            "q2": "How likely are you to buy this brand again next year?",
        },
        variable_value_labels={
            "brand": {1.0: "甲品牌", 2.0: "乙品牌"},
            "q1": {1.0: "非常不满意", 10.0: "非常满意", 98.0: "不知道"},
            "q2": {1.0: "very unlikely", 5.0: "very likely", 99.0: "Refused"},
        },
        missing_ranges={"q3": [8]},
    )
    book = draft_codebook(path)
    q1, q2, q3 = (book.item(name) for name in ("q1", "q2", "q3"))
    assert (q1.low, q1.high, dict(q1.missing)) == (1, 10, {"98": "dont_know"})
    assert (q1.label, q1.low_label) == (Text(zh="总体满意度"), Text(zh="非常不满意"))
    assert (q2.low, q2.high, dict(q2.missing)) == (1, 5, {"99": "refused"})
    assert q2.wording.en.startswith("How likely")
    assert q2.high_label == Text("very likely")
    assert dict(q3.missing) == {"8": "no_answer"}
    assert book.time is not None
    assert (book.time.column, book.weight) == ("YEAR", "wt")
    assert dict(book.groups[0].values) == {"1": Text(zh="甲品牌"), "2": Text(zh="乙品牌")}
    assert check_survey(path, book)[0] == []


def test_stata_labels(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1.0, 3.0, 4.0], "b": [1.0, 2.0, 5.0]})
    path = tmp_path / "survey.dta"
    pyreadstat.write_dta(frame, str(path), variable_value_labels={"a": {1: "bad", 4: "good"}})
    assert draft_codebook(path).item("a").high == 4


def test_suspicious_codes_are_taken_out_and_told(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    answers = rng.integers(1, 11, size=(200, 3))
    answers[:5, 0], answers[5:8, 0], answers[:4, 1], answers[:, 2] = (
        98,
        99,
        -1,
        rng.integers(0, 7, 200),
    )
    text = "年份,公司,编号,q1,q2,q3\n" + "".join(
        f"{2020 + k % 2},{'甲乙'[k % 2]},{k},{a},{b},{c}\n" for k, (a, b, c) in enumerate(answers)
    )
    path = written(tmp_path, text)
    draft = draft_with_remarks(path)
    book = draft.codebook
    assert (book.item("q1").low, book.item("q1").high) == (1, 10)
    assert dict(book.item("q1").missing) == {"98": "dont_know", "99": "refused"}
    assert dict(book.item("q2").missing) == {"-1": "not_applicable"}
    assert (book.item("q3").low, book.item("q3").high) == (1, 5)
    assert set(book.item("q3").missing) == {"0", "6"}
    assert draft.remarks["q1"][0] == (
        "98 occurs 5 times outside the scale and is taken for dont_know; check"
    )
    assert "# 98 occurs 5 times" in draft.to_text()
    assert codebook_from_text(draft.to_text()) == book
    assert (book.respondent, [key.column for key in book.groups]) == (("编号",), ["公司"])
    assert check_survey(path, book)[0] == []


def test_zero_to_ten_keeps_its_zero(tmp_path: Path) -> None:
    text = "nps,x\n" + "".join(f"{k % 11},{k % 5 + 1}\n" for k in range(40))
    item = draft_codebook(written(tmp_path, text)).item("nps")
    assert (item.low, item.high, dict(item.missing)) == (0, 10, {})


def test_answers_in_words(tmp_path: Path) -> None:
    words = ["很满意", "满意", "一般", "不太满意", "不满意", "不知道"]
    text = "q1,q2,remark\n" + "".join(f"{words[k % 6]},{k % 5 + 1},text {k}\n" for k in range(24))
    path = written(tmp_path, text)
    draft = draft_with_remarks(path)
    item = draft.codebook.item("q1")
    assert item.answers == READY["satisfaction5_zh"]
    assert dict(item.missing) == {"不知道": "dont_know"}
    survey = read_survey(path, draft.codebook)
    assert survey.answers[:5, 0].tolist() == [5, 4, 3, 2, 1]
    assert any(line.startswith("left out: remark") for line in draft.remarks[""])


def test_years_without_weights_and_ids_that_repeat(tmp_path: Path) -> None:
    text = "year,id,weight,q1,q2\n" + "".join(
        f"{2020 + k // 10},{k % 10},{'' if k < 10 else 1 + k / 20},{k % 5 + 1},{k % 4 + 1}\n"
        for k in range(20)
    )
    path = written(tmp_path, text)
    book = draft_codebook(path)
    assert book.unweighted == ("2020",)
    assert book.respondent == ("year", "id")
    assert book.item("q2").high == 5  # the scale of most items
    assert check_survey(path, book)[0] == []


def test_nothing_that_looks_like_answers(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\nx y,1.5\nz,2.25\n")
    with pytest.raises(SurveyError, match=r"no column looks like answers .*a: it holds text"):
        draft_codebook(path)
    with pytest.raises(SurveyError, match="no data rows"):
        draft_codebook(written(tmp_path, "a,b\n", "empty.csv"))


def test_ready_maps() -> None:
    for name, scale in READY.items():
        assert sorted(set(scale.values())) == list(range(1, int(max(scale.values())) + 1)), name
    assert ready_map_for(["很滿意", "不滿意", "不太滿意"]) == "satisfaction5_zh_hant"
    assert (
        ready_map_for(["非常满意", "满意", "一般", "不满意", "非常不满意"])
        == "satisfaction5_very_zh"
    )
    assert ready_map_for(["Strongly agree", "agree", "neutral"]) == "agreement5_en"
    assert ready_map_for(["满意", "不同意"]) is None
    assert ready_map_for([]) is None


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("年份", "time"), ("Wave", "time"), ("公司", "group"), ("company_name", "group"),
        ("权重", "weight"), ("S_WEIGHT", "weight"), ("编号", "respondent"),
        ("RESPNUM", "respondent"), ("层", "stratum"), ("PSU", "cluster"), ("CUSA1", None),
        ("满意度", None),
    ],
)  # fmt: skip
def test_roles(name: str, role: str | None) -> None:
    assert role_of(name) == role


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("DK", "dont_know"), ("说不清", "dont_know"), ("拒绝回答", "refused"),
        ("Prefer not to say", "refused"), ("N/A", "not_applicable"), ("没用过", "not_applicable"),
        ("跳答", "not_asked"), ("漏答", "no_answer"), ("一般", None), ("Not satisfied", None),
    ],
)  # fmt: skip
def test_meanings(label: str, meaning: str | None) -> None:
    assert meaning_of(label) == meaning
