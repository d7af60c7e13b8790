"""Two groups compared: against yearly figures, SciPy's permutation test, and known truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, permutation_test

from csi.compare.permutation import COLUMNS, compare_groups
from csi.errors import IndexFigureError, OptionError
from csi.estimate.permutation import permutation_p_values
from csi.index import IndexOptions, yearly
from csi.model import Model
from csi.survey.survey import Survey
from tests.index.conftest import answers

MakeSurvey = Callable[..., Survey]
COMPLETE = IndexOptions(missing="complete", draws=400)


def two(make_survey: MakeSurvey, n: int, seed: int, *, up: float = 0.0, **design: Any) -> Survey:
    """Two companies of n answers each; B is `up` points above A."""
    rng = np.random.default_rng(seed)
    rows = np.vstack([answers(n, rng, 6.0), answers(n, rng, 6.0 + up)])
    return make_survey(rows, company=["A"] * n + ["B"] * n, **design)


def row(table: pd.DataFrame, construct: str, weights: str) -> Any:
    found = table[(table["construct"] == construct) & (table["weights"] == weights)]
    assert len(found) == 1
    return found.iloc[0]


def test_estimates_are_those_of_yearly(three_years: Survey, model: Model) -> None:
    table = compare_groups(
        three_years, model, by="company", groups=("B", "A"), permutations=99, options=COMPLETE
    )
    assert tuple(table.columns) == COLUMNS
    known = yearly(three_years, model, group="company", options=COMPLETE)
    figures = known.figures[known.figures["year"] == "2023"].set_index(["group", "construct"])
    paths = known.paths[known.paths["year"] == "2023"].set_index(["group", "from", "to"])
    for own in table[table["weights"] == "own"].itertuples():
        # both roads stop at a weight change of 1e-7, here from another start
        known_index = figures.loc[("B", own.construct), "index"]
        assert own.estimate == pytest.approx(known_index, abs=1e-4)
        assert own.other_estimate == pytest.approx(
            figures.loc[("A", own.construct), "index"], abs=1e-4
        )
    for own in table[table["figure"] == "path"].to_dict("records"):
        key = own["from"], own["construct"]
        assert own["estimate"] == pytest.approx(paths.loc[("B", *key), "estimate"], abs=1e-5)
        assert own["difference"] == pytest.approx(
            paths.loc[("B", *key), "estimate"] - paths.loc[("A", *key), "estimate"], abs=1e-5
        )
    assert (table["n"] == 120).all()
    assert (table["unusable"] == 0).all()


def test_pooled_weights_are_those_of_yearly(make_survey: MakeSurvey, model: Model) -> None:
    survey = two(make_survey, 150, 1, up=0.4)
    table = compare_groups(
        survey, model, by="company", groups=("A", "B"), permutations=99, options=COMPLETE
    )
    known = yearly(survey, model, group="company", options=replace(COMPLETE, weights="pooled"))
    figures = known.figures.set_index(["group", "construct"])["index"]
    for own in table[table["weights"] == "pooled"].itertuples():
        assert own.estimate == pytest.approx(figures["A", own.construct], abs=1e-4)
        assert own.other_estimate == pytest.approx(figures["B", own.construct], abs=1e-4)


def test_p_of_pooled_weights_is_that_of_scipy(make_survey: MakeSurvey, model: Model) -> None:
    # with fixed weights the index is a mean of respondents' scores, which SciPy can permute
    survey = two(make_survey, 80, 2, up=0.3)
    table = compare_groups(
        survey, model, by="company", groups=("A", "B"), permutations=8000, options=COMPLETE
    )
    weights = yearly(
        survey, model, group="company", options=replace(COMPLETE, weights="pooled")
    ).weights
    own = weights[(weights["group"] == "A") & (weights["construct"] == "Satisfaction")]
    shares = own.set_index("item")["index_weight"]
    scores = survey.columns(tuple(shares.index)) @ shares.to_numpy()
    known = permutation_test(
        (scores[:80], scores[80:]),
        lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        vectorized=True, n_resamples=8000, rng=np.random.default_rng(3),
    ).pvalue  # fmt: skip
    found = row(table, "Satisfaction", "pooled")["p_permutation"]
    assert 0.01 < known < 0.9
    assert found == pytest.approx(known, abs=4 * np.sqrt(2 * known * (1 - known) / 8000))


def test_both_tests_agree_where_groups_differ_in_nothing_else(
    make_survey: MakeSurvey, model: Model
) -> None:
    survey = two(make_survey, 400, 4, up=0.25)
    tables = {
        method: compare_groups(
            survey, model, by="company", groups=("A", "B"), permutations=4000,
            options=IndexOptions(missing="complete", draws=1000, replicates=method),
        )
        for method in ("bootstrap", "delta", "jackknife", "gaussian")
    }  # fmt: skip
    for table in tables.values():
        # se of 1,000 draws: 2.2 %, of jackknife groups 8 %
        np.testing.assert_allclose(table["se"], tables["delta"]["se"], rtol=0.25)
        np.testing.assert_allclose(table["p_permutation"], tables["delta"]["p_permutation"])
    delta = tables["delta"]
    np.testing.assert_allclose(delta["p_value"], delta["p_permutation"], atol=0.05)
    np.testing.assert_allclose(delta["se"], tables["bootstrap"]["se"], rtol=0.1)
    assert row(delta, "Satisfaction", "own")["p_permutation"] < 0.05


@pytest.mark.parametrize("interval", ["percentile", "bias-corrected", "bca"])
def test_kinds_of_intervals(make_survey: MakeSurvey, model: Model, interval: Any) -> None:
    survey = two(make_survey, 120, 5, up=0.5)
    table = compare_groups(
        survey, model, by="company", groups=("A", "B"), permutations=99,
        options=replace(COMPLETE, interval=interval),
    )  # fmt: skip
    assert (table["lower"] < table["difference"]).all()
    assert (table["difference"] < table["upper"]).all()
    outside = (table["lower"] > 0) | (table["upper"] < 0)
    assert (outside == (table["p_value"] < 0.05)).all()


def test_level_and_power(make_survey: MakeSurvey, model: Model) -> None:
    # 160 surveys without a difference: the share of p <= 0.1 within the 99.9 % binomial bounds
    options = replace(COMPLETE, draws=100)
    tables = [
        compare_groups(
            two(make_survey, 60, 1000 + k), model, by="company", groups=("A", "B"),
            permutations=99, seed=k, options=options,
        )["p_permutation"]
        for k in range(160)
    ]  # fmt: skip
    rejected = (np.array(tables) <= 0.1).sum(axis=0)
    low, high = binom.ppf([0.0005, 0.9995], 160, 0.1)
    assert ((low <= rejected) & (rejected <= high)).all()
    assert 0.4 < np.mean(tables) < 0.6
    found = [
        compare_groups(
            two(make_survey, 60, 2000 + k, up=1.0), model, by="company", groups=("A", "B"),
            permutations=99, options=options,
        )
        for k in range(10)
    ]  # fmt: skip
    # a point is 0.6 standard deviations: z = 3.4, power at 5 % is 0.92; paths do not differ
    assert sum(row(t, "Satisfaction", "own")["p_permutation"] <= 0.05 for t in found) >= 7
    assert sum((t.loc[t["figure"] == "path", "p_permutation"] <= 0.05).any() for t in found) <= 4


def test_persons_in_both_groups_make_it_sharper(make_survey: MakeSurvey, model: Model) -> None:
    rng = np.random.default_rng(6)
    level = answers(100, rng, 6.0)
    other = np.clip(level + (rng.random(level.shape) < 0.2), 1, 10)  # most say the same again
    rows = np.vstack([level, other])
    company = ["A"] * 100 + ["B"] * 100
    clustered, simple = (
        compare_groups(
            make_survey(rows, company=company, clusters=clusters), model,
            by="company", groups=("A", "B"), permutations=999, options=COMPLETE,
        )
        for clusters in (np.tile(np.arange(100), 2), None)
    )  # fmt: skip
    sharp, blunt = (row(t, "Satisfaction", "pooled") for t in (clustered, simple))
    assert sharp["p_permutation"] == pytest.approx(0.001)
    assert sharp["p_value"] < 0.001
    assert blunt["p_permutation"] > 0.1
    assert blunt["p_value"] > 0.1


def test_order_of_rows_and_of_groups(make_survey: MakeSurvey, model: Model) -> None:
    rng = np.random.default_rng(7)
    rows = np.vstack([answers(70, rng, 6.0), answers(50, rng, 6.5)])
    company = np.array(["A"] * 70 + ["B"] * 50)
    strata, weights = rng.integers(0, 3, 120), rng.uniform(0.5, 2, 120)
    order = rng.permutation(120)
    one, two_ = (
        compare_groups(
            make_survey(rows[at], company=company[at], strata=strata[at], weights=weights[at]),
            model, by="company", groups=("A", "B"), permutations=199, options=COMPLETE,
        )
        for at in (np.arange(120), order)
    )  # fmt: skip
    pd.testing.assert_frame_equal(one, two_, check_exact=True)
    turned = compare_groups(
        make_survey(rows, company=company, strata=strata, weights=weights),
        model, by="company", groups=("B", "A"), permutations=1999, options=COMPLETE,
    )  # fmt: skip
    np.testing.assert_allclose(turned["difference"], -one["difference"], rtol=1e-9)
    # errors of shares of 199 and 1,999
    np.testing.assert_allclose(turned["p_permutation"], one["p_permutation"], atol=0.15)


def test_where_and_time(three_years: Survey, model: Model) -> None:
    ahead = compare_groups(
        three_years, model, by="year", groups=("2023", "2021"), where={"company": "B"},
        permutations=199, options=COMPLETE,
    )  # fmt: skip
    best = row(ahead, "Satisfaction", "own")
    assert best["difference"] > 5  # company B rises by a point of nine
    assert best["p_permutation"] == pytest.approx(1 / 200)
    early = compare_groups(
        three_years, model, by="company", groups=("A", "B"), where={"year": "2021"},
        permutations=199, options=COMPLETE,
    )  # fmt: skip
    assert row(early, "Satisfaction", "own")["p_permutation"] > 0.05


def test_missing_answers_and_items_not_asked(make_survey: MakeSurvey, model: Model) -> None:
    rng = np.random.default_rng(8)
    rows = np.vstack([answers(70, rng, 6.0), answers(70, rng, 7.0)])
    rows[rng.random(rows.shape) < 0.08] = np.nan
    rows[:70, 2] = np.nan  # Q3 was not asked in A
    rows[3] = np.nan
    survey = make_survey(rows, company=["A"] * 70 + ["B"] * 70)
    tables = [
        compare_groups(
            survey, model, by="company", groups=("A", "B"), permutations=99,
            options=IndexOptions(draws=100, missing=missing),
        )
        for missing in ("em", "pairwise")
    ]  # fmt: skip
    for table in tables:
        assert "Q3" in table["note"].iloc[0]
        assert "1 respondents without an answer" in table["note"].iloc[0]
        assert row(table, "Satisfaction", "own")["p_permutation"] < 0.05
    np.testing.assert_allclose(tables[0]["difference"], tables[1]["difference"], atol=1.5)


def test_few_clusters_say_so(make_survey: MakeSurvey, model: Model) -> None:
    survey = two(make_survey, 60, 9, clusters=np.repeat(np.arange(6), 20), up=2.0)
    table = compare_groups(
        survey, model, by="company", groups=("A", "B"), permutations=999, options=COMPLETE
    )
    # 6 over 3 ways; the observed one and its mirror image are the farthest apart: p near 2 / 20
    assert "only 20 relabellings" in table["note"].iloc[0]
    p = row(table, "Satisfaction", "pooled")["p_permutation"]
    assert p == pytest.approx(0.1, abs=4 * np.sqrt(0.09 / 999))


def test_all_faults_at_once(three_years: Survey, model: Model) -> None:
    with pytest.raises(IndexFigureError, match="3 faults") as caught:
        compare_groups(three_years, model, by="company", groups=("A", "Bb"),
                       where={"yeer": "2021", "company": "A"})  # fmt: skip
    text = str(caught.value)
    assert "did you mean 'year'?" in text
    assert "no respondent has 'Bb' as company" in text
    assert "tells the groups already" in text
    with pytest.raises(IndexFigureError, match="not two groups"):
        compare_groups(three_years, model, by="company", groups=("A", "A"))
    with pytest.raises(OptionError, match="3 faults"):
        compare_groups(
            three_years, model, by="company", groups=("A", "B"), permutations=10,
            options=IndexOptions(weights="equal", interval="studentised"),
        )  # fmt: skip


def test_groups_that_cannot_be_compared(make_survey: MakeSurvey, model: Model) -> None:
    rng = np.random.default_rng(10)
    rows = answers(180, rng)
    company = ["A"] * 90 + ["B"] * 90
    apart = make_survey(rows, company=company, strata=np.repeat([0, 1], 90))
    with pytest.raises(IndexFigureError, match="nobody can change places"):
        compare_groups(apart, model, by="company", groups=("A", "B"), options=COMPLETE)
    simple = replace(COMPLETE, design="simple")
    table = compare_groups(
        apart, model, by="company", groups=("A", "B"), permutations=99, options=simple
    )
    assert table["p_permutation"].notna().all()
    with pytest.raises(IndexFigureError, match="fewer than min_n = 100") as caught:
        compare_groups(
            apart, model, by="company", groups=("A", "B"), options=replace(COMPLETE, min_n=100)
        )
    assert len(caught.value.faults) == 2
    rows[:90, 0] = 5.0
    same = make_survey(rows, company=company)
    with pytest.raises(IndexFigureError, match="all gave the same answer to Q1"):
        compare_groups(same, model, by="company", groups=("A", "B"), options=COMPLETE)


def test_a_negative_weight_has_no_index(make_survey: MakeSurvey, model: Model) -> None:
    rng = np.random.default_rng(11)
    rows = np.vstack([answers(100, rng, 5.5), answers(100, rng, 5.5)])
    rows[:100, 2] = 11 - rows[:100, 2]  # Q3 the wrong way round in A
    survey = make_survey(rows, company=["A"] * 100 + ["B"] * 100)
    table = compare_groups(
        survey, model, by="company", groups=("A", "B"), permutations=99, options=COMPLETE
    )
    refused = row(table, "Quality", "own")
    assert np.isnan(refused["difference"])
    assert np.isnan(refused["p_permutation"])
    assert np.isnan(refused["p_value"])
    assert "negative weight of Q3" in refused["note"]
    assert np.isfinite(row(table, "Satisfaction", "own")["p_permutation"])


def test_p_values_by_hand() -> None:
    draws = np.array([[1.0, 2.0, np.nan], [-2.0, 2.0, np.nan], [0.5, -2.0, np.nan]])
    p, used = permutation_p_values(draws, np.array([-2.0, 5.0, 1.0]))
    np.testing.assert_allclose(p, [2 / 4, 1 / 4, np.nan])
    assert used.tolist() == [3, 3, 0]
    assert np.isnan(permutation_p_values(draws, np.array([np.nan, 1.0, 1.0]))[0][0])
