"""Sentences on prediction: grades that follow the figures, in both languages."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.assess.cvpat import cvpat
from csi.assess.cvpat_verdicts import cvpat_verdicts
from csi.assess.predict import PredictOptions, predict
from csi.assess.predict_verdicts import prediction_verdicts
from csi.model.grammar import paths
from csi.model.model import Model
from csi.verdict import Verdict
from tests.assess.predict_cases import chain, simulated, survey_of


def of(verdicts: tuple[Verdict, ...], about: str, measure: str = "PLSpredict") -> Verdict:
    (found,) = [v for v in verdicts if v.about == about and v.measure == measure]
    return found


def whole(verdicts: tuple[Verdict, ...]) -> None:
    """Every blank is filled in both languages, and Chinese ends as Chinese does."""
    for verdict in verdicts:
        assert verdict.topic == "prediction"
        assert "{" not in verdict.sentence.en + verdict.sentence.zh
        assert verdict.sentence.zh.endswith("。")
        assert verdict.sentence.en.endswith(".")


def test_power_and_index_are_told() -> None:
    model = chain()
    found = predict(survey_of(simulated(400, seed=41, gaps=0.04), model.items), model)
    verdicts = prediction_verdicts(found)
    whole(verdicts)
    for _, row in found.constructs.iterrows():
        verdict = of(verdicts, row["construct"])
        assert f"{row['better']} of {row['items']} items" in verdict.sentence.en
        assert f"predictive power is {row['power']}" in verdict.sentence.en
        assert verdict.value == row["q2_predict"]
    index = of(verdicts, "C", "index error")
    assert f"{found.index['mae'].iloc[0]:.1f} points" in index.sentence.en
    left = of(verdicts, "", "missing answers")
    assert left.value == pytest.approx(found.items["left_out"].sum() / (5 * 400))


def test_noise_is_poor() -> None:
    rng = np.random.default_rng(42)
    model = chain()
    frame = pd.DataFrame(rng.integers(1, 11, (120, 8)).astype(float), columns=list(model.items))
    survey = survey_of(frame, model.items)
    verdicts = prediction_verdicts(predict(survey, model))
    whole(verdicts)
    assert {of(verdicts, name).grade for name in "BC"} <= {"poor", "doubtful"}
    test = cvpat_verdicts(cvpat(survey, model))
    whole(test)
    assert of(test, "", "CVPAT against ia").grade in ("doubtful", "poor")


def test_skewed_errors_are_judged_by_absolute_ones() -> None:
    rng = np.random.default_rng(43)
    model, frame = chain(), simulated(300, seed=43)
    for name in ("c1", "c2", "c3"):
        frame[name] = 10 - np.clip(np.round(rng.exponential(1.2, 300) ** 2), 0, 9)
    found = predict(survey_of(frame, model.items), model, PredictOptions(repetitions=2))
    row = found.constructs.set_index("construct")
    assert row.loc["C", "judged_by"] == "mae"
    assert row.loc["B", "judged_by"] == "rmse"
    own = found.items[found.items["construct"] == "C"]
    assert row.loc["C", "better"] == (own["mae_pls"] < own["mae_lm"]).sum()
    assert "skewed" in of(prediction_verdicts(found), "C").sentence.en


def test_a_good_model_beats_averages_and_a_better_one_is_named() -> None:
    model = chain()
    survey = survey_of(simulated(400, seed=44), model.items)
    verdicts = cvpat_verdicts(cvpat(survey, model))
    whole(verdicts)
    assert {of(verdicts, name, "CVPAT against ia").grade for name in ("", "B", "C")} == {"good"}
    weak = Model(model.constructs, [paths("A", to=["B", "C"])], "C", "weak")
    pair = cvpat_verdicts(cvpat(survey, model, weak))
    whole(pair)
    assert "chain predicts better than weak" in of(pair, "C", "CVPAT against weak").sentence.en
    assert {verdict.grade for verdict in pair} == {"told"}


def test_folds_without_a_solution_are_told() -> None:
    model, frame = chain(), simulated(100, seed=45)
    fold = np.arange(100) // 20
    frame.loc[fold != 4, "c1"] = 7.0
    verdicts = prediction_verdicts(predict(survey_of(frame, model.items), model, fold_of=fold))
    whole(verdicts)
    assert of(verdicts, "", "folds").sentence.en.startswith("1 of 5 folds")


def test_better_than_the_average_and_beaten_by_a_regression_is_doubtful() -> None:
    """No predictive power by the convention, and yet no noise: the sentence says both."""
    model = chain()
    found = predict(survey_of(simulated(400, seed=41), model.items), model)
    table = found.constructs.assign(better=0, power="none")
    verdict = of(prediction_verdicts(replace(found, constructs=table)), "C")
    assert verdict.grade == "doubtful"
    assert verdict.value > 0
    assert "better than by the plain average, but no item better" in verdict.sentence.en
    worse = found.items.assign(q2_predict=-0.1)
    beaten = replace(found, constructs=table.assign(q2_predict=-0.1), items=worse)
    assert of(prediction_verdicts(beaten), "C").grade == "poor"
