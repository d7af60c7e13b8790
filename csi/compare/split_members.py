"""Groups of a total in two periods: who is there, who came, went or was left out, their shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.compare.measured import Found, asked, find, refuse
from csi.errors import Fault
from csi.index.joint import Joint, Label


@dataclass(frozen=True, slots=True)
class Member:
    """A group of the total: where it is found in both periods."""

    group: str
    old: Found
    new: Found

    @property
    def kept(self) -> bool:
        """Whether it has a figure wherever it has respondents, and at least one."""
        pair = (self.old, self.new)
        return any(f.at is not None for f in pair) and not any(
            f.why for f in pair if f.at is not None
        )

    @property
    def sources(self) -> tuple[int, int]:
        """Numbers of the compositions, that of the other period where one is absent."""
        at0, at1 = self.old.at, self.new.at
        if at0 is None and at1 is not None:
            return at1, at1
        if at0 is not None:
            return at0, at0 if at1 is None else at1
        raise ValueError(f"{self.group} is in neither period")  # pragma: no cover


def members_of(joint: Joint, j: int, old: str, new: str) -> list[Member]:
    """Return all groups, each as it is found in the two periods."""
    return [Member(g, find(joint, old, g, j), find(joint, new, g, j)) for g in joint.groups]


def no_total(joint: Joint, j: int, members: list[Member], old: str, new: str) -> str:
    """Say why there is no change of the total, or nothing."""
    for period, found in ((old, [m.old for m in members]), (new, [m.new for m in members])):
        n = sum(int(joint.base[f.at, j]) for f in found if f.at is not None)
        if not any(f.at is not None for f in found):
            return f"no figure in {period}"
        if n < joint.min_n:
            return f"n = {n} in {period} is below {joint.min_n}"
    apart = [
        m.group
        for m in members
        if not (asked(joint, m.sources[0], j) & asked(joint, m.sources[1], j)).any()
    ]
    return f"no item in common with {old}: {', '.join(apart)}" if apart else ""


def shares_of(
    joint: Joint,
    j: int,
    members: list[Member],
    period: str,
    given: Mapping[Label, float] | None,
) -> Array:
    """Return the shares of the groups in one period, adding up to one; 0 for absent groups."""
    raw = []
    for member in members:
        at = joint.at(period, member.group)
        there = at is not None and joint.base[at, j] > 0
        if not there or at is None:
            raw.append(0.0)
        elif given is None:
            raw.append(float(joint.total_weight[at, j]))
        else:
            raw.append(float(given[period, member.group]))
    total = sum(raw)
    if total <= 0:
        refuse([Fault(f"shares of {period}", "add up to 0", "give at least one above 0")])
    return np.array(raw) / total


def mix_note(every: list[Member], new: str) -> str:
    """Say which groups came, went, or could not be counted, or nothing."""
    came = [m.group for m in every if m.kept and m.old.at is None]
    went = [m.group for m in every if m.kept and m.new.at is None]
    left_out = [
        f"{m.group} ({'; '.join(f.why for f in (m.old, m.new) if f.at is not None and f.why)})"
        for m in every
        if not m.kept and (m.old.at is not None or m.new.at is not None)
    ]
    said = [
        f"{words}: {', '.join(which)}"
        for words, which in (
            (f"new in {new}", came),
            (f"not there in {new}", went),
            ("left out of the total", left_out),
        )
        if which
    ]
    return "; ".join(said)
