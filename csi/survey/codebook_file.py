"""Codebooks on disk: TOML that people write and that reads back as it was written."""

from __future__ import annotations

from pathlib import Path

from csi.errors import CodebookError, Fault
from csi.survey.codebook import Codebook
from csi.survey.codebook_parse import parse_codebook
from csi.survey.codebook_write import format_codebook


def codebook_from_text(text: str, *, source: str = "codebook") -> Codebook:
    """Return the codebook a TOML text describes.

    Parameters
    ----------
    text : str
    source : str
        Name of the file, for messages.

    Returns
    -------
    Codebook

    Raises
    ------
    CodebookError
        With every fault of the text at once.

    Examples
    --------
    >>> text = '''
    ... title = { en = "Mobile phone survey", zh = "手机用户调查" }
    ... [defaults]
    ... low = 1
    ... high = 10
    ... missing = { dont_know = ["98"], refused = ["99"] }
    ... [[items]]
    ... name = "CUSA1"
    ... label = { en = "Overall satisfaction", zh = "总体满意度" }
    ... '''
    >>> codebook_from_text(text).item("CUSA1").high
    10.0
    """
    return parse_codebook(text, source=source)


def codebook_to_text(codebook: Codebook) -> str:
    """Return a codebook as TOML text that reads back as an equal codebook.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    str
    """
    return format_codebook(codebook)


def read_codebook(path: str | Path) -> Codebook:
    """Read a codebook from a TOML file in UTF-8.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Codebook

    Raises
    ------
    CodebookError
        The file cannot be read, or with every fault of it at once.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise CodebookError(
            Fault(str(path), reason, "give the path of a codebook (TOML)")
        ) from None
    except UnicodeDecodeError:
        raise CodebookError(
            Fault(str(path), "it is not UTF-8 text", "save the codebook as UTF-8")
        ) from None
    return parse_codebook(text, source=path.name)


def write_codebook(codebook: Codebook, path: str | Path) -> None:
    """Write a codebook to a TOML file in UTF-8.

    Parameters
    ----------
    codebook : Codebook
    path : str or Path
    """
    Path(path).write_bytes(codebook_to_text(codebook).encode())
