"""The effect of re-basing: one index under several weights, with the error of the difference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.compare.measured import Row, check_names, errors_at, find, items_changed, no_margin, refuse
from csi.compare.series_weights import OWN, chained, reweighted, weights_faults
from csi.errors import Fault
from csi.index.joint import Joint

REBASING = (
    "year", "group", "weights", "index", "se", "lower", "upper", "difference", "difference_se",
    "difference_lower", "difference_upper", "difference_p_value", "compared_with", "change",
    "change_se", "change_lower", "change_upper", "p_value", "note",
)  # fmt: skip
"""Columns of the effect of re-basing, in order."""

ROUNDING = 1e-9
"""Differences below it, in index points, are rounding."""


class _Levels:
    """The levels of one construct under one kind of weights."""

    def __init__(self, joint: Joint, j: int, words: str) -> None:
        self.words = words
        base = words.partition(":")[2]
        if words == "chained":
            made = chained(joint, joint.constructs[j])
            self.values, self.notes, self.sources = made.values, made.notes, made.sources
            return
        other = reweighted(joint, words)
        self.values = np.column_stack([other.index[:, j], other.draws[:, j]])
        self.notes = ("",) * len(joint.labels)
        origin = [joint.at(base, group) if base else None for _, group in joint.labels]
        self.sources = tuple((at,) if o is None else (at, o) for at, o in enumerate(origin))


def rebasing(joint: Joint, construct: str, *, weights: Sequence[str] | None = None) -> pd.DataFrame:
    """Compare an index with the same index under other weights.

    Parameters
    ----------
    joint : Joint
    construct : str
    weights : sequence of str, optional
        ``own``, ``frozen:PERIOD``, ``pooled``, ``equal``, ``chained``; by default own, frozen at
        the first period, pooled where there are such weights, chained and equal.

    Returns
    -------
    DataFrame
        One row a year, group and kind of weights: ``year, group, weights, index, se, lower,
        upper``, the ``difference`` from own weights with errors of its own (both indices come
        from the same replicates), ``compared_with`` and the ``change`` from the period before
        with its errors under these weights, and a ``note``.

    Raises
    ------
    OptionError
        Names and words that are not possible, all at once.
    """
    if weights is None:
        pooled = ("pooled",) if joint.pooled else ()
        weights = (OWN, f"frozen:{joint.periods[0]}", *pooled, "chained", "equal")
    faults = check_names(joint, construct)
    for words in weights:
        faults += weights_faults(joint, words)
    if len(set(weights)) < len(weights):
        faults.append(Fault("option weights", "the same word stands twice", "name each once"))
    refuse(faults)
    joint, j = reweighted(joint, OWN), joint.column(construct)
    kinds = [_Levels(joint, j, words) for words in weights]
    rows = [
        _row(joint, j, period, group, kind)
        for period in joint.periods
        for group in joint.groups
        for kind in kinds
    ]
    return pd.DataFrame(rows, columns=list(REBASING))


def _row(joint: Joint, j: int, period: str, group: str, kind: _Levels) -> Row:
    """Return one row: level, difference from own weights, change."""
    row: Row = {"year": period, "group": group, "weights": kind.words}
    found = find(joint, period, group, j)
    at = found.at
    if at is None:
        return row | {"note": found.why}
    if found.small:
        return row | {"note": f"suppressed: {found.small}"}
    values = kind.values[at]
    if not np.isfinite(values[0]):
        return row | {"note": kind.notes[at] or f"no figure under {kind.words} weights"}
    row |= {"index": float(values[0])} | errors_at(joint, values, kind.sources[at])
    del row["p_value"]  # that an index is zero is no question
    notes = [kind.notes[at], no_margin(values, row)]
    if kind.words != OWN and np.isfinite(joint.index[at, j]):
        gap = values - np.concatenate([joint.index[at, j][None], joint.draws[at, j]])
        row |= _named("difference", gap, errors_at(joint, gap, kind.sources[at]), p="difference_")
    elif kind.words != OWN:
        notes.append("no figure under own weights")
    change, why = _change(joint, j, period, group, at, kind)
    row |= change
    return row | {"note": "; ".join(note for note in (*notes, why) if note)}


def _change(
    joint: Joint, j: int, period: str, group: str, at: int, kind: _Levels
) -> tuple[Row, str]:
    """Return the change from the period before under the same weights, with what to know of it."""
    place = joint.periods.index(period)
    if place == 0:
        return {}, ""
    before = joint.periods[place - 1]
    found = find(joint, before, group, j)
    row: Row = {"compared_with": before}
    if found.at is None or found.small:
        return row, f"no change: {found.small or found.why}"
    if kind.words != "chained" and (changed := items_changed(joint, j, found.at, at)):
        return row, f"no change: {changed}"
    values = kind.values[at] - kind.values[found.at]
    if not np.isfinite(values[0]):
        return row, f"no change: no figure under {kind.words} weights in {before}"
    said = ""
    if kind.words == "pooled" and joint.pooled_from:
        own, then = joint.pooled_from[at], joint.pooled_from[found.at]
        said = f"weights of {before}: {then}" if own != then else ""
    sources = tuple({*kind.sources[at], *kind.sources[found.at]})
    if kind.words == "chained":  # earlier links cancel
        sources = (found.at, at)
    return row | _named("change", values, errors_at(joint, values, sources), p=""), said


def _named(name: str, values: Array, found: Row, *, p: str) -> Row:
    """Return a figure and its errors under the names of their columns."""
    if np.nanmax(np.abs(values), initial=0.0) < ROUNDING:  # the same weights: nothing to test
        return {name: 0.0, f"{name}_se": 0.0, f"{name}_lower": 0.0, f"{name}_upper": 0.0}
    return {
        name: float(values[0]),
        f"{name}_se": found["se"],
        f"{name}_lower": found["lower"],
        f"{name}_upper": found["upper"],
        f"{p}p_value": found["p_value"],
    }
