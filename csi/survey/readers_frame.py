"""Parquet files, and data frames in memory."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import readonly_int
from csi.errors import Fault, SurveyError
from csi.survey.cells import text_of
from csi.survey.files import sha256_of, unreadable
from csi.survey.raw import RawColumn, RawTable, named_columns, raw_column


def read_parquet(path: Path) -> RawTable:
    """Read a Parquet file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    RawTable
        Rows are counted from 1.

    Raises
    ------
    SurveyError
        The file cannot be read.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(path).read()
    except (pyarrow.ArrowException, OSError) as error:
        raise unreadable(path.name, "Parquet", str(error).splitlines()[0]) from None
    columns = [_arrow_column(column) for column in table.columns]
    named, faults = named_columns(table.column_names, columns)
    return RawTable(
        columns=named,
        rows=readonly_int(np.arange(table.num_rows) + 1),
        row_word="row",
        source=path.name,
        sha256=sha256_of(path),
        faults=tuple(faults),
    )


def _arrow_column(column: Any) -> RawColumn:
    """Keep each different cell once; Arrow does that faster than Python."""
    import pyarrow

    try:
        coded = column.combine_chunks().dictionary_encode()
    except pyarrow.ArrowNotImplementedError:  # lists and structures have no dictionary
        return raw_column([None if cell is None else text_of(cell) for cell in column.to_pylist()])
    cells = [text_of(value) for value in coded.dictionary.to_pylist()]
    codes = coded.indices.fill_null(len(cells)).to_numpy(zero_copy_only=False)
    return RawColumn(readonly_int(codes), (*cells, ""))


def read_frame(frame: Any) -> RawTable:
    """Read a data frame of pandas, polars or any other library narwhals knows.

    Parameters
    ----------
    frame : DataFrame

    Returns
    -------
    RawTable
        Rows are counted from 1. The hash is that of the frame written as plain CSV text.

    Raises
    ------
    SurveyError
        It is not a data frame.
    """
    if isinstance(frame, pd.DataFrame):
        names: list[object] = list(frame.columns)
        columns = [raw_column(frame.iloc[:, place].tolist()) for place in range(len(names))]
    else:
        names, columns = _other_frame(frame)
    named, faults = named_columns(names, columns)
    count = len(columns[0].codes) if columns else 0
    return RawTable(
        columns=named,
        rows=readonly_int(np.arange(count) + 1),
        row_word="row",
        source="frame",
        sha256=_hash_of(named, count),
        faults=tuple(faults),
    )


def _other_frame(frame: Any) -> tuple[list[object], list[RawColumn]]:
    import narwhals

    try:
        table = narwhals.from_native(frame, eager_only=True)
    except TypeError:
        raise SurveyError(
            Fault(
                f"source of type {type(frame).__name__}",
                "it is neither a file nor a data frame",
                "give a path or a pandas or polars frame (collect a lazy one first)",
            )
        ) from None
    return list(table.columns), [raw_column(table[name].to_list()) for name in table.columns]


def _hash_of(columns: Mapping[str, RawColumn], count: int) -> str:
    """Hash the frame as CSV, so that equal tables of any library have one hash."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    cells = [np.array(column.cells, dtype=object)[column.codes] for column in columns.values()]
    writer.writerows(zip(*cells, strict=True) if cells else ([] for _ in range(count)))
    return hashlib.sha256(text.getvalue().encode("utf-8", "surrogatepass")).hexdigest()
