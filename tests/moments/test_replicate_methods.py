"""Jackknife, half samples and supplied weights against the R package survey.

Reference values: R 4.2.2, survey 4.1.1, ``as.svrepdesign(svydesign(ids=~c, strata=~h, weights=~w,
fpc=~N), type=..., mse=TRUE)``, standard errors of ``svymean(~y+x)``, their covariance,
``svyratio(~y, ~x)`` and ``svyvar`` of y and x. Tolerance 1e-10: both are exact sums of 20 numbers,
R's values have 16 digits.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from csi.arrays import Array
from csi.moments.groups import moments_of_rows
from csi.moments.replicates import plan_replicates, replicate_moments
from csi.moments.replication import Method
from csi.moments.values import Moments
from csi.survey.survey import ReplicateWeights, Survey

Build = Callable[..., Survey]
CLOSE = 1e-10

H = np.repeat([1, 2, 3], [6, 6, 8])
C = np.array([1, 1, 2, 2, 2, 3, 4, 4, 5, 5, 5, 5, 6, 7, 7, 7, 8, 8, 9, 9])
W = np.array(
    [1.2, 0.8, 1.5, 2.0, 1.1, 0.9, 2.5, 1.7, 1.3, 0.6,
     1.9, 2.2, 3.1, 0.7, 1.4, 1.6, 2.4, 1.8, 0.5, 1.0]
)  # fmt: skip
Y = np.array([7, 8, 5, 6, 9, 4, 3, 8, 7, 7, 10, 2, 6, 6, 9, 8, 1, 5, 7, 10.0])
X = np.array([6, 9, 5, 4, 10, 4, 2, 7, 8, 6, 9, 3, 5, 7, 9, 7, 2, 6, 6, 8.0])
ROWS = np.stack([Y, X], axis=1)
FRACTIONS = np.array([3 / 12, 2 / 8, 4 / 16])[H - 1]

PAIRED_H = np.repeat([1, 2, 3, 4], [6, 6, 4, 4])
PAIRED_C = np.array([1, 1, 2, 2, 2, 2, 4, 4, 5, 5, 5, 5, 6, 7, 7, 7, 8, 8, 9, 9])


@pytest.fixture
def survey(survey_of: Build) -> Survey:
    return survey_of(ROWS, ("y", "x"), weights=W, strata=H, clusters=C)


@pytest.fixture
def paired(survey_of: Build) -> Survey:
    return survey_of(ROWS, ("y", "x"), weights=W, strata=PAIRED_H, clusters=PAIRED_C)


def with_design(survey: Survey, **design: Any) -> Survey:
    return replace(survey, design=replace(survey.design, **design))


def figures(moments: Moments) -> Array:
    """Means of y and x, their ratio, variances as R has them (n / (n - 1)); the last axis."""
    mean, cov = moments.mean, moments.cov
    ratio = mean[..., :1] / mean[..., 1:]
    variance = np.stack([cov[..., 0, 0], cov[..., 1, 1]], axis=-1) * 20 / 19
    return np.concatenate([mean, ratio, variance], axis=-1)


def whole() -> Array:
    """Figures of the sample itself, by NumPy."""
    mean = np.average(ROWS, axis=0, weights=W)
    cov = np.cov(ROWS, rowvar=False, ddof=0, aweights=W)
    return np.array([*mean, mean[0] / mean[1], *(np.diag(cov) * 20 / 19)])


def errors(survey: Survey, method: Method, **options: Any) -> tuple[Array, float, float | None]:
    """Standard errors, covariance of the two means, degrees of freedom."""
    plan = plan_replicates(survey, method, draws=100, seed=1, **options)
    moments = replicate_moments(
        survey, ("y", "x"), draws=100, seed=1, missing="complete", method=method
    )
    own = figures(moments)
    assert len(own) == plan.replication.replicates
    cov = plan.replication.covariance(own, whole())
    variance = plan.replication.variance(own, whole())
    np.testing.assert_allclose(np.diag(cov), variance, rtol=1e-12)
    return np.sqrt(variance), float(cov[0, 1]), plan.replication.freedom


@pytest.mark.parametrize("finite", [False, True])
def test_jackknife_of_strata(survey: Survey, finite: bool) -> None:
    if finite:
        survey = with_design(survey, fractions=FRACTIONS)
    known = (
        [0.5842930777066334, 0.5165282954426312, 0.0478933949956771,
         1.837133867895991, 0.7204820995252543]
        if finite
        else [0.6746835313991194, 0.5964355008357234, 0.0553025289863185,
         2.121339466334258, 0.8319410682144246]
    )  # fmt: skip
    se, both, freedom = errors(survey, "jackknife")
    np.testing.assert_allclose(se, known, rtol=CLOSE)
    assert both == pytest.approx(0.2670924659351317 if finite else 0.3561232879135089, rel=CLOSE)
    assert freedom == 6


@pytest.mark.parametrize("finite", [False, True])
def test_jackknife_of_one_stratum(survey_of: Build, finite: bool) -> None:
    survey = survey_of(ROWS, ("y", "x"), weights=W, clusters=C)
    if finite:
        survey = with_design(survey, fractions=np.full(20, 9 / 30))
    known = (
        [0.5132565438242921, 0.4363866825444326, 0.03967865509396538,
         1.780402698816296, 0.8127957271249094]
        if finite
        else [0.6134589051068858, 0.5215818477096317, 0.04742506374821929,
         2.127988241761403, 0.9714767066044427]
    )  # fmt: skip
    se, both, freedom = errors(survey, "jackknife")
    np.testing.assert_allclose(se, known, rtol=CLOSE)
    assert both == pytest.approx(0.2004466195509438 if finite else 0.2863523136442054, rel=CLOSE)
    assert freedom == 8


# weights(as.svrepdesign(g, type = "BRR"), "replication") of the first cluster of each stratum
R_HALVES = np.array(
    [[2, 0, 2, 0, 2, 0, 2, 0], [2, 2, 0, 0, 2, 2, 0, 0],
     [2, 0, 0, 2, 2, 0, 0, 2], [2, 2, 2, 2, 0, 0, 0, 0]]
)  # fmt: skip


def r_halves() -> Array:
    """R's half samples of the four paired strata, one row a respondent."""
    first = np.isin(PAIRED_C, [1, 4, 6, 8])[:, None]
    own = R_HALVES[PAIRED_H - 1]
    return np.where(first, own, 2 - own) * W[:, None]


def test_supplied_half_samples(paired: Survey) -> None:
    given = ReplicateWeights(r_halves(), "brr", np.full(8, 1 / 8))
    survey = with_design(paired, replicates=given)
    known = [0.7036273436103591, 0.6571757840273412, 0.06335763502879262]
    known += [1.632581019553747, 0.9745982908462996]
    for method in ("supplied", "design"):
        se, both, freedom = errors(survey, method)  # type: ignore[arg-type]
        np.testing.assert_allclose(se, known, rtol=CLOSE)
        assert both == pytest.approx(0.4015678205298219, rel=CLOSE)
        assert freedom == 4  # R's degf


# weights(as.svrepdesign(a, type = "bootstrap", replicates = 12), "replication"), set.seed(1)
R_DRAWN = np.array(
    [2, 0, 0, 3, 0, 1, 2, 2, 2, 1, 1, 0, 1, 1, 1, 0, 3, 1, 0, 1, 1, 2, 0, 3, 0, 2, 2,
     0, 0, 1, 1, 0, 0, 0, 2, 0, 2, 2, 1, 1, 1, 1, 1, 2, 0, 2, 2, 2, 0, 0, 1, 1, 1, 1,
     1, 0, 2, 0, 0, 0, 1, 0, 0, 2, 2, 0, 2, 1, 3, 2, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0,
     1, 2, 1, 2, 2, 1, 1, 0, 2, 0, 0, 1, 1, 2, 1, 0, 1, 2, 1, 2, 1, 1, 3, 0, 0, 0, 2]
).reshape(9, 12)  # fmt: skip


def test_supplied_bootstrap_about_the_mean(survey: Survey) -> None:
    given = ReplicateWeights(
        R_DRAWN[C - 1] * W[:, None], "bootstrap", np.full(12, 0.1422924901185771), "mean"
    )
    se, both, freedom = errors(with_design(survey, replicates=given), "supplied")
    known = [0.5877070490899545, 0.371510960261579, 0.05821604393936661]
    known += [1.744559129895709, 0.8711082440334273]
    np.testing.assert_allclose(se, known, rtol=CLOSE)
    assert both == pytest.approx(0.1877447884054129, rel=CLOSE)
    assert freedom == 6  # R's degf: nine clusters of three strata turn no more ways


@pytest.mark.parametrize(("method", "fay"), [("brr", 0.0), ("fay", 0.3)])
@pytest.mark.parametrize("finite", [False, True])
def test_half_samples_give_the_variance_of_strata(
    survey_of: Build, method: Method, fay: float, finite: bool
) -> None:
    """A mean of pairs of equal weight: the sum of squared differences of their totals."""
    rng = np.random.default_rng(2)
    strata, clusters = np.repeat(np.arange(5), 6), np.repeat(np.arange(10), 3)
    rows, weights = rng.uniform(1, 10, (30, 2)), np.repeat([1.0, 2.0, 0.5, 3.0, 1.0], 6)
    survey = survey_of(rows, ("y", "x"), weights=weights, strata=strata, clusters=clusters)
    left = np.ones(5)
    if finite:
        fractions = np.array([0.1, 0.5, 1.0, 0.0, 0.25])
        left = 1 - fractions
        survey = with_design(survey, fractions=fractions[strata])
    totals = (weights[:, None] * rows).reshape(5, 2, 3, 2).sum(axis=2)
    known = (left[:, None] * (totals[:, 0] - totals[:, 1]) ** 2).sum(axis=0) / weights.sum() ** 2
    plan = plan_replicates(survey, method, draws=2, seed=1, fay=fay)
    assert plan.replication.replicates == 8
    assert plan.replication.freedom == 5
    own = plan.weights(np.arange(30)) * weights
    means = own @ rows / own.sum(axis=1)[:, None]
    estimate = np.average(rows, axis=0, weights=weights)
    np.testing.assert_allclose(plan.replication.variance(means, estimate), known, rtol=1e-12)
    heavy = own[:, 3:6].max() / weights[0]  # the heavier half of a stratum
    assert heavy == pytest.approx(1 + (1 - fay) * np.sqrt(left[0]))


@pytest.mark.parametrize("method", ["jackknife", "fay", "supplied"])
@pytest.mark.parametrize("missing", ["complete", "pairwise", "em"])
def test_moments_are_those_of_the_weights(
    paired: Survey, small_gaps: Array, method: Method, missing: Any
) -> None:
    """The fast sums, and EM, against moments of the same rows with the multiplied weights."""
    given = ReplicateWeights(r_halves() * 0.5 + W[:, None] * 0.5, "fay", np.full(8, 1 / 2))
    survey = with_design(replace(paired, answers=small_gaps), replicates=given)
    drawn = replicate_moments(survey, ("y", "x"), draws=50, seed=1, missing=missing, method=method)
    plan = plan_replicates(survey, method, draws=50, seed=1)
    own = plan.weights(np.arange(20)) * W
    close = 1e-4 if missing == "em" else 1e-11  # EM of one sample stops at a step of 1e-6
    assert drawn.batch == (len(own),)
    for k, weights in enumerate(own):
        known = moments_of_rows(small_gaps, weights, ("y", "x"), missing)
        np.testing.assert_allclose(drawn.mean[k], known.mean, rtol=0, atol=close)
        np.testing.assert_allclose(drawn.cov[k], known.cov, rtol=0, atol=10 * close)


@pytest.fixture
def small_gaps() -> Array:
    rows = ROWS.copy()
    rows[[2, 9], 0] = rows[15, 1] = np.nan
    return rows


def test_respondents_without_sampling_weight_enter_supplied_replicates(survey: Survey) -> None:
    weights, replicates = W.copy(), R_DRAWN[C - 1] * W[:, None]
    weights[4] = 0.0
    replicates[4] = np.arange(12) % 3
    given = ReplicateWeights(replicates, "bootstrap", np.full(12, 1 / 12), "mean")
    drawn = replicate_moments(
        with_design(survey, weights=weights, replicates=given),
        ("y", "x"), draws=2, seed=1, missing="complete",
    )  # fmt: skip
    known = replicates.T @ ROWS / replicates.sum(axis=0)[:, None]
    np.testing.assert_allclose(drawn.mean, known, rtol=1e-13)
    np.testing.assert_allclose(drawn.sum_weights, replicates.sum(axis=0), rtol=1e-13)
    assert (drawn.n == 19).all()  # he counts for nothing in the sample itself
