"""Where the change of an aggregate comes from: its members' own changes, and their shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.compare.aggregation.combine import Combination
from csi.compare.aggregation.hierarchy import Hierarchy
from csi.compare.aggregation.kernel import member_parts
from csi.compare.aggregation.notes import change_notes
from csi.compare.aggregation.options import AggregateOptions
from csi.compare.aggregation.periods import Track, tracks
from csi.compare.aggregation.roll_up import Figure
from csi.errors import Fault, IndexFigureError
from csi.estimate.intervals import margin, p_value
from csi.index.joint import Joint
from csi.survey.cells import nearest

PARTS = (
    "year", "compared_with", "node", "construct", "part", "member", "share_before", "share",
    "index_before", "index", "points", "se", "se_delta", "lower", "upper", "p_value",
)  # fmt: skip
"""Columns of the parts of a change, in order."""

Part = tuple[float, Mapping[int, float]]
"""Share of a member, and its level as a sum of levels of sources."""


def change_parts(
    joint: Joint,
    table: Hierarchy,
    node: str,
    period: str,
    *,
    construct: str,
    companies: bool = False,
    options: AggregateOptions | None = None,
) -> pd.DataFrame:
    """Return the change of a node, split into what its members add and what their shares add.

    Parameters
    ----------
    joint : Joint
    table : Hierarchy
    node, period : str
        The change is to this period from the one that `options` compare it with.
    construct : str
    companies : bool
        Split among the companies below the node, not its direct members.
    options : AggregateOptions, optional

    Returns
    -------
    DataFrame
        The columns `PARTS`. ``part`` is ``members`` (a member's own change at its mean share),
        ``mix`` (its changed share, against the mean of the two aggregates), ``entered`` or
        ``left`` (it is there in one period only), first for each member and then, with an empty
        member, summed; and ``total``. Points of the members add up to the total. Weights of
        the table are taken as exact.

    Raises
    ------
    OptionError
        An unknown node, period or construct.
    IndexFigureError
        There is no change to split, or the table does not go with the survey.
    """
    faults = [
        Fault(where, f"{name!r} is not known", nearest(name, known))
        for where, name, known in (
            ("node", node, [name for name in table.order if table.levels[name]]),
            ("period", period, joint.periods),
        )
        if name not in known
    ]
    if faults:
        raise IndexFigureError(faults)
    (track,), _ = tracks(joint, table, construct, options or AggregateOptions())
    now, before = _pair(track, node, period)
    rows = _rows(track, period, now, before, companies)
    named = {
        "year": period,
        "compared_with": track.before(period),
        "node": node,
        "construct": construct,
    }
    return pd.DataFrame([named | row for row in rows], columns=list(PARTS))


def _pair(track: Track, node: str, period: str) -> tuple[Figure, Figure]:
    """Return the figures of a node in the two periods, or say why there is no change."""
    earlier = track.before(period)
    now = track.figures[period].get(node)
    before = track.figures[earlier].get(node) if earlier else None
    where = f"{node} {period}"
    if not earlier:
        what = "there is no period to compare it with"
    elif now is None:
        what = "the table does not have it in this period"
    else:
        notes, possible = change_notes(track, period, now, before)
        if possible and before is not None:
            return now, before
        what = notes[0]
    raise IndexFigureError(Fault(where, what, "choose another period"))


def _rows(
    track: Track, period: str, now: Figure, before: Figure, companies: bool
) -> list[dict[str, Any]]:
    """Return the rows of the parts, of their sums and of the total."""
    old = _members(track, track.before(period), before, companies)
    new = _members(track, period, now, companies)
    names = list(dict.fromkeys([*new, *old]))
    sources = sorted({source for of in (old, new) for _, level in of.values() for source in level})
    share0, level0 = _dense(old, names, sources)
    share1, level1 = _dense(new, names, sources)
    own, mix = member_parts(level0, level1, share0, share1)
    both = (share0 > 0) & (share1 > 0)
    kinds = np.where(both, "mix", np.where(share1 > 0, "entered", "left"))

    def row(part: str, values: Array, k: int | None = None) -> dict[str, Any]:
        errors = _errors(track, dict(zip(sources, values.tolist(), strict=True)))
        if k is None:
            return {"part": part, "member": "", **errors}
        return {
            "part": part,
            "member": names[k],
            **_side(track, old.get(names[k]), "share_before", "index_before"),
            **_side(track, new.get(names[k]), "share", "index"),
            **errors,
        }

    rows = [row("members", own[k], k) for k in np.flatnonzero(both).tolist()]
    rows += [row(str(kinds[k]), mix[k], k) for k in range(len(names))]
    rows.append(row("members", own.sum(axis=0)))
    rows += [
        row(kind, mix[kinds == kind].sum(axis=0))
        for kind in ("mix", "entered", "left")
        if (kinds == kind).any()
    ]
    return [*rows, row("total", own.sum(axis=0) + mix.sum(axis=0))]


def _side(track: Track, member: Part | None, share: str, index: str) -> dict[str, float]:
    """Return share and index of a member in one period."""
    if member is None:
        return {share: 0.0, index: np.nan}
    return {share: member[0], index: track.sources.estimate(Combination(member[1]))}


def _members(track: Track, period: str, figure: Figure, companies: bool) -> dict[str, Part]:
    """Return the members of a node in a period, or the companies below it."""
    if companies and figure.combination is not None:
        weights = figure.combination.sources
        return {name: (weights[at], {at: 1.0}) for name, at in figure.sources.items()}
    found: dict[str, Part] = {}
    for name, share in zip(figure.members, figure.shares.tolist(), strict=True):
        below = track.figures[period][name].combination
        if share > 0 and below is not None:
            found[name] = (share, below.sources)
    return found


def _dense(
    members: Mapping[str, Part], names: Sequence[str], sources: Sequence[int]
) -> tuple[Array, Array]:
    """Return shares (k) and levels (k, s) of members, as coefficients of the s sources."""
    absent: Part = (0.0, {})
    found = [members.get(name, absent) for name in names]
    return (
        np.array([share for share, _ in found]),
        np.array([[level.get(source, 0.0) for source in sources] for _, level in found]),
    )


def _errors(track: Track, coefficients: Mapping[int, float]) -> dict[str, float]:
    """Return a part in points, with its errors."""
    part = Combination(coefficients)
    points = track.sources.estimate(part)
    errors = track.sources.errors(part, points)
    half = float(margin(errors.se, level=track.joint.level, freedom=errors.freedom))
    return {
        "points": points,
        "se": errors.se,
        "se_delta": errors.se_delta,
        "lower": points - half,
        "upper": points + half,
        "p_value": float(p_value(points, errors.se, errors.freedom)),
    }
