"""The model: constructs, their items, the paths between them, and which one is the index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, Union

import numpy as np

from csi.arrays import BoolArray, readonly_bool
from csi.errors import ModelError
from csi.model.checks import model_faults
from csi.model.graph import causal_order
from csi.model.higher import part_pairs, with_part_paths, with_repeated_items
from csi.model.parts import Construct, Kind, Path, Sign
from csi.model.reduction import reduced
from csi.tabular import Shown, Summary, Told, listed, said, summarised
from csi.text import Language, Text

__all__ = ["Construct", "Kind", "Model", "Path", "Sign"]

Constructs = Iterable[Union[Construct, "Constructs"]]
"""Constructs in lists, nested as deep as the writer likes."""

Paths = Iterable[Union[Path, "Paths"]]
"""Paths in lists, nested as deep as the writer likes."""

Part = TypeVar("Part", Construct, Path)


@dataclass(frozen=True, init=False, repr=False)
class Model(Shown):
    """A recursive path model of constructs measured by items, or made of other constructs.

    Attributes
    ----------
    constructs : tuple of Construct
        In the order used everywhere. Lists, also nested, are accepted.
    paths : tuple of Path
        Lists, also nested, are accepted. Arrows between a construct of constructs and its parts
        need not be written: those that are not come last.
    index : str
        The construct that is published as the index.
    name : str
        Short name (letters, digits, ``_``).
    title : Text

    Raises
    ------
    ModelError
        All faults at once: unknown construct, circle, item used twice, construct without
        items or paths, repeated path, unknown index and others.

    Examples
    --------
    >>> from csi.model.grammar import items, paths, reflective
    >>> model = Model(
    ...     constructs=[
    ...         reflective("Quality", items("Q", 1, 3)),
    ...         reflective("Satisfaction", items("S", 1, 3)),
    ...     ],
    ...     paths=[paths("Quality", to="Satisfaction")],
    ...     index="Satisfaction",
    ... )
    >>> model.items
    ('Q1', 'Q2', 'Q3', 'S1', 'S2', 'S3')
    """

    constructs: tuple[Construct, ...]
    paths: tuple[Path, ...]
    index: str
    name: str = "model"
    title: Text = Text()

    def __init__(
        self,
        constructs: Constructs,
        paths: Paths,
        index: str,
        name: str = "model",
        title: Text | str | Mapping[str, str] | None = None,
    ) -> None:
        measured = with_repeated_items(tuple(_flat(constructs, Construct)))
        values = {
            "constructs": measured,
            "paths": with_part_paths(measured, tuple(_flat(paths, Path))),
            "index": index,
            "name": name,
            "title": Text.of(title),
        }
        for field, value in values.items():
            object.__setattr__(self, field, value)
        faults = model_faults(self.constructs, self.paths, self.index, self.name)
        if faults:
            raise ModelError(faults)

    @cached_property
    def items(self) -> tuple[str, ...]:
        """All item names, construct by construct; items used again as ``ITEM@Whole``."""
        return tuple(item for construct in self.constructs for item in construct.items)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The items with answers of their own, each once."""
        return tuple(item for c in self.constructs if not c.parts for item in c.items)

    @cached_property
    def wholes(self) -> tuple[Construct, ...]:
        """The constructs of constructs."""
        return tuple(construct for construct in self.constructs if construct.parts)

    @cached_property
    def part_paths(self) -> frozenset[tuple[str, str]]:
        """Source and target of the arrows between wholes and their parts."""
        return frozenset(part_pairs(self.constructs))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the constructs."""
        return tuple(construct.name for construct in self.constructs)

    def __repr__(self) -> str:
        """Say in one line what the model has."""
        return (
            f"Model {self.name}: {len(self.names)} constructs, {len(self.columns)} items, "
            f"{len(self.paths)} paths, index {self.index}"
        )

    def construct(self, name: str) -> Construct:
        """Return the construct called `name`; a KeyError where there is none."""
        return self.constructs[self.names.index(name)] if name in self.names else _missing(name)

    def label(self, name: str) -> Text:
        """Return the words for a construct, its name in both languages where it has none."""
        return self.construct(name).label or Text(name, name)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Names of the constructs, causes before effects; ties keep the model's order."""
        return causal_order(self.names, [(p.source, p.target) for p in self.paths])

    def predecessors(self, name: str) -> tuple[str, ...]:
        """Return the constructs with a path to `name`, in the model's order."""
        sources = {p.source for p in self.paths if p.target == self.construct(name).name}
        return tuple(n for n in self.names if n in sources)

    def successors(self, name: str) -> tuple[str, ...]:
        """Return the constructs that a path from `name` leads to, in the model's order."""
        targets = {p.target for p in self.paths if p.source == self.construct(name).name}
        return tuple(n for n in self.names if n in targets)

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

    def without(self, items: Collection[str]) -> tuple[Model | None, tuple[str, ...]]:
        """Return the model without some items, for a year in which they were not asked.

        Parameters
        ----------
        items : collection of str
            Items to leave out; names the model does not use are allowed.

        Returns
        -------
        Model or None
            What is left, None where the index construct is lost.
        tuple of str
            Constructs and paths that went with the items, in words.
        """
        constructs, paths, dropped = reduced(self.constructs, self.paths, frozenset(items))
        if self.index not in {construct.name for construct in constructs}:
            return None, dropped
        return Model(constructs, paths, self.index, self.name, self.title), dropped

    def to_dict(self) -> dict[str, object]:
        """Return the model as plain values, in the shape of its TOML form."""
        return {
            "name": self.name,
            "index": self.index,
            **({"title": self.title.to_dict()} if self.title else {}),
            "construct": [construct.to_dict() for construct in self.constructs],
            "path": [path.to_dict() for path in self.paths],
        }

    def _summary(self, language: Language) -> Summary:
        facts: Told = {
            "Name": self.name,
            "Title": self.title.within(language) or None,
            "Constructs": len(self.names),
            "Items": len(self.columns),
            "Paths": len(self.paths),
            "Index construct": self.label(self.index).within(language),
        }
        rows = [
            (one.name, one.label.within(language), said(one.kind, language),
             ", ".join(one.parts or one.items), ", ".join(self.successors(one.name)))
            for one in self.constructs
        ]  # fmt: skip
        columns = ["construct", "label", "kind", "items", "leads to"]
        return summarised("Model", language, facts, [listed("Constructs", columns, rows, language)])


def _flat(parts: object, kind: type[Part]) -> Iterator[Part]:
    """Yield the parts in nested lists, in order."""
    if isinstance(parts, kind):
        yield parts
    elif isinstance(parts, Iterable) and not isinstance(parts, str | bytes | Mapping):
        for part in parts:
            yield from _flat(part, kind)
    else:
        word = kind.__name__.lower()
        raise ModelError(f"{parts!r} is not a {word}; write it with csi.model.grammar")


def _missing(name: str) -> Construct:
    raise KeyError(name)
