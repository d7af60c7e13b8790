"""Fit a model by PLS to a batch of moments."""

from __future__ import annotations

from functools import partial

import numpy as np

from csi.arrays import Array, BoolArray, IntArray, lock, one_thread
from csi.errors import EstimationError, Fault
from csi.estimate.fit import Fit
from csi.estimate.pls.kernel import Layout, composites, regressions, rho_a, settle
from csi.estimate.pls.kernel_stages import settle_stages
from csi.estimate.pls.options import PLSOptions
from csi.estimate.pls.road import Road, reliabilities_of_wholes, road_of, sign_wholes
from csi.model.model import Model
from csi.moments.repeats import expanded
from csi.moments.values import Moments

TILE = 1024
"""Members of the batch that go through the iteration together."""

ROUNDING = 1e-12
"""A loading beyond one by no more than this is one: that of a single item."""


def fit_pls(
    model: Model,
    moments: Moments,
    options: PLSOptions | None = None,
    *,
    like: Fit | None = None,
) -> Fit:
    """Fit a path model by partial least squares.

    Parameters
    ----------
    model : Model
        q constructs measured by p items.
    moments : Moments
        Moments of the model's items, any batch; of its columns will do.
    options : PLSOptions, optional
    like : Fit, optional
        A fit of the sample that the batch was drawn from (a single member): its weights
        start the iteration and its dominant items fix the signs. Results do not depend on
        the start beyond the tolerance.

    Returns
    -------
    Fit
        One result a member. The sign of each construct is the one that makes the loading of
        its dominant item (largest absolute loading) positive; a construct of constructs goes with
        the sum of its parts. Members marked in ``moments.problems`` come back as NaN.

    Raises
    ------
    EstimationError
        Where the moments are of other items than the model's, and for options that do not go
        with its constructs of constructs.

    Notes
    -----
    PLS needs only moments [tenenhaus2005pls]; weighted moments give weighted PLS
    [becker2016accounting]. PLSc corrects reflective constructs only: composites, formative and
    single-item constructs are taken as they are.

    A construct of constructs is measured by the items of its parts again, whatever the approach
    [becker2012hierarchical], [sarstedt2019how]: ``weights`` and ``loadings`` have a place for each,
    and ``moments`` of the fit stand for them all. Paths from the parts to a whole made of them are
    the regression of its score on theirs, which leaves next to nothing over (nothing after two
    stages): R2 of such a whole counts its other causes only, and is NaN where it has none. Their
    paths are estimated without the parts beside them, so that they are what the extended approach
    finds as total effects through the parts.
    """
    options = options or PLSOptions()
    if moments.items == model.columns:
        moments = expanded(moments, model.items)
    if moments.items != model.items:
        raise EstimationError(
            Fault(
                "moments",
                f"are of items {', '.join(moments.items)}",
                f"compute them for the model's items {', '.join(model.columns)}",
            )
        )
    batch, p, q = moments.batch, len(model.items), len(model.names)
    road = road_of(model, options)
    layout = road.layout
    cov = np.moveaxis(moments.cov.reshape((-1, p, p)), 0, -1)
    start = None if like is None else like.weights.reshape(p)
    dominant = None if like is None else dominant_items(like.loadings.reshape(p, 1), layout)[:, 0]
    out = _Results(cov.shape[-1], p, q)
    with one_thread(), np.errstate(all="ignore"):
        for first in range(0, cov.shape[-1], TILE):
            part = slice(first, min(first + TILE, cov.shape[-1]))
            _fit_tile(cov[..., part], road, model, options, start, dominant, out, part)
    usable = np.array([not problem for problem in moments.problems] or [True])
    out.blank(np.broadcast_to(usable, (*batch[:-1], batch[-1]) if batch else (1,)).reshape(-1))
    n = np.asarray(moments.n, dtype=np.float64).reshape(-1)
    return out.as_fit(model, moments, options, road.explained, n)


def dominant_items(loadings: Array, layout: Layout) -> IntArray:
    """Return the item with the largest absolute loading of each construct, (q, b)."""
    return np.array(
        [block.start + np.argmax(np.abs(loadings[block]), axis=0) for block in layout.blocks]
    )


class _Results:
    """Arrays of a whole batch, filled tile by tile; the batch is the last axis."""

    def __init__(self, b: int, p: int, q: int) -> None:
        self.weights, self.loadings = np.empty((p, b)), np.empty((p, b))
        self.paths, self.corr = np.empty((q, q, b)), np.empty((q, q, b))
        self.r2, self.reliability = np.empty((q, b)), np.ones((q, b))
        self.change, self.steps = np.empty(b), np.empty(b, dtype=np.int64)
        self.converged, self.admissible = np.empty(b, dtype=bool), np.empty(b, dtype=bool)

    def blank(self, usable: BoolArray) -> None:
        """Turn members that were not to be fitted into NaN."""
        finite = np.isfinite(self.weights).all(axis=0) & np.isfinite(self.paths).all(axis=(0, 1))
        away = ~(usable & finite)
        for values in (self.weights, self.loadings, self.paths, self.corr, self.r2):
            values[..., away] = np.nan
        self.reliability[..., away] = np.nan
        self.change[away] = np.nan
        self.steps[away] = 0
        self.converged[away] = False
        self.admissible[away] = False

    def as_fit(
        self, model: Model, moments: Moments, options: PLSOptions, layout: Layout, n: Array
    ) -> Fit:
        """Return the batch-first frozen value."""
        sources = np.array([len(rows) for rows in layout.sources], dtype=np.float64)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            adjusted = 1.0 - (1.0 - self.r2) * (n - 1.0) / (n - sources - 1.0)
        adjusted[np.broadcast_to(n - sources - 1.0 <= 0, adjusted.shape)] = np.nan
        batch = moments.batch

        def first(values: Array) -> Array:
            moved = np.moveaxis(values, -1, 0)
            return lock(moved.reshape((*batch, *moved.shape[1:])))

        def flags(values: BoolArray) -> BoolArray:
            shaped = values.reshape(batch)
            shaped.setflags(write=False)
            return shaped

        steps = self.steps.reshape(batch)
        steps.setflags(write=False)
        return Fit(
            model=model,
            moments=moments,
            estimator=options.words(wholes=bool(model.wholes)),
            metric=options.metric,
            weights=first(self.weights),
            loadings=first(self.loadings),
            paths=first(self.paths),
            construct_corr=first(self.corr),
            r2=first(self.r2),
            r2_adjusted=first(adjusted),
            reliability=first(self.reliability),
            converged=flags(self.converged),
            steps=steps,
            change=lock(self.change.reshape(batch)),
            admissible=flags(self.admissible),
        )


def _fit_tile(
    cov: Array,
    road: Road,
    model: Model,
    options: PLSOptions,
    start: Array | None,
    dominant: IntArray | None,
    out: _Results,
    part: slice,
) -> None:
    """Fit the members `part` of the batch and write them into `out`."""
    layout = road.layout
    S = cov.copy()
    sd = np.sqrt(np.einsum("iib->ib", S))
    if options.metric == "standardised":
        inverse = 1.0 / sd
        S *= inverse[:, None]
        S *= inverse[None, :]
        sd = np.ones_like(sd)
    first = np.ones_like(sd) / sd if start is None else np.repeat(start[:, None], len(sd.T), axis=1)
    find = partial(settle_stages, S, road.stages) if road.stages else partial(settle, S, layout)
    end = find(
        first, scheme=options.scheme, tolerance=options.tolerance, max_steps=options.max_steps
    )
    w = end.weights
    w, V, C = composites(S, w, layout)
    loadings = np.empty_like(w)
    for j, block in enumerate(layout.blocks):
        loadings[block] = V[block, j] / sd[block]
    chosen = dominant_items(loadings, layout) if dominant is None else dominant[:, None]
    signs = np.sign(np.take_along_axis(loadings, np.broadcast_to(chosen, C.shape[1:]), axis=0))
    signs[signs == 0] = 1.0
    sign_wholes(signs, C, model)
    for j, block in enumerate(layout.blocks):
        w[block] *= signs[j]
        loadings[block] *= signs[j]
    C *= signs[:, None] * signs[None, :]
    if options.consistent:
        _correct(w, loadings, C, layout, model, out.reliability[:, part])
    elif options.metric == "standardised":
        _reliabilities(w, layout, model, out.reliability[:, part])
        reliabilities_of_wholes(w, model, out.reliability[:, part], road.stages)
    else:
        _no_reliabilities(model, out.reliability[:, part])
    paths = regressions(C, road.explained)
    r2 = np.einsum("kjb,kjb->jb", paths, C)
    exogenous = [j for j, sources in enumerate(road.explained.sources) if not sources]
    if road.made is not None:
        paths += regressions(C, road.made)
    out.weights[:, part], out.loadings[:, part] = w, loadings
    out.paths[..., part], out.corr[..., part] = paths, C
    out.admissible[part] = (w >= 0).all(axis=0) & (r2 <= 1).all(axis=0)
    if options.consistent:
        out.admissible[part] &= _is_correlation(C) & (np.abs(loadings) <= 1 + ROUNDING).all(axis=0)
        out.admissible[part] &= (out.reliability[:, part] <= 1).all(axis=0)
    r2[exogenous] = np.nan
    out.r2[:, part] = r2
    out.converged[part], out.steps[part], out.change[part] = end.converged, end.steps, end.change


def _is_correlation(C: Array) -> BoolArray:
    """Tell for each member whether corrected correlations (q, q, b) can be correlations."""
    finite = np.isfinite(C).all(axis=(0, 1))
    filled = np.where(finite, C, np.eye(len(C))[:, :, None])
    least = np.linalg.eigvalsh(np.moveaxis(filled, -1, 0))[:, 0]
    return finite & np.asarray(least > 0)


def _reliabilities(w: Array, layout: Layout, model: Model, out: Array) -> None:
    """Write rho_A of the reflective constructs into `out`, (q, b)."""
    for j, (block, construct) in enumerate(zip(layout.blocks, model.constructs, strict=True)):
        if construct.kind == "reflective" and len(construct.items) > 1:
            out[j] = rho_a(w[block])


def _no_reliabilities(model: Model, out: Array) -> None:
    """Leave rho_A of raw items open: their mode A weights are not proportional to loadings."""
    for j, construct in enumerate(model.constructs):
        if construct.kind == "reflective" and len(construct.items) > 1:
            out[j] = np.nan


def _correct(w: Array, loadings: Array, C: Array, layout: Layout, model: Model, out: Array) -> None:
    """Correct loadings and construct correlations of reflective blocks for attenuation (PLSc)."""
    _reliabilities(w, layout, model, out)
    for j, (block, construct) in enumerate(zip(layout.blocks, model.constructs, strict=True)):
        if construct.kind == "reflective" and len(construct.items) > 1:
            own = w[block]
            loadings[block] = own * np.sqrt(out[j]) / np.sum(own**2, axis=0)
    scale = np.sqrt(out)
    C /= scale[:, None] * scale[None, :]
    for j in range(len(C)):
        C[j, j] = 1.0
