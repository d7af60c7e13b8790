"""Reading a survey: a file and its codebook become a checked, frozen value."""

from __future__ import annotations

from typing import Any

from csi.errors import Fault, SurveyError
from csi.survey.checks import check_table, named_columns_of
from csi.survey.codebook import Codebook
from csi.survey.readers import read_raw
from csi.survey.survey import Survey


def read_survey(
    source: Any,
    codebook: Codebook,
    *,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Survey:
    """Read a survey file and check it against its codebook.

    Parameters
    ----------
    source : path or data frame
        Text with delimiters (.csv, .tsv, .txt, .tab, .dat), workbooks (.xlsx, .xls, .xlsm,
        .xlsb, .ods), SPSS (.sav, .zsav), Stata (.dta), Parquet, or a pandas or polars frame.
    codebook : Codebook
    sheet : str or int, optional
        Sheet of a workbook; the one whose head fits the codebook best where not given.
    encoding : str, optional
        Encoding of a text file; that of the codebook where not given, recognised where
        neither says (UTF-8, UTF-16, GB18030, Big5).
    delimiter : str, optional
        Recognised where not given.

    Returns
    -------
    Survey

    Raises
    ------
    SurveyError
        With every fault of the file at once.

    Examples
    --------
    >>> import pandas as pd
    >>> from csi.survey import Item, Text
    >>> codebook = Codebook(
    ...     title=Text("Two questions"),
    ...     items=(
    ...         Item(name="CUSA1", column="q1", low=1, high=10, missing={"98": "dont_know"}),
    ...         Item(name="CUSA2", column="q2", low=1, high=10),
    ...     ),
    ... )
    >>> survey = read_survey(pd.DataFrame({"q1": [8, 98, 10], "q2": [7, 9, 9]}), codebook)
    >>> len(survey), survey.missing["meaning"].tolist()
    (3, ['dont_know'])
    """
    faults, survey = check_survey(
        source, codebook, sheet=sheet, encoding=encoding, delimiter=delimiter
    )
    if survey is None:
        raise SurveyError(faults)
    return survey


def check_survey(
    source: Any,
    codebook: Codebook,
    *,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> tuple[list[Fault], Survey | None]:
    """Return all faults of a survey file, and the survey where there is none.

    Parameters
    ----------
    source, codebook, sheet, encoding, delimiter
        As for `read_survey`.

    Returns
    -------
    list of Fault
    Survey or None
        None where there are faults.
    """
    try:
        raw = read_raw(
            source,
            sheet=sheet,
            encoding=encoding,
            default_encoding=codebook.encoding,
            delimiter=delimiter,
            columns=tuple(named_columns_of(codebook)),
            words=_words(codebook),
        )
    except SurveyError as error:
        return list(error.faults), None
    return check_table(raw, codebook)


def _words(codebook: Codebook) -> tuple[str, ...]:
    """Return the words of the codebook that a file may contain."""
    words = [word for item in codebook.items for word in (*item.answers, *item.missing)]
    words += [value for key in codebook.keys for value in (*key.values, *key.missing)]
    return tuple(dict.fromkeys(words))
