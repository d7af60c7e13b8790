"""Every index of every respondent, and the flags that the cut-offs make of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.survey.quality.kernel_center import center_of, is_definite, robust_center_of
from csi.survey.quality.kernel_distance import at_median, distances, tail, weighted_median
from csi.survey.quality.kernel_spread import agreement, even_odd, share_at, variability
from csi.survey.quality.kernel_strings import longest_string, straight_lines
from csi.survey.quality.options import FLAGS, SIGNS, AnswerQualityOptions, Flag
from csi.survey.quality.questionnaire import Groups, Questionnaire, groups_of
from csi.survey.survey import Survey

ROWS_PER_ITEM = 5
"""Fewer respondents an item tell too little of the covariances to judge distances by."""


@dataclass(frozen=True, slots=True, eq=False)
class Indices:
    """The indices of n respondents; NaN where an index does not apply.

    Attributes
    ----------
    put, answered : (n) questions put, and answered
    straight_lining : (n) share of the batteries answered with one and the same answer
    long_string : (n) longest run of one answer
    irv : (n) standard deviation of the answers as ticked, in points
    irv_turned : (n) the same of the answers with reversed items turned round
    irv_of_chance : (n) what it would be if every point were ticked equally often
    mahalanobis, mahalanobis_df, mahalanobis_p : (n) squared distance, items behind it, chi-square
        probability of a larger one
    even_odd : (n) consistency over constructs, -1 to 1
    duration : (n) seconds
    speed : (n) duration over the median of those compared
    nonresponse : (n) share of the questions put without an answer
    acquiescence : (n) agreement with items whatever they say, 0 to 1
    extreme, midpoint : (n) share of answers at the ends, and in the middle of scales that have one
    notes : tuple of str
        What could not be judged, and why.
    """

    put: IntArray
    answered: IntArray
    straight_lining: Array
    long_string: Array
    irv: Array
    irv_turned: Array
    irv_of_chance: Array
    mahalanobis: Array
    mahalanobis_df: Array
    mahalanobis_p: Array
    even_odd: Array
    duration: Array
    speed: Array
    nonresponse: Array
    acquiescence: Array
    extreme: Array
    midpoint: Array
    notes: tuple[str, ...]


def indices_of(
    survey: Survey, asked: Questionnaire, constructs: Groups | None, options: AnswerQualityOptions
) -> Indices:
    """Return every index of every respondent."""
    n, notes = len(survey), []
    nowhere = np.full(n, np.nan)
    here = ~np.isnan(asked.ticked)
    expected = asked.put | here  # answered against the routing is answered
    put, answered = expected.sum(axis=1), here.sum(axis=1)
    lines, judged = straight_lines(
        asked.ticked, asked.members(asked.batteries), options.battery_least
    )
    many = answered >= options.irv_least
    string = longest_string(asked.ticked, asked.scales, ~expected)
    squared, counts, p_values, said = _distances(survey, asked, options)
    notes += said
    consistency = nowhere
    if constructs:
        consistency = even_odd(asked.positions, asked.members(constructs))
    duration = nowhere if survey.duration is None else np.asarray(survey.duration)
    agreeing = nowhere
    if asked.reversed.any() and not asked.reversed.all():
        agreeing = agreement(asked.ticked_positions, asked.reversed)
    notes += _absent(survey, asked, constructs, judged)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Indices(
            put=put.astype(np.int64),
            answered=answered.astype(np.int64),
            straight_lining=np.where(judged > 0, lines / judged, np.nan),
            long_string=np.where(answered > 0, string, np.nan),
            irv=np.where(many, variability(asked.ticked, asked.scales), np.nan),
            irv_turned=np.where(many, variability(asked.turned, asked.scales), np.nan),
            irv_of_chance=_of_chance(asked, here),
            mahalanobis=squared,
            mahalanobis_df=counts,
            mahalanobis_p=p_values,
            even_odd=consistency,
            duration=duration,
            speed=_speed(survey, duration, options),
            nonresponse=np.where(put > 0, 1.0 - answered / put, np.nan),
            acquiescence=agreeing,
            extreme=share_at(asked.positions, 0.0, 1.0),
            midpoint=share_at(np.where(asked.has_middle, asked.positions, np.nan), 0.5),
            notes=tuple(notes),
        )


def flags_of(found: Indices, options: AnswerQualityOptions) -> dict[Flag, BoolArray]:
    """Return who crosses which cut-off; an index that does not apply crosses none."""
    with np.errstate(invalid="ignore"):
        longest = np.maximum(options.long_string * found.put, options.long_string_least)
        return {
            "straight_lining": found.straight_lining >= options.straight_lining,
            "long_string": found.long_string >= longest,
            "irv_low": found.irv < options.irv_low,
            "mahalanobis": found.mahalanobis_p < options.mahalanobis,
            "irv_high": found.irv_turned >= options.irv_high * found.irv_of_chance,
            "even_odd": found.even_odd < options.even_odd,
            "speed": found.speed < options.speed,
            "nonresponse": found.nonresponse > options.nonresponse,
            "acquiescence": np.abs(found.acquiescence - 0.5) >= options.acquiescence,
        }


def signs_of(flags: dict[Flag, BoolArray], options: AnswerQualityOptions) -> IntArray:
    """Count the signs of each respondent, (n): flags of one sign count once."""
    counted = [flag for flag in FLAGS if flag in options.counted]
    signs = dict.fromkeys(SIGNS[flag] for flag in counted)
    there = [np.any([flags[f] for f in counted if SIGNS[f] == sign], axis=0) for sign in signs]
    n = len(flags[FLAGS[0]])
    return np.asarray(np.sum([*there, np.zeros(n, dtype=np.bool_)], axis=0), dtype=np.int64)


def base_of(found: Indices, flag: Flag) -> BoolArray:
    """Tell whom a flag can be judged of, (n)."""
    name = {"irv_low": "irv", "irv_high": "irv"}.get(flag, flag)
    return np.asarray(~np.isnan(getattr(found, name)))


def _of_chance(asked: Questionnaire, here: BoolArray) -> Array:
    """(n) standard deviation of answers that fall on all points of their scale alike.

    Scales are taken to have the points ``low, low + 1, ..., high``.
    """
    variance, freedom = np.zeros(len(here)), np.zeros(len(here))
    for scale in np.unique(asked.scales):
        own = np.flatnonzero(asked.scales == scale)
        points = asked.high[own[0]] - asked.low[own[0]] + 1.0
        count = np.maximum(here[:, own].sum(axis=1) - 1, 0)
        variance += count * (points**2 - 1.0) / 12.0
        freedom += count
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(freedom > 0, np.sqrt(variance / freedom), np.nan))


def compared(survey: Survey, options: AnswerQualityOptions) -> tuple[str, ...]:
    """Return the keys within whose groups respondents are compared."""
    if options.within is not None:
        return options.within
    return (survey.codebook.time.name,) if survey.codebook.time else ()


def _speed(survey: Survey, duration: Array, options: AnswerQualityOptions) -> Array:
    """(n) duration over the weighted median of the group."""
    found = np.full(len(survey), np.nan)
    for _, rows in groups_of(survey, compared(survey, options)):
        middle = weighted_median(duration[rows], survey.design.weights[rows])
        if middle > 0:
            found[rows] = duration[rows] / middle
    return found


def _distances(
    survey: Survey, asked: Questionnaire, options: AnswerQualityOptions
) -> tuple[Array, Array, Array, list[str]]:
    """Return squared distances, items behind them and tail probabilities, group by group."""
    squared, counts, p_values = (np.full(len(survey), np.nan) for _ in range(3))
    notes = []
    for label, rows in groups_of(survey, compared(survey, options)):
        words = f"{', '.join(label)}: " if label else ""
        own, weights = asked.turned[rows], survey.design.weights[rows]
        used = (weights > 0) & ~np.isnan(own).all(axis=1)
        varied = np.array([len(np.unique(c[~np.isnan(c)])) > 1 for c in own[used].T])
        if varied.any() and not varied.all():
            names = ", ".join(n for n, there in zip(asked.names, varied, strict=True) if not there)
            notes.append(f"{words}distances leave out items without two different answers: {names}")
        found, said = _of_group(own[:, varied], weights, used, options)
        if said or found is None:
            notes.append(f"{words}no distances: {said}")
            continue
        squared[rows], counts[rows], p_values[rows] = found
    return squared, counts, p_values, notes


def _of_group(
    rows: Array, weights: Array, used: BoolArray, options: AnswerQualityOptions
) -> tuple[tuple[Array, Array, Array] | None, str]:
    """Return the distances of one group, or why there are none."""
    used = used & ~np.isnan(rows).all(axis=1)
    n, p = int(used.sum()), rows.shape[1]
    if p < 2 or n < ROWS_PER_ITEM * p:
        return None, f"{n} respondents are too few for {p} items"
    robust = options.center == "robust"
    center = (robust_center_of if robust else center_of)(rows[used], weights[used])
    if not center.converged:
        why = "two items may say the same, or too few answered both"
        return None, f"the covariances had not settled after {center.steps} steps ({why})"
    if not is_definite(center.cov):
        return None, "the covariances have no inverse: two items say the same"
    squared, counts = distances(rows, center.mean, center.cov)
    if robust:
        squared = at_median(squared, counts, np.where(used, weights, 0.0))
    there = counts > 0
    p_values = np.where(there, tail(squared, np.maximum(counts, 1)), np.nan)
    return (squared, np.where(there, counts, np.nan), p_values), ""


def _absent(
    survey: Survey, asked: Questionnaire, constructs: Groups | None, judged: IntArray
) -> list[str]:
    """Say which indices the survey has no ground for."""
    notes = []
    if not (judged > 0).any():
        notes.append("no battery to judge straight-lining by: name batteries")
    if not constructs:
        notes.append("no even-odd consistency: name constructs and their items")
    if survey.duration is None:
        notes.append("no speed: the codebook names no duration")
    if not asked.reversed.any():
        notes.append("no acquiescence: no item is reversed, agreement cannot be told from content")
    elif asked.reversed.all():
        notes.append("no acquiescence: every item is reversed")
    return notes
