"""What wrecks satisfaction models is found, and sound models are left in peace."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

import csi
from csi.assess.admissibility import admissibility_table, beyond
from csi.assess.cautions import Cautions, cautions
from csi.assess.near_collinear import corrected_correlations
from csi.assess.path_signs import path_signs_table
from csi.assess.scale_ends import scale_ends_table
from csi.errors import OptionError
from csi.index.replicated import Replicated, replicated
from csi.model.grammar import formative, paths, reflective, single
from csi.model.model import Model
from csi.survey.codebook import Codebook, Item
from csi.text import Text
from csi.verdict import Verdict


def graded(found: Cautions, measure: str, grade: str) -> list[Verdict]:
    return [v for v in found.verdicts if v.measure == measure and v.grade == grade]


def simple_survey(columns: dict[str, Any], **codebook: Any) -> tuple[csi.Survey, Codebook]:
    """Answers 1 to 10 under their own names."""
    frame = pd.DataFrame(columns)
    names = [name for name in frame if name not in ("w", "unit")]
    book = Codebook(
        title=Text("made"),
        items=tuple(Item(name=name, column=name, low=1, high=10) for name in names),
        **codebook,
    )
    return csi.read_survey(frame, book), book


def whole(values: Any) -> Any:
    return np.clip(np.round(values * 1.5 + 6), 1, 10)


def test_maximum_likelihood_on_mobi(by_ml: Replicated, scales: Codebook) -> None:
    found = cautions(by_ml, scales)
    large = {v.about: v.value for v in graded(found, "path beyond one", "poor")}
    assert large["Satisfaction -> Loyalty"] == pytest.approx(3.27, abs=0.01)
    assert large["Image -> Loyalty"] == pytest.approx(-2.45, abs=0.01)
    same = {v.about for v in graded(found, "corrected_correlation", "poor")}
    assert {"Image, Expectation", "Expectation, Quality"} <= same
    lost = graded(found, "replicates without solution", "poor")
    assert lost[0].value == pytest.approx(1 - by_ml.draws_used / 40)
    assert graded(found, "inadmissible replicates", "poor")


def test_consistent_pls_on_mobi_is_inadmissible(by_plsc: Replicated, scales: Codebook) -> None:
    found = cautions(by_plsc, scales)
    (verdict,) = graded(found, "least_eigenvalue", "poor")
    assert verdict.value == pytest.approx(-0.00303, abs=1e-5)  # openpls: -3.03e-03
    assert not by_plsc.fit.admissible
    assert not graded(found, "admissible", "good")
    row = found.admissibility.query("measure == 'least_eigenvalue'").iloc[0]
    share = (np.linalg.eigvalsh(by_plsc.draws.construct_corr)[:, 0] <= 0).mean()
    assert row["draws_share"] == pytest.approx(share)


def test_plain_pls_on_mobi_is_admissible(by_pls: Replicated, scales: Codebook) -> None:
    found = cautions(by_pls, scales)
    assert graded(found, "admissible", "good")
    assert graded(found, "sign", "good")
    assert graded(found, "negative weight", "good")
    # Quality and Satisfaction would correlate by 0.95 without measurement error
    (pair,) = graded(found, "corrected_correlation", "poor")
    assert pair.about == "Quality, Satisfaction"


def test_corrected_correlations_of_pls_are_those_of_plsc(
    by_pls: Replicated, by_plsc: Replicated, by_ml: Replicated
) -> None:
    np.testing.assert_allclose(
        corrected_correlations(by_pls.fit), by_plsc.fit.construct_corr, atol=1e-9
    )
    np.testing.assert_array_equal(corrected_correlations(by_ml.draws), by_ml.draws.construct_corr)


def test_flags_of_a_batch_are_those_of_its_members(by_plsc: Replicated) -> None:
    flags = beyond(by_plsc.draws)
    fit = by_plsc.draws
    np.testing.assert_array_equal(flags["loading"], np.abs(fit.loadings) > 1 + 1e-9)
    np.testing.assert_array_equal(flags["r2"], fit.r2 > 1 + 1e-9)
    reliability = (fit.reliability > 1 + 1e-9) | (fit.reliability < -1e-9)
    np.testing.assert_array_equal(flags["reliability"], reliability)
    assert flags["correlation"].shape == (200, 21)
    anything = np.concatenate(list(flags.values()), axis=1).any(axis=1)
    negative = (fit.weights < 0).any(axis=1)
    # the fit's own word: not admissible where anything is beyond its limit, or a weight negative
    np.testing.assert_array_equal(fit.admissible, ~(anything | negative))


def suppressed() -> tuple[csi.Survey, Codebook, Model]:
    """A cause that goes with its effect, with a negative path."""
    rng = np.random.default_rng(1)
    first = rng.normal(size=800)
    second = 0.9 * first + np.sqrt(1 - 0.81) * rng.normal(size=800)
    effect = 1.2 * first - 0.5 * second + 0.5 * rng.normal(size=800)
    survey, book = simple_survey({"a": whole(first), "b": whole(second), "c": whole(effect)})
    model = Model(
        [single("A", "a"), single("B", "b"), single("C", "c")],
        [paths(["A", "B"], to="C")], "C",
    )  # fmt: skip
    return survey, book, model


def test_suppression_is_told() -> None:
    survey, book, model = suppressed()
    (rep,) = replicated(survey, model, csi.IndexOptions(draws=100))
    found = cautions(rep, book)
    (verdict,) = graded(found, "sign", "poor")
    assert verdict.about == "B -> C"
    assert "other causes" in verdict.sentence.within("en")
    assert "抑制" in verdict.sentence.within("zh")
    row = path_signs_table(rep).set_index("from").loc["B"]
    assert row["correlation"] > 0 > row["upper"]
    # by hand: the path of two single items is a regression coefficient
    corr = np.corrcoef(survey.answers.T)
    path = (corr[1, 2] - corr[0, 1] * corr[0, 2]) / (1 - corr[0, 1] ** 2)
    assert row["estimate"] == pytest.approx(path, abs=1e-9)


def test_a_wrong_theory_is_not_called_suppression() -> None:
    survey, book, model = suppressed()
    turned = Model(model.constructs, [paths("A", to=["B", "C"], sign="-")], "C")
    (rep,) = replicated(survey, turned, csi.IndexOptions(draws=100))
    verdicts = graded(cautions(rep, book), "sign", "poor")
    assert len(verdicts) == 2
    assert all("direction of the answer scales" in v.sentence.within("en") for v in verdicts)


def test_negative_weights_are_named() -> None:
    rng = np.random.default_rng(3)
    common = rng.normal(size=600)
    effect = common + 0.5 * rng.normal(size=600)
    turned = {f"q{k}": whole((-1 if k == 3 else 1) * common + rng.normal(size=600))
              for k in (1, 2, 3)}  # fmt: skip
    survey, book = simple_survey(turned | {"y": whole(effect)})
    model = Model(
        [reflective("Q", ["q1", "q2", "q3"]), single("Y", "y")], [paths("Q", to="Y")], "Y"
    )
    (rep,) = replicated(survey, model, csi.IndexOptions(draws=100))
    (verdict,) = graded(cautions(rep, book), "negative weight", "poor")
    assert verdict.about == "q3"
    assert "reversed" in verdict.sentence.within("en")


def test_a_formative_item_with_a_negative_weight_and_a_positive_loading() -> None:
    rng = np.random.default_rng(4)
    first = rng.normal(size=900)
    second = 0.9 * first + 0.4 * rng.normal(size=900)
    effect = 1.3 * first - 0.7 * second + 0.4 * rng.normal(size=900)
    survey, book = simple_survey({"f1": whole(first), "f2": whole(second), "y": whole(effect)})
    model = Model([formative("F", ["f1", "f2"]), single("Y", "y")], [paths("F", to="Y")], "Y")
    (rep,) = replicated(survey, model, csi.IndexOptions(draws=100))
    (verdict,) = graded(cautions(rep, book), "negative weight", "poor")
    assert (verdict.about, "although" in verdict.sentence.within("en")) == ("f2", True)


def test_ceiling_and_floor_by_hand(
    mobi: pd.DataFrame, by_pls: Replicated, scales: Codebook
) -> None:
    table = scale_ends_table(by_pls, scales).set_index(["construct", "item", "measure"])
    share = (mobi["CUSA1"] == 10).mean()
    row = table.loc[("Satisfaction", "CUSA1", "ceiling")]
    assert row["estimate"] == pytest.approx(share, rel=1e-12)
    assert row["se"] == pytest.approx(np.sqrt(share * (1 - share) / 249), rel=1e-9)
    assert (row["n"], row["note"]) == (250, "")
    every = (mobi[["PERV1", "PERV2"]] == 10).all(axis=1).mean()
    assert table.loc[("Value", "", "ceiling"), "estimate"] == pytest.approx(every, rel=1e-12)
    floor = (mobi["CUSL2"] == 1).mean()
    assert table.loc[("Loyalty", "CUSL2", "floor"), "estimate"] == pytest.approx(floor)


def test_crowded_scales_are_told_with_labels_weights_and_missing_answers() -> None:
    rng = np.random.default_rng(6)
    base = rng.normal(size=400)
    top = np.where(base > -0.3, 10, np.clip(np.round(base * 2 + 9), 1, 10)).astype(float)
    same = np.where(rng.random(400) < 0.9, top, whole(base)).astype(float)
    top[:40] = np.nan
    weights = np.where(np.arange(400) % 2 == 0, 3.0, 1.0)
    frame = pd.DataFrame({"t1": top, "t2": same, "y": whole(base), "w": weights})
    labels = {"t1": Text("Clean rooms", "房间整洁")}
    book = Codebook(
        title=Text("made"),
        items=tuple(Item(name=n, column=n, low=1, high=10, label=labels.get(n, Text()))
                    for n in ("t1", "t2", "y")),
        weight="w",
    )  # fmt: skip
    model = Model([reflective("T", ["t1", "t2"]), single("Y", "y")], [paths("T", to="Y")], "Y")
    (rep,) = replicated(csi.read_survey(frame, book), model, csi.IndexOptions(draws=100))
    found = cautions(rep, book)
    table = found.scale_ends.set_index(["item", "measure"])
    there = ~np.isnan(top)
    share = np.average(top[there] == 10, weights=weights[there])
    row = table.loc[("t1", "ceiling")]
    assert row["estimate"] == pytest.approx(share)
    assert row["n"] == 360
    assert row["se"] > np.sqrt(share * (1 - share) / 360)  # unequal weights cost precision
    told = {v.about: v for v in graded(found, "ceiling", "doubtful")}
    assert "t1 (Clean rooms)" in told["t1"].sentence.within("en")
    assert "t1（房间整洁）" in told["t1"].sentence.within("zh")
    assert told["T"].source == "terwee2007quality"


def test_items_that_the_codebook_lacks_are_named(by_pls: Replicated) -> None:
    book = Codebook(title=Text("x"), items=(Item(name="IMAG1", column="a", low=1, high=10),))
    with pytest.raises(OptionError) as caught:
        cautions(by_pls, book)
    assert len(caught.value.faults) == 23


def test_a_sound_model_is_left_in_peace() -> None:
    rng = np.random.default_rng(8)
    cause, other = rng.normal(size=(2, 1000))
    effect = 0.5 * cause + 0.4 * other + 0.7 * rng.normal(size=1000)
    columns = {}
    for name, score in (("a", cause), ("b", other), ("c", effect)):
        for k in range(1, 4):
            columns[f"{name}{k}"] = whole(0.8 * score + 0.6 * rng.normal(size=1000) - 0.5)
    survey, book = simple_survey(columns)
    model = Model(
        [reflective(n.upper(), [f"{n}1", f"{n}2", f"{n}3"]) for n in "abc"],
        [paths(["A", "B"], to="C")], "C",
    )  # fmt: skip
    for options in ({}, {"pls": csi.PLSOptions(consistent=True)}, {"estimator": "ml"}):
        (rep,) = replicated(survey, model, csi.IndexOptions(draws=100, **options))
        found = cautions(rep, book)
        assert {verdict.grade for verdict in found.verdicts} == {"good"}
        assert admissibility_table(rep).empty


def test_every_sentence_is_whole(
    by_pls: Replicated, by_plsc: Replicated, by_ml: Replicated, scales: Codebook
) -> None:
    for rep in (by_pls, by_plsc, by_ml):
        found = cautions(rep, scales)
        assert str(found).lstrip().startswith("Cautions")
        for verdict in found.verdicts:
            en, zh = verdict.sentence.en, verdict.sentence.zh
            assert en.endswith(".")
            assert zh.endswith("。")
            assert not re.search(r"[{}]|nan", en + zh)


def test_the_same_pairs_as_the_diagnosis_of_a_covariance_fit(
    mobi: pd.DataFrame, scales: Codebook, ecsi: Model, by_ml: Replicated
) -> None:
    known = " ".join(csi.sem.diagnosis(csi.sem.fit(ecsi, csi.read_survey(mobi, scales))))
    for verdict in graded(cautions(by_ml, scales), "corrected_correlation", "poor"):
        first, second = verdict.about.split(", ")
        assert f"{first} and {second}" in known
