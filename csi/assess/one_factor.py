"""One common factor behind a block of items, by maximum likelihood, for a batch of samples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from csi.arrays import Array, BoolArray, one_thread
from csi.estimate.covariance.kernel import LOADING
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.scoring import Target, score
from csi.model.sem import sem_from_text

LEAST_COMMON = 0.1
"""Start of the share that an item has in common with the others is at least this."""


@dataclass(frozen=True, slots=True)
class OneFactor:
    """A factor of variance one behind k items.

    Attributes
    ----------
    loadings : (*batch, k) in the units of the items; their sum is not negative
    unique : (*batch, k) unique variances; below zero where the solution is inadmissible
    converged : (*batch)
    """

    loadings: Array
    unique: Array
    converged: BoolArray


def one_factor(cov: Array) -> OneFactor:
    """Fit one factor to the covariances of a block.

    Parameters
    ----------
    cov : (*batch, k, k) covariances or correlations

    Returns
    -------
    OneFactor
        NaN where the iteration did not settle. Unique variances may be negative (a Heywood
        case): they are reported and not kept at zero. Two items cannot tell loadings apart; they
        get equal shares of their variances, NaN where their correlation is negative. One item
        has no such factor: NaN.

    Notes
    -----
    Maximum likelihood under normality by Fisher scoring [joreskog1977structural], the scorer of
    `csi.sem.fit`; three items are fitted exactly, where it can be done.

    Examples
    --------
    >>> loadings = np.array([0.9, 0.8, 0.7, 0.6])
    >>> corr = np.outer(loadings, loadings); np.fill_diagonal(corr, 1.0)
    >>> one_factor(corr).loadings.round(6)
    array([0.9, 0.8, 0.7, 0.6])
    """
    k, batch = cov.shape[-1], cov.shape[:-2]
    flat = cov.reshape(-1, k, k)
    loadings, unique = np.full((len(flat), k), np.nan), np.full((len(flat), k), np.nan)
    converged = np.zeros(len(flat), dtype=bool)
    if k == 2:
        loadings, unique, converged = _two(flat)
    elif k > 2:
        sd = np.sqrt(np.einsum("bkk->bk", flat))
        with np.errstate(all="ignore"):
            corr = flat / (sd[:, :, None] * sd[:, None, :])
        usable = np.isfinite(corr).all(axis=(1, 2))
        found, own = _scored(corr[usable])
        at = np.flatnonzero(usable)[own]
        loadings[at], unique[at] = found[own, :k] * sd[at], found[own, k:] * sd[at] ** 2
        converged[at] = True
    sign = np.where(loadings.sum(axis=-1, keepdims=True) < 0, -1.0, 1.0)
    return OneFactor(
        (loadings * sign).reshape(*batch, k), unique.reshape(*batch, k), converged.reshape(batch)
    )


def _two(cov: Array) -> tuple[Array, Array, BoolArray]:
    """Return equal standardised loadings of two items."""
    variance = np.einsum("bkk->bk", cov)
    with np.errstate(all="ignore"):
        shared = cov[:, 0, 1] / np.sqrt(variance.prod(axis=1))
        root = np.sqrt(np.where(shared >= 0, shared, np.nan))
    loadings = root[:, None] * np.sqrt(variance)
    return loadings, variance - loadings**2, np.isfinite(root)


def _scored(corr: Array) -> tuple[Array, BoolArray]:
    """Return loadings and unique variances of items of variance one, (b, 2k), and the settled."""
    k = corr.shape[-1]
    if not len(corr):
        return np.zeros((0, 2 * k)), np.zeros(0, dtype=bool)
    placed = _placed(k)
    values, vectors = np.linalg.eigh(corr)
    first = vectors[:, :, -1]
    first = first * np.where(first.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    # the first component, its excess over the mean of the others being what is common
    rest = (k - values[:, -1]) / (k - 1.0)
    start = first * np.sqrt(np.maximum(values[:, -1] - rest, LEAST_COMMON))[:, None]
    common = np.clip(start**2, LEAST_COMMON, 0.95)
    start = np.where(start < 0, -1.0, 1.0) * np.sqrt(common)
    first_guess = np.where(
        placed.layout.matrix == LOADING,
        *(side[:, placed.layout.row] for side in (start, 1 - common)),
    )
    target = Target(corr[:, None], np.zeros((len(corr), 1, k)), np.ones((len(corr), 1)))
    with one_thread(), np.errstate(all="ignore"):
        found = score(placed.layout, target, first_guess)
    order = np.lexsort((placed.layout.row, placed.layout.matrix))
    return found.x[:, order], found.converged


@cache
def _placed(k: int) -> Placed:
    """Return the layout of one factor of variance one behind k items."""
    items = " + ".join(f"x{number}" for number in range(k))
    return place(sem_from_text(f"factor =~ NA*{items}\nfactor ~~ 1*factor\n"))
