"""What prediction out of sample says of a model, in sentences."""

from __future__ import annotations

import pandas as pd

from csi.assess.predict import Prediction
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

SOURCE = "shmueli2019predictive"

GRADES: dict[str, Grade] = {"high": "good", "medium": "good", "low": "doubtful", "none": "poor"}
"""Predictive power [shmueli2019predictive] as a grade; an item that the plain average predicts as
well makes ``good`` ``doubtful``."""

_CONSTRUCT = Text(
    "{name}: for customers outside the estimation the model predicts {better} of {count} with a "
    "smaller error ({by}) than a linear regression, and {saved}: {power}.{rest}",
    "{name}：对未参与估计的顾客，{count}中有{better}个的预测误差（{by}）小于线性回归，{saved}：{power}。{rest}",
)

_SAVED = Text(
    "its squared error is {q2} below that of the plain average (Q²_predict)",
    "平方误差比直接取均值低{q2}（Q²_predict）",
)

_NOT_SAVED = Text(
    "over all its items it does no better than the plain average (Q²_predict {q2})",
    "就全部题目而言，并不优于直接取均值（Q²_predict为{q2}）",
)

_POWER = {
    "high": Text(
        "predictive power is high, a regression finds nothing that the model leaves out",
        "预测能力强，线性回归也找不出模型遗漏的信息",
    ),
    "medium": Text(
        "predictive power is medium, for some items a regression finds a little more",
        "预测能力中等，对部分题目，线性回归能多利用一些信息",
    ),
    "low": Text(
        "predictive power is low, for most items a regression finds more; look for a missing path "
        "or antecedent before using the model to predict",
        "预测能力弱，对多数题目，线性回归能利用更多信息；用于预测之前，请检查是否遗漏了路径或前因变量",
    ),
    "none": Text(
        "the model has no predictive power here; read its paths as description only, and look for "
        "missing paths or antecedents",
        "模型在此没有预测能力；其路径只宜作描述，请检查是否遗漏了路径或前因变量",
    ),
}

_BEATEN = Text(
    "it is predicted better than by the plain average, but no item better than by a regression; "
    "read its paths as description, and look for missing paths or antecedents before using the "
    "model to predict",
    "模型优于直接取均值，但没有一个题目优于线性回归；其路径宜作描述，用于预测之前请检查是否遗漏了路径或前因变量",
)

_NOT_ABOVE = Text(
    " The plain average predicts {items} as well or better.",
    "题目{items}直接取均值也能预测得同样好甚至更好。",
)

_BY = {
    "rmse": Text("root mean squared error", "均方根误差"),
    "mae": Text("mean absolute error, as errors are skewed", "平均绝对误差，因误差分布偏斜"),
}

_NOBODY = Text(
    "{name}: nobody answered an item of it together with all items it is predicted from, so that "
    "there is nothing to judge.",
    "{name}：没有受访者同时回答了其题目及预测所需的全部题目，无从评判。",
)

_INDEX = Text(
    "{name} of a single customer is predicted with a mean absolute error of {mae} points on the "
    "0-100 scale, against {ia} points when everybody is taken to be average and {lm} points by "
    "linear regression. This is the error for one person; the margin of error of the index is "
    "far smaller.",
    "预测单个顾客的{name}得分，平均绝对误差为{mae}分（0—100分制）；若对所有人都取均值，误差为{ia}分；"
    "用线性回归，误差为{lm}分。这是对个人的误差，指数本身的误差要小得多。",
)

_FAILED = Text(
    "{failed} of {folds} folds had no solution, and their respondents were not predicted there; "
    "look for items that hardly vary, or take more folds, which leave more to estimate from.",
    "{folds}折中有{failed}折估计无解，相应受访者未作预测；请检查几乎没有变化的题目，"
    "或增加折数以扩大训练样本。",
)

_LEFT = Text(
    "{pairs} answers to predicted items ({share}) were not predicted, because they or answers they "
    "rest on are missing; nothing was filled in.",
    "待预测的作答中有{pairs}个（{share}）因其本身或预测所需的作答缺失而未作预测；未作任何填补。",
)


def prediction_verdicts(prediction: Prediction) -> tuple[Verdict, ...]:
    """Return a verdict on each endogenous construct, on the index, and on what was left out.

    Parameters
    ----------
    prediction : Prediction
    """
    return tuple(
        [_on_construct(prediction, row) for _, row in prediction.constructs.iterrows()]
        + _on_index(prediction)
        + _told(prediction)
    )


def _on_construct(prediction: Prediction, row: pd.Series) -> Verdict:
    """Return the verdict on one construct."""
    name, power = str(row["construct"]), str(row["power"])
    label = prediction.model.label(name)
    if not power:
        said = worded(_NOBODY, name=label)
        return Verdict("prediction", "PLSpredict", name, "told", said, source=SOURCE)
    own = prediction.items[prediction.items["construct"] == name]
    low = own.loc[~(own["q2_predict"] > 0), "item"].tolist()
    rest = Text()
    if low and power != "none":
        rest = worded(_NOT_ABOVE, items=Text(", ".join(low), "、".join(low)))
    q2, items = float(row["q2_predict"]), int(row["items"])
    beaten = power == "none" and q2 > 0 and not low
    saved = worded(_SAVED, q2=f"{100 * q2:.0f}%")
    if not q2 > 0:
        saved = worded(_NOT_SAVED, q2=f"{q2:.3f}")
    said = worded(
        _CONSTRUCT,
        name=label,
        better=str(row["better"]),
        count=Text(f"{items} items" if items > 1 else "1 item", f"{items}个题目"),
        by=_BY[str(row["judged_by"])],
        saved=saved,
        power=_BEATEN if beaten else _POWER[power],
        rest=rest,
    )
    grade: Grade = "doubtful" if beaten else GRADES[power]
    if low and grade == "good":
        grade = "doubtful"
    return Verdict("prediction", "PLSpredict", name, grade, said, q2, SOURCE)


def _on_index(prediction: Prediction) -> list[Verdict]:
    """Return how far the index score of one customer is missed; nothing where it is exogenous."""
    errors = prediction.index.set_index("predictor")["mae"]
    if not errors.notna().all():
        return []
    name = prediction.model.index
    said = worded(
        _INDEX,
        name=prediction.model.label(name),
        mae=f"{errors['pls']:.1f}",
        ia=f"{errors['ia']:.1f}",
        lm=f"{errors['lm']:.1f}",
    )
    return [Verdict("prediction", "index error", name, "told", said, float(errors["pls"]))]


def _told(prediction: Prediction) -> list[Verdict]:
    """Return what a reader must know of folds and missing answers."""
    counts, out = prediction.counts, []
    if counts["folds_failed"]:
        folds = len(prediction.errors.fold_sizes)
        said = worded(_FAILED, failed=str(counts["folds_failed"]), folds=str(folds))
        value = float(counts["folds_failed"])
        out.append(Verdict("prediction", "folds", "", "doubtful", said, value))
    left = int(prediction.items["left_out"].sum())
    if left:
        share = left / (len(prediction.items) * counts["respondents"])
        said = worded(_LEFT, pairs=str(left), share=f"{100 * share:.0f}%")
        out.append(Verdict("prediction", "missing answers", "", "told", said, share))
    return out
