"""Items that are measured alike in all groups, and the answer scales that points are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from csi.errors import EstimationError, Fault
from csi.estimate.covariance.release_tests import tied_rows
from csi.estimate.covariance.result import SemFit
from csi.survey.cells import nearest
from csi.survey.survey import Survey

NOT_ALIKE = (
    "has no item with equal loading and intercept in all groups: groups that differ in its mean "
    "cannot be told from groups that answer its items differently"
)
"""Why means are refused."""

Scale = Survey | Mapping[str, tuple[float, float]] | tuple[float, float] | None
"""Ends of the answer scales: of a survey's codebook, by item, the same for all, or as answered."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """One construct with the item its points are of.

    Attributes
    ----------
    name : str
    place : int
        Among the constructs.
    marker : str
    item : int
        Place of the marker among the items.
    anchors : int
        Items that are measured alike in all groups.
    low, high : float
        Ends of the marker's answer scale.
    """

    name: str
    place: int
    marker: str
    item: int
    anchors: int
    low: float
    high: float


def anchored(fit: SemFit, scale: Scale) -> list[Anchored]:
    """Return the constructs that have items, each with its marker.

    Parameters
    ----------
    fit : SemFit
    scale : Survey, mapping of item to (low, high), (low, high) or None

    Raises
    ------
    EstimationError
        Fits that did not converge, have one group or no means; constructs that are not measured
        alike, or whose means are equal by the model; items without a scale.
    """
    _require(fit)
    placed, model = fit.placed, fit.placed.model
    alike = _alike(fit)
    moving = {p.lhs for p in placed.free if p.op == "~1" and p.group}
    faults: list[Fault] = []
    found = []
    for place, name in enumerate(placed.constructs):
        own = [p.rhs for p in model.parameters if p.op == "=~" and p.lhs == name and not p.group]
        if not set(own) & set(model.items):
            continue
        anchors = [item for item in own if item in alike.get(name, ())]
        where = f"construct {name}"
        if not anchors:
            faults.append(Fault(where, NOT_ALIKE, "fit level scalar, or release fewer items"))
        elif not moving & _reach(fit, place):
            what = "has the same mean in all groups by the model"
            faults.append(Fault(where, what, "free it in all groups but the first"))
        else:
            low, high = _ends(fit, anchors[0], scale, faults)
            item = model.items.index(anchors[0])
            found.append(Anchored(name, place, anchors[0], item, len(anchors), low, high))
    if faults:
        raise EstimationError(faults)
    return found


def _require(fit: SemFit) -> None:
    faults = []
    if not fit.converged:
        faults.append(Fault("fit", "did not converge", "mend the model first"))
    if len(fit.placed.model.groups) < 2:
        faults.append(Fault("fit", "has one group", "fit several groups, or the years"))
    if not fit.placed.model.means:
        faults.append(Fault("fit", "has no means", "fit it at level scalar"))
    if faults:
        raise EstimationError(faults)


def _reach(fit: SemFit, place: int) -> set[str]:
    """Return the constructs whose means move that of one, itself among them."""
    names, reach = fit.placed.constructs, fit.implied.inverse[0].any(axis=0)
    return {name for k, name in enumerate(names) if reach[place, k]}


def _alike(fit: SemFit) -> dict[str, set[str]]:
    """Return the items of each construct whose loading and intercept are equal in all groups."""
    placed, model = fit.placed, fit.placed.model
    tied = set(tied_rows(placed))
    values: dict[str, list[float | None]] = {}
    for p in model.parameters:
        values.setdefault(p.name, []).append(p.fixed)
    groups = len(model.groups)
    for name, fixed in values.items():
        if len(fixed) == groups and fixed[0] is not None and len(set(fixed)) == 1:
            tied.add(name)
    found: dict[str, set[str]] = {}
    for p in model.parameters:
        if p.op == "=~" and p.name in tied and f"{p.rhs} ~1" in tied:
            found.setdefault(p.lhs, set()).add(p.rhs)
    return found


def _ends(fit: SemFit, item: str, scale: Scale, faults: list[Fault]) -> tuple[float, float]:
    """Return the ends of an item's answer scale."""
    where = f"scale of {item}"
    if isinstance(scale, Survey):
        known = {own.name: (own.low, own.high) for own in scale.codebook.items}
    elif scale is None:
        if not fit.sample.rows:
            return np.nan, np.nan
        at = fit.placed.model.items.index(item)
        answers = np.concatenate([part.rows[:, at] for part in fit.sample.rows])
        return float(np.nanmin(answers)), float(np.nanmax(answers))
    elif isinstance(scale, (tuple, list)):
        known = {item: (scale[0], scale[1])}
    else:
        known = dict(scale)
    if item not in known:
        faults.append(Fault(where, "is not given", nearest(item, known)))
        return np.nan, np.nan
    low, high = known[item]
    if not high > low:
        faults.append(Fault(where, f"runs from {low:g} to {high:g}", "give the lower end first"))
    return float(low), float(high)
