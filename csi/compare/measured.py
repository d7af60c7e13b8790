"""Levels of a construct over periods with their replicates, looked up for comparisons over time.

Letters: k items of the construct, R replicates. Arrays of replicates have the sample itself first:
1 + R rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from csi.arrays import Array, BoolArray
from csi.compare.split import Composition, composition
from csi.errors import Fault, IndexFigureError, OptionError
from csi.estimate.intervals import margin, p_value
from csi.index.accuracy import accuracy_of
from csi.index.cells import Units
from csi.index.joint import Joint
from csi.moments.replication import Replication
from csi.survey.cells import nearest

Row = dict[str, Any]

SAME = 1e-6
"""Index points by which a level may differ from the weighted mean of its items."""


@dataclass(frozen=True, slots=True)
class Found:
    """The number of a construct's group, or why it has no figure.

    Attributes
    ----------
    at : int or None
        Number of the group; None where nobody answered an item of the construct.
    why : str
        Why there is no figure to compare, or nothing.
    small : str
        Why a figure is not published, or nothing.
    """

    at: int | None
    why: str = ""
    small: str = ""


def find(joint: Joint, period: str, group: str, j: int) -> Found:
    """Look up one group in one period."""
    at = joint.at(period, group)
    if at is None:
        return Found(None, f"no respondents in {period}")
    n = int(joint.base[at, j])
    if n == 0:
        others = [k for k, label in enumerate(joint.labels) if label[0] == period]
        words = "no respondents" if joint.base[others, j].any() else "not measured"
        return Found(None, f"{words} in {period}")
    small = f"n = {n} in {period} is below {joint.min_n}" if n < joint.min_n else ""
    if not np.isfinite(joint.index[at, j]):  # not fitted, or refused
        return Found(at, f"no figure in {period}", small)
    return Found(at, "", small)


def asked(joint: Joint, at: int, j: int) -> BoolArray:
    """Flag the items of a construct that a group was asked, (k)."""
    return np.asarray(np.isfinite(joint.means[at, joint.blocks[:, j]]))


def items_of(joint: Joint, j: int) -> tuple[str, ...]:
    """Return the items of a construct, (k)."""
    return tuple(joint.items[i] for i in np.flatnonzero(joint.blocks[:, j]))


def items_changed(joint: Joint, j: int, before: int, now: int) -> str:
    """Say which items of a construct came or went between two groups, or nothing."""
    names = items_of(joint, j)
    was, is_now = asked(joint, before, j), asked(joint, now, j)
    said = [
        f"items {words}: {', '.join(names[k] for k in np.flatnonzero(which))}"
        for words, which in (("added", is_now & ~was), ("dropped", was & ~is_now))
        if which.any()
    ]
    return "; ".join(said)


def level_of(joint: Joint, at: int, j: int) -> Array:
    """Return a level and its replicates, (1 + R)."""
    return np.concatenate([joint.index[at, j][None], joint.draws[at, j]])


def means_of(joint: Joint, at: int, j: int) -> Array:
    """Return item means and their replicates, (1 + R, k)."""
    block = joint.blocks[:, j]
    return _stacked(joint.means[at, block], joint.mean_draws[at], block, joint.draws.shape[-1])


def weights_of(joint: Joint, at: int, j: int) -> Array:
    """Return index weights and their replicates, (1 + R, k); NaN in replicates without a level."""
    block = joint.blocks[:, j]
    weights = _stacked(
        joint.weights[at, block], joint.weight_draws[at], block, joint.draws.shape[-1]
    )
    weights[1:][~np.isfinite(joint.draws[at, j])] = np.nan
    return weights


def composition_of(joint: Joint, at: int, j: int) -> Composition:
    """Write a level and its replicates as shares times scores.

    Raises
    ------
    IndexFigureError
        For a level that is not the weighted mean of its items, such as a chained one.
    """
    block = joint.blocks[:, j]
    made = composition(
        means_of(joint, at, j),
        weights_of(joint, at, j),
        joint.low[block],
        joint.high[block],
        asked(joint, at, j),
    )
    if not abs(float(made.level[0]) - float(joint.index[at, j])) <= SAME:
        period, group = joint.labels[at]
        raise IndexFigureError(
            Fault(
                f"{joint.constructs[j]}, {group}, {period}",
                f"the level {joint.index[at, j]:.4f} is not the weighted mean of its items, "
                f"{float(made.level[0]):.4f}",
                "split levels of own, pooled, frozen or equal weights",
            )
        )
    return made


def freedom_of(units: Iterable[Units]) -> float:
    """Return the degrees of freedom of a figure made of several groups.

    Sampled units less their strata. A unit that is in several groups counts once, as in
    `Units.freedom_with`.
    """
    strata: dict[str, dict[int, int]] = {}
    for own in units:
        pairs = zip(own.numbers.tolist(), own.strata.tolist(), strict=True)
        strata.setdefault(own.block, {}).update(pairs)
    return float(sum(len(block) - len(set(block.values())) for block in strata.values()))


def errors(
    values: Array,
    replication: Replication,
    *,
    level: float,
    freedom: float,
    extra_variance: float = 0.0,
) -> Row:
    """Return ``se, lower, upper, p_value`` of a figure by t.

    Parameters
    ----------
    values : (1 + R) the figure and its replicates
    replication : Replication
    level : float
    freedom : float
    extra_variance : float
        Variance of an independent part of the figure that the replicates do not hold.
    """
    found = accuracy_of(values[1:], float(values[0]), replication, level=level, freedom=freedom)
    if not extra_variance > 0:
        return {
            "se": found.se,
            "lower": found.lower,
            "upper": found.upper,
            "p_value": found.p_value,
        }
    se = float(np.sqrt(found.se**2 + extra_variance))
    half = float(margin(se, level=level, freedom=found.freedom))
    return {
        "se": se,
        "lower": float(values[0]) - half,
        "upper": float(values[0]) + half,
        "p_value": float(p_value(values[0], se, found.freedom)),
    }


def no_margin(values: Array, found: Row) -> str:
    """Say why a figure (1 + R) has no standard error, or nothing."""
    if not np.isfinite(values[0]) or np.isfinite(found["se"]):
        return ""
    used = int(np.isfinite(values[1:]).sum())
    if used < 2 and len(values) > 1:
        return f"no margin of error: {used} of {len(values) - 1} replicates can be used"
    return "no margin of error: too few sampled units"


def errors_at(joint: Joint, values: Array, numbers: Iterable[int]) -> Row:
    """Return the errors of a figure (1 + R) that is made of the groups with these numbers."""
    freedom = freedom_of(joint.linear[at].units for at in numbers)
    return errors(values, joint.replication, level=joint.level, freedom=freedom)


def check_names(joint: Joint, construct: str, group: str | None = None) -> list[Fault]:
    """Return the names that the levels do not have."""
    faults = []
    if construct not in joint.constructs:
        faults.append(
            Fault(
                "construct",
                f"no construct is called {construct!r}",
                nearest(construct, joint.constructs),
            )
        )
    if group is not None and group not in joint.groups:
        faults.append(Fault("group", f"no group is called {group!r}", nearest(group, joint.groups)))
    return faults


def period_fault(joint: Joint, period: str, where: str) -> list[Fault]:
    """Return a fault for a period that the levels do not have."""
    if period in joint.periods:
        return []
    what = f"no period is called {period!r}"
    return [Fault(where, what, nearest(str(period), joint.periods))]


def break_faults(joint: Joint, breaks: Sequence[Any], *, first: bool = True) -> list[Fault]:
    """Return the faults of breaks: each a period that the levels have, and a reason.

    `first` says whether the first period may be one.
    """
    fix = 'write (period, reason), such as [("2024", "web instead of telephone")]'
    if isinstance(breaks, str):
        return [Fault("breaks", f"{breaks!r} is no list of breaks", fix)]
    faults = []
    for given in breaks:
        if isinstance(given, str) or len(given) != 2:
            faults.append(Fault("breaks", f"{given!r} is no period with a reason", fix))
        else:
            faults += period_fault(joint, given[0], "breaks")
            if not first and given[0] == joint.periods[0]:
                what = f"nothing comes before {given[0]}"
                faults.append(Fault("breaks", what, "leave it out"))
    return faults


def draw_faults(draws: Any, seed: Any) -> list[Fault]:
    """Return the faults of numbers of normal draws and of their seed."""
    return [
        Fault(f"option {name}", f"{value!r} is not possible", f"use a whole number from {least} on")
        for name, value, least in (("draws", draws, 100), ("seed", seed, 0))
        if isinstance(value, bool) or not isinstance(value, int) or value < least
    ]


def refuse(faults: list[Fault]) -> None:
    """Raise all faults at once, if there are any."""
    if faults:
        raise OptionError(faults)


def _stacked(sample: Array, draws: Array | None, block: BoolArray, replicates: int) -> Array:
    """Put the sample on top of its replicates."""
    rows = np.full((replicates, len(sample)), np.nan) if draws is None else draws[block].T
    return np.concatenate([sample[None], rows])
