"""Folders to write into: files that csi did not write are not replaced."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from csi.errors import Fault, ReportError
from csi.report.tables import MORE, NAMES
from csi.run.office import NAMES as OFFICE_FILES
from csi.run.record import RECORD
from csi.simulation.write import FILES

_TABLES = tuple(f"{name}.{form}" for name in (*NAMES, *MORE) for form in ("csv", "json", "parquet"))
_PLAN = "simulation.toml"
ASSESSMENT = "assessment.json"
"""The record of an assessment."""


def check_run_place(folder: str | Path) -> None:
    """Refuse a folder where the files of a run would replace files of somebody else.

    Parameters
    ----------
    folder : str or Path
        A folder with a run record is one that csi wrote; its files may be replaced.

    Raises
    ------
    ReportError
        The path is a file, or the folder holds files of these names and no run record.
    """
    _check(
        Path(folder),
        ("README.md", "index.html", "scores.csv", *OFFICE_FILES.values(), *_TABLES),
        RECORD,
    )


def check_assessment_place(folder: str | Path) -> None:
    """Refuse a folder where an assessment would replace files of somebody else.

    Parameters
    ----------
    folder : str or Path
        A folder with ``assessment.json`` holds an assessment, which may be replaced.

    Raises
    ------
    ReportError
        The path is a file, or the folder holds files of these names and no such record.
    """
    _check(Path(folder), ("README.md", "index.html", "verdicts.csv"), ASSESSMENT)


def check_simulation_place(folder: str | Path) -> None:
    """Refuse a folder where a simulated survey would replace a real one.

    Parameters
    ----------
    folder : str or Path
        A folder with ``simulation.toml`` holds a simulated survey, which may be replaced.

    Raises
    ------
    ReportError
        The path is a file, or the folder holds files of these names and no such plan.
    """
    _check(Path(folder), FILES, _PLAN)


def _check(place: Path, names: Iterable[str], mark: str) -> None:
    if place.exists() and not place.is_dir():
        fix = "choose another folder with --out"
        raise ReportError(Fault(str(place), "cannot write here (it is a file)", fix))
    if (place / mark).is_file():
        return
    there = [name for name in names if (place / name).exists()]
    if there:
        shown = ", ".join(there[:4]) + (", ..." if len(there) > 4 else "")
        what = f"holds {shown}, which would be replaced, and no {mark} of csi"
        raise ReportError(Fault(str(place), what, "choose another folder with --out, or empty it"))
