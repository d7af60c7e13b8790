"""What lavaan-style text has no words for: ``#:`` lines of TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

from csi.errors import Fault
from csi.model.form import Form
from csi.model.sem.build import Identification

Defaults = Literal["lavaan", "none"]
"""Whether what need not be written is added as by lavaan's `sem()`, or all is written."""

KEYS = ("name", "index", "groups", "constructs", "items", "means", "identification",
        "defaults", "shares")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """How a text is to be read.

    Attributes
    ----------
    name, index : str
    groups : tuple of str
    constructs, items : tuple of str or None
        Their order, where it is not that of the text.
    means : bool
    identification : {"marker", "standardised"}
    defaults : {"lavaan", "none"}
    shares : mapping of item to tuple of float
        Fixed error variances as shares of the item's variance, group by group.
    """

    name: str = "model"
    index: str = ""
    groups: tuple[str, ...] = ("",)
    constructs: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None
    means: bool = False
    identification: Identification = "marker"
    defaults: Defaults = "lavaan"
    shares: Mapping[str, tuple[float, ...]] | None = None

    def checked(self) -> list[Fault]:
        """Return what is wrong with them."""
        faults = []
        for name, value, kind in (
            ("identification", self.identification, Identification),
            ("defaults", self.defaults, Defaults),
        ):
            if value not in get_args(kind):
                words = " or ".join(get_args(kind))
                faults.append(Fault(f"option {name}", f"{value!r} is not possible", f"use {words}"))
        if not self.groups or len(set(self.groups)) < len(self.groups):
            faults.append(Fault("option groups", "names no group, or one twice", "name each once"))
        for name, names in (("items", self.items), ("constructs", self.constructs)):
            if names is not None and len(set(names)) < len(names):
                faults.append(Fault(f"option {name}", "names one twice", "name each once"))
        for item, values in (self.shares or {}).items():
            if len(values) != len(self.groups) or not all(0 <= value < 1 for value in values):
                what = f"{list(values)} is not one share below 1 for each group"
                faults.append(Fault(f"shares of {item}", what, "try 0.2"))
        return faults


def with_lines(asked: Facts, lines: Sequence[tuple[int, str]], faults: list[Fault]) -> Facts:
    """Return what the call asks for, with what the ``#:`` lines say."""
    form = Form()
    told: dict[str, Any] = {}  # checked key by key in _value
    for number, line in lines:
        where = f"line {number}"
        try:
            table = tomllib.loads(line)
        except (ValueError, RecursionError):
            form.fault(where, f"'#: {line}' cannot be read", 'write it as #: name = "..."')
            continue
        form.known_keys(table, KEYS, where)
        for key in [key for key in table if key in KEYS]:
            told[key] = _value(table, key, where, form)
    faults.extend(form.faults)
    facts = replace(asked, **told)
    if asked.groups not in (("",), facts.groups):
        what = f"the text says {list(facts.groups)}, the call {list(asked.groups)}"
        faults.append(Fault("option groups", what, "leave one of them out"))
    return replace(facts, means=facts.means or asked.means)


def _value(table: Mapping[str, object], key: str, where: str, form: Form) -> object:
    if key in ("name", "index"):
        return form.text(table, key, where)
    if key in ("groups", "constructs", "items"):
        return form.names(table, key, where)
    if key == "means":
        return form.flag(table, key, where, False)
    if key == "identification":
        return form.choice(table, key, where, get_args(Identification), "marker")
    if key == "defaults":
        return form.choice(table, key, where, get_args(Defaults), "lavaan")
    shares: dict[str, tuple[float, ...]] = {}
    given = table[key]
    for item, values in (given if isinstance(given, Mapping) else {"": None}).items():
        listed = values if isinstance(values, list) else [values]
        if all(isinstance(v, int | float) and not isinstance(v, bool) for v in listed):
            shares[str(item)] = tuple(float(cast(float, value)) for value in listed)
        else:
            form.fault(where, f"{key} is {given!r}", f"write {key} = {{ item = [0.2] }}")
    return shares
