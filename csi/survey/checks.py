"""The door: a raw table and a codebook become a survey, or all that is wrong is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray
from csi.errors import Fault
from csi.survey.asking import settle_blanks
from csi.survey.cells import natural_key, nearest, plain
from csi.survey.codebook import Codebook, Item
from csi.survey.codebook_checks import MEANINGS
from csi.survey.coding import EMPTY, CodedItem, States, code_item
from csi.survey.design_columns import read_design
from csi.survey.duration_column import read_duration
from csi.survey.key_columns import Names, read_key, read_respondents
from csi.survey.raw import RawTable
from csi.survey.replicate_form import ReplicateForm
from csi.survey.survey import ALL, Survey

NO_ANSWERS = "no answer to any item"
EMPTY_ROW = "empty row"


def check_table(raw: RawTable, codebook: Codebook) -> tuple[list[Fault], Survey | None]:
    """Return every fault of a survey file, and the survey where there is none.

    Parameters
    ----------
    raw : RawTable
    codebook : Codebook

    Returns
    -------
    list of Fault
    Survey or None
        None where there are faults.
    """
    faults = [*raw.faults, *_missing_columns(raw, codebook)]
    if not len(raw):
        no_rows = Fault(raw.source, "the file is empty: no data rows", "give a file with answers")
        return [*faults, no_rows], None
    present = _present_part(raw, codebook)
    if present is None:
        return faults, None
    found, survey = _check_columns(raw, present)
    faults += found
    return faults, None if faults else survey


def _check_columns(raw: RawTable, codebook: Codebook) -> tuple[list[Fault], Survey | None]:
    """Check the cells; every column of the codebook is there."""
    coded, faults = _coded_items(raw, codebook)
    blank = np.logical_and.reduce([column.empty for column in raw.columns.values()])
    silent = np.logical_and.reduce([np.isnan(c.points) & (c.states <= EMPTY) for c in coded])
    kept = ~silent
    if not kept.any():
        nobody = Fault(raw.source, "nobody answered any item", "check columns and missing codes")
        return [*faults, nobody], None
    for item, found in zip(codebook.items, coded, strict=True):
        faults += _item_faults(raw, item, found, kept)
    keys, key_faults, key_notes = _keys(raw, codebook, kept)
    periods = keys[codebook.time.name] if codebook.time else np.full(len(raw), ALL, dtype=object)
    respondents, name_faults = read_respondents(raw, codebook.respondent, kept)
    design, design_faults, design_notes = read_design(raw, codebook, kept, periods)
    duration, duration_faults, duration_notes = read_duration(raw, codebook.duration, kept)
    faults += key_faults + name_faults + design_faults + duration_faults
    if faults:
        return faults, None
    states, asking_notes = settle_blanks(codebook, coded, periods, kept)
    answers, turned = _turned(codebook, coded)
    return [], Survey(
        codebook=codebook,
        answers=answers[kept],
        keys={name: values[kept] for name, values in keys.items()},
        respondents=respondents[kept],
        design=design,
        missing=_missing(codebook, states[kept], periods[kept]),
        excluded=_excluded(periods, blank, silent),
        rows_read=len(raw),
        source=raw.source,
        sha256=raw.sha256,
        notes=(*raw.notes, *turned, *key_notes, *design_notes, *duration_notes, *asking_notes),
        duration=duration,
        reasons=states[kept],
    )


def named_columns_of(codebook: Codebook) -> dict[str, str]:
    """Return every column a codebook names, with what it is for.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    dict of str to str
    """
    uses = [(item.column, f"item {item.name!r}") for item in codebook.items]
    uses += [(key.column, f"key {key.name!r}") for key in codebook.keys]
    uses += [(column, "respondent") for column in codebook.respondent]
    design = {
        "weight": codebook.weight,
        "stratum": codebook.stratum,
        "cluster": codebook.cluster,
        "population size": codebook.fpc,
    }
    uses += [(column, use) for use, column in design.items() if column]
    uses += [(column, "replicate weight") for column in codebook.replicate_weights]
    uses += [(codebook.duration.column, "duration")] if codebook.duration else []
    return dict(reversed(uses))


def _missing_columns(raw: RawTable, codebook: Codebook) -> list[Fault]:
    absent = [
        (column, use)
        for column, use in named_columns_of(codebook).items()
        if plain(column) not in raw.columns
    ]
    return [
        Fault(
            f"{raw.source}, column {column!r}",
            f"the file has no such column ({use} of the codebook)",
            nearest(column, raw.columns),
        )
        for column, use in reversed(absent)
    ]


def _present_part(raw: RawTable, codebook: Codebook) -> Codebook | None:
    """Return the codebook of the columns that are there, so that these can be checked."""

    def there(column: str | None) -> bool:
        return column is not None and plain(column) in raw.columns

    items = [item for item in codebook.items if there(item.column)]
    if not items:
        return None
    names = {item.name for item in items}
    time = codebook.time if codebook.time and there(codebook.time.column) else None
    weighted = there(codebook.weight) and (time is not None or not codebook.unweighted)
    respondent = codebook.respondent if all(map(there, codebook.respondent)) else ()
    replicates = tuple(filter(there, codebook.replicate_weights))
    period = codebook.time.column if codebook.time else None
    frame = (codebook.stratum, codebook.cluster, period)
    sized = there(codebook.fpc) and all(name is None or there(name) for name in frame)
    form = codebook.replicates
    if replicates != codebook.replicate_weights:  # no survey comes of it, but its cells are read
        form = ReplicateForm(kind="bootstrap") if len(replicates) > 1 else None
    return replace(
        codebook,
        items=tuple(
            item
            if item.asked_if is None or item.asked_if.item in names
            else replace(item, asked_if=None)
            for item in items
        ),
        time=time,
        groups=tuple(key for key in codebook.groups if there(key.column)),
        respondent=respondent,
        weight=codebook.weight if weighted else None,
        unweighted=codebook.unweighted if weighted else (),
        stratum=codebook.stratum if there(codebook.stratum) else None,
        cluster=codebook.cluster if there(codebook.cluster) else None,
        fpc=codebook.fpc if sized else None,
        replicate_weights=replicates if form else (),
        replicates=form,
        duration=codebook.duration
        if codebook.duration and there(codebook.duration.column)
        else None,
    )


def _coded_items(raw: RawTable, codebook: Codebook) -> tuple[list[CodedItem], list[Fault]]:
    pairs = [code_item(raw, item) for item in codebook.items]
    return [coded for coded, _ in pairs], [fault for _, found in pairs for fault in found]


def _item_faults(raw: RawTable, item: Item, coded: CodedItem, kept: BoolArray) -> list[Fault]:
    """Judge an item over the whole file: it must vary, and keep to the file's missing codes."""
    where = f"{raw.source}, column {item.column!r}"
    points = np.unique(coded.points[kept & ~np.isnan(coded.points)])
    if not len(points) and not coded.faulty:
        fix = "check its column and missing codes, or take the item out of the codebook"
        return [Fault(where, f"nobody answered item {item.name!r}", fix)]
    if len(points) == 1 and not coded.faulty:
        answer = f"item {item.name!r} is constant: every answer is {points[0]:g}"
        return [Fault(where, answer, "take the item out of the codebook; it can explain nothing")]
    faults = []
    for low, high in raw.declared_missing.get(plain(item.column), ()):
        inside = points[(points >= low) & (points <= high)]
        if len(inside):
            codes = ", ".join(f"{point:g}" for point in inside)
            what = f"the file declares {codes} as missing, the codebook takes it for an answer"
            faults.append(Fault(where, what, "declare it under missing, or correct the file"))
    return faults


def _keys(
    raw: RawTable, codebook: Codebook, kept: BoolArray
) -> tuple[dict[str, Names], list[Fault], list[str]]:
    keys: dict[str, Names] = {}
    faults: list[Fault] = []
    notes: list[str] = []
    for key in codebook.keys:
        values, found, said = read_key(raw, key, kept, needed=key is codebook.time)
        keys[key.name] = values
        faults += found
        notes += said
    return keys, faults, notes


def _turned(codebook: Codebook, coded: Sequence[CodedItem]) -> tuple[Array, list[str]]:
    """Return the answers, (n, k), with reversed items turned round."""
    columns, notes = [], []
    for item, found in zip(codebook.items, coded, strict=True):
        columns.append(item.low + item.high - found.points if item.reversed else found.points)
        if item.reversed:
            notes.append(
                f"{item.name} was turned round: {item.low:g} is its best answer in the file "
                f"and {item.high:g} here"
            )
    return np.stack(columns, axis=1), notes


def _missing(codebook: Codebook, states: States, periods: Names) -> pd.DataFrame:
    """Count the reasons for having no answer: one row a period, item and meaning."""
    rows = []
    for period in sorted(set(periods.tolist()), key=natural_key):
        here = states[periods == period]
        for place, item in enumerate(codebook.items):
            counts = np.bincount(here[:, place], minlength=len(MEANINGS) + 1)[1:]
            rows += [
                (period, item.name, meaning, int(count))
                for meaning, count in zip(MEANINGS, counts, strict=True)
                if count
            ]
    return pd.DataFrame(rows, columns=["year", "item", "meaning", "count"])


def _excluded(periods: Names, blank: BoolArray, silent: BoolArray) -> pd.DataFrame:
    """Count the rows left out; a row that is empty throughout has no period."""
    reasons = [(EMPTY_ROW, blank), (NO_ANSWERS, silent & ~blank)]
    rows = [
        (period, reason, int((where & (periods == period)).sum()))
        for reason, where in reasons
        for period in sorted(set(periods[where].tolist()), key=natural_key)
    ]
    return pd.DataFrame(rows, columns=["year", "reason", "count"])
