"""Standard errors, margins, intervals and p values against NumPy, SciPy and hand calculation."""

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy import stats

from csi.errors import OptionError
from csi.estimate.intervals import check_interval, interval, margin, p_value, standard_error

RNG = np.random.default_rng(8)
DRAWS = RNG.gamma(3.0, 1.0, size=(999, 2, 3))
ESTIMATE = np.full((2, 3), 3.2)


def test_standard_error() -> None:
    np.testing.assert_allclose(standard_error(DRAWS), np.std(DRAWS, axis=0, ddof=1), rtol=1e-14)
    holes = DRAWS.copy()
    holes[::7, 0, 0] = np.nan
    kept = holes[~np.isnan(holes[:, 0, 0]), 0, 0]
    assert standard_error(holes)[0, 0] == pytest.approx(np.std(kept, ddof=1), rel=1e-13)
    assert np.isnan(standard_error(np.full((5, 1), np.nan))).all()
    assert np.isnan(standard_error(np.array([[1.0]]))).all()


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_percentile(level: float) -> None:
    lower, upper = interval(DRAWS, ESTIMATE, kind="percentile", level=level)
    tail = 100 * (1 - level) / 2
    np.testing.assert_allclose(lower, np.percentile(DRAWS, tail, axis=0), rtol=1e-12)
    np.testing.assert_allclose(upper, np.percentile(DRAWS, 100 - tail, axis=0), rtol=1e-12)


@pytest.mark.parametrize("kind", ["percentile", "bias-corrected", "normal"])
def test_unusable_draws_are_left_out_figure_by_figure(kind: Any) -> None:
    holes = DRAWS.copy()
    holes[::7, 0, 0] = np.nan
    holes[1::9, 1, 2] = np.nan
    lower, upper = interval(holes, ESTIMATE, kind=kind, level=0.9, freedom=50)
    for at in np.ndindex(2, 3):
        own = holes[(slice(None), *at)]
        low, high = interval(own[~np.isnan(own)], ESTIMATE[at], kind=kind, level=0.9, freedom=50)
        assert lower[at] == pytest.approx(float(low), rel=1e-12)
        assert upper[at] == pytest.approx(float(high), rel=1e-12)
    whole = interval(DRAWS, ESTIMATE, kind=kind, level=0.9, freedom=50)
    assert lower[0, 1] == pytest.approx(whole[0][0, 1], rel=1e-12)


def test_bias_corrected_by_hand() -> None:
    draws = np.sort(RNG.normal(size=200))
    estimate = float((draws[139] + draws[140]) / 2)  # 140 of 200 draws lie below: 0.7
    lower, upper = interval(draws, estimate, kind="bias-corrected", level=0.9)
    normal = NormalDist()
    shift = 2 * normal.inv_cdf(0.7)
    low, high = (normal.cdf(shift + normal.inv_cdf(tail)) for tail in (0.05, 0.95))
    assert low == pytest.approx(0.2756, abs=1e-4)  # from a table of the normal distribution
    assert float(lower) == pytest.approx(np.quantile(draws, low), rel=1e-12)
    assert float(upper) == pytest.approx(np.quantile(draws, high), rel=1e-12)


def test_bias_corrected_against_scipy() -> None:
    # SciPy's BCa is BC where the jackknife acceleration is zero: a mean of symmetric data
    data = np.concatenate([np.linspace(-3, 3, 41), [-5.0, 5.0]])
    result = stats.bootstrap(
        (data,), np.mean, method="BCa", n_resamples=2000, confidence_level=0.9,
        rng=np.random.default_rng(2), vectorized=True,
    )  # fmt: skip
    lower, upper = interval(
        result.bootstrap_distribution, float(data.mean()), kind="bias-corrected", level=0.9
    )
    assert float(lower) == pytest.approx(result.confidence_interval.low, abs=5e-3)
    assert float(upper) == pytest.approx(result.confidence_interval.high, abs=5e-3)


def test_bias_corrected_beyond_all_draws_is_finite() -> None:
    draws = np.linspace(0, 1, 101)
    lower, upper = interval(draws, 2.0, kind="bias-corrected", level=0.95)
    assert np.isfinite([lower, upper]).all()
    assert lower > 0.9


def test_median_unbiased_draws_give_the_percentile_interval() -> None:
    draws = np.sort(RNG.normal(size=401))
    estimate = float(draws[200])
    np.testing.assert_allclose(
        interval(draws, estimate, kind="bias-corrected", level=0.95),
        interval(draws, estimate, kind="percentile", level=0.95),
        rtol=1e-12,
    )


@pytest.mark.parametrize("freedom", [3, 48.5, np.inf])
def test_normal_margin_and_p_value(freedom: float) -> None:
    lower, upper = interval(DRAWS, ESTIMATE, kind="normal", level=0.95, freedom=freedom)
    se = np.std(DRAWS, axis=0, ddof=1)
    dist = stats.norm() if np.isinf(freedom) else stats.t(freedom)
    np.testing.assert_allclose(upper - lower, 2 * dist.ppf(0.975) * se, rtol=1e-9)
    np.testing.assert_allclose((upper + lower) / 2, ESTIMATE, rtol=1e-12)
    np.testing.assert_allclose(
        margin(se, level=0.95, freedom=freedom), dist.ppf(0.975) * se, rtol=1e-9
    )
    values = np.array([-4.0, -1.0, 0.0, 0.3, 9.0])
    np.testing.assert_allclose(p_value(values, 0.5, freedom), 2 * dist.sf(np.abs(values) / 0.5))


def test_p_value_of_a_mean_is_that_of_the_t_test() -> None:
    sample = RNG.normal(0.3, 1.0, 25)
    se = sample.std(ddof=1) / 5.0
    known = stats.ttest_1samp(sample, 0.0).pvalue
    assert float(p_value(sample.mean(), se, 24)) == pytest.approx(known, rel=1e-10)


def test_options_are_checked_together() -> None:
    with pytest.raises(OptionError) as caught:
        check_interval("bcc", 95)
    assert [fault.where for fault in caught.value.faults] == ["option interval", "option level"]
    assert "bias-corrected" in caught.value.faults[0].fix
    with pytest.raises(OptionError):
        interval(DRAWS, ESTIMATE, kind="percentile", level=0.3)
