"""Rows of the tables of a multi-group comparison.

Letters: R replicates, k parameters, G groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from csi.compare.group_parameters import Parameter, Parameters
from csi.compare.kernel_multigroup import heterogeneity
from csi.compare.micom_pair import Fitted
from csi.compare.micom_tables import NOBODY, exchange_notes
from csi.compare.micom_values import Micom
from csi.compare.multigroup_pair import Relabelled, difference_rows
from csi.estimate.fit import Fit
from csi.estimate.multiple import adjusted
from csi.index.accuracy import USABLE
from csi.index.replicated import Replicated

TABLE = (
    "measure", "from", "to", "group_a", "group_b", "estimate_a", "estimate_b", "difference", "se",
    "lower", "upper", "p_value", "p_permutation", "p_henseler", "p_parametric", "p_welch",
    "p_holm", "p_bh", "permutations", "n_a", "n_b", "note",
)  # fmt: skip
"""Columns of the comparison, in order."""

OMNIBUS = ("measure", "from", "to", "groups", "statistic", "df", "p_value", "p_holm", "note")
"""Columns of the tests of all groups at once, in order."""


SINGLE = "single item: 1 in any group"


def pair_labels(own: Fitted) -> tuple[str, str]:
    """Return the labels of both groups."""
    first, second = own.pair.cells
    return first.label[0], second.label[0]


def pair_rows(
    own: Fitted,
    groups: Mapping[str, Replicated],
    parameters: Parameters,
    moved: Relabelled,
    permutations: int,
    micom: Micom | None,
    together: str,
) -> list[dict[str, Any]]:
    """Return the rows of one pair, not yet adjusted."""
    a, b = pair_labels(own)
    found = difference_rows(groups[a], groups[b], parameters, together=bool(together))
    sizes = {"n_a": len(own.pair.samples[0].rows), "n_b": len(own.pair.samples[1].rows)}
    used = [groups[name].draws_used / len(groups[name].usable) for name in (a, b)]
    common = [f"independent tests left out: {together}"] if together else []
    if min(used) < USABLE:
        common.append(f"{1 - min(used):.0%} of the replicates could not be used")
    if own.exchange.possible == 1:
        common.append(NOBODY)
    rows = []
    for k, (name, row) in enumerate(zip(parameters.names, found, strict=True)):
        notes = _of_micom(name, a, b, micom) + common
        if _alone(name, own.first):
            rows.append(_named(name, a, b) | _fixed(row) | sizes | {"note": SINGLE})
            continue
        count = int(moved.used[k])
        if own.exchange.possible > 1:
            notes += exchange_notes(own.exchange, count, permutations)
        rows.append(
            _named(name, a, b)
            | row
            | {"p_permutation": float(moved.p[k]), "permutations": count}
            | sizes
            | {"note": "; ".join(notes)}
        )
    return rows


def _named(name: Parameter, a: str, b: str) -> dict[str, Any]:
    """Return the first cells of a row."""
    cells = {"measure": name.measure, "from": name.source, "to": name.target}
    return cells | {"group_a": a, "group_b": b}


def _alone(name: Parameter, fit: Fit) -> bool:
    """Tell whether a parameter is one by definition: of the only item of its construct."""
    fixed = ("loading", "weight") if fit.metric == "standardised" else ("loading",)
    return name.measure in fixed and len(fit.model.construct(name.source).items) == 1


def _fixed(row: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a parameter that cannot differ: without errors and tests."""
    kept = ("estimate_a", "estimate_b", "difference")
    return {name: value if name in kept else np.nan for name, value in row.items()}


def _of_micom(name: Parameter, a: str, b: str, micom: Micom | None) -> list[str]:
    """Warn of constructs that MICOM found to be formed differently."""
    if micom is None:
        return []
    if not {(a, b), (b, a)} & set(micom.pairs):
        return ["MICOM did not compare these groups"]
    constructs = dict.fromkeys([name.source, name.target])
    bad = [c for c in constructs if c in micom.model.names and micom.fails(c, a, b)]
    return [f"not comparable by MICOM: {', '.join(bad)}"] if bad else []


def with_adjusted(table: pd.DataFrame) -> pd.DataFrame:
    """Fill in the adjusted p values, each measure a family."""
    table = table.copy()
    p = table["p_permutation"].fillna(table["p_value"])
    for _, rows in table.groupby("measure").groups.items():
        own = p.loc[rows].to_numpy(dtype=np.float64)
        table.loc[rows, "p_holm"] = adjusted(own, "holm")
        table.loc[rows, "p_bh"] = adjusted(own, "bh")
    return table


def distance_row(own: Fitted, moved: Relabelled) -> dict[str, Any]:
    """Return the test of all paths of a pair at once."""
    return {
        "measure": "all paths",
        "groups": ", ".join(pair_labels(own)),
        "statistic": moved.distance,
        "p_value": moved.distance_p,
        "note": NOBODY if own.exchange.possible == 1 else "",
    }


def omnibus_table(
    groups: Mapping[str, Replicated],
    parameters: Parameters,
    distances: list[dict[str, Any]],
    together: str,
) -> pd.DataFrame:
    """Return the tests of each parameter in all groups at once, and of all paths of each pair."""
    own, labels = list(groups.values()), ", ".join(groups)
    estimates = np.stack([parameters.of(x.fit) for x in own], axis=-1)
    draws = np.stack(
        [np.where(x.usable[:, None], parameters.of(x.draws), np.nan) for x in own], axis=-1
    )
    covariances = np.stack(
        [
            own[0].replication.covariance(draws[:, k], estimates[k])
            for k in range(len(parameters.names))
        ]
    )
    if not together:
        covariances = covariances * np.eye(len(own))
    q, freedom, p = heterogeneity(estimates, covariances)
    rows: list[dict[str, Any]] = []
    for k, name in enumerate(parameters.names):
        row = {"measure": name.measure, "from": name.source, "to": name.target, "groups": labels}
        tested = {"statistic": float(q[k]), "df": freedom, "p_value": float(p[k]), "note": ""}
        rows.append(row | ({"note": SINGLE} if _alone(name, own[0].fit) else tested))
    if "path" in parameters.measures:
        rows += distances
    table = pd.DataFrame(rows, columns=list(OMNIBUS))
    for _, at in table.groupby("measure").groups.items():
        own_p = table.loc[at, "p_value"].to_numpy(dtype=np.float64)
        table.loc[at, "p_holm"] = adjusted(own_p, "holm")
    return table
