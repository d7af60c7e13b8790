"""Codebooks on disk: what is written reads back equal; every fault is told at once."""

import copy
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csi.errors import CodebookError
from csi.survey import (
    MEANINGS,
    READY,
    Codebook,
    Item,
    Key,
    Routing,
    Text,
    codebook_from_text,
    codebook_to_text,
    read_codebook,
    write_codebook,
)
from csi.survey.cells import code_of, plain
from tests.survey.helpers import small_codebook

WORDS = st.text(max_size=12)
NAMES = st.text(min_size=1, max_size=8).filter(lambda name: bool(name.strip()))
TEXTS = st.builds(Text, WORDS, WORDS)
CODES = st.dictionaries(
    st.text(min_size=1, max_size=4).filter(lambda code: bool(code.strip()) and bool(plain(code))),
    st.sampled_from(MEANINGS),
    max_size=3,
)


def sound(codes: dict[str, str]) -> dict[str, str]:
    """Keep codes that are different codes and lie on no scale of these tests."""
    different = {code_of(code): code for code in codes if not code_of(code)[-1:].isdigit()}
    return {code: codes[code] for code in different.values()}


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    names = draw(st.lists(NAMES, min_size=3, max_size=6, unique=True))
    items = []
    for name in names[:-2]:
        low = draw(st.floats(-1e6, 1e6, allow_nan=False))
        high = low + draw(st.sampled_from([0.5, 1.0, 4.0, 9.0, 1e7]))
        answers = draw(st.sampled_from([{}, *READY.values()]))
        if answers:
            low, high = min(answers.values()), max(answers.values())
        items.append(
            Item(
                name=name,
                column=name,
                low=low,
                high=high,
                label=draw(TEXTS),
                wording=draw(TEXTS),
                low_label=draw(TEXTS),
                high_label=draw(TEXTS),
                reversed=draw(st.booleans()),
                missing={
                    code: why
                    for code, why in sound(draw(CODES)).items()
                    if code_of(code) not in {code_of(word) for word in answers}
                },
                answers=answers,
                asked_if=Routing(items[0].name, items[0].low, items[0].high)
                if items and draw(st.booleans())
                else None,
            )
        )
    key = Key(
        name=names[-1],
        column=draw(NAMES),
        label=draw(TEXTS),
        values={"1": draw(TEXTS), "B": draw(TEXTS)},
        missing={"99": "refused"} if draw(st.booleans()) else {},
    )
    time = Key(name=names[-2], column=draw(NAMES)) if draw(st.booleans()) else None
    return Codebook(
        title=draw(TEXTS),
        items=tuple(items),
        time=time,
        groups=(key,),
        population=draw(TEXTS),
        source=draw(TEXTS),
        weight="\u0001 weight" if draw(st.booleans()) else None,
        encoding=draw(st.sampled_from([None, "gb18030"])),
        respondent=("\u0002a", "\u0002b") if draw(st.booleans()) else (),
    )


@given(codebooks())
def test_written_codebooks_read_back_equal(codebook: Codebook) -> None:
    assert codebook_from_text(codebook_to_text(codebook)) == codebook


@given(codebooks())
def test_codebooks_can_be_copied_and_sent_to_other_processes(codebook: Codebook) -> None:
    assert pickle.loads(pickle.dumps(codebook)) == codebook
    assert copy.deepcopy(codebook) == codebook


def test_own_answer_maps_get_a_name_once() -> None:
    points = {"好": 3.0, "中": 2.0, "差": 1.0}
    items = tuple(Item(name=n, column=n, low=1, high=3, answers=points) for n in "ab")
    text = codebook_to_text(Codebook(title=Text("t"), items=items))
    assert text.count("好") == 1
    assert codebook_from_text(text).item("b").answers == points


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "codebook.toml"
    write_codebook(small_codebook(), path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_codebook(path) == small_codebook()


def test_items_replace_the_default_codes() -> None:
    book = codebook_from_text(
        """
        [defaults]
        low = 1
        high = 10
        low_label = "bad"
        missing = { dont_know = [98], refused = ["99"] }
        [answers]
        yesno = { yes = 1, no = 2 }
        [[items]]
        name = "Q1"
        [[items]]
        name = "Q2"
        missing = { not_applicable = ["0"] }
        low_label = ""
        [[items]]
        name = "Q3"
        low = 0
        high = 100
        missing = {}
        [[items]]
        name = "Q4"
        high = 2
        answers = "yesno"
        asked_if = { item = "Q1", low = 1, high = 5 }
        [[items]]
        name = "Q5"
        high = 5
        answers = "satisfaction5_zh"
        """
    )
    assert book.item("Q1").missing == {"98": "dont_know", "99": "refused"}
    assert book.item("Q2").missing == {"0": "not_applicable"}
    assert (book.item("Q1").low_label, book.item("Q2").low_label) == (Text("bad"), Text())
    assert book.item("Q3").missing == {}
    assert book.item("Q4").answers == {"yes": 1, "no": 2}
    assert book.item("Q4").asked_if == Routing("Q1", 1, 5)
    assert book.item("Q5").answers["很满意"] == 5


FAULTY = """
titel = "x"
respondent = 3.5
[defaults]
low = "1"
missing = { dontknow = ["98"] }
[time]
colum = "year"
[design]
weigth = "w"
unweighted = [2011]
[[items]]
label = 3
high = 5
[[items]]
name = "Q2"
low = 1
high = 5
answers = "satisfaction5_cn"
reversed = "no"
asked_if = { item = "Q1" }
missing = { dont_know = ["98"], refused = ["98"] }
"""


def test_all_faults_of_the_text_at_once() -> None:
    with pytest.raises(CodebookError) as caught:
        codebook_from_text(FAULTY, source="my.toml")
    told = [str(fault) for fault in caught.value.faults]
    expected = [
        "my.toml, titel: unknown entry; did you mean 'title'?",
        "my.toml, defaults, low: '1' is not a number",
        "my.toml, defaults, missing, dontknow: unknown entry; did you mean 'dont_know'?",
        "my.toml, time, colum: unknown entry; did you mean 'column'?",
        "my.toml, design, weigth: unknown entry; did you mean 'weight'?",
        "my.toml, items 1 (no name): it has no name",
        "my.toml, items 1 (no name), low: the end of the scale is not given",
        "my.toml, items 1 (no name), label: 3 is not a wording",
        "my.toml, items 2 (Q2), answers: there is no answer map 'satisfaction5_cn'; did you mean",
        "my.toml, items 2 (Q2), reversed: 'no' is neither true nor false",
        "my.toml, items 2 (Q2), asked_if: it is not complete",
        "my.toml, items 2 (Q2), missing, refused: the code '98' has two meanings",
        "my.toml, respondent: 3.5 is not a list of texts",
    ]
    for words in expected:
        assert any(line.startswith(words) for line in told), words
    assert len(told) == len(expected)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"items": ()}, "there is no item"),
        ({"items": (Item(name="a", column="a", low=5, high=1),)}, "from 5 to 1"),
        ({"items": (Item(name="a", column="a", low=1, high=float("inf")),)}, "not a number"),
        (
            {"items": (Item(name="a", column="a", low=0, high=100, missing={"98": "refused"}),)},
            "the missing code '98' lies on the scale 0 to 100",
        ),
        (
            {"items": (Item(name="a", column="a", low=1, high=5, answers={"top": 6}),)},
            "'top' stands for 6",
        ),
        (
            {"items": (Item(name="a", column="a", low=1, high=5, asked_if=Routing("b", 1, 2)),)},
            "there is no item 'b'",
        ),
        (
            {"items": (Item(name="a", column="a", low=1, high=5, missing={"9": "unknwon"}),)},  # type: ignore[dict-item]
            "'unknwon' is not a known meaning",
        ),
        (
            {
                "items": (
                    Item(
                        name="a",
                        column="a",
                        low=1,
                        high=5,
                        missing={"9": "refused", "9.0": "dont_know"},
                    ),
                )
            },
            "missing code '9.0' is the same as '9'",
        ),
        (
            {
                "items": (
                    Item(name="a", column="x", low=1, high=5),
                    Item(name="b", column="x", low=1, high=5),
                )
            },
            "two items read the same column",
        ),
        ({"weight": None, "unweighted": ("2011",)}, "no weight column is named"),
        ({"weight": "q1"}, "it is an item and part of the design"),
    ],
)
def test_contradictions(changes: dict[str, object], told: str) -> None:
    with pytest.raises(CodebookError, match=r"fault|;") as caught:
        small_codebook(**changes)
    assert told in str(caught.value)


def test_contradictions_name_the_file() -> None:
    with pytest.raises(CodebookError, match=r"c\.toml, item 'a'"):
        codebook_from_text("items = [{ name = 'a', low = 2, high = 1 }]", source="c.toml")


def test_not_toml_not_text_not_there(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    with pytest.raises(CodebookError, match="give the path of a codebook"):
        read_codebook(path)
    path.write_text("title = \n")
    with pytest.raises(CodebookError, match="line 1"):
        read_codebook(path)
    path.write_bytes("title = '满意'".encode("gb18030"))
    with pytest.raises(CodebookError, match="UTF-8"):
        read_codebook(path)


def test_mappings_are_locked() -> None:
    item = Item(name="a", column="a", low=1, high=5, missing={"9": "refused"})
    with pytest.raises(TypeError):
        item.missing["8"] = "refused"  # type: ignore[index]
