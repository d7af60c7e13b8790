"""A check names the faults of survey, codebook and model together."""

import shutil
from pathlib import Path

import pytest

from csi.errors import OptionError
from csi.run import RunPlan, run_check


def test_a_clean_survey(small: Path) -> None:
    found = run_check(RunPlan(small, model="swics"))
    assert found.faults == ()
    assert found.survey is not None
    assert len(found.survey) == 320
    assert found.model is not None
    assert found.model.name == "swics"


def test_survey_and_model_faults_together(small: Path, tmp_path: Path) -> None:
    text = (small / "survey.csv").read_text("utf-8").splitlines()
    text[3] = text[3].rsplit(",", 1)[0] + ",77"
    (tmp_path / "survey.csv").write_text("\n".join(text) + "\n", "utf-8")
    shutil.copy(small / "codebook.toml", tmp_path)
    found = run_check(RunPlan(tmp_path, model="jcsi"))
    assert found.survey is None
    assert any("77" in fault.what for fault in found.faults)
    missing = [fault for fault in found.faults if fault.where.startswith("model jcsi, item")]
    assert len(missing) >= 10


def test_a_near_item_is_suggested(small: Path, tmp_path: Path) -> None:
    model = (small / "model.toml").read_text("utf-8")
    first = model.split('items = ["', 1)[1].split('"', 1)[0]
    (tmp_path / "model.toml").write_text(model.replace(f'"{first}"', f'"{first}x"', 1), "utf-8")
    (fault,) = run_check(RunPlan(small, model=tmp_path / "model.toml")).faults
    assert f"did you mean {first!r}?" in fault.fix


def test_codebook_and_model_that_cannot_be_read(small: Path, tmp_path: Path) -> None:
    (tmp_path / "codebook.toml").write_text("items = 3", "utf-8")
    (tmp_path / "model.toml").write_text("index = ", "utf-8")
    plan = RunPlan(small, codebook=tmp_path / "codebook.toml", model=tmp_path / "model.toml")
    found = run_check(plan)
    assert found.survey is found.model is None
    assert any("codebook.toml" in fault.where for fault in found.faults)
    assert any("not TOML" in fault.what for fault in found.faults)


def test_a_missing_file_is_no_fault_of_the_survey(small: Path) -> None:
    with pytest.raises(OptionError, match="there is no such file"):
        run_check(RunPlan(small / "survey.sav"))


def test_the_model_beside_the_codebook_is_checked(small: Path, tmp_path: Path) -> None:
    """As the help says; a folder whose model has faults is not clean."""
    for name in ("survey.csv", "codebook.toml", "model.toml"):
        shutil.copy(small / name, tmp_path)
    found = run_check(RunPlan(tmp_path))
    assert (found.faults, found.model is None) == ((), False)
    (tmp_path / "model.toml").write_text("index = ", "utf-8")
    (fault,) = run_check(RunPlan(tmp_path)).faults
    assert "not TOML" in fault.what
    (tmp_path / "model.toml").unlink()
    assert run_check(RunPlan(tmp_path)).faults == ()


def test_an_item_in_another_case_is_suggested(small: Path, tmp_path: Path) -> None:
    model = (small / "model.toml").read_text("utf-8")
    first = model.split('items = ["', 1)[1].split('"', 1)[0]
    (tmp_path / "model.toml").write_text(
        model.replace(f'"{first}"', f'"{first.swapcase()}"', 1), "utf-8"
    )
    (fault,) = run_check(RunPlan(small, model=tmp_path / "model.toml")).faults
    assert f"did you mean {first!r}?" in fault.fix
