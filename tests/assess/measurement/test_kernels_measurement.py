"""Kernels of measurement: by hand, batch by batch, and on the edge."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import beta

from csi.arrays import Array
from csi.assess.kernel_discriminant import (
    fornell_larcker_margin,
    heterotrait_monotrait,
    item_construct_correlations,
    mean_correlations,
)
from csi.assess.kernel_reliability import (
    composite_reliability,
    cronbach_alpha,
    mcdonald_omega,
    rho_a,
    variance_extracted,
)
from csi.assess.kernel_shares import share_limits, weighted_share
from csi.assess.kernel_spectrum import eigenvalues, least_eigenvalue, variance_inflation
from csi.assess.one_factor import one_factor

BLOCKS = [slice(0, 3), slice(3, 5), slice(5, 6)]


def correlations(batch: tuple[int, ...], p: int = 6, seed: int = 3) -> Array:
    """Correlations of samples of 40 with a common part, (*batch, p, p)."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(*batch, 40, p)) + rng.normal(size=(*batch, 40, 1))
    away = rows - rows.mean(axis=-2, keepdims=True)
    cov = np.swapaxes(away, -1, -2) @ away / 40
    sd = np.sqrt(np.einsum("...pp->...p", cov))
    return np.asarray(cov / (sd[..., :, None] * sd[..., None, :]))


def weights_of(corr: Array) -> Array:
    """Equal weights that give each block variance one, (*batch, p, q)."""
    weights = np.zeros((*corr.shape[:-1], len(BLOCKS)))
    for j, block in enumerate(BLOCKS):
        size = np.sqrt(corr[..., block, block].sum(axis=(-2, -1)))
        weights[..., block, j] = 1.0 / size[..., None]
    return weights


KERNELS: dict[str, Callable[[Array], Array]] = {
    "alpha": cronbach_alpha,
    "rho_A": lambda corr: rho_a(corr[..., 0, :] / 3.0),
    "rho_C": lambda corr: composite_reliability(corr[..., 0, :]),
    "omega": lambda corr: mcdonald_omega(corr[..., 0, :], 1.0 - corr[..., 0, :] ** 2),
    "AVE": lambda corr: variance_extracted(corr[..., 0, :]),
    "crossed": lambda corr: item_construct_correlations(corr, weights_of(corr)),
    "HTMT": lambda corr: heterotrait_monotrait(mean_correlations(corr, BLOCKS)),
    "HTMT+": lambda corr: heterotrait_monotrait(mean_correlations(corr, BLOCKS, "absolute")),
    "HTMT2": lambda corr: heterotrait_monotrait(mean_correlations(corr, BLOCKS, "geometric")),
    "margin": lambda corr: fornell_larcker_margin(np.abs(corr[..., 0, :]), corr),
    "eigenvalues": eigenvalues,
    "VIF": variance_inflation,
    "loadings": lambda corr: one_factor(corr).loadings,
    "unique": lambda corr: one_factor(corr).unique,
}


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("batch", [(), (5,), (2, 3), (0,)])
def test_batches_are_loops(name: str, batch: tuple[int, ...]) -> None:
    kernel = KERNELS[name]
    corr = correlations(batch)
    found = kernel(corr)
    assert found.shape[: len(batch)] == batch
    for at in np.ndindex(*batch):
        # solving many at once and one alone differ by rounding only; scoring stops at 1e-13
        np.testing.assert_allclose(found[at], kernel(corr[at]), rtol=1e-6, atol=1e-9)


def test_alpha_is_that_of_answers() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(50, 4)) * [1, 2, 3, 4] + rng.normal(size=(50, 1))
    total = rows.sum(axis=1)
    by_rows = 4 / 3 * (1 - rows.var(axis=0, ddof=1).sum() / total.var(ddof=1))
    assert cronbach_alpha(np.cov(rows.T)) == pytest.approx(by_rows, rel=1e-12)
    r = np.corrcoef(rows.T)[np.triu_indices(4, 1)].mean()  # standardised: Spearman-Brown
    assert cronbach_alpha(np.corrcoef(rows.T)) == pytest.approx(4 * r / (1 + 3 * r), rel=1e-12)


def test_reliability_of_a_true_factor_is_the_squared_correlation_with_it() -> None:
    loadings = np.array([0.9, 0.7, 0.6, 0.5])
    corr = np.outer(loadings, loadings)
    np.fill_diagonal(corr, 1.0)
    sum_score = np.ones(4) / np.sqrt(corr.sum())
    truth = (sum_score @ loadings) ** 2
    found = one_factor(corr)
    np.testing.assert_allclose(found.loadings, loadings, atol=1e-6)  # scoring stops at 1e-13
    assert mcdonald_omega(found.loadings, found.unique) == pytest.approx(truth, abs=1e-6)
    assert composite_reliability(loadings) == pytest.approx(truth, rel=1e-12)
    assert cronbach_alpha(corr) < truth  # a lower bound where loadings differ


def test_one_factor_is_the_minimum_of_the_likelihood() -> None:
    corr = correlations((), p=5, seed=8)

    def discrepancy(x: Array) -> float:
        implied = np.outer(x[:5], x[:5]) + np.diag(x[5:])
        return float(np.linalg.slogdet(implied)[1] + np.trace(np.linalg.solve(implied, corr)))

    start = np.concatenate([np.full(5, 0.6), np.full(5, 0.6)])
    bounds = [(-2, 2)] * 5 + [(0.01, 2)] * 5
    second = minimize(discrepancy, start, bounds=bounds, tol=1e-14, options={"maxiter": 5000})
    found = one_factor(corr)
    # a numerical minimiser finds the place to the root of its tolerance
    np.testing.assert_allclose(np.concatenate([found.loadings, found.unique]), second.x, atol=2e-4)
    assert discrepancy(np.concatenate([found.loadings, found.unique])) <= second.fun + 1e-9


def test_three_items_are_fitted_by_triads_and_a_heywood_case_is_not_hidden() -> None:
    corr = np.array([[1.0, 0.5, 0.4], [0.5, 1.0, 0.3], [0.4, 0.3, 1.0]])
    found = one_factor(corr)
    by_hand = [np.sqrt(0.5 * 0.4 / 0.3), np.sqrt(0.5 * 0.3 / 0.4), np.sqrt(0.4 * 0.3 / 0.5)]
    np.testing.assert_allclose(found.loadings, by_hand, atol=1e-6)
    corr[0, 1] = corr[1, 0] = 0.8
    corr[1, 2] = corr[2, 1] = 0.2
    heywood = one_factor(corr)  # squared loading 0.8 * 0.4 / 0.2 = 1.6
    assert heywood.unique[0] == pytest.approx(-0.6, abs=1e-6)


def test_two_items_share_equally_and_one_has_no_factor() -> None:
    found = one_factor(np.array([[4.0, 2.0], [2.0, 4.0]]))
    assert mcdonald_omega(found.loadings, found.unique) == pytest.approx(2 * 0.5 / 1.5)
    assert np.isnan(one_factor(np.array([[1.0, -0.2], [-0.2, 1.0]])).loadings).all()
    assert np.isnan(one_factor(np.ones((1, 1))).loadings).all()


@given(st.floats(0.01, 100.0), st.floats(0.01, 100.0))
def test_units_of_items_do_not_change_omega(first: float, second: float) -> None:
    corr = correlations((), p=4, seed=5)
    sd = np.array([first, second, 1.0, 1.0])
    cov = corr * np.outer(sd, sd)
    np.testing.assert_allclose(one_factor(cov).loadings / sd, one_factor(corr).loadings, atol=1e-6)


def test_htmt_by_hand() -> None:
    corr = correlations(())
    between = corr[:3, 3:5].mean()
    within = (corr[0, 1] + corr[0, 2] + corr[1, 2]) / 3
    found = KERNELS["HTMT"](corr)
    assert found[0, 1] == pytest.approx(between / np.sqrt(within * corr[3, 4]))
    assert found[0, 2] == pytest.approx(corr[:3, 5].mean() / np.sqrt(within))  # a single item
    geometric = np.prod(corr[:3, 3:5]) ** (1 / 6)
    inside = np.prod([corr[0, 1], corr[0, 2], corr[1, 2]]) ** (1 / 3)
    by_hand = geometric / np.sqrt(inside * corr[3, 4])
    assert KERNELS["HTMT2"](corr)[0, 1] == pytest.approx(by_hand)


def test_htmt2_is_the_correlation_of_congeneric_factors_and_htmt_is_not() -> None:
    first, second = np.array([0.9, 0.6, 0.4]), np.array([0.9, 0.5])
    loadings = np.concatenate([first, second])
    corr = np.outer(loadings, loadings)
    corr[:3, 3:] *= 0.7
    corr[3:, :3] *= 0.7
    np.fill_diagonal(corr, 1.0)
    blocks = [slice(0, 3), slice(3, 5)]
    exact = heterotrait_monotrait(mean_correlations(corr, blocks, "geometric"))[0, 1]
    assert exact == pytest.approx(0.7, rel=1e-12)
    plain = heterotrait_monotrait(mean_correlations(corr, blocks))[0, 1]
    assert abs(plain - 0.7) > 0.01


def test_signs_of_item_correlations() -> None:
    corr = np.array([[1, 0.5, 0.3, -0.3], [0.5, 1, 0.3, -0.3], [0.3, 0.3, 1, 0.4],
                     [-0.3, -0.3, 0.4, 1]])  # fmt: skip
    blocks = [slice(0, 2), slice(2, 4)]

    def ratio(mean: Any) -> float:
        return float(heterotrait_monotrait(mean_correlations(corr, blocks, mean))[0, 1])

    assert ratio("signed") == pytest.approx(0.0)
    assert ratio("absolute") == pytest.approx(0.3 / np.sqrt(0.2))
    assert np.isnan(ratio("geometric"))
    against = corr.copy()
    against[0, 1] = against[1, 0] = -0.5  # items of a block that run against one another
    assert np.isnan(heterotrait_monotrait(mean_correlations(against, blocks))[0]).all()


def test_inflation_is_that_of_regressions() -> None:
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(80, 4)) + rng.normal(size=(80, 1))
    found = variance_inflation(np.corrcoef(rows.T))
    for k in range(4):
        others = np.column_stack([np.ones(80), np.delete(rows, k, axis=1)])
        rest = rows[:, k] - others @ np.linalg.lstsq(others, rows[:, k], rcond=None)[0]
        r2 = 1 - rest.var() / rows[:, k].var()
        assert found[k] == pytest.approx(1 / (1 - r2), rel=1e-9)


def test_inflation_on_the_edge() -> None:
    same = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert variance_inflation(same).tolist() == [np.inf, np.inf, 1.0]
    impossible = np.array([[1.0, 1.2], [1.2, 1.0]])
    assert np.isnan(variance_inflation(impossible)).all()
    both = np.stack([impossible, np.eye(2), np.full((2, 2), np.nan)])
    found = variance_inflation(both)
    assert found[1].tolist() == [1.0, 1.0]
    assert np.isnan(found[[0, 2]]).all()
    assert least_eigenvalue(both)[:2].tolist() == pytest.approx([-0.2, 1.0])
    assert np.isnan(eigenvalues(both)[2]).all()


def test_limits_of_a_share_are_exact_for_a_simple_sample() -> None:
    hits = np.arange(40) < 6
    share, se, units = weighted_share(hits, np.ones(40), np.arange(40))
    assert (share, units) == (0.15, 40)
    assert se == pytest.approx(np.sqrt(0.15 * 0.85 / 39))
    lower, upper = share_limits(share, se, 40, 39.0, 0.95)
    size = 0.15 * 0.85 / se**2  # 39
    assert lower == pytest.approx(beta.ppf(0.025, 0.15 * size, size * 0.85 + 1))
    assert upper == pytest.approx(beta.ppf(0.975, 0.15 * size + 1, size * 0.85))


def test_clusters_and_weights_widen_a_share() -> None:
    rng = np.random.default_rng(2)
    hits = rng.random(200) < 0.2
    weights = rng.uniform(0.5, 3.0, 200)
    units = np.repeat(np.arange(50), 4)
    hits = np.where(units < 10, True, hits)  # alike within clusters
    share, se, count = weighted_share(hits, weights, units)
    assert share == pytest.approx(np.average(hits, weights=weights))
    assert count == 50
    assert se > 1.3 * weighted_share(hits, weights, np.arange(200))[1]
    lower, upper = share_limits(share, se, 200, 49.0, 0.95)
    assert 0 <= lower < share < upper <= 1


def test_shares_without_respondents_or_units() -> None:
    none = np.zeros(0, dtype=bool), np.zeros(0), np.zeros(0, dtype=np.int64)
    assert np.isnan(weighted_share(*none)[0])
    one = weighted_share(np.array([True, False]), np.ones(2), np.zeros(2, dtype=np.int64))
    assert one[0] == 0.5
    assert np.isnan(one[1])
    assert np.isnan(share_limits(0.5, np.nan, 2, 0.0, 0.95)).all()
    assert share_limits(1.0, 0.0, 20, 19.0, 0.95)[1] == 1.0
