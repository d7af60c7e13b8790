"""PLS-POS: hidden groups for whom models of their own explain most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from csi.arrays import IntArray, lock, one_thread
from csi.compare.segments.climb import Climbed, Ground, climb, ground_of, sizes_of
from csi.compare.segments.kernel_moves import segment_sums
from csi.compare.segments.kernel_starts import memberships, random_partitions
from csi.compare.segments.options import MIN_SHARE, PosOptions
from csi.compare.segments.scored import Scored, least_respondents, scored
from csi.compare.segments.tables import equations_table, paths_table, sizes_table
from csi.compare.segments.values import Segmentation, Solution
from csi.compare.segments.verdicts import segment_verdicts
from csi.errors import EstimationError, Fault, OptionError
from csi.model.model import Model
from csi.survey.cells import nearest
from csi.survey.frozen import frozen_map
from csi.survey.survey import Survey

TIE = 1e-4
"""Starts whose objectives differ by less have found the same, for all that matters."""


def pos(
    survey: Survey,
    model: Model,
    options: PosOptions | None = None,
    *,
    where: Mapping[str, str] | None = None,
    start: Segmentation | None = None,
) -> Segmentation:
    r"""Sort respondents into segments whose own models explain as much as possible.

    Parameters
    ----------
    survey : Survey
    model : Model
    options : PosOptions, optional
    where : mapping of str to str, optional
        Values of keys that the respondents share; the whole survey where None.
    start : Segmentation, optional
        Another solution to start from, beside the random ones: FIMIX-PLS of the same survey, model
        and `where`, with as many segments.

    Returns
    -------
    Segmentation
        With 1 and K segments. Every respondent is in one segment; each segment has a PLS fit of
        its own, measurement included.

    Raises
    ------
    OptionError
        An unknown target, too many segments, a start that does not go with this search.
    MomentsError, EstimationError, NotConvergedError
        As from `csi.compare.segments.fimix.fimix`; also where no start can be fitted.

    Notes
    -----
    The objective is the sum over segments of the R2 of all endogenous constructs, or of one
    [becker2013discovering], each segment by its share (``weighted``) or all alike. Hill climbing,
    see `csi.compare.segments.climb.climb`: the objective never falls, and the search ends where no
    respondent alone can raise it. Sampling weights are in the moments of the segments and in their
    shares.

    The objective rises in homogeneous answers too: sorting by residual makes R2. It is no evidence
    of hidden groups.

    Examples
    --------
    >>> from csi.model import models
    >>> from csi.simulation import simulate
    >>> from csi.survey.read import read_survey
    >>> ecsi = models.load("ecsi")
    >>> told = simulate(ecsi, years=[2025], groups=["A", "B"], n=150, seed=1)
    >>> survey = read_survey(told.answers, told.codebook)
    >>> found = pos(survey, ecsi, PosOptions(starts=1))
    >>> bool(found.criteria["mean_r2"].is_monotonic_increasing)  # where there are no groups
    True
    """
    options = options or PosOptions()
    found = scored(survey, model, where, options.pls)
    n, many = len(found.scores), options.segments
    least = least_respondents(model, options.min_n, n, MIN_SHARE)
    faults = _faults(model, options, n, least) or _start_faults(found, many, start, least)
    if faults:
        raise OptionError(faults)
    weights = found.scaled_weights(float(n))
    ground = ground_of(
        model, options.pls, found.sample.rows, weights, found.scores,
        options.target, options.weighted, least,
    )  # fmt: skip
    starts = random_partitions(np.random.default_rng([options.seed, many]), n, many, options.starts)
    if start is not None:
        starts = np.concatenate([start.solution(many).segment[None], starts])
    with one_thread(), np.errstate(all="ignore"):
        ended = [
            climb(ground, own, many, depth=options.depth, max_rounds=options.max_rounds)
            for own in starts
        ]
        best = _best(ended)
        solutions = {
            1: partition_solution(ground, np.zeros(n, dtype=np.int64), 1),
            many: partition_solution(ground, best.segment, many),
        }
    made = Segmentation(
        method="PLS-POS", model=model, scored=found, options=options, chosen=many, rule="as told",
        indicated=frozen_map({}), solutions=frozen_map(solutions),
        criteria=_criteria(ground, solutions, ended, best), paths=paths_table(model, solutions),
        equations=equations_table(model, solutions),
        sizes=sizes_table(found, solutions, least, 0.0), verdicts=(), notes=(),
    )  # fmt: skip
    return replace(made, verdicts=segment_verdicts(made))


def partition_solution(ground: Ground, segment: IntArray, many: int) -> Solution:
    """Return the fits of the segments of a partition, the largest segment first."""
    sums = segment_sums(ground.products, ground.weights, segment, many)
    order = np.argsort(-sums[:, 0], kind="stable")
    place = np.empty(many, dtype=np.int64)
    place[order] = np.arange(many)
    own = place[segment]
    own.setflags(write=False)
    fit = ground.fits(sums[order], sizes_of(own, many))
    return Solution(
        posterior=lock(memberships(own, many)), segment=own,
        share=lock(sums[order, 0] / sums[:, 0].sum()), paths=fit.paths,
        intercepts=lock(np.full(fit.r2.shape, np.nan)), residual=lock(1.0 - fit.r2),
        standardised=fit.paths, r2=fit.r2,
    )  # fmt: skip


def _best(ended: list[Climbed]) -> Climbed:
    """Return the start that ended highest."""
    heights = np.array([own.objective for own in ended])
    if not np.isfinite(heights).any():
        what = "no start could be fitted in every segment"
        fix = "take fewer segments, or look at items that many answered alike"
        raise EstimationError(Fault("segments", what, fix))
    return ended[int(np.nanargmax(heights))]


def _criteria(
    ground: Ground, solutions: Mapping[int, Solution], ended: list[Climbed], best: Climbed
) -> pd.DataFrame:
    """Return one row a number of segments.

    Returns
    -------
    DataFrame
        ``segments, objective, mean_r2`` (of the constructs that count, segments by share),
        ``smallest_n, smallest_share, starts, reached`` (starts that ended as high), ``unsettled``,
        ``unusable, lowest`` (the objective of the worst start), ``rounds, moves, converged``.
    """
    heights = np.array([own.objective for own in ended])
    rows = []
    for many, found in solutions.items():
        r2, last = found.r2[:, ground.counted], many > 1
        objective = ground.objective(r2.sum(axis=1), found.share)
        counts = sizes_of(found.segment, many)
        rows.append(
            {
                "segments": many,
                "objective": float(objective),
                "mean_r2": float(found.share @ r2.mean(axis=1)),
                "smallest_n": int(counts.min()),
                "smallest_share": float(found.share.min()),
                "starts": len(ended) if last else 1,
                "reached": int(np.sum(heights > best.objective - TIE)) if last else 1,
                "unsettled": sum(not own.converged for own in ended) if last else 0,
                "unusable": int(np.sum(~np.isfinite(heights))) if last else 0,
                "lowest": float(np.nanmin(heights)) if last else float(objective),
                "rounds": best.rounds if last else 0,
                "moves": best.moves if last else 0,
                "converged": best.converged if last else True,
            }
        )
    return pd.DataFrame(rows)


def _faults(model: Model, options: PosOptions, n: int, least: int) -> list[Fault]:
    """Return what keeps the search from starting."""
    faults = []
    endogenous = [name for name in model.names if model.predecessors(name)]
    if options.target and options.target not in endogenous:
        what = f"{options.target!r} is no construct that others lead to"
        faults.append(Fault("option target", what, nearest(options.target, endogenous)))
    if options.segments * least > n:
        what = f"{options.segments} of {least} respondents at least are more than {n}"
        faults.append(Fault("option segments", what, "take fewer, or a smaller min_n"))
    return faults


def _start_faults(found: Scored, many: int, start: Segmentation | None, least: int) -> list[Fault]:
    """Return why a given solution cannot be started from."""
    if start is None:
        return []
    if not np.array_equal(start.scored.sample.numbers, found.sample.numbers):
        what = "is of other respondents"
        return [Fault("start", what, "make it from the same survey, model and where")]
    if many not in start.solutions:
        return [Fault("start", f"has no solution with {many} segments", "try more there")]
    smallest = int(sizes_of(start.solutions[many].segment, many).min())
    if smallest < least:
        what = f"has a segment of {smallest} respondents, fewer than {least}"
        return [Fault("start", what, "leave it out, or take a smaller min_n")]
    return []
