"""Lavaan-style text, cut into statements and terms with their line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from csi.errors import Fault

OPERATORS = ("=~", "~~", ":=", "==", "~", "|", "<", ">")
_OPERATOR = re.compile(r"=~|<~|~\*~|~~|:=|==|<=|>=|[~<>|=]")
_STRANGE = {
    "<~": "composites (<~) have no place in a covariance fit",
    "~*~": "scaling factors (~*~) are not supported",
    "<=": "'<=' is not an operator of the text",
    ">=": "'>=' is not an operator of the text",
    "=": "'=' is not an operator of the text",
}
_GOES_ON = ("+", "*", ",", "(", "=~", "~~", "~", ":=", "==", "|", "<", ">", "-", "/", "^")
_BEGINS_LATE = ("+", "*", "=~", "~", "|", ":=", "==", "<", ">", ")")


@dataclass(frozen=True, slots=True)
class Statement:
    """One formula of the text.

    Attributes
    ----------
    line : int
        Line it begins in, counted from 1.
    left, operator, right : str
    """

    line: int
    left: str
    operator: str
    right: str

    @property
    def where(self) -> str:
        """The line in words."""
        return f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Statements:
    """The formulas of a text, its ``#:`` lines, and what could not be read."""

    formulas: tuple[Statement, ...]
    facts: tuple[tuple[int, str], ...]
    faults: tuple[Fault, ...]


def statements(text: str) -> Statements:
    r"""Cut a text into its formulas.

    ``#`` and ``!`` begin comments, ``;`` and line ends separate formulas; a formula goes on after
    an operator, a comma or an open bracket, and where the next line begins with one.

    Examples
    --------
    >>> [(s.line, s.left, s.operator, s.right) for s in statements("A =~ a1 +\n 2*a2 # x").formulas]
    [(1, 'A', '=~', 'a1 + 2*a2')]
    """
    facts: list[tuple[int, str]] = []
    pieces: list[tuple[int, str]] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        stripped = line.strip()
        if stripped.startswith("#:"):
            facts.append((number, stripped[2:].strip()))
            continue
        for k, piece in enumerate(_cut(_without_comment(line), ";")):
            if piece.strip():
                _append(pieces, number, piece.strip(), new=k > 0)
    read = [_statement(number, piece) for number, piece in pieces]
    return Statements(
        formulas=tuple(found for found in read if isinstance(found, Statement)),
        facts=tuple(facts),
        faults=tuple(found for found in read if isinstance(found, Fault)),
    )


def pieces_of(text: str, sign: str) -> list[str]:
    """Cut a text at a sign outside brackets, quotation marks and numbers such as ``1e+5``.

    Examples
    --------
    >>> pieces_of("a + c(1, 2)*b", "+")
    ['a', 'c(1, 2)*b']
    """
    return [piece.strip() for piece in _cut(text, sign)]


def _outside(text: str) -> Iterator[tuple[int, str]]:
    """Yield the signs outside brackets and quotation marks, with their places."""
    depth, quote = 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(depth - 1, 0)
        elif not depth:
            yield at, sign


def _cut(text: str, sign: str) -> list[str]:
    places = [
        at
        for at, found in _outside(text)
        if found == sign and not (sign in "+-" and re.search(r"(?<![\w.])[0-9.]+[eE]\Z", text[:at]))
    ]
    starts, ends = [0, *(at + 1 for at in places)], [*places, len(text)]
    return [text[a:b] for a, b in zip(starts, ends, strict=True)]


def _without_comment(line: str) -> str:
    quote = ""
    for at, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "#!":
            return line[:at]
    return line


def _operators(piece: str) -> list[re.Match[str]]:
    open_ = {at for at, _ in _outside(piece)}
    return [found for found in _OPERATOR.finditer(piece) if found.start() in open_]


def _append(pieces: list[tuple[int, str]], number: int, piece: str, *, new: bool) -> None:
    """Add a formula, or go on with the one before where it is not finished."""
    if pieces and not new:
        begun, before = pieces[-1]
        inside = before.count("(") > before.count(")")
        unfinished = before.endswith(_GOES_ON) and not _operators(piece)
        late = piece.startswith(_BEGINS_LATE) and len(_operators(f"{before} {piece}")) <= 1
        if inside or unfinished or late:
            pieces[-1] = (begun, f"{before} {piece}")
            return
    pieces.append((number, piece))


def _statement(number: int, piece: str) -> Statement | Fault:
    where = f"line {number}"
    found = _operators(piece)
    known = ", ".join(OPERATORS)
    if piece.count("(") != piece.count(")"):
        return Fault(where, f"brackets do not match in {piece!r}", "close each bracket")
    if not found:
        return Fault(where, f"no operator in {piece!r}", f"use one of {known}")
    strange = next((_STRANGE[op.group()] for op in found if op.group() in _STRANGE), "")
    if strange:
        return Fault(where, f"{strange}: {piece!r}", f"use one of {known}")
    if len(found) > 1:
        return Fault(where, f"{len(found)} operators in {piece!r}", "write one formula a line")
    left, right = piece[: found[0].start()].strip(), piece[found[0].end() :].strip()
    if not left or not right:
        return Fault(where, f"a side is empty in {piece!r}", "write names on both sides")
    return Statement(number, left, found[0].group(), right)
