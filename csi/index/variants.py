"""Which items each period asked, and the model as far as it can be fitted there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from csi.errors import Fault, IndexFigureError
from csi.model.model import Model
from csi.moments.groups import Cell, cells_of
from csi.survey.survey import Survey


@dataclass(frozen=True, slots=True)
class Variant:
    """The model of one period.

    Attributes
    ----------
    model : Model or None
        What is left of the model; None where the index construct or every path is gone.
    absent : tuple of str
        Items nobody answered in the period.
    dropped : tuple of str
        Constructs and paths that went with them, in words.
    """

    model: Model | None
    absent: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def variants(survey: Survey, model: Model, time: str) -> dict[str, Variant]:
    """Return the model of every period, in natural order; one period ``"all"`` without time.

    Raises
    ------
    IndexFigureError
        For items of the model that the codebook does not have.
    """
    unknown = survey.lacking(model.items)
    if unknown:
        raise IndexFigureError(
            [
                Fault(
                    f"model item {item}",
                    "is not an item of the codebook",
                    "give the codebook item this name, or change the model",
                )
                for item in unknown
            ]
        )
    answers = survey.columns(model.columns)
    found = {}
    for cell in periods(survey, time):
        asked = np.sum(~np.isnan(answers[cell.rows]), axis=0).tolist()
        absent = tuple(item for item, there in zip(model.columns, asked, strict=True) if not there)
        label = cell.label[0] if cell.label else "all"
        if absent:
            left, dropped = model.without(set(absent))
            found[label] = Variant(left, absent, dropped)
        else:
            found[label] = Variant(model)
    return found


def periods(survey: Survey, time: str) -> list[Cell]:
    """Return the periods of the survey in natural order."""
    return cells_of(survey, (time,) if time else ())


def variant_notes(found: Mapping[str, Variant]) -> list[str]:
    """Say which periods lack which items, periods with the same gaps together."""
    together: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for period, variant in found.items():
        if variant.absent:
            together.setdefault((variant.absent, variant.dropped), []).append(period)
    notes = []
    for (absent, dropped), labels in together.items():
        note = f"{', '.join(labels)}: not asked: {', '.join(absent)}"
        if dropped:
            note += f"; left out of the model: {'; '.join(dropped)}"
        notes.append(note + ".")
    return notes
