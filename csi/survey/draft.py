"""A first codebook from a data file: guesses a person then checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np

from csi.errors import Fault, SurveyError
from csi.survey.answers import READY
from csi.survey.cells import code_of, key_of, natural_key
from csi.survey.codebook import Codebook, Item, Key
from csi.survey.codebook_write import STUDY, format_codebook
from csi.survey.draft_duration import guess_duration
from csi.survey.draft_scales import Guess, guess_scale
from csi.survey.draft_words import Role, meaning_of, role_of, text_in_its_language
from csi.survey.frozen import frozen_map
from csi.survey.key_columns import key_texts
from csi.survey.raw import RawTable
from csi.survey.readers import read_raw
from csi.survey.study import WORDS
from csi.tabular import Brief
from csi.text import Text

_MOST_VALUES = 40  # a key with more different values gets no list of them
_OPENING = (
    "A first codebook, drafted from the data file. Every entry is a guess: check the ends of",
    "the scales, the codes that are not answers, the direction (reversed = true where low is",
    "best), and write labels in English (en) and Chinese (zh).",
)
_STUDY = (
    "How the survey was made, for the methods page of the report; what is not stated is listed",
    "there as not stated. Take off the # before what you know:",
    "[study]",
    *(f'{name} = {{ en = "", zh = "" }}' for name in WORDS),
    "issued = 4000",
    "response_rate = 0.31",
    'response_rule = "AAPOR RR1"',
    "and the same by period, such as [study.periods.2025] with fieldwork, issued, response_rate",
)


@dataclass(frozen=True, slots=True, repr=False)
class Draft(Brief):
    """A first codebook and what its reader should check.

    Attributes
    ----------
    codebook : Codebook
    remarks : mapping of str to tuple of str
        By name of the item or key; those on the whole file under ``""``.
    """

    codebook: Codebook
    remarks: Mapping[str, tuple[str, ...]]

    def to_text(self) -> str:
        """Return the codebook as TOML with the remarks as comments."""
        return format_codebook(self.codebook, self.remarks)


def draft_codebook(
    path: str | PathLike[str],
    *,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Codebook:
    """Return a first codebook for a data file; `draft_with_remarks` tells also what to check in it.

    Parameters
    ----------
    path : path
        A file of any kind `read_survey` reads.
    sheet, encoding, delimiter
        As for `read_survey`.

    Returns
    -------
    Codebook

    Raises
    ------
    SurveyError
        The file cannot be read or no column looks like answers.
    """
    return draft_with_remarks(path, sheet=sheet, encoding=encoding, delimiter=delimiter).codebook


def draft_with_remarks(
    path: str | PathLike[str],
    *,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Draft:
    """Return a first codebook for a data file with remarks on what to check.

    Columns are taken for the time, groups and the design by their names, English or Chinese;
    columns of few whole numbers or of known answer words are items. Labels, missing codes
    and scale ends come from SPSS and Stata files where these have them.

    Parameters
    ----------
    path : path
        A file of any kind `read_survey` reads.
    sheet, encoding, delimiter
        As for `read_survey`.

    Returns
    -------
    Draft

    Raises
    ------
    SurveyError
        The file cannot be read or no column looks like answers.
    """
    words = tuple(word for scale in READY.values() for word in scale)
    raw = read_raw(path, sheet=sheet, encoding=encoding, delimiter=delimiter, words=words)
    if raw.faults or not len(raw):
        empty = Fault(raw.source, "it has no data rows", "give a file with answers")
        raise SurveyError(raw.faults or empty)
    roles = _roles(raw)
    items, left_out, remarks = _items(raw, [name for name in raw.columns if name not in roles])
    if not items:
        reasons = "; ".join(f"{name}: {why}" for name, why in list(left_out.items())[:5])
        what = f"no column looks like answers to a question ({reasons})"
        raise SurveyError(Fault(raw.source, what, "write the codebook by hand"))
    keys = {
        name: _key(raw, name, remarks, time=role == "time")
        for name, role in roles.items()
        if role in _KEYS
    }
    time = next((keys[name] for name, role in roles.items() if role == "time"), None)
    top = [*_OPENING, *raw.notes]
    weight, lasting = _first(roles, "weight"), _first(roles, "duration")
    duration = guess_duration(raw, lasting) if lasting else None
    codebook = Codebook(
        title=text_in_its_language(Path(raw.source).stem),
        items=tuple(items),
        time=time,
        groups=tuple(key for key in keys.values() if key is not time),
        respondent=_respondent(raw, roles, time, top),
        weight=weight,
        stratum=_first(roles, "stratum"),
        cluster=_first(roles, "cluster"),
        unweighted=_unweighted(raw, weight, time, top),
        duration=duration,
    )
    if duration is not None:
        top.append(f"{duration.column}: taken for the length of the interview in {duration.unit}")
    top += [f"left out: {name} ({why})" for name, why in left_out.items()]
    return Draft(codebook, frozen_map({**remarks, "": tuple(top), STUDY: _STUDY}))


_KEYS = ("time", "group")


def _first(roles: Mapping[str, Role], wanted: Role) -> str | None:
    return next((name for name, role in roles.items() if role == wanted), None)


def _roles(raw: RawTable) -> dict[str, Role]:
    """Return what columns are for; of several times or weights the first, the rest are groups."""
    roles: dict[str, Role] = {}
    for name in raw.columns:
        role = role_of(name)
        if role is None or raw.column(name).empty.all():
            continue
        if role == "duration" and (role in roles.values() or not guess_duration(raw, name)):
            continue
        if role in roles.values() and role not in ("group", "respondent"):
            role = "group"
        roles[name] = role
    return roles


def _items(
    raw: RawTable, names: list[str]
) -> tuple[list[Item], dict[str, str], dict[str, tuple[str, ...]]]:
    """Return the items, the columns left out with the reason, and remarks by item."""
    found = {name: guess_scale(raw, name) for name in names}
    guesses = {name: guess for name, guess in found.items() if isinstance(guess, Guess)}
    usual = _usual_scale(guesses)
    items: list[Item] = []
    remarks: dict[str, tuple[str, ...]] = {}
    for name, guess in guesses.items():
        fitted = _fitted(guess, usual)
        items.append(_item(raw, name, fitted))
        said = list(fitted.remarks)
        if len(fitted.used) == 1:
            said.append(f"every answer is {fitted.used[0]:g}: take the item out")
        if said:
            remarks[name] = tuple(said)
    return items, {n: why for n, why in found.items() if isinstance(why, str)}, remarks


def _usual_scale(guesses: Mapping[str, Guess]) -> tuple[float, float] | None:
    """Return the scale most items have, those of two codes aside."""
    scales = Counter((g.low, g.high) for g in guesses.values() if g.high - g.low > 1)
    return scales.most_common(1)[0][0] if scales else None


def _fitted(guess: Guess, usual: tuple[float, float] | None) -> Guess:
    """Give an item without labels that uses only part of the usual scale that scale."""
    if usual is None or guess.low_words or guess.answers or guess.high - guess.low <= 1:
        return guess
    low, high = usual
    inside = low <= min(guess.used) and max(guess.used) <= high
    clash = any(code_of(f"{point:g}") in guess.missing for point in np.arange(low, high + 1))
    if (guess.low, guess.high) == usual or not inside or clash or guess.high > high:
        return guess
    said = f"only {min(guess.used):g} to {max(guess.used):g} occur; given the scale of most items"
    kept = tuple(remark for remark in guess.remarks if "check the ends" not in remark)
    return replace(guess, low=low, high=high, remarks=(*kept, said))


def _item(raw: RawTable, name: str, guess: Guess) -> Item:
    title = raw.titles.get(name, "")
    words = text_in_its_language(title) if title else Text()
    short = len(title) <= 40
    return Item(
        name=name,
        column=name,
        label=words if short else Text(),
        wording=Text() if short else words,
        low=guess.low,
        high=guess.high,
        low_label=text_in_its_language(guess.low_words),
        high_label=text_in_its_language(guess.high_words),
        missing=guess.missing,
        answers=READY[guess.answers] if guess.answers else {},
    )


def _key(
    raw: RawTable, name: str, remarks: dict[str, tuple[str, ...]], *, time: bool = False
) -> Key:
    """Return a time or group column, a group with the values that occur where they are few."""
    labels = {code_of(code): words for code, words in raw.labels.get(name, {}).items()}
    values = {key_of(cell) for cell in raw.column(name).cells} - {""}
    missing = {
        value: meaning
        for value in sorted(values, key=natural_key)
        if (meaning := meaning_of(labels.get(code_of(value), value)))
    }
    kept = sorted(values - missing.keys(), key=natural_key)
    title = raw.titles.get(name, "")
    listed = len(kept) <= _MOST_VALUES
    if not listed:
        remarks[name] = (f"{len(kept)} different values: check that it sorts respondents",)
    elif not time and not labels and all(value.isdecimal() for value in kept):
        remarks[name] = ("codes without labels: write labels, and codes that are none as missing",)
    return Key(
        name=name,
        column=name,
        label=text_in_its_language(title) if title else Text(),
        values={value: _value_label(value, labels) for value in kept}
        if listed and not time
        else {},
        missing=missing,
    )


def _value_label(value: str, labels: Mapping[str, str]) -> Text:
    return text_in_its_language(labels.get(code_of(value), "" if value.isdecimal() else value))


def _respondent(
    raw: RawTable, roles: Mapping[str, Role], time: Key | None, top: list[str]
) -> tuple[str, ...]:
    """Return the columns that name an interview: the first that does, alone or with the time."""
    candidates = [name for name, role in roles.items() if role == "respondent"]
    for name in candidates:
        for columns in ((name,), (time.column, name) if time else ()):
            parts = [key_texts(raw.column(column)).tolist() for column in columns]
            names = list(zip(*parts, strict=True))
            if names and len(set(names)) == len(names) and all(map(all, names)):
                return columns
    if candidates:
        told = ", ".join(candidates)
        top.append(f"{told}: not a name of its own for every interview; respondent is left open")
    return ()


def _unweighted(
    raw: RawTable, weight: str | None, time: Key | None, top: list[str]
) -> tuple[str, ...]:
    """Return the periods in which no respondent has a weight."""
    if weight is None or time is None:
        return ()
    empty, periods = raw.column(weight).empty, key_texts(raw.column(time.column))
    without = sorted(set(periods.tolist()) - set(periods[~empty].tolist()) - {""}, key=natural_key)
    if without:
        top.append(f"no weights in {', '.join(without)}: listed as unweighted")
    return tuple(without)
