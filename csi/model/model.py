"""The model: constructs, their items, the paths between them, and which one is the index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from csi.arrays import BoolArray, readonly_bool
from csi.text import Text

Kind = Literal["reflective", "composite", "formative", "single"]
"""reflective: a factor seen in its items (mode A, PLSc corrects it); composite: items weighted
by correlation (mode A); formative: items weighted by regression (mode B); single: one item."""

Sign = Literal["+", "-", "?"]


@dataclass(frozen=True, slots=True)
class Construct:
    """A construct and the items it is measured by.

    Attributes
    ----------
    name : str
    items : tuple of str
        Item names, in order; one for ``kind="single"``.
    kind : Kind
    label : Text
        Words for tables and charts.
    """

    name: str
    items: tuple[str, ...]
    kind: Kind = "reflective"
    label: Text = Text()

    @property
    def mode(self) -> Literal["A", "B"]:
        """The PLS mode of the block: B for formative, A for the others."""
        return "B" if self.kind == "formative" else "A"


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


@dataclass(frozen=True)
class Model:
    """A recursive path model of constructs measured by items.

    Attributes
    ----------
    constructs : tuple of Construct
        In the order used everywhere.
    paths : tuple of Path
    index : str
        The construct that is published as the index.
    name : str
        Short name (letters, digits, ``_``).
    title : Text

    Raises
    ------
    ModelError
        All faults at once: unknown construct, loop, item used twice, construct without
        items or paths, repeated path, unknown index.
    """

    constructs: tuple[Construct, ...]
    paths: tuple[Path, ...]
    index: str
    name: str = "model"
    title: Text = Text()

    @cached_property
    def items(self) -> tuple[str, ...]:
        """All item names, construct by construct."""
        return tuple(item for construct in self.constructs for item in construct.items)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the constructs."""
        return tuple(construct.name for construct in self.constructs)

    def construct(self, name: str) -> Construct:
        """Return the construct called `name`; a KeyError where there is none."""
        return self.constructs[self.names.index(name)] if name in self.names else _missing(name)

    @cached_property
    def blocks(self) -> BoolArray:
        """(p, q) True where the item measures the construct."""
        return readonly_bool([[item in c.items for c in self.constructs] for item in self.items])

    @cached_property
    def arrows(self) -> BoolArray:
        """(q, q) True where a path leads from the row's construct to the column's."""
        found = np.zeros((len(self.names), len(self.names)), dtype=bool)
        for path in self.paths:
            found[self.names.index(path.source), self.names.index(path.target)] = True
        return readonly_bool(found)


def _missing(name: str) -> Construct:
    raise KeyError(name)
