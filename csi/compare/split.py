"""Exact split of the change of an index: performance, weights, items asked, mix of groups.

Letters: k items of one construct (last axis), m groups (the axis before), any batch axes first.
Periods: 0 before, 1 now.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray


@dataclass(frozen=True, slots=True)
class Composition:
    """What a level is made of: it is the sum of shares times scores.

    Attributes
    ----------
    shares : (*batch, k)
        Shares of the items, adding up to one; 0 for an item that was not asked.
    scores : (*batch, k)
        Item means on the scale from 0 to 100; 0 for an item that was not asked.
    asked : (k) or (m, k) True where the item was asked
    """

    shares: Array
    scores: Array
    asked: BoolArray

    @property
    def level(self) -> Array:
        """The index, (*batch)."""
        return np.asarray((self.shares * self.scores).sum(axis=-1))


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of one group's change, in index points; together they are ``total``.

    Attributes
    ----------
    performance, weights : (*batch, k) contribution of each item
    items : (*batch)
    total : (*batch)
    """

    performance: Array
    weights: Array
    items: Array
    total: Array


@dataclass(frozen=True, slots=True)
class TotalSplit:
    """The parts of the change of a total of groups, in index points.

    Attributes
    ----------
    performance, weights : (*batch, m, k)
    items, mix : (*batch, m)
    total : (*batch)
    """

    performance: Array
    weights: Array
    items: Array
    mix: Array
    total: Array


def composition(
    mean: Array, weights: Array, low: Array, high: Array, asked: BoolArray
) -> Composition:
    r"""Write an index as shares times scores.

    Parameters
    ----------
    mean : (*batch, k) item means, in points
    weights : (*batch, k) index weights for items in points, of any length
    low, high : (k) ends of the answer scales
    asked : (k) True where the item was asked

    Notes
    -----
    The index :math:`100 \sum v_i (m_i - l_i) / \sum v_i (h_i - l_i)` is :math:`\sum a_i y_i` with
    shares :math:`a_i = v_i (h_i - l_i) / \sum v_i (h_i - l_i)` and scores
    :math:`y_i = 100 (m_i - l_i) / (h_i - l_i)`.

    Examples
    --------
    >>> made = composition(np.array([8.0, 7.0]), np.array([0.25, 0.75]), np.ones(2),
    ...                    np.full(2, 11.0), np.array([True, True]))
    >>> made.scores.tolist(), float(made.level)
    ([70.0, 60.0], 62.5)
    """
    counted = np.where(asked, weights * (high - low), 0.0)
    scores = np.where(asked, 100.0 * (mean - low) / (high - low), 0.0)
    return Composition(_to_one(counted), scores, asked)


def bennet(shares0: Array, scores0: Array, shares1: Array, scores1: Array) -> tuple[Array, Array]:
    r"""Split the change of a sum of shares times scores into scores and shares.

    Parameters
    ----------
    shares0, shares1 : (*batch, k) adding up to one
    scores0, scores1 : (*batch, k)

    Returns
    -------
    performance, weights : (*batch, k)
        Contribution of each item's score and of its share; all of them add up to the change.

    Notes
    -----
    .. math::

        \sum_i \bar a_i \, \Delta y_i + \sum_i \Delta a_i \, (\bar y_i - \bar I)

    with bars for the mean of the two periods. Changes of shares add up to zero, so that
    :math:`\bar I` leaves the sum as it is; with it an item adds to the index where its share
    grows and its score lies above the index, wherever the scale begins.
    Source: [bennet1920theory]; with two factors it is the value of [shapley1953value].

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> performance, weights = bennet(half, np.array([60.0, 70.0]), np.array([0.4, 0.6]),
    ...                               np.array([62.0, 70.0]))
    >>> performance.round(3).tolist(), weights.round(3).tolist()
    ([0.9, 0.0], [0.49, 0.41])
    """
    whole = ((shares0 * scores0).sum(axis=-1) + (shares1 * scores1).sum(axis=-1)) / 2.0
    performance = (shares0 + shares1) / 2.0 * (scores1 - scores0)
    weights = (shares1 - shares0) * ((scores0 + scores1) / 2.0 - whole[..., None])
    return np.asarray(performance), np.asarray(weights)


def common(before: Composition, now: Composition) -> tuple[Composition, Composition]:
    """Restrict two compositions to the items asked in both; shares again add up to one.

    Where the items are the same the shares stay as they are, to the last digit: then nothing is
    left for the part of the items. In replicates in which negative shares of the common items
    outweigh there are none.
    """
    both = before.asked & now.asked
    first, second = (
        Composition(
            np.where(
                (both == one.asked).all(axis=-1, keepdims=True),
                one.shares,
                _steady(_to_one(np.where(both, one.shares, 0.0))),
            ),
            one.scores,
            both,
        )
        for one in (before, now)
    )
    return first, second


def split_change(before: Composition, now: Composition) -> Split:
    """Split the change of an index into performance, weights and items asked.

    Parameters
    ----------
    before, now : Composition
        Of the same k items; at least one is asked in both periods.

    Returns
    -------
    Split
        Performance and weights split the change of the index of the common items as `bennet`
        does. ``items`` is what the items outside add: the step from the common items to all
        items, now less before.
    """
    old, new = common(before, now)
    performance, weights = bennet(old.shares, old.scores, new.shares, new.scores)
    items = (now.level - new.level) - (before.level - old.level)
    return Split(performance, weights, np.asarray(items), np.asarray(now.level - before.level))


def split_total(
    shares0: Array, shares1: Array, before: Composition, now: Composition
) -> TotalSplit:
    r"""Split the change of a total of groups into mix, performance, weights and items asked.

    Parameters
    ----------
    shares0, shares1 : (m)
        Shares of the groups in the total, adding up to one. A group that is not there has
        share 0, and its composition is that of the other period: all it adds is mix.
    before, now : Composition, (*batch, m, k)

    Notes
    -----
    Nested: with :math:`I = \sum_g s_g I_g`,

    .. math::

        \sum_g \Delta s_g \, (\bar I_g - \bar I) + \sum_g \bar s_g \, \Delta I_g

    and each :math:`\Delta I_g` is split as in `split_change`. The mix is made of published
    levels only, and a group's own split keeps its proportions in the total.
    Source: [bennet1920theory], [diewert2005index].
    """
    mean = (shares0 + shares1) / 2.0
    inner = split_change(before, now)
    mix = bennet(shares0, before.level, shares1, now.level)[1]
    return TotalSplit(
        performance=np.asarray(mean[:, None] * inner.performance),
        weights=np.asarray(mean[:, None] * inner.weights),
        items=np.asarray(mean * inner.items),
        mix=mix,
        total=_total(shares0, shares1, before, now),
    )


def split_total_shapley(
    shares0: Array, shares1: Array, before: Composition, now: Composition
) -> TotalSplit:
    r"""Split the change of a total with mix, weights and performance on an equal footing.

    Parameters
    ----------
    shares0, shares1 : (m)
    before, now : Composition, (*batch, m, k)
        As in `split_total`.

    Notes
    -----
    The mean of each factor's contribution over all orders in which the three factors can change
    [shapley1953value]. For :math:`\sum s_g a_i y_i` the part of performance is

    .. math::

        \Delta y \left( \tfrac13 (s^0 a^0 + s^1 a^1) + \tfrac16 (s^0 a^1 + s^1 a^0) \right)

    and so on in turn; what items outside the common ones add to a group, :math:`e_g`, is a
    second term :math:`s_g e_g` with two factors. The mix differs from that of `split_total` by
    :math:`-\tfrac16 \sum_g \Delta s_g \sum_i \Delta a_i \Delta y_i`.
    """
    old, new = common(before, now)
    s0, s1 = shares0[:, None], shares1[:, None]
    extra0, extra1 = before.level - old.level, now.level - new.level
    performance = (new.scores - old.scores) * _third(s0, s1, old.shares, new.shares)
    center = _third(shares0, shares1, old.level, new.level)[..., None]
    mean = (shares0 + shares1) / 2.0
    weights = (new.shares - old.shares) * (_third(s0, s1, old.scores, new.scores) - center)
    levels = _third(old.shares, new.shares, old.scores, new.scores).sum(axis=-1)
    whole = ((shares0 * before.level).sum(axis=-1) + (shares1 * now.level).sum(axis=-1)) / 2.0
    return TotalSplit(
        performance=np.asarray(performance),
        weights=np.asarray(weights),
        items=np.asarray(mean * (extra1 - extra0)),
        mix=np.asarray((shares1 - shares0) * (levels + (extra0 + extra1) / 2.0 - whole[..., None])),
        total=_total(shares0, shares1, before, now),
    )


def _third(x0: Array, x1: Array, z0: Array, z1: Array) -> Array:
    """Return what a change of the third factor is multiplied by in the value of Shapley."""
    return np.asarray((x0 * z0 + x1 * z1) / 3.0 + (x0 * z1 + x1 * z0) / 6.0)


def _total(shares0: Array, shares1: Array, before: Composition, now: Composition) -> Array:
    """Change of the total."""
    return np.asarray((shares1 * now.level).sum(axis=-1) - (shares0 * before.level).sum(axis=-1))


def _to_one(shares: Array) -> Array:
    """Return shares that add up to one over the items."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def _steady(shares: Array) -> Array:
    """Return shares, NaN where negative ones weigh half as much as the whole or more."""
    wild = np.minimum(shares, 0.0).sum(axis=-1, keepdims=True) <= -0.5
    return np.asarray(np.where(wild, np.nan, shares))
