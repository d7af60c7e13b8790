"""Fisher scoring for covariance structures, all members of a batch at once.

Letters as in `csi.estimate.covariance.kernel`. Discrepancies are scaled so that chi-square is
``2 N F``; groups count by their share of the respondents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csi.arrays import Array, BoolArray, IntArray
from csi.estimate.covariance.kernel import (
    Discrepancy,
    Implied,
    Layout,
    along,
    cholesky_ok,
    implied,
    information_of,
    slopes,
)

STEPS = 200
HALVINGS = 30
DAMPING = 1e-10
"""Ridge of the information, relative to its diagonal, where it is singular."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is fitted: moments and how they count.

    Attributes
    ----------
    cov : (b, g, p, p) sample covariances, divisor n (or n - 1 for Wishart)
    mean : (b, g, p) sample means; only used where the layout has means
    share : (b, g) share of each group in the discrepancy, adding up to one
    """

    cov: Array
    mean: Array
    share: Array


@dataclass(frozen=True, slots=True)
class Scored:
    """Where the iteration ended, member by member.

    Attributes
    ----------
    x : (b, f) free parameters
    value : (b) discrepancy
    decrement : (b) half the Newton decrement: what another step would gain
    steps : (b)
    converged : (b)
    """

    x: Array
    value: Array
    decrement: Array
    steps: IntArray
    converged: BoolArray


def discrepancy(
    target: Target, at: Implied, kind: Discrepancy, means: bool
) -> tuple[Array, BoolArray]:
    """Return F of every member, (b); infinite where Sigma is not positive definite."""
    apart = target.mean - at.mean if means else np.zeros_like(at.mean)
    p = at.cov.shape[-1]
    root, good = cholesky_ok(at.cov)
    if kind == "ml":
        solved = np.linalg.solve(at.cov, target.cov) if good.all() else np.linalg.solve(
            root @ np.swapaxes(root, -1, -2), target.cov
        )  # fmt: skip
        own = np.linalg.slogdet(target.cov)[1]
        log = 2.0 * np.log(np.einsum("bgii->bgi", root)).sum(axis=-1)
        found = 0.5 * (log - own + np.einsum("bgii->bg", solved) - p)
        weight: Array | None = None
    else:
        weight = _weight(target, kind)
        gap = weight @ (target.cov - at.cov)
        found = 0.25 * np.einsum("bgij,bgji->bg", gap, gap)
    if means:
        if kind == "ml":
            far = np.linalg.solve(root @ np.swapaxes(root, -1, -2), apart[..., None])[..., 0]
        else:
            assert weight is not None
            far = (weight @ apart[..., None])[..., 0]
        found = found + 0.5 * np.einsum("bgi,bgi->bg", apart, far)
    fits = good.all(axis=-1) if kind == "ml" else np.isfinite(found).all(axis=-1)
    total = np.einsum("bg,bg->b", found, target.share)
    return np.where(fits, total, np.inf), np.asarray(fits)


def _weight(target: Target, kind: Discrepancy) -> Array:
    """Return the weight matrices (b, g, p, p) of a discrepancy that does not move."""
    if kind == "gls":
        return np.asarray(np.linalg.inv(target.cov), dtype=np.float64)
    return np.broadcast_to(np.eye(target.cov.shape[-1]), target.cov.shape)


def gradient(layout: Layout, target: Target, at: Implied, kind: Discrepancy) -> tuple[Array, Array]:
    """Return gradient (b, f) and expected information (b, f, f) of F by the free parameters."""
    members, count = len(at.cov), layout.basis.shape[0]
    first, second = np.zeros((members, count)), np.zeros((members, count, count))
    for group in range(layout.groups):
        cov, S = at.cov[:, group], target.cov[:, group]
        share = target.share[:, group]
        slope = slopes(layout, at, group)
        apart = (target.mean[:, group] - at.mean[:, group])[..., None]
        if kind == "ml":
            weight = np.asarray(np.linalg.inv(cov), dtype=np.float64)
            inner = cov - S
            if layout.means:
                inner = inner - apart @ np.swapaxes(apart, -1, -2)
            middle = weight @ inner @ weight
        else:
            weight = _weight(target, kind)[:, group]
            middle = weight @ (cov - S) @ weight
        own = along(slope, (middle + np.swapaxes(middle, -1, -2)) / 2.0)
        if slope.mean is not None:
            own = own - np.einsum("bpk,bpq,bq->bk", slope.mean, weight, apart[..., 0])
        first[:, slope.which] += share[:, None] * own
        at_k = slope.which[:, None], slope.which
        second[:, at_k[0], at_k[1]] += share[:, None, None] * information_of(slope, weight)
    basis = layout.basis
    return first @ basis, basis.T @ second @ basis


def score(
    layout: Layout,
    target: Target,
    start: Array,
    *,
    kind: Discrepancy = "ml",
    tolerance: float = 1e-13,
    steps: int = STEPS,
) -> Scored:
    """Minimise the discrepancy of every member by Fisher scoring with step halving.

    Parameters
    ----------
    layout : Layout
    target : Target
    start : (b, f)
    kind : {"ml", "gls", "uls"}
    tolerance : float
        Stop where half the Newton decrement is below it; chi-square is then within ``2 N`` times
        that of its minimum. Unweighted least squares has the unit of the items: relative to the
        discrepancy of moments of zero.
    steps : int

    Returns
    -------
    Scored
        Members whose start is impossible, or that find no way down, are not converged.
    """
    x = np.array(start, dtype=np.float64)
    members = len(x)
    value = np.full(members, np.inf)
    decrement = np.full(members, np.inf)
    taken = np.zeros(members, dtype=np.int64)
    converged = np.zeros(members, dtype=bool)
    moving = np.arange(members)
    limit = tolerance * _unit(target, kind)
    at = implied(layout, x)
    value[:] = discrepancy(target, at, kind, layout.means)[0]
    known: Implied | None = at if np.isfinite(value).all() else None  # of those that move
    moving = moving[np.isfinite(value)]
    for _ in range(steps):
        if not len(moving):
            break
        part = _take(target, moving)
        at = implied(layout, x[moving]) if known is None else known
        first, second = gradient(layout, part, at, kind)
        step = _solve(second, first)
        gain = 0.5 * np.einsum("bf,bf->b", first, step)
        decrement[moving] = gain
        done = (gain >= 0) & (gain < limit[moving])
        converged[moving[done]] = True
        going = ~done & np.isfinite(gain)
        # the last, smallest step still brings the solution to rounding
        x[moving[done]] -= step[done]
        moving, step, gain = moving[going], step[going], gain[going]
        if not len(moving):
            break
        taken[moving] += 1
        part = _take(target, moving)
        x[moving], new, known = _descend(layout, part, x[moving], step, value[moving], kind)
        stuck = ~(new < value[moving])
        flat = stuck & (gain < 1e4 * limit[moving])  # no further down than rounding allows
        converged[moving[flat]] = True
        value[moving] = np.minimum(new, value[moving])
        if stuck.any():
            known, moving = None, moving[~stuck]
    final = discrepancy(target, implied(layout, x), kind, layout.means)[0]
    value = np.where(np.isfinite(final), final, value)
    return Scored(x, value, decrement, taken, converged & np.isfinite(value))


def _unit(target: Target, kind: Discrepancy) -> Array:
    """Return the size of a discrepancy that counts as one, (b)."""
    if kind != "uls":
        return np.ones(len(target.cov))
    own = 0.25 * np.einsum("bgij,bgij->bg", target.cov, target.cov)
    return np.asarray(np.einsum("bg,bg->b", own, target.share))


def _take(target: Target, members: IntArray) -> Target:
    if len(members) == len(target.cov):
        return target
    return Target(target.cov[members], target.mean[members], target.share[members])


def _solve(second: Array, first: Array) -> Array:
    """Return Newton steps, with a ridge where the information is singular."""
    scale = np.einsum("bff->bf", second)
    size = np.sqrt(np.where(scale > 0, scale, 1.0))
    scaled = second / (size[:, :, None] * size[:, None, :])
    rest = first / size
    try:
        found = np.linalg.solve(scaled, rest[..., None])[..., 0]
    except np.linalg.LinAlgError:
        found = np.full_like(first, np.nan)
    bad = ~np.isfinite(found).all(axis=1) | (np.einsum("bf,bf->b", rest, found) < 0)
    if bad.any():
        ridge = scaled[bad] + 1e-3 * np.eye(first.shape[1])
        found[bad] = np.linalg.solve(ridge, rest[bad][..., None])[..., 0]
    return np.asarray(found / size)


def _descend(
    layout: Layout, target: Target, x: Array, step: Array, value: Array, kind: Discrepancy
) -> tuple[Array, Array, Implied | None]:
    """Take each step, halved until the discrepancy falls.

    Returns
    -------
    Places, values, and the matrices at the places where all members took the whole step.
    """
    size = np.ones(len(x))
    best, lowest = x - step, np.full(len(x), np.inf)
    waiting = np.arange(len(x))
    whole: Implied | None = None
    for trial in range(HALVINGS):
        tried = x[waiting] - size[waiting, None] * step[waiting]
        at = implied(layout, tried)
        found = discrepancy(_take(target, waiting), at, kind, layout.means)[0]
        best[waiting], lowest[waiting] = tried, found
        waiting = waiting[~(found < value[waiting])]
        if not len(waiting):
            whole = None if trial else at
            break
        size[waiting] *= 0.5
    best[waiting] = x[waiting]
    lowest[waiting] = value[waiting]
    return best, lowest, whole
