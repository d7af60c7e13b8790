"""Moments under relabelling: against moments of the relabelled rows, and what is known exactly.

A share q of P random permutations has an error of sqrt(q (1 - q) / P); bounds are four of them.
"""

from collections.abc import Callable
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array, IntArray
from csi.errors import MomentsError, OptionError
from csi.moments.blocks import Sample
from csi.moments.exchange import Exchange, exchange_of, relabelled
from csi.moments.groups import moments_of_rows
from csi.moments.permutations import TILE_CELLS, moments_of_exchange, permuted_moments

Rows = Callable[..., Array]
NAMES = ("a", "b", "c")


def sample(
    rows: Array, units: IntArray | None = None, *, weights: Array | None = None, first: int = 0
) -> Sample:
    n = len(rows)
    return Sample(
        NAMES[: rows.shape[1]],
        rows,
        np.ones(n) if weights is None else weights,
        np.arange(first, first + n) if units is None else units,
    )


def memberships(exchange: Exchange, count: int, seed: int) -> Array:
    """The memberships of the first permutations, from the stream that the moments use."""
    m = len(exchange.of)
    tile = int(np.clip(TILE_CELLS // m, 16, 128))
    stream = np.random.SeedSequence(seed).spawn(1)[0]
    return relabelled(exchange, tile, np.random.default_rng(stream))[:count].astype(np.float64)


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
@pytest.mark.parametrize("weighted", [False, True])
def test_moments_are_those_of_the_relabelled_rows(
    factor_rows: Rows, missing: Any, weighted: bool
) -> None:
    rows = factor_rows(90, 3, 1, gone=0.1)
    weights = np.random.default_rng(2).uniform(0.3, 2.0, 90) if weighted else np.ones(90)
    one = sample(rows[:50], weights=weights[:50])
    two = sample(rows[50:], weights=weights[50:], first=50)
    strata = np.arange(90) % 3
    found = permuted_moments(one, two, missing, permutations=12, seed=5, strata=strata)
    kept = ~np.isnan(rows).any(axis=1) if missing == "complete" else ~np.isnan(rows).all(axis=1)
    parts = [
        Sample(NAMES, s.rows[k], s.weights[k], s.units[k])
        for s, k in ((one, kept[:50]), (two, kept[50:]))
    ]
    exchange = exchange_of(*parts, strata)
    members = memberships(exchange, 12, 5).astype(bool)
    whole = exchange.sample
    for b, first in enumerate(members):
        for moments, own in zip(found, (first, ~first), strict=True):
            known = moments_of_rows(whole.rows[own], whole.weights[own], NAMES, missing)
            # EM of a permutation stops at 1e-5 standard deviations
            rtol = 1e-4 if missing == "em" else 1e-10
            np.testing.assert_allclose(moments.mean[b], known.mean, rtol=rtol)
            np.testing.assert_allclose(moments.cov[b], known.cov, rtol=rtol, atol=rtol)
            assert moments.n[b] == known.n
            np.testing.assert_array_equal(moments.answers[b], known.answers)
            np.testing.assert_allclose(moments.sum_weights[b], known.sum_weights)
            np.testing.assert_allclose(moments.n_effective[b], known.n_effective)


def test_every_relabelling_is_as_likely() -> None:
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0])  # every pair has a sum of its own
    one, two = sample(values[:2, None]), sample(values[2:, None], first=2)
    first, second = permuted_moments(one, two, "complete", permutations=20_000, seed=3)
    sums, counts = np.unique(np.round(2 * first.mean[:, 0]), return_counts=True)
    assert sums.tolist() == sorted(sum(pair) for pair in combinations(values, 2))
    np.testing.assert_allclose(counts / 20_000, 0.1, atol=4 * np.sqrt(0.09 / 20_000))
    np.testing.assert_array_equal(
        np.round(3 * second.mean[:, 0]), 31 - np.round(2 * first.mean).T[0]
    )


@pytest.mark.parametrize(("n", "k"), [(60, 20), (200, 150)])  # small and large pools
def test_variance_of_a_difference_of_means(factor_rows: Rows, n: int, k: int) -> None:
    rows = factor_rows(n, 2, 4)
    one, two = sample(rows[:k]), sample(rows[k:], first=k)
    a, b = permuted_moments(one, two, "complete", permutations=8000, seed=6)
    away = a.mean - b.mean
    known = rows.var(axis=0, ddof=1) * n / (k * (n - k))  # sampling without replacement
    np.testing.assert_allclose(away.var(axis=0), known, rtol=4 * np.sqrt(2 / 8000))
    np.testing.assert_allclose(away.mean(axis=0) / np.sqrt(known), 0.0, atol=4 / np.sqrt(8000))


def test_clusters_move_whole_within_strata(factor_rows: Rows) -> None:
    rng = np.random.default_rng(7)
    units = np.sort(rng.integers(0, 24, 160))
    strata = np.arange(24) // 8
    first = np.isin(units % 8, [0, 1, 2])  # three of eight clusters in each stratum
    rows = factor_rows(160, 3, 8)
    exchange = exchange_of(
        sample(rows[first], units[first]), sample(rows[~first], units[~first]), strata
    )
    members = memberships(exchange, 100, 9)
    own = exchange.sample.units
    for unit in np.unique(own):
        part = members[:, own == unit]
        assert (part == part[:, :1]).all()
    start = np.array([np.flatnonzero(own == unit)[0] for unit in range(24)])
    assert (members[:, start].reshape(100, 3, 8).sum(axis=2) == 3).all()
    assert exchange.possible == comb(8, 3) ** 3
    assert exchange.fixed == 0
    # clusters differ in size, so do the groups
    found = moments_of_exchange(exchange, "complete", permutations=100, seed=9)
    assert len(np.unique(found[0].n)) > 1
    assert set((found[0].n + found[1].n).tolist()) == {160}


def test_persons_in_both_groups_swap_their_answers(factor_rows: Rows) -> None:
    # a permutation of pairs is a change of signs: the variance of the mean is sum(d**2) / n**2
    rows = factor_rows(80, 2, 10)
    person = np.arange(40)
    a, b = permuted_moments(
        sample(rows[:40], person), sample(rows[40:], person), "complete",
        permutations=8000, seed=11,
    )  # fmt: skip
    away = a.mean - b.mean
    known = ((rows[:40] - rows[40:]) ** 2).sum(axis=0) / 40**2
    np.testing.assert_allclose((away**2).mean(axis=0), known, rtol=4 * np.sqrt(2 / 8000))
    assert set(a.n.tolist()) == {40}


def test_who_keeps_the_label(factor_rows: Rows) -> None:
    rows = factor_rows(30, 2, 12)
    strata = np.repeat([0, 1, 2], 10)
    first = np.r_[np.ones(10), np.tile([1, 0], 5), np.zeros(10)].astype(bool)
    numbers = np.arange(30)
    exchange = exchange_of(
        sample(rows[first], numbers[first]), sample(rows[~first], numbers[~first]), strata
    )
    assert exchange.fixed == 20
    assert exchange.possible == comb(10, 5)
    members = memberships(exchange, 50, 13)
    own = strata[exchange.sample.units]
    assert (members[:, own == 0] == 1).all()
    assert (members[:, own == 2] == 0).all()
    assert (members[:, own == 1].sum(axis=1) == 5).all()


def test_neither_order_nor_numbers_matter(factor_rows: Rows) -> None:
    rng = np.random.default_rng(14)
    rows = factor_rows(120, 3, 15, gone=0.1)
    weights = rng.uniform(0.5, 2.0, 120)
    units, strata = np.arange(120) // 2, np.arange(60) % 4
    units[:6] = 60, 60, 60, 60, 60, 61  # one unit in both groups below
    strata = np.append(strata, [1, 2])
    first = np.arange(120) % 4 < 2
    first[:3] = False

    def moments(order: IntArray, unit_names: IntArray, stratum_names: IntArray) -> list[Array]:
        at = [order[first[order]], order[~first[order]]]
        renamed = np.empty(62, dtype=np.int64)
        renamed[unit_names] = stratum_names[strata]
        parts = [sample(rows[k], unit_names[units[k]], weights=weights[k]) for k in at]
        found = permuted_moments(*parts, "pairwise", permutations=40, seed=16, strata=renamed)
        return [values for own in found for values in (own.mean, own.cov, own.n)]

    plain = moments(np.arange(120), np.arange(62), np.arange(4))
    other = moments(rng.permutation(120), rng.permutation(62), rng.permutation(4))
    for one, two in zip(plain, other, strict=True):
        np.testing.assert_array_equal(one, two)


def test_same_seed_same_bytes_and_more_begin_alike(factor_rows: Rows) -> None:
    rows = factor_rows(70, 3, 17)
    parts = sample(rows[:30]), sample(rows[30:], first=30)
    few, again, more, other = (
        permuted_moments(*parts, "complete", permutations=count, seed=seed)[1]
        for count, seed in ((150, 1), (150, 1), (400, 1), (150, 2))
    )
    np.testing.assert_array_equal(few.cov, again.cov)
    np.testing.assert_array_equal(few.cov, more.cov[:150])  # whole answers: sums are exact
    assert not np.isclose(few.cov, other.cov).all(axis=(1, 2)).any()
    assert few.cov.transpose(1, 2, 0).flags.c_contiguous  # permutations last in memory


def test_an_item_alike_for_a_whole_group_is_no_number() -> None:
    rows = np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0], [2.0, 4.0], [1.0, 5.0], [1.0, 2.0]])
    a, b = permuted_moments(
        sample(rows[:3]), sample(rows[3:], first=3), "complete", permutations=50, seed=1
    )
    lost = np.stack([np.isnan(own.cov).all(axis=(1, 2)) for own in (a, b)])
    assert (lost.sum(axis=0) == 1).all()  # the one who said 2 is in one group only
    assert np.isfinite(a.mean).all()
    assert np.isfinite(b.mean).all()


def test_faults(factor_rows: Rows) -> None:
    rows = factor_rows(20, 3, 18)
    one, two = sample(rows[:10]), sample(rows[10:, :2], first=10)
    with pytest.raises(MomentsError, match="2 faults") as caught:
        permuted_moments(one, two, "complete", permutations=9, seed=1, strata=np.zeros(5, int))
    assert "are of items a, b, c and a, b" in str(caught.value)
    assert "unit number 19" in str(caught.value)
    with pytest.raises(OptionError, match="too few"):
        permuted_moments(one, sample(rows[10:]), "complete", permutations=0, seed=1)
