"""Tables of the Gaussian-copula check."""

from __future__ import annotations

import pandas as pd

from csi.assess.copula import CopulaCheck


def copula_table(found: CopulaCheck) -> pd.DataFrame:
    """Return every regression with every set of copula terms.

    Returns
    -------
    DataFrame
        ``to, terms, from, measure, estimate, se, lower, upper, p_value, n``; ``terms`` are the
        predictors with a term. Measures: ``path`` (corrected, if the check holds), ``copula term``
        and ``error correlation``, the correlation of the term with the error it stands for.
    """
    rows = []
    for equation in found.equations:
        for terms in equation.sets():
            paths, copulas, errors = found.spreads(equation, terms)
            head = {"to": equation.target, "terms": ", ".join(equation.sources[j] for j in terms)}
            own = [equation.sources[j] for j in terms]
            for measure, names, spread in (
                ("path", equation.sources, paths),
                ("copula term", own, copulas),
                ("error correlation", own, errors),
            ):
                p_values = found.whole.p_values(spread)
                for i, name in enumerate(names):
                    rows.append({
                        **head, "from": name, "measure": measure,
                        "estimate": float(spread.estimate[i]), "se": float(spread.se[i]),
                        "lower": float(spread.lower[i]), "upper": float(spread.upper[i]),
                        "p_value": float(p_values[i]), "n": equation.n,
                    })  # fmt: skip
    return pd.DataFrame(rows)


def normality_table(found: CopulaCheck) -> pd.DataFrame:
    """Return how far each predictor is from normal.

    Returns
    -------
    DataFrame
        ``to, from, n, skewness, kurtosis, anderson_darling, p_value, distinct``, see `Shape`.
    """
    rows = [
        {
            "to": equation.target, "from": source, "n": equation.n, "skewness": shape.skewness,
            "kurtosis": shape.kurtosis, "anderson_darling": shape.anderson_darling,
            "p_value": shape.p_value, "distinct": shape.distinct,
        }
        for equation in found.equations
        for source, shape in zip(equation.sources, equation.shapes, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)
