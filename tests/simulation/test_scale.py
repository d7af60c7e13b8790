import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from csi.simulation.scale import (
    answer_covariance,
    answer_means,
    answer_probabilities,
    answer_variances,
    cut_points,
)


def one(mean: float, sd: float, steps: int = 9) -> np.ndarray:
    found = cut_points(np.array([mean]), np.array([sd]), np.array([float(steps)]))
    assert found.found.all()
    return found.cuts[0]


@settings(max_examples=60)
@given(st.integers(2, 10), st.floats(0.25, 0.75), st.floats(0.15, 0.24))
def test_wanted_mean_and_spread_are_reached(steps: int, mean: float, sd: float) -> None:
    cuts = one(mean * steps, sd * steps + 0.3, steps)
    share = np.diff(np.concatenate([[0.0], norm.cdf(cuts), [1.0]]))
    points = np.arange(len(share))
    found = share @ points
    assert found == pytest.approx(mean * steps, abs=1e-6)
    assert np.sqrt(share @ (points - found) ** 2) == pytest.approx(sd * steps + 0.3, abs=1e-6)


def test_answers_are_a_rising_step_function_of_the_normal_variable() -> None:
    cuts = one(6.6, 1.9)
    assert (np.diff(cuts) > 0).all()

    def answer(z: float) -> float:
        return float((z > cuts).sum())

    mean = quad(lambda z: answer(z) * norm.pdf(z), -9, 9, points=list(cuts), limit=200)[0]
    square = quad(lambda z: answer(z) ** 2 * norm.pdf(z), -9, 9, points=list(cuts), limit=200)[0]
    assert answer_means(cuts) == pytest.approx(mean, abs=1e-9)
    assert answer_variances(cuts) == pytest.approx(square - mean**2, abs=1e-8)


def test_high_means_are_skewed_to_the_left() -> None:
    share = answer_probabilities(one(7.2, 1.7))
    points = np.arange(10)
    centred = points - share @ points
    assert share @ centred**3 < -0.5 * (share @ centred**2) ** 1.5 * 0.5


@pytest.mark.parametrize("rho", [-0.7, 0.0, 0.35, 0.8, 0.95])
def test_covariance_is_that_of_the_bivariate_normal_rectangles(rho: float) -> None:
    first, second = one(6.2, 2.0), one(2.9, 1.0, 4)
    cuts = np.full((2, 9), np.inf)
    cuts[0], cuts[1, :4] = first, second
    found = answer_covariance(cuts, np.array([[1.0, rho], [rho, 1.0]]))[0, 1]
    both = multivariate_normal([0, 0], [[1, rho], [rho, 1]], allow_singular=True)
    by_hand = sum(both.cdf([s, t]) - norm.cdf(s) * norm.cdf(t) for s in first for t in second)
    assert found == pytest.approx(by_hand, abs=1e-6)


def test_median_splits_have_the_arcsine_covariance() -> None:
    rho = 0.6
    cov = answer_covariance(np.zeros((2, 1)), np.array([[1.0, rho], [rho, 1.0]]))
    assert cov[0, 1] == pytest.approx(np.arcsin(rho) / (2 * np.pi), abs=1e-13)
    assert cov[0, 0] == pytest.approx(0.25, abs=1e-15)


def test_impossible_spread_is_not_found() -> None:
    found = cut_points(np.array([4.5, 8.5]), np.array([5.5, 4.0]), np.array([9.0, 9.0]))
    assert not found.found.any()


def test_two_answers_have_the_mean_alone() -> None:
    found = cut_points(np.array([0.2, 5.0]), np.array([9.0, 2.0]), np.array([1.0, 9.0]))
    assert found.found.all()
    assert answer_means(found.cuts) == pytest.approx([0.2, 5.0], abs=1e-7)
    assert np.isinf(found.cuts[0, 1:]).all()
