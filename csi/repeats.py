"""Items used a second time: their names, and the answers that they stand for.

A construct of constructs is measured by the items of its parts again. Item ``OVERALLP`` of part
``ProductQuality`` is also item ``OVERALLP@Quality`` of the whole: a name of its own, because it has
a weight and a loading of its own there, but the same answers.

Letters: p items, c columns of answers behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from csi.arrays import IntArray, readonly_int

MARK = "@"


def repeated_name(item: str, construct: str) -> str:
    """Return the name of an item where a further construct is measured by it.

    Examples
    --------
    >>> repeated_name("OVERALLP", "Quality")
    'OVERALLP@Quality'
    """
    return f"{item}{MARK}{construct}"


def answered_name(item: str) -> str:
    """Return the item whose answers `item` stands for: itself, unless it is used again.

    Examples
    --------
    >>> answered_name("OVERALLP@Quality"), answered_name("OVERALLP")
    ('OVERALLP', 'OVERALLP')
    """
    return item.partition(MARK)[0]


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which items of a list are answers used again.

    Attributes
    ----------
    items : tuple of str, length p
    columns : tuple of str, length c
        The items with answers of their own, in their order.
    at : (p) place of each item's answers among the columns
    first : (c) place of each column among the items
    """

    items: tuple[str, ...]
    columns: tuple[str, ...]
    at: IntArray
    first: IntArray

    def __bool__(self) -> bool:
        """Tell whether any item is used again."""
        return len(self.columns) < len(self.items)


@lru_cache(maxsize=256)
def repeats_of(items: tuple[str, ...]) -> Repeats:
    """Return which items are answers used again: those named after another item of the list.

    Examples
    --------
    >>> found = repeats_of(("P1", "S1", "P1@Quality", "S1@Quality"))
    >>> found.columns, found.at.tolist()
    (('P1', 'S1'), [0, 1, 0, 1])
    """
    known = set(items)
    column = [name if (name := answered_name(item)) in known else item for item in items]
    columns = tuple(dict.fromkeys(column))
    at = [columns.index(name) for name in column]
    first = [items.index(name) for name in columns]
    return Repeats(items, columns, readonly_int(at), readonly_int(first))
