"""Put levels in a row and mark where items changed or something else broke the series."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csi.arrays import Array
from csi.compare.measured import (
    break_faults,
    check_names,
    composition_of,
    find,
    items_changed,
    level_of,
    refuse,
)
from csi.compare.series import Break, Series
from csi.compare.split import common
from csi.errors import Fault
from csi.index.joint import Joint


def series_of(
    joint: Joint,
    construct: str,
    group: str | None = None,
    *,
    breaks: Sequence[tuple[str, str]] = (),
) -> Series:
    """Put the levels of a construct in a row, with marks where they are not comparable.

    Parameters
    ----------
    joint : Joint
    construct : str
    group : str, optional
        Not needed where there is only one.
    breaks : sequence of (period, reason)
        What changed from that period on: mode of interview, sample, scale. Changes of the items
        are found.

    Raises
    ------
    OptionError
        Names that are not there, all at once.
    """
    faults = [*check_names(joint, construct, group), *break_faults(joint, breaks, first=False)]
    if group is None and len(joint.groups) > 1:
        faults.append(Fault("group", "there are several groups", "name one"))
    refuse(faults)
    group, j = group or joint.groups[0], joint.column(construct)
    found = [find(joint, period, group, j) for period in joint.periods]
    none = np.full(1 + joint.draws.shape[-1], np.nan)
    return Series(
        construct=construct,
        group=group,
        periods=joint.periods,
        values=np.array(
            [none if f.at is None or f.small else level_of(joint, f.at, j) for f in found]
        ),
        n=np.array([0.0 if f.at is None else joint.base[f.at, j] for f in found]),
        notes=tuple(f"suppressed: {f.small}" if f.small else f.why for f in found),
        units=tuple(() if f.at is None else (joint.linear[f.at].units,) for f in found),
        carried=((),) * len(found),
        breaks=_breaks(joint, group, j, breaks),
        links=(),
        moved=(False,) * len(found),
        extra=np.zeros(len(found)),
        replication=joint.replication,
        level=joint.level,
    )


def _breaks(
    joint: Joint, group: str, j: int, given: Sequence[tuple[str, str]]
) -> tuple[Break, ...]:
    """Return the breaks found from items and those given, in the order of periods."""
    marks: dict[str, list[Break]] = {}
    last: int | None = None
    for period in joint.periods:
        at = find(joint, period, group, j).at
        if at is None:
            continue
        if last is not None and (reason := items_changed(joint, j, last, at)):
            marks[period] = [Break(period, reason, _overlap(joint, j, last, at))]
        last = at
    for period, reason in given:  # what else changed is not in the common items: no overlap
        marks.setdefault(period, []).append(Break(period, reason))
    return tuple(
        Break(period, "; ".join(m.reason for m in own), own[0].overlap if len(own) == 1 else None)
        for period in joint.periods
        if (own := marks.get(period))
    )


def _overlap(joint: Joint, j: int, before: int, now: int) -> Array | None:
    """Return the level before plus the change of the common items, (1 + R)."""
    if not np.isfinite(joint.index[[before, now], j]).all():
        return None
    first, second = composition_of(joint, before, j), composition_of(joint, now, j)
    if not (first.asked & second.asked).any():
        return None
    old, new = common(first, second)
    return np.asarray(first.level + (new.level - old.level))
