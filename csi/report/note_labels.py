"""Labels for the codes of groups, keys and constructs that notes name."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BEFORE, _AFTER = r"(?<!--by )(?<!--group )(?<![\w.\-/@])", r"(?![\w\-/@]|\.\w)"


def with_labels(note: str, labels: Mapping[str, str]) -> str:
    """Return a Chinese note with labels in the place of codes.

    Parameters
    ----------
    note : str
    labels : mapping of str to str
        Labels by code. A code of one sign or of figures only could be something else in a note
        and stays, and so does what stands in a command, a file name or a name of an item.

    Examples
    --------
    >>> with_labels("最低：sorbeck（用 --by year 检验）", {"sorbeck": "索柏", "year": "年"})
    '最低：索柏（用 --by year 检验）'
    """
    for code, label in sorted(labels.items(), key=lambda pair: -len(pair[0])):
        if len(code) < 2 or code.isdigit() or not label or label == code:
            continue
        whole = re.compile(_BEFORE + re.escape(code) + _AFTER, re.ASCII)
        note = whole.sub(label.replace("\\", r"\\"), note)
    return _CLOSE.sub("", note)


_CLOSE = re.compile(r"(?<=[一-鿿）]) (?=[一-鿿（])")
"""A space between two Chinese signs."""
