"""Which parameters the moments leave open."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array
from csi.estimate.covariance.kernel import (
    DISTURBANCE,
    ERROR,
    INTERCEPT,
    LOADING,
    PATH,
    implied,
)
from csi.estimate.covariance.layout import Placed

SINGULAR = 1e-9
"""A scaled information with a smaller eigenvalue leaves a parameter open."""

SILENT = 1e-12
"""A smaller share of the information on another parameter, both in standard deviations of their
variables, is none."""


def open_parameters(placed: Placed, information: Array, x: Array) -> list[str]:
    """Return the names of parameters that the moments leave open.

    Parameters
    ----------
    placed : Placed
    information : (f, f)
    x : (f)
        Where the information was taken.
    """
    spread = np.diag(information)
    # free of units: of nothing but rounding where nobody answered the items of two constructs
    share = spread * parameter_sizes(placed, x) ** 2
    silent = ~(share > SILENT * share.max(initial=0.0))
    size = np.sqrt(np.where(silent, 1.0, spread))
    scaled = information / np.outer(size, size)
    scaled[silent, :] = scaled[:, silent] = 0.0
    try:  # no eigenvalue is below the limit: much quicker told than the eigenvalues
        np.linalg.cholesky(scaled - SINGULAR * np.eye(len(scaled)))
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(scaled)
    else:
        return []
    names = []
    for k in np.flatnonzero(values < SINGULAR):
        free = int(np.argmax(np.abs(vectors[:, k])))
        table = int(np.argmax(np.abs(placed.layout.basis[:, free])))
        names.append(placed.free[table].name)
    return list(dict.fromkeys(names))


def parameter_sizes(placed: Placed, x: Array) -> Array:
    """Return what one standard deviation of the variables is in each free parameter, (f)."""
    layout = placed.layout
    at = implied(layout, x[None])
    items = np.sqrt(np.abs(np.einsum("gii->gi", at.cov[0])))
    constructs = np.sqrt(np.abs(np.einsum("gii->gi", at.latent[0])))
    sizes = np.ones(len(layout.matrix))
    for k, (code, group, i, j) in enumerate(
        zip(layout.matrix, layout.group, layout.row, layout.col, strict=True)
    ):
        own, inner = items[group], constructs[group]
        if code == LOADING:
            sizes[k] = own[i] / (inner[j] or 1.0)
        elif code == PATH:
            sizes[k] = inner[i] / (inner[j] or 1.0)
        elif code == DISTURBANCE:
            sizes[k] = inner[i] * inner[j]
        elif code == ERROR:
            sizes[k] = own[i] * own[j]
        else:
            sizes[k] = own[i] if code == INTERCEPT else inner[i]
    return np.asarray((np.abs(layout.basis) * sizes[:, None]).max(axis=0))
