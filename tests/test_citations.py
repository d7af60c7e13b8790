"""Every source that is cited stands in paper/references.bib, and the bibliography can be read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATED = r"[a-z]+\d{4}[a-z]+"  # tenenhaus2005pls
UNDATED = r"[a-z]+\d{4,}|[a-z]+(?:_[a-z]+)+"  # gbt19038, epsi_approach: standards and web pages
CITATION = re.compile(rf"(?<![\w`])\[({DATED}|{UNDATED})(?:,[^\]]*)?\]")


def entries_of(text: str) -> dict[str, dict[str, str]]:
    """Read BibTeX: each key with its fields; ValueError where it is malformed."""
    entries: dict[str, dict[str, str]] = {}
    place = 0
    while (start := text.find("@", place)) >= 0:
        head = re.compile(r"@(\w+)\s*\{\s*([^,\s{}]+)\s*,").match(text, start)
        if not head:
            raise ValueError(f"no entry can be read at: {text[start : start + 40]!r}")
        key = head.group(2)
        end = closing_brace(text, text.index("{", start))
        if key in entries:
            raise ValueError(f"{key} stands twice")
        entries[key] = dict(fields_of(text[head.end() : end], key)) | {
            "type": head.group(1).lower()
        }
        place = end + 1
    return entries


def closing_brace(text: str, opening: int) -> int:
    """Place of the brace that closes the one at `opening`."""
    depth = 0
    for place in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(f"a brace is not closed: {text[opening : opening + 40]!r}")


def fields_of(body: str, key: str) -> Iterator[tuple[str, str]]:
    """Read the ``name = {value}`` or ``name = "value"`` pairs of one entry."""
    place = 0
    while body[place:].strip(" \t\r\n,"):
        name = re.compile(r"[\s,]*(\w+)\s*=\s*").match(body, place)
        if not name:
            raise ValueError(f"{key}: no field can be read at {body[place : place + 30]!r}")
        if body[name.end()] == "{":
            end = closing_brace(body, name.end())
            value = body[name.end() + 1 : end]
        elif body[name.end()] == '"':
            end = body.index('"', name.end() + 1)
            value = body[name.end() + 1 : end]
        else:
            bare = re.compile(r"\w+").match(body, name.end())
            if not bare:
                raise ValueError(f"{key}: {name.group(1)} has no value")
            end, value = bare.end() - 1, bare.group()
        yield name.group(1).lower(), " ".join(value.split())
        place = end + 1


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every docstring of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "lineno", 1), text


def citations(root: Path) -> dict[str, list[str]]:
    """Every cited key with the places that cite it: docstrings and pages of the documentation."""
    cited: dict[str, list[str]] = {}
    for path in sorted((root / "csi").rglob("*.py")):
        for line, text in docstrings(path):
            for key in CITATION.findall(text):
                cited.setdefault(key, []).append(f"{path.relative_to(root)}:{line}")
    for path in sorted((root / "docs").rglob("*.md")):
        for key in CITATION.findall(path.read_text("utf-8")):
            cited.setdefault(key, []).append(str(path.relative_to(root)))
    return cited


def year_in(key: str) -> str:
    """Return the four digits of a dated key."""
    return re.sub(r"\D", "", key)


@pytest.fixture(scope="module")
def bibliography() -> dict[str, dict[str, str]]:
    return entries_of((ROOT / "paper" / "references.bib").read_text("utf-8"))


def test_every_citation_is_in_the_bibliography(bibliography: dict[str, dict[str, str]]) -> None:
    cited = citations(ROOT)
    assert cited, "no docstring cites a source: is the pattern still right?"
    absent = {key: places for key, places in cited.items() if key not in bibliography}
    assert absent == {}


def test_every_entry_says_who_what_and_when(bibliography: dict[str, dict[str, str]]) -> None:
    assert bibliography
    for key, entry in bibliography.items():
        assert re.fullmatch(f"{DATED}|{UNDATED}", key), f"{key}: use name, year and word"
        assert entry.get("author") or entry.get("editor") or entry.get("organization"), key
        assert entry.get("title"), key
        assert re.fullmatch(DATED, key) is None or entry.get("year") == year_in(key), key


def test_the_reader_reads_a_known_entry() -> None:
    text = '@article{doe2001index,\n author = {Doe, {J}}, title="An {I}ndex",\n year = 2001,\n}'
    assert entries_of(text) == {
        "doe2001index": {
            "author": "Doe, {J}",
            "title": "An {I}ndex",
            "year": "2001",
            "type": "article",
        }
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("@article{doe2001index, title = {A}", "not closed"),
        ("@article doe", "no entry"),
        ("@book{doe2001index, title}", "no field"),
        ("@book{doe2001index, year = {2001}}\n@book{doe2001index, year = {2001}}", "twice"),
    ],
)
def test_a_malformed_bibliography_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        entries_of(text)


def test_a_citation_without_entry_is_found(tmp_path: Path) -> None:
    (tmp_path / "csi").mkdir()
    (tmp_path / "csi" / "x.py").write_text(
        'def f() -> None:\n    """Do x[some_key] [nobody1999nothing, eq. 3] [a_page]."""\n', "utf-8"
    )
    assert citations(tmp_path) == {"nobody1999nothing": ["csi/x.py:1"], "a_page": ["csi/x.py:1"]}
