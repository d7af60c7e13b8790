"""The reader for each kind of source."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from csi.errors import Fault, OptionError, SurveyError
from csi.survey.cells import nearest, quoted
from csi.survey.raw import RawTable
from csi.survey.readers_excel import read_excel
from csi.survey.readers_frame import read_frame, read_parquet
from csi.survey.readers_labelled import read_labelled
from csi.survey.readers_text import read_text

TEXT = (".csv", ".txt", ".tsv", ".tab", ".dat")
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
LABELLED = (".sav", ".zsav", ".dta")
PARQUET = (".parquet", ".pq")


def read_raw(
    source: Any,
    *,
    sheet: str | int | None = None,
    encoding: str | None = None,
    default_encoding: str | None = None,
    delimiter: str | None = None,
    columns: Sequence[str] = (),
    words: Sequence[str] = (),
) -> RawTable:
    """Read a file or frame as it is; the ending of the file name tells its kind.

    Parameters
    ----------
    source : path or data frame
    sheet : str or int, optional
        Sheet of a workbook.
    encoding, delimiter : str, optional
        Of a text file; `encoding` also of an SPSS or Stata file.
    default_encoding : str, optional
        Of a text file, where `encoding` is not given; other files pass over it.
    columns, words : sequence of str
        Columns and other words expected, which help to tell encoding, delimiter and sheet.

    Returns
    -------
    RawTable

    Raises
    ------
    SurveyError
        There is no such file, it is of an unknown kind or it cannot be read.
    OptionError
        An option that does not apply to this kind of source.
    """
    if not isinstance(source, (str, PathLike)):
        _refuse("a data frame", sheet=sheet, encoding=encoding, delimiter=delimiter)
        return read_frame(source)
    path = _file(Path(fspath(source)))
    ending = path.suffix.lower()
    if ending in TEXT:
        _refuse("a text file", sheet=sheet)
        if delimiter is not None and len(delimiter) != 1:
            raise OptionError(
                Fault("delimiter", f"{delimiter!r} is not one character", 'write for example ";"')
            )
        return read_text(
            _bytes(path),
            path.name,
            encoding=encoding or default_encoding,
            delimiter=delimiter,
            columns=columns,
            words=words,
        )
    _refuse(f"a {ending} file", delimiter=delimiter)
    if ending in WORKBOOKS:
        _refuse("a workbook", encoding=encoding)
        return read_excel(path, sheet=sheet, columns=columns)
    _refuse(f"a {ending} file", sheet=sheet)
    if ending in LABELLED:
        return read_labelled(path, encoding=encoding)
    _refuse("a Parquet file", encoding=encoding)
    return read_parquet(path)


def _file(path: Path) -> Path:
    """Return the path of a file that is there and of a known kind."""
    kinds = (*TEXT, *WORKBOOKS, *LABELLED, *PARQUET)
    try:
        there = path.exists()
    except OSError as error:  # such as a name that is too long
        raise SurveyError(
            Fault(quoted(str(path)), error.strerror or "it cannot be opened", "correct the path")
        ) from None
    if not there:
        beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        readable = [name for name in sorted(beside) if Path(name).suffix.lower() in kinds]
        fix = nearest(path.name, readable) if readable else "correct the path"
        raise SurveyError(Fault(str(path), "there is no such file", fix))
    if path.is_dir():
        raise SurveyError(Fault(str(path), "it is a folder", "give a file"))
    if path.suffix.lower() not in kinds:
        raise SurveyError(
            Fault(
                path.name,
                f"files ending in {path.suffix!r} are not known",
                "use " + ", ".join(kinds),
            )
        )
    if path.stat().st_size == 0:
        raise SurveyError(Fault(path.name, "the file is empty", "give a file with answers"))
    return path


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise SurveyError(Fault(str(path), reason, "check the rights of the file")) from None


def _refuse(kind: str, **options: object) -> None:
    """Refuse options that have no meaning for this kind of source."""
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise OptionError(
            [Fault(name, f"it does not apply to {kind}", f"leave {name} out") for name in given]
        )
