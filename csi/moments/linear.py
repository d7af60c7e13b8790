r"""Moments as sums over sampled units, and what follows for the variance of any figure of them.

A moment vector is, to first order, the sum of one contribution a sampled unit: multiplying the
weights of unit u by :math:`1 + d_u` moves the vector by :math:`\sum_u d_u z_u`. The scores
:math:`z_u` give the variance under the design [sarndal1992model], and times the
derivatives of a figure they give its variance too, the delta method.

Letters: n respondents, p items, u sampled units, t = p + p (p + 1) / 2 moments, k figures.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix

from csi.arrays import Array, IntArray
from csi.moments.blocks import Sample, distinct_sample
from csi.moments.groups import used_rows
from csi.moments.linear_em import em_scores
from csi.moments.repeats import distinct_moments, expanded_vector_places
from csi.moments.values import Missing, Moments
from csi.moments.vectors import moments_from_vector
from csi.repeats import repeats_of

STEP = 0.1
"""Step of differences, in standard errors of the moment: far above what an iteration leaves open,
and small enough that a figure bends by a hundredth of a standard error's bend."""

LEAST_STEP = 1e-6
"""Step where a moment has no sampling error, in standard deviations of its items."""


def moment_scores(
    rows: Array,
    weights: Array,
    units: IntArray,
    u: int,
    missing: Missing,
    mean: Array,
    cov: Array,
) -> Array:
    r"""Return the contribution of each sampled unit to the moment vector.

    Parameters
    ----------
    rows : (n, p) answers, NaN where missing
    weights : (n)
    units : (n) number of each respondent's sampled unit, below u
    u : int
        Number of sampled units; those without a respondent have scores of zero.
    missing : {"complete", "pairwise", "em"}
        How the moments were computed.
    mean, cov : (p), (p, p)
        The moments of these rows, see `csi.moments.groups.moments_of_rows`.

    Returns
    -------
    (u, t) scores in units of the moments; the columns add up to zero

    Notes
    -----
    With w the weights and h the flags of answers,

    .. math::
        z(m_j) = \frac{w h_j (x_j - m_j)}{\sum w h_j}, \qquad
        z(s_{jk}) = \frac{w h_j h_k [(x_j - m_{jk})(x_k - m_{kj}) - s_{jk}]}{\sum w h_j h_k}

    where :math:`m_{jk}` is the mean of item j over those who answered k as well. For EM see
    `csi.moments.linear_em.em_scores`.
    """
    used = used_rows(rows, weights, missing)
    rows, weights, units = rows[used], weights[used], units[used]
    if missing == "em" and np.isnan(rows).any():
        return em_scores(rows, weights, units, u, mean, cov)
    here = ~np.isnan(rows)
    x = np.where(here, rows - mean, 0.0).T
    out = np.empty((p_and_pairs(len(mean)), u))
    add = adder(units, u)
    if here.all():
        _complete(x, weights, cov, out, add)
    else:
        _pairwise(x, here.T.astype(np.float64), weights, cov, out, add)
    return out.T


def p_and_pairs(p: int) -> int:
    """Return the number of moments t of p items."""
    return p + p * (p + 1) // 2


def adder(units: IntArray, u: int) -> Callable[[Array], Array]:
    """Return the function that adds rows of values (k, n) up within sampled units, (k, u)."""
    n = len(units)
    if n == u and np.array_equal(units, np.arange(u)):
        return lambda values: values
    member = csr_matrix((np.ones(n), (units, np.arange(n))), shape=(u, n))
    return lambda values: np.asarray((member @ values.T).T)


def _complete(
    x: Array, weights: Array, cov: Array, out: Array, add: Callable[[Array], Array]
) -> None:
    """Fill scores (t, u) from centred answers (p, n) without gaps."""
    p = len(x)
    share = weights / weights.sum()
    carried = x * share
    out[:p] = add(carried)
    at = p
    for j in range(p):
        out[at : at + p - j] = add(carried[j] * x[j:] - cov[j, j:, None] * share)
        at += p - j


def _pairwise(
    x: Array, here: Array, weights: Array, cov: Array, out: Array, add: Callable[[Array], Array]
) -> None:
    """Fill scores (t, u) from centred answers (p, n), zero where missing, and flags of answers."""
    p = len(x)
    carried = here * weights
    both = carried @ here.T
    first = (x * weights) @ here.T / both  # [j, k]: mean of j among those who answered k
    out[:p] = add(carried * (x - np.diag(first)[:, None]) / np.diag(both)[:, None])
    at = p
    for j in range(p):
        pair = carried[j] * here[j:] / both[j, j:, None]
        product = (x[j] - first[j, j:, None]) * (x[j:] - first[j:, j, None])
        out[at : at + p - j] = add(pair * (product - cov[j, j:, None]))
        at += p - j


def sample_scores(sample: Sample, u: int, moments: Moments) -> Array:
    """Return the scores (u, t) of one sample of a block for its moments (a single member).

    NaN where there are no moments, and where EM filled gaps but the moments cannot be used: its
    scores need the inverse of the covariances.
    """
    if repeats_of(moments.items):
        own = sample_scores(distinct_sample(sample), u, distinct_moments(moments))
        return own[:, expanded_vector_places(moments.items)]
    filled = moments.missing == "em" and bool(np.isnan(sample.rows).any())
    unusable = filled and bool(moments.problems)
    if unusable or not (np.isfinite(moments.mean).all() and np.isfinite(moments.cov).all()):
        return np.full((u, p_and_pairs(len(moments.items))), np.nan)
    return moment_scores(
        sample.rows,
        sample.weights,
        sample.units,
        u,
        moments.missing,
        moments.mean,
        moments.cov,
    )


def figure_scores(derivatives: Array, scores: Array) -> Array:
    """Return the contribution of each unit to figures, (u, k).

    Parameters
    ----------
    derivatives : (k, t) of each figure by each moment, see `jacobian`
    scores : (u, t) of the moments
    """
    return scores @ derivatives.T


def jacobian(figures: Callable[[Array], Array], vector: Array, step: Array) -> Array:
    """Return the derivatives of figures by moments, by central differences.

    Parameters
    ----------
    figures : function of (b, t) moment vectors that returns (b, k)
        Called once, with 2 t members.
    vector : (t) where the derivatives are wanted
    step : (t) half the distance of the two members of each moment, see `moment_steps`

    Returns
    -------
    (k, t)

    Examples
    --------
    >>> ratio = lambda m: (m[:, :1] / m[:, 1:2])
    >>> jacobian(ratio, np.array([6.0, 2.0]), np.array([1e-4, 1e-4])).round(6).tolist()
    [[0.5, -1.5]]
    """
    moves = np.diag(step)
    found = figures(np.concatenate([vector + moves, vector - moves]))
    up, down = found[: len(step)], found[len(step) :]
    return np.asarray(((up - down) / (2.0 * step[:, None])).T)


def moment_steps(vector: Array, variance: Array, step: float = STEP) -> Array:
    """Return the steps of `jacobian`, (t).

    Parameters
    ----------
    vector : (t) moments
    variance : (t) their sampling variances, see `design_variance`
    step : float
        In standard errors of each moment.
    """
    cov = moments_from_vector(vector)[1]
    sd = np.sqrt(np.diag(cov))
    scale = np.concatenate([sd, np.outer(sd, sd)[np.triu_indices(len(sd))]])
    return np.asarray(np.maximum(step * np.sqrt(variance), LEAST_STEP * scale))
