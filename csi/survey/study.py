"""How a survey was made: what its report must disclose, as the codebook states it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from csi.errors import Fault
from csi.survey.cells import nearest
from csi.survey.frozen import Portable, frozen_map
from csi.survey.toml_fields import Fields
from csi.text import Text

WORDS = (
    "sponsor", "conducted_by", "funding", "frame", "sampling", "recruitment", "mode", "fieldwork",
    "languages", "incentives", "questionnaire", "weighting", "quality", "limitations", "contact",
)  # fmt: skip
"""The entries of ``[study]`` that are words, in the order of files and reports."""

NUMBERS = ("issued", "response_rate", "response_rule")
"""The entries on the size of the sample and its response."""

PERIODS = "periods"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """What is stated of one period where it is not that of the whole survey.

    Attributes
    ----------
    fieldwork, mode : Text
        Dates of the interviews; how answers were collected.
    issued : int or None
        People (or numbers, addresses) that were to be interviewed.
    response_rate : float or None
        From 0 to 1, as `response_rule` defines it.
    response_rule : Text
        How the response rate was worked out, such as ``AAPOR RR1``.
    note : Text
        What else must be known of the period.
    """

    fieldwork: Text = Text()
    mode: Text = Text()
    issued: int | None = None
    response_rate: float | None = None
    response_rule: Text = Text()
    note: Text = Text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Portable):
    """How a survey was made; an empty text is what the codebook does not state.

    Attributes
    ----------
    sponsor, conducted_by, funding : Text
        Who ordered it, who made it, and who paid for it where that is somebody else.
    frame : Text
        The list or source the sample was drawn from, and whom it does not cover.
    sampling : Text
        How people were selected.
    recruitment : Text
        How they were approached, and by what rule somebody took part.
    mode : Text
        How answers were collected: face to face, telephone, web.
    fieldwork : Text
        Dates of the interviews.
    languages, incentives : Text
        Of the interviews; for taking part.
    questionnaire : Text
        Where the questions come from.
    weighting : Text
        How the sampling weights were made.
    quality : Text
        How answers were processed and checked.
    limitations : Text
        What the survey cannot say.
    contact : Text
        Whom to ask.
    issued, response_rate, response_rule
        Size of the sample and response of the whole survey, see `Wave`.
    periods : mapping of str to Wave
        What is stated of single periods, by value of the codebook's time.

    Notes
    -----
    The entries follow the disclosure items of the American Association for Public Opinion
    Research [aapor2021disclosure] as far as they can be stated in a few words.

    Examples
    --------
    >>> study = Study(sponsor=Text("Norvane"), issued=4000, response_rate=0.31)
    >>> study.stated
    ('sponsor', 'issued', 'response_rate')
    """

    sponsor: Text = Text()
    conducted_by: Text = Text()
    funding: Text = Text()
    frame: Text = Text()
    sampling: Text = Text()
    recruitment: Text = Text()
    mode: Text = Text()
    fieldwork: Text = Text()
    languages: Text = Text()
    incentives: Text = Text()
    questionnaire: Text = Text()
    weighting: Text = Text()
    quality: Text = Text()
    limitations: Text = Text()
    contact: Text = Text()
    issued: int | None = None
    response_rate: float | None = None
    response_rule: Text = Text()
    periods: Mapping[str, Wave] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Lock the mapping."""
        object.__setattr__(self, "periods", frozen_map(self.periods))

    @property
    def stated(self) -> tuple[str, ...]:
        """Names of the entries that are stated, of the whole survey or of a period."""
        own: list[Study | Wave] = [self, *self.periods.values()]
        names = dict.fromkeys((*WORDS, *NUMBERS, *(entry.name for entry in fields(Wave))))
        return tuple(name for name in names if any(_given(getattr(w, name, None)) for w in own))

    def __bool__(self) -> bool:
        """Tell whether anything is stated."""
        return bool(self.stated)


def study_in(top: Fields) -> Study:
    """Read ``[study]`` of a codebook; faults go to the list of its fields.

    Parameters
    ----------
    top : Fields
        The whole file.

    Returns
    -------
    Study
        An empty one where the file has none.
    """
    table = top.child("study")
    if table is None:
        return Study()
    words: dict[str, Any] = {name: table.text(name) for name in WORDS}
    by_period: dict[str, Wave] = {}
    inner = table.child(PERIODS)
    for name in inner.table if inner else ():
        wave = inner.child(name) if inner else None
        if wave is not None:
            own: dict[str, Any] = {part: wave.text(part) for part in ("fieldwork", "mode", "note")}
            by_period[name] = Wave(**own, **_numbers(wave))
            wave.finish()
    found = Study(**words, **_numbers(table), periods=by_period)
    table.finish()
    return found


def study_entries(study: Study) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return what a codebook file says of a study: its own entries, and those of each period."""
    own = {name: getattr(study, name) for name in (*WORDS, *NUMBERS)}
    by_period = {
        period: {entry.name: getattr(wave, entry.name) for entry in fields(Wave)}
        for period, wave in study.periods.items()
    }
    return _stated(own), {period: _stated(entries) for period, entries in by_period.items()}


def study_faults(study: Study, periods: Mapping[str, object] | None) -> Iterator[Fault]:
    """Yield what cannot be true of a study.

    Parameters
    ----------
    study : Study
    periods : mapping or None
        The known values of the time, empty where any is allowed; None where there is no time.
    """
    if study.periods and periods is None:
        yield Fault("study, periods", "there is no time to name periods of", "write [time]")
    for name in study.periods if periods else ():
        if periods and name not in periods:
            fix = nearest(name, [str(period) for period in periods])
            yield Fault(f"study, periods, {name}", "is not a period of [time]", fix)
    places: dict[str, Study | Wave] = {
        f"study, periods, {name}": wave for name, wave in study.periods.items()
    }
    for where, part in ({"study": study} | places).items():
        yield from _sample_faults(where, part)


def _sample_faults(where: str, wave: Study | Wave) -> Iterator[Fault]:
    rate = wave.response_rate
    if rate is not None and not (math.isfinite(rate) and 0 < rate <= 1):
        fix = "write a share, such as 0.31 for 31 %"
        yield Fault(f"{where}, response_rate", f"{rate:g} is not above 0 and at most 1", fix)
    if wave.issued is not None and wave.issued < 1:
        yield Fault(f"{where}, issued", f"{wave.issued} is not a number of people", "correct it")
    if wave.response_rule and rate is None:
        fix = "write response_rate, or leave out the rule"
        yield Fault(f"{where}, response_rule", "there is no response rate", fix)


def _numbers(table: Fields) -> dict[str, Any]:
    """Read the size of a sample and its response."""
    issued = table.number("issued")
    if issued is not None and not issued.is_integer():
        table.fault("issued", f"{issued:g} is not a whole number", "write a number of people")
        issued = None
    return {
        "issued": None if issued is None else int(issued),
        "response_rate": table.number("response_rate"),
        "response_rule": table.text("response_rule"),
    }


def _stated(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if _given(value)}


def _given(value: object) -> bool:
    return value is not None and value != Text()
