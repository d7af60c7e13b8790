"""Where a run finds its files, and what it says where it does not."""

import hashlib
import shutil
from pathlib import Path

import pytest

from csi.errors import ModelError, OptionError
from csi.model import model_to_lavaan, read_model
from csi.model.models import load
from csi.run.inputs import find_inputs, find_model, find_survey, model_of, packaged_surveys


def test_a_folder_is_one_argument(small: Path) -> None:
    found = find_inputs(str(small))
    assert found.model is not None
    files = (found.survey.path, found.codebook.path, found.model.path)
    assert [path.name for path in files] == ["survey.csv", "codebook.toml", "model.toml"]
    assert {path.parent for path in files} == {small}
    assert found.survey.sha256 == hashlib.sha256((small / "survey.csv").read_bytes()).hexdigest()


def test_codebook_beside_the_survey_and_model_of_the_catalogue(small: Path) -> None:
    found = find_inputs(str(small / "survey.csv"), model="swics")
    assert found.codebook.path == small / "codebook.toml"
    assert found.model is not None
    assert found.model.origin == "catalogue"
    assert model_of(found.model) == load("swics")
    assert found.model.to_record()["catalogue"] == "swics"


def test_a_packaged_survey() -> None:
    assert "mobile" in packaged_surveys()
    found = find_inputs("mobile")
    assert found.model is not None
    assert {found.survey.origin, found.codebook.origin, found.model.origin} == {"packaged"}
    assert found.survey.to_record()["packaged"] == "mobile"


def test_a_folder_of_the_user_comes_before_a_packaged_name(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small, tmp_path / "mobile")
    monkeypatch.chdir(tmp_path)
    assert find_survey("mobile").origin == "file"


def test_a_model_as_lavaan_text(small: Path, tmp_path: Path) -> None:
    model = read_model(small / "model.toml")
    file = tmp_path / "model.lav"
    file.write_text(model_to_lavaan(model), "utf-8")
    assert model_of(find_model(str(file), tmp_path, None)) == model


def test_a_model_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "model.lav"
    file.write_bytes("满意度 =~ a + b".encode("gb18030"))
    with pytest.raises(ModelError, match=r"model\.lav: it is not UTF-8; save it as UTF-8"):
        model_of(find_model(str(file), tmp_path, None))


def test_everything_that_is_missing_at_once(small: Path) -> None:
    with pytest.raises(OptionError) as caught:
        find_inputs(str(small / "survy.csv"), codebook=str(small / "codebok.toml"), model="swic")
    survey, codebook, model = caught.value.faults
    assert (survey.what, survey.fix) == ("there is no such file", "did you mean 'survey.csv'?")
    assert codebook.fix == "did you mean 'codebook.toml'?"
    assert model.fix == "did you mean 'swics'?"


def test_a_survey_that_is_missing_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(OptionError) as caught:
        find_inputs(str(tmp_path / "nothing.csv"))
    assert len(caught.value.faults) == 1


def test_a_misspelt_packaged_survey() -> None:
    with pytest.raises(OptionError, match="did you mean 'mobile'"):
        find_survey("moblie")


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"there is no folder .*away"):
        find_survey(str(tmp_path / "away" / "survey.csv"))


def test_no_codebook_and_no_model(small: Path, tmp_path: Path) -> None:
    shutil.copy(small / "survey.csv", tmp_path)
    with pytest.raises(OptionError, match=r"no codebook\.toml in .*csi codebook draft"):
        find_inputs(str(tmp_path))
    shutil.copy(small / "codebook.toml", tmp_path)
    with pytest.raises(OptionError, match=r"no model\.toml in .*csi models"):
        find_inputs(str(tmp_path))
    assert find_inputs(str(tmp_path), model_needed=False).model is None


def test_folders_without_one_survey(small: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"holds no file called survey\.\*; name a file with"):
        find_survey(str(tmp_path))
    shutil.copy(small / "survey.csv", tmp_path / "answers.csv")
    with pytest.raises(OptionError, match=r"name a file, such as .*answers\.csv"):
        find_survey(str(tmp_path))
    for name in ("survey.csv", "survey.tsv"):
        shutil.copy(small / "survey.csv", tmp_path / name)
    with pytest.raises(OptionError, match=r"several surveys \(survey\.csv, survey\.tsv\)"):
        find_survey(str(tmp_path))
