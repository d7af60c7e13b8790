"""What was found about hidden groups, judged and in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from csi.compare.segments import words
from csi.compare.segments.values import HomogeneityTest, Segmentation
from csi.survey.codebook import Codebook
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

LEAST_EN = 0.5
"""Below it groups overlap too much to treat them one by one [sarstedt2017treating]."""

MOST_LEFT_OUT = 0.2
"""More respondents left out than this share are a doubt about whom the groups speak for: the
package's own rule."""

MOST_SHIFT = 0.1
"""A path that moves by more when respondents are left out is another path: the package's own
rule."""

LEVEL = 0.05
"""Of the test of homogeneity, and of the keys."""

LEAST_SAMPLES = 19
"""Fewer samples cannot reject at `LEVEL` whatever the answers are: p is 1 / (R + 1) or more."""

LEAST_V = 0.3
"""A weaker association leaves the groups unexplained: medium, by [cohen1988statistical]."""


def segment_verdicts(found: Segmentation) -> tuple[Verdict, ...]:
    """Judge a segmentation.

    Parameters
    ----------
    found : Segmentation

    Returns
    -------
    tuple of Verdict
        Of the number of groups, how well they can be told apart, the search, what was left out
        and, where there are several, the warning that groups are found in any survey.
    """
    made = [_left_out(found)] if found.scored.left_out else []
    if found.method == "PLS-POS":
        return (*_climbed(found), *made, _not_real(words.TEST_NO_POS))
    several = found.chosen > 1
    made = [_number(found), *made, *_set_aside(found)]
    if not several:
        return tuple(made)
    row = _chosen(found)
    return (
        made[0], _apart(found, row["en"]), *_searched(found, row), *made[1:],
        _not_real(words.TEST_FIRST),
    )  # fmt: skip


def homogeneity_verdict(test: HomogeneityTest) -> Verdict:
    """Judge the test of one group against two; doubtful where it could not be done."""
    source = "mclachlan1987bootstrapping"
    if not np.isfinite(test.p_value) or test.used < LEAST_SAMPLES:
        sentence = worded(
            words.UNTESTED,
            used=str(test.used), drawn=str(len(test.draws)), least=str(LEAST_SAMPLES),
        )  # fmt: skip
        return _verdict("homogeneity", "doubtful", sentence, test.p_value, source)
    real = test.p_value <= LEVEL
    sentence = worded(
        words.REAL if real else words.CHANCE, p=f"{test.p_value:.2g}", used=str(test.used)
    )
    grade: Grade = "doubtful" if real else "good"
    return _verdict("homogeneity", grade, sentence, test.p_value, source)


def description_verdicts(association: pd.DataFrame, codebook: Codebook) -> tuple[Verdict, ...]:
    """Judge which keys explain the hidden groups.

    Parameters
    ----------
    association : DataFrame
        From `csi.compare.segments.describe.describe_segments`.
    codebook : Codebook
        Has the labels of the keys.

    Returns
    -------
    tuple of Verdict
        One of each key that explains them, or one that says that none does; and the warning about
        margins of error by segment.
    """
    narrow = _verdict("margins", "told", worded(words.TOO_NARROW))
    told = association[association["cramers_v"].notna()]
    if not len(told):
        return (_verdict("keys", "told", worded(words.NO_KEYS)), narrow)
    labels = {key.name: key.label or Text(key.name) for key in codebook.keys}
    strong = told[(told["p_adjusted"] <= LEVEL) & (told["cramers_v"] >= LEAST_V)]
    made = []
    for _, row in strong.iterrows():
        v, p = f"{row['cramers_v']:.2f}", float(row["p_adjusted"])
        small = "< 0.001" if p < 0.001 else f"= {p:.3f}"
        sentence = worded(words.EXPLAINED, key=labels[row["key"]], v=v, p=small)
        made.append(_about(str(row["key"]), "told", sentence, float(row["cramers_v"])))
    if not made:
        row = told.iloc[0]
        v = f"{row['cramers_v']:.2f}"
        sentence = worded(words.NOT_EXPLAINED, key=labels[row["key"]], v=v)
        made.append(_about(str(row["key"]), "doubtful", sentence, float(row["cramers_v"])))
    return (*made, narrow)


def _about(key: str, grade: Grade, sentence: Text, value: float) -> Verdict:
    """Return a verdict on one key."""
    return Verdict("segments", "Cramer's V", key, grade, sentence, value, "cohen1988statistical")


def _chosen(found: Segmentation, segments: int | None = None) -> dict[str, Any]:
    """Return the row of the criteria of the chosen number of segments, or of another."""
    wanted = found.chosen if segments is None else segments
    rows = found.criteria[found.criteria["segments"] == wanted].to_dict("records")
    return {str(name): value for name, value in rows[0].items()}


def _number(found: Segmentation) -> Verdict:
    """Say how many groups there are."""
    rule = words.RULES.get(found.rule, Text(found.rule))
    k, n = str(found.chosen), str(len(found.scored.scores))
    source = "sarstedt2011uncovering"
    value = float(found.chosen)
    if found.chosen == 0:
        return _verdict("segments", "poor", worded(words.NONE, rule=rule), np.nan, source)
    if found.rule == "smaller of AIC4 and BIC":
        told = [f"{name.upper()} {K}" for name, K in found.indicated.items()]
        each = Text(", ".join(told), "、".join(told))
        return _verdict(
            "segments", "doubtful", worded(words.DISAGREE, all=each, k=k), value, source
        )
    if found.chosen == 1:
        return _verdict("segments", "good", worded(words.ONE, n=n, rule=rule), value, source)
    return _verdict("segments", "doubtful", worded(words.SEVERAL, k=k, rule=rule), value, source)


def _apart(found: Segmentation, en: float) -> Verdict:
    """Say whether the groups can be told apart."""
    clear = en >= LEAST_EN
    template = words.APART if clear else words.BLURRED
    sentence = worded(template, k=str(found.chosen), en=f"{en:.2f}", limit=f"{LEAST_EN:g}")
    return _verdict("EN", "good" if clear else "poor", sentence, en, "sarstedt2017treating")


def _searched(found: Segmentation, row: Mapping[str, Any]) -> list[Verdict]:
    """Say how sure it is that the best solution was found."""
    k, starts, reached = str(found.chosen), str(row["starts"]), int(row["reached"])
    made = []
    if not row["converged"]:
        made.append(_verdict("convergence", "poor", worded(words.UNSETTLED, k=k)))
    if reached == 1:
        sentence = worded(words.FOUND_ALONE, starts=starts, k=k)
        made.append(_verdict("starts", "doubtful", sentence, reached))
    else:
        sentence = worded(words.FOUND_OFTEN, reached=str(reached), starts=starts, k=k)
        made.append(_verdict("starts", "good", sentence, reached))
    away = int(row["floored"]), int(row["empty"])
    if any(away):
        sentence = worded(
            words.DEGENERATE, k=k, floored=str(away[0]), empty=str(away[1]), starts=starts
        )
        made.append(_verdict("degenerate", "told", sentence, sum(away)))
    return made


def _set_aside(found: Segmentation) -> list[Verdict]:
    """Name the numbers of groups that were not considered."""
    away = found.criteria[~found.criteria["considered"]]
    if not len(away):
        return []
    numbers = [str(number) for number in away["segments"]]
    by_reason: dict[str, list[str]] = {}
    for number, note in zip(numbers, away["note"], strict=True):
        by_reason.setdefault(str(note), []).append(number)
    reasons = Text(
        "; ".join(f"{', '.join(of)}: {note}" for note, of in by_reason.items()),
        "；".join(f"{'、'.join(of)}个时{_in_chinese(note)}" for note, of in by_reason.items()),
    )
    ks = Text(", ".join(numbers), "、".join(numbers))
    return [_verdict("considered", "told", worded(words.TOO_SMALL, ks=ks, why=reasons))]


def _in_chinese(why: str) -> str:
    """Translate the reason why a solution is not considered."""
    count, _, rest = why.partition(" ")
    if count.isdigit() and rest in words.REASONS:
        return f"有{count}{words.REASONS[rest]}"
    return words.REASONS.get(why, why)


def _left_out(found: Segmentation) -> Verdict:
    """Say who was left out and whether it matters."""
    scored = found.scored
    share, shift = scored.left_out / scored.asked, scored.shift
    sentence = worded(
        words.LEFT_OUT,
        away=str(scored.left_out), asked=str(scored.asked), share=f"{share:.0%}",
        shift=f"{shift:.2f}" if np.isfinite(shift) else words.UNKNOWN,
    )  # fmt: skip
    doubt = share > MOST_LEFT_OUT or not shift <= MOST_SHIFT
    return _verdict("left out", "doubtful" if doubt else "told", sentence, share)


def _climbed(found: Segmentation) -> list[Verdict]:
    """Say what PLS-POS gained."""
    last, single = _chosen(found), _chosen(found, 1)
    target = getattr(found.options, "target", "")
    label = found.model.construct(target).label or Text(target) if target else words.ALL_ENDOGENOUS
    before, after = single["mean_r2"], last["mean_r2"]
    sentence = worded(
        words.CLIMBED, k=str(found.chosen), before=f"{before:.0%}", after=f"{after:.0%}", what=label
    )
    made = [_verdict("R2", "told", sentence, after, "becker2013discovering")]
    k, starts, reached = str(found.chosen), str(last["starts"]), int(last["reached"])
    if not last["converged"]:
        sentence = worded(words.NOT_CLIMBED, k=k, rounds=str(last["rounds"]))
        made.append(_verdict("convergence", "poor", sentence))
    alone = reached == 1
    sentence = worded(words.FOUND_ALONE, starts=starts, k=k) if alone else worded(
        words.FOUND_OFTEN, reached=str(reached), starts=starts, k=k
    )  # fmt: skip
    return [*made, _verdict("starts", "doubtful" if alone else "good", sentence, reached)]


def _not_real(advice: Text) -> Verdict:
    """Warn that groups are found in any survey."""
    return _verdict("caution", "told", worded(words.NOT_REAL, advice=advice))


def _verdict(
    measure: str, grade: Grade, sentence: Text, value: float = float("nan"), source: str = ""
) -> Verdict:
    """Return a verdict on hidden groups."""
    return Verdict("segments", measure, "", grade, sentence, float(value), source)
