"""The standardised solution of a covariance fit with delta-method errors, and what follows from it.

Letters: K table parameters, k fixed ones beside them, f free parameters.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from csi.arrays import Array, one_thread
from csi.estimate.covariance.kernel import DISTURBANCE, ERROR, LOADING, PATH, Implied, implied
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.result import SemFit
from csi.estimate.intervals import margin, p_value
from csi.model.sem.expressions import names_in, value_of
from csi.model.sem.values import Parameter

STEP = 1e-4
"""Step of differences, relative to a parameter's standard error: the same in any unit."""


def derivatives(figures: Callable[[Array], Array], x: Array, errors: Array) -> Array:
    """Return the derivatives (k, f) of figures (b, f) -> (b, k) at x, by central differences.

    Parameters
    ----------
    figures : callable
    x, errors : (f)
        Parameters and their standard errors, which are the scale of the steps.
    """
    step = np.maximum(STEP * errors, 1e-9 * np.abs(x))
    step = np.where(step > 0, step, 1e-9)
    moved = figures(np.concatenate([x + np.diag(step), x - np.diag(step)]))
    up, down = moved[: len(x)], moved[len(x) :]
    return np.asarray(((up - down) / (2.0 * step[:, None])).T)


def free_vcov(fit: SemFit) -> Array:
    """Return the covariance matrix (f, f) of the free parameters."""
    basis = fit.placed.layout.basis  # of full column rank
    inverse = np.linalg.solve(basis.T @ basis, basis.T)
    return np.asarray(inverse @ fit.vcov @ inverse.T)


def delta_errors(fit: SemFit, figures: Callable[[Array], Array]) -> Array:
    """Return delta-method standard errors of figures of the free parameters, (k)."""
    vcov = free_vcov(fit)
    spread = np.diag(vcov)
    if not (np.isfinite(vcov).all() and (spread >= 0).all()):
        return np.full(figures(fit.x[None]).shape[1], np.nan)
    with one_thread():
        slope = derivatives(figures, fit.x, np.sqrt(spread))
        variance = ((slope @ vcov) * slope).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt(np.where(variance > -1e-12, np.maximum(variance, 0.0), np.nan)))


def parameters_table(fit: SemFit, *, level: float = 0.95) -> pd.DataFrame:
    """Return one row a parameter, fixed ones too, with its standardised value.

    Returns
    -------
    DataFrame
        ``group, lhs, op, rhs, label, free, estimate, se, z, p_value, lower, upper, standardised,
        standardised_se``; the standardised solution has items and constructs of variance one.
    """
    model = fit.placed.model
    listed = [p for p in model.parameters if p.op != "|"]
    number = {id(p): k for k, p in enumerate(fit.placed.free)}
    own = [number.get(id(p)) for p in listed]
    estimate = np.array(
        [p.fixed if k is None else fit.values[k] for p, k in zip(listed, own, strict=True)],
        dtype=np.float64,
    )
    errors = fit.errors
    se = np.array([0.0 if k is None else errors[k] for k in own])

    def standardised(x: Array) -> Array:
        return _standardised(fit.placed, listed, x)

    std = standardised(fit.x[None])[0]
    std_se = delta_errors(fit, standardised)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(se > 0, estimate / se, np.nan)
    half = margin(se, level=level, freedom=np.inf)
    free = np.array([k is not None for k in own])
    return pd.DataFrame(
        {
            "group": [model.groups[p.group] for p in listed],
            "lhs": [p.lhs for p in listed],
            "op": [p.op for p in listed],
            "rhs": [p.rhs for p in listed],
            "label": [p.label for p in listed],
            "free": free,
            "estimate": estimate,
            "se": np.where(free, se, np.nan),
            "z": np.where(free, z, np.nan),
            "p_value": np.where(free & (se > 0), p_value(estimate, se, np.inf), np.nan),
            "lower": np.where(free, estimate - half, np.nan),
            "upper": np.where(free, estimate + half, np.nan),
            "standardised": std,
            "standardised_se": std_se,
        }
    )


def _standardised(placed: Placed, listed: list[Parameter], x: Array) -> Array:
    """Return standardised values of the parameters listed, (b, k)."""
    at = implied(placed.layout, x)
    with np.errstate(invalid="ignore"):  # variances below zero have no root
        item_sd = np.sqrt(np.einsum("bgpp->bgp", at.cov))
        latent_sd = np.sqrt(np.einsum("bgmm->bgm", at.latent))
    items, constructs = placed.model.items, placed.constructs
    out = np.empty((len(x), len(listed)))
    with np.errstate(invalid="ignore", divide="ignore"):
        for k, p in enumerate(listed):
            g = p.group
            value, first, second = _entry(at, p, items, constructs)
            scale = _sd(first, g, items, constructs, item_sd, latent_sd)
            if p.op == "~1":
                out[:, k] = value / scale
            elif p.op == "~~":
                other = _sd(second, g, items, constructs, item_sd, latent_sd)
                if first != second:  # a correlation of what is left unexplained
                    scale = np.sqrt(_variance(at, first, g, items, constructs))
                    other = np.sqrt(_variance(at, second, g, items, constructs))
                out[:, k] = value / (scale * other)
            else:
                other = _sd(second, g, items, constructs, item_sd, latent_sd)
                out[:, k] = value * other / scale
    return out


def _entry(
    at: Implied, p: Parameter, items: tuple[str, ...], constructs: tuple[str, ...]
) -> tuple[Array, str, str]:
    """Return a parameter's value, (b), and the two variables whose scales it has."""
    g = p.group
    loading, path, disturbance, error, intercept, mean = at.matrices
    if p.op == "=~" and p.rhs not in constructs:
        return loading[:, g, items.index(p.rhs), constructs.index(p.lhs)], p.rhs, p.lhs
    if p.op in ("=~", "~"):
        target, source = (p.rhs, p.lhs) if p.op == "=~" else (p.lhs, p.rhs)
        return path[:, g, constructs.index(target), constructs.index(source)], target, source
    if p.op == "~~":
        if p.lhs in constructs:
            i, j = constructs.index(p.lhs), constructs.index(p.rhs)
            return disturbance[:, g, i, j], p.lhs, p.rhs
        return error[:, g, items.index(p.lhs), items.index(p.rhs)], p.lhs, p.rhs
    if p.lhs in constructs:
        return mean[:, g, constructs.index(p.lhs)], p.lhs, ""
    return intercept[:, g, items.index(p.lhs)], p.lhs, ""


def _sd(
    name: str,
    g: int,
    items: tuple[str, ...],
    constructs: tuple[str, ...],
    item_sd: Array,
    latent_sd: Array,
) -> Array:
    if name in constructs:
        return np.asarray(latent_sd[:, g, constructs.index(name)])
    return np.asarray(item_sd[:, g, items.index(name)])


def _variance(
    at: Implied, name: str, g: int, items: tuple[str, ...], constructs: tuple[str, ...]
) -> Array:
    """Return the (residual) variance of a variable, (b)."""
    if name in constructs:
        k = constructs.index(name)
        return np.asarray(at.matrices[DISTURBANCE][:, g, k, k])
    k = items.index(name)
    return np.asarray(at.matrices[ERROR][:, g, k, k])


def explained(fit: SemFit) -> pd.DataFrame:
    """Return the explained share of variance of items and of constructs with causes."""
    at, placed = fit.implied, fit.placed
    rows = []
    for g, group in enumerate(placed.model.groups):
        latent = at.latent[0, g]
        for k, name in enumerate(placed.constructs):
            if at.matrices[PATH][0, g, k].any():
                left = float(at.matrices[DISTURBANCE][0, g, k, k])
                rows.append((group, name, 1.0 - left / float(latent[k, k])))
        for k, name in enumerate(placed.model.items):
            if at.matrices[LOADING][0, g, k].any() and name not in placed.constructs:
                left = float(at.matrices[ERROR][0, g, k, k])
                rows.append((group, name, 1.0 - left / float(at.cov[0, g, k, k])))
    return pd.DataFrame(rows, columns=["group", "variable", "r2"])


def reliabilities(fit: SemFit) -> pd.DataFrame:
    """Return omega and average variance extracted of constructs of several items.

    Omega is the share of variance of the sum of the items that the construct explains, residual
    covariances counted [bollen1980issues]; AVE the mean explained share of standardised items
    [fornell1981evaluating]. Constructs whose items have cross-loadings are left out.
    """
    at, placed = fit.implied, fit.placed
    rows = []
    for g, group in enumerate(placed.model.groups):
        loading, error = at.matrices[LOADING][0, g], at.matrices[ERROR][0, g]
        for k, name in enumerate(placed.constructs):
            own = np.flatnonzero(loading[:, k])
            alone = (loading[own] != 0).sum(axis=1) == 1
            if len(own) < 2 or not alone.all():
                continue
            variance = float(at.latent[0, g, k, k])
            common = float(loading[own, k].sum()) ** 2 * variance
            omega = common / (common + float(error[np.ix_(own, own)].sum()))
            share = loading[own, k] ** 2 * variance / np.diag(at.cov[0, g])[own]
            rows.append((group, name, omega, float(share.mean())))
    return pd.DataFrame(rows, columns=["group", "construct", "omega", "ave"])


def defined_table(fit: SemFit) -> pd.DataFrame:
    """Return defined parameters with delta-method errors.

    Returns
    -------
    DataFrame
        ``name, expression, estimate, se, z, p_value``.
    """
    model, layout = fit.placed.model, fit.placed.layout
    if not model.defined:
        return pd.DataFrame(columns=["name", "expression", "estimate", "se", "z", "p_value"])
    labels = {p.label: k for k, p in enumerate(fit.placed.free) if p.label}
    known = {p.label: float(p.fixed) for p in model.parameters if p.label and p.fixed is not None}

    def figures(x: Array) -> Array:
        values = layout.offset + x @ layout.basis.T
        rows = []
        for row in values:
            given = known | {label: float(row[k]) for label, k in labels.items()}
            for entry in model.defined:  # a definition may use those before it
                given[entry.name] = value_of(entry.expression, given)
            rows.append([given[entry.name] for entry in model.defined])
        return np.array(rows)

    estimate = figures(fit.x[None])[0]
    se = delta_errors(fit, figures)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = estimate / se
    return pd.DataFrame(
        {
            "name": [entry.name for entry in model.defined],
            "expression": [entry.expression for entry in model.defined],
            "estimate": estimate,
            "se": se,
            "z": z,
            "p_value": p_value(estimate, se, np.inf),
        }
    )


def labels_used(fit: SemFit) -> tuple[str, ...]:
    """Return the labels that defined parameters rest on."""
    found = [name for entry in fit.placed.model.defined for name in names_in(entry.expression)]
    return tuple(dict.fromkeys(found))
