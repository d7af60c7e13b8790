"""What answers no covariance structure can be fitted to, found before the fit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from csi.arrays import Array
from csi.errors import Fault

LEAST = 1e-10
"""Correlations with a smaller eigenvalue count as singular."""

ENOUGH = 10
"""Respondents with both answers from which on a correlation of one is no chance."""

SHARE = 0.05
"""Items with a smaller part in a linear dependence are not named."""


def column_faults(data: pd.DataFrame, items: tuple[str, ...]) -> list[Fault]:
    """Return a fault for each item that is in a table twice, or holds something but numbers.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [1, 2], "b": ["1", "two"]})
    >>> [str(fault) for fault in column_faults(table, ("a", "b"))]
    ["item b: holds 'two', which is no number; read it with its codes, or correct it"]
    """
    at: dict[str, list[int]] = {item: [] for item in items}
    for place, name in enumerate(map(str, data.columns)):
        if name in at:
            at[name].append(place)
    kinds = [kind.kind for kind in data.dtypes]
    faults = []
    for item, places in at.items():
        if len(places) > 1:
            what = f"is the name of {len(places)} columns"
            faults.append(Fault(f"item {item}", what, "give each column a name of its own"))
            continue
        if kinds[places[0]] in "biuf":  # numbers by their type: most tables
            continue
        column = data.iloc[:, places[0]]
        wrong = column[pd.to_numeric(column, errors="coerce").isna() & column.notna()]
        if len(wrong):
            what = f"holds {wrong.iloc[0]!r}, which is no number"
            faults.append(Fault(f"item {item}", what, "read it with its codes, or correct it"))
    return faults


def infinite_faults(items: tuple[str, ...], rows: Array) -> list[Fault]:
    """Return a fault for each item with infinite answers."""
    return [
        Fault(f"item {items[k]}", "has infinite answers", "correct them, or make them missing")
        for k in np.flatnonzero(np.isinf(rows).any(axis=0))
    ]


def silent_faults(group: str, items: tuple[str, ...], rows: Array) -> list[Fault]:
    """Return a fault for each item that nobody answered, or all in the same way.

    Parameters
    ----------
    group : str
    items : tuple of str
    rows : (n, p), NaN where missing
    """
    here = ~np.isnan(rows)
    low = np.where(here, rows, np.inf).min(axis=0, initial=np.inf)
    high = np.where(here, rows, -np.inf).max(axis=0, initial=-np.inf)
    faults = []
    for k in np.flatnonzero(low >= high):
        answered = bool(here[:, k].any())
        what = f"has the same answer everywhere, {low[k]:g}" if answered else "has no answers"
        faults.append(Fault(_of(group, f"item {items[k]}"), what, "take the item out of the model"))
    return faults


def dependence_faults(
    group: str, items: tuple[str, ...], rows: Array, weights: Array
) -> list[Fault]:
    """Return faults for items that say exactly what others say.

    Parameters
    ----------
    group : str
    items : tuple of str
    rows : (n, p), NaN where missing
        Of items that vary.
    weights : (n)
    """
    if not len(items):
        return []
    if np.isnan(rows).any():
        return [_same(group, items[i], items[j]) for i, j in _pairs(rows)]
    away = rows - (weights @ rows) / weights.sum()
    return singular_faults(group, items, away.T @ (away * weights[:, None]))


def singular_faults(group: str, items: tuple[str, ...], cov: Array) -> list[Fault]:
    """Return a fault where covariances (p, p) of items with variance are singular."""
    size = np.sqrt(np.diag(cov))
    corr = cov / np.outer(size, size)
    try:  # no eigenvalue is below the limit: quicker told than the eigenvalues
        np.linalg.cholesky(corr - LEAST * np.eye(len(corr)))
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(corr)
    else:
        return []
    alike = np.argwhere(np.triu(np.abs(corr) > 1.0 - LEAST, 1))
    if len(alike):
        return [_same(group, items[i], items[j]) for i, j in alike.tolist()]
    own = np.flatnonzero(np.abs(vectors[:, 0]) > SHARE)
    names = ", ".join(items[k] for k in own)
    what = (
        f"have covariances that no normal distribution has (least eigenvalue {values[0]:.2g})"
        if values[0] < -LEAST
        else "follow exactly from one another"
    )
    return [Fault(_of(group, f"items {names}"), what, "take one of them out of the model")]


def _same(group: str, first: str, second: str) -> Fault:
    what = "give the same answers up to their scale"
    return Fault(_of(group, f"items {first} and {second}"), what, "take one of them out")


def _of(group: str, words: str) -> str:
    return f"group {group}, {words}" if group else words


def _pairs(rows: Array) -> Iterator[tuple[int, int]]:
    """Yield the pairs of items that correlate perfectly over those who answered both."""
    here = ~np.isnan(rows)
    centre = np.nanmean(rows, axis=0)
    spread = np.nanstd(rows, axis=0)
    z = np.where(here, (rows - centre) / spread, 0.0)
    weight = here.astype(np.float64)
    both = weight.T @ weight
    count = np.maximum(both, 1.0)
    total = z.T @ weight  # of item i where j is answered
    square = (z**2).T @ weight
    variance = square / count - (total / count) ** 2
    product = z.T @ z / count - total * total.T / count**2
    size = variance * variance.T
    known = (both >= max(ENOUGH, rows.shape[1] + 1)) & (size > 1e-12)
    corr = np.where(known, product**2, 0.0) / np.where(known, size, 1.0)
    yield from map(tuple, np.argwhere(np.triu(corr > 1.0 - 2.0 * LEAST, 1)).tolist())
