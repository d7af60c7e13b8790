"""How a respondent's own answers spread: variability, consistency, styles.

Letters: p items, q constructs; any leading axes (respondents). NaN stands for a missing answer,
and for a figure that the answers there are too few for.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray, IntArray


def variability(points: Array, scales: IntArray) -> Array:
    """Return the standard deviation of each respondent's answers (IRV), in points.

    Parameters
    ----------
    points : (..., p) answers as ticked
    scales : (p) number of the answer scale of each item: answers on scales of different ends are
        compared with the mean of their own scale only

    Returns
    -------
    (...) square root of the pooled variance within scales, divisor answers less scales

    Notes
    -----
    With one scale it is the standard deviation of the answers, divisor n - 1. Source:
    [dunn2018intra], [marjanovic2015inter].

    Examples
    --------
    >>> float(variability(np.array([1.0, 2, 3, np.nan]), np.zeros(4, dtype=np.int64)))
    1.0
    """
    squares, freedom = np.zeros(points.shape[:-1]), np.zeros(points.shape[:-1])
    for scale in np.unique(scales):
        own = points[..., scales == scale]
        here = ~np.isnan(own)
        count = here.sum(axis=-1)
        away = np.where(here, own - _mean(own)[..., None], 0.0)
        squares += (away**2).sum(axis=-1)
        freedom += np.maximum(count - 1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(freedom > 0, np.sqrt(squares / freedom), np.nan))


def even_odd(positions: Array, blocks: BoolArray) -> Array:
    r"""Return the even-odd consistency of each respondent, -1 to 1.

    Parameters
    ----------
    positions : (..., p) answers as shares of their scale, reversed items turned round
    blocks : (p, q) True where the item measures the construct

    Returns
    -------
    (...) consistency; NaN where fewer than three constructs have both halves, or one of the two
    profiles is flat

    Notes
    -----
    Means of the 1st, 3rd ... and of the 2nd, 4th ... items of each construct are correlated over
    the constructs, within the respondent, and stepped up to full length by Spearman and Brown's
    :math:`2r / (1 + r)`, at least -1. Source: [johnson2005ascertaining], [meade2012identifying].
    With two constructs the correlation can only be 1 or -1, hence three at least.

    Examples
    --------
    >>> blocks = np.kron(np.eye(3, dtype=bool), np.ones((2, 1), dtype=bool))
    >>> float(even_odd(np.array([0.2, 0.2, 0.5, 0.5, 0.9, 0.9]), blocks).round(12))
    1.0
    """
    halves = [
        np.stack(
            [_mean(positions[..., np.flatnonzero(block)[k::2]]) for block in blocks.T], axis=-1
        )
        for k in (0, 1)
    ]
    both = ~np.isnan(halves[0]) & ~np.isnan(halves[1])
    one, two = (np.where(both, half, np.nan) for half in halves)
    one, two = (np.where(both, half - _mean(half)[..., None], 0.0) for half in (one, two))
    above = (one * two).sum(axis=-1)
    squares = (one**2).sum(axis=-1), (two**2).sum(axis=-1)
    varied = (both.sum(axis=-1) >= 3) & (squares[0] > FLAT) & (squares[1] > FLAT)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.clip(above / np.sqrt(squares[0] * squares[1]), -1.0, 1.0)
        stepped = np.where(r > -1.0, 2.0 * r / (1.0 + r), -1.0)
    return np.asarray(np.where(varied, np.maximum(stepped, -1.0), np.nan))


FLAT = 1e-20
"""Squared deviations of a profile, in shares of the scale, that are nothing but rounding."""


def agreement(positions: Array, reversed_items: BoolArray) -> Array:
    """Return the agreement of each respondent with items whatever they say, 0 to 1.

    Parameters
    ----------
    positions : (..., p) answers as ticked, as shares of their scale: 1 is the upper end as
        printed, also where that is the worst answer
    reversed_items : (p) True where the lower end is the best answer

    Returns
    -------
    (...) mean of the mean over items and the mean over reversed items: 0.5 without a leaning, as
    content cancels, 1 for the upper end throughout; NaN without answers of both kinds

    Notes
    -----
    Acquiescence from a balanced pair of item sets [baumgartner2001response].

    Examples
    --------
    >>> turned = np.array([False, True])
    >>> agreement(np.array([[0.9, 0.1], [1.0, 1.0]]), turned).tolist()
    [0.5, 1.0]
    """
    return np.asarray(
        (_mean(positions[..., ~reversed_items]) + _mean(positions[..., reversed_items])) / 2.0
    )


def share_at(positions: Array, *places: float) -> Array:
    """Return the share of each respondent's answers that lie at certain places of the scale.

    Parameters
    ----------
    positions : (..., p) answers as shares of their scale
    *places : float
        0 and 1 for the ends (extreme answers), 0.5 for the middle.

    Examples
    --------
    >>> float(share_at(np.array([0.0, 1.0, 0.5, np.nan, 0.7]), 0.0, 1.0))
    0.5
    """
    here = ~np.isnan(positions)
    count = here.sum(axis=-1)
    found = np.any([np.abs(positions - place) < CLOSE for place in places], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(count > 0, found.sum(axis=-1) / count, np.nan))


CLOSE = 1e-9
"""Shares of a scale that differ by less are one place."""


def _mean(values: Array) -> Array:
    """(...) means over the last axis of what is there; NaN where nothing is."""
    here = ~np.isnan(values)
    count = here.sum(axis=-1)
    total = np.where(here, values, 0.0).sum(axis=-1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))
