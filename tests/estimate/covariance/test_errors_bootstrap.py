"""Bootstrap errors and the bootstrap test of fit."""

from dataclasses import replace

import numpy as np
import pytest

from csi.errors import EstimationError
from csi.estimate.covariance.bollen_stine import bollen_stine, draws_under_model, turned
from csi.estimate.covariance.bootstrap import (
    bootstrap,
    draws_in_words,
    fit_targets,
    replicate_draws,
)
from csi.estimate.covariance.kernel import implied
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.robust import errors_of
from csi.estimate.covariance.scoring import Target
from csi.moments.groups import moments_of_rows
from tests.estimate.covariance.errors_cases import ITEMS, fitted, model, survey

DRAWS = 400
BOOT = SemOptions(errors="bootstrap", draws=DRAWS, seed=3)


@pytest.mark.parametrize(
    "design", [{}, {"weights": True}, {"clusters": True, "strata": True, "weights": True}]
)
def test_bootstrap_errors_are_near_the_sandwich(design: dict) -> None:
    """400 draws know an error to 3.5 %; with 30 clusters the draws say somewhat more."""
    boot = fitted(model(), survey(), BOOT, **design)
    robust = fitted(model(), survey(), SemOptions(errors="mlr"), **design)
    ratio = boot.errors / robust.errors
    assert np.median(ratio) == pytest.approx(1.0, abs=0.1)
    assert boot.tests.keys() == {"standard"}


def test_a_seed_gives_the_same_draws() -> None:
    """And another seed others."""
    first, again = (fitted(model(), survey(), BOOT) for _ in range(2))
    other = fitted(model(), survey(), replace(BOOT, seed=4))
    np.testing.assert_array_equal(first.vcov, again.vcov)
    assert not np.allclose(first.vcov, other.vcov)


def test_draws_do_not_depend_on_what_is_fitted_with_them() -> None:
    """One by one, all at once, and from moments made of drawn rows."""
    fit = fitted(model(means=True), survey(), SemOptions())
    rng = np.random.default_rng(8)
    rows = fit.sample.rows[0].rows
    drawn = [rows[rng.integers(0, len(rows), len(rows))] for _ in range(6)]
    cov = np.array([np.cov(own.T, ddof=0) for own in drawn])[:, None]
    mean = np.array([own.mean(axis=0) for own in drawn])[:, None]
    target = Target(cov, mean, np.ones((6, 1)))
    parts = [Target(cov[k : k + 1], mean[k : k + 1], np.ones((1, 1))) for k in range(6)]
    whole, single = (fit_targets(fit.placed, fit.x, own) for own in ([target], parts))
    assert whole.converged.all()
    np.testing.assert_allclose(single.x, whole.x, atol=1e-6)
    np.testing.assert_allclose(single.value, whole.value, atol=1e-9)


def test_draws_that_fail_are_counted_and_left_out() -> None:
    """A draw without moments, one with a negative variance, one as it should be."""
    fit = fitted(model(), survey(), SemOptions())
    base = implied(fit.placed.layout, fit.x[None])
    odd = fit.x.copy()
    place = [p.name for p in fit.placed.free].index("l1 ~~ l1")
    odd[place] = -0.05
    negative = implied(fit.placed.layout, odd[None]).cov[0]
    cov = np.stack([base.cov[0], np.full_like(negative, np.nan), negative])
    target = Target(cov, np.zeros((3, 1, len(ITEMS))), np.ones((3, 1)))
    draws = fit_targets(fit.placed, fit.x, [target])
    assert draws.converged.tolist() == [True, False, True]
    assert draws.admissible.tolist() == [True, False, False]
    assert (draws.failed, draws.inadmissible) == (1, 1)
    np.testing.assert_allclose(draws.x[2], odd, atol=1e-5)
    assert np.isnan(draws.x[1]).all()
    words = draws_in_words(draws)
    assert words[0].startswith("1 of 3 bootstrap draws did not converge")
    assert words[1].startswith("1 of 3 bootstrap draws have negative variances")


def test_replicates_of_a_survey_are_fitted() -> None:
    """Moments with a batch of replicates, and what is not of the model's items."""
    fit = fitted(model(), survey(), SemOptions())
    rows = fit.sample.rows[0].rows
    rng = np.random.default_rng(2)
    picks = [rng.integers(0, len(rows), len(rows)) for _ in range(3)]
    one = moments_of_rows(rows, np.ones(len(rows)), ITEMS, "complete")
    made = [moments_of_rows(rows[pick], np.ones(len(rows)), ITEMS, "complete") for pick in picks]
    stacked = {
        name: np.stack([getattr(m, name) for m in made])
        for name in ("mean", "cov", "n", "sum_weights", "n_effective", "answers")
    }
    moments = replace(one, **stacked)
    found = replicate_draws(fit.placed, fit.x, moments, SemOptions())
    single = replicate_draws(
        fit.placed,
        fit.x,
        replace(one, **{name: value[1:2] for name, value in stacked.items()}),
        SemOptions(),
    )
    np.testing.assert_allclose(found.x[1], single.x[0], atol=1e-6)
    assert found.converged.all()
    with pytest.raises(EstimationError, match="are of items"):
        replicate_draws(fit.placed, fit.x, replace(moments, items=ITEMS[::-1]), SemOptions())


def test_turned_answers_have_the_moments_of_the_model() -> None:
    """Means and covariances are the model's; turned to their own moments they stay."""
    fit = fitted(model(), survey(), SemOptions())
    rows, own = fit.sample.rows[0].rows, fit.sample
    sigma = implied(fit.placed.layout, fit.x[None]).cov[0, 0]
    made = turned(rows, own.mean[0], own.cov[0], np.arange(10.0), sigma)
    np.testing.assert_allclose(np.cov(made.T, ddof=0), sigma, atol=1e-10)
    np.testing.assert_allclose(made.mean(axis=0), np.arange(10.0), atol=1e-10)
    same = turned(rows, own.mean[0], own.cov[0], own.mean[0], own.cov[0])
    np.testing.assert_allclose(same, rows, atol=1e-9)


def test_bootstrap_test_is_the_share_of_larger_statistics() -> None:
    """Its draws are fits to the turned answers, whose mean is what scaled tests expect."""
    options = SemOptions(errors="mlm", draws=DRAWS, seed=5, tests=("bollen-stine",))
    fit = fitted(model(), survey(), options)
    test = fit.tests["bollen-stine"]
    draws = draws_under_model(fit.placed, fit.x, fit.sample, options)
    statistics = 2.0 * 300 * draws.value[draws.converged]
    above = (statistics >= fit.tests["standard"].statistic).sum()
    assert test.p_value == pytest.approx((1 + above) / (1 + len(statistics)))
    assert test.statistic == pytest.approx(fit.tests["standard"].statistic)
    scaled = fit.tests["satorra-bentler"]
    # draws of n from n have fourth moments a little apart, and 400 draws a spread of 2 %
    assert statistics.mean() / 32 == pytest.approx(scaled.scaling, rel=0.12)
    assert test.scaling == pytest.approx(statistics.mean() / 32)
    assert test.p_value == pytest.approx(scaled.p_value, abs=0.15)


def test_bootstrap_test_rejects_a_wrong_model() -> None:
    """All items of one construct that are of three."""
    wrong = model(less=True)
    kept = tuple(p for p in wrong.parameters if (p.lhs, p.op, p.rhs) != ("L", "~", "S"))
    options = SemOptions(draws=100, tests=("bollen-stine",))
    fit = fitted(replace(wrong, parameters=kept), survey(), options)
    assert fit.tests["bollen-stine"].p_value == pytest.approx(1 / 101)


def test_no_draw_at_all_is_an_error() -> None:
    """A bootstrap of nothing says so."""
    fit = fitted(model(), survey(), SemOptions())
    sample = fit.sample
    flat = replace(sample.rows[0], rows=np.repeat(sample.rows[0].rows[:1], 300, axis=0))
    empty = replace(sample, rows=(flat,))
    with pytest.raises(EstimationError, match="draws converged"):
        errors_of(fit.placed, fit.x, empty, replace(BOOT, draws=5))
    with pytest.raises(EstimationError, match="no draw converged"):
        bollen_stine(fit.placed, fit.x, empty, replace(BOOT, draws=5))


def test_bootstrap_of_groups() -> None:
    """Equal loadings are equal in every draw; a draw whose construct is another's sum fails."""
    fit = fitted(model(means=True, groups=("A", "B"), equal=True), survey(), SemOptions())
    draws = bootstrap(fit.placed, fit.x, fit.sample, replace(BOOT, draws=40))
    assert draws.failed == 1
    assert np.isnan(draws.x[~draws.converged]).all()
    names = [(p.name, p.group) for p in fit.placed.free]
    first, second = (names.index(("Q =~ q2", group)) for group in (0, 1))
    np.testing.assert_array_equal(draws.values[:, first], draws.values[:, second])
