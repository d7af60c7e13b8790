"""The parts of a model: constructs with their items, and the paths between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from csi.text import Text

Kind = Literal["reflective", "composite", "formative", "single"]
"""reflective: a factor seen in its items (mode A, PLSc corrects it); composite: items weighted
by correlation (mode A); formative: items weighted by regression (mode B); single: one item."""

Sign = Literal["+", "-", "?"]
"""The sign the theory expects; ``?`` where it expects none."""


@dataclass(frozen=True, slots=True)
class Construct:
    """A construct and the items it is measured by, or the parts it is a whole of.

    Attributes
    ----------
    name : str
    items : tuple of str
        Item names, in order; one for ``kind="single"``. A construct with parts has none of its
        own: a `Model` fills in the items of its parts again, as ``OVERALLP@Quality``.
    kind : Kind
    label : Text
        Words for tables and charts.
    parts : tuple of str
        Names of the constructs that it is a whole of; empty for a construct of items.
    """

    name: str
    items: tuple[str, ...]
    kind: Kind = "reflective"
    label: Text = Text()
    parts: tuple[str, ...] = ()

    @property
    def mode(self) -> Literal["A", "B"]:
        """The PLS mode of the block: B for formative, A for the others."""
        return "B" if self.kind == "formative" else "A"

    def to_dict(self) -> dict[str, object]:
        """Return the construct as plain values, for TOML and JSON."""
        plain: dict[str, object] = {
            "name": self.name,
            "kind": self.kind,
            **({"parts": list(self.parts)} if self.parts else {"items": list(self.items)}),
        }
        return plain | ({"label": self.label.to_dict()} if self.label else {})


@dataclass(frozen=True, slots=True)
class Path:
    """An arrow from one construct to another.

    Attributes
    ----------
    source, target : str
        Names of constructs.
    sign : Sign
        The sign the theory expects; ``?`` where it expects none.
    verified : bool
        False where the published model could not be read to make sure of this arrow.
    """

    source: str
    target: str
    sign: Sign = "+"
    verified: bool = True

    def __str__(self) -> str:
        """Return the arrow in words: ``Image -> Loyalty``."""
        return f"{self.source} -> {self.target}"

    def to_dict(self) -> dict[str, object]:
        """Return the path as plain values, for TOML and JSON."""
        return {
            "from": self.source,
            "to": self.target,
            "sign": self.sign,
            "verified": self.verified,
        }
