"""Files for Excel and PowerPoint beside the page of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from csi.errors import Fault, ReportError
from csi.index.values import YearlyIndex
from csi.report.excel import write_excel
from csi.report.slides import write_slides
from csi.run.plan import OFFICE, Office
from csi.text import Language


class Writer(Protocol):
    """What writes one file: figures, its path, the language, the record of the run."""

    def __call__(
        self,
        yearly: YearlyIndex,
        path: Path,
        *,
        language: Language,
        record: Mapping[str, object] | None,
    ) -> Path:
        """Write the file and return its path."""


NAMES: Mapping[Office, str] = {"xlsx": "report.xlsx", "pptx": "report.pptx"}
"""Names of the files."""

NEEDS: Mapping[Office, str] = {"xlsx": "xlsxwriter", "pptx": "pptx"}
"""The package that writes each of them."""

WRITERS: Mapping[Office, Writer] = {"xlsx": write_excel, "pptx": write_slides}
"""Who writes each of them."""


def possible() -> tuple[Office, ...]:
    """Return the office files that can be written here."""
    return tuple(form for form in OFFICE if form in WRITERS and find_spec(NEEDS[form]))


def check_office(wanted: Sequence[Office]) -> None:
    """Refuse office files that cannot be written, before the work.

    Raises
    ------
    ReportError
        With every one of them.
    """
    faults = [
        Fault(f"format {form}", "cannot be written here", "pip install 'csi[report]'")
        for form in wanted
        if form not in possible()
    ]
    if faults:
        raise ReportError(faults)


def write_office(
    yearly: YearlyIndex,
    folder: Path,
    wanted: Sequence[Office],
    *,
    language: Language = "en",
    record: Mapping[str, object] | None = None,
) -> tuple[Path, ...]:
    """Write the office files of a run.

    Parameters
    ----------
    yearly : YearlyIndex
    folder : Path
        There already.
    wanted : sequence of {"xlsx", "pptx"}
    language : Language
    record : mapping, optional
        What the run was made of.

    Raises
    ------
    ReportError
        Where one of them cannot be written here.
    """
    check_office(wanted)
    return tuple(
        WRITERS[form](yearly, folder / NAMES[form], language=language, record=record)
        for form in wanted
    )
