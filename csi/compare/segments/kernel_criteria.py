"""Criteria for the number of segments of a mixture, one small function each.

Letters: n respondents, K segments.
"""

from __future__ import annotations

import numpy as np

from csi.arrays import Array


def penalised(loglik: float, parameters: int, factor: float) -> float:
    """Return ``-2 lnL + factor x parameters``; smaller is better.

    Parameters
    ----------
    loglik : float
    parameters : int
    factor : float
        2 for AIC, 3 for AIC3 [bozdogan1994mixture], 4 for AIC4, and `size_factors` for those that
        grow with the sample.

    Examples
    --------
    >>> penalised(-100.0, 5, 2)
    210.0
    """
    return float(-2.0 * loglik + factor * parameters)


def size_factors(n: float) -> dict[str, float]:
    """Return the price of a parameter under each criterion, for n respondents.

    Notes
    -----
    ``aic`` 2, ``aic3`` 3 [bozdogan1994mixture], ``aic4`` 4, ``bic`` ln n [schwarz1978estimating],
    ``caic`` ln n + 1 [bozdogan1987model], ``hq`` 2 ln ln n [hannan1979determination], ``mdl5``
    5 ln n [liang1992parameter]; which of them to trust for FIMIX-PLS: [sarstedt2011uncovering].

    Examples
    --------
    >>> {name: round(value, 2) for name, value in size_factors(250).items()}["mdl5"]
    27.61
    """
    log = float(np.log(n))
    return {
        "aic": 2.0,
        "aic3": 3.0,
        "aic4": 4.0,
        "bic": log,
        "caic": log + 1.0,
        "hq": 2.0 * float(np.log(log)),
        "mdl5": 5.0 * log,
    }


def entropy(posterior: Array, weights: Array) -> float:
    """Return the entropy of memberships, ``-sum w p ln p``; 0 where everybody is certain.

    Parameters
    ----------
    posterior : (K, n) probabilities, each column adding up to one
    weights : (n)
    """
    logs = np.log(np.where(posterior > 0, posterior, 1.0))
    return float(-np.sum(weights * np.sum(posterior * logs, axis=0))) + 0.0


def normed_entropy(posterior: Array, weights: Array) -> float:
    """Return EN: 1 where every respondent is certain, 0 where nothing is known; NaN for K = 1.

    Parameters
    ----------
    posterior : (K, n)
    weights : (n)

    Notes
    -----
    ``1 - entropy / (sum w ln K)`` [ramaswamy1993empirical].

    Examples
    --------
    >>> normed_entropy(np.array([[1.0, 0.5], [0.0, 0.5]]), np.ones(2))
    0.5
    """
    K = len(posterior)
    if K == 1:
        return float("nan")
    return float(1.0 - entropy(posterior, weights) / (weights.sum() * np.log(K)))


def non_fuzzy_index(posterior: Array, weights: Array) -> float:
    """Return NFI: as EN from squared probabilities; NaN for K = 1.

    Notes
    -----
    ``(K sum w p^2 - sum w) / ((K - 1) sum w)`` [roubens1978pattern].

    Examples
    --------
    >>> non_fuzzy_index(np.array([[1.0, 0.5], [0.0, 0.5]]), np.ones(2))
    0.5
    """
    K, total = len(posterior), float(weights.sum())
    if K == 1:
        return float("nan")
    square = float(np.sum(weights * np.sum(posterior**2, axis=0)))
    return (K * square - total) / ((K - 1) * total)


def integrated(bic: float, fuzziness: float) -> float:
    """Return ICL, BIC plus twice the entropy: segments that overlap cost [biernacki2000assessing].

    Examples
    --------
    >>> integrated(200.0, 10.0)
    220.0
    """
    return bic + 2.0 * fuzziness


def entropy_criterion(fuzziness: float, loglik: float, single: float) -> float:
    """Return NEC, entropy over the gain in log-likelihood [celeux1996entropy]; 1 for K = 1.

    Parameters
    ----------
    fuzziness : float
        Entropy of the memberships.
    loglik, single : float
        Log-likelihoods of these segments and of one.

    Examples
    --------
    >>> entropy_criterion(20.0, -350.0, -400.0)
    0.4
    """
    gain = loglik - single
    return fuzziness / gain if gain > 0 else float("nan")
