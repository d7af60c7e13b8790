"""Terms of a formula: a name, and what stands in front of it (``0.5*``, ``NA*``, ``a*``, ...)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from csi.errors import Fault
from csi.model.sem.lines import Statement, pieces_of

_NAME = re.compile(r"(?:[^\W\d]|\.(?=[^\W\d]))[\w.]*\Z")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\Z")
_CALL = re.compile(r"(c|start|equal|label|lower|upper)\s*\((.*)\)\Z", re.DOTALL)
_FIX = (
    'write numbers, NA, labels, c(...), start(...), equal("..."), lower(...) or upper(...) '
    "before the name"
)

Given = dict[str, float | str | None]
"""What is said of a parameter in one group: ``fixed`` (None: free), ``label``, ``start``,
``equal``, ``lower``, ``upper``."""


@dataclass(frozen=True, slots=True)
class Term:
    """One parameter of the text.

    Attributes
    ----------
    line : int
    lhs, op, rhs : str
    given : tuple of dict
        What is said of it, group by group.
    """

    line: int
    lhs: str
    op: str
    rhs: str
    given: tuple[Given, ...]

    @property
    def name(self) -> str:
        """The parameter in words."""
        return f"{self.lhs} {self.op} {self.rhs}".strip()


def is_name(text: str) -> bool:
    """Tell whether a text can name a variable: letters of any script, digits, ``_`` and dots.

    Examples
    --------
    >>> is_name("Q1"), is_name("x.1"), is_name("1x"), is_name("two words")
    (True, True, False, False)
    """
    return bool(_NAME.match(text)) and text != "NA"


def terms_of(statement: Statement, groups: int, faults: list[Fault]) -> list[Term]:
    """Return the terms of a formula ``=~``, ``~``, ``~~``, ``~1`` or ``|``.

    A name that comes twice in one formula is one term where both say something else of it:
    ``a*x + start(0.5)*x``.
    """
    where = statement.where
    lefts = pieces_of(statement.left, "+")
    wrong = [name for name in lefts if not is_name(name)]
    for name in wrong:
        what = f"{name!r} is not a usable name" if name else "a name is missing"
        faults.append(Fault(where, what, "use letters, digits, _ and dots, no digit in front"))
    found: dict[str, list[tuple[Given, ...]]] = {}
    for text in pieces_of(statement.right, "+"):
        read = _term(text, statement, groups, faults)
        if read is not None:
            found.setdefault(read[0], []).append(read[1])
    terms = []
    for lhs in lefts:
        if lhs in wrong:
            continue
        for rhs, said in found.items():
            op = "~1" if rhs == "1" else statement.operator
            name = f"{lhs} {op} {'' if rhs == '1' else rhs}".strip()
            given = _merged(said, name, where, faults)
            terms.append(Term(statement.line, lhs, op, "" if rhs == "1" else rhs, given))
    return terms


def _term(
    text: str, statement: Statement, groups: int, faults: list[Fault]
) -> tuple[str, tuple[Given, ...]] | None:
    """Return name and modifiers of one term."""
    where = statement.where
    *modifiers, name = pieces_of(text, "*")
    intercept = statement.operator == "~" and name in ("1", "0")
    if name == "0" and intercept:  # as lavaan: the intercept is 0
        modifiers, name = [*modifiers, "0"], "1"
    if not name:
        faults.append(Fault(where, f"a name is missing in {statement.right!r}", "add it"))
        return None
    if not is_name(name) and not intercept:
        what = f"{name!r} is not a usable name"
        faults.append(Fault(where, what, "use letters, digits, _ and dots, no digit in front"))
        return None
    said = []
    for modifier in modifiers:
        given = _modifier(modifier, groups)
        if isinstance(given, str):
            faults.append(Fault(where, f"{modifier!r} before {name} {given}", _FIX))
        else:
            said.append(given)
    return name, _merged(said or [_nothing(groups)], f"{name}", where, faults)


def _nothing(groups: int) -> tuple[Given, ...]:
    return tuple({} for _ in range(groups))


def _merged(
    said: list[tuple[Given, ...]], name: str, where: str, faults: list[Fault]
) -> tuple[Given, ...]:
    """Put what is said of one parameter together."""
    merged: list[Given] = [{} for _ in said[0]]
    fix = "say each thing once"
    if len(said) > 1 and not all(any(given) for given in said):
        faults.append(Fault(where, f"{name} comes twice", "take one out"))
        return said[0]
    for given in said:
        for into, new in zip(merged, given, strict=True):
            twice = [key for key in new if key in into and new[key] != into[key]]
            if twice:
                faults.append(Fault(where, f"{name} has two values of {twice[0]}", fix))
            into.update(new)
    return tuple(merged)


def _modifier(text: str, groups: int) -> tuple[Given, ...] | str:
    """Return what a modifier says in each group, or what is wrong with it."""
    called = _CALL.match(text)
    if not called:
        given = _plain(text)
        return "is not a modifier" if given is None else tuple(dict(given) for _ in range(groups))
    kind, inner = called.groups()
    if kind != "c" and (vector := _CALL.match(inner.strip())):
        if vector.group(1) != "c":
            return "is not a modifier"
        inner = vector.group(2)
    values = pieces_of(inner, ",")
    if kind != "c" and len(values) == 1:
        values = values * groups
    if len(values) != groups:
        return f"has {len(values)} values for {groups} group{'s' if groups > 1 else ''}"
    read = [_plain(value) if kind == "c" else _named(kind, value) for value in values]
    if kind == "c" and any(given and "label" in given for given in read):
        if any(given and given.get("fixed") is not None for given in read):
            return "mixes numbers and labels: write two, such as c(0.5, NA)*c(NA, a)*x"
        read = [{} if given == {"fixed": None} else given for given in read]
    if any(given is None for given in read):
        return "holds what it cannot hold"
    return tuple(given for given in read if given is not None)


def _plain(text: str) -> Given | None:
    if text == "NA":
        return {"fixed": None}
    if _NUMBER.match(text):
        return {"fixed": float(text)}
    word = _unquoted(text)
    return {"label": word} if is_name(word) else None


def _named(kind: str, text: str) -> Given | None:
    if text == "NA":
        return {}
    if kind in ("label", "equal"):
        word = _unquoted(text)
        return {kind: word} if kind == "equal" or is_name(word) else None
    return {kind: float(text)} if _NUMBER.match(text) else None


def _unquoted(text: str) -> str:
    return (
        text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    )


def duplicates(terms: Iterable[Term]) -> list[Fault]:
    """Return a fault for each parameter that comes again."""
    seen: dict[tuple[str, str, str], int] = {}
    faults = []
    for term in terms:
        lhs, rhs = sorted((term.lhs, term.rhs)) if term.op == "~~" else (term.lhs, term.rhs)
        if (lhs, term.op, rhs) in seen:
            what = f"{term.name} stands in line {seen[lhs, term.op, rhs]} already"
            faults.append(Fault(f"line {term.line}", what, "take one of them out"))
        seen.setdefault((lhs, term.op, rhs), term.line)
    return faults
