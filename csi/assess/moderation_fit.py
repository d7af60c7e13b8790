"""From moments of items and products to everything a moderation tells, for any batch of samples.

Letters: p items, k products of items, c = p + k columns, q constructs, t terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from csi.arrays import Array, BoolArray, IntArray, lock, one_thread, readonly_bool, readonly_int
from csi.assess.kernel_moderation import f_squared, regression
from csi.assess.kernel_products import (
    covariance_of,
    pair_weights,
    residual_map,
    standard_items,
    standard_products,
)
from csi.assess.moderation_terms import Method, Second, Term
from csi.estimate.fit import Fit
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index.formula import index_score, index_sd, normalised
from csi.model.model import Model
from csi.model.parts import Construct, Path
from csi.moments.values import Moments
from csi.tabular import Brief


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Covariances (*batch, c, c) of items and products, and what products were formed round."""

    cov: Array
    center: Array
    pairs: IntArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Surface(Brief):
    """What a model with terms says, for a batch of samples.

    Attributes
    ----------
    paths : (*batch, q, q) paths of constructs with the terms in, [source, target]
    standardised : (*batch, t) coefficient of each term scaled to variance one
    scale : (*batch, t) standard deviation of the term under ``scale="product"``
    f2 : (*batch, t)
    r2, r2_without : (*batch, q) with and without the terms; NaN for exogenous constructs
    main : (*batch, t) slope of the source at the mean of the moderator
    beside : (*batch, t) slope of the moderator at the mean of the source
    bend : (*batch, t) what the slope of the source gains with one unit of the moderator; for a
        quadratic effect with one unit of the source itself (twice the coefficient)
    overlap : (*batch, t) mean of the product of source and moderator: their correlation, 1
    weights : (*batch, p) weights of the standardised items
    level, spread : (*batch, q) mean and standard deviation of the index scores, 0 to 100; NaN
        where a weight is negative
    settled : (*batch) whether a fit with terms settled, where there is one
    """

    paths: Array
    standardised: Array
    scale: Array
    f2: Array
    r2: Array
    r2_without: Array
    main: Array
    beside: Array
    bend: Array
    overlap: Array
    weights: Array
    level: Array
    spread: Array
    settled: BoolArray

    @property
    def coefficient(self) -> Array:
        """(*batch, t) coefficient of each term as it stands, per unit of the product."""
        return np.asarray(self.standardised / self.scale)


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """How terms are scored: what every batch of the same moderation shares."""

    model: Model
    terms: tuple[Term, ...]
    method: Method
    second: Second
    pls: PLSOptions
    low: Array
    high: Array

    def items_of(self, construct: str) -> IntArray:
        """Return the places of the items of a construct."""
        return np.flatnonzero(self.model.blocks[:, self.model.names.index(construct)])


def surface(
    road: Road, columns: Columns, fit: Fit, like: Fit | None = None
) -> tuple[Surface, Fit | None]:
    """Return what a model with terms says for a batch.

    Parameters
    ----------
    road : Road
    columns : Columns
    fit : Fit
        The model without terms, of the same batch.
    like : Fit, optional
        The fit with terms of the sample that the batch was drawn from.

    Returns
    -------
    Surface
    Fit or None
        The fit with terms, where the method has one.
    """
    with one_thread(), np.errstate(all="ignore"):
        weights, scores, scale, second = _scores(road, columns, fit, like)
        to_items = standard_items(fit.moments.cov, columns.cov.shape[-1])
        composites = _by_construct(road.model, weights) @ to_items
        plain = _plain(road, columns, fit.moments, weights)
        to = np.concatenate([composites, scores, plain], axis=-2)
        cov = covariance_of(to, columns.cov)
        settled = np.ones(fit.converged.shape, dtype=bool) if second is None else second.converged
        return _read(road, cov, scale, fit, weights, settled), second


def _scores(
    road: Road, columns: Columns, fit: Fit, like: Fit | None
) -> tuple[Array, Array, Array, Fit | None]:
    """Return item weights, the maps of term scores of variance one, their scales, and the fit."""
    plain = _plain(road, columns, fit.moments, fit.weights)
    if road.method == "two-stage" and road.second == "scores":
        sd = _sd(plain, columns.cov)
        return fit.weights, plain / sd[..., None], sd, None
    if road.method == "two-stage":
        parts = [plain[..., j : j + 1, :] for j in range(len(road.terms))]
    else:
        parts = _products(road, columns, fit.moments)
    second = _fit_with_terms(road, columns, parts, fit.moments, like)
    p, at = len(road.model.items), 0
    scores, scales = [], []
    for part in parts:
        own = slice(p + at, p + at + part.shape[-2])
        at += part.shape[-2]
        sd = _sd(part, columns.cov)
        scores.append(np.sum((second.weights[..., own] / sd)[..., None] * part, axis=-2))
        size = np.abs(second.loadings[..., own])
        scales.append(np.sum(sd * size, axis=-1) / np.sum(size, axis=-1))
    return second.weights[..., :p], np.stack(scores, -2), np.stack(scales, -1), second


def _plain(road: Road, columns: Columns, moments: Moments, weights: Array) -> Array:
    """(*batch, t, c) maps to products of standardised composites."""
    products = standard_products(moments.mean, moments.cov, columns.center, columns.pairs)
    own = _by_construct(road.model, weights)
    names = road.model.names
    each = [
        pair_weights(
            own[..., names.index(term.source), :],
            own[..., names.index(term.moderator), :],
            columns.pairs,
        )[..., None, :]
        @ products
        for term in road.terms
    ]
    return np.concatenate(each, axis=-2)


def _products(road: Road, columns: Columns, moments: Moments) -> list[Array]:
    """For each term the map (*batch, m, c) to the products of items that measure it.

    A quadratic effect has every product of two different items twice, as the square of a sum has.
    """
    to = standard_products(moments.mean, moments.cov, columns.center, columns.pairs)
    place = {(int(a), int(b)): k for k, (a, b) in enumerate(columns.pairs)}
    found = []
    for term in road.terms:
        left, right = road.items_of(term.source), road.items_of(term.moderator)
        own = [place[min(a, b), max(a, b)] for a in left.tolist() for b in right.tolist()]
        part = to[..., own, :]
        if road.method == "orthogonalised":
            part = residual_map(part, columns.cov, np.union1d(left, right))
        found.append(part)
    return found


def _fit_with_terms(
    road: Road, columns: Columns, parts: Sequence[Array], moments: Moments, like: Fit | None
) -> Fit:
    """Fit the model with a construct more for each term."""
    model = _model_with_terms(road, [part.shape[-2] for part in parts])
    p = len(road.model.items)
    batch = columns.cov.shape[:-2]
    raw = np.broadcast_to(np.eye(p, columns.cov.shape[-1]), (*batch, p, columns.cov.shape[-1]))
    cov = covariance_of(np.concatenate([raw, *parts], axis=-2), columns.cov)
    more = len(model.items) - p
    wide = replace(
        moments,
        items=model.items,
        mean=lock(np.concatenate([moments.mean, np.zeros((*batch, more))], axis=-1)),
        cov=lock(cov),
        answers=readonly_int(np.broadcast_to(moments.n[..., None], (*batch, len(model.items)))),
    )
    return fit_pls(model, wide, road.pls, like=like)


def _model_with_terms(road: Road, sizes: Sequence[int]) -> Model:
    """Return the model with a construct for each term; names that no other construct has."""
    taken = set(road.model.names) | set(road.model.items)
    stem = "term"
    while any(name.startswith(stem) for name in taken):
        stem += "_"
    constructs = [
        Construct(
            f"{stem}{j}",
            tuple(f"{stem}{j}_{i}" for i in range(size)),
            "single" if size == 1 else "composite",
        )
        for j, size in enumerate(sizes)
    ]
    paths = [Path(f"{stem}{j}", term.target, "?") for j, term in enumerate(road.terms)]
    return Model([*road.model.constructs, *constructs], [*road.model.paths, *paths],
                 road.model.index, road.model.name)  # fmt: skip


def _read(
    road: Road, cov: Array, scale: Array, fit: Fit, weights: Array, settled: BoolArray
) -> Surface:
    """Read everything off the covariances of composites, term scores and products (q + 2t)."""
    names = road.model.names
    paths, b, f2, r2 = _with_terms(road, cov)
    slopes, bend = _slopes(road, cov, paths, b)
    ends = [[names.index(n) for n in (t.source, t.moderator, t.target)] for t in road.terms]
    x, m, y = np.array(ends).T
    level, spread = _points(road, fit.moments, weights)
    return Surface(
        paths=lock(paths),
        standardised=lock(b),
        scale=lock(np.array(scale)),
        f2=lock(f2),
        r2=lock(r2),
        r2_without=lock(np.array(fit.r2)),
        main=lock(slopes[..., x, y]),
        beside=lock(slopes[..., m, y]),
        bend=lock(bend),
        overlap=lock(cov[..., x, m]),
        weights=lock(np.array(weights)),
        level=lock(level),
        spread=lock(spread),
        settled=readonly_bool(settled),
    )


def _with_terms(road: Road, cov: Array) -> tuple[Array, Array, Array, Array]:
    """Regress every construct on its sources and terms: paths, coefficients, f2 and R2."""
    names, terms = road.model.names, road.terms
    q, t, batch = len(names), len(terms), cov.shape[:-2]
    paths, r2 = np.zeros((*batch, q, q)), np.full((*batch, q), np.nan)
    b, f2 = np.empty((*batch, t)), np.empty((*batch, t))
    for target in range(q):
        sources = np.flatnonzero(road.model.arrows[:, target])
        if not len(sources):
            continue
        own = np.array([j for j in range(t) if names.index(terms[j].target) == target], dtype=int)
        every = np.concatenate([sources, q + own])
        slopes, r2[..., target] = regression(cov, every, target)
        paths[..., sources, target] = slopes[..., : len(sources)]
        b[..., own] = slopes[..., len(sources) :]
        for j in own:
            _, rest = regression(cov, every[every != q + j], target)
            f2[..., j] = f_squared(r2[..., target], rest)
    return paths, b, f2, r2


def _slopes(road: Road, cov: Array, paths: Array, b: Array) -> tuple[Array, Array]:
    """Return slopes (*batch, q, q) at the means, and what each gains by its term (*batch, t).

    A term that is not the product of the scores itself is taken as a linear function of both
    scores and their product, by least squares.
    """
    names, terms = road.model.names, road.terms
    q, t = len(names), len(terms)
    slopes, bend = paths.copy(), np.empty(b.shape)
    for j, term in enumerate(terms):
        x, m, y = (names.index(n) for n in (term.source, term.moderator, term.target))
        gains, _ = regression(cov, np.array([*dict.fromkeys((x, m)), q + t + j]), q + j)
        slopes[..., x, y] += b[..., j] * gains[..., 0]
        if not term.quadratic:
            slopes[..., m, y] += b[..., j] * gains[..., 1]
        bend[..., j] = b[..., j] * gains[..., -1] * (2.0 if term.quadratic else 1.0)
    return slopes, bend


def _points(road: Road, moments: Moments, weights: Array) -> tuple[Array, Array]:
    """(*batch, q) means and standard deviations of index scores; NaN with a negative weight."""
    blocks, mean, cov = road.model.blocks, moments.mean, moments.cov
    raw = weights / np.sqrt(np.einsum("...ii->...i", cov))
    v = normalised(raw, blocks)
    negative = (raw < 0).astype(np.float64) @ blocks > 0
    level = index_score(mean, v, road.low, road.high, blocks)
    spread = index_sd(cov, v, road.low, road.high, blocks)
    return np.where(negative, np.nan, level), np.where(negative, np.nan, spread)


def _by_construct(model: Model, weights: Array) -> Array:
    """(*batch, q, p) weights, one row a construct."""
    return np.asarray(weights[..., None, :] * model.blocks.T)


def _sd(to: Array, cov: Array) -> Array:
    """Return the standard deviations (*batch, r) of linear functions (*batch, r, c) of columns."""
    return np.asarray(np.sqrt(np.einsum("...rc,...cd,...rd->...r", to, cov, to, optimize=True)))
