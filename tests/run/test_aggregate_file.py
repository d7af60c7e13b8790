"""Tables of weights from files: the same value from each kind, and faults with their rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from csi.errors import IndexFigureError, SurveyError
from csi.run.aggregate_file import read_hierarchy

TEXT = """name,parent,weight,year,kind,weight_se,index,se
Nation,,,,,,,
Cars,Nation,3,,industry,,,
Post,Nation,1,,,,61.5,0.8
Alpha,Cars,0.35,2024,company,0.01,,
All others,Cars,rest,2024,,,,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "weights.csv"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_table_is_read(file: Path) -> None:
    table = read_hierarchy(file)
    assert table.source == "weights.csv"
    assert table.order == ("Nation", "Cars", "Alpha", "All others", "Post")
    post = table.members[2]
    assert (post.index, post.se, post.place, post.year) == (61.5, 0.8, "line 4", "")
    cars = table.siblings("Cars", "2024")
    assert cars is not None
    assert cars.weights.tolist() == [0.35, 0.65]
    assert cars.rows[0].weight_se == 0.01
    assert cars.rows[0].kind == "company"
    assert table.notes == ()


def test_all_kinds_of_files_say_the_same(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    frame = pd.read_csv(file)
    frame.to_excel(tmp_path / "weights.xlsx", index=False)
    frame.to_parquet(tmp_path / "weights.parquet")
    first = read_hierarchy(file)

    def seen(table: object) -> list[str]:
        members = table.members  # type: ignore[attr-defined]
        return [repr((m.name, m.parent, m.weight, m.rest, m.year, m.index, m.se, m.weight_se,
                      m.kind)) for m in members]  # fmt: skip

    for other in (tmp_path / "weights.xlsx", tmp_path / "weights.parquet", frame):
        assert seen(read_hierarchy(other)) == seen(first)


def test_chinese_names_in_a_file_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "权重.csv"
    path.write_bytes(
        "name,parent,weight\n手机,,\n华星,手机,60\n其他品牌,手机,40\n".encode("gb18030")
    )
    table = read_hierarchy(path)
    assert table.leaves == ("华星", "其他品牌")


def test_all_faults_at_once_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "weights.csv"
    path.write_text(
        'name;parent;weight\nTop;;\nA;Top;"1,200"\nB;Top;30%\nC;Top;-2\nD;Tpo;1\nE;Top;\n', "utf-8"
    )
    with pytest.raises(IndexFigureError) as caught:
        read_hierarchy(path)
    told = {fault.where: fault.what for fault in caught.value.faults}
    assert told == {
        "line 3, A": "weight '1,200' is not a number",
        "line 4, B": "weight '30%' is not a number",
        "line 5, C": "its weight is -2",
        "line 6, D": "its parent 'Tpo' has no row",
        "line 7, E": "it has no weight",
    }


def test_columns_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "weights.csv"
    path.write_text("name,parnet,weight,wieght_se\nTop,,,\n", "utf-8")
    with pytest.raises(IndexFigureError) as caught:
        read_hierarchy(path)
    told = str(caught.value)
    assert "there is no column 'parent'; add it; did you mean 'parnet'?" in told
    assert "column 'wieght_se': it is not known; did you mean 'weight_se'?" in told
    path.write_text("name,parent,weight,source\nTop,,,\nA,Top,1,office\n", "utf-8")
    table = read_hierarchy(path)
    assert table.notes == ("Columns of weights.csv that are not used: source.",)


def test_there_is_no_such_file(tmp_path: Path) -> None:
    (tmp_path / "weights.csv").write_text(TEXT, "utf-8")
    with pytest.raises(SurveyError, match=r"did you mean 'weights\.csv'"):
        read_hierarchy(tmp_path / "weight.csv")


def test_a_table_that_puts_nothing_together(tmp_path: Path) -> None:
    (tmp_path / "weights.csv").write_text("name,parent,weight\nA,,1\nB,,2\n", "utf-8")
    with pytest.raises(IndexFigureError, match="no member has a parent"):
        read_hierarchy(tmp_path / "weights.csv")
