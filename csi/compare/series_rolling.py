"""Rolling windows: the mean level of the last periods, such as four quarters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.compare.measured import (
    Row,
    break_faults,
    check_names,
    errors_at,
    find,
    items_changed,
    level_of,
    no_margin,
    refuse,
)
from csi.errors import Fault
from csi.index.joint import Joint

ROLLING = (
    "year", "first", "group", "index", "se", "lower", "upper", "n", "compared_with", "change",
    "change_se", "change_lower", "change_upper", "p_value", "note",
)  # fmt: skip
"""Columns of rolling windows, in order."""

Shares = Sequence[float] | Literal["equal", "size"]


@dataclass(frozen=True, slots=True)
class _Window:
    """The mean of some periods, (1 + R), with respondents and groups, or why there is none."""

    values: Array
    n: int = 0
    members: tuple[int, ...] = ()
    why: str = ""

    @property
    def why_no_change(self) -> str:
        """Say that nothing can be compared with this window, or nothing."""
        return f"no change: {self.why}" if self.why else ""


def rolling(
    joint: Joint,
    construct: str,
    window: int,
    *,
    shares: Shares = "equal",
    breaks: Sequence[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Average the levels of each group over the last periods.

    Parameters
    ----------
    joint : Joint
    construct : str
    window : int
        How many periods, 2 or more.
    shares : {"equal", "size"} or sequence of float
        What the periods count: the same, by the sum of their respondents' weights, or the
        numbers given, oldest period first. They are brought to a sum of one and taken as known.
    breaks : sequence of (period, reason)
        No window reaches across one of these, nor across a change of items.

    Returns
    -------
    DataFrame
        One row a year and group: ``year, first`` (the last and the first period of the window),
        ``group, index, se, lower, upper, n``, the change from the window one period earlier
        (``compared_with`` names its last period) with its errors, and a ``note``. Windows share
        all but one period: the replicates carry the covariance.

    Raises
    ------
    OptionError
        Names and options that are not possible, all at once.
    """
    _check(joint, construct, window, shares, breaks)
    j = joint.column(construct)
    marks = {
        period: "; ".join(reason for at, reason in breaks if at == period) for period, _ in breaks
    }
    rows = []
    for t, period in enumerate(joint.periods):
        for group in joint.groups:
            here = _window(joint, j, group, t, window, shares, marks)
            row: Row = {"year": period, "group": group, "note": here.why}
            if t + 1 >= window:
                row |= {"first": joint.periods[t + 1 - window], "n": here.n}
            if not here.why:
                row["index"] = float(here.values[0])
                row |= errors_at(joint, here.values, here.members)
                row["note"] = no_margin(here.values, row)
                del row["p_value"]
                if t >= window:
                    last = _window(joint, j, group, t - 1, window, shares, marks)
                    row |= _change(joint, here, last, joint.periods[t - 1])
                    row["note"] = "; ".join(n for n in (row["note"], last.why_no_change) if n)
            rows.append(row)
    return pd.DataFrame(rows, columns=list(ROLLING)).astype({"n": "Int64"})


def mean_level(values: Array, shares: Array) -> Array:
    """Return the mean of levels, shares brought to a sum of one.

    Parameters
    ----------
    values : (k, ...) levels
    shares : (k)

    Examples
    --------
    >>> mean_level(np.array([70.0, 74.0]), np.array([1.0, 3.0])).item()
    73.0
    """
    return np.asarray(np.tensordot(shares / shares.sum(), values, axes=1))


def _check(
    joint: Joint,
    construct: str,
    window: int,
    shares: Shares,
    breaks: Sequence[tuple[str, str]],
) -> None:
    """Raise an OptionError with everything that is not possible."""
    faults = [*check_names(joint, construct), *break_faults(joint, breaks)]
    whole = isinstance(window, int) and not isinstance(window, bool)
    if not (whole and 2 <= window <= len(joint.periods)):
        fix = f"use a whole number from 2 to {len(joint.periods)}"
        faults.append(Fault("option window", f"{window!r} is not possible", fix))
    if isinstance(shares, str):
        if shares not in ("equal", "size"):
            fix = "use equal, size or one number a period"
            faults.append(Fault("option shares", f"{shares!r} is not possible", fix))
    else:
        given = np.asarray(shares, dtype=np.float64)
        if whole and given.shape != (window,):
            what = f"{given.size} shares for a window of {window}"
            faults.append(Fault("option shares", what, "give one number a period"))
        if not (np.isfinite(given).all() and (given >= 0).all() and given.sum() > 0):
            faults.append(Fault("option shares", "not all are shares", "give numbers of 0 or more"))
    refuse(faults)


def _window(
    joint: Joint,
    j: int,
    group: str,
    t: int,
    window: int,
    shares: Shares,
    breaks: dict[str, str],
) -> _Window:
    """Return the mean of the periods up to the t-th."""
    none = np.full(1 + joint.draws.shape[-1], np.nan)
    if t + 1 < window:
        return _Window(none, why=f"fewer than {window} periods")
    periods = joint.periods[t + 1 - window : t + 1]
    found = [find(joint, period, group, j) for period in periods]
    members = tuple(f.at for f in found if f.at is not None)
    n = int(joint.base[list(members), j].sum())
    if why := [f.why for f in found if f.why]:
        return _Window(none, n, members, "; ".join(why))
    said = [f"break in {period}: {breaks[period]}" for period in periods[1:] if period in breaks]
    for period, before, now in zip(periods[1:], members[:-1], members[1:], strict=True):
        if changed := items_changed(joint, j, before, now):
            said.append(f"break in {period}: {changed}")
    if n < joint.min_n:
        said.append(f"suppressed: n = {n} is below {joint.min_n}")
    if said:
        return _Window(none, n, members, "; ".join(said))
    if isinstance(shares, str):
        size = joint.total_weight[list(members), j]
        given = size if shares == "size" else np.ones(window)
    else:
        given = np.asarray(shares, dtype=np.float64)
    values = mean_level(np.array([level_of(joint, at, j) for at in members]), given)
    return _Window(values, n, members)


def _change(joint: Joint, here: _Window, last: _Window, period: str) -> Row:
    """Return the change from the window one period earlier."""
    row: Row = {"compared_with": period}
    if last.why:
        return row
    values = here.values - last.values
    found = errors_at(joint, values, (*here.members, *last.members))
    return row | {
        "change": float(values[0]),
        "change_se": found["se"],
        "change_lower": found["lower"],
        "change_upper": found["upper"],
        "p_value": found["p_value"],
    }
