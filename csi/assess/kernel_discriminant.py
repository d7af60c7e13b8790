"""How far items and constructs keep apart, from item correlations and weights: plain arrays.

Axes: any batch first, p items, q constructs. Blocks are slices of the items, one a construct.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from csi.arrays import Array

Mean = Literal["signed", "absolute", "geometric"]
"""How item correlations are averaged: as they are, without their signs, by the geometric mean."""


def item_construct_correlations(cov: Array, weights: Array) -> Array:
    """Return the correlation of each item with each composite.

    Parameters
    ----------
    cov : (*batch, p, p) covariances (or correlations) of the items the weights multiply
    weights : (*batch, p, q) weights of the items in each composite, 0 outside its block

    Returns
    -------
    (*batch, p, q)

    Notes
    -----
    No scores of respondents are needed [tenenhaus2005pls].

    Examples
    --------
    >>> corr = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> item_construct_correlations(corr, np.eye(2)).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    shared = cov @ weights
    size = np.sqrt(np.einsum("...pq,...pq->...q", weights, shared))
    sd = np.sqrt(np.einsum("...pp->...p", cov))
    return np.asarray(shared / (sd[..., :, None] * size[..., None, :]))


def mean_correlations(corr: Array, blocks: Sequence[slice], mean: Mean = "signed") -> Array:
    """Return the mean item correlation within and between blocks.

    Parameters
    ----------
    corr : (*batch, p, p) item correlations
    blocks : sequence of slice, length q
    mean : {"signed", "absolute", "geometric"}

    Returns
    -------
    (*batch, q, q) between the items of two blocks; on the diagonal between different items of
    one block, 1 for a single item. The geometric mean is NaN where a correlation is not
    positive.

    Examples
    --------
    >>> corr = np.array([[1.0, 0.6, 0.2], [0.6, 1.0, 0.4], [0.2, 0.4, 1.0]])
    >>> mean_correlations(corr, [slice(0, 2), slice(2, 3)]).round(2).tolist()
    [[0.6, 0.3], [0.3, 1.0]]
    """
    q = len(blocks)
    found = np.ones((*corr.shape[:-2], q, q))
    for i, first in enumerate(blocks):
        for j, second in enumerate(blocks[: i + 1]):
            part = corr[..., first, second]
            if i != j:
                own = part.reshape(*part.shape[:-2], part.shape[-2] * part.shape[-1])
            elif part.shape[-1] > 1:
                own = part[..., *np.triu_indices(part.shape[-1], 1)]
            else:
                own = np.where(np.isnan(part[..., 0]), np.nan, 1.0)
            found[..., i, j] = found[..., j, i] = _mean(own, mean)
    return found


def _mean(values: Array, mean: Mean) -> Array:
    """Return the mean over the last axis."""
    if mean == "signed":
        return np.asarray(values.mean(axis=-1))
    if mean == "absolute":
        return np.asarray(np.abs(values).mean(axis=-1))
    logs = np.log(np.where(values > 0, values, np.nan))
    return np.asarray(np.exp(logs.mean(axis=-1)))


def heterotrait_monotrait(means: Array) -> Array:
    """Return the heterotrait-monotrait ratio of every pair of constructs.

    Parameters
    ----------
    means : (*batch, q, q) mean item correlations within (diagonal) and between blocks, of
        `mean_correlations`

    Returns
    -------
    (*batch, q, q) with 1 on the diagonal; NaN where the items of a block do not go together
        (mean correlation not positive). The sign is that of the mean between the blocks.

    Notes
    -----
    The mean between two blocks over the geometric mean of those within them. Signed means give
    HTMT [henseler2015new], absolute ones HTMT+ [ringle2023perspective], geometric ones HTMT2
    [roemer2021improved]. With a single item, whose correlation with itself counts as 1, the ratio
    is corrected for unreliability on one side only.

    Examples
    --------
    >>> heterotrait_monotrait(np.array([[0.64, 0.4], [0.4, 0.25]]))[0, 1]
    np.float64(1.0)
    """
    own = np.einsum("...qq->...q", means)
    root = np.sqrt(np.where(own > 0, own, np.nan))
    found = means / (root[..., :, None] * root[..., None, :])
    at = np.arange(means.shape[-1])
    found[..., at, at] = np.where(np.isnan(root), np.nan, 1.0)
    return np.asarray(found)


def fornell_larcker_margin(ave: Array, corr: Array) -> Array:
    """Return by how much the items of two constructs share more than the constructs do.

    Parameters
    ----------
    ave : (*batch, q) average variance extracted; NaN for a construct that has none
    corr : (*batch, q, q) correlations of the constructs

    Returns
    -------
    (*batch, q, q) the smaller square root of the AVE of a pair less the absolute correlation;
        positive where the criterion holds; NaN where neither construct has an AVE

    Notes
    -----
    [fornell1981evaluating].

    Examples
    --------
    >>> fornell_larcker_margin(np.array([0.49, 0.64]), np.array([[1.0, 0.5], [0.5, 1.0]])).round(2)
    array([[-0.3,  0.2],
           [ 0.2, -0.2]])
    """
    root = np.sqrt(ave)
    return np.asarray(np.fmin(root[..., :, None], root[..., None, :]) - np.abs(corr))
