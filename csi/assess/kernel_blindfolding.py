"""Omitted answers of one block and how well they are predicted.

Letters: n respondents, k items of the block, D omission distance, w (n) sampling weights.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from csi.arrays import Array, BoolArray

Omission = Literal["answers", "respondents"]
"""answers: every D-th answer of the block, counted down the columns; respondents: all answers of
every D-th respondent to the block."""


def omitted(n: int, k: int, distance: int, omission: Omission) -> BoolArray:
    """Return which answers of a block each round omits, (D, n, k); each answer once.

    Examples
    --------
    >>> omitted(4, 2, 3, "answers")[0].astype(int).T.tolist()
    [[1, 0, 0, 1], [0, 0, 1, 0]]
    >>> omitted(4, 2, 3, "respondents")[0].astype(int).T.tolist()
    [[1, 0, 0, 1], [1, 0, 0, 1]]
    """
    if omission == "respondents":
        place = np.broadcast_to(np.arange(n)[:, None], (n, k))
    else:
        place = np.arange(n * k).reshape(k, n).T
    return np.asarray(place % distance == np.arange(distance)[:, None, None])


def mean_filled(block: Array, away: BoolArray, w: Array) -> tuple[Array, Array]:
    """Return a block with omitted answers replaced by item means, and these means.

    Parameters
    ----------
    block : (n, k)
    away : (n, k) True where omitted
    w : (n)

    Examples
    --------
    >>> block, away = np.array([[1.0], [3.0], [9.0]]), np.array([[False], [False], [True]])
    >>> filled, mean = mean_filled(block, away, np.array([1.0, 3.0, 1.0]))
    >>> filled[:, 0].tolist(), mean.tolist()
    ([1.0, 3.0, 2.5], [2.5])
    """
    kept = w[:, None] * ~away
    mean = (kept * block).sum(axis=0) / kept.sum(axis=0)
    return np.where(away, mean, block), np.asarray(mean)


def squares(truth: Array, told: Array, away: BoolArray, w: Array, sd: Array) -> float:
    """Return the weighted sum of squared errors of omitted answers, items of variance one.

    Parameters
    ----------
    truth, told : (n, k)
    away : (n, k)
    w : (n)
    sd : (k)
    """
    return float((w[:, None] * np.where(away, (truth - told) / sd, 0.0) ** 2).sum())


def q_squared(sse: Array | float, sso: Array | float) -> Array:
    """Return Q2, one less the errors of the model over those of the means.

    Source: [stone1974cross], [geisser1974predictive].

    Examples
    --------
    >>> float(q_squared(60.0, 100.0).round(12))
    0.4
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1.0 - np.asarray(sse, dtype=np.float64) / np.asarray(sso))
