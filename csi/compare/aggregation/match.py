"""What can be wrong between a table of weights and the groups of a survey."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from csi.compare.aggregation.hierarchy import Hierarchy
from csi.errors import Fault
from csi.survey.cells import nearest

Label = tuple[str, str]
"""Period and group."""


def match_faults(
    table: Hierarchy, labels: Collection[Label], periods: Sequence[str]
) -> tuple[list[Fault], list[Label]]:
    """Set a table of weights beside the groups that have respondents.

    Parameters
    ----------
    table : Hierarchy
    labels : collection of (period, group)
        Groups with respondents.
    periods : sequence of str
        All periods of the survey.

    Returns
    -------
    list of Fault
        Companies that the survey does not know, groups that the table does not have (unless it
        is partial), periods without weights, figures that are both measured and given.
    list of (period, group)
        Groups that the table does not have.
    """
    groups = list(dict.fromkeys(group for _, group in labels))
    lacking = {period: _lacking(table, period) for period in periods}
    faults = [*_of_names(table, groups), *_both(table, set(labels))]
    for period, nodes in lacking.items():
        fix = "there are no earlier ones either: add them" if table.carry else (
            "add them, or in Python allow the latest earlier ones (carry=True)"
        )  # fmt: skip
        faults += [
            Fault(table.source, f"no weights of {node or 'the tops'} for {period}", fix)
            for node in nodes
        ]
    active = {period: set(table.active(period)) for period in periods}
    out = [
        (period, group)
        for period, group in labels
        if group not in active[period] and not (lacking[period] and group in table.levels)
    ]
    if not table.partial:
        faults += _left_out(table, out)
    return faults, out


def _of_names(table: Hierarchy, groups: Sequence[str]) -> list[Fault]:
    """Names that are neither a group nor a node, and names that are both."""
    faults = []
    known = set(groups)
    given = {row.name for row in table.members if row.given}
    for row in table.members:
        if table.levels[row.name] and row.name in known:
            what = "it is a group of the survey and has members"
            faults.append(Fault(row.where, what, "give the node another name"))
        if not table.levels[row.name] and row.name not in known and row.name not in given:
            faults.append(
                Fault(
                    row.where,
                    "it is no group of the survey, has no members and no given index",
                    f"{nearest(row.name, groups)}; or give its index",
                )
            )
    return faults


def _both(table: Hierarchy, labels: set[Label]) -> list[Fault]:
    """Figures given for a period in which the survey measures the company."""
    faults = []
    for row in table.members:
        of = sorted(period for period, group in labels if group == row.name)
        measured = [period for period in of if row.year in {"", period}]
        if row.given and measured:
            what = f"its index is given and the survey measures it in {', '.join(measured)}"
            faults.append(Fault(row.where, what, "leave the given index out, or date it"))
    return faults


def _lacking(table: Hierarchy, period: str) -> list[str]:
    """Return the nodes the table has in a period without members in it."""
    active = table.active(period)
    if not active:
        return [""]
    return [name for name in active if table.levels[name] and table.siblings(name, period) is None]


def _left_out(table: Hierarchy, out: Sequence[Label]) -> list[Fault]:
    """One fault for each group of the survey that the table does not have."""
    periods: dict[str, list[str]] = {}
    for period, group in out:
        periods.setdefault(group, []).append(period)
    names = [name for name in table.leaves if name not in periods]
    return [
        Fault(
            f"group {group!r}",
            f"it is in the survey ({', '.join(when)}) and not in {table.source}",
            "add a row for it, or in Python allow groups to be left out (partial=True)"
            + (f"; {nearest(group, names)}" if group not in table.levels else ""),
        )
        for group, when in periods.items()
    ]
