"""The split of a change adds up, agrees with hand calculation and with Shapley by all orders."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from csi.compare.split import (
    Composition,
    bennet,
    common,
    composition,
    split_change,
    split_total,
    split_total_shapley,
)

EXACT = 1e-12
"""Index points: sums of some twenty products of numbers up to 100 round to about 1e-13."""

K, M = 4, 3
numbers = st.floats(0.0, 1.0)
positive = st.floats(0.01, 1.0)


def table(shape: tuple[int, ...], elements: st.SearchStrategy[float]) -> st.SearchStrategy:
    return arrays(np.float64, shape, elements=elements)


@st.composite
def compositions(draw: st.DrawFn, groups: int | None = None) -> Composition:
    shape = (K,) if groups is None else (groups, K)
    asked = draw(arrays(np.bool_, shape))
    asked[..., 0] = True  # an item in common
    return composition(
        1.0 + 9.0 * draw(table(shape, numbers)),
        draw(table(shape, positive)),
        np.ones(K),
        np.array([10.0, 10.0, 7.0, 5.0]),
        asked,
    )


@st.composite
def group_shares(draw: st.DrawFn) -> np.ndarray:
    raw = draw(table((M,), positive))
    return raw / raw.sum()


@given(compositions(), compositions())
def test_the_parts_add_up_to_the_change(before: Composition, now: Composition) -> None:
    split = split_change(before, now)
    parts = split.performance.sum() + split.weights.sum() + split.items
    assert parts == pytest.approx(now.level - before.level, abs=EXACT)
    assert split.total == now.level - before.level


@given(group_shares(), group_shares(), compositions(M), compositions(M))
@pytest.mark.parametrize("method", [split_total, split_total_shapley])
def test_the_parts_of_a_total_add_up(
    method: Callable, s0: np.ndarray, s1: np.ndarray, before: Composition, now: Composition
) -> None:
    split = method(s0, s1, before, now)
    parts = split.performance.sum() + split.weights.sum() + split.items.sum() + split.mix.sum()
    assert parts == pytest.approx(s1 @ now.level - s0 @ before.level, abs=EXACT)


@given(group_shares(), group_shares(), compositions(M), compositions(M))
@pytest.mark.parametrize("method", [split_total, split_total_shapley])
def test_backwards_is_the_same_with_the_other_sign(
    method: Callable, s0: np.ndarray, s1: np.ndarray, before: Composition, now: Composition
) -> None:
    there, back = method(s0, s1, before, now), method(s1, s0, now, before)
    for name in ("performance", "weights", "items", "mix"):
        np.testing.assert_allclose(getattr(back, name), -getattr(there, name), atol=EXACT)


def test_by_hand() -> None:
    """Shares .5, .3, .2 to .4, .4, .2; scores 70, 60, 80 to 72, 63, 80: 69.0 to 70.0."""
    a0, a1 = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.4, 0.2])
    y0, y1 = np.array([70.0, 60.0, 80.0]), np.array([72.0, 63.0, 80.0])
    performance, weights = bennet(a0, y0, a1, y1)
    np.testing.assert_allclose(performance, [0.45 * 2, 0.35 * 3, 0.0], atol=EXACT)
    # mean scores 71, 61.5, 80 about the mean index 69.5
    np.testing.assert_allclose(weights, [-0.1 * 1.5, 0.1 * -8.0, 0.0], atol=EXACT)
    assert performance.sum() + weights.sum() == pytest.approx(1.0, abs=EXACT)


def test_items_by_hand() -> None:
    """Items 1 and 2 in common and unchanged; the third, at 90, is new and takes a fifth."""
    before = Composition(
        np.array([0.5, 0.5, 0.0]), np.array([60.0, 70.0, 0.0]), np.array([True, True, False])
    )
    now = Composition(
        np.array([0.4, 0.4, 0.2]), np.array([60.0, 70.0, 90.0]), np.array([True, True, True])
    )
    split = split_change(before, now)
    np.testing.assert_allclose(split.performance, 0.0, atol=EXACT)
    np.testing.assert_allclose(split.weights, 0.0, atol=EXACT)
    assert split.items == pytest.approx(0.8 * 65 + 0.2 * 90 - 65, abs=EXACT)
    old, new = common(before, now)
    np.testing.assert_allclose(new.shares, [0.5, 0.5, 0.0])
    assert old.level == pytest.approx(65.0)


@given(compositions(), compositions(), st.floats(-50, 50))
def test_contributions_do_not_depend_on_the_origin(
    before: Composition, now: Composition, shift: float
) -> None:
    """The same scores counted from elsewhere: every item's part stays as it is."""
    one = bennet(*(x for c in common(before, now) for x in (c.shares, c.scores)))
    other = bennet(*(x for c in common(before, now) for x in (c.shares, c.scores + shift)))
    for mine, theirs in zip(one, other, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=EXACT)


def shapley(value: Callable[..., float], factors: int) -> list[float]:
    """Return each factor's contribution averaged over all orders of change; 0 before, 1 now."""
    found = [0.0] * factors
    for order in permutations(range(factors)):
        state = [0] * factors
        for factor in order:
            was = value(*state)
            state[factor] = 1
            found[factor] += (value(*state) - was) / factorial(factors)
    return found


def test_two_factors_are_shapley() -> None:
    rng = np.random.default_rng(3)
    a, y = rng.dirichlet(np.ones(K), size=2), rng.uniform(0, 100, size=(2, K))
    performance, weights = bennet(a[0], y[0], a[1], y[1])
    expected = shapley(lambda i, j: float(a[i] @ y[j]), 2)
    assert weights.sum() == pytest.approx(expected[0], abs=EXACT)
    assert performance.sum() == pytest.approx(expected[1], abs=EXACT)


def random_total(seed: int, asked: np.ndarray) -> tuple:
    rng = np.random.default_rng(seed)
    s = rng.dirichlet(np.ones(M), size=2)
    made = [
        composition(
            rng.uniform(1, 10, (M, K)),
            rng.uniform(0.1, 1, (M, K)),
            np.ones(K),
            np.full(K, 10.0),
            on,
        )
        for on in asked
    ]
    return s[0], s[1], *made


def test_three_factors_by_all_orders() -> None:
    """All items asked: mix, weights, performance are the mean over the six orders."""
    s0, s1, before, now = random_total(5, np.ones((2, M, K), dtype=bool))
    s, a, y = (s0, s1), (before.shares, now.shares), (before.scores, now.scores)
    expected = shapley(lambda i, j, k: float(s[i] @ (a[j] * y[k]).sum(axis=1)), 3)
    split = split_total_shapley(s0, s1, before, now)
    found = [split.mix.sum(), split.weights.sum(), split.performance.sum()]
    np.testing.assert_allclose(found, expected, atol=EXACT)
    np.testing.assert_allclose(split.items, 0.0, atol=EXACT)


def test_four_factors_by_all_orders_where_items_differ() -> None:
    asked = np.ones((2, M, K), dtype=bool)
    asked[0, :, 3] = asked[1, 1, 2] = False
    s0, s1, before, now = random_total(6, asked)
    old, new = common(before, now)
    s, a, y = (s0, s1), (old.shares, new.shares), (old.scores, new.scores)
    e = (before.level - old.level, now.level - new.level)
    expected = shapley(lambda i, j, k, m: float(s[i] @ ((a[j] * y[k]).sum(axis=1) + e[m])), 4)
    split = split_total_shapley(s0, s1, before, now)
    found = [split.mix, split.weights, split.performance, split.items]
    np.testing.assert_allclose([part.sum() for part in found], expected, atol=EXACT)


def test_nested_and_shapley_differ_by_the_product_of_three_changes() -> None:
    s0, s1, before, now = random_total(7, np.ones((2, M, K), dtype=bool))
    gap = split_total_shapley(s0, s1, before, now).mix - split_total(s0, s1, before, now).mix
    ds, da, dy = s1 - s0, now.shares - before.shares, now.scores - before.scores
    np.testing.assert_allclose(gap, -ds * (da * dy).sum(axis=1) / 6.0, atol=EXACT)
    assert abs(gap).max() > 0.01


def test_constant_shares_have_no_mix_and_keep_the_groups_own_split() -> None:
    s, _, before, now = random_total(8, np.ones((2, M, K), dtype=bool))
    own = split_change(before, now)
    for method in (split_total, split_total_shapley):
        split = method(s, s, before, now)
        np.testing.assert_allclose(split.mix, 0.0, atol=EXACT)
        np.testing.assert_allclose(split.performance, s[:, None] * own.performance, atol=EXACT)
        np.testing.assert_allclose(split.weights, s[:, None] * own.weights, atol=EXACT)


def test_replicates_are_split_like_the_sample() -> None:
    rng = np.random.default_rng(9)
    on = np.array([[True, True, True, False], [True] * 4])
    mean, weights = rng.uniform(1, 10, (2, 5, K)), rng.uniform(0.1, 1, (2, 5, K))
    scale = np.ones(K), np.full(K, 10.0)
    batch = split_change(*(composition(mean[t], weights[t], *scale, on[t]) for t in (0, 1)))
    for r in range(5):
        one = split_change(*(composition(mean[t, r], weights[t, r], *scale, on[t]) for t in (0, 1)))
        for name in ("performance", "weights", "items", "total"):
            np.testing.assert_array_equal(getattr(batch, name)[r], getattr(one, name))


def test_a_replicate_without_weights_has_no_parts() -> None:
    mean = np.array([[5.0, 6.0], [5.0, 6.0]])
    weights = np.array([[0.5, 0.5], [np.nan, np.nan]])
    scale = np.ones(2), np.full(2, 10.0), np.array([True, True])
    split = split_change(composition(mean, weights, *scale), composition(mean, weights, *scale))
    assert np.isfinite(split.total).tolist() == [True, False]
    assert np.isfinite(split.performance).all(axis=1).tolist() == [True, False]


def test_common_items_whose_negative_shares_outweigh_have_no_parts() -> None:
    """A replicate of shares .9, -.6, .7: of the first two alone 3 and -2."""
    shares = np.array([[0.5, 0.2, 0.3], [0.9, -0.6, 0.7]])
    scores = np.full((2, 3), 60.0)
    old = Composition(shares, scores, np.array([True, True, True]))
    new = Composition(shares[:, :2] @ np.eye(2, 3), scores, np.array([True, True, False]))
    split = split_change(old, new)
    assert np.isfinite(split.items).tolist() == [True, False]
    assert np.isfinite(split.performance).all(axis=1).tolist() == [True, False]
