"""SPSS and Stata files: codes with labels and declared missing codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import readonly_int
from csi.survey.cells import plain, text_of
from csi.survey.files import sha256_of, unreadable, without_package
from csi.survey.raw import RawTable, named_columns, raw_column


def read_labelled(path: Path, *, encoding: str | None) -> RawTable:
    """Read an SPSS (.sav, .zsav) or Stata (.dta) file: codes, not labels, and user-missing codes.

    Parameters
    ----------
    path : Path
    encoding : str, optional
        Where the file does not tell it or tells it wrongly.

    Returns
    -------
    RawTable
        With the labels and the missing codes the file declares. Stata's extended missing
        values are the cells ``.a`` to ``.z``.

    Raises
    ------
    SurveyError
        The file cannot be read.
    """
    try:
        import pyreadstat
    except ImportError:
        raise without_package("pyreadstat", path.name) from None
    stata = path.suffix.lower() == ".dta"
    reader = pyreadstat.read_dta if stata else pyreadstat.read_sav
    try:
        frame, meta = reader(
            str(path), apply_value_formats=False, user_missing=True, encoding=encoding
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError) as error:
        raise unreadable(path.name, "a Stata file" if stata else "an SPSS file", error) from None
    extended = meta.missing_user_values if stata else {}
    columns = [_stata_missing(frame[name], extended.get(name, ())) for name in frame.columns]
    named, faults = named_columns(list(frame.columns), [raw_column(cells) for cells in columns])
    return RawTable(
        columns=named,
        rows=readonly_int(np.arange(len(frame)) + 1),
        row_word="case",
        source=path.name,
        sha256=sha256_of(path),
        labels={
            plain(name): {text_of(code): str(words) for code, words in found.items()}
            for name, found in meta.variable_value_labels.items()
        },
        titles={plain(n): words for n, words in meta.column_names_to_labels.items() if words},
        declared_missing=_declared(meta.missing_ranges or {}),
        faults=tuple(faults),
    )


def _stata_missing(column: pd.Series[Any], letters: Sequence[object]) -> list[object]:
    cells: list[object] = column.tolist()
    if not letters:
        return cells
    return [f".{cell}" if isinstance(cell, str) and cell in letters else cell for cell in cells]


def _declared(
    ranges: Mapping[str, Sequence[Any]],
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return the numeric ranges SPSS declares as missing; codes in words are left to the labels."""
    return {
        plain(name): tuple(
            (float(part["lo"]), float(part["hi"]))
            for part in parts
            if not isinstance(part["lo"], str)
        )
        for name, parts in ranges.items()
    }
