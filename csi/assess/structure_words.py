"""Verdicts on the structural model, by stated conventions: the only place of their thresholds."""

from __future__ import annotations

import math

from csi.assess.exact_fit import ExactFit
from csi.assess.model_fit import DISTANCES
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

SUBSTANTIAL, MODERATE, WEAK, LEAST = 0.75, 0.50, 0.25, 0.10
"""R2 from which on explanation is substantial, moderate, weak [hair2011pls]; the least that a
construct worth explaining should have [falk1992primer]."""

LARGE, MEDIUM, SMALL = 0.35, 0.15, 0.02
"""f2 from which on an effect is large, medium, small [cohen1988statistical]."""

SRMR_GOOD, SRMR_FAIR = 0.08, 0.10
"""SRMR up to which a model fits well [hu1999cutoff], or acceptably [schermelleh2003evaluating]."""

NFI_GOOD = 0.90
"""NFI from which on a model fits [bentler1980significance]."""

THETA_GOOD = 0.12
"""RMS_theta up to which reflective measurement is well specified [henseler2014common]."""


def r2_verdict(model: Model, name: str, r2: float, lower: float, upper: float) -> Verdict:
    """Judge the explained variance of one construct.

    A weak share of another construct than the index is told and not judged: a construct early in
    the model has few predictors there.

    Parameters
    ----------
    model : Model
    name : str
    r2, lower, upper : float
        With its interval; NaN ends where there is none.

    Examples
    --------
    >>> from csi.model import models
    >>> model = models.load("ecsi_mobile")
    >>> r2_verdict(model, "Satisfaction", 0.68, 0.6, 0.76).grade
    'good'
    """
    template, grade = _R2_NONE, "poor"
    own = name == model.index
    for least, words, level in (
        (SUBSTANTIAL, _R2_SUBSTANTIAL, "good"),
        (MODERATE, _R2_MODERATE, "good"),
        (WEAK, _R2_WEAK_INDEX if own else _R2_WEAK, "doubtful" if own else "told"),
        (LEAST, _R2_LITTLE, "doubtful"),
    ):
        if r2 >= least:
            template, grade = words, level
            break
    sentence = worded(
        template,
        name=model.label(name),
        share=f"{100 * r2:.0f}",
        limits=_limits(100 * lower, 100 * upper, 0),
    )
    return Verdict("structure", "R2", name, _grade(grade), sentence, r2, "hair2011pls")


def f2_verdict(model: Model, source: str, target: str, f2: float, upper: float) -> Verdict:
    """Judge the effect size of one path; `upper` is the end of its interval, NaN without one."""
    words = next((text for least, text in _F2 if f2 >= least), _F2_NONE)
    if f2 < SMALL <= upper:
        words = _F2_OPEN
    sentence = worded(
        words,
        source=model.label(source),
        target=model.label(target),
        value=f"{f2:.2f}",
        upper=f"{upper:.2f}",
    )
    grade: Grade = "good" if f2 >= SMALL else "doubtful"
    about = f"{source} -> {target}"
    return Verdict("structure", "f2", about, grade, sentence, f2, "cohen1988statistical")


def q2_verdict(model: Model, name: str, q2: float) -> Verdict:
    """Judge the predictive relevance of the predictors of one construct."""
    words, grade = (_Q2_GOOD, "good") if q2 > 0 else (_Q2_POOR, "poor")
    sentence = worded(words, name=model.label(name), value=f"{q2:.2f}")
    return Verdict("structure", "Q2", name, _grade(grade), sentence, q2, "hair2011pls")


def srmr_verdict(structure: str, srmr: float) -> Verdict:
    """Judge the SRMR of the saturated or the estimated model."""
    words, grade = _SRMR_POOR, "poor"
    if srmr <= SRMR_FAIR:
        words, grade = _SRMR_FAIR, "doubtful"
    if srmr <= SRMR_GOOD:
        words, grade = _SRMR_GOOD, "good"
    sentence = worded(words, model=_MODELS[structure], value=f"{srmr:.3f}")
    source = "hu1999cutoff" if grade != "doubtful" else "schermelleh2003evaluating"
    return Verdict("structure", "SRMR", structure, _grade(grade), sentence, srmr, source)


def nfi_verdict(structure: str, nfi: float) -> Verdict:
    """Judge the NFI of the saturated or the estimated model."""
    words, grade = (_NFI_GOOD, "good") if nfi >= NFI_GOOD else (_NFI_LOW, "doubtful")
    sentence = worded(words, model=_MODELS[structure], value=f"{nfi:.2f}")
    source = "bentler1980significance"
    return Verdict("structure", "NFI", structure, _grade(grade), sentence, nfi, source)


def theta_verdict(theta: float, *, reflective: bool) -> Verdict:
    """Judge RMS_theta; a convention judges it only where all constructs are reflective factors."""
    words, grade = (_THETA_GOOD, "good") if theta <= THETA_GOOD else (_THETA_HIGH, "doubtful")
    if not reflective:
        words, grade = _THETA_TOLD, "told"
    sentence = worded(words, value=f"{theta:.3f}")
    return Verdict(
        "structure", "RMS_theta", "", _grade(grade), sentence, theta, "henseler2014common"
    )


def exact_verdict(test: ExactFit, at: int = 0) -> Verdict:
    """Say what a test of exact fit found.

    Parameters
    ----------
    test : ExactFit
    at : int
        Which of SRMR, d_ULS, d_G.
    """
    p = float(test.p_values[at])
    words, grade = (_EXACT_KEPT, "good") if p >= test.level else (_EXACT_REJECTED, "doubtful")
    value, critical = _apart(float(test.observed[at]), float(test.critical[at]))
    sentence = worded(
        words,
        model=_MODELS[test.structure],
        p=_p_words(p),
        critical=critical,
        value=value,
        measure=DISTANCES[at],
    )
    name = f"exact fit {DISTANCES[at]}"
    source = "dijkstra2015normal"
    return Verdict("structure", name, test.structure, _grade(grade), sentence, p, source)


def misfit_verdict(saturated: ExactFit, estimated: ExactFit) -> Verdict | None:
    """Say where the misfit comes from where only one of the two models is rejected; else None."""
    kept = [float(test.p_values[0]) >= test.level for test in (saturated, estimated)]
    if kept == [True, False]:
        p = float(estimated.p_values[0])
        return Verdict("structure", "source of misfit", "", "told", _PATHS_MISSING, p)
    return None


def _apart(value: float, limit: float) -> tuple[str, str]:
    """Return two numbers with three decimals, or as many as tell them apart, at most six.

    Examples
    --------
    >>> _apart(0.032, 0.030), _apart(0.03214, 0.03206)
    (('0.032', '0.030'), ('0.03214', '0.03206'))
    """
    for digits in range(3, 7):
        shown = f"{value:.{digits}f}", f"{limit:.{digits}f}"
        if shown[0] != shown[1]:
            break
    return shown


def _p_words(p: float) -> str:
    """Return a p value in words of a sentence."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _limits(lower: float, upper: float, digits: int) -> Text:
    """Return an interval in brackets, nothing where there is none."""
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return Text("", "")
    low, high = f"{lower:.{digits}f}", f"{upper:.{digits}f}"
    return Text(f" (between {low} % and {high} %)", f"（区间{low}%至{high}%）")


def _grade(word: str) -> Grade:
    """Return a grade, for the type checker."""
    grades: dict[str, Grade] = {"good": "good", "doubtful": "doubtful", "poor": "poor"}
    return grades.get(word, "told")


_MODELS = {
    "saturated": Text("measurement part (saturated model)", "测量部分（饱和模型）"),
    "estimated": Text("whole model (measurement and paths)", "整体模型（测量与路径）"),
}

_R2_SUBSTANTIAL = Text(
    "The model explains {share} % of the differences in {name}{limits}: a substantial part. Its "
    "drivers are well covered.",
    "模型解释了“{name}”{share}%的差异{limits}，解释力强，主要驱动因素已较好覆盖。",
)
_R2_MODERATE = Text(
    "The model explains {share} % of the differences in {name}{limits}: a moderate part. Most of "
    "what drives it is in the model, but not all.",
    "模型解释了“{name}”{share}%的差异{limits}，解释力中等：多数驱动因素已包含在内，但并不完全。",
)
_R2_WEAK = Text(
    "The model explains only {share} % of the differences in {name}{limits}. Look for drivers that "
    "the questionnaire does not ask about.",
    "模型仅解释了“{name}”{share}%的差异{limits}，解释力较弱。请考虑问卷中未涉及的驱动因素。",
)
_R2_WEAK_INDEX = Text(
    "The model explains only {share} % of the differences in {name}{limits}. This is the index, "
    "whose drivers the questionnaire is there to find: for other constructs the same share is "
    "told and not judged. Look for drivers that the questionnaire does not ask about.",
    "模型仅解释了“{name}”{share}%的差异{limits}，解释力较弱。该潜变量即指数，问卷正是为了找出其驱动因素，"
    "因此对其作出评判，而对其他潜变量仅作说明。请考虑问卷中未涉及的驱动因素。",
)
_R2_LITTLE = Text(
    "The model explains little of {name}: {share} % of the differences{limits}. Most of what moves "
    "it is not in the model.",
    "模型对“{name}”的解释较少：{share}%的差异{limits}，影响它的因素大多不在模型之中。",
)
_R2_NONE = Text(
    "The model explains hardly anything of {name}: {share} % of the differences{limits}. Do not "
    "plan actions on this construct from these paths.",
    "模型对“{name}”的解释很有限：仅{share}%的差异{limits}。请勿依据这些路径对该潜变量制定措施。",
)
_F2 = (
    (
        LARGE,
        Text(
            "The effect of {source} on {target} is large (f² {value}).",
            "“{source}”对“{target}”的影响很大（f²为{value}，大效应）。",
        ),
    ),
    (
        MEDIUM,
        Text(
            "The effect of {source} on {target} is of medium size (f² {value}).",
            "“{source}”对“{target}”有明显影响（f²为{value}，中等效应）。",
        ),
    ),
    (
        SMALL,
        Text(
            "The effect of {source} on {target} is small (f² {value}).",
            "“{source}”对“{target}”的影响较小（f²为{value}，小效应）。",
        ),
    ),
)
_F2_NONE = Text(
    "Beside the other predictors of {target}, {source} explains practically nothing more (f² "
    "{value}, below 0.02). The path could be left out; do not expect that work on {source} moves "
    "{target} directly.",
    "在其他前因变量之外，“{source}”对解释“{target}”几乎没有贡献（f²为{value}，低于0.02）。"
    "该路径可考虑删除；不要指望改进“{source}”能直接提升“{target}”。",
)
_F2_OPEN = Text(
    "In this sample {source} explains practically nothing of {target} beside its other predictors "
    "(f² {value}), but up to {upper} is possible. Do not count on the path.",
    "在本样本中，扣除其他前因变量后，“{source}”对解释“{target}”几乎没有贡献（f²为{value}），"
    "但最高可能达到{upper}。暂不宜依赖该路径。",
)
_Q2_GOOD = Text(
    "Answers about {name} that were taken out are predicted better by the model than by their "
    "means (Q² {value}, above 0).",
    "对被剔除的“{name}”回答，模型的预测优于均值（Q²为{value}，大于0），具有预测相关性。",
)
_Q2_POOR = Text(
    "For answers about {name} that were taken out the means are as good as the model (Q² {value}, "
    "not above 0). Do not predict {name} with this model.",
    "对被剔除的“{name}”回答，模型的预测不优于均值（Q²为{value}，不大于0）。请勿用该模型预测“{name}”。",
)
_SRMR_GOOD = Text(
    "The {model} reproduces the correlations of the answers well (SRMR {value}, at most 0.08).",
    "{model}很好地再现了各题回答之间的相关（SRMR为{value}，不超过0.08）。",
)
_SRMR_FAIR = Text(
    "The {model} reproduces the correlations of the answers acceptably, not well (SRMR {value}, "
    "between 0.08 and 0.10). Look at the largest residuals.",
    "{model}对各题回答之间相关的再现尚可接受，但不够好（SRMR为{value}，介于0.08与0.10之间）。请检查最大的残差。",
)
_SRMR_POOR = Text(
    "The {model} does not reproduce the correlations of the answers (SRMR {value}, above 0.10). "
    "Something is missing: a path, or items that belong elsewhere.",
    "{model}未能再现各题回答之间的相关（SRMR为{value}，高于0.10）。可能缺少路径，或有题目归属不当。",
)
_NFI_GOOD = Text(
    "Compared with unrelated answers the {model} fits well (NFI {value}, at least 0.90).",
    "与题目互不相关的模型相比，{model}拟合良好（NFI为{value}，不低于0.90）。",
)
_NFI_LOW = Text(
    "Compared with unrelated answers the {model} fits less well than the usual 0.90 (NFI {value}). "
    "PLS does not aim at this measure; give more weight to SRMR and the test of exact fit.",
    "与题目互不相关的模型相比，{model}的拟合未达到通常的0.90（NFI为{value}）。"
    "PLS并不以此指标为优化目标，宜更看重SRMR与精确拟合检验。",
)
_THETA_GOOD = Text(
    "What the constructs leave of the answers is nearly unrelated (RMS_theta {value}, at most "
    "0.12), as it should be for reflective items.",
    "剔除潜变量后，各题残差几乎互不相关（RMS_theta为{value}，不超过0.12），符合反映型测量的要求。",
)
_THETA_HIGH = Text(
    "What the constructs leave of the answers is still related (RMS_theta {value}, above 0.12). "
    "Look for items that ask nearly the same, or that belong to another construct.",
    "剔除潜变量后，各题残差仍然相关（RMS_theta为{value}，高于0.12）。请检查含义几乎相同或应归入其他潜变量的题目。",
)
_THETA_TOLD = Text(
    "RMS_theta is {value}. The convention (at most 0.12) is for factors of reflective items and "
    "does not judge composites.",
    "RMS_theta为{value}。其标准（不超过0.12）适用于反映型因子，不适用于组合变量（composite）。",
)
_EXACT_KEPT = Text(
    "The misfit of the {model} is no larger than chance makes it ({measure} {value}, chance "
    "reaches {critical}; {p}). Nothing speaks against the model.",
    "{model}的失拟没有超出偶然范围（{measure}为{value}，偶然可达{critical}；{p}），没有证据否定该模型。",
)
_EXACT_REJECTED = Text(
    "The misfit of the {model} is larger than chance makes it ({measure} {value}, chance reaches "
    "{critical}; {p}): the model is not exactly true. With many respondents that is found for "
    "small misfit too; judge by the size of the SRMR.",
    "{model}的失拟超出偶然范围（{measure}为{value}，偶然仅可达{critical}；{p}），即模型并非严格成立。"
    "样本大时，微小的失拟也会被检出；请结合SRMR的大小判断。",
)
_PATHS_MISSING = Text(
    "The items measure their constructs as the model says, but the paths do not account for how "
    "the constructs go together: most likely a path is missing. Compare models with further paths.",
    "各题对潜变量的测量符合模型，但现有路径不足以说明潜变量之间的关系：可能缺少路径。请比较增加路径后的模型。",
)
