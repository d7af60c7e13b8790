"""Distributions of scores: by hand, against statsmodels, numpy and the figures themselves."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import csi
from csi.errors import IndexFigureError
from csi.index.score_shares import (
    EDGES,
    SCORE_SHARES,
    SCORE_SUMMARY,
    score_shares,
    score_summary,
    weighted_quantile,
)
from csi.index.scores import scores
from csi.index.values import YearlyIndex
from csi.model import Model
from csi.moments.means import survey_means
from csi.survey.survey import Survey

KEYS = ["year", "group", "construct"]


@pytest.fixture(scope="module")
def survey(three_years: Survey) -> Survey:
    """The survey of three years with gaps in one item, strata and clusters of four."""
    answers = three_years.answers.copy()
    answers[::9, 3] = np.nan
    n = len(answers)
    design = replace(
        three_years.design, strata=np.arange(n) // 60, clusters=np.arange(n) // 4,
        stratified=True, clustered=True,
    )  # fmt: skip
    return replace(three_years, answers=answers, design=design)


@pytest.fixture(scope="module")
def yearly(survey: Survey, model: Model) -> YearlyIndex:
    options = csi.IndexOptions(draws=100, min_n=30)
    return csi.yearly(survey, model, group="company", options=options)


def test_bands_and_summary_are_those_of_the_scores(survey: Survey, yearly: YearlyIndex) -> None:
    weighted = pytest.importorskip("statsmodels.stats.weightstats").DescrStatsW
    table = scores(survey, yearly)
    bands = score_shares(survey, yearly).set_index(KEYS)
    summary = score_summary(survey, yearly).set_index(KEYS)
    for (year, group), part in table.groupby(["year", "group"]):
        for construct in yearly.model.names:
            known = part[part[construct].notna()]
            v, w = known[construct].to_numpy(), known["weight"].to_numpy()
            row, own = summary.loc[(year, group, construct)], bands.loc[(year, group, construct)]
            stats = weighted(v, w)
            assert row["mean"] == pytest.approx(stats.mean)
            assert row["sd"] == pytest.approx(stats.std)
            for name, share in (("q1", 0.25), ("median", 0.5), ("q3", 0.75)):
                expected = np.quantile(v, share, weights=w, method="inverted_cdf")
                assert row[name] == pytest.approx(expected)
            height, _ = np.histogram(v.round(9), EDGES, weights=w)
            np.testing.assert_allclose(own["share"], height / w.sum(), atol=1e-12)
            assert own["share"].sum() == pytest.approx(1.0)
            assert own["count"].sum() == row["n"] == len(known)
            gone = part.loc[part[construct].isna(), "weight"]
            assert row["without_score"] == len(gone)
            assert (own["without_score"] == len(gone)).all()
            assert row["without_share"] == pytest.approx(gone.sum() / part["weight"].sum())


def test_errors_are_those_of_the_design_by_a_second_road(
    survey: Survey, yearly: YearlyIndex
) -> None:
    """Sums over clusters, stratum by stratum, with pandas."""
    table = scores(survey, yearly)
    table["stratum"], table["cluster"] = survey.design.strata, survey.design.clusters
    summary = score_summary(survey, yearly).set_index(KEYS)
    bands = score_shares(survey, yearly).set_index([*KEYS, "least"])
    part = table[(table["year"] == "2022") & (table["group"] == "B")].copy()
    there = part["Satisfaction"].notna()
    w = part["weight"].where(there, 0.0)
    score = part["Satisfaction"].fillna(0.0)
    in_band = (there & (score >= 70) & (score < 80)).astype(float)

    def error(y: pd.Series) -> float:
        mean = (w * y).sum() / w.sum()
        part["z"] = w * (y - mean) / w.sum()
        units = part.groupby(["stratum", "cluster"])["z"].sum()
        spread = units.groupby("stratum").agg(
            lambda z: len(z) / (len(z) - 1) * z.var(ddof=0) * len(z)
        )
        return float(np.sqrt(spread.sum()))

    place = ("2022", "B", "Satisfaction")
    assert summary.loc[place, "se"] == pytest.approx(error(score))
    assert bands.loc[(*place, 70.0), "se"] == pytest.approx(error(in_band))


def test_a_single_item_has_the_mean_and_error_of_survey_means(survey: Survey) -> None:
    one = csi.Model(
        constructs=(csi.Construct("A", ("Q1",)), csi.Construct("B", ("S2", "S3"))),
        paths=(csi.Path("A", "B"),),
        index="B",
    )
    found = csi.yearly(survey, one, group="company", options=csi.IndexOptions(draws=100))
    own = score_summary(survey, found).query("construct == 'A'")
    known = survey_means(survey, "Q1", by=["year", "company"], scale="100", domain=False)
    for mine, other in (("mean", "mean"), ("se", "se"), ("moe", "margin"), ("lower", "lower"),
                        ("n", "n"), ("n_effective", "n_effective")):  # fmt: skip
        np.testing.assert_allclose(own[mine], known[other])


def test_without_gaps_the_mean_is_the_index(survey: Survey, yearly: YearlyIndex) -> None:
    own = score_summary(survey, yearly).set_index(KEYS)["mean"]
    index = yearly.figures.set_index(KEYS)["index"]
    for construct, gaps in (("Quality", False), ("Loyalty", False), ("Satisfaction", True)):
        apart = (own - index).xs(construct, level="construct").abs()
        assert (apart < 1e-9).all() != gaps
        assert (apart < 1.5).all()


def test_edges_belong_to_the_band_above_and_100_to_the_last(
    survey: Survey, yearly: YearlyIndex
) -> None:
    """Scores of 0, 70 and 100 from answers of one respondent each, weights that round badly."""
    answers = np.full_like(survey.answers, np.nan)
    rows = np.flatnonzero((survey.keys["year"] == "2021") & (survey.keys["company"] == "A"))
    answers[rows] = 1 + 9 * np.resize([0.0, 0.7, 1.0, 0.7 - 1e-6], len(rows))[:, None]
    found = score_shares(replace(survey, answers=answers), replace(yearly, metric=replace(
        yearly.metric, min_n=0)))  # fmt: skip
    own = found.query("year == '2021' and group == 'A' and construct == 'Quality'")
    counts = dict(zip(own["least"], own["count"], strict=True))
    assert {least for least, count in counts.items() if count} == {0, 60, 70, 90}
    assert counts[0] == counts[60] == counts[70] == counts[90] == len(rows) / 4


def test_groups_without_weights_have_no_scores_and_few_are_not_published(
    survey: Survey, yearly: YearlyIndex
) -> None:
    less = yearly.weights[~((yearly.weights["year"] == "2022") & (yearly.weights["group"] == "A"))]
    gone = replace(yearly, weights=less)
    bands = score_shares(survey, gone).query("year == '2022' and group == 'A'")
    assert bands["share"].isna().all()
    assert set(bands["note"]) == {"no scores"}
    assert (bands["without_score"] == 120).all()
    summary = score_summary(survey, gone).query("year == '2022' and group == 'A'")
    assert summary["mean"].isna().all()
    assert set(summary["note"]) == {"no scores"}
    np.testing.assert_allclose(summary["without_share"], 1.0, rtol=1e-12)  # order of sums
    # of a group too small for figures that is the reason, not a lack of answers
    small = replace(gone, metric=replace(gone.metric, min_n=130))
    for table in (score_shares(survey, small), score_summary(survey, small)):
        own = table.query("year == '2022' and group == 'A'")
        assert set(own["note"]) == {"suppressed: n = 120 is below 130"}
    strict = replace(yearly, metric=replace(yearly.metric, min_n=115))
    few = score_summary(survey, strict).query("construct == 'Satisfaction'")
    assert few["mean"].isna().all()
    assert few["note"].str.fullmatch(r"suppressed: n = 10\d is below 115").all()
    assert score_summary(survey, strict).query("construct == 'Quality'")["mean"].notna().all()


def test_a_simple_design_is_passed_over_as_in_the_figures(
    survey: Survey, yearly: YearlyIndex
) -> None:
    simple = replace(yearly, metric=replace(yearly.metric, design="simple"))
    pd.testing.assert_frame_equal(
        score_summary(survey, simple), score_summary(survey.as_simple(), yearly)
    )
    assert not np.allclose(score_summary(survey, simple)["se"], score_summary(survey, yearly)["se"])


def test_another_survey_is_refused(survey: Survey, yearly: YearlyIndex) -> None:
    book = replace(survey.codebook, items=survey.codebook.items[1:], groups=())
    other = replace(
        survey, codebook=book, answers=survey.answers[:, 1:], keys={"year": survey.keys["year"]}
    )
    with pytest.raises(IndexFigureError, match=r"company(.|\n)*Q1"):
        score_shares(other, yearly)


def test_columns_are_in_the_order_that_is_promised(survey: Survey, yearly: YearlyIndex) -> None:
    assert tuple(score_shares(survey, yearly).columns) == SCORE_SHARES
    assert tuple(score_summary(survey, yearly).columns) == SCORE_SUMMARY


def test_no_values_have_no_quantile() -> None:
    assert np.isnan(weighted_quantile(np.array([]), np.array([]), 0.5))
