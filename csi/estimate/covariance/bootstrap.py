"""Bootstrap errors of covariance fits: every draw fitted, none hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, lock, one_thread
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.kernel import DISTURBANCE, ERROR, Discrepancy, implied
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.meat import units_of
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.resample import drawn_targets, products_of
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.scoring import Target, score
from csi.moments.values import Moments

TOLERANCE = 1e-10
"""Half the Newton decrement at which a draw stops: far below the spread of draws."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Fits to the draws of a bootstrap, or to any replicates.

    Attributes
    ----------
    x : (b, f) free parameters, NaN where a draw did not converge
    values : (b, K) table parameters, likewise
    value : (b) discrepancies
    converged : (b)
    admissible : (b)
        Converged, without negative variances and with correlations below one.
    """

    x: Array
    values: Array
    value: Array
    converged: BoolArray
    admissible: BoolArray

    @property
    def failed(self) -> int:
        """Draws that did not converge."""
        return int((~self.converged).sum())

    @property
    def inadmissible(self) -> int:
        """Draws that converged to an impossible solution; they count for the errors."""
        return int((self.converged & ~self.admissible).sum())


def bootstrap(placed: Placed, x: Array, sample: SemSample, options: SemOptions) -> Draws:
    """Fit the model to bootstrap samples of the respondents.

    Parameters
    ----------
    placed : Placed
    x : (f)
        The sample's solution, from which every draw starts.
    sample : SemSample
        With its respondents and their design.
    options : SemOptions
        ``draws`` and ``seed``.

    Returns
    -------
    Draws

    Notes
    -----
    All draws of a tile go through Fisher scoring at once. See
    `csi.estimate.covariance.resample.drawn_targets` for how units are drawn.
    """
    target = sample.target(options)
    units = units_of(sample, target)
    products = tuple(products_of(part.rows) for part in sample.rows)
    wishart = options.likelihood == "wishart"
    drawn = drawn_targets(products, units, draws=options.draws, seed=options.seed, wishart=wishart)
    kind: Discrepancy = "ml" if options.estimator == "dwls" else options.estimator
    return fit_targets(placed, x, drawn, kind=kind)


def replicate_draws(placed: Placed, x: Array, moments: Moments, options: SemOptions) -> Draws:
    """Fit the model to replicates of a survey's moments.

    Parameters
    ----------
    placed : Placed
    x : (f)
        The sample's solution.
    moments : Moments
        Of `csi.moments.replicates.replicate_moments`: batch (R,), or (R, g) for g groups.
    options : SemOptions

    Returns
    -------
    Draws
        Replicates without moments have failed. Their covariance matrix is
        ``replication.covariance(draws.values, values)`` of the plan's replication.

    Raises
    ------
    EstimationError
        Moments of other items or groups.
    """
    model = placed.model
    p, groups = len(model.items), placed.layout.groups
    wanted = (groups,) if groups > 1 else ()
    if moments.items != model.items or (moments.batch[1:] or ()) not in (wanted, (groups,)):
        raise EstimationError(
            Fault(
                "replicates",
                f"are of items {', '.join(moments.items)} and a batch {moments.batch}",
                f"make them of {', '.join(model.items)} for {groups} groups",
            )
        )
    count = moments.batch[0]
    cov, mean = moments.cov.reshape(count, groups, p, p), moments.mean.reshape(count, groups, p)
    size = np.asarray(moments.sum_weights, dtype=np.float64).reshape(count, groups)
    if options.likelihood == "wishart":
        n = np.asarray(moments.n, dtype=np.float64).reshape(count, groups)
        cov = cov * (n / (n - 1.0))[..., None, None]
    target = Target(cov, mean, size / size.sum(axis=1, keepdims=True))
    kind: Discrepancy = "ml" if options.estimator == "dwls" else options.estimator
    return fit_targets(placed, x, [target], kind=kind)


def fit_targets(
    placed: Placed, x: Array, targets: Iterable[Target], *, kind: Discrepancy = "ml"
) -> Draws:
    """Fit the model to batches of moments.

    Parameters
    ----------
    placed : Placed
    x : (f)
        Where all start.
    targets : iterable of Target
    kind : {"ml", "gls", "uls"}

    Returns
    -------
    Draws
    """
    found, values, converged, admissible = [], [], [], []
    layout = placed.layout
    with one_thread(), np.errstate(all="ignore"):
        for target in targets:
            usable = np.asarray(np.isfinite(target.cov).all(axis=(1, 2, 3)))
            part = Target(target.cov[usable], target.mean[usable], target.share[usable])
            start = np.repeat(x[None], len(part.cov), axis=0)
            scored = score(layout, part, start, kind=kind, tolerance=TOLERANCE)
            own = np.full((len(usable), len(x)), np.nan)
            own[usable] = np.where(scored.converged[:, None], scored.x, np.nan)
            size = np.full(len(usable), np.nan)
            size[usable] = np.where(scored.converged, scored.value, np.nan)
            ended = np.isfinite(size)
            good = np.zeros(len(usable), dtype=bool)
            good[ended] = possible(placed, own[ended])
            found.append(own)
            values.append(size)
            converged.append(ended)
            admissible.append(good)
    draws = np.concatenate(found)
    return Draws(
        lock(draws),
        lock(np.asarray(layout.offset + draws @ layout.basis.T)),
        lock(np.concatenate(values)),
        np.concatenate(converged),
        np.concatenate(admissible),
    )


def possible(placed: Placed, x: Array) -> BoolArray:
    """Tell which solutions (b, f) have variances of at least zero and correlations below one."""
    at = implied(placed.layout, x)
    errors, disturbances = at.matrices[ERROR], at.matrices[DISTURBANCE]
    good = (np.einsum("bgpp->bgp", errors) >= 0).all(axis=(1, 2))
    good &= (np.einsum("bgmm->bgm", disturbances) >= 0).all(axis=(1, 2))
    size = np.sqrt(np.maximum(np.einsum("bgmm->bgm", at.latent), 1e-300))
    corr = at.latent / (size[..., :, None] * size[..., None, :])
    above = np.abs(corr) * (1.0 - np.eye(corr.shape[-1])) >= 1.0
    return np.asarray(good & ~above.any(axis=(1, 2, 3)))


def draws_covariance(draws: Draws) -> Array:
    """Return the covariance matrix of the table parameters over converged draws, (K, K).

    Raises
    ------
    EstimationError
        Fewer than two draws converged.
    """
    kept = draws.values[draws.converged]
    if len(kept) < 2:
        raise EstimationError(
            Fault("bootstrap", f"{len(kept)} draws converged", "look at the model, or use mlr")
        )
    return np.asarray(np.cov(kept.T).reshape(kept.shape[1], kept.shape[1]))


def draws_in_words(draws: Draws) -> tuple[str, ...]:
    """Return how many draws failed or are impossible, in words."""
    count = len(draws.converged)
    words = []
    if draws.failed:
        words.append(f"{draws.failed} of {count} bootstrap draws did not converge and are left out")
    if draws.inadmissible:
        words.append(
            f"{draws.inadmissible} of {count} bootstrap draws have negative variances or "
            "correlations above one; they count"
        )
    return tuple(words)
