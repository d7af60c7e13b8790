"""Words to write a model with: constructs and their items, paths and their signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from csi.errors import ModelError
from csi.model.parts import Construct, Kind, Path, Sign
from csi.text import Text

Words = Text | str | Mapping[str, str] | None
"""A label: a `Text`, English words, or a mapping ``{"en": ..., "zh": ...}``."""


def items(stem: str, first: int, last: int) -> tuple[str, ...]:
    """Return numbered item names.

    Examples
    --------
    >>> items("IMAG", 1, 3)
    ('IMAG1', 'IMAG2', 'IMAG3')
    """
    if last < first:
        raise ModelError(
            f"items {stem!r}: {first} to {last} is empty; put the smaller number first"
        )
    return tuple(f"{stem}{number}" for number in range(first, last + 1))


def reflective(name: str, items: str | Iterable[str], *, label: Words = None) -> Construct:
    """Return a construct seen in its items: a common factor (mode A; PLSc corrects it).

    Parameters
    ----------
    name : str
        Letters of any script, digits and ``_``.
    items : str or iterable of str
        Item names, in order; a string is one item.
    label : Text or str or mapping, optional
        Words for tables and charts.
    """
    return _construct(name, items, "reflective", label)


def composite(name: str, items: str | Iterable[str], *, label: Words = None) -> Construct:
    """Return a construct made of its items, weighted by correlation (mode A).

    Parameters are those of `reflective`.
    """
    return _construct(name, items, "composite", label)


def formative(name: str, items: str | Iterable[str], *, label: Words = None) -> Construct:
    """Return a construct made of its items, weighted by regression (mode B).

    Parameters are those of `reflective`.
    """
    return _construct(name, items, "formative", label)


def single(name: str, item: str, *, label: Words = None) -> Construct:
    """Return a construct measured by one item, and equal to it.

    Examples
    --------
    >>> single("Complaints", "CUSCO").items
    ('CUSCO',)
    """
    return _construct(name, item, "single", label)


def higher(
    name: str,
    parts: str | Iterable[str],
    *,
    kind: Literal["composite", "formative", "reflective"],
    label: Words = None,
) -> Construct:
    """Return a construct of constructs: a whole measured by the items of its parts again.

    Parameters
    ----------
    name : str
    parts : iterable of str
        Names of two or more constructs of the model that are measured by items.
    kind : {"composite", "formative", "reflective"}
        composite and formative: the whole is made of its parts, with weights by correlation or by
        regression, and arrows lead from them to it; reflective: the parts show the whole, and
        arrows lead from it to them. A `Model` adds the arrows that its paths do not have.
    label : Text or str or mapping, optional

    Examples
    --------
    >>> higher("Quality", ["ProductQuality", "ServiceQuality"], kind="composite").parts
    ('ProductQuality', 'ServiceQuality')
    """
    return Construct(name, (), kind, Text.of(label), _listed(parts))


def path(source: str, target: str, *, sign: Sign = "+", verified: bool = True) -> Path:
    """Return one path.

    Parameters
    ----------
    source, target : str
        Names of constructs.
    sign : Sign
        The sign the theory expects, ``?`` where it expects none.
    verified : bool
        False where the published model could not be read to make sure of it.
    """
    return Path(source, target, sign, verified)


def paths(
    source: str | Iterable[str],
    *,
    to: str | Iterable[str],
    sign: Sign = "+",
    verified: bool = True,
) -> tuple[Path, ...]:
    """Return the paths from each source to each target.

    Examples
    --------
    >>> [str(p) for p in paths("Image", to=["Expectation", "Satisfaction"])]
    ['Image -> Expectation', 'Image -> Satisfaction']
    """
    return tuple(
        Path(start, end, sign, verified) for start in _listed(source) for end in _listed(to)
    )


def _construct(name: str, items: str | Iterable[str], kind: Kind, label: Words) -> Construct:
    return Construct(name, _listed(items), kind, Text.of(label))


def _listed(names: str | Iterable[str]) -> tuple[str, ...]:
    """Return one name or several as a tuple."""
    return (names,) if isinstance(names, str) else tuple(names)
