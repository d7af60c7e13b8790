"""Plain values as TOML text: strings, flags, lists and inline tables on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def toml_value(value: object) -> str:
    """Return a plain value as TOML, on one line.

    Raises
    ------
    TypeError
        For a value TOML has no form for.

    Examples
    --------
    >>> print(toml_value({"en": "Value", "zh": "感知价值"}))
    { en = "Value", zh = "感知价值" }
    >>> print(toml_value(["a", 1, 2.5, True]))
    ["a", 1, 2.5, true]
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(entry) for entry in value)}]"
    if isinstance(value, Mapping):
        pairs = ", ".join(toml_pair(str(key), entry) for key, entry in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    raise TypeError(f"no TOML form for {type(value).__name__}")


def toml_pair(key: str, value: object) -> str:
    """Return ``key = value``, the key quoted where it must be.

    Examples
    --------
    >>> print(toml_pair("98", "dont_know"), toml_pair("不知道", 1))
    98 = "dont_know" "不知道" = 1
    """
    return f"{key if _BARE.match(key) else toml_value(key)} = {toml_value(value)}"
