"""Finite mixtures of systems of regressions by EM: arrays in, arrays out, all starts at once.

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

from csi.arrays import Array, BoolArray, IntArray
from csi.estimate.pls.kernel import solve

LEAST_MASS = 2.0
"""A segment with less than this many respondents a coefficient of its largest equation is empty."""

PLAIN = 30
"""Steps of plain EM before the first leap: near the start leaps go astray."""

STILL = 1e-12
"""A relative change of the log-likelihood below this is rounding."""


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


@dataclass(frozen=True, slots=True)
class Mixture:
    """Where each start ended.

    Attributes
    ----------
    posterior : (*batch, K, n) probability of each segment for each respondent
    share : (*batch, K) shares of the segments
    contrast : (*batch, K, J, m) of each equation: 1 at the target, less the coefficients
    variance : (*batch, K, J) residual variances
    loglik : (*batch) log-likelihood; NaN where a segment became empty
    converged : (*batch) whether the log-likelihood settled
    steps : (*batch) steps of EM
    left : (*batch) what the log-likelihood had still to gain, by Aitken's estimate
    floored : (*batch) whether a variance stands at the floor
    """

    posterior: Array
    share: Array
    contrast: Array
    variance: Array
    loglik: Array
    converged: BoolArray
    steps: IntArray
    left: Array
    floored: BoolArray


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


def mixture(
    products: Array,
    weights: Array,
    equations: Equations,
    start: Array,
    *,
    floor: Array,
    tolerance: float,
    max_steps: int,
) -> Mixture:
    """Maximise the log-likelihood from each start.

    Parameters
    ----------
    products : (n, t) from `pair_products`
    weights : (n) weights of respondents; their sum is the sample size that counts
    equations : Equations
    start : (*batch, K, n) first memberships
    floor : (J) least residual variances; without them the likelihood has no maximum, because a
        segment can go through a few respondents exactly
    tolerance : float
        A start has settled when its log-likelihood has less to gain, by Aitken's estimate
        [bohning1994distribution].
    max_steps : int

    Returns
    -------
    Mixture
        A start in which a segment became empty stops there, with a log-likelihood of NaN.

    Notes
    -----
    EM creeps where segments overlap. After `PLAIN` steps every third is followed by a leap along
    the last two, taken only where the log-likelihood gains by it [varadhan2008simple].
    """
    batch, (K, n) = start.shape[:-2], start.shape[-2:]
    S = int(np.prod(batch))
    fixed = products, weights
    with np.errstate(all="ignore"):
        first = maximisation(*fixed, np.reshape(start, (S, K, n)), equations, floor)
        here, floored, dead = _Parameters(*first[:3]), first[3], ~first[4]
        trace, left = np.full((3, S), np.nan), np.full(S, np.inf)
        steps, moving = np.ones(S, dtype=np.int64), np.flatnonzero(~dead)
        older = here.of(moving)
        for step in range(1, max_steps + 1 if len(moving) else 1):
            own = here.of(moving)
            posterior, loglik = expectation(*fixed, *own.parts)
            steps[moving] = step
            trace[:, moving] = np.concatenate([trace[1:, moving], loglik[None]])
            rounding = np.abs(trace[2] - trace[1])[moving] <= STILL * np.abs(loglik)
            left[moving] = np.where(rounding, 0.0, left_to_gain(trace[:, moving]))
            on = left[moving] >= tolerance
            if step == max_steps or not on.any():
                break
            found = maximisation(*fixed, posterior[on], equations, floor)
            moving, own, older, loglik = moving[on], own.of(on), older.of(on), loglik[on]
            after, floored[moving], sound = _Parameters(*found[:3]), found[3], found[4]
            if step > PLAIN and step % 3 == 0:
                leap = _leap(older, own, after, floor)
                better = expectation(*fixed, *leap.parts)[1] > loglik
                after.put(better, leap.of(better))
                trace[:, moving[better]] = np.nan
            here.put(moving, after)
            dead[moving[~sound]] = True
            older, moving = own.of(sound), moving[sound]
            if not len(moving):
                break
        posterior, loglik = expectation(*fixed, *here.parts)
    loglik = np.where(dead, np.nan, loglik)
    share, contrast, variance = here.parts
    return Mixture(
        posterior.reshape(*batch, K, n), share.reshape(*batch, K),
        contrast.reshape(*batch, *contrast.shape[1:]),
        variance.reshape(*batch, *variance.shape[1:]),
        loglik.reshape(batch), np.asarray((left < tolerance) & ~dead).reshape(batch),
        steps.reshape(batch), left.reshape(batch), floored.reshape(batch),
    )  # fmt: skip


@dataclass(slots=True)
class _Parameters:
    """Shares (s, K), contrasts (s, K, J, m) and variances (s, K, J) of some starts."""

    share: Array
    contrast: Array
    variance: Array

    @property
    def parts(self) -> tuple[Array, Array, Array]:
        return self.share, self.contrast, self.variance

    def of(self, which: IntArray | BoolArray) -> _Parameters:
        """Return some of the starts."""
        return _Parameters(*(part[which] for part in self.parts))

    def put(self, which: IntArray | BoolArray, other: _Parameters) -> None:
        """Set some of the starts."""
        for part, new in zip(self.parts, other.parts, strict=True):
            part[which] = new

    def free(self) -> Array:
        """Return them as vectors that may have any value, (s, d)."""
        parts = np.log(self.share), self.contrast, np.log(self.variance)
        return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)


def _leap(older: _Parameters, here: _Parameters, after: _Parameters, floor: Array) -> _Parameters:
    """Return where the steps from `older` over `here` to `after` seem to lead.

    Squared extrapolation of the third kind [varadhan2008simple]; no variance below its floor.
    """
    first, second, third = (part.free() for part in (older, here, after))
    step, bend = second - first, third - 2.0 * second + first
    length = np.linalg.norm(step, axis=1) / np.linalg.norm(bend, axis=1)
    length = np.maximum(length, 1.0)[:, None]
    free = first + 2.0 * length * step + length**2 * bend
    s, K, J, m = here.contrast.shape
    share = np.exp(free[:, :K])
    variance = np.exp(free[:, -K * J :]).reshape(s, K, J)
    return _Parameters(
        share / share.sum(axis=1, keepdims=True),
        free[:, K : -K * J].reshape(s, K, J, m),
        np.maximum(variance, floor),
    )


def left_to_gain(trace: Array) -> Array:
    """Return what a sequence has still to rise, by Aitken's estimate, (s).

    Parameters
    ----------
    trace : (3, s) the last three values; NaN where there are fewer

    Returns
    -------
    (s) infinite where the steps do not become smaller

    Examples
    --------
    >>> left_to_gain(np.array([[0.0], [1.0], [1.5]])).tolist()  # 0, 1, 1.5, 1.75 ... to 2
    [0.5]
    """
    before, last = trace[1] - trace[0], trace[2] - trace[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = last / before
        gain = np.abs(last * rate / (1.0 - rate))
    return np.where((rate >= 0) & (rate < 1), gain, np.inf)


def _columns(products: Array) -> int:
    """Return m from the number of products, m (m + 1) / 2."""
    return int((np.sqrt(8.0 * products.shape[1] + 1.0) - 1.0) / 2.0)
