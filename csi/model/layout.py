"""Where the constructs of a path diagram stand: columns from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from csi.model.graph import depths
from csi.model.model import Model

Columns = tuple[tuple[str, ...], ...]

_SWEEPS = 8


def layers(model: Model) -> Columns:
    """Return the constructs in columns, causes left, each column from top to bottom.

    A construct stands in the column after its latest cause (longest path). Within the columns
    the order is the best one that sweeps of the barycentre rule meet: a construct is put at the
    mean place of its neighbours in the columns beside it. Paths that span several columns
    take a place in each of them, so that they count in the crossings.

    Returns
    -------
    tuple of tuples of str
        Every construct once.

    Examples
    --------
    >>> from csi.model.grammar import paths, single
    >>> model = Model(
    ...     [single("Image", "I"), single("Value", "V"), single("Loyalty", "L")],
    ...     [paths("Image", to=["Value", "Loyalty"]), paths("Value", to="Loyalty")],
    ...     index="Loyalty",
    ... )
    >>> layers(model)
    (('Image',), ('Value',), ('Loyalty',))
    """
    columns, links = _with_waypoints(model)
    best, fewest = columns, crossings(columns, links)
    for sweep in range(_SWEEPS):
        columns = _swept(columns, links, backwards=bool(sweep % 2))
        count = crossings(columns, links)
        if count < fewest:
            best, fewest = columns, count
    names = set(model.names)
    return tuple(tuple(name for name in column if name in names) for column in best)


def crossings(columns: Sequence[Sequence[str]], links: Sequence[tuple[str, str]]) -> int:
    """Count the crossings of links between neighbouring columns.

    Examples
    --------
    >>> crossings([["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")])
    1
    """
    place = _places(columns)
    column = {name: number for number, names in enumerate(columns) for name in names}
    count = 0
    for number, (a, b) in enumerate(links):
        for c, d in links[:number]:
            if column[a] == column[c] and (place[a] - place[c]) * (place[b] - place[d]) < 0:
                count += 1
    return count


def _with_waypoints(model: Model) -> tuple[Columns, list[tuple[str, str]]]:
    """Return columns with a waypoint wherever a long path passes, and the links between them."""
    depth = depths(model.names, [(p.source, p.target) for p in model.paths])
    columns: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name in model.names:
        columns[depth[name]].append(name)
    links: list[tuple[str, str]] = []
    for path in model.paths:
        before = path.source
        for column in range(depth[path.source] + 1, depth[path.target]):
            waypoint = f"{path} at {column}"
            columns[column].append(waypoint)
            links.append((before, waypoint))
            before = waypoint
        links.append((before, path.target))
    return tuple(tuple(column) for column in columns), links


def _swept(columns: Columns, links: Sequence[tuple[str, str]], *, backwards: bool) -> Columns:
    """Return the columns after one sweep of the barycentre rule."""
    done = [list(column) for column in columns]
    steps = range(len(done) - 2, -1, -1) if backwards else range(1, len(done))
    for step in steps:
        beside = _places([done[step + 1 if backwards else step - 1]])
        pairs = [(b, a) for a, b in links] if not backwards else list(links)
        own = _places([done[step]])
        goals = {
            name: _mean([beside[b] for a, b in pairs if a == name and b in beside], own[name])
            for name in done[step]
        }
        done[step].sort(key=goals.__getitem__)
    return tuple(tuple(column) for column in done)


def _places(columns: Sequence[Sequence[str]]) -> Mapping[str, float]:
    """Return the place of each name in its column, the middle of the column being 0."""
    return {
        name: place - (len(column) - 1) / 2
        for column in columns
        for place, name in enumerate(column)
    }


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise
