"""What `csi index` prints and writes beyond the index: leagues, parts of changes, aggregates."""

import csv
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
    for words in ("2024年排名", "名次区间", "2023年至2024年变化的构成", "全部分组合计"):
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
