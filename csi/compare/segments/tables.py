"""Tables of segments: paths, regressions and sizes, one row each, of every number of segments."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from csi.compare.segments.scored import Scored
from csi.compare.segments.values import Solution
from csi.model.model import Model


def paths_table(
    model: Model, solutions: Mapping[int, Solution], *, fixed: bool = False
) -> pd.DataFrame:
    """Return ``segments, segment, from, to, estimate, standardised``.

    ``estimate`` is the change of the target, in standard deviations of the construct, with one
    standard deviation of the source, both of all respondents (PLS-POS: of the segment);
    ``standardised`` has the standard deviations of the segment. FIMIX-PLS takes scores as they are:
    a path from a part to the whole made of it is the same in every segment, and is left out.
    """
    made = {whole.name for whole in model.wholes if whole.kind != "reflective"} if fixed else set()
    paths = [
        p
        for p in model.paths
        if p.target not in made or (p.source, p.target) not in model.part_paths
    ]
    at = [(model.names.index(p.source), model.names.index(p.target)) for p in paths]
    rows = [
        (many, k + 1, p.source, p.target, found.paths[k, i, j], found.standardised[k, i, j])
        for many, found in solutions.items()
        for k in range(many)
        for p, (i, j) in zip(paths, at, strict=True)
    ]
    columns = ["segments", "segment", "from", "to", "estimate", "standardised"]
    return pd.DataFrame(rows, columns=columns)


def equations_table(model: Model, solutions: Mapping[int, Solution]) -> pd.DataFrame:
    """Return ``segments, segment, construct, intercept, residual_variance, r2``."""
    targets = np.flatnonzero(model.arrows.any(axis=0)).tolist()
    rows = [
        (many, k + 1, model.names[j], found.intercepts[k, j], found.residual[k, j], found.r2[k, j])
        for many, found in solutions.items()
        for k in range(many)
        for j in targets
    ]
    columns = ["segments", "segment", "construct", "intercept", "residual_variance", "r2"]
    return pd.DataFrame(rows, columns=columns)


def sizes_table(
    scored: Scored, solutions: Mapping[int, Solution], least: int, share: float
) -> pd.DataFrame:
    """Return the size of every segment.

    Returns
    -------
    DataFrame
        ``segments, segment, share`` (weighted, of probabilities), ``share_assigned`` (weighted,
        by likeliest segment), ``n`` respondents assigned, ``n_effective`` (Kish's number of them),
        ``probability`` (their mean probability of being there), ``large_enough``.
    """
    weights = scored.sample.weights
    rows = []
    for many, found in solutions.items():
        for k in range(many):
            own = found.segment == k
            total, square = float(weights[own].sum()), float(np.sum(weights[own] ** 2))
            mean = float(weights[own] @ found.posterior[k, own] / total) if total else np.nan
            assigned = total / float(weights.sum())
            enough = bool(own.sum() >= least and assigned >= share) or many == 1
            effective = total**2 / square if total else 0.0
            rows.append(
                (many, k + 1, found.share[k], assigned, int(own.sum()), effective, mean, enough)
            )
    columns = ["segments", "segment", "share", "share_assigned", "n", "n_effective"]
    return pd.DataFrame(rows, columns=[*columns, "probability", "large_enough"])
