"""Files of office programs: libraries they need, the same bytes on every run, saving."""

from __future__ import annotations

import re
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from csi.errors import Fault, ReportError
from csi.report.tables import open_folder
from csi.text import Language

LATIN_FONT = "Calibri"
CHINESE_FONT = "Microsoft YaHei"
"""Fonts named in the files; a machine without them takes its own in their place."""

_STAMP = b"2000-01-01T00:00:00Z"
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def font_of(language: Language) -> str:
    """Return the font of words in a language."""
    return CHINESE_FONT if language == "zh" else LATIN_FONT


def require_library(module: str, what: str) -> None:
    """Make sure that a library is installed.

    Parameters
    ----------
    module : str
        Name it is imported by.
    what : str
        File that needs it, for the message.

    Raises
    ------
    ReportError
        Where it is not.
    """
    if find_spec(module) is None:
        package = {"pptx": "python-pptx"}.get(module, module)
        fix = "install it with pip install 'csi[report]'"
        raise ReportError(Fault(what, f"the package {package} is not installed", fix))


def save(content: bytes, path: str | Path) -> Path:
    """Write a file, its folder made where it is not there.

    Raises
    ------
    ReportError
        Where it cannot be written: a folder of that name is in the way, or the file is open
        in another program.
    """
    target = Path(path)
    open_folder(target.parent)
    try:
        target.write_bytes(content)
    except OSError as fault:
        what = f"cannot write here ({fault.strerror})"
        fix = "close the file where it is open, or choose another name"
        raise ReportError(Fault(str(path), what, fix)) from None
    return target


def steady(content: bytes) -> bytes:
    """Return an office file without the time it was made at, also in the files inside of it.

    Parameters
    ----------
    content : bytes
        A zip archive as Word, Excel and PowerPoint write it.
    """
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            inside = old.read(entry)
            if entry.filename.endswith(".xlsx"):
                inside = steady(inside)
            elif entry.filename == "docProps/core.xml":
                inside = _DATES.sub(rb"\g<1>" + _STAMP + rb"\g<2>", inside)
            same = ZipInfo(entry.filename, _ZIP_DATE)
            same.compress_type = ZIP_DEFLATED
            same.external_attr = 0o600 << 16
            new.writestr(same, inside)
    return made.getvalue()
