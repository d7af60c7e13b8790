"""Lavaan-style text, cut into formulas and ``#:`` lines with their line numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from csi.errors import Fault
from csi.model.words import usable

_OPERATORS = re.compile(r"=~|<~|~\*~|~~|:=|==|<=|>=|[~<>|=]")
_SUPPORTED = ("=~", "<~", "~")
_MEANING = {
    "~~": "covariances (~~)",
    "~*~": "scaling factors (~*~)",
    ":=": "defined parameters (:=)",
    "==": "constraints (==)",
    "<": "constraints (<)",
    ">": "constraints (>)",
    "<=": "constraints (<=)",
    ">=": "constraints (>=)",
    "|": "thresholds (|)",
}


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula: names left of the operator, and names right of it.

    Attributes
    ----------
    line : int
        Line it begins in, counted from 1.
    left, right : tuple of str
    operator : str
        ``=~``, ``<~`` or ``~``.
    """

    line: int
    left: tuple[str, ...]
    operator: str
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Text cut into its formulas and ``#:`` lines, with what could not be read."""

    formulas: tuple[Formula, ...]
    facts: tuple[tuple[int, str], ...]
    faults: tuple[Fault, ...]


def cut(text: str) -> Cut:
    r"""Cut lavaan-style text into formulas and ``#:`` lines.

    Examples
    --------
    >>> cut("A =~ a1 +\n  a2  # comment").formulas
    (Formula(line=1, left=('A',), operator='=~', right=('a1', 'a2')),)
    """
    facts: list[tuple[int, str]] = []
    pieces: list[tuple[int, str]] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        stripped = line.strip()
        if stripped.startswith("#:"):
            facts.append((number, stripped[2:].strip()))
            continue
        for piece in re.split(r"[#!]", line, maxsplit=1)[0].split(";"):
            if piece := piece.strip():
                _append(pieces, number, piece)
    read = [_formula(number, piece) for number, piece in pieces]
    return Cut(
        formulas=tuple(formula for formula in read if isinstance(formula, Formula)),
        facts=tuple(facts),
        faults=tuple(fault for faults in read if isinstance(faults, list) for fault in faults),
    )


def _append(pieces: list[tuple[int, str]], number: int, piece: str) -> None:
    """Add a formula, or go on with the one before where it is not finished."""
    unfinished = bool(pieces) and pieces[-1][1].endswith(("+", "~", "*"))
    if pieces and not _OPERATORS.search(piece) and (unfinished or piece.startswith("+")):
        begun, before = pieces[-1]
        pieces[-1] = (begun, f"{before} {piece}")
    else:
        pieces.append((number, piece))


def _formula(number: int, piece: str) -> Formula | list[Fault]:
    """Return one formula, or what is wrong with it."""
    where = f"line {number}"
    found = _OPERATORS.findall(piece)
    if not found:
        fix = "write =~ (items), <~ (formative items) or ~ (paths)"
        return [Fault(where, f"no operator in {piece!r}", fix)]
    strange = next((operator for operator in found if operator not in _SUPPORTED), None)
    if strange in _MEANING:
        what = f"{_MEANING[strange]} are not supported yet: {piece!r}"
        return [Fault(where, what, "take this line out")]
    if strange or len(found) > 1:
        what = f"{len(found)} operators in {piece!r}" if len(found) > 1 else f"'=' in {piece!r}"
        return [Fault(where, what, "write one formula a line, with =~, <~ or ~")]
    left, right = piece.split(found[0])
    faults: list[Fault] = []
    formula = Formula(number, _names(left, where, faults), found[0], _names(right, where, faults))
    if found[0] != "~" and len(formula.left) > 1:
        what = f"several constructs left of {found[0]}"
        faults.append(Fault(where, what, "write one line for each construct"))
    return faults or formula


def _names(side: str, where: str, faults: list[Fault]) -> tuple[str, ...]:
    """Return the names joined by ``+``; note what is no plain name."""
    names = tuple(term.strip() for term in side.split("+"))
    for name in names:
        if not name:
            what = f"a name is missing in {side.strip()!r}" if side.strip() else "a side is empty"
            faults.append(Fault(where, what, "write names joined by +"))
        elif "*" in name:
            what = f"coefficients and labels (*) are not supported yet: {name!r}"
            faults.append(Fault(where, what, "write the name alone"))
        elif name.isdecimal():
            what = f"intercepts are not supported yet: {name!r}"
            faults.append(Fault(where, what, "take the number out"))
        elif not usable(name):
            what = f"{name!r} is not a usable name"
            fix = "use letters of any script, digits and _, no digit in front"
            faults.append(Fault(where, what, fix))
    return names
