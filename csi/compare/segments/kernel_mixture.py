"""The two steps of EM for mixtures of systems of regressions: arrays in, arrays out, any batch.

Letters: n respondents, q constructs, m = q + 1 columns (the constant, then the scores), t products
of two of them, K segments, J equations.

Both steps of EM need the respondents only through the products of two columns: the sums of a
segment are memberships times products, and the log density of a respondent in a segment is a
quadratic form of his row, that is products times a vector. So every step is two matrix products,
whatever the number of starts and equations.

Source: [hahn2002capturing], [desarbo1988maximum], [dempster1977maximum].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray
from csi.estimate.pls.kernel import solve

LEAST_MASS = 2.0
"""A segment with less than this many respondents a coefficient of its largest equation is empty."""


@dataclass(frozen=True, slots=True)
class Equations:
    """The regressions of a path model, by column of z = (1, scores).

    Attributes
    ----------
    targets : tuple of int, length J
    predictors : tuple of tuple of int, length J
        With 0, the constant, where equations have intercepts.
    """

    targets: tuple[int, ...]
    predictors: tuple[tuple[int, ...], ...]

    @property
    def widest(self) -> int:
        """Coefficients of the largest equation."""
        return max(len(own) for own in self.predictors)

    def parameters(self, segments: int) -> int:
        """Count the free parameters: coefficients, variances and shares [hahn2002capturing].

        Examples
        --------
        >>> Equations((2, 3), ((0, 1), (0, 1, 2))).parameters(2)
        15
        """
        each = sum(len(own) + 1 for own in self.predictors)
        return segments * each + segments - 1


def pair_products(scores: Array) -> Array:
    """Return the products of any two of the constant and the scores, (n, t).

    Parameters
    ----------
    scores : (n, q)

    Examples
    --------
    >>> pair_products(np.array([[2.0, 3.0]])).tolist()  # 1 1, 1 x, 1 y, x x, x y, y y
    [[1.0, 2.0, 3.0, 4.0, 6.0, 9.0]]
    """
    z = np.column_stack([np.ones(len(scores)), scores])
    first, second = np.triu_indices(z.shape[1])
    return np.asarray(z[:, first] * z[:, second])


def cross_products(sums: Array, m: int) -> Array:
    """Return sums of products as symmetric matrices: (*batch, t) to (*batch, m, m)."""
    full = np.empty((*sums.shape[:-1], m, m))
    first, second = np.triu_indices(m)
    full[..., first, second] = sums
    full[..., second, first] = sums
    return full


def regressions_of(sums: Array, equations: Equations, m: int) -> tuple[Array, Array]:
    """Return contrasts (*batch, J, m) and residual variances (*batch, J) of segments.

    Parameters
    ----------
    sums : (*batch, t) weighted sums of `pair_products`
    equations : Equations
    m : int
        Columns.

    Notes
    -----
    Least squares with the memberships as weights; the variance has the sum of weights as its
    divisor, as maximum likelihood asks. Where predictors are collinear the result is not finite.
    """
    full = cross_products(sums, m)
    flat = np.moveaxis(full.reshape(-1, m, m), 0, -1)
    contrast = np.zeros((len(equations.targets), m, flat.shape[-1]))
    with np.errstate(all="ignore"):
        for j, (target, own) in enumerate(
            zip(equations.targets, equations.predictors, strict=True)
        ):
            rows = list(own)
            contrast[j, rows] = -solve(flat[np.ix_(rows, rows)], flat[rows, target])
            contrast[j, target] = 1.0
        variance = np.einsum("jmb,mkb,jkb->jb", contrast, flat, contrast) / flat[0, 0]
    shape = sums.shape[:-1]
    return (
        np.moveaxis(contrast, -1, 0).reshape(*shape, len(contrast), m),
        np.moveaxis(variance, -1, 0).reshape(*shape, len(contrast)),
    )


def log_density(products: Array, contrast: Array, variance: Array) -> Array:
    """Return the log density of each respondent in each segment, (*batch, n).

    Parameters
    ----------
    products : (n, t) from `pair_products`
    contrast : (*batch, J, m)
    variance : (*batch, J)

    Notes
    -----
    The product over equations of normal densities of the residuals [hahn2002capturing].
    """
    m = contrast.shape[-1]
    form = np.einsum("...jm,...jk,...j->...mk", contrast, contrast, 1.0 / variance)
    first, second = np.triu_indices(m)
    packed = form[..., first, second] * np.where(first == second, 1.0, 2.0)
    square = (packed.reshape(-1, packed.shape[-1]) @ products.T).reshape(
        *packed.shape[:-1], len(products)
    )
    return np.asarray(-0.5 * (square + np.log(2.0 * np.pi * variance).sum(axis=-1)[..., None]))


def expectation(
    products: Array, weights: Array, share: Array, contrast: Array, variance: Array
) -> tuple[Array, Array]:
    """Return posterior probabilities (*batch, K, n) and the log-likelihood (*batch).

    Parameters
    ----------
    products : (n, t)
    weights : (n) of respondents; they multiply the logs, not the probabilities
    share : (*batch, K)
    contrast : (*batch, K, J, m)
    variance : (*batch, K, J)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = log_density(products, contrast, variance) + np.log(share)[..., None]
        top = joint.max(axis=-2)
        posterior = np.exp(joint - top[..., None, :])
        total = posterior.sum(axis=-2)
        posterior /= total[..., None, :]
        return posterior, np.asarray((top + np.log(total)) @ weights)


def maximisation(
    products: Array, weights: Array, posterior: Array, equations: Equations, floor: Array
) -> tuple[Array, Array, Array, BoolArray, BoolArray]:
    """Return share, contrast and variance of the segments, and what is wrong with them.

    Parameters
    ----------
    products : (n, t)
    weights : (n)
    posterior : (*batch, K, n)
    equations : Equations
    floor : (J) least variances

    Returns
    -------
    share (*batch, K), contrast (*batch, K, J, m), variance (*batch, K, J), floored (*batch),
    sound (*batch): no segment is empty and all figures are finite
    """
    m = _columns(products)
    flat = (posterior * weights).reshape(-1, len(products)) @ products
    sums = flat.reshape(*posterior.shape[:-1], products.shape[1])
    mass = sums[..., 0]
    contrast, variance = regressions_of(sums, equations, m)
    floored = np.asarray((variance < floor).any(axis=(-1, -2)))
    variance = np.maximum(variance, floor)
    scale = len(weights) / weights.sum()
    sound = (mass * scale > LEAST_MASS * equations.widest).all(axis=-1)
    sound &= np.isfinite(contrast).all(axis=(-1, -2, -3)) & np.isfinite(variance).all(axis=(-1, -2))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = mass / mass.sum(axis=-1, keepdims=True)
    return share, contrast, variance, floored, np.asarray(sound)


def _columns(products: Array) -> int:
    """Return m from the number of products, m (m + 1) / 2."""
    return int((np.sqrt(8.0 * products.shape[1] + 1.0) - 1.0) / 2.0)
