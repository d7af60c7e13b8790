"""The index formula: from item means and weights to a score between 0 and 100.

Letters: p items of one or several constructs, w (*batch, p) weights for items in points.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array, BoolArray
from csi.estimate.fit import Fit


def index_score(mean: Array, weights: Array, low: Array, high: Array, blocks: BoolArray) -> Array:
    r"""Return the score of every construct on the scale from 0 to 100.

    Parameters
    ----------
    mean : (*batch, p) item means, in points
    weights : (*batch, p) item weights for items in points (unstandardised)
    low, high : (p) ends of the answer scales
    blocks : (p, q) True where the item measures the construct

    Returns
    -------
    (*batch, q) scores

    Notes
    -----
    .. math:: 100 \, \frac{\sum w_i \bar x_i - \sum w_i l_i}{\sum w_i (h_i - l_i)}

    The formula does not depend on the length of the weights. It needs the weights of items in
    points: weights of standardised items are first divided by the items' standard deviations.
    Source: [fornell1996american].

    Examples
    --------
    >>> one = np.ones((3, 1), dtype=bool)
    >>> scale = np.ones(3), np.full(3, 10.0)
    >>> score = index_score(np.array([8.0, 7.5, 7.0]), np.array([0.38, 0.31, 0.31]), *scale, one)
    >>> float(np.round(score[0], 3))
    72.611
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        above = (weights * (mean - low)) @ blocks
        below = (weights * (high - low)) @ blocks
        return np.asarray(100.0 * above / below)


def index_sd(cov: Array, weights: Array, low: Array, high: Array, blocks: BoolArray) -> Array:
    """Return the standard deviation of respondents' scores, (*batch, q), in index points."""
    spread = np.einsum("...i,ij,...ik,...k,kj->...j", weights, blocks, cov, weights, blocks)
    below = (weights * (high - low)) @ blocks
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100.0 * np.sqrt(spread) / np.abs(below))


def slopes_in_points(fit: Fit, sd: Array, *, disattenuated: bool) -> Array:
    """Return the points by which the target of each path moves with one point of its source.

    Parameters
    ----------
    fit : Fit
    sd : (*batch, q) standard deviations of respondents' scores, in index points
    disattenuated : bool
        Whether paths are those of constructs free of measurement error, whose variance is the
        reliable share of that of the scores (PLSc, maximum likelihood).

    Returns
    -------
    (*batch, E), in the order of the model's paths
    """
    model = fit.model
    source = [model.names.index(path.source) for path in model.paths]
    target = [model.names.index(path.target) for path in model.paths]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = sd * np.sqrt(fit.reliability) if disattenuated else sd
        return np.asarray(
            fit.paths[..., source, target] * spread[..., target] / spread[..., source]
        )


def index_weights(fit: Fit) -> Array:
    """Return the weights of items in points, adding up to one within each construct, (*batch, p).

    Weights that a standardised fit gives are divided by the standard deviations of the items.
    """
    weights = fit.weights
    if fit.metric == "standardised":
        with np.errstate(invalid="ignore", divide="ignore"):
            weights = weights / np.sqrt(np.einsum("...ii->...i", fit.moments.cov))
    return normalised(weights, fit.model.blocks)


def normalised(weights: Array, blocks: BoolArray) -> Array:
    """Return weights that add up to one within each construct."""
    totals = (weights @ blocks) @ blocks.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(weights / totals)


def equal_weights(low: Array, high: Array, blocks: BoolArray) -> Array:
    """Return the weights under which all items of a construct count the same, (p).

    An item counts by its score from 0 to 100, so that weights of points go with one over the
    length of the scale.
    """
    return normalised(1.0 / (high - low), blocks)
