"""Formulas and ``#:`` lines, put together into a model."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast, get_args

from csi.model.form import Form, Table
from csi.model.higher import part_pairs
from csi.model.lavaan_lines import Cut, Formula, cut
from csi.model.model import Construct, Kind, Model, Path
from csi.model.words import remedy
from csi.text import Text

_FACTS = ("name", "index", "title", "construct", "path", "order")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Facts:
    """The ``#:`` lines, sorted: single values, and tables with their place."""

    values: dict[str, object] = field(default_factory=dict)
    constructs: list[tuple[str, Table]] = field(default_factory=list)
    paths: list[tuple[str, Table]] = field(default_factory=list)


def plain_kind(operator: str, items: int) -> Kind:
    """Return the kind that a formula stands for where nothing else is said."""
    if operator == "<~":
        return "formative"
    return "single" if items == 1 else "reflective"


def read_lavaan(text: str, *, index: str | None, name: str | None) -> Model:
    """Return the model in lavaan-style text; see `csi.model.lavaan_form.model_from_lavaan`."""
    form = Form()
    parts = cut(text)
    form.faults.extend(parts.faults)
    facts = _sorted_facts(parts, form)
    constructs = _with_facts(_constructs(parts.formulas, form), facts, form)
    drawn = _paths(parts.formulas, constructs, facts, form)
    paths = _ordered(drawn, facts.values.get("order"), form)
    named = form.text(facts.values, "index", "#: index", index or "")
    called = form.text(facts.values, "name", "#: name", name or "model")
    title = form.wording(facts.values, "title", "#: title")
    _check_index(named, index, constructs, form)
    form.close()
    return Model(constructs, paths, named, called, title)


def _check_index(
    named: str, asked: str | None, constructs: Iterable[Construct], form: Form
) -> None:
    """Note an index that is not named, or named in two ways."""
    names = ", ".join(construct.name for construct in constructs) or "its name"
    if not named:
        fix = f'add a line #: index = "..." or pass index="..." ({names})'
        form.fault("index", "the text does not name the index construct", fix)
    elif asked and asked != named:
        what = f"the text says {named!r}, the call says {asked!r}"
        form.fault("index", what, "leave one of them out")


def _sorted_facts(parts: Cut, form: Form) -> _Facts:
    """Return the ``#:`` lines as values."""
    facts = _Facts()
    for number, line in parts.facts:
        where = f"line {number}"
        try:
            table = tomllib.loads(line)
        except (ValueError, RecursionError):  # also numbers of thousands of digits
            form.fault(where, f"'#: {line}' cannot be read", 'write it as #: index = "..."')
            continue
        form.known_keys(table, _FACTS, where)
        for key, value in table.items():
            if key in ("construct", "path"):
                if isinstance(value, dict):
                    (facts.constructs if key == "construct" else facts.paths).append((where, value))
                else:
                    form.fault(where, f"{key} is {value!r}", f'write {key} = {{ ... = "..." }}')
            elif key in facts.values:
                form.fault(where, f"{key} is given twice", "give it once")
            else:
                facts.values[key] = value
    return facts


def _constructs(formulas: Iterable[Formula], form: Form) -> list[Construct]:
    """Return the constructs that ``=~`` and ``<~`` define."""
    measured = [formula for formula in formulas if formula.operator != "~"]
    names = {formula.left[0] for formula in measured}
    found = []
    for formula in measured:
        name, right = formula.left[0], formula.right
        parts = tuple(part for part in right if part in names and part != name)
        items = tuple(item for item in right if item not in parts)
        if parts and items:
            what = f"{', '.join(parts)} is a construct and {', '.join(items)} is an item"
            form.fault(f"line {formula.line}", what, "name constructs only, or items only")
            parts = ()
        kind = plain_kind(formula.operator, max(len(right), 2 if parts else 0))
        found.append(Construct(name, () if parts else right, kind, parts=parts))
    return found


def _with_facts(constructs: list[Construct], facts: _Facts, form: Form) -> list[Construct]:
    """Return the constructs with the kinds and labels of the ``#:`` lines."""
    plain = {construct.name: construct.kind for construct in constructs}
    told: dict[str, tuple[Kind, Text]] = {}
    for where, table in facts.constructs:
        form.known_keys(table, ("name", "kind", "label"), where)
        name = form.text(table, "name", where)
        if name not in plain:
            form.fault(where, f"no formula defines construct {name!r}", remedy(name, plain))
            continue
        kind = cast(Kind, form.choice(table, "kind", where, get_args(Kind), plain[name]))
        told[name] = (kind, form.wording(table, "label", where))
    return [
        Construct(c.name, c.items, *told.get(c.name, (c.kind, c.label)), c.parts)
        for c in constructs
    ]


def _paths(
    formulas: Iterable[Formula], constructs: Iterable[Construct], facts: _Facts, form: Form
) -> list[Path]:
    """Return the paths that ``~`` draws, with the signs and marks of the ``#:`` lines.

    Arrows between constructs of constructs and their parts come last where ``~`` does not draw
    them.
    """
    special: dict[Pair, Path] = {}
    for where, table in facts.paths:
        for path in form.paths(table, where):
            special[path.source, path.target] = path
    drawn = [
        (source, target)
        for formula in formulas
        if formula.operator == "~"
        for target in formula.left
        for source in formula.right
    ]
    drawn += [pair for pair in part_pairs(constructs) if not {pair, pair[::-1]} & set(drawn)]
    for source, target in special:
        if (source, target) not in drawn:
            what = f"no formula draws {source} -> {target}"
            form.fault("#: path", what, f"write {target} ~ {source}, or take the #: line out")
    return [special.get(pair, Path(*pair)) for pair in drawn]


def _ordered(paths: list[Path], order: object, form: Form) -> list[Path]:
    """Return the paths in the order of the ``#: order`` line, where there is one."""
    if order is None:
        return paths
    by_pair = {(path.source, path.target): path for path in paths}
    pairs = (
        [tuple(pair) for pair in order if isinstance(pair, list)] if isinstance(order, list) else []
    )
    if len(pairs) != len(paths) or set(pairs) != set(by_pair):
        what = "it does not name each path of the formulas once"
        form.fault("#: order", what, "take this line out, or list [source, target] of each path")
        return paths
    return [by_pair[source, target] for source, target in pairs]
