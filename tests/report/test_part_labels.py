"""What figures of a part of a survey are called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from csi.index.values import YearlyIndex
from csi.report.part_labels import of_part
from csi.report.view import View
from csi.survey.codebook import Key
from csi.text import Text


@pytest.fixture
def whole(one_wave: YearlyIndex) -> YearlyIndex:
    """All respondents of a survey that has years and companies."""
    companies = {"aurora": Text("Aurora Mobile", "极光移动")}
    book = replace(
        one_wave.codebook,
        time=Key(name="year", column="year", values={"2024": Text(), "2025": Text()}),
        groups=(Key(name="company", column="firm", values=companies),),
    )
    return replace(one_wave, codebook=book)


def test_a_year_is_named_instead_of_all_waves(whole: YearlyIndex) -> None:
    part = of_part(whole, {"year": ("2025",)})
    assert View(whole).year_in_words("all") == "All waves"
    assert View(part).year_in_words("all") == "2025"
    assert View(part, "zh").year_in_words("all") == "2025年"
    assert View(part).years == ("all",)


def test_several_conditions_stand_side_by_side(whole: YearlyIndex) -> None:
    part = of_part(whole, {"year": ("2024", "2025"), "company": ("aurora",)})
    assert View(part).year("all") == "2024, 2025, Aurora Mobile"
    assert View(part, "zh").year("all") == "2024年、2025年、极光移动"


def test_everybody_stays_all_waves(whole: YearlyIndex) -> None:
    assert of_part(whole, {}) is whole
