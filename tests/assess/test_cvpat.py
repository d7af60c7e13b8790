"""CVPAT: by hand, under a design, its bootstrap, its level, and refusals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from csi.assess.cvpat import CvpatOptions, bootstrap_p, cvpat, cvpat_of
from csi.assess.predict import PredictOptions, predict
from csi.errors import OptionError
from csi.model.grammar import composite, items, paths
from csi.model.model import Model
from tests.assess.predict_cases import chain, simulated, survey_of


def twins() -> tuple[Model, Model]:
    """Two models that predict Y: from X, or from Z."""
    x, z = composite("X", items("x", 1, 2)), composite("Z", items("z", 1, 2))
    y = composite("Y", items("y", 1, 2))
    return (
        Model([x, y], [paths("X", to="Y")], "Y", "from_x"),
        Model([z, y], [paths("Z", to="Y")], "Y", "from_z"),
    )


def alike(n: int, rng: np.random.Generator, cluster: int = 1) -> pd.DataFrame:
    """X and Z predict Y equally well; respondents of a cluster share a part of which."""
    score = rng.normal(size=(n, 2))
    which = np.repeat(rng.normal(size=(n // cluster, 2)), cluster, axis=0)
    y = 0.5 * score.sum(axis=1) + (0.8 * (which * score).sum(axis=1) if cluster > 1 else 0)
    y = y + rng.normal(size=n)
    frame = {}
    for stem, part in (("x", score[:, 0]), ("z", score[:, 1]), ("y", y)):
        for k in (1, 2):
            frame[f"{stem}{k}"] = part + 0.5 * rng.normal(size=n)
    frame["cluster"] = np.arange(n) // cluster
    return pd.DataFrame(frame)


def test_by_hand_it_is_a_paired_t_test_of_losses() -> None:
    model = chain()
    survey = survey_of(simulated(150, seed=21), model.items)
    prediction = predict(survey, model)
    table = cvpat_of(survey, prediction).table.set_index(["against", "about"])
    square = prediction.errors.squared
    for against, k in (("ia", 2), ("lm", 1)):
        for about, at in (("overall", slice(0, 5)), ("B", slice(0, 2)), ("C", slice(2, 5))):
            own, other = square[0][:, at].mean(axis=1), square[k][:, at].mean(axis=1)
            test = stats.ttest_rel(own, other)
            row = table.loc[(against, about)]
            found = (row["t"], row["p"], row["loss"], row["loss_other"], row["freedom"])
            expected = (test.statistic, test.pvalue, own.mean(), other.mean(), 149)
            np.testing.assert_allclose(found, expected, rtol=1e-9)
            ends = test.confidence_interval(0.95)
            np.testing.assert_allclose((row["lower"], row["upper"]), ends, rtol=1e-9)


def test_it_is_the_same_with_and_without_a_prediction_made_before() -> None:
    model = chain()
    survey = survey_of(simulated(120, seed=22, gaps=0.05), model.items, weight="w")
    a = cvpat(survey, model).table
    pd.testing.assert_frame_equal(a, cvpat_of(survey, predict(survey, model)).table)
    other = survey_of(simulated(120, seed=23), model.items)
    with pytest.raises(OptionError, match="same survey"):
        cvpat_of(other, predict(survey, model))


def test_weights_strata_and_clusters_count() -> None:
    """By hand: a ratio mean, its variance over clusters within strata."""
    model, frame = chain(), simulated(200, seed=24)
    survey = survey_of(frame, model.items, weight="w", stratum="stratum", cluster="cluster")
    prediction = predict(survey, model)
    row = cvpat_of(survey, prediction).table.iloc[0]
    sample, square = prediction.errors.sample, prediction.errors.squared
    d, w = (square[0] - square[2]).mean(axis=1), sample.weights
    mean = np.average(d, weights=w)
    parts = pd.DataFrame(
        {"z": w * (d - mean) / w.sum(), "c": frame["cluster"].to_numpy()[sample.numbers],
         "h": frame["stratum"].to_numpy()[sample.numbers]}
    ).groupby(["h", "c"])["z"].sum()  # fmt: skip
    variance = sum(len(z) * z.var(ddof=1) for _, z in parts.groupby("h"))
    np.testing.assert_allclose((row["difference"], row["se"]), (mean, variance**0.5), rtol=1e-9)
    assert row["freedom"] == 40 - 4


def test_losses_of_constructs_may_count_the_same() -> None:
    model = chain()
    survey = survey_of(simulated(100, seed=25), model.items)
    table = cvpat(survey, model, options=CvpatOptions(overall="constructs")).table
    for against in ("ia", "lm"):
        own = table[table["against"] == against].set_index("about")
        for column in ("loss", "loss_other", "difference"):
            expected = own.loc[["B", "C"], column].mean()
            assert own.loc["overall", column] == pytest.approx(expected, rel=1e-12)


def test_gaps_make_a_ratio_of_totals() -> None:
    model = chain()
    survey = survey_of(simulated(200, seed=26, gaps=0.08), model.items, weight="w")
    prediction = predict(survey, model)
    row = cvpat_of(survey, prediction).table.iloc[0]
    square, w = prediction.errors.squared, prediction.errors.sample.weights
    here = np.isfinite(square[0])
    total = float(w @ here.sum(axis=1))
    assert row["loss"] == pytest.approx(float(w @ np.nansum(square[0], axis=1)) / total, rel=1e-12)
    assert row["n"] == int(here.any(axis=1).sum()) < 200


def test_bootstrap_p_is_near_the_t_test_and_that_of_plain_draws() -> None:
    model = chain()
    survey = survey_of(simulated(250, seed=27), model.items)
    prediction = predict(survey, model)
    table = cvpat_of(survey, prediction, CvpatOptions(draws=4000)).table
    # 4,000 draws: a p value of 0.5 has a Monte Carlo error of 0.008; skewness adds a little
    np.testing.assert_allclose(table["p_bootstrap"], table["p"], atol=0.035)
    square = prediction.errors.squared
    d = (square[0] - square[1])[:, 2:].mean(axis=1)
    draws = d[np.random.default_rng(1).integers(0, 250, (4000, 250))].mean(axis=1)
    row = table.set_index(["against", "about"]).loc[("lm", "C")]
    assert row["p_bootstrap"] == pytest.approx(bootstrap_p(draws, d.mean()), abs=0.03)


def test_one_sided_tests_ask_for_a_smaller_loss() -> None:
    model = chain()
    survey = survey_of(simulated(150, seed=28), model.items)
    two = cvpat(survey, model).table
    one = cvpat(survey, model, options=CvpatOptions(alternative="better")).table
    expected = np.where(two["t"] < 0, two["p"] / 2, 1 - two["p"] / 2)
    np.testing.assert_allclose(one["p"], expected, rtol=1e-9)
    assert bootstrap_p(np.array([-3.0, -2.0, -1.0]), -2.0, "better") == 0.25


def test_two_models_are_compared_on_the_same_answers_and_folds() -> None:
    a, b = twins()
    frame = alike(150, np.random.default_rng(29))
    survey = survey_of(frame, [c for c in frame if c != "cluster"], low=-20, high=20)
    options = CvpatOptions(prediction=PredictOptions(repetitions=2))
    table = cvpat(survey, a, b, options).table.set_index("about")
    back = cvpat(survey, b, a, options).table.set_index("about")
    np.testing.assert_allclose(table["difference"], -back["difference"], rtol=1e-9)
    np.testing.assert_allclose(table["p"], back["p"], rtol=1e-9)
    np.testing.assert_allclose(table["loss"], back["loss_other"], rtol=1e-12)
    assert list(table["against"].unique()) == ["from_z"]
    # a third road: both predictions by themselves, in the folds given
    fold = np.arange(150) % 5
    losses = []
    for model in (a, b):
        errors = predict(survey, model, fold_of=fold).errors
        place = np.argsort(errors.sample.numbers)
        losses.append(errors.squared[0][place].mean(axis=1))
    row = cvpat(survey, a, b, options, fold_of=fold).table.iloc[0]
    assert row["t"] == pytest.approx(stats.ttest_rel(*losses).statistic, rel=1e-9)


def test_models_that_predict_the_same_have_nothing_to_test() -> None:
    model = chain()
    survey = survey_of(simulated(100, seed=30), model.items)
    table = cvpat(survey, model, model).table
    assert table["p"].isna().all()
    assert table["p_bootstrap"].isna().all()
    assert (table["note"] == "both predict the same").all()
    assert set(table["against"]) == {"chain (second)"}


def test_items_of_one_model_only_are_named() -> None:
    model = chain()
    shorter = Model(model.constructs[:2], [paths("A", to="B")], "B", "shorter")
    survey = survey_of(simulated(100, seed=31), model.items)
    found = cvpat(survey, model, shorter)
    assert found.left_out == ("c1", "c2", "c3")
    assert list(found.table["about"]) == ["overall", "B"]
    backwards = Model(
        [model.constructs[0], model.constructs[2]], [paths("C", to="A")], "A", "backwards"
    )
    with pytest.raises(OptionError, match="no item in common"):
        cvpat(survey, shorter, backwards)


def test_impossible_options_are_refused_at_once() -> None:
    with pytest.raises(OptionError, match=r"(?s)alternative.*overall.*draws.*level"):
        CvpatOptions(alternative="less", overall="x", draws=3, level=2.0)  # type: ignore[arg-type]
    assert replace(CvpatOptions(), level=0.9).level == 0.9


@pytest.mark.parametrize("cluster", [1, 10])
def test_level_of_two_equally_good_models(cluster: int) -> None:
    """Short version of `benchmarks/coverage_cvpat.py`: about 5 % of tests at 5 % reject."""
    a, b = twins()
    rng = np.random.default_rng(32)
    options = CvpatOptions(prediction=PredictOptions(repetitions=1), draws=100)
    rejected = []
    for _ in range(100):
        frame = alike(200, rng, cluster)
        design = {"cluster": "cluster"} if cluster > 1 else {}
        survey = survey_of(frame, [*a.items, "z1", "z2"], low=-50, high=50, **design)
        rejected.append(cvpat(survey, a, b, options).table["p"].iloc[0] < 0.05)
    # three standard deviations of a binomial share of 100 round 5 %
    assert np.mean(rejected) < 0.05 + 3 * (0.05 * 0.95 / 100) ** 0.5
