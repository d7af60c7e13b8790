"""Runs of equal answers: long strings and batteries answered in one straight line.

Letters: p items in the order of the questionnaire, b batteries; any leading axes (respondents).
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray, IntArray


def longest_string(points: Array, scales: IntArray, passed_over: BoolArray) -> IntArray:
    """Return the longest run of the same answer to items that follow each other.

    Parameters
    ----------
    points : (..., p) answers as ticked, NaN where there is none
    scales : (p) number of the answer scale of each item; a run ends where the scale changes
    passed_over : (..., p) True for questions that were not put: a run goes on behind them

    Returns
    -------
    (...) number of answers; 0 where there is none

    Notes
    -----
    A missing answer to a question that was put ends the run: the respondent did something else
    there. Source: [johnson2005ascertaining].

    Examples
    --------
    >>> row = np.array([7.0, 7, 7, np.nan, 7, 7, 3])
    >>> one, none = np.zeros(7, dtype=np.int64), np.zeros(7, dtype=bool)
    >>> int(longest_string(row, one, none)), int(longest_string(row, one, np.isnan(row)))
    (3, 5)
    """
    shape = points.shape[:-1]
    run, best = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    last, scale = np.full(shape, np.nan), np.full(shape, -1)
    for i in range(points.shape[-1]):
        answer, over = points[..., i], passed_over[..., i]
        same = (answer == last) & (scale == scales[i])
        now = np.where(np.isnan(answer), 0, np.where(same, run + 1, 1))
        run = np.where(over, run, now)
        last = np.where(over, last, answer)
        scale = np.where(over, scale, scales[i])
        best = np.maximum(best, run)
    return np.asarray(best, dtype=np.int64)


def straight_lines(points: Array, batteries: BoolArray, least: int) -> tuple[IntArray, IntArray]:
    """Count the batteries answered with one and the same answer, and those that can be judged.

    Parameters
    ----------
    points : (..., p) answers as ticked, NaN where there is none
    batteries : (p, b) True where the item is part of the battery
    least : int
        Answers that a battery needs to be judged.

    Returns
    -------
    (...) batteries in a straight line; (...) batteries with enough answers

    Notes
    -----
    Simple nondifferentiation [kim2019straightlining].

    Examples
    --------
    >>> battery = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]], dtype=bool)
    >>> lines, judged = straight_lines(np.array([5.0, 5, 5, 1, 2, np.nan]), battery, 3)
    >>> int(lines), int(judged)
    (1, 1)
    """
    lines = np.zeros(points.shape[:-1], dtype=np.int64)
    judged = np.zeros(points.shape[:-1], dtype=np.int64)
    for k in range(batteries.shape[1]):
        own = points[..., batteries[:, k]]
        here = ~np.isnan(own)
        enough = here.sum(axis=-1) >= least
        low = np.where(here, own, np.inf).min(axis=-1, initial=np.inf)
        high = np.where(here, own, -np.inf).max(axis=-1, initial=-np.inf)
        judged += enough
        lines += enough & (low == high)
    return lines, judged
