"""What the reader of a yearly index must know, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from csi.index.cells import CellFit
from csi.index.levels import Label
from csi.index.options import IndexOptions
from csi.index.variants import Variant, variant_notes
from csi.moments.groups import ungrouped
from csi.survey.survey import Survey

_TREATMENTS = {
    "em": "maximum likelihood (EM)",
    "pairwise": "pairs of items by their own cases",
    "complete": "respondents with all answers only",
}

_OTHER = {
    "bootstrap": "the bootstrap",
    "jackknife": "the jackknife",
    "brr": "balanced half samples",
    "fay": "balanced half samples (Fay)",
    "gaussian": "Gaussian draws of moments",
    "delta": "linearisation",
}
"""Methods beside the supplied replicate weights."""


def notes(
    survey: Survey,
    group: str,
    models: Mapping[str, Variant],
    asked: pd.DataFrame,
    fitted: Mapping[Label, CellFit],
    options: IndexOptions,
) -> tuple[str, ...]:
    """Return what the reader of a yearly index must know: of the survey, the models, the fits."""
    return (
        *_of_survey(survey, group, models, asked),
        *_of_design(survey, fitted, options),
        *_of_fits(fitted, options),
        _gaps(asked, fitted, options),
    )


def _of_survey(
    survey: Survey, group: str, models: Mapping[str, Variant], asked: pd.DataFrame
) -> list[str]:
    """Say what the survey tells, what was not asked when, and who was left out."""
    told = tuple(f"{item} was not asked in " for item in asked["item"].unique())  # by period, below
    notes = [note for note in survey.notes if not note.startswith(told)]
    notes += variant_notes(models)
    if len(survey.excluded):
        reasons = survey.excluded.groupby("reason", sort=False)["count"].sum()
        notes += [f"{count} respondents are left out: {why}." for why, count in reasons.items()]
    away = int(ungrouped(survey, (group,)).sum()) if group else 0
    if away:
        notes.append(f"{away} respondents without a value of {group} are in no figure.")
    return notes + [
        f"{period}: no model is left to fit; no figures."
        for period, variant in models.items()
        if variant.model is None
    ]


def _of_design(survey: Survey, fitted: Mapping[Label, CellFit], options: IndexOptions) -> list[str]:
    """Say what the errors make of the sampling design."""
    notes = []
    if survey.design.replicates is not None:
        other = _OTHER.get(options.replicates)
        notes.append(
            f"Supplied replicate weights are not used: errors are from {other}."
            if other
            else "Errors are from the supplied replicate weights."
        )
    blocks: dict[str, set[str]] = {}
    for label, cell in fitted.items():
        blocks.setdefault(cell.units.block, set()).add(label[0])
    if max((len(found) for found in blocks.values()), default=0) > 1:
        notes.append(
            "Clusters with the same code in several periods are the same sampled units: the errors "
            "of changes allow for it."
        )
    return notes


def _of_fits(fitted: Mapping[Label, CellFit], options: IndexOptions) -> list[str]:
    """Say which groups could not be fitted, and how draws ended."""
    notes = []
    for label, cell in fitted.items():
        where = _where(label)
        if cell.problem:
            notes.append(f"{where}: not fitted: {cell.problem}.")
            continue
        lost = cell.not_converged + cell.degenerate
        if lost and cell.usable is not None:
            notes.append(
                f"{where}: {lost} of {len(cell.usable)} draws left out: "
                f"{cell.not_converged} not converged, {cell.degenerate} degenerate."
            )
        if cell.lonely:
            notes.append(f"{where}: {cell.lonely} strata with a single unit are merged.")
    inadmissible = [
        f"{_where(label)} {cell.inadmissible}"
        for label, cell in fitted.items()
        if cell.inadmissible
    ]
    if inadmissible:
        draws = max(len(cell.usable) for cell in fitted.values() if cell.usable is not None)
        notes.append(
            f"Inadmissible draws (a negative weight, say), kept in the errors, of {draws}: "
            f"{', '.join(inadmissible)}."
        )
    return notes


def _gaps(asked: pd.DataFrame, fitted: Mapping[Label, CellFit], options: IndexOptions) -> str:
    """Say how many answers are missing, how that is treated and how many respondents are used."""
    counted = asked[asked["asked"]]
    gone, there = int(counted["missing"].sum()), int(counted["answered"].sum())
    used = sum(int(cell.fit.moments.n) for cell in fitted.values())
    return (
        f"Missing answers to the items asked: {gone} of {gone + there}; treated by "
        f"{_TREATMENTS[options.missing]}; respondents used: {used}."
    )


def _where(label: Label) -> str:
    """Return period and group in words."""
    return " ".join(part for part in label if part != "all") or "the survey"
