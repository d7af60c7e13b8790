"""What `csi index` prints and writes beyond the index: leagues, parts of changes, aggregates."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]
LEAN = ("--draws", "100", "--missing", "pairwise")
WEIGHTS = "name,parent,weight,kind\nA,both,3,company\nB,both,1,company\nboth,,1,industry\n"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_asked_for_is_printed_and_written(csi: Run, small: Path, tmp_path: Path) -> None:
    table, out = tmp_path / "weights.csv", tmp_path / "out"
    table.write_text(WEIGHTS, "utf-8")
    more = ("--ranks", "--change-split", "--aggregate", table)
    done = csi("index", small, *LEAN, *more, "--out", out)
    assert done.exit_code == 0, done.output
    titles = "League table, 2024", "Change from 2023 to 2024", "Rank sets hold together at 95%"
    for words in titles:
        assert words in done.output
    node = next(
        row
        for row in rows(out, "aggregates")
        if row["node"] == "both" and row["year"] == "2024" and row["construct"] == "Satisfaction"
    )
    printed = next(line for line in done.output.splitlines() if line.startswith(" both"))
    assert f"{float(node['index']):.1f}" in printed
    own = {
        row["group"]: float(row["index"])
        for row in rows(out, "index")
        if row["year"] == "2024" and row["construct"] == "Satisfaction"
    }
    assert abs(float(node["index"]) - (3 * own["A"] + own["B"]) / 4) < 1e-9  # by hand
    page = (out / "index.html").read_text("utf-8")
    for key in ("league", "why_changed", "aggregates", "impacts"):
        assert f'<section id="{key}"' in page
    readme = (out / "README.md").read_text("utf-8")
    for name in ("ranks", "leaders", "changes", "rebasing", "aggregates", "impacts"):
        assert f"## {name}.csv" in readme


def test_in_chinese(csi: Run, small: Path) -> None:
    done = csi("index", small, *LEAN, "--ranks", "--change-split", "--lang", "zh")
    assert done.exit_code == 0, done.output
    for words in ("2024年排名", "名次区间", "2023年至2024年变化的构成", "各组合并"):
        assert words in done.output


def test_nothing_more_than_was_asked_for(csi: Run, small: Path) -> None:
    done = csi("index", small, *LEAN)
    assert "League table" not in done.output
    assert "Change from" not in done.output


def test_the_method_of_replicates_is_named(csi: Run, small: Path) -> None:
    """The jackknife is no bootstrap, and the last lines say so."""
    done = csi("index", small, *LEAN, "--replicates", "jackknife")
    assert done.exit_code == 0, done.output
    assert "jackknife, " in done.stderr
    assert "bootstrap" not in done.stderr
    chinese = csi("index", small, *LEAN, "--replicates", "jackknife", "--lang", "zh")
    assert "刀切法" in chinese.stderr


def test_given_figures_of_a_table_are_of_the_index(csi: Run, small: Path, tmp_path: Path) -> None:
    table, out = tmp_path / "weights.csv", tmp_path / "out"
    table.write_text(
        "name,parent,weight,index,se\nboth,,,,\nA,both,0.5,,\nB,both,0.3,,\nC,both,0.2,70,1\n",
        "utf-8",
    )
    done = csi("index", small, *LEAN, "--aggregate", table, "--format", "svg", "--out", out)
    assert done.exit_code == 0, done.output
    own = {
        row["group"]: float(row["index"])
        for row in rows(out, "index")
        if row["year"] == "2024" and row["construct"] == "Satisfaction"
    }
    nodes = {
        row["construct"]: row
        for row in rows(out, "aggregates")
        if row["node"] == "both" and row["year"] == "2024"
    }
    by_hand = 0.5 * own["A"] + 0.3 * own["B"] + 0.2 * 70
    assert abs(float(nodes["Satisfaction"]["index"]) - by_hand) < 1e-9  # the file has all digits
    assert nodes["Satisfaction"]["note"].startswith("given figure: C")
    for construct in set(nodes) - {"Satisfaction"}:
        assert (nodes[construct]["index"], nodes[construct]["note"]) == (
            "",
            "no figure: C without one",
        )


def test_a_short_chinese_table_is_read_in_the_encoding_given(
    csi: Run, small: Path, tmp_path: Path
) -> None:
    """Few characters do not tell GB18030 from Big5; the survey is ASCII, valid in any of them."""
    table, survey = tmp_path / "weights.csv", tmp_path / "survey.csv"
    table.write_bytes("name,parent,weight\n全国,,\nA,全国,1\nB,全国,1\n".encode("gb18030"))
    survey.write_bytes((small / "survey.csv").read_bytes())
    assert survey.read_bytes().isascii()
    model = ("--codebook", small / "codebook.toml", "--model", small / "model.toml")
    args = (survey, *model, *LEAN, "--aggregate", table)
    done = csi("index", *args)
    assert done.exit_code == 2
    assert "its encoding cannot be told" in done.stderr
    done = csi("index", *args, "--encoding", "gb18030")
    assert done.exit_code == 0, done.output
    assert "全国" in done.stdout


def test_a_folder_is_no_table(csi: Run, small: Path) -> None:
    done = csi("index", small, *LEAN, "--aggregate", small)
    assert done.exit_code == 2
    assert "it is a folder; name the file with name, parent and weight" in done.stderr


def test_a_coefficient_that_has_no_effect_is_told(csi: Run, small: Path) -> None:
    done = csi("index", small, *LEAN, "--fay", "0.3")
    assert done.exit_code == 2
    assert "option fay: it has no effect with replicates design" in done.stderr


def test_what_a_table_has_and_nothing_takes_is_told(csi: Run, small: Path, tmp_path: Path) -> None:
    table = tmp_path / "weights.csv"
    lines = [f"{name},both,1,{year},x\n" for year in (2023, 2024, 2031) for name in "AB"]
    table.write_text("name,parent,weight,year,source\nboth,,,,\n" + "".join(lines), "utf-8")
    done = csi("index", small, *LEAN, "--aggregate", table, "--json")
    assert done.exit_code == 0, done.output
    notes = json.loads(done.stdout)["notes"]
    assert "Columns of weights.csv that are not used: source." in notes
    assert "Rows of weights.csv for 2031 are not used: the survey has no such period." in notes
