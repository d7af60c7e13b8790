"""Samples and draws in which an item does not vary: told and counted, never fitted or a crash."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.estimate.pls import fit_pls
from csi.model.model import Model
from csi.moments import moments_of, replicate_moments
from csi.moments.groups import moments_of_rows
from csi.survey.survey import Survey

Rows = Callable[..., Array]
Build = Callable[..., Survey]


@pytest.fixture
def near_constant(factor_rows: Rows) -> Array:
    """25 respondents; all but the first give 8 to the last item."""
    rows = factor_rows(25, 5, 41)
    rows[:, 4] = 8.0
    rows[0, 4] = 9.0
    return rows


def constant(drawn: Array) -> Array:
    """Tell the draws in which the first respondent is missing: the mean of his item is 8."""
    return np.asarray(np.abs(drawn - 8.0) < 1e-9)


@pytest.mark.xfail(
    raises=AssertionError,
    strict=True,
    reason="rounding leaves a variance of 1e-18 where weights are not whole numbers",
)
@pytest.mark.parametrize("missing", ["complete", "pairwise"])
def test_draws_with_weights_that_are_not_whole_numbers(
    small: Model, near_constant: Array, survey_of: Build, missing: Any
) -> None:
    weights = np.random.default_rng(44).uniform(0.3, 2.7, 25)
    if missing == "pairwise":
        near_constant[3, 1] = np.nan
    survey = survey_of(near_constant, small.items, weights=weights)
    drawn = replicate_moments(survey, small, draws=1000, seed=42, missing=missing)
    without = constant(drawn.mean[:, 4])
    assert 300 < without.sum() < 450
    fit = fit_pls(small, drawn, like=fit_pls(small, moments_of(survey, small, missing=missing)))
    np.testing.assert_array_equal(np.isnan(fit.paths).any(axis=(1, 2)), without)


@pytest.mark.xfail(
    raises=np.linalg.LinAlgError, strict=True, reason="EM inverts a singular covariance"
)
def test_draws_with_gaps(small: Model, factor_rows: Rows, survey_of: Build) -> None:
    rows = factor_rows(12, 5, 2)
    rows[:, 4] = 8.0
    rows[0, 4] = 9.0
    rows[3, 1] = np.nan
    survey = survey_of(rows, small.items)
    drawn = replicate_moments(survey, small, draws=400, seed=42, missing="em")
    complete = replicate_moments(survey, ["b2"], draws=400, seed=42, missing="complete")
    without = constant(complete.mean[:, 0])
    assert 100 < without.sum() < 200
    fit = fit_pls(small, drawn, like=fit_pls(small, moments_of(survey, small, missing="em")))
    gone = np.isnan(fit.paths).any(axis=(1, 2))
    assert gone[without].all()
    assert gone[~without].mean() < 0.05  # a handful of other respondents leave it singular


@pytest.mark.xfail(
    raises=np.linalg.LinAlgError, strict=True, reason="EM inverts a singular covariance"
)
@pytest.mark.parametrize("twice", [False, True])
def test_sample_with_gaps(small: Model, near_constant: Array, twice: bool) -> None:
    near_constant[:, 4] = near_constant[:, 3] if twice else 8.0
    near_constant[5, 1] = np.nan
    (problem,) = moments_of_rows(near_constant, np.ones(25), small.items, "em").problems
    if not twice:
        assert problem == "all gave the same answer to b2"
    assert "em" not in problem.lower().split()
