"""Values that hold read-only mappings, made fit for copying and for other processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def frozen_map(values: Mapping[Key, Value]) -> Mapping[Key, Value]:
    """Return a read-only copy of a mapping."""
    return MappingProxyType(dict(values))


def _built(kind: Callable[..., Any], parts: dict[str, Any]) -> Any:
    return kind(**parts)


class Portable:
    """A frozen dataclass that can be pickled and copied although it holds read-only mappings."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Tell pickle to build the value anew, which locks it again."""
        parts: dict[str, Any] = {}
        for part in fields(self):  # type: ignore[arg-type]
            value = getattr(self, part.name)
            parts[part.name] = dict(value) if isinstance(value, MappingProxyType) else value
        return _built, (type(self), parts)
