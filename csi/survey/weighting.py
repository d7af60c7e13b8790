"""Weighting a survey to the margins of its population: raking, post-stratification, trimming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from csi.arrays import Array
from csi.errors import Fault, NotConvergedError, OptionError
from csi.survey.design_columns import NO_WEIGHTS
from csi.survey.kernel_raking import Raked, margin_shares, margin_sums, raked
from csi.survey.survey import Survey
from csi.survey.targets import Targets
from csi.survey.weighting_diagnostics import Raking, Trim, margin_rows, part_row, raking_of
from csi.survey.weighting_parts import Part, keys_within, parts_of


def rake(
    survey: Survey,
    targets: Targets,
    *,
    within: str | Sequence[str] | None = None,
    trim: Trim | None = None,
    steps: int = 1000,
    tolerance: float = 1e-8,
) -> tuple[Survey, Raking]:
    """Weight a survey so that it meets the margins of its population.

    Parameters
    ----------
    survey : Survey
        Its weights are the base; replicate weights are raked too, each by itself.
    targets : mapping
        ``{"region": {"north": 0.4, "south": 0.6}, "age": {...}}``: shares, percentages or counts
        of the values of time or group keys. Keys joined by ``|`` (``"region|age"``, values
        ``"north|18-34"``) are crossed; one margin alone is post-stratification. With one more
        level, ``{"2020": {"region": ...}}``, each part has its own.
    within : str or sequence of str, optional
        Keys whose values are weighted by themselves; the time where there is one.
    trim : (low, high), optional
        Smallest and largest weight as ratios to the mean of the part.
    steps : int
        Most rounds over the margins.
    tolerance : float
        Largest difference of a share from its target that counts as met.

    Returns
    -------
    Survey
        With the new weights. They keep the sum of a part, or add up to its count where targets
        are counts.
    Raking
        Diagnostics.

    Raises
    ------
    SurveyError
        Targets that do not fit the survey, all faults at once.
    NotConvergedError
        Parts whose margins cannot be met, with the largest difference.
    OptionError
        Bounds, steps or tolerance that cannot be.

    Notes
    -----
    Sources: [deming1940least]; the design effect of weights is that of [kish1965survey].
    """
    _require_options(trim, steps, tolerance)
    parts = parts_of(survey, targets, within)
    base, supplied = survey.design.weights, survey.design.replicates
    weights = base.copy()
    replicates = None if supplied is None else supplied.weights.copy()
    faults: list[Fault] = []
    rows, margins = [], []
    for part in parts:
        total = _total(part, base)
        found = _raked(part, base[None, part.rows], total, trim, steps, tolerance)
        told = _unmet(part, found.weights[0], float(found.errors[0]), found.steps, tolerance, trim)
        faults += told
        if told:
            continue
        weights[part.rows] = found.weights[0]
        rows.append(part_row(part, base[part.rows], found.weights[0], total, found.steps, trim))
        margins += margin_rows(part, base[part.rows], found.weights[0])
        if replicates is not None:
            each = _raked(part, replicates[part.rows].T, total, trim, steps, tolerance)
            faults += _unmet_replicates(part, replicates[part.rows].T, each.errors, tolerance)
            replicates[part.rows] = each.weights.T
    if faults:
        raise NotConvergedError(faults)
    made = raking_of(rows, margins, trim)
    return _weighted(survey, weights, replicates, parts, keys_within(survey, within)), made


def _require_options(trim: Trim | None, steps: int, tolerance: float) -> None:
    faults = []
    if trim is not None and not 0 <= trim[0] < 1 < trim[1]:
        fix = "give ratios to the mean with 0 <= low < 1 < high, such as (0.2, 5)"
        faults.append(Fault("option trim", f"{trim} leaves no room around the mean", fix))
    if steps < 1:
        faults.append(Fault("option steps", f"{steps} is too few", "take at least 1"))
    if not 0 < tolerance < 1:
        faults.append(Fault("option tolerance", f"{tolerance:g} is no share", "take 1e-8"))
    if faults:
        raise OptionError(faults)


def _total(part: Part, base: Array) -> float:
    """Sum of the new weights: the count of the population, else the sum as it was."""
    counts = [margin.count for margin in part.margins if margin.count is not None]
    return counts[0] if counts else float(base[part.rows].sum())


def _raked(
    part: Part, weights: Array, total: float, trim: Trim | None, steps: int, tolerance: float
) -> Raked:
    return raked(
        weights,
        part.codes,
        [margin.shares for margin in part.margins],
        total=total,
        bounds=trim,
        steps=steps,
        tolerance=tolerance,
    )


def _unmet(
    part: Part, weights: Array, error: float, steps: int, tolerance: float, trim: Trim | None
) -> list[Fault]:
    """Say by how much the margins of a part are not met, and where most."""
    if error <= tolerance:
        return []
    margin, code, gap = "", "", 0.0
    for one, codes in zip(part.margins, part.codes, strict=True):
        gaps = margin_shares(weights[None], codes, len(one.values))[0] - one.shares
        worst = int(np.argmax(np.abs(gaps)))
        if abs(gaps[worst]) >= abs(gap):
            margin, code, gap = one.name, one.values[worst], float(gaps[worst])
    why = (
        "the bounds of trim do not allow it: widen them, or merge small values"
        if trim is not None
        else "margins may contradict each other where crossed values have no respondents: "
        "merge values or leave a margin out"
    )
    return [
        Fault(
            f"targets of {part.label}",
            f"not met after {steps} rounds; {margin} {code} is {100 * gap:+.3g} percentage points "
            "off its target",
            why,
        )
    ]


def _unmet_replicates(part: Part, before: Array, errors: Array, tolerance: float) -> list[Fault]:
    """Say in how many replicates the margins are not met, and which values are empty there."""
    wrong = ~(errors <= tolerance)
    if not wrong.any():
        return []
    empty = [
        f"{margin.name} {value} in {lost}"
        for margin, codes in zip(part.margins, part.codes, strict=True)
        for value, lost in zip(
            margin.values,
            (margin_sums(before, codes, len(margin.values)) == 0).sum(axis=0).tolist(),
            strict=True,
        )
        if lost
    ]
    told = f"; nobody is left of {', '.join(empty)}" if empty else ""
    return [
        Fault(
            f"targets of {part.label}",
            f"not met in {int(wrong.sum())} of {len(errors)} replicates{told}",
            "merge values with few respondents, or widen the bounds of trim",
        )
    ]


def _weighted(
    survey: Survey,
    weights: Array,
    replicates: Array | None,
    parts: Sequence[Part],
    within: Sequence[str],
) -> Survey:
    """Return the survey with new weights and a note that says so."""
    design, supplied = survey.design, survey.design.replicates
    names = dict.fromkeys(margin.name for part in parts for margin in part.margins)
    note = f"weights were raked to {', '.join(names)}"
    if within:
        note += f" within {', '.join(within)}"
    again = None
    if supplied is not None and replicates is not None:
        again = replace(supplied, weights=replicates)
    kept = tuple(old for old in survey.notes if not old.startswith(NO_WEIGHTS))
    return replace(
        survey,
        codebook=replace(survey.codebook, unweighted=()),
        design=replace(design, weights=weights, weighted=True, replicates=again),
        notes=(*kept, note),
    )
