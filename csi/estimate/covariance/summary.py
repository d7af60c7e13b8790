"""The summary of a covariance fit, and its parameters by name."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from csi.estimate.covariance.measures_table import measures
from csi.estimate.covariance.result import SemFit
from csi.estimate.covariance.solution import explained, parameters_table
from csi.tabular import Cell, Decimals, Summary, Table, coefficients, head, said, summarised, tabled
from csi.text import Language

LEVEL = 0.95

BLOCKS = {"Loadings": "=~", "Paths": "~", "Intercepts and means": "~1", "Covariances": "~~"}
"""Tables of parameters by operator; variances have one of their own."""


def sem_parameters(fit: SemFit, level: float | None = None) -> pd.DataFrame:
    """Return the free parameters, ``estimate, se, p_value, lower, upper``, by name.

    Names are as in lavaan (``Value ~ Image``); several groups come first in a second level of
    the index.
    """
    table = parameters_table(fit, level=LEVEL if level is None else level)
    table = table[table["free"]]
    names = [f"{left} {op} {right}".rstrip() for left, op, right
             in zip(table["lhs"], table["op"], table["rhs"], strict=True)]  # fmt: skip
    index: pd.Index[str] | pd.MultiIndex = pd.Index(names, name="parameter")
    if len(fit.placed.model.groups) > 1:
        index = pd.MultiIndex.from_arrays([table["group"], names], names=["group", "parameter"])
    figures = table[["estimate", "se", "p_value", "lower", "upper"]]
    return figures.set_axis(index)


def sem_summary(fit: SemFit, language: Language) -> Summary:
    """Return header, measures of fit, parameters by kind and explained variance."""
    table = parameters_table(fit, level=LEVEL)
    several = len(fit.placed.model.groups) > 1
    alone = table["lhs"] == table["rhs"]
    blocks = [
        _block(title, table[(table["op"] == op) & ~alone], language, several=several)
        for title, op in BLOCKS.items()
    ]
    blocks.append(
        _block("Variances", table[(table["op"] == "~~") & alone], language, several=several)
    )
    found = explained(fit)
    r2 = tabled("Explained variance", found if several else found.drop(columns="group"), language)
    fitted = measures(fit)
    fitted["measure"] = [head(name, language) for name in fitted["measure"]]
    whole = ("degrees of freedom", "free parameters", "respondents", "baseline degrees of freedom")
    rows = fitted[~measures(fit)["measure"].isin(whole)]
    fit_table = tabled("Measures of fit", rows, language)
    return summarised(
        "Structural equation model", language, _facts(fit, language), [fit_table, *blocks, r2],
        notes=[*fit.ended, *fit.sample.unheard(fit.options)],
    )  # fmt: skip


def _facts(fit: SemFit, language: Language) -> Mapping[str, Cell | tuple[Cell, Decimals]]:
    model, options, test = fit.placed.model, fit.options, fit.tests.get("standard")
    sample = fit.sample
    return {
        "Model": model.name,
        "Estimator": options.estimator.upper(),
        "Standard errors": f"{options.errors}, {options.information}",
        "Constructs": len(model.constructs),
        "Items": len(model.items),
        "Groups": ", ".join(model.groups) if len(model.groups) > 1 else None,
        "Respondents": sample.total,
        "Left out": sample.left_out,
        "Missing answers": said(options.missing, language),
        "Weighted": sample.weighted,
        "Free parameters": len(fit.x),
        "Degrees of freedom": fit.freedom,
        "Converged": fit.converged,
        "Steps": fit.steps,
        "Chi-square": None if test is None else (test.statistic, 3),
        "p value": None if test is None else (test.p_value, "p"),
    }


def _block(title: str, rows: pd.DataFrame, language: Language, *, several: bool) -> Table | None:
    own = rows.assign(
        parameter=[f"{left} {op} {right}".rstrip() for left, op, right
                   in zip(rows["lhs"], rows["op"], rows["rhs"], strict=True)]
    )  # fmt: skip
    names = [*(["group"] if several else []), "parameter"]
    return coefficients(title, own, language, names, level=LEVEL, further=["standardised"])
