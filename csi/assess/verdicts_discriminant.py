"""What HTMT and the Fornell-Larcker criterion mean, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from csi.assess.measurement_limits import HTMT_SIMILAR
from csi.assess.sentence_parts import Row, rows_of, shown
from csi.model.model import Model
from csi.text import Language, Text
from csi.verdict import Grade, Verdict, worded

SAME = Text(
    "Respondents do not tell {a} and {b} apart (HTMT {value}, one-sided upper limit {limit}; at "
    "most {threshold} is wanted): their separate effects cannot be read. Make one construct of "
    "them, or reword their items.",
    "受访者未能区分{a}与{b}（HTMT为{value}，单侧上限{limit}，应不超过{threshold}）："
    "两者各自的影响无法分开解读。请合并为一个潜变量，或改写题目。",
)
NOT_SHOWN = Text(
    "It is not shown that respondents tell these apart (HTMT; one-sided upper limit above "
    "{threshold}): {pairs}. Read their separate effects with care, or take more respondents.",
    "尚不能证明受访者区分了以下潜变量（HTMT；单侧上限高于{threshold}）：{pairs}。"
    "解读其各自的影响时须谨慎，或增加样本量。",
)
APART = Text(
    "Respondents tell {n} of {all} pairs of constructs apart: the largest one-sided upper limit of "
    "HTMT among them is {limit} ({a} and {b}), below {threshold}.",
    "在{all}对潜变量中，受访者明确区分了{n}对：其中HTMT单侧上限最大为{limit}（{a}与{b}），"
    "低于{threshold}。",
)
NEARER = Text(
    "By the Fornell-Larcker criterion {n} of {all} pairs of constructs are nearer to one another "
    "than to their own items: {pairs}. See what HTMT says of them.",
    "按Fornell-Larcker准则，{all}对潜变量中有{n}对彼此的相关强于其与各自题目的关联：{pairs}。"
    "请参看相应的HTMT。",
)
KEPT = Text(
    "By the Fornell-Larcker criterion every construct is nearer to its items than to any other "
    "construct.",
    "按Fornell-Larcker准则，每个潜变量与其题目的关联都强于与其他潜变量的相关。",
)


def htmt_verdicts(
    table: pd.DataFrame, model: Model, *, threshold: float = HTMT_SIMILAR
) -> tuple[Verdict, ...]:
    """Judge HTMT: pairs that do not differ, those not shown to, and the others.

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
        one-sided upper limit is below the threshold (one verdict for all such pairs), poor where
        the ratio itself is not (one each), doubtful between (one for all)
        [franke2019heuristics].
    """
    own = table[(table["measure"] == "HTMT+") & np.isfinite(table["estimate"])]
    rows = rows_of(own)
    good = [row for row in rows if row["limit"] < threshold]
    poor = [row for row in rows if row["estimate"] >= threshold]
    open_ = [row for row in rows if row["estimate"] < threshold and row not in good]
    said = [_same(row, model, threshold) for row in poor]
    if open_:
        sentence = worded(
            NOT_SHOWN,
            threshold=shown(threshold),
            pairs=_pairs(open_, model, _both),
        )
        about = "; ".join(f"{row['construct']}, {row['other']}" for row in open_)
        most = max(float(row["estimate"]) for row in open_)
        said.append(_verdict("HTMT+", about, "doubtful", sentence, most))
    if good:
        largest = max(good, key=lambda row: float(row["limit"]))
        a, b = str(largest["construct"]), str(largest["other"])
        sentence = worded(
            APART,
            n=str(len(good)),
            all=str(len(own)),
            a=model.label(a),
            b=model.label(b),
            limit=shown(float(largest["limit"]), 3),
            threshold=shown(threshold),
        )
        said.append(_verdict("HTMT+", "", "good", sentence, float(largest["estimate"])))
    return tuple(said)


def _same(row: Row, model: Model, threshold: float) -> Verdict:
    """Judge a pair whose ratio is beyond the threshold."""
    a, b = str(row["construct"]), str(row["other"])
    value = float(row["estimate"])
    sentence = worded(
        SAME,
        a=model.label(a),
        b=model.label(b),
        value=shown(value, 3),
        limit=shown(float(row["limit"]), 3),
        threshold=shown(threshold),
    )
    return _verdict("HTMT+", f"{a}, {b}", "poor", sentence, value)


def _both(row: Row) -> str:
    """Return the ratio of a pair and its upper limit."""
    return f"{shown(row['estimate'], 3)}; {shown(row['limit'], 3)}"


def _pairs(rows: Sequence[Row], model: Model, figures: Callable[[Row], str]) -> Text:
    """Return pairs of constructs with their figures in a list, in both languages."""
    parts: dict[Language, list[str]] = {"en": [], "zh": []}
    for row in rows:
        a, b = (model.label(str(row[key])) for key in ("construct", "other"))
        parts["en"].append(f"{a.within('en')} and {b.within('en')} ({figures(row)})")
        inner = figures(row).replace("; ", "；")
        parts["zh"].append(f"{a.within('zh')}与{b.within('zh')}（{inner}）")
    return Text(", ".join(parts["en"]), "、".join(parts["zh"]))


def _verdict(measure: str, about: str, grade: Grade, sentence: Text, value: float) -> Verdict:
    return Verdict("measurement", measure, about, grade, sentence, value, "henseler2015new")


def fornell_larcker_verdicts(table: pd.DataFrame, model: Model) -> tuple[Verdict, ...]:
    """Judge the Fornell-Larcker criterion.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.discriminant.discriminant_table`.
    model : Model

    Returns
    -------
    tuple of Verdict
        One, with the pairs that fail and by how much. Poor where the interval of a margin lies
        below zero, doubtful where only the margin does [fornell1981evaluating]. HTMT finds what
        this criterion overlooks [henseler2015new].
    """
    own = table[(table["measure"] == "fornell_larcker") & np.isfinite(table["estimate"])]
    if own.empty:
        return ()
    source, measure = "fornell1981evaluating", "fornell_larcker"
    least = float(own["estimate"].min())
    failing = rows_of(own[own["estimate"] < 0].sort_values("estimate", kind="stable"))
    if not failing:
        return (Verdict("measurement", measure, "", "good", KEPT, least, source),)
    clear = any(row["upper"] < 0 for row in failing)
    sentence = worded(
        NEARER,
        n=str(len(failing)),
        all=str(len(own)),
        pairs=_pairs(failing, model, lambda row: shown(row["estimate"], 3)),
    )
    about = "; ".join(f"{row['construct']}, {row['other']}" for row in failing)
    grade: Grade = "poor" if clear else "doubtful"
    return (Verdict("measurement", measure, about, grade, sentence, least, source),)
