"""Names that a model may use, and the nearest known name to a wrong one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def usable(name: object) -> bool:
    """Tell whether `name` can name a construct, an item or a model.

    Letters of any script, digits and ``_`` are allowed, and no digit in front, so that
    the name can be written in TOML, in lavaan text and as a column.

    Examples
    --------
    >>> usable("满意度"), usable("Q1"), usable("1Q"), usable("two words")
    (True, True, False, False)
    """
    return isinstance(name, str) and name.isidentifier()


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Return the name in `known` most like `word`, or None where none is near.

    Examples
    --------
    >>> nearest("satisfacton", ["Loyalty", "Satisfaction"])
    'Satisfaction'
    """
    by_key = {name.casefold(): name for name in reversed([str(k) for k in known])}
    found = get_close_matches(str(word).casefold(), by_key, n=1, cutoff=0.6)
    return by_key[found[0]] if found else None


def remedy(word: object, known: Iterable[str]) -> str:
    """Return how to go on from an unknown `word`: the nearest name and all names.

    Examples
    --------
    >>> remedy("Imge", ["Image", "Value"])
    'did you mean Image? Known: Image, Value'
    """
    names = list(known)
    close = nearest(word, names)
    listed = ", ".join(names) or "none"
    return f"did you mean {close}? Known: {listed}" if close else f"known: {listed}"
