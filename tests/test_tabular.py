"""Tables: the views round, the value does not; Chinese stands in line."""

import math

import pandas as pd
import pytest

from csi.tabular import Table, width_of

TABLE = Table(
    "指数", ("year", "品牌", "index", "n"), (("2017", "甲", 72.6114, 250), ("2018", "B", 9.0, 30))
)


def test_chinese_characters_take_two_columns() -> None:
    lines = str(TABLE).splitlines()
    assert lines[0] == "指数"
    assert lines[1:] == [
        "year  品牌   index    n",
        "2017  甲    72.611  250",
        "2018  B      9.000   30",
    ]
    assert len({width_of(line) for line in lines[1:]}) == 1


def test_combining_marks_take_no_column() -> None:
    assert width_of("e\u0301") == 1


def test_frame_keeps_full_precision() -> None:
    frame = TABLE.to_frame()
    assert frame["index"].tolist() == [72.6114, 9.0]
    assert Table.of("指数", frame) == TABLE


def test_missing_values_and_truth() -> None:
    table = Table("", ("a", "b", "c"), ((math.nan, None, True),))
    assert table.cells()[1] == ("", "", "yes")
    assert Table.of("", pd.DataFrame({"a": pd.array([1, None], dtype="Int64")})).rows == (
        (1,),
        (None,),
    )


def test_html_is_escaped_and_markdown_bars_too() -> None:
    table = Table("<t>", ("a|b",), (("<&>",), ("x|y",)))
    assert "&lt;t&gt;" in table._repr_html_()
    assert "&lt;&amp;&gt;" in table._repr_html_()
    assert table.to_markdown().splitlines() == ["| a\\|b |", "| --- |", "| <&> |", "| x\\|y |"]


def test_numbers_stand_right_in_markdown() -> None:
    assert TABLE.to_markdown().splitlines()[1] == "| --- | --- | ---: | ---: |"


def test_rows_must_fit_the_head() -> None:
    with pytest.raises(ValueError, match="row 1 has 1 cells and the head has 2"):
        Table("", ("a", "b"), (("1", "2"), ("1",)))


def test_an_empty_table_keeps_its_columns() -> None:
    table = Table("t", ("a", "b"), ())
    assert list(table.to_frame().columns) == ["a", "b"]
    assert str(table).splitlines() == ["t", "a  b"]
