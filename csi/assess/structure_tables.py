"""The tables of a structural assessment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.assess.blindfolding import Blindfolded
from csi.assess.blocks import PART_WHOLE, part_whole
from csi.assess.criteria import MADE
from csi.assess.exact_fit import ExactFit
from csi.assess.explained import causes_of, effect_sizes, endogenous_of, ends_of
from csi.assess.model_fit import DISTANCES, ImpliedOptions, Structure, is_pls, measures_of_fit
from csi.index.cells import Spread
from csi.index.replicated import Replicated

NO_PLS = "a covariance fit: see csi.sem.measures"


def explained_table(rep: Replicated, blind: Blindfolded | None) -> pd.DataFrame:
    """Return the table of R2 and Q2."""
    model, at = rep.model, list(endogenous_of(rep.model))
    causes = causes_of(model)
    parts = [
        _spread_rows(rep.of(lambda fit: fit.r2[..., at]), "R2"),
        _spread_rows(rep.of(lambda fit: fit.r2_adjusted[..., at]), "R2 adjusted"),
    ]
    for part in parts:
        part.insert(0, "construct", [model.names[j] for j in at])
        part.loc[np.array([not causes[j] for j in at]), "note"] = MADE
    if blind is not None:
        told = blind.table()
        told["note"] = told["note"].where(told["note"] != "", _left_out(blind))
    else:
        note = NO_PLS if not is_pls(rep.fit) else "too few respondents gave all answers"
        told = pd.DataFrame(
            [(model.names[j], f"Q2 {kind}", np.nan, note)
             for j in at for kind in ("redundancy", "communality")],
            columns=["construct", "measure", "estimate", "note"],
        )  # fmt: skip
    told[["se", "lower", "upper"]] = np.nan
    table = pd.concat([*parts, told[parts[0].columns]], ignore_index=True)
    order = {name: place for place, name in enumerate(model.names)}
    return table.sort_values("construct", key=lambda c: c.map(order), kind="stable").reset_index(
        drop=True
    )


def _left_out(blind: Blindfolded) -> str:
    """Say how many respondents blindfolding had to leave out."""
    if not blind.left_out:
        return ""
    return f"{blind.left_out} respondents with a missing answer left out"


def _spread_rows(found: Spread, measure: str) -> pd.DataFrame:
    """Return one row a figure."""
    return pd.DataFrame(
        {
            "measure": measure,
            "estimate": found.estimate,
            "se": found.se,
            "lower": found.lower,
            "upper": found.upper,
            "note": "",
        }
    )


def sizes_table(rep: Replicated, blind: Blindfolded | None) -> pd.DataFrame:
    """Return the table of f2 and q2."""
    model = rep.model
    table = _spread_rows(rep.of(effect_sizes), "f2")
    other = table.copy()
    other["measure"] = "q2"
    other["estimate"] = np.nan if blind is None else blind.effects
    other[["se", "lower", "upper"]] = np.nan
    names = [(model.names[i], model.names[j]) for i, j in ends_of(model)]
    for part in (table, other):
        part.insert(0, "from", [source for source, _ in names])
        part.insert(1, "to", [target for _, target in names])
    missing = other["estimate"].isna()
    other.loc[missing, "note"] = "no Q2 of the target"
    empty = table["estimate"].isna()
    table.loc[empty, "note"] = "R2 is 1 or more: the fit is not admissible"
    joined = part_whole(model)
    for part in (table, other):
        part.loc[[bool(joined[ends]) for ends in ends_of(model)], "note"] = PART_WHOLE
    return pd.concat([table, other], ignore_index=True)


def fit_table(
    rep: Replicated,
    chosen: dict[Structure, ImpliedOptions],
    tests: tuple[ExactFit, ...],
    why: str,
) -> pd.DataFrame:
    """Return the table of measures of fit with the tests."""
    columns = ["structure", "measure", "estimate", "critical", "p_value", "note"]
    nan = float("nan")
    if not is_pls(rep.fit):
        rows = [(name, "SRMR", nan, nan, nan, NO_PLS) for name in chosen]
        return pd.DataFrame(rows, columns=columns)
    told = {}
    for test in tests:
        for row in test.table().itertuples():
            told[test.structure, row.measure] = (row.critical, row.p_value, row.note)
    found = []
    for name, options in chosen.items():
        for measure, value in measures_of_fit(rep.fit, options).items():
            note = why if measure in DISTANCES else ""
            if not np.isfinite(value):
                note = "implied correlations not positive definite"
            found.append((name, measure, value, *told.get((name, measure), (nan, nan, note))))
    return pd.DataFrame(found, columns=columns)
