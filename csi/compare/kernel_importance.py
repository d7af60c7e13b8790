"""The arithmetic of the importance-performance map.

Letters: q constructs, p items; any batch axes first.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray


def item_importance(weights: Array, extent: Array, blocks: BoolArray, effect: Array) -> Array:
    r"""Return by how many points the target moves when the score of one item rises by one.

    Parameters
    ----------
    weights : (*batch, p) index weights of items in points, of any length
    extent : (p) lengths of the answer scales
    blocks : (p, q) True where the item measures the construct
    effect : (*batch, q) points by which the target moves with one point of each construct

    Returns
    -------
    (*batch, p) points of the target for one point of the item, both on the scale from 0 to 100

    Notes
    -----
    An item is the share

    .. math:: \frac{w_i (h_i - l_i)}{\sum_k w_k (h_k - l_k)}

    of its construct's index, and moves the target by that share of the construct's total effect
    [ringle2016gain].

    Examples
    --------
    >>> blocks = np.array([[True], [True]])
    >>> weights, extent, effect = np.array([3.0, 1.0]), np.array([9.0, 9.0]), np.array([0.8])
    >>> item_importance(weights, extent, blocks, effect).round(12).tolist()
    [0.6, 0.2]
    """
    length = weights * extent
    total = (length @ blocks) @ blocks.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(length / total * (effect @ blocks.T))


def quadrants(importance: Array, performance: Array) -> tuple[Array, Array, Array]:
    """Return the quadrant of each point of a map, and the crosshair.

    Parameters
    ----------
    importance, performance : (*batch, k); NaN where there is no figure

    Returns
    -------
    quadrant : (*batch, k)
        0 low importance and low performance, 1 low importance and high performance, 2 high
        importance and low performance, 3 both high; NaN where there is no figure. A point on the
        crosshair counts as high.
    crosshair of importance, of performance : (*batch)
        The means over the points of the map, the data-centred crosshair of
        [martilla1977importance].

    Examples
    --------
    >>> quadrant, x, y = quadrants(np.array([0.1, 0.5]), np.array([70.0, 60.0]))
    >>> quadrant.tolist(), float(x), float(y)
    ([1.0, 2.0], 0.3, 65.0)
    """
    there = np.isfinite(importance) & np.isfinite(performance)
    count = there.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.where(there, importance, 0.0).sum(axis=-1) / count
        y = np.where(there, performance, 0.0).sum(axis=-1) / count
        high = (importance >= x[..., None]) * 2.0 + (performance >= y[..., None])
    return np.where(there, high, np.nan), np.asarray(x), np.asarray(y)
