"""Parameters held at their bounds: the same minimum as an optimiser with bounds finds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from csi.estimate.covariance import sem
from csi.estimate.covariance.kernel import implied
from csi.estimate.covariance.scoring import discrepancy

NAMES = list("abcd")


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """60 answers to four items of one construct; the error variance of `a` comes out negative."""
    rng = np.random.default_rng(3)
    construct = rng.normal(size=60)
    slopes, errors = np.array([0.95, 0.5, 0.4, 0.3]), np.array([0.25, 0.9, 0.9, 1.0])
    noise = np.column_stack([error * rng.normal(size=60) for error in errors])
    return pd.DataFrame(construct[:, None] * slopes + noise, columns=NAMES)


def test_a_negative_variance_is_held_at_zero(answers: pd.DataFrame) -> None:
    text = "F =~ a + b + c + d"
    free = sem.fit(text, answers)
    assert free.values[[p.name for p in free.placed.free].index("a ~~ a")] < 0
    assert any("error variance of a is negative" in said for said in sem.diagnosis(free))
    held = sem.fit(text, answers, sem.Options(admissible=True))
    assert held.ended == ("a ~~ a is held at its bound, 0",)
    assert held.freedom == free.freedom + 1
    assert sem.diagnosis(held) == ()
    target = free.sample.target(free.options)
    layout = free.placed.layout

    def value(x: np.ndarray) -> float:
        return float(discrepancy(target, implied(layout, x[None]), "ml", False)[0][0])

    bounds = [(0.0, None) if p.op == "~~" else (None, None) for p in free.placed.free]
    start = np.where(np.array([p.op == "~~" for p in free.placed.free]), np.maximum(free.x, 0.05),
                     free.x)  # fmt: skip
    found = minimize(value, start, method="L-BFGS-B", bounds=bounds,
                     options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 2000})  # fmt: skip
    assert held.value == pytest.approx(found.fun, abs=1e-8)  # L-BFGS-B stops about there
    by_name = dict(zip([p.name for p in held.placed.free], held.values, strict=True))
    for parameter, expected in zip(free.placed.free, found.x, strict=True):
        if parameter.name in by_name:
            assert by_name[parameter.name] == pytest.approx(expected, abs=2e-4)


def test_bounds_of_labels(answers: pd.DataFrame) -> None:
    """A loading that would be 0.99 of the marker's has to stay below 0.2."""
    text = "F =~ a + x*b + c + d\nx < 0.2"
    held = sem.fit(text, answers)
    assert held.ended == ("F =~ b is held at its bound, 0.2",)
    fixed = sem.fit("F =~ a + 0.2*b + c + d", answers)
    assert held.tests["standard"].statistic == pytest.approx(
        fixed.tests["standard"].statistic, rel=1e-12
    )


def test_a_bound_that_is_kept_changes_nothing(answers: pd.DataFrame) -> None:
    plain = sem.fit("F =~ a + b + c + d", answers)
    kept = sem.fit("F =~ a + x*b + c + d\nx < 5", answers)
    np.testing.assert_array_equal(kept.values, plain.values)
    assert kept.ended == ()
