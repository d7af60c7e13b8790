"""Delete-one moments are the moments of the sample without the unit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.moments.blocks import Sample
from csi.moments.design import design_variance
from csi.moments.groups import moments_of_rows
from csi.moments.jackknife import jackknife_moments
from csi.moments.linear import sample_scores

Rows = Callable[..., Array]
NAMES = ("a", "b", "c")


def without(sample: Sample, strata: Array, unit: int) -> Array:
    """Weights without one unit, its stratum scaled up."""
    size = int(np.sum(strata == strata[unit]))
    factor = np.where(strata == strata[unit], size / max(size - 1, 1), 1.0)
    factor[unit] = 0.0
    return np.asarray(sample.weights * factor[sample.units])


@pytest.mark.parametrize("missing", ["complete", "pairwise"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("many", [1, 3])
def test_leaving_a_unit_out(factor_rows: Rows, missing: Any, weighted: bool, many: int) -> None:
    rows = factor_rows(90, 3, 51, gone=0.1)
    rng = np.random.default_rng(52)
    weights = rng.uniform(0.4, 2.5, 90) if weighted else np.ones(90)
    units = np.concatenate([np.arange(25), rng.integers(0, 25, 65)])
    strata = np.arange(27) % many  # units 25 and 26 belong to another group
    sample = Sample(NAMES, rows, weights, units)
    found = jackknife_moments(sample, strata, missing)
    assert found.batch == (27,)
    for unit in range(27):
        known = moments_of_rows(rows, without(sample, strata, unit), NAMES, missing)
        # both roads add up the same products; only the order of the sums differs
        np.testing.assert_allclose(found.mean[unit], known.mean, rtol=1e-12)
        np.testing.assert_allclose(found.cov[unit], known.cov, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(found.sum_weights[unit], known.sum_weights, rtol=1e-12)
        np.testing.assert_allclose(found.n_effective[unit], known.n_effective, rtol=1e-12)
        assert found.n[unit] == known.n
        np.testing.assert_array_equal(found.answers[unit], known.answers)


def test_em_to_first_order(factor_rows: Rows) -> None:
    # what is left is of second order: four times smaller with twice the respondents
    left = []
    for n in (100, 400):
        rows = factor_rows(n, 3, 53, gone=0.15)
        rows = rows[~np.isnan(rows).all(axis=1)]
        m = len(rows)
        sample = Sample(NAMES, rows, np.ones(m), np.arange(m))
        strata = np.zeros(m, dtype=np.int64)
        found = jackknife_moments(sample, strata, "em")
        whole = moments_of_rows(rows, sample.weights, NAMES, "em")
        moved, error = [], []
        for unit in range(0, m, m // 40):
            known = moments_of_rows(rows, without(sample, strata, unit), NAMES, "em")
            moved.append(np.abs(known.mean - whole.mean).max())
            error.append(np.abs(known.mean - found.mean[unit]).max())
        left.append(np.median(error))
        assert np.median(error) < 0.05 * np.median(moved)
    assert left[1] < left[0] / 8


def test_em_of_complete_rows_is_exact(factor_rows: Rows) -> None:
    rows = factor_rows(40, 3, 54)
    sample = Sample(NAMES, rows, np.ones(40), np.arange(40))
    strata = np.zeros(40, dtype=np.int64)
    em, complete = (jackknife_moments(sample, strata, m) for m in ("em", "complete"))
    np.testing.assert_array_equal(em.cov, complete.cov)


def test_jackknife_variance_of_a_mean_is_the_linear_one(factor_rows: Rows) -> None:
    # weights that do not vary within a stratum: the mean is linear in the units
    rows = factor_rows(60, 3, 55)
    strata = np.arange(60) % 3
    sample = Sample(NAMES, rows, np.array([1.0, 2.0, 0.5])[strata], np.arange(60))
    whole = moments_of_rows(rows, sample.weights, NAMES, "complete")
    found = jackknife_moments(sample, strata, "complete", moments=whole)
    jackknife = 19 / 20 * np.sum((found.mean - whole.mean) ** 2, axis=0)
    linear = design_variance(sample_scores(sample, 60, whole)[:, :3], strata)
    np.testing.assert_allclose(jackknife, linear, rtol=1e-10)


def test_a_unit_alone_in_its_stratum(factor_rows: Rows) -> None:
    rows = factor_rows(30, 3, 56)
    strata = np.r_[np.zeros(29, dtype=np.int64), 1]
    sample = Sample(NAMES, rows, np.ones(30), np.arange(30))
    found = jackknife_moments(sample, strata, "complete")
    np.testing.assert_allclose(found.mean[29], rows[:29].mean(axis=0), rtol=1e-12)


def test_no_moments_none_without_a_unit(factor_rows: Rows) -> None:
    rows = factor_rows(30, 3, 57, gone=0.2)
    rows[:, 1] = np.where(np.isnan(rows[:, 1]), np.nan, 5.0)  # EM of an item alike for all
    sample = Sample(NAMES, rows, np.ones(30), np.arange(30))
    found = jackknife_moments(sample, np.zeros(30, dtype=np.int64), "em")
    assert np.isnan(found.cov).all()
