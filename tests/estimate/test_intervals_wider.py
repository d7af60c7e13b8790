"""BCa and studentised intervals, errors from factors: R survey, printed tables, SciPy, by hand."""

from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from csi.errors import OptionError
from csi.estimate.bca import acceleration, median_bias, quantiles_taken, tail_reached
from csi.estimate.intervals import check_kind, interval, p_value_of_draws, standard_error

# Spatial test data, Efron and Tibshirani (1993), An Introduction to the Bootstrap, table 14.1
SPATIAL = np.array(
    [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26,
     30, 41], dtype=float,
)  # fmt: skip

# R 4.2.2, survey 4.1.1: y <- c(3,5,8,9,2,7,6,4,10,5); strata 1 (six), 2 (four);
# w <- c(2,1,3,2,1,2,4,5,3,4); as.svrepdesign(type = "JKn"), svymean(return.replicates = TRUE)
JKN = np.array([
    6.32835820896, 6.10000000000, 5.78125000000, 5.79104477612, 6.22857142857,
    5.97014925373, 6.01234567901, 6.53246753247, 5.44705882353, 6.20987654321,
])  # fmt: skip
JKN_FACTORS = np.repeat([5 / 6, 3 / 4], [6, 4])
JKN_MEAN, JKN_SE_MSE, JKN_SE_MEAN = 6.037037037037, 0.825398339693, 0.825365332636

# the same with y <- c(3,5,8,9,2,7), three strata of two, type = "Fay", fay.rho = 0.3, mse = FALSE
FAY = np.array([5.59829059829, 6.91452991453, 6.31623931624, 6.25842696629])
FAY_FACTORS = np.full(4, 0.510204081633)
FAY_SE = 0.665808671849


def test_errors_of_jackknife_and_brr_are_those_of_r() -> None:
    # replicates are printed with twelve digits
    found = standard_error(JKN, JKN_MEAN, JKN_FACTORS)
    assert float(found) == pytest.approx(JKN_SE_MSE, rel=1e-10)
    found = standard_error(JKN, factors=JKN_FACTORS, around="mean")
    assert float(found) == pytest.approx(JKN_SE_MEAN, rel=1e-10)
    found = standard_error(FAY, factors=FAY_FACTORS, around="mean")
    assert float(found) == pytest.approx(FAY_SE, rel=1e-10)


def test_errors_of_factors_figure_by_figure_with_holes() -> None:
    both = np.stack([JKN, 2 * JKN + 1], axis=1)
    center = np.array([JKN_MEAN, 2 * JKN_MEAN + 1])
    found = standard_error(both, center, JKN_FACTORS)
    np.testing.assert_allclose(found, [JKN_SE_MSE, 2 * JKN_SE_MSE], rtol=1e-10)
    both[3, 1] = np.nan
    kept = np.delete(JKN_FACTORS, 3)
    square = np.sum(kept * (np.delete(both[:, 1], 3) - center[1]) ** 2)
    expected = np.sqrt(square * JKN_FACTORS.sum() / kept.sum())
    found = standard_error(both, center, JKN_FACTORS)
    np.testing.assert_allclose(found, [JKN_SE_MSE, expected], rtol=1e-10)
    assert np.isnan(standard_error(np.full((10, 1), np.nan), 1.0, JKN_FACTORS)).all()


def test_a_jackknife_of_the_mean_has_the_usual_error() -> None:
    sample = np.random.default_rng(3).gamma(2.0, size=30)
    left_out = (sample.sum() - sample) / 29
    found = standard_error(left_out, sample.mean(), np.full(30, 29 / 30))
    assert float(found) == pytest.approx(stats.sem(sample), rel=1e-12)


def test_wrong_factors_are_told_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        standard_error(JKN, None, np.array([1.0, -1.0]))
    assert [fault.where for fault in caught.value.faults] == [
        "option factors", "option factors", "option estimate",
    ]  # fmt: skip
    with pytest.raises(OptionError, match="not possible"):
        standard_error(JKN, 1.0, JKN_FACTORS, around="median")  # type: ignore[arg-type]


def test_acceleration_of_a_variance_is_the_printed_one() -> None:
    scores = (SPATIAL - SPATIAL.mean()) ** 2
    # printed: 0.061 (Efron and Tibshirani 1993, section 14.3)
    assert float(acceleration(scores)) == pytest.approx(0.061, abs=5e-4)
    left_out = np.array([np.var(np.delete(SPATIAL, i)) for i in range(26)])
    assert float(acceleration(-left_out)) == pytest.approx(float(acceleration(scores)), rel=1e-9)


def test_acceleration_is_a_sixth_of_the_skewness_of_the_mean() -> None:
    sample = np.random.default_rng(4).gamma(1.5, size=(200, 3))
    expected = stats.skew(sample, axis=0) / 6 / np.sqrt(200)
    np.testing.assert_allclose(acceleration(sample), expected, rtol=1e-12)
    strata = np.repeat([7, 2], [120, 80])
    moved = sample + 100.0 * (strata == 2)[:, None]
    np.testing.assert_allclose(acceleration(moved, strata), acceleration(sample, strata), rtol=1e-9)
    assert np.abs(acceleration(moved) - acceleration(sample)).min() > 1e-3
    np.testing.assert_array_equal(acceleration(np.full((5, 2), 0.1)), 0.0)
    assert np.isnan(acceleration(np.array([1.0, np.nan, 3.0])))


def spatial_draws(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Variances of bootstrap samples and the standard error of each."""
    rows = SPATIAL[np.random.default_rng(5).integers(0, 26, (number, 26))]
    scores = (rows - rows.mean(axis=1, keepdims=True)) ** 2
    return scores.mean(axis=1), scores.std(axis=1) / np.sqrt(26)


def test_bca_of_a_variance_is_the_printed_interval() -> None:
    draws, _ = spatial_draws(20_000)
    estimate = float(np.var(SPATIAL))
    assert estimate == pytest.approx(171.5, abs=0.05)  # printed
    a = acceleration((SPATIAL - SPATIAL.mean()) ** 2)
    lower, upper = interval(draws, estimate, kind="bca", level=0.9, acceleration=a)
    # printed from 2,000 draws: (115.8, 259.6). Their median bias 0.146 has an error of 0.028,
    # which moves the lower end by 2 and the upper by 4.
    assert float(lower) == pytest.approx(115.8, abs=4.0)
    assert float(upper) == pytest.approx(259.6, abs=8.0)
    lower, upper = interval(draws, estimate, kind="percentile", level=0.9)
    assert float(lower) == pytest.approx(100.8, abs=5.0)  # printed; error 2.0 there
    assert float(upper) == pytest.approx(233.9, abs=5.0)


def test_bca_against_scipy() -> None:
    data = np.random.default_rng(6).gamma(1.0, size=40)
    found = stats.bootstrap(
        (data,), np.mean, method="BCa", n_resamples=3000, confidence_level=0.9,
        rng=np.random.default_rng(2), vectorized=True,
    )  # fmt: skip
    lower, upper = interval(
        found.bootstrap_distribution, float(data.mean()), kind="bca", level=0.9,
        acceleration=acceleration(data),
    )  # fmt: skip
    # the same draws and formula; SciPy counts ties at half as we do
    assert float(lower) == pytest.approx(found.confidence_interval.low, rel=1e-6)
    assert float(upper) == pytest.approx(found.confidence_interval.high, rel=1e-6)


def test_bca_without_acceleration_is_bias_corrected() -> None:
    draws, _ = spatial_draws(999)
    given = interval(draws, 171.5, kind="bca", level=0.9, acceleration=0.0, freedom=20)
    known = interval(draws, 171.5, kind="bias-corrected", level=0.9, freedom=20)
    np.testing.assert_array_equal(given, known)


def test_past_the_pole_the_end_is_the_last_draw() -> None:
    np.testing.assert_array_equal(quantiles_taken([-2.0, 2.0], 0.0, 0.6)[1], 1.0)
    np.testing.assert_array_equal(quantiles_taken([-2.0, 2.0], 0.0, -0.6)[0], 0.0)
    assert tail_reached(0.001, 0.0, 0.6) == -np.inf
    assert tail_reached(0.999, 0.0, -0.6) == np.inf
    z = np.linspace(-2.5, 2.5, 11)
    shares = quantiles_taken(z, 0.2, 0.1)
    np.testing.assert_allclose([tail_reached(s, 0.2, 0.1) for s in shares], z, atol=1e-9)
    assert median_bias(np.array([1.0, 2.0, 3.0, 4.0]), 2.0) == pytest.approx(stats.norm.ppf(0.375))


def test_studentised_by_hand() -> None:
    draws, errors = spatial_draws(999)
    estimate, se = 171.5, 29.0
    t = np.sort((draws - estimate) / errors)
    lower, upper = interval(
        draws, estimate, kind="studentised", level=0.9, se=se, draw_se=errors, freedom=3
    )
    # the 5 % quantile of 999 values lies between the 50th and the 51st
    low, high = t[49] + 0.9 * (t[50] - t[49]), t[948] + 0.1 * (t[949] - t[948])
    assert float(lower) == pytest.approx(estimate - high * se, rel=1e-12)
    assert float(upper) == pytest.approx(estimate - low * se, rel=1e-12)
    assert float(upper) - estimate > 1.3 * (estimate - float(lower))  # a skewed figure


def test_draws_without_an_error_of_their_own_are_left_out() -> None:
    draws, errors = spatial_draws(999)
    known = interval(draws[1:], 171.5, kind="studentised", level=0.9, se=29.0, draw_se=errors[1:])
    errors = errors.copy()
    errors[0] = 0.0
    found = interval(draws, 171.5, kind="studentised", level=0.9, se=29.0, draw_se=errors)
    np.testing.assert_array_equal(found, known)


@pytest.mark.parametrize("kind", ["percentile", "bias-corrected", "bca", "studentised"])
@pytest.mark.parametrize("freedom", [9.0, np.inf])
def test_p_value_is_one_less_the_level_that_reaches_zero(kind: Any, freedom: float) -> None:
    rng = np.random.default_rng(7)
    data = rng.gamma(1.0, size=60) - 0.72
    rows = data[rng.integers(0, 60, (40_000, 60))]
    draws, errors = rows.mean(axis=1), rows.std(axis=1, ddof=1) / np.sqrt(60)
    estimate, parts = float(data.mean()), {}
    if kind == "bca":
        parts = {"acceleration": float(acceleration(data))}
    if kind == "studentised":
        parts = {"se": stats.sem(data), "draw_se": errors}
    options: dict[str, Any] = {"kind": kind, "freedom": freedom, **parts}
    found = p_value_of_draws(draws, estimate, **options)

    def nearest_end(level: float) -> float:
        lower, upper = interval(draws, estimate, level=level, **options)
        return float(lower) if estimate > 0 else -float(upper)

    root = optimize.brentq(nearest_end, 0.5, 0.99999, xtol=1e-10)
    # quantiles are interpolated between draws: one draw of 40,000 in each tail
    assert found == pytest.approx(1.0 - root, abs=2 / 40_000 * 5)
    assert 0.001 < found < 0.3


@pytest.mark.parametrize(
    ("kind", "missing"), [("bca", ["acceleration"]), ("studentised", ["se", "draw_se"])]
)
def test_a_kind_without_its_parts_is_refused(kind: Any, missing: list[str]) -> None:
    for call in (
        lambda: interval(JKN, 6.0, kind=kind, level=0.9),
        lambda: p_value_of_draws(JKN, 6.0, kind=kind),
    ):
        with pytest.raises(OptionError) as caught:
            call()
        assert [fault.where for fault in caught.value.faults] == [f"option {m}" for m in missing]


def test_only_normal_goes_without_random_draws() -> None:
    assert check_kind("normal", random=False) == []
    assert check_kind("bca", random=True) == []
    for kind in ("percentile", "bias-corrected", "bca", "studentised"):
        (fault,) = check_kind(kind, random=False)
        assert "random draws" in fault.what
    (fault,) = check_kind("boot", random=True)
    assert "studentised" in fault.fix


def test_skewed_means_are_covered_better() -> None:
    """Means of 20 exponential values: 90 % intervals of every kind over 1,200 samples."""
    rng, n, samples, d = np.random.default_rng(11), 20, 1200, 500
    data = rng.exponential(size=(samples, n))
    hits = dict.fromkeys(("percentile", "bca", "studentised"), 0)
    for sample in data:
        rows = sample[rng.integers(0, n, (d, n))]
        parts: dict[str, dict[str, Any]] = {
            "percentile": {},
            "bca": {"acceleration": float(acceleration(sample))},
            "studentised": {"se": stats.sem(sample), "draw_se": stats.sem(rows, axis=1)},
        }
        draws, estimate = rows.mean(axis=1), float(sample.mean())
        for kind, own in parts.items():
            lower, upper = interval(draws, estimate, kind=kind, level=0.9, **own)  # type: ignore[arg-type]
            hits[kind] += bool(lower <= 1.0 <= upper)
    share = {kind: count / samples for kind, count in hits.items()}
    error = np.sqrt(0.9 * 0.1 / samples)  # 0.0087
    assert share["percentile"] < 0.9 - 3 * error
    assert abs(share["studentised"] - 0.9) < 3 * error
    # paired samples: the difference of two kinds has less error than either
    assert share["bca"] > share["percentile"] + error
    assert share["studentised"] > share["bca"]
