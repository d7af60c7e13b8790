"""What HTMT and the Fornell-Larcker criterion mean, in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.assess.blocks import label_of
from csi.assess.measurement_limits import HTMT_SIMILAR
from csi.assess.sentence_parts import rows_of, shown
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

SAME = Text(
    "Respondents do not tell {a} and {b} apart (HTMT {value}, one-sided upper limit {limit}; at "
    "most {threshold} is wanted): their separate effects cannot be read. Make one construct of "
    "them, or reword their items.",
    "受访者未能区分{a}与{b}（HTMT为{value}，单侧上限{limit}，应不超过{threshold}）："
    "两者各自的影响无法分开解读。请合并为一个变量，或改写题目。",
)
NOT_SHOWN = Text(
    "It is not shown that respondents tell {a} and {b} apart (HTMT {value}, one-sided upper limit "
    "{limit} above {threshold}): read their separate effects with care, or take more respondents.",
    "尚不能证明受访者区分了{a}与{b}（HTMT为{value}，单侧上限{limit}，高于{threshold}）："
    "解读两者各自的影响时须谨慎，或增加样本量。",
)
APART = Text(
    "Respondents tell {n} of {all} pairs of constructs apart: the largest one-sided upper limit of "
    "HTMT among them is {limit} ({a} and {b}), below {threshold}.",
    "在{all}对变量中，受访者明确区分了{n}对：其中HTMT单侧上限最大为{limit}（{a}与{b}），"
    "低于{threshold}。",
)
NEARER = Text(
    "By the Fornell-Larcker criterion {a} and {b} are nearer to one another (correlation {corr}) "
    "than to their own items (smaller root of AVE {root}): see what HTMT says of them.",
    "按Fornell-Larcker准则，{a}与{b}之间的相关（{corr}）强于其与各自题目的关联"
    "（较小的AVE平方根为{root}）：请参看两者的HTMT。",
)
KEPT = Text(
    "By the Fornell-Larcker criterion every construct is nearer to its items than to any other "
    "construct.",
    "按Fornell-Larcker准则，每个变量与其题目的关联都强于与其他变量的相关。",
)


def htmt_verdicts(
    table: pd.DataFrame, model: Model, *, threshold: float = HTMT_SIMILAR
) -> tuple[Verdict, ...]:
    """Judge HTMT: one verdict for each pair that is not shown to differ, and one for the others.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.discriminant.discriminant_table`.
    model : Model
    threshold : float
        0.90 for constructs that are alike in content, 0.85 for others [henseler2015new].

    Returns
    -------
    tuple of Verdict
        Judged by HTMT+, which is HTMT where all item correlations are positive. Good where the
        one-sided upper limit is below the threshold, poor where the ratio itself is not
        [franke2019heuristics].
    """
    own = table[(table["measure"] == "HTMT+") & np.isfinite(table["estimate"])]
    said, good = [], []
    for row in rows_of(own):
        value, limit = float(row["estimate"]), float(row["limit"])
        if limit < threshold:
            good.append(row)
            continue
        a, b = str(row["construct"]), str(row["other"])
        grade: Grade = "poor" if value >= threshold else "doubtful"
        sentence = worded(
            SAME if grade == "poor" else NOT_SHOWN,
            a=label_of(model, a),
            b=label_of(model, b),
            value=shown(value),
            limit=shown(limit),
            threshold=shown(threshold),
        )
        said.append(_verdict("HTMT+", f"{a}, {b}", grade, sentence, value))
    if good:
        largest = max(good, key=lambda row: float(row["limit"]))
        a, b = str(largest["construct"]), str(largest["other"])
        sentence = worded(
            APART,
            n=str(len(good)),
            all=str(len(own)),
            a=label_of(model, a),
            b=label_of(model, b),
            limit=shown(float(largest["limit"])),
            threshold=shown(threshold),
        )
        said.append(_verdict("HTMT+", "", "good", sentence, float(largest["estimate"])))
    return tuple(said)


def _verdict(measure: str, about: str, grade: Grade, sentence: Text, value: float) -> Verdict:
    return Verdict("measurement", measure, about, grade, sentence, value, "henseler2015new")


def fornell_larcker_verdicts(table: pd.DataFrame, model: Model) -> tuple[Verdict, ...]:
    """Judge the Fornell-Larcker criterion: one verdict for each pair that fails, or one for all.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.discriminant.discriminant_table`.
    model : Model

    Returns
    -------
    tuple of Verdict
        Poor where the interval of the margin lies below zero, doubtful where only the margin
        does [fornell1981evaluating]. HTMT finds what this criterion overlooks
        [henseler2015new].
    """
    own = table[(table["measure"] == "fornell_larcker") & np.isfinite(table["estimate"])]
    shared = {
        (row["construct"], row["other"]): float(row["estimate"])
        for row in rows_of(table[table["measure"] == "correlation"])
    }
    said = []
    source = "fornell1981evaluating"
    for row in rows_of(own[own["estimate"] < 0]):
        value, a, b = float(row["estimate"]), str(row["construct"]), str(row["other"])
        sentence = worded(
            NEARER,
            a=label_of(model, a),
            b=label_of(model, b),
            corr=shown(shared[a, b]),
            root=shown(value + abs(shared[a, b])),
        )
        grade: Grade = "poor" if row["upper"] < 0 else "doubtful"
        about = f"{a}, {b}"
        said.append(
            Verdict("measurement", "fornell_larcker", about, grade, sentence, value, source)
        )
    if said or own.empty:
        return tuple(said)
    least = float(own["estimate"].min())
    return (Verdict("measurement", "fornell_larcker", "", "good", KEPT, least, source),)
