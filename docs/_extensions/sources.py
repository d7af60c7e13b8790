"""Keys of the bibliography in square brackets become citations that lead to the list of sources.

Pages and docstrings write ``[tenenhaus2005pls]``; the built pages show "(Tenenhaus et al., 2005)".
Keys that are not in ``paper/references.bib`` stay as they are; ``tests/test_citations.py`` finds
them.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

BIBLIOGRAPHY = Path(__file__).parents[2] / "paper" / "references.bib"
_KEY = r"[a-z]+(?:\d{4}[a-z]*|_[a-z_]+|\d+)"
_CITED = re.compile(rf"(?<![\w`\[])\[({_KEY})\](?![(\[])")
_CODE = re.compile(r"(^ *(?:```|~~~).*?^ *(?:```|~~~)|`[^`\n]*`|\$\$.*?\$\$)", re.M | re.S)


def known() -> frozenset[str]:
    """Return the keys of the bibliography."""
    return frozenset(re.findall(r"^@\w+\s*\{\s*([^,\s]+)", BIBLIOGRAPHY.read_text("utf-8"), re.M))


def cited(text: str, keys: frozenset[str], form: str) -> str:
    """Return a text with citations for keys: `form` has a place for the key."""
    return _CITED.sub(lambda found: form.format(found[1]) if found[1] in keys else found[0], text)


def of_page(app: Sphinx, name: str, source: list[str]) -> None:
    """Set the citations of a Markdown page, outside code and formulas."""
    if not str(app.env.doc2path(name)).endswith(".md"):
        return
    pieces = _CODE.split(source[0])
    for place in range(0, len(pieces), 2):
        pieces[place] = cited(pieces[place], known(), "{{cite:p}}`{0}`")
    source[0] = "".join(pieces)


def of_docstring(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Set the citations of a docstring, outside its examples."""
    for number, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            lines[number] = cited(line, known(), ":cite:p:`{0}`")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", of_page)
    app.connect("autodoc-process-docstring", of_docstring, priority=300)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
