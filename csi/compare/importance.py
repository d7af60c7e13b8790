"""Importance-performance maps of constructs and of items, with errors on both axes."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from csi.arrays import Array, IntArray
from csi.compare.impacts import matrix_of, through
from csi.compare.kernel_importance import item_importance, quadrants
from csi.errors import Fault, OptionError
from csi.estimate.effects import total_effects
from csi.estimate.intervals import margin
from csi.index.joint import Joint
from csi.repeats import answered_name
from csi.survey.cells import nearest

Detail = Literal["constructs", "items"]

Quadrant = Literal["low priority", "keep up", "concentrate here", "possible overkill"]
"""Names of the quadrants after [martilla1977importance]."""

QUADRANTS: tuple[Quadrant, ...] = (
    "low priority", "possible overkill", "concentrate here", "keep up",
)  # fmt: skip
"""By number: low or high importance (0 or 2) plus low or high performance (0 or 1)."""

CHANCE_DRAWS, CHANCE_SEED = 1000, 1
"""Normal draws behind the share of a quadrant where replicates are no random draws."""

MAP = (
    "year", "group", "target", "construct", "item", "importance", "importance_se",
    "importance_lower", "importance_upper", "performance", "performance_se",
    "performance_lower", "performance_upper", "quadrant", "quadrant_share", "mean_importance",
    "mean_performance", "draws_used", "note",
)  # fmt: skip
"""Columns of the table of a map, in order."""

Row = dict[str, Any]

Point = tuple[int, int | None]
"""Numbers of the construct and of the item; no item for a construct itself."""


def importance_performance(
    joint: Joint, target: str, *, detail: Detail = "constructs"
) -> pd.DataFrame:
    """Return the importance-performance map of a construct.

    Parameters
    ----------
    joint : Joint
        Of `yearly`.
    target : str
        The construct that is to be improved.
    detail : {"constructs", "items"}
        The points of the map: the constructs with a chain of paths to the target, or their items.

    Returns
    -------
    DataFrame
        One row a year, group and point: ``year, group, target, construct, item, importance,
        importance_se, importance_lower, importance_upper, performance, performance_se,
        performance_lower, performance_upper, quadrant, quadrant_share, mean_importance,
        mean_performance, draws_used, note``. Importance is the number of index points by which
        the target moves with one point of the construct or item, all chains of paths together;
        performance is the index of the construct, or the item's mean, from 0 to 100.
        ``quadrant_share`` is the share of draws in which the point lies in the same quadrant,
        with the crosshair (the means over all points) found in each draw anew.

    Raises
    ------
    OptionError
        For an unknown target, or one that no path leads to.

    Notes
    -----
    Both axes have the theoretical ends of the answer scales and unstandardised weights
    [ringle2016gain], so that performance never leaves 0 to 100 and is the published index itself.
    Limits are estimate plus and minus the margin of error. A construct with a negative index weight
    has no index: its row has the reason as its note. Importance is what the model says of
    respondents who differ; that an action which lifts a construct has this effect is an assumption.
    """
    _check(joint, target, detail)
    reached = total_effects(matrix_of(joint, np.ones(len(joint.paths))))
    column = joint.column(target)
    constructs = np.flatnonzero(reached[:, column])
    rows: list[Row] = []
    points: list[Point]
    for at, label in enumerate(joint.labels):
        if joint.base[at].max(initial=0.0) < joint.min_n:
            continue  # no other figure of the group is published either
        effect = _effects(joint, at)[:, :, column]
        if detail == "constructs":
            points = [(int(j), None) for j in constructs]
            importance, performance = effect[:, constructs], _levels(joint, at)[:, constructs]
        else:
            chosen = _once(joint, np.flatnonzero(joint.blocks[:, constructs].any(axis=1)))
            points = [(int(np.argmax(joint.blocks[i])), int(i)) for i in chosen]
            importance, performance = (values[:, chosen] for values in _items(joint, at, effect))
        rows += _rows(joint, at, target, points, importance, performance, label)
    return pd.DataFrame(rows, columns=list(MAP)).astype({"draws_used": "Int64"})


def _once(joint: Joint, chosen: IntArray) -> IntArray:
    """Return the items each once: with its part rather than with the whole above it."""
    own = {joint.items[i] for i in chosen}
    kept = [i for i in chosen if answered_name(joint.items[i]) == joint.items[i]
            or answered_name(joint.items[i]) not in own]  # fmt: skip
    return np.array(kept, dtype=np.int64)


def _check(joint: Joint, target: str, detail: str) -> None:
    """Raise for an impossible target or detail, both at once."""
    faults = []
    if detail not in get_args(Detail):
        words = " or ".join(get_args(Detail))
        faults.append(Fault("option detail", f"{detail!r} is not possible", f"use {words}"))
    ends = tuple(dict.fromkeys(end for _, end in joint.paths))
    where = f"target {target}"
    if target not in joint.constructs:
        faults.append(Fault(where, "is not in the model", nearest(target, joint.constructs)))
    elif target not in ends:
        faults.append(Fault(where, "has no path to it", f"choose one of {', '.join(ends)}"))
    if faults:
        raise OptionError(faults)


def _effects(joint: Joint, at: int) -> Array:
    """Return total effects in points and their replicates, (1 + R, q, q)."""
    own = through(matrix_of(joint, joint.slopes[at]))[None]
    drawn, count = joint.slope_draws[at], joint.draws.shape[-1]
    moving = np.full((count, *own.shape[1:]), np.nan)
    if drawn is not None:
        moving = through(matrix_of(joint, drawn.T))
    return np.concatenate([own, moving])


def _levels(joint: Joint, at: int) -> Array:
    """Return levels and their replicates, (1 + R, q)."""
    return np.concatenate([joint.index[at][None], joint.draws[at].T])


def _items(joint: Joint, at: int, effect: Array) -> tuple[Array, Array]:
    """Return importance and performance of all items and their replicates, (1 + R, p) each."""
    extent, count = joint.high - joint.low, joint.draws.shape[-1]
    means, weights = joint.mean_draws[at], joint.weight_draws[at]
    nothing = np.full((count, len(extent)), np.nan)
    moving = nothing if weights is None else weights.T
    full = np.concatenate([joint.weights[at][None], moving])
    asked = np.isfinite(joint.weights[at])
    importance = item_importance(
        np.where(asked, full, 0.0), extent, joint.blocks, np.where(np.isfinite(effect), effect, 0.0)
    )
    known = np.isfinite(effect) @ joint.blocks.T.astype(np.float64) > 0
    importance = np.where(known & asked, importance, np.nan)
    score = np.concatenate([joint.means[at][None], nothing if means is None else means.T])
    return importance, 100.0 * (score - joint.low) / extent


def _rows(
    joint: Joint,
    at: int,
    target: str,
    points: list[Point],
    importance: Array,
    performance: Array,
    label: tuple[str, str],
) -> list[Row]:
    """Return the rows of one group from figures with their replicates, (1 + R, k) each."""
    refused = [not np.isfinite(joint.index[at, j]) for j, _ in points]
    importance, performance = importance.copy(), performance.copy()
    importance[:, refused] = np.nan
    if points and points[0][1] is None:
        performance[:, refused] = np.nan
    axes = {
        "importance": _axis(joint, at, importance),
        "performance": _axis(joint, at, performance),
    }
    quadrant, x, y = quadrants(importance[0], performance[0])
    share = _share(joint, importance, performance, quadrant)
    rows: list[Row] = []
    for k, (j, i) in enumerate(points):
        known = np.isfinite(quadrant[k])
        row: Row = {
            "year": label[0],
            "group": label[1],
            "target": target,
            "construct": joint.constructs[j],
            "item": "" if i is None else joint.items[i],
        }
        for axis, values in axes.items():
            row |= {f"{axis}{end}": float(part[k]) for end, part in zip(_ENDS, values, strict=True)}
        both = np.isfinite(importance[1:, k] + performance[1:, k])
        row |= {
            "quadrant": QUADRANTS[int(quadrant[k])] if known else "",
            "quadrant_share": float(share[k]),
            "mean_importance": float(x),
            "mean_performance": float(y),
            "draws_used": int(both.sum()),
            "note": _note(joint, at, j, i) if not known else "",
        }
        rows.append(row)
    return rows


_ENDS = ("", "_se", "_lower", "_upper")


def _note(joint: Joint, at: int, j: int, i: int | None) -> str:
    """Say why a point is not on the map."""
    if joint.base[at, j] == 0 or (i is not None and not np.isfinite(joint.means[at, i])):
        return f"not measured in {joint.labels[at][0]}"
    if not np.isfinite(joint.index[at, j]):
        return f"{joint.constructs[j]} has no index: see the index table"
    return "no effect: a path of the model is missing in this period"


def _axis(joint: Joint, at: int, values: Array) -> tuple[Array, Array, Array, Array]:
    """Return estimates, standard errors and limits of figures (1 + R, k)."""
    estimate, replication = values[0], joint.replication
    freedom = replication.freedom_of(joint.linear[at].units.freedom)
    se = np.full(len(estimate), np.nan)
    if freedom >= 1 and len(values) > 2:
        se = np.sqrt(replication.variance(values[1:], estimate))
    half = margin(se, level=joint.level, freedom=max(freedom, 1.0))
    return estimate, se, estimate - half, estimate + half


def _share(joint: Joint, importance: Array, performance: Array, quadrant: Array) -> Array:
    """Return the share of draws in which each point stays in its quadrant, (k)."""
    k = len(quadrant)
    both = np.concatenate([importance, performance], axis=1)
    known = np.isfinite(both[0])
    if not known.any() or len(both) < 3:
        return np.full(k, np.nan)
    drawn = np.full((len(both) - 1, 2 * k), np.nan)
    usable = np.isfinite(both[1:][:, known]).all(axis=1)
    if joint.replication.random:
        drawn = both[1:][usable]
    else:
        made = joint.replication.as_draws(
            both[1:][:, known], both[0][known], CHANCE_DRAWS, CHANCE_SEED
        )
        drawn = np.full((len(made), 2 * k), np.nan)
        drawn[:, known] = made
    if not len(drawn):
        return np.full(k, np.nan)
    found = quadrants(drawn[:, :k], drawn[:, k:])[0]
    return np.where(np.isfinite(quadrant), np.mean(found == quadrant, axis=0), np.nan)
