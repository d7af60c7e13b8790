"""A TOML table read field by field, with every fault noted instead of raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from csi.errors import Fault
from csi.survey.cells import nearest, text_of
from csi.text import Text


@dataclass(slots=True)
class Fields:
    """One table of a TOML file, its place in words, and the list its faults go to.

    Attributes
    ----------
    table : mapping
        What the file holds.
    where : str
        Place of the table, for messages.
    faults : list of Fault
        Shared by all tables of a file.
    read : set of str
        Fields asked for so far; the others are unknown.
    """

    table: Mapping[str, Any]
    where: str
    faults: list[Fault]
    read: set[str] = field(default_factory=set)

    def fault(self, name: str, what: str, fix: str) -> None:
        """Note a fault of one field."""
        self.faults.append(Fault(f"{self.where}, {name}" if name else self.where, what, fix))

    def value(self, name: str) -> Any:
        """Return the field as it stands, None where it is not written."""
        self.read.add(name)
        return self.table.get(name)

    def finish(self) -> None:
        """Note every field nobody asked for."""
        for name in self.table:
            if name not in self.read:
                self.fault(name, "unknown entry", nearest(name, sorted(self.read)))

    def string(self, name: str, default: str = "") -> str:
        """Return a string field."""
        found = self.value(name)
        if found is None:
            return default
        if not isinstance(found, str):
            self.fault(name, f"{found!r} is not text", 'put it in quotes, such as "Q1"')
            return default
        return found

    def optional(self, name: str) -> str | None:
        """Return a string field, None where it is not written."""
        return self.string(name) if self.value(name) is not None else None

    def number(self, name: str) -> float | None:
        """Return a number field, None where it is not written or not a number."""
        found = self.value(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            self.fault(name, f"{found!r} is not a number", "write a number without quotes")
            return None
        try:
            return float(found)
        except OverflowError:
            self.fault(name, "the number is too large", "write one that a scale may have")
            return None

    def truth(self, name: str) -> bool:
        """Return a true/false field, False where it is not written."""
        found = self.value(name)
        if found is not None and not isinstance(found, bool):
            self.fault(name, f"{found!r} is neither true nor false", "write true or false")
            return False
        return bool(found)

    def strings(self, name: str) -> tuple[str, ...]:
        """Return a list of texts or whole numbers as texts; one text alone is a list of one."""
        found = self.value(name)
        if found is None:
            return ()
        entries = [found] if isinstance(found, (str, int)) else found
        plain = isinstance(entries, list) and all(map(_is_code, entries))
        if not plain:
            self.fault(name, f"{found!r} is not a list of texts", 'write it as ["a", "b"]')
            return ()
        return tuple(map(text_of, entries))

    def numbers(self, name: str) -> tuple[float, ...]:
        """Return a list of numbers; empty where it is not written."""
        found = self.value(name)
        if found is None:
            return ()
        plain = isinstance(found, list) and all(
            isinstance(entry, (int, float)) and not isinstance(entry, bool) for entry in found
        )
        if not plain:
            self.fault(name, f"{found!r} is not a list of numbers", "write it as [0.5, 0.5]")
            return ()
        try:
            return tuple(map(float, found))
        except OverflowError:
            self.fault(name, "a number is too large", "correct it")
            return ()

    def text(self, name: str) -> Text:
        """Return a wording: a plain string (English) or a table with ``en`` and ``zh``."""
        found = self.value(name)
        if found is None or isinstance(found, str):
            return Text.of(found)
        if isinstance(found, dict):
            inner = Fields(found, f"{self.where}, {name}", self.faults)
            words = Text(inner.string("en"), inner.string("zh"))
            inner.finish()
            return words
        self.fault(name, f"{found!r} is not a wording", 'write it as { en = "...", zh = "..." }')
        return Text()

    def child(self, name: str) -> Fields | None:
        """Return a table inside this one, None where it is not written."""
        found = self.value(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            self.fault(name, f"{found!r} is not a table", f"write [{name}] or {name} = {{ ... }}")
            return None
        return Fields(found, f"{self.where}, {name}", self.faults)

    def children(self, name: str) -> Iterable[Fields]:
        """Return the tables of an array ``[[name]]``, each called by its number and name."""
        found = self.value(name)
        if found is None:
            return ()
        if not (isinstance(found, list) and all(isinstance(entry, dict) for entry in found)):
            self.fault(name, "it is not a list of tables", f"write [[{name}]] before each entry")
            return ()
        places = (
            f"{self.where}, {name} {number} ({entry.get('name', 'no name')})"
            for number, entry in enumerate(found, 1)
        )
        return [
            Fields(entry, place, self.faults) for entry, place in zip(found, places, strict=True)
        ]


def _is_code(value: object) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)
