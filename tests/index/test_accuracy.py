"""Errors of one figure: limits and p values of every kind against their formulas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from csi.index import IndexOptions, yearly
from csi.index.accuracy import accuracy_of
from csi.index.linear import Scores
from csi.model import Model
from csi.moments.replication import Replication
from csi.survey.survey import Design, Survey

FREEDOM = 39.0
RANDOM = Replication("bootstrap", 4000, "")


def draws_about(estimate: float, seed: int = 1) -> np.ndarray:
    return estimate + np.random.default_rng(seed).normal(size=4000)


@pytest.mark.parametrize("tail", [1.0, -1.0])
def test_bca_takes_the_skewness_of_the_contributions_with_its_sign(tail: float) -> None:
    """The quantiles of the textbook, from draws without median bias but for their chance."""
    z = tail * np.random.default_rng(2).exponential(size=40) / 40
    scores = Scores(z, np.zeros(40, dtype=np.int64))
    draws = draws_about(2.0)
    found = accuracy_of(draws, 2.0, RANDOM, level=0.9, freedom=FREEDOM, kind="bca", scores=scores)
    a = stats.skew(z) / (6.0 * np.sqrt(40))
    bias = stats.norm.ppf(np.mean(draws < 2.0))
    at = [
        stats.norm.cdf(bias + (bias + q) / (1.0 - a * (bias + q)))
        for q in stats.t.ppf([0.05, 0.95], FREEDOM)
    ]
    wanted = np.quantile(draws, at)
    np.testing.assert_allclose([found.lower, found.upper], wanted, rtol=1e-12)
    longer = found.upper - 2.0 > 2.0 - found.lower
    assert longer == (tail > 0)  # the long tail of the contributions is the long side


def test_the_delta_method_takes_scores_where_there_are_some_and_else_its_draws() -> None:
    z = np.random.default_rng(3).normal(size=40) / 40
    scores = Scores(z, np.zeros(40, dtype=np.int64))
    delta, draws = Replication("delta", 4000, ""), draws_about(2.0)
    exact = accuracy_of(draws, 2.0, delta, level=0.95, freedom=FREEDOM, scores=scores)
    assert exact.se == pytest.approx(np.sqrt(40.0 * np.var(z, ddof=1)), rel=1e-12)
    drawn = accuracy_of(draws, 2.0, delta, level=0.95, freedom=FREEDOM)
    assert drawn.se == pytest.approx(np.std(draws, ddof=1), rel=1e-12)
    t = stats.t.ppf(0.975, FREEDOM)
    assert drawn.upper - 2.0 == pytest.approx(t * drawn.se, rel=1e-12)
    assert drawn.p_value == pytest.approx(2.0 * stats.t.sf(2.0 / drawn.se, FREEDOM), rel=1e-12)


def test_limits_that_reach_zero_have_the_p_value_of_their_level() -> None:
    z = np.random.default_rng(2).exponential(size=40) / 40
    scores = Scores(z, np.zeros(40, dtype=np.int64))
    draws = draws_about(2.0)
    ratio = np.exp(0.1 * np.random.default_rng(4).normal(size=4000))
    for kind in ("normal", "percentile", "bias-corrected", "bca", "studentised"):
        given = {"freedom": FREEDOM, "kind": kind, "scores": scores, "ratio": ratio}
        p = accuracy_of(draws, 2.0, RANDOM, level=0.9, **given).p_value
        at = accuracy_of(draws, 2.0, RANDOM, level=1.0 - p, **given)
        ends = [end for end in (at.lower, at.upper) if abs(end) < 0.1]
        assert len(ends) == 1, kind  # the draws next to zero lie within 0.02 of one another


def test_changes_of_one_construct_are_a_family(three_years: Survey, model: Model) -> None:
    """Two companies, three years: four changes a construct; Holm by hand."""
    options = IndexOptions(replicates="delta", draws=100)
    figures = yearly(three_years, model, group="company", options=options).figures
    for _, own in figures.dropna(subset=["p_value"]).groupby("construct"):
        p = np.sort(own["p_value"].to_numpy())
        assert len(p) == 4
        holm = np.minimum(np.maximum.accumulate(p * [4, 3, 2, 1]), 1.0)
        np.testing.assert_allclose(np.sort(own["p_holm"]), holm, rtol=1e-12)
        bh = np.minimum.accumulate((p * 4 / np.arange(1, 5))[::-1])[::-1]
        np.testing.assert_allclose(np.sort(own["p_bh"]), bh, rtol=1e-12)


def test_pooling_one_group_changes_nothing(three_years: Survey, model: Model) -> None:
    """Sums of unequal weights differ from draw to draw; each draw is pooled with its own."""
    here = three_years.keys["year"] == "2021"
    one = replace(
        three_years,
        answers=three_years.answers[here],
        keys={name: values[here] for name, values in three_years.keys.items()},
        respondents=three_years.respondents[here],
        design=Design(
            three_years.design.weights[here],
            three_years.design.strata[here],
            np.arange(int(here.sum())),
            weighted=True,
        ),
    )
    own, pooled = (
        yearly(one, model, options=IndexOptions(draws=200, weights=kind)).joint
        for kind in ("own", "pooled")
    )
    np.testing.assert_allclose(pooled.weights, own.weights, rtol=1e-6)
    np.testing.assert_allclose(pooled.weight_draws[0], own.weight_draws[0], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(pooled.draws, own.draws, atol=1e-4)
