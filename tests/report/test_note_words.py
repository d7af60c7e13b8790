"""Notes in Chinese: those of real surveys, of every kind, with nothing lost on the way."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import csi
from csi.report import note_words
from csi.report.note_words import in_words
from csi.report.page import write_page
from csi.survey.checks import EMPTY_ROW, NO_ANSWERS
from csi.survey.codebook_file import codebook_from_text
from csi.text import Text

HERE = Path(note_words.__file__).parents[1]

SAID = {
    "gender: respondents without a value: 17 (no_answer 12, refused 5); they are kept": (
        "gender：17 名受访者没有取值（未作答 12、拒绝回答 5），仍予保留"
    ),
    "no weights in 2011, 2012: each respondent there counts 1": (
        "2011年、2012年无权重，每名受访者按 1 计"
    ),
    "2012: not asked: WIFI, NPS; left out of the model: construct Recommendation: none of its "
    "items is left; path Satisfaction -> Recommendation.": (
        "2012年未询问：WIFI、NPS；模型中略去：潜变量 Recommendation（题目均未询问）；"
        "路径 Satisfaction → Recommendation。"
    ),
    "2024 north: not fitted: too few answers: 5 respondents for 16 items.": (
        "2024 north：未能估计：样本过少：16 道题目仅有 5 名受访者。"
    ),
    "errors from 800 of 1000 draws; no change figure: items differ from 2012": (
        "误差由 1000 次抽样中的 800 次得出；无变化数据：题目与2012年不同"
    ),
    "negative weight of A1, A2: no index; look at the item, or take equal, pooled or frozen "
    "weights; no change figure: no figure in 2012": (
        "A1、A2 的权重为负，不计算指数；请检查该题目，或改用等权、合并估计或固定的权重；"
        "无变化数据：2012年没有指数"
    ),
    "bootstrap of clusters within strata (Rao-Wu), 1000 draws, seed 1": (
        "分层按整群的自助法（Rao-Wu），1000 次，随机种子 1"
    ),
    "PLSc, centroid scheme, raw items": "PLSc，重心加权方案，题目仅中心化",
}


@pytest.mark.parametrize("note", SAID)
def test_a_note_in_chinese(note: str) -> None:
    assert in_words(note, "zh") == SAID[note]
    assert in_words(note, "en") == note


@pytest.mark.parametrize("text", note_words._SENTENCES, ids=lambda text: text.en[:40])
def test_every_blank_of_a_sentence_is_in_both_languages(text: Text) -> None:
    english, chinese = text.en, text.zh
    blanks = re.findall(r"\{(\w+)\}", english)
    assert sorted(blanks) == sorted(re.findall(r"\{(\w+)\}", chinese))
    told = {blank: str(place + 7) for place, blank in enumerate(blanks)}
    answer = in_words(english.format(**told), "zh")
    assert bool(re.findall(r"[一-鿿]", answer)) == bool(re.findall(r"[一-鿿]", chinese))
    assert all(number in answer for number in told.values())


@pytest.mark.parametrize("text", note_words._SENTENCES, ids=lambda text: text.en[:40])
def test_every_sentence_is_one_that_the_package_says(text: Text) -> None:
    """The longest fixed piece of each sentence stands in the source that writes it."""
    source = " ".join(
        path.read_text("utf-8")
        for part in ("survey", "model", "moments", "index", "estimate")
        for path in sorted((HERE / part).rglob("*.py"))
    )
    plain = re.sub(r'"\s*f?"', "", source)
    pieces = re.split(r"\{\w+\}", text.en)
    longest = max((piece.strip(" :;.,()") for piece in pieces), key=len)
    words = longest.split(": ")[0] if longest.startswith("no change figure") else longest
    assert words.removesuffix(" for") in plain, longest


def test_reasons_for_leaving_respondents_out_have_words() -> None:
    assert {in_words(reason, "zh") for reason in (NO_ANSWERS, EMPTY_ROW)} == {
        "所有题目均未作答",
        "空行",
    }


def test_a_note_nobody_knows_stays_as_it_is() -> None:
    assert in_words("a new note; with a part", "zh") == "a new note; with a part"


def test_a_chinese_report_of_a_real_run_tells_its_notes_in_chinese(tmp_path: Path) -> None:
    """A wave without weights and without an item, an empty interview: all notes are told."""
    frame = _two_waves()
    survey = csi.read_survey(frame, codebook_from_text(_CODEBOOK))
    model = csi.Model(
        constructs=(csi.reflective("Quality", ["Q1", "Q2"]), csi.reflective("Sat", ["S1", "S2"])),
        paths=csi.paths("Quality", to="Sat"),
        index="Sat",
    )
    yearly = csi.yearly(survey, model, options=csi.IndexOptions(draws=100, seed=1))
    assert len(yearly.notes) >= 3
    page = write_page(yearly, tmp_path / "page.html", language="zh").read_text("utf-8")
    for note in yearly.notes:
        assert re.search("[一-鿿]", in_words(note, "zh")), note
        assert escape(in_words(note, "zh")) in page
        assert escape(note) not in page
    assert "所有题目均未作答" in page
    assert "2020年无权重，这些年份每名受访者按 1 计。" in page
    assert yearly.metric.replication not in page


_CODEBOOK = """
title = { en = "Shops", zh = "门店调查" }
[time]
name = "year"
[[groups]]
name = "shop"
values = { a = "A", b = "B" }
[design]
weight = "weight"
unweighted = ["2020"]
[defaults]
low = 1
high = 5
[[items]]
name = "Q1"
[[items]]
name = "Q2"
[[items]]
name = "S1"
[[items]]
name = "S2"
"""


def _two_waves() -> pd.DataFrame:
    chance = np.random.default_rng(5)
    n = 200
    taste = chance.normal(3, 1, n)
    answers = {
        name: np.clip(np.rint(taste + chance.normal(0, 0.7, n)), 1, 5)
        for name in ("Q1", "Q2", "S1", "S2")
    }
    year = np.repeat(["2020", "2021"], n // 2)
    frame = pd.DataFrame({"year": year, "shop": "a", "weight": 1.0, **answers})
    frame.loc[year == "2020", ["weight", "Q2"]] = np.nan
    frame.loc[3, "shop"] = None
    frame.loc[150, ["Q1", "Q2", "S1", "S2"]] = np.nan
    return frame
