"""Series with breaks, links, other weights and windows, against hand calculation and textbooks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from csi.compare.series import CHANGES, SEGMENTS, Series
from csi.compare.series_links import linked
from csi.compare.series_marks import series_of
from csi.compare.series_rebasing import rebasing
from csi.compare.series_rolling import ROLLING, rolling
from csi.errors import OptionError
from csi.index.joint import Joint
from tests.compare.joint_by_hand import make_joint, rows_of, variance_of_level

PERIODS = ("2020", "2021", "2022", "2023")
FIXED = np.array([0.5, 0.3, 0.2])
ROWS = {
    (period, "all"): rows_of(np.random.default_rng(t), 30 + 5 * t, (6.0 + 0.2 * t, 6.5, 7.5))
    for t, period in enumerate(PERIODS)
}
VARIANCE = [variance_of_level(ROWS[period, "all"], FIXED) for period in PERIODS]


@pytest.fixture(scope="module")
def joint() -> Joint:
    return make_joint(ROWS, dict.fromkeys(ROWS, FIXED), periods=PERIODS)


@pytest.fixture(scope="module")
def third_item_new() -> Joint:
    """The third item is asked from 2022 on."""
    rows = {label: answers.copy() for label, answers in ROWS.items()}
    for period in PERIODS[:2]:
        rows[period, "all"][:, 2] = np.nan
    return make_joint(rows, dict.fromkeys(rows, FIXED), periods=PERIODS)


def series(joint: Joint, *breaks: tuple[str, str]) -> Series:
    return series_of(joint, "Satisfaction", breaks=breaks)


def by_year(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("year")


def test_a_series_without_breaks_shows_levels_and_changes(joint: Joint) -> None:
    whole = series(joint)
    assert repr(whole) == (
        "Series of Satisfaction, all: 2020 to 2023, 4 of 4 figures, 0 breaks, 0 linked"
    )
    table = whole.segments()
    assert list(table.columns) == list(SEGMENTS)
    np.testing.assert_array_equal(table["index"], joint.index[:, 0])
    np.testing.assert_allclose(table["se"] ** 2, VARIANCE, rtol=1e-9)
    assert table["segment"].tolist() == [1, 1, 1, 1]
    changes = whole.changes()
    assert list(changes.columns) == list(CHANGES)
    np.testing.assert_allclose(changes["change"], np.diff(joint.index[:, 0]), atol=1e-12)
    sums = np.add(VARIANCE[1:], VARIANCE[:-1])
    np.testing.assert_allclose(changes["se"] ** 2, sums, rtol=1e-9)


def test_no_change_is_given_across_a_break(joint: Joint) -> None:
    broken = series(joint, ("2022", "web instead of telephone"))
    assert broken.segments()["segment"].tolist() == [1, 1, 2, 2]
    assert by_year(broken.segments()).loc["2022", "break"] == "web instead of telephone"
    changes = by_year(broken.changes())
    assert changes["change"].isna().tolist() == [False, True, False]
    assert changes.loc["2022", "note"] == "no change: break (web instead of telephone)"


def test_a_change_of_items_is_a_break_that_is_found(third_item_new: Joint) -> None:
    found = series(third_item_new)
    assert [(mark.period, mark.reason) for mark in found.breaks] == [("2022", "items added: S3")]
    both = series(third_item_new, ("2022", "web"), ("2023", "new sample"))
    assert [mark.reason for mark in both.breaks] == ["items added: S3; web", "new sample"]
    assert both.breaks[0].overlap is None  # common items do not hold the change of mode
    assert both.numbers == (1, 1, 2, 3)


def common_items(period: str) -> float:
    """Return the level of the first two items, weights .5 and .3."""
    mean = ROWS[period, "all"][:, :2].mean(axis=0)
    return float(100 * ((0.5 * mean[0] + 0.3 * mean[1]) / 0.8 - 1) / 9)


def test_a_link_by_common_items(third_item_new: Joint) -> None:
    """The change across the link is that of the common items, with its textbook error."""
    joined = linked(series(third_item_new), "2022")
    assert joined.breaks == ()
    table, changes = by_year(joined.segments()), by_year(joined.changes())
    np.testing.assert_array_equal(table["index"].iloc[2:], third_item_new.index[2:, 0])
    assert table["linked"].tolist() == [True, True, False, False]
    assert changes["linked"].tolist() == [False, True, False]
    change = common_items("2022") - common_items("2021")
    assert changes.loc["2022", "change"] == pytest.approx(change, abs=1e-12)
    two = np.array([0.5, 0.3])
    variance = sum(variance_of_level(ROWS[p, "all"][:, :2], two) for p in ("2021", "2022"))
    assert changes.loc["2022", "se"] ** 2 == pytest.approx(variance, rel=1e-9)
    (link,) = joined.links
    constant = third_item_new.index[2, 0] - (third_item_new.index[1, 0] + change)
    assert link.constant == pytest.approx(constant, abs=1e-12)
    # I_2022 - I_2022 common: one sample's difference of two scores
    answers = ROWS["2022", "all"]
    own = 100 * (answers @ FIXED - 1) / 9 - 100 * (answers[:, :2] @ two / 0.8 - 1) / 9
    assert link.se**2 == pytest.approx(own.var(ddof=1) / len(answers), rel=1e-9)


def test_links_that_assume_no_change(joint: Joint) -> None:
    broken = series(joint, ("2022", "web"))
    level, ratio = (linked(broken, "2022", method=how) for how in ("level", "ratio"))
    old = joint.index[:, 0]
    assert level.links[0].constant == pytest.approx(old[2] - old[1], abs=1e-12)
    assert level.links[0].se ** 2 == pytest.approx(VARIANCE[1] + VARIANCE[2], rel=1e-9)
    assert ratio.links[0].constant == pytest.approx(old[2] / old[1], abs=1e-12)
    np.testing.assert_allclose(level.values[:2, 0], old[:2] + old[2] - old[1], atol=1e-12)
    np.testing.assert_allclose(ratio.values[:2, 0], old[:2] * old[2] / old[1], atol=1e-12)
    for joined in (level, ratio):
        row = by_year(joined.changes()).loc["2022"]
        assert np.isnan(row["change"])
        assert row["note"].startswith("no change: the link")
        np.testing.assert_array_equal(joined.values[2:], broken.values[2:])
    # 2020 on the new level: I_2020 - I_2021 + I_2022, three samples
    se = by_year(level.segments()).loc["2020", "se"]
    assert se**2 == pytest.approx(sum(VARIANCE[:3]), rel=1e-9)
    # delta method: the relative errors of the three add up; jackknife of a ratio is close
    relative = sum(v / i**2 for v, i in zip(VARIANCE[:3], old[:3], strict=True))
    se = by_year(ratio.segments()).loc["2020", "se"]
    assert se == pytest.approx(ratio.values[0, 0] * np.sqrt(relative), rel=0.01)


def test_a_link_by_a_parallel_sample_of_its_own(joint: Joint) -> None:
    joined = linked(series(joint, ("2022", "web")), "2022", overlap=(60.0, 1.5))
    (link,) = joined.links
    old = joint.index[:, 0]
    assert link.constant == pytest.approx(old[2] - 60.0)
    assert link.se**2 == pytest.approx(VARIANCE[2] + 1.5**2, rel=1e-9)
    change = by_year(joined.changes()).loc["2022"]  # 60 - I_2021
    assert change["change"] == pytest.approx(60.0 - old[1])
    assert change["se"] ** 2 == pytest.approx(VARIANCE[1] + 1.5**2, rel=1e-9)
    inside = by_year(joined.changes()).loc["2021", "se"]
    assert inside**2 == pytest.approx(VARIANCE[0] + VARIANCE[1], rel=1e-9)
    first = by_year(joined.segments()).loc["2020"]
    assert first["se"] ** 2 == pytest.approx(VARIANCE[0] + VARIANCE[2] + 1.5**2, rel=1e-9)


def test_a_link_by_a_series_with_the_same_replicates(joint: Joint) -> None:
    """The old series lies three points higher in every replicate: the constant is exact."""
    broken = series(joint, ("2022", "web"))
    higher = replace(broken, values=broken.values + 3.0)
    joined = linked(broken, "2022", overlap=higher)
    assert joined.links[0].constant == pytest.approx(-3.0)
    assert joined.links[0].se == pytest.approx(0.0, abs=1e-9)
    other = replace(higher, replication=replace(higher.replication, words="another seed"))
    with pytest.raises(OptionError, match="its replicates are others"):
        linked(broken, "2022", overlap=other)


def test_degrees_of_freedom_are_those_of_all_samples_in_a_figure(joint: Joint) -> None:
    """Samples of 30, 35, 40 and 45, one stratum each."""
    broken = series(joint, ("2022", "web"))
    level, ratio = (linked(broken, "2022", method=how) for how in ("level", "ratio"))
    parallel = linked(broken, "2022", overlap=(60.0, 1.5))

    def freedom_is(row: pd.Series, estimate: str, freedom: int) -> None:
        half = student.ppf(0.975, freedom) * row["se"]
        assert row["upper"] - row[estimate] == pytest.approx(half, rel=1e-12)

    assert len(broken.units[0]) == 1
    freedom_is(by_year(broken.segments()).loc["2020"], "index", 29)
    freedom_is(by_year(level.segments()).loc["2020"], "index", 29 + 34 + 39)
    freedom_is(by_year(level.segments()).loc["2021"], "index", 34 + 39)
    freedom_is(by_year(level.segments()).loc["2023"], "index", 44)
    freedom_is(by_year(level.changes()).loc["2021"], "change", 29 + 34)  # the constant cancels
    freedom_is(by_year(ratio.changes()).loc["2021"], "change", 29 + 34 + 39)
    freedom_is(by_year(parallel.changes()).loc["2022"], "change", 34 + 39)
    freedom_is(by_year(rolling(joint, "Satisfaction", 2)).loc["2022"], "index", 34 + 39)


def test_the_order_of_links_does_not_matter(joint: Joint) -> None:
    broken = series(joint, ("2021", "sample"), ("2023", "web"))
    steps = {"2021": (55.0, 0.7), "2023": (66.0, 0.9)}
    forth = back = broken
    for at in ("2021", "2023"):
        forth = linked(forth, at, overlap=steps[at])
    for at in ("2023", "2021"):
        back = linked(back, at, overlap=steps[at])
    np.testing.assert_allclose(forth.values, back.values, atol=1e-12)
    np.testing.assert_allclose(forth.extra, back.extra, atol=1e-12)
    np.testing.assert_allclose(forth.extra, [0.49 + 0.81, 0.81, 0.81, 0.0], atol=1e-12)
    assert forth.moved == back.moved == (True, True, True, False)


def test_only_the_segment_before_is_moved(joint: Joint) -> None:
    joined = linked(series(joint, ("2021", "sample"), ("2023", "web")), "2023", method="level")
    assert joined.moved == (False, True, True, False)
    assert joined.numbers == (1, 2, 2, 2)


def test_links_that_cannot_be_made(joint: Joint) -> None:
    broken = series(joint, ("2022", "web"))
    with pytest.raises(OptionError, match="nothing was measured both ways"):
        linked(broken, "2022")
    with pytest.raises(OptionError, match="2 faults") as error:
        linked(broken, "2021", method="mean")  # type: ignore[arg-type]
    assert "no break in '2021'" in str(error.value)
    with pytest.raises(OptionError, match="not used by 'level'"):
        linked(broken, "2022", method="level", overlap=(60.0, 1.0))
    with pytest.raises(OptionError, match="no level and error"):
        linked(broken, "2022", overlap=(60.0, -1.0))
    small = series(replace(joint, min_n=36), ("2021", "web"))
    with pytest.raises(OptionError, match="no figure before the break") as error:
        linked(small, "2021", method="level")
    assert "no figure to link to" in str(error.value)


def test_small_bases_and_gaps_are_said(joint: Joint) -> None:
    table = by_year(series(replace(joint, min_n=40)).segments())
    assert table.loc["2020", "note"] == "suppressed: n = 30 in 2020 is below 40"
    assert table["index"].notna().tolist() == [False, False, True, True]  # 30, 35, 40, 45
    rows = {label: answers for label, answers in ROWS.items() if label[0] != "2021"}
    gap = series(make_joint(rows, dict.fromkeys(rows, FIXED), periods=PERIODS))
    assert gap.breaks == ()
    notes = by_year(gap.changes())["note"]
    assert notes.tolist() == [
        "no change: no respondents in 2021", "no change: no respondents in 2021", "",
    ]  # fmt: skip


def test_figures_without_errors_say_why(joint: Joint) -> None:
    unusable = replace(joint, draws=np.full_like(joint.draws, np.nan))
    why = f"no margin of error: 0 of {joint.draws.shape[-1]} replicates can be used"
    assert set(series(unusable).segments()["note"]) == {why}
    assert set(series(unusable).changes()["note"]) == {why}
    assert rolling(unusable, "Satisfaction", 2)["note"].tolist()[1:] == [why] * 3
    assert why in rebasing(unusable, "Satisfaction", weights=["own"])["note"].iloc[0]


def test_names_of_a_series_are_checked(joint: Joint) -> None:
    with pytest.raises(OptionError, match="4 faults"):
        series_of(joint, "Loyality", "B", breaks=[("2020", "start"), ("2030", "later")])


def test_rolling_windows_by_the_textbook(joint: Joint) -> None:
    """Samples of all periods are independent: variances of the mean add up."""
    table = rolling(joint, "Satisfaction", 2)
    assert list(table.columns) == list(ROLLING)
    level, v = joint.index[:, 0], np.array(VARIANCE)
    assert table["note"].tolist() == ["fewer than 2 periods", "", "", ""]
    np.testing.assert_allclose(table["index"][1:], (level[1:] + level[:-1]) / 2, atol=1e-12)
    np.testing.assert_allclose(table["se"][1:] ** 2, (v[1:] + v[:-1]) / 4, rtol=1e-9)
    # of the change of overlapping windows only the first and the last period are left
    np.testing.assert_allclose(table["change"][2:], (level[2:] - level[:-2]) / 2, atol=1e-12)
    np.testing.assert_allclose(table["change_se"][2:] ** 2, (v[2:] + v[:-2]) / 4, rtol=1e-9)
    assert table["n"].tolist()[1:] == [65, 75, 85]
    assert table["first"].tolist()[1:] == ["2020", "2021", "2022"]


def test_rolling_shares(joint: Joint) -> None:
    level = joint.index[:, 0]
    given = by_year(rolling(joint, "Satisfaction", 3, shares=(1, 1, 2)))
    assert given.loc["2022", "index"] == pytest.approx(level[:3] @ [0.25, 0.25, 0.5])
    size = by_year(rolling(joint, "Satisfaction", 3, shares="size"))
    assert size.loc["2022", "index"] == pytest.approx(level[:3] @ [30, 35, 40] / 105)


def test_windows_do_not_reach_across_a_break(joint: Joint, third_item_new: Joint) -> None:
    notes = by_year(rolling(third_item_new, "Satisfaction", 2))["note"]
    assert notes["2022"] == "break in 2022: items added: S3"
    assert notes["2023"] == "no change: break in 2022: items added: S3"
    given = by_year(rolling(joint, "Satisfaction", 2, breaks=[("2021", "web"), ("2021", "panel")]))[
        "note"
    ]
    assert given["2021"] == "break in 2021: web; panel"
    assert given["2022"] == "no change: break in 2021: web; panel"  # 2021 and 2022 go together
    assert given["2023"] == ""
    small = by_year(rolling(replace(joint, min_n=70), "Satisfaction", 2))
    assert small["index"].notna().tolist() == [False, False, True, True]


def test_options_of_windows_are_checked(joint: Joint) -> None:
    with pytest.raises(OptionError, match="2 faults"):
        rolling(joint, "Satisfaction", 1, shares="sizes")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="2 shares for a window of 3"):
        rolling(joint, "Satisfaction", 3, shares=(1, 2))
    with pytest.raises(OptionError, match="not all are shares"):
        rolling(joint, "Satisfaction", 2, shares=(1, -2))


def test_a_ratio_link_scales_the_error_of_a_link_before_it(joint: Joint) -> None:
    """The constant of a parallel sample, error 1.5, is multiplied by I_2023 / I_2022 later on."""
    broken = series(joint, ("2021", "web"), ("2023", "panel"))
    joined = linked(linked(broken, "2021", overlap=(60.0, 1.5)), "2023", method="ratio")
    factor = joint.index[3, 0] / joint.index[2, 0]
    wanted = [(1.5 * factor) ** 2, 0.0, 0.0, 0.0]
    np.testing.assert_allclose(joined.extra, wanted, rtol=1e-12)
    inside = joint.replication.variance(joined.values[0, 1:], joined.values[0, 0])
    se = by_year(joined.segments()).loc["2020", "se"]
    assert se**2 == pytest.approx(float(inside) + wanted[0], rel=1e-12)


@pytest.mark.parametrize("breaks", [["2022"], [("2022",)], "2022", [("2022", "web", "more")]])
def test_breaks_that_are_no_periods_with_reasons(joint: Joint, breaks: Any) -> None:
    for make in (
        lambda: series_of(joint, "Satisfaction", breaks=breaks),
        lambda: rolling(joint, "Satisfaction", 2, breaks=breaks),
    ):
        with pytest.raises(OptionError, match=r"breaks: .* is no .*; write"):
            make()
