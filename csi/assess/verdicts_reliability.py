"""What the reliability of each construct means, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from csi.assess.blocks import alone, joined, why_not
from csi.assess.measurement_limits import (
    EXTRACTED,
    RELIABLE,
    RELIABLE_AT_FIRST,
    REPETITIVE,
)
from csi.assess.sentence_parts import Row, percent, rows_of, shown, span
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

GOOD = Text(
    "The items of {name} measure it reliably ({measure} {value}, {span}).",
    "{name}的题目测量可靠（{measure}为{value}，{span}）。",
)
AT_FIRST = Text(
    "The reliability of {name} ({measure} {value}, {span}) is enough for a first study and low for "
    "figures that are published; look at its items with the smallest loadings.",
    "{name}的信度（{measure}为{value}，{span}）可用于探索性研究，"
    "但用于正式发布的指标则偏低；请检查载荷最小的题目。",
)
LOW = Text(
    "The reliability of {name} is too low ({measure} {value}, {span}): much of the spread of its "
    "score is chance. Reword or replace the items with the smallest loadings, or add items.",
    "{name}的信度过低（{measure}为{value}，{span}）：得分差异中有很大一部分是随机误差。"
    "请改写或更换载荷最小的题目，或增加题目。",
)
REPEATED = Text(
    "The items of {name} say nearly the same ({measure} {value}, {span}): leave one out or reword "
    "it, for a broader measure at no loss.",
    "{name}的题目几乎在重复同一内容（{measure}为{value}，{span}）："
    "可删去或改写其中一题，使测量更全面而不损失信度。",
)
IMPOSSIBLE = Text(
    "The reliability of {name} comes out as {value}, which is impossible: its items do not go "
    "together. Look for items that run the wrong way, or call the construct formative.",
    "{name}的信度估计为{value}，这是不可能的：其题目彼此不一致。"
    "请检查是否有反向题目，或将该潜变量设为形成型。",
)
SINGLE = Text(
    "{name}: measured by a single item. Its reliability cannot be seen in this survey, and it is "
    "taken as free of error; ask two or more questions where it matters.",
    "{name}仅由单一题目测量：本调查无法估计其信度，计算中视为没有误差；"
    "若该潜变量重要，请设两个以上的题目。",
)
SHARED = Text(
    "The AVE of {name} is {value} ({span}): it explains {share} of the variance of its items, half "
    "or more.",
    "{name}平均解释其题目方差的{share}（AVE为{value}，{span}），达到一半以上。",
)
NOT_SHARED = Text(
    "The AVE of {name} is {value} ({span}): it explains only {share} of the variance of its items, "
    "less than half, and they share less than they have of their own. Look at those with small "
    "loadings.",
    "{name}平均仅解释其题目方差的{share}（AVE为{value}，{span}），不到一半："
    "题目之间的共同部分少于各自特有的部分。请检查载荷较小的题目。",
)


def reliability_verdicts(table: pd.DataFrame, model: Model) -> tuple[Verdict, ...]:
    """Judge the reliability and AVE of every construct.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.reliability.reliability_table`.
    model : Model

    Returns
    -------
    tuple of Verdict
        Judged by rho_A for PLS, by the reliability of the score for covariance fits, by rho_C
        where the fit has neither (raw items); one verdict for all single items; none for
        formative constructs and for constructs of constructs [hair2019use],
        [fornell1981evaluating].
    """
    said: list[Verdict] = []
    for construct in model.constructs:
        if why_not(construct):
            continue
        own = {row["measure"]: row for row in rows_of(table[table["construct"] == construct.name])}
        label = model.label(construct.name)
        said.append(_reliability(own, construct.name, label))
        said.append(_extracted(own["AVE"], construct.name, label))
    singles = [construct.name for construct in model.constructs if alone(construct)]
    if singles:
        names = joined([model.label(name) for name in singles])
        about = ", ".join(singles)
        said.append(
            Verdict("measurement", "single item", about, "told", worded(SINGLE, name=names))
        )
    return tuple(said)


def _reliability(own: Mapping[str, Row], name: str, label: Text) -> Verdict:
    """Judge the reliability of one construct by the first measure that it has."""
    measure = next(
        (m for m in ("rho_A", "score_reliability", "rho_C")
         if m in own and np.isfinite(own[m]["estimate"])),
        "rho_C",
    )  # fmt: skip
    row = own[measure]
    value = float(row["estimate"])
    grade, template = _graded(value)
    word = "reliability" if measure == "score_reliability" else measure
    said = worded(template, name=label, measure=word, value=shown(value), span=span(row))
    return Verdict("measurement", measure, name, grade, said, value, "hair2019use")


def _graded(value: float) -> tuple[Grade, Text]:
    """Return how good a reliability is, and how to say so."""
    if not 0.0 <= value <= 1.0:
        return "poor", IMPOSSIBLE
    if value < RELIABLE_AT_FIRST:
        return "poor", LOW
    if value < RELIABLE:
        return "doubtful", AT_FIRST
    return ("doubtful", REPEATED) if value > REPETITIVE else ("good", GOOD)


def _extracted(row: Row, name: str, label: Text) -> Verdict:
    """Judge the AVE of one construct."""
    value = float(row["estimate"])
    if value >= EXTRACTED:
        grade: Grade = "good"
    else:
        grade = "poor" if row["upper"] < EXTRACTED else "doubtful"
    template = SHARED if grade == "good" else NOT_SHARED
    said = worded(template, name=label, share=percent(value), value=shown(value), span=span(row))
    return Verdict("measurement", "AVE", name, grade, said, value, "fornell1981evaluating")
