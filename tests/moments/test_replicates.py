"""Moments of draws are the moments of the rows that were drawn.

How often each respondent was drawn is read from outside: a survey with one item a respondent,
1 for him and 0 for the others, has the shares of the respondents as item means.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array, IntArray
from csi.errors import MomentsError, OptionError
from csi.estimate.pls import fit_pls
from csi.model.model import Model
from csi.moments import moments_of, replicate_moments
from csi.moments.groups import moments_of_rows
from csi.survey.survey import Survey

Rows = Callable[..., Array]
Build = Callable[..., Survey]


def counts_of(build: Build, n: int, draws: int, seed: int, **design: Any) -> IntArray:
    """Count how often each respondent was drawn, (draws, n), by one item a respondent."""
    names = [f"r{k}" for k in range(n)]
    drawn = replicate_moments(
        build(np.eye(n), names, **design), names, draws=draws, seed=seed, missing="complete"
    )
    shares = drawn.mean * drawn.sum_weights[:, None]
    strata = design.get("strata")
    scale = np.ones(n)
    if strata is not None and len(np.unique(strata)) > 1:
        clusters = design.get("clusters", np.arange(n))
        for stratum in np.unique(strata):
            units = len(np.unique(clusters[strata == stratum]))
            if units > 1:
                scale[strata == stratum] = units / (units - 1)
    counts = shares / scale
    np.testing.assert_allclose(counts, np.round(counts), rtol=0, atol=1e-9)
    return np.round(counts).astype(np.int64)


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
@pytest.mark.parametrize("weighted", [False, True])
def test_moments_of_the_rows_drawn(
    small: Model, factor_rows: Rows, survey_of: Build, missing: Any, weighted: bool
) -> None:
    n, draws = 50, 12
    rows = factor_rows(n, 5, 31, gone=0.0 if missing == "complete" else 0.12)
    weights = np.random.default_rng(32).uniform(0.3, 2.5, n) if weighted else None
    survey = survey_of(rows, small.items, weights=weights)
    drawn = replicate_moments(survey, small, draws=draws, seed=33, missing=missing)
    counts = counts_of(survey_of, n, draws, 33)
    assert (counts.sum(axis=1) == n - 1).all()
    assert counts.max() > 1
    carried = np.ones(n) if weights is None else weights
    close = 1e-3 if missing == "em" else 1e-11  # EM starts elsewhere, stops at a step of 1e-6
    for k in range(draws):
        again = np.repeat(np.arange(n), counts[k])
        known = moments_of_rows(rows[again], carried[again], small.items, missing)
        assert known.problems == ()
        np.testing.assert_allclose(drawn.mean[k], known.mean, rtol=0, atol=close)
        np.testing.assert_allclose(drawn.cov[k], known.cov, rtol=0, atol=close)
        if missing != "pairwise":
            assert drawn.sum_weights[k] == pytest.approx(carried[again].sum())
    assert drawn.batch == (draws,)
    assert (drawn.n == n).all()


def test_slow_loop_of_numpy(small: Model, factor_rows: Rows, survey_of: Build) -> None:
    n = 40
    rows = factor_rows(n, 5, 34)
    weights = np.random.default_rng(35).uniform(0.3, 2.5, n)
    strata = np.repeat([0, 1, 2], [3, 12, 25])
    survey = survey_of(rows, small.items, weights=weights, strata=strata)
    drawn = replicate_moments(survey, small, draws=20, seed=36, missing="complete")
    counts = counts_of(survey_of, n, 20, 36, strata=strata)
    scale = np.array([3 / 2, 12 / 11, 25 / 24])[strata]
    for k in range(20):
        again = np.repeat(np.arange(n), counts[k])
        own = (weights * scale)[again]
        mean = np.average(rows[again], axis=0, weights=own)
        np.testing.assert_allclose(drawn.mean[k], mean, rtol=0, atol=1e-12)
        np.testing.assert_allclose(
            drawn.cov[k], np.cov(rows[again], rowvar=False, ddof=0, aweights=own), atol=1e-11
        )


def test_units_are_drawn_within_strata(survey_of: Build) -> None:
    strata = np.repeat([4, 7, 9, 11], [2, 5, 20, 1])
    counts = counts_of(survey_of, 28, 400, 37, strata=strata)
    for stratum, size in ((4, 2), (7, 5), (9, 20)):
        assert (counts[:, strata == stratum].sum(axis=1) == size - 1).all()
    assert (counts[:, strata == 11] == 1).all()  # a lonely unit is always there
    # each unit (n_h - 1) / n_h times on average, with the variance of a multinomial draw
    part = counts[:, strata == 9]
    assert part.mean() == pytest.approx(0.95)
    assert part.var(axis=0).mean() == pytest.approx(19 * (1 / 20) * (19 / 20), rel=0.1)


def test_clusters_are_drawn_whole(survey_of: Build) -> None:
    clusters = np.repeat(np.arange(8), [1, 2, 3, 4, 5, 6, 7, 8])
    counts = counts_of(survey_of, 36, 100, 38, clusters=clusters)
    first = np.concatenate([[0], np.cumsum(range(1, 8))])
    np.testing.assert_array_equal(counts, counts[:, first][:, clusters])
    assert (counts[:, first].sum(axis=1) == 7).all()


def test_chance_is_fixed_by_seed_and_group_alone(
    small: Model, factor_rows: Rows, survey_of: Build
) -> None:
    rows = factor_rows(240, 5, 39)
    year = np.repeat(["2020", "2021", "2022"], 80)

    def run(keep: Any, seed: int, draws: int = 64) -> Any:
        survey = survey_of(rows[keep], small.items, year=year[keep])
        return replicate_moments(
            survey, small, draws=draws, seed=seed, by="year", missing="complete"
        )

    whole = run(slice(None), 5)
    assert whole.batch == (64, 3)
    np.testing.assert_array_equal(whole.cov, run(slice(None), 5).cov)
    assert not np.array_equal(whole.cov, run(slice(None), 6).cov)
    last = run(slice(80, None), 5)  # the first year is not in the file
    np.testing.assert_array_equal(whole.cov[:, 1:], last.cov)
    np.testing.assert_array_equal(whole.mean[:, 1:], last.mean)
    more = run(slice(None), 5, draws=200)
    np.testing.assert_array_equal(more.cov[:64], whole.cov)
    assert np.unique(more.mean[:, :, 0], axis=0).shape[0] > 150
    one, two = whole.mean[:, 0, 0], whole.mean[:, 1, 0]
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.4  # 3.2 errors of a correlation of 64 pairs


def test_draws_go_on_beyond_one_tile(small: Model, factor_rows: Rows, survey_of: Build) -> None:
    survey = survey_of(factor_rows(30, 5, 40), small.items)
    drawn = replicate_moments(survey, small, draws=2500, seed=1, missing="complete")
    assert np.isfinite(drawn.cov).all()
    means = drawn.mean[:, 0]
    assert not np.array_equal(means[:1024], means[1024:2048])
    spread = [means[part].std() for part in (slice(0, 1024), slice(1024, 2048), slice(2048, 2500))]
    np.testing.assert_allclose(spread, np.mean(spread), rtol=0.15)


@pytest.mark.parametrize("missing", ["complete", "pairwise"])
def test_degenerate_draws_are_nan_and_can_be_counted(
    small: Model, factor_rows: Rows, survey_of: Build, missing: Any
) -> None:
    n, draws = 25, 1000
    rows = factor_rows(n, 5, 41)
    rows[:, 4] = 8.0
    rows[0, 4] = 9.0  # a draw without the first respondent has a constant item
    if missing == "pairwise":
        rows[3, 1] = np.nan
    survey = survey_of(rows, small.items)
    drawn = replicate_moments(survey, small, draws=draws, seed=42, missing=missing)
    without = counts_of(survey_of, n, draws, 42)[:, 0] == 0
    assert 300 < without.sum() < 450
    fit = fit_pls(small, drawn, like=fit_pls(small, moments_of(survey, small, missing=missing)))
    np.testing.assert_array_equal(np.isnan(fit.paths).any(axis=(1, 2)), without)
    np.testing.assert_array_equal(fit.converged, ~without)


def test_faults(small: Model, factor_rows: Rows, survey_of: Build) -> None:
    survey = survey_of(factor_rows(30, 5, 43), small.items)
    with pytest.raises(OptionError, match="1 is too few; take at least 2"):
        replicate_moments(survey, small, draws=1, seed=1)
    with pytest.raises(MomentsError) as caught:
        replicate_moments(survey, ["a1", "b7"], draws=10, seed=1, by="year")
    assert [fault.where for fault in caught.value.faults] == ["item b7", "key year"]
