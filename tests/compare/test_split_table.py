"""The table of parts: sums, errors against the textbook, groups that come and go, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

import csi
from csi.compare.split_table import CHANGE_SPLIT, change_split
from csi.errors import IndexFigureError, OptionError
from csi.index.joint import Joint
from csi.model import Model
from csi.survey.survey import Survey
from tests.compare.joint_by_hand import make_joint, rows_of, variance_of_level

EXACT = 1e-12
FIXED = np.array([0.5, 0.3, 0.2])


def split(joint: Joint, **kind: object) -> pd.DataFrame:
    return change_split(joint, "Satisfaction", **kind)


@pytest.fixture(scope="module")
def joint() -> Joint:
    """Three periods, two groups; the third item is not asked in the first period."""
    rng = np.random.default_rng(11)
    rows, weights = {}, {}
    for t, period in enumerate(("2021", "2022", "2023")):
        for g, group in enumerate(("A", "B")):
            answers = rows_of(rng, 40 + 10 * g, (6.0 + 0.3 * t, 6.5 + g, 7.0))
            if period == "2021":
                answers[:, 2] = np.nan
            rows[period, group] = answers
            weights[period, group] = rng.dirichlet([5, 5, 5])
    return make_joint(
        rows, weights, periods=("2021", "2022", "2023"), groups=("A", "B"), moving=True,
        total_weight={label: 100.0 + 7 * i for i, label in enumerate(rows)},
    )  # fmt: skip


def whole(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of each comparison as columns, details left out."""
    plain = table[(table["item"] == "") & (table["member"] == "")]
    return plain.set_index(["year", "group", "part"])["points"].unstack()  # noqa: PD010


def test_parts_add_up_to_the_change_of_the_index(joint: Joint) -> None:
    table = split(joint)
    assert list(table.columns) == list(CHANGE_SPLIT)
    parts = whole(table)
    assert parts.shape[0] == 6  # two comparisons of A, B and the total
    sums = parts.drop(columns="total").sum(axis=1)  # groups have no mix
    np.testing.assert_allclose(sums, parts["total"], atol=EXACT)
    for (year, group), row in parts.iterrows():
        if group != "total":
            before = str(int(year) - 1)
            change = joint.index[joint.at(year, group), 0] - joint.index[joint.at(before, group), 0]
            assert row["total"] == pytest.approx(change, abs=EXACT)
    shares = table[(table["part"] != "total") & (table["member"] == "")]
    np.testing.assert_allclose(
        shares.groupby(["year", "group"])["share"].sum(), 1.0, atol=1e-9
    )  # divided by the change


def test_total_is_the_weighted_mean_of_groups(joint: Joint) -> None:
    total = []
    for period in joint.periods:
        at = [joint.at(period, group) for group in joint.groups]
        share = joint.total_weight[at, 0] / joint.total_weight[at, 0].sum()
        total.append(share @ joint.index[at, 0])
    for method in ("nested", "shapley"):
        parts = whole(split(joint, group="total", method=method))
        np.testing.assert_allclose(parts["total"], np.diff(total), atol=EXACT)
        sums = parts.drop(columns="total").sum(axis=1)
        np.testing.assert_allclose(sums, parts["total"], atol=EXACT)


@pytest.mark.parametrize("method", ["nested", "shapley"])
def test_details_add_up_to_their_parts(joint: Joint, method: str) -> None:
    items = split(joint, detail="items", method=method)
    for part in ("performance", "weights"):
        own = items[items["part"] == part]
        detail = own[own["item"] != ""].groupby(["year", "group"])["points"].sum()
        plain = own[own["item"] == ""].set_index(["year", "group"])["points"]
        np.testing.assert_allclose(detail, plain.loc[detail.index], atol=EXACT)
    groups = split(joint, group="total", detail="groups", method=method)
    detail = groups[groups["member"] != ""].groupby(["year", "part"])["points"].sum()
    plain = groups[groups["member"] == ""].set_index(["year", "part"])["points"]
    np.testing.assert_allclose(detail, plain.loc[detail.index], atol=EXACT)


def test_errors_with_fixed_weights_are_those_of_two_means() -> None:
    """The delete-one jackknife of a mean is exactly its textbook variance."""
    rng = np.random.default_rng(1)
    rows = {(p, "all"): rows_of(rng, n, (6.0, 6.5, 7.0)) for p, n in (("1", 30), ("2", 45))}
    joint = make_joint(rows, dict.fromkeys(rows, FIXED), periods=("1", "2"))
    table = split(joint).set_index("part")
    se = np.sqrt(sum(variance_of_level(answers, FIXED) for answers in rows.values()))
    for part in ("performance", "total"):
        row = table.loc[part]
        assert row["se"] == pytest.approx(se, rel=1e-9)  # differences of 1e-3 squared
        assert row["upper"] - row["points"] == pytest.approx(student.ppf(0.975, 73) * se, rel=1e-9)
        p = 2 * student.sf(abs(row["points"]) / se, 73)
        assert row["p_value"] == pytest.approx(p, rel=1e-6)
    assert table.loc["weights", "points"] == pytest.approx(0.0, abs=EXACT)
    assert table.loc["items", "points"] == pytest.approx(0.0, abs=EXACT)


def test_errors_are_those_of_the_replicates(joint: Joint) -> None:
    """Each replicate split by hand: shares and scores from its means and weights."""
    a, b = joint.at("2022", "B"), joint.at("2023", "B")
    shares = [joint.weight_draws[at] for at in (a, b)]
    scores = [100 * (joint.mean_draws[at] - 1) / 9 for at in (a, b)]
    drawn = ((shares[0] + shares[1]) / 2 * (scores[1] - scores[0])).sum(axis=0)
    table = split(joint, group="B").set_index(["year", "part"])
    row = table.loc[("2023", "performance")]
    variance = joint.replication.factors @ (drawn - row["points"]) ** 2
    assert row["se"] == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_degrees_of_freedom_of_a_group_and_of_the_total(joint: Joint) -> None:
    """Samples of 40 and 50 in each period."""
    rows = split(joint).set_index(["year", "group", "part"])
    for group, freedom in (("A", 78), ("B", 98), ("total", 78 + 98)):
        row = rows.loc[("2023", group, "performance")]
        half = student.ppf(0.975, freedom) * row["se"]
        assert row["upper"] - row["points"] == pytest.approx(half, rel=1e-12)


def test_mix_of_the_total_by_hand() -> None:
    """A at 60 falls from 3/4 to 1/2, B stays at 80: mix 5 points, nothing else."""
    sixty, eighty = np.full((4, 3), 6.4), np.full((4, 3), 8.2)
    rows = {("1", "A"): sixty, ("1", "B"): eighty, ("2", "A"): sixty, ("2", "B"): eighty}
    size = {("1", "A"): 3.0, ("1", "B"): 1.0, ("2", "A"): 2.0, ("2", "B"): 2.0}
    joint = make_joint(
        rows, dict.fromkeys(rows, FIXED), periods=("1", "2"), groups=("A", "B"), total_weight=size
    )
    table = split(joint, group="total", detail="groups")
    points = table.set_index(["part", "member"])["points"]
    assert points["mix", ""] == pytest.approx(5.0)
    assert points["mix", "A"] == pytest.approx(-0.25 * (60 - 67.5))
    assert points["mix", "B"] == pytest.approx(0.25 * (80 - 67.5))
    given = split(joint, group="total", shares=dict.fromkeys(rows, 1.0))
    assert given.set_index("part")["points"]["mix"] == pytest.approx(0.0, abs=EXACT)


def test_a_new_group_adds_mix_only() -> None:
    rng = np.random.default_rng(2)
    rows = {label: rows_of(rng, 20, (6.0, 6.5, 7.0)) for label in (("1", "A"), ("2", "A"))}
    rows["2", "B"] = rows_of(rng, 20, (8.0, 8.5, 9.0))
    joint = make_joint(rows, dict.fromkeys(rows, FIXED), periods=("1", "2"), groups=("A", "B"))
    table = split(joint, detail="groups")
    assert table.loc[table["group"] == "B", "note"].tolist() == ["no change: no respondents in 1"]
    total = table[table["group"] == "total"].set_index(["part", "member"])
    assert total.loc[("performance", "B"), "points"] == pytest.approx(0.0, abs=EXACT)
    assert total.loc[("mix", "B"), "points"] > 0
    assert total.loc[("mix", ""), "note"] == "new in 2: B"
    parts = whole(table).loc[("2", "total")]
    assert parts.drop("total").sum() == pytest.approx(parts["total"], abs=EXACT)


def test_a_group_without_a_figure_is_left_out_and_named(joint: Joint) -> None:
    index, draws = joint.index.copy(), joint.draws.copy()
    index[joint.at("2022", "B")] = np.nan
    draws[joint.at("2022", "B")] = np.nan
    table = split(replace(joint, index=index, draws=draws)).set_index(["year", "group", "part"])
    assert table.loc[("2023", "B", "total"), "note"] == "no change: no figure in 2022"
    total = table.loc[("2023", "total", "total")]
    assert total["note"] == "left out of the total: B (no figure in 2022)"
    assert total["points"] == pytest.approx(table.loc[("2023", "A", "total"), "points"], abs=EXACT)


def test_small_groups_are_not_shown_but_count(joint: Joint) -> None:
    small = replace(joint, min_n=45)
    table = split(small, detail="groups").set_index(["year", "group", "part", "member"])
    note = table.loc[("2022", "A", "total", ""), "note"]
    assert note == "no change: n = 40 in 2021 is below 45; n = 40 in 2022 is below 45"
    assert np.isnan(table.loc[("2022", "A", "total", ""), "points"])
    assert np.isnan(table.loc[("2022", "total", "mix", "A"), "points"])
    full = split(joint).set_index(["year", "group", "part", "member"])
    key = ("2022", "total", "total", "")
    assert table.loc[key, "points"] == full.loc[key, "points"]


def test_items_that_differ_are_named(joint: Joint) -> None:
    table = split(joint, group="A").set_index(["year", "part"])
    assert table.loc[("2022", "items"), "note"] == "items added: S3"
    assert abs(table.loc[("2022", "items"), "points"]) > 0.01
    assert table.loc[("2023", "items"), "note"] == ""
    assert table.loc[("2023", "items"), "points"] == pytest.approx(0.0, abs=EXACT)


def test_no_common_item_is_no_split() -> None:
    rng = np.random.default_rng(4)
    rows = {(p, "all"): rows_of(rng, 20, (6.0, 6.5, 7.0)) for p in ("1", "2")}
    rows["1", "all"][:, 1:] = np.nan
    rows["2", "all"][:, 0] = np.nan
    joint = make_joint(rows, dict.fromkeys(rows, FIXED), periods=("1", "2"))
    table = split(joint)
    assert table["note"].tolist() == ["no change: no item in common with 1"]


def test_comparison_with_one_period(joint: Joint) -> None:
    table = split(joint, before="2021", group="A")
    assert table[["year", "compared_with"]].drop_duplicates().to_numpy().tolist() == [
        ["2022", "2021"],
        ["2023", "2021"],
    ]


def test_all_faults_at_once(joint: Joint) -> None:
    with pytest.raises(OptionError) as error:
        change_split(
            joint, "Satisfation", group="C", before="2033", detail="item", method="mean",
            shares={("2021", "A"): -1.0},
        )  # fmt: skip
    text = str(error.value)
    for words in ("'Satisfation'", "did you mean 'Satisfaction'", "'C'", "'2033'", "'item'",
                  "'mean'", "-1.0 is no share"):  # fmt: skip
        assert words in text
    with pytest.raises(OptionError, match="no period follows 2023"):
        split(joint, before="2023")
    with pytest.raises(OptionError, match="has a figure but no share"):
        split(joint, shares={("2021", "A"): 1.0})


def test_shares_of_unknown_groups_are_named(joint: Joint) -> None:
    shares = dict.fromkeys(joint.labels, 1.0) | {("2021", "C"): 1.0}
    with pytest.raises(OptionError, match="no such period and group"):
        split(joint, shares=shares)


def test_rows_without_errors_say_why(joint: Joint) -> None:
    unusable = replace(joint, draws=np.full_like(joint.draws, np.nan))
    table = split(unusable, group="A").set_index(["year", "part"])
    n = joint.draws.shape[-1]
    why = f"no margin of error: 0 of {n} replicates can be used"
    assert table.loc[("2023", "total"), "note"] == why
    assert table.loc[("2022", "total"), "note"] == f"items added: S3; {why}"
    delta = replace(unusable, replication=replace(joint.replication, method="delta"))
    note = split(delta, group="A").set_index(["year", "part"]).loc[("2023", "total"), "note"]
    assert note == why


def test_levels_that_are_no_weighted_means_are_refused(joint: Joint) -> None:
    with pytest.raises(IndexFigureError, match="not the weighted mean of its items"):
        split(replace(joint, index=joint.index + 1.0))


def test_total_is_the_change_in_the_figures_table(model: Model, three_years: Survey) -> None:
    """A survey from its answers: change, error, limits and p value are those of the figures."""
    made = csi.yearly(
        three_years, model, group="company", options=csi.IndexOptions(draws=100, min_n=0)
    )
    assert made.joint is not None
    figures = made.figures[made.figures["construct"] == "Satisfaction"]
    changes = figures.set_index(["year", "group"]).dropna(subset="change")
    assert len(changes) == 4
    table = change_split(made.joint, "Satisfaction")
    total = table[table["part"] == "total"].set_index(["year", "group"]).loc[changes.index]
    np.testing.assert_allclose(total["points"], changes["change"], atol=EXACT)
    for mine, theirs in (
        ("se", "change_se"), ("lower", "change_lower"), ("upper", "change_upper"),
        ("p_value", "p_value"),
    ):  # fmt: skip
        np.testing.assert_allclose(
            total[mine].astype(float), changes[theirs].astype(float), rtol=1e-9
        )
    sums = whole(table).loc[changes.index, ["performance", "weights", "items"]].sum(axis=1)
    np.testing.assert_allclose(sums, changes["change"], atol=EXACT)


def test_a_group_that_could_not_be_fitted_is_left_out_by_name(
    model: Model, three_years: Survey
) -> None:
    """Company B has one answer to S3 in 2021: no figure there, and no mix from its coming."""
    rows = three_years.answers.copy()
    here = np.flatnonzero(
        (three_years.keys["year"] == "2021") & (three_years.keys["company"] == "B")
    )
    rows[np.ix_(here[1:], [5])] = np.nan
    lacking = replace(three_years, answers=rows)
    options = csi.IndexOptions(draws=100, min_n=0)
    joint = csi.yearly(lacking, model, group="company", options=options).joint
    assert joint is not None
    table = change_split(joint, "Satisfaction", group="total").set_index(["year", "part"])
    assert table.loc[("2022", "mix"), "points"] == 0.0
    assert "B" in table.loc[("2022", "total"), "note"]
    alone = change_split(joint, "Satisfaction", group="A").set_index(["year", "part"])
    total = table.loc[("2022", "total"), "points"]
    assert total == pytest.approx(alone.loc[("2022", "total"), "points"], abs=1e-12)
