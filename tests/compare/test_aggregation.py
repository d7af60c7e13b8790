"""Aggregates against hand calculation, R survey, and each other's second road."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.compare.aggregation.hierarchy import Hierarchy
from csi.compare.aggregation.kernel import (
    mean_variance,
    relative_change,
    relative_gradient,
    satterthwaite,
    unit_variance,
    weight_gradient,
    weighted_mean,
)
from csi.compare.aggregation.members import Member
from csi.compare.aggregation.options import AggregateOptions
from csi.compare.aggregation.published import Rounding
from csi.compare.aggregation.table import AGGREGATES, aggregate
from csi.errors import IndexFigureError, OptionError
from csi.moments.replication import Replication
from tests.compare.aggregation_joint import Blocks, Group, joint_of

PERSON = [1,1,1,2,2,3,3,3,4,4,5,5,5,6,6,7,7,7,8,8,9,9,9,10,10,11,11,12,12,12]  # fmt: skip
COMPANY = "ABCABABCBCABCACABCABABCBCACABC"
ANSWER = [70,60,80,50,55,90,85,95,40,60,75,65,70,30,45,88,80,92,66,58,72,61,
          77,49,70,81,90,55,47,62]  # fmt: skip
WEIGHT = [1, 1.5, 2, 1, 1.2, 1, 2, 1.5, 1, 1, 1.7]

# R 4.2.2, survey 4.1.1: svydesign(~person, strata=~(person > 5), weights=~w), with fpc of 20 and
# 28 persons for the second; svyby(~y, ~company, svymean, covmat=TRUE), then svycontrast of it with
# c(.5, .3, .2), and of quote(100 * (A / C - 1)); JKn is as.svrepdesign(type="JKn", mse=TRUE).
R_INDEX, R_SE, R_SE_FPC, R_SE_JKN = 64.07401879491, 5.49311065791, 4.75717337555, 5.74645998562
R_RELATIVE, R_RELATIVE_SE = -11.08882741663, 4.60722513152
R_LEVELS = {"A": 63.962962963, "B": 59.0149253731, "C": 71.9402985075}

TABLE = Hierarchy(
    (
        Member("Cars", kind="industry"),
        Member("A", "Cars", 50),
        Member("B", "Cars", 30),
        Member("C", "Cars", 20),
    )
)


def persons(company: str, period: str = "2024") -> dict[tuple[str, str], Group]:
    """The ratings of one company by twelve persons who rate several."""
    rows = [k for k, name in enumerate(COMPANY) if name == company]
    return {
        (period, company): Group(
            [ANSWER[k] for k in rows],
            [PERSON[k] - 1 for k in rows],
            [WEIGHT[PERSON[k] % 11] for k in rows],
            "persons",
        )
    }


STRATA = {"persons": [0] * 5 + [1] * 7}


def row(frame: pd.DataFrame, node: str, year: str = "2024") -> pd.Series:
    found = frame[(frame["node"] == node) & (frame["year"] == year)]
    assert len(found) == 1
    return found.iloc[0]


def test_an_industry_rated_by_shared_persons_against_r() -> None:
    groups = persons("A") | persons("B") | persons("C")
    frame = aggregate(joint_of(groups, designs=Blocks(STRATA)), TABLE)
    cars = row(frame, "Cars")
    assert cars["index"] == pytest.approx(R_INDEX, rel=1e-11)  # printed digits of R
    assert cars["se_delta"] == pytest.approx(R_SE, rel=1e-10)
    assert cars["se"] == pytest.approx(R_SE_JKN, rel=1e-10)
    for name, level in R_LEVELS.items():
        assert row(frame, name)["index"] == pytest.approx(level, rel=1e-10)
    assert cars["freedom"] == 12 - 2
    assert cars["n"] == len(ANSWER)
    fractions = {"persons": [5 / 20] * 5 + [7 / 28] * 7}
    corrected = aggregate(joint_of(groups, designs=Blocks(STRATA, fractions)), TABLE)
    assert row(corrected, "Cars")["se_delta"] == pytest.approx(R_SE_FPC, rel=1e-10)


def test_a_relative_change_with_overlap_against_r() -> None:
    """Company C last year and A this year, by the same persons: R's ratio of two domains."""
    before = {("2023", "X"): persons("C")["2024", "C"]}
    now = {("2024", "X"): persons("A")["2024", "A"]}
    joint = joint_of(before | now, designs=Blocks(STRATA))
    table = Hierarchy((Member("Top"), Member("X", "Top", 1)))
    found = row(aggregate(joint, table), "Top")
    assert found["relative_change"] == pytest.approx(R_RELATIVE, rel=1e-10)
    assert found["relative_change_se_delta"] == pytest.approx(R_RELATIVE_SE, rel=1e-10)
    assert found["relative_change_se"] == pytest.approx(R_RELATIVE_SE, rel=0.15)  # 12 persons
    assert found["p_value"] < 0.1


def test_delta_and_jackknife_are_the_same_for_means_of_own_samples() -> None:
    """The jackknife of unweighted means of independent samples is exact."""
    rng = np.random.default_rng(3)
    groups = {
        (year, name): Group(rng.normal(70, 15, n).clip(0, 100).tolist())
        for year in ("2023", "2024")
        for name, n in (("A", 20), ("B", 31), ("C", 12))
    }
    frame = aggregate(joint_of(groups), TABLE)
    np.testing.assert_allclose(frame["se"], frame["se_delta"], rtol=1e-10)
    last = frame[frame["year"] == "2024"]
    np.testing.assert_allclose(last["change_se"], last["change_se_delta"], rtol=1e-10)
    cars = row(frame, "Cars")
    variances = np.array([np.var(groups["2024", k].values, ddof=1) / len(groups["2024", k].values)
                          for k in "ABC"])  # fmt: skip
    parts = np.array([0.5, 0.3, 0.2]) ** 2 * variances
    assert cars["se"] == pytest.approx(np.sqrt(parts.sum()), rel=1e-12)
    assert cars["freedom"] == pytest.approx(parts.sum() ** 2 / np.sum(parts**2 / [19, 30, 11]))
    assert cars["upper"] - cars["index"] == pytest.approx(cars["moe"])


def test_replicates_may_have_fewer_degrees_of_freedom() -> None:
    joint = joint_of(flat({"A": 70, "B": 60, "C": 80}, n=20))
    fewer = replace(joint, replication=replace(joint.replication, freedom=5.0))
    assert aggregate(joint, TABLE)["freedom"].min() == 19
    assert aggregate(fewer, TABLE)["freedom"].eq(5.0).all()


def test_without_replicates_the_error_is_that_of_the_linear_scores() -> None:
    joint = joint_of(flat({"A": 70, "B": 60, "C": 80}, n=20))
    none = replace(
        joint,
        draws=np.zeros((3, 1, 0)),
        replication=Replication(method="delta", replicates=0, words="linear"),
    )
    frame = aggregate(none, TABLE)
    np.testing.assert_allclose(frame["se"], aggregate(joint, TABLE)["se_delta"], rtol=1e-12)
    assert frame["note"].eq("").all()


def test_intervals_of_small_samples_cover_the_truth() -> None:
    """400 samples of 4, 6 and 9 answers: 95 % within four times the error of the share, 1.1 %.

    With the quantile of z in the place of t the share was 88 % in 600 samples.
    """
    rng = np.random.default_rng(8)
    inside = by_z = 0
    for _ in range(400):
        groups = {
            ("2024", name): Group((level + spread * rng.normal(size=n)).tolist())
            for name, level, spread, n in (("A", 70, 12, 4), ("B", 60, 5, 6), ("C", 80, 9, 9))
        }
        top = aggregate(joint_of(groups), TABLE).iloc[0]
        away = abs(top["index"] - (0.5 * 70 + 0.3 * 60 + 0.2 * 80))
        inside += away <= top["moe"]
        by_z += away <= 1.959964 * top["se"]
    assert abs(inside / 400 - 0.95) < 0.044
    assert by_z / 400 < 0.92


def test_delta_and_bootstrap_meet() -> None:
    """4,000 draws: the error of a standard error is 1.1 %; four of them are allowed."""
    rng = np.random.default_rng(4)
    shared = [rng.normal(size=60), rng.normal(size=60)]
    groups = {}
    for year in ("2023", "2024"):
        for k, name in enumerate("ABC"):
            who = rng.permutation(60)[: 40 + 5 * k]
            values = 70 + 8 * shared[0][who] + 6 * rng.normal(size=len(who)) + k
            groups[year, name] = Group(values.tolist(), who.tolist(), None, "panel")
    frame = aggregate(joint_of(groups, method="bootstrap", draws=4000), TABLE)
    np.testing.assert_allclose(frame["se"], frame["se_delta"], rtol=0.045)
    last = frame[frame["year"] == "2024"]
    np.testing.assert_allclose(last["change_se"], last["change_se_delta"], rtol=0.045)
    np.testing.assert_allclose(
        last["relative_change_se"], last["relative_change_se_delta"], rtol=0.045
    )
    # the same persons in both years: the covariance makes the change more exact
    assert row(frame, "Cars")["change_se"] < 0.8 * np.hypot(
        row(frame, "Cars")["se"], row(frame, "Cars", "2023")["se"]
    )


def test_kernel_numbers() -> None:
    levels, weights = np.array([70.0, 60.0, 90.0]), np.array([2.0, 1.0, 1.0])
    assert weighted_mean(levels, weights) == 72.5
    cov = np.array([[4.0, 1.0, 0.0], [1.0, 9.0, 0.0], [0.0, 0.0, 16.0]])
    assert mean_variance(weights, cov) == pytest.approx((16 + 9 + 16 + 4) / 16)
    slopes = weight_gradient(levels, weights)
    for k in range(3):  # against central differences, error of the order of the step squared
        up, down = weights.copy(), weights.copy()
        up[k] += 1e-5
        down[k] -= 1e-5
        numeric = (weighted_mean(levels, up) - weighted_mean(levels, down)) / 2e-5
        assert slopes[k] == pytest.approx(float(numeric), rel=1e-7)
    assert relative_change(71.0, 69.0) == pytest.approx(200 / 69)
    numeric = [(relative_change(71 + a, 69 + b) - relative_change(71 - a, 69 - b)) / 2e-5
               for a, b in ((1e-5, 0), (0, 1e-5))]  # fmt: skip
    np.testing.assert_allclose(relative_gradient(71.0, 69.0), numeric, rtol=1e-7)
    # Welch's freedom for two samples, by hand
    assert satterthwaite(np.array([4.0, 1.0]), np.array([9.0, 19.0])) == pytest.approx(
        25 / (16 / 9 + 1 / 19)
    )
    assert satterthwaite(np.array([0.0]), np.array([5.0])) == np.inf


def test_a_unit_alone_in_its_stratum_against_r() -> None:
    """R survey 4.1.1, lonely.psu="adjust": svymean of five values in strata of 2, 2 and 1."""
    y = np.array([1, 4, 2, 8, 5.5])
    found = unit_variance((y - y.mean()) / 5, np.array([0, 0, 1, 1, 2]))
    assert found == pytest.approx(1.8784, rel=1e-12)
    assert np.isnan(unit_variance(np.array([1.0]), np.array([0])))


NATION = Hierarchy(
    (
        Member("Nation"),
        Member("Goods", "Nation", 0.25),
        Member("Services", "Nation", 0.75),
        Member("Cars", "Goods", 60),
        Member("Phones", "Goods", 40),
        Member("A", "Cars", 0.7),
        Member("All other cars", "Cars", rest=True),
        Member("B", "Phones", 5e6),
        Member("C", "Phones", 5e6),
        Member("Bank", "Services", 1),
        Member("Europe"),
        Member("D", "Europe", 1),
    )
)
LEVEL = {"A": 70, "All other cars": 60, "B": 80, "C": 84, "Bank": 75, "D": 50}


def flat(levels: dict[str, float], year: str = "2024", n: int = 4) -> dict:
    """Groups whose mean is a given level."""
    return {
        (year, name): Group([level - 3, level + 3] * (n // 2)) for name, level in levels.items()
    }


def test_four_levels_and_two_tops_by_hand() -> None:
    frame = aggregate(joint_of(flat(LEVEL)), NATION)
    assert list(frame.columns) == list(AGGREGATES)
    expected = {"Cars": 67.0, "Phones": 82.0, "Goods": 73.0, "Services": 75.0, "Nation": 74.5,
                "Europe": 50.0}  # fmt: skip
    for node, level in expected.items():
        assert row(frame, node)["index"] == pytest.approx(level, abs=1e-12)
    assert frame["level"].tolist() == [NATION.levels[name] for name in frame["node"]]
    assert row(frame, "Nation")["level"] == 3
    assert row(frame, "All other cars")["share"] == pytest.approx(0.3)
    assert row(frame, "Nation")["members"] == 2
    assert row(frame, "Nation")["n"] == 20
    assert frame["note"].eq("").all()
    assert frame["change"].isna().all()


def test_the_unit_of_weights_does_not_matter() -> None:
    percent = Hierarchy(
        tuple(
            Member(m.name, m.parent, 30.0 if m.rest else m.weight * 100)
            if m.parent == "Cars" else m
            for m in NATION.members
        )
    )  # fmt: skip
    joint = joint_of(flat(LEVEL))
    columns = ["index", "se", "share"]
    pd.testing.assert_frame_equal(
        aggregate(joint, percent)[columns], aggregate(joint, NATION)[columns], rtol=1e-12
    )


def test_a_member_without_figure_is_told_or_renormalised() -> None:
    levels = {name: level for name, level in LEVEL.items() if name != "C"}
    joint = joint_of(flat(LEVEL, "2023") | flat(levels))
    strict = aggregate(joint, NATION)
    assert np.isnan(row(strict, "Phones")["index"])
    assert np.isnan(row(strict, "Nation")["index"])
    assert row(strict, "Cars")["index"] == pytest.approx(67.0)
    assert row(strict, "Phones")["note"] == "no figure: C without one"
    assert row(strict, "C")["note"] == "no figure: not in the survey"
    loose = aggregate(joint, NATION, options=AggregateOptions(missing="renormalise"))
    phones = row(loose, "Phones")
    assert (phones["index"], phones["members"], phones["members_without_figure"]) == (80.0, 2, 1)
    assert phones["note"] == (
        "without C (50.0 % of the weight): weights of the others renormalised; "
        "companies differ: without C of 2023"
    )
    assert phones["change"] == pytest.approx(80 - 82)
    for missing in ("refuse", "renormalise"):
        matched = aggregate(joint, NATION, options=AggregateOptions(missing=missing, matched=True))
        assert row(matched, "Phones")["change"] == pytest.approx(0.0)
        assert "change of 1 of 2 companies" in row(matched, "Phones")["note"]
        assert row(matched, "Cars")["note"] == ""


def test_given_figures_and_their_errors() -> None:
    table = Hierarchy(
        (
            Member("Top"),
            Member("A", "Top", 0.5),
            Member("Tax office", "Top", 0.3, index=60.0, se=2.0),
            Member("Post", "Top", 0.2, index=70.0),
        )
    )
    frame = aggregate(joint_of({("2024", "A"): Group([70, 74, 76, 80])}), table)
    top, own = row(frame, "Top"), row(frame, "A")
    assert top["index"] == pytest.approx(0.5 * 75 + 18 + 14)
    assert top["se"] == pytest.approx(np.hypot(0.5 * own["se"], 0.3 * 2.0), rel=1e-12)
    assert top["se_delta"] == pytest.approx(top["se"], rel=1e-10)
    variance = (0.5 * own["se"]) ** 2
    assert top["freedom"] == pytest.approx(top["se"] ** 4 / (variance**2 / 3))
    assert top["note"] == (
        "given figure: Tax office, Post; error too small: Post given without error"
    )
    assert row(frame, "Post")["note"] == "given figure, without error"
    assert row(frame, "Tax office")["se"] == 2.0
    assert pd.isna(row(frame, "Post")["n"])


def test_a_given_figure_without_a_year_has_no_change() -> None:
    """Used in both years it is no news: the node's change takes it as still, and says so."""
    table = Hierarchy(
        (Member("Top"), Member("A", "Top", 0.5), Member("Post", "Top", 0.5, index=70.0))
    )
    levels = {("2023", "A"): Group([70, 72, 76, 78]), ("2024", "A"): Group([72, 74, 78, 80])}
    frame = aggregate(joint_of(levels), table)
    post, top = row(frame, "Post"), row(frame, "Top")
    assert pd.isna(post["change"])
    assert "no change figure: the given figure has no year" in post["note"]
    assert top["change"] == pytest.approx(1.0)
    assert "taken as unchanged, given without a year: Post" in top["note"]


def test_errors_of_weights_by_the_delta_method_and_by_simulation() -> None:
    rows = (
        Member("Top"),
        Member("X", "Top", 3, weight_se=0.2),
        Member("Y", "Top", 1, weight_se=0.1),
        Member("A", "X", 0.6, weight_se=0.05),
        Member("B", "X", rest=True),
        Member("C", "Y", 1),
    )
    joint = joint_of(flat({"A": 60, "B": 80, "C": 50}))
    exact = aggregate(joint, Hierarchy(tuple(Member(m.name, m.parent, m.weight, m.rest)
                                             for m in rows)))  # fmt: skip
    frame = aggregate(joint, Hierarchy(rows))
    added = row(frame, "Top")["se"] ** 2 - row(exact, "Top")["se"] ** 2
    rng = np.random.default_rng(5)
    x, y = rng.normal(3, 0.2, 100_000), rng.normal(1, 0.1, 100_000)
    a = rng.normal(0.6, 0.05, 100_000)
    drawn = (x * (60 * a + 80 * (1 - a)) + y * 50) / (x + y)
    # 100,000 draws know a variance to 0.4 %; the ratio bends by about one per cent more
    assert added == pytest.approx(drawn.var(), rel=0.025)


def test_a_rolling_index_reuses_figures_with_their_covariance() -> None:
    """Each quarter measures one industry; the composite moves by that one only."""
    quarters = [f"2024 Q{k}" for k in (1, 2, 3, 4)]
    rng = np.random.default_rng(6)
    names = ("A", "B", "A", "B")
    groups = {
        (quarter, name): Group(rng.normal(70 + k, 10, 25).tolist())
        for k, (quarter, name) in enumerate(zip(quarters, names, strict=True))
    }
    table = Hierarchy((Member("Top"), Member("A", "Top", 0.6), Member("B", "Top", 0.4)))
    joint = joint_of(groups)
    plain = aggregate(joint, table)
    assert plain.loc[plain["node"] == "Top", "index"].isna().all()
    frame = aggregate(joint, table, options=AggregateOptions(rolling=2))
    third = row(frame, "Top", "2024 Q3")
    level = dict(zip(joint.labels, joint.index[:, 0], strict=True))
    a1, b2, a3 = (level[key] for key in joint.labels[:3])
    assert np.isnan(row(frame, "Top", "2024 Q1")["index"])
    assert third["index"] == pytest.approx(0.6 * a3 + 0.4 * b2)
    assert third["change"] == pytest.approx(0.6 * (a3 - a1))
    se = {key: np.std(g.values, ddof=1) / 5 for key, g in groups.items()}
    keys = joint.labels
    assert third["change_se"] == pytest.approx(0.6 * np.hypot(se[keys[0]], se[keys[2]]), rel=1e-10)
    assert third["note"] == "1 of 2 companies with figures of earlier periods"
    assert row(frame, "B", "2024 Q3")["note"] == "figure of 2024 Q2"
    assert row(frame, "B", "2024 Q3")["change"] == 0.0
    longer = aggregate(joint, table, options=AggregateOptions(rolling=2, lag=2))
    assert row(longer, "Top", "2024 Q4")["compared_with"] == "2024 Q2"


def test_small_bases_are_hidden_and_still_counted() -> None:
    groups = flat({"A": 70, "B": 60}, n=20) | flat({"C": 90}, n=4)
    frame = aggregate(joint_of(groups, min_n=10), TABLE)
    assert np.isnan(row(frame, "C")["index"])
    assert row(frame, "C")["note"] == "suppressed: n = 4 is below 10"
    assert row(frame, "Cars")["index"] == pytest.approx(0.5 * 70 + 0.3 * 60 + 0.2 * 90)
    assert row(frame, "Cars")["note"] == "small base: C (n = 4)"


def test_replicates_that_could_not_be_used_are_told() -> None:
    joint = joint_of(flat({"A": 70, "B": 60, "C": 80}, n=20), method="bootstrap", draws=100)
    joint.draws[0, 0, :20] = np.nan
    joint.draws[1, 0, :] = np.nan
    table = Hierarchy(
        (Member("X"), Member("Y"), Member("A", "X", 1), Member("C", "X", 1), Member("B", "Y", 1))
    )
    frame = aggregate(joint, table)
    assert row(frame, "X")["note"] == "errors from 80 of 100 draws"
    assert row(frame, "X")["draws_used"] == 80
    assert row(frame, "Y")["note"] == "no margin of error: B without one"
    assert np.isnan(row(frame, "Y")["se"])
    assert row(frame, "Y")["se_delta"] > 0


def test_items_that_differ_stop_a_change() -> None:
    groups = flat({"A": 70, "B": 60, "C": 80}, "2023") | flat({"A": 71, "B": 61, "C": 81})
    groups["2024", "B"] = Group([58, 64], asked=False)
    frame = aggregate(joint_of(groups), TABLE)
    assert row(frame, "Cars")["note"] == "no change figure: items differ from 2023: B"
    assert np.isnan(row(frame, "Cars")["change"])
    assert row(frame, "A")["change"] == pytest.approx(1.0)


def test_figures_as_printed() -> None:
    groups = flat({"A": 69.4, "B": 60, "C": 76.84}, "2023") | flat({"A": 71.2, "B": 60, "C": 76.2})
    table = Hierarchy((Member("Top"), Member("I", "Top", 1), Member("J", "Top", 1),
                       Member("A", "I", 1), Member("B", "J", 1), Member("C", "J", 1)))  # fmt: skip
    frame = aggregate(joint_of(groups), table, rounding=Rounding())
    own = row(frame, "A")
    assert (own["printed"], own["printed_change"], own["printed_relative_change"]) == (
        "71", "+2", "+2.9 %",
    )  # fmt: skip
    assert own["relative_change"] == pytest.approx(100 * (71.2 / 69.4 - 1))
    assert row(frame, "B")["printed_change"] == "0"
    assert row(frame, "Top")["printed"] == "69.7"  # (71.2 + 68.1) / 2 = 69.65
    plain = aggregate(joint_of(groups), table, rounding=Rounding(change_of="unrounded"))
    assert row(plain, "A")["printed_relative_change"] == "+2.6 %"


def test_options_are_checked_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        AggregateOptions(missing="drop", rolling=0, lag=True, matched="no")  # type: ignore[arg-type]
    assert len(caught.value.faults) == 4
    joint = joint_of(flat({"A": 70, "B": 60, "C": 80}))
    with pytest.raises(OptionError, match="did you mean 'Satisfaction'"):
        aggregate(joint, TABLE, construct="Satisfacton")


def test_a_table_that_does_not_go_with_the_survey() -> None:
    joint = joint_of(flat({"A": 70, "B": 60, "Cars": 65, "Zeta": 50}) | flat({"A": 70}, "2025"))
    table = Hierarchy(
        (
            Member("Cars", place="line 2"),
            Member("A", "Cars", 1, year="2024", place="line 3"),
            Member("Bb", "Cars", 1, year="2024", place="line 4"),
            Member("Taxi", "Cars", 1, year="2024", index=50, place="line 5"),
            Member("Zeta", "Cars", 1, year="2024", index=50, place="line 6"),
        )
    )
    with pytest.raises(IndexFigureError) as caught:
        aggregate(joint, table)
    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == 5, told
    assert told[0].startswith("line 2, Cars: it is a group of the survey and has members")
    assert told[1].startswith("line 4, Bb 2024: it is no group of the survey")
    assert "did you mean 'B'?" in told[1]
    assert "line 6, Zeta 2024: its index is given and the survey measures it in 2024" in told[2]
    assert told[3].startswith("table: no weights of Cars for 2025; add them, or in Python allow")
    assert told[4].startswith("group 'B': it is in the survey (2024) and not in table")


def test_carried_weights_and_groups_left_out_are_told() -> None:
    joint = joint_of(flat({"A": 70, "B": 60}) | flat({"A": 72, "B": 60, "C": 10}, "2025"))
    rows = (
        Member("Top"),
        Member("A", "Top", 1, year="2024"),
        Member("B", "Top", 3, year="2024"),
    )
    frame = aggregate(joint, Hierarchy(rows, partial=True, carry=True))
    top = row(frame, "Top", "2025")
    assert top["index"] == pytest.approx(63.0)
    assert top["note"] == "not in the table: C (n = 4); weights of 2024"
    assert row(frame, "Top")["note"] == ""
    with pytest.raises(IndexFigureError, match="there are no earlier ones either"):
        aggregate(
            joint, Hierarchy(tuple(Member(m.name, m.parent, m.weight, year="2025" if m.parent else
                                          "") for m in rows), partial=True, carry=True)
        )  # fmt: skip
