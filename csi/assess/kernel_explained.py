"""Explained variance of constructs from their correlations.

Letters: q constructs, C (*batch, q, q) their correlations.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csi.arrays import Array
from csi.estimate.pls.kernel import solve


def coefficients(C: Array, target: int, sources: Sequence[int]) -> Array:
    """Return the coefficients (*batch, k) of a regression of one construct on k others.

    Parameters
    ----------
    C : (*batch, q, q)
    target : int
    sources : sequence of int, length k
        May be empty.
    """
    rows, batch = list(sources), C.shape[:-2]
    flat = np.moveaxis(C.reshape(-1, *C.shape[-2:]), 0, -1)
    if not rows:
        return np.zeros((*batch, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = solve(flat[np.ix_(rows, rows)], flat[rows, target])
    return np.moveaxis(found, -1, 0).reshape(*batch, len(rows))


def explained_share(C: Array, target: int, sources: Sequence[int]) -> Array:
    """Return R2 of one construct regressed on others, (*batch); 0 without sources.

    Examples
    --------
    >>> C = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.3], [0.6, 0.3, 1.0]])
    >>> float(explained_share(C, 2, (0, 1)).round(12))  # 0.6**2 + 0.3**2
    0.45
    """
    rows = list(sources)
    return np.asarray((coefficients(C, target, rows) * C[..., rows, target]).sum(axis=-1))


def f_squared(with_source: Array | float, without: Array | float) -> Array:
    r"""Return the effect size of a source, or q2 where the shares are Q2.

    Parameters
    ----------
    with_source, without : array
        R2 of the target with the source among its predictors and without it.

    Notes
    -----
    .. math:: (R^2_{with} - R^2_{without}) / (1 - R^2_{with})

    NaN where the target is explained in full. Source: [cohen1988statistical].

    Examples
    --------
    >>> float(f_squared(0.5, 0.4).round(12))
    0.2
    """
    left = 1.0 - np.asarray(with_source, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(left > 0, (with_source - np.asarray(without)) / left, np.nan))
