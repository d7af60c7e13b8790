"""Setting text: line breaks for Latin and Chinese, and labels pushed apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, pairwise

_UNITS = re.compile(
    r"\s+|[\u2e80-\u9fff\uff00-\uffef][，。、；：！？）》”]*|[^\s\u2e80-\u9fff\uff00-\uffef]+"
)


def width(text: str) -> int:
    """Return the width in half-width columns: a Chinese letter takes two.

    Examples
    --------
    >>> width("Index"), width("指数")
    (5, 4)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrap(text: str, columns: int) -> str:
    r"""Break `text` into lines of at most `columns` half-width columns.

    Chinese may break between any two letters but not before a closing mark; a Latin word
    that is longer than a line is divided.

    Examples
    --------
    >>> wrap("Perceived quality", 10)
    'Perceived\nquality'
    >>> wrap("感知质量", 4)
    '感知\n质量'
    """
    lines = [""]
    for unit in _units(text, columns):
        if width(lines[-1]) + width(unit.rstrip()) > columns and lines[-1].strip():
            lines.append("")
        if lines[-1] or not unit.isspace():
            lines[-1] += unit
    return "\n".join(line.strip() for line in lines if line.strip())


def _units(text: str, columns: int) -> list[str]:
    units: list[str] = []
    for unit in _UNITS.findall(text):
        if width(unit) <= columns:
            units.append(unit)
        else:
            units += [unit[start : start + columns] for start in range(0, len(unit), columns)]
    return units


def spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Return places as near to `wanted` as can be where labels of these heights do not touch.

    Neighbours that would touch are moved together, as little as possible in the sense of
    least squares (pooling of adjacent violators).

    Parameters
    ----------
    wanted, heights : sequence of float
        Middle and height of each label, in the same unit.

    Examples
    --------
    >>> spread([1.0, 1.0, 9.0], [2.0, 2.0, 2.0])
    [0.0, 2.0, 9.0]
    """
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    tall = [heights[place] for place in order]
    gaps = [(below + above) / 2 for below, above in pairwise(tall)]
    shift = list(accumulate(gaps, initial=0.0))
    blocks: list[tuple[float, int]] = []
    for place, moved in zip(order, shift, strict=False):
        blocks.append((wanted[place] - moved, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (mean, size), (other, more) = blocks.pop(-2), blocks.pop()
            blocks.append(((mean * size + other * more) / (size + more), size + more))
    settled = [mean for mean, size in blocks for _ in range(size)]
    placed = [0.0] * len(order)
    for place, middle, moved in zip(order, settled, shift, strict=False):
        placed[place] = middle + moved
    return placed
