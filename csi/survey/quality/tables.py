"""The tables of answer quality: respondents, flags by group, items, answering styles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray, IntArray
from csi.survey.quality.indices import Indices, base_of
from csi.survey.quality.options import FLAGS, SIGNS, SOURCES, AnswerQualityOptions, Flag
from csi.survey.quality.questionnaire import Questionnaire, groups_of
from csi.survey.survey import Survey

INDICES = (
    "put", "answered", "straight_lining", "long_string", "irv", "irv_turned", "irv_of_chance",
    "mahalanobis", "mahalanobis_df", "mahalanobis_p", "even_odd", "duration", "speed",
    "nonresponse", "acquiescence", "extreme", "midpoint",
)  # fmt: skip
"""Columns of indices in the table of respondents."""

STYLES = ("acquiescence", "extreme", "midpoint")
"""Answering styles, which are told of groups."""

FLAGGED = "flagged"
"""The row of the summary that counts those with several signs."""


def respondents_table(
    survey: Survey,
    by: Sequence[str],
    found: Indices,
    flags: dict[Flag, BoolArray],
    signs: IntArray,
    flagged: BoolArray,
) -> pd.DataFrame:
    """Return one row a respondent: names, keys, weight, indices, flags, signs."""
    columns: dict[str, Any] = {"respondent": survey.respondents.tolist()}
    columns |= {key: survey.keys[key].tolist() for key in by}
    columns["weight"] = survey.design.weights
    columns |= {name: getattr(found, name) for name in INDICES}
    columns |= {f"flag_{flag}": flags[flag] for flag in FLAGS}
    columns["flags"] = np.sum([flags[flag] for flag in FLAGS], axis=0)
    return pd.DataFrame(columns | {"signs": signs, FLAGGED: flagged})


def cut_off_words(flag: Flag, options: AnswerQualityOptions) -> str:
    """Return a cut-off as a rule.

    Examples
    --------
    >>> cut_off_words("speed", AnswerQualityOptions())
    'below 0.5 of the median'
    """
    return {
        "straight_lining": f"{options.straight_lining:g} of the batteries or more",
        "long_string": f"{options.long_string:g} of the questions put or more, at least "
        f"{options.long_string_least}",
        "irv_low": f"below {options.irv_low:g} points",
        "mahalanobis": f"p below {options.mahalanobis:g}",
        "irv_high": f"{options.irv_high:g} of that of random answers or more",
        "even_odd": f"below {options.even_odd:g}",
        "speed": f"below {options.speed:g} of the median",
        "nonresponse": f"above {options.nonresponse:g}",
        "acquiescence": f"{options.acquiescence:g} or more away from 0.5",
    }[flag]


def summary_table(
    survey: Survey,
    by: Sequence[str],
    found: Indices,
    flags: dict[Flag, BoolArray],
    flagged: BoolArray,
    options: AnswerQualityOptions,
) -> pd.DataFrame:
    """Return one row a group and flag, and one for those flagged."""
    weights = survey.design.weights
    rows: list[dict[str, Any]] = []
    for label, at in groups_of(survey, by):
        keys = dict(zip(by, label, strict=True))
        for flag in FLAGS:
            base = base_of(found, flag)[at]
            counts = _counts(flags[flag][at], base, weights[at])
            rows.append(
                keys
                | {"flag": flag, "sign": SIGNS[flag], "cut_off": cut_off_words(flag, options)}
                | {"counted": flag in options.counted}
                | counts
                | {"source": SOURCES[flag], "note": "" if base.any() else "not judged"}
            )
        least = f"{options.least_signs} signs or more"
        whole = np.ones(len(at), dtype=np.bool_)
        rows.append(
            keys
            | {"flag": FLAGGED, "sign": "", "cut_off": least, "counted": True}
            | _counts(flagged[at], whole, weights[at])
            | {"source": "", "note": ""}
        )
    names = ("flag", "sign", "cut_off", "counted", "judged", FLAGGED, "share", "source", "note")
    return pd.DataFrame(rows, columns=[*by, *names])


def _counts(flag: BoolArray, base: BoolArray, weights: Array) -> dict[str, Any]:
    """Return how many are judged and flagged, and the weighted share of these among those."""
    return {
        "judged": int(base.sum()),
        FLAGGED: int((flag & base).sum()),
        "share": _share(flag, base, weights),
    }


def _share(flag: BoolArray, base: BoolArray, weights: Array) -> float:
    """Return the weighted share of a base that a flag holds of; NaN of an empty base."""
    total = float(weights[base].sum())
    return float(weights[flag & base].sum() / total) if total > 0 else float("nan")


def items_table(
    survey: Survey, by: Sequence[str], asked: Questionnaire, options: AnswerQualityOptions
) -> pd.DataFrame:
    """Return one row a group and item: missing answers, and answers at the ends of the scale."""
    rows: list[dict[str, Any]] = []
    for label, at in groups_of(survey, by):
        keys = dict(zip(by, label, strict=True))
        weights = survey.design.weights[at]
        for place, item in enumerate(asked.items):
            points = asked.turned[at, place]
            here = ~np.isnan(points)
            expected = asked.put[at, place] | here
            silent = _share(~here, expected, weights)
            floor, ceiling = (_share(points == end, here, weights) for end in (item.low, item.high))
            ends = 1.0 if item.high - item.low <= 1 else options.ends  # yes or no: all at an end
            said = [
                words
                for words, value, most in (
                    ("floor effect", floor, ends),
                    ("ceiling effect", ceiling, ends),
                    ("many missing answers", silent, options.item_nonresponse),
                )
                if value > most
            ]
            rows.append(
                keys
                | {"item": item.name, "reversed": item.reversed}
                | {"put": int(expected.sum()), "answered": int(here.sum()), "nonresponse": silent}
                | {"floor": floor, "ceiling": ceiling}
                | {"note": "; ".join(said) if expected.any() else "not asked"}
            )
    names = ("item", "reversed", "put", "answered", "nonresponse", "floor", "ceiling", "note")
    return pd.DataFrame(rows, columns=[*by, *names])


def styles_table(survey: Survey, by: Sequence[str], found: Indices) -> pd.DataFrame:
    """Return one row a group and answering style: its weighted mean over respondents."""
    weights = survey.design.weights
    rows: list[dict[str, Any]] = []
    for label, at in groups_of(survey, by):
        keys = dict(zip(by, label, strict=True))
        for style in STYLES:
            values = getattr(found, style)[at]
            there = ~np.isnan(values) & (weights[at] > 0)
            own = weights[at][there]
            mean = float(own @ values[there] / own.sum()) if there.any() else float("nan")
            note = "" if there.any() else "not judged"
            rows.append(keys | {"style": style, "n": int(there.sum()), "mean": mean, "note": note})
    return pd.DataFrame(rows, columns=[*by, "style", "n", "mean", "note"])
