"""What variance inflation, formative weights and redundancy analysis mean, in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.assess.blocks import formed
from csi.assess.formative import Standing, standing
from csi.assess.measurement_limits import CONVERGENT, VIF_CRITICAL, VIF_HIGH
from csi.assess.sentence_parts import Row, rows_of, shown, span
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

CAUSE = Text(
    "The other causes of {target} say much the same as {name} (variance inflation {value}): the "
    "path {name} -> {target} cannot be read by itself. Leave out a path, or make one construct of "
    "causes that are alike.",
    "{target}的其他成因与{name}内容高度重合（方差膨胀因子{value}）："
    "路径{name}→{target}无法单独解读。请删去一条路径，或将相近的成因合并。",
)
CAUSE_HIGH = Text(
    "The other causes of {target} overlap with {name} (variance inflation {value}): read the path "
    "{name} -> {target} with its interval.",
    "{target}的其他成因与{name}有所重合（方差膨胀因子{value}）："
    "解读路径{name}→{target}时请参看其置信区间。",
)
NO_INFLATION = Text(
    "Variance inflation of {name} among the causes of {target} cannot be computed: the "
    "correlations of these constructs are impossible. Paths to {target} cannot be read.",
    "无法计算{name}在{target}各成因中的方差膨胀因子：这些潜变量的相关系数不可能成立。"
    "指向{target}的路径不可解读。",
)
ITEM = Text(
    "{item} repeats the other items of the formative construct {name} (variance inflation "
    "{value}): its weight cannot be read. Leave it out or join it with the item it repeats.",
    "{item}与形成型潜变量{name}的其他题目重复（方差膨胀因子{value}）：其权重不可解读。"
    "请删除该题，或与重复的题目合并。",
)
ITEM_HIGH = Text(
    "{item} overlaps with the other items of the formative construct {name} (variance inflation "
    "{value}): read its weight with its interval.",
    "{item}与形成型潜变量{name}的其他题目有所重合（方差膨胀因子{value}）："
    "解读其权重时请参看置信区间。",
)
SEPARATE = Text(
    "No cause repeats the others: the largest variance inflation is {value}.",
    "各成因之间没有明显重复：最大方差膨胀因子为{value}。",
)
STANDING: dict[Standing, tuple[Grade, Text]] = {
    "keep": (
        "good",
        Text(
            "{item} adds something of its own to {name} (weight {weight}, p {p}).",
            "{item}对{name}有独立贡献（权重{weight}，p值{p}）。",
        ),
    ),
    "keep: loading": (
        "doubtful",
        Text(
            "{item} adds nothing to {name} that the other items do not (weight {weight}, p {p}), "
            "but goes with it by itself (loading {loading}): keep it.",
            "在其他题目之外，{item}对{name}没有独立贡献（权重{weight}，p值{p}），"
            "但单独看与其相关（载荷{loading}）：可保留。",
        ),
    ),
    "consider": (
        "doubtful",
        Text(
            "{item} adds nothing to {name} (weight {weight}, p {p}) and has little to do with it "
            "(loading {loading}): keep it only if the content of {name} needs it.",
            "{item}对{name}没有独立贡献（权重{weight}，p值{p}），且关联较弱（载荷{loading}）："
            "仅在内容上不可缺少时保留。",
        ),
    ),
    "leave out": (
        "poor",
        Text(
            "{item} adds nothing to {name} (weight {weight}, p {p}) and does not go with it "
            "(loading {loading}): leave it out, unless {name} would mean something else without "
            "it.",
            "{item}对{name}没有独立贡献（权重{weight}，p值{p}），也与其无关（载荷{loading}）："
            "除非缺少它会改变{name}的含义，否则应删除。",
        ),
    ),
}
CONVERGES = Text(
    "The items of {name} cover what the global question asks (path {value}, {span}; {threshold} "
    "is wanted).",
    "{name}的题目涵盖了总体性问题所问的内容（路径系数{value}，{span}；要求{threshold}以上）。",
)
PARTLY = Text(
    "The items of {name} may not cover all that the global question asks (path {value}, {span}; "
    "{threshold} is wanted): ask what is missing, and take more respondents.",
    "{name}的题目可能未完全涵盖总体性问题的内容（路径系数{value}，{span}；要求{threshold}以上）："
    "请考虑遗漏了什么，并增加样本量。",
)
LACKING = Text(
    "The items of {name} leave out much of what the global question asks (path {value}, {span}; "
    "{threshold} is wanted): look for items that are missing.",
    "{name}的题目遗漏了总体性问题的许多内容（路径系数{value}，{span}；要求{threshold}以上）："
    "请寻找缺失的题目。",
)


def collinearity_verdicts(table: pd.DataFrame, model: Model) -> tuple[Verdict, ...]:
    """Judge variance inflation of causes, and of items of formative constructs.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.collinearity.collinearity_table`.
    model : Model

    Returns
    -------
    tuple of Verdict
        Poor from 5 on and where there is no factor, doubtful from 3 on [hair2019use]; items of
        other constructs have weights by correlation, which collinearity does not harm.
    """
    blocks = [construct.name for construct in model.constructs if formed(construct)]
    causes = table[table["measure"] == "cause_VIF"]
    several = [t for t in causes["construct"].unique() if len(model.predecessors(t)) > 1]
    causes = causes[causes["construct"].isin(several)]
    items = table[(table["measure"] == "item_VIF") & table["construct"].isin(blocks)]
    said: list[Verdict] = []
    for row in rows_of(pd.concat([causes, items])):
        value = float(row["estimate"])
        if value < VIF_HIGH:
            continue
        said.append(_inflated(row, model, value))
    judged = pd.concat([causes, items])["estimate"]
    if said or judged.empty:
        return tuple(said)
    most = float(judged.max())
    sentence = worded(SEPARATE, value=shown(most, 1))
    return (Verdict("measurement", "VIF", "", "good", sentence, most, "hair2019use"),)


def _inflated(row: Row, model: Model, value: float) -> Verdict:
    """Judge one variance inflation factor that stands out."""
    target, predictor, measure = (str(row[c]) for c in ("construct", "predictor", "measure"))
    grade: Grade = "doubtful" if value < VIF_CRITICAL else "poor"
    label = model.label(target)
    if measure == "item_VIF":
        template = ITEM_HIGH if grade == "doubtful" else ITEM
        sentence = worded(template, item=predictor, name=label, value=shown(value, 1))
        return Verdict("measurement", measure, predictor, grade, sentence, value, "hair2019use")
    template = CAUSE_HIGH if grade == "doubtful" else CAUSE
    template = NO_INFLATION if np.isnan(value) else template
    name = model.label(predictor)
    sentence = worded(template, name=name, target=label, value=shown(value, 1))
    about = f"{predictor} -> {target}"
    return Verdict("structure", measure, about, grade, sentence, value, "hair2019use")


def formative_verdicts(
    table: pd.DataFrame, model: Model, *, level: float = 0.95
) -> tuple[Verdict, ...]:
    """Judge every item of formative constructs by its weight and, if need be, its loading.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.formative.formative_table`.
    model : Model
    level : float
        Confidence level of the tests.

    Returns
    -------
    tuple of Verdict
        See `csi.assess.formative.standing`.
    """
    said = []
    for item in table["item"].unique():
        own = {row["measure"]: row for row in rows_of(table[table["item"] == item])}
        weight, loading = own["weight"], own["loading"]
        found = standing(
            float(weight["p_value"]),
            float(loading["estimate"]),
            float(loading["p_value"]),
            level=level,
        )
        grade, template = STANDING[found]
        value = float(weight["estimate"])
        p = float(weight["p_value"])
        sentence = worded(
            template,
            item=str(item),
            name=model.label(str(weight["construct"])),
            weight=shown(value),
            loading=shown(float(loading["estimate"])),
            p="< 0.001" if p < 0.001 else shown(p, 3),
        )
        said.append(
            Verdict("measurement", "weight", str(item), grade, sentence, value, "hair2019use")
        )
    return tuple(said)


def redundancy_verdict(table: pd.DataFrame, label: Text) -> Verdict:
    """Judge the convergent validity of a formative block.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.redundancy.redundancy_analysis`.
    label : Text
        The construct's label.

    Returns
    -------
    Verdict
        Good from 0.708 on, poor where the interval lies below it, doubtful between
        [hair2019use].
    """
    row = rows_of(table)[0]
    value = float(row["estimate"])
    if abs(value) >= CONVERGENT:
        grade: Grade = "good"
    else:
        below = max(abs(row["lower"]), abs(row["upper"])) < CONVERGENT
        grade = "poor" if below else "doubtful"
    template = {"good": CONVERGES, "poor": LACKING}.get(grade, PARTLY)
    sentence = worded(
        template, name=label, value=shown(value), span=span(row), threshold=shown(CONVERGENT, 3)
    )
    about = str(row["construct"])
    return Verdict("measurement", "redundancy_path", about, grade, sentence, value, "hair2019use")
