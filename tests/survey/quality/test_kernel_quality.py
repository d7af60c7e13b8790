"""Kernels of answer quality: by hand, against other programs, batches against loops, hostile."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2, kstest

from csi.survey.quality.kernel_center import center_of, robust_center_of
from csi.survey.quality.kernel_distance import at_median, distances, tail, weighted_median
from csi.survey.quality.kernel_spread import agreement, even_odd, share_at, variability
from csi.survey.quality.kernel_strings import longest_string, straight_lines

P = 12
ONE = np.zeros(P, dtype=np.int64)
BLOCKS = np.kron(np.eye(4, dtype=bool), np.ones((3, 1), dtype=bool))


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.clip(np.round(rng.normal(7, 1.5, (60, P)) + rng.normal(0, 1.5, (60, 1))), 1, 10)


def test_long_strings_by_hand() -> None:
    row = np.array([[7, 7, 7, np.nan, 7, 7, 3, 3, 3, 3, 3, 1.0]])
    none, gap = np.zeros((1, P), dtype=bool), np.isnan(row)
    assert longest_string(row, ONE, none).tolist() == [5]
    assert longest_string(row[:, :6], ONE[:6], none[:, :6]).tolist() == [3]  # a gap ends it
    assert longest_string(row[:, :6], ONE[:6], gap[:, :6]).tolist() == [5]  # not put: passed over
    scales = np.array([0] * 9 + [1] * 3)
    assert longest_string(row, scales, none).tolist() == [3]  # the scale changes after the ninth
    nothing = np.full((1, P), np.nan)
    assert longest_string(nothing, ONE, none).tolist() == [0]


def test_straight_lines_by_hand() -> None:
    rows = np.array(
        [[5, 5, 5, 1, 2, 3], [5, 5, np.nan, 4, 4, 4], [np.nan] * 6, [1, 1, 1, 2, 2, 2]], dtype=float
    )
    batteries = np.array([[1, 0]] * 3 + [[0, 1]] * 3, dtype=bool)
    lines, judged = straight_lines(rows, batteries, 3)
    assert lines.tolist() == [1, 1, 0, 2]
    assert judged.tolist() == [2, 1, 0, 2]
    assert straight_lines(rows, batteries, 2)[0].tolist() == [1, 2, 0, 2]


def test_variability_compares_answers_within_their_scale() -> None:
    row = np.array([9.0, 10, 8, 4, 5, 3])
    scales = np.array([0, 0, 0, 1, 1, 1])
    # sums of squares 2 and 2 over 2 + 2 degrees of freedom
    assert variability(row, scales) == 1.0
    assert np.isnan(variability(np.array([9.0, 4.0]), np.array([0, 1])))


def test_even_odd_by_hand() -> None:
    blocks = np.kron(np.eye(3, dtype=bool), np.ones((2, 1), dtype=bool))
    odd, even = np.array([0.1, 0.4, 0.9]), np.array([0.3, 0.2, 0.6])
    row = np.stack([odd, even], axis=1).reshape(-1)
    r = np.corrcoef(odd, even)[0, 1]
    np.testing.assert_allclose(even_odd(row, blocks), 2 * r / (1 + r), rtol=1e-12)
    assert even_odd(np.stack([odd, 1 - odd], axis=1).reshape(-1), blocks) == -1.0
    assert np.isnan(even_odd(np.full(6, 0.5), blocks))
    row[0] = np.nan  # two constructs are left
    assert np.isnan(even_odd(row, blocks))


def test_agreement_cancels_content() -> None:
    turned = np.array([False, False, True, True])
    content = np.array([0.9, 0.7, 0.2, 0.2])  # 0.8 of the content either way
    np.testing.assert_allclose(agreement(content, turned), 0.5)
    np.testing.assert_allclose(agreement(np.minimum(content + 0.1, 1), turned), 0.6)
    assert np.isnan(agreement(np.array([0.9, 0.7, np.nan, np.nan]), turned))


KERNELS = {
    "string": lambda x: longest_string(x, ONE, np.zeros(x.shape, dtype=bool)),
    "lines": lambda x: straight_lines(x, BLOCKS, 2)[0],
    "irv": lambda x: variability(x, ONE),
    "even_odd": lambda x: even_odd((x - 1) / 9, BLOCKS),
    "agreement": lambda x: agreement((x - 1) / 9, np.arange(P) % 3 == 0),
    "extreme": lambda x: share_at((x - 1) / 9, 0.0, 1.0),
}


@pytest.mark.parametrize("name", KERNELS)
def test_batches_are_loops(name: str, rows: np.ndarray) -> None:
    """No, one and two axes before the items."""
    found = rows.copy()
    found[np.random.default_rng(1).random(rows.shape) < 0.1] = np.nan
    kernel = KERNELS[name]
    loop = np.array([kernel(row) for row in found])
    # sums in another order: rounding
    np.testing.assert_allclose(kernel(found), loop, rtol=1e-13)
    np.testing.assert_allclose(kernel(found.reshape(6, 10, P)), loop.reshape(6, 10), rtol=1e-13)
    assert kernel(found[:0]).shape == (0,)


@pytest.mark.parametrize("package", ["ier", "careless"])
def test_the_python_packages_agree(package: str, rows: np.ndarray) -> None:
    """insufficient-effort 1.13.1 and careless-py 1.1.0.

    Their long strings are those of text, one character an answer (so 10 needs a letter); their IRV
    divides by n; their distances need complete rows.
    """
    other = pytest.importorskip(package)
    letters = ["".join(chr(96 + int(v)) for v in row) for row in rows]
    none = np.zeros(rows.shape, dtype=bool)
    assert longest_string(rows, ONE, none).tolist() == [n for _, n in other.longstring(letters)]
    ours = variability(rows, ONE) * np.sqrt((P - 1) / P)
    np.testing.assert_allclose(ours, other.irv(rows), rtol=1e-12)
    squared, _ = distances(rows, rows.mean(axis=0), np.cov(rows, rowvar=False))
    np.testing.assert_allclose(squared, other.mahad(rows) ** 2, rtol=1e-8)  # a pseudo-inverse


def test_insufficient_effort_agrees_on_consistency_and_agreement(rows: np.ndarray) -> None:
    """Its ``halves`` method is R's careless; careless-py's own even-odd is another figure."""
    ier = pytest.importorskip("ier")
    theirs = ier.evenodd(rows, [3] * 4, method="halves")
    np.testing.assert_allclose(even_odd((rows - 1) / 9, BLOCKS), theirs, atol=1e-12)
    pairs = {"positive_items": [0, 1, 2], "negative_items": [3, 4, 5]}
    theirs = ier.acquiescence(rows, scale_min=1, scale_max=10, **pairs)
    turned = np.arange(6) > 2
    np.testing.assert_allclose(agreement((rows[:, :6] - 1) / 9, turned), theirs, atol=1e-12)
    theirs = ier.response_pattern(rows, scale_min=1, scale_max=10)["extreme"]
    np.testing.assert_allclose(share_at((rows - 1) / 9, 0.0, 1.0), theirs, atol=1e-12)


def normal_rows(n: int, p: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)) + rng.normal(size=(n, p))


def test_complete_rows_have_the_moments_of_the_sample() -> None:
    rows, weights = normal_rows(200, 4, 1), np.random.default_rng(2).uniform(0.5, 2, 200)
    found = center_of(rows, weights)
    np.testing.assert_allclose(found.mean, np.average(rows, axis=0, weights=weights), atol=1e-12)
    cov = np.cov(rows, rowvar=False, aweights=weights, ddof=0)
    np.testing.assert_allclose(found.cov, cov, atol=1e-12)
    assert found.converged


def test_incomplete_rows_are_at_the_maximum_of_the_likelihood() -> None:
    """No step from the estimate raises the likelihood of the answers there are."""
    rows = normal_rows(150, 3, 3)
    rows[np.random.default_rng(4).random(rows.shape) < 0.2] = np.nan
    rows = rows[~np.isnan(rows).all(axis=1)]
    found = center_of(rows, np.ones(len(rows)), tolerance=1e-10)

    def likelihood(mean: np.ndarray, cov: np.ndarray) -> float:
        total = 0.0
        for row in rows:
            o = ~np.isnan(row)
            part = cov[np.ix_(o, o)]
            away = row[o] - mean[o]
            total -= 0.5 * (np.linalg.slogdet(part)[1] + away @ np.linalg.solve(part, away))
        return total

    best = likelihood(found.mean, found.cov)
    for step in (1e-3, -1e-3):
        for k in range(3):
            e = np.eye(3)[k]
            assert likelihood(found.mean + step * e, found.cov) < best
            assert likelihood(found.mean, found.cov + step * np.outer(e, e)) < best


def test_distances_on_observed_items_are_chi_square() -> None:
    """5,000 normal rows with a quarter of the answers missing: p values are uniform."""
    rows = normal_rows(5000, 6, 5)
    rows[np.random.default_rng(6).random(rows.shape) < 0.25] = np.nan
    rows = rows[~np.isnan(rows).all(axis=1)]
    found = center_of(rows, np.ones(len(rows)))
    squared, counts = distances(rows, found.mean, found.cov)
    assert kstest(tail(squared, counts), "uniform").pvalue > 0.01
    assert (counts == (~np.isnan(rows)).sum(axis=1)).all()


def test_the_robust_center_stands_where_the_other_gives_way() -> None:
    """30 % of the rows lie elsewhere; a sixth of the answers is missing."""
    rows = normal_rows(600, 8, 7)
    clean = rows.copy()
    rows[:180] = np.random.default_rng(8).normal(size=(180, 8)) * 3 + np.tile([4, -4], 4)
    rows[np.random.default_rng(9).random(rows.shape) < 1 / 6] = np.nan
    weights = np.ones(600)
    share = {}
    for name, center in (("normal", center_of), ("robust", robust_center_of)):
        found = center(rows, weights)
        assert found.converged
        squared, counts = distances(rows, found.mean, found.cov)
        if name == "robust":
            squared = at_median(squared, counts, weights)
        share[name] = np.mean(tail(squared, counts)[:180] < 0.001)
        moved = np.abs(found.mean - clean[180:].mean(axis=0)).max()
        assert (moved < 0.3) == (name == "robust")
    assert share["normal"] < 0.3
    assert share["robust"] > 0.95


def test_the_robust_center_costs_little_where_nobody_is_careless() -> None:
    rows = normal_rows(3000, 6, 10)
    found = robust_center_of(rows, np.ones(3000))
    squared, counts = distances(rows, found.mean, found.cov)
    p = tail(at_median(squared, counts, np.ones(3000)), counts)
    assert 0.0 <= np.mean(p < 0.001) < 0.005
    np.testing.assert_allclose(np.median(p), 0.5, atol=1e-9)  # that is how its size is set


def test_two_items_that_say_the_same_do_not_settle() -> None:
    rows = normal_rows(100, 3, 11)
    rows = np.column_stack([rows, rows[:, 0]])
    assert not center_of(rows, np.ones(100)).converged
    assert not robust_center_of(rows, np.ones(100)).converged


def test_medians_of_weights_are_those_of_repeated_values() -> None:
    rng = np.random.default_rng(12)
    for _ in range(50):
        values = rng.integers(0, 6, 9).astype(float)
        weights = rng.integers(0, 4, 9)
        if not weights.sum():
            continue
        expected = np.median(np.repeat(values, weights))
        assert weighted_median(values, weights.astype(float)) == expected
    assert np.isnan(weighted_median(np.array([np.nan]), np.ones(1)))


answers = arrays(
    np.float64, (5, P), elements=st.sampled_from([1.0, 2.0, 5.0, 9.0, 10.0, float("nan")])
)


@settings(deadline=None, max_examples=80)
@given(answers)
def test_indices_stay_in_their_ranges(rows: np.ndarray) -> None:
    count = (~np.isnan(rows)).sum(axis=1)
    string = longest_string(rows, ONE, np.zeros(rows.shape, dtype=bool))
    assert ((string >= (count > 0)) & (string <= count)).all()
    lines, judged = straight_lines(rows, BLOCKS, 2)
    assert ((lines >= 0) & (lines <= judged)).all()
    assert np.array_equal(np.isnan(variability(rows, ONE)), count < 2)
    found = even_odd((rows - 1) / 9, BLOCKS)
    assert (np.isnan(found) | ((found >= -1) & (found <= 1))).all()
    shuffled = rows[:, ::-1]
    np.testing.assert_allclose(variability(shuffled, ONE), variability(rows, ONE), atol=1e-12)
    assert (longest_string(shuffled, ONE, np.zeros(rows.shape, dtype=bool)) == string).all()


def test_the_median_of_chi_square_is_its_own_scale() -> None:
    squared = chi2.ppf(np.linspace(0.01, 0.99, 99), 5)
    np.testing.assert_allclose(at_median(squared, np.full(99, 5), np.ones(99)), squared, rtol=1e-9)
