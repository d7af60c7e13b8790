"""The bootstrap test of fit: answers turned so that the model holds, and drawn again."""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh

from csi.arrays import Array
from csi.errors import EstimationError, Fault
from csi.estimate.covariance.bootstrap import Draws, fit_targets
from csi.estimate.covariance.kernel import Discrepancy, implied
from csi.estimate.covariance.layout import Placed
from csi.estimate.covariance.meat import units_of
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.resample import drawn_targets, products_of
from csi.estimate.covariance.result import SemSample, Test
from csi.estimate.covariance.scoring import discrepancy


def bollen_stine(placed: Placed, x: Array, sample: SemSample, options: SemOptions) -> Test:
    """Return the bootstrap test of fit.

    Parameters
    ----------
    placed : Placed
    x : (f)
        Free parameters at the minimum.
    sample : SemSample
        With its respondents.
    options : SemOptions
        ``draws``, ``seed``.

    Returns
    -------
    Test
        The standard statistic; its p-value is the share of converged draws with at least as large
        a one, the sample counted as a draw. ``scaling`` is the mean of the draws over the degrees
        of freedom.

    Raises
    ------
    EstimationError
        Where no draw converges.

    Notes
    -----
    [bollen1992bootstrapping]; the p-value as [phipson2010permutation] has it, so that it is never
    zero. Units are drawn as the survey was sampled.
    """
    kind: Discrepancy = "ml" if options.estimator == "dwls" else options.estimator
    layout, target = placed.layout, sample.target(options)
    value = float(discrepancy(target, implied(layout, x[None]), kind, layout.means)[0][0])
    draws = draws_under_model(placed, x, sample, options)
    kept = draws.value[draws.converged]
    if not len(kept):
        raise EstimationError(
            Fault("option tests bollen-stine", "no draw converged", "look at the model")
        )
    p = target.cov.shape[-1]
    known = layout.groups * (p * (p + 1) // 2 + (p if layout.means else 0))
    freedom = float(known - layout.basis.shape[1])
    size = 2.0 * sample.multiplier(options)
    p_value = (1.0 + float((kept >= value).sum())) / (1.0 + len(kept))
    return Test("bollen-stine", size * value, freedom, p_value, size * float(kept.mean()) / freedom)


def draws_under_model(placed: Placed, x: Array, sample: SemSample, options: SemOptions) -> Draws:
    """Fit the model to bootstrap samples of answers for which it holds.

    Parameters
    ----------
    placed, x, sample, options : as in `bollen_stine`

    Returns
    -------
    Draws
    """
    target = sample.target(options)
    units = units_of(sample, target)
    at = implied(placed.layout, x[None])
    products = tuple(
        products_of(
            turned(
                part.rows,
                sample.mean[group],
                sample.cov[group],
                at.mean[0, group] if placed.layout.means else sample.mean[group],
                at.cov[0, group],
            )
        )
        for group, part in enumerate(sample.rows)
    )
    wishart = options.likelihood == "wishart"
    drawn = drawn_targets(products, units, draws=options.draws, seed=options.seed, wishart=wishart)
    kind: Discrepancy = "ml" if options.estimator == "dwls" else options.estimator
    return fit_targets(placed, x, drawn, kind=kind)


def turned(rows: Array, mean: Array, cov: Array, new_mean: Array, new_cov: Array) -> Array:
    """Return answers with other moments and, as far as can be, the same shape.

    Parameters
    ----------
    rows : (n, p)
    mean, cov : (p), (p, p)
        Their moments.
    new_mean, new_cov : (p), (p, p)
        The moments of what is returned.

    Examples
    --------
    >>> rows = np.array([[1.0, 2.0], [3.0, 1.0], [2.0, 5.0], [6.0, 4.0]])
    >>> made = turned(rows, rows.mean(0), np.cov(rows.T, ddof=0), np.zeros(2), np.eye(2))
    >>> np.cov(made.T, ddof=0).round(12).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    return np.asarray((rows - mean) @ _root(cov, -0.5) @ _root(new_cov, 0.5) + new_mean)


def _root(cov: Array, power: float) -> Array:
    """Return a symmetric power of a positive definite matrix."""
    values, vectors = eigh(cov)
    if values[0] <= 0:
        raise EstimationError(
            Fault("covariances", "are not positive definite", "take bootstrap errors off")
        )
    return np.asarray((vectors * values**power) @ vectors.T)
