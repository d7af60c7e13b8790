"""The index formula by hand, and what must not change it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from csi.index.formula import equal_weights, index_score, index_sd, normalised

ONE = np.ones((3, 1), dtype=bool)


def test_worked_example() -> None:
    """((8-1)*.38 + (7.5-1)*.31 + (7-1)*.31) / 9 * 100, by hand."""
    score = index_score(
        np.array([8.0, 7.5, 7.0]), np.array([0.38, 0.31, 0.31]), np.ones(3), np.full(3, 10.0), ONE
    )
    assert score[0] == pytest.approx((2.66 + 2.015 + 1.86) / 9 * 100, abs=1e-12)
    assert round(float(score[0]), 3) == 72.611  # models.md section 3.1


def test_fractional_example_with_two_scales() -> None:
    """Items on 1-10 and 0-4, weights 2 and 1: (2*(5.5-1) + 1*(3-0)) / (2*9 + 1*4)."""
    score = index_score(
        np.array([5.5, 3.0]), np.array([2.0, 1.0]), np.array([1.0, 0.0]), np.array([10.0, 4.0]),
        np.ones((2, 1), dtype=bool),
    )  # fmt: skip
    assert score[0] == pytest.approx(100 * 12 / 22, abs=1e-12)


weights = arrays(float, 3, elements=st.floats(0.01, 5))
rows = arrays(float, (7, 3), elements=st.integers(1, 10).map(float))


@given(rows, weights)
def test_score_of_means_is_mean_of_scores(answers: np.ndarray, w: np.ndarray) -> None:
    """The second road: every respondent's score first, then their mean and deviation."""
    low, high = np.ones(3), np.full(3, 10.0)
    own = 100 * ((answers - low) @ w) / (9 * w.sum())
    score = index_score(answers.mean(axis=0), w, low, high, ONE)[0]
    spread = index_sd(np.cov(answers.T, ddof=0), w, low, high, ONE)[0]
    assert score == pytest.approx(own.mean(), abs=1e-9)
    assert spread == pytest.approx(own.std(), abs=1e-6)
    assert -1e-9 <= score <= 100 + 1e-9


@given(rows, weights, st.floats(0.1, 20), st.floats(-30, 30), st.floats(0.1, 9))
def test_units_and_length_of_weights_do_not_matter(
    answers: np.ndarray, w: np.ndarray, unit: float, shift: float, length: float
) -> None:
    low, high = np.ones(3), np.full(3, 10.0)
    mean = answers.mean(axis=0)
    score = index_score(mean, w, low, high, ONE)
    moved = index_score(
        unit * mean + shift, length * w, unit * low + shift, unit * high + shift, ONE
    )
    np.testing.assert_allclose(moved, score, atol=1e-8)


def test_ends_of_the_scale_are_0_and_100() -> None:
    low, high = np.array([1.0, 0.0, -2.0]), np.array([10.0, 4.0, 2.0])
    w = np.array([0.2, 0.5, 0.3])
    assert index_score(low, w, low, high, ONE)[0] == 0.0
    assert index_score(high, w, low, high, ONE)[0] == pytest.approx(100.0, abs=1e-12)


def test_weights_add_up_to_one_in_each_block() -> None:
    blocks = np.array([[1, 0], [1, 0], [0, 1]], dtype=bool)
    low, high = np.ones(3), np.full(3, 10.0)
    np.testing.assert_allclose(equal_weights(low, high, blocks), [0.5, 0.5, 1.0])
    np.testing.assert_allclose(
        normalised(np.array([[1.0, 3.0, 7.0], [2.0, 2.0, 0.1]]), blocks),
        [[0.25, 0.75, 1.0], [0.5, 0.5, 1.0]],
    )


def test_equal_weights_count_scores_not_points() -> None:
    """Two items on 1-10 and one on 0-100: the index is the mean of the three item scores."""
    low, high = np.array([1.0, 1.0, 0.0]), np.array([10.0, 10.0, 100.0])
    mean = np.array([7.0, 4.0, 83.0])
    score = index_score(mean, equal_weights(low, high, ONE), low, high, ONE)
    assert score[0] == pytest.approx(np.mean(100 * (mean - low) / (high - low)), abs=1e-10)
