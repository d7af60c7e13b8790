"""League tables of companies and their leaders, with how sure the ranks are.

Letters: k companies.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from csi.compare.leader_change import expected_leader_change, probability_best, shrunken
from csi.compare.league_field import Field, field_of
from csi.compare.measured import check_names, draw_faults, period_fault, refuse
from csi.compare.ranks import AgainstBest, RankKind, Ranks, against_best, rank_of, rank_sets
from csi.estimate.intervals import margin
from csi.estimate.letters import compact_letters
from csi.estimate.multiple import check_level
from csi.index.joint import Joint

LEAGUE = (
    "rank", "group", "index", "se", "moe", "n", "rank_low", "rank_high", "p_first",
    "may_be_first", "difference_from_first", "difference_lower", "difference_upper", "letters",
    "small_base", "rank_before", "rank_change", "note",
)  # fmt: skip
"""Columns of a league table, in order."""

LEADERS = (
    "period", "leader", "index", "p_first", "p_best", "may_be_first", "companies", "left_out",
    "leader_before", "leader_changed", "change_expected", "change_expected_observed", "spread",
    "reliability", "note",
)  # fmt: skip
"""Columns of the table of leaders, in order."""

RELIABLE = 0.7
"""Leagues with a smaller interunit reliability are told."""

Row = dict[str, Any]


def league_table(
    joint: Joint,
    *,
    construct: str,
    period: str | None = None,
    level: float | None = None,
    kind: RankKind = "joint",
    small: int = 100,
    draws: int = 10_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return the companies of a period from the first to the last, with how sure that is.

    Parameters
    ----------
    joint : Joint
    construct : str
    period : str or None
        None takes the last.
    level : float or None
        Of rank sets, letters, limits and margins; None takes that of the levels.
    kind : {"joint", "marginal"}
        Whether rank sets hold together or each by itself.
    small : int
        Fewer respondents are flagged as a small base.
    draws, seed : int
        Normal draws for replicates that are no random draws; random ones are used as they are.

    Returns
    -------
    DataFrame
        One row a group, those without a rank last, with the reason: ``rank, group, index, se,
        moe, n, rank_low, rank_high, p_first, may_be_first, difference_from_first,
        difference_lower, difference_upper, letters, small_base, rank_before, rank_change,
        note``. ``difference_from_first`` is that from the best of the others: the lead of the
        first, the distance of all others; its limits hold for all together. Groups that share a
        letter do not differ significantly when all pairs are compared at once. ``may_be_first``
        asks one question only, which companies may be the best, and one-sided: no is possible
        where the set of all pairs still holds rank 1. ``p_first``: see `csi.compare.ranks.Ranks`.
        ``rank_change`` is positive for a group that has come up since the period before, among
        all that had a rank then; groups without a rank in either period have none.

    Raises
    ------
    OptionError
        For unknown names, kinds and levels, all at once.
    """
    faults = [*check_names(joint, construct), *draw_faults(draws, seed)]
    faults += [] if period is None else period_fault(joint, period, "period")
    refuse(faults)
    level = joint.level if level is None else level
    period = joint.periods[-1] if period is None else period
    field = field_of(joint, period, construct, draws=draws, seed=seed)
    ranks = rank_sets(field.ranked, field.draws, level=level, kind=kind, freedom=field.pairs)
    best = against_best(field.ranked, field.draws, level=level, freedom=field.pairs)
    table = _league(field, ranks, best, level, small)
    table["rank_before"] = np.nan
    at = joint.periods.index(period)
    if at:
        before = field_of(joint, joint.periods[at - 1], construct, draws=draws, seed=seed)
        table["rank_before"] = rank_of(before.ranked)
    table["rank_change"] = table["rank_before"] - table["rank"]
    whole = ["rank", "rank_low", "rank_high", "n", "rank_before", "rank_change"]
    table = table.astype(dict.fromkeys(whole, "Int64"))
    order = np.argsort(table["rank"].to_numpy(dtype=np.float64, na_value=np.inf), kind="stable")
    return table.iloc[order].reset_index(drop=True)[list(LEAGUE)]


def leaders(
    joint: Joint,
    *,
    construct: str,
    level: float | None = None,
    draws: int = 10_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return the first company of every period, and how often it would change by chance alone.

    Parameters
    ----------
    joint, construct, level, draws, seed
        As in `league_table`; `draws` is the number of simulated waves besides.

    Returns
    -------
    DataFrame
        One row a period: ``period, leader, index, p_first, p_best, may_be_first, companies,
        left_out, leader_before, leader_changed, change_expected, change_expected_observed,
        spread, reliability, note``. ``may_be_first`` counts the companies that are not
        significantly below the best. ``p_best`` is the probability that the leader is truly the
        best, by empirical Bayes. ``change_expected`` is the probability that two waves like this
        one and the one before have different leaders although nothing changed, for companies in
        both; the mean of the column over periods is the share of changed leaders to expect.
        ``change_expected_observed`` takes the figures as they are for the truth, which is too
        small. ``reliability`` is the interunit reliability.

    Raises
    ------
    OptionError
        As in `league_table`.
    """
    refuse([*check_names(joint, construct), *draw_faults(draws, seed)])
    level = joint.level if level is None else level
    check_level(level)
    rows, before = [], None
    for period in joint.periods:
        field = field_of(joint, period, construct, draws=draws, seed=seed)
        row = _leader(field, level, draws, seed) | {"period": period}
        if before is not None and rows[-1]["companies"] and row["companies"]:
            row |= {"leader_before": rows[-1]["leader"]}
            row["leader_changed"] = row["leader"] != row["leader_before"]
            row |= _expected(field, before, draws, seed)
        rows.append(row)
        before = field
    table = pd.DataFrame(rows).reindex(columns=list(LEADERS))
    kinds = {"leader_changed": "boolean", "may_be_first": "Int64", "companies": "Int64"}
    words = dict.fromkeys(("leader", "leader_before"), "string")
    return table.astype(kinds | words | {"left_out": "Int64"})


def _league(
    field: Field, ranks: Ranks, best: AgainstBest, level: float, small: int
) -> pd.DataFrame:
    """Return the rows of a league table in the order of the groups."""
    at = np.flatnonzero(field.kept)
    order = np.argsort(ranks.rank[at], kind="stable").tolist()
    letters = np.full(len(field.groups), "", dtype=object)
    letters[at] = compact_letters(ranks.different[np.ix_(at, at)], order)
    may = pd.array(best.may_be_best, dtype="boolean")
    may[~field.kept] = pd.NA
    flagged = field.n < small
    return pd.DataFrame(
        {
            "rank": ranks.rank,
            "group": field.groups,
            "index": field.index,
            "se": field.se,
            "moe": margin(field.se, level=level, freedom=field.freedom),
            "n": field.n,
            "rank_low": ranks.low,
            "rank_high": ranks.high,
            "p_first": ranks.first,
            "may_be_first": may,
            "difference_from_first": best.difference,
            "difference_lower": best.lower,
            "difference_upper": best.upper,
            "letters": letters,
            "small_base": flagged,
            "note": [
                why or (f"small base: n = {int(n)} is below {small}" if low else "")
                for why, n, low in zip(field.why, field.n, flagged, strict=True)
            ],
        }
    )


def _leader(field: Field, level: float, draws: int, seed: int) -> Row:
    """Return what is to be said of the first company of a period."""
    k = int(field.kept.sum())
    row: Row = {"companies": k, "left_out": len(field.groups) - k, "note": ""}
    if not k:
        return row | {"note": "no company with a figure and an error"}
    own = field.ranked
    ranks = rank_sets(own, field.draws, level=level, freedom=field.pairs)
    best = against_best(own, field.draws, level=level, freedom=field.pairs)
    first = np.flatnonzero(ranks.rank == 1)
    row |= {
        "leader": ", ".join(field.groups[g] for g in first),
        "index": float(own[first[0]]),
        "p_first": float(ranks.first[first].sum()),
        "may_be_first": int(best.may_be_best.sum()),
    }
    if k < 2:
        return row | {"note": "one company: no league"}
    inside = np.ix_(field.kept, field.kept)
    found = shrunken(own[field.kept], field.covariance[inside])
    chance = np.zeros(len(own))
    chance[field.kept] = probability_best(found, draws=draws, seed=seed)
    row |= {
        "p_best": float(chance[first].sum()),
        "spread": found.spread,
        "reliability": found.reliability,
    }
    if found.reliability < RELIABLE:
        row["note"] = f"reliability {found.reliability:.2f} is below {RELIABLE}: ranks say little"
    return row


def _expected(now: Field, before: Field, draws: int, seed: int) -> Row:
    """Return how probable a change of the leader is among companies of both periods."""
    both = now.kept & before.kept
    if both.sum() < 2:
        return {}
    inside = np.ix_(both, both)
    parts = now.index[both], now.covariance[inside], before.covariance[inside]
    return {
        "change_expected": expected_leader_change(*parts, draws=draws, seed=seed),
        "change_expected_observed": expected_leader_change(
            *parts, truth="observed", draws=draws, seed=seed
        ),
    }
