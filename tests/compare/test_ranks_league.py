"""League tables and tables of leaders, looked up on joint levels."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import stdtrit

from csi.compare.leader_change import expected_leader_change
from csi.compare.league import LEADERS, LEAGUE, leaders, league_table
from csi.compare.ranks import against_best, rank_sets
from csi.errors import OptionError
from csi.index.cells import Units
from csi.index.joint import Joint, Linear
from csi.moments.replication import Replication

COMPANIES = ("Alpha", "Beta", "Gamma", "Delta", "Tiny", "New")
LEVELS = {
    "2023": {"Alpha": 70.0, "Beta": 74.0, "Gamma": 73.0, "Delta": 60.0, "Tiny": 90.0},
    "2024": {"Alpha": 76.0, "Beta": 74.5, "Gamma": 71.0, "Delta": 60.0, "Tiny": 90.0, "New": 65.0},
}
SIZES = {"Alpha": 250, "Beta": 200, "Gamma": 80, "Delta": 300, "Tiny": 20, "New": 120}
SD = 18.0


def random_joint(replicates: int = 4000, **changes: Any) -> Joint:
    """Return levels whose draws and unit contributions have the errors of simple samples."""
    rng = np.random.default_rng(1)
    labels = tuple((year, name) for year, own in LEVELS.items() for name in own)
    index = np.array([[LEVELS[year][name]] for year, name in labels])
    n = np.array([SIZES[name] for _, name in labels])
    linear = []
    for (year, name), size in zip(labels, n, strict=True):
        z = rng.normal(size=size)
        z = (z - z.mean()) / z.std(ddof=1) * SD / size
        units = Units(f"{year} {name}", np.arange(size), np.zeros(size, dtype=np.int64))
        linear.append(Linear(units, z[:, None]))
    draws = index[:, :, None] + (SD / np.sqrt(n))[:, None, None] * rng.normal(
        size=(len(labels), 1, replicates)
    )
    ones = np.ones((len(labels), 1))
    made = Joint(
        periods=("2023", "2024"), groups=COMPANIES, labels=labels, constructs=("Satisfaction",),
        items=("S1",), blocks=np.ones((1, 1), dtype=bool), low=np.ones(1), high=np.full(1, 10.0),
        index=index, draws=draws, means=1 + index * 0.09, weights=ones,
        mean_draws=tuple([None] * len(labels)), weight_draws=tuple([None] * len(labels)),
        base=n[:, None].astype(float), total_weight=n[:, None].astype(float), spread=SD * ones,
        paths=(), slopes=np.zeros((len(labels), 0)), slope_draws=tuple([None] * len(labels)),
        linear=tuple(linear), replication=Replication("bootstrap", replicates, "draws"),
        level=0.95, min_n=50,
    )  # fmt: skip
    return replace(made, **changes)


def test_a_league_table() -> None:
    joint = random_joint()
    table = league_table(joint, construct="Satisfaction")
    assert tuple(table.columns) == LEAGUE
    assert table["group"].tolist() == ["Alpha", "Beta", "Gamma", "New", "Delta", "Tiny"]
    assert table["rank"].tolist()[:5] == [1, 2, 3, 4, 5]
    row = table.set_index("group")
    # the same by the functions on numbers, from the draws themselves
    at = [joint.at("2024", name) for name in COMPANIES[:4]] + [joint.at("2024", "New")]
    estimate, draws = joint.index[at, 0], joint.draws[at, 0].T
    freedom = 79 + 119
    ranks = rank_sets(estimate, draws, freedom=freedom)
    best = against_best(estimate, draws, freedom=freedom)
    own = row.loc[[*COMPANIES[:4], "New"]]
    np.testing.assert_array_equal(own["rank_low"], ranks.low)
    np.testing.assert_array_equal(own["rank_high"], ranks.high)
    np.testing.assert_allclose(own["p_first"], ranks.first)
    np.testing.assert_array_equal(own["may_be_first"], best.may_be_best)
    np.testing.assert_allclose(own["difference_from_first"], [1.5, -1.5, -5, -16, -11])
    np.testing.assert_allclose(own["difference_lower"], best.lower)
    np.testing.assert_allclose(own["difference_upper"], best.upper)
    # 4,000 draws: standard errors are known to 1.1 %
    np.testing.assert_allclose(own["se"], SD / np.sqrt(own["n"].astype(float)), rtol=0.05)
    assert row.loc["Alpha", "moe"] == pytest.approx(1.9695 * row.loc["Alpha", "se"], rel=1e-4)


def test_rows_say_what_the_reader_must_know() -> None:
    row = league_table(random_joint(), construct="Satisfaction").set_index("group")
    assert row.loc["Gamma", "small_base"]
    assert row.loc["Gamma", "note"] == "small base: n = 80 is below 100"
    assert not row.loc["Beta", "small_base"]
    assert row["rank_change"].astype(object).where(row["rank_change"].notna(), None).tolist() == [
        2, -1, -1, None, -1, None,
    ]  # fmt: skip
    tiny = row.loc["Tiny"]
    assert tiny["note"] == "suppressed: n = 20 in 2024 is below 50"
    shown = ["index", "se", "rank", "p_first", "may_be_first", "difference_from_first"]
    assert tiny[shown].isna().all()
    assert (tiny["n"], tiny["letters"]) == (20, "")
    assert set(row.loc["Alpha", "letters"]) & set(row.loc["Beta", "letters"])
    assert not set(row.loc["Alpha", "letters"]) & set(row.loc["Delta", "letters"])


def test_a_group_without_respondents_stays_in_the_table() -> None:
    table = league_table(random_joint(), construct="Satisfaction", period="2023")
    row = table.set_index("group").loc["New"]
    assert row["note"] == "no respondents in 2023"
    assert table["rank_change"].isna().all()
    assert len(table) == 6


def test_a_figure_without_draws_has_no_rank() -> None:
    joint = random_joint()
    draws = joint.draws.copy()
    draws[joint.labels.index(("2024", "Beta"))] = np.nan
    row = league_table(replace(joint, draws=draws), construct="Satisfaction").set_index("group")
    assert row.loc["Beta", "note"] == "no rank: no standard error"
    assert row.loc["Beta", "index"] == 74.5
    assert row["rank"].notna().sum() == 4


def jackknifed(joint: Joint) -> Joint:
    """Return the same levels with one jackknife replicate a unit, from the contributions."""
    sizes = [len(own.scores) for own in joint.linear]
    total = sum(sizes)
    draws = np.repeat(joint.index[:, :, None], total, axis=2)
    factors, start = np.zeros(total), 0
    for g, size in enumerate(sizes):
        part = slice(start, start + size)
        draws[g, 0, part] -= joint.linear[g].scores[:, 0] * size / (size - 1)
        factors[part] = (size - 1) / size
        start += size
    jackknife = Replication("jackknife", total, "jackknife", factors=factors)
    return replace(joint, draws=draws, replication=jackknife)


@pytest.mark.parametrize("method", ["jackknife", "delta"])
def test_replicates_that_are_no_draws_give_the_same_table(method: str) -> None:
    joint = random_joint()
    other = (
        jackknifed(joint)
        if method == "jackknife"
        else replace(
            joint,
            draws=np.zeros((len(joint.labels), 1, 0)),
            replication=Replication("delta", 0, "delta"),
        )
    )
    known = league_table(joint, construct="Satisfaction").set_index("group")
    found = league_table(other, construct="Satisfaction").set_index("group")
    n = known["n"].astype(float)[:5]
    np.testing.assert_allclose(found["se"][:5], SD / np.sqrt(n), rtol=1e-9)
    for name in ("rank", "rank_low", "rank_high", "letters", "may_be_first"):
        assert known[name].astype(str).tolist() == found[name].astype(str).tolist(), name
    # 4,000 and 10,000 draws: probabilities differ by 0.01
    np.testing.assert_allclose(known["p_first"][:5], found["p_first"][:5], atol=0.03)


def test_respondents_who_rate_two_companies_count_in_the_linearised_errors() -> None:
    """Alpha and Beta from the same 100 people, Beta's contributions half of Alpha's."""
    joint = random_joint()
    size = 100
    z = np.random.default_rng(2).normal(size=size)
    z = (z - z.mean()) / z.std(ddof=1) / np.sqrt(size) / np.sqrt(size)  # a variance of 1 / 100
    units = Units("both", np.arange(size), np.zeros(size, dtype=np.int64))
    linear = list(joint.linear)
    a, b = joint.labels.index(("2024", "Alpha")), joint.labels.index(("2024", "Beta"))
    linear[a] = Linear(units, 10.0 * z[:, None])  # an error of 1 point
    linear[b] = Linear(units, 5.0 * z[:, None])  # 0.5; of the difference 0.5, not 1.1
    other = replace(
        joint,
        linear=tuple(linear),
        draws=np.zeros((len(joint.labels), 1, 0)),
        replication=Replication("delta", 0, "delta"),
    )
    row = league_table(other, construct="Satisfaction").set_index("group")
    np.testing.assert_allclose(row.loc[["Alpha", "Beta"], "se"].astype(float), [1.0, 0.5])
    # Beta is ahead of Alpha with a probability of 0.0013; it would be 0.09 if they were independent
    assert row.loc["Beta", "p_first"] < 0.005
    assert row.loc["Alpha", "difference_lower"] <= 0
    assert not row.loc["Beta", "may_be_first"]


def test_leaders() -> None:
    joint = random_joint()
    table = leaders(joint, construct="Satisfaction")
    assert tuple(table.columns) == LEADERS
    first, second = (table.iloc[i] for i in range(2))
    assert (first["leader"], second["leader"]) == ("Beta", "Alpha")
    assert (first["companies"], first["left_out"]) == (4, 2)
    assert (second["companies"], second["left_out"]) == (5, 1)
    assert second["leader_before"] == "Beta"
    assert bool(second["leader_changed"])
    assert np.isnan(first["change_expected"])
    assert first.isna()["leader_changed"]
    league = league_table(joint, construct="Satisfaction")
    assert second["p_first"] == league["p_first"].iloc[0]
    assert second["may_be_first"] == league["may_be_first"].sum()
    # from the true errors of the four companies in both years; the draws' own differ by 1 %
    error = np.diag([SD**2 / SIZES[name] for name in COMPANIES[:4]])
    estimate = np.array([LEVELS["2024"][name] for name in COMPANIES[:4]])
    for truth, name in (("shrunken", "change_expected"), ("observed", "change_expected_observed")):
        known = expected_leader_change(estimate, error, error, truth=truth, seed=9)  # type: ignore[arg-type]
        assert second[name] == pytest.approx(known, abs=0.03)
    assert second["reliability"] > 0.9
    assert 0 < second["p_best"] < 1


def test_leagues_that_say_little_are_told() -> None:
    joint = random_joint()
    flat = replace(
        joint,
        index=np.full_like(joint.index, 70.0) + 0.01 * np.arange(11)[:, None],
    )
    note = leaders(flat, construct="Satisfaction")["note"].iloc[1]
    assert note == "reliability 0.00 is below 0.7: ranks say little"


def test_a_league_without_companies() -> None:
    joint = random_joint(min_n=1000)
    table = leaders(joint, construct="Satisfaction")
    assert (table["companies"] == 0).all()
    assert (table["note"] == "no company with a figure and an error").all()
    assert league_table(joint, construct="Satisfaction")["rank"].isna().all()


def test_unknown_names_are_told_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        league_table(random_joint(), construct="Satisfacton", period="204")
    assert [fault.where for fault in caught.value.faults] == ["construct", "period"]
    assert "Satisfaction" in caught.value.faults[0].fix
    with pytest.raises(OptionError, match="level"):
        leaders(random_joint(), construct="Satisfaction", level=95)
    for make in (league_table, leaders):
        with pytest.raises(OptionError) as wrong:
            make(random_joint(), construct="Satisfaction", draws=1.5, seed=-1)  # type: ignore[operator]
        assert [fault.where for fault in wrong.value.faults] == ["option draws", "option seed"]


def test_replicates_do_not_give_a_company_more_freedom_than_its_own_units() -> None:
    """A jackknife of 500 groups: a company of 80 has 79 degrees of freedom, not 499."""
    joint = random_joint(500)
    own = Replication("jackknife", 500, "", factors=np.full(500, 1 / 499), freedom=499.0)
    row = league_table(replace(joint, replication=own), construct="Satisfaction")
    row = row.set_index("group")
    for name in ("Gamma", "Alpha"):
        wanted = stdtrit(SIZES[name] - 1.0, 0.975) * row.loc[name, "se"]
        assert row.loc[name, "moe"] == pytest.approx(wanted, rel=1e-12)
