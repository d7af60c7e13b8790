"""Why an index changed: the table of parts with their errors, by group and for the total."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
import pandas as pd

from csi.compare.measured import Row, check_names, errors, no_margin, period_fault, refuse
from csi.compare.split_parts import Part, parts_of_group, parts_of_total
from csi.errors import Fault
from csi.index.joint import Joint, Label

CHANGE_SPLIT = (
    "year", "compared_with", "group", "part", "item", "member", "points", "se", "lower", "upper",
    "p_value", "share", "note",
)  # fmt: skip
"""Columns of the split of changes, in order."""

TOTAL = "total"
"""The name of all groups together."""

Detail = Literal["items", "groups"]
SplitMethod = Literal["nested", "shapley"]


def change_split(
    joint: Joint,
    construct: str,
    *,
    group: str | None = None,
    before: str | None = None,
    detail: Detail | None = None,
    shares: Mapping[Label, float] | None = None,
    method: SplitMethod = "nested",
) -> pd.DataFrame:
    """Split the changes of an index into performance, weights, items asked and mix of groups.

    Parameters
    ----------
    joint : Joint
        Levels with their item means, weights and replicates.
    construct : str
    group : str, optional
        A group, or ``"total"`` for all groups together; by default each group and, where there
        are several, the total.
    before : str, optional
        Compare all later periods with this one; by default each with the period before it.
    detail : {"items", "groups"}, optional
        Also one row for each item (performance, weights), or for each group of the total.
    shares : mapping of (period, group) to float, optional
        What the groups count in the total; by default the sums of their respondents' weights.
        They are brought to a sum of one in each period.
    method : {"nested", "shapley"}
        How the total is split: see `csi.compare.split.split_total` and `split_total_shapley`.

    Returns
    -------
    DataFrame
        ``year, compared_with, group, part, item, member, points, se, lower, upper, p_value,
        share, note``: one row a part. The rows of a comparison whose ``item`` and ``member`` are
        empty add up to the row ``total``, the change of the index; ``share`` is the part of that
        change, which says little where the change is near zero. Errors come from the replicates:
        each part is computed in every one of them. Shares of groups are taken as known.

    Raises
    ------
    OptionError
        Names and options that are not possible, all at once.

    Notes
    -----
    Sources: [bennet1920theory], [shapley1953value], [balk2008price].
    """
    _check(joint, construct, group, before, detail, shares, method)
    j = joint.column(construct)
    wanted = [group] if group is not None else [*joint.groups]
    if group is None and len(joint.groups) > 1:
        wanted.append(TOTAL)
    rows: list[Row] = []
    for old, new in _pairs(joint.periods, before):
        for name in wanted:
            if name == TOTAL and TOTAL not in joint.groups:
                made, freedom = parts_of_total(joint, j, old, new, detail, shares, method)
            else:
                made, freedom = parts_of_group(joint, j, old, new, name, detail)
            head = {"year": new, "compared_with": old, "group": name}
            rows += [head | row for row in _with_errors(joint, made, freedom)]
    return pd.DataFrame(rows, columns=list(CHANGE_SPLIT))


def _check(
    joint: Joint,
    construct: str,
    group: str | None,
    before: str | None,
    detail: str | None,
    shares: Mapping[Label, float] | None,
    method: str,
) -> None:
    """Raise an OptionError with everything that is not possible."""
    faults = check_names(joint, construct, None if group == TOTAL else group)
    if TOTAL in joint.groups and len(joint.groups) > 1:
        faults.append(Fault("group", f"a group is called {TOTAL!r}", "give it another name"))
    if before is not None:
        faults += period_fault(joint, before, "before")
        if before == joint.periods[-1]:
            faults.append(Fault("before", f"no period follows {before}", "take an earlier one"))
    for name, value, kinds in (
        ("detail", detail, (None, *get_args(Detail))),
        ("method", method, get_args(SplitMethod)),
    ):
        if value not in kinds:
            listed = ", ".join(str(kind) for kind in kinds)
            faults.append(
                Fault(f"option {name}", f"{value!r} is not possible", f"use one of {listed}")
            )
    faults += _share_faults(joint, construct, shares or {})
    refuse(faults)


def _share_faults(joint: Joint, construct: str, shares: Mapping[Label, float]) -> list[Fault]:
    """Return what is wrong with the shares of groups."""
    faults = []
    for label, share in shares.items():
        if label[0] not in joint.periods or label[1] not in joint.groups:
            faults.append(
                Fault(f"share of {label}", "no such period and group", "leave it out or correct it")
            )
        if not (np.isfinite(share) and share >= 0):
            faults.append(Fault(f"share of {label}", f"{share} is no share", "give 0 or more"))
    if shares and construct in joint.constructs:
        faults += [
            Fault(f"share of {label}", "the group has a figure but no share", "add it")
            for at, label in enumerate(joint.labels)
            if np.isfinite(joint.index[at, joint.column(construct)]) and label not in shares
        ]
    return faults


def _pairs(periods: tuple[str, ...], before: str | None) -> list[tuple[str, str]]:
    """Return the comparisons: period before, period now."""
    if before is None:
        return list(pairwise(periods))
    return [(before, now) for now in periods[periods.index(before) + 1 :]]


def _with_errors(joint: Joint, parts: list[Part], freedom: float) -> list[Row]:
    """Return the rows of a comparison with their errors."""
    total = next(float(part.values[0]) for part in parts if part.part == "total")
    rows = []
    for part in parts:
        points = float(part.values[0])
        row: Row = {"part": part.part, "item": part.item, "member": part.member, "points": points}
        row |= errors(part.values, joint.replication, level=joint.level, freedom=freedom)
        notes = (part.note, no_margin(part.values, row))
        row |= {
            "share": points / total if total else np.nan,
            "note": "; ".join(note for note in notes if note),
        }
        rows.append(row)
    return rows
