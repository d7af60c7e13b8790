"""Tables beside the index figures of a run: impacts, league tables, splits, aggregates."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from csi.compare.aggregation import Hierarchy, aggregate
from csi.compare.estimators import estimator_difference
from csi.compare.impacts import contributions, impacts
from csi.compare.importance import importance_performance
from csi.compare.league import leaders, league_table
from csi.compare.series_rebasing import rebasing
from csi.compare.split_table import change_split
from csi.errors import Fault, OptionError
from csi.index.joint import Joint
from csi.index.values import YearlyIndex
from csi.run.plan import RunPlan, rounding_of
from csi.survey.cells import natural_key


def with_comparisons(
    found: YearlyIndex,
    plan: RunPlan,
    hierarchy: Hierarchy | None = None,
    other: YearlyIndex | None = None,
) -> YearlyIndex:
    """Return the figures with the tables that a plan asks for.

    Parameters
    ----------
    found : YearlyIndex
    plan : RunPlan
    hierarchy : Hierarchy, optional
        The nodes above the groups; figures given in it are of the model's index.
    other : YearlyIndex, optional
        The same figures by the other estimator.

    Returns
    -------
    YearlyIndex
        With notes of the table of nodes, and ``tables``: ``impacts`` always, ``map`` where paths
        lead to the index; ``ranks`` and ``leaders``; ``changes``, ``contributions`` and
        ``rebasing``; ``aggregates``; ``estimators``.

    Raises
    ------
    OptionError
        League tables of a survey without groups.
    """
    joint, construct = found.joint, found.model.index
    if joint is None:
        raise AssertionError("figures of a run have joint levels")
    if plan.ranks and len(joint.groups) < 2:
        what = f"there is {'one group' if joint.groups[0] != 'all' else 'no group'} to rank"
        raise OptionError(Fault("option ranks", what, "give a group key with --group"))
    tables = {"impacts": impacts(joint)}
    if any(target == construct for _, target in joint.paths):
        maps = [
            importance_performance(joint, construct, detail=detail)
            for detail in ("constructs", "items")
        ]
        tables["map"] = pd.concat(maps, ignore_index=True)
    if plan.ranks:
        tables |= league_tables(joint, construct)
    if plan.change_split:
        tables |= change_tables(joint, construct)
    if hierarchy is not None:
        options = replace(plan.aggregation, given=construct)
        rounding = rounding_of(plan.printed)
        tables["aggregates"] = aggregate(joint, hierarchy, options=options, rounding=rounding)
        found = replace(found, notes=(*found.notes, *_table_notes(hierarchy, joint)))
    if other is not None and other.joint is not None:
        tables["estimators"] = estimator_difference(joint, other.joint)
    return found.with_tables(**tables)


def league_tables(joint: Joint, construct: str) -> dict[str, pd.DataFrame]:
    """Return the league tables of all periods, and who was first."""
    first = leaders(joint, construct=construct).rename(columns={"period": "year"})
    return {"ranks": _by_period(joint, construct), "leaders": first}


def change_tables(joint: Joint, construct: str) -> dict[str, pd.DataFrame]:
    """Return the parts of changes, what constructs contributed, and the index re-based."""
    tables = {"changes": change_split(joint, construct, detail="items")}
    if any(target == construct for _, target in joint.paths):
        tables["contributions"] = contributions(joint, construct)
    return tables | {"rebasing": rebasing(joint, construct)}


def _table_notes(hierarchy: Hierarchy, joint: Joint) -> list[str]:
    """Return what a table of weights says of itself, and its periods that the survey has not."""
    notes = list(hierarchy.notes)
    dated = {row.year for row in hierarchy.members if row.year}
    if without := sorted(dated - set(joint.periods), key=natural_key):
        notes.append(
            f"Rows of {hierarchy.source} for {', '.join(without)} are not used: "
            "the survey has no such period."
        )
    return notes


def _by_period(joint: Joint, construct: str) -> pd.DataFrame:
    """Return the league tables of all periods, one below the other."""
    parts = []
    for period in joint.periods:
        part = league_table(joint, construct=construct, period=period)
        part.insert(0, "year", period)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
