"""What covariance fits of several groups say about their being comparable, in sentences."""

from __future__ import annotations

from csi.estimate.covariance.invariance_ladder import LEVELS
from csi.estimate.covariance.invariance_steps import Invariance, Step
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

SOURCE = "cheung2002evaluating"

FREED = "free"
"""Word for parameters that were released."""

SAID: dict[str, tuple[Grade, Text]] = {
    "": (
        "poor",
        Text(
            "The model does not fit all groups of {by} (CFI {cfi}, RMSEA {rmsea}, SRMR {srmr}): "
            "it cannot say whether they are comparable. Look at the model and at each group first.",
            "模型对{by}各组拟合不佳（CFI {cfi}、RMSEA {rmsea}、SRMR {srmr}），"
            "无法判断各组是否可比。请先检查模型，并逐组查看。",
        ),
    ),
    "configural": (
        "poor",
        Text(
            "Over {by} the same questions belong together, but they count differently (loadings "
            "are not equal). Compare neither impacts nor levels as they are; see which question "
            "departs, release it, and look again.",
            "{by}各组中题目的归属一致，但题目的分量不同（载荷不等）。影响与水平均不宜直接比较；"
            "请找出偏离的题目，放开其约束后再检验。",
        ),
    ),
    "metric": (
        "doubtful",
        Text(
            "Over {by} the questions count alike (equal loadings): impacts may be compared. "
            "Equally satisfied customers do not answer all questions alike (intercepts are not "
            "equal): a difference of levels may lie in the asking. See which question departs, "
            "release it, and compare levels on the others.",
            "{by}各组中题目的分量一致（载荷相等），可以比较影响；但满意程度相同的客户对部分题目的"
            "回答不同（截距不等），水平之差可能来自提问方式。请找出偏离的题目，放开其约束，"
            "再按其余题目比较水平。",
        ),
    ),
    "scalar": (
        "good",
        Text(
            "Over {by} equally satisfied customers give the same answers (equal loadings and "
            "intercepts): impacts and levels may be compared. Single answers are not equally "
            "precise everywhere.",
            "{by}各组中满意程度相同的客户给出相同的回答（载荷与截距均相等），可以比较影响与水平；"
            "但各组单个回答的精确程度不同。",
        ),
    ),
    "strict": (
        "good",
        Text(
            "Over {by} the measuring is the same in every respect (equal loadings, intercepts and "
            "residual variances): impacts, levels and single answers may be compared.",
            "{by}各组的测量在各方面均一致（载荷、截距与残差方差均相等），"
            "影响、水平与单个回答均可比较。",
        ),
    ),
}
UNTRIED = Text(
    " Levels beyond that were not tried.",
    "更高层次未作检验。",
)
PARTLY = Text(
    " This holds with {free} left free: what they measure is not compared.",
    "以上结论以放开 {free} 为前提，所涉题目不在比较之列。",
)


def invariance_verdicts(found: Invariance, key: Text | None = None) -> tuple[Verdict, ...]:
    """Return one verdict: what the levels of invariance that hold let be compared.

    Parameters
    ----------
    found : Invariance
    key : Text, optional
        What the key of the groups is called; its name where None.
    """
    key = key or Text(found.by, found.by)
    reached = found.reached
    grade, template = SAID[reached]
    step = _step(found, reached)
    figures = {name: f"{getattr(step.measured, name):.3f}" for name in ("cfi", "rmsea", "srmr")}
    sentence = worded(template, by=key, **figures)
    last = found.steps[-1].level
    if reached == last and last != LEVELS[-1]:
        sentence = Text(sentence.en + UNTRIED.en, sentence.zh + UNTRIED.zh)
        if reached in ("configural", "metric"):
            grade, sentence = "doubtful", _untried(key, reached)
    if found.free:
        more = worded(PARTLY, free=", ".join(found.free))
        sentence = Text(sentence.en + more.en, sentence.zh + more.zh)
    cfi = step.measured.cfi
    return (Verdict("comparability", "invariance", "", grade, sentence, cfi, SOURCE),)


_ONLY = {
    "configural": Text(
        "Over {by} the same questions belong together. Whether they count alike, and are answered "
        "alike, was not tried: compare neither impacts nor levels yet.",
        "{by}各组中题目的归属一致。题目的分量与回答方式是否一致尚未检验：暂不宜比较影响与水平。",
    ),
    "metric": Text(
        "Over {by} the questions count alike (equal loadings): impacts may be compared. Whether "
        "equally satisfied customers answer alike was not tried: do not compare levels yet.",
        "{by}各组中题目的分量一致（载荷相等），可以比较影响。"
        "满意程度相同的客户回答是否一致尚未检验：暂不宜比较水平。",
    ),
}


def _untried(by: Text, reached: str) -> Text:
    """Say what is known where the further levels were not tried."""
    return worded(_ONLY[reached], by=by)


def _step(found: Invariance, level: str) -> Step:
    """Return the step of a level, the first where none holds."""
    return next((step for step in found.steps if step.level == level), found.steps[0])
