"""Paths against the theory: wrong signs, suppression, and effects that are too large."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from csi.assess.collinearity import arrows_of, cause_inflation
from csi.assess.long_table import figures, noted, table
from csi.assess.measurement_limits import LARGEST_PATH
from csi.assess.sentence_parts import Row, rows_of, shown, span
from csi.index.replicated import Replicated
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

SUPPRESSED = Text(
    "The path {a} -> {b} is {value} ({span}), against the theory, although the two go together as "
    "expected (correlation {corr}): other causes of {b} take over what it shares with {a}. Do not "
    "read it as an effect; leave out a path, or join causes that are alike.",
    "路径{a}→{b}为{value}（{span}），与理论相反，但两者的相关方向符合预期（相关系数{corr}）："
    "{b}的其他成因吸收了它与{a}的共同部分（抑制效应）。"
    "不应将其解读为真实影响；请删去一条路径，或合并相近的成因。",
)
AGAINST = Text(
    "The path {a} -> {b} is {value} ({span}), against the theory, and so is the correlation of the "
    "two ({corr}): check the direction of the answer scales, then the theory.",
    "路径{a}→{b}为{value}（{span}），与理论相反，两者的相关系数（{corr}）也与理论相反："
    "请先检查题目的计分方向，再审视理论。",
)
PERHAPS = Text(
    "The path {a} -> {b} is {value} ({span}), against the theory, but may be zero: the sample does "
    "not tell its sign.",
    "路径{a}→{b}为{value}（{span}），方向与理论相反，但也可能为零：样本不足以判断其方向。",
)
TOO_LARGE = Text(
    "The path {a} -> {b} is {value} ({span}; variance inflation {vif}): a standardised effect "
    "beyond one comes from causes that say the same. Do not read it; join causes that are alike.",
    "路径{a}→{b}为{value}（{span}；方差膨胀因子{vif}）：标准化系数超过1，"
    "说明各成因内容重复。不可解读；请合并相近的成因。",
)
AS_EXPECTED = Text(
    "All {n} paths have the sign that the theory expects.", "全部{n}条路径的方向均符合理论预期。"
)
ONE_AS_EXPECTED = Text(
    "The only path with an expected sign has it.", "唯一一条有预期方向的路径符合理论预期。"
)


def path_signs_table(rep: Replicated) -> pd.DataFrame:
    """Return the paths beside what the theory expects of them.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``from, to, measure, estimate, se, lower, upper, expected_sign, correlation, cause_VIF,
        draws, note``; the correlation is that of the two constructs in the same fit.
    """
    model = rep.model
    sources, targets = arrows_of(model)
    found = figures(rep, lambda fit: fit.paths[..., sources, targets])
    columns: dict[str, Sequence[object]] = {
        "from": [path.source for path in model.paths],
        "to": [path.target for path in model.paths],
        "measure": ["path"] * len(model.paths),
    }
    made = table(
        columns,
        found,
        noted([""] * len(model.paths), found, rep, "no solution"),
        {
            "correlation": rep.fit.construct_corr[sources, targets],
            "cause_VIF": cause_inflation(rep.fit)[sources, targets],
        },
    )
    at = list(made.columns).index("correlation")
    made.insert(at, "expected_sign", [path.sign for path in model.paths])
    return made


def path_sign_verdicts(table: pd.DataFrame, model: Model) -> tuple[Verdict, ...]:
    """Judge the signs and sizes of paths: a verdict for each that stands out, or one for all.

    Parameters
    ----------
    table : DataFrame
        Of `path_signs_table`.
    model : Model

    Returns
    -------
    tuple of Verdict
        Poor where the interval of a path lies on the wrong side of zero: suppression
        [tzelgov1991suppression] where the correlation of the two has the right sign; doubtful
        where the interval includes zero. Poor for standardised paths beyond one, which are
        possible but a sign of collinear causes [joreskog1999large].
    """
    said: list[Verdict] = []
    wrong = 0
    for row in rows_of(table):
        value, sign = float(row["estimate"]), str(row["expected_sign"])
        if sign != "?" and value * (1.0 if sign == "+" else -1.0) < 0:
            wrong += 1
            said.append(_against(row, sign, model))
        if abs(value) > LARGEST_PATH:
            vif = float(row["cause_VIF"])
            shown_vif = "?" if np.isnan(vif) else shown(vif, 0)
            sentence = _said(TOO_LARGE, row, model, vif=shown_vif)
            said.append(_verdict("path beyond one", row, "poor", sentence, "joreskog1999large"))
    signed = int((table["expected_sign"] != "?").sum())
    if not wrong and signed and np.isfinite(table["estimate"]).all():
        well = worded(AS_EXPECTED if signed > 1 else ONE_AS_EXPECTED, n=str(signed))
        said.append(Verdict("structure", "sign", "", "good", well))
    return tuple(said)


def _against(row: Row, sign: str, model: Model) -> Verdict:
    """Judge a path with the wrong sign."""
    turn = 1.0 if sign == "+" else -1.0
    clear = max(row["lower"] * turn, row["upper"] * turn) < 0
    if not clear:
        return _verdict("sign", row, "doubtful", _said(PERHAPS, row, model))
    corr = float(row["correlation"])
    template = SUPPRESSED if corr * turn > 0 else AGAINST
    sentence = _said(template, row, model, corr=shown(corr))
    return _verdict("sign", row, "poor", sentence, "tzelgov1991suppression")


def _said(template: Text, row: Row, model: Model, **more: str) -> Text:
    return worded(
        template,
        a=model.label(str(row["from"])),
        b=model.label(str(row["to"])),
        value=shown(float(row["estimate"])),
        span=span(row),
        **more,
    )


def _verdict(measure: str, row: Row, grade: Grade, sentence: Text, source: str = "") -> Verdict:
    about = f"{row['from']} -> {row['to']}"
    return Verdict("structure", measure, about, grade, sentence, float(row["estimate"]), source)
