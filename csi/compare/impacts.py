"""Impacts: what a rise of one construct does to another, in points of the 0-100 scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array
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
    "p_value",
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
    if not (np.isfinite(rise) and rise > 0):
        raise OptionError(Fault("option rise", f"{rise!r} is not possible", "try 5"))
    rows: list[Row] = []
    for number, label in enumerate(joint.labels):
        direct = _matrix(joint, joint.slopes[number]) * rise
        total = _through(_matrix(joint, joint.slopes[number])) * rise
        drawn = joint.slope_draws[number]
        totals = None if drawn is None else _through(_matrix(joint, drawn.T)) * rise
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
        lower, upper, p_value``. Parts are the constructs with a path to it, ``other`` (what their
        changes do not explain: the level at given sources, and the slopes) and ``total``; the
        parts add up to the total exactly.

    Raises
    ------
    OptionError
        For an unknown construct, or one without a path to it.

    Notes
    -----
    A source contributes its own change times the mean of the two years' slopes, other sources
    held still: the symmetric split of [bennet1920theory].
    """
    _require(joint, construct)
    paths = [number for number, path in enumerate(joint.paths) if path[1] == construct]
    j = joint.column(construct)
    sources = [joint.column(joint.paths[number][0]) for number in paths]
    rows: list[Row] = []
    for now, label in enumerate(joint.labels):
        place = joint.periods.index(label[0])
        before = joint.at(joint.periods[place - 1], label[1]) if place else None
        if before is None:
            continue
        slopes = joint.slopes[[before, now]][:, paths]
        part = _parts(slopes, joint.index[[before, now]][:, sources], joint.index[[before, now], j])
        if not np.isfinite(part).all():
            continue
        drawn = _part_draws(joint, before, now, paths, sources, j)
        freedom = joint.linear[now].units.freedom_with(joint.linear[before].units)
        names = [joint.paths[number][0] for number in paths]
        for k, name in enumerate([*names, "other", "total"]):
            errors = accuracy_of(
                None if drawn is None else drawn[k],
                float(part[k]),
                joint.replication,
                level=joint.level,
                freedom=freedom,
            )
            rows.append(
                {
                    "year": label[0],
                    "group": label[1],
                    "compared_with": joint.periods[place - 1],
                    "construct": construct,
                    "part": name,
                    "points": float(part[k]),
                }
                | _ends(errors)
            )
    return pd.DataFrame(rows, columns=list(CONTRIBUTIONS))


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


def _matrix(joint: Joint, slopes: Array) -> Array:
    """Return slopes (..., E) as matrices (..., q, q), [source, target]; absent paths are NaN."""
    q = len(joint.constructs)
    full = np.zeros((*slopes.shape[:-1], q, q))
    for number, (source, target) in enumerate(joint.paths):
        full[..., joint.column(source), joint.column(target)] = slopes[..., number]
    return full


def _through(slopes: Array) -> Array:
    """Return total effects; those that a path without a slope would be part of are NaN."""
    known = np.where(np.isfinite(slopes), slopes, 0.0)
    total = total_effects(known)
    gone = total_effects((~np.isfinite(slopes)).astype(np.float64) + (known != 0))
    plain = total_effects((known != 0).astype(np.float64))
    return np.where(gone != plain, np.nan, total)


def _reached(joint: Joint) -> Array:
    """Return the number of chains of paths from one construct to another, (q, q)."""
    return total_effects(_matrix(joint, np.ones(len(joint.paths))))


def _parts(slopes: Array, sources: Array, target: Array) -> Array:
    """Return contributions (k), the rest and the total of two years, (2, k, ...) each: (k + 2).

    `target` is (2, ...); further axes are replicates.
    """
    own = slopes.mean(axis=0) * (sources[1] - sources[0])
    total = target[1] - target[0]
    return np.concatenate([own, (total - own.sum(axis=0))[None], total[None]])


def _part_draws(
    joint: Joint, before: int, now: int, paths: list[int], sources: list[int], j: int
) -> Array | None:
    """Return the parts in every replicate, (k + 2, R)."""
    old, new = joint.slope_draws[before], joint.slope_draws[now]
    if old is None or new is None:
        return None
    both = [before, now]
    return _parts(
        np.stack([old[paths], new[paths]]), joint.draws[both][:, sources], joint.draws[both, j]
    )


def _ends(errors: Accuracy) -> Row:
    return {
        "se": errors.se,
        "lower": errors.lower,
        "upper": errors.upper,
        "p_value": errors.p_value,
    }
