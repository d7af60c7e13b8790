"""Means, ratios and shares against R survey, and by hand.

R 4.2.2, survey 4.1.1; data as in `columns` below, made with the same whole-number formulas:

    svydesign(ids = ~c, strata = ~h, weights = ~w, data = d)             # "plain"
    svydesign(ids = ~c, strata = ~h, weights = ~w, fpc = ~N, data = d)   # "finite"
    svydesign(ids = ~1, weights = ~w, data = d)                          # "weights"
    svymean(~x, design, na.rm = TRUE, deff = "replace"); svyratio(~x, ~y, ...)
    svyby(~y, ~g, design, svymean, deff = "replace"); svymean(~x, subset(design, g == "a"), ...)
    degf(subset(design, g == "a" & !is.na(x))); confint(mean, df = degf(...))

Both sides sum the same 72 products, so that they agree to rounding: 1e-10.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csi.errors import MomentsError, OptionError
from csi.moments.means import survey_means, survey_ratios, survey_shares
from csi.survey.survey import Survey

Build = Callable[..., Survey]
CLOSE = 1e-10

REFERENCE = {  # value, standard error, design effect, degrees of freedom where asked
    "plain": {
        "x": (5.554327808471455, 0.336212984010995, 0.861977261000547),
        "y": (5.595709570957095, 0.421084870332312, 1.581821929801298, 15),
        "x/y": (0.9808130081300813, 0.0878887819582236, 0.9718275315420273),
        "y, a": (4.470059880239521, 0.699651314273508, 1.478413298501727),
        "y, b": (6.023917995444192, 0.409289665611436, 1.077670399974280),
        "x, a": (4.423728813559322, 0.615246096114904, 0.929562700761409, 7),
        "x, b": (5.975979772439950, 0.385023308692030, 0.825707141331101, 14),
        "y from 8": (24.75247524752475, 5.33140141758077),
    },
    "finite": {
        "x": (5.554327808471455, 0.290953651815085, 0.645527089082128),
        "y": (5.595709570957095, 0.331661097063115, 0.981312618172500, 15),
        "x/y": (0.9808130081300813, 0.0703425097418535, 0.6225267613942934),
        "y, a": (4.470059880239521, 0.563313287499597, 0.958368526977212),
        "y, b": (6.023917995444192, 0.327962457489850, 0.691946728509669),
        "x, a": (4.423728813559322, 0.488021258983513, 0.584868777449248, 7),
        "x, b": (5.975979772439950, 0.318603580869808, 0.565396743038924, 14),
        "y from 8": (24.75247524752475, 4.37788807173692),
    },
    "weights": {
        "x": (5.554327808471455, 0.390036636624712, 1.160052521528000),
        "y": (5.595709570957095, 0.359623546456185, 1.153757551150991, 71),
        "x/y": (0.980813008130081, 0.0995741679258724, 1.2474285482578942),
        "y, a": (4.470059880239521, 0.593814693718132, 1.064962784720934),
        "y, b": (6.023917995444192, 0.421147325527216, 1.141017986434483),
        "x, a": (4.423728813559322, 0.676737462427802, 1.124660372076373, 16),
        "x, b": (5.975979772439950, 0.453534457542063, 1.145704381530536, 46),
        "y from 8": (24.75247524752475, 5.40750927643766),
    },
}


def survey_like_r(build: Build, design: str, **keys: list[str]) -> Survey:
    i = np.arange(72)
    h = i // 24
    c = h * 10 + (i // np.array([4, 3, 6])[h]) % 8
    x = ((i * 7 + i**2 * 3 + i // 5) % 10 + 1).astype(float)
    y = ((i * 5 + i**2 + i // 3) % 10 + 1).astype(float)
    x[i % 9 == 4] = np.nan
    w = 0.5 + ((i * 11) % 13) / 5
    keys = keys or {"g": np.where((i * i + i // 7) % 4 < 1, "a", "b").tolist()}
    rows = np.stack([x, y], axis=1)
    if design == "weights":
        return build(rows, ("x", "y"), weights=w, **keys)
    survey = build(rows, ("x", "y"), weights=w, strata=h, clusters=c, **keys)
    if design == "finite":
        fractions = (np.array([6, 8, 4]) / np.array([20, 40, 9]))[h]
        survey = replace(survey, design=replace(survey.design, fractions=fractions))
    return survey


def check(row: pd.Series, figure: str, known: tuple[float, ...]) -> None:
    found = [row[figure], row["se"], row["design_effect"], row["freedom"]]
    np.testing.assert_allclose(found[: len(known)], known, rtol=CLOSE)


@pytest.mark.parametrize("design", ["plain", "finite", "weights"])
def test_against_r(survey_of: Build, design: str) -> None:
    survey, known = survey_like_r(survey_of, design), REFERENCE[design]
    both = survey_means(survey, ("x", "y"))
    check(both.iloc[0], "mean", known["x"])
    check(both.iloc[1], "mean", known["y"])
    check(survey_ratios(survey, "x", "y").iloc[0], "ratio", known["x/y"])
    check(survey_shares(survey, "y", least=8).iloc[0], "share", known["y from 8"])
    groups = survey_means(survey, ("x", "y"), by="g").set_index(["g", "item"])
    for g in ("a", "b"):
        check(groups.loc[(g, "x")], "mean", known[f"x, {g}"])
        check(groups.loc[(g, "y")], "mean", known[f"y, {g}"])


def test_interval_of_r_with_its_degrees_of_freedom(survey_of: Build) -> None:
    found = survey_means(survey_like_r(survey_of, "plain"), "x", by="g").iloc[0]
    known = (2.96890297398823, 5.87855465313041)  # confint(mean, df = 7)
    np.testing.assert_allclose(found[["lower", "upper"]].to_list(), known, rtol=CLOSE)
    np.testing.assert_allclose(found["margin"], (known[1] - known[0]) / 2, rtol=CLOSE)


def test_groups_as_samples_of_their_own(survey_of: Build) -> None:
    # svymean(~y, svydesign(ids = ~c, strata = ~h, weights = ~w, data = d[d$g == "a", ]))
    own = survey_means(survey_like_r(survey_of, "plain"), "y", by="g", domain=False)
    check(own.iloc[0], "mean", (4.47005988023952, 0.74506741325929, 1.67657771924171, 7))
    check(own.iloc[1], "mean", (6.023917995444192, 0.409289665611436, 1.077670399974280, 15))


def test_periods_are_samples_of_their_own(survey_of: Build) -> None:
    # period 1 is the first stratum, period 2 the others: R sees the same strata within each
    year = np.where(np.arange(72) < 24, "1", "2").tolist()
    survey = survey_like_r(survey_of, "plain", year=year)
    domains, apart = (survey_means(survey, "y", by="year", domain=d) for d in (True, False))
    pd.testing.assert_frame_equal(domains, apart)
    # without strata in the design, periods are strata of the survey as a whole
    rows, w = survey.columns(("x", "y")), survey.design.weights
    loose = survey_of(rows, ("x", "y"), weights=w, year=year)
    strata = (np.arange(72) >= 24).astype(np.int64)
    known = survey_of(rows, ("x", "y"), weights=w, strata=strata)
    pd.testing.assert_frame_equal(survey_means(loose, "y"), survey_means(known, "y"))


def test_textbook_mean_and_counts(survey_of: Build) -> None:
    rng = np.random.default_rng(71)
    rows = rng.integers(1, 11, (40, 1)).astype(float)
    rows[:4] = np.nan
    found = survey_means(survey_of(rows, ("x",)), "x", level=0.9, scale="100").iloc[0]
    points = (rows[4:, 0] - 1) / 9 * 100
    # respondents without an answer belong to the sample: 40/39 in place of 36/35
    assert found["mean"] == pytest.approx(points.mean(), rel=1e-12)
    se = np.sqrt(points.var() / 36 * 40 / 39)
    assert found["se"] == pytest.approx(se, rel=1e-12)
    assert found["margin"] == pytest.approx(1.6895724577 * se, rel=1e-9)  # qt(0.95, 35) in R
    assert (found["n"], found["missing"], found["freedom"]) == (36, 4, 35)
    assert found["design_effect"] == pytest.approx(40 / 39 * 35 / 36, rel=1e-12)
    assert found["n_effective"] == pytest.approx(36.0)


def test_kish_and_zero_weights(survey_of: Build) -> None:
    rows = np.array([[1.0], [2.0], [3.0], [9.0]])
    found = survey_means(survey_of(rows, ("x",), weights=np.array([1.0, 1, 2, 0])), "x").iloc[0]
    assert (found["n"], found["missing"]) == (3, 0)
    assert found["mean"] == pytest.approx(9 / 4)
    assert found["n_effective"] == pytest.approx(16 / 6)


def test_who_is_left_out_is_counted_and_why_said(survey_of: Build) -> None:
    rows = np.array([[5.0], [6.0], [7.0], [8.0], [np.nan], [np.nan]])
    survey = survey_of(rows, ("x",), g=["a", "a", "", "b", "c", "c"])
    table = survey_means(survey, "x", by="g").set_index("g")
    assert table["ungrouped"].tolist() == [1, 1, 1]
    assert table["note"].tolist() == ["", "no margin of error: one sampled unit", "no answers"]
    assert table["missing"].tolist() == [0, 0, 2]
    assert np.isnan(table.loc["b", "se"])
    assert np.isnan(table.loc["c", "mean"])
    assert table.loc["b", "mean"] == 8.0


def test_single_units_are_merged_and_told(survey_of: Build) -> None:
    rows = np.array([[1.0], [2.0], [4.0], [8.0], [5.0]])
    lone = survey_of(rows, ("x",), strata=np.array([0, 0, 1, 1, 2]))
    merged = survey_of(rows, ("x",), strata=np.array([0, 0, 1, 1, 0]))
    one, other = survey_means(lone, "x").iloc[0], survey_means(merged, "x").iloc[0]
    assert one["se"] == other["se"] > 0
    assert one["note"] == "a stratum of a single sampled unit merged with another"
    assert other["note"] == ""


def test_shares_by_both_ends(survey_of: Build) -> None:
    rows = np.arange(1.0, 11.0)[:, None]
    survey = survey_of(rows, ("x",))
    shares = [
        survey_shares(survey, "x", **ends).loc[0, "share"]
        for ends in ({"least": 9}, {"most": 3}, {"least": 4, "most": 8})
    ]
    np.testing.assert_allclose(shares, [20.0, 30.0, 50.0])


def test_faults(survey_of: Build) -> None:
    survey = survey_of(np.ones((4, 2)), ("x", "y"), g=list("aabb"))
    with pytest.raises(MomentsError, match="item z") as missing:
        survey_means(survey, ("x", "z"), by=("g", "h"))
    assert len(missing.value.faults) == 2
    with pytest.raises(OptionError, match="did you mean 'points'") as wrong:
        survey_means(survey, "x", level=95, scale="point")  # type: ignore[arg-type]
    assert len(wrong.value.faults) == 2
    with pytest.raises(OptionError, match="2 items for 1"):
        survey_ratios(survey, "x", ("x", "y"))
    with pytest.raises(OptionError, match="neither is given"):
        survey_shares(survey, "x")
    with pytest.raises(MomentsError, match="none is named"):
        survey_means(survey, ())
    high = max(item.high for item in survey.codebook.items)
    with pytest.raises(OptionError, match="lies outside") as outside:
        survey_shares(survey, ("x", "y"), least=high + 1)
    assert len(outside.value.faults) == 2
    for least, most in ((9.0, 3.0), (float("nan"), None)):
        with pytest.raises(OptionError, match="no answer is"):
            survey_shares(survey, "x", least=least, most=most)


def test_a_denominator_of_zero_has_no_ratio_and_says_so(survey_of: Build) -> None:
    """On the 0-100 scale the lowest answer is zero: a group of them has nothing to divide by."""
    rows = np.array([[1.0, 5.0], [1.0, 6.0], [3.0, 5.0], [4.0, 7.0]])
    survey = survey_of(rows, ("x", "y"), g=list("aabb"))
    assert {item.low for item in survey.codebook.items} == {1.0}
    table = survey_ratios(survey, "y", "x", by="g", scale="100").set_index("g")
    assert table["note"].tolist() == ["no ratio: the denominator is zero", ""]
    assert table.loc["a", ["ratio", "se", "lower", "upper"]].isna().all()
    assert table.loc["b", "ratio"] == pytest.approx((4 + 6) / (2 + 3))  # the scale cancels
