"""Errors of index figures by several roads: they must meet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.errors import CsiError, OptionError
from csi.index import IndexOptions, YearlyIndex, yearly
from csi.model import Model
from csi.moments.replicates import plan_replicates
from csi.survey.survey import ReplicateWeights, Survey
from tests.index.conftest import MakeSurvey, answers

DRAWS = 2000
ROOM = 0.09
"""Between two standard errors: 2,000 draws leave 1.6 %, 250 respondents and curvature the rest."""


@pytest.fixture(scope="module")
def survey(make_survey: MakeSurvey) -> Survey:
    """Two years of 240 in 2 strata and clusters of 4, weighted; the clusters are in both years."""
    rng = np.random.default_rng(8)
    rows = np.vstack([answers(240, rng, 6.5), answers(240, rng, 7.0)])
    clusters = np.tile(np.arange(240) // 4, 2)
    shift = rng.normal(size=60)[clusters]
    rows = np.clip(np.round(rows + shift[:, None]), 1, 10)
    return make_survey(
        rows,
        year=np.repeat([2021, 2022], 240),
        weights=rng.uniform(0.5, 2.0, size=480),
        strata=(clusters % 2).astype(np.int64),
        clusters=clusters,
    )


def run(survey: Survey, model: Model, **given: object) -> YearlyIndex:
    options = replace(IndexOptions(draws=DRAWS, seed=2, missing="complete"), **given)
    return yearly(survey, model, options=options)


@pytest.fixture(scope="module")
def bootstrap(survey: Survey, model: Model) -> YearlyIndex:
    return run(survey, model)


@pytest.mark.parametrize("method", ["gaussian", "delta", "jackknife"])
def test_methods_meet_the_bootstrap(
    survey: Survey, model: Model, bootstrap: YearlyIndex, method: str
) -> None:
    other = run(survey, model, replicates=method)
    for column in ("se", "change_se"):
        pair = pd.concat([bootstrap.figures[column], other.figures[column]], axis=1).dropna()
        assert len(pair) >= 3
        np.testing.assert_allclose(pair.iloc[:, 1], pair.iloc[:, 0], rtol=ROOM)
    for table in ("paths", "effects", "quality"):
        column = "r2_se" if table == "quality" else "se"
        one, two = getattr(bootstrap, table)[column], getattr(other, table)[column]
        np.testing.assert_allclose(two, one, rtol=0.12)
    pd.testing.assert_series_equal(other.figures["index"], bootstrap.figures["index"])


def test_linearised_errors_meet_the_replicates(bootstrap: YearlyIndex) -> None:
    """With weights held fixed the error is nearly the same: weights matter little."""
    figures = bootstrap.figures
    np.testing.assert_allclose(figures["se_linear"], figures["se"], rtol=ROOM)
    both = figures.dropna(subset=["change_se"])
    np.testing.assert_allclose(both["change_se_linear"], both["change_se"], rtol=ROOM)


def test_equal_weights_make_the_delta_method_exact(
    survey: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    """The index of equal weights is a weighted mean: its linearised error by hand."""
    plain = make_survey(
        survey.answers,
        year=survey.keys["year"],
        weights=survey.design.weights,
        strata=survey.design.strata,
        clusters=survey.design.clusters,
    )
    found = run(plain, model, replicates="delta", weights="equal").figures
    row = found[(found["year"] == "2021") & (found["construct"] == "Satisfaction")].iloc[0]
    here = survey.keys["year"] == "2021"
    score = 100.0 * (survey.answers[here][:, 3:6].mean(axis=1) - 1.0) / 9.0
    w = survey.design.weights[here]
    z = w * (score - np.average(score, weights=w)) / w.sum()
    units = pd.Series(z).groupby(survey.design.clusters[here]).sum()
    strata = pd.Series(survey.design.strata[here]).groupby(survey.design.clusters[here]).first()
    variance = sum(
        len(own) / (len(own) - 1.0) * np.sum((own - own.mean()) ** 2)
        for _, own in units.groupby(strata)
    )
    assert row["se"] == pytest.approx(np.sqrt(variance), rel=1e-10)
    assert row["freedom"] == 58


@pytest.mark.parametrize("kind", ["percentile", "bias-corrected", "bca", "studentised"])
def test_kinds_of_intervals_are_near_one_another(
    survey: Survey, model: Model, bootstrap: YearlyIndex, kind: str
) -> None:
    """In a sample of 60 clusters ends differ by less than a third of the margin."""
    other = run(survey, model, interval=kind)
    for end, estimate in (("lower", "index"), ("upper", "index")):
        apart = (other.figures[end] - bootstrap.figures[end]).abs()
        assert (apart < bootstrap.figures["moe"] / 3.0).all()
        outside = (other.figures[end] - other.figures[estimate]) * (1 if end == "upper" else -1)
        assert (outside > 0).all()
    same = other.figures.dropna(subset=["p_value"])
    inside = (same["change_lower"] < 0) & (same["change_upper"] > 0)
    assert (inside == (same["p_value"] > 0.05)).all()


def test_simple_random_sampling_is_an_option(
    survey: Survey, model: Model, bootstrap: YearlyIndex
) -> None:
    """Clusters with a common part make errors larger; the option shows by how much."""
    simple = run(survey, model, design="simple")
    assert (simple.figures["se"] < 0.8 * bootstrap.figures["se"]).all()
    assert (simple.figures["freedom"] > bootstrap.figures["freedom"]).all()
    pd.testing.assert_series_equal(simple.figures["index"], bootstrap.figures["index"])


def test_a_census_has_no_error(survey: Survey, model: Model) -> None:
    whole = replace(survey, design=replace(survey.design, fractions=np.ones(len(survey))))
    for method in ("bootstrap", "delta"):
        found = run(whole, model, replicates=method).figures
        np.testing.assert_allclose(found["se"], 0.0, atol=1e-9)


def test_half_the_population(survey: Survey, model: Model, bootstrap: YearlyIndex) -> None:
    half = replace(survey, design=replace(survey.design, fractions=np.full(len(survey), 0.5)))
    for method in ("bootstrap", "delta", "jackknife"):
        found = run(half, model, replicates=method).figures
        expected = bootstrap.figures["se"] * np.sqrt(0.5)
        np.testing.assert_allclose(found["se"], expected, rtol=ROOM)


def test_replicates_that_cannot_give_an_interval(survey: Survey, model: Model) -> None:
    with pytest.raises(OptionError, match="needs random draws"):
        IndexOptions(replicates="jackknife", interval="bca")
    with pytest.raises(CsiError, match="two"):
        run(survey, model, replicates="brr")
    with pytest.raises(CsiError, match="replicate"):
        run(survey, model, replicates="supplied")


def test_supplied_replicate_weights_are_used(
    survey: Survey, model: Model, bootstrap: YearlyIndex
) -> None:
    """Jackknife weights handed over as supplied ones give the jackknife's errors."""
    plan = plan_replicates(survey, "jackknife", draws=DRAWS, seed=2, by="year")
    multipliers = plan.weights(np.arange(len(survey)))
    factors = plan.replication.factors
    assert factors is not None
    supplied = ReplicateWeights(
        (multipliers * survey.design.weights).T, "jkn", factors, plan.replication.around
    )
    with_them = replace(survey, design=replace(survey.design, replicates=supplied))
    own = run(survey, model, replicates="jackknife").figures
    other = run(with_them, model)  # "design" takes them
    for column in ("index", "se", "change_se"):
        np.testing.assert_allclose(other.figures[column], own[column], rtol=1e-6)
    assert "supplied" in other.metric.replication
    boot = run(with_them, model, replicates="bootstrap").figures
    pd.testing.assert_series_equal(boot["se"], bootstrap.figures["se"])


@pytest.mark.parametrize("method", ["brr", "fay"])
def test_half_samples_meet_the_delta_method(
    make_survey: MakeSurvey, model: Model, method: str
) -> None:
    """40 strata of two clusters of four: errors of both roads, with 40 degrees of freedom."""
    rng = np.random.default_rng(5)
    clusters = np.repeat(np.arange(80), 4)
    rows = answers(320, rng, 6.5) + 0.7 * rng.normal(size=80)[clusters][:, None]
    halves = make_survey(
        np.clip(np.round(rows), 1, 10),
        weights=rng.uniform(0.5, 2.0, size=320),
        strata=clusters // 8 * 4 + clusters % 4,
        clusters=clusters,
    )
    strata = halves.design.strata
    assert {len(set(clusters[strata == h])) for h in set(strata.tolist())} == {2}
    one = run(halves, model, replicates=method).figures
    two = run(halves, model, replicates="delta").figures
    np.testing.assert_allclose(one["se"], two["se"], rtol=0.12)
    assert (one["freedom"] == 40).all()
