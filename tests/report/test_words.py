"""Both languages say everything, and with the same blanks to fill in."""

import re
from pathlib import Path
from string import Formatter

import pytest

from csi.errors import OptionError
from csi.report.columns import COLUMNS
from csi.report.columns_more import MORE_COLUMNS
from csi.report.words import PHRASES, check_language, phrase

SAME_IN_BOTH = {"r2", "cell_reason", "members_of", "s_part", "s_alt"}
FEWER_BLANKS = {"chart_index"}
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("key", PHRASES)
def test_every_phrase_is_there_in_both_languages(key: str) -> None:
    text = PHRASES[key]
    assert text.en.strip()
    assert text.zh.strip()
    assert not CHINESE.search(text.en)
    assert CHINESE.search(text.zh) or key in SAME_IN_BOTH
    blanks = [{name for _, name, _, _ in Formatter().parse(t) if name} for t in (text.en, text.zh)]
    assert blanks[0] == blanks[1] or (key in FEWER_BLANKS and blanks[0] > blanks[1])


def test_every_phrase_is_used_and_every_used_phrase_is_there() -> None:
    folder = Path(__file__).parents[2] / "csi" / "report"
    sources = [
        p
        for p in (*folder.glob("*.py"), *folder.glob("*/*.html"))
        if p.name not in ("words.py", "more_words.py")
    ]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    made_up = {f"{start}{end}" for start, ends in FAMILIES.items() for end in ends}
    quoted = set(re.findall(r"""["']([a-zA-Z0-9_-]+)["']""", code))
    unused = [key for key in PHRASES if key not in quoted | made_up]
    assert unused == []
    said = set(re.findall(r'\bsay\(\s*"([a-z0-9_]+)"', code))
    assert said <= set(PHRASES)
    assert made_up <= set(PHRASES)


FAMILIES = {
    "w_": ("own", "pooled", "frozen", "equal"),
    "i_": ("percentile", "bias-corrected", "bca", "studentised", "normal"),
    "part_": ("performance", "weights", "items", "mix", "total"),
    "rb_": ("own", "frozen", "pooled", "chained", "equal"),
    "impact_": ("largest", "largest_all", "none", "none_all"),
    "missing_": ("complete", "pairwise", "em"),
    "draws_": ("not_converged", "degenerate", "inadmissible"),
    "": ("dont_know", "refused", "not_asked", "not_applicable", "no_answer", "rose", "untested"),
}


def test_columns_are_described_in_both_languages() -> None:
    for columns in (*COLUMNS.values(), *MORE_COLUMNS.values()):
        for column in columns.values():
            assert CHINESE.search(column.meaning.zh)
            assert CHINESE.search(column.unit.zh)
            assert column.meaning.en
            assert not CHINESE.search(column.meaning.en + column.unit.en)


def test_an_unknown_language_is_named_with_the_known_ones() -> None:
    with pytest.raises(OptionError, match=r"no words in 'zhh'.*'zh'.*en, zh"):
        check_language("zhh")


def test_a_blank_left_open_is_an_error() -> None:
    with pytest.raises(KeyError):
        phrase("suppression", "en")
