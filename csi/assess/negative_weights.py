"""Negative item weights: a good answer that lowers the score."""

from __future__ import annotations

import pandas as pd

from csi.assess.blocks import formed
from csi.assess.sentence_parts import rows_of, shown, span
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

REVERSED = Text(
    "{item} counts against {name} (weight {value}, {span}): a better answer lowers the score, and "
    "there is no index with such a weight. Mark the item as reversed if it runs the other way, "
    "or leave it out.",
    "{item}对{name}起反向作用（权重{value}，{span}）：回答越好得分反而越低，无法据此编制指数。"
    "若为反向题，请在码本中标记；否则请删除。",
)
FORMED = Text(
    "{item} counts against {name} (weight {value}, {span}) although it goes with it by itself "
    "(loading {loading}): it repeats other items of the block. Join it with the item that it "
    "repeats, leave it out, or weight by correlation (composite).",
    "{item}对{name}的权重为负（{value}，{span}），但单独看与其正相关（载荷{loading}）："
    "它与该潜变量的其他题目重复。请合并或删除该题，或改用相关加权（composite）。",
)
NONE = Text("No item has a negative weight.", "没有题目的权重为负。")


def negative_weight_verdicts(loadings: pd.DataFrame, model: Model) -> tuple[Verdict, ...]:
    """Name items with a negative weight, or say that there are none.

    Parameters
    ----------
    loadings : DataFrame
        Of `csi.assess.loadings.loadings_table`.
    model : Model

    Returns
    -------
    tuple of Verdict
        Poor where the interval of the weight lies below zero, doubtful where only the weight
        does. In a formative block it may come from items that repeat one another
        [cenfetelli2009interpretation].
    """
    own = loadings[loadings["measure"] == "weight"]
    loading = loadings[loadings["measure"] == "loading"].set_index("item")["estimate"]
    said = []
    for row in rows_of(own[own["estimate"] < 0]):
        value, item, name = float(row["estimate"]), str(row["item"]), str(row["construct"])
        own_loading = float(loading[item])
        template = FORMED if formed(model.construct(name)) and own_loading > 0 else REVERSED
        sentence = worded(
            template,
            item=item,
            name=model.label(name),
            value=shown(value),
            span=span(row),
            loading=shown(own_loading),
        )
        grade: Grade = "poor" if row["upper"] < 0 else "doubtful"
        source = "cenfetelli2009interpretation"
        said.append(Verdict("measurement", "negative weight", item, grade, sentence, value, source))
    if said or own["estimate"].isna().any():
        return tuple(said)
    least = float(own["estimate"].min())
    return (Verdict("measurement", "negative weight", "", "good", NONE, least),)
