"""The tables beside the index: paths, effects, weights, quality, how fits ended, items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from csi.index.cells import CellFit, Spread
from csi.index.figures import suppressed
from csi.index.levels import Label, outweighed
from csi.index.options import IndexOptions
from csi.index.pool import WeightSet
from csi.index.variants import periods
from csi.model.model import Model
from csi.moments.replication import Replication
from csi.survey.survey import Survey

Row = dict[str, Any]


def paths(
    labels: Sequence[Label], fitted: Mapping[Label, CellFit], options: IndexOptions
) -> pd.DataFrame:
    """Return the path coefficients with their errors."""
    rows = []
    for label, cell, spread in _with(labels, fitted, options, "paths"):
        for path in cell.model.paths:
            at = cell.model.names.index(path.source), cell.model.names.index(path.target)
            rows.append(
                _named(label)
                | {"from": path.source, "to": path.target}
                | _ends(spread, at)
                | {"expected_sign": path.sign, "verified": path.verified}
            )
    return _frame(rows, ("year", "group", "from", "to", "estimate", "se", "lower", "upper",
                         "expected_sign", "verified"))  # fmt: skip


def effects(
    labels: Sequence[Label], fitted: Mapping[Label, CellFit], options: IndexOptions
) -> pd.DataFrame:
    """Return direct, indirect and total effects with the errors of the totals."""
    rows = []
    for label, cell, spread in _with(labels, fitted, options, "total"):
        direct = cell.fit.paths
        for source, target in np.argwhere(spread.estimate != 0):
            at = int(source), int(target)
            ends = _ends(spread, at)
            total = ends.pop("estimate")
            rows.append(
                _named(label)
                | {
                    "from": cell.model.names[at[0]],
                    "to": cell.model.names[at[1]],
                    "direct": float(direct[at]),
                    "indirect": total - float(direct[at]),
                    "total": total,
                }
                | ends
            )
    return _frame(rows, ("year", "group", "from", "to", "direct", "indirect", "total", "se",
                         "lower", "upper"))  # fmt: skip


def weights(
    labels: Sequence[Label],
    fitted: Mapping[Label, CellFit],
    sets: Mapping[Label, WeightSet | str],
    replication: Replication,
    options: IndexOptions,
) -> pd.DataFrame:
    """Return weights and loadings of the fits, and the weights that the index used."""
    rows = []
    for label, cell, spread in _with(labels, fitted, options, "weights"):
        used = sets[label]
        for construct in cell.model.constructs:
            for item, index_weight, index_se in _used(construct.items, used, replication):
                i = cell.model.items.index(item)
                loadings = cell.spreads.get("loadings")
                rows.append(
                    _named(label)
                    | {
                        "construct": construct.name,
                        "item": item,
                        "weight": float(spread.estimate[i]),
                        "loading": float(loadings.estimate[i]) if loadings else np.nan,
                        "index_weight": index_weight,
                        "weight_se": float(spread.se[i]),
                        "loading_se": float(loadings.se[i]) if loadings else np.nan,
                        "index_weight_se": index_se,
                    }
                )
    return _frame(rows, ("year", "group", "construct", "item", "weight", "loading", "index_weight",
                         "weight_se", "loading_se", "index_weight_se"))  # fmt: skip


def _used(
    items: tuple[str, ...], used: WeightSet | str, replication: Replication
) -> list[tuple[str, float, float]]:
    """Return the items of a construct with the index weight used and its error."""
    if isinstance(used, str) or any(item not in used.items for item in items):
        return [(item, np.nan, np.nan) for item in items]
    at = [used.items.index(item) for item in items]
    sample = used.sample[at] / used.sample[at].sum()
    if used.draws is None:
        return [(item, float(w), 0.0) for item, w in zip(items, sample, strict=True)]
    drawn = used.draws[:, at] / used.draws[:, at].sum(axis=1, keepdims=True)
    drawn[outweighed(used.draws[:, at])] = np.nan
    se = np.sqrt(replication.variance(drawn, sample))
    return [(item, float(w), float(s)) for item, w, s in zip(items, sample, se, strict=True)]


def quality(
    labels: Sequence[Label], fitted: Mapping[Label, CellFit], options: IndexOptions
) -> pd.DataFrame:
    """Return R2 and reliability of the constructs."""
    rows = []
    for label, cell, spread in _with(labels, fitted, options, "r2"):
        for j, name in enumerate(cell.model.names):
            rows.append(
                _named(label)
                | {
                    "construct": name,
                    "r2": float(spread.estimate[j]),
                    "r2_adjusted": float(cell.fit.r2_adjusted[j]),
                    "r2_se": float(spread.se[j]),
                    "reliability": float(cell.fit.reliability[j]),
                }
            )
    return _frame(rows, ("year", "group", "construct", "r2", "r2_adjusted", "r2_se", "reliability"))


def fits(
    labels: Sequence[Label], fitted: Mapping[Label, CellFit], options: IndexOptions
) -> pd.DataFrame:
    """Return how every fit and its draws ended."""
    rows = []
    for label in labels:
        cell = fitted.get(label)
        if cell is None:
            rows.append(_named(label) | {"problem": "no model is left: items not asked"})
            continue
        fit = cell.fit
        rows.append(
            _named(label)
            | {
                "n_used": int(fit.moments.n),
                "n_effective": float(fit.moments.n_effective),
                "converged": bool(fit.converged) and not cell.problem,
                "steps": int(fit.steps),
                "admissible": bool(fit.admissible),
                "draws": options.draws if cell.spreads else 0,
                "draws_used": _count(cell),
                "draws_not_converged": cell.not_converged,
                "draws_degenerate": cell.degenerate,
                "draws_inadmissible": cell.inadmissible,
                "problem": suppressed(int(fit.moments.n), options) or cell.problem,
            }
        )
    return _frame(rows, ("year", "group", "n_used", "n_effective", "converged", "steps",
                         "admissible", "draws", "draws_used", "draws_not_converged",
                         "draws_degenerate", "draws_inadmissible", "problem"))  # fmt: skip


def _count(cell: CellFit) -> int:
    """Count the draws whose fits are used."""
    return 0 if not cell.spreads or cell.usable is None else int(cell.usable.sum())


def items(survey: Survey, model: Model, time: str) -> pd.DataFrame:
    """Return how many respondents answered each item of the model in each year."""
    answers = survey.columns(model.columns)
    rows = []
    for cell in periods(survey, time):
        here = (~np.isnan(answers[cell.rows])).sum(axis=0)
        for item, answered in zip(model.columns, here.tolist(), strict=True):
            rows.append(
                {
                    "year": cell.label[0] if cell.label else "all",
                    "item": item,
                    "asked": answered > 0,
                    "answered": answered,
                    "missing": len(cell.rows) - answered,
                }
            )
    return _frame(rows, ("year", "item", "asked", "answered", "missing"))


def _with(
    labels: Sequence[Label], fitted: Mapping[Label, CellFit], options: IndexOptions, what: str
) -> list[tuple[Label, CellFit, Spread]]:
    """Return the groups to be shown that have the spread called `what`, in the order of labels."""
    return [
        (label, fitted[label], spread)
        for label in labels
        if label in fitted
        and not suppressed(int(fitted[label].fit.moments.n), options)
        and (spread := fitted[label].spreads.get(what)) is not None
    ]


def _named(label: Label) -> Row:
    return {"year": label[0], "group": label[1]}


def _ends(spread: Spread, at: tuple[int, ...]) -> Row:
    """Return estimate, error and interval of one entry."""
    return {
        "estimate": float(spread.estimate[at]),
        "se": float(spread.se[at]),
        "lower": float(spread.lower[at]),
        "upper": float(spread.upper[at]),
    }


def _frame(rows: list[Row], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))
