"""Inadmissible solutions: figures of a fit that no population can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray
from csi.assess.blocks import method_of, part_whole
from csi.assess.kernel_spectrum import least_eigenvalue
from csi.assess.measurement_limits import MANY
from csi.assess.sentence_parts import percent, rows_of, shown
from csi.estimate.fit import Fit
from csi.index.replicated import Replicated
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

ROUNDING = 1e-9
"""A figure beyond a limit by no more than this is at it."""

SAYS: dict[str, Text] = {
    "loading": Text(
        "The loading of {about} is {value}, beyond one: its error variance would be negative. "
        "Look at the item, or at items that say the same.",
        "{about}的载荷为{value}，超过1：其误差方差将为负。请检查该题及与其重复的题目。",
    ),
    "correlation": Text(
        "The correlation of {about} is {value}, beyond one: they are not two things. Make one "
        "construct of them.",
        "{about}的相关系数为{value}，超过1：它们并非两个不同的潜变量，请合并。",
    ),
    "r2": Text(
        "The causes of {about} explain {value} of it, more than all: the variance they leave is "
        "negative. Leave out a path, or join causes that are alike.",
        "{about}的成因解释了其方差的{value}，超过全部：剩余方差为负。"
        "请删去一条路径，或合并相近的成因。",
    ),
    "reliability": Text(
        "The reliability of {about} comes out as {value}, outside 0 to 1: its items do not "
        "behave like those of one factor. Look for items that run the wrong way.",
        "{about}的信度估计为{value}，超出0至1的范围：其题目不符合单一因子。请检查是否有反向题目。",
    ),
    "least_eigenvalue": Text(
        "The correlations of the constructs cannot all be true at once (smallest eigenvalue "
        "{value}): corrected for measurement error, some constructs are the same thing. Paths "
        "cannot be read; join constructs that are alike, or use PLS without correction.",
        "潜变量之间的相关系数不可能同时成立（最小特征值{value}）："
        "校正测量误差后，某些潜变量实为同一事物。路径不可解读；"
        "请合并相近的潜变量，或使用未校正的PLS。",
    ),
}
SOUND = Text(
    "The solution is one that a population can have: no correlation, loading or explained share "
    "is beyond one.",
    "解是可容许的：没有超过1的相关系数、载荷或解释比例。",
)
FRAGILE = Text(
    "{share} of the replicates have an inadmissible solution (a correlation, loading or explained "
    "share beyond one, or a negative weight): the model is at the edge of what this sample can "
    "carry. Take intervals with care, and join constructs that are alike.",
    "{share}的重抽样样本得到不可容许的解（相关、载荷或解释比例超过1，或权重为负）：该样本勉强支撑此模型。"
    "请谨慎对待置信区间，并考虑合并相近的潜变量。",
)
LOST = Text(
    "{share} of the replicates ({n} of {all}) gave no solution and are left out: errors and "
    "intervals rest on those that did, and are too narrow rather than too wide.",
    "{share}的重抽样样本（{all}个中的{n}个）没有得到解，已被剔除："
    "误差与置信区间仅基于其余样本，可能偏窄。",
)


def _loading(fit: Fit) -> Array:
    return np.abs(fit.loadings) - 1.0


def _correlation(fit: Fit) -> Array:
    rows, columns = np.triu_indices(len(fit.model.names), 1)
    excess = np.abs(fit.construct_corr[..., rows, columns]) - 1.0
    return np.where(part_whole(fit.model)[rows, columns], np.nan, excess)


def _r2(fit: Fit) -> Array:
    return fit.r2 - 1.0


def _reliability(fit: Fit) -> Array:
    return np.maximum(fit.reliability - 1.0, -fit.reliability)


def _least(fit: Fit) -> Array:
    # zero counts as beyond: two constructs are then the same
    return 2.0 * ROUNDING - _least_of(fit)


def _least_of(fit: Fit) -> Array:
    """Return the smallest eigenvalue (*batch, 1); a whole is made of its parts and stays out."""
    own = [j for j, construct in enumerate(fit.model.constructs) if not construct.parts]
    return least_eigenvalue(fit.construct_corr[..., own, :][..., own])[..., None]


EXCESS: dict[str, Callable[[Fit], Array]] = {
    "loading": _loading,
    "correlation": _correlation,
    "r2": _r2,
    "reliability": _reliability,
    "least_eigenvalue": _least,
}
"""By how much each figure of a fit is beyond its limit, (*batch, k)."""


def beyond(fit: Fit) -> dict[str, BoolArray]:
    """Return which figures of a fit no population can have.

    Parameters
    ----------
    fit : Fit
        Any batch, of any estimator.

    Returns
    -------
    dict of (*batch, k) flags
        ``loading`` of items beyond one (a negative error variance), ``correlation`` of pairs of
        constructs beyond one, ``r2`` above one (a negative disturbance), ``reliability`` outside 0
        to 1, ``least_eigenvalue`` of the construct correlations not positive.
    """
    with np.errstate(invalid="ignore"):
        return {name: np.asarray(excess(fit) > ROUNDING) for name, excess in EXCESS.items()}


def _about(model: Model, measure: str) -> list[str]:
    """Return what each figure of a measure is about."""
    if measure == "loading":
        return list(model.items)
    if measure == "correlation":
        rows, columns = np.triu_indices(len(model.names), 1)
        return [f"{model.names[i]}, {model.names[j]}" for i, j in zip(rows, columns, strict=True)]
    return [""] if measure == "least_eigenvalue" else list(model.names)


def _values(fit: Fit, measure: str) -> Array:
    """Return the figures themselves, (*batch, k)."""
    if measure == "correlation":
        rows, columns = np.triu_indices(len(fit.model.names), 1)
        return fit.construct_corr[..., rows, columns]
    if measure == "least_eigenvalue":
        return _least_of(fit)
    return {"loading": fit.loadings, "r2": fit.r2, "reliability": fit.reliability}[measure]


def admissibility_table(rep: Replicated) -> pd.DataFrame:
    """Return the figures that no population can have.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``measure, about, estimate, beyond, draws_share``: one row for each figure that is beyond
        its limit in the sample, or in at least 5 % of the replicates. ``beyond`` tells whether it
        is in the sample.
    """
    own, drawn = beyond(rep.fit), beyond(rep.draws)
    rows = []
    for measure in EXCESS:
        shares = drawn[measure][rep.usable].mean(axis=0) if rep.draws_used else np.nan
        shares = np.broadcast_to(shares, own[measure].shape)
        values = _values(rep.fit, measure)
        for k, about in enumerate(_about(rep.model, measure)):
            if own[measure][k] or shares[k] >= MANY:
                rows.append((measure, about, values[k], bool(own[measure][k]), shares[k]))
    return pd.DataFrame(rows, columns=["measure", "about", "estimate", "beyond", "draws_share"])


def admissibility_verdicts(rep: Replicated, table: pd.DataFrame) -> tuple[Verdict, ...]:
    """Tell what is impossible in a solution, and how many replicates were.

    Parameters
    ----------
    rep : Replicated
    table : DataFrame
        Of `admissibility_table`.
    """
    said = []
    for row in rows_of(table[table["beyond"].astype(bool)]):
        measure, value, about = str(row["measure"]), float(row["estimate"]), str(row["about"])
        digits = 3 if measure == "least_eigenvalue" else 2
        label = _labelled(rep.model, about)
        sentence = worded(SAYS[measure], about=label, value=shown(value, digits))
        said.append(Verdict("measurement", measure, about, "poor", sentence, value))
    if not said:
        said.append(Verdict("measurement", "admissible", "", "good", SOUND))
    return (*said, *_of_replicates(rep))


def _of_replicates(rep: Replicated) -> Iterator[Verdict]:
    """Tell how many replicates gave no solution, or an impossible one."""
    every = len(rep.usable)
    lost = every - rep.draws_used
    if lost:
        share = lost / every
        sentence = worded(LOST, share=percent(share), n=str(lost), all=str(every))
        grade: Grade = "poor" if share >= MANY else "told"
        yield Verdict("measurement", "replicates without solution", "", grade, sentence, share)
    away = float(np.mean(~rep.draws.admissible[rep.usable])) if rep.draws_used else 0.0
    if away >= MANY:
        sentence = worded(FRAGILE, share=percent(away))
        kind: Grade = "doubtful" if method_of(rep.fit) == "PLS" else "poor"
        yield Verdict("measurement", "inadmissible replicates", "", kind, sentence, away)


def _labelled(model: Model, about: str) -> Text:
    """Return constructs by their labels, items by their names."""
    names = about.split(", ")
    labels = [model.label(n) if n in model.names else Text(n, n) for n in names]
    return Text(
        " and ".join(label.within("en") for label in labels),
        "与".join(label.within("zh") for label in labels),
    )
