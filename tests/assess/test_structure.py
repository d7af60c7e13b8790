"""The whole road: tables, verdicts, and what happens where something cannot be computed."""

import numpy as np
import pytest

from csi.assess.exact_fit import exact_fit
from csi.assess.model_fit import ImpliedOptions
from csi.assess.structure import StructureAssessment, structure
from csi.assess.structure_tables import NO_PLS
from csi.assess.structure_words import (
    f2_verdict,
    misfit_verdict,
    q2_verdict,
    r2_verdict,
    srmr_verdict,
    theta_verdict,
)
from csi.estimate.pls import PLSOptions
from csi.index.options import IndexOptions
from csi.index.replicated import replicated
from csi.model import models
from tests.assess.structure_cases import (
    ITEMS,
    composites,
    drawn,
    factors,
    on_mobi,
    reference,
    small,
    survey_of,
)


@pytest.fixture(scope="module")
def found() -> StructureAssessment:
    return structure(on_mobi(draws=200))


def test_tables_have_their_columns(found: StructureAssessment) -> None:
    spread = ["estimate", "se", "lower", "upper"]
    assert list(found.explained) == ["construct", "measure", *spread, "note"]
    assert list(found.effect_sizes) == ["from", "to", "measure", *spread, "note"]
    assert list(found.fit) == ["structure", "measure", "estimate", "critical", "p_value", "note"]
    assert list(found.criteria) == ["construct", "measure", "estimate", "note"]
    assert list(found.effects) == ["from", "to", "measure", *spread, "p_value", "note"]
    for table in (found.explained, found.effect_sizes, found.fit, found.criteria, found.effects):
        empty = table["estimate"].isna()
        assert (table.loc[empty, "note"] != "").all()


def test_r2_as_csem_with_intervals(found: StructureAssessment) -> None:
    theirs = reference()["cSEM modeA"]
    for measure, key in (("R2", "r2"), ("R2 adjusted", "r2_adjusted")):
        rows = found.explained[found.explained["measure"] == measure].set_index("construct")
        for name, value in theirs[key].items():
            assert rows.loc[name, "estimate"] == pytest.approx(value, abs=1e-6)
        assert (rows["lower"] < rows["estimate"]).all()
        assert (rows["estimate"] < rows["upper"]).all()


def test_verdicts_are_sentences_in_both_languages(found: StructureAssessment) -> None:
    assert {v.measure for v in found.verdicts} >= {
        "R2", "f2", "Q2", "SRMR", "NFI", "RMS_theta", "exact fit SRMR", "mediation",
    }  # fmt: skip
    for verdict in found.verdicts:
        for words in (verdict.sentence.en, verdict.sentence.zh):
            assert words
            assert "{" not in words
            assert "nan" not in words
        assert verdict.topic == "structure"
    assert "34 verdicts" in repr(found)
    assert "<table" in found._repr_html_()


def test_a_weak_share_of_another_construct_is_told() -> None:
    model = models.load("ecsi_mobile")
    assert r2_verdict(model, "Quality", 0.3, 0.2, 0.4).grade == "told"
    assert r2_verdict(model, "Quality", 0.2, 0.1, 0.3).grade == "doubtful"


@pytest.mark.parametrize(
    ("value", "grade"),
    [(0.75, "good"), (0.5, "good"), (0.3, "doubtful"), (0.1, "doubtful"), (0.09, "poor")],
)
def test_grades_of_r2(value: float, grade: str) -> None:
    model = models.load("ecsi_mobile")
    verdict = r2_verdict(model, "Satisfaction", value, value - 0.1, value + 0.1)
    assert verdict.grade == grade
    assert "Customer satisfaction" in verdict.sentence.en  # the label, not the name
    assert "顾客满意度" in verdict.sentence.zh


def test_grades_at_their_limits() -> None:
    model = models.load("ecsi_mobile")
    assert [srmr_verdict("estimated", v).grade for v in (0.08, 0.09, 0.101)] == [
        "good", "doubtful", "poor",
    ]  # fmt: skip
    grades = [f2_verdict(model, "Image", "Loyalty", v, 0.5).grade for v in (0.02, 0.019)]
    assert grades == ["good", "doubtful"]
    assert "up to 0.50" in f2_verdict(model, "Image", "Loyalty", 0.0, 0.5).sentence.en
    assert "left out" in f2_verdict(model, "Image", "Loyalty", 0.0, 0.01).sentence.en
    assert q2_verdict(model, "Loyalty", 0.0).grade == "poor"
    assert theta_verdict(0.2, reflective=True).grade == "doubtful"
    assert theta_verdict(0.2, reflective=False).grade == "told"


def test_where_the_misfit_is_is_told() -> None:
    """A missing path: the measurement part is kept, the whole is not."""
    rows = drawn(composites(left_out=0.35), 400, 40)
    options = IndexOptions(draws=200, missing="complete")
    (rep,) = replicated(survey_of(rows, ITEMS), small("formative"), options)
    parts = [exact_fit(rep, ImpliedOptions(structure=s)) for s in ("saturated", "estimated")]
    told = misfit_verdict(*parts)
    assert told is not None
    assert "path is missing" in told.sentence.en
    assert misfit_verdict(parts[1], parts[0]) is None


def test_a_covariance_fit_has_no_pls_measures() -> None:
    survey = survey_of(drawn(factors(), 250, 41), ITEMS)
    options = IndexOptions(estimator="ml", draws=100, missing="complete")
    (rep,) = replicated(survey, small("reflective"), options)
    found = structure(rep)
    assert found.tests == ()
    assert found.blindfolded is None
    assert set(found.fit["note"]) == {NO_PLS}
    assert found.effect_sizes.query("measure == 'f2'")["estimate"].notna().all()


def test_without_random_draws_there_is_no_test_and_a_note() -> None:
    survey = survey_of(drawn(factors(), 250, 42), ITEMS)
    options = IndexOptions(replicates="jackknife", missing="complete")
    (rep,) = replicated(survey, small("reflective"), options)
    found = structure(rep)
    assert found.tests == ()
    rows = found.fit[found.fit["measure"].isin(["SRMR", "d_ULS", "d_G"])]
    assert rows["note"].str.contains("random draws").all()
    assert rows["estimate"].notna().all()
    assert found.explained.query("measure == 'R2'")["se"].notna().all()


def test_an_inadmissible_plsc_fit_goes_through() -> None:
    found = structure(on_mobi(pls=PLSOptions(consistent=True), draws=150))
    rows = found.fit[found.fit["measure"] == "SRMR"]
    assert np.isfinite(rows["estimate"]).all()
    assert found.explained["estimate"].notna().sum() >= 18


def test_missing_answers_and_weights_go_through() -> None:
    rows = drawn(factors(), 300, 43)
    rows[np.random.default_rng(1).random(rows.shape) < 0.03] = np.nan
    weights = np.random.default_rng(2).uniform(0.5, 2.0, 300)
    survey = survey_of(rows, ITEMS, weights=weights)
    (rep,) = replicated(survey, small("reflective"), IndexOptions(draws=150))
    found = structure(rep)
    assert found.blindfolded is not None
    assert found.blindfolded.left_out == int(np.isnan(rows).any(axis=1).sum())
    notes = found.explained.query("measure == 'Q2 redundancy'")["note"]
    assert notes.str.contains("left out").all()
    assert len(found.tests) == 2
