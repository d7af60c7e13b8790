"""Any table of answers, written in any format and read back, is the same survey."""

import csv
import hashlib
import io
import math
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from csi.errors import OptionError, SurveyError
from csi.survey import READY, Codebook, Item, Key, Survey, Text, read_survey
from tests.survey.helpers import GOOD, same_survey, small_codebook, written

COMPANIES = ("移动公司", "联通公司", "电信公司")
CODEBOOK = Codebook(
    title=Text("Readers", "读取测试"),
    items=(
        Item(
            name="SAT",
            column="满意度",
            low=1,
            high=10,
            missing={"98": "dont_know", "不知道": "dont_know"},
        ),
        Item(name="EXP", column="期望", low=0, high=100, reversed=True),
        Item(name="REC", column="推荐", low=1, high=5, missing={"9": "refused"}),
    ),
    time=Key(name="year", column="年份"),
    groups=(Key(name="company", column="公司", values=dict.fromkeys(COMPANIES, Text())),),
    weight="权重",
    stratum="层",
)
COLUMNS = ("年份", "公司", "层", "权重", "满意度", "期望", "推荐")

row = st.tuples(
    st.sampled_from([2019, 2020, 2021]),
    st.sampled_from(COMPANIES),
    st.integers(1, 3),
    st.sampled_from([0.25, 1.0, 2.5]),
    st.one_of(st.none(), st.integers(1, 10), st.just(98)),
    st.one_of(st.none(), st.floats(0, 100).map(lambda x: round(x, 2) + 0.0)),
    st.one_of(st.none(), st.sampled_from([1, 2, 3, 4, 5, 9])),
)
tables = st.lists(row, min_size=3, max_size=12)


def varied(rows: list[tuple[object, ...]]) -> bool:
    """Every item has two different answers, so that no item is constant."""
    points = (
        [r[4] for r in rows if r[4] != 98],
        [r[5] for r in rows],
        [r[6] for r in rows if r[6] != 9],
    )
    return all(len({p for p in column if p is not None}) > 1 for column in points)


def expected(rows: list[tuple[object, ...]]) -> np.ndarray:
    """Answers by the definition: codes and blanks are NaN, EXP is turned round."""
    nan = math.nan
    made = [
        (
            nan if r[4] in (None, 98) else r[4],
            nan if r[5] is None else 100.0 - r[5],  # type: ignore[operator]
            nan if r[6] in (None, 9) else r[6],
        )
        for r in rows
    ]
    array = np.array(made, dtype=float)
    return array[~np.isnan(array).all(axis=1)]


def csv_text(rows: list[tuple[object, ...]], delimiter: str, newline: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(COLUMNS)
    writer.writerows(["" if cell is None else cell for cell in r] for r in rows)
    return text.getvalue()


def frame_of(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))


@given(tables, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=60)
def test_text_files_of_any_encoding_and_delimiter(
    rows: list[tuple[object, ...]], delimiter: str, newline: str
) -> None:
    assume(varied(rows))
    text = csv_text(rows, delimiter, newline)
    reference = read_survey(frame_of(rows), CODEBOOK)
    np.testing.assert_array_equal(reference.answers, expected(rows))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.csv"
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"):
            path.write_bytes(text.encode(encoding))
            same_survey(read_survey(path, CODEBOOK), reference)
            same_survey(read_survey(path, CODEBOOK, encoding=encoding), reference)


@given(tables)
@settings(max_examples=25)
def test_binary_files_and_frames(rows: list[tuple[object, ...]]) -> None:
    assume(varied(rows))
    frame = frame_of(rows)
    reference = read_survey(frame, CODEBOOK)
    np.testing.assert_array_equal(reference.answers, expected(rows))
    polars = pl.DataFrame(rows, schema=list(COLUMNS), orient="row")
    from_polars = read_survey(polars, CODEBOOK)
    same_survey(from_polars, reference)
    assert from_polars.sha256 == reference.sha256
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame.to_excel(folder / "a.xlsx", index=False)
        frame.to_parquet(folder / "a.parquet")
        polars.write_parquet(folder / "b.parquet")
        ascii_names = {column: f"c{place}" for place, column in enumerate(COLUMNS)}
        numbers = frame.rename(columns=ascii_names).astype(
            {f"c{place}": float for place in (0, 2, 3, 4, 5, 6)}
        )
        pyreadstat.write_sav(frame, str(folder / "a.sav"))
        pyreadstat.write_dta(numbers, str(folder / "a.dta"))
        for file in ("a.xlsx", "a.parquet", "b.parquet", "a.sav"):
            same_survey(read_survey(folder / file, CODEBOOK), reference)
        same_survey(read_survey(folder / "a.dta", renamed(ascii_names)), reference)


def renamed(names: dict[str, str]) -> Codebook:
    """Return the codebook for a file whose columns have other names."""
    return replace(
        CODEBOOK,
        items=tuple(replace(item, column=names[item.column]) for item in CODEBOOK.items),
        time=replace(CODEBOOK.time, column=names["年份"]),  # type: ignore[type-var]
        groups=tuple(replace(key, column=names[key.column]) for key in CODEBOOK.groups),
        weight=names["权重"],
        stratum=names["层"],
    )


TRADITIONAL = (
    "年份,公司,滿意度,推薦意願\n2020,中華電信,很滿意,5\n"
    "2021,遠傳電信,不太滿意,3\n2021,台灣大哥大,滿意,4\n"
)


def traditional_codebook() -> Codebook:
    return Codebook(
        title=Text(zh="繁体"),
        items=(
            Item(name="A", column="滿意度", low=1, high=5, answers=READY["satisfaction5_zh_hant"]),
            Item(name="B", column="推薦意願", low=1, high=5),
        ),
        time=Key(name="year", column="年份"),
        groups=(Key(name="company", column="公司"),),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "cp950", "gb18030", "utf-16"])
def test_traditional_chinese(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "survey.csv"
    path.write_bytes(TRADITIONAL.encode(encoding))
    survey = read_survey(path, traditional_codebook())
    assert survey.answers.tolist() == [[5, 5], [2, 3], [4, 4]]
    assert survey.keys["company"].tolist() == ["中華電信", "遠傳電信", "台灣大哥大"]


@pytest.mark.parametrize(("encoding", "name"), [("gb18030", "GB18030"), ("big5", "Big5")])
def test_chinese_text_under_english_heads_is_told_by_its_characters(
    tmp_path: Path, encoding: str, name: str
) -> None:
    towns = [
        "上海的客戶" if encoding == "big5" else "上海的客户",
        "北京",
        "重慶" if encoding == "big5" else "重庆",
    ]
    text = "q1,q2,town\n" + "".join(f"{k + 1},{k + 3},{town}\n" for k, town in enumerate(towns * 3))
    path = tmp_path / "survey.csv"
    path.write_bytes(text.encode(encoding))
    codebook = Codebook(
        title=Text("t"),
        items=tuple(Item(name=q, column=q, low=1, high=20) for q in ("q1", "q2")),
        groups=(Key(name="town", column="town"),),
    )
    survey = read_survey(path, codebook)
    assert set(survey.keys["town"]) == set(towns)
    assert survey.notes == (f"survey.csv was read as {name}, told from its text",)


def test_an_encoding_nothing_tells_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_bytes("q1,q2,name\n1,2,Café\n3,4,Zoë\n".encode("cp1252"))
    codebook = small_codebook(
        items=tuple(Item(name=q, column=q, low=1, high=10) for q in ("q1", "q2")),
        time=None,
        groups=(),
        respondent=(),
        weight=None,
    )
    with pytest.raises(SurveyError, match=r"survey\.csv: its encoding cannot be told.*give it"):
        read_survey(path, codebook)
    assert read_survey(path, codebook, encoding="cp1252").answers.tolist() == [[1, 2], [3, 4]]
    with pytest.raises(SurveyError, match="line 2 is not text in utf-8"):
        read_survey(path, codebook, encoding="utf-8")
    with pytest.raises(SurveyError, match="there is no encoding 'utf-99'"):
        read_survey(path, codebook, encoding="utf-99")


def test_the_ways_to_write_a_number(tmp_path: Path) -> None:
    cells = ["01", "5.0", "８", " 8 ", "+3", "１０", "7.5", "9８", "98.0", "ＤＫ", "dk"]
    codebook = small_codebook(
        items=(
            Item(
                name="Q", column="q", low=1, high=10, missing={"98": "refused", "DK": "dont_know"}
            ),
            Item(name="R", column="r", low=1, high=99),
        ),
        time=None,
        groups=(),
        respondent=(),
        weight=None,
    )
    text = "q,r\n" + "".join(f"{cell},{k + 1}\n" for k, cell in enumerate(cells))
    survey = read_survey(written(tmp_path, text), codebook)
    nan = math.nan
    np.testing.assert_array_equal(
        survey.answers[:, 0], [1, 5, 8, 8, 3, 10, 7.5, nan, nan, nan, nan]
    )
    assert dict(zip(survey.missing["meaning"], survey.missing["count"], strict=True)) == {
        "dont_know": 2,
        "refused": 2,
    }


def test_quoted_cells_and_line_numbers(tmp_path: Path) -> None:
    text = '\nq1,q2,"re\nmark"\n1,2,"a, ""b""\nc"\n\n3,40,x\n5,6,y\n'
    codebook = small_codebook(
        items=tuple(Item(name=q, column=q, low=1, high=10) for q in ("q1", "q2")),
        time=None,
        groups=(),
        respondent=(),
        weight=None,
    )
    with pytest.raises(SurveyError, match=r"line 7: '40' \(1 row\)"):
        read_survey(written(tmp_path, text), codebook)


def test_excel_separator_line(tmp_path: Path) -> None:
    path = written(tmp_path, "sep=;\n" + GOOD.replace(",", ";"))
    same_survey(
        read_survey(path, small_codebook()),
        read_survey(written(tmp_path, GOOD, "b.csv"), small_codebook()),
    )


def test_the_sheet_that_fits_is_read(tmp_path: Path) -> None:
    frame = pd.read_csv(io.StringIO(GOOD))
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"note": ["see the next sheet"]}).to_excel(
            book, sheet_name="About", index=False
        )
        frame.to_excel(book, sheet_name="Data", index=False, startrow=2)
    survey = read_survey(path, small_codebook())
    assert "sheet 'Data' of book.xlsx was read" in survey.notes
    same_survey(survey, read_survey(frame, small_codebook()))
    same_survey(read_survey(path, small_codebook(), sheet=1), survey)
    with pytest.raises(SurveyError, match=r"there is no sheet 'Dta'; did you mean 'Data'\?"):
        read_survey(path, small_codebook(), sheet="Dta")
    frame.loc[1, "q1"] = 11
    with pd.ExcelWriter(path) as book:
        frame.to_excel(book, index=False, startrow=2)
    with pytest.raises(SurveyError, match="row 5: '11'"):
        read_survey(path, small_codebook())


def test_spss_codes_are_read_not_labels(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q1": [1.0, 9.0, 5.0], "q2": [2.0, 3.0, 98.0]})
    path = tmp_path / "survey.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        variable_value_labels={"q1": {1.0: "bad", 9.0: "Refused"}},
        missing_ranges={"q1": [9], "q2": [{"lo": 97, "hi": 99}]},
    )
    items = (
        Item(name="q1", column="q1", low=1, high=5, missing={"9": "refused"}),
        Item(name="q2", column="q2", low=1, high=10, missing={"98": "dont_know"}),
    )
    plain = {"time": None, "groups": (), "respondent": (), "weight": None}
    survey = read_survey(path, small_codebook(items=items, **plain))
    np.testing.assert_array_equal(survey.answers, [[1, 2], [math.nan, 3], [5, math.nan]])
    wide = (Item(name="q1", column="q1", low=1, high=10), items[1])
    with pytest.raises(SurveyError, match="the file declares 9 as missing, the codebook takes it"):
        read_survey(path, small_codebook(items=wide, **plain))


def test_stata_extended_missing_values(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q1": pd.Series([1.0, "a", 5.0], dtype=object), "q2": [2.0, 3.0, 4.0]})
    path = tmp_path / "survey.dta"
    pyreadstat.write_dta(frame, str(path), missing_user_values={"q1": ["a"]})
    items = (
        Item(name="q1", column="q1", low=1, high=5, missing={".a": "refused"}),
        Item(name="q2", column="q2", low=1, high=10),
    )
    survey = read_survey(
        path, small_codebook(items=items, time=None, groups=(), respondent=(), weight=None)
    )
    assert survey.missing[["item", "meaning", "count"]].to_numpy().tolist() == [
        ["q1", "refused", 1]
    ]


@pytest.mark.parametrize("ending", ["sav", "dta", "xlsx", "parquet"])
def test_a_file_that_is_not_what_it_says(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"survey.{ending}"
    path.write_bytes(b"certainly something else")
    with pytest.raises(SurveyError, match=rf"survey\.{ending}: it cannot be read as .*; save it"):
        read_survey(path, small_codebook())


def test_no_file_wrong_kind_wrong_option(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    with pytest.raises(SurveyError, match=r"there is no such file; did you mean 'survey\.csv'\?"):
        read_survey(tmp_path / "survy.csv", small_codebook())
    (tmp_path / "survey.docx").write_bytes(b"x")
    with pytest.raises(SurveyError, match=r"files ending in '\.docx' are not known"):
        read_survey(tmp_path / "survey.docx", small_codebook())
    with pytest.raises(SurveyError, match="it is a folder"):
        read_survey(tmp_path, small_codebook())
    with pytest.raises(SurveyError, match="neither a file nor a data frame"):
        read_survey(7, small_codebook())
    with pytest.raises(OptionError, match="sheet: it does not apply to a text file"):
        read_survey(path, small_codebook(), sheet=1)


def test_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    survey: Survey = read_survey(path, small_codebook())
    assert survey.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    assert survey.source == "survey.csv"


def test_a_delimiter_is_one_character(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="delimiter: '::' is not one character"):
        read_survey(written(tmp_path, GOOD), small_codebook(), delimiter="::")
    other = written(tmp_path, GOOD.replace(",", "~"), "b.csv")
    same_survey(
        read_survey(other, small_codebook(), delimiter="~"),
        read_survey(written(tmp_path, GOOD), small_codebook()),
    )


def test_openpyxl_reads_what_calamine_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "survey.xlsx"
    pd.read_csv(io.StringIO(GOOD)).to_excel(path, index=False)
    with_calamine = read_survey(path, small_codebook())
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    same_survey(read_survey(path, small_codebook()), with_calamine)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(SurveyError, match=r"needs the package python-calamine; install csi with"):
        read_survey(path, small_codebook())
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    path.rename(tmp_path / "survey.sav")
    with pytest.raises(SurveyError, match="needs the package pyreadstat"):
        read_survey(tmp_path / "survey.sav", small_codebook())


def test_frames_with_categories_dates_and_a_lazy_one() -> None:
    frame = pd.read_csv(io.StringIO(GOOD))
    reference = read_survey(frame, small_codebook())
    frame["company"] = frame["company"].astype("category")
    frame["q2"] = frame["q2"].astype("Int64")
    same_survey(read_survey(frame, small_codebook()), reference)
    polars = pl.read_csv(io.StringIO(GOOD)).with_columns(pl.col("company").cast(pl.Categorical))
    same_survey(read_survey(polars, small_codebook()), reference)
    same_survey(read_survey(polars.to_arrow(), small_codebook()), reference)
    with pytest.raises(SurveyError, match="collect a lazy one first"):
        read_survey(polars.lazy(), small_codebook())
    frame["year"] = pd.to_datetime(frame["year"].astype(str) + "-03-01")
    assert read_survey(frame, small_codebook()).periods == ("2020-03-01", "2021-03-01")


def test_a_large_file_is_read_in_a_second_or_so(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    names = [f"q{k}" for k in range(30)]
    frame = pd.DataFrame(rng.integers(1, 11, size=(30_000, 30)), columns=names)
    frame.insert(0, "year", rng.integers(2010, 2019, 30_000))
    path = tmp_path / "large.csv"
    frame.to_csv(path, index=False)
    codebook = Codebook(
        title=Text("large"),
        items=tuple(Item(name=name, column=name, low=1, high=10) for name in names),
        time=Key(name="year", column="year"),
    )
    start = time.process_time()
    survey = read_survey(path, codebook)
    assert time.process_time() - start < 5  # 0.2 s of CPU on a quiet machine
    np.testing.assert_array_equal(survey.answers, frame.iloc[:, 1:].to_numpy(float))


def test_a_few_characters_do_not_tell_an_encoding(tmp_path: Path) -> None:
    """Two pairs of bytes may be words in GB18030 and in Big5: the reader asks."""
    codebook = small_codebook(
        items=tuple(Item(name=q, column=q, low=1, high=10) for q in ("q1", "q2")),
        time=None,
        groups=(Key(name="town", column="town"),),
        respondent=(),
        weight=None,
    )
    path = tmp_path / "survey.csv"
    path.write_bytes("q1,q2,town\n1,2,北京\n3,4,北京\n".encode("gb18030"))
    with pytest.raises(SurveyError, match="its encoding cannot be told"):
        read_survey(path, codebook)
    known = replace(codebook, groups=(Key(name="town", column="town", values={"北京": Text()}),))
    assert read_survey(path, known).keys["town"].tolist() == ["北京", "北京"]
    told = replace(codebook, encoding="gb18030")
    assert read_survey(path, told).keys["town"].tolist() == ["北京", "北京"]


def test_cells_that_are_no_cells() -> None:
    codebook = small_codebook(time=None, groups=(), respondent=(), weight=None)
    frame = pd.DataFrame({"q1": [1, [2]], "q2": [1, {"a": 1}], "q3": [1, 2]})
    with pytest.raises(SurveyError, match=r"text in a numeric item: row 2: '\[2\]'"):
        read_survey(frame, codebook)
