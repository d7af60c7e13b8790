"""Index figures by maximum likelihood: the same road, near figures, its own errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import csi
from csi.compare import impacts
from csi.errors import OptionError
from csi.estimate.covariance.as_fit import fit_ml
from csi.estimate.pls import PLSOptions
from csi.index import IndexOptions, yearly
from csi.model import Model
from csi.moments import moments_of
from csi.simulation import simulate
from csi.survey.survey import Survey

OPTIONS = IndexOptions(draws=300, seed=3, missing="complete")


@pytest.fixture(scope="module")
def pair(three_years: Survey, model: Model) -> tuple[pd.DataFrame, pd.DataFrame]:
    pls = yearly(three_years, model, options=OPTIONS).figures
    ml = yearly(three_years, model, options=replace(OPTIONS, estimator="ml")).figures
    return pls, ml


def test_weights_are_those_of_factor_scores(three_years: Survey, model: Model) -> None:
    """Items count by loading over unique variance: Bartlett's scores of a one-factor block."""
    here = three_years.keys["year"] == "2021"
    moments = moments_of(three_years, model, missing="complete", where=here)
    fit = fit_ml(model, moments)
    loading = fit.loadings[3:6]
    by_hand = loading / (1.0 - loading**2)
    own = fit.weights[3:6]
    # loadings are of implied, weights of sample standard deviations: equal to the fit of variances
    np.testing.assert_allclose(own / own.sum(), by_hand / by_hand.sum(), rtol=1e-6)


def test_the_estimator_moves_the_index_little(
    pair: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """Items of a block are alike here: other weights move an index by part of its margin."""
    pls, ml = pair
    assert ((pls["index"] - ml["index"]).abs() < pls["moe"] / 2.0).all()
    np.testing.assert_allclose(ml["se"], pls["se"], rtol=0.1)


def test_methods_of_errors_meet(three_years: Survey, model: Model) -> None:
    """The delta method through maximum likelihood, against its bootstrap."""
    options = replace(OPTIONS, estimator="ml", draws=1000)
    boot = yearly(three_years, model, options=options)
    delta = yearly(three_years, model, options=replace(options, replicates="delta"))
    np.testing.assert_allclose(delta.figures["se"], boot.figures["se"], rtol=0.08)
    np.testing.assert_allclose(delta.paths["se"], boot.paths["se"], rtol=0.12)
    assert boot.metric.estimator == "covariance fit, maximum likelihood"


def test_slopes_are_between_constructs_free_of_error(three_years: Survey, model: Model) -> None:
    """Without measurement error the slope of two constructs is larger than that of their scores."""
    options = replace(OPTIONS, draws=100)
    tables = [
        impacts(yearly(three_years, model, options=chosen).joint, rise=1.0)
        for chosen in (options, replace(options, estimator="ml"))
    ]
    direct = [table.query("`from` == 'Quality' and to == 'Satisfaction'")["direct"].to_numpy()
              for table in tables]  # fmt: skip
    assert (direct[1] > direct[0]).all()


def test_draws_that_did_not_settle_are_counted_as_such() -> None:
    """Two items a construct and 80 respondents: some draws have no minimum; NaN is how ML says so.

    The jackknife has a draw for each respondent, whatever number of bootstrap draws is asked for.
    """
    model = csi.models.load("scsb")
    made = simulate(model, years=[2024, 2025], groups=["A", "B"], n=80, seed=1)
    survey = csi.read_survey(made.answers, made.codebook)
    options = IndexOptions(estimator="ml", draws=100)
    found = yearly(survey, model, group="group", options=options)
    assert found.fits["draws_not_converged"].sum() > found.fits["draws_degenerate"].sum()
    lost = found.fits["draws_not_converged"] + found.fits["draws_degenerate"]
    assert (found.fits["draws"] - found.fits["draws_used"] == lost).all()
    notes = yearly(
        survey, model, group="group", options=replace(options, replicates="jackknife")
    ).notes
    assert any("kept in the errors, of 80:" in note for note in notes)


def test_options_of_pls_are_refused() -> None:
    with pytest.raises(OptionError, match="no use for the options of PLS: scheme, consistent"):
        IndexOptions(estimator="ml", pls=PLSOptions(scheme="centroid", consistent=True))
