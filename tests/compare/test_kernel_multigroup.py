"""Tests of differences from draws and errors: against SciPy, by hand, and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2, ttest_ind_from_stats
from scipy.stats import t as student

from csi.compare.kernel_multigroup import (
    henseler_probability,
    heterogeneity,
    parametric_test,
    two_sided,
    welch_test,
)


def test_henseler_is_the_share_of_all_pairs() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(0.3, 0.1, (40, 3)), rng.normal(0.25, 0.15, (50, 3))
    known = [
        1.0
        - np.mean((2 * a[:, k].mean() - a[:, k])[:, None] > (2 * b[:, k].mean() - b[:, k])[None, :])
        for k in range(3)
    ]
    np.testing.assert_allclose(henseler_probability(a, b), known, rtol=1e-12)
    np.testing.assert_allclose(
        henseler_probability(a, b) + henseler_probability(b, a), 1.0, rtol=1e-12
    )


def test_henseler_leaves_out_draws_that_failed() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(30, 2)), rng.normal(size=(30, 2))
    gone = a.copy()
    gone[3, 0] = np.nan
    found = henseler_probability(gone, b)
    kept = henseler_probability(np.delete(a, 3, axis=0), b)
    assert found[0] == pytest.approx(kept[0])
    assert found[1] == pytest.approx(henseler_probability(a, b)[1])
    gone[:, 1] = np.nan
    assert np.isnan(henseler_probability(gone, b)[1])


def test_henseler_equals_the_normal_probability() -> None:
    """With many normal draws it is the chance of the other order: P(z > d / se)."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(0.5, 0.1, (20_000, 1)), rng.normal(0.3, 0.1, (20_000, 1))
    # 0.2 / sqrt(0.02) = 1.414: P = 0.0786; sampling error of the draws 0.002
    assert henseler_probability(a, b)[0] == pytest.approx(0.0786, abs=0.008)
    assert two_sided(np.array([0.0786])) == pytest.approx(0.1572)


def test_welch_is_that_of_scipy() -> None:
    se, n = (0.11, 0.07), (90, 200)
    sd = [s * np.sqrt(k) for s, k in zip(se, n, strict=True)]
    known = ttest_ind_from_stats(0.45, sd[0], n[0], 0.25, sd[1], n[1], equal_var=False)
    t, p, _ = welch_test(
        np.array([0.2]), np.array([se[0]]), np.array([se[1]]), n[0] - 1.0, n[1] - 1.0
    )
    assert t[0] == pytest.approx(known.statistic, rel=1e-12)
    assert p[0] == pytest.approx(known.pvalue, rel=1e-10)


def test_equal_variances_by_hand() -> None:
    """Keil's formula in its published form, with n in the place of degrees of freedom."""
    n, m, s, u, d = 90, 200, 0.11, 0.07, 0.2
    pooled = np.sqrt((n - 1) ** 2 / (n + m - 2) * s**2 + (m - 1) ** 2 / (n + m - 2) * u**2)
    known = d / (pooled * np.sqrt(1 / n + 1 / m))
    t, p, freedom = parametric_test(np.array([d]), np.array([s]), np.array([u]), n - 1.0, m - 1.0)
    assert t[0] == pytest.approx(known, rel=1e-12)
    assert freedom == n + m - 2
    assert p[0] == pytest.approx(2 * student.sf(known, n + m - 2), rel=1e-10)


def test_equal_variances_is_the_pooled_t_test_of_scipy_for_large_groups() -> None:
    n = 100_000
    known = ttest_ind_from_stats(0.01, 1.0, n, 0.0, 1.3, n, equal_var=True)
    se = np.array([1.0, 1.3]) / np.sqrt(n)
    t, p, _ = parametric_test(np.array([0.01]), se[:1], se[1:], n - 1.0, n - 1.0)
    assert t[0] == pytest.approx(known.statistic, rel=1e-4)  # (n - 1) / n
    assert p[0] == pytest.approx(known.pvalue, rel=1e-3)


def test_q_of_independent_groups_is_that_of_cochran() -> None:
    estimates, se = np.array([[0.2, 0.5, 0.3, 0.35]]), np.array([0.1, 0.08, 0.12, 0.09])
    weights = 1.0 / se**2
    center = weights @ estimates[0] / weights.sum()
    known = weights @ (estimates[0] - center) ** 2
    q, freedom, p = heterogeneity(estimates, np.diag(se**2)[None])
    assert q[0] == pytest.approx(known, rel=1e-10)
    assert freedom == 3
    assert p[0] == pytest.approx(chi2.sf(known, 3), rel=1e-10)


def test_q_does_not_depend_on_the_order_of_groups() -> None:
    rng = np.random.default_rng(4)
    root = rng.normal(size=(4, 4))
    cov, estimates = root @ root.T, rng.normal(size=(1, 4))
    turn = [2, 0, 3, 1]
    one = heterogeneity(estimates, cov[None])[0]
    other = heterogeneity(estimates[:, turn], cov[np.ix_(turn, turn)][None])[0]
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_nothing_is_made_of_what_is_missing() -> None:
    nan, one = np.array([np.nan]), np.array([0.1])
    assert np.isnan(welch_test(nan, one, one, 10, 10)[1]).all()
    assert np.isnan(parametric_test(one, nan, one, 10, 10)[1]).all()
    assert np.isnan(heterogeneity(np.array([[0.1, np.nan]]), np.eye(2)[None])[0]).all()
    assert np.isnan(heterogeneity(np.array([[0.1, 0.1]]), np.zeros((1, 2, 2)))[0]).all()
