"""Maximum likelihood behind the contract of every estimator: a `Fit` for a batch of samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, lock, one_thread
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.kernel import DISTURBANCE, ERROR, LOADING, PATH, Implied, implied
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.robust import kind_of
from csi.estimate.covariance.scoring import Scored, Target, score
from csi.estimate.covariance.semopy_engine import semopy_scored
from csi.estimate.covariance.starts import starting_values
from csi.estimate.fit import Fit
from csi.model.model import Model
from csi.model.sem.build import sem_of
from csi.moments.repeats import distinct_moments, expanded
from csi.moments.values import Moments
from csi.repeats import repeats_of

TILE = 512
"""Members of the batch that go through the iteration together."""


@dataclass(frozen=True, slots=True)
class _Solution:
    """Standardised solution of a batch, (b, ...)."""

    weights: Array
    loadings: Array
    paths: Array
    corr: Array
    r2: Array
    reliability: Array
    admissible: BoolArray


def fit_ml(
    model: Model,
    moments: Moments,
    options: SemOptions | None = None,
    *,
    like: Fit | None = None,
) -> Fit:
    """Fit a satisfaction model by maximum likelihood under normality.

    Parameters
    ----------
    model : Model
        Reflective constructs and single items; composites are taken for common factors. A
        reflective construct of constructs is a factor of the second order, seen in its parts.
    moments : Moments
        Of the model's items, any batch; of its columns will do.
    options : SemOptions, optional
        The estimator (``ml``, ``gls`` or ``uls``), its tolerance and engine. A `Fit` has no errors
        and no tests, so that the options of those say nothing here.
    like : Fit, optional
        Not needed, and taken so that all estimators are called alike: the first item of each
        construct gives its sign.

    Returns
    -------
    Fit
        Standardised solution. ``weights`` are those of regression factor scores from the
        construct's own items, of variance one; Bartlett scores have the same up to a factor.
        A factor of the second order has those from the items of its parts, and their correlations
        with it as loadings.
        Negative ones, variances below zero and correlations above one leave a member not
        admissible. Members that did not converge are NaN.

    Raises
    ------
    EstimationError
        Moments of other items than the model's, and options that moments cannot follow, all at
        once.
    ModelError
        Formative constructs, and wholes that are made of their parts.

    Notes
    -----
    Fisher scoring for the whole batch at once [joreskog1977structural].
    """
    options = options or SemOptions()
    if moments.items == model.columns:
        moments = expanded(moments, model.items)
    _check(model, moments, options)
    placed = place(sem_of(model))
    batch, p = moments.batch, len(model.columns)
    cov = distinct_moments(moments).cov.reshape(-1, p, p)
    usable = np.array([not problem for problem in moments.problems] or [True])
    usable = np.broadcast_to(usable, (*batch[:-1], batch[-1]) if batch else (1,)).reshape(-1)
    usable = usable & np.isfinite(cov).all(axis=(1, 2))
    members = np.flatnonzero(usable)
    scored, parts = [], []
    with one_thread(), np.errstate(all="ignore"):
        for first in range(0, len(members), TILE):
            own = cov[members[first : first + TILE]][:, None]
            found = _score(placed, own, options)
            scored.append(found)
            parts.append(_standardised(model, placed, implied(placed.layout, found.x), own))
    return _as_fit(model, moments, options, members, scored, parts)


def _check(model: Model, moments: Moments, options: SemOptions) -> None:
    """Refuse what a fit to moments cannot do."""
    faults = []
    if moments.items != model.items:
        what = f"are of items {', '.join(moments.items)}"
        fix = f"compute them for the model's items {', '.join(model.columns)}"
        faults.append(Fault("moments", what, fix))
    if options.estimator == "dwls":
        what = "rests on the answers, and moments have none"
        faults.append(Fault("option estimator dwls", what, "use csi.sem.fit"))
    if options.missing == "fiml":
        what = "rests on the answers, and moments have none"
        fix = "use csi.sem.fit, or moments with missing='em'"
        faults.append(Fault("option missing fiml", what, fix))
    if options.admissible:
        what = "is not possible for many samples at once"
        faults.append(Fault("option admissible", what, "use csi.sem.fit"))
    if faults:
        raise EstimationError(faults)


def _score(placed: Placed, cov: Array, options: SemOptions) -> Scored:
    mean = np.zeros(cov.shape[:-1])
    target = Target(cov, mean, np.ones(cov.shape[:2]))
    if options.engine == "semopy":
        return semopy_scored(placed, target, options)
    start = starting_values(placed, cov, mean)
    kind = kind_of(options)
    return score(placed.layout, target, start, kind=kind, tolerance=options.tolerance)


def _standardised(model: Model, placed: Placed, at: Implied, cov: Array) -> _Solution:
    """Return the standardised solution with weights of the items."""
    blocks, places = model.blocks, repeats_of(model.items).at
    latent = at.latent[:, 0]
    sd = np.sqrt(np.einsum("bmm->bm", latent))
    corr = latent / (sd[:, :, None] * sd[:, None, :])
    path = np.swapaxes(at.matrices[PATH][:, 0], 1, 2)  # [source, target]
    paths = path * sd[:, :, None] / sd[:, None, :]
    loading = _loadings(model, at.matrices[LOADING][:, 0], latent)[:, places]
    implied_cov, cov = (own[:, 0][:, places[:, None], places] for own in (at.cov, cov))
    item_sd = np.sqrt(np.einsum("bpp->bp", implied_cov))
    own = np.einsum("bpm,pm->bp", loading, blocks) * (sd @ blocks.T) / item_sd
    weights, reliability = np.zeros_like(own), np.ones_like(sd)
    sample_sd = np.sqrt(np.einsum("bpp->bp", cov))
    S = cov / (sample_sd[:, :, None] * sample_sd[:, None, :])
    for j in range(blocks.shape[1]):
        block = np.flatnonzero(blocks[:, j])
        inner = implied_cov[:, block[:, None], block]
        raw = np.linalg.solve(inner, loading[:, block, j][..., None])[..., 0]
        w = raw * sample_sd[:, block]  # for items of variance one
        size = np.sqrt(np.einsum("bi,bij,bj->b", w, S[:, block[:, None], block], w))
        weights[:, block] = w / size[:, None]
        spread = np.einsum("bi,bij,bj->b", raw, inner, raw)
        common = np.einsum("bi,bi->b", raw, loading[:, block, j]) ** 2 * latent[:, j, j]
        reliability[:, j] = common / spread
    disturbance = np.einsum("bmm->bm", at.matrices[DISTURBANCE][:, 0])
    r2 = 1.0 - disturbance / sd**2
    endogenous = {path.target for path in model.paths}
    r2[:, [j for j, name in enumerate(model.names) if name not in endogenous]] = np.nan
    errors = np.einsum("bpp->bp", at.matrices[ERROR][:, 0])
    least = np.linalg.eigvalsh(np.where(np.isfinite(corr), corr, 0.0))[:, 0]
    admissible = (errors >= 0).all(axis=1) & (disturbance >= 0).all(axis=1) & (least > 0)
    admissible &= (weights >= 0).all(axis=1)
    return _Solution(weights, own, paths, corr, r2, reliability, np.asarray(admissible))


def _loadings(model: Model, loading: Array, latent: Array) -> Array:
    """Return loadings (b, c, q) of columns on constructs, on wholes through their parts."""
    if not model.wholes:
        return loading
    through = loading @ latent / np.einsum("bmm->bm", latent)[:, None, :]
    out = loading.copy()
    for whole in model.wholes:
        j = model.names.index(whole.name)
        out[:, :, j] = through[:, :, j]
    return out


def _as_fit(
    model: Model,
    moments: Moments,
    options: SemOptions,
    members: np.ndarray[tuple[int], np.dtype[np.int64]],
    scored: list[Scored],
    parts: list[_Solution],
) -> Fit:
    """Put the tiles together, members that did not converge as NaN."""
    batch = moments.batch
    count = int(np.prod(batch)) if batch else 1
    p, q = len(model.items), len(model.names)
    converged = np.zeros(count, dtype=bool)
    steps, change = np.zeros(count, dtype=np.int64), np.full(count, np.nan)
    if scored:
        converged[members] = np.concatenate([found.converged for found in scored])
        steps[members] = np.concatenate([found.steps for found in scored])
        change[members] = np.concatenate([found.decrement for found in scored])

    def filled(name: str, *shape: int) -> Array:
        whole = np.full((count, *shape), np.nan)
        if parts:
            whole[members] = np.concatenate([getattr(part, name) for part in parts])
        whole[~converged] = np.nan
        return lock(whole.reshape(*batch, *shape))

    admissible = np.zeros(count, dtype=bool)
    if parts:
        admissible[members] = np.concatenate([part.admissible for part in parts])
    admissible &= converged
    r2 = filled("r2", q)
    sources = model.arrows.sum(axis=0).astype(np.float64)
    n = np.asarray(moments.n, dtype=np.float64)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        adjusted = 1.0 - (1.0 - r2) * (n - 1.0) / (n - sources - 1.0)
    for flags in (converged, admissible, steps):
        flags.setflags(write=False)
    return Fit(
        model=model,
        moments=moments,
        estimator=words_of(options),
        metric="standardised",
        weights=filled("weights", p),
        loadings=filled("loadings", p),
        paths=filled("paths", q, q),
        construct_corr=filled("corr", q, q),
        r2=r2,
        r2_adjusted=lock(np.asarray(adjusted)),
        reliability=filled("reliability", q),
        converged=converged.reshape(batch),
        steps=steps.reshape(batch),
        change=lock(change.reshape(batch)),
        admissible=admissible.reshape(batch),
    )


def words_of(options: SemOptions) -> str:
    """Return the estimator in words."""
    words = {
        "ml": "covariance fit, maximum likelihood",
        "gls": "covariance fit, generalised least squares",
        "uls": "covariance fit, unweighted least squares",
    }
    return words.get(options.estimator, options.estimator)
