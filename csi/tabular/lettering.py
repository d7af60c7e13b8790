"""Letters of tables: their width on a terminal, and what stands for them in LaTeX."""

from __future__ import annotations

import re
import unicodedata

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
}
_PIECES = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+")


def width_of(text: str) -> int:
    """Count the columns `text` takes on a terminal; Chinese characters take two.

    Examples
    --------
    >>> width_of("满意度"), width_of("index")
    (6, 5)
    """
    marks = sum(unicodedata.combining(letter) != 0 for letter in text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - marks


def short(text: str, most: int = 60) -> str:
    """Return `text`, cut where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 3] + "..."


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` with blanks to `width` columns of a terminal."""
    gap = " " * (width - width_of(text))
    return gap + text if right else text + gap


def centred(text: str, width: int) -> str:
    """Return `text` in the middle of `width` columns, without blanks behind it."""
    return " " * max(0, (width - width_of(text)) // 2) + text


def wrapped(text: str, width: int, *, first: str = "", further: str = "") -> list[str]:
    """Return the lines of a paragraph; Chinese breaks after any character.

    Examples
    --------
    >>> wrapped("one two three", 9, first="[1] ", further="    ")
    ['[1] one', '    two', '    three']
    >>> wrapped("顾客满意度", 4)
    ['顾客', '满意', '度']
    """
    lines, line = [], first
    fresh = True
    for piece in _PIECES.findall(text):
        if piece.isspace():
            line += "" if fresh else " "
            continue
        if not fresh and width_of(line) + width_of(piece) > width:
            lines.append(line.rstrip())
            line = further
        line += piece
        fresh = False
    return [*lines, line.rstrip()]


def latex(text: str) -> str:
    r"""Return `text` with every special character of LaTeX written out; Chinese passes through.

    Examples
    --------
    >>> print(latex("R&D_50% <满意>"))
    R\&D\_50\% \textless{}满意\textgreater{}
    """
    return "".join(_LATEX.get(letter, letter) for letter in " ".join(text.split()))


def markdown(text: str) -> str:
    """Return `text` fit for a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")
