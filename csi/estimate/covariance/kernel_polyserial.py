"""Polyserial correlations: of many ordered items with one continuous item, arrays in and out.

Letters: n respondents, q ordered items, C categories, t thresholds, C - 1; z the continuous
answers, with mean 0 and variance 1. Estimator of two steps [olsson1982polyserial].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr

from csi.arrays import Array, BoolArray, IntArray
from csi.estimate.covariance.kernel_polychoric import LARGEST

STEPS = 100
LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class Answers:
    """The thresholds around each answer, (n, q) each, and the answers of the continuous item.

    Attributes
    ----------
    lower, upper : (n, q)
    z : (n)
    weights : (n) adding up to one
    """

    lower: Array
    upper: Array
    z: Array
    weights: Array


@dataclass(frozen=True, slots=True)
class Scores:
    """Slopes of each answer's log-likelihood, (n, q) each.

    Attributes
    ----------
    log : the log-likelihood of the ordered answer given the continuous one
    rho, lower, upper : by the correlation and by the thresholds around the answer
    z : by the continuous answer
    """

    log: Array
    rho: Array
    lower: Array
    upper: Array
    z: Array


def around(thresholds: Array, codes: IntArray, far: float) -> tuple[Array, Array]:
    """Return lower and upper thresholds of answers (n, q); those outside are ``far``."""
    q = len(thresholds)
    edge = np.full((q, 1), far)
    bounds = np.concatenate([-edge, thresholds, edge], axis=1)
    item = np.arange(q)
    return bounds[item, codes], bounds[item, codes + 1]


def scores_of(answers: Answers, rho: Array) -> Scores:
    """Return log-likelihoods and slopes at correlations (q)."""
    rest = np.sqrt((1.0 - rho) * (1.0 + rho))
    z = answers.z[:, None]
    up, low = (answers.upper - rho * z) / rest, (answers.lower - rho * z) / rest
    flip = up + low > 0  # the tail that keeps its digits
    high, deep = np.where(flip, -low, up), np.where(flip, -up, low)
    probability = np.maximum(ndtr(high) - ndtr(deep), LEAST)
    close = probability <= LEAST
    log = np.where(close, log_ndtr(high), np.log(probability))
    at_up, at_low = _height(up) / probability, _height(low) / probability
    cube = rest**3
    slope = (at_up * (answers.upper * rho - z) - at_low * (answers.lower * rho - z)) / cube
    return Scores(log, slope, -at_low / rest, at_up / rest, rho * (at_low - at_up) / rest)


def _height(x: Array) -> Array:
    return np.asarray(np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi))


def polyserial(answers: Answers, start: Array) -> tuple[Array, BoolArray, BoolArray]:
    """Maximise all likelihoods; return correlations, which converged and which are at the edge."""
    limit = np.arctanh(LARGEST)
    z = np.clip(np.arctanh(np.clip(start, -0.95, 0.95)), -limit, limit)
    w = answers.weights
    value, size = np.full(len(z), -np.inf), np.ones(len(z))
    base, step = z.copy(), np.zeros(len(z))
    done = np.zeros(len(z), dtype=bool)
    for _ in range(STEPS):
        rho = np.tanh(z)
        found = scores_of(answers, rho)
        here = w @ found.log
        worse = ~done & (here < value - 1e-13)
        on = ~done & ~worse
        size[worse] *= 0.5
        z[worse] = (base + size * step)[worse]
        value[on], base[on], size[on] = here[on], z[on], 1.0
        turn = 1.0 - rho**2
        slope = (w @ found.rho) * turn
        second = (w @ found.rho**2) * turn**2
        move = np.clip(slope / np.maximum(second, 1e-8), -0.7, 0.7)
        step[on] = (np.clip(z + move, -limit, limit) - z)[on]
        z[on] += step[on]
        done |= (on & (np.abs(step) < 1e-11)) | (worse & (size < 1e-7))
        if done.all():
            break
    return np.tanh(z), done, np.abs(z) > limit - 1e-6


@dataclass(frozen=True, slots=True)
class Corrections:
    """How errors of the first step go into the correlations: means of products of slopes.

    Attributes
    ----------
    thresholds : (q, t)
    mean, variance : (q) of the continuous item, in its standard deviations
    size : (q) mean squared slope by the correlation
    """

    thresholds: Array
    mean: Array
    variance: Array
    size: Array


def corrections(answers: Answers, codes: IntArray, rho: Array, t: int) -> Corrections:
    """Return the corrections of the first step [muthen1984general]."""
    found = scores_of(answers, rho)
    w, z = answers.weights[:, None], answers.z[:, None]
    crossed = np.zeros((len(rho), t))
    for item in range(len(rho)):
        own = answers.weights * found.rho[:, item]
        at = codes[:, item]
        up = np.bincount(at, own * found.upper[:, item], minlength=t + 1)[:t]
        low = np.bincount(at, own * found.lower[:, item], minlength=t + 1)[1:]
        crossed[item] = up + low
    by_mean = z - found.z
    by_variance = 0.5 * (z * z - 1.0) - 0.5 * z * found.z
    weighted = w * found.rho
    return Corrections(
        crossed,
        np.asarray((weighted * by_mean).sum(axis=0)),
        np.asarray((weighted * by_variance).sum(axis=0)),
        np.maximum((weighted * found.rho).sum(axis=0), 1e-12),
    )


def influence(
    answers: Answers, codes: IntArray, rho: Array, known: Corrections, steps: Array
) -> Array:
    """Return the influence of each respondent on the correlations, (n, q).

    Parameters
    ----------
    answers, codes : the respondents, any part of them
    rho : (q)
    known : Corrections
    steps : (q, C, t)
        Influence of an answer on the thresholds of its item.
    """
    z = answers.z[:, None]
    by_answer = np.einsum("qct,qt->qc", steps, known.thresholds)
    item = np.arange(len(rho))
    own = scores_of(answers, rho).rho - by_answer[item, codes]
    own -= known.mean * z + known.variance * (z * z - 1.0)
    return np.asarray(own / known.size)
