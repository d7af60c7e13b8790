"""Covariance fits recover a known population; intervals and tests hold what they promise.

The study with more items, sizes and samples is benchmarks/coverage_sem.py; this is its short form,
with bounds of four Monte Carlo standard errors.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.estimate.covariance.fit import fit_sem
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.robust import errors_of
from csi.model.grammar import paths
from csi.model.model import Model
from csi.model.parts import Construct
from csi.model.sem.build import sem_of

NAMES = ("Quality", "Satisfaction", "Loyalty")
LOADINGS = np.array([0.9, 0.8, 0.7])
EFFECTS = (0.6, 0.7)
REST = 0.5
"""Variance of disturbances; that of the first construct is 1."""
SAMPLES, N = 300, 500
MODEL = sem_of(
    Model(
        [Construct(name, tuple(f"{name}{k}" for k in (1, 2, 3))) for name in NAMES],
        [paths("Quality", to="Satisfaction"), paths("Satisfaction", to="Loyalty")],
        "Satisfaction",
        name="chain",
    )
)
TRUTH = np.concatenate(
    [
        np.tile(LOADINGS[1:] / LOADINGS[0], 3),
        EFFECTS,
        np.array([1.0, REST, REST]) * LOADINGS[0] ** 2,
        np.tile(1.0 - LOADINGS**2, 3),
    ]
)
"""In the order of the parameters: loadings, paths, variances of constructs and of items."""


def drawn(rng: np.random.Generator, *, heavy: bool) -> pd.DataFrame:
    """Answers of N respondents; heavy ones use more or less of the scale: kurtosis above 0."""
    quality = rng.normal(size=N)
    satisfaction = EFFECTS[0] * quality + REST**0.5 * rng.normal(size=N)
    loyalty = EFFECTS[1] * satisfaction + REST**0.5 * rng.normal(size=N)
    columns = {
        f"{name}{k}": loading * score + (1.0 - loading**2) ** 0.5 * rng.normal(size=N)
        for name, score in zip(NAMES, (quality, satisfaction, loyalty), strict=True)
        for k, loading in enumerate(LOADINGS, start=1)
    }
    style = np.exp(0.3 * rng.normal(size=N) - 0.09) if heavy else np.ones(N)
    return pd.DataFrame(columns).mul(style, axis=0)


def study(*, heavy: bool) -> dict[str, Any]:
    kinds = {"standard": "standard", "mlm": "satorra-bentler", "mlr": "yuan-bentler"}
    found: dict[str, Any] = {"estimates": []} | {kind: ([], []) for kind in kinds}
    for child in np.random.SeedSequence(4).spawn(SAMPLES):
        fit = fit_sem(MODEL, drawn(np.random.default_rng(child), heavy=heavy))
        assert fit.converged
        found["estimates"].append(fit.values)
        for kind, test in kinds.items():
            options = SemOptions(errors=kind)
            vcov, tests, _ = errors_of(fit.placed, fit.x, fit.sample, options)
            found[kind][0].append(np.sqrt(np.diag(vcov)))
            found[kind][1].append(tests[test].p_value)
    return found


@pytest.fixture(scope="module")
def normal() -> dict[str, Any]:
    return study(heavy=False)


@pytest.fixture(scope="module")
def heavy() -> dict[str, Any]:
    return study(heavy=True)


def inside(found: dict[str, Any], kind: str) -> Array:
    """Share of intervals of each parameter that hold the truth."""
    errors = np.array(found[kind][0])
    return np.mean(np.abs(np.array(found["estimates"]) - TRUTH) <= 1.959964 * errors, axis=0)


def rejected(found: dict[str, Any], kind: str) -> float:
    return float(np.mean(np.array(found[kind][1]) < 0.05))


def error_of_share(share: float) -> float:
    return float(np.sqrt(share * (1.0 - share) / SAMPLES))


@pytest.mark.parametrize("answers", ["normal", "heavy"])
def test_estimates_are_those_of_the_population(answers, request):
    estimates = np.array(request.getfixturevalue(answers)["estimates"])
    spread = estimates.std(axis=0, ddof=1)
    # the bias of order 1/n, below a tenth of a standard deviation at n = 500, comes on top
    allowed = 4.0 * spread / np.sqrt(SAMPLES) + 0.1 * spread
    assert (np.abs(estimates.mean(axis=0) - TRUTH) < allowed).all()


@pytest.mark.parametrize("kind", ["standard", "mlm", "mlr"])
def test_normal_answers_have_right_errors_and_tests(normal, kind):
    shares = inside(normal, kind)
    assert (np.abs(shares - 0.95) < 4.0 * error_of_share(0.95)).all()
    assert shares.mean() == pytest.approx(0.95, abs=0.015)  # 20 parameters, in part correlated
    assert abs(rejected(normal, kind) - 0.05) < 4.0 * error_of_share(0.05)
    errors, spread = np.array(normal[kind][0]).mean(axis=0), np.std(normal["estimates"], axis=0)
    # a standard deviation of 300 draws has an error of 1 / sqrt(600)
    np.testing.assert_allclose(errors / spread, 1.0, atol=4.0 / np.sqrt(2.0 * SAMPLES))


@pytest.mark.parametrize("kind", ["mlm", "mlr"])
def test_robust_errors_and_tests_are_right_with_heavy_tails(heavy, kind):
    shares = inside(heavy, kind)
    # heavy tails need more respondents: the mean may lack two points of 95 %
    assert (np.abs(shares - 0.95) < 4.0 * error_of_share(0.95) + 0.02).all()
    assert shares.mean() == pytest.approx(0.95, abs=0.02)
    assert abs(rejected(heavy, kind) - 0.05) < 4.0 * error_of_share(0.05)


def test_standard_errors_and_tests_are_wrong_with_heavy_tails(heavy):
    """What robust errors are for; the study has teeth."""
    variances = inside(heavy, "standard")[-12:]
    assert variances.mean() < 0.90
    assert rejected(heavy, "standard") > 0.05 + 6.0 * error_of_share(0.05)
