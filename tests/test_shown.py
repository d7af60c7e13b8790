"""What a value shows of itself in a notebook: one line, a short table, and labelled frames."""

import numpy as np
import pandas as pd
import pytest

import csi
from csi.simulation import Simulation


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return csi.simulate(
        csi.models.load("swics"), years=[2024, 2025], groups=["A", "B"], n=80, seed=3
    )


def test_every_value_says_what_it_is_in_one_line(simulation: Simulation) -> None:
    survey = csi.read_survey(simulation.answers, simulation.codebook)
    moments = csi.moments_of(survey, simulation.model, by=["year", "group"])
    fit = csi.fit_pls(simulation.model, moments)
    figures = csi.yearly(
        survey, simulation.model, group="group", options=csi.IndexOptions(draws=100)
    )
    for value in (simulation.codebook, simulation.model, survey, moments, fit, figures):
        assert len(repr(value)) < 300
        assert "\n" not in repr(value)
    assert "by year, group: batch (4,), n 80" in repr(moments)
    assert "4 of 4 settled" in repr(fit)
    assert "2024 to 2025, 2 groups; 4 of 4 figures" in repr(figures)
    for value in (simulation.model, survey, fit, figures):
        assert "<table" in value._repr_html_()


def test_labelled_tables_hold_the_arrays(simulation: Simulation) -> None:
    survey = csi.read_survey(simulation.answers, simulation.codebook)
    model = simulation.model
    fit = csi.fit_pls(model, csi.moments_of(survey, model, by=["year", "group"]))
    table = fit.paths_table().set_index(["year", "group", "from", "to"])["estimate"]
    at = fit.moments.labels.index(("2025", "A"))
    for path in model.paths:
        i, j = model.names.index(path.source), model.names.index(path.target)
        assert table["2025", "A", path.source, path.target] == fit.paths[at, i, j]
    single = csi.fit_pls(model, csi.moments_of(survey, model))
    np.testing.assert_array_equal(single.weights_table()["weight"], single.weights)
    assert single.weights_table()["item"].tolist() == list(model.items)
    np.testing.assert_array_equal(single.constructs_table()["r2"], single.r2)
    drawn = csi.replicate_moments(survey, model, draws=5, seed=1, by=["year", "group"])
    long = csi.fit_pls(model, drawn).paths_table()
    assert len(long) == 5 * 4 * len(model.paths)
    assert isinstance(long, pd.DataFrame)
