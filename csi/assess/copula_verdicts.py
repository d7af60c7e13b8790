"""What the Gaussian-copula check says, and when it says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from csi.assess.copula import CopulaCheck, Equation
from csi.index.cells import Spread
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

NORMAL = 0.05
"""With a larger p value of the test of normality a predictor counts as close to normal, the
condition of [hult2018addressing]."""

DISTINCT = 30
"""With fewer different values the ranks of a predictor are steps: the package's own rule."""

SMALL = 0.3
"""A path counts as clean when the limits of its error correlation are within plus and minus this, a
correlation of medium size [cohen1988statistical]: the package's own rule."""

SIGNAL = Text(
    "The path {x} -> {y} may not be what it seems: the copula term of {x} is not zero (p {p}; "
    "error correlation {r}, {low} to {high}). A cause left out of the model looks like this, and "
    "so do measurement error, a bent relation and answers at the end of the scale. Look at these "
    "first (ceiling effects, a quadratic effect), then for the cause; do not publish the "
    "corrected path without.",
    "{x}→{y}的路径可能有偏：{x}的Copula项不为零（p {p}；误差相关为{r}，区间{low}至{high}）。"
    "遗漏了某个原因会这样，测量误差、非线性关系以及回答集中在量表端点也会这样。请先检查后几项（天花板效应、二次效应），再寻找遗漏的原因；"
    "在此之前不要公布校正后的路径。",
)
CLEAN = Text(
    "No sign that something left out of the model moves both {x} and {y}: the error correlation is "
    "between {low} and {high}. The check rests on a straight relation and a normal error.",
    "没有迹象表明模型之外的因素同时影响{x}和{y}：误差相关介于{low}与{high}之间。该检验以关系为线性、误差为正态为前提。",
)
SILENT = Text(
    "Whether something left out of the model moves both {x} and {y} cannot be told from these "
    "answers: {why}. This is no clean bill.",
    "模型之外是否有因素同时影响{x}和{y}，无法从这些回答中判断：{why}。这并不代表没有问题。",
)
NEAR_NORMAL = Text(
    "the scores of {x} are close to normal (skewness {skew}, p {p}), and the check needs others",
    "{x}的得分接近正态分布（偏度{skew}，p {p}），而该检验要求非正态",
)
STEPS = Text(
    "{x} takes only {count} different values, and the check needs a continuous score",
    "{x}只有{count}个不同的取值，而该检验要求连续的得分",
)
OPEN = Text(
    "with {n} respondents the error correlation is between {low} and {high}, too wide to tell",
    "{n}名受访者时，误差相关介于{low}与{high}之间，范围过宽，无法下结论",
)
COUNT = Text(
    "{signals} of {tested} paths have a copula term that is not zero; about {chance} would by "
    "chance alone. The check is a hint, not a test of causes.",
    "{tested}条路径中有{signals}条的Copula项不为零；仅凭偶然也会有约{chance}条。该检验只是提示，不能证明因果。",
)


def copula_verdicts(found: CopulaCheck) -> tuple[Verdict, ...]:
    """Return a sentence for every path, from the regression with its term alone, and a count."""
    every = [(equation, j) for equation in found.equations for j in range(len(equation.sources))]
    said = tuple(_verdict(found, equation, j) for equation, j in every)
    tested = sum(next(_reasons(equation, j, found), None) is None for equation, j in every)
    if not tested:
        return said
    signals = sum(verdict.grade == "doubtful" for verdict in said)
    chance = f"{(1.0 - found.whole.options.level) * tested:.1f}"
    words = worded(COUNT, signals=str(signals), tested=str(tested), chance=chance)
    total = Verdict("structure", "Gaussian copula", "", "told", words, float(signals),
                    "becker2022revisiting")  # fmt: skip
    return (*said, total)


def _verdict(found: CopulaCheck, equation: Equation, j: int) -> Verdict:
    _, term, error = found.spreads(equation, (j,))
    p = float(found.whole.p_values(term)[0])
    low, high = float(error.lower[0]), float(error.upper[0])
    labels: dict[str, Text | str] = {
        "x": found.model.label(equation.sources[j]),
        "y": found.model.label(equation.target),
        "low": f"{low:.2f}",
        "high": f"{high:.2f}",
    }
    why = next(_reasons(equation, j, found), None)
    clear = p < 1.0 - found.whole.options.level
    if why is None and not clear and not max(-low, high) <= SMALL:
        why = worded(OPEN, n=str(equation.n), low=f"{low:.2f}", high=f"{high:.2f}")
    about = f"{equation.sources[j]} -> {equation.target}"
    grade: Grade
    if why is not None:
        said, grade = worded(SILENT, why=why, **labels), "told"
    elif clear:
        said, grade = worded(SIGNAL, p=_p(p), r=_r(error), **labels), "doubtful"
    else:
        said, grade = worded(CLEAN, **labels), "good"
    return Verdict("structure", "Gaussian copula", about, grade, said, p, "hult2018addressing")


def _reasons(equation: Equation, j: int, found: CopulaCheck) -> Iterator[Text]:
    """Yield what keeps the check from saying anything of a predictor, whatever it finds."""
    shape, x = equation.shapes[j], found.model.label(equation.sources[j])
    if shape.distinct < DISTINCT:
        yield worded(STEPS, x=x, count=str(shape.distinct))
    if not shape.p_value < NORMAL:
        yield worded(NEAR_NORMAL, x=x, skew=f"{shape.skewness:.2f}", p=_p(shape.p_value))


def _r(error: Spread) -> str:
    return f"{float(error.estimate[0]):.2f}"


def _p(p: float) -> str:
    """Return a p value for a sentence."""
    return f"= {p:.3f}" if not p < 0.001 else "< 0.001"
