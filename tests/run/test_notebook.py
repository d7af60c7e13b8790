"""Notebooks written for a survey: what is in them, that they run, and what is refused."""

import ast
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

import csi
from csi.errors import CsiError
from csi.model import model_to_lavaan, write_model
from csi.run import RunPlan, start_notebook
from csi.run.notebook import features
from csi.run.notebook_cells import Road, cells_of
from csi.simulation import simulate
from csi.survey.codebook_file import write_codebook

ROADS = get_args(Road)
HAN = re.compile(r"[\u4e00-\u9fff]")


def load(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cells"]
    return cells


def sources(path: Path, kind: str = "code") -> list[str]:
    return ["".join(cell["source"]) for cell in load(path) if cell["cell_type"] == kind]


def parameters(path: Path) -> dict[str, object]:
    """The parameters that are plain values."""
    tagged = [cell for cell in load(path) if cell["metadata"].get("tags") == ["parameters"]]
    (cell,) = tagged
    tree = ast.parse("".join(cell["source"]))
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def survey_in(folder: Path, *, years: int = 2, groups: tuple[str, ...] = ("A", "B")) -> Path:
    """A small survey on disk; without a time where there are no years."""
    folder.mkdir()
    made = simulate(
        csi.models.load("scsb"),
        years=range(2024, 2024 + max(years, 1)),
        groups=groups or None,
        n=90,
        seed=3,
    )
    answers, codebook = made.answers, made.codebook
    if not years:
        answers, codebook = answers.drop(columns="year"), replace(codebook, time=None)
    answers.to_csv(folder / "survey.csv", index=False)
    write_codebook(codebook, folder / "codebook.toml")
    write_model(made.model, folder / "model.toml")
    return folder


def run(path: Path, out: Path) -> list[dict[str, Any]]:
    """Run a notebook as `make notebooks` does, and return its cells with outputs."""
    for needed in ("nbclient", "nbformat", "ipykernel"):
        pytest.importorskip(needed, reason="make notebooks installs it")
    from notebooks.execute import main

    assert main([str(path), "--out", str(out)]) == 0
    return load(out / path.name)


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_a_clean_notebook(tmp_path: Path, road: Road, language: Any) -> None:
    path = start_notebook(tmp_path / "new.ipynb", RunPlan("mobile", language=language), road)
    nbformat = pytest.importorskip("nbformat")
    nbformat.validate(nbformat.read(path, as_version=4))
    for cell in load(path):
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
    text = path.read_text("utf-8")
    assert "«" not in text
    assert str(tmp_path) not in text
    for code in sources(path):
        ast.parse(code.replace("%matplotlib inline", ""))
        assert len(code.splitlines()) <= 16
    assert parameters(path)["language"] == language


def test_the_same_call_gives_the_same_bytes(tmp_path: Path) -> None:
    path = start_notebook(tmp_path / "new.ipynb", RunPlan("mobile"))
    first = path.read_bytes()
    assert start_notebook(path, RunPlan("mobile"), force=True).read_bytes() == first


@pytest.mark.parametrize("road", ROADS)
def test_the_chinese_one_has_chinese_words_and_the_same_code(tmp_path: Path, road: Road) -> None:
    en = start_notebook(tmp_path / "en.ipynb", RunPlan("mobile"), road)
    zh = start_notebook(tmp_path / "zh.ipynb", RunPlan("mobile", language="zh"), road)
    assert all(HAN.search(words) for words in sources(zh, "markdown"))
    assert not any(HAN.search(words) for words in sources(en, "markdown"))
    assert sources(zh, "markdown")[0].startswith("# 2020—2025年移动运营商满意度调查（模拟数据）：")
    mine, other = sources(en), sources(zh)
    assert 'language = "zh"' in other[0]
    assert mine[1:] == other[1:]


def test_every_cell_has_both_languages() -> None:
    for name in ("head", *ROADS):
        pairs = zip(cells_of(name, "en"), cells_of(name, "zh"), strict=True)
        for en, zh in pairs:
            assert (en.text == zh.text) is en.code
            assert bool(HAN.search(zh.text)) is not en.code


@pytest.mark.parametrize(
    ("years", "groups", "there", "gone"),
    [
        (2, ("A", "B"), ("league_table", "leaders", "simultaneous_limits", "index_over_years"), ()),
        (2, (), ("simultaneous_limits", "group=None"), ("league_table", "leaders", "crosstab")),
        (1, ("A", "B"), ("league_table", "index_over_years"), ("leaders", "change_split")),
        (0, ("A", "B"), ("league_table",), ("index_over_years", "simultaneous_limits", "leaders")),
        (0, (), ("path_diagram", "map_chart"), ("league_table", "index_over_years", "change")),
    ],
)
def test_cells_fit_what_the_survey_has(
    tmp_path: Path, years: int, groups: tuple[str, ...], there: Any, gone: Any
) -> None:
    folder = survey_in(tmp_path / "s", years=years, groups=groups)
    path = start_notebook(tmp_path / "new.ipynb", RunPlan(folder))
    code = "\n".join(sources(path))
    assert [word for word in there if word not in code] == []
    assert [word for word in gone if word in code] == []


def test_no_causes_no_map(tmp_path: Path) -> None:
    """In the Swiss model nothing leads to the index."""
    made = simulate(csi.models.load("swics"), years=[2025], n=60, seed=3)
    survey = csi.read_survey(made.answers, made.codebook)
    assert features(survey, made.model, "") == {"time"}


def test_features_are_those_of_the_survey(tmp_path: Path) -> None:
    folder = survey_in(tmp_path / "s", years=1, groups=("A", "B"))
    survey = csi.read_survey(folder / "survey.csv", csi.read_codebook(folder / "codebook.toml"))
    model = csi.read_model(folder / "model.toml")
    assert features(survey, model, "group") == {"time", "group", "causes"}
    assert features(survey.take(survey.keys["group"] == "A"), model, "group") == {"time", "causes"}


@pytest.mark.parametrize(("years", "groups"), [(2, ()), (0, ("A", "B")), (0, ())])
def test_it_runs_for_surveys_without_groups_or_time(
    tmp_path: Path, years: int, groups: tuple[str, ...]
) -> None:
    folder = survey_in(tmp_path / "调查 survey", years=years, groups=groups)
    path = start_notebook(tmp_path / "new.ipynb", RunPlan(folder, language="zh"))
    assert parameters(path)["survey_file"] == "调查 survey/survey.csv"
    cells = run(path, tmp_path / "out")
    pictures = [o for c in cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})]
    assert len(pictures) == 3 + 2 * (years > 0)  # paths, weights, map; index and constructs


@pytest.mark.slow
def test_it_runs_for_the_packaged_survey(tmp_path: Path) -> None:
    """As written, and the figures are those of the library."""
    path = start_notebook(tmp_path / "new.ipynb", RunPlan("mobile"))
    shown = json.dumps([cell.get("outputs") for cell in run(path, tmp_path / "out")])
    folder = Path(str(csi.__path__[0])) / "data" / "mobile"
    survey = csi.read_survey(folder / "survey.csv", csi.read_codebook(folder / "codebook.toml"))
    options = csi.IndexOptions(draws=200, seed=1)
    model = csi.read_model(folder / "model.toml")
    found = csi.yearly(survey, model, group="company", options=options).headline()
    for level in found.loc[found["year"] == "2025", "index"]:
        assert f"{level:.1f}" in shown


@pytest.mark.parametrize("road", ["assess", "sem"])
def test_the_other_roads_run(tmp_path: Path, road: Road) -> None:
    folder = survey_in(tmp_path / "s")
    run(start_notebook(tmp_path / "new.ipynb", RunPlan(folder), road), tmp_path / "out")


def test_files_are_named_from_the_folder_of_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey_in(tmp_path / "data")
    (tmp_path / "books").mkdir()
    monkeypatch.chdir(tmp_path)
    path = start_notebook("books/new.ipynb", RunPlan("data/survey.csv"))
    assert parameters(path)["survey_file"] == "../data/survey.csv"
    assert parameters(path)["codebook_file"] == "../data/codebook.toml"
    assert parameters(path)["model_file"] == "../data/model.toml"


def test_models_of_the_catalogue_and_in_text(tmp_path: Path) -> None:
    folder = survey_in(tmp_path / "s")
    path = start_notebook(tmp_path / "a.ipynb", RunPlan(folder, model="scsb"))
    assert parameters(path)["model_file"] == "scsb"
    assert "csi.models.load(model_file)" in "\n".join(sources(path))
    text = folder / "model.txt"
    text.write_text(model_to_lavaan(csi.models.load("scsb")), "utf-8")
    path = start_notebook(tmp_path / "b.ipynb", RunPlan(folder, model=text, delimiter=","))
    code = "\n".join(sources(path))
    assert 'read_survey(survey_file, codebook, delimiter=",")' in code
    line = next(one for one in code.splitlines() if one.startswith("model = "))
    names = {"csi": csi, "Path": Path, "model_file": text}
    assert eval(line.partition("=")[2], names).items == csi.models.load("scsb").items


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    folder = survey_in(tmp_path / "s")
    lines = (folder / "survey.csv").read_text("utf-8").splitlines()
    lines[1] = lines[1].rsplit(",", 1)[0] + ",55"
    (folder / "survey.csv").write_text("\n".join(lines) + "\n", "utf-8")
    there = tmp_path / "new.txt"
    there.write_text("mine", "utf-8")
    with pytest.raises(CsiError) as caught:
        start_notebook(there, RunPlan(folder, group="firm", model="ecsi"), "road")  # type: ignore[arg-type]
    said = [str(fault) for fault in caught.value.faults]
    for words in (
        "call it new.ipynb",
        "is there already",
        "'road' is not possible",
        "no group of the codebook",
        "55",
        "is not an item of the codebook",
    ):
        assert any(words in fault for fault in said), (words, said)
    assert there.read_text("utf-8") == "mine"


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    for place, words in (
        (tmp_path / "none" / "a.ipynb", "there is no folder"),
        (tmp_path, "is a folder"),
    ):
        with pytest.raises(CsiError, match=words):
            start_notebook(place, RunPlan("mobile"))
    path = start_notebook(tmp_path / "a.ipynb", RunPlan("mobile"))
    path.write_text("mine", "utf-8")
    with pytest.raises(CsiError, match="is there already"):
        start_notebook(path, RunPlan("mobile"))
    assert path.read_text("utf-8") == "mine"
    assert start_notebook(path, RunPlan("mobile"), force=True).read_text("utf-8") != "mine"


def test_a_formative_model_has_no_covariance_fit(tmp_path: Path) -> None:
    folder = survey_in(tmp_path / "s")
    text = (folder / "model.toml").read_text("utf-8")
    changed = text.replace('kind = "reflective"', 'kind = "formative"', 1)
    assert changed != text
    (folder / "model.toml").write_text(changed, "utf-8")
    with pytest.raises(CsiError, match="formative"):
        start_notebook(tmp_path / "a.ipynb", RunPlan(folder), "sem")
    assert start_notebook(tmp_path / "a.ipynb", RunPlan(folder), "index").exists()
