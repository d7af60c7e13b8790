"""Chance changes of the leader: by hand, simulated truths, figures found elsewhere."""

import numpy as np
import pytest
from scipy import stats

from csi.compare.leader_change import expected_leader_change, probability_best, shrunken
from csi.errors import OptionError


def test_two_companies_by_hand() -> None:
    """Each wave has the first on top with p: leaders differ with probability 2 p (1 - p)."""
    estimate = np.array([71.0, 70.0])
    now, before = np.diag([1.0, 0.5]), np.diag([2.0, 1.0])
    p, q = stats.norm.cdf(1 / np.sqrt(1.5)), stats.norm.cdf(1 / np.sqrt(3.0))
    found = expected_leader_change(estimate, now, before, truth="observed", draws=40_000)
    assert found == pytest.approx(p * (1 - q) + q * (1 - p), abs=4 * 0.0025)


def test_companies_that_are_equal() -> None:
    """Of k equal companies the leader changes with probability (k - 1) / k."""
    found = expected_leader_change(np.zeros(5), np.eye(5), np.eye(5), truth="observed")
    assert found == pytest.approx(0.8, abs=4 * 0.004)
    close = expected_leader_change(np.linspace(0, 0.1, 5), np.eye(5), np.eye(5))
    assert close == pytest.approx(0.8, abs=4 * 0.004)  # no true spread is seen


@pytest.mark.parametrize(
    ("k", "n", "spread", "elsewhere"),
    [
        (6, 100, 2, 0.62), (6, 100, 5, 0.35), (8, 250, 2, 0.53), (8, 250, 3, 0.40),
        (8, 250, 5, 0.27), (12, 250, 2, 0.59), (12, 500, 3, 0.34),
    ],
)  # fmt: skip
def test_leagues_simulated_elsewhere(k: int, n: int, spread: float, elsewhere: float) -> None:
    """True figures drawn anew and kept, answers with a standard deviation of 20.

    Project methods, section 12. The probability differs between leagues with a standard
    deviation of 0.2: over 400 leagues an error of 0.01 here.
    """
    rng, error = np.random.default_rng(k), np.eye(k) * 400 / n
    found = [
        expected_leader_change(
            rng.normal(0.0, spread, k), error, error, truth="observed", draws=200, seed=number
        )
        for number in range(400)
    ]
    assert float(np.mean(found)) == pytest.approx(elsewhere, abs=0.04)


def test_observed_figures_promise_too_few_changes() -> None:
    """What is computed from one wave, against the leagues that the waves come from."""
    rng, k, variance, leagues = np.random.default_rng(3), 12, 1.6, 400
    true = rng.normal(70.0, 2.0, (leagues, k))
    waves = true[:, None] + rng.normal(0.0, np.sqrt(variance), (leagues, 2, k))
    changed = np.mean(waves[:, 0].argmax(axis=1) != waves[:, 1].argmax(axis=1))
    error = variance * np.eye(k)
    kinds = {
        truth: float(np.mean([
            expected_leader_change(wave, error, error, truth=truth, draws=300, seed=number)
            for number, wave in enumerate(waves[:, 0])
        ]))
        for truth in ("observed", "shrunken")
    }  # fmt: skip
    # 400 leagues: an error of 0.025 of what happened
    assert kinds["shrunken"] == pytest.approx(changed, abs=0.07)
    assert kinds["observed"] < kinds["shrunken"] - 0.03


def test_probability_that_the_first_is_the_best() -> None:
    """Twelve brands, n = 250, s = 18, spread 2.5: 0.64 elsewhere (methods, section 12)."""
    rng, variance, leagues = np.random.default_rng(4), 324 / 250, 500
    true = rng.normal(70.0, 2.5, (leagues, 12))
    waves = true + rng.normal(0.0, np.sqrt(variance), (leagues, 12))
    told = np.mean([
        probability_best(shrunken(wave, variance * np.eye(12)), draws=300, seed=number)[
            wave.argmax()
        ]
        for number, wave in enumerate(waves)
    ])  # fmt: skip
    happened = np.mean(true.argmax(axis=1) == waves.argmax(axis=1))
    assert happened == pytest.approx(0.64, abs=3 * 0.022)
    # the spread is estimated from twelve figures: the truth is told a little too low
    assert told == pytest.approx(0.64, abs=0.06)


def test_shrunken_by_hand() -> None:
    found = shrunken(np.array([70.0, 74.0, 78.0, 74.0]), 4.0 * np.eye(4))
    variance = 32 / 3 - 4
    assert found.spread**2 == pytest.approx(variance)
    assert found.reliability == pytest.approx(variance / (variance + 4))
    kept = variance / (variance + 4)
    np.testing.assert_allclose(found.estimate, 74 + kept * np.array([-4, 0, 4, 0]))
    # posterior variance of one, and what is unsure of the mean
    np.testing.assert_allclose(
        np.diag(found.covariance), 4 * kept + (1 - kept) ** 2 * (variance + 4) / 4
    )


def test_reliability_of_seventy_per_cent() -> None:
    """With s = 18 and a true spread of 3, 84 answers a brand (methods, section 12)."""
    rng, variance = np.random.default_rng(5), 324 / 84
    figures = rng.normal(0.0, 3.0, 20_000) + rng.normal(0.0, np.sqrt(variance), 20_000)
    k = 400
    found = [shrunken(part, variance * np.eye(k)).reliability for part in figures.reshape(-1, k)]
    assert float(np.mean(found)) == pytest.approx(0.70, abs=0.01)


def test_dependent_figures_are_shrunken_as_independent_ones() -> None:
    """An error that all companies share says nothing of their differences."""
    figures, alone = np.array([70.0, 73.0, 75.0, 80.0]), np.diag([1.0, 2.0, 1.5, 3.0])
    one, shared = shrunken(figures, alone), shrunken(figures, alone + 5.0)
    assert shared.spread == pytest.approx(one.spread)
    assert shared.reliability == pytest.approx(one.reliability)
    away = one.estimate - one.estimate.mean()
    np.testing.assert_allclose(shared.estimate - shared.estimate.mean(), away, atol=1e-9)
    gap = np.array([1.0, -1.0, 0.0, 0.0])
    assert gap @ shared.covariance @ gap == pytest.approx(gap @ one.covariance @ gap)


def test_no_true_spread_gives_the_mean() -> None:
    found = shrunken(np.array([70.0, 70.1, 69.9]), np.diag([1.0, 4.0, 4.0]))
    assert (found.spread, found.reliability) == (0.0, 0.0)
    mean = (70.0 + 70.1 / 4 + 69.9 / 4) / 1.5
    np.testing.assert_allclose(found.estimate, mean, atol=1e-6)
    np.testing.assert_allclose(found.covariance, 1 / 1.5, atol=1e-6)


def test_wrong_input_is_refused() -> None:
    with pytest.raises(OptionError, match="shrunken"):
        expected_leader_change(np.zeros(2), np.eye(2), np.eye(2), truth="true")  # type: ignore[arg-type]
    with pytest.raises(OptionError) as caught:
        shrunken(np.array([np.nan]), np.eye(1))
    assert len(caught.value.faults) == 2
