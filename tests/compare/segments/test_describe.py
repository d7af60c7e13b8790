"""Who is in the segments: tables by hand, the test under a design, levels by the yearly road."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

import csi
from csi.compare.segments import (
    FimixOptions,
    describe_segments,
    description_verdicts,
    fimix,
    with_segments,
)
from csi.compare.segments.describe import TESTS
from csi.compare.segments.rao_scott import cramers_v, rao_scott, shares_of
from csi.errors import OptionError
from csi.model import Model
from csi.moments.means import survey_means
from csi.survey.survey import Survey

Divided = tuple[Survey, np.ndarray]
FEW = csi.IndexOptions(draws=100)


def one_stratum(units: int) -> np.ndarray:
    return np.zeros(units, dtype=np.int64)


def test_simple_random_sample_has_pearsons_statistic() -> None:
    rng = np.random.default_rng(1)
    row, column = rng.integers(0, 3, 500), rng.integers(0, 2, 500)
    found = rao_scott(row, column, np.ones(500), np.arange(500), one_stratum(500))
    pearson = chi2_contingency(pd.crosstab(row, column), correction=False)
    assert found.chi2 == pytest.approx(pearson.statistic, abs=1e-9)
    assert found.design_effect == pytest.approx(1.0, abs=0.02)
    assert found.p_value == pytest.approx(pearson.pvalue, abs=0.01)
    assert found.cramers_v == pytest.approx(np.sqrt(pearson.statistic / 500), abs=1e-12)


def test_exact_independence_has_the_variance_of_a_simple_random_sample() -> None:
    row, column = (part.reshape(-1) for part in np.mgrid[0:3, 0:4])
    row, column = np.repeat(row, 5), np.repeat(column, 5)
    found = rao_scott(row, column, np.ones(60), np.arange(60), one_stratum(60))
    assert found.chi2 == pytest.approx(0.0, abs=1e-12)
    assert found.design_effect == pytest.approx(60 / 59, abs=1e-9)  # divisor n - 1
    assert found.df1 == pytest.approx(6.0, abs=1e-9)


def test_everybody_twice_in_a_cluster_says_nothing_new() -> None:
    rng = np.random.default_rng(2)
    row, column = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    weights, strata = rng.uniform(0.5, 2, 200), np.arange(200) % 2
    once = rao_scott(row, column, weights, np.arange(200), strata)
    twice = rao_scott(
        *(np.repeat(part, 2) for part in (row, column, weights, np.arange(200))), strata
    )
    assert twice.chi2 == pytest.approx(2 * once.chi2, rel=1e-9)
    assert twice.p_value == pytest.approx(once.p_value, rel=1e-9)
    assert twice.design_effect == pytest.approx(2 * once.design_effect, rel=1e-9)


def test_linearised_scores_are_those_of_the_jackknife() -> None:
    rng = np.random.default_rng(3)
    row, column = rng.integers(0, 2, 150), rng.integers(0, 3, 150)
    weights, units = rng.uniform(0.5, 2, 150), np.arange(150) % 50
    found = rao_scott(row, column, weights, units, one_stratum(50))

    def theta(kept: np.ndarray) -> np.ndarray:
        shares = shares_of(row[kept], column[kept], weights[kept])
        away = shares - np.outer(shares.sum(axis=1), shares.sum(axis=0))
        return away[:-1, :-1].reshape(-1)

    left = np.stack([theta(units != u) for u in range(50)])
    design = 49 / 50 * (left - left.mean(axis=0)).T @ (left - left.mean(axis=0))
    shares = shares_of(row, column, weights)
    one, two = shares.sum(axis=1), shares.sum(axis=0)
    each = [np.diag(p) - np.outer(p, p) for p in (one, two)]
    simple = np.kron(each[0][:-1, :-1], each[1][:-1, :-1]) / 150
    effects = np.linalg.eigvals(np.linalg.solve(simple, design)).real
    # both are of the same order, apart by terms of 1 / 50
    assert found.design_effect == pytest.approx(effects.mean(), rel=0.08)
    assert found.df1 == pytest.approx(effects.sum() ** 2 / (effects**2).sum(), rel=0.08)


def test_the_test_holds_its_level_in_clusters() -> None:
    rng, corrected, plain = np.random.default_rng(4), [], []
    units = np.repeat(np.arange(50), 8)
    for _ in range(400):
        shared = rng.normal(size=(50, 2))[units]  # half of each answer is the cluster's
        row, column = (((shared + rng.normal(size=(400, 2))) > 0).astype(np.int64)).T
        corrected.append(rao_scott(row, column, np.ones(400), units, one_stratum(50)).p_value)
        plain.append(chi2_contingency(pd.crosstab(row, column), correction=False).pvalue)
    # 5 % of 400, give or take three times 1.1 %; Pearson's test rejects more than twice as often
    assert abs(np.mean(np.array(corrected) < 0.05) - 0.05) < 0.033
    assert np.mean(np.array(plain) < 0.05) > 0.1


def test_v_of_tables() -> None:
    assert cramers_v(np.diag([0.2, 0.3, 0.5])) == pytest.approx(1.0)
    assert cramers_v(np.outer([0.2, 0.8], [0.1, 0.3, 0.6])) == pytest.approx(0.0, abs=1e-12)


@pytest.fixture(scope="module")
def described(divided: Divided, model: Model) -> tuple[csi.Survey, object, object]:
    survey, _ = divided
    found = fimix(survey, model, FimixOptions(most=2, starts=6))
    return survey, found, describe_segments(found, survey, options=FEW)


def test_keys_are_tabled_and_ordered(described: tuple) -> None:
    survey, found, told = described
    assert told.association["key"].tolist() == ["company", "year"]
    segment = found.members["segment"].to_numpy()
    counts = pd.crosstab(survey.keys["company"].astype(str), segment)
    table = told.keys[told.keys["key"] == "company"].pivot_table(
        index="value", columns="segment", values="n"
    )
    np.testing.assert_array_equal(table.to_numpy(), counts.to_numpy())
    share = told.keys[told.keys["key"] == "company"].pivot_table(
        index="value", columns="segment", values="share"
    )
    rows = 100 * counts.to_numpy() / counts.to_numpy().sum(axis=1, keepdims=True)
    np.testing.assert_allclose(share.to_numpy(), rows, atol=1e-9)
    inside = told.keys.groupby(["key", "segment"])["share_in_segment"].sum()
    np.testing.assert_allclose(inside, 100.0)
    pearson = chi2_contingency(counts, correction=False)
    v = np.sqrt(pearson.statistic / 600)
    assert told.association["cramers_v"].iloc[0] == pytest.approx(v, abs=1e-9)
    # 85 % of a company are of one segment, and 70 % of them are sorted right
    assert told.association["p_adjusted"].iloc[0] < 0.001
    assert told.association["p_adjusted"].iloc[1] > 0.001


def test_levels_and_means_are_those_of_the_usual_road(described: tuple, model: Model) -> None:
    survey, found, told = described
    marked = with_segments(survey, found, name="hidden")
    run = csi.yearly(marked, model, by="", group="hidden", options=FEW)
    np.testing.assert_array_equal(told.index["index"], run.figures["index"])
    np.testing.assert_array_equal(told.index["moe"], run.figures["moe"])
    means = survey_means(marked, model.items, by="hidden")
    np.testing.assert_array_equal(told.items["mean"], means["mean"])
    members = found.members
    for k in (1, 2):
        rows = members.loc[members["segment"] == k, "row"]
        own = told.items[told.items["segment"] == str(k)].set_index("item")["mean"]
        by_hand = survey.columns(model.items)[rows].mean(axis=0)
        np.testing.assert_allclose(own.loc[list(model.items)], by_hand)
    assert set(told.paths.columns) == {"segment", "from", "to", "estimate", "se", "lower", "upper"}


def test_gaps_have_no_segment(divided: Divided, model: Model) -> None:
    survey, _ = divided
    answers = survey.answers.copy()
    answers[:100, 0] = np.nan
    survey = replace(survey, answers=answers)
    found = fimix(survey, model, FimixOptions(most=2, starts=4))
    marked = with_segments(survey, found, segments=2)
    assert (marked.keys["segment"][:100] == "").all()
    assert set(marked.keys["segment"][100:]) == {"1", "2"}
    told = describe_segments(found, survey, segments=2, options=FEW)
    assert told.keys.loc[told.keys["key"] == "company", "n"].sum() == 500


def test_another_survey_is_refused(divided: Divided, model: Model) -> None:
    survey, _ = divided
    found = fimix(survey, model, FimixOptions(most=2, starts=4))
    other = replace(survey, answers=survey.answers[::-1].copy())
    with pytest.raises(OptionError, match="not the survey that was segmented"):
        describe_segments(found, other)
    with pytest.raises(OptionError, match="is a column of the survey"):
        with_segments(survey, found, name="company")


def test_verdicts_say_which_key_explains(described: tuple) -> None:
    survey, _, told = described
    assert told.verdicts[-1].measure == "margins"
    row = {
        "values": 2,
        "n": 600,
        "design_effect": 1.0,
        "f": 9.0,
        "df1": 1.0,
        "df2": 9.0,
        "note": "",
    }
    strong = pd.DataFrame(
        [{"key": "company", "cramers_v": 0.5, "p_value": 0.0, "p_adjusted": 0.0} | row],
        columns=TESTS,
    )
    first = description_verdicts(strong, survey.codebook)[0]
    assert (first.about, first.grade) == ("company", "told")
    assert "0.50, p < 0.001" in first.sentence.en
    weak = strong.assign(cramers_v=0.1)
    assert description_verdicts(weak, survey.codebook)[0].grade == "doubtful"
    assert (
        "no group column" in description_verdicts(strong.iloc[:0], survey.codebook)[0].sentence.en
    )


def test_a_key_of_one_value_or_too_many_is_told(divided: Divided, model: Model) -> None:
    survey, _ = divided
    keys = {
        "year": np.full(600, "2020", dtype=object),
        "company": np.array([str(k) for k in range(600)], dtype=object),
    }
    survey = replace(survey, keys=keys)
    found = fimix(survey, model, FimixOptions(most=2, starts=4))
    told = describe_segments(found, survey, segments=2, options=FEW)
    notes = dict(zip(told.association["key"], told.association["note"], strict=True))
    assert notes == {"year": "a single value", "company": "more than 50 values"}
