"""What can be wrong with a comparison of two groups."""

from __future__ import annotations

from collections.abc import Mapping

from csi.errors import Fault
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.groups import Cell
from csi.survey.cells import nearest
from csi.survey.survey import Survey

LEAST = 99
"""Fewer permutations cannot give a p value of 0.01."""


def name_faults(
    survey: Survey, model: Model, by: str, groups: tuple[str, str], where: Mapping[str, str]
) -> list[Fault]:
    """Return faults of names: items, keys and their values."""
    faults = [
        Fault(f"model item {item}", "is not an item of the codebook", nearest(item, survey.items))
        for item in survey.lacking(model.items)
    ]
    wanted = [("by", by, tuple(groups)), *(("where", key, (v,)) for key, v in where.items())]
    for place, key, values in wanted:
        if key not in survey.keys:
            what = f"{key!r} is not a key of the codebook"
            faults.append(Fault(place, what, nearest(str(key), survey.keys)))
            continue
        known = sorted(set(survey.keys[key].tolist()) - {""})
        faults += [
            Fault(
                "groups" if place == "by" else f"where {key}",
                f"no respondent has {value!r} as {key}",
                nearest(str(value), known),
            )
            for value in values
            if value not in known
        ]
    if len(groups) != 2 or len(set(groups)) != len(groups):
        faults.append(Fault("groups", f"{groups!r} are not two groups", "name two different ones"))
    if by in where:
        faults.append(Fault("where", f"{by!r} tells the groups already", "leave it out there"))
    return faults


def size_faults(
    cells: tuple[Cell, ...],
    used: tuple[int, ...],
    where: Mapping[str, str],
    absent: tuple[str, ...],
    left: Model | None,
    options: IndexOptions,
) -> list[Fault]:
    """Return faults of groups that are empty or too small, and of a model with too little left.

    `used` is how many respondents of each group have the answers and the weight they need.
    """
    here = f" where {', '.join(f'{k} is {v}' for k, v in where.items())}" if where else ""
    faults = []
    for cell, n in zip(cells, used, strict=True):
        if len(cell.rows) == 0:
            what = f"has no respondents{here}"
            faults.append(Fault(f"group {cell.label[0]}", what, "compare it elsewhere"))
        elif n < options.min_n:
            of = "" if n == len(cell.rows) else f" of {len(cell.rows)} with answers and weight"
            what = f"has {n} respondents{of}{here}, fewer than min_n = {options.min_n}"
            faults.append(Fault(f"group {cell.label[0]}", what, "lower min_n to compare it still"))
    if not faults and left is None:
        what = f"has no index once {', '.join(absent)} are left out"
        faults.append(Fault("model", what, "compare groups that were asked the same items"))
    return faults


def option_faults(permutations: int, options: IndexOptions) -> list[Fault]:
    """Return what the options ask that a comparison of two groups cannot give."""
    faults = []
    if permutations < LEAST:
        faults.append(
            Fault("option permutations", f"{permutations} is too few", f"take {LEAST} or more")
        )
    if options.weights not in ("own", "pooled"):
        faults.append(
            Fault(
                f"option weights {options.weights}",
                "is not shown here: two groups have own and pooled weights",
                "leave it out",
            )
        )
    if options.interval == "studentised":
        faults.append(
            Fault("option interval studentised", "is not to be had here", "take bca or normal")
        )
    return faults
