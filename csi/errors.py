"""The one tree of errors: every error of the package carries its faults as facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the input: where it is, what it is, how to go on.

    Attributes
    ----------
    where : str
        File, column, row, construct or option the fault sits in.
    what : str
        What is wrong there.
    fix : str
        What the reader can do about it.
    """

    where: str
    what: str
    fix: str

    def __str__(self) -> str:
        """One line: where, what and how to go on."""
        return f"{self.where}: {self.what}; {self.fix}"


class CsiError(Exception):
    """Root of all errors of this package.

    Parameters
    ----------
    faults : str or Fault or iterable of Fault
        Everything that is wrong, at once; a string is one fault told as a sentence.

    Attributes
    ----------
    faults : tuple of Fault
        The faults, for programs and reports.
    """

    subject = "input"

    def __init__(self, faults: str | Fault | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            self.faults: tuple[Fault, ...] = ()
            super().__init__(faults)
            return
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        if len(self.faults) == 1:
            super().__init__(str(self.faults[0]))
            return
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{len(self.faults)} faults in the {self.subject}:\n{lines}")


class CodebookError(CsiError):
    """The codebook cannot be read or contradicts itself."""

    subject = "codebook"


class SurveyError(CsiError):
    """The survey file cannot be read or does not match its codebook."""

    subject = "survey"


class ModelError(CsiError):
    """The model is not a recursive path model of named constructs and items."""

    subject = "model"


class MomentsError(CsiError):
    """The moments asked for cannot be computed."""

    subject = "moments"


class EstimationError(CsiError):
    """The model could not be estimated."""

    subject = "estimation"


class NotConvergedError(EstimationError):
    """An iteration stopped before it settled."""


class IndexFigureError(CsiError):
    """Index figures cannot be formed from this fit."""

    subject = "index"


class ReportError(CsiError):
    """A chart, page or table cannot be written."""

    subject = "report"


class OptionError(CsiError, ValueError):
    """An option has a value that is not one of the possible ones."""

    subject = "options"
