"""The sample of a covariance fit: moments of all groups, and the respondents behind them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from csi.arrays import Array, BoolArray, IntArray, readonly
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import GroupRows, SemSample
from csi.estimate.covariance.sample_checks import (
    column_faults,
    dependence_faults,
    infinite_faults,
    silent_faults,
    singular_faults,
)
from csi.model.sem.values import Parameter, SemModel
from csi.moments.groups import cells_of
from csi.moments.values import Moments
from csi.survey.cells import natural_key, nearest
from csi.survey.survey import Survey

Data = Survey | pd.DataFrame | Moments
"""What a model can be fitted to."""


def sample_of(model: SemModel, data: Data, options: SemOptions, *, by: str = "") -> SemSample:
    """Return the sample of a model's items, one member a group of the model.

    Parameters
    ----------
    model : SemModel
    data : Survey, DataFrame or Moments
        Respondents with their design; answers alone (groups in the column `by`); or moments of
        the items, one member a group.
    options : SemOptions
    by : str
        Key or column whose values are the groups of the model.

    Raises
    ------
    EstimationError
        Unknown items, keys and groups, and groups with too few answers, all at once.
    """
    if isinstance(data, Moments):
        return _of_moments(model, data)
    names, of = _groups(model, data, by)
    faults = _unknown(model, data)
    faults += [
        Fault(f"group {name}", "has no respondents", nearest(name, sorted(set(of.tolist()))))
        for name in names
        if name and name not in set(of.tolist())
    ]
    if isinstance(data, pd.DataFrame) and not faults:
        faults = column_faults(data, model.items)
    if faults:
        raise EstimationError(faults)
    parts = [_rows(model, data, np.flatnonzero(of == name) if name else None) for name in names]
    infinite = [fault for part in parts for fault in infinite_faults(model.items, part.rows)]
    if infinite:
        raise EstimationError(list(dict.fromkeys(infinite)))
    kept, left = [], 0
    for part in parts:
        here = ~np.isnan(part.rows)
        used = here.any(axis=1) if options.missing == "fiml" else here.all(axis=1)
        used &= part.weights > 0
        left += int((~used).sum())
        kept.append(_take(part, used))
    p = len(model.items)
    few = [
        Fault(f"group {name or 'all'}", f"has {len(part.rows)} respondents for {p} items",
              "take more respondents, or fewer items")
        for name, part in zip(names, kept, strict=True)
        if len(part.rows) <= p
    ]  # fmt: skip
    if few:
        silent = [
            fault
            for name, part in zip(names, parts, strict=True)
            for fault in silent_faults(name, model.items, part.rows)
            if len(part.rows)
        ]
        raise EstimationError(silent or few)
    _check_answers(model, names, kept, options)
    design = data.design if isinstance(data, Survey) else None
    moments = [_moments(part) for part in kept]
    return SemSample(
        cov=readonly([cov for _, cov in moments]),
        mean=readonly([mean for mean, _ in moments]),
        n=np.array([len(part.rows) for part in kept]),
        rows=tuple(kept),
        weighted=bool(design and design.weighted),
        stratified=bool(design and design.stratified),
        clustered=bool(design and design.clustered),
        left_out=left,
    )


def _check_answers(
    model: SemModel, names: tuple[str, ...], parts: list[GroupRows], options: SemOptions
) -> None:
    """Refuse items that never vary, or that follow from others."""
    faults: list[Fault] = []
    # ordered items have checks of their own, on categories and polychoric correlations
    own = [k for k, item in enumerate(model.items) if item not in model.ordinal]
    items = tuple(model.items[k] for k in own)
    for name, part in zip(names, parts, strict=True):
        rows = part.rows[:, own]
        silent = silent_faults(name, items, rows)
        if silent and options.missing == "fiml":
            continue  # told by `check_fiml`, with all that is wrong with the options
        faults += silent or dependence_faults(name, items, rows, part.weights)
    if faults:
        raise EstimationError(faults)


def _of_moments(model: SemModel, data: Moments) -> SemSample:
    if data.items != model.items:
        raise EstimationError(
            Fault(
                "moments",
                f"are of items {', '.join(data.items)}",
                f"compute them for {', '.join(model.items)}",
            )
        )
    g, p = len(model.groups), len(model.items)
    members = int(np.prod(data.batch)) if data.batch else 1
    if members != g:
        what = f"have {members} members, the model has {g} groups"
        raise EstimationError(Fault("moments", what, "compute them by the same groups"))
    bad = [
        Fault(f"group {name or 'all'}", problem, "look at the items")
        for name, problem in zip(model.groups, data.problems, strict=False)
        if problem
    ]
    if not bad:
        bad = _impossible(model, data.cov.reshape(g, p, p))
    if bad:
        raise EstimationError(bad)
    return SemSample(
        cov=readonly(data.cov.reshape(g, p, p)),
        mean=readonly(data.mean.reshape(g, p)),
        n=np.asarray(data.n).reshape(g),
    )


def _impossible(model: SemModel, covs: Array) -> list[Fault]:
    """Return faults of covariances that are not those of items that vary and differ."""
    faults: list[Fault] = []
    for name, cov in zip(model.groups, covs, strict=True):
        flat = [
            item for item, value in zip(model.items, np.diag(cov), strict=True) if not value > 0
        ]
        of = f"group {name}, " if name else ""
        faults += [
            Fault(f"{of}item {item}", "has no variance above zero", "take it out of the model")
            for item in flat
        ]
        if not flat:
            faults += singular_faults(name, model.items, cov)
    return faults


def _unknown(model: SemModel, data: Survey | pd.DataFrame) -> list[Fault]:
    known = data.items if isinstance(data, Survey) else tuple(map(str, data.columns))
    return [
        Fault(f"item {item}", "is not in the data", nearest(item, known))
        for item in model.items
        if item not in known
    ]


def _groups(
    model: SemModel, data: Survey | pd.DataFrame, by: str
) -> tuple[tuple[str, ...], np.ndarray[tuple[int], np.dtype[np.object_]]]:
    """Return the groups of the model and the group of each respondent."""
    n = len(data)
    if model.groups == ("",):
        return model.groups, np.full(n, "", dtype=object)
    keys = tuple(data.keys) if isinstance(data, Survey) else tuple(map(str, data.columns))
    if by not in keys:
        what = f"{by!r} is no key" if by else "names no key for the groups of the model"
        raise EstimationError(Fault("option by", what, f"known keys: {', '.join(keys)}"))
    if isinstance(data, Survey):
        return model.groups, data.keys[by]
    return model.groups, data[by].astype(str).to_numpy(dtype=object)


def groups_in(data: Survey | pd.DataFrame, by: str) -> tuple[str, ...]:
    """Return the values of a key in their order; respondents without one are in no group."""
    if isinstance(data, Survey):
        return tuple(cell.label[0] for cell in cells_of(data, (by,)))
    return tuple(sorted(data[by].dropna().astype(str).unique(), key=natural_key))


def _rows(model: SemModel, data: Survey | pd.DataFrame, at: IntArray | None) -> GroupRows:
    if isinstance(data, Survey):
        rows = data.columns(model.items)
        weights, strata = data.design.weights, data.design.strata
        clusters, fractions = data.design.clusters, data.design.fractions
    else:
        rows = data[list(model.items)].to_numpy(dtype=np.float64)
        n = len(rows)
        weights, strata = np.ones(n), np.zeros(n, dtype=np.int64)
        clusters, fractions = np.arange(n), None
    found = GroupRows(rows, weights, strata, clusters, fractions)
    return found if at is None else _take(found, at)


def _take(part: GroupRows, at: BoolArray | IntArray) -> GroupRows:
    fractions = None if part.fractions is None else part.fractions[at]
    return GroupRows(part.rows[at], part.weights[at], part.strata[at], part.clusters[at], fractions)


def _moments(part: GroupRows) -> tuple[Array, Array]:
    """Weighted means and covariances; of the answers there are where some are missing."""
    rows, w = part.rows, part.weights
    here = ~np.isnan(rows)
    if here.all():
        total = w.sum()
        mean = w @ rows / total
        away = rows - mean
        return mean, np.asarray((away * w[:, None]).T @ away / total)
    filled = np.where(here, rows, 0.0)
    count = np.maximum(w @ here, 1e-12)
    mean = w @ filled / count
    away = np.where(here, rows - mean, 0.0)
    both = (here * w[:, None]).T @ here
    cov = (away * w[:, None]).T @ away / np.maximum(both, 1e-12)
    least = np.linalg.eigvalsh(cov)[0]
    if least <= 1e-6 * np.trace(cov) / len(cov):  # a start only: made positive definite
        cov = 0.8 * cov + 0.2 * np.diag(np.diag(cov))
    return mean, np.asarray(cov)


def with_shares(model: SemModel, sample: SemSample) -> SemModel:
    """Return the model with variances that are shares of item variances fixed at their values."""
    if all(parameter.share is None for parameter in model.parameters):
        return model

    def settled(parameter: Parameter) -> Parameter:
        if parameter.share is None:
            return parameter
        item = model.items.index(parameter.lhs)
        variance = float(sample.cov[parameter.group, item, item])
        if parameter.lhs in model.ordinal:
            variance = 1.0
        return replace(parameter, fixed=parameter.share * variance)

    return replace(model, parameters=tuple(map(settled, model.parameters)))
