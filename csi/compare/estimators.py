"""How much the estimator moves an index: the same survey by two of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from csi.errors import Fault, OptionError
from csi.index.accuracy import accuracy_of
from csi.index.joint import Joint

ESTIMATORS = (
    "year", "group", "construct", "index", "other_index", "difference", "se", "lower", "upper",
    "p_value", "note",
)  # fmt: skip
"""Columns of the comparison of two estimators, in order."""


COARSE = "no error: the delta method is too coarse for two estimators; take bootstrap or gaussian"
"""First-order effects of the answers on the two nearly cancel; what is left bends."""


def estimator_difference(joint: Joint, other: Joint) -> pd.DataFrame:
    """Return the levels by two estimators side by side, with the error of their difference.

    Parameters
    ----------
    joint, other : Joint
        Levels of the same survey and model with the same replicates (draws and seed), by
        partial least squares and by maximum likelihood, say.

    Returns
    -------
    DataFrame
        One row a year, group and construct: ``year, group, construct, index, other_index,
        difference, se, lower, upper, p_value, note``. The difference is that of the other
        estimator from the first; its error is far smaller than that of either level, as both
        rest on the same answers.

    Raises
    ------
    OptionError
        For levels of other groups, constructs or replicates.
    """
    same = (
        joint.labels == other.labels
        and joint.constructs == other.constructs
        and joint.draws.shape == other.draws.shape
    )
    if not same:
        what = "are not of the same groups, constructs and replicates"
        fix = "make both from one survey, with the same draws and seed"
        raise OptionError(Fault("joint levels", what, fix))
    rows: list[dict[str, Any]] = []
    for number, label in enumerate(joint.labels):
        for j, construct in enumerate(joint.constructs):
            row: dict[str, Any] = {"year": label[0], "group": label[1], "construct": construct}
            n = int(joint.base[number, j])
            if n < joint.min_n:
                rows.append(row | {"note": f"suppressed: n = {n} is below {joint.min_n}"})
                continue
            pair = float(joint.index[number, j]), float(other.index[number, j])
            row |= {"index": pair[0], "other_index": pair[1], "note": ""}
            if not np.isfinite(pair).all():
                rows.append(row | {"note": "no figure by one of the estimators"})
                continue
            row["difference"] = pair[1] - pair[0]
            if joint.replication.method == "delta":
                rows.append(row | {"note": COARSE})
                continue
            found = accuracy_of(
                other.draws[number, j] - joint.draws[number, j],
                row["difference"],
                joint.replication,
                level=joint.level,
                freedom=joint.linear[number].units.freedom,
            )
            row |= {
                "se": found.se,
                "lower": found.lower,
                "upper": found.upper,
                "p_value": found.p_value if found.se > 0 else np.nan,
            }
            rows.append(row)
    return pd.DataFrame(rows, columns=list(ESTIMATORS))
