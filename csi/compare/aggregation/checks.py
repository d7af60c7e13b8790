"""What can be wrong with a table of weights by itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from csi.compare.aggregation.members import Member
from csi.errors import Fault
from csi.survey.cells import nearest


def structure_faults(members: Sequence[Member]) -> list[Fault]:
    """Return all faults of a table of weights that need no survey to be seen.

    Parameters
    ----------
    members : sequence of Member

    Returns
    -------
    list of Fault
    """
    if not members:
        return [Fault("table of weights", "it has no rows", "add one row a member")]
    return [
        *_of_rows(members),
        *_of_parents(members),
        *_cycles(members),
        *_of_years(members),
        *_of_rests(members),
        *_of_tops(members),
    ]


def _of_rows(members: Sequence[Member]) -> Iterator[Fault]:
    """Faults of single cells, and rows that stand twice."""
    seen: dict[tuple[str, str], Member] = {}
    for row in members:
        if not row.name:
            yield Fault(row.where or "a row", "it has no name", "name the member")
        elif first := seen.get((row.name, row.year)):
            of_year = f" for {row.year}" if row.year else ""
            if first.parent == row.parent:  # another parent is told below
                what = f"it stands twice{of_year} (first {first.place or 'above'})"
                yield Fault(row.where, what, "keep one row")
        seen.setdefault((row.name, row.year), row)
        if row.parent and not row.rest and not (math.isfinite(row.weight) and row.weight > 0):
            yield Fault(row.where, _weight_fault(row.weight), "give a positive number, or 'rest'")
        if not math.isnan(row.weight_se) and not 0 <= row.weight_se < math.inf:
            yield Fault(row.where, f"weight_se is {row.weight_se:g}", "give zero or more")
        if row.rest and not math.isnan(row.weight_se):
            fix = "leave weight_se out: it follows from the others"
            yield Fault(row.where, "the rest has a weight_se", fix)
        if row.given and not 0 <= row.index <= 100:
            yield Fault(row.where, f"index {row.index:g} is outside 0 to 100", "correct it")
        if not math.isnan(row.se) and not 0 <= row.se < math.inf:
            yield Fault(row.where, f"se is {row.se:g}", "give zero or more")
        if not math.isnan(row.se) and not row.given:
            yield Fault(row.where, "it has an se and no index", "give the index, or leave se out")


def _weight_fault(weight: float) -> str:
    return "it has no weight" if math.isnan(weight) else f"its weight is {weight:g}"


def _of_parents(members: Sequence[Member]) -> Iterator[Fault]:
    """Members with two parents, parents without a row, given figures of nodes with members."""
    names = {row.name for row in members}
    above: dict[str, Member] = {}
    unknown: set[str] = set()
    nodes = {row.parent for row in members}
    for row in members:
        first = above.setdefault(row.name, row)
        if first.parent != row.parent:
            yield Fault(
                row.where,
                f"two parents: {first.parent or 'none'!r} ({first.place or 'above'}) and "
                f"{row.parent or 'none'!r}",
                "keep one; split the company into two groups if it belongs to both",
            )
        if row.parent and row.parent not in names and row.parent not in unknown:
            unknown.add(row.parent)
            yield Fault(
                row.where,
                f"its parent {row.parent!r} has no row",
                f"{nearest(row.parent, sorted(names - {row.name}))}; or add a row for it, "
                "with an empty parent if it is the top",
            )
        if row.given and row.name in nodes:
            yield Fault(row.where, "it has a given index and members", "keep one of the two")


def parents_of(members: Iterable[Member]) -> dict[str, str]:
    """Return the parent of each name, the first where there are two."""
    found: dict[str, str] = {}
    for row in members:
        found.setdefault(row.name, row.parent)
    return found


def _cycles(members: Sequence[Member]) -> Iterator[Fault]:
    """Members that are above themselves, each round once."""
    above = parents_of(members)
    done: set[str] = set()
    for row in members:
        path: list[str] = []
        name = row.name
        while name and name in above and name not in done and name not in path:
            path.append(name)
            name = above[name]
        if name in path:
            ring = path[path.index(name) :]
            yield Fault(
                row.where,
                f"a cycle: {' -> '.join([*ring, ring[0]])}",
                "let one of them have the node above, or nothing, as its parent",
            )
        done.update(path)


def _of_years(members: Sequence[Member]) -> Iterator[Fault]:
    """Members of one parent, some with a year and some without."""
    for parent, rows in rows_of(members).items():
        dated = [row for row in rows if row.year]
        if parent and dated and len(dated) < len(rows):
            plain = next(row for row in rows if not row.year)
            yield Fault(
                plain.where,
                f"it has no year, and {dated[0].where} under the same parent has one",
                f"give all members of {parent!r} a year, or none",
            )


def _of_rests(members: Sequence[Member]) -> Iterator[Fault]:
    """Rests that are not one less the shares of the others."""
    groups: dict[tuple[str, str], list[Member]] = {}
    for row in members:
        groups.setdefault((row.parent, row.year), []).append(row)
    for (parent, _), rows in groups.items():
        rests = [row for row in rows if row.rest]
        if not rests:
            continue
        if not parent:
            yield Fault(rests[0].where, "the top has the weight 'rest'", "leave its weight empty")
        elif len(rests) > 1:
            what = f"{parent!r} has {len(rests)} members with the weight 'rest'"
            yield Fault(rests[1].where, what, "give all but one a share")
        others = [row.weight for row in rows if not row.rest and math.isfinite(row.weight)]
        if parent and not 0 < sum(others) < 1:
            yield Fault(
                rests[0].where,
                f"nothing is left for the rest: the others add up to {sum(others):g}",
                "give the others shares of one, such as 0.35, that add up to less than one",
            )


def _of_tops(members: Sequence[Member]) -> Iterator[Fault]:
    """Tell of a table in which nobody is above anybody."""
    if not any(row.parent for row in members):
        fix = "name the node above each member in the column parent, and give the node a row"
        yield Fault("table of weights", "no member has a parent: nothing is put together", fix)


def rows_of(members: Iterable[Member]) -> Mapping[str, list[Member]]:
    """Return the rows under each parent, in the order of the table."""
    found: dict[str, list[Member]] = {}
    for row in members:
        found.setdefault(row.parent, []).append(row)
    return found
