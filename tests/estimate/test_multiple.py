"""Simultaneous limits and adjusted p values against exact distributions and by hand."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from csi.errors import OptionError
from csi.estimate.multiple import (
    adjusted,
    critical_of_largest,
    critical_value,
    largest,
    normal_draws,
    simultaneous,
)

DRAWS = 100_000
CLOSE = 0.02
"""The 95 % quantile of a largest t from 100,000 draws has a standard error of 0.005 at most."""


def sidak(k: int, level: float) -> float:
    """Exact critical value of k independent normal figures."""
    return float(stats.norm.ppf((1 + level ** (1 / k)) / 2))


@pytest.mark.parametrize("k", [1, 5, 40])
def test_independent_normal_figures_have_the_value_of_sidak(k: int) -> None:
    found = critical_value(np.diag(np.arange(1.0, k + 1)), level=0.95, draws=DRAWS)
    assert found == pytest.approx(sidak(k, 0.95), abs=CLOSE)


@pytest.mark.parametrize("freedom", [4.0, 12.0, 60.0])
def test_one_figure_with_few_units_has_the_quantile_of_t(freedom: float) -> None:
    found = critical_value(np.eye(1), level=0.95, freedom=freedom, draws=DRAWS)
    assert found == pytest.approx(stats.t.ppf(0.975, freedom), abs=2 * CLOSE)


@pytest.mark.parametrize("freedom", [10.0, np.inf])
def test_all_pairs_of_equal_groups_have_the_value_of_tukey(freedom: float) -> None:
    k = 6
    at = [(i, j) for i in range(k) for j in range(i)]
    pairs = np.array([np.eye(k)[i] - np.eye(k)[j] for i, j in at])
    found = critical_value(pairs @ pairs.T, level=0.95, freedom=freedom, draws=DRAWS)
    exact = stats.studentized_range.ppf(0.95, k, min(freedom, 1e5)) / np.sqrt(2)
    assert found == pytest.approx(exact, abs=2 * CLOSE)


def test_figures_that_move_together_are_one_figure() -> None:
    found = critical_value(np.full((8, 8), 4.0), level=0.9, draws=DRAWS)
    assert found == pytest.approx(stats.norm.ppf(0.95), abs=CLOSE)


def test_normal_draws_have_the_covariance() -> None:
    root = np.random.default_rng(1).normal(size=(4, 3))
    covariance = root @ root.T  # singular
    drawn = normal_draws(covariance, draws=DRAWS, seed=2)
    size = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    # a covariance of 100,000 draws is known to sqrt(2 / 100,000) of the product of deviations
    assert np.max(np.abs(np.cov(drawn.T) - covariance) / size) < 5 * np.sqrt(2 / DRAWS)
    again = normal_draws(covariance, draws=DRAWS, seed=2)
    np.testing.assert_array_equal(drawn, again)


def test_figures_without_error_are_left_out_and_counted() -> None:
    rng = np.random.default_rng(2)
    draws = rng.normal(size=(2000, 5))
    known = simultaneous(draws[:, :3], np.zeros(3), np.ones(3), level=0.9, freedom=30)
    estimate = np.array([0, 0, 0, np.nan, 1.0])
    found = simultaneous(draws, estimate, np.array([1, 1, 1, 1, 0.0]), level=0.9, freedom=30)
    assert found.critical == known.critical
    assert (found.family, found.left_out, found.draws_missing) == (3, 2, 0)
    np.testing.assert_array_equal(np.isnan(found.lower), [False, False, False, True, True])
    np.testing.assert_allclose(found.upper[:3], found.critical)
    holes = draws.copy()
    holes[::10, 1] = np.nan
    found = simultaneous(holes, np.zeros(5), np.ones(5), level=0.9)
    assert found.draws_missing == 200
    assert np.isfinite(found.critical)
    nothing = simultaneous(draws, np.full(5, np.nan), np.ones(5), level=0.9)
    assert (nothing.family, nothing.left_out) == (0, 5)
    assert np.isnan(nothing.critical)
    assert np.isnan(critical_value(np.zeros((2, 2)), level=0.9))


def test_largest_leaves_out_draws_without_any_figure() -> None:
    t = np.array([[1.0, np.nan], [np.nan, np.nan], [2.0, 5.0]])
    np.testing.assert_array_equal(largest(t), [1.0, 5.0])


def test_a_largest_that_is_below_zero_needs_no_margin() -> None:
    assert critical_of_largest(np.full(10, -1.0), level=0.9, freedom=8.0) == 0.0
    assert critical_of_largest(np.full(10, 2.0), level=0.9, freedom=1e7) == pytest.approx(
        2.0, abs=2e-3
    )


def test_limits_cover_all_figures_together() -> None:
    """Eight means of 60 somewhat skewed answers, pairs of them correlated: 90 % limits."""
    rng, samples, n, d = np.random.default_rng(3), 400, 60, 400
    truth, hits, single = np.ones(8), 0, 0
    for _ in range(samples):
        part = rng.gamma(8.0, 0.125, size=(n, 4))
        rows = np.hstack([part, 0.5 * part + 0.5 * rng.gamma(8.0, 0.125, size=(n, 4))])
        counts = rng.multinomial(n - 1, np.full(n, 1 / n), size=d)
        draws = counts @ rows / (n - 1)
        found = simultaneous(
            draws, rows.mean(axis=0), draws.std(axis=0, ddof=1), level=0.9, freedom=n - 1
        )
        hits += bool(((found.lower <= truth) & (truth <= found.upper)).all())
        half = 1.645 * draws.std(axis=0, ddof=1)
        single += bool((np.abs(rows.mean(axis=0) - truth) <= half).all())
    error = np.sqrt(0.9 * 0.1 / samples)  # 0.015
    assert abs(hits / samples - 0.9) < 3 * error
    assert single / samples < 0.65  # one by one they fail together


def test_adjusted_by_hand() -> None:
    p = np.array([0.01, 0.04, np.nan, 0.03, 0.005])
    # Holm: 4 * 0.005, 3 * 0.01, 2 * 0.03, then no smaller than the one before
    np.testing.assert_allclose(adjusted(p, "holm"), [0.03, 0.06, np.nan, 0.06, 0.02], rtol=1e-12)
    # Benjamini-Hochberg: 0.04, 0.03 * 4 / 3, 0.01 * 2, 0.005 * 4
    np.testing.assert_allclose(adjusted(p, "bh"), [0.02, 0.04, np.nan, 0.04, 0.02], rtol=1e-12)
    np.testing.assert_array_equal(adjusted(p, "none"), p)
    assert np.isnan(adjusted(np.full(2, np.nan), "holm")).all()
    assert p[0] == 0.01  # the caller's values stay as they were
    assert len(adjusted(np.array([]), "bh")) == 0


@pytest.mark.parametrize(("method", "theirs"), [("holm", "holm"), ("bh", "fdr_bh")])
def test_adjusted_as_in_statsmodels(method: Any, theirs: str) -> None:
    p = np.random.default_rng(5).beta(0.4, 2.0, size=50)
    p[7] = p[8]
    np.testing.assert_allclose(adjusted(p, method), multipletests(p, method=theirs)[1], rtol=1e-12)


def test_adjusted_keeps_the_promise() -> None:
    """Twenty true hypotheses: Holm finds one of them in 5 % of the tables."""
    p = np.random.default_rng(4).uniform(size=(1500, 20))
    found = np.mean([(adjusted(row, "holm") < 0.05).any() for row in p])
    expected = 1 - 0.95  # Bonferroni of independent tests: 1 - (1 - 0.05 / 20)^20 = 0.0488
    assert abs(found - expected) < 4 * np.sqrt(0.05 * 0.95 / 1500)


def test_wrong_input_is_told_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        adjusted(np.array([1.2, -1.0]), "sidak")  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["option method", "p values"]
    with pytest.raises(OptionError, match="level"):
        critical_value(np.eye(2), level=95)
    with pytest.raises(OptionError, match="level"):
        simultaneous(np.zeros((3, 1)), np.zeros(1), np.ones(1), level=0.2)
