"""Impacts in points of the 0-100 scale: published values, regressions of scores, adding up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.arrays import Array
from csi.compare.impacts import contributions, impacts
from csi.errors import OptionError
from csi.estimate.pls import PLSOptions
from csi.index import IndexOptions, YearlyIndex, scores, yearly
from csi.model import Model
from csi.survey import Codebook, Item, read_survey
from csi.survey.survey import Survey
from csi.text import Text
from tests.estimate.conftest import ecsi, mobi, mobi_rows  # noqa: F401 (fixtures)
from tests.index.conftest import MakeSurvey

MOBI = {
    ("Image", "Expectation"): 0.5069,
    ("Image", "Satisfaction"): 0.1702,
    ("Image", "Loyalty"): 0.3279,
    ("Expectation", "Quality"): 0.5490,
    ("Expectation", "Value"): 0.0959,
    ("Expectation", "Satisfaction"): 0.0402,
    ("Quality", "Value"): 0.7807,
    ("Quality", "Satisfaction"): 0.5860,
    ("Value", "Satisfaction"): 0.1488,
    ("Satisfaction", "Complaints"): 0.8893,
    ("Satisfaction", "Loyalty"): 0.6451,
    ("Complaints", "Loyalty"): 0.0421,
}
"""Unstandardised path effects on the 0-100 scale, raw centroid, four digits: models.md 5.4."""


def test_mobi_slopes(ecsi: Model, mobi_rows: Array) -> None:  # noqa: F811
    book = Codebook(
        title=Text("mobi"),
        items=tuple(Item(name=name, column=name, low=1, high=10) for name in ecsi.items),
    )
    survey = read_survey(pd.DataFrame(mobi_rows, columns=list(ecsi.items)), book)
    options = IndexOptions(
        pls=PLSOptions(metric="raw", scheme="centroid", tolerance=1e-10), draws=100
    )
    table = impacts(yearly(survey, ecsi, options=options).joint, rise=1.0)
    direct = table.set_index(["from", "to"])["direct"]
    for ends, published in MOBI.items():
        assert direct[ends] == pytest.approx(published, abs=6e-5), ends


@pytest.fixture(scope="module")
def found(three_years: Survey, model: Model) -> YearlyIndex:
    return yearly(three_years, model, group="company", options=IndexOptions(draws=200, seed=3))


def test_direct_impact_is_the_weighted_regression_of_scores(
    three_years: Survey, found: YearlyIndex
) -> None:
    """With one source a slope is that of respondents' scores: weighted least squares."""
    table = impacts(found.joint, rise=5.0).set_index(["year", "group", "from", "to"])
    people = scores(three_years, found)
    for (year, group), own in people.groupby(["year", "group"]):
        w = own["weight"].to_numpy()
        x, y = own["Quality"].to_numpy(), own["Satisfaction"].to_numpy()
        x, y = x - np.average(x, weights=w), y - np.average(y, weights=w)
        slope = np.sum(w * x * y) / np.sum(w * x * x)
        row = table.loc[year, group, "Quality", "Satisfaction"]
        assert row["direct"] == pytest.approx(5.0 * slope, rel=1e-9)
        onward = table.loc[year, group, "Satisfaction", "Loyalty"]["direct"] / 5.0
        through = table.loc[year, group, "Quality", "Loyalty"]
        assert through["impact"] == pytest.approx(5.0 * slope * onward, rel=1e-9)
        assert through["direct"] == 0.0


def test_limits_hold_the_impact_and_its_error_is_that_of_the_draws(found: YearlyIndex) -> None:
    joint = found.joint
    table = impacts(joint, rise=2.0)
    assert (table["lower"] < table["impact"]).all()
    assert (table["impact"] < table["upper"]).all()
    first = table[(table["from"] == "Quality") & (table["to"] == "Satisfaction")].iloc[0]
    drawn = joint.slope_draws[0][0]
    assert first["se"] == pytest.approx(2.0 * np.nanstd(drawn, ddof=1), rel=1e-12)


def test_contributions_add_up(found: YearlyIndex) -> None:
    table = contributions(found.joint, "Loyalty")
    change = found.figures.set_index(["year", "group", "construct"])["change"]
    assert len(table)
    for (year, group), own in table.groupby(["year", "group"]):
        points = own.set_index("part")["points"]
        assert points["Satisfaction"] + points["other"] == pytest.approx(points["total"], abs=1e-12)
        assert points["total"] == pytest.approx(change[year, group, "Loyalty"], abs=1e-12)


def test_a_rise_of_the_source_alone_is_all_there_is(found: YearlyIndex) -> None:
    """Company B rose by 1.5 points of the scale in every item in 2022: all through Quality."""
    table = contributions(found.joint, "Satisfaction").set_index(["year", "group", "part"])
    own = table.loc["2022", "B"]
    assert own.loc["Quality", "points"] > 5.0
    assert own.loc["Quality", "p_value"] < 0.001


def test_faults(found: YearlyIndex) -> None:
    with pytest.raises(OptionError, match="rise"):
        impacts(found.joint, rise=-1.0)
    with pytest.raises(OptionError, match="'5' is not possible"):
        impacts(found.joint, rise="5")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="did you mean 'Loyalty'"):
        contributions(found.joint, "Loyality")
    with pytest.raises(OptionError, match="has no path to it"):
        contributions(found.joint, "Quality")


def test_the_delta_method_has_errors_of_impacts(three_years: Survey, model: Model) -> None:
    """Its normal draws: 1,000 leave 2.2 % of an error, 120 respondents curvature besides."""
    delta, bootstrap = (
        impacts(yearly(three_years, model, group="company", options=options).joint)["se"]
        for options in (
            IndexOptions(replicates="delta", draws=1000),
            IndexOptions(replicates="jackknife", draws=120),
        )
    )
    assert delta.notna().all()
    np.testing.assert_allclose(delta.median(), bootstrap.median(), rtol=0.12)


@pytest.mark.parametrize(("consistent", "slope"), [(True, 0.8), (False, 0.8 * 0.75)])
def test_slopes_under_plsc_are_those_of_the_constructs(
    make_survey: MakeSurvey, model: Model, consistent: bool, slope: float
) -> None:
    """Items have one point a point of their construct, but errors of different size.

    Slopes of true scores are then the coefficients below. Scores of three items with errors of
    variance 1 are reliable to 3/4, which makes the slope of scores so much smaller. The standard
    error of a slope from 20,000 people is 0.01.
    """
    rng = np.random.default_rng(6)
    n = 20_000
    quality = rng.normal(size=n)
    satisfaction = 0.8 * quality + 0.6 * rng.normal(size=n)
    loyalty = 0.5 * satisfaction + rng.normal(size=n)
    latent = np.column_stack([quality] * 3 + [satisfaction] * 3 + [loyalty] * 2)
    rows = latent + np.repeat([1.0, 0.4, 0.7], [3, 3, 2]) * rng.normal(size=latent.shape)
    survey = make_survey(rows, low=-10, high=10)
    options = IndexOptions(replicates="delta", draws=100, pls=PLSOptions(consistent=consistent))
    table = impacts(yearly(survey, model, options=options).joint, rise=1.0)
    direct = table.set_index(["from", "to"])["direct"]
    assert direct["Quality", "Satisfaction"] == pytest.approx(slope, abs=0.03)
    if consistent:
        assert direct["Satisfaction", "Loyalty"] == pytest.approx(0.5, abs=0.03)


def test_a_source_contributes_its_change_at_the_mean_slope(found: YearlyIndex) -> None:
    joint = found.joint
    table = contributions(joint, "Loyalty").set_index(["year", "group", "part"])["points"]
    path, source = joint.paths.index(("Satisfaction", "Loyalty")), joint.column("Satisfaction")
    for year, before in (("2022", "2021"), ("2023", "2022")):
        at, was = joint.at(year, "B"), joint.at(before, "B")
        slope = (joint.slopes[at, path] + joint.slopes[was, path]) / 2.0
        wanted = slope * (joint.index[at, source] - joint.index[was, source])
        assert table[year, "B", "Satisfaction"] == pytest.approx(wanted, rel=1e-12)


def test_an_item_more_is_no_contribution(three_years: Survey, model: Model) -> None:
    """Quality loses its third item in 2021: its change in 2022 is that of the items in both."""
    rows = three_years.answers.copy()
    rows[np.ix_(three_years.keys["year"] == "2021", [2])] = np.nan
    lacking = replace(three_years, answers=rows)
    found = yearly(lacking, model, options=IndexOptions(draws=100, missing="complete"))
    table = contributions(found.joint, "Satisfaction").set_index(["year", "part"])
    row = table.loc["2022", "Quality"]
    assert row["note"] == "items added: Q3: the change of the items asked in both"
    weights = found.weights.set_index(["year", "item"])["index_weight"]
    slopes = impacts(found.joint, rise=1.0)
    own = slopes[(slopes["from"] == "Quality") & (slopes["to"] == "Satisfaction")]
    slope = own.set_index("year")["direct"]
    levels = {}
    for year in ("2021", "2022"):
        here = three_years.keys["year"] == year
        w = three_years.design.weights[here]
        share = weights[year][["Q1", "Q2"]].to_numpy()
        means = np.average(rows[here][:, :2], weights=w, axis=0)
        levels[year] = 100.0 * (share / share.sum() @ (means - 1.0)) / 9.0
    by_hand = (slope["2021"] + slope["2022"]) / 2.0 * (levels["2022"] - levels["2021"])
    assert row["points"] == pytest.approx(by_hand, rel=1e-9)
    assert table.loc["2023", "Quality"]["note"] == ""


def test_hidden_groups_are_told(three_years: Survey, model: Model) -> None:
    found = yearly(three_years, model, group="company", options=IndexOptions(draws=100, min_n=500))
    assert impacts(found.joint).empty
    table = contributions(found.joint, "Satisfaction")
    assert table["points"].isna().all()
    assert table["note"].str.contains("suppressed: n = 120 in").all()
