"""Limits of shares against Clopper and Pearson's, R survey, and how often they hold."""

import numpy as np
import pytest
from scipy.stats import beta

from csi.moments.kernel_share_limits import share_limits
from csi.moments.ratios import ratio_figures
from csi.moments.units import SampleUnits


def test_a_simple_random_sample_has_the_limits_of_clopper_and_pearson() -> None:
    confint = pytest.importorskip("statsmodels.stats.proportion").proportion_confint
    hits, n = np.array([0, 1, 7, 20, 39, 40]), 40
    p = hits / n
    found = share_limits(p, np.sqrt(p * (1 - p) / n), n, np.inf, 0.95)
    known = np.array([confint(k, n, alpha=0.05, method="beta") for k in hits.tolist()]).T
    np.testing.assert_allclose(found, np.nan_to_num(known), atol=1e-12)


def test_few_degrees_of_freedom_and_a_design_effect_count() -> None:
    from scipy.stats import t

    p, n, freedom = 0.2, 100, 7
    se = np.sqrt(2.0 * p * (1 - p) / n)  # design effect 2
    size = 50 * (t.ppf(0.025, n - 1) / t.ppf(0.025, freedom)) ** 2
    low, high = share_limits(p, se, n, freedom, 0.95)
    assert low == pytest.approx(beta.ppf(0.025, size * p, size * (1 - p) + 1), abs=1e-12)
    assert high == pytest.approx(beta.ppf(0.975, size * p + 1, size * (1 - p)), abs=1e-12)


def test_a_design_better_than_a_simple_random_sample_is_not_believed() -> None:
    low, high = share_limits([0.3, 0.3], [1e-6, np.sqrt(0.3 * 0.7 / 50)], 50, np.inf, 0.95)
    assert low[0] == pytest.approx(low[1])
    assert high[0] == pytest.approx(high[1])


def test_a_share_without_spread_takes_the_effective_number() -> None:
    wide, narrow = (share_limits(0.0, 0.0, 100, 99, 0.95, unspread=n)[1] for n in (25.0, 100.0))
    assert narrow == pytest.approx(1 - 0.025 ** (1 / 100))  # nobody of 100
    assert wide == pytest.approx(1 - 0.025 ** (1 / 25))


@pytest.mark.parametrize(
    ("share", "se", "n", "freedom"),
    [(np.nan, 0.1, 9, 8), (0.5, np.nan, 9, 8), (0.5, 0.1, 1, 8), (0.5, 0.1, 9, 0)],
)
def test_where_nothing_is_known_there_are_no_limits(
    share: float, se: float, n: int, freedom: int
) -> None:
    assert np.isnan(share_limits(share, se, n, freedom, 0.95)).all()


@pytest.mark.parametrize(("true", "symmetric_fails"), [(0.02, True), (0.1, False), (0.5, False)])
def test_limits_hold_as_often_as_they_say(true: float, symmetric_fails: bool) -> None:
    """4,000 clustered samples of 30 units of four; beta-binomial, intracluster correlation 0.1."""
    rng = np.random.default_rng(int(1000 * true))
    units, size, samples = 30, 4, 4000
    own = rng.beta(9 * true, 9 * (1 - true), (units, samples))  # rho = 1 / (9 + 1)
    y = (rng.random((units, size, samples)) < own[:, None]).reshape(units * size, samples)
    sampled = SampleUnits(
        np.repeat(np.arange(units), size), np.zeros(units, dtype=np.int64),
        np.full(units, units), None, 0,
    )  # fmt: skip
    found = ratio_figures(y.astype(float), np.ones(y.shape), np.ones(len(y)), sampled, 0.95)
    low, high = share_limits(
        found.value, found.se, found.n, found.freedom, 0.95, unspread=found.n_effective
    )
    held = np.mean((low <= true) & (true <= high))
    assert 0.945 <= held <= 0.995
    assert (low >= 0).all()
    assert (high <= 1).all()
    symmetric = np.mean((found.lower <= true) & (true <= found.upper))
    assert (symmetric < 0.9) == symmetric_fails  # the reason for not using them
