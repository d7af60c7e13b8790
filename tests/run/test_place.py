"""Files that csi did not write are not replaced; its own are."""

from pathlib import Path

import pytest

from csi.errors import OptionError, ReportError
from csi.run import RunPlan, check_run_place, check_simulation_place, index_options, run_index
from csi.run import write_run as write


def test_a_project_keeps_its_readme(small: Path, tmp_path: Path) -> None:
    """``--out .`` in a project does not cost its README; a second run replaces the first."""
    run = run_index(RunPlan(small, options=index_options(draws=100)))
    readme = tmp_path / "README.md"
    readme.write_text("mine")
    with pytest.raises(ReportError, match=r"holds README\.md, .* and no run\.json of csi; choose"):
        write(run, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert readme.read_text() == "mine"
    write(run, tmp_path / "out")
    write(run, tmp_path / "out")


def test_a_real_survey_is_not_replaced_by_a_simulated_one(small: Path, tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text("q1\n1\n")
    with pytest.raises(ReportError, match=r"holds survey\.csv.*and no simulation\.toml of csi"):
        check_simulation_place(tmp_path)
    check_simulation_place(small)
    check_simulation_place(tmp_path / "new")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(ReportError, match="it is a file"):
        check_run_place(tmp_path / "out")


def test_scores_do_not_take_the_place_of_a_column(small: Path, tmp_path: Path) -> None:
    """A construct called year would lose the years of scores.csv."""
    text = (small / "model.toml").read_text("utf-8")
    name = text.split('name = "', 2)[2].split('"', 1)[0]
    model = tmp_path / "model.toml"
    model.write_text(text.replace(f'"{name}"', '"year"'), "utf-8")
    plan = RunPlan(small, model=model, options=index_options(draws=100), scores=True)
    with pytest.raises(OptionError, match=r"construct 'year': is also the name of a column"):
        run_index(plan)
