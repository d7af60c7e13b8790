"""How much room words take on a slide: an estimate on the safe side, without a screen."""

from __future__ import annotations

from collections.abc import Sequence

from csi.report.lettering import width, wrap

COLUMN = 0.64
"""Width of a half-width letter as a part of the size of the letters: digits of a
wide Latin font."""
BOLD = 1.18
"""How much wider bold letters are."""
LINE = 1.25
"""Height of a line as a part of the size of the letters."""


def columns_in(points_wide: float, size: float) -> int:
    """Return the half-width letters that fit beside each other.

    Examples
    --------
    >>> columns_in(128.0, 10.0)
    20
    """
    return max(1, int(points_wide / (COLUMN * size) + 1e-9))


def lines_of(text: str, points_wide: float, size: float) -> int:
    """Return the lines that a text takes in a box of this width.

    Examples
    --------
    >>> lines_of("Perceived quality", 60.0, 10.0), lines_of("", 60.0, 10.0)
    (2, 1)
    """
    return max(1, wrap(text, columns_in(points_wide, size)).count("\n") + 1)


def height_of(text: str, points_wide: float, size: float) -> float:
    """Return the height of a text in a box of this width, in points."""
    return lines_of(text, points_wide, size) * size * LINE


def widths_of(
    cells: Sequence[Sequence[str]], points_wide: float, size: float, pad: float
) -> list[float]:
    """Return the widths of the columns of a table that fills a width.

    Where all cells fit on one line they do, and the rest is shared equally; else each column
    gets what its longest word needs, and the rest goes by what is still wanting.

    Parameters
    ----------
    cells : sequence of rows
        The head, in bold, and rows.
    points_wide, size, pad : float
        Width of the table, size of the letters, room beside the words of a cell; in points.

    Examples
    --------
    >>> [round(one, 1) for one in widths_of([["a", "bbbb bbbb"]], 100.0, 10.0, 2.0)]
    [19.8, 80.2]
    """
    columns = list(zip(*cells, strict=True))
    full = [pad + COLUMN * size * _widest(list(map(width, own))) for own in columns]
    spare = points_wide - sum(full)
    if spare >= 0:
        return [one + spare / len(full) for one in full]
    least = least_widths(cells, size, pad)
    room = points_wide - sum(least)
    if room <= 0:
        return [points_wide * one / sum(least) for one in least]
    wanting = [whole - one for whole, one in zip(full, least, strict=True)]
    return [one + room * more / sum(wanting) for one, more in zip(least, wanting, strict=True)]


def least_widths(cells: Sequence[Sequence[str]], size: float, pad: float) -> list[float]:
    """Return the widths that the columns of a table need for no word to be broken."""
    columns = zip(*cells, strict=True)
    return [pad + COLUMN * size * _widest(list(map(_longest, own))) for own in columns]


def _widest(widths: Sequence[int]) -> float:
    """Return the widest of the cells of a column, whose head is bold."""
    return max(BOLD * widths[0], *widths)


def _longest(text: str) -> int:
    """Return the width of the longest word; a long Chinese text breaks anywhere, figures nowhere.

    An interval such as ``[1.2, 3.4]`` and a figure with its margin are one word.
    """
    if text.startswith("[") or "±" in text[:8]:
        return width(text)
    return max((min(width(word), 14) for word in text.split()), default=1)
