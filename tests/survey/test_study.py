"""How a survey was made: read from a codebook, written again, and checked."""

import pickle
from pathlib import Path

import pytest

from csi.errors import CodebookError
from csi.survey.codebook import Codebook
from csi.survey.codebook_file import read_codebook
from csi.survey.codebook_parse import parse_codebook
from csi.survey.codebook_write import format_codebook
from csi.survey.draft import draft_with_remarks
from csi.survey.study import WORDS, Study, Wave
from csi.text import Text

DATA = Path(__file__).parents[2] / "data"
HEAD = """
title = "T"
[time]
name = "year"
[time.values]
2024 = "2024"
2025 = "2025"
[[items]]
name = "A"
low = 1
high = 10
"""
FULL = """
[study]
sponsor = { en = "Board of trade", zh = "贸易委员会" }
mode = "Web"
issued = 4000
response_rate = 0.31
response_rule = "AAPOR RR1"
[study.periods.2025]
fieldwork = { en = "3 to 28 March 2025", zh = "2025年3月3日至28日" }
issued = 2000
note = "Mode changed"
"""


def book(text: str) -> Codebook:
    return parse_codebook(HEAD + text, source="c.toml")


def test_every_entry_is_read() -> None:
    study = book(FULL).study
    assert study.sponsor == Text("Board of trade", "贸易委员会")
    assert study.mode == Text("Web")
    assert (study.issued, study.response_rate) == (4000, 0.31)
    assert study.response_rule == Text("AAPOR RR1")
    wave = study.periods["2025"]
    assert wave == Wave(
        fieldwork=Text("3 to 28 March 2025", "2025年3月3日至28日"),
        issued=2000,
        note=Text("Mode changed"),
    )
    assert study.stated == (
        "sponsor", "mode", "fieldwork", "issued", "response_rate", "response_rule", "note",
    )  # fmt: skip
    assert study
    assert not Study()


def test_it_is_written_and_read_back_as_it_was() -> None:
    first = book(FULL)
    text = format_codebook(first)
    assert parse_codebook(text, source="c.toml") == first
    assert format_codebook(parse_codebook(text, source="c.toml")) == text
    assert pickle.loads(pickle.dumps(first)) == first


def test_a_codebook_without_it_has_an_empty_one_and_writes_none() -> None:
    plain = book("")
    assert plain.study == Study()
    assert not plain.study.stated
    assert "[study" not in format_codebook(plain)


def test_all_faults_come_at_once_with_the_nearest_name() -> None:
    wrong = """
[study]
sponser = "X"
issued = 1.5
response_rate = 31
mode = 3
[study.periods.2042]
fieldwerk = "May"
response_rate = 0.0
"""
    with pytest.raises(CodebookError) as caught:
        book(wrong)
    told = {fault.where: fault for fault in caught.value.faults}
    assert "'sponsor'" in told["c.toml, study, sponser"].fix
    assert "'fieldwork'" in told["c.toml, study, periods, 2042, fieldwerk"].fix
    assert "whole number" in told["c.toml, study, issued"].what
    assert "wording" in told["c.toml, study, mode"].what


def test_what_cannot_be_true_is_refused() -> None:
    wrong = """
[study]
response_rate = 31
issued = 0
[study.periods.2042]
response_rate = -0.5
[study.periods.2025]
response_rule = "RR1"
"""
    with pytest.raises(CodebookError) as caught:
        book(wrong)
    told = {fault.where: fault for fault in caught.value.faults}
    assert "31 is not above 0" in told["c.toml, study, response_rate"].what
    assert "0.31" in told["c.toml, study, response_rate"].fix
    assert "c.toml, study, issued" in told
    assert "c.toml, study, periods, 2042, response_rate" in told
    assert "period" in told["c.toml, study, periods, 2042"].what
    assert "c.toml, study, periods, 2025, response_rule" in told


def test_periods_need_a_time() -> None:
    text = 'title = "T"\n[[items]]\nname = "A"\nlow = 1\nhigh = 2\n[study.periods.2025]\nissued = 9'
    with pytest.raises(CodebookError, match="no time"):
        parse_codebook(text, source="c.toml")


def test_packaged_codebooks_state_what_is_known() -> None:
    mobile = read_codebook(DATA / "mobile" / "codebook.toml").study
    assert "no person was interviewed" in mobile.sponsor.en
    assert "未访问任何人" in mobile.sponsor.zh
    assert "250" in mobile.sampling.en
    assert not mobile.fieldwork
    sfo = read_codebook(DATA / "sfo" / "codebook.toml").study
    assert sfo.conducted_by.en == "Corey, Canapary & Galanis"
    assert not sfo.response_rate
    assert not sfo.fieldwork


def test_a_draft_hints_at_every_entry_and_reads_back(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("year,Q1,Q2\n" + "2024,1,5\n2024,5,3\n2025,2,4\n" * 5)
    text = draft_with_remarks(tmp_path / "a.csv").to_text()
    assert all(f'# {name} = {{ en = "", zh = "" }}' in text for name in WORDS)
    assert text.index("# [study]") < text.index("[[items]]")
    opened = text.replace("# [study]", "[study]").replace("# sponsor", "sponsor")
    opened = opened.replace('sponsor = { en = ""', 'sponsor = { en = "X"')
    assert parse_codebook(opened, source="c").study.sponsor == Text("X")
    assert not parse_codebook(text, source="c").study
