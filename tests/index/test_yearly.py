"""Yearly figures against single fits, hand-made draws and scipy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from csi.errors import IndexFigureError, OptionError
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index import IndexOptions, YearlyIndex, index_figures, scores, yearly
from csi.index.formula import index_weights
from csi.model import Construct, Model, Path
from csi.moments import moments_of, replicate_moments
from csi.survey.codebook import Key
from csi.survey.survey import Survey
from csi.text import Text
from tests.index.conftest import answers

FAST = IndexOptions(draws=200, seed=3, missing="complete", interval="percentile")
MakeSurvey = Callable[..., Survey]


@pytest.fixture(scope="module")
def result(three_years: Survey, model: Model) -> YearlyIndex:
    return yearly(three_years, model, group="company", options=FAST)


def row(result: YearlyIndex, year: str, company: str, construct: str) -> pd.Series:
    figures = result.figures
    found = figures[
        (figures["year"] == year)
        & (figures["group"] == company)
        & (figures["construct"] == construct)
    ]
    assert len(found) == 1
    return found.iloc[0]


def part(survey: Survey, year: str, company: str) -> np.ndarray:
    return np.flatnonzero((survey.keys["year"] == year) & (survey.keys["company"] == company))


def test_each_figure_is_that_of_a_fit_of_its_own_rows(
    result: YearlyIndex, three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    rows = part(three_years, "2022", "B")
    alone = make_survey(three_years.answers[rows], weights=three_years.design.weights[rows])
    fit = fit_pls(model, moments_of(alone, model))
    expected = index_figures(fit, alone.codebook).set_index("construct")["index"]
    for construct in model.names:
        assert row(result, "2022", "B", construct)["index"] == pytest.approx(
            expected[construct], abs=1e-9
        )
    weights = result.weights.query("year == '2022' and group == 'B'")
    np.testing.assert_allclose(weights["index_weight"], index_weights(fit), atol=1e-9)
    np.testing.assert_allclose(weights.groupby("construct")["index_weight"].sum(), 1.0)


def test_index_is_the_weighted_mean_of_scores(result: YearlyIndex, three_years: Survey) -> None:
    table = scores(three_years, result)
    for (year, company), group in table.groupby(["year", "group"]):
        mean = np.average(group["Satisfaction"], weights=group["weight"])
        assert row(result, year, company, "Satisfaction")["index"] == pytest.approx(mean, abs=1e-9)


def test_bases_by_hand(result: YearlyIndex, three_years: Survey) -> None:
    w = three_years.design.weights[part(three_years, "2021", "A")]
    found = row(result, "2021", "A", "Quality")
    assert found["n"] == 120
    assert found["n_effective"] == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert found["sum_weights"] == pytest.approx(w.sum())


def test_errors_are_those_of_the_draws(
    result: YearlyIndex, three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    """A slow road: draws of the same stream, one fit at a time, scores by the formula in words."""
    drawn = replicate_moments(
        three_years, model, by=["year", "company"], draws=200, seed=3, missing="complete"
    )
    at = drawn.labels.index(("2023", "A"))
    values = []
    for d in range(200):
        mean, cov = drawn.mean[d, at, 3:6], drawn.cov[d, at]
        single = replace(
            drawn, mean=drawn.mean[d, at], cov=cov, n=np.array(120), by=(), labels=(),
            sum_weights=np.array(1.0), n_effective=np.array(1.0), answers=np.full(8, 120),
            problems=(),
        )  # fmt: skip
        fit = fit_pls(model, single, PLSOptions(tolerance=1e-10))
        w = fit.weights[3:6] / np.sqrt(np.diag(cov)[3:6])
        values.append(100 * (w / w.sum()) @ (mean - 1) / 9)
    found = row(result, "2023", "A", "Satisfaction")
    # both settle to 1e-7 in the weights
    assert found["se"] == pytest.approx(np.std(values, ddof=1), rel=1e-5)
    tails = stats.norm.cdf(stats.t.ppf([0.025, 0.975], 119))  # t tails, for 119 degrees of freedom
    assert found["lower"] == pytest.approx(np.quantile(values, tails[0]), abs=1e-4)
    assert found["upper"] == pytest.approx(np.quantile(values, tails[1]), abs=1e-4)
    assert found["moe"] == pytest.approx(stats.t.ppf(0.975, 119) * found["se"], rel=1e-9)


def test_change_has_its_own_error_and_test(result: YearlyIndex) -> None:
    now, before = (row(result, year, "B", "Satisfaction") for year in ("2022", "2021"))
    assert now["change"] == pytest.approx(now["index"] - before["index"], abs=1e-12)
    assert now["compared_with"] == "2021"
    # independent samples: variances add; 200 draws leave a correlation of about 0.07
    assert now["change_se"] == pytest.approx(np.hypot(now["se"], before["se"]), rel=0.15)
    # no draw of 200 is on the other side: half a draw in each tail, t tails
    least = 2 * stats.t.cdf(stats.norm.ppf(0.5 / 200), 119 + 119)
    assert now["p_value"] == pytest.approx(least, rel=1e-9)
    assert row(result, "2023", "A", "Satisfaction")["p_value"] > 0.01
    assert np.isnan(before["change"])


def test_interval_and_p_value_say_the_same(three_years: Survey, model: Model) -> None:
    for kind in ("percentile", "bias-corrected", "normal"):
        changes = []
        for level in (0.6, 0.8, 0.95):
            options = replace(FAST, interval=kind, level=level)
            figures = yearly(three_years, model, group="company", options=options).figures
            changes.append(figures.dropna(subset=["change"]).assign(level=level))
        table = pd.concat(changes)
        without_zero = (table["change_lower"] > 0) | (table["change_upper"] < 0)
        small = table["p_value"] < 1 - table["level"]
        # quantiles lie between draws: a figure within two draws of the limit may go either way
        near = (table["p_value"] - (1 - table["level"])).abs() < 4 / 200
        assert (without_zero == small)[~near].all()
        assert without_zero.any()
        assert not without_zero.all()
    t = table["change"] / table["change_se"]
    np.testing.assert_allclose(table["p_value"], 2 * stats.t.sf(t.abs(), 238), rtol=1e-9)


def test_a_group_does_not_depend_on_the_others(
    result: YearlyIndex, three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    rows = np.flatnonzero(three_years.keys["company"] == "B")
    alone = make_survey(
        three_years.answers[rows],
        year=three_years.keys["year"][rows],
        company=three_years.keys["company"][rows],
        weights=three_years.design.weights[rows],
    )
    only = yearly(alone, model, group="company", options=FAST).figures
    both = result.figures[result.figures["group"] == "B"].reset_index(drop=True)
    family = ["p_holm", "p_bh"]  # adjusted for all tests of the table
    pd.testing.assert_frame_equal(
        only.drop(columns=family), both.drop(columns=family), check_exact=True
    )


def test_processes_do_not_change_a_byte(three_years: Survey, model: Model) -> None:
    one = yearly(three_years, model, group="company", options=replace(FAST, draws=100))
    two = yearly(three_years, model, group="company", options=replace(FAST, draws=100, jobs=2))
    pd.testing.assert_frame_equal(one.figures, two.figures, check_exact=True)
    pd.testing.assert_frame_equal(one.paths, two.paths, check_exact=True)


def test_pooled_weights_are_those_of_all_rows(
    three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    """Every year counts by its respondents: its weights are divided by their mean first."""
    year, company = three_years.keys["year"], three_years.keys["company"]
    expanded = three_years.design.weights * np.where(year == "2021", 5000.0, 1.0)
    survey = make_survey(three_years.answers, year=year, company=company, weights=expanded)
    pooled = yearly(survey, model, group="company", options=replace(FAST, weights="pooled"))
    level = {y: three_years.design.weights[year == y].mean() for y in np.unique(year)}
    even = three_years.design.weights / np.array([level[y] for y in year])
    everyone = fit_pls(model, moments_of(make_survey(three_years.answers, weights=even), model))
    expected = index_weights(everyone)
    for _, group in pooled.weights.groupby(["year", "group"]):
        np.testing.assert_allclose(group["index_weight"], expected, atol=1e-9)
    assert set(pooled.figures["weights"]) == {"pooled (2021, 2022, 2023)"}
    rows = part(three_years, "2022", "A")
    means = np.average(
        three_years.answers[rows, 3:6], axis=0, weights=three_years.design.weights[rows]
    )
    w = expected[3:6]
    found = row(pooled, "2022", "A", "Satisfaction")
    assert found["index"] == pytest.approx(100 * w @ (means - 1) / 9, abs=1e-9)
    assert 0 < found["se"] < 5


def test_frozen_weights_come_from_the_base_year(
    result: YearlyIndex, three_years: Survey, model: Model
) -> None:
    frozen = yearly(
        three_years, model, group="company", options=replace(FAST, weights="frozen:2021")
    )
    base = result.weights.query("year == '2021' and group == 'A'")["index_weight"]
    for year in ("2021", "2022", "2023"):
        used = frozen.weights[(frozen.weights["year"] == year) & (frozen.weights["group"] == "A")]
        np.testing.assert_allclose(used["index_weight"], base, atol=1e-12)
    own = row(result, "2021", "A", "Satisfaction")
    same = row(frozen, "2021", "A", "Satisfaction")
    assert (same["index"], same["se"]) == (own["index"], own["se"])
    assert set(frozen.figures["weights"]) == {"frozen:2021"}


def test_equal_weights_are_plain_means(three_years: Survey, model: Model) -> None:
    equal = yearly(three_years, model, group="company", options=replace(FAST, weights="equal"))
    rows = part(three_years, "2023", "B")
    w = three_years.design.weights[rows]
    mean = np.average(three_years.answers[rows, 3:6].mean(axis=1), weights=w)
    found = row(equal, "2023", "B", "Satisfaction")
    assert found["index"] == pytest.approx((mean - 1) / 9 * 100, abs=1e-9)
    assert found["weights"] == "equal"
    # a plain weighted mean: linearised standard error, sqrt(sum w^2 (x - m)^2) / sum w
    x = (three_years.answers[rows, 3:6].mean(axis=1) - 1) / 9 * 100
    linear = np.sqrt(np.sum(w**2 * (x - found["index"]) ** 2)) / w.sum()
    assert found["se"] == pytest.approx(linear, rel=0.15)  # 200 draws: 5 %, three times that


def test_items_not_asked_leave_the_model_openly(
    three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    rows = three_years.answers.copy()
    rows[three_years.keys["year"] == "2021", 5] = np.nan  # S3 from 2022 on
    rows[three_years.keys["year"] == "2023", 6:] = np.nan  # no loyalty in 2023
    survey = make_survey(rows, year=three_years.keys["year"], company=three_years.keys["company"])
    found = yearly(survey, model, group="company", options=FAST)
    assert "2021: not asked: S3." in found.notes
    assert any(note.startswith("2023: not asked: L1, L2; left out") for note in found.notes)
    broken = row(found, "2022", "A", "Satisfaction")
    assert np.isnan(broken["change"])
    assert "items differ from 2021" in broken["note"]
    assert np.isfinite(row(found, "2022", "A", "Quality")["change"])
    gone = row(found, "2023", "A", "Loyalty")
    assert np.isnan(gone["index"])
    assert "not measured: L1, L2 not asked" in gone["note"]
    asked = found.items.set_index(["year", "item"])["asked"]
    assert not asked["2021", "S3"]
    assert asked["2022", "S3"]
    frozen = yearly(survey, model, group="company", options=replace(FAST, weights="frozen:2021"))
    refused = row(frozen, "2022", "A", "Satisfaction")
    assert np.isnan(refused["index"])
    assert "frozen:2021 has no weight for S3" in refused["note"]


def test_small_bases_are_suppressed(three_years: Survey, model: Model) -> None:
    found = yearly(three_years, model, group="company", options=replace(FAST, min_n=121))
    assert found.figures["index"].isna().all()
    assert found.figures["note"].str.contains("suppressed: n = 120 is below 121").all()
    assert found.figures["n"].eq(120).all()
    assert found.paths.empty


def test_a_group_that_cannot_be_fitted_does_not_stop_the_others(
    three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    rows = three_years.answers.copy()
    rows[part(three_years, "2022", "A"), 3] = 7.0  # everybody the same answer to S1
    rows[part(three_years, "2023", "A"), 4] = rows[part(three_years, "2023", "A"), 3]
    survey = make_survey(rows, year=three_years.keys["year"], company=three_years.keys["company"])
    found = yearly(survey, model, group="company", options=FAST)
    ends = found.fits.set_index(["year", "group"])["problem"]
    assert "same answer to S1" in ends["2022", "A"]
    assert "not positive definite" in ends["2023", "A"]
    assert ends["2022", "B"] == ""
    assert np.isnan(row(found, "2022", "A", "Satisfaction")["index"])
    assert np.isfinite(row(found, "2022", "B", "Satisfaction")["index"])
    assert any("2022 A: not fitted" in note for note in found.notes)


def test_a_negative_weight_is_refused(make_survey: MakeSurvey) -> None:
    """An item that turns against its construct gets no silent index."""
    rng = np.random.default_rng(8)
    rows = answers(300, rng)
    rows[:, 5] = np.clip(11 - rows[:, 5], 1, 10)
    survey = make_survey(rows)
    model = Model(
        constructs=(
            Construct("Quality", ("Q1", "Q2", "Q3")),
            Construct("Satisfaction", ("S1", "S2", "S3")),
        ),
        paths=(Path("Quality", "Satisfaction"),),
        index="Satisfaction",
    )
    found = yearly(survey, model, options=FAST)
    satisfaction = found.figures.set_index("construct").loc["Satisfaction"]
    assert np.isnan(satisfaction["index"])
    assert "negative weight of S3" in satisfaction["note"]
    with pytest.raises(IndexFigureError, match="S3"):
        index_figures(fit_pls(model, moments_of(survey, model)), survey.codebook)
    equal = yearly(survey, model, options=replace(FAST, weights="equal"))
    assert np.isfinite(equal.figures.set_index("construct").loc["Satisfaction", "index"])


def test_shared_clusters_are_drawn_together(make_survey: MakeSurvey, model: Model) -> None:
    """The same persons in both years: the change must know that they are the same."""
    rng = np.random.default_rng(5)
    first = answers(200, rng)
    second = np.clip(first + rng.integers(-1, 2, size=first.shape), 1, 10)
    rows, year = np.vstack([first, second]), [2021] * 200 + [2022] * 200
    person = np.tile(np.arange(200), 2)
    panel = yearly(make_survey(rows, year=year, clusters=person), model, options=FAST)
    apart = yearly(make_survey(rows, year=year), model, options=FAST)
    one, two = (
        result.figures.query("year == '2022' and construct == 'Satisfaction'").iloc[0]
        for result in (panel, apart)
    )
    assert one["index"] == two["index"]
    assert one["change_se"] < 0.5 * two["change_se"]
    assert one["se"] == pytest.approx(two["se"], rel=0.2)


def test_faults_are_named(three_years: Survey, model: Model) -> None:
    with pytest.raises(IndexFigureError, match=r"region.*known keys: year, company"):
        yearly(three_years, model, group="region", options=FAST)
    with pytest.raises(IndexFigureError, match=r"frozen:1999.*use one of 2021, 2022, 2023"):
        yearly(three_years, model, options=replace(FAST, weights="frozen:1999"))
    other = Model(
        constructs=(Construct("A", ("Q1", "X9")), Construct("B", ("S1",), kind="single")),
        paths=(Path("A", "B"),),
        index="B",
    )
    with pytest.raises(IndexFigureError, match="X9"):
        yearly(three_years, other, options=FAST)
    with pytest.raises(OptionError) as caught:
        IndexOptions(weights="mine", draws=1, level=2.0, interval="t")  # type: ignore[arg-type]
    assert len(caught.value.faults) == 4


def test_bias_corrected_and_normal_intervals(three_years: Survey, model: Model) -> None:
    normal = yearly(three_years, model, group="company", options=replace(FAST, interval="normal"))
    found = row(normal, "2022", "A", "Quality")
    assert found["upper"] - found["index"] == pytest.approx(found["moe"], rel=1e-9)
    corrected = yearly(
        three_years, model, group="company", options=replace(FAST, interval="bias-corrected")
    )
    other = row(corrected, "2022", "A", "Quality")
    assert other["lower"] < other["index"] < other["upper"]
    assert other["se"] == found["se"]


def test_respondents_without_a_group_are_counted_and_left_out(
    three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    company = three_years.keys["company"].copy()
    company[:7] = ""
    survey = make_survey(three_years.answers, year=three_years.keys["year"], company=company)
    found = yearly(survey, model, group="company", options=FAST)
    assert set(found.figures["group"]) == {"A", "B"}
    assert row(found, "2021", "A", "Quality")["n"] == 113
    assert "7 respondents without a value of company are in no figure." in found.notes


def test_order_of_the_file_does_not_change_a_byte(
    three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    mixed = np.random.default_rng(0).permutation(len(three_years))
    rows = three_years.answers.copy()
    rows[::9, 4] = np.nan
    year, company = three_years.keys["year"], three_years.keys["company"]
    strata = np.arange(len(three_years)) % 3
    for missing in ("pairwise", "em"):
        one, two = (
            yearly(
                make_survey(
                    rows[order], year=year[order], company=company[order], strata=strata[order],
                    weights=three_years.design.weights[order],
                ),
                model, group="company", options=replace(FAST, draws=100, missing=missing),
            )
            for order in (np.arange(len(rows)), mixed)
        )  # fmt: skip
        pd.testing.assert_frame_equal(one.figures, two.figures, check_exact=True)
        pd.testing.assert_frame_equal(one.paths, two.paths, check_exact=True)


def test_reasons_of_a_missing_change(
    three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    kept = np.ones(len(three_years), dtype=bool)
    kept[part(three_years, "2021", "B")] = False  # company B joins in 2022
    kept[part(three_years, "2022", "A")[40:]] = False  # 40 answers of A in 2022
    survey = make_survey(
        three_years.answers[kept],
        year=three_years.keys["year"][kept],
        company=three_years.keys["company"][kept],
    )
    found = yearly(survey, model, group="company", options=FAST)
    notes = found.figures.query("construct == 'Quality'").set_index(["year", "group"])["note"]
    assert notes["2022", "B"] == "no change figure: no respondents in 2021"
    assert notes["2022", "A"] == "suppressed: n = 40 is below 50"
    assert notes["2023", "A"] == "no change figure: suppressed in 2022"
    assert notes["2023", "B"] == ""


def test_one_sampled_unit_has_no_margin(model: Model, make_survey: MakeSurvey) -> None:
    rows = answers(200, np.random.default_rng(1))
    survey = make_survey(
        rows, year=["2024"] * 100 + ["2025"] * 100, clusters=np.repeat([0, 1], 100)
    )
    figures = yearly(survey, model, options=FAST).figures
    assert figures["index"].notna().all()
    assert figures[["se", "moe", "lower", "upper", "p_value"]].isna().all().all()
    assert figures["note"].str.contains("no margin of error: one sampled unit").all()


def test_freedom_counts_a_shared_cluster_once(model: Model, make_survey: MakeSurvey) -> None:
    """Six clusters in both years: t with five degrees of freedom, everywhere."""
    rng = np.random.default_rng(2)
    rows = answers(600, rng)
    survey = make_survey(
        rows,
        year=np.repeat(["2024", "2025"], 300),
        clusters=np.tile(np.repeat(np.arange(6), 50), 2),
    )
    found = yearly(survey, model, options=replace(FAST, interval="normal"))
    figures = found.figures.query("construct == 'Quality'").set_index("year")
    t = stats.t.ppf(0.975, 5)
    for year in ("2024", "2025"):
        assert figures.loc[year, "moe"] == pytest.approx(t * figures.loc[year, "se"], rel=1e-9)
    now = figures.loc["2025"]
    assert now["change_upper"] - now["change"] == pytest.approx(t * now["change_se"], rel=1e-9)
    assert any("same code in several periods" in note for note in found.notes)


def test_scores_of_a_refused_construct_stay_empty(make_survey: MakeSurvey) -> None:
    rows = answers(300, np.random.default_rng(8))
    rows[:, 5] = np.clip(11 - rows[:, 5], 1, 10)
    model = Model(
        constructs=(
            Construct("Quality", ("Q1", "Q2", "Q3")),
            Construct("Satisfaction", ("S1", "S2", "S3")),
        ),
        paths=(Path("Quality", "Satisfaction"),),
        index="Satisfaction",
    )
    survey = make_survey(rows)
    table = scores(survey, yearly(survey, model, options=FAST))
    assert table["Satisfaction"].isna().all()
    assert table["Quality"].between(0, 100).all()


def test_constant_and_equal_items_under_em(three_years: Survey, model: Model) -> None:
    """The default treatment of missing answers names the trouble instead of failing."""
    rows = three_years.answers.copy()
    rows[::11, 0] = np.nan
    rows[part(three_years, "2022", "A"), 3] = 7.0
    twins = part(three_years, "2023", "A")
    rows[twins, 4] = rows[twins, 3]
    survey = replace(three_years, answers=rows)
    found = yearly(survey, model, group="company", options=replace(FAST, missing="em", draws=100))
    ends = found.fits.set_index(["year", "group"])["problem"]
    assert "same answer to S1" in ends["2022", "A"]
    assert "EM had not settled" in ends["2023", "A"] or "not positive definite" in ends["2023", "A"]
    assert ends["2022", "B"] == ""


def test_unsteady_weights_have_no_margin(make_survey: MakeSurvey) -> None:
    """Sixty answers that hardly hang together: weights cancel in many draws."""
    model = Model(
        constructs=(
            Construct("Quality", ("Q1", "Q2", "Q3")),
            Construct("Satisfaction", ("S1", "S2", "S3")),
        ),
        paths=(Path("Quality", "Satisfaction"),),
        index="Satisfaction",
    )
    for seed in range(40):  # a sample whose own weights happen to be positive
        rows = np.random.default_rng(seed).integers(1, 11, size=(60, 8)).astype(float)
        figures = yearly(make_survey(rows), model, options=replace(FAST, interval="normal")).figures
        figures = figures.set_index("construct")
        if np.isfinite(figures.loc["Satisfaction", "index"]):
            break
    found = figures.loc["Satisfaction"]
    assert np.isfinite(found["index"])
    assert np.isnan(found["se"])
    assert "weights are not steady" in found["note"]
    equal = yearly(make_survey(rows), model, options=replace(FAST, weights="equal")).figures
    assert equal["moe"].between(0.1, 15).all()
    steady = answers(60, np.random.default_rng(1))
    both = make_survey(np.vstack([rows, steady]), year=["2024"] * 60 + ["2025"] * 60)
    later = yearly(both, model, options=replace(FAST, interval="normal")).figures
    later = later[later["year"] == "2025"].set_index("construct").loc["Satisfaction"]
    assert np.isfinite(later["change"])
    assert np.isnan(later["p_value"])
    assert "no test of the change: no margin in 2024" in later["note"]


def test_draws_without_an_index_are_told_in_the_row(make_survey: MakeSurvey) -> None:
    """Between weak and steady: a few draws have outweighing negative weights, and are counted."""
    model = Model(
        constructs=(
            Construct("Quality", ("Q1", "Q2", "Q3")),
            Construct("Satisfaction", ("S1", "S2", "S3")),
        ),
        paths=(Path("Quality", "Satisfaction"),),
        index="Satisfaction",
    )
    seen = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        latent = 0.9 * rng.normal(size=(60, 1)) + 2 * rng.normal(size=(60, 8))
        rows = np.clip(np.round(5.5 + latent), 1, 10)
        result = yearly(make_survey(rows), model, options=FAST)
        fitted = int(result.fits["draws_used"].iloc[0])
        for _, found in result.figures.dropna(subset=["se"]).iterrows():
            wild = fitted - int(found["draws_used"])  # fits that are used, draws without an index
            assert wild <= 0.1 * FAST.draws
            assert (wild > 0) == (f"errors without {wild} of 200 draws" in found["note"])
            assert found["se"] < 15
            seen += wild > 0
    assert seen > 0


def test_a_base_that_weights_leave_small_is_flagged(model: Model, make_survey: MakeSurvey) -> None:
    rows = answers(300, np.random.default_rng(3))
    weights = np.ones(300)
    weights[:5] = 400.0
    figures = yearly(make_survey(rows, weights=weights), model, options=FAST).figures
    assert figures["note"].str.contains("weights leave an effective n of 7").all()


def test_periods_follow_the_codebook(model: Model, make_survey: MakeSurvey) -> None:
    rows = answers(240, np.random.default_rng(6))
    survey = make_survey(rows, year=np.repeat(["before", "after"], 120))
    time = Key(name="year", column="year", values={"before": Text(), "after": Text()})
    survey = replace(survey, codebook=replace(survey.codebook, time=time))
    figures = yearly(survey, model, options=FAST).figures
    assert figures["year"].unique().tolist() == ["before", "after"]
    assert figures["compared_with"].dropna().unique().tolist() == ["before"]
    assert survey.periods == ("before", "after")


def test_values_of_the_wrong_kind_are_named() -> None:
    with pytest.raises(OptionError, match=r"draws.*whole number") as caught:
        IndexOptions(draws=1e3, seed=True, weights=None)  # type: ignore[arg-type]
    assert len(caught.value.faults) == 3
    with pytest.raises(OptionError, match="from 100 to 1000000"):
        IndexOptions(draws=10**10)


def test_missing_answers_are_counted_with_their_treatment(
    three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    rows = three_years.answers.copy()
    rows[::10, 2] = np.nan  # 72 gaps in items that were asked
    rows[three_years.keys["year"] == "2023", 7] = np.nan  # L2 not asked in 2023
    survey = make_survey(rows, year=three_years.keys["year"])
    for missing, words, used in (
        ("complete", "respondents with all answers only", 648),
        ("pairwise", "pairs of items by their own cases", 720),
        ("em", "maximum likelihood (EM)", 720),
    ):
        found = yearly(survey, model, options=replace(FAST, missing=missing, draws=100))
        assert found.notes[-1] == (
            f"Missing answers to the items asked: 72 of {720 * 8 - 240}; treated by {words}; "
            f"respondents used: {used}."
        )


def test_weights_that_need_no_fit_give_an_index_where_there_is_none(
    three_years: Survey, model: Model, make_survey: MakeSurvey
) -> None:
    """Everybody in one group gives the same answer to one item: no fit, but means and an index."""
    rows = three_years.answers.copy()
    here = part(three_years, "2022", "A")
    rows[here, 3] = 7.0
    survey = make_survey(rows, year=three_years.keys["year"], company=three_years.keys["company"])
    assert np.isnan(
        row(yearly(survey, model, group="company", options=FAST), "2022", "A", "Satisfaction")[
            "index"
        ]
    )
    for weights in ("equal", "pooled", "frozen:2021"):
        found = yearly(survey, model, group="company", options=replace(FAST, weights=weights))
        figure = row(found, "2022", "A", "Satisfaction")
        used = row(found, "2022", "B", "Satisfaction")
        assert np.isfinite(figure[["index", "se", "change", "p_value"]].astype(float)).all()
        assert 0.3 < figure["se"] / used["se"] < 3
        assert (
            "same answer to S1"
            in found.fits.set_index(["year", "group"]).loc[("2022", "A"), "problem"]
        )
        if weights == "equal":
            mean = (rows[here, 3:6].mean() - 1) / 9 * 100
            assert figure["index"] == pytest.approx(mean, abs=1e-9)
    gaps = rows.copy()
    gaps[::50, 0] = np.nan
    survey = make_survey(gaps, year=three_years.keys["year"], company=three_years.keys["company"])
    em = yearly(
        survey, model, group="company", options=replace(FAST, weights="equal", missing="em")
    )
    # EM cannot settle with a constant item: no means to publish, and the others go on
    assert "same answer to S1" in row(em, "2022", "A", "Quality")["note"]
    assert np.isfinite(row(em, "2022", "B", "Quality")["index"])
