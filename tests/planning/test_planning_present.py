"""Plans from numbers as a whole, and from the figures of an earlier survey."""

import numpy as np
import pandas as pd
import pytest

import csi
from csi.errors import IndexFigureError, OptionError
from csi.planning import (
    NO_MARGIN,
    PlanOptions,
    change_error,
    margin_for,
    plan_from,
    plan_survey,
    sample_size,
)

Z, ZP = 1.959963984540054, 0.8416212335729143


def figures(**changes: object) -> pd.DataFrame:
    """Two years of two companies; the first has a panel, the second is suppressed at last."""
    se = 18 * np.sqrt(1.5 / 250)
    table = pd.DataFrame(
        {
            "year": ["2023", "2023", "2024", "2024"],
            "group": ["A", "B", "A", "B"],
            "construct": "Satisfaction",
            "index": [70.0, 71.0, 72.0, np.nan],
            "se": [se, se, se, np.nan],
            "moe": [2.0 * se, 2.0 * se, 2.0 * se, np.nan],
            "n": [250, 250, 250, 20],
            "sd": 18.0,
            "design_effect": 1.5,
            "change_se": [np.nan, np.nan, 1.2, np.nan],
            "note": ["", "", "", "suppressed: n = 20 is below 50"],
        }
    )
    return table.assign(**changes)


def test_a_plan_from_figures_is_that_of_their_sd_and_design_effect() -> None:
    made = plan_from(figures(), margin=1.5, change=3, year="2023")
    row = made.table.iloc[0]
    assert made.planned == 2
    assert row["margin"] == pytest.approx(float(margin_for(250, 18, design_effect=1.5)))
    assert row["n_for_margin"] == sample_size(1.5, 18, design_effect=1.5)
    error = float(change_error(250, 250, 18, design_effect=1.5))
    assert row["critical_change"] == pytest.approx(Z * error)
    assert row["detectable_change"] == pytest.approx((Z + ZP) * error)
    assert row["n_for_change"] == np.ceil(250 * ((Z + ZP) * error / 3) ** 2)
    assert row["change_from"] == "assumed"


def test_the_measured_error_of_a_change_and_the_quantile_of_the_figures() -> None:
    """Margins at their own level keep their t, here 2.0; shared respondents are in change_se."""
    row = plan_from(figures(), margin=1.5, figures_level=0.95).table.iloc[0]
    se = 18 * np.sqrt(1.5 / 250)
    assert row["year"] == "2024"
    assert row["margin"] == pytest.approx(2.0 * se)
    assert row["n_for_margin"] == np.ceil(250 * (2.0 * se / 1.5) ** 2)
    assert row["critical_change"] == pytest.approx(2.4)
    assert row["detectable_change"] == pytest.approx((2.0 + ZP) * 1.2)
    assert row["change_from"] == "measured"
    other = plan_from(figures(), level=0.9, figures_level=0.95).table.iloc[0]
    assert other["margin"] == pytest.approx(1.6448536269514722 * se)


def test_a_group_without_a_margin_stays_with_its_reason() -> None:
    made = plan_from(figures(), margin=1.5)
    assert made.planned == 1
    row = made.table.iloc[1]
    assert row["note"] == "suppressed: n = 20 is below 50"
    assert pd.isna(row["n_for_margin"])
    assert pd.isna(row["detectable_change"])
    assert row["change_from"] == ""
    bare = plan_from(figures().drop(columns=["note", "change_se"]))
    assert bare.table["note"].tolist() == ["", NO_MARGIN]
    assert repr(made) == "PresentPlan of Satisfaction: 1 of 2 groups, level 0.95, power 0.8"


def test_faults_of_figures() -> None:
    with pytest.raises(IndexFigureError) as caught:
        plan_from(figures(), construct="Satisfacton", year="2034")
    assert [f.where for f in caught.value.faults] == ["construct", "year"]
    assert "did you mean 'Satisfaction'?" in str(caught.value)
    assert "did you mean '2024'?" in str(caught.value)
    with pytest.raises(IndexFigureError) as caught:
        plan_from(figures().drop(columns=["sd", "moe"]))
    assert [f.where for f in caught.value.faults] == ["column moe", "column sd"]
    with pytest.raises(IndexFigureError, match="no row"):
        plan_from(figures().iloc[:0])
    two = figures(construct=["Loyalty", "Image"] * 2)
    with pytest.raises(IndexFigureError, match="several: Loyalty, Image"):
        plan_from(two)
    with pytest.raises(OptionError) as options:
        plan_from(figures(), margin=-1, change=0, level=2, power=2)
    assert [f.where for f in options.value.faults] == ["margin", "change", "level", "power"]


def test_from_yearly_figures() -> None:
    model = csi.models.load("swics")
    made = csi.simulate(model, years=[2024], groups=["A", "B"], n=120, seed=3)
    survey = csi.read_survey(made.answers, made.codebook)
    options = csi.IndexOptions(draws=100, level=0.9)
    yearly = csi.yearly(survey, model, group="group", options=options)
    plan = plan_from(yearly, margin=2)
    own = yearly.headline()
    assert (plan.construct, plan.level) == (model.index, 0.9)
    np.testing.assert_allclose(plan.table["margin"], own["moe"])
    needed = np.ceil(own["n"].astype(float) * (own["moe"] / 2) ** 2)
    assert plan.table["n_for_margin"].tolist() == needed.tolist()


def test_a_plan_of_numbers_agrees_with_the_formulas() -> None:
    options = PlanOptions(
        sd=20, icc=0.1, cluster_size=3, deff=1.25, response_rate=0.4, groups=9, spread=3
    )
    assert options.design_effect == pytest.approx(1.5)
    plan = plan_survey(n=[250], margin=[2], change=[3], options=options)
    by_n, by_margin, by_change = plan.scenarios
    assert (by_n.n, by_n.contacts, by_n.total, by_n.total_contacts) == (250, 625, 2250, 5625)
    assert by_n.margin_all == pytest.approx(by_n.margin / 3)
    assert by_n.reliability == pytest.approx(9 / (9 + 400 * 1.5 / 250))
    assert by_margin.n == 577  # 1.96² * 400 * 1.5 / 4 = 576.2
    assert by_margin.margin <= 2
    assert by_change.n == 1047  # (1.96 + 0.8416)² * 2 * 400 * 1.5 / 9 = 1046.5
    assert by_change.detectable_change <= 3
    assert plan.to_frame()["asked"].tolist() == ["n", "margin", "change"]


def test_faults_of_a_plan_of_numbers() -> None:
    with pytest.raises(OptionError) as caught:
        PlanOptions(sd=-1, icc=0.1, overlap=0.5, groups=0)
    assert [f.where for f in caught.value.faults] == ["sd", "groups", "icc", "overlap"]
    with pytest.raises(OptionError, match="nothing is asked"):
        plan_survey()
    with pytest.raises(OptionError) as caught:
        plan_survey(n=[1, 250], margin=[0], change=[-1])
    assert [f.where for f in caught.value.faults] == ["n", "margin", "change"]
    with pytest.raises(OptionError, match="more respondents"):
        plan_survey(n=[250], options=PlanOptions(population=200))


@pytest.mark.parametrize("column", ["sd", "se", "change_se", "n"])
def test_words_among_numbers_are_told(column: str) -> None:
    table = figures()
    table[column] = ["many", *table[column].astype(str)[1:]] if column in table else "few"
    with pytest.raises(IndexFigureError, match=f"column {column}: it has words among its numbers"):
        plan_from(table)
