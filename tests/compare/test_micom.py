"""MICOM: against cSEM and openpls, rows and brute force, and known truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.compare.micom import micom
from csi.compare.micom_verdicts import micom_verdicts
from csi.errors import IndexFigureError, OptionError
from csi.estimate.pls import PLSOptions, fit_pls
from csi.index import IndexOptions
from csi.model import Model
from csi.moments.groups import moments_of_rows
from csi.survey.survey import Survey
from tests.index.conftest import ITEMS, answers

MakeSurvey = Callable[..., Survey]
REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "micom_mobi.json").read_text("utf-8")
)
TIGHT = IndexOptions(missing="complete", pls=PLSOptions(tolerance=1e-10, max_steps=2000))
COMPLETE = IndexOptions(missing="complete")


def years(make_survey: MakeSurvey, n: int, seed: int, count: int = 2, **design: Any) -> Survey:
    """Years of n answers each, alike but for chance."""
    rng = np.random.default_rng(seed)
    rows = np.vstack([answers(n, rng, 6.5) for _ in range(count)])
    return make_survey(rows, year=np.repeat(np.arange(2021, 2021 + count), n), **design)


def changed(survey: Survey, year: str, item: str, values: Array) -> Survey:
    """The same survey with other answers to an item in a year."""
    rows = survey.answers.copy()
    rows[survey.keys["year"] == year, survey.items.index(item)] = values
    return replace(survey, answers=rows)


def noise(n: int, seed: int = 9) -> Array:
    """Answers that have nothing to do with anything."""
    return np.random.default_rng(seed).integers(1, 11, n).astype(float)


# ---------------------------------------------------------------- other software


@pytest.fixture(scope="module")
def halves(mobi_survey: Callable[[Array], Survey], ecsi: Model) -> pd.DataFrame:
    """MICOM of even against odd rows."""
    survey = mobi_survey(np.where(np.arange(250) % 2 == 1, "even", "odd"))
    found = micom(
        survey, ecsi, by="half", pairs=[("even", "odd")], permutations=4999, adjust="none",
        options=TIGHT,
    )  # fmt: skip
    assert found.permutations == 4999
    return found.tests


@pytest.mark.parametrize(
    ("measure", "name"),
    [
        ("correlation", "correlation"),
        ("mean difference", "mean_difference"),
        ("log variance ratio", "log_variance_ratio"),
    ],
)
def test_statistics_of_csem(halves: pd.DataFrame, measure: str, name: str) -> None:
    own = halves[halves["measure"] == measure]
    assert own["construct"].tolist() == REFERENCE["constructs"]
    np.testing.assert_allclose(own["estimate"], REFERENCE[name], atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    ("measure", "name"),
    [
        ("correlation", "p_correlation"),
        ("mean difference", "p_mean"),
        ("log variance ratio", "p_variance"),
    ],
)
def test_p_values_of_csem(halves: pd.DataFrame, measure: str, name: str) -> None:
    own = halves[halves["measure"] == measure]["p_value"].to_numpy()
    known = np.array(REFERENCE[name])
    told = np.isfinite(own)  # none for the single item, where cSEM says 1
    assert told.sum() == (6 if measure == "correlation" else 7)
    error = np.sqrt(known * (1 - known) * (1 / 499 + 1 / 4999))
    assert (np.abs(own - known) <= 4 * error + 1 / 499)[told].all()


def test_statistics_of_openpls(mobi_survey: Callable[[Array], Survey], ecsi: Model) -> None:
    """Groups of different size, all three statistics."""
    openpls = pytest.importorskip("openpls", reason="openpls-engine is not installed")
    from openpls.config import MV, Config, Structure
    from openpls.mga import GroupSpec
    from openpls.micom import MICOM
    from openpls.mode import Mode
    from openpls.scale import Scale
    from openpls.scheme import Scheme

    assert openpls
    group = np.where(np.arange(250) < 100, "a", "b")
    survey = mobi_survey(group)
    structure = Structure()
    for name in ecsi.names:
        if before := list(ecsi.predecessors(name)):
            structure.add_path(before, [name])
    config = Config(structure.path(), default_scale=Scale.NUM)
    for construct in ecsi.constructs:
        config.add_lv(construct.name, Mode.A, *[MV(item) for item in construct.items])
    frame = pd.DataFrame(survey.columns(ecsi.items), columns=list(ecsi.items)).assign(g=group)
    peer = MICOM(frame, config, "g", GroupSpec("a", ["a"]), GroupSpec("b", ["b"]),
                 scheme=Scheme.PATH, iterations=2, seed=1)  # fmt: skip
    own = micom(survey, ecsi, by="half", permutations=99, options=TIGHT).constructs
    c = peer.step2().set_index("construct").loc[list(ecsi.names), "c"]
    third = peer.step3().set_index("construct").loc[list(ecsi.names)]
    # openpls stops when weights move by 1e-6 (c is off by 2e-6 at most)
    np.testing.assert_allclose(own["correlation"], c, atol=5e-6)
    np.testing.assert_allclose(own["mean_difference"], third["mean_diff"], atol=5e-6)
    np.testing.assert_allclose(own["log_variance_ratio"], third["log_var_ratio"], atol=5e-6)


# ---------------------------------------------------------------- a second road


@pytest.mark.parametrize("scores", ["scale", "standardised", "index"])
@pytest.mark.parametrize("metric", ["standardised", "raw"])
def test_statistics_from_rows(
    make_survey: MakeSurvey, model: Model, scores: Any, metric: Any
) -> None:
    """Scores computed respondent by respondent, with sampling weights."""
    rng = np.random.default_rng(5)
    weights = rng.uniform(0.4, 2.5, 250)
    rows = np.vstack([answers(100, rng, 6.0), answers(150, rng, 7.0)])
    survey = make_survey(rows, year=[2021] * 100 + [2022] * 150, weights=weights)
    options = replace(TIGHT, pls=replace(TIGHT.pls, metric=metric))
    found = micom(survey, model, scores=scores, permutations=99, options=options).constructs

    late = np.arange(250) >= 100
    w = np.where(late, weights / weights[late].mean(), weights / weights[~late].mean())
    fits = [
        fit_pls(model, moments_of_rows(rows[of], w[of], ITEMS, "complete"), options.pls)
        for of in (late, ~late, np.ones(250, bool))
    ]
    mean = np.average(rows, axis=0, weights=w)
    sd = np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=w))

    def scored(number: int) -> Array:
        own = fits[number].weights
        if scores == "index" and metric == "standardised":
            here = late if number == 0 else ~late
            center = np.average(rows[here], axis=0, weights=w[here])
            own = own / np.sqrt(np.average((rows[here] - center) ** 2, axis=0, weights=w[here]))
        x = rows / sd if scores == "standardised" and metric == "standardised" else rows
        return np.asarray((x * own) @ model.blocks)

    def correlation(x: Array, y: Array) -> float:
        x, y = x - np.average(x, weights=w), y - np.average(y, weights=w)
        return float(w @ (x * y) / np.sqrt((w @ x**2) * (w @ y**2)))

    one, other = scored(0), scored(1)
    known = [correlation(one[:, j], other[:, j]) for j in range(3)]
    np.testing.assert_allclose(found["correlation"], known, atol=1e-9)

    pooled = fits[2].weights / (sd if metric == "standardised" else 1.0)
    z = (rows * pooled) @ model.blocks
    z = (z - np.average(z, axis=0, weights=w)) / np.sqrt(
        np.average((z - np.average(z, axis=0, weights=w)) ** 2, axis=0, weights=w) * 250 / 249
    )
    means = [np.average(z[of], axis=0, weights=w[of]) for of in (late, ~late)]
    np.testing.assert_allclose(found["mean_difference"], means[0] - means[1], atol=1e-8)
    spreads = [
        np.average((z[of] - m) ** 2, axis=0, weights=w[of]) * of.sum() / (of.sum() - 1)
        for of, m in zip((late, ~late), means, strict=True)
    ]
    np.testing.assert_allclose(
        found["log_variance_ratio"], np.log(spreads[0] / spreads[1]), atol=1e-8
    )


def test_p_values_by_brute_force(make_survey: MakeSurvey, model: Model) -> None:
    """Rows relabelled one permutation at a time, every fit by itself."""
    survey = changed(years(make_survey, 70, 6), "2022", "Q1", noise(70))
    count = 400
    found = micom(survey, model, permutations=1999, adjust="none", options=COMPLETE).tests
    rows = survey.answers
    rng = np.random.default_rng(1)
    pooled = np.cov(rows, rowvar=False, ddof=0)

    def c_of(late: Array) -> Array:
        own = [
            fit_pls(model, moments_of_rows(rows[of], np.ones(70), ITEMS, "complete")).weights
            for of in (late, ~late)
        ]
        parts = [[(a * block) @ pooled @ (b * block) for block in model.blocks.T]
                 for a, b in ((own[0], own[1]), (own[0], own[0]), (own[1], own[1]))]  # fmt: skip
        return np.asarray(np.array(parts[0]) / np.sqrt(np.array(parts[1]) * np.array(parts[2])))

    observed = c_of(np.arange(140) >= 70)
    drawn = np.array([c_of(rng.permutation(140) >= 70) for _ in range(count)])
    known = ((drawn <= observed).sum(axis=0) + 1) / (count + 1)
    own = found[found["measure"] == "correlation"]
    np.testing.assert_allclose(own["estimate"], observed, atol=1e-6)
    error = np.sqrt(known * (1 - known) * (1 / count + 1 / 2000))
    assert (np.abs(own["p_value"] - known) <= 4 * error + 0.005).all()
    low = np.quantile(drawn, 0.05, axis=0)
    assert (np.abs(own["lower"] - low) < 0.3 * (1 - low)).all()


def test_units_of_an_item_do_not_matter(make_survey: MakeSurvey, model: Model) -> None:
    """Answers times ten on a scale ten times as long: the same, item by item."""
    survey = years(make_survey, 80, 7)
    rows = survey.answers.copy()
    rows[:, 0] *= 10
    items = tuple(
        replace(item, low=item.low * 10, high=item.high * 10) if item.name == "Q1" else item
        for item in survey.codebook.items
    )
    long = replace(survey, answers=rows, codebook=replace(survey.codebook, items=items))
    one, other = (
        micom(s, model, permutations=99, options=TIGHT).constructs for s in (survey, long)
    )
    for column in ("correlation", "mean_difference", "log_variance_ratio", "points"):
        np.testing.assert_allclose(one[column], other[column], atol=1e-8)


def test_points_are_what_the_other_weights_do(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 100, 8)
    found = micom(survey, model, permutations=99, options=TIGHT).constructs
    own = {}
    for year in ("2021", "2022"):
        rows = survey.answers[survey.keys["year"] == year]
        fit = fit_pls(model, moments_of_rows(rows, np.ones(100), ITEMS, "complete"), TIGHT.pls)
        weights = fit.weights / rows.std(axis=0)
        own[year] = rows.mean(axis=0), weights / (model.blocks @ (weights @ model.blocks))
    moved = []
    for mean, _ in own.values():
        levels = [((mean - 1) / 9 * 100 * w) @ model.blocks for _, w in own.values()]
        moved.append(np.abs(levels[0] - levels[1]))
    np.testing.assert_allclose(found["points"], np.max(moved, axis=0), atol=1e-6)
    quality = found.iloc[0]
    shares = {year: w[:3] for year, (_, w) in own.items()}
    at = int(np.argmax(np.abs(shares["2022"] - shares["2021"])))
    assert quality["item"] == ITEMS[at]
    assert quality["share"] == pytest.approx(shares["2022"][at], abs=1e-6)
    assert quality["other_share"] == pytest.approx(shares["2021"][at], abs=1e-6)


# ---------------------------------------------------------------- pairs and designs


def test_which_pairs(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 60, 9, 4)

    def of(pairs: Any) -> tuple[tuple[str, str], ...]:
        return micom(survey, model, pairs=pairs, permutations=99, options=COMPLETE).pairs

    assert of(None) == (("2022", "2021"), ("2023", "2022"), ("2024", "2023"))
    assert of("reference:2021") == (("2022", "2021"), ("2023", "2021"), ("2024", "2021"))
    assert len(of("all")) == 6
    assert of("rest")[0] == ("2021", "others")
    assert of([("2024", "2021")]) == (("2024", "2021"),)


def test_the_rest_is_everybody_else(make_survey: MakeSurvey, model: Model) -> None:
    """The rest together is a group of its own: named so, it gives the same figures."""
    survey = years(make_survey, 60, 10, 3)
    rest = micom(survey, model, pairs="rest", permutations=99, options=COMPLETE).constructs
    named = np.where(survey.keys["year"] == "2022", "mine", "rest").astype(object)
    two = replace(survey, keys={"year": named})
    both = micom(two, model, pairs=[("mine", "rest")], permutations=99, options=COMPLETE).constructs
    mine = rest[rest["group"] == "2022"]
    for column in ("correlation", "mean_difference", "log_variance_ratio"):
        np.testing.assert_allclose(mine[column], both[column], atol=1e-7)
    assert mine["other_n"].tolist() == [120] * 3


def test_groups_are_those_of_the_last_year(three_years: Survey, model: Model) -> None:
    found = micom(three_years, model, by="company", permutations=99, options=COMPLETE)
    assert dict(found.where) == {"year": "2023"}
    assert found.constructs["n"].tolist() == [120] * 3
    before = micom(
        three_years, model, by="company", where={"year": "2021"}, permutations=99, options=COMPLETE
    )
    assert not np.allclose(
        before.constructs["mean_difference"], found.constructs["mean_difference"]
    )
    # company B rises by a point from 2022
    assert (before.constructs["mean_difference"].abs() < 0.5).all()
    assert (found.constructs["mean_difference"] < -0.5).all()


def test_strata_of_one_group_only_cannot_change_places(
    make_survey: MakeSurvey, model: Model
) -> None:
    survey = years(make_survey, 60, 11, strata=np.repeat([0, 1], 60))
    found = micom(survey, model, permutations=99, options=COMPLETE)
    assert (found.constructs["invariance"] == "untested").all()
    assert found.constructs["note"].str.contains("nobody can change places").all()
    assert found.constructs["correlation"].notna().all()
    assert found.tests["p_value"].isna().all()
    simple = micom(survey, model, permutations=99, options=replace(COMPLETE, design="simple"))
    assert not (simple.constructs["invariance"] == "untested").any()
    said = micom_verdicts(found)
    assert [v.grade for v in said] == ["doubtful", "told"]  # once for the pair
    assert "All constructs: 2022 and 2021 could not be tested" in said[0].sentence.en


def test_clusters_change_places_whole(make_survey: MakeSurvey, model: Model) -> None:
    """Respondents of a cluster are alike: as many equal rows add nothing."""
    rng = np.random.default_rng(12)
    rows = answers(80, rng, 6.5)
    repeated = np.repeat(rows, 5, axis=0)
    year = np.repeat([2021, 2022], 200)
    clustered = make_survey(repeated, year=year, clusters=np.repeat(np.arange(80), 5))
    careless = make_survey(repeated, year=year)
    single = make_survey(rows, year=np.repeat([2021, 2022], 40))
    options = replace(COMPLETE, min_n=10)

    def p(survey: Survey) -> Array:
        tests = micom(survey, model, permutations=1999, adjust="none", options=options).tests
        return tests["p_value"].to_numpy()

    # 2,000 permutations each: 4 standard errors of a difference are at most 0.064
    np.testing.assert_allclose(p(clustered), p(single), atol=0.064)
    assert p(careless).mean() < p(single).mean()


def test_missing_answers(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 120, 13)
    rows = survey.answers.copy()
    rows[np.random.default_rng(1).random(rows.shape) < 0.05] = np.nan
    holes = replace(survey, answers=rows)
    whole = micom(survey, model, permutations=99, options=COMPLETE).constructs
    for missing in ("em", "pairwise", "complete"):
        options = IndexOptions(missing=missing)
        found = micom(holes, model, permutations=99, options=options).constructs
        assert (found["invariance"] != "untested").all()
        np.testing.assert_allclose(found["correlation"], whole["correlation"], atol=0.02)


# ---------------------------------------------------------------- what is found


def test_an_item_that_says_something_else_is_found(make_survey: MakeSurvey, model: Model) -> None:
    survey = changed(years(make_survey, 300, 14, 3), "2023", "S2", noise(300))
    found = micom(survey, model, options=COMPLETE)
    table = found.constructs.set_index(["construct", "group"])
    assert table.loc[("Satisfaction", "2023"), "invariance"] == "none"
    assert table.loc[("Satisfaction", "2023"), "item"] == "S2"
    assert table.loc[("Satisfaction", "2022"), "invariance"] == "full"
    assert found.fails("Satisfaction", "2022", "2023")
    assert found.fails("Satisfaction", "2023", "2022")
    assert not found.fails("Quality", "2023", "2022")
    poor = [v for v in micom_verdicts(found) if v.grade == "poor"]
    assert [v.about for v in poor] == ["Satisfaction"]
    assert "S2" in poor[0].sentence.en
    assert "2023" in poor[0].sentence.zh
    assert "Micom by year: 2 comparisons of 3 groups" in repr(found)


def test_a_rise_of_everybody_is_partial(make_survey: MakeSurvey, model: Model) -> None:
    rng = np.random.default_rng(15)
    rows = np.vstack([answers(300, rng, 5.0), answers(300, rng, 6.0)])
    found = micom(make_survey(rows, year=np.repeat([2021, 2022], 300)), model, options=COMPLETE)
    assert (found.constructs["invariance"] == "partial").all()
    assert found.constructs["equal_means"].eq(False).all()
    assert found.constructs["compositional"].eq(True).all()
    said = [v for v in micom_verdicts(found) if v.about]
    assert [v.grade for v in said] == ["good"] * 3
    assert all("do not pool" in v.sentence.en for v in said)


def test_an_item_that_was_not_asked(make_survey: MakeSurvey, model: Model) -> None:
    survey = changed(years(make_survey, 100, 16), "2022", "Q3", np.full(100, np.nan))
    found = micom(survey, model, permutations=199, options=IndexOptions(missing="pairwise"))
    quality = found.constructs.iloc[0]
    assert quality["configural"] is False
    assert quality["invariance"] == "none"
    assert "Q3 not asked in 2022" in quality["note"]
    assert np.isfinite(quality["correlation"])  # on the items that both were asked
    assert (found.constructs["configural"].iloc[1:].eq(True)).all()
    poor = [v for v in micom_verdicts(found) if v.grade == "poor"]
    assert "2022未询问Q3" in poor[0].sentence.zh


def test_a_construct_that_was_not_asked_in_one_year(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 100, 17)
    for item in ("L1", "L2"):
        survey = changed(survey, "2021", item, np.full(100, np.nan))
    found = micom(survey, model, permutations=199, options=IndexOptions(missing="pairwise"))
    loyalty = found.constructs.iloc[2]
    assert loyalty["invariance"] == "none"
    assert np.isnan(loyalty["correlation"])
    assert found.tests["note"].iloc[2] == "not in the model of both groups"


def test_what_nobody_was_asked_in_either_year_is_no_difference(
    make_survey: MakeSurvey, model: Model
) -> None:
    survey = years(make_survey, 100, 24, 3)
    for item in ("Q3", "L1", "L2"):
        for year in ("2021", "2022"):
            survey = changed(survey, year, item, np.full(100, np.nan))
    found = micom(survey, model, permutations=199, options=IndexOptions(missing="pairwise"))
    early = found.constructs[found.constructs["group"] == "2022"].set_index("construct")
    assert early["configural"].eq(True).all()
    assert early.loc["Quality", "invariance"] in ("full", "partial")
    assert early.loc["Loyalty", "invariance"] == "untested"
    late = found.constructs[found.constructs["group"] == "2023"].set_index("construct")
    assert late["configural"].tolist() == [False, True, False]
    (row,) = found.configural[
        (found.configural["check"] == "model") & (found.configural["group"] == "2022")
    ].to_dict("records")
    assert row["detail"] == "compared without items Q3, L1, L2; not in the model: Loyalty"


def test_half_a_scale_and_turned_items_are_seen(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 200, 18)
    late = survey.keys["year"] == "2022"
    half = changed(survey, "2022", "S1", np.ceil(survey.answers[late, 3] / 2))
    turned = changed(survey, "2022", "Q2", 11 - survey.answers[late, 1])
    for changed_survey, check, about, word in (
        (half, "answers", "Satisfaction", "S1"),
        (turned, "signs", "Quality", "Q2"),
    ):
        found = micom(changed_survey, model, permutations=99, options=COMPLETE)
        bad = found.configural[found.configural["holds"].eq(False)]
        bad = bad[bad["construct"] != ""]
        assert bad["check"].tolist() == [check]
        assert bad["construct"].tolist() == [about]
        assert bad["detail"].iloc[0].startswith(word)
    fine = micom(survey, model, permutations=99, options=COMPLETE).configural
    assert fine["holds"].iloc[:-1].all()
    assert fine["check"].iloc[-1] == "wording"
    assert fine["holds"].iloc[-1] is None


# ---------------------------------------------------------------- level and power


def test_level_and_power(make_survey: MakeSurvey, model: Model) -> None:
    """The long version is benchmarks/level_micom.py; here 99.9 % binomial bounds."""
    p, power = [], 0
    for seed in range(120):
        survey = years(make_survey, 100, 500 + seed)
        tests = micom(survey, model, permutations=99, seed=seed, adjust="none", options=COMPLETE)
        p.append(tests.tests["p_value"].to_numpy())
    rejected = (np.array(p) <= 0.1).mean(axis=0)
    assert ((rejected >= 0.02) & (rejected <= 0.21)).all()  # binomial(120, 0.1)
    assert 0.05 < rejected.mean() < 0.15
    for seed in range(20):
        rows = years(make_survey, 200, 800 + seed)
        survey = changed(rows, "2022", "S3", noise(200, seed))
        tests = micom(survey, model, permutations=99, seed=seed, adjust="none", options=COMPLETE)
        power += int(tests.constructs["compositional"].iloc[1] is False)
    assert power >= 18


# ---------------------------------------------------------------- options


def test_adjusted_p_values_can_be_reached(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 60, 19, 6)
    found = micom(survey, model, pairs="all", options=COMPLETE)
    family = 15 * 3
    assert found.permutations == 2 * family / 0.05
    assert not found.tests["note"].str.contains("no adjusted p").any()
    few = micom(survey, model, pairs="all", permutations=499, options=COMPLETE).tests
    assert few["note"].str.contains("no adjusted p below 0.09: take 900 permutations").all()
    assert few["holds"].isna().all()  # a test that can find nothing is no sign of invariance
    free = micom(survey, model, pairs="all", permutations=499, adjust="bh", options=COMPLETE).tests
    assert not free["note"].str.contains("no adjusted p").any()
    assert (few["p_adjusted"] >= few["p_value"]).all()


def test_same_seed_same_bytes_in_any_order(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 60, 20)
    turn = np.random.default_rng(1).permutation(120)
    mixed = make_survey(survey.answers[turn], year=survey.keys["year"][turn])
    one, same, other, third = (
        micom(s, model, permutations=99, seed=seed, options=COMPLETE).tests
        for s, seed in ((survey, 1), (survey, 1), (mixed, 1), (survey, 2))
    )
    pd.testing.assert_frame_equal(one, same)
    pd.testing.assert_frame_equal(one, other)
    assert not one["p_value"].equals(third["p_value"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"permutations": 10, "scores": "x", "adjust": "y", "alpha": 0.9}, "4 faults"),
        ({"pairs": "neighbours"}, "use one of all, before, rest"),
        ({"pairs": "reference:1999"}, "no group is called '1999'"),
        ({"pairs": [("2021", "2021")]}, "are not two groups"),
        ({"pairs": [("2021", "2031")]}, "no group is called '2031'"),
        ({"pairs": []}, "names none"),
    ],
)
def test_impossible_options(
    make_survey: MakeSurvey, model: Model, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(OptionError, match=words):
        micom(years(make_survey, 60, 21), model, **options)


def test_faults_of_names(make_survey: MakeSurvey, model: Model) -> None:
    survey = years(make_survey, 60, 22)
    with pytest.raises(IndexFigureError, match="2 faults"):
        micom(survey, model, by="company", where={"region": "x"})
    with pytest.raises(IndexFigureError, match="tells the groups already"):
        micom(survey, model, by="year", where={"year": "2021"})
    alone = make_survey(survey.answers, company=["A"] * 120)
    with pytest.raises(IndexFigureError, match="has no time to compare along"):
        micom(alone, model)
    with pytest.raises(IndexFigureError, match="key company: has 1 group"):
        micom(alone, model, by="company")


def test_a_small_year_is_untested_and_the_others_are_not(
    make_survey: MakeSurvey, model: Model
) -> None:
    rows = np.vstack([answers(n, np.random.default_rng(23), 6.5) for n in (80, 80, 20)])
    survey = make_survey(rows, year=np.repeat([2021, 2022, 2023], [80, 80, 20]))
    found = micom(survey, model, permutations=199, options=COMPLETE).constructs
    assert found["invariance"].tolist()[3:] == ["untested"] * 3
    assert "untested" not in found["invariance"].tolist()[:3]
    assert "has 20 respondents" in found["note"].iloc[-1]
    with pytest.raises(IndexFigureError, match="2023 has 20 respondents"):
        micom(survey, model, pairs=[("2023", "2022")], options=COMPLETE)


def test_two_clusters_that_are_the_groups_leave_it_untested(
    make_survey: MakeSurvey, model: Model
) -> None:
    """Two relabellings: every p value is 1, whatever the answers are."""
    survey = years(make_survey, 100, 21, 2)
    cluster = (survey.keys["year"] == survey.periods[0]).astype(int)
    survey = replace(survey, design=replace(survey.design, clusters=cluster, clustered=True))
    found = micom(survey, model, options=COMPLETE)
    assert found.constructs["invariance"].eq("untested").all()
    verdicts = micom_verdicts(found)
    assert {v.grade for v in verdicts} == {"doubtful", "told"}
    assert "only 2 relabellings" in verdicts[0].sentence.en


def test_of_many_pairs_that_cannot_be_compared_the_first_are_named(
    make_survey: MakeSurvey, model: Model
) -> None:
    survey = years(make_survey, 12, 22, 8)
    with pytest.raises(IndexFigureError) as caught:
        micom(survey, model, pairs="all", options=replace(COMPLETE, min_n=50))
    assert len(caught.value.faults) == 6
    assert caught.value.faults[-1].where == "23 more pairs"


def test_respondents_without_weight_do_not_make_a_group_large_enough(
    make_survey: MakeSurvey, model: Model
) -> None:
    survey = years(make_survey, 60, 23, 2)
    weights = np.where(np.arange(120) % 2, 1.0, 0.0)
    survey = replace(survey, design=replace(survey.design, weights=weights, weighted=True))
    with pytest.raises(IndexFigureError, match="has 30 respondents of 60 with answers and weight"):
        micom(survey, model, options=replace(COMPLETE, min_n=50))
