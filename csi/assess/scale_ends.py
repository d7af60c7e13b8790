"""Ceiling and floor: the share of answers at the ends of the scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray
from csi.assess.kernel_shares import share_limits, weighted_share
from csi.assess.measurement_limits import CROWDED_ITEM, CROWDED_SCORE
from csi.assess.sentence_parts import percent, rows_of
from csi.errors import Fault, OptionError
from csi.index.replicated import Replicated
from csi.model.model import Model
from csi.repeats import answered_name
from csi.survey.codebook import Codebook
from csi.text import Text
from csi.verdict import Verdict, worded

ENDS = ("ceiling", "floor")
NEAR = 1e-9
"""An answer this near an end is at it."""

NOBODY = "no answers"
TWO_POINTS = "two answers only: each is at an end"

SCORE: dict[str, Text] = {
    "ceiling": Text(
        "{share} of the respondents have the best possible score on {name} "
        "(interval {lower} to {upper}): among them nothing can get better or be told apart, and "
        "improvements and effects come out too small. Take a longer scale or stricter questions.",
        "{share}的受访者在{name}上已达最高可能得分（置信区间{lower}至{upper}）："
        "他们之间无法区分，也看不出进一步的改善，变化与影响会被低估。"
        "请使用更长的量表或更严格的题目。",
    ),
    "floor": Text(
        "{share} of the respondents have the worst possible score on {name} "
        "(interval {lower} to {upper}): among them nothing can get worse or be told apart, and "
        "effects come out too small. Take a longer scale or milder questions.",
        "{share}的受访者在{name}上处于最低可能得分（置信区间{lower}至{upper}）："
        "他们之间无法区分，影响会被低估。请使用更长的量表或更温和的题目。",
    ),
}
ITEM: dict[str, Text] = {
    "ceiling": Text(
        "{share} of the answers to {item} are the best possible one (interval {lower} to "
        "{upper}): the question hardly tells respondents apart. Word it more strictly.",
        "{item}有{share}的回答为最高分（置信区间{lower}至{upper}）："
        "该题几乎无法区分受访者，请改用更严格的措辞。",
    ),
    "floor": Text(
        "{share} of the answers to {item} are the worst possible one (interval {lower} to "
        "{upper}): the question hardly tells respondents apart. Word it more mildly.",
        "{item}有{share}的回答为最低分（置信区间{lower}至{upper}）："
        "该题几乎无法区分受访者，请改用更温和的措辞。",
    ),
}
ROOM = Text(
    "Scores of whole constructs leave room at both ends, even where single questions have a "
    "ceiling: at most {share} of the respondents have the best or worst possible score on a "
    "construct ({name}).",
    "就潜变量得分而言，两端均留有余地（个别题目仍可能有天花板效应）："
    "处于最高或最低可能得分的受访者最多占{share}（{name}）。",
)


def scale_ends_table(rep: Replicated, codebook: Codebook) -> pd.DataFrame:
    """Return the weighted shares of answers at the ends of the scale, of items and of constructs.

    Parameters
    ----------
    rep : Replicated
    codebook : Codebook
        Gives the ends of the scales. Answers of items marked ``reversed`` are turned round by
        the survey, so that the ceiling is always the best answer.

    Returns
    -------
    DataFrame
        ``construct, item, measure, estimate, se, lower, upper, n, note``; measure is ``ceiling`` or
        ``floor``. ``item`` is empty for a construct: respondents with the end answer to all its
        items, among those who answered all; the items of a whole have their rows under its parts.
        ``n`` counts respondents. Questions with two answers have a note and no verdict: each of
        their answers is at an end.

    Raises
    ------
    OptionError
        Items that the codebook does not have, all at once.

    Notes
    -----
    Shares are of respondents, whom replicates of moments do not know: errors are linearised over
    sampled units, strata passed over, which makes them rather too large; limits lie within 0
    and 1 [korn1998confidence]. Missing answers are left out, not filled in.
    """
    model, sample = rep.model, rep.sample
    known = {item.name: item for item in codebook.items}
    absent = [item for item in model.columns if item not in known]
    if absent:
        raise OptionError(
            [Fault(f"item {item}", "is not in the codebook", "give the codebook of this survey")
             for item in absent]
        )  # fmt: skip
    place = {item: number for number, item in enumerate(sample.items)}
    rows: list[dict[str, object]] = []
    for construct in model.constructs:
        items = [answered_name(item) if construct.parts else item for item in construct.items]
        at = [place[item] for item in items]
        binary = {item: known[item].high - known[item].low <= 1 for item in items}
        low = np.array([known[item].low for item in items])
        high = np.array([known[item].high for item in items])
        answers = sample.rows[:, at]
        for measure, end in zip(ENDS, (high, low), strict=True):
            hits = np.abs(answers - end) <= NEAR
            every = _parts(items, hits, answers)
            for name, own, there in every[-1:] if construct.parts else every:
                row = _row(rep, construct.name, name, measure, own, there)
                if not row["note"] and (binary[name] if name else all(binary.values())):
                    row["note"] = TWO_POINTS
                rows.append(row)
    return pd.DataFrame(rows)


def _parts(
    items: Sequence[str], hits: BoolArray, answers: Array
) -> list[tuple[str, BoolArray, BoolArray]]:
    """Return name, hits and answered rows of every item, and of all of them where several."""
    there = ~np.isnan(answers)
    parts = [(item, hits[:, k], there[:, k]) for k, item in enumerate(items)]
    return [*parts, ("", np.asarray(hits.all(axis=1)), np.asarray(there.all(axis=1)))]


def _row(
    rep: Replicated, construct: str, item: str, measure: str, hits: BoolArray, there: BoolArray
) -> dict[str, object]:
    """Return one share with its error and limits."""
    sample = rep.sample
    counted = there & (sample.weights > 0)
    share, se, units = weighted_share(hits[counted], sample.weights[counted], sample.units[counted])
    freedom = min(rep.freedom, units - 1.0)
    n = int(counted.sum())
    lower, upper = share_limits(share, se, n, freedom, rep.options.level)
    return {
        "construct": construct,
        "item": item,
        "measure": measure,
        "estimate": share,
        "se": se,
        "lower": lower,
        "upper": upper,
        "n": n,
        "note": "" if n else NOBODY,
    }


def scale_end_verdicts(
    table: pd.DataFrame, model: Model, codebook: Codebook
) -> tuple[Verdict, ...]:
    """Judge ceilings and floors: a verdict for each that is crowded, or one for all.

    Parameters
    ----------
    table : DataFrame
        Of `scale_ends_table`.
    model : Model
    codebook : Codebook
        For the labels of the items.

    Returns
    -------
    tuple of Verdict
        Constructs above 15 % [terwee2007quality], a rule for scores of health questionnaires;
        items from one half on, a rule of this package.
    """
    said: list[Verdict] = []
    for row in rows_of(table):
        share, name, item = float(row["estimate"]), str(row["construct"]), str(row["item"])
        crowded = share >= CROWDED_ITEM if item else share > CROWDED_SCORE
        if row["note"] == TWO_POINTS or not crowded:
            continue
        measure = str(row["measure"])
        blanks = {
            "share": percent(share),
            "lower": percent(row["lower"]),
            "upper": percent(row["upper"]),
        }
        if item:
            label = item_label(codebook, item)
            sentence = worded(ITEM[measure], item=label, **blanks)
        else:
            sentence = worded(SCORE[measure], name=model.label(name), **blanks)
        source = "" if item else "terwee2007quality"
        about = item or name
        said.append(Verdict("measurement", measure, about, "doubtful", sentence, share, source))
    scores = table[(table["item"] == "") & np.isfinite(table["estimate"])]
    scores = scores[scores["note"] != TWO_POINTS]
    if said or scores.empty:
        return tuple(said)
    most = max(rows_of(scores), key=lambda row: float(row["estimate"]))
    share, label = float(most["estimate"]), model.label(str(most["construct"]))
    sentence = worded(ROOM, share=percent(share), name=label)
    source = "terwee2007quality"
    return (Verdict("measurement", "ceiling", "", "good", sentence, share, source),)


def item_label(codebook: Codebook, item: str) -> Text:
    """Return the name of an item with its label, in both languages."""
    label = codebook.item(item).label
    if not label:
        return Text(item, item)
    return Text(f"{item} ({label.within('en')})", f"{item}（{label.within('zh')}）")
