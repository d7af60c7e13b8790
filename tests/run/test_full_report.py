"""The full report: all tables that a survey allows, notes for others, the same bytes again."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csi.compare.aggregation import AggregateOptions, aggregate
from csi.errors import OptionError, ReportError, SurveyError
from csi.index import IndexOptions
from csi.report.note_words import in_words
from csi.run import RunPlan, comparisons, full_report, office, read_record, run_index, write_run
from csi.run.index import IndexRun

FAST = IndexOptions(draws=100, seed=3, min_n=10)
EVERYTHING = {"ranks", "leaders", "changes", "rebasing", "comparability", "verdicts", "impacts"}


@pytest.fixture(scope="module")
def full(small: Path) -> IndexRun:
    return run_index(RunPlan(small, options=FAST, report=True, formats=()))


def test_every_table_that_the_model_allows_is_there(full: IndexRun) -> None:
    """In this model no arrow leads to the index: there is no map, and the notes say so."""
    assert set(full.yearly.tables) >= EVERYTHING
    said = [note for note in full.yearly.notes if note.startswith("Not in this report")]
    assert said == [full_report.NO_CAUSES]
    assert "map" not in full.yearly.tables
    assert full.record["command"] == "csi report"


def test_it_is_the_same_as_each_table_asked_for(full: IndexRun, small: Path) -> None:
    plan = RunPlan(small, options=FAST, ranks=True, change_split=True)
    own = run_index(plan).yearly.tables
    for name in ("ranks", "changes", "rebasing", "impacts"):
        assert own[name].equals(full.yearly.tables[name]), name


def test_what_one_group_and_period_do_not_allow_is_said(small: Path) -> None:
    plan = RunPlan(small, options=FAST, report=True, formats=(), by="", group="", ranks=True)
    found = run_index(plan).yearly
    assert not {"ranks", "changes", "comparability"} & set(found.tables)
    assert "verdicts" in found.tables
    for note in (
        full_report.NO_CAUSES,
        full_report.ONE_GROUP,
        full_report.ONE_PERIOD,
        full_report.ALONE,
    ):
        assert note in found.notes
        assert in_words(note, "zh").startswith("本报告未包含")


def test_long_permutations_are_made_where_they_are_asked_for(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gaps"
    shutil.copytree(small, folder)
    (file,) = folder.glob("survey.*")
    answers = pd.read_csv(file)
    item = run_index(RunPlan(small, options=FAST)).model.items[0]
    answers[item] = answers[item].astype(object)
    answers.loc[0, item] = None
    answers.to_csv(file, index=False)
    monkeypatch.setattr(full_report, "PERMUTED", 10)
    plan = RunPlan(folder, options=FAST, report=True, formats=())
    found = run_index(plan).yearly
    (note,) = [note for note in found.notes if "take long" in note]
    assert note == full_report.LONG.format(n=len(answers))
    assert in_words(note, "zh").startswith("本报告未包含可比性检验")
    assert "comparability" not in found.tables
    asked = run_index(replace(plan, comparability=True)).yearly
    assert "comparability" in asked.tables
    without = run_index(RunPlan(small, options=FAST, report=True, formats=())).yearly
    assert "comparability" in without.tables  # no answer is missing: no EM


def test_a_part_that_fails_is_left_out_with_the_reason(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise SurveyError("too few answers")

    monkeypatch.setattr(full_report, "league_tables", fails)
    found = run_index(RunPlan(small, options=FAST, report=True, formats=())).yearly
    (note,) = [note for note in found.notes if note.startswith("Not in this report: the league")]
    assert note == "Not in this report: the league table (too few answers)."
    assert "本报告未包含排名" in in_words(note, "zh")
    assert "changes" in found.tables


def test_the_record_repeats_it_byte_for_byte(full: IndexRun, tmp_path: Path) -> None:
    first = write_run(full, tmp_path / "one")
    recorded = read_record(tmp_path / "one")
    assert recorded.plan.report
    assert (recorded.plan.formats, recorded.plan.office) == ((), ())
    write_run(run_index(recorded.plan), tmp_path / "two", paths=recorded.paths)
    assert {path.name for path in first} >= {"index.html", "ranks.csv", "verdicts.csv", "run.json"}
    for path in first:
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_record_from_before_reports_is_still_read(full: IndexRun, tmp_path: Path) -> None:
    write_run(full, tmp_path)
    record = tmp_path / "run.json"
    content = json.loads(record.read_text("utf-8"))
    for name in ("report", "office", "printed", "partial", "matched", "rolling", "lag"):
        del content["options"][name]
    record.write_text(json.dumps(content), "utf-8")
    plan = read_record(tmp_path).plan
    assert (plan.report, plan.office, plan.printed) == (False, (), "")
    assert plan.aggregation == AggregateOptions()


def test_options_of_nodes_are_recorded_and_take_part(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "nodes.csv"
    table.write_text("name,parent,weight\nA,all,3\nB,all,1\nall,,\n", "utf-8")
    nodes = AggregateOptions(missing="renormalise", rolling=2, lag=1, matched=True)
    plan = RunPlan(
        small, options=FAST, aggregate=table, aggregation=nodes, printed="0,1", formats=("svg",)
    )
    seen = []

    def spied(*given: Any, **options: Any) -> pd.DataFrame:
        seen.append(options["options"])
        return aggregate(*given, **options)

    monkeypatch.setattr(comparisons, "aggregate", spied)
    found = run_index(plan)
    assert seen == [replace(nodes, given=found.model.index)]
    write_run(found, tmp_path / "out")
    assert read_record(tmp_path / "out").plan.aggregation == nodes
    assert read_record(tmp_path / "out").plan.printed == "0,1"
    frame = found.yearly.tables["aggregates"]
    top = frame[(frame["node"] == "all") & (frame["construct"] == found.model.index)].iloc[-1]
    own = found.yearly.headline().set_index(["year", "group"])["index"]
    year = str(top["year"])
    assert top["index"] == pytest.approx((3 * own[year, "A"] + own[year, "B"]) / 4)
    assert top["printed"] == f"{top['index']:.1f}"
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert f">{top['printed']} ({top['printed_change']})<" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"printed": "0,1"}, "no table of nodes"),
        ({"aggregate": "x", "printed": "0,x"}, "not a list of decimals"),
        ({"aggregate": "x", "printed": "9"}, "9 is not possible"),
        ({"office": ("docx",)}, "'docx' is not possible"),
    ],
)
def test_impossible_plans_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        RunPlan("mobile", **given)  # type: ignore[arg-type]


def test_office_files_have_one_door(
    full: IndexRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "WRITERS", {})
    assert office.possible() == ()
    with pytest.raises(ReportError, match="csi\\[report\\]"):
        office.write_office(full.yearly, tmp_path, ("xlsx",))

    def writes(yearly: object, path: Path, *, language: str, record: object) -> Path:
        path.write_text(f"{language} {record}")
        return path

    monkeypatch.setattr(office, "WRITERS", {"xlsx": writes})
    monkeypatch.setattr(office, "find_spec", lambda name: name)
    assert office.possible() == ("xlsx",)
    (path,) = office.write_office(full.yearly, tmp_path, ("xlsx",), language="zh")
    assert (path.name, path.read_text()) == ("report.xlsx", "zh None")
