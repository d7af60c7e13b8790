"""Standard errors of draws against the textbook: simple, stratified, clustered, panel.

20,000 draws give a standard error to 0.5 %; the tolerance of 2 % is four such errors.
"""

from collections.abc import Callable

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.intervals import standard_error
from csi.moments import replicate_moments
from csi.survey.survey import Survey

Build = Callable[..., Survey]
DRAWS = 20_000
CLOSE = 0.02
NAMES = ("x", "y")


def error_of_mean(survey: Survey) -> Array:
    drawn = replicate_moments(survey, NAMES, draws=DRAWS, seed=7, missing="complete")
    return standard_error(drawn.mean)


def answers(n: int, seed: int) -> Array:
    return np.random.default_rng(seed).uniform(1, 10, (n, 2))


@pytest.mark.parametrize("n", [6, 15, 100])
def test_simple_random_sample(survey_of: Build, n: int) -> None:
    rows = answers(n, n)
    known = rows.std(axis=0, ddof=1) / np.sqrt(n)  # also for six respondents
    np.testing.assert_allclose(error_of_mean(survey_of(rows, NAMES)), known, rtol=CLOSE)


def test_strata_of_any_size(survey_of: Build) -> None:
    sizes, population = np.array([2, 3, 5, 40]), np.array([300, 100, 900, 1200])
    strata = np.repeat(np.arange(4), sizes)
    rows = answers(50, 51) / 3.0 + strata[:, None] * 2.0
    survey = survey_of(rows, NAMES, weights=(population / sizes)[strata], strata=strata)
    share = population / population.sum()
    variance = sum(
        share[h] ** 2 * rows[strata == h].var(axis=0, ddof=1) / sizes[h] for h in range(4)
    )
    np.testing.assert_allclose(error_of_mean(survey), np.sqrt(variance), rtol=CLOSE)


def test_strata_matter(survey_of: Build) -> None:
    strata = np.repeat([0, 1], 30)
    rows = answers(60, 52) / 10.0 + 8.0 * strata[:, None]
    with_strata = error_of_mean(survey_of(rows, NAMES, strata=strata))
    without = error_of_mean(survey_of(rows, NAMES))
    assert (with_strata < 0.2 * without).all()


def test_lonely_strata_are_merged(survey_of: Build) -> None:
    # one lonely stratum goes to the smallest other, several go together
    rows = answers(47, 53)
    for sizes, merged in (([5, 41, 1], [6, 41]), ([40, 1, 5, 1], [40, 2, 5])):
        strata = np.repeat(np.arange(len(sizes)), sizes)
        groups = np.repeat([0, 1, 0] if len(sizes) == 3 else [0, 1, 2, 1], sizes)
        share = np.array(merged) / 47
        variance = sum(
            share[g] ** 2 * rows[groups == g].var(axis=0, ddof=1) / merged[g]
            for g in range(len(merged))
        )
        found = error_of_mean(survey_of(rows, NAMES, strata=strata))
        np.testing.assert_allclose(found, np.sqrt(variance), rtol=CLOSE)


def test_clusters_of_one_size(survey_of: Build) -> None:
    rng = np.random.default_rng(54)
    clusters = np.repeat(np.arange(12), 5)
    rows = answers(60, 55) / 5.0 + rng.normal(5, 2, (12, 2))[clusters]
    means = rows.reshape(12, 5, 2).mean(axis=1)
    known = means.std(axis=0, ddof=1) / np.sqrt(12)
    found = error_of_mean(survey_of(rows, NAMES, clusters=clusters))
    np.testing.assert_allclose(found, known, rtol=CLOSE)
    assert (found > 1.5 * error_of_mean(survey_of(rows, NAMES))).all()


def test_clusters_of_unequal_size_within_strata(survey_of: Build) -> None:
    # the linearised variance of a ratio mean; many clusters, so that linearisation holds
    rng = np.random.default_rng(56)
    size = rng.integers(2, 6, 120)
    clusters = np.repeat(np.arange(120), size)
    strata = (clusters >= 50).astype(np.int64)
    weights = rng.uniform(0.5, 2.0, len(clusters))
    rows = answers(len(clusters), 57) + rng.normal(0, 1, (120, 2))[clusters]
    mean = np.average(rows, axis=0, weights=weights)
    totals = np.zeros((120, 2))
    np.add.at(totals, clusters, weights[:, None] * (rows - mean) / weights.sum())
    variance = np.zeros(2)
    for part, m in ((slice(0, 50), 50), (slice(50, 120), 70)):
        variance += m * totals[part].var(axis=0, ddof=1)
    survey = survey_of(rows, NAMES, weights=weights, strata=strata, clusters=clusters)
    np.testing.assert_allclose(error_of_mean(survey), np.sqrt(variance), rtol=0.03)


def test_change_in_a_panel(survey_of: Build) -> None:
    # the same 80 respondents in two years: the change has the error of paired differences
    rng = np.random.default_rng(58)
    level = rng.normal(7, 1.5, (80, 2))
    rows = np.vstack([level + rng.normal(0, 0.4, (80, 2)), level + rng.normal(0, 0.4, (80, 2))])
    year = np.repeat(["1", "2"], 80)
    person = np.tile(np.arange(80), 2)
    survey = survey_of(rows, NAMES, clusters=person, year=year)
    drawn = replicate_moments(survey, NAMES, draws=DRAWS, seed=9, by="year", missing="complete")
    found = standard_error(drawn.mean[:, 1] - drawn.mean[:, 0])
    known = (rows[80:] - rows[:80]).std(axis=0, ddof=1) / np.sqrt(80)
    np.testing.assert_allclose(found, known, rtol=CLOSE)
    apart = survey_of(rows, NAMES, year=year)
    two = replicate_moments(apart, NAMES, draws=DRAWS, seed=9, by="year", missing="complete")
    unpaired = np.sqrt(sum(part.var(axis=0, ddof=1) / 80 for part in (rows[:80], rows[80:])))
    np.testing.assert_allclose(
        standard_error(two.mean[:, 1] - two.mean[:, 0]), unpaired, rtol=CLOSE
    )
    assert (found < 0.5 * unpaired).all()
