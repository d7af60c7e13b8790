"""The way of the arrows of a path diagram round the boxes, and the places of their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from csi.arrays import Array, readonly
from csi.report.geometry import Box, crossings, curve

_BENDS = (0.0, 0.08, -0.08, 0.16, -0.16, 0.24, -0.24, 0.34, -0.34, 0.46, -0.46)
_PLACES = np.linspace(0.12, 0.88, 39)


@dataclass(frozen=True, slots=True)
class Route:
    """One arrow as drawn.

    Attributes
    ----------
    points : (k, 2) from border to border, in inches
    label : Box
        Where the coefficient stands.
    """

    points: Array
    label: Box


def route(
    boxes: Sequence[Box], ends: Sequence[tuple[int, int]], labels: Sequence[tuple[float, float]]
) -> tuple[Route, ...]:
    """Lead arrows round the boxes and put their labels where they touch nothing.

    Parameters
    ----------
    boxes : sequence of Box
    ends : sequence of (source, target)
        Numbers of boxes.
    labels : sequence of (wide, high)
        Sizes of the labels.

    Returns
    -------
    tuple of Route
        In the order of `ends`.
    """
    curves = _bent(tuple(boxes), tuple(ends))
    places = _labelled(boxes, curves, labels)
    return tuple(Route(points, label) for points, label in zip(curves, places, strict=True))


@lru_cache(maxsize=16)
def _bent(boxes: tuple[Box, ...], ends: tuple[tuple[int, int], ...]) -> tuple[Array, ...]:
    """Choose the bend of each arrow, three times through all of them.

    The same for all groups of a model, so it is done once.
    """
    curves = [curve(boxes[a], boxes[b], 0.0, gap=0.05) for a, b in ends]
    for _ in range(3):
        for number, (a, b) in enumerate(ends):
            third = [box.grown(0.09) for place, box in enumerate(boxes) if place not in (a, b)]
            others = [one for place, one in enumerate(curves) if place != number]
            tried = [(bend, curve(boxes[a], boxes[b], bend, gap=0.05)) for bend in _BENDS]
            costs = [_curve_cost(points, bend, third, others) for bend, points in tried]
            curves[number] = tried[int(np.argmin(costs))][1]
    return tuple(map(readonly, curves))


def _curve_cost(points: Array, bend: float, third: Sequence[Box], others: Sequence[Array]) -> float:
    through = sum(float(box.holds(points).sum()) for box in third)
    crossed = sum(crossings(points[::4], other[::4]) for other in others)
    core = points[15:-15:6]
    beside = sum(
        float((np.min(np.hypot(*(core[:, None] - other[None, ::4]).T), axis=0) < 0.13).sum())
        for other in others
    )
    short = 3.0 if np.hypot(*(points[-1] - points[0])) < 0.3 else 0.0
    return 5 * through + 2 * crossed + 0.35 * beside + 6 * abs(bend) + short


def _labelled(
    boxes: Sequence[Box], curves: Sequence[Array], sizes: Sequence[tuple[float, float]]
) -> list[Box]:
    """Choose the place of each label on its arrow, three times through all of them."""
    places = [_at(points, 0.5, size) for points, size in zip(curves, sizes, strict=True)]
    tips = [Box(float(points[-1][0]), float(points[-1][1]), 0.2, 0.2) for points in curves]
    for _ in range(4):
        for number, (points, size) in enumerate(zip(curves, sizes, strict=True)):
            rest = [*boxes, *tips, *places[:number], *places[number + 1 :]]
            rest = [box.grown(0.04) for box in rest]
            others = np.concatenate(
                [c for k, c in enumerate(curves) if k != number] or [points[:0]]
            )
            tried = [(t, _at(points, t, size)) for t in _PLACES]
            costs = [_label_cost(box, t, rest, others) for t, box in tried]
            places[number] = tried[int(np.argmin(costs))][1]
    return places


def _label_cost(label: Box, t: float, rest: Sequence[Box], others: Array) -> float:
    covered = sum(label.overlap(box) for box in rest)
    return 1000 * covered + float(label.grown(0.02).holds(others).sum()) + 6 * abs(t - 0.5)


def _at(points: Array, t: float, size: tuple[float, float]) -> Box:
    x, y = points[round(t * (len(points) - 1))]
    return Box(float(x), float(y), *size)
