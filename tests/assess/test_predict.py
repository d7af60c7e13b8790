"""Prediction out of sample: a loop over folds with rows, seminr's numbers, designs and refusals."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import csi
from csi.arrays import Array
from csi.assess.cross_validation import PREDICTORS
from csi.assess.folds import deal_folds, training_moments
from csi.assess.predict import PredictOptions, predict
from csi.errors import EstimationError, MomentsError, OptionError
from csi.estimate.effects import total_effects
from csi.estimate.pls import PLSOptions, fit_pls
from csi.model.grammar import composite, items, paths
from csi.model.model import Model
from csi.moments.blocks import Sample
from csi.moments.groups import moments_of_rows
from tests.assess.predict_cases import chain, european, mobi_survey, rows_of, simulated, survey_of

REFERENCE = Path(__file__).parents[1] / "reference" / "mobi_predict.json"
TIGHT = PLSOptions(tolerance=1e-12, max_steps=3000)


def by_loop(rows: Array, weights: Array, model: Model, fold: Array, technique: str) -> Array:
    """(3, n, e) errors by an explicit loop: rows standardised, scored, predicted construct by
    construct; regressions by QR of rows."""
    of = np.argmax(model.blocks, axis=1)
    inside = model.arrows.any(axis=0)
    targets = np.flatnonzero(inside[of])
    out = np.empty((3, len(rows), len(targets)))
    for f in np.unique(fold):
        train, test = fold != f, fold == f
        w = weights[train]
        fit = fit_pls(model, moments_of_rows(rows[train], w, model.items, "complete"), TIGHT)
        mean = np.average(rows[train], axis=0, weights=w)
        sd = np.sqrt(np.average((rows[train] - mean) ** 2, axis=0, weights=w))
        z = (rows[test] - mean) / sd
        scores = z @ (fit.weights[:, None] * model.blocks)
        guess = scores.copy()
        for name in model.order:
            j = model.names.index(name)
            if inside[j]:
                source = guess if technique == "earliest" else scores
                guess[:, j] = source @ fit.paths[:, j]
        out[0][test] = (
            rows[test][:, targets] - (mean + sd * guess[:, of] * fit.loadings)[:, targets]
        )
        total = total_effects(model.arrows.astype(float))
        for k, item in enumerate(targets):
            takes = model.arrows[:, of[item]]
            if technique == "earliest":
                takes = (total[:, of[item]] > 0) & ~inside
            x = np.column_stack([np.ones(len(rows)), rows[:, takes[of]]])
            root = np.sqrt(w)
            beta = np.linalg.lstsq(x[train] * root[:, None], rows[train, item] * root)[0]
            out[1][test, k] = rows[test, item] - x[test] @ beta
        out[2][test] = rows[test][:, targets] - mean[targets]
    return out


@pytest.mark.parametrize("technique", ["direct", "earliest"])
def test_second_road_with_weights_strata_and_clusters(technique: Any) -> None:
    model, frame = chain(), simulated(200, seed=4)
    survey = survey_of(frame, model.items, weight="w", stratum="stratum", cluster="cluster")
    options = PredictOptions(technique=technique, folds=5, repetitions=3, pls=TIGHT)
    found = predict(survey, model, options)
    sample, w = found.errors.sample, found.errors.sample.weights
    errors = np.stack(
        [by_loop(sample.rows, w, model, fold, technique) for fold in found.errors.fold_of]
    )
    table = found.items.set_index("item")
    mean = np.average((errors**2).mean(axis=0), axis=1, weights=w)
    size = np.average(np.abs(errors).mean(axis=0), axis=1, weights=w)
    for k, name in enumerate(PREDICTORS):
        # the PLS iterations stop at 1e-12 from different starts
        np.testing.assert_allclose(table[f"rmse_{name}"], np.sqrt(mean[k]), rtol=1e-9)
        np.testing.assert_allclose(table[f"mae_{name}"], size[k], rtol=1e-9)
    np.testing.assert_allclose(table["q2_predict"], 1 - mean[0] / mean[2], atol=1e-9)
    each = np.sqrt(np.average(errors[:, 0] ** 2, axis=1, weights=w))
    np.testing.assert_allclose(table["rmse_sd"], each.std(axis=0, ddof=1), rtol=1e-7)
    # the index score: errors of its items with the item weights of the fit of all
    fit = found.errors.fit
    v = fit.weights / np.sqrt(np.diag(fit.moments.cov))
    v = v[5:] / v[5:].sum()
    score = 100 / 9 * errors[..., 2:] @ v
    rmse = np.sqrt(np.average((score**2).mean(axis=0), axis=1, weights=w))
    np.testing.assert_allclose(found.index["rmse"], rmse, rtol=1e-9)
    size = np.average(np.abs(score).mean(axis=0), axis=1, weights=w)
    np.testing.assert_allclose(found.index["mae"], size, rtol=1e-9)


def test_in_sample_is_the_fit_of_all_on_all() -> None:
    model, frame = chain(), simulated(150, seed=5)
    survey = survey_of(frame, model.items, weight="w")
    found = predict(survey, model, PredictOptions(pls=TIGHT))
    rows, w = found.errors.sample.rows, found.errors.sample.weights
    fit = fit_pls(model, moments_of_rows(rows, w, model.items, "complete"), TIGHT)
    mean, sd = fit.moments.mean, np.sqrt(np.diag(fit.moments.cov))
    scores = ((rows - mean) / sd) @ (fit.weights[:, None] * model.blocks)
    of = np.argmax(model.blocks, axis=1)
    guess = mean + sd * (scores @ fit.paths)[:, of] * fit.loadings
    rmse = np.sqrt(np.average((rows - guess)[:, 3:] ** 2, axis=0, weights=w))
    np.testing.assert_allclose(found.items["rmse_in"], rmse, rtol=1e-9)
    np.testing.assert_allclose(found.items["overfit"], found.items["rmse_pls"] / rmse, rtol=1e-9)
    assert (found.items["rmse_lm_in"] < found.items["rmse_lm"]).all()


@pytest.mark.parametrize(
    ("technique", "key"),
    [("direct", "plspredict_DA_LOOCV"), ("earliest", "plspredict_EA_LOOCV")],
)
def test_leave_one_out_of_seminr(technique: Any, key: str) -> None:
    reference = json.loads(REFERENCE.read_text("utf-8"))[key]
    options = PredictOptions(technique=technique, benchmark="all", folds="leave-one-out")
    table = predict(mobi_survey(), european(), options).items.set_index("item")
    for name, out in (("pls", "PLS_out"), ("lm", "LM_out")):
        own = table.loc[reference[out]["items"]]
        for measure in ("rmse", "mae"):
            # both iterations stop at 1e-7 on the weights
            np.testing.assert_allclose(own[f"{measure}_{name}"], reference[out][measure], atol=1e-6)


def test_ten_times_ten_folds_come_near_seminrs() -> None:
    """Other random folds, and seminr averages its repetitions in another way: 4 % on an error."""
    reference = json.loads(REFERENCE.read_text("utf-8"))["plspredict_DA_k10_r10_seed123"]
    table = predict(mobi_survey(), european(), PredictOptions(benchmark="all")).items
    table = table.set_index("item")
    for column, out in (("rmse_pls", "PLS_out"), ("rmse_lm", "LM_out"), ("rmse_in", "PLS_in")):
        own = table.loc[reference[out]["items"], column]
        np.testing.assert_allclose(own, reference[out]["rmse"], rtol=0.04)


def test_clusters_stay_whole_and_strata_are_spread() -> None:
    model, frame = chain(), simulated(200, seed=6)
    survey = survey_of(frame, model.items, stratum="stratum", cluster="cluster")
    found = predict(survey, model, PredictOptions(folds=5))
    sample = found.errors.sample
    for fold in found.errors.fold_of:
        for cluster in np.unique(sample.units):
            assert len(np.unique(fold[sample.units == cluster])) == 1
        strata = survey.design.strata[sample.numbers]
        counts = np.array([np.bincount(strata[fold == f]) for f in np.unique(fold)])
        assert (counts == 10).all()  # 50 of each of 4 strata in clusters of 5 over 5 folds
    left = predict(survey, model, PredictOptions(folds="leave-one-out"))
    assert left.counts["folds"] == 40
    assert left.counts["smallest_fold"] == left.counts["largest_fold"] == 5


def test_every_unit_is_dealt_once_and_folds_differ_by_one_unit() -> None:
    strata = np.array([0] * 7 + [1] * 5 + [2])
    dealt = deal_folds(np.arange(13), strata, folds=4, repetitions=20, seed=9)
    sizes = np.array([np.bincount(fold, minlength=4) for fold in dealt])
    assert set(sizes.reshape(-1)) == {3, 4}
    assert len({tuple(fold) for fold in dealt.tolist()}) == 20


def test_a_weight_of_two_is_a_respondent_twice() -> None:
    """Doubling rows as clusters of two, or their weights: the same training moments and errors."""
    model, frame = chain(), simulated(80, seed=7)
    fold = np.arange(80) % 4
    once = frame.assign(w=np.where(np.arange(80) % 3 == 0, 2.0, 1.0))
    times = once["w"].astype(int).to_numpy()
    twice = once.loc[np.repeat(np.arange(80), times)].reset_index(drop=True)
    a = predict(survey_of(once, model.items, weight="w"), model, fold_of=fold)
    b = predict(survey_of(twice, model.items), model, fold_of=np.repeat(fold, times))
    for column in ("rmse_pls", "rmse_lm", "rmse_ia", "mae_pls", "q2_predict", "rmse_in"):
        np.testing.assert_allclose(a.items[column], b.items[column], rtol=1e-6)  # PLS stops at 1e-7


def test_training_moments_are_those_of_the_training_rows() -> None:
    model = chain()
    for missing, gaps, close in (("complete", 0.0, 1e-12), ("pairwise", 0.1, 1e-12),
                                 ("em", 0.1, 1e-4)):  # fmt: skip
        frame = simulated(150, seed=8, gaps=gaps)
        rows = frame[list(model.items)].to_numpy()
        w, n = frame["w"].to_numpy(), np.arange(150)
        fold = np.stack([n % 5, 5 + n // 50])
        found = training_moments(Sample(model.items, rows, w, n, n), fold, 8, missing)
        for b in range(8):
            stay = fold[b // 5] != b
            own = moments_of_rows(rows[stay], w[stay], model.items, missing)
            # EM stops when nothing moves by 1e-6 a step, from another start
            np.testing.assert_allclose(found.mean[b], own.mean, rtol=close, atol=close)
            np.testing.assert_allclose(found.cov[b], own.cov, rtol=close, atol=close)
            assert found.n[b] == own.n
            np.testing.assert_array_equal(found.answers[b], own.answers)
            np.testing.assert_allclose(found.sum_weights[b], own.sum_weights)
            np.testing.assert_allclose(found.n_effective[b], own.n_effective)


def test_missing_answers_are_counted_and_not_filled_in() -> None:
    model = chain()
    frame = simulated(300, seed=10, gaps=0.08)
    found = predict(survey_of(frame, model.items), model)
    gone = frame.isna()
    a, b = (gone[[c for c in gone if c.startswith(stem)]].any(axis=1) for stem in "ab")
    for item in ("b1", "b2", "c1", "c2", "c3"):
        lacks = gone[item] | (a if item.startswith("b") else a | b)
        row = found.items.set_index("item").loc[item]
        assert (row["n"], row["left_out"]) == (300 - lacks.sum(), lacks.sum())
    assert found.counts["left_out"] == 0
    whole = predict(survey_of(frame, model.items), model, PredictOptions(missing="complete"))
    complete = int((~gone[list(model.items)].any(axis=1)).sum())
    assert whole.counts["respondents"] == complete
    assert whole.counts["left_out"] == 300 - complete
    assert (whole.items["left_out"] == 0).all()
    kept = frame[~gone[list(model.items)].any(axis=1)].reset_index(drop=True)
    alone = predict(survey_of(kept, model.items), model, PredictOptions(missing="complete"))
    pd.testing.assert_frame_equal(whole.items, alone.items)


def test_order_of_rows_does_not_matter_and_the_seed_does() -> None:
    model, frame = chain(), simulated(120, seed=11)
    mixed = frame.sample(frac=1.0, random_state=1).reset_index(drop=True)
    options = PredictOptions(repetitions=2)
    a, b, c = (
        predict(survey_of(x, model.items, weight="w"), model, o).items
        for x, o in (
            (frame, options),
            (mixed, options),
            (frame, PredictOptions(repetitions=2, seed=2)),
        )
    )
    pd.testing.assert_frame_equal(a, b, check_exact=True)
    assert (a["rmse_pls"] != c["rmse_pls"]).any()


def test_scale_of_an_item_does_not_matter_but_for_its_errors() -> None:
    model, frame = chain(), simulated(150, seed=12)
    wide = frame.assign(c1=frame["c1"] * 10, a1=frame["a1"] * 10)
    a = predict(survey_of(frame, model.items, high=100), model, PredictOptions(pls=TIGHT))
    b = predict(survey_of(wide, model.items, high=100), model, PredictOptions(pls=TIGHT))
    # rows are put in order by their answers, which stays the same under a monotone change
    factor = np.where(a.items["item"] == "c1", 10.0, 1.0)
    for name in ("rmse_pls", "rmse_lm", "mae_ia"):
        np.testing.assert_allclose(b.items[name], a.items[name] * factor, rtol=1e-8)
    np.testing.assert_allclose(b.items["q2_predict"], a.items["q2_predict"], atol=1e-8)


def test_raw_items_are_predicted_too() -> None:
    """Items of equal variance: raw and standardised estimation are the same model."""
    model, frame = chain(), simulated(150, seed=13)
    for name in model.items:
        frame[name] = (frame[name] - frame[name].mean()) / frame[name].std(ddof=0) + 5.0
    survey = survey_of(frame, model.items, low=-20, high=20)
    both = [
        predict(survey, model, PredictOptions(folds="leave-one-out", pls=PLSOptions(metric=metric)))
        for metric in ("raw", "standardised")
    ]
    inside = [found.items["rmse_in"] for found in both]
    np.testing.assert_allclose(inside[0], inside[1], rtol=1e-6)  # PLS stops at 1e-7
    outside = [found.items["rmse_pls"] for found in both]
    # without one respondent the variances are no longer quite equal
    np.testing.assert_allclose(outside[0], outside[1], rtol=0.002)


def test_consistent_prediction_beats_coefficients_put_on_composites() -> None:
    """Half reliable factors: PLSc path coefficients straight on scores overshoot."""
    rng = np.random.default_rng(14)
    n = 1500
    a = rng.normal(size=n)
    b = 0.8 * a + 0.6 * rng.normal(size=n)
    frame = pd.DataFrame(
        {f"{stem}{k}": 50 + 10 * (0.6 * score + 0.8 * rng.normal(size=n))
         for stem, score in (("x", a), ("y", b)) for k in (1, 2, 3)}
    )  # fmt: skip
    model = Model(
        [csi.reflective("X", items("x", 1, 3)), csi.reflective("Y", items("y", 1, 3))],
        [paths("X", to="Y")],
        "Y",
    )
    survey = survey_of(frame, model.items, low=0, high=100)
    consistent = predict(survey, model, PredictOptions(pls=PLSOptions(consistent=True)))
    rows, fit = rows_of(survey, model), consistent.errors.fit
    z = (rows - rows.mean(0)) / rows.std(0)
    scores = z[:, :3] @ fit.weights[:3]
    naive = rows[:, 3:].mean(0) + rows[:, 3:].std(0) * np.outer(
        scores, fit.paths[0, 1] * fit.loadings[3:]
    )
    overshot = np.sqrt(np.mean((rows[:, 3:] - naive) ** 2, axis=0))
    assert (consistent.items["rmse_pls"] < overshot).all()
    # six regressions on three items are the best linear prediction here, near enough
    np.testing.assert_allclose(
        consistent.items["rmse_pls"], consistent.items["rmse_lm"], rtol=0.005
    )


def test_noise_has_no_predictive_power() -> None:
    rng = np.random.default_rng(15)
    model = chain()
    frame = pd.DataFrame(rng.integers(1, 11, (120, 8)).astype(float), columns=list(model.items))
    found = predict(survey_of(frame, model.items), model)
    assert (found.items["q2_predict"] < 0.05).all()
    assert (found.constructs["q2_positive"] < found.constructs["items"]).any()
    assert (found.items["overfit"] > 1).all()


def test_an_exogenous_index_has_no_prediction() -> None:
    base = chain()
    model = Model(base.constructs, base.paths, "A")
    found = predict(survey_of(simulated(100, seed=16), model.items), model)
    assert found.index["rmse"].isna().all()
    assert found.index["note"].str.contains("exogenous").all()


def test_folds_without_a_solution_are_counted() -> None:
    """Outside the last fold everybody gives c1 the same answer."""
    model, frame = chain(), simulated(100, seed=17)
    fold = np.arange(100) // 20
    frame.loc[fold != 4, "c1"] = 7.0
    found = predict(survey_of(frame, model.items), model, fold_of=fold)
    assert found.counts["folds_failed"] == 1
    assert found.items["n"].eq(80).all()
    assert found.items["left_out"].eq(20).all()
    assert found.items["rmse_pls"].notna().all()


def test_bad_input_is_refused_in_words() -> None:
    model, frame = chain(), simulated(60, seed=18)
    survey = survey_of(frame, model.items)
    with pytest.raises(OptionError, match=r"(?s)technique.*benchmark.*folds.*repetitions"):
        PredictOptions(technique="both", benchmark="x", folds=1, repetitions=0)  # type: ignore[arg-type]
    with pytest.raises(EstimationError, match="61 folds for 60"):
        predict(survey, model, PredictOptions(folds=61))
    with pytest.raises(EstimationError, match="stay outside"):
        predict(survey, model, fold_of=(np.arange(60) < 5).astype(int))
    with pytest.raises(OptionError, match="fold_of"):
        predict(survey, model, fold_of=np.zeros(3, dtype=int))
    with pytest.raises(OptionError, match="one fold"):
        predict(survey, model, fold_of=np.zeros(60, dtype=int))
    other = Model(
        [composite("A", ["a1", "a2"]), composite("Z", ["z1", "z2"])], [paths("A", to="Z")], "Z"
    )
    with pytest.raises(MomentsError, match="z1"):
        predict(survey, other)
    twice = survey_of(frame.assign(c1=frame["c2"]), model.items)
    with pytest.raises(EstimationError, match="not positive definite"):
        predict(twice, model)
