"""Read a table of weights: who belongs to which industry, sector and nation, and what it counts."""

from __future__ import annotations

from os import PathLike
from typing import Any

from csi.compare.aggregation.checks import structure_faults
from csi.compare.aggregation.hierarchy import Hierarchy
from csi.compare.aggregation.members import NONE, Member
from csi.errors import Fault, IndexFigureError
from csi.survey.cells import key_of, nearest, number_in, quoted, same_word
from csi.survey.raw import RawTable
from csi.survey.readers import read_raw

NEEDED = ("name", "parent", "weight")
OTHER = ("year", "index", "se", "weight_se", "kind")
REST = "rest"


def read_hierarchy(
    source: str | PathLike[str] | Any,
    *,
    partial: bool = False,
    carry: bool = False,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Hierarchy:
    """Read a table of weights from a CSV, Excel or Parquet file, or a data frame.

    Parameters
    ----------
    source : path or data frame
        One row a member, with the columns ``name``, ``parent`` (empty for the top) and
        ``weight`` (any positive number, or ``rest`` for one less the shares of the others), and
        if wanted ``year``, ``weight_se``, ``kind``, and ``index`` with ``se`` for members that
        the survey does not measure.
    partial : bool
        Groups of the survey may be absent from the table; figures tell which are.
    carry : bool
        A period without weights takes the latest earlier ones; figures tell so.
    sheet : str or int, optional
        Sheet of a workbook.
    encoding, delimiter : str, optional
        Of a text file; recognised where not given.

    Returns
    -------
    Hierarchy

    Raises
    ------
    SurveyError
        There is no such file, or it cannot be read.
    IndexFigureError
        With all faults of the table, each with its row.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("Phones", "", None), ("Alpha", "Phones", 0.6), ("All others", "Phones", "rest")]
    >>> table = read_hierarchy(pd.DataFrame(rows, columns=["name", "parent", "weight"]))
    >>> table.siblings("Phones", "2024").weights.tolist()
    [0.6, 0.4]
    """
    raw = read_raw(
        source,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        columns=NEEDED,
        words=OTHER,
    )
    faults, notes = _columns(raw)
    if faults:
        raise IndexFigureError(faults)
    members = []
    for row in range(len(raw)):
        member, found = _member(raw, row)
        members.append(member)
        faults += found
    told = {fault.where for fault in faults}
    faults += [fault for fault in structure_faults(members) if fault.where not in told]
    if faults:
        raise IndexFigureError(faults)
    return Hierarchy(tuple(members), raw.source, partial, carry, (*raw.notes, *notes))


def _columns(raw: RawTable) -> tuple[list[Fault], list[str]]:
    """Return faults of the head, and a note on columns that are not used."""
    known = (*NEEDED, *OTHER)
    faults = list(raw.faults)
    unused = [name for name in raw.columns if name not in known]
    absent = [name for name in known if name not in raw.columns]
    for name in NEEDED:
        if name in absent:
            fix = f"add it; {nearest(name, raw.columns)}"
            faults.append(Fault(raw.source, f"there is no column {name!r}", fix))
    for name in unused:
        meant = nearest(name, [entry for entry in absent if entry not in NEEDED])
        if meant.startswith("did you mean"):
            faults.append(Fault(f"column {name!r}", "it is not known", meant))
    if not unused:
        return faults, []
    return faults, [f"Columns of {raw.source} that are not used: {', '.join(unused)}."]


def _member(raw: RawTable, row: int) -> tuple[Member, list[Fault]]:
    """Return one row as a member, with the cells that are no numbers."""

    def cell(name: str) -> str:
        return raw.column(name).text(row) if name in raw.columns else ""

    faults = []
    name, year, place = key_of(cell("name")), key_of(cell("year")), raw.place(row)
    rest = same_word(cell("weight")) == REST
    found = {}
    for column in ("weight", "index", "se", "weight_se"):
        written = key_of(cell(column))
        number = number_in(written)
        found[column] = NONE if number is None else number
        if written and number is None and not (rest and column == "weight"):
            fix = "write 12.5, without signs for thousands, per cent or money"
            if column == "weight":
                fix += f"; or {REST!r}"
            where = Member(name, year=year, place=place).where
            faults.append(Fault(where, f"{column} {quoted(written)} is not a number", fix))
    member = Member(
        name=name,
        parent=key_of(cell("parent")),
        rest=rest,
        year=year,
        kind=key_of(cell("kind")),
        place=place,
        **found,
    )
    return member, faults
