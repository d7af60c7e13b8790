"""Normal draws of moments: their covariance is the linear one, jointly over groups.

20,000 draws give a standard deviation to 0.5 % and a correlation to 0.007: tolerances are four
such errors.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.errors import OptionError
from csi.estimate.intervals import standard_error
from csi.moments import replicate_moments
from csi.moments.blocks import Block, Sample, blocks_of
from csi.moments.design import design_covariance
from csi.moments.gaussian import gaussian_moments
from csi.moments.groups import cells_of, moments_of_rows
from csi.moments.linear import sample_scores
from csi.moments.vectors import moment_vector
from csi.survey.survey import Survey

Rows = Callable[..., Array]
Build = Callable[..., Survey]
NAMES = ("a", "b", "c")
DRAWS = 20_000


def block_of(rows: Array, *, clustered: bool = False, fraction: float = 0.0) -> Block:
    """One group in two strata, the second one with sampling fraction `fraction`."""
    n = len(rows)
    units = np.arange(n) // 2 if clustered else np.arange(n)
    u = int(units.max()) + 1
    strata = (np.arange(u) % 3 == 0).astype(np.int64)
    weights = np.where(strata[units] == 1, 2.0, 0.7)
    fractions = np.where(strata == 1, fraction, 0.0) if fraction else None
    sample = Sample(NAMES, rows, weights, units)
    return Block("x", (0,), (sample,), strata, fractions=fractions)


@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
@pytest.mark.parametrize("clustered", [False, True])
def test_covariance_of_draws(factor_rows: Rows, missing: Any, clustered: bool) -> None:
    rows = factor_rows(200, 3, 61, gone=0.1)
    rows = rows[~np.isnan(rows).any(axis=1)] if missing == "complete" else rows
    rows = rows[~np.isnan(rows).all(axis=1)][:180]
    block = block_of(rows[: len(rows) // 2 * 2], clustered=clustered, fraction=0.6)
    (found,) = gaussian_moments(block, missing, draws=DRAWS, seed=3)
    sample = block.samples[0]
    single = moments_of_rows(sample.rows, sample.weights, NAMES, missing)
    scores = sample_scores(sample, len(block.strata), single)
    known = design_covariance(scores, block.strata, block.fractions)
    drawn = moment_vector(found.mean, found.cov)
    se = np.sqrt(np.diag(known))
    center = moment_vector(single.mean, single.cov)
    np.testing.assert_allclose((drawn.mean(axis=0) - center) / se, 0.0, atol=4 / DRAWS**0.5)
    np.testing.assert_allclose(standard_error(drawn), se, rtol=0.02)
    corr = known / np.outer(se, se)
    np.testing.assert_allclose(np.corrcoef(drawn.T), corr, atol=0.03)
    np.testing.assert_allclose(found.sum_weights.mean(), single.sum_weights, rtol=1e-3)


def test_sums_of_weights_are_drawn_too(factor_rows: Rows) -> None:
    """Pooling needs them: with unequal weights they have an error, and one with the means."""
    block = block_of(factor_rows(180, 3, 64), fraction=0.6)
    weights = np.random.default_rng(65).uniform(0.5, 2.0, size=180)
    sample = replace(block.samples[0], weights=weights)
    (found,) = gaussian_moments(replace(block, samples=(sample,)), "complete", draws=DRAWS, seed=6)
    single = moments_of_rows(sample.rows, weights, NAMES, "complete")
    scores = sample_scores(sample, len(block.strata), single)
    both = np.column_stack([weights, scores[:, 0]])
    known = design_covariance(both, block.strata, block.fractions)
    drawn = np.cov(found.sum_weights, found.mean[:, 0])
    se = np.sqrt(np.diag(known))
    np.testing.assert_allclose(np.sqrt(np.diag(drawn)), se, rtol=0.02)
    np.testing.assert_allclose(drawn[0, 1] / se.prod(), known[0, 1] / se.prod(), atol=0.03)


def test_errors_of_means_are_those_of_the_bootstrap(factor_rows: Rows, survey_of: Build) -> None:
    survey = survey_of(factor_rows(120, 3, 62), NAMES, strata=np.arange(120) % 4)
    (block,) = blocks_of(survey, [NAMES], cells_of(survey, ()), "complete")
    (found,) = gaussian_moments(block, "complete", draws=DRAWS, seed=4)
    boot = replicate_moments(survey, NAMES, draws=DRAWS, seed=5, missing="complete")
    np.testing.assert_allclose(standard_error(found.mean), standard_error(boot.mean), rtol=0.03)
    assert found.mean.shape == boot.mean.shape
    assert found.cov.strides == boot.cov.strides  # the draws last in memory


def test_groups_that_share_respondents_are_drawn_together(survey_of: Build) -> None:
    # the same 80 respondents in two years: the change has the error of paired differences
    rng = np.random.default_rng(63)
    level = rng.normal(7, 1.5, (80, 2))
    rows = np.vstack([level + rng.normal(0, 0.4, (80, 2)) for _ in range(2)])
    person = np.tile(np.arange(80), 2)
    year = ["1"] * 80 + ["2"] * 80
    survey = survey_of(rows, NAMES[:2], clusters=person, year=year)
    cells = cells_of(survey, ("year",))
    (block,) = blocks_of(survey, [NAMES[:2]] * 2, cells, "complete")
    one, two = gaussian_moments(block, "complete", draws=DRAWS, seed=6)
    known = (rows[80:] - rows[:80]).std(axis=0, ddof=1) / np.sqrt(80)
    np.testing.assert_allclose(standard_error(two.mean - one.mean), known, rtol=0.02)


def test_same_seed_same_bytes_and_more_draws_begin_alike(factor_rows: Rows) -> None:
    block = block_of(factor_rows(60, 3, 64))
    few, again, more, other = (
        gaussian_moments(block, "complete", draws=draws, seed=seed)[0]
        for draws, seed in ((150, 1), (150, 1), (400, 1), (150, 2))
    )
    np.testing.assert_array_equal(few.cov, again.cov)
    # the sums of a product may be ordered by its length
    np.testing.assert_allclose(few.cov, more.cov[:150], rtol=1e-12)
    assert not np.isclose(few.cov, other.cov).any()


def test_fewer_units_than_moments(factor_rows: Rows) -> None:
    block = block_of(factor_rows(8, 3, 65))  # 8 units, 9 moments: a covariance without full rank
    (found,) = gaussian_moments(block, "complete", draws=4000, seed=1)
    bad = np.isnan(found.cov).any(axis=(1, 2))
    assert 0 < bad.sum() < 4000  # so few respondents: some draws are no covariance matrix
    assert np.isfinite(found.mean).all()
    eigen = np.linalg.eigvalsh(found.cov[~bad])
    assert (eigen[:, 0] > 0).all()


def test_an_item_alike_for_all_leaves_the_means(factor_rows: Rows) -> None:
    rows = factor_rows(40, 3, 66)
    rows[:, 1] = 5.0
    (found,) = gaussian_moments(block_of(rows), "complete", draws=10, seed=1)
    assert np.isnan(found.cov).all()
    assert np.isfinite(found.mean).all()
    rows[::5, 0] = np.nan  # EM needs the inverse of the covariances for its scores
    (found,) = gaussian_moments(block_of(rows), "em", draws=10, seed=1)
    assert np.isnan(found.mean).all()


def test_draws_there_cannot_be(factor_rows: Rows) -> None:
    rows = factor_rows(40, 3, 67)
    alone = Sample(NAMES, rows, np.ones(40), np.zeros(40, dtype=np.int64))
    block = Block("x", (0,), (alone,), np.zeros(1, dtype=np.int64))
    (found,) = gaussian_moments(block, "complete", draws=10, seed=1)
    assert np.isnan(found.mean).all()
    few = Sample(NAMES, rows[:3], np.ones(3), np.arange(3))
    whole = Sample(NAMES, rows, np.ones(40), np.arange(40))
    both = Block("x", (0, 1), (few, whole), np.zeros(40, dtype=np.int64))
    found, other = gaussian_moments(both, "pairwise", draws=10, seed=1)
    assert np.isnan(found.mean).all()
    assert np.isfinite(other.mean).all()
    with pytest.raises(OptionError, match="too few"):
        gaussian_moments(block, "complete", draws=1, seed=1)
