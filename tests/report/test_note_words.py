"""Notes in Chinese: those of real surveys, of every kind, with nothing lost on the way."""

from __future__ import annotations

import re
import time
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import csi
from csi.report import note_words
from csi.report.assessment_notes import ASSESSMENT_CELLS
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
    "2024: not asked: A1; left out of the model: construct Quality: fewer than two of its parts "
    "are left; path Quality -> Value.": (
        "2024年未询问：A1；模型中略去：潜变量 Quality（剩余的组成部分不足两个）；"
        "路径 Quality → Value。"
    ),
    "not in the model of this period: fewer than two of its parts are left": (
        "本期模型不含该潜变量：剩余的组成部分不足两个"
    ),
    "PLS, path scheme, raw items, repeated indicators": (
        "PLS，路径加权方案，题目仅中心化，高阶潜变量采用重复指标法"
    ),
    "PLS, path scheme, standardised items, two stages (disjoint)": (
        "PLS，路径加权方案，题目标准化，高阶潜变量采用两阶段法（分离式）"
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
    "finite population (N): 2 % to 5 % of the units were sampled": (
        "有限总体（N）：抽样单位的抽样比为 2 %–5 %"
    ),
    "supplied replicate weights: 32 (BRR), around the estimate": (
        "数据自带复制权重 32 组（BRR），离差以估计值为中心"
    ),
    "weights were raked to age, sex within company": (
        "权重已在各 company 内按 age、sex 的总体边际分布作迭代比例调整"
    ),
    "weights were raked to age, sex": "权重已按 age、sex 的总体边际分布作迭代比例调整",
    "jackknife, each of 120 clusters within strata left out in turn": (
        "分层按整群的刀切法，120 个抽样单位逐个剔除"
    ),
    "balanced half samples of clusters within strata, 16 replicates, Fay's coefficient 0.5": (
        "分层按整群的平衡半样本法，复制 16 次，Fay 系数 0.5"
    ),
    "Supplied replicate weights are not used: errors are from the jackknife.": (
        "未使用数据自带的复制权重，误差由刀切法得出。"
    ),
    "suppressed: n = 12 in 2020 is below 50": "2020年样本量 12 少于 50，不发布",
    "no change: no respondents in 2020; n = 12 in 2021 is below 50": (
        "无变化数据：2020年没有受访者；2021年样本量 12 少于 50"
    ),
    "items added: Q1, Q2 (a, b); items dropped: Q3": "新增题目：Q1、Q2（a、b）；取消题目：Q3",
    "new in 2021: a; not there in 2021: b; left out of the total: c (no figure in 2020; "
    "n = 12 in 2021 is below 50), d (not measured in 2020)": (
        "2021年新增：a；2021年已无：b；未计入合计：c（2020年没有指数；2021年样本量 12 少于 50）、"
        "d（2020年未测量）"
    ),
    "chained to 2020: no respondents in 2021; no change: no figure under frozen:2019 weights in "
    "2020": "与2020年相链接：2021年没有受访者；无变化数据：2020年在固定为2019年的权重下没有指数",
    "without A, B, C, D, E and 2 more (12.5 % of the weight): weights of the others renormalised; "
    "errors from 150 of 200 draws": (
        "未计入A、B、C、D、E 等，另有 2 个（占权重的 12.5%），其余权重已重新归一；"
        "误差由 200 次抽样中的 150 次得出"
    ),
    "small base: A (n = 12), B (n = 20)": "样本偏小：A (n = 12)、B (n = 20)",
    "companies differ: with A, not in 2020, without B of 2020": (
        "公司构成不同：新增A（2020年没有），缺少2020年的B"
    ),
    "no change figure: items differ from 2012; unweighted": "无变化数据：题目与2012年不同；无权重",
    "no change figure: suppressed: n = 12 is below 50 in 2020": (
        "无变化数据：2020年样本量 12 少于 50，未发布"
    ),
    "items added: Q1; items dropped: Q2: the change of the items asked in both": (
        "新增题目：Q1；取消题目：Q2：变化按两期均询问的题目计算"
    ),
    "Quality: suppressed: n = 12 in 2020 is below 50": "Quality：2020年样本量 12 少于 50，不发布",
    "reliability 0.62 is below 0.7: ranks say little": "信度 0.62 低于 0.7：名次参考意义有限",
}


COMPOSED = {
    "items added": ("items {words}: ", '("added", '),
    "items dropped": ("items {words}: ", '("dropped", '),
    "companies differ: with": ("companies differ: {", 'f"with {'),
    "companies differ: without": ("companies differ: {", 'f"without {'),
    "items, repeated indicators": ("} items", "repeated indicators"),
    "items, two stages": ("} items", "two stages (disjoint)", "two stages (embedded)"),
    "estimator ml: has no prediction out of sample here": (
        "estimator ml",
        "has no prediction out of sample here",
    ),
    "estimator ml: has no scores to divide here": ("estimator ml", "has no scores to divide here"),
    "replicates, Fay's coefficient": (" replicates", ", Fay's coefficient {"),
}
"""Sentences that the source puts together from parts."""


@pytest.mark.parametrize("note", SAID)
def test_a_note_in_chinese(note: str) -> None:
    assert in_words(note, "zh") == SAID[note]
    assert in_words(note, "en") == note


@pytest.mark.parametrize("text", note_words.SENTENCES, ids=lambda text: text.en[:40])
def test_every_blank_of_a_sentence_is_in_both_languages(text: Text) -> None:
    english, chinese = text.en, text.zh
    blanks = re.findall(r"\{(\w+)\}", english)
    assert sorted(blanks) == sorted(re.findall(r"\{(\w+)\}", chinese))
    told = {blank: str(place + 7) for place, blank in enumerate(blanks)}
    answer = in_words(english.format(**told), "zh")
    assert bool(re.findall(r"[一-鿿]", answer)) == bool(re.findall(r"[一-鿿]", chinese))
    assert all(number in answer for number in told.values())


@pytest.mark.parametrize("text", note_words.SENTENCES, ids=lambda text: text.en[:40])
def test_every_sentence_is_one_that_the_package_says(text: Text) -> None:
    """The longest fixed piece of each sentence stands in the source that writes it."""
    source = " ".join(
        path.read_text("utf-8")
        for part in ("survey", "model", "moments", "index", "estimate", "assess", "compare", "run")
        for path in sorted((HERE / part).rglob("*.py"))
    )
    plain = re.sub(r'"\s*f?"', "", source)
    pieces = re.split(r"\{\w+\}", text.en)
    longest = max((piece.strip(" :;.,()") for piece in pieces), key=len)
    words = longest.split(": ")[0] if longest.startswith("no change figure") else longest
    for part in COMPOSED.get(words, (words.removesuffix(" for"),)):
        assert part in plain, longest


def test_words_of_cells_are_words_that_the_package_writes() -> None:
    source = " ".join(
        path.read_text("utf-8")
        for part in ("assess", "compare", "survey", "estimate", "run")
        for path in (HERE / part).rglob("*.py")
    )
    composed = re.compile(r"(.+) invariance")
    for cell in ASSESSMENT_CELLS:
        found = composed.fullmatch(cell)
        assert f'"{found[1] if found else cell}' in source or cell.split(" ")[-1] in source, cell


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


def test_a_long_list_of_notes_is_told_in_seconds() -> None:
    """Hundreds of reasons, as of forty groups of which no two can be compared, took minutes."""
    unknown = "; ".join(f"g{k} and g{k + 1}: nobody knows why" for k in range(300))
    began = time.perf_counter()
    told = in_words(f"{unknown}; suppressed: n = 12 is below 50", "zh")
    assert time.perf_counter() - began < 20  # 0.5 s where this was written
    assert told == f"{unknown}; 样本量 12 少于 50，不发布"
