"""What the model leaves unexplained: residuals, and what freeing a parameter would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.kernel import DISTURBANCE, ERROR, LOADING, PATH, implied
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.measures import chi_square_p
from csi.estimate.covariance.result import SemFit
from csi.estimate.covariance.scoring import gradient
from csi.model.sem.values import Operator, Parameter, SemModel


def residuals(fit: SemFit) -> pd.DataFrame:
    """Return residual correlations of all pairs of items, the largest first.

    Returns
    -------
    DataFrame
        ``group, first, second, sample, implied, residual``: correlations of the sample and of the
        model, each with the sample's standard deviations.
    """
    model, at = fit.placed.model, fit.implied
    observed = fit.sample.target(fit.options).cov[0]  # with the divisor that was fitted
    rows = []
    for g, group in enumerate(model.groups):
        sd = np.sqrt(np.diag(observed[g]))
        sample = observed[g] / np.outer(sd, sd)
        fitted = at.cov[0, g] / np.outer(sd, sd)
        for i, j in zip(*np.tril_indices(len(sd), -1), strict=True):
            rows.append((group, model.items[j], model.items[i], sample[i, j], fitted[i, j]))
    table = pd.DataFrame(rows, columns=["group", "first", "second", "sample", "implied"])
    table["residual"] = table["sample"] - table["implied"]
    order = np.argsort(-table["residual"].abs().to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def modification_indices(fit: SemFit, *, least: float = 0.0) -> pd.DataFrame:
    """Return by how much chi-square would fall if one more parameter were free.

    Parameters
    ----------
    fit : SemFit
        By maximum likelihood, generalised or unweighted least squares on complete data.
    least : float
        Smaller indices are left out.

    Returns
    -------
    DataFrame
        ``group, lhs, op, rhs, index, p_value, expected_change``, the largest first: parameters
        that are zero in the model, namely loadings of items on other constructs, paths between
        constructs in both directions, and covariances of residuals. Those that could not be
        estimated beside the others are left out. Expected changes are unstandardised.

    Raises
    ------
    EstimationError
        For a fit that did not converge, or of another kind.

    Notes
    -----
    The score test with the expected information: ``N g**2 / (I_kk - I_kf I_ff^-1 I_fk)``
    [sorbom1989model]. Many are tried: a large index is a question to the questionnaire and no
    licence to free a parameter.
    """
    if not fit.converged:
        raise EstimationError(Fault("fit", "did not converge", "mend the model first"))
    if fit.options.missing == "fiml" or fit.options.estimator == "dwls":
        what = "modification indices are of complete-data fits by ml, gls or uls"
        raise EstimationError(Fault("fit", what, "fit with missing='complete' to see them"))
    if fit.placed.layout.basis.shape[1] and not np.isfinite(fit.vcov).all():
        what = "has no errors: a parameter is not identified, or the solution is no minimum"
        raise EstimationError(Fault("fit", what, "fix the parameters that `ended` names"))
    candidates = list(_candidates(fit.placed))
    if not candidates:
        return pd.DataFrame(
            columns=["group", "lhs", "op", "rhs", "index", "p_value", "expected_change"]
        )
    wider, at = _widened(fit.placed, candidates)
    count = fit.placed.layout.basis.shape[1]
    x = np.concatenate([fit.x, at])
    layout = wider.layout
    basis = np.zeros((layout.basis.shape[0], len(x)))
    basis[: len(fit.placed.free), :count] = fit.placed.layout.basis
    basis[np.arange(len(candidates)) + len(fit.placed.free), np.arange(len(at)) + count] = 1.0
    offset = np.zeros(len(basis))
    offset[: len(fit.placed.free)] = fit.placed.layout.offset
    layout = replace(layout, basis=basis, offset=offset)
    kind = fit.options.estimator
    target = fit.sample.target(fit.options)
    first, second = gradient(layout, target, implied(layout, x[None]), kind)
    index, change = _scores(first[0], second[0], count, fit.sample.multiplier(fit.options))
    table = pd.DataFrame(
        {
            "group": [fit.placed.model.groups[p.group] for p in candidates],
            "lhs": [p.lhs for p in candidates],
            "op": [p.op for p in candidates],
            "rhs": [p.rhs for p in candidates],
            "index": index,
            "p_value": [chi_square_p(value, 1) for value in index],
            "expected_change": change,
        }
    )
    table = table[table["index"] >= least]
    order = np.argsort(-table["index"].to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _scores(first: Array, second: Array, count: int, multiplier: float) -> tuple[Array, Array]:
    """Return indices and expected changes of the parameters after the first `count`."""
    inner = np.linalg.solve(second[:count, :count], second[:count, count:])
    left = np.diag(second)[count:] - np.einsum("fk,fk->k", second[:count, count:], inner)
    slope = first[count:] - inner.T @ first[:count]
    usable = left > 1e-10 * np.diag(second)[count:]
    safe = np.where(usable, left, 1.0)
    index = np.where(usable, multiplier * slope**2 / safe, np.nan)
    return index, np.where(usable, -slope / safe, np.nan)


def _candidates(placed: Placed) -> Iterator[Parameter]:
    """Yield the parameters that are zero: cross-loadings, paths and residual covariances."""
    model = placed.model
    yield from _between_constructs(placed)
    taken = {(p.group, p.op, frozenset((p.lhs, p.rhs))) for p in placed.free}
    for group in range(len(model.groups)):
        loading = placed.layout.fixed[LOADING][group]
        for construct in model.constructs:
            for item in model.items:
                if item in placed.constructs or not _measures(placed, group, construct):
                    continue
                key = (group, "=~", frozenset((construct, item)))
                marked = loading[model.items.index(item), placed.constructs.index(construct)] != 0
                if key not in taken and not marked:
                    yield _zero(construct, "=~", item, group)
        errors = placed.layout.fixed[ERROR][group]
        for i, first in enumerate(model.items):
            for second in model.items[:i]:
                if {first, second} & set(placed.constructs):
                    continue
                key = (group, "~~", frozenset((first, second)))
                if key not in taken and errors[i, model.items.index(second)] == 0:
                    yield _zero(second, "~~", first, group)


def _between_constructs(placed: Placed) -> Iterator[Parameter]:
    """Yield the paths and residual covariances between constructs that are zero."""
    names, fixed = placed.constructs, placed.layout.fixed
    free = {(p.group, p.op, p.lhs, p.rhs) for p in placed.free}
    for group in range(len(placed.model.groups)):
        for i, first in enumerate(names):
            for j, second in enumerate(names):
                path, loading = (group, "~", first, second), (group, "=~", second, first)
                if i != j and not {path, loading} & free and fixed[PATH][group, i, j] == 0:
                    yield _zero(first, "~", second, group)
                pair = {(group, "~~", first, second), (group, "~~", second, first)}
                if j < i and not pair & free and fixed[DISTURBANCE][group, i, j] == 0:
                    yield _zero(second, "~~", first, group)


def _measures(placed: Placed, group: int, construct: str) -> bool:
    """Tell whether a construct has items of its own."""
    return any(
        p.op == "=~" and p.lhs == construct and p.group == group and p.rhs in placed.model.items
        for p in placed.model.parameters
    )


def _zero(lhs: str, op: Operator, rhs: str, group: int) -> Parameter:
    return Parameter(lhs, op, rhs, group)


def _widened(placed: Placed, candidates: list[Parameter]) -> tuple[Placed, Array]:
    """Return the model with the candidates free, after its own parameters, and their values."""
    model = placed.model
    wider: SemModel = replace(model, parameters=(*model.parameters, *candidates), equalities=())
    found = place(wider)
    return found, np.zeros(len(candidates))
