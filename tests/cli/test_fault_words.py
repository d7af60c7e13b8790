"""Faults in the language of the command."""

import re
from pathlib import Path

import pytest

from csi.cli.fault_words import FIXES, WHERES, WRONGS, counted, sentence
from csi.errors import Fault
from csi.text import Text
from tests.cli.conftest import Run

COMPOSED = ("codebook.toml in", "model.toml in", "group of the codebook", "group to rank", "known:",
            "? Known:")  # fmt: skip
"""Sentences whose fixed parts are put together when they are said."""
CHINESE = re.compile("[一-鿿]")


@pytest.mark.parametrize("text", [*WHERES, *WRONGS, *FIXES], ids=lambda text: text.en)
def test_blanks_are_the_same_in_both_languages(text: Text) -> None:
    blanks = [sorted(re.findall(r"\{(\w+)\}", words)) for words in (text.en, text.zh)]
    assert blanks[0] == blanks[1]
    assert CHINESE.search(text.zh)


@pytest.mark.parametrize(
    "text",
    [text for text in (*WRONGS, *FIXES) if not any(part in text.en for part in COMPOSED)],
    ids=lambda text: text.en,
)
def test_every_sentence_is_one_that_the_package_says(text: Text) -> None:
    root = Path(__file__).parents[2] / "csi"
    files = [path for path in root.rglob("*.py") if path.name != "fault_words.py"]
    source = "".join(path.read_text("utf-8") for path in files)
    joined = re.sub(r"\"\s+f?\"", "", source)
    fixed = [part for part in re.split(r"\{\w+\}", text.en) if len(part) > 5]
    assert all(part in joined for part in fixed), text.en


def test_what_is_not_known_stays_english() -> None:
    fault = Fault("nowhere", "it is odd", "look again")
    assert sentence(fault, "zh") == "nowhere：it is odd；look again"
    assert sentence(fault, "en") == "nowhere: it is odd; look again"
    assert sentence("plain words", "zh") == "plain words"
    assert counted(3, "survey", "en") == "3 faults in the survey:"


def test_the_command_speaks_the_language_it_was_asked_for(csi: Run, tmp_path: Path) -> None:
    done = csi("index", "mobil", "--lang", "zh")
    assert done.exit_code == 2
    assert done.stderr.strip() == "调查 mobil：没有该文件；是否为 'mobile'？"
    english = csi("index", "mobil")
    assert english.stderr.strip().startswith("survey mobil: there is no such file; did you mean")
    several = csi("index", "mobile", "--by", "yaer", "--group", "compny", "--lang", "zh")
    assert several.stderr.splitlines()[0] == "选项有 2 处错误："
    assert "选项 by yaer：不是编码本中的变量；是否为 'year'？" in several.stderr
    ranked = csi("index", "mobile", "--group", "none", "--ranks", "--draws", "100", "--lang", "zh")
    assert "没有可排名的分组；请用 --group 指定分组变量" in ranked.stderr
    lone = tmp_path / "answers.csv"
    lone.write_text("a,b\\n1,2\\n")
    assert "中没有 codebook.toml" in csi("index", lone, "--lang", "zh").stderr
    broken = tmp_path / "m.toml"
    broken.write_text(
        'name = "m"\nindex = "B"\n[[construct]]\nname = "A"\nitems = ["IMAG1"]\nkind = "single"\n'
    )
    wrong = csi("index", "mobile", "--model", broken, "--lang", "zh")
    assert "没有潜变量 'B'" in wrong.stderr
    assert "没有与之相连的路径" in wrong.stderr
