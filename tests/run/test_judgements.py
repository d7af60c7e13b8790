"""Comparability in a run: few groups pair by pair, many each with the others."""

from collections.abc import Mapping
from pathlib import Path

import pytest

import csi
from csi.report.more_sections import comparability_sheet
from csi.report.view import View
from csi.run import judgements
from csi.survey import write_codebook


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> csi.RunPlan:
    place = tmp_path_factory.mktemp("three")
    model = csi.models.load("scsb")
    made = csi.simulate(model, years=[2025], groups=["A", "B", "C"], n=100, seed=1)
    made.answers.to_csv(place / "survey.csv", index=False)
    write_codebook(made.codebook, place / "codebook.toml")
    csi.write_model(model, place / "model.toml")
    options = csi.IndexOptions(draws=100, seed=1)
    return csi.RunPlan(Path(place), group="group", options=options, comparability=True)


def compared(found: csi.YearlyIndex) -> list[Mapping[str, str]]:
    table = found.tables["comparability"]
    own = table[table["construct"] == found.model.index]
    pairs: list[Mapping[str, str]] = own[["group", "other"]].to_dict("records")
    return pairs


def test_few_groups_are_compared_pair_by_pair(plan: csi.RunPlan) -> None:
    pairs = compared(csi.run_index(plan).yearly)
    assert [(pair["group"], pair["other"]) for pair in pairs] == [
        ("A", "B"), ("A", "C"), ("B", "C"),
    ]  # fmt: skip


def test_of_many_groups_each_is_compared_with_the_others(
    plan: csi.RunPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judgements, "MOST_PAIRED", 2)
    found = csi.run_index(plan).yearly
    assert [(pair["group"], pair["other"]) for pair in compared(found)] == [
        ("A", "others"), ("B", "others"), ("C", "others"),
    ]  # fmt: skip
    (note,) = [note for note in found.notes if "not pair by pair" in note]
    assert (
        View(found, "zh").told(note) == "3 个分组的可比性：每组与其余各组合并后比较，而非两两比较。"
    )
    cells = {row[1] for row in comparability_sheet(View(found, "zh")).rows}
    assert cells == {"A – 其余各组", "B – 其余各组", "C – 其余各组"}
