"""Plane geometry of the path diagram: boxes, curves and whether they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle.

    Attributes
    ----------
    x, y : float
        Its middle.
    wide, high : float
    """

    x: float
    y: float
    wide: float
    high: float

    def grown(self, by: float) -> Box:
        """Return the box with a margin of `by` on every side."""
        return Box(self.x, self.y, self.wide + 2 * by, self.high + 2 * by)

    def holds(self, points: Array) -> Array:
        """Tell for (k, 2) points which lie inside, as 0 and 1."""
        inside = (np.abs(points[:, 0] - self.x) < self.wide / 2) & (
            np.abs(points[:, 1] - self.y) < self.high / 2
        )
        points_inside: Array = inside.astype(np.float64)
        return points_inside

    def overlap(self, other: Box) -> float:
        """Return the area that two boxes share, zero where they are apart.

        Examples
        --------
        >>> Box(0, 0, 2, 2).overlap(Box(1, 0, 2, 2)), Box(0, 0, 1, 1).overlap(Box(3, 0, 1, 1))
        (2.0, 0.0)
        """
        across = (self.wide + other.wide) / 2 - abs(self.x - other.x)
        up = (self.high + other.high) / 2 - abs(self.y - other.y)
        return float(max(across, 0.0) * max(up, 0.0))


def curve(start: Box, end: Box, bend: float, *, gap: float, points: int = 81) -> Array:
    """Return points of a curve between two boxes, from border to border.

    Parameters
    ----------
    start, end : Box
    bend : float
        How far the control point lies off the straight line, as a share of its length;
        zero is a straight line, positive bends to the left of the way.
    gap : float
        Room left between curve and boxes.
    points : int

    Returns
    -------
    (points, 2)
    """
    a, b = np.array([start.x, start.y]), np.array([end.x, end.y])
    way = b - a
    control = (a + b) / 2 + bend * np.array([-way[1], way[0]])
    t = np.linspace(0, 1, 401)[:, None]
    whole = (1 - t) ** 2 * a + 2 * t * (1 - t) * control + t**2 * b
    outside = np.flatnonzero(
        (start.grown(gap).holds(whole) == 0) & (end.grown(gap).holds(whole) == 0)
    )
    if not len(outside):
        return np.stack([whole[0], whole[-1]])
    chosen = np.linspace(outside[0], outside[-1], points).round().astype(int)
    trimmed: Array = whole[chosen]
    return trimmed


def crossings(one: Array, other: Array) -> int:
    """Count the places where two polylines, (k, 2) and (m, 2), cross.

    Examples
    --------
    >>> crossings(np.array([[0., 0.], [1., 1.]]), np.array([[0., 1.], [1., 0.]]))
    1
    """
    p, r = one[:-1, None], np.diff(one, axis=0)[:, None]
    q, s = other[None, :-1], np.diff(other, axis=0)[None]
    turn = _cross(r, s)
    with np.errstate(divide="ignore", invalid="ignore"):
        t, u = _cross(q - p, s) / turn, _cross(q - p, r) / turn
    return int(((t > 0) & (t <= 1) & (u > 0) & (u <= 1)).sum())


def _cross(a: Array, b: Array) -> Array:
    result: Array = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return result
