"""Replicates of panels, small strata, finite populations and subsets; faults of the plan."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array, IntArray
from csi.errors import MomentsError, OptionError
from csi.moments import filling, multipliers
from csi.moments.blocks import blocks_of
from csi.moments.groups import cells_of
from csi.moments.replicates import plan_replicates, replicate_block, replicate_moments
from csi.moments.replication import Method, Replication
from csi.survey.survey import ReplicateWeights, Survey

Build = Callable[..., Survey]
NAMES = ("x", "y")


def answers(n: int, seed: int) -> Array:
    return np.random.default_rng(seed).uniform(1, 10, (n, 2))


def with_design(survey: Survey, **design: Any) -> Survey:
    return replace(survey, design=replace(survey.design, **design))


def variance_of_mean(survey: Survey, method: Method, draws: int, **options: Any) -> Array:
    """Variance of the means, by the weights of the plan where there are any."""
    plan = plan_replicates(survey, method, draws=draws, seed=7, **options)
    if plan.multipliers is None:
        drawn = replicate_moments(
            survey, NAMES, draws=draws, seed=7, missing="complete", method=method
        )
        return plan.replication.variance(drawn.mean, 0.0)
    own = plan.weights(np.arange(len(survey))) * survey.design.weights
    means = own @ survey.answers / own.sum(axis=1)[:, None]
    estimate = np.average(survey.answers, axis=0, weights=survey.design.weights)
    return plan.replication.variance(means, estimate)


def stratified(rows: Array, strata: IntArray, left: Array) -> Array:
    """Textbook variance of the mean of rows of equal weight: (1 - f) n s2 over N squared."""
    return (
        sum(
            left[h] * (strata == h).sum() * rows[strata == h].var(axis=0, ddof=1)
            for h in range(len(left))
        )
        / len(rows) ** 2
    )  # type: ignore[return-value]


def test_bootstrap_of_finite_populations(survey_of: Build) -> None:
    """20,000 draws give a variance to 1 %; 4 % is four such errors."""
    strata = np.repeat([0, 1, 2, 3], [4, 10, 20, 6])
    fractions = np.array([0.8, 0.3, 0.0, 1.0])
    rows = answers(40, 1) + 3.0 * strata[:, None]
    survey = with_design(survey_of(rows, NAMES, strata=strata), fractions=fractions[strata])
    known = stratified(rows, strata, 1.0 - fractions)
    np.testing.assert_allclose(variance_of_mean(survey, "bootstrap", 20_000), known, rtol=0.04)
    one = with_design(survey_of(rows, NAMES), fractions=np.full(40, 0.4))
    known = 0.6 * rows.var(axis=0, ddof=1) / 40
    np.testing.assert_allclose(variance_of_mean(one, "bootstrap", 20_000), known, rtol=0.04)


@pytest.mark.parametrize("method", ["bootstrap", "jackknife", "brr", "fay"])
@pytest.mark.parametrize("gone", [0.0, 0.1])
def test_a_census_has_no_sampling_error(survey_of: Build, method: Method, gone: float) -> None:
    rows = np.where(np.random.default_rng(3).random((40, 2)) < gone, np.nan, answers(40, 2))
    strata, clusters = np.repeat(np.arange(4), 10), np.repeat(np.arange(8), 5)
    survey = survey_of(rows, NAMES, strata=strata, clusters=clusters)
    survey = with_design(survey, fractions=np.ones(40))
    drawn = replicate_moments(survey, NAMES, draws=12, seed=1, missing="em", method=method)
    plan = plan_replicates(survey, method, draws=12, seed=1)
    assert (plan.replication.variance(drawn.mean, drawn.mean[0]) < 1e-20).all()
    assert np.ptp(drawn.cov, axis=0).max() < 1e-9


@pytest.mark.parametrize("sizes", [[3, 5, 2, 9], [3, 5, 2, 200]])
def test_groups_of_units_give_the_right_variance_on_average(
    survey_of: Build, sizes: list[int]
) -> None:
    """Strata with fewer units than the 12 groups, and with more.

    The variance from 12 groups has a relative error of about sqrt(2 / 11) = 43 %; 1,500 seeds
    bring the mean to 1.1 %, and 5 % is more than four such errors. Plain deletion in the small
    strata would be 12 / 11 * n / (n - 1) too much: 60 % and more.
    """
    strata = np.repeat(np.arange(4), sizes)
    rows = answers(len(strata), 4)
    survey = survey_of(rows, NAMES, strata=strata)
    survey = with_design(survey, fractions=np.array([0.5, 0.2, 0.0, 0.1])[strata])
    found = []
    for seed in range(1500):
        plan = plan_replicates(survey, "jackknife", draws=100, seed=seed, groups=12)
        means = plan.weights(np.arange(len(rows)))
        assert means.min() >= 0
        means = means @ (rows - rows.mean(axis=0)) / len(rows)
        found.append(plan.replication.variance(means, 0.0))
    assert plan.replication.replicates == 12
    assert plan.replication.freedom == 11
    known = stratified(rows, strata, 1 - np.array([0.5, 0.2, 0.0, 0.1]))
    np.testing.assert_allclose(np.mean(found, axis=0), known, rtol=0.05)


def test_panel_units_stay_together(survey_of: Build) -> None:
    """Change of a mean in a full panel: the variance of the mean difference, exactly."""
    n = 30
    rows = np.concatenate([answers(n, 5), answers(n, 5) * 0.7 + answers(n, 6) * 0.3])
    year, person = np.repeat(["2020", "2021"], n), np.tile(np.arange(n), 2)
    survey = survey_of(rows, NAMES, clusters=person, year=year)
    drawn = replicate_moments(
        survey, NAMES, draws=100, seed=1, by="year", missing="complete", method="jackknife"
    )
    plan = plan_replicates(survey, "jackknife", draws=100, seed=1)
    change = drawn.mean[:, 1] - drawn.mean[:, 0]
    differences = rows[n:] - rows[:n]
    found = plan.replication.variance(change, differences.mean(axis=0))
    np.testing.assert_allclose(found, differences.var(axis=0, ddof=1) / n, rtol=1e-10)
    assert plan.replication.freedom == n - 1
    few = plan_replicates(survey, "jackknife", draws=100, seed=1, groups=6)
    own = few.weights(np.arange(2 * n))
    np.testing.assert_array_equal(own[:, :n], own[:, n:])
    assert (np.sum(own == 0, axis=1) == 2 * n / 6).all()


def test_rotating_panel_has_the_strata_of_each_period(survey_of: Build) -> None:
    """Units of one period only do not change the weights of the other."""
    clusters = np.concatenate([np.arange(20), np.arange(12, 32)])
    strata = np.concatenate([np.arange(20) % 2, np.arange(12, 32) % 2])
    year = np.repeat(["2020", "2021"], 20)
    rows = answers(40, 8) + 4.0 * strata[:, None]
    survey = survey_of(rows, NAMES, strata=strata, clusters=clusters, year=year)
    plan = plan_replicates(survey, "jackknife", draws=100, seed=1)
    own = plan.weights(np.arange(40))
    assert (own[:12, 20:] == 1).all()
    assert (own[20:, :20] == 1).all()
    for part in (slice(0, 20), slice(20, 40)):
        means = own[:, part] @ rows[part] / own[:, part].sum(axis=1)[:, None]
        found = plan.replication.variance(means, rows[part].mean(axis=0))
        known = stratified(rows[part], strata[part], np.ones(2))
        np.testing.assert_allclose(found, known, rtol=1e-10)
    assert plan.replication.freedom == 30


def test_halves_of_rotating_pairs(survey_of: Build) -> None:
    """Units 0-1, 1-2, 2-3 pair in three periods: sides alternate; 0-1, 1-2, 2-0 cannot."""
    year, clusters = np.repeat(["a", "b", "c"], 4), np.repeat([0, 1, 1, 2, 2, 3], 2)
    survey = survey_of(answers(12, 9), NAMES, clusters=clusters, year=year)
    plan = plan_replicates(survey, "brr", draws=2, seed=1)
    assert plan.replication.replicates == 2
    assert plan.replication.freedom == 1
    own = plan.weights(np.arange(12))
    np.testing.assert_array_equal(own[0], [2, 2, 0, 0, 0, 0, 2, 2, 2, 2, 0, 0])
    np.testing.assert_array_equal(own.sum(axis=0), np.full(12, 2.0))
    clusters = np.repeat([0, 1, 1, 2, 2, 0], 2)
    survey = survey_of(answers(12, 9), NAMES, clusters=clusters, year=year)
    with pytest.raises(MomentsError, match=r"stratum 1 of .: units .* cannot be halved alike"):
        plan_replicates(survey, "brr", draws=2, seed=1)


def designs(survey_of: Build, order: IntArray) -> Survey:
    """Sixteen clusters of two strata in two years, with ties, gaps and replicate weights."""
    rng = np.random.default_rng(11)
    rows = np.round(answers(160, 12) / 2)
    rows[rng.random(rows.shape) < 0.05] = np.nan
    rows[40:60] = rows[40]  # alike in answers and weight, not in replicate weights
    weights = np.where(np.arange(160) < 80, 1.3, rng.uniform(0.5, 2, 160))
    year = np.repeat(["2020", "2021"], 80)
    given = rng.uniform(0.5, 1.5, (160, 9)) * weights[:, None]
    survey = survey_of(
        rows[order], NAMES, weights=weights[order],
        strata=np.arange(160)[order] // 10 % 2, year=year[order],
        company=np.array(["a", "b", "c"])[np.arange(160) % 3][order],
    )  # fmt: skip
    return with_design(
        survey, replicates=ReplicateWeights(given[order], "bootstrap", np.full(9, 1 / 9))
    )


@pytest.mark.parametrize("method", ["bootstrap", "jackknife", "supplied", "gaussian"])
@pytest.mark.parametrize("missing", ["em", "complete"])
def test_same_bytes_in_any_order_of_the_file(
    survey_of: Build, method: Method, missing: Any
) -> None:
    found = [
        replicate_moments(
            designs(survey_of, order), NAMES, draws=20, seed=3, by=["year", "company"],
            missing=missing, method=method,
        )
        for order in (np.arange(160), np.random.default_rng(1).permutation(160))
    ]  # fmt: skip
    np.testing.assert_array_equal(found[0].mean, found[1].mean)
    np.testing.assert_array_equal(found[0].cov, found[1].cov)
    assert np.isfinite(found[0].mean).all()


def test_groups_of_a_year_do_not_depend_on_other_years(survey_of: Build) -> None:
    survey = designs(survey_of, np.arange(160))
    alone = designs(survey_of, np.arange(80, 160))
    one = plan_replicates(survey, "jackknife", draws=20, seed=5).weights(np.arange(80, 160))
    two = plan_replicates(alone, "jackknife", draws=20, seed=5).weights(np.arange(80))
    np.testing.assert_array_equal(one, two)
    other = plan_replicates(alone, "jackknife", draws=20, seed=6).weights(np.arange(80))
    assert not np.array_equal(two, other)


@pytest.mark.parametrize("method", ["jackknife", "supplied"])
def test_blocks_and_parts_of_a_plan_give_the_same(survey_of: Build, method: Method) -> None:
    """Groups joined by shared units or not, and a plan cut down to a block."""
    survey = designs(survey_of, np.arange(160))
    joined = with_design(survey, clusters=np.arange(160) % 80, clustered=True)
    plan = plan_replicates(joined, method, draws=20, seed=1)
    cells = cells_of(survey, ("year", "company"))
    single, together = (
        blocks_of(s, [NAMES] * 6, cells, "em", replicated=plan.supplied) for s in (survey, joined)
    )
    assert len(single) == 6
    assert len(together) == 3
    found = {
        number: moments
        for block in single
        for number, moments in zip(block.cells, replicate_block(block, "em", plan), strict=True)
    }
    for block in together:
        cut = plan.within(block)
        assert len(cut.rank) < len(survey)  # type: ignore[arg-type]
        for number, moments in zip(block.cells, replicate_block(block, "em", cut), strict=True):
            np.testing.assert_array_equal(moments.mean, found[number].mean)
            np.testing.assert_array_equal(moments.cov, found[number].cov)


def test_blocks_carry_places_and_fractions(survey_of: Build) -> None:
    """Merged strata take the mean fraction; a stratum taken whole is not merged."""
    strata = np.repeat([0, 1, 2, 3], [6, 1, 1, 4])
    fractions = np.array([0.1, 0.2, 1.0, 0.4])
    survey = with_design(
        survey_of(answers(12, 13), NAMES, strata=strata), fractions=fractions[strata]
    )
    (block,) = blocks_of(survey, [NAMES], cells_of(survey, ()), "complete")
    (sample,) = block.samples
    np.testing.assert_array_equal(sample.rows, survey.answers[sample.numbers])
    assert block.lonely == 1
    assert block.fractions is not None
    old = strata[sample.numbers]
    np.testing.assert_allclose(block.fractions[old == 0], 0.1)
    np.testing.assert_allclose(block.fractions[old == 2], 1.0)
    mixed = (4 * 0.4 + 0.2) / 5  # stratum 1 goes to the smallest other, stratum 3
    np.testing.assert_allclose(block.fractions[(old == 1) | (old == 3)], mixed)
    assert len(np.unique(block.strata)) == 3
    found = variance_of_mean(survey, "jackknife", 100)
    merged = np.array([0, 2, 1, 2])[strata]
    left = 1 - np.array([0.1, 1.0, mixed])
    known = (
        left[0] * 6 * survey.answers[merged == 0].var(axis=0, ddof=1)
        + left[2] * 5 * survey.answers[merged == 2].var(axis=0, ddof=1)
    ) / 144
    np.testing.assert_allclose(found, known, rtol=1e-10)


@pytest.mark.parametrize("method", ["bootstrap", "jackknife", "supplied"])
def test_a_group_without_answers_has_no_moments(survey_of: Build, method: Method) -> None:
    survey = designs(survey_of, np.arange(160))
    rows = survey.answers.copy()
    rows[:80] = np.nan
    survey = replace(survey, answers=rows)
    drawn = replicate_moments(survey, NAMES, draws=20, seed=1, by="year", method=method)
    assert (drawn.n[:, 0] == 0).all()
    assert np.isnan(drawn.mean[:, 0]).all()
    assert np.isfinite(drawn.mean[:, 1]).all()


@pytest.mark.parametrize("method", ["jackknife", "supplied"])
def test_replicates_go_on_beyond_one_tile(
    survey_of: Build, method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tiles of 16 replicates, many of which leave out nobody of a group of three clusters."""
    survey = survey_of(
        answers(90, 18), NAMES, clusters=np.repeat(np.arange(45), 2),
        company=np.repeat(["a", "b"], [6, 84]),
    )  # fmt: skip
    given = np.random.default_rng(19).uniform(0.5, 1.5, (90, 45))
    survey = with_design(survey, replicates=ReplicateWeights(given, "jk1", np.ones(45)))
    whole = replicate_moments(
        survey, NAMES, draws=45, seed=1, by="company", missing="complete", method=method
    )
    monkeypatch.setattr(filling, "SUM_CELLS", 1)
    monkeypatch.setattr(multipliers, "TILE_CELLS", 1)
    tiled = replicate_moments(
        survey, NAMES, draws=45, seed=1, by="company", missing="complete", method=method
    )
    np.testing.assert_allclose(tiled.mean, whole.mean, rtol=1e-13)
    np.testing.assert_allclose(tiled.cov, whole.cov, rtol=1e-12)
    if method == "jackknife":
        assert (np.ptp(whole.mean[3:, 0], axis=0) < 1e-12).all()
        assert np.isfinite(whole.mean).all()


def test_how_many_replicates(survey_of: Build) -> None:
    survey = survey_of(answers(300, 14), NAMES)

    def count(method: Method, draws: int, **options: Any) -> int:
        return plan_replicates(
            survey, method, draws=draws, seed=1, **options
        ).replication.replicates

    assert count("jackknife", 300) == 300
    assert count("jackknife", 299) == 80
    assert count("jackknife", 50) == 50
    assert count("jackknife", 50, groups=100) == 100
    assert count("jackknife", 50, groups=1000) == 300
    assert count("design", 120) == count("gaussian", 120) == 120
    assert count("delta", 120) == 0
    words = plan_replicates(survey, "design", draws=120, seed=4).replication.words
    assert words == "bootstrap of respondents (Rao-Wu), 120 draws, seed 4"


def test_faults(survey_of: Build) -> None:
    strata = np.repeat([0, 1, 2, 3], [2, 3, 1, 3])
    survey = survey_of(answers(9, 15), NAMES, strata=strata, year=np.repeat("2020", 9))
    with pytest.raises(OptionError) as caught:
        plan_replicates(survey, "jacknife", draws=1, seed=1, groups=1, fay=1.0)  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == [
        "option method", "option draws", "option groups", "option fay"
    ]  # fmt: skip
    assert "did you mean 'jackknife'?" in caught.value.faults[0].fix
    with pytest.raises(MomentsError) as wrong:
        plan_replicates(survey, "brr", draws=9, seed=1)
    assert [(fault.where, fault.what) for fault in wrong.value.faults] == [
        ("option method brr, stratum 3 of 2020", "1 sampled unit, not two"),
        ("option method brr, stratum 2 of 2020, stratum 4 of 2020", "3 sampled units, not two"),
    ]
    with pytest.raises(MomentsError, match="has no replicate weights; name their columns"):
        plan_replicates(survey, "supplied", draws=9, seed=1)
    with pytest.raises(MomentsError, match="key wave: is not a time or group"):
        plan_replicates(survey, "jackknife", draws=9, seed=1, by="wave")
    with pytest.raises(MomentsError, match="bootstrap: has no replicate weights of the whole"):
        plan_replicates(survey, "bootstrap", draws=9, seed=1).weights(np.arange(9))
    with pytest.raises(OptionError, match="'delta' makes no replicates"):
        replicate_moments(survey, NAMES, draws=9, seed=1, method="delta")
    pairs = survey_of(answers(8400, 15), NAMES, strata=np.repeat(np.arange(4200), 2))
    with pytest.raises(MomentsError, match="4200 strata need 8192 replicates"):
        plan_replicates(pairs, "brr", draws=9, seed=1)


def test_a_stratum_in_one_group_is_refused(survey_of: Build) -> None:
    """Eight units are dealt out to two groups; 2021 has two of them, at times of one group."""
    clusters, year = np.append(np.arange(8), [0, 2]), np.repeat(["2020", "2021"], [8, 2])
    survey = survey_of(answers(10, 16), NAMES, clusters=clusters, year=year)

    def fault_of(seed: int) -> str:
        try:
            plan_replicates(survey, "jackknife", draws=5, seed=seed, groups=2)
        except MomentsError as error:
            return str(error)
        return ""

    told = {fault_of(seed) for seed in range(30)}
    assert told == {
        "",
        "option method jackknife, stratum 1 of 2021: all sampled units are in one group; "
        "take more groups, or method bootstrap",
    }


def test_variance_without_unusable_replicates() -> None:
    """By hand: two of three deviations left, their factors scaled from 1.5 up to 2."""
    way = Replication("jackknife", 3, "", factors=np.array([0.5, 0.5, 1.0]))
    found = np.array([[1.0, 1.0], [np.nan, 3.0], [4.0, 5.0]])
    estimate = np.array([2.0, 2.0])
    known = [(0.5 * 1 + 1.0 * 4) * 2 / 1.5, 0.5 * 1 + 0.5 * 1 + 1.0 * 9]
    np.testing.assert_allclose(way.variance(found, estimate), known)
    np.testing.assert_allclose(np.diag(way.covariance(found, estimate)), known)
    mean = replace(way, around="mean")
    np.testing.assert_allclose(mean.variance(found[:, 1], 99.0), 0.5 * 4 + 0 + 1.0 * 4)
    draws = Replication("bootstrap", 3, "")
    np.testing.assert_allclose(draws.variance(found, estimate), [4.5, 4.0])
    nothing = np.full((3, 2), np.nan)
    assert np.isnan(way.variance(nothing, estimate)).all()
    assert np.isnan(draws.variance(found[:1], estimate)).all()
    assert np.isnan(way.variance(np.array([np.nan, np.nan, np.nan]), 1.0))
    assert float(replace(way, factors=np.zeros(3)).variance(found[:, 0], 2.0)) == 0.0


def test_draws_of_replicates_that_are_not_random() -> None:
    """40,000 normal draws: covariances to 0.7 % of the variances; 4 % is more than five errors."""
    rng = np.random.default_rng(17)
    found, estimate = rng.normal(size=(9, 3)), rng.normal(size=3)
    found[2, 1] = np.nan
    way = Replication("fay", 9, "", factors=rng.uniform(0.1, 0.5, 9))
    draws = way.as_draws(found, estimate, 40_000, 1)
    known = way.covariance(found, estimate)
    sd = np.sqrt(np.diag(known))
    np.testing.assert_allclose(np.cov(draws, rowvar=False), known, atol=0.04 * sd.max() ** 2)
    np.testing.assert_allclose(draws.mean(axis=0), estimate, atol=5 * sd.max() / 200)
    np.testing.assert_array_equal(way.as_draws(found, estimate, 40_000, 1), draws)
    random = Replication("bootstrap", 9, "")
    assert random.as_draws(found, estimate, 50, 1) is found


@pytest.mark.parametrize("fay", [0.995, 0.999999999, float("nan")])
def test_replicates_closer_than_estimates_are_exact_are_refused(
    survey_of: Build, fay: float
) -> None:
    """At 1 - 1e-9 the errors of an index came out up to four times too large."""
    survey = survey_of(np.ones((4, 1)), ("x",))
    with pytest.raises(OptionError, match=r"take 0 to 0\.99"):
        plan_replicates(survey, "fay", draws=2, seed=1, fay=fay)
