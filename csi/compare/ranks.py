"""Ranks that are only as sure as the figures behind them: rank sets, and who may be first.

Letters: k companies, d draws that go together (first axis).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.stats import rankdata

from csi.arrays import Array, BoolArray, readonly, readonly_bool
from csi.errors import Fault, OptionError
from csi.estimate.intervals import standard_error
from csi.estimate.multiple import check_level, critical_of_largest

RankKind = Literal["joint", "marginal"]
"""``joint``: all rank sets hold together; ``marginal``: each holds by itself."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Ranks of companies; arrays are NaN or False for companies that are left out.

    Attributes
    ----------
    rank : (k) 1 is the highest figure; equal figures share the better rank
    low, high : (k) best and worst rank that the company may hold at the level
    first : (k) share of draws in which the company is first. It is a bootstrap probability: how
        often a survey like this one would put the company first if the figures were the truth. It
        is no probability that the company is truly the best: the first of many has been lucky as
        a rule, see `csi.compare.leader_change.probability_best`.
    different : (k, k) True where two companies differ when all pairs are compared at once
    critical : (k) standard errors by which pairs with the company must differ for the rank set
    kind : {"joint", "marginal"}
    level : float
    left_out : int
        Companies without a figure or an error.
    draws_first : int
        Draws behind `first`: those that have a figure of every company that may hold rank 1.
    """

    rank: Array
    low: Array
    high: Array
    first: Array
    different: BoolArray
    critical: Array
    kind: RankKind
    level: float
    left_out: int
    draws_first: int

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for name in ("rank", "low", "high", "first", "critical"):
            object.__setattr__(self, name, readonly(getattr(self, name)))
        object.__setattr__(self, "different", readonly_bool(self.different))


@dataclass(frozen=True, slots=True)
class AgainstBest:
    """Each company against the best of the others, all at once.

    Attributes
    ----------
    difference : (k) the company less the highest of the others: the lead of the first, the
        distance of all others
    lower, upper : (k) limits that hold for all companies together
    may_be_best : (k) False where the company is significantly below the best: the set of the
        others holds the truly best company with the probability of the level
    critical : (k) one-sided critical values, each with the company as the one compared with
    """

    difference: Array
    lower: Array
    upper: Array
    may_be_best: BoolArray
    critical: Array

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for name in ("difference", "lower", "upper", "critical"):
            object.__setattr__(self, name, readonly(getattr(self, name)))
        object.__setattr__(self, "may_be_best", readonly_bool(self.may_be_best))


def rank_sets(
    estimate: Array,
    draws: Array,
    *,
    level: float = 0.95,
    kind: RankKind = "joint",
    freedom: float = np.inf,
) -> Ranks:
    """Return ranks and the ranks that each company may hold.

    Parameters
    ----------
    estimate : (k) figures; NaN ones are left out
    draws : (d, k) draws of the figures, those of a row from the same sample. From a covariance
        matrix: ``estimate + normal_draws(covariance, ...)``.
    level : float
    kind : {"joint", "marginal"}
    freedom : float
        Degrees of freedom of the standard errors of differences.

    Returns
    -------
    Ranks

    Raises
    ------
    OptionError
        An unknown kind, an impossible level, or draws of other companies than the figures.

    Notes
    -----
    The critical value c is the quantile of the largest deviation of a difference from that of the
    sample, in its standard errors: over all pairs (joint), or over those with the company
    (marginal). The rank set starts one after the number of companies more than c errors above,
    and ends before those as far below [mogstad2024inference].

    Examples
    --------
    >>> draws = np.array([80.0, 75.0, 74.5]) + np.random.default_rng(1).normal(size=(999, 3))
    >>> found = rank_sets(np.array([80.0, 75.0, 74.5]), draws)
    >>> found.rank.tolist(), found.low.tolist(), found.high.tolist()
    ([1.0, 2.0, 3.0], [1.0, 2.0, 2.0], [1.0, 3.0, 3.0])
    """
    _check(estimate, draws, level, kind)
    kept = usable(estimate, draws)
    own, drawn = estimate[kept], draws[:, kept]
    k = len(own)
    errors, most = np.full((k, k), np.nan), np.zeros((k, len(draws)))
    for j in range(k):
        errors[j], away = _from(own, drawn, j)
        most[j] = np.fmax.reduce(np.abs(away), axis=1, initial=-np.inf)
    every = np.max(most, axis=0, initial=-np.inf)
    together = _critical(every, level, freedom)
    each = np.full(k, together)
    if kind == "marginal":
        each = np.array([_critical(one, level, freedom) for one in most])
    gap = own[:, None] - own
    below, above = gap < -each[:, None] * errors, gap > each[:, None] * errors
    low, high = 1.0 + below.sum(axis=1), k - above.sum(axis=1)
    first, number = _first(drawn, low == 1)
    different = np.zeros((len(estimate), len(estimate)), dtype=bool)
    different[np.ix_(kept, kept)] = np.abs(gap) > together * errors
    parts = {
        "rank": rank_of(own), "low": low, "high": high, "first": first,
        "critical": each,
    }  # fmt: skip
    full = {name: _full(kept, values) for name, values in parts.items()}
    return Ranks(
        **full,
        different=different,
        kind=kind,
        level=level,
        left_out=int((~kept).sum()),
        draws_first=number,
    )


def against_best(
    estimate: Array, draws: Array, *, level: float = 0.95, freedom: float = np.inf
) -> AgainstBest:
    """Return each company's difference from the best of the others, and who may be the best.

    Parameters
    ----------
    estimate, draws, level, freedom
        As in `rank_sets`.

    Returns
    -------
    AgainstBest

    Raises
    ------
    OptionError
        As in `rank_sets`.

    Notes
    -----
    Multiple comparisons with the best, for figures with unequal and dependent errors: one-sided
    max-t against each company in turn. Upper limits never lie below zero and lower ones never
    above it: the method tells how far from the best a company may be, not how far ahead the best
    is. Source: [edwards1983multiple].

    Examples
    --------
    >>> draws = np.array([80.0, 79.5, 74.5]) + np.random.default_rng(1).normal(size=(999, 3))
    >>> against_best(np.array([80.0, 79.5, 74.5]), draws).may_be_best.tolist()
    [True, True, False]
    """
    _check(estimate, draws, level, "joint")
    kept = usable(estimate, draws)
    own, drawn = estimate[kept], draws[:, kept]
    k = len(own)
    errors, critical = np.full((k, k), np.nan), np.zeros(k)
    for j in range(k):
        errors[j], away = _from(own, drawn, j)
        critical[j] = _critical(np.fmax.reduce(away, axis=1, initial=-np.inf), level, freedom)
    np.fill_diagonal(errors, np.nan)
    gap = own[:, None] - own
    ends = np.where(np.isfinite(errors), gap + critical[:, None] * errors, np.inf)
    upper = np.maximum(ends.min(axis=1, initial=np.inf), 0.0)
    best = upper > 0
    lower = np.zeros(k)
    for i in range(k):
        others = best & np.isfinite(errors[i])
        ends = gap[i, others] - critical[others] * errors[i, others]
        lower[i] = min(ends.min(initial=0.0), 0.0)
    apart = np.where(np.eye(k, dtype=bool), np.inf, gap).min(axis=1, initial=np.inf)
    may = np.zeros(len(estimate), dtype=bool)
    may[kept] = best
    alone = np.isinf(apart)
    return AgainstBest(
        _full(kept, np.where(alone, np.nan, apart)),
        _full(kept, np.where(alone, np.nan, lower)),
        _full(kept, np.where(alone, np.nan, upper)),
        may,
        _full(kept, critical),
    )


def rank_of(estimate: Array) -> Array:
    """Return ranks, (k), 1 for the highest figure; NaN where there is none.

    Examples
    --------
    >>> rank_of(np.array([70.0, np.nan, 75.0, 70.0])).tolist()
    [2.0, nan, 1.0, 2.0]
    """
    kept = np.isfinite(estimate)
    return _full(kept, np.asarray(rankdata(-estimate[kept], method="min"), dtype=np.float64))


def usable(estimate: Array, draws: Array) -> BoolArray:
    """Flag the companies with a figure and at least two usable draws, (k)."""
    return np.asarray(np.isfinite(estimate) & (np.isfinite(draws).sum(axis=0) > 1))


def _from(own: Array, drawn: Array, j: int) -> tuple[Array, Array]:
    """Return errors of the differences from company j, (k), and deviations in them, (d, k).

    Deviations are those of the others less that of j; NaN for j itself and for companies that
    move with it in every draw.
    """
    away = drawn - own
    gap = away - away[:, [j]]
    errors = standard_error(gap)
    size = np.where(errors > 1e-12 * np.abs(own).max(initial=1.0), errors, np.nan)
    return errors, np.asarray(gap / size)


def _critical(most: Array, level: float, freedom: float) -> float:
    """Return the critical value from the largest deviation of each draw; 0 without a pair."""
    there = most[np.isfinite(most)]
    return critical_of_largest(there, level=level, freedom=freedom) if len(there) else 0.0


def _first(drawn: Array, contenders: BoolArray) -> tuple[Array, int]:
    """Return the share of draws in which each company is first, and the number of draws.

    Companies that cannot hold rank 1 may lack a draw.
    """
    whole = np.isfinite(drawn[:, contenders]).all(axis=1)
    number = int(whole.sum())
    if not number or not len(contenders):
        return np.full(drawn.shape[1], np.nan), 0
    best = drawn[whole] == np.fmax.reduce(drawn[whole], axis=1)[:, None]
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0)), number


def _full(kept: BoolArray, values: Array) -> Array:
    """Return figures of all companies, NaN for those left out."""
    full = np.full(len(kept), np.nan)
    full[kept] = values
    return full


def _check(estimate: Array, draws: Array, level: float, kind: str) -> None:
    """Raise an OptionError for draws, a level or a kind that cannot be used."""
    check_level(level)
    faults = []
    if kind not in get_args(RankKind):
        kinds = ", ".join(get_args(RankKind))
        faults.append(Fault("option kind", f"{kind!r} is not possible", f"use one of {kinds}"))
    if draws.ndim != 2 or draws.shape[1:] != estimate.shape:
        what = f"shape {draws.shape} for {estimate.size} companies"
        faults.append(Fault("draws", what, "give one column a company"))
    if faults:
        raise OptionError(faults)
