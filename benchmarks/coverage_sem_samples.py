"""The populations that `coverage_sem.py` draws from: models, answers and true parameters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from csi.arrays import Array
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.kernel import implied
from csi.model.grammar import paths
from csi.model.model import Model
from csi.model.parts import Construct
from csi.model.sem.build import sem_of

CHAIN = {"Quality": 3, "Satisfaction": 3, "Loyalty": 3}
WHOLE = {"Image": 5, "Expectation": 4, "Quality": 7, "Value": 2, "Satisfaction": 3, "Loyalty": 3}
SIZES = {"9 items": CHAIN, "24 items": WHOLE}
EFFECTS = {
    "9 items": {("Quality", "Satisfaction"): 0.6, ("Satisfaction", "Loyalty"): 0.7},
    "24 items": {
        ("Image", "Expectation"): 0.6,
        ("Expectation", "Quality"): 0.7,
        ("Expectation", "Value"): 0.15,
        ("Quality", "Value"): 0.6,
        ("Image", "Satisfaction"): 0.25,
        ("Quality", "Satisfaction"): 0.45,
        ("Value", "Satisfaction"): 0.25,
        ("Image", "Loyalty"): 0.2,
        ("Satisfaction", "Loyalty"): 0.65,
    },
}
HIGH, LOW = 0.88, 0.72
"""Loadings of standardised items, evenly from the first to the last of a construct."""
SHAPE = 4.0
"""Of the gamma variables behind skewed answers: skewness of -1."""
STYLE = 0.3
"""Standard deviation of the logarithm of the part of the scale a respondent uses."""
MIDDLE, UNIT = 6.6, 1.4
"""Where on the scale from 1 to 10 the skewed answers lie, and what a unit of theirs becomes."""
MISSING = 0.15
"""Share of the answers that is missing, of all items but the first."""
CUTS = {
    "5 points, symmetric": (-1.5, -0.5, 0.5, 1.5),
    "5 points, skewed": (-1.8, -1.3, -0.7, 0.0),
}
"""Thresholds in standard deviations; skewed: 4, 6, 14, 26 and 50 % of the answers."""
Key = tuple[str, str, str]


def model_of(size: str) -> Model:
    """The model that is fitted."""
    constructs = [
        Construct(name, tuple(f"{name}{k}" for k in range(1, count + 1)))
        for name, count in SIZES[size].items()
    ]
    arrows = [paths(source, to=target) for source, target in EFFECTS[size]]
    return Model(constructs, arrows, "Satisfaction", name="coverage")


def answers(size: str, n: int, rng: np.random.Generator, *, skewed: bool) -> pd.DataFrame:
    """Draw answers of n respondents, a column an item."""

    def drawn() -> Array:
        return (SHAPE - rng.gamma(SHAPE, size=n)) / SHAPE**0.5 if skewed else rng.normal(size=n)

    constructs: dict[str, Array] = {}
    columns: dict[str, Array] = {}
    for name, count in SIZES[size].items():
        causes = {a: effect for (a, b), effect in EFFECTS[size].items() if b == name}
        cause = sum((effect * constructs[a] for a, effect in causes.items()), np.zeros(n))
        constructs[name] = cause + (0.7 if causes else 1.0) * drawn()
        for k, loading in enumerate(np.linspace(HIGH, LOW, count), start=1):
            columns[f"{name}{k}"] = loading * constructs[name] + (1 - loading**2) ** 0.5 * drawn()
    if skewed:
        style = np.exp(STYLE * rng.normal(size=n) - STYLE**2)  # mean square of one
        columns = {
            item: np.clip(np.round(MIDDLE + UNIT * style * column), 1, 10)
            for item, column in columns.items()
        }
    return pd.DataFrame(columns)


def with_holes(frame: pd.DataFrame, rng: np.random.Generator, *, skewed: bool) -> pd.DataFrame:
    """Take answers away at random given the first item, which everybody answers.

    Who gives a low first answer leaves out more: up to twice `MISSING`, from an answer two standard
    deviations below the mean; who gives a high one next to none.
    """
    first = frame.iloc[:, 0].to_numpy(dtype=float)
    level = (first - MIDDLE) / UNIT if skewed else first
    gone = rng.random(frame.shape) < 2.0 * MISSING * ndtr(-level)[:, None]
    gone[:, 0] = False
    return frame.mask(gone)


def categories(size: str, frame: pd.DataFrame, cuts: tuple[float, ...]) -> pd.DataFrame:
    """Cut normal answers into categories 1, 2, ... at thresholds in standard deviations."""
    spread = deviations(size)
    return pd.DataFrame(
        {item: 1.0 + np.searchsorted(cuts, frame[item] / own) for item, own in spread.items()}
    )


@cache
def deviations(size: str) -> dict[str, float]:
    """Return the standard deviations of the normal answers, by item."""
    fit = _fit(size, 2_000, skewed=False)
    cov = implied(fit.placed.layout, _by_rule(size, fit.placed.free)[None]).cov[0, 0]
    return dict(zip(fit.placed.model.items, np.sqrt(np.diag(cov)).tolist(), strict=True))


def truth_of(size: str, *, skewed: bool) -> tuple[dict[Key, float], float]:
    """Return the parameters that a huge sample has, and its misfit as chi-square a respondent."""
    fit = _fit(size, 1_000_000 if skewed else 2_000, skewed=skewed)
    keys = [(p.lhs, p.op, p.rhs) for p in fit.placed.free]
    if not skewed:
        return dict(zip(keys, _by_rule(size, fit.placed.free).tolist(), strict=True)), 0.0
    excess = max(fit.tests["standard"].statistic - fit.freedom, 0.0)
    return dict(zip(keys, fit.values.tolist(), strict=True)), excess / fit.sample.total


def standardised_truth(size: str) -> dict[Key, float]:
    """Return the parameters where every item has variance 1, as ordinal items have."""
    unit = dict(deviations(size))
    unit |= {name: unit[f"{name}1"] for name in SIZES[size]}
    scale: dict[str, Callable[[str, str], float]] = {
        "=~": lambda construct, item: unit[construct] / unit[item],
        "~": lambda target, source: unit[source] / unit[target],
        "~~": lambda one, other: 1.0 / (unit[one] * unit[other]),
    }
    known = truth_of(size, skewed=False)[0]
    return {key: value * scale[key[1]](key[0], key[2]) for key, value in known.items()}


def _fit(size: str, n: int, *, skewed: bool) -> Any:
    rng = np.random.default_rng(20_260_101)
    return fit_sem(sem_of(model_of(size)), answers(size, n, rng, skewed=skewed))


def _by_rule(size: str, free: tuple[Any, ...]) -> Array:
    """Return the true values of the free parameters of normal answers."""
    return np.array([_true(size, p.lhs, p.op, p.rhs) for p in free])


def _true(size: str, lhs: str, op: str, rhs: str) -> float:
    """True value of a parameter where the first loading of each construct is 1."""
    loadings = {
        f"{name}{k}": float(loading)
        for name, count in SIZES[size].items()
        for k, loading in enumerate(np.linspace(HIGH, LOW, count), start=1)
    }
    if op == "=~":
        return loadings[rhs] / HIGH
    if op == "~":
        return EFFECTS[size][rhs, lhs]
    if lhs in loadings:
        return 1.0 - loadings[lhs] ** 2
    caused = any(target == lhs for _, target in EFFECTS[size])
    return HIGH**2 * (0.7**2 if caused else 1.0)
