"""The parts of one comparison with their replicates: of one group, or of all groups together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.compare.measured import (
    asked,
    composition_of,
    find,
    freedom_of,
    items_changed,
    items_of,
)
from csi.compare.split import (
    Composition,
    TotalSplit,
    split_change,
    split_total,
    split_total_shapley,
)
from csi.compare.split_members import Member, members_of, mix_note, no_total, shares_of
from csi.index.joint import Joint, Label


@dataclass(frozen=True, slots=True)
class Part:
    """One row before its errors: the part, whose it is, its values (1 + R), and notes."""

    part: str
    values: Array
    item: str = ""
    member: str = ""
    note: str = ""


def parts_of_group(
    joint: Joint, j: int, old: str, new: str, group: str, detail: str | None
) -> tuple[list[Part], float]:
    """Return the parts of one group's change and their degrees of freedom."""
    pair = find(joint, old, group, j), find(joint, new, group, j)
    why = [found.why or found.small for found in pair if found.why or found.small]
    at0, at1 = pair[0].at, pair[1].at
    if why or at0 is None or at1 is None:
        return [_nothing(joint, "; ".join(why))], np.nan
    if not (asked(joint, at0, j) & asked(joint, at1, j)).any():
        return [_nothing(joint, f"no item in common with {old}")], np.nan
    split = split_change(composition_of(joint, at0, j), composition_of(joint, at1, j))
    note = items_changed(joint, j, at0, at1)
    parts = [
        Part("performance", split.performance.sum(axis=-1)),
        Part("weights", split.weights.sum(axis=-1)),
        Part("items", split.items, note=note),
        Part("total", split.total, note=note),
    ]
    if detail == "items":
        parts += _by_item(joint, j, split.performance, split.weights)
    return parts, freedom_of(joint.linear[at].units for at in (at0, at1))


def parts_of_total(
    joint: Joint,
    j: int,
    old: str,
    new: str,
    detail: str | None,
    shares: Mapping[Label, float] | None,
    method: str,
) -> tuple[list[Part], float]:
    """Return the parts of the change of all groups together and their degrees of freedom."""
    every = members_of(joint, j, old, new)
    members = [member for member in every if member.kept]
    if why := no_total(joint, j, members, old, new):
        return [_nothing(joint, why)], np.nan
    before = _joined([composition_of(joint, m.sources[0], j) for m in members])
    now = _joined([composition_of(joint, m.sources[1], j) for m in members])
    s0, s1 = (shares_of(joint, j, members, period, shares) for period in (old, new))
    split = (split_total_shapley if method == "shapley" else split_total)(s0, s1, before, now)
    mix_said = mix_note(every, new)
    items_said = _items_of_groups(joint, j, members)
    parts = [
        Part("performance", split.performance.sum(axis=(-1, -2))),
        Part("weights", split.weights.sum(axis=(-1, -2))),
        Part("items", split.items.sum(axis=-1), note=items_said),
        Part("mix", split.mix.sum(axis=-1), note=mix_said),
        Part("total", split.total, note="; ".join(n for n in (items_said, mix_said) if n)),
    ]
    if detail == "items":
        parts += _by_item(joint, j, split.performance.sum(axis=-2), split.weights.sum(axis=-2))
    if detail == "groups":
        parts += _by_group(members, split)
    units = [joint.linear[at].units for m in members for at in m.sources]
    return parts, freedom_of(units)


def _by_item(joint: Joint, j: int, performance: Array, weights: Array) -> list[Part]:
    """Return one row an item for performance and weights."""
    return [
        Part(part, values[:, k], item=item)
        for part, values in (("performance", performance), ("weights", weights))
        for k, item in enumerate(items_of(joint, j))
    ]


def _by_group(members: list[Member], split: TotalSplit) -> list[Part]:
    """Return one row a group and part; groups with too few respondents are not shown."""
    parts = []
    for at, member in enumerate(members):
        small = "; ".join(f"suppressed: {f.small}" for f in (member.old, member.new) if f.small)
        for part, values in (
            ("performance", split.performance[:, at].sum(axis=-1)),
            ("weights", split.weights[:, at].sum(axis=-1)),
            ("items", split.items[:, at]),
            ("mix", split.mix[:, at]),
        ):
            shown = np.full_like(values, np.nan) if small else values
            parts.append(Part(part, shown, member=member.group, note=small))
    return parts


def _joined(made: list[Composition]) -> Composition:
    """Put the compositions of groups side by side, (1 + R, m, k)."""
    return Composition(
        np.stack([one.shares for one in made], axis=-2),
        np.stack([one.scores for one in made], axis=-2),
        np.stack([one.asked for one in made]),
    )


def _items_of_groups(joint: Joint, j: int, members: list[Member]) -> str:
    """Say whose items are not the same in both periods, or nothing."""
    said: dict[str, list[str]] = {}
    for member in members:
        if changed := items_changed(joint, j, *member.sources):
            said.setdefault(changed, []).append(member.group)
    return "; ".join(f"{changed} ({', '.join(groups)})" for changed, groups in said.items())


def _nothing(joint: Joint, why: str) -> Part:
    """Return the one row of a comparison that cannot be made."""
    return Part("total", np.full(1 + joint.draws.shape[-1], np.nan), note=f"no change: {why}")
