"""Impacts: what a rise of one construct does to another, in points of the 0-100 scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.compare.measured import composition_of, find, items_changed, level_of
from csi.compare.split import common
from csi.errors import Fault, OptionError
from csi.estimate.effects import total_effects
from csi.index.accuracy import Accuracy, accuracy_of
from csi.index.joint import Joint
from csi.survey.cells import nearest

IMPACTS = (
    "year", "group", "from", "to", "rise", "direct", "impact", "se", "lower", "upper", "p_value",
    "draws_used",
)  # fmt: skip
"""Columns of the table of impacts, in order."""

CONTRIBUTIONS = (
    "year", "group", "compared_with", "construct", "part", "points", "se", "lower", "upper",
    "p_value", "note",
)  # fmt: skip
"""Columns of the table of contributions, in order."""

Row = dict[str, Any]


def impacts(joint: Joint, *, rise: float = 5.0) -> pd.DataFrame:
    """Return by how many points every construct moves when one before it rises.

    Parameters
    ----------
    joint : Joint
    rise : float
        The rise of the construct that moves first, in points of the 0-100 scale.

    Returns
    -------
    DataFrame
        One row a year, group and pair of constructs joined by paths: ``year, group, from, to,
        rise, direct, impact, se, lower, upper, p_value, draws_used``. ``direct`` goes through the
        path between the two alone, ``impact`` through all chains of paths.

    Raises
    ------
    OptionError
        For a rise that is not a positive number.

    Notes
    -----
    The unstandardised total effect: the standardised one times the standard deviation of the
    target's index over that of the source's [fornell1996american]. Under PLSc both are those of
    the constructs without measurement error. It is what the model says of
    respondents who differ by `rise`; that a campaign which lifts the construct has the same
    effect is an assumption.
    """
    if not (np.asarray(rise).dtype.kind in "iuf" and np.isfinite(rise) and rise > 0):
        raise OptionError(Fault("option rise", f"{rise!r} is not possible", "try 5"))
    rows: list[Row] = []
    for number, label in enumerate(joint.labels):
        if joint.base[number].max(initial=0.0) < joint.min_n:
            continue  # no other figure of the group is published either
        direct = matrix_of(joint, joint.slopes[number]) * rise
        total = through(matrix_of(joint, joint.slopes[number])) * rise
        drawn = joint.slope_draws[number]
        totals = None if drawn is None else through(matrix_of(joint, drawn.T)) * rise
        for source, target in np.argwhere(_reached(joint)):
            if not np.isfinite(total[source, target]):
                continue
            errors = accuracy_of(
                None if totals is None else totals[:, source, target],
                float(total[source, target]),
                joint.replication,
                level=joint.level,
                freedom=joint.linear[number].units.freedom,
            )
            rows.append(
                {
                    "year": label[0],
                    "group": label[1],
                    "from": joint.constructs[source],
                    "to": joint.constructs[target],
                    "rise": rise,
                    "direct": float(direct[source, target]),
                    "impact": float(total[source, target]),
                }
                | _ends(errors)
                | {"draws_used": errors.used}
            )
    return pd.DataFrame(rows, columns=list(IMPACTS))


def contributions(joint: Joint, construct: str) -> pd.DataFrame:
    """Return what each construct before it contributed to the change of a construct's index.

    Parameters
    ----------
    joint : Joint
    construct : str
        The construct whose change is explained.

    Returns
    -------
    DataFrame
        One row a year, group and part: ``year, group, compared_with, construct, part, points, se,
        lower, upper, p_value, note``. Parts are the constructs with a path to it, ``other`` (what
        their changes do not explain: the level at given sources, and the slopes) and ``total``;
        the parts add up to the total exactly. Where there is no change to explain there is one
        row with the reason.

    Raises
    ------
    OptionError
        For an unknown construct, or one without a path to it.

    Notes
    -----
    A source contributes its own change times the mean of the two years' slopes, other sources
    held still: the symmetric split of [bennet1920theory]. Where a source was asked other items than
    before, its change is that of the items asked in both years, and the note says so.
    """
    _require(joint, construct)
    paths = [number for number, path in enumerate(joint.paths) if path[1] == construct]
    j = joint.column(construct)
    sources = [joint.column(joint.paths[number][0]) for number in paths]
    rows: list[Row] = []
    for now, label in enumerate(joint.labels):
        place = joint.periods.index(label[0])
        if not place:
            continue
        earlier = joint.periods[place - 1]
        row: Row = {"year": label[0], "group": label[1], "compared_with": earlier}
        row["construct"] = construct
        why, before = _before(joint, earlier, now, [j, *sources])
        if before is None:
            rows.append(row | {"part": "total", "note": why})
            continue
        moves = [_move(joint, before, now, s) for s in sources]
        found = _parts(
            _slopes(joint, before, paths) + _slopes(joint, now, paths),
            np.array([move for move, _ in moves]),
            level_of(joint, now, j) - level_of(joint, before, j),
        )
        notes = [note for _, note in moves]
        names = [joint.paths[number][0] for number in paths]
        freedom = joint.linear[now].units.freedom_with(joint.linear[before].units)
        for k, name in enumerate([*names, "other", "total"]):
            errors = accuracy_of(
                found[k, 1:],
                float(found[k, 0]),
                joint.replication,
                level=joint.level,
                freedom=freedom,
            )
            rows.append(
                row
                | {"part": name, "points": float(found[k, 0])}
                | _ends(errors)
                | {"note": notes[k] if k < len(notes) else ""}
            )
    return pd.DataFrame(rows, columns=list(CONTRIBUTIONS))


def _before(joint: Joint, period: str, now: int, columns: list[int]) -> tuple[str, int | None]:
    """Return the same group in the period before, or why its change cannot be explained."""
    group = joint.labels[now][1]
    for name, number in ((joint.labels[now][0], now), (period, joint.at(period, group))):
        for j in columns:
            found = find(joint, name, group, j)
            why = found.why or (f"suppressed: {found.small}" if found.small else "")
            if number is None or why:
                return f"{joint.constructs[j]}: {why}", None
    return "", joint.at(period, group)


def _slopes(joint: Joint, at: int, paths: list[int]) -> Array:
    """Return the slopes of some paths and their replicates, (k, 1 + R)."""
    own, drawn = joint.slopes[at, paths], joint.slope_draws[at]
    moving = np.full((len(paths), joint.draws.shape[-1]), np.nan)
    if drawn is not None:
        moving = drawn[paths]
    return np.concatenate([own[:, None], moving], axis=1)


def _move(joint: Joint, before: int, now: int, j: int) -> tuple[Array, str]:
    """Return the change of a construct and its replicates, (1 + R), and what to say of it."""
    said = items_changed(joint, j, before, now)
    if not said:
        return level_of(joint, now, j) - level_of(joint, before, j), ""
    old, new = common(composition_of(joint, before, j), composition_of(joint, now, j))
    return new.level - old.level, f"{said}: the change of the items asked in both"


def _require(joint: Joint, construct: str) -> None:
    """Raise for a construct that is not there or has nothing before it."""
    if construct not in joint.constructs:
        raise OptionError(
            Fault(
                f"construct {construct}",
                "is not in the model",
                nearest(construct, joint.constructs),
            )
        )
    if construct not in {target for _, target in joint.paths}:
        ends = ", ".join(dict.fromkeys(target for _, target in joint.paths))
        raise OptionError(
            Fault(f"construct {construct}", "has no path to it", f"choose one of {ends}")
        )


def matrix_of(joint: Joint, slopes: Array) -> Array:
    """Return slopes (..., E) as matrices (..., q, q), [source, target]; absent paths are NaN."""
    q = len(joint.constructs)
    full = np.zeros((*slopes.shape[:-1], q, q))
    for number, (source, target) in enumerate(joint.paths):
        full[..., joint.column(source), joint.column(target)] = slopes[..., number]
    return full


def through(slopes: Array) -> Array:
    """Return total effects; those that a path without a slope would be part of are NaN."""
    known = np.where(np.isfinite(slopes), slopes, 0.0)
    total = total_effects(known)
    gone = total_effects((~np.isfinite(slopes)).astype(np.float64) + (known != 0))
    plain = total_effects((known != 0).astype(np.float64))
    return np.where(gone != plain, np.nan, total)


def _reached(joint: Joint) -> Array:
    """Return the number of chains of paths from one construct to another, (q, q)."""
    return total_effects(matrix_of(joint, np.ones(len(joint.paths))))


def _parts(slopes: Array, moves: Array, total: Array) -> Array:
    """Return contributions, the rest and the total, (k + 2, 1 + R).

    `slopes` (k, 1 + R) are the sums of both years', `moves` (k, 1 + R) the changes of the sources.
    """
    own = slopes / 2.0 * moves
    return np.concatenate([own, (total - own.sum(axis=0))[None], total[None]])


def _ends(errors: Accuracy) -> Row:
    return {
        "se": errors.se,
        "lower": errors.lower,
        "upper": errors.upper,
        "p_value": errors.p_value,
    }
