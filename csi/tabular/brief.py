"""Values without a view of their own: their fields, arrays and frames by their size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from csi.lazy import lazy_module
from csi.tabular.shown import Shown
from csi.tabular.summary import Fact, Summary
from csi.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy_module("pandas")  # models show themselves too, and need none of it

MOST = 190
"""Most characters of one line."""


def in_short(value: object, language: Language = "en") -> str:
    """Return a value in a few words: arrays and frames by their size, long tuples by their length.

    Examples
    --------
    >>> in_short(np.zeros((3, 2))), in_short(("a", "b")), in_short(0.123456789)
    ('array (3, 2)', 'a, b', '0.1235')
    """
    if isinstance(value, Text):
        return value.within(language)
    if isinstance(value, np.ndarray):
        return f"array {value.shape}" if value.ndim else f"{value.item():.4g}"
    if isinstance(value, pd.DataFrame):
        return f"frame {value.shape}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return _some([str(key) for key in value])
    if isinstance(value, (tuple, list)):
        return _some([in_short(part, language) for part in value])
    return str(value) if isinstance(value, (str, int)) or value is None else _plain(value)


def _some(parts: list[str]) -> str:
    whole = ", ".join(parts)
    return whole if len(whole) <= 60 else f"{len(parts)}: {parts[0]}, ..., {parts[-1]}"


def _plain(value: object) -> str:
    words = repr(value)
    return type(value).__name__ if len(words) > 60 or " at 0x" in words else words


class Brief(Shown):
    """A frozen dataclass whose views list its fields; declare it with ``repr=False``."""

    __slots__ = ()

    def _parts(self, language: Language = "en") -> list[tuple[str, str]]:
        own: Any = self
        return [(part.name, in_short(getattr(own, part.name), language)) for part in fields(own)]

    def __repr__(self) -> str:
        """Say in one line what the fields hold, arrays by their size."""
        whole = f"{type(self).__name__}({', '.join(f'{name}={v}' for name, v in self._parts())})"
        return whole if len(whole) <= MOST else whole[: MOST - 4] + "...)"

    def _summary(self, language: Language) -> Summary:
        facts = tuple(Fact(name, words) for name, words in self._parts(language))
        return Summary(type(self).__name__, facts, language=language)
