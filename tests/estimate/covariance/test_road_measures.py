"""Measures of fit as numbers, each by a second road."""

import numpy as np
import pytest
from scipy.stats import chi2, multivariate_normal, ncx2

from csi.estimate.covariance.measures import (
    Baseline,
    chi_square_p,
    comparative,
    goodness,
    independence,
    information_criteria,
    log_likelihood,
    rmsea,
    srmr,
)

RNG = np.random.default_rng(7)
ROWS = RNG.normal(size=(300, 4)) @ RNG.normal(size=(4, 4)) + [1.0, 2.0, 3.0, 4.0]
COV, MEAN = np.cov(ROWS, rowvar=False, ddof=0), ROWS.mean(axis=0)
FITTED = np.diag(np.diag(COV)) + 0.8 * (COV - np.diag(np.diag(COV)))
OTHER = MEAN + np.array([0.1, 0.0, -0.2, 0.05])
N = np.array([300.0])
GIVEN = (COV[None], MEAN[None], FITTED[None], OTHER[None], N)


@pytest.mark.parametrize(("statistic", "freedom", "n"), [(84.2, 40, 300), (575.57, 241, 250)])
def test_limits_of_rmsea_are_those_of_the_noncentral_chi_square(
    statistic: float, freedom: int, n: int
) -> None:
    found = rmsea(statistic, freedom, n)
    assert found.value == pytest.approx(np.sqrt((statistic - freedom) / freedom / n), rel=1e-12)
    for limit, share in ((found.lower, 0.95), (found.upper, 0.05)):
        assert ncx2.cdf(statistic, freedom, limit**2 * freedom * n) == pytest.approx(
            share, abs=1e-8
        )
    assert found.close_p == pytest.approx(ncx2.sf(statistic, freedom, 0.05**2 * freedom * n))


def test_limits_of_rmsea_end_at_zero() -> None:
    both = rmsea(10.0, 40, 300)
    assert (both.value, both.lower, both.upper) == (0.0, 0.0, 0.0)
    lower = rmsea(45.0, 40, 300)
    assert lower.value > lower.lower == 0.0
    assert lower.upper > lower.value
    assert chi2.cdf(45.0, 40) < 0.95
    saturated = rmsea(0.0, 0, 300)
    assert (saturated.value, saturated.upper) == (0.0, 0.0)
    assert np.isnan(saturated.close_p)


def test_rmsea_of_groups_and_of_scaled_statistics() -> None:
    one, two = rmsea(84.2, 40, 300), rmsea(84.2, 40, 300, groups=2)
    assert two.value == pytest.approx(one.value * np.sqrt(2.0))
    assert two.upper == pytest.approx(one.upper * np.sqrt(2.0))
    scaled = rmsea(84.2 / 1.3, 40, 300, scaling=1.3)
    assert scaled.value == pytest.approx(np.sqrt((84.2 / 1.3 - 40) * 1.3 / 40 / 300))


def test_limits_of_rmsea_cover() -> None:
    """4,000 noncentral chi-squares of RMSEA 0.06: 90 % limits, error 0.5 points."""
    freedom, n = 30, 400
    drawn = ncx2.rvs(freedom, 0.06**2 * freedom * n, size=4000, random_state=3)
    held = [found.lower <= 0.06 <= found.upper for found in (rmsea(x, freedom, n) for x in drawn)]
    assert np.mean(held) == pytest.approx(0.90, abs=0.015)


def test_independent_items_have_the_determinant_of_their_correlations() -> None:
    found = independence(COV[None], N, 300.0)
    corr = np.corrcoef(ROWS, rowvar=False)
    assert found.statistic == pytest.approx(-300.0 * np.log(np.linalg.det(corr)), rel=1e-10)
    assert found.freedom == 6
    two = independence(np.stack([COV, FITTED]), np.array([100.0, 200.0]), 300.0)
    sd = np.sqrt(np.diag(FITTED))
    parts = [np.log(np.linalg.det(R)) for R in (corr, FITTED / np.outer(sd, sd))]
    assert two.statistic == pytest.approx(-100 * parts[0] - 200 * parts[1], rel=1e-10)
    assert two.freedom == 12


def test_comparative_measures_by_hand() -> None:
    cfi, tli, nfi = comparative(60.0, 40.0, Baseline(460.0, 60))
    assert cfi == pytest.approx(1 - 20 / 400)
    assert tli == pytest.approx((460 / 60 - 60 / 40) / (460 / 60 - 1))
    assert nfi == pytest.approx(1 - 60 / 460)
    cfi, tli, _ = comparative(30.0, 40.0, Baseline(460.0, 60))
    assert cfi == 1.0
    assert tli > 1.0
    assert comparative(0.0, 0.0, Baseline(460.0, 60))[:2] == (1.0, 1.0)
    assert comparative(100.0, 40.0, Baseline(50.0, 60))[0] == 0.0  # worse than independence


def test_the_likelihood_is_that_of_the_answers() -> None:
    density = multivariate_normal(OTHER, FITTED).logpdf(ROWS).sum()
    assert log_likelihood(*GIVEN, means=True) == pytest.approx(density, rel=1e-12)
    free = multivariate_normal(MEAN, FITTED).logpdf(ROWS).sum()
    assert log_likelihood(*GIVEN, means=False) == pytest.approx(free, rel=1e-12)
    aic, bic = information_criteria(free, 9, 300)
    assert aic == pytest.approx(18 - 2 * free)
    assert bic == pytest.approx(9 * np.log(300) - 2 * free)


def test_residuals_are_weighed_by_hand() -> None:
    sd = np.sqrt(np.diag(COV))
    away = [
        ((COV[i, j] - FITTED[i, j]) / sd[i] / sd[j]) ** 2 for i in range(4) for j in range(i + 1)
    ]
    shift = ((MEAN - OTHER) / sd) ** 2
    assert srmr(*GIVEN, means=False) == pytest.approx(np.sqrt(np.mean(away)), rel=1e-12)
    both = np.sqrt((np.sum(away) + shift.sum()) / 14)
    assert srmr(*GIVEN, means=True) == pytest.approx(both, rel=1e-12)
    same = srmr(COV[None], MEAN[None], COV[None], MEAN[None], N, means=True)
    assert same == pytest.approx(0.0, abs=1e-12)


def test_goodness_is_a_share_of_weighted_squares() -> None:
    """With the full matrix of weights of the moments, written out element by element."""
    inverse = np.linalg.inv(FITTED)
    weight = 0.5 * np.kron(inverse, inverse)

    def size(matrix: np.ndarray) -> float:
        return float(matrix.ravel() @ weight @ matrix.ravel())

    assert goodness(*GIVEN, means=False) == pytest.approx(
        1 - size(COV - FITTED) / size(COV), rel=1e-10
    )
    assert goodness(COV[None], MEAN[None], COV[None], MEAN[None], N, means=True) == pytest.approx(1)
    shifted = goodness(COV[None], MEAN[None], COV[None], OTHER[None], N, means=True)
    assert shifted < 1


def test_p_values() -> None:
    assert chi_square_p(30.0, 20) == pytest.approx(chi2.sf(30.0, 20))
    assert np.isnan(chi_square_p(0.0, 0))
