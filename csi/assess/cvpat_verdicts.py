"""What the predictive ability test says, in sentences."""

from __future__ import annotations

import pandas as pd

from csi.assess.cvpat import OVERALL, Cvpat
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

SOURCE = "sharma2023predictive"

_GRADES: dict[tuple[str, str], Grade] = {
    ("ia", "better"): "good",
    ("ia", "alike"): "doubtful",
    ("ia", "worse"): "poor",
    ("lm", "better"): "good",
    ("lm", "alike"): "told",
    ("lm", "worse"): "doubtful",
}
"""Beating the averages is the least that is asked of a model; beating the linear model is strong
[sharma2023predictive]. Between two models there is no good or bad."""

_SAID = {
    ("ia", "better"): Text(
        "{name}: beyond chance the model predicts better than plain averages ({figures}). It "
        "passes the least that is asked of a predictive model.",
        "{name}：模型的预测显著优于均值基准（{figures}），达到了预测模型的最低要求。",
    ),
    ("ia", "alike"): Text(
        "{name}: the model does not predict better than plain averages beyond chance ({figures}). "
        "Do not use it to predict; more respondents or other antecedents may help.",
        "{name}：模型的预测并不显著优于均值基准（{figures}），不宜用于预测；"
        "可增加样本量或补充前因变量。",
    ),
    ("ia", "worse"): Text(
        "{name}: beyond chance plain averages predict better than the model ({figures}). Do not "
        "use it to predict.",
        "{name}：均值基准的预测显著优于模型（{figures}），不可用于预测。",
    ),
    ("lm", "better"): Text(
        "{name}: beyond chance the model predicts better than a linear regression of each item "
        "({figures}): strong predictive validity, if the difference is large enough to matter; a "
        "regression pays for every coefficient it does not need.",
        "{name}：模型的预测显著优于逐题线性回归（{figures}），预测效度强；但也要看差异是否大到有实际意义，因为回归要为多余的系数付出代价。",
    ),
    ("lm", "alike"): Text(
        "{name}: no difference beyond chance between the model and a linear regression of each "
        "item ({figures}). The model is the simpler of the two.",
        "{name}：模型与逐题线性回归的预测没有显著差异（{figures}），而模型更为简洁。",
    ),
    ("lm", "worse"): Text(
        "{name}: beyond chance a linear regression of each item predicts better than the model "
        "({figures}). Items know something that constructs or paths leave out; look for missing "
        "paths.",
        "{name}：逐题线性回归的预测显著优于模型（{figures}），说明题目中有构念或路径未利用的信息，"
        "请检查是否遗漏路径。",
    ),
    ("model", "better"): Text(
        "{name}: beyond chance {first} predicts better than {second} ({figures}). Where prediction "
        "is the aim, take {first}.",
        "{name}：“{first}”的预测显著优于“{second}”（{figures}）；若以预测为目的，应选前者。",
    ),
    ("model", "alike"): Text(
        "{name}: no difference beyond chance between the predictions of {first} and {second} "
        "({figures}). Choose by theory, or take the simpler one.",
        "{name}：“{first}”与“{second}”的预测没有显著差异（{figures}）；应依据理论选择，或取更简洁者。",
    ),
    ("model", "worse"): Text(
        "{name}: beyond chance {second} predicts better than {first} ({figures}). Where prediction "
        "is the aim, take {second}.",
        "{name}：“{second}”的预测显著优于“{first}”（{figures}）；若以预测为目的，应选前者。",
    ),
}

_FIGURES = Text(
    "difference of mean squared errors {difference}, {level} interval {lower} to {upper}, {p}",
    "均方误差之差{difference}，{level}区间{lower}至{upper}，{p}",
)

_ALL = Text("All constructs together", "全部构念合计")


def cvpat_verdicts(test: Cvpat) -> tuple[Verdict, ...]:
    """Return a verdict on every row of the test that has a figure.

    Parameters
    ----------
    test : Cvpat

    Notes
    -----
    A difference is beyond chance where its p value (t test under the design) is below one less the
    level of the options.
    """
    return tuple(_verdict(test, row) for _, row in test.table.iterrows() if row["p"] >= 0)


def _verdict(test: Cvpat, row: pd.Series) -> Verdict:
    """Return the verdict on one row."""
    result = "alike"
    if row["p"] < 1.0 - test.options.level:
        result = "better" if row["difference"] < 0 else "worse"
    side = str(row["against"]) if test.other is None else "model"
    about = "" if row["about"] == OVERALL else str(row["about"])
    p = float(row["p"])
    figures = worded(
        _FIGURES,
        difference=f"{row['difference']:.3f}",
        lower=f"{row['lower']:.3f}",
        upper=f"{row['upper']:.3f}",
        level=f"{100 * test.options.level:g}%",
        p=f"p = {p:.3f}" if p >= 0.0005 else "p < 0.001",
    )
    said = worded(
        _SAID[side, result],
        name=test.model.label(about) if about else _ALL,
        figures=figures,
        first=Text(test.model.name, test.model.name),
        second=Text(str(row["against"]), str(row["against"])),
    )
    measure = f"CVPAT against {row['against']}"
    grade: Grade = _GRADES.get((side, result), "told")
    return Verdict("prediction", measure, about, grade, said, float(row["difference"]), SOURCE)
