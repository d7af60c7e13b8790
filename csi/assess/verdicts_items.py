"""What loadings, cross-loadings and eigenvalues mean, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from csi.assess.blocks import why_not
from csi.assess.measurement_limits import EXTRACTED, ONE_DIMENSION, STRONG, WEAK
from csi.assess.sentence_parts import Row, rows_of, shown, span
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

VERY_WEAK = Text(
    "{item} hardly belongs to {name} (loading {value}, {span}): leave it out or reword it, unless "
    "the content of {name} would suffer.",
    "{item}与{name}几乎无关（载荷{value}，{span}）：除非会损害{name}的内容，否则应删除或改写。",
)
RATHER_WEAK = Text(
    "{name} explains less than half of its items, and these have small loadings: {items}. See "
    "whether its reliability and AVE rise without one of them.",
    "{name}解释其题目方差不到一半，其中载荷较小的有：{items}。"
    "请检验删去其中某题后信度与AVE是否提高。",
)
STRONG_ITEMS = Text(
    "No item is weak enough to be left out: the smallest loading is {value} ({item}).",
    "没有需要删除的弱题目：最小载荷为{value}（{item}）。",
)
ELSEWHERE = Text(
    "{item} goes with {other} more than with its own construct {name} (by {value}, {span}): "
    "move it, reword it or leave it out.",
    "{item}与{other}的关联强于其所属的{name}（相差{value}，{span}）：请移动、改写或删除该题。",
)
PERHAPS_ELSEWHERE = Text(
    "{items} go with another construct as much as with their own, as far as the sample can tell: "
    "look at their wording.",
    "就本样本而言，{items}与其他潜变量的关联不弱于其所属潜变量：请检查题目措辞。",
)
ONE_PERHAPS_ELSEWHERE = Text(
    "{items} goes with another construct as much as with its own, as far as the sample can tell: "
    "look at its wording.",
    PERHAPS_ELSEWHERE.zh,
)
AT_HOME = Text(
    "Every item goes with its own construct more than with any other.",
    "每个题目与其所属潜变量的关联都强于与其他潜变量的关联。",
)
ONE = Text(
    "The items of each construct have one thing in common: the largest second eigenvalue is "
    "{value} ({name}), below 1.",
    "各潜变量的题目均只有一个共同维度：最大的第二特征值为{value}（{name}），小于1。",
)
PERHAPS_TWO = Text(
    "The items of {name} may be about two things: the second eigenvalue is {value} ({span}), and 1 "
    "is the limit. Look which items go together.",
    "{name}的题目可能涉及两个方面：第二特征值为{value}（{span}），界限为1。"
    "请查看哪些题目彼此相关。",
)
TWO = Text(
    "The items of {name} are about more than one thing: the second eigenvalue is {value} ({span}), "
    "above 1. Split the construct, or leave out the items that stand apart.",
    "{name}的题目涉及不止一个方面：第二特征值为{value}（{span}），大于1。"
    "请拆分该潜变量，或删去不一致的题目。",
)


def loading_verdicts(
    table: pd.DataFrame, reliability: pd.DataFrame, model: Model
) -> tuple[Verdict, ...]:
    """Judge loadings: a verdict for each very weak item, one a construct for rather weak ones.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.loadings.loadings_table`.
    reliability : DataFrame
        Of `csi.assess.reliability.reliability_table`, for the AVE.
    model : Model

    Returns
    -------
    tuple of Verdict
        Items of reflective and composite constructs of several items: poor below 0.40, doubtful
        below 0.708 where the AVE of the construct is below one half [hair2019use]. One good
        verdict where there are neither.
    """
    extracted = reliability[reliability["measure"] == "AVE"].set_index("construct")["estimate"]
    several = [c.name for c in model.constructs if not why_not(c)]
    own = table[(table["measure"] == "loading") & table["construct"].isin(several)]
    said: list[Verdict] = []
    for name in several:
        rows = rows_of(own[own["construct"] == name])
        label = model.label(name)
        for row in (row for row in rows if abs(row["estimate"]) < WEAK):
            value, item = float(row["estimate"]), str(row["item"])
            sentence = worded(VERY_WEAK, item=item, name=label, value=shown(value), span=span(row))
            said.append(_verdict("loading", item, "poor", sentence, value, "hair2019use"))
        weak = [row for row in rows if WEAK <= abs(row["estimate"]) < STRONG]
        if weak and float(extracted[name]) < EXTRACTED:
            sentence = worded(RATHER_WEAK, items=_listed(weak), name=label)
            about = ", ".join(str(row["item"]) for row in weak)
            smallest = min((float(row["estimate"]) for row in weak), key=abs)
            said.append(_verdict("loading", about, "doubtful", sentence, smallest, "hair2019use"))
    if said or own.empty or not np.isfinite(own["estimate"]).all():
        return tuple(said)
    least = min(rows_of(own), key=lambda row: abs(row["estimate"]))
    value = float(least["estimate"])
    sentence = worded(STRONG_ITEMS, item=str(least["item"]), value=shown(value))
    return (Verdict("measurement", "loading", "", "good", sentence, value, "hair2019use"),)


def cross_loading_verdicts(table: pd.DataFrame, model: Model) -> tuple[Verdict, ...]:
    """Judge cross-loadings: one verdict for each item that is nearer to another construct.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.loadings.cross_loadings_table`.
    model : Model

    Returns
    -------
    tuple of Verdict
        Poor where the interval of the difference excludes zero; one doubtful verdict for all
        others [chin1998partial].
    """
    own = table[(table["measure"] == "margin") & np.isfinite(table["estimate"])]
    if own.empty:
        return ()
    source, measure = "chin1998partial", "cross_loading"
    said, perhaps = [], []
    for item in own["item"].unique():
        row = min(rows_of(own[own["item"] == item]), key=lambda row: float(row["estimate"]))
        value = float(row["estimate"])
        if value < 0 and row["upper"] < 0:
            sentence = worded(
                ELSEWHERE,
                item=str(item),
                other=model.label(str(row["other"])),
                name=model.label(str(row["construct"])),
                value=shown(-value),
                span=span({"lower": -row["upper"], "upper": -row["lower"]}),
            )
            said.append(_verdict(measure, str(item), "poor", sentence, value, source))
        elif value < 0:
            perhaps.append(str(item))
    if perhaps:
        names = Text(", ".join(perhaps), "、".join(perhaps))
        template = PERHAPS_ELSEWHERE if len(perhaps) > 1 else ONE_PERHAPS_ELSEWHERE
        sentence = worded(template, items=names)
        said.append(_verdict(measure, ", ".join(perhaps), "doubtful", sentence))
    least = float(own["estimate"].min())
    well = Verdict("measurement", "cross_loading", "", "good", AT_HOME, least, "chin1998partial")
    return tuple(said) or (well,)


def dimension_verdicts(table: pd.DataFrame, model: Model) -> tuple[Verdict, ...]:
    """Judge whether blocks have one dimension: a verdict for each that may not, or one for all.

    Parameters
    ----------
    table : DataFrame
        Of `csi.assess.dimensions.dimensions_table`.
    model : Model

    Returns
    -------
    tuple of Verdict
        Poor where the second eigenvalue is above 1, doubtful where its interval reaches 1
        [tenenhaus2005pls].
    """
    own = table[(table["measure"] == "second_eigenvalue") & np.isfinite(table["estimate"])]
    if own.empty:
        return ()
    said = []
    source, measure = "tenenhaus2005pls", "second_eigenvalue"
    for row in rows_of(own):
        value, name = float(row["estimate"]), str(row["construct"])
        if not (value >= ONE_DIMENSION or row["upper"] >= ONE_DIMENSION):
            continue
        grade: Grade = "poor" if value >= ONE_DIMENSION else "doubtful"
        template = TWO if grade == "poor" else PERHAPS_TWO
        label = model.label(name)
        sentence = worded(template, name=label, value=shown(value), span=span(row))
        said.append(Verdict("measurement", measure, name, grade, sentence, value, source))
    most = max(rows_of(own), key=lambda row: float(row["estimate"]))
    value, label = float(most["estimate"]), model.label(str(most["construct"]))
    sentence = worded(ONE, name=label, value=shown(value))
    well = Verdict("measurement", measure, "", "good", sentence, value, source)
    return tuple(said) or (well,)


def _listed(rows: Sequence[Row]) -> Text:
    """Return items with their loadings in a list."""
    return Text(
        ", ".join(f"{row['item']} ({shown(row['estimate'])})" for row in rows),
        "、".join(f"{row['item']}（{shown(row['estimate'])}）" for row in rows),
    )


def _verdict(
    measure: str,
    about: str,
    grade: Grade,
    sentence: Text,
    value: float = float("nan"),
    source: str = "",
) -> Verdict:
    return Verdict("measurement", measure, about, grade, sentence, value, source)
