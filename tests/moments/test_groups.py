"""Moments by group: complete and pairwise answers by a second road, sizes, problems, faults."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.errors import MomentsError, OptionError
from csi.model.model import Model
from csi.moments import moments_of
from csi.moments.groups import moments_of_rows
from csi.survey.survey import Survey

Rows = Callable[..., Array]
Build = Callable[..., Survey]


def test_complete_answers(small: Model, factor_rows: Rows) -> None:
    rows = factor_rows(200, 5, 1, gone=0.04)
    weights = np.random.default_rng(2).lognormal(0, 0.6, 200)
    found = moments_of_rows(rows, weights, small.items, "complete")
    whole = ~np.isnan(rows).any(axis=1)
    assert 100 < whole.sum() < 200
    np.testing.assert_allclose(
        found.mean, np.average(rows[whole], axis=0, weights=weights[whole]), rtol=1e-13
    )
    np.testing.assert_allclose(
        found.cov,
        np.cov(rows[whole], rowvar=False, ddof=0, aweights=weights[whole]),
        rtol=0,
        atol=1e-12,
    )
    assert found.n == whole.sum()
    assert found.sum_weights == pytest.approx(weights[whole].sum())
    assert found.n_effective == pytest.approx(
        weights[whole].sum() ** 2 / np.sum(weights[whole] ** 2)
    )
    assert found.answers.tolist() == [whole.sum()] * 5
    assert found.problems == ()


@pytest.mark.parametrize("weighted", [False, True])
def test_pairwise_answers_against_pandas_and_a_loop(
    small: Model, factor_rows: Rows, weighted: bool
) -> None:
    rows = factor_rows(300, 5, 3, gone=0.2)
    rng = np.random.default_rng(4)
    weights = rng.uniform(0.2, 3.0, 300) if weighted else np.ones(300)
    found = moments_of_rows(rows, weights, small.items, "pairwise")
    frame = pd.DataFrame(rows)
    if not weighted:  # pandas takes the means of each pair too, and the divisor n - 1
        both = frame.notna().astype(float)
        pairs = (both.T @ both).to_numpy()
        known = frame.cov().to_numpy() * (pairs - 1) / pairs
        np.testing.assert_allclose(found.cov, known, rtol=0, atol=1e-12)
        np.testing.assert_allclose(found.mean, frame.mean(), rtol=1e-13)
    for i in range(5):
        for j in range(5):
            here = ~np.isnan(rows[:, i]) & ~np.isnan(rows[:, j])
            w, x, y = weights[here], rows[here, i], rows[here, j]
            own = np.average((x - np.average(x, weights=w)) * (y - np.average(y, weights=w)),
                             weights=w)  # fmt: skip
            assert found.cov[i, j] == pytest.approx(own, abs=1e-12)
    assert found.answers.tolist() == (~np.isnan(rows)).sum(axis=0).tolist()
    assert found.n == (~np.isnan(rows)).any(axis=1).sum()


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
def test_without_gaps_all_treatments_are_one(small: Model, factor_rows: Rows, missing: Any) -> None:
    rows = factor_rows(120, 5, 5)
    found = moments_of_rows(rows, np.ones(120), small.items, missing)
    np.testing.assert_allclose(found.mean, rows.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(found.cov, np.cov(rows, rowvar=False, ddof=0), rtol=0, atol=1e-12)


def test_large_answers_keep_their_digits(small: Model) -> None:
    rows = np.random.default_rng(6).normal(1e7, 1.0, (400, 5))
    found = moments_of_rows(rows, np.ones(400), small.items, "complete")
    np.testing.assert_allclose(found.cov, np.cov(rows, rowvar=False, ddof=0), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
def test_groups_are_samples_of_their_own(
    small: Model, factor_rows: Rows, survey_of: Build, missing: Any
) -> None:
    rows = factor_rows(900, 5, 7, gone=0.05)
    rng = np.random.default_rng(8)
    weights = rng.uniform(0.5, 2.0, 900)
    years = rng.choice(["2019", "2020", "999"], 900)
    firms = rng.choice(["Wave 10", "Wave 9"], 900)
    survey = survey_of(rows, small.items, weights=weights, year=years, firm=firms)
    found = moments_of(survey, small, by=["year", "firm"], missing=missing)
    assert found.by == ("year", "firm")
    assert found.labels == tuple(
        (year, firm) for year in ("999", "2019", "2020") for firm in ("Wave 9", "Wave 10")
    )
    assert found.batch == (6,)
    for k, (year, firm) in enumerate(found.labels):
        own = (years == year) & (firms == firm)
        alone = moments_of_rows(rows[own], weights[own], small.items, missing)
        np.testing.assert_array_equal(found.mean[k], alone.mean)
        np.testing.assert_array_equal(found.cov[k], alone.cov)
        assert found.n[k] == alone.n
        assert found.sum_weights[k] == alone.sum_weights
    one = moments_of(survey, small, missing=missing, where=years == "2019")
    alone = moments_of_rows(rows[years == "2019"], weights[years == "2019"], small.items, missing)
    assert one.batch == ()
    np.testing.assert_array_equal(one.cov, alone.cov)


def test_respondents_without_weight_or_answers_do_not_count(
    small: Model, factor_rows: Rows
) -> None:
    rows, weights = factor_rows(60, 5, 9), np.ones(60)
    rows[:5] = np.nan
    weights[5:15] = 0.0
    for missing in ("complete", "pairwise", "em"):
        found = moments_of_rows(rows, weights, small.items, missing)
        assert found.n == 45
        np.testing.assert_allclose(found.mean, rows[15:].mean(axis=0), rtol=1e-12)


def test_problems_are_told_and_the_others_go_on(
    small: Model, factor_rows: Rows, survey_of: Build
) -> None:
    rows = factor_rows(200, 5, 10)
    year = np.repeat(["good", "few", "same", "twice"], [90, 5, 60, 45])
    rows[year == "same", 3] = 7.0
    rows[year == "twice", 1] = rows[year == "twice", 0]
    survey = survey_of(rows, small.items, year=year)
    found = moments_of(survey, small, by="year", missing="pairwise")
    problem = dict(zip((label[0] for label in found.labels), found.problems, strict=True))
    assert problem["good"] == ""
    assert problem["few"] == "too few answers: 5 respondents for 5 items"
    assert problem["same"] == "all gave the same answer to b1"
    assert problem["twice"].startswith("correlations are not positive definite")
    assert problem["twice"].endswith(": the same answers to a1 and a2")
    assert found.n.tolist() == [int(np.sum(year == label[0])) for label in found.labels]


def test_pairs_nobody_answered_together_are_named(small: Model, factor_rows: Rows) -> None:
    rows = factor_rows(80, 5, 11)
    rows[:40, 0] = np.nan
    rows[40:, 4] = np.nan
    for missing in ("pairwise", "em"):
        found = moments_of_rows(rows, np.ones(80), small.items, missing)
        assert found.problems == ("too few respondents answered both a1 and b2",)
        assert np.isnan(found.cov).all()
    assert (
        "too few answers" in moments_of_rows(rows, np.ones(80), small.items, "complete").problems[0]
    )


def test_faults_all_at_once(small: Model, factor_rows: Rows, survey_of: Build) -> None:
    survey = survey_of(factor_rows(30, 5, 12), small.items, year=["1"] * 30)
    with pytest.raises(MomentsError) as caught:
        moments_of(survey, ["a1", "zz", "b9"], by=["year", "region"])
    assert [fault.where for fault in caught.value.faults] == ["item zz", "item b9", "key region"]
    assert "known keys: year" in caught.value.faults[2].fix
    with pytest.raises(OptionError, match="use one of complete, pairwise, em"):
        moments_of(survey, small, missing="listwise")  # type: ignore[arg-type]
