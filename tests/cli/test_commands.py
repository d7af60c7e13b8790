"""``csi fit``, ``check``, ``codebook``, ``models``, ``simulate`` and ``completion``."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

import csi as package
from csi.index import IndexOptions
from csi.model import model_from_lavaan, model_from_toml
from csi.model.catalogue import entry, names
from csi.run import RunPlan, run_fit
from csi.survey import read_codebook
from tests.cli.conftest import Run

FAST = ("--draws", "100")


def test_fit_prints_what_was_found(csi: Run, small: Path, tmp_path: Path) -> None:
    where = ("--where", "year=2024", "--where", "group=A")
    done = csi("fit", small, *FAST, *where, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    plan = RunPlan(small, options=IndexOptions(draws=100))
    found = run_fit(plan, {"year": ["2024"], "group": ["A"]})
    for row in found.tables["paths"].itertuples():
        assert f"{row.estimate:.3f}" in done.stdout
        assert f"[{row.lower:.3f}, {row.upper:.3f}]".replace("-", "\N{MINUS SIGN}") in done.stdout
    for row in found.tables["weights"].itertuples():
        assert row.item in done.stdout
        assert f"{row.loading:.3f} ± {row.loading_se:.3f}" in done.stdout
    for title in ("Paths", "Total effects", "Weights and loadings", "Explained variance"):
        assert title in done.stdout
    assert "80 respondents" in done.stdout
    with (tmp_path / "paths.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["estimate"]) for row in rows] == found.tables["paths"]["estimate"].tolist()


def test_fit_in_chinese_and_quiet(csi: Run, small: Path) -> None:
    done = csi("fit", small, *FAST, "--lang", "zh")
    assert "路径系数" in done.stdout
    assert "320" in done.stdout
    assert csi("fit", small, *FAST, "--quiet").output == ""


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("yeer=2024", "did you mean 'year'?"),
        ("year=2042", "no respondent has this value"),
        ("year", "write it as KEY=VALUE"),
        ("=2024", "write it as KEY=VALUE"),
    ],
)
def test_fit_conditions(csi: Run, small: Path, condition: str, words: str) -> None:
    done = csi("fit", small, *FAST, "--where", condition)
    assert done.exit_code == 2
    assert words in done.stderr


def test_check_of_a_clean_survey(csi: Run, small: Path) -> None:
    done = csi("check", small, "--model", "swics")
    assert done.exit_code == 0, done.output
    assert "No faults: 320 respondents of 320 rows in survey.csv." in done.stdout
    assert "The model swics fits the codebook: 9 items in 3 constructs." in done.stdout
    assert csi("check", small, "-q").output == ""
    assert "未发现错误" in csi("check", small, "--lang", "zh").stdout


def test_check_prints_every_fault(csi: Run, small: Path, tmp_path: Path) -> None:
    lines = (small / "survey.csv").read_text("utf-8").splitlines()
    head = lines[0].split(",")
    item, other = head[-1], head[-2]
    for row, column in ((2, -1), (3, -2)):
        cells = lines[row].split(",")
        cells[column] = "55"
        lines[row] = ",".join(cells)
    (tmp_path / "answers.csv").write_text("\n".join(lines) + "\n", "utf-8")
    book = small / "codebook.toml"
    done = csi("check", tmp_path / "answers.csv", "--codebook", book)
    assert done.exit_code == 1
    assert "2 faults" in done.stdout
    assert item in done.stdout
    assert other in done.stdout
    assert done.stdout.count("55") >= 2
    quiet = csi("check", tmp_path / "answers.csv", "-c", book, "--quiet")
    assert (quiet.exit_code, quiet.output) == (1, "")


def test_check_of_a_missing_file(csi: Run, small: Path) -> None:
    done = csi("check", small / "survey.cvs")
    assert done.exit_code == 2
    assert "did you mean 'survey.csv'?" in done.stderr


def test_a_codebook_is_drafted_once(csi: Run, small: Path, tmp_path: Path) -> None:
    out = tmp_path / "编码本.toml"
    done = csi("codebook", "draft", small / "survey.csv", "--out", out)
    assert done.exit_code == 0, done.output
    drafted = read_codebook(out)
    wanted = {item.name for item in read_codebook(small / "codebook.toml").items}
    assert wanted <= {item.name for item in drafted.items}
    before = out.read_bytes()
    again = csi("codebook", "draft", small / "survey.csv", "--out", out)
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert out.read_bytes() == before
    assert csi("codebook", "draft", small / "survey.csv", "-o", out, "--force").exit_code == 0
    printed = csi("codebook", "draft", small / "survey.csv", "--out", "-")
    assert printed.stdout.encode() == before


def test_a_codebook_is_drafted_here_by_default(
    csi: Run, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(small / "survey.csv", tmp_path / "数据 1.csv")
    monkeypatch.chdir(tmp_path)
    assert csi("codebook", "draft", "数据 1.csv").exit_code == 0
    assert csi("check", "数据 1.csv").exit_code == 0  # finds the codebook beside the file


def test_a_missing_survey_cannot_be_drafted(csi: Run, tmp_path: Path) -> None:
    done = csi("codebook", "draft", tmp_path / "no.csv", "--out", "-")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "there is no such file" in done.stderr


def test_a_codebook_is_shown(csi: Run) -> None:
    folder = Path(package.__file__).parent / "data" / "mobile"
    done = csi("codebook", "show", folder / "codebook.toml")
    book = read_codebook(folder / "codebook.toml")
    assert done.exit_code == 0, done.output
    for item in book.items:
        assert item.name in done.stdout
    assert "weight = weight" in done.stdout
    assert "98 dont_know" in done.stdout
    chinese = csi("codebook", "show", folder / "codebook.toml", "--lang", "zh")
    assert book.items[0].label.zh in chinese.stdout
    assert csi("codebook", "show", folder / "nosuch.toml").exit_code == 2


def test_models_are_listed(csi: Run) -> None:
    plain, listed = csi("models"), csi("models", "list")
    assert plain.stdout == listed.stdout
    for name in names():
        row = next(line for line in plain.stdout.splitlines() if line.split()[:1] == [name])
        model = entry(name).model
        assert row.split()[-3:] == [
            str(len(model.names)), str(len(model.columns)), str(len(model.paths))
        ]  # fmt: skip
    assert "模型目录" in csi("models", "--lang", "zh").stdout


def test_a_model_is_shown(csi: Run) -> None:
    assert csi("models", "show", "acsi").stdout.startswith("acsi: American Customer Satisfaction")
    assert "潜变量" in csi("models", "show", "acsi", "--lang", "zh").stdout
    sheet = csi("models", "show", "ccsi", "--questionnaire", "--lang", "zh").stdout
    assert sheet.startswith("# 调查问卷")


@pytest.mark.parametrize("name", names())
def test_forms_of_a_model_make_it_again(csi: Run, name: str) -> None:
    model = entry(name).model
    toml, lavaan, python = (
        csi("models", "show", name, "--form", form).stdout for form in ("toml", "lavaan", "python")
    )
    assert model_from_toml(toml) == model
    assert model_from_lavaan(lavaan) == model
    made: dict[str, object] = {}
    exec(python, made)
    assert made["model"] == model


def test_a_model_that_is_none(csi: Run) -> None:
    done = csi("models", "show", "ecsy")
    assert done.exit_code == 2
    assert "did you mean ecsi?" in done.stderr
    both = csi("models", "show", "ecsi", "--questionnaire", "--form", "toml")
    assert both.exit_code == 2


def test_a_plan_simulates_the_same_bytes(csi: Run, small: Path, tmp_path: Path) -> None:
    done = csi("simulate", small / "simulation.toml", "--out", tmp_path, "--quiet")
    assert (done.exit_code, done.output) == (0, "")
    assert len(list(small.iterdir())) == 6
    for path in small.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_simulation_needs_a_folder_and_years(csi: Run, tmp_path: Path) -> None:
    assert csi("simulate", "swics", "--years", "2020").exit_code == 2
    done = csi("simulate", "swics", "--out", tmp_path / "x")
    assert done.exit_code == 2
    assert "give --years" in done.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(csi: Run, shell: str, tmp_path: Path) -> None:
    done = csi("completion", shell)
    assert done.exit_code == 0
    assert "_CSI_COMPLETE" in done.stdout
    if shutil.which(shell):
        script = tmp_path / "script"
        script.write_text(done.stdout, "utf-8")
        assert subprocess.run([shell, "-n", str(script)], capture_output=True).returncode == 0


def test_completion_of_commands_and_models(csi: Run) -> None:
    env = {"_CSI_COMPLETE": "bash_complete", "COMP_WORDS": "csi mod", "COMP_CWORD": "1"}
    assert csi(env=env).output.split() == ["plain,models"]
    env = {**env, "COMP_WORDS": "csi models show ecsi", "COMP_CWORD": "3"}
    assert csi(env=env).output.split() == ["plain,ecsi", "plain,ecsi_mobile"]


def test_an_unknown_shell(csi: Run) -> None:
    assert csi("completion", "tcsh").exit_code == 2


def test_simulate_does_not_replace_a_survey(csi: Run, tmp_path: Path) -> None:
    answers = tmp_path / "survey.csv"
    answers.write_text("mine")
    done = csi("simulate", "ecsi", "--years", "2020", "--out", tmp_path)
    assert done.exit_code == 2
    assert "survey.csv, which would be replaced" in done.stderr
    assert answers.read_text() == "mine"


@pytest.mark.parametrize(
    "command", [("index", "mobile"), ("fit", "mobile"), ("simulate", "ecsi", "--years", "2020")]
)
def test_an_empty_folder_name_is_not_the_working_folder(
    csi: Run, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``--out "$OUT"`` with OUT unset must not scatter files here."""
    monkeypatch.chdir(tmp_path)
    done = csi(*command, "--out", "")
    assert done.exit_code == 2
    assert "it is empty; name a folder" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_group_given_twice(csi: Run, tmp_path: Path) -> None:
    args = ("--years", "2020", "--groups", "A,B,A", "--out", tmp_path / "sim")
    done = csi("simulate", "ecsi", *args)
    assert done.exit_code == 2
    assert "option groups: 'A' is given more than once" in done.stderr
