"""Input nobody would write on purpose: each ends as a fault with a place, never as a traceback."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from csi.errors import CodebookError, SurveyError
from csi.survey import Item, Routing, codebook_from_text, read_survey
from tests.survey.helpers import GOOD, small_codebook, written


def told(folder: Path, text: str, **changes: object) -> str:
    """Return the message of a file that is refused."""
    with pytest.raises(SurveyError) as caught:
        read_survey(written(folder, text), small_codebook(**changes))
    return str(caught.value)


@pytest.mark.parametrize("cells", [[[1], [2]] * 2, [{"a": 1}, {"a": 2}] * 2])
def test_nested_parquet_cells(tmp_path: Path, cells: list[Any]) -> None:
    """A nested column is no obstacle; as an item it is text."""
    frame = pd.read_csv(written(tmp_path, GOOD))
    table = pa.Table.from_pandas(frame).append_column("extra", pa.array(cells))
    parquet.write_table(table, tmp_path / "a.parquet")
    assert len(read_survey(tmp_path / "a.parquet", small_codebook())) == 4
    table = pa.table({**table.drop(["q1"]).to_pydict(), "q1": pa.array(cells)})
    parquet.write_table(table, tmp_path / "b.parquet")
    with pytest.raises(SurveyError, match=r"b\.parquet, column 'q1': text in a numeric item: row"):
        read_survey(tmp_path / "b.parquet", small_codebook())


@pytest.mark.parametrize("weight", ["1e300", "1e-200", "1e-320"])
def test_weights_whose_square_is_no_number(tmp_path: Path, weight: str) -> None:
    """Their squares overflow or vanish, and the effective sample size with them."""
    words = told(tmp_path, GOOD.replace("1.5", weight))
    assert f"the weight is of no usable size: line 2: '{weight}'" in words


def test_expansion_weights_are_welcome(tmp_path: Path) -> None:
    text = GOOD.replace(",1.5,", ",1.5e9,").replace(",0.5,", ",2.5e-9,")
    survey = read_survey(written(tmp_path, text), small_codebook())
    np.testing.assert_array_equal(survey.design.weights, [1.5e9, 2.5e-9, 1, 2])


def test_a_long_cell_is_cut_in_the_message(tmp_path: Path) -> None:
    words = told(tmp_path, GOOD.replace(",1,10,3", f",{'x' * 5000},10,3"))
    assert "xxx...' (5000 characters)" in words
    assert len(words) < 400


def test_a_name_too_long_for_the_system() -> None:
    with pytest.raises(SurveyError, match="File name too long"):
        read_survey("a" * 5000 + ".csv", small_codebook())


def test_a_zero_byte_is_named_with_its_line(tmp_path: Path) -> None:
    for tail in ("", "\n"):  # both an odd and an even number of bytes
        words = told(tmp_path, GOOD.replace(",5,9,4", ",5\0,9,4") + tail)
        assert "survey.csv, line 3: it has a zero byte" in words


def test_utf16_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_bytes(GOOD.encode("utf-16-le"))
    assert len(read_survey(path, small_codebook())) == 4


def test_a_workbook_named_csv(tmp_path: Path) -> None:
    pd.DataFrame({"q1": [1]}).to_excel(tmp_path / "a.xlsx")
    path = (tmp_path / "a.xlsx").rename(tmp_path / "a.csv")
    with pytest.raises(SurveyError, match=r"it is not text but a workbook \(\.xlsx"):
        read_survey(path, small_codebook())


def test_an_encoding_that_is_no_name(tmp_path: Path) -> None:
    words = told(tmp_path, GOOD, encoding="utf\0-8")
    assert "there is no encoding 'utf\\x00-8'" in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"high = {'9' * 400}", "codebook, high: the number is too large"),
        (f"high = {'9' * 5000}", "codebook: it is not valid TOML"),
        ("high = " + "[" * 3000, "codebook: it is not valid TOML"),
    ],
)
def test_toml_beyond_all_measure(text: str, words: str) -> None:
    place = "codebook, high"
    head = "[defaults]\n" if place in words else ""
    with pytest.raises(CodebookError) as caught:
        codebook_from_text(f'{head}low = 1\n{text}\n[[items]]\nname = "q1"')
    assert words.replace(place, "codebook, defaults, high") in str(caught.value)


def items(**rules: Routing) -> tuple[Item, ...]:
    return tuple(
        Item(name=name, column=name, low=1, high=10, asked_if=rules.get(name))
        for name in ("q1", "q2", "q3")
    )


def test_items_that_wait_for_each_other() -> None:
    """Each circle is told once; a chain is none."""
    circle = items(q1=Routing("q3", 1, 5), q2=Routing("q1", 1, 5), q3=Routing("q2", 1, 5))
    with pytest.raises(CodebookError) as caught:
        small_codebook(items=circle)
    assert len(caught.value.faults) == 1
    assert "item 'q1', asked_if: the items wait for each other: q1 <- q3 <- q2 <- q1" in str(
        caught.value
    )
    small_codebook(items=items(q2=Routing("q1", 1, 5), q3=Routing("q2", 1, 5)))


def test_a_filter_that_nobody_passes() -> None:
    with pytest.raises(CodebookError, match=r"no answer to 'q1' \(1 to 10\) lies in 20 to 30"):
        small_codebook(items=items(q2=Routing("q1", 20, 30)))
    small_codebook(items=items(q2=Routing("q1", 10, 30)))


def test_one_column_in_two_spellings() -> None:
    """Columns are looked up with spaces and width tidied, so these two are one."""
    twice = (
        Item(name="a", column="q1", low=1, high=10),
        Item(name="b", column=" ｑ１", low=1, high=10),
    )
    with pytest.raises(CodebookError, match="column 'q1': two items read the same column"):
        small_codebook(items=twice)
    with pytest.raises(CodebookError, match="it is an item and part of the design"):
        small_codebook(weight=" q1")


def test_an_unweighted_period_that_is_not_there(tmp_path: Path) -> None:
    """A misspelt period is not passed over in silence."""
    text = GOOD.replace("2020,1,A,1.5", "2020,1,A,").replace("2020,2,B,0.5", "2020,2,B,")
    survey = read_survey(written(tmp_path, text), small_codebook(unweighted=("2020", "2002")))
    assert "nobody answered in 2002, which design.unweighted names" in survey.notes
    assert not any("2020," in note and "nobody" in note for note in survey.notes)
