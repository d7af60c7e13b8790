"""What the readers of binary files share."""

from __future__ import annotations

import hashlib
from pathlib import Path

from csi.errors import Fault, SurveyError


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the bytes of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unreadable(source: str, kind: str, reason: object) -> SurveyError:
    """Return the error for a file that is not what its name says."""
    return SurveyError(
        Fault(source, f"it cannot be read as {kind} ({reason})", "save it again or name it rightly")
    )


def without_package(package: str, source: str) -> SurveyError:
    """Return the error for a kind of file whose package is not installed."""
    return SurveyError(
        Fault(
            source,
            f"reading it needs the package {package}",
            "install csi with its formats: pip install 'csi[formats]'",
        )
    )
