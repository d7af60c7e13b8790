"""What the text of the paper may hold: no number of its own, and only names and keys that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

ALLOWED: Mapping[str, str] = {
    "0": "end of the index scale",
    "100": "end of the index scale, and what a share in percent is of",
    "1": "end of answer scales, and ordinals",
    "10": "end of answer scales",
}
"""Numbers that the prose may hold as they stand, each with the reason."""

YEAR = re.compile(r"(?:19|20)\d\d")
NUMERAL = re.compile(r"(?<![\w.])\d[\d,.]*(?<![.,])(?:\s?%)?")
LOOKUP = re.compile(r'#n\("([^"]+)"\)')
PART = re.compile(r'\b(table-of|listing|drawn)\("([^"]+)"[^)]*\)')
SWALLOWED = re.compile(r'(#n\("[^"]+"\));')
CITED = re.compile(r"(?<![\w#])@([A-Za-z](?:[\w:.-]*\w)?)")
LABEL = re.compile(r"<([A-Za-z][\w:-]*)>")


def lookups(text: str) -> list[str]:
    """Return the names that the text looks up, in order."""
    return LOOKUP.findall(text)


def made_parts(text: str) -> list[str]:
    """Return the tables, listings and figures that the text shows, such as ``listing read``."""
    return [f"{kind} {name}" for kind, name in PART.findall(text)]


def references(text: str) -> list[str]:
    """Return every ``@key``: labels of the text and keys of the bibliography."""
    return CITED.findall(without_code(text))


def labels(text: str) -> set[str]:
    """Return the labels that the text sets."""
    return set(LABEL.findall(text))


def bare(text: str, *, keep_maths: bool) -> str:
    """Return prose only: without comments, code, settings of typst and, if asked, without maths."""
    text = without_code(text)
    text = re.sub(r'#image\([^)]*\)|#v\([^)]*\)|#h\([^)]*\)|#import "[^"]*"[^\n]*', " ", text)
    text = re.sub(r"(?m)^#(?:show|set|let)\b.*$", " ", text)
    text = LOOKUP.sub(" ", text)
    text = PART.sub(" ", text)
    if not keep_maths:
        text = re.sub(r"\$[^$]*\$", " ", text)
    return re.sub(r"@[A-Za-z](?:[\w:.-]*\w)?(?:\[[^\]]*\])?|<[A-Za-z][\w:-]*>", " ", text)


def without_code(text: str) -> str:
    """Return the text without comments and code."""
    text = re.sub(r"(?m)^\s*//.*$", " ", text)
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    return re.sub(r"`[^`\n]*`", " ", text)


def literals(text: str) -> Iterator[str]:
    """Yield each number that the prose holds by itself, with its surroundings.

    In maths, whole numbers below ten and 100 belong to formulae; decimals and shares do not.
    """
    prose = bare(text, keep_maths=False)
    for found in NUMERAL.finditer(prose):
        token = found.group().rstrip(".,")
        if token in ALLOWED or YEAR.fullmatch(token):
            continue
        yield f"{token!r} in ...{prose[max(0, found.start() - 40) : found.end() + 20]!r}"
    for formula in re.findall(r"\$([^$]*)\$", bare(text, keep_maths=True)):
        for token in re.findall(r"\d[\d.,]*", formula):
            token = token.rstrip(".,")
            if not (re.fullmatch(r"\d", token) or token in ALLOWED):
                yield f"{token!r} in the formula {formula!r}"


def faults(text: str, numbers: Mapping[str, object], parts: set[str], keys: set[str]) -> list[str]:
    """Return everything wrong with the text, given what is made and the bibliography's keys."""
    used, shown = lookups(text), made_parts(text)
    known = labels(text) | keys
    return [
        *(
            f"typst swallows the semicolon after {name}: write \\;"
            for name in SWALLOWED.findall(text)
        ),
        *(f"the text holds a number of its own: {token}" for token in literals(text)),
        *(f'#n("{name}") is not made' for name in sorted({*used} - {*numbers})),
        *(f"number {name!r} is made and never used" for name in sorted({*numbers} - {*used})),
        *(f"{name} is shown and not made" for name in sorted({*shown} - parts)),
        *(f"{name} is made and never shown" for name in sorted(parts - {*shown})),
        *(f"@{key} is neither a label nor a source" for key in sorted({*references(text)} - known)),
    ]
