"""Everything of a report, into one folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from csi.errors import Fault, OptionError
from csi.index.values import YearlyIndex
from csi.report.page import write_page
from csi.report.pictures import draw_charts
from csi.report.style import FORMATS, Format, picture
from csi.report.tables import open_folder, write_tables
from csi.report.words import check_language
from csi.text import Language


def write_report(
    yearly: YearlyIndex,
    folder: str | Path,
    *,
    language: Language = "en",
    record: Mapping[str, object] | None = None,
    formats: Sequence[Format] = FORMATS,
) -> tuple[Path, ...]:
    """Write tables, charts and the page of a yearly index.

    Parameters
    ----------
    yearly : YearlyIndex
    folder : path
        Made where it is not there; files of the same names are replaced.
    language : Language
    record : mapping, optional
        What the run was made of, for the method notes of the page.
    formats : sequence of {"png", "svg"}
        Formats of the chart files; the page has its charts inside in any case.

    Returns
    -------
    tuple of Path
        All files written: tables (CSV, JSON, Parquet), ``README.md``, charts, ``index.html``.

    Raises
    ------
    ReportError
        Where the folder cannot be written, or Chinese text has to be drawn and there is no
        font for it (before anything is written).
    OptionError
        Unknown language or format.
    """
    check_language(language)
    unknown = [form for form in formats if form not in FORMATS]
    if unknown:
        fix = f"use {' or '.join(FORMATS)}"
        raise OptionError(Fault("formats", f"{unknown[0]!r} is not a format of charts", fix))
    charts = draw_charts(yearly, language=language)
    place = open_folder(folder)
    written = list(write_tables(yearly, place, language=language))
    for chart in charts:
        for form in formats:
            path = place / f"{chart.name}.{form}"
            path.write_bytes(picture(chart.figure, form, language))
            written.append(path)
    page = write_page(yearly, place / "index.html", language=language, charts=charts, record=record)
    return (*written, page)
