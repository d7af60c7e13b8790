"""``csi plan``: its sentences in both languages, its tables and files, and its faults."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from csi.planning import PlanOptions
from csi.run.figures_file import read_figures
from tests.cli.conftest import Run


@pytest.fixture(scope="module")
def written(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that `csi index` wrote."""
    from tests.cli.conftest import invoke

    folder = tmp_path_factory.mktemp("written")
    done = invoke("index", small, "--draws", "100", "--out", folder, "--quiet")
    assert done.exit_code == 0, done.output
    return folder


def flat(text: str) -> str:
    """Return text on one line, as wrapped sentences were written."""
    return re.sub(r"\s+", " ", text)


def test_the_teaching_figure_in_english(csi: Run) -> None:
    done = csi("plan", "--sd", "18", "--n", "250")
    assert done.exit_code == 0
    assert (
        "With 250 answers a company, its index has a margin of error of ±2.2 points (95%). A "
        "change between two such surveys must reach 3.2 points to be significant at 95%, and a "
        "true change of 4.5 points is found in 80% of cases." in flat(done.output)
    )
    assert "Assumed: standard deviation 18 points, design effect 1.00" in flat(done.output)


def test_the_teaching_figure_in_chinese(csi: Run) -> None:
    done = csi("plan", "--n", "250", "--lang", "zh")
    said = done.output.replace("\n", "")
    assert "每家企业 250 个样本时，指数的误差范围为 ±2.2 分（置信水平 95%）。" in said
    assert "变化达到 3.2 分才算显著（置信水平 95%）" in said
    assert "真实变化为 4.5 分时，检出的把握为 80%。" in said


def test_wanted_margin_and_change(csi: Run) -> None:
    done = flat(csi("plan", "--sd", "18", "--margin", "2").output)
    assert "A margin of error of ±2 points (95%) takes 312 answers a company." in done
    done = flat(csi("plan", "--change", "3", "--power", "0.9").output)
    # (1.96 + 1.2816)² * 2 * 18² / 3² = 756.5
    assert "a true change of 3 points in 90% of cases takes 757 answers a company" in done


def test_everything_that_can_be_said(csi: Run) -> None:
    args = ("--n", "250", "--response-rate", "0.1", "--groups", "4", "--spread", "3",
            "--overlap", "0.5", "--correlation", "0.6", "--population", "2000")  # fmt: skip
    done = flat(csi("plan", *args).output)
    assert "2,500 people must be contacted for it. That is more than there are" in done
    assert "4 companies take 1,000 answers in all" in done
    assert "reliability of a league table is 0.89" in done
    assert "2,000 customers a company, 50% of respondents in both surveys" in done
    chinese = csi("plan", *args, "--lang", "zh").output.replace("\n", "")
    assert "这已超过客户总数，无法取得这样的样本。" in chinese
    assert "每家企业共有 2,000 名客户" in chinese


def test_no_head_or_cell_is_cut(csi: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)  # a test runner may set it
    args = ("--n", "250", "--margin", "1.5", "--response-rate", "0.3", "--groups", "12",
            "--spread", "3")  # fmt: skip
    for language in ("en", "zh"):
        table = csi("plan", *args, "--lang", language).output.split("\n\n")[0]
        assert "10,008" in table
        assert "25,0" not in table
        assert ("significant" if language == "en" else "可检出变化") in table.lower()


def test_json_and_csv_hold_the_same(csi: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    done = csi("plan", "--n", "250", "--n", "1000", "--json", "--out", file)
    assert done.exit_code == 0
    content = json.loads(done.stdout)
    assert content["options"]["sd"] == 18
    assert [row["n"] for row in content["plan"]] == [250, 1000]
    written = pd.read_csv(file)
    assert written["margin"].tolist() == pytest.approx([r["margin"] for r in content["plan"]])
    assert f"Wrote {file}" in done.stderr.replace("\n", "")
    assert csi("plan", "--n", "250", "--quiet").output == ""


def test_from_a_folder_and_from_its_tables(csi: Run, written: Path) -> None:
    own = json.loads((written / "index.json").read_text("utf-8"))["records"]
    last = [row for row in own if row["year"] == "2024" and row["construct"] == "Satisfaction"]
    content = json.loads(csi("plan", "--from", written, "--margin", "1.5", "--json").stdout)
    assert [row["group"] for row in content["plan"]] == [row["group"] for row in last]
    assert [row["margin"] for row in content["plan"]] == pytest.approx([r["moe"] for r in last])
    needed = [-(-row["n"] * (row["moe"] / 1.5) ** 2 // 1) for row in last]
    assert [row["n_for_margin"] for row in content["plan"]] == needed
    assert {row["change_from"] for row in content["plan"]} == {"measured"}
    by_csv = json.loads(csi("plan", "--from", written / "index.csv", "--json").stdout)
    for row, figure in zip(by_csv["plan"], last, strict=True):
        assert row["margin"] == pytest.approx(1.959963984540054 * figure["se"])


def test_sentences_of_a_plan_from_figures(csi: Run, written: Path) -> None:
    done = flat(csi("plan", "--from", written, "--margin", "1.5", "--change", "3").output)
    assert "Plan from the figures of 2024: Satisfaction" in done
    assert re.search(r"A: ±\d\.\d points with 80 answers; a change must reach", done)
    assert re.search(r"For ±1.5 in each group it takes [\d,]+ answers in all; there are 160", done)
    first = csi("plan", "--from", written, "--year", "2023", "--lang", "zh").output
    assert "依据2023年数据的调查方案：Satisfaction" in first
    assert "A、B 没有变化的标准误，按两次相互独立的同类调查计算。" in first


def test_a_group_without_a_plan_is_told(csi: Run, written: Path, tmp_path: Path) -> None:
    table = pd.read_csv(written / "index.csv", dtype={"year": str}).astype({"note": object})
    table.loc[table["group"] == "B", ["se", "moe", "index"]] = None
    table.loc[table["group"] == "B", "note"] = "suppressed: n = 20 is below 50"
    table.to_csv(tmp_path / "index.csv", index=False)
    done = flat(csi("plan", "--from", tmp_path, "--margin", "2").output)
    assert "B: no plan (suppressed: n = 20 is below 50)." in done
    assert "there are 80 now" in done


def test_all_faults_at_once_by_the_names_of_the_options(csi: Run) -> None:
    done = csi("plan", "--n", "1", "--margin", "-2", "--response-rate", "30", "--icc", "0.1")
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "4 faults in the options:",
        "--n: 1 is not possible; use a whole number from 2 on.",
        "--margin: -2 is not possible; use a number above 0.",
        "--response-rate: 30 is not possible; use a share above 0 and up to 1.",
        "--icc: it has no effect without cluster-size; give cluster-size.",
    ]


def test_wrong_commands(csi: Run, written: Path, tmp_path: Path) -> None:
    assert "give --n, --margin, --change or --from" in csi("plan").stderr
    done = csi("plan", "--from", written, "--sd", "18", "--n", "250")
    assert done.exit_code == 2
    assert "leave out --n, --sd" in done.stderr
    done = csi("plan", "--from", written, "--margin", "1", "--margin", "2")
    assert "--margin: --from takes one of them" in done.stderr
    done = csi("plan", "--n", "250", "--year", "2024", "--construct", "Image")
    assert done.exit_code == 2
    assert "--construct, --year" in done.stderr
    assert "run csi index with --out first" in csi("plan", "--from", tmp_path).stderr
    assert "no such file or folder" in csi("plan", "--from", tmp_path / "x").stderr
    (tmp_path / "x.txt").write_text("x", "utf-8")
    assert "no JSON and no CSV" in csi("plan", "--from", tmp_path / "x.txt").stderr
    for name, text in (("a.json", "{}"), ("b.json", "[1]"), ("c.json", "nothing")):
        (tmp_path / name).write_text(text, "utf-8")
        assert "no table of index figures" in csi("plan", "--from", tmp_path / name).stderr
    (tmp_path / "d.csv").write_text("a,b\n1,2\n", "utf-8")
    assert "column year: the figures lack it" in csi("plan", "--from", tmp_path / "d.csv").stderr


def test_names_stay_text_in_a_csv(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("year,group,construct,index,note\n2024,007,NA,,\n", "utf-8")
    row = read_figures(tmp_path).frame.iloc[0]
    assert (row["year"], row["group"], row["construct"], row["note"]) == ("2024", "007", "NA", "")
    assert pd.isna(row["index"])


def test_defaults_in_help_are_those_of_the_library(csi: Run) -> None:
    done = flat(csi("plan", "--help").output.replace("│", " "))
    options = PlanOptions()
    for name in ("sd", "deff", "power", "groups"):
        after = done.partition(f"--{name} ")[2]
        assert re.search(r"\[default: ([\d.]+)\]", after).group(1) == f"{getattr(options, name):g}"
    assert "[default: 0.95, or that of the figures]" in done
    assert options.level == 0.95


def test_many_groups_are_left_to_the_table(csi: Run, written: Path, tmp_path: Path) -> None:
    own = read_figures(written / "index.csv").frame
    last = own[(own["year"] == "2024") & (own["group"] == "A")]
    pd.concat([last.assign(group=f"company {k}") for k in range(1, 14)]).to_csv(
        tmp_path / "index.csv", index=False
    )
    done = csi("plan", "--from", tmp_path, "--margin", "2").output
    assert "company 13 " in done
    assert "company 13:" not in done
    assert "there are 1,040 now" in done
