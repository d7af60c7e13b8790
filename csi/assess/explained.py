"""Explained variance and effect sizes of a fit."""

from __future__ import annotations

import numpy as np

from csi.arrays import Array
from csi.assess.blocks import part_whole
from csi.assess.kernel_explained import explained_share, f_squared
from csi.estimate.fit import Fit
from csi.model.model import Model


def sources_of(model: Model) -> tuple[tuple[int, ...], ...]:
    """Return the places of the predictors of every construct; none for exogenous ones."""
    return tuple(tuple(np.flatnonzero(column).tolist()) for column in model.arrows.T)


def causes_of(model: Model) -> tuple[tuple[int, ...], ...]:
    """Return the places of the predictors of every construct, a whole's own parts left out."""
    joined = part_whole(model)
    return tuple(
        tuple(k for k in sources if not (joined[k, j] and model.constructs[j].parts))
        for j, sources in enumerate(sources_of(model))
    )


def endogenous_of(model: Model) -> tuple[int, ...]:
    """Return the places of the constructs that others explain, in the model's order."""
    return tuple(j for j, sources in enumerate(sources_of(model)) if sources)


def ends_of(model: Model) -> tuple[tuple[int, int], ...]:
    """Return the places of source and target of every path."""
    return tuple((model.names.index(p.source), model.names.index(p.target)) for p in model.paths)


def effect_sizes(fit: Fit) -> Array:
    """Return f2 of every path of the model, (*batch, e).

    The regression of the target is made again without the source, on the construct correlations
    of the fit; item weights stay as they are (as in cSEM). Programs that estimate the whole model
    again without the path get slightly other values, as the item weights change with it (seminr).
    NaN for a whole and its part, one of which is the other by construction; the other causes of a
    whole are judged without its parts beside them, as its R2 is.
    """
    model, joined = fit.model, part_whole(fit.model)
    every = causes_of(model)
    found = []
    for source, target in ends_of(model):
        if joined[source, target]:
            found.append(np.full(fit.r2.shape[:-1], np.nan))
            continue
        rest = [k for k in every[target] if k != source]
        whole = explained_share(fit.construct_corr, target, every[target])
        found.append(f_squared(whole, explained_share(fit.construct_corr, target, rest)))
    return np.stack(found, axis=-1)
