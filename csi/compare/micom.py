"""Are composites the same in all groups, or years? MICOM, pair by pair.

Letters: q constructs, three statistics a construct.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd

from csi.arrays import BoolArray
from csi.compare.configural import COLUMNS as CONFIGURAL
from csi.compare.configural import configural_checks
from csi.compare.group_pairs import Grouped, Pairs, grouped
from csi.compare.micom_pair import Scores, compared, fitted
from csi.compare.micom_tables import (
    CONSTRUCTS,
    SINGLE,
    TESTS,
    Worked,
    rows_of_constructs,
    rows_of_tests,
)
from csi.compare.micom_values import Micom
from csi.compare.pair_checks import LEAST
from csi.compare.two_groups import pair_of_cells
from csi.errors import Fault, IndexFigureError, OptionError
from csi.estimate.multiple import Adjustment, adjusted
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.moments.groups import Cell
from csi.survey.survey import Survey

NAMED = 5
"""Pairs named where none can be compared; forty groups have 780 of them."""

PERMUTATIONS, ROOM = 1000, 2
"""Permutations where none are asked for: at least the first, and as many that the least adjusted p
value is a `ROOM`-th of the level."""

MANY = 10**15
"""More relabellings than that are as good as endless; their number has hundreds of digits."""


def micom(
    survey: Survey,
    model: Model,
    *,
    by: str | None = None,
    pairs: Pairs | None = None,
    where: Mapping[str, str] | None = None,
    scores: Scores = "scale",
    permutations: int | None = None,
    seed: int = 1,
    alpha: float = 0.05,
    adjust: Adjustment = "holm",
    options: IndexOptions | None = None,
) -> Micom:
    """Test whether constructs are formed alike in all groups, or years (MICOM).

    Parameters
    ----------
    survey : Survey
    model : Model
        Items that one of two groups was not asked leave the model for that pair, openly.
    by : str, optional
        Key of the groups; the time of the codebook where None.
    pairs : str or sequence of (str, str), optional
        ``all``, ``before`` (each with the one before), ``rest`` (each with all others together),
        ``reference:VALUE``, or pairs of values. ``before`` for periods and ``all`` for groups
        where None.
    where : mapping of str to str, optional
        Values of other keys that all respondents share, such as ``{"company": "A"}``. Groups are
        compared in the last period where it names none.
    scores : {"scale", "standardised", "index"}
        What the weights of each group multiply in the second step. ``scale``: the answers, each
        over the length of its scale, as cSEM and openpls do (where all items have one scale);
        ``standardised``: answers over their standard deviations in the pooled sample; ``index``:
        answers in points by the index weights, the scores that index figures are means of.
    permutations : int, optional
        At least 99; where None 1000, or as many more as the adjusted p values need: twice the
        tests of a family over `alpha`. EM of missing answers runs anew in each; pairs of items by
        their own cases (``missing="pairwise"``) are a hundred times as fast.
    seed : int
    alpha : float
        Level of the tests.
    adjust : {"holm", "bh", "none"}
        Adjustment of p values for all constructs and pairs, for each statistic by itself.
    options : IndexOptions, optional
        Estimator, missing answers, design, least number of respondents.

    Returns
    -------
    Micom

    Raises
    ------
    IndexFigureError
        Unknown names; no pair that could be compared, with all reasons. A pair among others that
        cannot be compared is ``untested``, with the reason in its note.
    OptionError
        Impossible options, all at once.

    Notes
    -----
    Three steps [henseler2016testing]. **Configural**: what data can tell of the same items,
    answers, signs and treatment. **Compositional**: the correlation in the pooled sample of the
    scores by the weights of either group; it fails below the lowest 5 % of random relabellings.
    **Equal means and variances** of the scores by pooled weights, two-sided; means in standard
    deviations of the pooled scores, variances as the log of their ratio.

    *Partial* invariance (the first two steps) lets paths be compared, and index levels as far as
    the way of asking is the same; *full* invariance lets groups be pooled.

    Sampling weights are divided by their mean in each group, so that each respondent counts one
    on the average in the pooled sample. Sampled units change places whole, within their strata,
    and take their weights along (`csi.moments.permutations`); p values count the relabelling
    that was observed [phipson2010permutation].

    Level: with equal groups (also with weights, clusters, 60 against 240 respondents) 4 to 7 % of
    the p values are 0.05 or less. As with any relabelling, the second step answers to other
    differences too where sizes are unequal: with 1.5 times the spread of a construct in the group
    of 240 against 60 it rejects in 34 %, with equal sizes in 15 %, where standardised loadings
    differ a little indeed. A loading of 0.45 for 0.75 is found in 64 % with 150 in each group
    (``benchmarks/results/level_comparability.md``).

    The tests look for evidence **against** invariance: small groups seldom have any. A shift of
    answers to one question (new words, another mode) leaves covariances, and so the second step,
    as they are; equal intercepts in covariance fits look for it
    (`csi.compare.comparability`, method ``covariance``).

    Examples
    --------
    >>> from csi.simulation import simulate
    >>> import csi
    >>> made = simulate(csi.models.load("scsb"), years=[2024, 2025], n=200, seed=1)
    >>> survey = csi.read_survey(made.answers, made.codebook)
    >>> micom(survey, made.model, permutations=199)
    Micom by year: 1 comparison of 2 groups, 5 constructs: invariance 5 full
    """
    options = options or IndexOptions()
    _check(scores, permutations, alpha, adjust)
    if options.design == "simple":
        survey = survey.as_simple()
    found = grouped(survey, model, by, pairs, where)
    family = len(found.pairs) * len(model.names)
    permutations = permutations or max(PERMUTATIONS, int(np.ceil(ROOM * family / alpha)))
    work = []
    for number, cells in enumerate(found.pairs):
        own = _prepared(found, model, cells, options)
        if own.fitted is not None:
            drawn = compared(own.fitted, options, scores=scores, alpha=alpha,
                             permutations=permutations, seed=seed + number)  # fmt: skip
            own = replace(own, compared=drawn)
        work.append(own)
    if not any(own.fitted for own in work):
        raise IndexFigureError(_nothing_compared(work))
    rows = [row for own in work for row in rows_of_tests(model, own, permutations)]
    ways = {(w.group, w.other): min(w.fitted.exchange.possible, MANY) for w in work if w.fitted}
    tests = _with_adjusted(pd.DataFrame(rows, columns=list(TESTS)), alpha, adjust, ways)
    pairs_done = tuple((own.group, own.other) for own in work)
    return Micom(
        model=model,
        by=found.by,
        where=found.where,
        groups=found.groups,
        pairs=pairs_done,
        labels=found.labels(pairs_done),
        configural=_configural(work),
        tests=tests,
        constructs=pd.DataFrame(
            [row for own in work for row in rows_of_constructs(model, own, tests)],
            columns=list(CONSTRUCTS),
        ).astype(dict.fromkeys(CONSTRUCTS[3:7], object)),
        alpha=alpha,
        adjust=adjust,
        permutations=permutations,
        estimator=next(own.fitted.both.estimator for own in work if own.fitted),
    )


def _check(scores: str, permutations: int | None, alpha: float, adjust: str) -> None:
    """Refuse impossible options, all at once."""
    faults = [
        Fault(f"option {name}", f"{value!r} is not possible", f"use one of {', '.join(words)}")
        for name, value, words in (
            ("scores", scores, get_args(Scores)),
            ("adjust", adjust, get_args(Adjustment)),
        )
        if value not in words
    ]
    if permutations is not None and permutations < LEAST:
        what = f"{permutations} is too few"
        faults.append(Fault("option permutations", what, f"take {LEAST} or more"))
    if not 0 < alpha < 0.5:
        faults.append(Fault("option alpha", f"{alpha!r} is not possible", "try 0.05"))
    if faults:
        raise OptionError(faults)


def _nothing_compared(work: list[Worked]) -> list[Fault]:
    """Say why no pair can be compared: of many pairs the first few."""
    fix = "take larger groups, fewer items or missing='pairwise'"
    faults = [Fault(f"{w.group} and {w.other}", w.why, fix) for w in work[:NAMED]]
    if len(work) > NAMED:
        more = f"{len(work) - NAMED} more pairs"
        faults.append(Fault(more, "cannot be compared either", fix))
    return faults


def _prepared(
    found: Grouped, model: Model, cells: tuple[Cell, Cell], options: IndexOptions
) -> Worked:
    """Put one pair together and fit it, or say why it cannot be compared."""
    names = cells[0].label[0], cells[1].label[0]
    try:
        pair = pair_of_cells(found.survey, model, cells, found.where, options)
    except IndexFigureError as error:
        why = "; ".join(f"{fault.where} {fault.what}" for fault in error.faults)
        return Worked(*names, None, None, (), why)
    own = fitted(pair, options)
    if isinstance(own, str):
        return Worked(*names, None, None, (), own)
    checks = configural_checks(found.survey, model, pair, (own.first, own.second), options)
    return Worked(*names, own, None, tuple(checks))


def _with_adjusted(
    tests: pd.DataFrame, alpha: float, adjust: Adjustment, ways: Mapping[tuple[str, str], int]
) -> pd.DataFrame:
    """Fill in adjusted p values, each statistic a family, and whether the statistic holds.

    A test whose p value cannot fall below the level, whatever the answers are, decides nothing.
    """
    tests = tests.copy()
    for _, rows in tests.groupby("measure").groups.items():
        tests.loc[rows, "p_adjusted"] = adjusted(
            tests.loc[rows, "p_value"].to_numpy(dtype=np.float64), adjust
        )
    p = tests["p_adjusted"].to_numpy(dtype=np.float64)
    tests["note"], blind = _out_of_reach(tests, alpha, adjust, ways)
    holds = np.where(np.isnan(p) | blind, None, p >= alpha)  # type: ignore[call-overload]
    holds[(tests["note"] == SINGLE).to_numpy()] = True
    tests["holds"] = pd.Series(holds, index=tests.index, dtype=object)
    return tests


def _out_of_reach(
    tests: pd.DataFrame, alpha: float, adjust: Adjustment, ways: Mapping[tuple[str, str], int]
) -> tuple[pd.Series, BoolArray]:
    """Return the notes and which tests can never have an adjusted p value below the level.

    Either there are too few permutations, which a note says, or too few relabellings exist, which
    is in the notes already.
    """
    notes = tests["note"].copy()
    pairs = zip(tests["group"], tests["other"], strict=True)
    possible = np.array([ways.get(pair, 0) for pair in pairs], dtype=np.float64)
    there = tests["p_value"].notna()
    size = there.groupby(tests["measure"]).transform("sum") if adjust == "holm" else 1
    family = np.broadcast_to(np.asarray(size, dtype=np.float64), len(tests))
    drawn = family / (tests["permutations"].to_numpy(dtype=np.float64) + 1.0)
    few = there.to_numpy() & (drawn >= alpha)
    stuck = there.to_numpy() & (family >= alpha * possible)
    for row in np.flatnonzero(few & ~stuck).tolist():
        wanted = int(np.ceil(family[row] / alpha))
        said = f"no adjusted p below {drawn[row]:.2g}: take {wanted} permutations"
        notes.iloc[row] = "; ".join(part for part in (notes.iloc[row], said) if part)
    for row in np.flatnonzero(stuck & (possible >= tests["permutations"].to_numpy())).tolist():
        least = family[row] / possible[row]
        said = f"no adjusted p below {least:.2g}: too few relabellings for so many tests"
        notes.iloc[row] = "; ".join(part for part in (notes.iloc[row], said) if part)
    return notes, few | stuck


def _configural(work: list[Worked]) -> pd.DataFrame:
    """Return the checks of the first step as a table."""
    rows = [
        {
            **own.rows(c.construct),
            "check": c.check,
            "holds": c.holds,
            "detail": c.detail.within("en"),
            "detail_zh": c.detail.within("zh"),
        }
        for own in work
        for c in own.checks
    ]
    return pd.DataFrame(rows, columns=list(CONFIGURAL)).astype({"holds": object})
