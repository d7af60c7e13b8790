"""What ordinal items cannot be fitted with, and what a reader is told about their answers."""

from __future__ import annotations

from collections import Counter

import numpy as np

from csi.errors import EstimationError, Fault
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.polychoric import OrdinalGroup
from csi.estimate.covariance.result import SemSample
from csi.model.sem.values import SemModel
from csi.model.words import remedy

MOST_CATEGORIES = 20
"""An item with more different answers is continuous."""
TOLD = 3
"""Examples in one note."""


def check(model: SemModel, sample: SemSample, options: SemOptions) -> None:
    """Refuse what ordinal items cannot be fitted with.

    Raises
    ------
    EstimationError
        All faults at once: unknown items, moments without answers, an estimator for continuous
        items, intercepts and restricted thresholds or residual variances, items with one
        category or with too many.
    """
    faults = [
        Fault(f"ordinal item {item}", "is not in the model", remedy(item, model.items))
        for item in model.ordinal
        if item not in model.items
    ]
    if not sample.rows:
        fix = "give the survey, or a table of its answers"
        faults.append(Fault("data", "are moments: this estimator needs the answers", fix))
    if options.estimator not in ("dwls", "uls"):
        what = f"{options.estimator} takes continuous items"
        faults.append(Fault("option estimator", what, "use dwls, or name no ordinal items"))
    if model.ordinal:
        faults += _restrictions(model)
        faults += _answers(model, sample)
    if faults:
        raise EstimationError(faults)


def _restrictions(model: SemModel) -> list[Fault]:
    """Find parameters that would restrict thresholds or the variance 1 of ordinal items."""
    faults = []
    if model.means:
        fix = "leave the means out"
        faults.append(Fault("means", "follow from free thresholds of ordinal items", fix))
    labels = Counter(p.label for p in model.parameters if p.label)
    for p in model.parameters:
        if p.op == "|" and (p.fixed is not None or labels[p.label] > 1):
            fix = "leave it free: thresholds are free in every group"
            faults.append(Fault(f"parameter {p.name}", "restricts a threshold", fix))
        own = p.op == "~~" and p.lhs == p.rhs and p.lhs in model.ordinal
        if own and p.fixed is None and labels[p.label] > 1:
            what = "is what the constructs leave of variance 1, and cannot be made equal"
            faults.append(Fault(f"parameter {p.name}", what, "take its label off"))
    return faults


def _answers(model: SemModel, sample: SemSample) -> list[Fault]:
    """Find ordinal items with one category, or with too many."""
    faults = []
    for name, part in zip(model.groups, sample.rows, strict=False):
        where = f" in group {name}" if name else ""
        for k, item in enumerate(model.items):
            if item not in model.ordinal:
                continue
            count = len(np.unique(part.rows[:, k]))
            if count < 2:
                what = f"everybody gave the same answer{where}"
                faults.append(Fault(f"ordinal item {item}", what, "leave it out"))
            elif count > MOST_CATEGORIES:
                what = f"has {count} different answers{where}"
                fix = "take it for continuous, or group its answers"
                faults.append(Fault(f"ordinal item {item}", what, fix))
    return faults


def notes_of(model: SemModel, groups: tuple[OrdinalGroup, ...]) -> tuple[str, ...]:
    """Return in words what is doubtful about the correlations of ordinal items."""
    items = [item for item in model.items if item in model.ordinal]
    notes: list[str] = []
    for name, group in zip(model.groups, groups, strict=True):
        where = f" in group {name}" if name else ""
        for k, item in enumerate(items):
            notes += _unused(item, k, group, groups, where)
        p = len(model.items)
        pairs = [(i, j) for i in range(p) for j in range(i)]
        for matrix, words in (
            (group.edge, "correlation as good as 1 or -1"),
            (~group.converged, "correlation that did not settle"),
        ):
            found = [f"{model.items[j]} with {model.items[i]}" for i, j in pairs if matrix[i, j]]
            if found:
                notes.append(f"{words}{where}: {_some(found)}")
        halves = [
            f"{items[j]} with {items[i]}"
            for i, j, filled in zip(*group.pairs, group.filled, strict=True)
            if filled
        ]
        if halves:
            notes.append(f"half a respondent put into an empty cell{where}: {_some(halves)}")
        least = float(np.linalg.eigvalsh(group.cov)[0])
        if least <= 0:
            notes.append(
                f"correlations of the items are not positive definite{where} ({least:.2g})"
            )
    return tuple(notes)


def _unused(
    item: str, k: int, group: OrdinalGroup, groups: tuple[OrdinalGroup, ...], where: str
) -> list[str]:
    """Say which answers nobody gave, but others around them or in other groups did."""
    here = group.categories[k]
    every = np.unique(np.concatenate([own.categories[k] for own in groups]))
    if np.all(every == np.round(every)) and every[-1] - every[0] < MOST_CATEGORIES:
        every = np.arange(every[0], every[-1] + 1)
    missing = [f"{value:g}" for value in every if value not in here]
    if not missing:
        return []
    return [f"ordinal item {item}: nobody answered {', '.join(missing)}{where}"]


def _some(found: list[str]) -> str:
    more = len(found) - TOLD
    return ", ".join(found[:TOLD]) + (f" and {more} more" if more > 0 else "")
