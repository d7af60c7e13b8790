"""Planning formulas against statsmodels, all samples there are, simulation and hand figures."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import t as student
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import samplesize_confint_proportion

from csi.errors import OptionError
from csi.planning import (
    change_error,
    contacts,
    critical_change,
    design_effect,
    detectable_change,
    kernel,
    margin_for,
    power_of_change,
    reliability,
    sample_size,
    sample_size_for_change,
    sample_size_for_reliability,
    weight_effect,
)

INF = np.asarray(np.inf)
ONE = np.asarray(1.0)


def test_sample_sizes_of_the_usual_table() -> None:
    """(1.96 s / 2)² for s of 15, 18, 20, 22 is 216, 311, 384, 465 to the nearest whole number."""
    sd = np.array([15.0, 18.0, 20.0, 22.0])
    exact = kernel.needed(np.asarray(2.0), sd, ONE, INF, np.asarray(1.96))
    assert np.rint(exact).tolist() == [216, 311, 384, 465]
    needed = sample_size(2, sd)
    assert needed.tolist() == [217, 312, 385, 465]
    assert (margin_for(needed, sd) <= 2).all()
    assert (margin_for(needed - 1, sd) > 2).all()


def test_the_teaching_figure() -> None:
    """250 answers, s = 18: 1.96 * 18 / sqrt(250), times sqrt 2, and (1.96 + 0.84) / 1.96 of it."""
    assert round(float(margin_for(250, 18)), 1) == 2.2
    assert round(float(critical_change(250, 250, 18)), 1) == 3.2
    assert round(float(detectable_change(250, 250, 18)), 1) == 4.5
    np.testing.assert_allclose(margin_for(250, [15, 20, 22]), [1.9, 2.5, 2.7], atol=0.05)
    assert round(float(critical_change(250, 250, 20)), 1) == 3.5
    assert round(float(detectable_change(250, 250, 20)), 1) == 5.0


def test_sample_size_of_a_share_as_in_statsmodels() -> None:
    """A share p has the standard deviation sqrt(p (1 - p)); both round nothing away before."""
    for p, half in ((0.5, 0.03), (0.2, 0.05), (0.9, 0.01)):
        exact = samplesize_confint_proportion(p, half, alpha=0.1)
        assert sample_size(half, np.sqrt(p * (1 - p)), level=0.9) == np.ceil(exact)


def test_margin_in_a_small_population_is_that_of_all_samples() -> None:
    population = np.array([40.0, 55.0, 60.0, 72.0, 90.0, 100.0, 35.0])
    for n in (2, 3, 6):
        means = [population[list(drawn)].mean() for drawn in combinations(range(7), n)]
        margin = margin_for(n, population.std(), population=7)
        np.testing.assert_allclose(margin, 1.959963984540054 * np.std(means), rtol=1e-12)
    assert float(margin_for(7, 18, population=7)) == 0.0


def test_finite_population_of_sample_size_by_hand() -> None:
    n0 = (1.959963984540054 * 18 / 2) ** 2 * 1.5
    assert sample_size(2, 18, design_effect=1.5, population=1000) == np.ceil(
        n0 / (1 + (n0 - 1) / 1000)
    )
    assert sample_size(0.001, 18, population=1000) == 1000


@pytest.mark.parametrize("population", [None, 60, 5000])
def test_sample_size_by_t_is_the_smallest_that_will_do(population: int | None) -> None:
    margin = np.array([1.0, 2.0, 5.0, 20.0])
    n = sample_size(margin, 18, use_t=True, population=population)
    reached = margin_for(n, 18, use_t=True, population=population)
    assert (reached <= margin * (1 + 1e-9)).all()
    above = n > 2
    fewer = margin_for(n[above] - 1, 18, use_t=True, population=population)
    assert (fewer > margin[above]).all()
    if population is None:
        np.testing.assert_allclose(reached, student.ppf(0.975, n - 1) * 18 / np.sqrt(n), rtol=1e-12)


def test_power_as_in_statsmodels() -> None:
    """One-sided at half the error: the power in the direction of the change, here as there."""
    for n1, n2, shift in ((250, 250, 3.0), (40, 90, 8.0), (5, 6, 20.0)):
        normal = NormalIndPower().power(shift / 18, n1, 0.025, n2 / n1, alternative="larger")
        by_t = TTestIndPower().power(shift / 18, n1, 0.025, n2 / n1, alternative="larger")
        np.testing.assert_allclose(power_of_change(shift, n1, n2, 18), normal, rtol=1e-9)
        np.testing.assert_allclose(
            power_of_change(shift, n1, n2, 18, use_t=True), by_t, rtol=1e-6
        )  # two noncentral t routines agree to some eight digits


@pytest.mark.parametrize("use_t", [False, True])
@pytest.mark.parametrize("power", [0.5, 0.8, 0.95])
def test_the_detectable_change_is_found_with_its_power(power: float, use_t: bool) -> None:
    change = detectable_change(30, [30, 200], 18, power=power, use_t=use_t, level=0.9)
    found = power_of_change(change, 30, [30, 200], 18, use_t=use_t, level=0.9)
    np.testing.assert_allclose(found, power, rtol=1e-7)


def test_sample_size_for_change_as_in_statsmodels() -> None:
    for change in (3.0, 10.0, 30.0):
        by_t = TTestIndPower().solve_power(change / 18, None, 0.025, 0.9, alternative="larger")
        normal = NormalIndPower().solve_power(change / 18, None, 0.025, 0.9, alternative="larger")
        assert sample_size_for_change(change, 18, power=0.9, use_t=True) == np.ceil(by_t)
        assert sample_size_for_change(change, 18, power=0.9) == max(np.ceil(normal), 2)


def test_a_true_change_is_found_as_often_as_planned() -> None:
    """4,000 pairs of surveys with half of 60 respondents in both; 3 sd of a share of .8 is .02."""
    rng = np.random.default_rng(4)
    n, both, r = 60, 30, 0.6
    design = {"overlap": both / n, "correlation": r}
    change = float(detectable_change(n, n, 18, **design))
    first = rng.standard_normal((4000, n))
    second = rng.standard_normal((4000, n))
    second[:, :both] = r * first[:, :both] + np.sqrt(1 - r**2) * second[:, :both]
    seen = 18 * (second.mean(axis=1) - first.mean(axis=1))
    error = float(change_error(n, n, 18, **design))
    np.testing.assert_allclose(seen.std(), error, rtol=0.035)  # 3 / sqrt(2 * 4000)
    critical = float(critical_change(n, n, 18, **design))
    assert abs(np.mean(seen + change > critical) - 0.8) < 0.02
    assert abs(np.mean(np.abs(seen) > critical) - 0.05) < 0.011


def test_error_of_a_change_by_hand() -> None:
    np.testing.assert_allclose(
        change_error(250, 250, 18, overlap=0.5, correlation=0.6, design_effect=1.5),
        18 * np.sqrt(1.5 * 2 / 250 * (1 - 0.3)),
        rtol=1e-12,
    )
    np.testing.assert_allclose(change_error(100, 400, 20), np.sqrt(400 / 100 + 1), rtol=1e-12)


def test_error_of_a_change_in_a_small_population_is_that_of_all_pairs_of_samples() -> None:
    before = np.array([40.0, 55.0, 60.0, 72.0, 90.0, 100.0])
    after = before[[1, 0, 3, 2, 5, 4]]  # the same spread, and a correlation
    r = np.corrcoef(before, after)[0, 1]
    n1, n2, both = 3, 2, 1
    changes = [
        after[list(second)].mean() - before[list(first)].mean()
        for first in combinations(range(6), n1)
        for second in combinations(range(6), n2)
        if len(set(first) & set(second)) == both
    ]
    error = change_error(n1, n2, before.std(), population=6, overlap=both / n2, correlation=r)
    np.testing.assert_allclose(error, np.std(changes), rtol=1e-12)


def test_a_change_that_no_sample_finds() -> None:
    """A tenth in both: 100 of 190 is the most without sharing more; and they do not suffice."""
    design = {"population": 190, "overlap": 0.1, "correlation": 0.5}
    with pytest.raises(OptionError, match="of this population with this overlap"):
        sample_size_for_change(1, 18, **design)
    assert sample_size_for_change(20, 18, **design) < 20
    with pytest.raises(OptionError, match="share more respondents"):
        change_error(120, 120, 18, **design)
    assert float(change_error(100, 100, 18, **design)) > 0


def test_samples_for_reliability() -> None:
    """N of s² / τ² * 0.7 / 0.3: 189, 84 and 30.24."""
    n = sample_size_for_reliability(0.7, 18, [2, 3, 5])
    assert n.tolist() == [189, 84, 31]
    assert np.rint((18 / np.array([2, 3, 5])) ** 2 * 7 / 3).tolist() == [189, 84, 30]
    assert (reliability(n, 18, [2, 3, 5]) >= 0.7 - 1e-12).all()
    assert round(float(reliability(250, 18, 3)), 2) == 0.87
    small = sample_size_for_reliability(0.7, 18, 3, population=200)
    assert small == np.ceil(84 / (1 + 83 / 200))
    assert float(reliability(200, 18, 3, population=200)) == 1.0


def test_reliability_is_the_correlation_of_two_surveys_of_the_same_companies() -> None:
    rng = np.random.default_rng(7)
    true = rng.normal(0, 3, 20_000)
    one, other = (true + rng.normal(0, 18 / np.sqrt(84), 20_000) for _ in range(2))
    expected = reliability(84, 18, 3)
    assert abs(np.corrcoef(one, other)[0, 1] - expected) < 0.012  # 3 (1 - r²) / sqrt(20,000)


def test_design_effects() -> None:
    assert float(design_effect(cluster_size=11, icc=0.05)) == pytest.approx(1.5)
    weights = np.random.default_rng(1).lognormal(0, 0.6, 200_000)
    kish = weight_effect(weights)
    assert kish == pytest.approx(float(design_effect(weight_cv=weights.std() / weights.mean())))
    assert kish == pytest.approx(np.exp(0.36), rel=0.02)  # 1.43 for a lognormal of 0.6
    np.testing.assert_allclose(
        margin_for(250, 18, design_effect=1.5) / margin_for(250, 18), 1.5**0.5
    )


def test_clusters_err_as_their_design_effect_says() -> None:
    """5,000 means of 40 clusters of 5; 3 sd of a variance are 3 sqrt(2 / 5,000)."""
    rng = np.random.default_rng(2)
    answers = np.sqrt(0.2) * rng.standard_normal((5000, 40, 1)) + np.sqrt(
        0.8
    ) * rng.standard_normal((5000, 40, 5))
    seen = answers.mean(axis=(1, 2)).var() / (1 / 200)
    assert seen == pytest.approx(float(design_effect(cluster_size=5, icc=0.2)), rel=0.06)


def test_contacts_round_up_and_no_further() -> None:
    assert contacts(np.array([30, 7, 250]), 0.1).tolist() == [300, 70, 2500]
    assert sample_size(2, 18, response_rate=0.5) == 624


def test_shapes_broadcast() -> None:
    assert margin_for(np.array([[100], [200]]), [15, 18, 20]).shape == (2, 3)
    assert sample_size_for_change([[3], [4]], [15, 18], use_t=True).shape == (2, 2)
    assert margin_for(100, 18).shape == ()


def test_parts_between_bounds_by_a_second_road() -> None:
    """The factor by which sizes are scaled, by root finding."""
    rng = np.random.default_rng(3)
    for _ in range(50):
        size = rng.lognormal(0, 1.5, 9)
        least, most = rng.uniform(0, 20, 9), rng.uniform(60, 200, 9)
        total = rng.uniform(least.sum(), most.sum())

        def gap(f: float, size=size, least=least, most=most, total=total) -> float:
            return float(np.clip(f * size, least, most).sum() - total)

        factor = brentq(gap, 0, 1e5, xtol=1e-13)
        np.testing.assert_allclose(
            kernel.shared_out(total, size, least, most),
            np.clip(factor * size, least, most),
            atol=1e-7,
        )


WRONG: list[tuple[Callable[[], object], set[str]]] = [
    (lambda: margin_for(1, -1, level=2, design_effect=0, population=0.5),
     {"n", "sd", "level", "design_effect", "population"}),
    (lambda: margin_for(500, 18, population=400), {"n"}),
    (lambda: margin_for(2.5, np.nan), {"n", "sd"}),
    (lambda: sample_size(0, "many", response_rate=0), {"margin", "sd", "response_rate"}),
    (lambda: sample_size(1e-9, 18), {"margin"}),
    (lambda: sample_size(1e-9, 18, use_t=True), {"margin"}),
    (lambda: sample_size_for_change(1e-9, 18), {"change"}),
    (lambda: contacts(0, 1.5), {"n", "response_rate"}),
    (lambda: design_effect(cluster_size=0.5, icc=-1, weight_cv=-1),
     {"cluster_size", "icc", "weight_cv"}),
    (lambda: weight_effect([0, 0]), {"sum of weights"}),
    (lambda: weight_effect([1, -1]), {"weights"}),
    (lambda: detectable_change(1, 0, 0, level=0, power=0.2, overlap=2, correlation=3),
     {"n1", "n2", "sd", "level", "power", "overlap", "correlation"}),
    (lambda: critical_change(10, 30, 18, population=20), {"n2"}),
    (lambda: sample_size_for_change(-3, 18, power=1, design_effect=np.inf),
     {"change", "power", "design_effect"}),
    (lambda: reliability(1, 0, 0), {"n", "sd", "spread"}),
    (lambda: reliability(30, 18, 3, population=20), {"n"}),
    (lambda: sample_size_for_reliability(1, 18, 3), {"wanted"}),
]  # fmt: skip


@pytest.mark.parametrize(("call", "places"), WRONG)
def test_all_faults_at_once(call: Callable[[], object], places: set[str]) -> None:
    with pytest.raises(OptionError) as caught:
        call()
    assert {fault.where for fault in caught.value.faults} == places
    assert all(fault.what and fault.fix for fault in caught.value.faults)
