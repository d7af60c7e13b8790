"""Every fault of a survey file is told with its place and a remedy, all of them at once."""

import re
from pathlib import Path

import pytest

from csi.errors import SurveyError
from csi.survey import Item, Key, Text, check_survey, read_survey
from csi.survey.replicate_form import ReplicateForm
from csi.survey.survey import Survey
from tests.survey.helpers import GOOD, HEAD, small_codebook, written


def told(folder: Path, text: str, **changes: object) -> list[str]:
    """Return the faults of a file as lines; the error carries the same."""
    path = written(folder, text)
    faults, survey = check_survey(path, small_codebook(**changes))
    assert survey is None
    with pytest.raises(SurveyError) as caught:
        read_survey(path, small_codebook(**changes))
    assert list(caught.value.faults) == faults
    assert all(fault.where and fault.what and fault.fix for fault in faults)
    return [str(fault) for fault in faults]


def test_the_good_file_is_good(tmp_path: Path) -> None:
    faults, survey = check_survey(written(tmp_path, GOOD), small_codebook())
    assert faults == []
    assert isinstance(survey, Survey)
    assert survey.keys["year"].tolist() == ["2020", "2020", "2021", "2021"]
    assert survey.respondents.tolist() == ["1", "2", "3", "4"]
    assert survey.design.weights.tolist() == [1.5, 0.5, 1, 2]


def one(old: str, new: str) -> str:
    """Change one place of the good file."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


CASES = {
    "missing column": (
        one("weight,q1", "weigth,q1"),
        "survey.csv, column 'weight': the file has no such column (weight of the codebook); "
        "did you mean 'weigth'?",
    ),
    "missing item column": (
        one("q1,q2", "q1,qu2"),
        "survey.csv, column 'q2': the file has no such column (item 'Q2' of the codebook); "
        "did you mean 'qu2'?",
    ),
    "outside the scale": (
        one("1.5,1,10,3", "1.5,1,11,3").replace("0.5,5,9", "0.5,0,9"),
        "survey.csv, column 'q2': answers outside the scale 1 to 10: line 2: '11' (1 row); "
        "correct them, or declare such codes under missing in the codebook",
    ),
    "text in a numeric item": (
        one("1,3,8,98", "1,three,8,98"),
        "survey.csv, column 'q1': text in a numeric item: line 4: 'three' (1 row); give 'three' "
        "a point under answers or a meaning under missing in the codebook",
    ),
    "constant item": (
        HEAD + "2020,1,A,1,7,1,2\n2020,2,B,1,7,3,4\n2021,3,B,1,,3,5\n",
        "survey.csv, column 'q1': item 'Q1' is constant: every answer is 7; take the item out",
    ),
    "all missing": (
        HEAD + "2020,1,A,1,,1,2\n2020,2,B,1,98,3,4\n",
        "survey.csv, column 'q1': nobody answered item 'Q1'; check its column and missing codes",
    ),
    "duplicate respondent": (
        one("2021,4,B", "2021,1,B"),
        "survey.csv, id: respondents appear more than once: '1' in line 2 and line 5 (1 repeated)"
        "; remove the repeated interviews",
    ),
    "respondent without name": (
        one("2021,4,B", "2021,,B"),
        "survey.csv, column 'id': the respondent has no name: line 5: '' (1 row); fill it in",
    ),
    "negative weight": (
        one("A,1.5", "A,-1.5"),
        "survey.csv, column 'weight': the weight is negative: line 2: '-1.5' (1 row); "
        "weights must be zero or above",
    ),
    "missing weight": (
        one("A,1.5", "A,"),
        "survey.csv, column 'weight': the weight is missing: line 2: '' (1 row); "
        "give every respondent one; periods without weights are listed",
    ),
    "weight in words": (
        one("A,1.5", "A,heavy"),
        "survey.csv, column 'weight': the weight is not a number: line 2: 'heavy' (1 row)",
    ),
    "all weights zero": (
        HEAD + "2020,1,A,0,1,1,2\n2020,2,B,0,2,3,4\n",
        "survey.csv, column 'weight': every weight is zero",
    ),
    "a period with zero weights": (
        HEAD + "2020,1,A,0,1,1,2\n2020,2,B,0,2,3,4\n2021,3,B,1,3,3,4\n",
        "survey.csv, column 'weight': every weight of 2020 is zero",
    ),
    "unknown group": (
        one("2021,3,A", "2021,3,AA"),
        "survey.csv, column 'company': unknown value of company: line 4: 'AA' (1 row); "
        "did you mean 'A'?",
    ),
    "missing time": (
        one("2021,3,A", ",3,A"),
        "survey.csv, column 'year': the year is missing: line 4: '' (1 row); every respondent",
    ),
    "no data rows": (HEAD, "survey.csv: the file is empty: no data rows"),
    "empty file": ("", "survey.csv: the file is empty"),
    "blank file": ("\n\n", "survey.csv: the file is empty"),
    "uneven lines": (
        one("2021,3,A,1,3,8,98", "2021,3,A,1,3,8"),
        "survey.csv: lines without the 7 cells of the head: 1 (line 4 has 6)",
    ),
    "open quotation mark": (
        one("2021,3,A", '2021,3,"A'),
        "survey.csv, line 4: the line cannot be cut into cells",
    ),
    "a head twice": (one("q1,q2,q3", "q1,q1,q3"), "column 'q1': the head names it twice"),
    "nobody answered": (
        HEAD + "2020,1,A,1,,,\n2020,2,B,1,98,98,98\n",
        "survey.csv: nobody answered any item",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_with_place_and_remedy(tmp_path: Path, case: str) -> None:
    text, words = CASES[case]
    lines = told(tmp_path, text)
    assert any(line.startswith(words) for line in lines), lines


@pytest.mark.parametrize("name", ["stratum", "cluster"])
def test_missing_stratum_and_cluster(tmp_path: Path, name: str) -> None:
    text = HEAD.replace("id,", "id,unit,") + "2020,1,,A,1,1,1,2\n2020,2,u,B,1,2,3,4\n"
    assert told(tmp_path, text, **{name: "unit"}) == [
        f"survey.csv, column 'unit': the {name} is missing: line 2: '' (1 row); give every "
        f"respondent one, or take {name} out of the codebook"
    ]


def test_replicate_weights(tmp_path: Path) -> None:
    text = HEAD.replace("id,", "id,r1,r2,") + "2020,1,1,-2,A,1,1,1,2\n2020,2,,1,B,1,2,3,4\n"
    assert [
        line.split(":")[1]
        for line in told(
            tmp_path,
            text,
            replicate_weights=("r1", "r2"),
            replicates=ReplicateForm(kind="brr"),
        )
    ] == [
        " the replicate weight is missing",
        " the replicate weight is negative",
    ]


def test_weight_in_an_unweighted_period(tmp_path: Path) -> None:
    lines = told(tmp_path, GOOD, unweighted=("2021",))
    assert lines == [
        "survey.csv, column 'weight': weights in a period declared unweighted: line 4: '1', "
        "line 5: '2' (2 rows); take the period out of design.unweighted, or remove its weights"
    ]


def test_only_the_first_three_rows_are_shown(tmp_path: Path) -> None:
    rows = "".join(f"2020,{k},A,1,{k % 9 + 1},{k % 7 + 1},{11 + k}\n" for k in range(8))
    (line,) = told(tmp_path, HEAD + rows + "2020,9,A,1,1,1,1\n")
    assert "line 2: '11', line 3: '12', line 4: '13' (8 rows)" in line


def test_all_faults_at_once(tmp_path: Path) -> None:
    text = HEAD.replace("company", "compny") + "2020,1,A,-1,11,1,x\n,1,A,,5,1,5\n2021,3,A,1,6,1,7\n"
    lines = told(tmp_path, text, cluster="psu")
    patterns = [
        r"column 'company': the file has no such column .*did you mean 'compny'",
        r"column 'psu': the file has no such column",
        r"column 'q1': answers outside the scale",
        r"column 'q3': text in a numeric item: line 2: 'x'",
        r"column 'q2': item 'Q2' is constant",
        r"column 'year': the year is missing: line 3",
        r"id: respondents appear more than once",
        r"column 'weight': the weight is negative: line 2",
        r"column 'weight': the weight is missing: line 3",
    ]
    assert len(lines) == len(patterns)
    for pattern in patterns:
        assert any(re.search(pattern, line) for line in lines), pattern


def test_words_that_are_no_answer_are_told_apart(tmp_path: Path) -> None:
    items = (
        Item(name="Q", column="q", low=1, high=5, answers={"满意": 4.0, "不满意": 1.0}),
        Item(name="R", column="r", low=1, high=5),
    )
    text = "q,r\n满意,1\n不满意,2\n还行,3\n还行,4\n"
    plain = {"time": None, "groups": (), "respondent": (), "weight": None}
    (line,) = told(tmp_path, text, items=items, **plain)
    assert "words that are no answer: line 4: '还行', line 5: '还行' (2 rows); give '还行'" in line


def test_an_unknown_period(tmp_path: Path) -> None:
    time = Key(name="year", column="year", values={"2020": Text(), "2022": Text()})
    (first, *_) = told(tmp_path, GOOD, time=time)
    assert "unknown value of year: line 4: '2021', line 5: '2021' (2 rows)" in first
