"""Links of the documentation: those of the Markdown files hold, and the checker sees dead ones."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    spec = spec_from_file_location("check_links", ROOT / "docs" / "check_links.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_links_of_the_markdown_files_lead_somewhere(checker: ModuleType) -> None:
    made_later = ("docs/notebooks/", "docs/reference/generated/")
    assert list(checker.dead_markdown_links(ROOT, made_later)) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<a href="b.html#top">x</a>', []),
        ('<a href="https://example.org/">x</a>', []),
        ('<a href="c.html">x</a>', ["c.html leads to no file"]),
        ('<a href="b.html#gone">x</a>', ["leads to no place"]),
        ('<a href="#gone">x</a>', ["leads to no place"]),
        ('<script src="https://cdn.example/x.js"></script>', ["from the network"]),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', ["from the network"]),
        ('<img src="data:image/png;base64,AA==">', []),
        ('<img src="gone.png">', ["leads to no file"]),
    ],
)
def test_a_dead_link_is_found(
    checker: ModuleType, tmp_path: Path, body: str, words: list[str]
) -> None:
    (tmp_path / "a.html").write_text(f"<html><body>{body}</body></html>", "utf-8")
    (tmp_path / "b.html").write_text('<html><body><p id="top">x</p></body></html>', "utf-8")
    found = list(checker.dead_links(tmp_path))
    assert len(found) == len(words)
    for line, word in zip(found, words, strict=True):
        assert word in line
    assert checker.main([str(tmp_path)]) == int(bool(words))


def test_no_page_at_all_fails(checker: ModuleType, tmp_path: Path) -> None:
    assert checker.main([str(tmp_path)]) == 1


def test_dead_markdown_links_are_found(checker: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(
        "# One `word`, two\n[a](two.md#there) [b](two.md#gone) [c](three.md) [d](#one-word-two)\n"
        "```\n[not a link](four.md)\n```\n",
        "utf-8",
    )
    (tmp_path / "two.md").write_text("## There\n", "utf-8")
    found = list(checker.dead_markdown_links(tmp_path))
    assert found == ["one.md: two.md#gone leads to no heading", "one.md: three.md leads to no file"]
