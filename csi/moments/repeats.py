"""Moments where answers are used again: computed once for each column, then copied.

Covariances of a list in which answers stand twice have no inverse. Whatever needs one (EM, checks,
scores) works on the columns, and what it finds is put in every place where the answers are used.

Letters: p items, c columns behind them, t moments of the items.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from csi.arrays import Array, IntArray
from csi.moments.values import Moments
from csi.repeats import repeats_of


def distinct_moments(moments: Moments) -> Moments:
    """Return the moments of the columns behind moments with answers used again, any batch."""
    found = repeats_of(moments.items)
    return _at(moments, found.columns, found.first) if found else moments


def expanded(moments: Moments, items: tuple[str, ...]) -> Moments:
    """Return the moments of items from those of the columns behind them, any batch.

    Parameters
    ----------
    moments : Moments
        Of ``repeats_of(items).columns``.
    items : tuple of str, length p
        With answers used again as ``ITEM@Whole``; nothing happens where there are none.
    """
    found = repeats_of(items)
    return _at(moments, items, found.at) if found else moments


def expanded_vector_places(items: tuple[str, ...]) -> IntArray:
    """Return for each of the t moments of `items` its place among those of the columns.

    Examples
    --------
    >>> expanded_vector_places(("a", "b", "a@W")).tolist()  # means, then the upper triangle
    [0, 1, 0, 2, 3, 2, 4, 3, 2]
    """
    found = repeats_of(items)
    c = len(found.columns)
    place = np.zeros((c, c), dtype=np.int64)
    i, j = np.triu_indices(c)
    place[i, j] = place[j, i] = c + np.arange(len(i))
    i, j = np.triu_indices(len(items))
    return np.concatenate([found.at, place[found.at[i], found.at[j]]])


def _at(moments: Moments, items: tuple[str, ...], at: IntArray) -> Moments:
    """Return the moments with the items at these places; the batch stays last in memory."""
    cov = np.moveaxis(_last(moments.cov, 2)[at[:, None], at], (0, 1), (-2, -1))
    mean = np.moveaxis(_last(moments.mean, 1)[at], 0, -1)
    for values in (mean, cov):
        values.setflags(write=False)
    return replace(moments, items=items, mean=mean, cov=cov, answers=moments.answers[..., at])


def _last(values: Array, axes: int) -> Array:
    """Return a view with the batch after the last axes."""
    own = tuple(range(-axes, 0))
    return np.moveaxis(values, own, tuple(range(axes)))
