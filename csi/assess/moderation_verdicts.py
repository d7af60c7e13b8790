"""What the terms of a moderation mean, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from csi.assess.moderation import Moderation
from csi.assess.moderation_tables import (
    simple_slopes,
    slope_regions,
    terms_table,
    turning_points,
)
from csi.assess.moderation_terms import Term
from csi.text import Text
from csi.verdict import Verdict, worded

Row = dict[str, Any]
"""One row of a table, by column."""

EFFECTS = (
    (0.025, Text("large", "较大")),
    (0.01, Text("medium", "中等")),
    (0.005, Text("small", "较小")),
    (-np.inf, Text("negligible", "可忽略")),
)
"""Least f2 of an interaction that is called so: Kenny's values, in [hair2021moderation]."""

USED = 0.95
"""With a smaller share of usable replicates errors are doubtful: the package's own rule."""

COMPLETE = 0.8
"""With a smaller share of complete answers to the items of a term the reader is told so."""

INTERACTION = Text(
    "{m} {way} the effect of {x} on {y}: {unit} more {x} brings {low} of {y} where {m} is low "
    "({low_at}) and {high} where it is high ({high_at}). The interaction is {size} "
    "(f2 = {f2}, p {p}). Tell the impact of {x} for both, not one figure for all.",
    "{m}会{way}{x}对{y}的影响：当{m}较低（{low_at}）时，{x}每提高{unit}，{y}变化{low}；"
    "当{m}较高（{high_at}）时，变化{high}。该交互作用{size}（f2 = {f2}，p {p}）。"
    "建议分别报告两种情形下{x}的影响，而不要只给一个总数。",
)
NO_INTERACTION = Text(
    "No sign that {m} changes the effect of {x} on {y} (p {p}); with one standard deviation of "
    "{m} it changes by something between {lower} and {upper}. One figure for the impact of {x} "
    "will do.",
    "没有迹象表明{m}会改变{x}对{y}的影响（p {p}）；{m}每提高一个标准差，"
    "该影响的变化介于{lower}与{upper}之间。{x}的影响用一个总数表示即可。",
)
WAYS = {
    "strengthens": Text("strengthens", "增强"),
    "weakens": Text("weakens", "削弱"),
    "turns": Text("turns round", "逆转"),
}
BEND = Text(
    "The effect of {x} on {y} {way} as {x} rises: {unit} more brings {low} of {y} at {low_at} and "
    "{high} at {high_at} (f2 = {f2}, p {p}). {turn} Answers on a scale with an end bend lines "
    "too: look at ceiling effects before anything is built on this.",
    "随着{x}的提高，它对{y}的影响{way}：{x}每提高{unit}，{y}在{low_at}处变化{low}，"
    "在{high_at}处变化{high}（f2 = {f2}，p {p}）。{turn}"
    "量表有上下限，本身也会使关系弯曲，据此行动前请先查看天花板效应。",
)
NO_BEND = Text(
    "No sign that the effect of {x} on {y} grows or shrinks with its own level (p {p}): a "
    "straight line will do.",
    "没有迹象表明{x}对{y}的影响随自身水平而增减（p {p}）：用直线关系即可。",
)
FALLS, GROWS = Text("falls off", "逐渐减弱"), Text("grows", "逐渐增强")
STAYS = Text(
    "It keeps its direction as far as the answers go.",
    "在现有回答范围内，影响方向保持不变。",
)
PEAK = Text(
    "It turns at {at}, and beyond that the other way is clear; {share} of respondents are there.",
    "转折点在{at}，越过该点后方向明显相反；有{share}的受访者处于该点之上。",
)
MAYBE = Text(
    "The curve would turn at {at}, within the answers, but beyond that no effect is clear.",
    "曲线的转折点约在{at}，位于回答范围之内，但越过该点后的影响并不明确。",
)
METHOD = Text(
    "Products of items are weighted so that they go with the target. Where moderation is weak that "
    "makes it look larger than it is, with errors up to three times those of the two-stage method. "
    "Set the two-stage method beside it before anything is built on this.",
    "题目乘积的权重是按与目标变量的相关程度确定的。调节作用较弱时，这会使其显得偏大，误差可达两阶段法的三倍。"
    "据此行动前，请与两阶段法的结果对照。",
)
LOST = Text(
    "Only {used} of {made} replicates could be used: errors and limits are doubtful. Take more "
    "respondents or a simpler model.",
    "{made}个重复样本中只有{used}个可用：误差和区间不可靠。请增加样本或简化模型。",
)
GAPS = Text(
    "{some} of {n} respondents answered all items of {x} and {m}; the products of the others have "
    "gaps. The figures hold where answers are missing by chance.",
    "{n}名受访者中有{some}名回答了{x}和{m}的全部题目，其余受访者的乘积有缺失。仅当缺失是随机发生时，这些数字才成立。",
)


def moderation_verdicts(found: Moderation) -> tuple[Verdict, ...]:
    """Return what was found for every term, and what limits it."""
    return tuple(_verdicts(found))


def _verdicts(found: Moderation) -> Iterator[Verdict]:
    table, slopes = terms_table(found), simple_slopes(found)
    for j, term in enumerate(found.terms):
        own = {row["measure"]: row for row in _rows_of(table, term)}
        say = _quadratic if term.quadratic else _interaction
        yield say(found, term, own, _rows_of(slopes, term))
        labels = {
            "x": found.model.label(term.source),
            "m": found.model.label(term.moderator),
        }
        if found.complete[j] < COMPLETE * found.n:
            said = worded(GAPS, some=str(found.complete[j]), n=str(found.n), **labels)
            yield Verdict("structure", "moderation", str(term), "told", said,
                          found.complete[j] / found.n)  # fmt: skip
    if found.method != "two-stage":
        yield Verdict("structure", "moderation", "", "doubtful", METHOD)
    if found.draws_used < USED * found.replicates:
        said = worded(LOST, used=str(found.draws_used), made=str(found.replicates))
        yield Verdict("structure", "moderation", "", "doubtful", said, float(found.draws_used))


def _interaction(found: Moderation, term: Term, own: Mapping[str, Row], at: list[Row]) -> Verdict:
    p = own["path"]["p_value"]
    blanks = _labels(found, term) | {"p": _p(p)}
    if not p < 1.0 - found.whole.options.level:
        ends = {end: f"{own['slope change'][end]:.2f}" for end in ("lower", "upper")}
        said = worded(NO_INTERACTION, **ends, **blanks)
        return Verdict("structure", "moderation", str(term), "told", said, p)
    shown, low, high = _ends(at)
    way = "turns" if low * high < 0 else "strengthens" if abs(high) > abs(low) else "weakens"
    said = worded(INTERACTION, way=WAYS[way], **blanks, **shown, **_size(own))
    return Verdict("structure", "moderation", str(term), "told", said, p)


def _quadratic(found: Moderation, term: Term, own: Mapping[str, Row], at: list[Row]) -> Verdict:
    p = own["path"]["p_value"]
    blanks = _labels(found, term) | {"p": _p(p)}
    if not p < 1.0 - found.whole.options.level:
        return Verdict("structure", "moderation", str(term), "told", worded(NO_BEND, **blanks), p)
    shown, low, high = _ends(at)
    size = {"f2": _size(own)["f2"]}
    said = worded(BEND, way=GROWS if abs(high) > abs(low) else FALLS, turn=_turn(found, term),
                  **blanks, **shown, **size)  # fmt: skip
    return Verdict("structure", "moderation", str(term), "told", said, p)


def _turn(found: Moderation, term: Term) -> Text:
    """Say whether a curve turns within the answers [lind2010with]."""
    own, points = _rows_of(turning_points(found), term)
    findings = {row["finding"] for row in _rows_of(slope_regions(found), term)}
    shown = (
        Text(f"{points['estimate']:.0f} points", f"{points['estimate']:.0f}分")
        if np.isfinite(points["estimate"])
        else Text(f"{own['estimate']:.1f} standard deviations", f"{own['estimate']:.1f}个标准差")
    )
    if not own["inside"]:
        return STAYS
    if {"positive", "negative"} <= findings:
        return worded(PEAK, at=shown, share=f"{own['share_beyond']:.0%}")
    return worded(MAYBE, at=shown)


def _ends(at: list[Row]) -> tuple[dict[str, Text | str], float, float]:
    """Return the slopes at low and high levels in words, and as numbers."""
    points = [row for row in at if row["measure"] == "slope in points"]
    in_points = all(np.isfinite(row["estimate"]) for row in points)
    rows = points if in_points else [row for row in at if row["measure"] == "slope"]
    first, last = rows[0], rows[-1]
    shown: dict[str, Text | str] = {
        "unit": Text("one point", "1分") if in_points else Text(
            "one standard deviation", "一个标准差"),
    }  # fmt: skip
    for name, row in (("low", first), ("high", last)):
        value = float(row["estimate"])
        shown[name] = (
            Text(f"{value:.2f} points", f"{value:.2f}分")
            if in_points
            else Text(f"{value:.2f} standard deviations", f"{value:.2f}个标准差")
        )
        place = float(row["at_points"])
        shown[f"{name}_at"] = (
            Text(f"{place:.0f} points", f"{place:.0f}分")
            if np.isfinite(place)
            else Text(f"{row['at']:+.0f} sd", f"均值{row['at']:+.0f}个标准差")
        )
    return shown, float(first["estimate"]), float(last["estimate"])


def _rows_of(table: pd.DataFrame, term: Term) -> list[Row]:
    """Return the rows of a table that are about a term."""
    own = table[(table["term"] == term.name) & (table["to"] == term.target)]
    return [{str(name): value for name, value in row.items()} for row in own.to_dict("records")]


def _size(own: Mapping[str, Row]) -> dict[str, Text | str]:
    f2 = float(own["f2"]["estimate"])
    return {"size": next(word for least, word in EFFECTS if f2 >= least), "f2": f"{f2:.3f}"}


def _labels(found: Moderation, term: Term) -> dict[str, Text | str]:
    names = {"x": term.source, "m": term.moderator, "y": term.target}
    return {letter: found.model.label(name) for letter, name in names.items()}


def _p(p: float) -> str:
    """Return a p value for a sentence."""
    return f"= {p:.3f}" if p >= 0.001 else "< 0.001"
