"""Frozen, equal and chained levels and the published effect of re-basing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student

import csi
from csi.compare.series_rebasing import REBASING, rebasing
from csi.compare.series_weights import chained, reweighted
from csi.compare.split_table import change_split
from csi.errors import OptionError
from csi.index.joint import Joint
from csi.model import Model
from csi.survey.survey import Survey
from tests.compare.joint_by_hand import make_joint, rows_of, variance_of_level

EXACT = 1e-12
PERIODS = ("2020", "2021", "2022")
ROWS = {
    (period, "all"): rows_of(np.random.default_rng(t), 40, (6.0 + 0.4 * t, 6.5, 7.5 - 0.2 * t))
    for t, period in enumerate(PERIODS)
}
WEIGHTS = {
    ("2020", "all"): np.array([0.5, 0.3, 0.2]),
    ("2021", "all"): np.array([0.4, 0.3, 0.3]),
    ("2022", "all"): np.array([0.3, 0.3, 0.4]),
}
FIRST = WEIGHTS["2020", "all"]


@pytest.fixture(scope="module")
def joint() -> Joint:
    return make_joint(ROWS, WEIGHTS, periods=PERIODS)


@pytest.fixture(scope="module")
def moving() -> Joint:
    return make_joint(ROWS, WEIGHTS, periods=PERIODS, moving=True)


def level(period: str, weights: np.ndarray) -> float:
    return float(100 * (ROWS[period, "all"].mean(axis=0) @ weights / weights.sum() - 1) / 9)


def test_own_weights_stay_as_they_are(joint: Joint) -> None:
    assert reweighted(joint, "own") is joint


def test_frozen_and_equal_levels_by_hand(joint: Joint) -> None:
    frozen, equal = reweighted(joint, "frozen:2020"), reweighted(joint, "equal")
    for t, period in enumerate(PERIODS):
        assert frozen.index[t, 0] == pytest.approx(level(period, FIRST), abs=EXACT)
        assert equal.index[t, 0] == pytest.approx(level(period, np.ones(3)), abs=EXACT)
        variance = joint.replication.variance(frozen.draws[t, 0], frozen.index[t, 0])
        assert variance == pytest.approx(variance_of_level(ROWS[period, "all"], FIRST), rel=1e-9)
    np.testing.assert_array_equal(frozen.weights, np.tile(FIRST, (3, 1)))
    assert np.isnan(frozen.spread).all()


def test_frozen_levels_are_own_levels_in_their_period(moving: Joint) -> None:
    frozen = reweighted(moving, "frozen:2021")
    np.testing.assert_allclose(frozen.index[1], moving.index[1], atol=EXACT)
    np.testing.assert_allclose(frozen.draws[1], moving.draws[1], atol=EXACT)
    # the replicates of 2021's weights are in the levels of other periods
    at = slice(40, 80)
    assert np.ptp(frozen.draws[0, 0, at]) > 0
    assert np.ptp(moving.draws[0, 0, at]) == 0


def test_a_frozen_level_has_no_part_of_weights(moving: Joint) -> None:
    table = change_split(reweighted(moving, "frozen:2020"), "Satisfaction").set_index("part")
    np.testing.assert_allclose(table.loc["weights", ["points", "se"]].astype(float), 0, atol=1e-9)
    points = table["points"]
    np.testing.assert_allclose(points["performance"], points["total"], atol=EXACT)


def test_frozen_levels_that_cannot_be() -> None:
    rows = {label: answers.copy() for label, answers in ROWS.items()}
    rows["2020", "all"][:, 2] = np.nan
    made = make_joint(rows, WEIGHTS, periods=PERIODS)
    frozen = reweighted(made, "frozen:2020")
    assert np.isfinite(frozen.index[:, 0]).tolist() == [True, False, False]  # no weight for S3
    later = reweighted(made, "frozen:2021")
    two = WEIGHTS["2021", "all"][:2]
    by_hand = 100 * (rows["2020", "all"][:, :2].mean(axis=0) @ two / two.sum() - 1) / 9
    assert later.index[0, 0] == pytest.approx(by_hand, abs=EXACT)
    negative = WEIGHTS | {("2020", "all"): np.array([0.9, 0.3, -0.2])}
    refused = reweighted(make_joint(ROWS, negative, periods=PERIODS), "frozen:2020")
    assert np.isnan(refused.index).all()


def test_words_for_weights_are_checked(joint: Joint) -> None:
    with pytest.raises(OptionError, match="there are no pooled weights"):
        reweighted(joint, "pooled")
    with pytest.raises(OptionError, match="no period is called '2019'"):
        reweighted(joint, "frozen:2019")
    with pytest.raises(OptionError, match="3 faults"):
        rebasing(joint, "Satisfactoin", weights=["equal", "own", "own", "Equal"])


def test_a_chain_by_hand(joint: Joint) -> None:
    scores = [100 * (ROWS[p, "all"].mean(axis=0) - 1) / 9 for p in PERIODS]
    shares = [WEIGHTS[p, "all"] for p in PERIODS]  # scales of one length
    expected = [shares[0] @ scores[0]]
    for t in (1, 2):
        step = (shares[t - 1] + shares[t]) / 2 @ (scores[t] - scores[t - 1])
        expected.append(expected[-1] + step)
    made = chained(joint, "Satisfaction")
    np.testing.assert_allclose(made.values[:, 0], expected, atol=EXACT)
    assert made.notes == ("chain begins", "", "")
    assert made.sources == ((0,), (0, 1), (0, 1, 2))


def test_a_chain_drifts_by_the_other_parts_of_the_split(moving: Joint) -> None:
    made = chained(moving, "Satisfaction")
    parts = change_split(moving, "Satisfaction").set_index(["year", "part"])["points"]
    other = [parts[p, "weights"] + parts[p, "items"] for p in PERIODS[1:]]
    drift = moving.index[:, 0] - made.values[:, 0]
    np.testing.assert_allclose(drift, [0.0, *np.cumsum(other)], atol=EXACT)


def test_a_chain_of_fixed_weights_is_the_frozen_level(moving: Joint) -> None:
    frozen = reweighted(moving, "frozen:2020")
    made = chained(frozen, "Satisfaction")
    np.testing.assert_allclose(made.values[:, 0], frozen.index[:, 0], atol=EXACT)
    np.testing.assert_allclose(made.values[:, 1:], frozen.draws[:, 0], atol=1e-10)


def test_a_chain_over_a_gap_and_at_its_end() -> None:
    rows = {
        (str(t), "all"): rows_of(np.random.default_rng(t), 20, (6.0, 6.5, 7.0)) for t in (0, 2, 3)
    }
    rows["3", "all"][:, 1:] = np.nan
    rows["2", "all"][:, 0] = np.nan
    made = chained(
        make_joint(rows, dict.fromkeys(rows, FIRST), periods=("0", "1", "2", "3")), "Satisfaction"
    )
    assert made.notes == (
        "chain begins",
        "chained to 0: no respondents in 1",
        "chain ends: no item in common with 2",
    )
    assert np.isfinite(made.values[:, 0]).tolist() == [True, True, False]


def test_the_effect_of_rebasing(joint: Joint) -> None:
    table = rebasing(joint, "Satisfaction")
    assert list(table.columns) == list(REBASING)
    assert table["weights"].tolist()[:4] == ["own", "frozen:2020", "chained", "equal"]
    rows = table.set_index(["year", "weights"])
    own, frozen = rows.loc[("2022", "own")], rows.loc[("2022", "frozen:2020")]
    assert np.isnan(own["difference"])
    gap = level("2022", FIRST) - level("2022", WEIGHTS["2022", "all"])
    assert frozen["difference"] == pytest.approx(gap, abs=EXACT)
    # one sample, fixed weights: the variance of the difference of two scores
    scores = 100 * (ROWS["2022", "all"] @ (FIRST - WEIGHTS["2022", "all"])) / 9
    assert frozen["difference_se"] ** 2 == pytest.approx(scores.var(ddof=1) / 40, rel=1e-9)
    change = level("2022", FIRST) - level("2021", FIRST)
    assert frozen["change"] == pytest.approx(change, abs=EXACT)
    variance = sum(variance_of_level(ROWS[p, "all"], FIRST) for p in ("2021", "2022"))
    assert frozen["change_se"] ** 2 == pytest.approx(variance, rel=1e-9)
    first = rows.loc[("2020", "frozen:2020")]
    assert first["difference"] == first["difference_se"] == 0.0
    for figure, column, freedom in (
        ("index", "upper", 39 + 39), ("change", "change_upper", 3 * 39)  # the weights of 2020 too
    ):  # fmt: skip
        se = frozen["se" if figure == "index" else "change_se"]
        half = student.ppf(0.975, freedom) * se
        assert frozen[column] - frozen[figure] == pytest.approx(half, rel=1e-12)
    parts = change_split(joint, "Satisfaction").set_index(["year", "part"])
    chain = rows.loc[("2022", "chained")]
    for column, part in (("change", "points"), ("change_se", "se")):
        assert chain[column] == pytest.approx(parts.loc[("2022", "performance"), part], abs=1e-9)
    half = student.ppf(0.975, 39 + 39) * chain["change_se"]  # earlier links cancel
    assert chain["change_upper"] - chain["change"] == pytest.approx(half, rel=1e-12)
    half = student.ppf(0.975, 3 * 39) * chain["se"]
    assert chain["upper"] - chain["index"] == pytest.approx(half, rel=1e-12)


def test_rebasing_says_why_there_is_no_figure(joint: Joint) -> None:
    rows = {label: answers.copy() for label, answers in ROWS.items()}
    rows["2020", "all"][:, 2] = np.nan
    made = make_joint(rows, WEIGHTS, periods=PERIODS)
    notes = rebasing(made, "Satisfaction").set_index(["year", "weights"])["note"]
    assert notes["2021", "own"] == "no change: items added: S3"
    assert notes["2021", "frozen:2020"] == "no figure under frozen:2020 weights"
    assert notes["2021", "chained"] == ""
    small = make_joint(ROWS, WEIGHTS, periods=PERIODS, min_n=50)
    table = rebasing(small, "Satisfaction")
    assert table["index"].isna().all()
    assert table["note"].iloc[0] == "suppressed: n = 40 in 2020 is below 50"


@pytest.mark.parametrize("weights", ["equal", "frozen:2022", "pooled"])
def test_the_same_levels_as_a_run_with_these_weights(
    model: Model, three_years: Survey, weights: str
) -> None:
    """Two roads: own levels under other weights, and a run of its own from the answers."""
    options = csi.IndexOptions(draws=100, min_n=0, rebase=True)
    own = csi.yearly(three_years, model, group="company", options=options).joint
    run = csi.yearly(
        three_years, model, group="company", options=replace(options, weights=weights)
    ).joint
    assert own is not None
    assert run is not None
    other = reweighted(own, weights)
    np.testing.assert_allclose(other.index, run.index, atol=1e-10)
    both = np.isfinite(other.draws) & np.isfinite(run.draws)
    assert both.mean() > 0.99
    np.testing.assert_allclose(other.draws[both], run.draws[both], atol=1e-10)


@pytest.mark.parametrize("weights", ["equal", "frozen:2022", "pooled"])
def test_rebasing_is_the_same_from_figures_of_any_weights(
    model: Model, three_years: Survey, weights: str
) -> None:
    """Figures of other weights carry the own ones, too: the table does not depend on the run."""
    options = csi.IndexOptions(draws=100, min_n=0, rebase=True)
    tables = [
        rebasing(
            csi.yearly(three_years, model, group="company", options=chosen).joint, "Satisfaction"
        )
        for chosen in (options, replace(options, weights=weights))
    ]
    assert set(tables[0]["weights"]) == {"own", "frozen:2021", "pooled", "chained", "equal"}
    numbers = tables[0].select_dtypes("number").columns
    for name in numbers:
        np.testing.assert_allclose(tables[1][name], tables[0][name], atol=1e-9, rtol=1e-9)
