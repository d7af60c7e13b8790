"""Letters of significance for tables of several groups.

Letters: k groups.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csi.arrays import BoolArray
from csi.errors import Fault, OptionError


def letter(number: int, *, capital: bool = False) -> str:
    """Return the letter of a column or set: a to z, then a1 to z1, a2 and so on.

    Examples
    --------
    >>> letter(0), letter(25), letter(26), letter(2, capital=True)
    ('a', 'z', 'a1', 'C')
    """
    rounds, at = divmod(number, 26)
    return chr((65 if capital else 97) + at) + (str(rounds) if rounds else "")


def compact_letters(different: BoolArray, order: Sequence[int] | None = None) -> list[str]:
    """Return letters such that groups which share one do not differ significantly.

    Parameters
    ----------
    different : (k, k) symmetric, True where two groups differ
    order : sequence of int or None
        The groups from the first of the table to the last: ``a`` goes to the first. None takes
        them as they are.

    Returns
    -------
    list of str
        One string a group, in the order of `different`.

    Raises
    ------
    OptionError
        If `different` is not a symmetric table of pairs, or `order` does not name every group once.

    Notes
    -----
    Insert and absorb: all groups share one letter; each pair that differs splits every set that
    holds both; sets within another are dropped. Source: [piepho2004algorithm].

    Examples
    --------
    >>> pairs = np.zeros((3, 3), dtype=bool)
    >>> pairs[0, 2] = pairs[2, 0] = True
    >>> compact_letters(pairs)
    ['a', 'ab', 'b']
    """
    k = len(different)
    ranks = list(range(k)) if order is None else [int(g) for g in order]
    _check(different, ranks)
    sets = [frozenset(ranks)] if k else []
    for first in range(k):
        for second in range(first + 1, k):
            one, other = ranks[first], ranks[second]
            if different[one, other]:
                sets = _split(sets, one, other)
    place = {group: at for at, group in enumerate(ranks)}
    sets.sort(key=lambda members: sorted(place[group] for group in members))
    return [
        "".join(letter(at) for at, members in enumerate(sets) if group in members)
        for group in range(k)
    ]


def _split(sets: list[frozenset[int]], one: int, other: int) -> list[frozenset[int]]:
    """Split the sets that hold both groups, and drop those that lie within another."""
    whole = [members for members in sets if not (one in members and other in members)]
    parts = {
        members - {gone}
        for members in sets
        if one in members and other in members
        for gone in (one, other)
    }
    kept = list(whole)
    for part in sorted(parts, key=lambda members: (-len(members), sorted(members))):
        if not any(part <= members for members in kept):
            kept.append(part)
    return kept


def column_letters(above: BoolArray) -> list[str]:
    """Return for each group the capitals of the groups it is significantly above.

    Parameters
    ----------
    above : (k, k) True where the row's figure is significantly above the column's

    Returns
    -------
    list of str
        The first group is A, as in the head of a survey table.

    Raises
    ------
    OptionError
        If two groups are each above the other.

    Examples
    --------
    >>> column_letters(np.array([[False, True, True], [False] * 3, [False] * 3]))
    ['BC', '', '']
    """
    table = np.asarray(above, dtype=bool)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or (table & table.T).any():
        fault = Fault("above", "two groups are each above the other", "give one direction a pair")
        raise OptionError(fault)
    return [
        "".join(letter(int(column), capital=True) for column in np.flatnonzero(row))
        for row in table
    ]


def _check(different: BoolArray, order: list[int]) -> None:
    """Raise an OptionError for a table that is none of pairs, or an order with gaps."""
    faults = []
    table = np.asarray(different)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        faults.append(Fault("different", f"shape {table.shape}", "give one row and column a group"))
    elif not np.array_equal(table, table.T) or np.diag(table).any():
        fault = Fault("different", "is not symmetric with an empty diagonal", "give pairs")
        faults.append(fault)
    if sorted(order) != list(range(len(table))):
        faults.append(Fault("order", "does not name every group once", "give each number once"))
    if faults:
        raise OptionError(faults)
