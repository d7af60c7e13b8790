"""Short labels beside the points of a chart, where they cover neither points nor each other."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array

_WAYS = np.array([(1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)], float)
_STEPS = (1.0, 1.5, 2.1, 2.8, 3.6, 4.5)


def place_beside(
    points: Array, sizes: Array, *, radius: float, frame: tuple[float, float]
) -> Array:
    """Return the middles of labels near their points.

    Each label takes the nearest place of a ring of places that is free; where none is free, the
    one that covers least.

    Parameters
    ----------
    points : (k, 2) in points of type, from the lower left corner
    sizes : (k, 2) width and height of the labels
    radius : float
        Distance of the nearest places, added to half the label.
    frame : (width, height)
        Labels stay inside.

    Examples
    --------
    >>> two = place_beside(np.array([[50.0, 50], [52, 50]]), np.full((2, 2), 10.0), radius=4,
    ...                    frame=(100, 100))
    >>> bool(np.abs(two[0] - two[1]).max() >= 10)
    True
    """
    middles = np.zeros_like(points)
    placed: list[int] = []
    for k in np.lexsort((points[:, 0], -points[:, 1])):
        best, least = points[k], np.inf
        for far, step in enumerate(_STEPS):
            for near, way in enumerate(_WAYS):
                tried = points[k] + way * (radius * step + sizes[k] / 2)
                covered = _covered(tried, sizes[k], points, middles[placed], sizes[placed], radius)
                outside = (tried - sizes[k] / 2 < 0) | (tried + sizes[k] / 2 > np.array(frame))
                cost = covered + 1000.0 * outside.any() + far + 0.01 * near
                if cost < least:
                    best, least = tried, cost
        middles[k] = best
        placed.append(int(k))
    return middles


def _covered(
    middle: Array, size: Array, points: Array, others: Array, sizes: Array, radius: float
) -> float:
    """Return how much a label covers: points heavily, other labels more."""
    clear = size / 2 + 0.7 * radius
    on_points = (np.abs(points - middle) < clear).all(axis=1).sum()
    on_labels = 0
    if len(others):
        on_labels = (np.abs(others - middle) < (sizes + size) / 2 + 1).all(axis=1).sum()
    return float(20 * on_points + 40 * on_labels)
