"""A recorded run is repeated from its record, byte for byte, or says why it cannot be."""

import contextlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csi.errors import OptionError
from csi.estimate.pls import PLSOptions
from csi.index import IndexOptions
from csi.run import RunPlan, read_record, run_index, write_run

OPTIONS = IndexOptions(
    weights="pooled",
    missing="complete",
    pls=PLSOptions(scheme="centroid", metric="raw", tolerance=1e-8),
    draws=101,
    seed=9,
    interval="normal",
    level=0.9,
    min_n=20,
)


@pytest.fixture(scope="module")
def site(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a survey in ``in`` and its figures in ``out``."""
    place = tmp_path_factory.mktemp("site")
    shutil.copytree(small, place / "in")
    plan = RunPlan(place / "in", options=OPTIONS, scores=True, language="en", formats=("svg",))
    write_run(run_index(plan), place / "out")
    return place


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """Return a copy of the site that a test may change."""
    shutil.copytree(site, tmp_path / "copy")
    return tmp_path / "copy"


def edited(folder: Path, change: Any) -> Path:
    """Change the record in ``out`` and return its path."""
    path = folder / "out" / "run.json"
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def faults_of(path: Path, **given: str) -> list[str]:
    with pytest.raises(OptionError) as caught:
        read_record(path, given=given)
    return [str(fault) for fault in caught.value.faults]


def same_files(one: Path, two: Path) -> None:
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in two.iterdir())
    assert {"index.csv", "index.json", "index.parquet", "index.html", "run.json"} <= set(names)
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_all_options_come_back(site: Path) -> None:
    recorded = read_record(site / "out" / "run.json", jobs=2)
    assert recorded.plan.options == replace(OPTIONS, jobs=2)
    assert (recorded.plan.by, recorded.plan.group) == ("year", "group")
    assert (recorded.plan.scores, recorded.plan.formats) == (True, ("svg",))
    assert recorded.changed == ()


def test_the_same_bytes_anywhere(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Repeated from another working folder into a folder at another depth; the folder will do."""
    monkeypatch.chdir(tmp_path)
    recorded = read_record(site / "out")
    write_run(run_index(recorded.plan), Path("a/b/again"), paths=recorded.paths)
    same_files(site / "out", tmp_path / "a" / "b" / "again")


def test_a_packaged_survey_again(tmp_path: Path) -> None:
    options = IndexOptions(draws=100)
    for number, plan in enumerate((RunPlan("mobile", options=options),)):
        write_run(run_index(plan), tmp_path / f"out{number}")
    recorded = read_record(tmp_path / "out0")
    assert recorded.paths == {}
    write_run(run_index(recorded.plan), tmp_path / "again", paths=recorded.paths)
    same_files(tmp_path / "out0", tmp_path / "again")


def test_changed_files_are_named_at_once(copy: Path) -> None:
    for name in ("survey.csv", "model.toml"):
        path = copy / "in" / name
        path.write_bytes(path.read_bytes() + b"\n")
    survey, model = faults_of(copy / "out")
    assert "survey.csv: is not the file of the record (its SHA-256 differs)" in survey
    assert "model.toml: is not the file of the record" in model


def test_a_moved_survey_is_given_or_missed(copy: Path) -> None:
    (copy / "in").rename(copy / "elsewhere")
    missed = faults_of(copy / "out")
    assert len(missed) == 3
    assert "the recorded file is not there; give its place as SURVEY" in missed[0]
    assert "give its place as --codebook" in missed[1]
    place = copy / "elsewhere"
    given = {
        "survey": str(place / "survey.csv"),
        "codebook": str(place / "codebook.toml"),
        "model": str(place / "model.toml"),
    }
    recorded = read_record(copy / "out", given=given)
    assert recorded.plan.survey == given["survey"]
    assert recorded.paths["survey"] == "../in/survey.csv"  # as recorded, so that bytes stay
    assert (
        "is not the file of the record"
        in faults_of(copy / "out", **{**given, "survey": str(place / "codebook.toml")})[0]
    )


def test_a_moved_record_finds_files_below_a_folder_above(copy: Path) -> None:
    (copy / "deeper").mkdir()
    (copy / "out").rename(copy / "deeper" / "out")
    assert Path(read_record(copy / "deeper" / "out").plan.survey).samefile(
        copy / "in" / "survey.csv"
    )


def test_not_a_record(copy: Path, tmp_path: Path) -> None:
    assert "cannot be read" in faults_of(tmp_path / "none.json")[0]
    for text, words in (("{", "is not JSON"), ("[]", "is not a run record")):
        (tmp_path / "bad.json").write_text(text, "utf-8")
        assert words in faults_of(tmp_path / "bad.json")[0]
    (tmp_path / "bad.json").write_text("{}", "utf-8")
    assert len(faults_of(tmp_path / "bad.json")) == 6
    path = edited(copy, lambda content: content.update(record=99))
    assert "has form 99" in faults_of(path)[0]


def test_options_of_another_version(copy: Path) -> None:
    path = edited(copy, lambda content: content["options"].update(smooth=True))
    assert "option smooth: is not known" in faults_of(path)[0]


def test_an_option_of_the_wrong_type(copy: Path) -> None:
    path = edited(copy, lambda content: content["options"].update(draws="many"))
    assert "option draws: 'many' is not a whole number" in faults_of(path)[0]


def test_an_impossible_option(copy: Path) -> None:
    path = edited(copy, lambda content: content["options"].update(missing="guess"))
    assert "'guess' is not possible" in faults_of(path)[0]


def test_other_versions_are_told(copy: Path) -> None:
    path = edited(copy, lambda content: content["versions"].update(numpy="1.0"))
    ((program, then, _),) = read_record(path).changed
    assert (program, then) == ("numpy", "1.0")


def test_files_of_the_package_have_no_other_place(small: Path, tmp_path: Path) -> None:
    plan = RunPlan(small, model="swics", options=IndexOptions(draws=100), formats=("svg",))
    write_run(run_index(plan), tmp_path / "out")
    assert read_record(tmp_path / "out").plan.model == "swics"
    told = faults_of(tmp_path / "out", model=str(small / "model.toml"))
    assert "is not needed" in told[0]


@pytest.mark.parametrize("value", [None, [1], {}, -1, True, float("inf"), "zz"])
def test_no_hand_edited_value_is_a_bug(copy: Path, value: object) -> None:
    """Each option and entry in turn has a value of another type, or none; it ends as faults."""
    path = copy / "out" / "run.json"
    record = path.read_text("utf-8")
    content = json.loads(record)
    for name in content["options"]:
        edited(copy, lambda found, name=name: found["options"].update({name: value}))
        with contextlib.suppress(OptionError):
            options = read_record(path).plan
            if name not in {"by", "group"} or value is not None:
                kept = getattr(options, name, getattr(options.options, name, value))
                assert type(kept) in {str, bool, int, float, tuple}
        path.write_text(record, "utf-8")
    for part in ("survey", "codebook", "model"):
        for name in ("path", "file", "sha256", "catalogue", "packaged"):
            edited(copy, lambda found, part=part, name=name: found[part].update({name: value}))
            if not isinstance(value, str):
                assert f"{part}, {name}: " in "\n".join(faults_of(path))
            path.write_text(record, "utf-8")


def test_an_option_taken_out_is_missed(copy: Path) -> None:
    """It does not take a default in silence."""
    path = edited(copy, lambda content: [content["options"].pop(k) for k in ("seed", "level")])
    assert ["option seed: is not recorded" in faults_of(path)[0], len(faults_of(path))] == [True, 2]


def test_a_truth_value_is_no_number(copy: Path) -> None:
    path = edited(copy, lambda content: content["options"].update(seed=True, consistent="zz"))
    seed, consistent = faults_of(path)
    assert "option seed: True is not a whole number" in seed
    assert "option consistent: 'zz' is not true or false" in consistent


def test_brackets_without_end(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("[" * 100_000)
    assert "is not JSON" in faults_of(tmp_path / "run.json")[0]


def test_a_table_that_the_recorded_run_did_without(copy: Path) -> None:
    """It would change what is made, so it is refused and not passed over."""
    table = copy / "weights.csv"
    table.write_text("name,parent,weight\nTop,,\nA,Top,1\n", "utf-8")
    faults = faults_of(copy / "out" / "run.json", aggregate=str(table))
    assert len(faults) == 1
    assert "is of a run without one; leave it out" in faults[0]
