"""The length of interviews: codebook, file, draft."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csi.errors import CodebookError, SurveyError
from csi.survey import (
    Codebook,
    codebook_from_text,
    codebook_to_text,
    draft_with_remarks,
    read_survey,
)
from csi.survey.codebook import Duration
from csi.survey.duration_column import seconds_in

TEXT = """
title = "x"
[duration]
column = "t"
unit = "minutes"
missing = { no_answer = ["-1"] }
[[items]]
name = "q1"
low = 1
high = 5
missing = { not_applicable = ["8"], dont_know = ["9"] }
[[items]]
name = "q2"
low = 1
high = 5
asked_if = { item = "q1", low = 1, high = 2 }
"""
BOOK = codebook_from_text(TEXT)


def frame(times: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"q1": [1, 2, 5, 8], "q2": [3, None, None, 4], "t": times})


def test_a_codebook_with_a_duration_comes_back_from_its_text() -> None:
    assert BOOK.duration == Duration(column="t", unit="minutes", missing={"-1": "no_answer"})
    assert codebook_from_text(codebook_to_text(BOOK)) == BOOK
    assert pickle.loads(pickle.dumps(BOOK)) == BOOK
    without = codebook_from_text(TEXT.replace(TEXT[TEXT.index("[dur") : TEXT.index("[[")], ""))
    assert without.duration is None
    assert "duration" not in codebook_to_text(without)


def test_durations_are_read_in_seconds() -> None:
    survey = read_survey(frame(["3", "-1", "0:02:00", "5分20秒"]), BOOK)
    assert survey.duration is not None
    np.testing.assert_array_equal(survey.duration, [180, np.nan, 120, 320])
    assert "respondents without a length of the interview: 1" in survey.notes
    assert not survey.duration.flags.writeable


def test_why_an_answer_is_missing_is_kept() -> None:
    survey = read_survey(frame([1, 1, 1, 1]), BOOK)
    assert survey.reasons is not None
    # 4: not_applicable; 5: no_answer; 3: not_asked (q1 is above 2)
    assert survey.reasons.tolist() == [[0, 0], [0, 5], [0, 3], [4, 0]]
    assert survey.put.tolist() == [[True, True], [True, True], [True, False], [False, True]]


@pytest.mark.parametrize(
    ("cell", "unit", "seconds"),
    [
        ("90", "seconds", 90), ("1.5", "minutes", 90), ("90000", "milliseconds", 90),
        ("1:00:05", "minutes", 3605), ("00:12:31.5", "seconds", 751.5), ("345秒", "minutes", 345),
        ("1小时2分3秒", "seconds", 3723), ("２分", "seconds", 120), ("12 min 5 s", "seconds", 725),
        ("", "seconds", None), ("12:31", "seconds", None), ("soon", "seconds", None),
        ("1:75:00", "seconds", None), ("5秒2分", "seconds", None), ("秒", "seconds", None),
    ],
)  # fmt: skip
def test_cells_of_survey_platforms(cell: str, unit: str, seconds: float | None) -> None:
    assert seconds_in(cell, unit) == seconds  # type: ignore[arg-type]


def test_wrong_cells_are_told_with_their_rows() -> None:
    with pytest.raises(SurveyError) as told:
        read_survey(frame([1, -3, "soon", 2]), BOOK)
    said = str(told.value)
    assert "is no duration: row 3: 'soon'" in said
    assert "is negative: row 2: '-3'" in said
    with pytest.raises(SurveyError, match="no interview has a length"):
        read_survey(frame(["", "", "", -1]), BOOK)
    with pytest.raises(SurveyError, match="the file has no such column \\(duration"):
        read_survey(frame([1, 1, 1, 1]).drop(columns="t"), BOOK)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"minutes"', '"hours"', "'hours' is not a unit"),
        ('column = "t"', 'column = "q1"', "it is the duration and something else"),
        ('column = "t"', 'colum = "t"', "it is not given"),
        ('column = "t"', 'column = ""', "it has no column"),
        ("no_answer = ", "nothing = ", "unknown entry"),
        ("[duration]", "duration = 3\n[other]", "is not a table"),
    ],
)
def test_faults_of_the_codebook(old: str, new: str, fault: str) -> None:
    with pytest.raises(CodebookError, match=fault):
        codebook_from_text(TEXT.replace(old, new, 1))


def test_a_meaning_that_is_none_is_a_fault() -> None:
    with pytest.raises(CodebookError, match="'gone' is not a known meaning"):
        Codebook(
            title=BOOK.title,
            items=BOOK.items,
            duration=Duration(column="t", missing={"-1": "gone"}),  # type: ignore[dict-item]
        )


@pytest.mark.parametrize(
    ("head", "cells", "unit"),
    [
        ("duration", ["345", "200", "900"], "seconds"),
        ("Duration_min", ["5.5", "3.2", "15"], "minutes"),
        ("用时", ["345秒", "200秒", "61秒"], "seconds"),
        ("duration", ["345000", "200000", "900000"], "milliseconds"),
        ("loi", ["12", "9", "14"], "minutes"),
        ("duration", ["1", "3", "5"], None),  # an item on a scale
        ("duration", ["345", "none", "900"], None),
    ],
)
def test_a_draft_finds_the_column(
    tmp_path: Path, head: str, cells: list[str], unit: str | None
) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"{k},{cell},{k + 2}\n" for k, cell in enumerate(cells))
    path.write_text(f"id,{head},q1\n{rows}", "utf-8")
    draft = draft_with_remarks(path)
    found = draft.codebook.duration
    assert (found.unit if found else None) == unit
    if found:
        assert any("length of the interview" in line for line in draft.remarks[""])
        assert codebook_from_text(draft.to_text()) == draft.codebook
        assert read_survey(path, draft.codebook).duration is not None
