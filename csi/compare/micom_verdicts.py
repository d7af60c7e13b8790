"""What MICOM found, in sentences."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from csi.compare.configural import joined
from csi.compare.micom_values import Micom
from csi.text import Text
from csi.verdict import Verdict, worded

SOURCE = "henseler2016testing"

CLOSE_BELOW = 0.25
"""Adjusted p values below this are told where the unadjusted one is below the level; a rule of this
package: among many tests some are below the level by chance."""

FULL = Text(
    "{name}: alike in all respects in {pairs}{n}: formed in the same way, same level, same "
    "spread. Impacts and levels may be compared, and the answers pooled.",
    "{name}：{pairs}{n}各方面均可比——得分构成、平均水平与离散程度均无显著差异。"
    "可以比较影响与水平，也可以合并数据。",
)
PARTIAL = Text(
    "{name}: formed in the same way in {pairs}{n}, but with {what} in {some}. Impacts and "
    "levels may be compared; do not pool the answers.",
    "{name}：{pairs}{n}得分构成方式相同，但{some}中{what}。可以比较影响与水平，但不宜合并数据。",
)
NONE = Text(
    "{name} is formed differently in {a} and {b}: the scores by the weights of one and of the "
    "other correlate {c}, and {least} or more was to be expected. {item} makes {share} of the "
    "index in {a} and {other} in {b}; with the weights of the other the index moves by up to "
    "{points} points. Do not read differences between them as differences of customers; look at "
    "that question, or compare under pooled or equal weights.",
    "{name}在{a}与{b}的构成方式不同：分别用两组权重计算的得分相关系数为{c}，而预期不低于{least}。"
    "{item}在{a}的指数中占{share}，在{b}中占{other}；换用对方权重，指数最多变动{points}分。"
    "请勿把二者的差异解读为客户的差异；请检查该题目，或改用合并估计的权重或等权进行比较。",
)
NOT_THE_SAME = Text(
    "{name} is not asked in the same way in {a} and {b} ({detail}). Compare it only on what is "
    "the same in both.",
    "{name}在{a}与{b}的测量不一致（{detail}）。只能就两者相同的部分进行比较。",
)
CLOSE = Text(
    "{name}: {a} and {b} may differ in how it is formed: p = {p} by itself, {adjusted} among all "
    "tests made. Look at the weights before reading much into a difference.",
    "{name}：{a}与{b}的构成方式可能不同：单独检验 p = {p}，经多重比较校正后为 {adjusted}。"
    "解读差异之前请先查看权重。",
)
UNTESTED = Text(
    "{name}: {a} and {b} could not be tested ({why}). Nothing is known of their being comparable.",
    "{name}：{a}与{b}未能检验（原因见结果表的 note 列），可比性未知。",
)
BLIND = Text(
    "MICOM looks at how scores are formed. Whether a question was understood differently, because "
    "its words, its place or the way of asking changed, it cannot tell: compare the "
    "questionnaires, and test for equal intercepts by covariance fits.",
    "MICOM 检验的是得分的构成方式。若题目的措辞、位置或访问方式改变而使受访者理解不同，它无法识别："
    "请核对问卷，并用协方差结构模型检验截距是否相等。",
)
LEVEL, SPREAD = (
    Text("a different level", "平均水平不同"),
    Text("a different spread", "离散程度不同"),
)
BOTH = Text("a different level or spread", "平均水平或离散程度不同")
COUNT = Text(" ({n} of {all} comparisons)", "（{all} 组比较中的 {n} 组）")
EVERYTHING = Text("All constructs", "全部潜变量")
ALL = Text("every comparison", "全部比较")


def micom_verdicts(found: Micom) -> tuple[Verdict, ...]:
    """Return what MICOM found: one verdict a construct, and one more for each pair that fails.

    Parameters
    ----------
    found : Micom

    Returns
    -------
    tuple of Verdict
        ``good`` where a construct is formed alike, ``poor`` where not, ``doubtful`` where it is
        close or could not be tested; last a word on what the method cannot see.
    """
    whole = found.constructs.groupby(["group", "other"], sort=False)["invariance"]
    away = [pair for pair, kinds in whole if kinds.eq("untested").all()]
    said: list[Verdict] = []
    for construct in found.model.constructs:
        rows = found.constructs[found.constructs["construct"] == construct.name]
        name = construct.label or Text(construct.name, construct.name)
        said += _alike(found, construct.name, name, rows)
        for row in rows.to_dict("records"):
            if (row["group"], row["other"]) not in away:
                said += _of_pair(found, name, row)
    said += [_untested(found, str(group), str(other)) for group, other in away]
    return (*said, Verdict("comparability", "MICOM", "", "told", BLIND, source=SOURCE))


def _untested(found: Micom, group: str, other: str) -> Verdict:
    """Say once that two groups could not be compared at all."""
    table = found.constructs
    rows = table[(table["group"] == group) & (table["other"] == other)]
    blanks = {"name": EVERYTHING, "a": found.labels[group], "b": found.labels[other]}
    sentence = worded(UNTESTED, **blanks, why=str(rows["note"].iloc[0]))
    return Verdict("comparability", "MICOM", "", "doubtful", sentence, source=SOURCE)


def pair_words(found: Micom, group: str, other: str) -> Text:
    """Return a pair of groups in words."""
    a, b = found.labels[group], found.labels[other]
    return worded(Text("{a} and {b}", "{a}与{b}"), a=a, b=b)


def _alike(found: Micom, construct: str, name: Text, rows: pd.DataFrame) -> list[Verdict]:
    """Say once how far the construct is alike where it is formed alike."""
    fine = rows[rows["invariance"].isin(["full", "partial"])]
    if not len(fine):
        return []
    whole = len(fine) == len(found.pairs) > 1
    named = [pair_words(found, a, b) for a, b in zip(fine["group"], fine["other"], strict=True)]
    pairs = ALL if whole else _listed(named)
    n = Text()
    if len(found.pairs) > 1:
        n = worded(COUNT, n=str(len(fine)), all=str(len(found.pairs)))
    least = float(fine["correlation"].min())
    partial = fine[fine["invariance"] == "partial"]
    if not len(partial):
        sentence = worded(FULL, name=name, pairs=pairs, n=n)
        return [Verdict("comparability", "MICOM", construct, "good", sentence, least, SOURCE)]
    means, spreads = partial["equal_means"].eq(False), partial["equal_variances"].eq(False)
    what = BOTH if means.any() and spreads.any() else LEVEL if means.any() else SPREAD
    some = [
        pair_words(found, a, b) for a, b in zip(partial["group"], partial["other"], strict=True)
    ]
    sentence = worded(PARTIAL, name=name, pairs=pairs, n=n, what=what, some=_listed(some))
    return [Verdict("comparability", "MICOM", construct, "good", sentence, least, SOURCE)]


def _listed(words: list[Text]) -> Text:
    """Join words in both languages."""
    return Text("; ".join(w.within("en") for w in words), "、".join(w.within("zh") for w in words))


def _of_pair(found: Micom, name: Text, row: dict[Hashable, Any]) -> list[Verdict]:
    """Say what is wrong with one construct in one pair, or nothing."""
    group, other, about = str(row["group"]), str(row["other"]), str(row["construct"])
    blanks = {"name": name, "a": found.labels[group], "b": found.labels[other]}
    test = _test(found, about, group, other)
    value = float(test["estimate"])
    if row["invariance"] == "untested":
        why = str(row["note"]) or str(test["note"])
        sentence = worded(UNTESTED, **blanks, why=why)
        return [Verdict("comparability", "MICOM", about, "doubtful", sentence, value, SOURCE)]
    if row["configural"] is False:
        sentence = worded(NOT_THE_SAME, **blanks, detail=_details(found, about, group, other))
        return [Verdict("comparability", "MICOM", about, "poor", sentence, value, SOURCE)]
    if row["invariance"] == "none":
        sentence = worded(
            NONE, **blanks, c=f"{value:.4f}", least=f"{float(test['lower']):.4f}",
            item=str(row["item"]), share=_percent(row["share"]), other=_percent(row["other_share"]),
            points=f"{row['points']:.1f}",
        )  # fmt: skip
        return [Verdict("comparability", "MICOM", about, "poor", sentence, value, SOURCE)]
    if float(test["p_value"]) < found.alpha and float(test["p_adjusted"]) < CLOSE_BELOW:
        p, adjusted = (f"{float(test[key]):.3f}" for key in ("p_value", "p_adjusted"))
        sentence = worded(CLOSE, **blanks, p=p, adjusted=adjusted)
        return [Verdict("comparability", "MICOM", about, "doubtful", sentence, value, SOURCE)]
    return []


def _test(found: Micom, construct: str, group: str, other: str) -> pd.Series:
    """Return the second step of one construct and pair."""
    tests = found.tests
    here = tests[(tests["construct"] == construct) & (tests["group"] == group)]
    return here[(here["other"] == other) & (here["measure"] == "correlation")].iloc[0]


def _details(found: Micom, construct: str, group: str, other: str) -> Text:
    """Return what the first step found against a construct in one pair."""
    table = found.configural
    here = (table["construct"] == construct) & (table["group"] == group)
    bad = table[here & (table["other"] == other) & table["holds"].eq(False)]
    return joined([Text(en, zh) for en, zh in zip(bad["detail"], bad["detail_zh"], strict=True)])


def _percent(share: object) -> str:
    return f"{float(share):.0%}"  # type: ignore[arg-type]
