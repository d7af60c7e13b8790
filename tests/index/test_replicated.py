"""A fit with its replicates: the same errors as `yearly`, and refusals."""

import numpy as np
import pytest

import csi
from csi.assess.mediation import mediation
from csi.errors import MomentsError, OptionError
from csi.index.replicated import replicated
from csi.run.inputs import find_inputs, model_of
from csi.tabular import said


@pytest.fixture(scope="module")
def mobile() -> tuple[csi.Survey, csi.Model]:
    inputs = find_inputs("mobile")
    assert inputs.model is not None
    survey = csi.read_survey(inputs.survey.path, csi.read_codebook(inputs.codebook.path))
    return survey, model_of(inputs.model)


@pytest.mark.parametrize("interval", ["normal", "percentile"])
def test_errors_are_those_of_the_yearly_road(
    mobile: tuple[csi.Survey, csi.Model], interval: str
) -> None:
    survey, model = mobile
    options = csi.IndexOptions(draws=100, interval=interval)
    (whole,) = replicated(survey, model, options)
    other = csi.yearly(survey, model, by="", options=options).paths
    at = [(model.names.index(p.source), model.names.index(p.target)) for p in model.paths]
    found = whole.of(lambda fit: np.stack([fit.paths[..., i, j] for i, j in at], axis=-1))
    # the same draws: equal to rounding
    for name in ("estimate", "se", "lower", "upper"):
        np.testing.assert_allclose(getattr(found, name), other[name], rtol=1e-9, atol=1e-12)
    assert whole.draws_used == 100


def test_groups_come_in_the_order_of_the_codebook(mobile: tuple[csi.Survey, csi.Model]) -> None:
    survey, model = mobile
    parts = replicated(survey, model, csi.IndexOptions(draws=100), by="year")
    assert [part.label for part in parts] == [(year,) for year in survey.periods]
    assert sum(int(part.fit.moments.n) for part in parts) <= len(survey)


def test_delta_has_no_replicates(mobile: tuple[csi.Survey, csi.Model]) -> None:
    survey, model = mobile
    with pytest.raises(OptionError, match="makes no replicates"):
        replicated(survey, model, csi.IndexOptions(replicates="delta"))


def test_an_unknown_key_is_named(mobile: tuple[csi.Survey, csi.Model]) -> None:
    survey, model = mobile
    with pytest.raises(MomentsError, match="compny"):
        replicated(survey, model, csi.IndexOptions(draws=100), by="compny")


@pytest.mark.parametrize(
    ("asked", "replicates", "used"),
    [
        ("percentile", "bootstrap", "percentile"),
        ("studentised", "bootstrap", "bias-corrected"),
        ("normal", "jackknife", "normal"),
    ],
)
def test_the_summary_names_the_limits_that_it_shows(
    mobile: tuple[csi.Survey, csi.Model], asked: str, replicates: str, used: str
) -> None:
    survey, model = mobile
    options = csi.IndexOptions(draws=100, interval=asked, replicates=replicates)  # type: ignore[arg-type]
    (whole,) = replicated(survey, model, options)
    assert whole.interval_kind == used
    facts = {fact.label: fact.value for fact in whole.summary().facts}
    assert facts["Interval"] == said(used, "en")
    made = mediation(whole, "Image", "Loyalty").summary().table("Effects")
    assert "P>|" not in " ".join(made.columns)  # with such limits p values are those of the draws
    assert "P>|t|" in whole.summary().table("Paths").columns
