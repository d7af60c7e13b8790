"""The text of the paper holds no number of its own, and names only what is made."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import csi
from paper import prose

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "paper"
TEXT = (PAPER / "paper.typ").read_text("utf-8")
FILES = ("numbers", "tables", "listings", "figures")
MADE: dict[str, Any] = {
    name: json.loads((PAPER / "generated" / f"{name}.json").read_text("utf-8")) for name in FILES
}
KINDS = {"table-of": "tables", "listing": "listings", "drawn": "figures"}
PARTS = {f"{kind} {name}" for kind, file in KINDS.items() for name in MADE[file]} | {"drawn road"}
KEYS = set(re.findall(r"(?m)^@\w+\{([^,\s]+),", (PAPER / "references.bib").read_text("utf-8")))


def test_the_paper_is_without_fault() -> None:
    assert prose.faults(TEXT, MADE["numbers"], PARTS, KEYS) == []


def test_it_looks_up_many_numbers_and_cites_many_sources() -> None:
    assert len(set(prose.lookups(TEXT))) > 80  # the pattern finds them
    assert len({*prose.references(TEXT)} & KEYS) > 50
    assert len(prose.made_parts(TEXT)) > 15


@pytest.mark.parametrize(
    "text",
    [
        "It rose by 4.7 points.",
        "A share of 95 % holds.",
        "With 250 respondents it is so.",
        "It takes 1,000 draws.",
        "In a list: [95].",
        "A formula $x < 0.05$ as well.",
        "A formula with $n = 250$.",
        '#n("known") and 12 others',
    ],
)
def test_a_number_in_the_prose_is_found(text: str) -> None:
    assert len(list(prose.literals(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "From 0 to 100 in 2025.",
        'It is #n("a.b.95").',
        "$x_1 + 2 y = 100$",
        "Said in 1996 @fornell1996american and @chan2003hong.",
        "`n = 250` and\n```\nx = 250\n```",
        "// 250 in a comment",
        'table-of("x", size: 8.5pt)',
        "R2D2 and x86_64 are names",
    ],
)
def test_what_is_no_number_of_the_prose_passes(text: str) -> None:
    assert list(prose.literals(text)) == []


def test_every_exception_is_needed() -> None:
    bare = prose.bare(TEXT, keep_maths=True)
    found = {token.rstrip(".,") for token in re.findall(r"\d[\d.,]*", bare)}
    assert set(prose.ALLOWED) <= found
    assert all(prose.ALLOWED.values())


def test_each_fault_is_told() -> None:
    text = '#n("a") #n("gone"); table-of("t") listing("gone") @doe2001index @known @here <here>'
    faults = prose.faults(text, {"a": {}, "idle": {}}, {"table-of t", "drawn idle"}, {"known"})
    assert faults == [
        'typst swallows the semicolon after #n("gone"): write \\;',
        '#n("gone") is not made',
        "number 'idle' is made and never used",
        "listing gone is shown and not made",
        "drawn idle is made and never shown",
        "@doe2001index is neither a label nor a source",
    ]


def test_names_of_csi_in_the_text_exist() -> None:
    names = set(re.findall(r"`(csi(?:\.\w+)+)", TEXT))
    assert len(names) >= 3
    for name in names:
        thing: Any = csi
        for part in name.split(".")[1:]:
            thing = getattr(thing, part)


def test_letters_are_ones_that_the_fonts_have() -> None:
    """Typst leaves out a glyph without a word; these were looked at in the PDF."""
    known = set("–−±éöåäü²\u00a0…—“”’")
    shown = TEXT + json.dumps(MADE, ensure_ascii=False)
    assert {letter for letter in shown if ord(letter) > 126} <= known
