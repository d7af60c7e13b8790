"""Where the boxes of a path diagram stand: columns by the model, heights by a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from csi.arrays import Array, BoolArray
from csi.model.layout import layers
from csi.model.model import Model
from csi.report.geometry import Box

_SLOT = 0.55
_REACH = 4
_SWEEPS = 8
_WIDE = 1.45
_ROOM = 0.5
"""Inches between boxes one above the other: room for an arrow and its label."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the search needs: columns of the boxes in inches, ends of the arrows, sizes."""

    x: Array
    ends: NDArray[np.int64]
    high: float


@lru_cache(maxsize=16)
def place_boxes(model: Model, high: float) -> tuple[Box, ...]:
    """Return the box of each construct, in inches, causes left of what they cause.

    Parameters
    ----------
    model : Model
    high : float
        Height of a box.

    Returns
    -------
    tuple of Box
        In the order of ``model.constructs``; no two overlap.
    """
    columns = layers(model)
    pitch = 2.3 if len(columns) <= 5 else 1.55
    column = {name: number for number, names in enumerate(columns) for name in names}
    order = {name: number for names in columns for number, name in enumerate(names)}
    names = model.names
    ends = np.array(
        [[names.index(path.source), names.index(path.target)] for path in model.paths]
    ).reshape(-1, 2)
    plan = _Plan(np.array([column[name] * pitch for name in names]), ends, high)
    tall = [order[name] - (len(columns[column[name]]) - 1) / 2 for name in names]
    step = 2 * int(np.ceil((high + _ROOM) / _SLOT / 2 + 0.25))
    starts = [
        [-round(step * t) for t in tall],
        [(-1) ** column[name] * 2 - round(step * t) for name, t in zip(names, tall, strict=True)],
        [
            (2, 0, -2)[column[name] % 3] - round(step * t)
            for name, t in zip(names, tall, strict=True)
        ],
        [
            (-2, 2, 0, -3)[column[name] % 4] - round(step * t)
            for name, t in zip(names, tall, strict=True)
        ],
    ]
    found = [_settled(plan, start) for start in starts]
    best = min(found, key=lambda slots: _cost(plan, slots))
    return tuple(
        Box(float(x), float(_SLOT * slot), _WIDE, high)
        for x, slot in zip(plan.x, best, strict=True)
    )


def _settled(plan: _Plan, start: Sequence[int]) -> list[int]:
    """Move one box at a time to its cheapest height until none wants to move."""
    slots = list(start)
    reach = max(_REACH, max(abs(slot) for slot in slots))
    for _ in range(_SWEEPS):
        before = list(slots)
        for box in range(len(slots)):
            tried = [[*slots[:box], slot, *slots[box + 1 :]] for slot in range(-reach, reach + 1)]
            slots = min(tried, key=lambda slots: _cost(plan, slots))
        if slots == before:
            break
    return slots


def _cost(plan: _Plan, slots: Sequence[int]) -> float:
    """Return how bad a placement is: boxes too near, arrows through boxes, crossings, height."""
    middle = np.stack([plan.x, np.asarray(slots, dtype=float) * _SLOT], axis=1)
    apart = np.abs(middle[:, None] - middle[None])
    near = (apart[..., 0] < _WIDE + 0.45) & (apart[..., 1] < plan.high + _ROOM)
    crowded = (near.sum() - len(slots)) / 2
    start, end = middle[plan.ends[:, 0]], middle[plan.ends[:, 1]]
    rises = np.abs(end[:, 1] - start[:, 1]).sum()
    height = np.ptp(middle[:, 1])
    hits = _through_boxes(plan, middle, start, end)
    return float(
        1000 * crowded
        + 12 * hits
        + 3 * _crossed(start, end, plan.ends)
        + 4 * _alike(start, end, plan.ends)
        + 0.25 * rises
        + 0.8 * height
        + 0.01 * abs(middle[:, 1].sum())
    )


def _through_boxes(plan: _Plan, middle: Array, start: Array, end: Array) -> int:
    """Count arrows that pass through the box of a third construct."""
    t = np.linspace(0, 1, 41)[None, :, None]
    points = start[:, None] + t * (end - start)[:, None]
    off = np.abs(points[:, :, None] - middle[None, None])
    inside = (off[..., 0] < _WIDE / 2 + 0.1) & (off[..., 1] < plan.high / 2 + 0.1)
    hit: BoolArray = np.asarray(inside.any(axis=1))
    rows = np.arange(len(plan.ends))
    hit[rows, plan.ends[:, 0]] = hit[rows, plan.ends[:, 1]] = False
    return int(hit.sum())


def _crossed(start: Array, end: Array, ends: NDArray[np.int64]) -> float:
    """Count pairs of arrows without a common end that cross."""

    def side(a: Array, b: Array, c: Array) -> Array:
        turned: Array = np.sign(
            (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
            - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
        )
        return turned

    a, b, c, d = start[:, None], end[:, None], start[None], end[None]
    cross = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
    shared = (ends[:, None, :, None] == ends[None, :, None, :]).any(axis=(2, 3))
    return float((cross & ~shared).sum() / 2)


def _alike(start: Array, end: Array, ends: NDArray[np.int64]) -> float:
    """Count pairs of arrows that leave or reach one box in nearly the same direction."""
    way = end - start
    angle = np.arctan2(way[:, 1], way[:, 0])
    close = np.abs(angle[:, None] - angle[None]) < np.deg2rad(9)
    shared = (ends[:, None] == ends[None]).any(axis=2)
    return float(((close & shared).sum() - len(ends)) / 2)
