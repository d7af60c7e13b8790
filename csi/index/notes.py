"""What the reader of a yearly index must know, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from csi.estimate.kernel_composites import score_correlation
from csi.index.cells import CellFit
from csi.index.formula import index_weights
from csi.index.levels import Label
from csi.index.options import IndexOptions
from csi.index.values import YearlyIndex
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


UNTESTED = (
    "Figures of different {key} are compared on the assumption that the constructs mean the same "
    "in each; comparability was not tested (test it with csi assess SURVEY --by {key})."
)
"""Said wherever several periods or groups stand side by side."""


def notes(
    survey: Survey,
    time: str,
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
        *_of_comparisons(time, group, fitted),
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


def with_comparability_note(yearly: YearlyIndex, key: str, said: str) -> YearlyIndex:
    """Return index figures whose note on comparability over a key is another.

    Parameters
    ----------
    yearly : YearlyIndex
    key : str
        The time or the group of the figures.
    said : str
        What was found; it takes the place of the note that nothing was tested, or is added.
    """
    untested = UNTESTED.format(key=key)
    if untested in yearly.notes:
        told = tuple(said if note == untested else note for note in yearly.notes)
    else:
        told = (*yearly.notes, said)
    return replace(yearly, notes=told)


def _of_comparisons(time: str, group: str, fitted: Mapping[Label, CellFit]) -> list[str]:
    """Say that periods or groups are compared without a test, and how alike weights are."""
    usable = [label for label, cell in fitted.items() if not cell.problem]
    notes = [
        UNTESTED.format(key=key)
        for place, key in enumerate((time, group))
        if key and len({label[place] for label in usable}) > 1
    ]
    found = _least_alike(fitted) if notes else None
    if found is None:
        return notes
    c, construct, before, label = found
    where = f"{construct}, {label[1]}" if group else construct
    return [
        *notes,
        f"A hint, no test: scores by the item weights of successive periods correlate {c:.3f} or "
        f"more (lowest: {where}, {before} and {label[0]}).",
    ]


def _least_alike(fitted: Mapping[Label, CellFit]) -> tuple[float, str, str, Label] | None:
    """Find the construct and group whose scores by two successive periods' weights differ most.

    The correlation is that within the two periods together. None where no period has another
    before it with the same items.
    """
    last: dict[str, tuple[str, CellFit]] = {}
    found: list[tuple[float, str, str, Label]] = []
    for label, cell in fitted.items():
        if cell.problem:
            continue
        before = last.get(label[1])
        last[label[1]] = label[0], cell
        if before is None or before[1].model.items != cell.model.items:
            continue
        pair = before[1].fit, cell.fit
        totals = [float(fit.moments.n) for fit in pair]
        within = (totals[0] * pair[0].moments.cov + totals[1] * pair[1].moments.cov) / sum(totals)
        weights = [index_weights(fit) for fit in pair]
        c = score_correlation(within, weights[0], weights[1], cell.model.blocks)
        if np.isfinite(c).any():
            j = int(np.nanargmin(c))
            found.append((float(c[j]), cell.model.names[j], before[0], label))
    return min(found, key=lambda own: own[0], default=None)


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
