"""Rank sets and comparisons with the best: by hand, exact distributions, coverage, known widths."""

import numpy as np
import pytest
from scipy import stats

from csi.compare.ranks import against_best, rank_of, rank_sets
from csi.errors import OptionError
from csi.estimate.multiple import normal_draws

D = 40_000


def drawn(estimate: np.ndarray, sd: float | np.ndarray, d: int = D, seed: int = 1) -> np.ndarray:
    """Return independent normal draws about the figures."""
    z = np.random.default_rng(seed).normal(size=(d, len(estimate)))
    return np.asarray(estimate + z * sd)


def test_joint_critical_value_is_that_of_tukey_and_marginal_that_of_dunnett() -> None:
    estimate = np.array([75.0, 71.0, 70.0, 69.5, 64.0])
    draws = drawn(estimate, 1.0)
    exact = stats.studentized_range.ppf(0.95, 5, 1e5) / np.sqrt(2)
    joint = rank_sets(estimate, draws, level=0.95)
    # a quantile of 40,000 draws has an error of 0.008
    np.testing.assert_allclose(joint.critical, exact, atol=0.03)
    # two-sided Dunnett, four against one, known errors: 2.44 in printed tables
    marginal = rank_sets(estimate, draws, level=0.95, kind="marginal")
    np.testing.assert_allclose(marginal.critical, 2.44, atol=0.03)
    best = against_best(estimate, draws, level=0.95)
    np.testing.assert_allclose(best.critical, 2.16, atol=0.03)  # one-sided Dunnett


def test_few_units_widen_as_tukey_does() -> None:
    estimate = np.zeros(4)
    found = rank_sets(estimate, drawn(estimate, 2.0), freedom=12)
    exact = stats.studentized_range.ppf(0.95, 4, 12) / np.sqrt(2)
    np.testing.assert_allclose(found.critical, exact, atol=0.04)


def test_rank_sets_by_hand() -> None:
    # errors of differences 1.414, critical value 2.73 for five: pairs differ beyond 3.86
    estimate = np.array([70.0, 75.0, 71.0, 64.0, 69.5])
    found = rank_sets(estimate, drawn(estimate, 1.0))
    assert found.rank.tolist() == [3, 1, 2, 5, 4]
    assert found.low.tolist() == [2, 1, 2, 5, 2]
    assert found.high.tolist() == [4, 1, 4, 5, 4]
    assert found.different.sum() == 2 * 7
    assert not found.different[0, 2]
    assert found.different[3].sum() == 4
    assert (found.left_out, found.draws_first) == (0, D)


def test_equal_figures_share_the_better_rank() -> None:
    assert rank_of(np.array([3.0, 5.0, 5.0, 1.0])).tolist() == [3, 1, 1, 4]
    one = rank_sets(np.array([3.0]), drawn(np.array([3.0]), 1.0, 50))
    assert (one.rank[0], one.low[0], one.high[0], one.first[0]) == (1, 1, 1, 1)


def test_probability_of_being_first_is_that_of_a_normal_difference() -> None:
    estimate = np.array([70.0, 71.0, 50.0])
    found = rank_sets(estimate, drawn(estimate, np.array([1.0, 2.0, 1.0])))
    exact = stats.norm.cdf(1.0 / np.sqrt(5.0))
    np.testing.assert_allclose(found.first, [1 - exact, exact, 0], atol=4 * 0.0024)
    assert found.first.sum() == pytest.approx(1.0)


def test_errors_of_differences_know_of_shared_respondents() -> None:
    shared = 3.0 * np.random.default_rng(2).normal(size=(D, 1))
    estimate = np.array([75.0, 72.0, 69.0])
    draws = drawn(estimate, 0.7) + shared
    assert rank_sets(estimate, draws).high.tolist() == [1, 2, 3]
    assert rank_sets(estimate, drawn(estimate, np.hypot(3.0, 0.7))).high.tolist() == [3, 3, 3]


def test_figures_and_draws_that_are_missing() -> None:
    estimate = np.array([75.0, np.nan, 72.5, 60.0, 70.0])
    draws = drawn(np.nan_to_num(estimate), 1.0, 4000)
    draws[:, 4] = np.nan
    draws[::4, 3] = np.nan  # cannot be first: its draws are not missed
    found = rank_sets(estimate, draws)
    assert (found.left_out, found.draws_first) == (2, 4000)
    np.testing.assert_array_equal(found.rank, [1, np.nan, 2, 3, np.nan])
    np.testing.assert_array_equal(np.isnan(found.first), [False, True, False, False, True])
    assert not found.different[1].any()
    draws[::5, 0] = np.nan
    assert rank_sets(estimate, draws).draws_first == 3200
    best = against_best(estimate, draws)
    np.testing.assert_array_equal(best.may_be_best, [True, False, True, False, False])
    assert np.isnan(best.difference[[1, 4]]).all()


def test_nobody_can_be_ranked() -> None:
    found = rank_sets(np.full(3, np.nan), np.zeros((5, 3)))
    assert found.left_out == 3
    assert np.isnan(found.rank).all()
    assert not against_best(np.full(3, np.nan), np.zeros((5, 3))).may_be_best.any()


def test_comparisons_with_the_best_by_hand() -> None:
    estimate = np.array([75.0, 73.0, 68.0])
    found = against_best(estimate, drawn(estimate, 1.0))
    # one-sided value of two against one 1.92, errors 1.414: 2.71 points
    reach = found.critical * np.sqrt(2)
    np.testing.assert_allclose(reach, 1.916 * np.sqrt(2), atol=0.04)
    np.testing.assert_allclose(found.difference, [2, -2, -7])
    np.testing.assert_array_equal(found.may_be_best, [True, True, False])
    np.testing.assert_allclose(found.upper, [2 + reach[0], -2 + reach[1], 0], rtol=0.02)
    np.testing.assert_allclose(found.lower, [2 - reach[1], -2 - reach[0], -7 - reach[0]], rtol=0.02)
    alone = against_best(np.array([80.0, 73.0, 68.0]), drawn(np.array([80.0, 73, 68]), 1.0))
    assert alone.may_be_best.tolist() == [True, False, False]
    assert alone.lower[0] == 0.0
    assert (alone.upper[1:] == 0.0).all()
    one = against_best(np.array([3.0]), drawn(np.array([3.0]), 1.0, 50))
    assert one.may_be_best.tolist() == [True]
    assert np.isnan(one.difference[0])


@pytest.mark.parametrize("spread", [0.0, 1.5])
def test_coverage(spread: float) -> None:
    """Eight companies on partly the same respondents: sets and limits hold together."""
    rng, samples, k, d = np.random.default_rng(5), 200, 8, 500
    covariance = 0.5 + np.diag(rng.uniform(0.5, 2.0, k))
    truth = np.linspace(-1, 1, k) * spread
    true_rank = stats.rankdata(-truth, method="ordinal")
    apart = np.array([truth[i] - np.delete(truth, i).max() for i in range(k)])
    ranks = best = limits = 0
    for number in range(samples):
        noise = normal_draws(covariance, draws=d + 1, seed=number)
        estimate = truth + noise[0]
        found = rank_sets(estimate, estimate + noise[1:], level=0.9)
        # of equal companies any order is true: the set must hold all of their ranks
        low, high = (1, k) if spread == 0 else (true_rank, true_rank)
        ranks += bool(((found.low <= low) & (high <= found.high)).all())
        mcb = against_best(estimate, estimate + noise[1:], level=0.9)
        best += bool(mcb.may_be_best[np.argmax(truth)])
        limits += bool(((mcb.lower <= apart) & (apart <= mcb.upper)).all())
    error = np.sqrt(0.9 * 0.1 / samples)  # 0.021
    assert ranks / samples > 0.9 - 3 * error
    assert best / samples > 0.9 - 3 * error
    assert limits / samples > 0.9 - 3 * error
    if spread == 0:  # here the joint set is exact
        assert ranks / samples < 0.9 + 3 * error


@pytest.mark.parametrize(
    ("n", "spread", "joint", "marginal"),
    [(250, 2.5, 10.0, 9.1), (250, 5.0, 6.9, 6.1), (1000, 2.5, 6.8, 6.0)],
)
def test_widths_of_twelve_brands(n: int, spread: float, joint: float, marginal: float) -> None:
    """Mean numbers of ranks in 95 % sets, as simulated elsewhere (project methods, section 12).

    Standard deviation of answers 18, the same recipe. Mean widths differ between leagues by 0.8:
    over 60 leagues an error of 0.1 here, and about as much there.
    """
    rng, error = np.random.default_rng(7), 18 / np.sqrt(n)
    widths = []
    for number in range(60):
        estimate = rng.normal(0.0, spread, 12) + rng.normal(0.0, error, 12)
        draws = drawn(estimate, error, 600, seed=number)
        both = (rank_sets(estimate, draws, kind=kind) for kind in ("joint", "marginal"))
        widths.append([float(np.mean(found.high - found.low + 1)) for found in both])
    np.testing.assert_allclose(np.mean(widths, axis=0), [joint, marginal], atol=0.45)


def test_wrong_input_is_told_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        rank_sets(np.zeros(3), np.zeros((5, 2)), kind="both")  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["option kind", "draws"]
    with pytest.raises(OptionError, match="level"):
        against_best(np.zeros(2), np.zeros((5, 2)), level=95)
