"""The cells that notebooks are made of, as packaged TOML, and a notebook as JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Literal

from csi.text import Language, Text

Road = Literal["index", "assess", "sem"]
"""What a notebook is about: the yearly index, whether the model is any good, a covariance fit."""


BROKEN = re.compile(r"(?<=[\u3001-\uff1f])\n(?=[\u3001-\uff1f])")
"""The end of a line inside a Chinese sentence, which would be shown as a space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell.

    Attributes
    ----------
    text : str
        Markdown or Python, with names in angle quotes where words are filled in.
    code : bool
    parameters : bool
        Whether papermill finds its parameters here.
    needs, lacks : tuple of str
        What the survey must have, and must not have, for the cell to make sense.
    """

    text: str
    code: bool
    parameters: bool = False
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def fits(self, has: frozenset[str]) -> bool:
        """Tell whether the cell makes sense for a survey that has these features."""
        return has.issuperset(self.needs) and has.isdisjoint(self.lacks)

    def filled(self, words: Mapping[str, str]) -> Cell:
        """Return the cell with its words filled in.

        Examples
        --------
        >>> Cell(text="by «time»", code=False).filled({"time": "year"}).text
        'by year'
        """
        text = self.text
        for name, word in words.items():
            text = text.replace(f"«{name}»", word)
        return replace(self, text=text)


def cells_of(name: Road | Literal["head"], language: Language) -> tuple[Cell, ...]:
    """Return the packaged cells of a road, or those that all begin with.

    Examples
    --------
    >>> cells_of("head", "en")[0].text.splitlines()[0]
    '# «title»'
    """
    text = (files("csi.run") / "notebooks" / f"{name}.toml").read_text(encoding="utf-8")
    return tuple(_cell(entry, language) for entry in tomllib.loads(text)["cell"])


def notebook_text(cells: Iterable[Cell]) -> str:
    """Return a notebook as the text of its file: nbformat 4.5, no outputs.

    Examples
    --------
    >>> json.loads(notebook_text([Cell(text="# Title", code=False)]))["nbformat"]
    4
    """
    book = {
        "cells": [_as_json(cell, number) for number, cell in enumerate(cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _cell(entry: Mapping[str, Any], language: Language) -> Cell:
    words = Text(entry.get("en", ""), BROKEN.sub("", entry.get("zh", "").strip("\n")))
    text = entry["code"] if "code" in entry else words.within(language)
    return Cell(
        text=text.strip("\n"),
        code="code" in entry,
        parameters=entry.get("parameters", False),
        needs=tuple(entry.get("needs", ())),
        lacks=tuple(entry.get("lacks", ())),
    )


def _as_json(cell: Cell, number: int) -> dict[str, Any]:
    tags = {"tags": ["parameters"]} if cell.parameters else {}
    made: dict[str, Any] = {"id": f"cell-{number:02d}", "metadata": tags}
    made["source"] = cell.text.splitlines(keepends=True)
    if cell.code:
        return {"cell_type": "code", "execution_count": None, "outputs": [], **made}
    return {"cell_type": "markdown", **made}
