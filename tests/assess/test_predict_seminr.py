"""Live parity with seminr and seminrExtras for Python: the same folds, the same predictions."""

from typing import Any

import numpy as np
import pytest

from csi.assess.cvpat import CvpatOptions, cvpat
from csi.assess.predict import PredictOptions, predict
from csi.estimate.pls import PLSOptions
from csi.model.model import Model
from tests.assess.predict_cases import chain, european, mobi_survey, rows_of, simulated, survey_of

seminr = pytest.importorskip("seminr", reason="seminr (Python) is not installed")

TIGHT = PLSOptions(tolerance=1e-12, max_steps=3000)


def seminr_of(model: Model, rows: Any) -> Any:
    """Fit the model with seminr, all blocks mode A, at a tight stopping rule."""
    make = [
        (seminr.reflective if c.kind == "reflective" else seminr.composite)(c.name, list(c.items))
        for c in model.constructs
    ]
    arrows = [seminr.paths(p.source, p.target) for p in model.paths]
    return seminr.estimate_pls(
        (model.items, rows), seminr.constructs(*make), seminr.relationships(*arrows),
        stop_criterion=12, max_it=3000,
    )  # fmt: skip


@pytest.mark.parametrize("technique", ["direct", "earliest"])
@pytest.mark.parametrize("data", ["mobi", "simulated"])
def test_the_same_folds_give_the_same_errors(technique: Any, data: str) -> None:
    model = european() if data == "mobi" else chain()
    survey = mobi_survey() if data == "mobi" else survey_of(simulated(200, 3), model.items)
    n = len(survey)
    order = np.random.default_rng(1).permutation(n)
    how = seminr.predict_DA if technique == "direct" else seminr.predict_EA
    theirs = seminr.predict_pls(
        seminr_of(model, rows_of(survey, model)),
        technique=how,
        no_folds=10,
        ordering=order.tolist(),
    )
    fold = np.empty(n, dtype=int)
    fold[order] = np.arange(n) * 10 // n  # ten runs of the ordered rows
    found = predict(survey, model, PredictOptions(technique=technique, pls=TIGHT), fold_of=fold)
    place = np.argsort(found.errors.sample.numbers)
    for k, name in enumerate(("pls", "lm")):
        residuals = getattr(theirs.items, f"{name}_out_of_sample_residuals")
        at = [residuals.cols.index(item) for item in found.errors.items]
        own = found.errors.squared[k][place]
        # both PLS iterations stop at 1e-12; squared errors reach 50
        np.testing.assert_allclose(own, residuals.values[:, at] ** 2, atol=1e-6)


def test_consistent_prediction_is_not_seminrs_and_is_better() -> None:
    """seminr puts coefficients of factors on composites (its issue 425)."""
    model, survey = european("reflective"), mobi_survey()
    theirs = seminr.predict_pls(
        seminr_of(model, rows_of(survey, model)), technique=seminr.predict_DA, no_folds=10,
        ordering=list(range(250)),
    )  # fmt: skip
    options = PredictOptions(pls=PLSOptions(consistent=True))
    found = predict(survey, model, options, fold_of=np.arange(250) // 25)
    residuals = theirs.items.pls_out_of_sample_residuals
    at = [residuals.cols.index(item) for item in found.errors.items]
    assert found.errors.squared[0].mean() < 0.97 * np.mean(residuals.values[:, at] ** 2)


def test_cvpat_of_seminrextras() -> None:
    """Leave-one-out has no chance in it but the bootstrap of the standard error."""
    extras = pytest.importorskip("seminrExtras", reason="seminrExtras (Python) is not installed")
    model, survey = european(), mobi_survey()
    theirs = extras.assess_cvpat(
        seminr_of(model, rows_of(survey, model)), nboot=1000, seed=1, noFolds=250, reps=1
    )
    prediction = PredictOptions(folds="leave-one-out", pls=TIGHT)
    options = CvpatOptions(prediction=prediction, overall="constructs")
    own = cvpat(survey, model, options=options).table.set_index(["against", "about"])
    for against, table in (("lm", theirs.cvpat_compare_lm), ("ia", theirs.cvpat_compare_ia)):
        for name, row in zip(table.rows, table.values, strict=True):
            ours = own.loc[(against, "overall" if name == "Overall" else name)]
            loss, other, difference, t, p = row
            assert ours["loss"] == pytest.approx(loss, abs=1e-6)
            if against == "lm":
                assert ours["loss_other"] == pytest.approx(other, abs=1e-9)
                assert ours["difference"] == pytest.approx(difference, abs=1e-6)
                # their error is the standard deviation of 1,000 draws: 10 % is four times its own
                assert abs(ours["t"]) == pytest.approx(abs(t), rel=0.1)
                assert ours["p"] == pytest.approx(p, abs=0.05)
            else:
                # their averages hold the respondent predicted, (n - 1) / n as far from him
                assert ours["loss_other"] * (249 / 250) ** 2 == pytest.approx(other, abs=1e-9)
