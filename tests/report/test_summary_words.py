"""Summaries whose notes and methods are in Chinese too."""

import re

import pytest

import csi
from csi.errors import OptionError
from csi.report.note_words import in_words
from csi.report.summary_words import summary_in_words


@pytest.fixture(scope="module")
def yearly() -> csi.YearlyIndex:
    made = csi.simulate(
        csi.models.load("scsb"), years=[2024, 2025], groups=["A", "B"], n=80, seed=3
    )
    survey = csi.read_survey(made.answers, made.codebook)
    return csi.yearly(survey, made.model, group="group", options=csi.IndexOptions(draws=100))


def test_notes_and_methods_are_chinese(yearly: csi.YearlyIndex) -> None:
    made = summary_in_words(yearly, "zh")
    facts = {fact.label: str(fact.value) for fact in made.facts}
    assert facts["估计方法"] == "PLS，路径加权方案，题目标准化"
    assert "自助法" in facts["重抽样方法"]
    (notes,) = made.lists
    assert notes.lines == tuple(in_words(note, "zh") for note in yearly.notes)
    assert all(re.search("[\u4e00-\u9fff]", line) for line in notes.lines)


def test_numbers_are_those_of_the_summary(yearly: csi.YearlyIndex) -> None:
    plain, told = yearly.summary("zh"), summary_in_words(yearly, "zh")
    for one, other in zip(plain.tables, told.tables, strict=True):
        assert one.columns == other.columns
        keep = [name for name in one.to_frame() if name != "note"]
        assert one.to_frame()[keep].equals(other.to_frame()[keep])


def test_english_stays_as_it_is(yearly: csi.YearlyIndex) -> None:
    assert str(summary_in_words(yearly, "en")) == str(yearly.summary("en"))
    with pytest.raises(OptionError, match="language"):
        summary_in_words(yearly, "de")  # type: ignore[arg-type]
