"""The figures that an earlier ``csi index`` wrote, read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csi.errors import Fault, IndexFigureError

NAMES = ("index.json", "index.csv")
"""Tables of figures that a folder is searched for, in this order."""


@dataclass(frozen=True, slots=True)
class FiguresFile:
    """A table of figures with the level of its margins.

    Attributes
    ----------
    frame : DataFrame
        Columns of `YearlyIndex.figures`.
    level : float or None
        Confidence level of the margins; None where the file does not say (CSV).
    path : Path
    """

    frame: pd.DataFrame
    level: float | None
    path: Path


def read_figures(place: str | Path) -> FiguresFile:
    """Read the figures in a folder of ``csi index``, or in one of its tables.

    Parameters
    ----------
    place : str or Path
        Folder with ``index.json`` or ``index.csv``, or such a file.

    Returns
    -------
    FiguresFile

    Raises
    ------
    IndexFigureError
        No such file, or one that is no table of figures.
    """
    path = _found(Path(place))
    try:
        return _read(path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = "it is no table of index figures"
        fix = "give the folder that csi index wrote, or its index.json or index.csv"
        raise IndexFigureError(Fault(str(path), what, fix)) from error


def _found(place: Path) -> Path:
    """Return the file of figures; a folder is searched for one."""
    if place.is_dir():
        for name in NAMES:
            if (place / name).is_file():
                return place / name
        what = f"it has no {' or '.join(NAMES)}"
        raise IndexFigureError(Fault(str(place), what, "run csi index with --out first"))
    if not place.is_file():
        fix = "give the folder that csi index wrote, or its index.json or index.csv"
        raise IndexFigureError(Fault(str(place), "there is no such file or folder", fix))
    if place.suffix.lower() not in (".json", ".csv"):
        raise IndexFigureError(Fault(str(place), "it is no JSON and no CSV", f"use {NAMES[0]}"))
    return place


def _read(path: Path) -> FiguresFile:
    """Read a file; years and groups stay text."""
    if path.suffix.lower() == ".json":
        content = json.loads(path.read_text("utf-8"))
        frame = pd.DataFrame.from_records(content["records"])
        return FiguresFile(frame, float(content["metric"]["level"]), path)
    keys = {"year": str, "group": str, "construct": str}
    frame = pd.read_csv(path, dtype=keys, encoding="utf-8-sig", keep_default_na=False,
                        na_values={name: [""] for name in _numeric(path)})  # fmt: skip
    return FiguresFile(frame, None, path)


def _numeric(path: Path) -> list[str]:
    """Return the columns whose empty cells are missing numbers, not empty words."""
    words = {"year", "group", "construct", "weights", "note", "compared_with"}
    heads = map(str, pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns)
    return [name for name in heads if name not in words]
