"""Index figures of constructs of constructs: by hand, with errors by every method, over periods."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from csi.compare import compare_groups
from csi.estimate.effects import total_effects
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index import IndexOptions, index_figures, scores, yearly
from csi.index.replicated import replicated
from csi.index.values import YearlyIndex
from csi.model import Model, higher, models, path, paths
from csi.moments import moments_of
from csi.simulation import MissingAnswers, Move, TrueValues, catalogue_plan, simulate, simulate_plan
from csi.survey.read import read_survey
from csi.survey.survey import Survey

MODEL = models.acsi_split()
APPROACHES = ("repeated", "two-stage", "embedded")
SIX = tuple(f"{stem}{kind}" for kind in "PS" for stem in ("OVERALL", "CUSTOM", "WRONG"))


def simulated(n: int = 400, gaps: float = 0.05, seed: int = 11, **more: object) -> Survey:
    plan = catalogue_plan("acsi_split", years=("2024", "2025"), seed=seed, n=n,
                          missing=MissingAnswers(blank=gaps), **more)  # fmt: skip
    drawn = simulate_plan(plan)
    return read_survey(drawn.answers, drawn.codebook)


@pytest.fixture(scope="module")
def survey() -> Survey:
    return simulated()


@pytest.fixture(scope="module")
def complete() -> Survey:
    return simulated(gaps=0.0)


def found(survey: Survey, **given: object) -> YearlyIndex:
    pls = PLSOptions(higher=given.pop("higher", "repeated"))  # type: ignore[arg-type]
    return yearly(survey, MODEL, options=IndexOptions(draws=200, pls=pls, **given))  # type: ignore[arg-type]


def row(table, **where):  # type: ignore[no-untyped-def]
    for name, value in where.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


@pytest.mark.parametrize("approach", APPROACHES)
def test_index_of_the_whole_by_hand(complete: Survey, approach: str) -> None:
    """Weighted mean of the six items on 0-100, weights by hand from the fit's."""
    figures = found(complete, higher=approach)
    for year in ("2024", "2025"):
        rows = np.flatnonzero(complete.keys["year"] == year)
        answers = complete.columns(SIX)[rows]
        table = figures.weights
        table = table[(table["year"] == year) & (table["construct"] == "Quality")]
        assert list(table["item"]) == [f"{item}@Quality" for item in SIX]
        w = table["weight"].to_numpy() / answers.std(axis=0)
        w /= w.sum()
        np.testing.assert_allclose(table["index_weight"], w, rtol=1e-10)
        by_hand = 100.0 * (answers - 1.0) @ w / 9.0
        own = row(figures.figures, year=year, construct="Quality")
        assert own["index"] == pytest.approx(by_hand.mean(), abs=1e-9)
        assert own["sd"] == pytest.approx(by_hand.std(), abs=1e-9)
        assert own["n"] == len(rows)
        respondents = scores(complete, figures)
        kept = respondents["year"] == year
        np.testing.assert_allclose(respondents.loc[kept, "Quality"], by_hand, atol=1e-9)


def test_two_stages_weigh_parts_and_not_items(complete: Survey) -> None:
    """Within a part the items keep their proportions in the whole."""
    table = found(complete, higher="two-stage").weights
    table = table[table["year"] == "2025"].set_index("item")["weight"]
    shares = [table[f"{item}@Quality"] / table[item] for item in SIX]
    np.testing.assert_allclose(shares[:3], shares[0], rtol=1e-12)
    np.testing.assert_allclose(shares[3:], shares[3], rtol=1e-12)


def test_one_fit_gives_the_same_figures(survey: Survey) -> None:
    """`index_figures` of one fit, the moments by EM."""
    fit = fit_pls(MODEL, moments_of(survey, MODEL, by="year"))
    assert fit.weights.shape == (2, 22)
    single = fit_pls(MODEL, moments_of(survey, MODEL, where=survey.keys["year"] == "2025"))
    table = index_figures(single, survey.codebook)
    own = found(survey).figures
    for name in ("Quality", "ProductQuality", "Satisfaction"):
        expected = row(own, year="2025", construct=name)["index"]
        assert row(table, construct=name)["index"] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("approach", APPROACHES)
def test_errors_of_all_methods_agree(survey: Survey, approach: str) -> None:
    """Bootstrap, jackknife and linearisation measure the same error; answers are missing.

    200 draws, or 200 groups left out in turn, leave a standard error 5 per cent of itself: 15 per
    cent is three of them.
    """
    tables = {
        method: found(survey, higher=approach, replicates=method)
        for method in ("bootstrap", "jackknife", "delta")
    }
    for construct in ("Quality", "ProductQuality", "Satisfaction"):
        se = {m: row(t.figures, year="2025", construct=construct)["se"] for m, t in tables.items()}
        assert se["bootstrap"] == pytest.approx(se["delta"], rel=0.15), construct
        assert se["jackknife"] == pytest.approx(se["delta"], rel=0.15), construct
    for pair in (("Quality", "Satisfaction"), ("ProductQuality", "Quality")):
        at = {"year": "2025", "from": pair[0], "to": pair[1]}
        se = {method: row(table.paths, **at)["se"] for method, table in tables.items()}
        assert se["bootstrap"] == pytest.approx(se["delta"], rel=0.2), pair
        assert se["jackknife"] == pytest.approx(se["delta"], rel=0.2), pair
    change = {m: row(t.figures, year="2025", construct="Quality") for m, t in tables.items()}
    assert change["bootstrap"]["change_se"] == pytest.approx(change["delta"]["change_se"], rel=0.15)


def test_normal_draws_and_bca(survey: Survey) -> None:
    normal = found(survey, replicates="gaussian")
    bca = found(survey, interval="bca")
    delta = found(survey, replicates="delta")
    own = [row(t.figures, year="2025", construct="Quality") for t in (normal, bca, delta)]
    assert own[0]["se"] == pytest.approx(own[2]["se"], rel=0.15)
    assert own[1]["se_linear"] == pytest.approx(own[2]["se"], rel=1e-6)
    assert own[1]["lower"] < own[1]["index"] < own[1]["upper"]


@pytest.mark.parametrize("weights", ["pooled", "equal", "frozen:2024"])
def test_other_weights(survey: Survey, weights: str) -> None:
    figures = found(survey, weights=weights)
    own = row(figures.figures, year="2025", construct="Quality")
    assert np.isfinite(own[["index", "se", "change", "change_se"]].to_numpy(float)).all()
    if weights == "equal":
        six = [row(figures.weights, year="2025", item=f"{i}@Quality")["index_weight"] for i in SIX]
        np.testing.assert_allclose(six, 1.0 / 6.0, rtol=1e-12)


def test_items_count_once_where_answers_are_counted(survey: Survey) -> None:
    figures = found(survey)
    assert list(figures.items["item"].unique()) == list(MODEL.columns)
    assert not any("@" in note for note in figures.notes)
    assert "repeated indicators" in figures.metric.estimator
    assert len(figures.metric.scale) == 16


def test_replicated_measures_see_every_use(survey: Survey) -> None:
    (made,) = replicated(survey, MODEL, IndexOptions(draws=100))
    assert made.sample.items == MODEL.items
    spread = made.of(lambda fit: total_effects(fit.paths))
    at = MODEL.names.index("Expectation"), MODEL.names.index("Quality")
    assert 0.0 < spread.se[at] < 0.1
    assert spread.lower[at] < spread.estimate[at] < spread.upper[at]
    assert made.draws_used == 100


def test_a_year_without_product_questions(survey: Survey) -> None:
    """Overall quality cannot be made of service quality alone: it goes, and that is said."""
    answers = survey.answers.copy()
    gone = [survey.items.index(item) for item in SIX[:3]]
    answers[np.ix_(survey.keys["year"] == "2024", gone)] = np.nan
    figures = found(replace(survey, answers=answers))
    told = " ".join(figures.notes)
    assert "2024: not asked: OVERALLP, CUSTOMP, WRONGP" in told
    assert "construct Quality: fewer than two of its parts are left" in told
    note = row(figures.figures, year="2024", construct="Quality")["note"]
    assert note == "not in the model of this period: fewer than two of its parts are left"
    assert np.isfinite(row(figures.figures, year="2024", construct="ServiceQuality")["index"])
    assert np.isfinite(row(figures.figures, year="2025", construct="Quality")["index"])


def test_one_question_less_is_said_of_the_whole(survey: Survey) -> None:
    answers = survey.answers.copy()
    answers[survey.keys["year"] == "2024", survey.items.index("WRONGP")] = np.nan
    figures = found(replace(survey, answers=answers))
    now = row(figures.figures, year="2025", construct="Quality")
    assert "no change figure: items differ from 2024" in now["note"]


def test_the_index_may_be_the_whole(survey: Survey) -> None:
    model = Model(MODEL.constructs, MODEL.paths, "Quality", "quality")
    figures = yearly(survey, model, options=IndexOptions(draws=100))
    same = found(survey).figures
    headline = figures.headline()
    expected = row(same, year="2025", construct="Quality")["index"]
    assert row(headline, year="2025")["index"] == pytest.approx(expected, abs=1e-12)
    table = compare_groups(survey, model, by="year", groups=("2024", "2025"), permutations=200)
    quality = row(table, figure="index", weights="own", construct="Quality")
    assert quality["difference"] == pytest.approx(
        row(headline, year="2024")["index"] - row(headline, year="2025")["index"], abs=1e-3
    )


def test_maximum_likelihood_index_of_a_second_order_factor() -> None:
    """A survey that such a factor has made; the whole is caused and a cause."""
    constructs = [c for c in MODEL.constructs if c.name not in ("Quality", "Complaints", "Loyalty")]
    whole = higher("Quality", ["ProductQuality", "ServiceQuality"], kind="reflective")
    drawn = [path("Expectation", "Quality"), paths("Quality", to=["Value", "Satisfaction"]),
             path("Value", "Satisfaction")]  # fmt: skip
    model = Model([*constructs, whole], drawn, "Satisfaction")
    made = simulate(model, years=["2024", "2025"], n=400, seed=3)
    survey = read_survey(made.answers, made.codebook)
    options = IndexOptions(draws=100, estimator="ml")
    figures = yearly(survey, model, options=options)
    own = row(figures.figures, year="2025", construct="Quality")
    pls = yearly(survey, model, options=replace(options, estimator="pls"))
    assert own["index"] == pytest.approx(
        row(pls.figures, year="2025", construct="Quality")["index"], abs=1.0
    )
    assert 0.3 < own["se"] < 2.0
    found_r2 = row(figures.quality, year="2025", construct="Quality")["r2"]
    assert 0.3 < found_r2 < 0.9  # explained by expectations
    r2 = row(figures.quality, year="2025", construct="ProductQuality")["r2"]
    load = row(figures.paths, year="2025", **{"from": "Quality", "to": "ProductQuality"})
    assert r2 == pytest.approx(load["estimate"] ** 2, abs=1e-9)


def test_a_true_rise_of_the_parts_is_found() -> None:
    """Product quality rises by 8 points, service quality by none: the whole by 4, half of it."""
    rise = TrueValues(moves=(Move(points=8.0, year="2025", constructs=("ProductQuality",)),))
    figures = found(simulated(n=2000, gaps=0.0, true=rise))
    change = row(figures.figures, year="2025", construct="Quality")
    assert change["change"] == pytest.approx(4.0, abs=4 * change["change_se"])
    assert change["change_se"] < 0.7
    part = row(figures.figures, year="2025", construct="ProductQuality")
    assert part["change"] == pytest.approx(8.0, abs=4 * part["change_se"])
