"""Do parameters of groups differ? Tests from replicates and standard errors.

Letters: R replicates, k parameters, G groups.
"""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc, stdtr

from csi.arrays import Array


def henseler_probability(draws_a: Array, draws_b: Array) -> Array:
    r"""Return the chance that a parameter is no larger in the first group, (k).

    Parameters
    ----------
    draws_a, draws_b : (R, k) bootstrap draws of two independent groups; NaN where unusable. The
        numbers of draws may differ.

    Returns
    -------
    (k) near 0 where the parameter is larger in the first group, near 1 where it is smaller

    Notes
    -----
    .. math:: 1 - \frac{1}{R_a R_b} \sum_{r,s} [2 \bar a - a_r > 2 \bar b - b_s]

    over all pairs of draws, each mirrored at the mean of its group, ties for one half.
    Source: [henseler2009use]. Every draw of one group goes with every draw of the other: groups
    that share sampled units have no such probability.

    Examples
    --------
    >>> a, b = np.array([[1.0], [2.0], [3.0]]), np.array([[0.0], [1.0], [2.0]])
    >>> henseler_probability(a, b).round(4).tolist()  # of 9 pairs 1 below and 2 ties
    [0.2222]
    """
    found = np.full(draws_a.shape[1], np.nan)
    for k in range(len(found)):
        a, b = (x[np.isfinite(x)] for x in (draws_a[:, k], draws_b[:, k]))
        if len(a) and len(b):
            mirrored = np.sort(2.0 * a.mean() - a)
            other = 2.0 * b.mean() - b
            below = np.searchsorted(mirrored, other, side="left")
            up_to = np.searchsorted(mirrored, other, side="right")
            found[k] = (below + up_to).sum() / (2.0 * len(a) * len(b))
    return found


def two_sided(probability: Array) -> Array:
    """Return the two-sided p value of a one-sided probability of either direction.

    Examples
    --------
    >>> two_sided(np.array([0.02, 0.99])).round(4).tolist()
    [0.04, 0.02]
    """
    return np.asarray(2.0 * np.minimum(probability, 1.0 - probability))


def parametric_test(
    difference: Array, se_a: Array, se_b: Array, freedom_a: float, freedom_b: float
) -> tuple[Array, Array, float]:
    r"""Return t, two-sided p and degrees of freedom under equal variances, (k) each.

    Parameters
    ----------
    difference : (k) of two independent groups
    se_a, se_b : (k) standard errors of the parameter in each group
    freedom_a, freedom_b : float
        Degrees of freedom of the groups: n - 1 for simple random samples, sampled units less
        strata for others.

    Notes
    -----
    With :math:`f` in the place of :math:`n - 1`,

    .. math:: t = \frac{d}{\sqrt{\frac{f_a^2 s_a^2 + f_b^2 s_b^2}{f_a + f_b}
              \left(\frac{1}{f_a + 1} + \frac{1}{f_b + 1}\right)}}

    with :math:`f_a + f_b` degrees of freedom. Source: [keil2000crosscultural].

    Examples
    --------
    >>> one = np.array([0.1])
    >>> t, p, freedom = parametric_test(np.array([0.3]), one, one, 99, 99)
    >>> t.round(4).tolist(), p.round(4).tolist(), freedom
    ([2.132], [0.0342], 198)
    """
    freedom = freedom_a + freedom_b
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = ((freedom_a * se_a) ** 2 + (freedom_b * se_b) ** 2) / freedom
        shares = 1.0 / (freedom_a + 1.0) + 1.0 / (freedom_b + 1.0)
        t = difference / np.sqrt(pooled * shares)
    return np.asarray(t), np.asarray(2.0 * stdtr(freedom, -np.abs(t))), freedom


def welch_test(
    difference: Array, se_a: Array, se_b: Array, freedom_a: float, freedom_b: float
) -> tuple[Array, Array, Array]:
    r"""Return t, two-sided p and degrees of freedom under unequal variances, (k) each.

    Parameters
    ----------
    difference, se_a, se_b, freedom_a, freedom_b
        As in `parametric_test`.

    Notes
    -----
    .. math:: t = \frac{d}{\sqrt{s_a^2 + s_b^2}}, \quad
              f = \frac{(s_a^2 + s_b^2)^2}{s_a^4 / f_a + s_b^4 / f_b}

    [satterthwaite1946approximate], for PLS [sarstedt2011multigroup]. There the squared errors
    are multiplied by ``(n - 1) / n`` first and 2 taken from the degrees of freedom; replicate
    errors here need no such correction (their variance is that of the sample's design), and the
    difference is below 1 % of t from 50 respondents on.

    Examples
    --------
    >>> t, p, f = welch_test(np.array([0.3]), np.array([0.1]), np.array([0.1]), 99, 99)
    >>> t.round(4).tolist(), p.round(4).tolist(), f.round(1).tolist()
    ([2.1213], [0.0351], [198.0])
    """
    va, vb = np.asarray(se_a) ** 2, np.asarray(se_b) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = difference / np.sqrt(va + vb)
        freedom = (va + vb) ** 2 / (va**2 / freedom_a + vb**2 / freedom_b)
    return np.asarray(t), np.asarray(2.0 * stdtr(freedom, -np.abs(t))), np.asarray(freedom)


def heterogeneity(estimates: Array, covariances: Array) -> tuple[Array, int, Array]:
    """Return the test that a parameter is the same in all groups: Q, freedom, p; (k) each.

    Parameters
    ----------
    estimates : (k, G) of each parameter in each group
    covariances : (k, G, G) of the estimates of a parameter over groups; diagonal for independent
        groups

    Notes
    -----
    The Wald statistic of all contrasts of the groups. For independent groups it is Cochran's Q
    [cochran1954combination]: the squared deviations from the mean weighted by one over the squared
    errors. Chi-square for large groups.

    Examples
    --------
    >>> q, freedom, p = heterogeneity(np.array([[0.2, 0.4]]), np.eye(2)[None] * 0.01)
    >>> q.round(4).tolist(), freedom, p.round(4).tolist()
    ([2.0], 1, [0.1573])
    """
    k, groups = estimates.shape
    contrasts = np.eye(groups)[1:] - np.eye(groups)[0]
    found = np.full(k, np.nan)
    for row in range(k):
        away = contrasts @ estimates[row]
        spread = contrasts @ covariances[row] @ contrasts.T
        if np.isfinite(away).all() and np.isfinite(spread).all() and (np.diag(spread) > 0).all():
            found[row] = away @ np.linalg.pinv(spread, hermitian=True) @ away
    return found, groups - 1, np.asarray(chdtrc(groups - 1, found))
