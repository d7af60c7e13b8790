"""Bootstrap of incomplete answers: the draws of complete ones, and the spread of sandwiches."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.estimate.covariance.bootstrap import bootstrap
from csi.estimate.covariance.fiml import fiml_solve
from csi.estimate.covariance.fiml_bootstrap import fiml_bootstrap, refit
from csi.estimate.covariance.fiml_errors import fiml_errors
from csi.estimate.covariance.layout import Placed, place
from csi.estimate.covariance.options import SemOptions
from csi.estimate.covariance.result import SemSample
from csi.estimate.covariance.sample import sample_of
from csi.model.sem.build import with_means
from csi.model.sem.values import Parameter, SemModel

ITEMS = ("a", "b", "c", "d")
OPTIONS = SemOptions(missing="fiml", errors="bootstrap", draws=200, seed=3)


def one_factor(share: float, n: int = 300) -> tuple[Placed, SemSample]:
    """One construct of four items, a share of the answers missing, and a skewed distribution."""
    rng = np.random.default_rng(5)
    construct = rng.exponential(size=n)
    rows = construct[:, None] * [1.0, 0.8, 1.2, 0.6] + 0.7 * rng.normal(size=(n, 4))
    data = pd.DataFrame(rows, columns=ITEMS).mask(rng.random((n, 4)) < share)
    loadings = [Parameter("Q", "=~", x, fixed=1.0 if x == "a" else None) for x in ITEMS]
    variances = [Parameter(x, "~~", x) for x in ("Q", *ITEMS)]
    model = with_means(SemModel("one", ("Q",), ITEMS, (*loadings, *variances)))
    return place(model), sample_of(model, data, OPTIONS)


@pytest.mark.parametrize("clustered", [False, True])
def test_draws_of_complete_answers_are_fitted_as_complete_data(clustered: bool) -> None:
    placed, sample = one_factor(0.0)
    if clustered:
        part = replace(sample.rows[0], clusters=np.arange(300) // 6)
        sample = replace(sample, rows=(part,), clustered=True)
    options = replace(OPTIONS, draws=20)
    solution = fiml_solve(placed, sample, options)
    ours = fiml_bootstrap(placed, solution, options)
    theirs = bootstrap(placed, solution.scored.x[0], sample, replace(options, missing="complete"))
    assert ours.failed == 0
    np.testing.assert_allclose(ours.x, theirs.x, atol=1e-4)
    np.testing.assert_array_equal(ours.admissible, theirs.admissible)


def test_spread_of_draws_is_that_of_the_sandwich() -> None:
    """200 draws know an error to about 5 %; skewed answers set both apart from the information."""
    placed, sample = one_factor(0.15)
    solution = fiml_solve(placed, sample, OPTIONS)
    drawn = fiml_errors(placed, solution, OPTIONS)
    robust = fiml_errors(placed, solution, replace(OPTIONS, errors="mlr"))
    plain = fiml_errors(placed, solution, replace(OPTIONS, errors="standard"))
    ratio = np.sqrt(np.diag(drawn.vcov) / np.diag(robust.vcov))
    assert ratio.min() > 0.85
    assert ratio.max() < 1.2
    k = [p.name for p in placed.free].index("Q ~~ Q")
    assert drawn.vcov[k, k] > 1.5 * plain.vcov[k, k]
    assert drawn.notes == ()


def test_same_weights_give_the_same_fit_and_hopeless_ones_none() -> None:
    placed, sample = one_factor(0.15)
    solution = fiml_solve(placed, sample, OPTIONS)
    x, value = refit(placed, solution, solution.units.weights)
    np.testing.assert_allclose(x, solution.scored.x[0], atol=1e-6)
    assert value * len(sample.rows[0].rows) == pytest.approx(-solution.loglikelihood, abs=1e-7)
    few = np.zeros(300)[: len(sample.rows[0].rows)]
    few[:2] = 1.0
    x, value = refit(placed, solution, (few,))
    assert np.isnan(x).all()
    assert np.isnan(value)
