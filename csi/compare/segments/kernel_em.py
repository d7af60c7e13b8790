"""EM for mixtures of systems of regressions, all starts at once.

Letters: n respondents, m columns (the constant, then the scores), K segments, J equations, S and s
starts.

Source: [hahn2002capturing], [desarbo1988maximum], [dempster1977maximum].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.compare.segments.kernel_mixture import Equations, expectation, maximisation

PLAIN = 30
"""Steps of plain EM before the first leap: near the start leaps go astray."""

STILL = 1e-12
"""A relative change of the log-likelihood below this is rounding."""


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
