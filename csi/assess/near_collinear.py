"""Constructs that can hardly be told apart, once measurement error is allowed for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.assess.blocks import PART_WHOLE, method_of, part_whole
from csi.assess.discriminant import pairs_of
from csi.assess.long_table import figures, noted, table
from csi.assess.measurement_limits import ALIKE
from csi.assess.sentence_parts import rows_of, shown
from csi.estimate.fit import Fit
from csi.index.replicated import Replicated
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

SAME = Text(
    "{a} and {b} are the same thing as far as this sample can tell (correlation {value}, standard "
    "error {se}, allowing for measurement error): paths from both to the same construct cannot be "
    "told apart. Make one construct of them, or leave out a path.",
    "就本样本而言，{a}与{b}实为同一事物（考虑测量误差后相关系数{value}，标准误{se}）："
    "两者指向同一潜变量的路径无法区分。请合并为一个潜变量，或删去一条路径。",
)
HARDLY = Text(
    "{a} and {b} can hardly be told apart (correlation {value}, standard error {se}, allowing for "
    "measurement error): read their paths together rather than one by one.",
    "{a}与{b}难以区分（考虑测量误差后相关系数{value}，标准误{se}）："
    "两者的路径应合并解读，不宜逐条解读。",
)
DISTINCT = Text(
    "No two constructs are the same thing: the largest correlation, allowing for measurement "
    "error, is {value} ({a} and {b}).",
    "没有实为同一事物的潜变量：考虑测量误差后，最大的相关系数为{value}（{a}与{b}）。",
)
NO_RELIABILITY = "no reliability to allow for"


def corrected_correlations(fit: Fit) -> Array:
    """Return correlations of constructs, allowing for measurement error.

    Parameters
    ----------
    fit : Fit
        Any batch, of any estimator.

    Returns
    -------
    (*batch, q, q) those of the fit under PLSc and for covariance fits; under PLS those of the
        composites over the roots of their reliabilities rho_A, 1 for composite, formative and
        single-item constructs [dijkstra2015consistent]. They may exceed one.
        NaN for a whole and its part, which correlate by construction.
    """
    joined = part_whole(fit.model)
    if method_of(fit) != "PLS":
        return np.where(joined, np.nan, fit.construct_corr)
    root = np.sqrt(np.where(fit.reliability > 0, fit.reliability, np.nan))
    found = fit.construct_corr / (root[..., :, None] * root[..., None, :])
    q = len(fit.model.names)
    return np.where(joined, np.nan, np.where(np.eye(q, dtype=bool), 1.0, found))


def near_collinear_table(rep: Replicated) -> pd.DataFrame:
    """Return correlations of constructs, allowing for measurement error, with intervals.

    Parameters
    ----------
    rep : Replicated

    Returns
    -------
    DataFrame
        ``construct, other, measure, estimate, se, lower, upper, draws, note``, one row a pair.
    """
    pairs = pairs_of(rep.model)
    first, second = (list(side) for side in zip(*pairs, strict=True))
    found = figures(rep, lambda fit: corrected_correlations(fit)[..., first, second])
    names = rep.model.names
    columns = {
        "construct": [names[i] for i in first],
        "other": [names[j] for j in second],
        "measure": ["corrected_correlation"] * len(pairs),
    }
    notes = [PART_WHOLE if joined else "" for joined in part_whole(rep.model)[first, second]]
    return table(columns, found, noted(notes, found, rep, NO_RELIABILITY))


def near_collinear_verdicts(table: pd.DataFrame, model: Model) -> tuple[Verdict, ...]:
    """Name pairs of constructs that can hardly be told apart, or say that there are none.

    Parameters
    ----------
    table : DataFrame
        Of `near_collinear_table`.
    model : Model

    Returns
    -------
    tuple of Verdict
        Poor from a correlation of 0.95 on, doubtful where two standard errors more reach one: the
        rule of `csi.estimate.covariance.diagnosis.diagnosis`, for any fit.
    """
    said = []
    for row in rows_of(table):
        value, se = float(row["estimate"]), float(row["se"])
        a, b = str(row["construct"]), str(row["other"])
        near = abs(value) + 2.0 * (0.0 if np.isnan(se) else se) > 1.0
        if not (abs(value) >= ALIKE or near):
            continue
        grade: Grade = "poor" if abs(value) >= ALIKE else "doubtful"
        sentence = worded(
            SAME if grade == "poor" else HARDLY,
            a=model.label(a),
            b=model.label(b),
            value=shown(value),
            se=shown(se),
        )
        about = f"{a}, {b}"
        said.append(Verdict("structure", "corrected_correlation", about, grade, sentence, value))
    known = table[np.isfinite(table["estimate"])]
    if said or known.empty:
        return tuple(said)
    most = max(rows_of(known), key=lambda row: abs(row["estimate"]))
    value = float(most["estimate"])
    sentence = worded(
        DISTINCT,
        a=model.label(str(most["construct"])),
        b=model.label(str(most["other"])),
        value=shown(value),
    )
    return (Verdict("structure", "corrected_correlation", "", "good", sentence, value),)
