"""Information criteria of the endogenous constructs of a fit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.assess.explained import causes_of, endogenous_of
from csi.assess.kernel_criteria import AGAINST_FULL, OWN, error_sum
from csi.estimate.fit import Fit
from csi.index.estimator import fit_model
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.model.parts import Path

CRITERIA = (*OWN, *AGAINST_FULL)
"""Names of all criteria, as in the tables."""

MADE = "made of its parts: they leave nothing to explain"
ABOVE_ONE = "R2 is 1 or more: the fit is not admissible"


def full_model(model: Model) -> Model:
    """Return the model in which every construct depends on all that come before it.

    The order is causal; constructs that nothing explains stay so. Parts and their wholes say the
    same thing twice: parts lead to nothing but their whole (and where the model says so), and a
    whole has no causes but those of the model.

    Examples
    --------
    >>> from csi.model import models
    >>> len(full_model(models.load("ecsi_mobile")).paths)
    21
    """
    exogenous = set(model.names) - {path.target for path in model.paths}
    order = [*(n for n in model.order if n in exogenous), *model.order]
    order = list(dict.fromkeys(order))
    drawn = {(path.source, path.target) for path in model.paths}
    parts = {part for whole in model.wholes for part in whole.parts}
    # their causes are those of the model: wholes, and parts that show a whole
    held = {whole.name for whole in model.wholes} | {
        part for whole in model.wholes if whole.kind == "reflective" for part in whole.parts
    }
    paths = [
        Path(source, target, "?")
        for at, target in enumerate(order)
        if target not in exogenous
        for source in order[:at]
        if (source, target) in drawn
        or not (
            target in held
            or source in parts
            or any((part, target) in drawn for part in model.construct(source).parts)
        )
    ]
    return Model(model.constructs, paths, model.index, model.name, model.title)


def criteria_of(fit: Fit, full: Fit) -> dict[str, Array]:
    """Return the criteria of every construct by name, (*batch, q); NaN for exogenous ones.

    Parameters
    ----------
    fit : Fit
    full : Fit
        Of the `full_model` of the same sample, whose error Cp and GM compare with.

    Notes
    -----
    The sample size is Kish's effective one [kish1965survey], which is the number of respondents
    where weights are equal: weighted answers tell less. The error of the full model is
    ``sse / (n - k)``, so that its own Cp is k; cSEM divides by ``n - 1``.
    """
    model = fit.model
    n = np.asarray(fit.moments.n_effective, dtype=np.float64)[..., None]
    k = np.array([len(s) + 1.0 for s in causes_of(model)])
    k_full = np.array([len(s) + 1.0 for s in causes_of(full.model)])
    with np.errstate(all="ignore"):
        sse = error_sum(fit.r2, n)
        mse = error_sum(full.r2, n) / (n - k_full)
        found = {name: formula(sse, n, k) for name, formula in OWN.items()}
        found |= {name: formula(sse, n, k, mse) for name, formula in AGAINST_FULL.items()}
    return found


def criteria_table(fit: Fit, options: IndexOptions | None = None) -> pd.DataFrame:
    """Return the criteria of a single fit: ``construct, measure, estimate, note``.

    Parameters
    ----------
    fit : Fit
        A single member.
    options : IndexOptions, optional
        What the full model is fitted with; the options of the fit.
    """
    full = fit_model(full_model(fit.model), fit.moments, options or IndexOptions())
    found = criteria_of(fit, full)
    rows = []
    for j in endogenous_of(fit.model):
        for name in CRITERIA:
            value = float(found[name][j])
            made = not causes_of(fit.model)[j]
            note = (MADE if made else ABOVE_ONE) if np.isnan(value) else ""
            rows.append((fit.model.names[j], name, value, note))
    return pd.DataFrame(rows, columns=["construct", "measure", "estimate", "note"])
