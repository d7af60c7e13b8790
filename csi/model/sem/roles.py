"""What is wrong with the parts that names play in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from csi.errors import Fault
from csi.model.sem.defaults import Roles
from csi.model.sem.facts import Facts
from csi.model.sem.modifiers import Term
from csi.model.words import remedy


def role_faults(terms: Sequence[Term], roles: Roles, facts: Facts) -> list[Fault]:
    """Return what is wrong with the parts that names play."""
    faults = []
    known = (*roles.constructs, *(roles.items if facts.items is None else facts.items))
    for term in terms:
        where = f"line {term.line}"
        if term.lhs == term.rhs and term.op != "~~":
            what = f"{term.lhs} stands on both sides of {term.op}"
            faults.append(Fault(where, what, "take it out on one side"))
        if term.op == "|":
            faults += _threshold_faults(term, roles)
            continue
        for name in (term.lhs, term.rhs):
            if name and name not in known:
                what = f"{name!r} is neither a construct nor an item"
                faults.append(Fault(where, what, remedy(name, known)))
    for name in _empty(roles):
        line = next(term.line for term in terms if term.op == "=~" and term.lhs == name)
        what = f"construct {name} has no items, not even by way of other constructs"
        faults.append(Fault(f"line {line}", what, "measure it by items"))
    for name, order, used in (
        ("items", facts.items, roles.items),
        ("constructs", facts.constructs, roles.constructs),
    ):
        for extra in (one for one in order or () if one not in used):
            what = f"{extra!r} is none of the {name} of the text"
            faults.append(Fault(f"option {name}", what, remedy(extra, used)))
    if not terms and not faults:
        faults.append(Fault("text", "holds no formula of a model", "write A =~ a1 + a2 + a3"))
    for item in facts.shares or {}:
        if item not in roles.items:
            faults.append(Fault(f"shares of {item}", "is no item", remedy(item, roles.items)))
    return faults


def _threshold_faults(term: Term, roles: Roles) -> list[Fault]:
    where = f"line {term.line}"
    if (
        term.lhs not in roles.items
        or term.lhs not in roles.measured | roles.targets | roles.sources
    ):
        fix = remedy(term.lhs, roles.items)
        return [Fault(where, f"thresholds of {term.lhs!r}, which is no item of the model", fix)]
    if not re.fullmatch(r"t[1-9][0-9]*", term.rhs):
        return [Fault(where, f"{term.rhs!r} is no threshold", "call them t1, t2, ...")]
    return []


def _empty(roles: Roles) -> list[str]:
    """Return constructs that no observed variable measures, in however many steps."""
    filled = set(roles.items)
    for _ in roles.constructs:
        filled |= {name for name, by in roles.measures.items() if filled & set(by)}
    return [name for name in roles.constructs if name not in filled]
