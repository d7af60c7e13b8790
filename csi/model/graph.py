"""Order and circles of a directed graph given as names and arrows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Arrow = tuple[str, str]


def one_circle(names: Sequence[str], arrows: Iterable[Arrow]) -> tuple[str, ...] | None:
    """Return the names along one circle, the first repeated at the end; None if there is none.

    Examples
    --------
    >>> one_circle(["A", "B", "C"], [("A", "B"), ("B", "C"), ("C", "A")])
    ('A', 'B', 'C', 'A')
    """
    following = _following(names, arrows)
    finished: set[str] = set()
    for start in names:
        trail: list[str] = []
        todo = [(start, 0)]
        while todo:
            name, depth = todo.pop()
            finished.update(trail[depth:])
            del trail[depth:]
            if name in trail:
                return (*trail[trail.index(name) :], name)
            if name in finished:
                continue
            trail.append(name)
            todo.extend((target, depth + 1) for target in reversed(following[name]))
        finished.update(trail)
    return None


def circles(names: Sequence[str], arrows: Iterable[Arrow]) -> list[tuple[str, ...]]:
    """Return circles such that the graph is free of them once each loses its last arrow."""
    left = list(dict.fromkeys(arrows))
    found = []
    while circle := one_circle(names, left):
        found.append(circle)
        left.remove((circle[-2], circle[-1]))
    return found


def causal_order(names: Sequence[str], arrows: Iterable[Arrow]) -> tuple[str, ...]:
    """Return the names so that every arrow leads forward; ties keep the given order.

    Examples
    --------
    >>> causal_order(["Loyalty", "Image", "Value"], [("Image", "Loyalty"), ("Value", "Loyalty")])
    ('Image', 'Value', 'Loyalty')
    """
    pairs = set(arrows)
    left = list(names)
    ordered: list[str] = []
    while left:
        free = next(n for n in left if not any(t == n and s in left for s, t in pairs))
        ordered.append(free)
        left.remove(free)
    return tuple(ordered)


def depths(names: Sequence[str], arrows: Iterable[Arrow]) -> dict[str, int]:
    """Return for each name the number of arrows on the longest way to it.

    Examples
    --------
    >>> depths(["A", "B", "C"], [("A", "B"), ("B", "C"), ("A", "C")])
    {'A': 0, 'B': 1, 'C': 2}
    """
    pairs = list(arrows)
    found: dict[str, int] = {}
    for name in causal_order(names, pairs):
        found[name] = max((found[s] + 1 for s, t in pairs if t == name), default=0)
    return {name: found[name] for name in names}


def _following(names: Sequence[str], arrows: Iterable[Arrow]) -> dict[str, list[str]]:
    """Return the targets of each name, in the order of the arrows."""
    following: dict[str, list[str]] = {name: [] for name in names}
    for source, target in arrows:
        following[source].append(target)
    return following
